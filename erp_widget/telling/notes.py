"""Owns what a person must know beside the charts: what was read how, and what was left out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget import words
from erp_widget.sources import Table
from erp_widget.telling.alike import alike_notes
from erp_widget.telling.percents import percent
from erp_widget.telling.readings import reading_notes
from vizmodel.profile import Profile
from vizmodel.profile.meaning import REMARKS
from vizmodel.profile.reading.casts import (
    ENDLESS_ARE_MISSING,
    NUMBERS_ARE_MISSING,
    PADDED_TEXT,
    TEXTS_ARE_MISSING,
)
from vizmodel.profile.reading.missing import MISSING_NUMBERS
from vizmodel.profile.reading.mixed import Mixed

#: Columns of one kind that a note names; the others are counted.
MAX_NAMED_COLUMNS = 6
#: What a column became -> how the reason for reading it so begins.
READ_AS: dict[str, str | tuple[str, ...]] = {
    "dates": ("text that holds dates", "numbers that write dates"),
    "numbers": "text that holds numbers",
    "seconds": "durations are read as seconds",
    "days": "durations are read as days",
    "clocks": "clocks",
    "text": "times of day",
}
#: Why a column with values is in no chart.
UNUSABLE = {
    "constant": "one value only",
    "identifier": "every value differs",
    "text": "free text",
}
#: The same of texts without a blank, which are codes: nearly all differ, or only many do.
CODES = ("nearly every value differs", "too many different values")
#: Share of values that differ where nearly all do.
NEARLY = 0.9
#: How evidence begins that is of a column alone, and says less than that its values differ.
DIFFERING = ("all ", "its name says", "counts the rows", "numbers of", "nearly every")
NO_CHART = (
    "No chart fits this table: it needs numbers or dates that differ, or labels that come again."
)
ONE_ROW = "No chart fits a single row: pass a table with more of them."
ALL_SHOWN = "Every chart that fits has been shown."


def notes(table: Table, profile: Profile, shown: Collection[str]) -> list[str]:
    """Return the notes of a gallery.

    Parameters
    ----------
    table, profile
        What the charts are about.
    shown
        Names of the columns that they show.
    """
    found = list(table.notes)
    for said, start in READ_AS.items():
        read = [cast.column for cast in table.casts if cast.reason.startswith(start)]
        if read:
            _tell(found, f"read as {said}: ", _named(read))
    found = [f"{note[0].upper()}{note[1:]}." for note in found]
    found += [*_missing(table), *_texts_missing(table), *reading_notes(table)]
    padded = [cast.column for cast in table.casts if cast.reason == PADDED_TEXT]
    if padded := [name for name in padded if name in shown]:
        found.append(f"Left out blanks around labels: {_named(padded)}.")
    found += alike_notes(table.sample(), shown)
    reasons: dict[str, list[str]] = {}
    for left_out in table.left_out:
        reasons.setdefault(left_out.reason, []).append(left_out.name)
    for why, names in reasons.items():
        told = why if len(names) == 1 else why.replace("it holds", "they hold")
        found.append(f"Left out {_named(names)}: {told}.")
    for fold in profile.folds:
        if fold.key in shown:
            key, value = words.clean_name(fold.key), words.clean_name(fold.value)
            made = f"{key} (their names) and {value} (their values)"
            found.append(f"Columns combined into {made}: {_named(fold.columns)}.")
    mixed = dict(_mixed(table, profile, shown))
    found += [*_measures(profile), *_unused(table, profile, {*shown, *mixed}), *mixed.values()]
    if profile.approximate:
        looked_at = f"{len(table.sample()):,} of {table.n_rows:,}"
        found.append(f"Chosen from a sample of {looked_at} rows; the charts count every row.")
    return found


def no_chart(table: Table) -> str:
    """Return why a table has no charts, and what would.

    Parameters
    ----------
    table
        Of which no chart is legal.
    """
    return ONE_ROW if table.n_rows == 1 else NO_CHART


def _tell(found: list[str], start: str, names: str) -> None:
    """Add a note, or names to one that begins so: some dates are found while a file is read."""
    for at, note in enumerate(found):
        if note.startswith(start):
            found[at] = f"{note}, {names}"
            return
    found.append(f"{start}{names}")


def _missing(table: Table) -> list[str]:
    """Say which numbers were read as missing values, and where."""
    stand_ins: dict[str, list[str]] = {}
    for cast in table.casts:
        if cast.reason == ENDLESS_ARE_MISSING:
            stand_ins.setdefault("infinite numbers", []).append(cast.column)
        if cast.reason == NUMBERS_ARE_MISSING:
            numbers = (cast.format or "").removeprefix(MISSING_NUMBERS).replace(" ", " and ")
            stand_ins.setdefault(numbers, []).append(cast.column)
    return [f"Read {n} as missing: {_named(names)}." for n, names in stand_ins.items()]


def _texts_missing(table: Table) -> Iterator[str]:
    """Say how many texts among numbers were read as missing, and which."""
    for cast in table.casts:
        mixed = table.mixed(cast.column) if cast.reason == TEXTS_ARE_MISSING else None
        if mixed is not None:
            texts = "1 text" if mixed.n_texts == 1 else f"{mixed.n_texts:,} texts"
            said = f"Read {texts} of {mixed.n_cells:,} cells as missing"
            yield f"{said}: {words.spoken(cast.column)} ({_examples(mixed)})."


def _mixed(table: Table, profile: Profile, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield columns of numbers that are not charted for the texts among them, each with a note."""
    texts = {cast.column for cast in table.casts if cast.to == "text" and cast.told is None}
    for column in profile.columns:
        named = column.identifier and column.evidence.startswith("its name says")
        if column.name in shown or column.usable or named or column.name not in texts:
            continue
        mixed = table.mixed(column.name)
        if mixed is not None and mixed.units:
            units = ", ".join(map(words.clean_name, mixed.units))
            said = f"Not charted {words.spoken(column.name)}: its numbers are in several units"
            yield column.name, f"{said} ({units})."
        elif mixed is not None and not mixed.coded:
            share = percent(1 - mixed.n_texts / mixed.n_cells)
            fix = f'types={{{json.dumps(column.name, ensure_ascii=False)}: "quantitative"}}'
            yield (
                column.name,
                f"Not charted {words.spoken(column.name)}: {share} of its cells are numbers, "
                f"others are texts ({_examples(mixed)}). Pass {fix} to leave these out.",
            )


def _examples(mixed: Mixed) -> str:
    return ", ".join(f"“{words.clean_name(text)}”" for text in mixed.texts)


def _measures(profile: Profile) -> list[str]:
    """Say of which of the measures of a long table there are charts."""
    told = [part.within[0] for part in profile.measures]
    if not told:
        return []
    if told[0].but:
        left = words.where_words(profile.measures[0].within)
        return [f"Charted {left}: the rows stand for others together."]
    kind, names = told[0].column, [words.clean_name(str(held.level)) for held in told]
    n_kinds = profile.column(kind).n_distinct
    said = f"{n_kinds} measures in {words.spoken(kind)}, each by itself"
    if n_kinds == len(names):
        return [f"Charted {said}."]
    return [f"Charted {len(names)} of {said}: {'; '.join(names)}."]


def _unused(table: Table, profile: Profile, shown: Collection[str]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for semantic, why in UNUSABLE.items():
        for column in profile.columns:
            if column.semantic == semantic and column.name not in shown:
                # A name that comes again, or follows from another column, is left out for that.
                differ = column.n_distinct == column.n_present
                plain = semantic != "identifier" or not column.evidence
                plain = plain or (differ and column.evidence.startswith(DIFFERING))
                said = why if plain and column.evidence != REMARKS else column.evidence
                if said == UNUSABLE["text"] and not _has_blanks(table, column.name):
                    said = CODES[column.n_distinct < NEARLY * column.n_present]
                reasons.setdefault(said, []).append(column.name)
    return [f"Not charted {_named(names)}: {why}." for why, names in reasons.items()]


def _has_blanks(table: Table, name: str) -> bool:
    """Whether some texts of a column are of several words."""
    texts = pc.cast(table.sample().column(name), pa.string())
    return bool(pc.any(pc.match_substring(texts, " ")).as_py())


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(words.spoken(name) for name in names[:MAX_NAMED_COLUMNS])
    more = len(names) - MAX_NAMED_COLUMNS
    return f"{shown} and {more} more" if more > 0 else shown
