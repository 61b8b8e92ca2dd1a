"""Owns the fit of what an analyst draws first: charts named for a table before any is seen.

    python -m vizmodel.training.wanted --tables DIR ... [--out DIR]

`wanted.jsonl` (see `asked`) names four to eight charts for each table: their columns, what is
measured and a form. Trees learn which of the candidates that the search finds are among these:
each chart named has a share of the probability, the first the largest. Tables are left out one
group at a time to measure, and to guess what is asked for the trees to learn from.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.design import CYCLES, Design
from vizmodel.grammar import IntentError
from vizmodel.profile import Profile
from vizmodel.ranking.rank import rank
from vizmodel.search.decoder import ANYTHING, Ask, Decoder, LocalDecoder
from vizmodel.training.asked import (
    fit_asked,
    fit_listwise,
    question_of,
    read_wanted,
    write_asked,
)
from vizmodel.training.made_tables import SPECS
from vizmodel.training.taste import LEAST_HESSIAN, as_trees
from vizmodel.worth.asked import asked_rows
from vizmodel.worth.record_traits import record_rows
from vizmodel.worth.taste import (
    RECORDED_FILE,
    RECORDED_TRAITS,
    WANTED_FILE,
    WANTED_TRAITS,
    Taste,
    read_taste,
)
from vizmodel.worth.traits import Floats, Traits
from vizmodel.worth.trees import Trees

Doubles = npt.NDArray[np.float64]
#: Columns, what is measured, a form, and where it matters how rows are summarised: sum or mean.
Named = tuple[Sequence[str], str | None, str] | tuple[Sequence[str], str | None, str, str]
#: How a chart may show what is meant so.
SUMMARIES: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"sum", "value"}),
    "mean": frozenset({"mean", "median", "value"}),
}
FOLDS, ROUNDS = 8, 200
#: Times that each table of records counts among all others, and each other made-up table anywhere.
RECORDS_COUNT, MADE_COUNT = 5, 3
#: Share of each chart named beside that before it; most of them.
LESS, MOST = 0.85, 8
#: What the forms of a design may be called.
FORMS: Mapping[str, frozenset[str]] = {
    "histogram": frozenset({"histogram", "counts"}),
    "counts": frozenset({"counts", "histogram", "shares", "bars"}),
    "bars": frozenset({"bars", "box"}),
    "shares": frozenset({"shares", "box", "bars"}),
    "box": frozenset({"box", "bars"}),
    "scatter": frozenset({"scatter", "box"}),
    "line": frozenset({"line"}),
    "heat map": frozenset({"heat map"}),
    "map": frozenset({"scatter"}),
}
#: What a candidate is worth that has the columns only, the form as well, and their places.
WORTH = (0.0, 0.3, 0.6, 1.0)
BEST = len(WORTH) - 1
#: Charts of a list that count as its beginning, and as the list.
FIRST, WHOLE = 5, 15


@dataclass(frozen=True)
class WantedTable:
    """The candidates of one table, and which of them an analyst named.

    Parameters
    ----------
    group
        Of tables that must not be on both sides of a split.
    recorded, made
        Whether it is one of the tables of `record_tables.jsonl`, or of `kind_tables.jsonl`.
    outcomes
        Columns that the others explain.
    profile, candidates
        The table, and its charts with their log-probabilities.
    matches
        How well each candidate is what each chart named is, 0 to 3 [n_candidates, n_named].
    """

    group: int
    recorded: bool
    made: bool
    outcomes: Sequence[str]
    profile: Profile
    candidates: Sequence[tuple[Design, float]]
    matches: npt.NDArray[np.int64]


#: A table, and what it is guessed to ask.
Taught = tuple[WantedTable, Mapping[str, float]]
RowsOf = Callable[[WantedTable, Mapping[str, float]], Floats]


def wanted_table(
    record: Mapping[str, Any], profile: Profile, decoder: Decoder
) -> WantedTable | None:
    """Return a table with its candidates; None where nothing named is there."""
    named = named_charts(record, profile)
    (found,) = decoder.decode([Ask(profile, ANYTHING)])
    if isinstance(found, IntentError) or not found or not named:
        return None
    matches = np.array([[match(design, one, profile) for one in named] for design in found])
    candidates = [(design, one.log_probability) for design, one in found.items()]
    name = record["table"]
    of_records, made = (name.startswith(f"{folder}/") for folder in SPECS)
    return WantedTable(
        group_of(name), of_records, made, record["outcomes"], profile, candidates, matches
    )


def named_charts(record: Mapping[str, Any], profile: Profile) -> list[Named]:
    """Return the charts named of a table, of columns that it has."""
    known = {column.name for column in profile.columns}
    return [one for one in record["wanted"] if known.issuperset(one[0])][:MOST]


def group_of(table: str) -> int:
    """Return the fold of a table: those of one name, or of one series, are together."""
    name = Path(table).name
    key = re.sub(r"^[0-9a-f]{8}_", "", name)[:18] if table.startswith("raw") else name
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % FOLDS


def match(design: Design, named: Named, profile: Profile) -> int:
    """Return how well a design is a chart named: 1 its columns, 2 its form, 3 their places."""
    columns, measured, form, *how = named
    if set(design.fields) != set(columns):
        return 0
    drawn = form_of(design)
    if drawn not in FORMS.get(form, ()):
        return 1
    if measured is None or measured not in columns or len(columns) < 2 or drawn == "heat map":
        return 3
    place, shown = next((e.channel, e.transform) for e in design.encodings if e.field == measured)
    if how and shown not in SUMMARIES[how[0]]:
        return 2
    column = profile.column(measured)
    if drawn == "box" and (column.kind != "number" or column.semantic == "category"):
        return 3  # how a measure differs between the ends of an outcome
    return 3 if place == ("color" if drawn == "shares" else "y") else 2


def form_of(design: Design) -> str:
    """Return what a person calls a design, as in `FORMS`."""
    if design.mark in ("line", "area"):
        return "line"
    if design.mark == "boxplot":
        return "box"
    if design.mark in ("point", "tick"):
        return "bars" if design.aggregated else "scatter"
    if design.mark != "bar":
        return {"rect": "heat map", "arc": "counts"}[design.mark]
    if any(
        e.channel == "x" and e.time_unit and e.time_unit not in CYCLES for e in design.encodings
    ):
        return "line"  # bars of months are a course
    if not any(e.transform == "count" for e in design.encodings):
        return "bars"
    if len(design.fields) > 1:
        return "shares"
    return "histogram" if any(e.bin for e in design.encodings) else "counts"


def seen_of(table: WantedTable, chances: Mapping[str, float]) -> Floats:
    """Return the traits of a table's candidates, float32 [n, len(WANTED_TRAITS)]."""
    designs = [design for design, _ in table.candidates]
    traits = Traits(table.profile)
    own = np.stack([traits.of(design) for design in designs])
    return np.hstack([own, asked_rows(designs, table.profile, chances)])


def recorded_of(table: WantedTable, chances: Mapping[str, float]) -> Floats:
    """Return the same with the signs of records, float32 [n, len(RECORDED_TRAITS)]."""
    designs = [design for design, _ in table.candidates]
    return np.hstack([seen_of(table, chances), record_rows(designs, table.profile)])


def fit_wanted(taught: Sequence[Taught], rows_of: RowsOf = seen_of) -> lgb.Booster:
    """Fit trees to what was named, given what each table is guessed to ask."""
    rows = [rows_of(table, asked) for table, asked in taught]
    targets = [target_of(table.matches) for table, _ in taught]
    return fit_listwise(rows, targets, ROUNDS, LEAST_HESSIAN)


def target_of(matches: npt.NDArray[np.int64]) -> Doubles:
    """Return the probability that each candidate should have; all nought where none is named."""
    target = np.zeros(len(matches))
    for place, column in enumerate(matches.T):
        best = int(column.max(initial=0))
        on = column == best
        target[on] += WORTH[best] * LESS**place / on.sum()
    return np.asarray(target / max(target.sum(), 1e-9))


def fit_both(taught: Sequence[Taught]) -> tuple[Trees, Trees]:
    """Return what is wanted of tables, and of records, which are taught with all others.

    Made-up records teach nothing of studies, so trees of other tables do not see them.
    """
    records = [one for one in taught if one[0].recorded]
    others = [one for one in taught for _ in range(MADE_COUNT if one[0].made else 1)]
    wanted = fit_wanted([one for one in others if not one[0].recorded])
    recorded = fit_wanted([*others, *records * (RECORDS_COUNT - 1)], recorded_of)
    return as_trees(wanted), as_trees(recorded)


def shares_found(
    tables: Sequence[WantedTable], chances: Sequence[Mapping[str, float]], taste: Taste
) -> tuple[float, float]:
    """Return which share of the first charts named lists begin with, and which they have at all.

    Each list is ranked by trees that have not seen its table, nor others of its group.
    """
    found = []
    pairs = list(zip(tables, chances, strict=True))
    for fold in range(FOLDS):
        others = [(one, asked) for one, asked in pairs if one.group != fold]
        wanted, recorded = fit_both(others)
        own = replace(taste, wanted=wanted, recorded=recorded)
        found += [named_in_list(one, own) for one, _ in pairs if one.group == fold]
    first, whole = np.mean(found, axis=0).round(3).tolist()
    return first, whole


def named_in_list(table: WantedTable, taste: Taste) -> list[float]:
    """Return which share of the first charts named are at a list's beginning, and in it."""
    ranked = rank(table.candidates, table.profile, WHOLE, taste=taste, patient=False)
    places = {design: at for at, (design, _) in enumerate(table.candidates)}
    named = table.matches[[places[one.design] for one in ranked], :FIRST]
    return [float((named[:k] == BEST).any(axis=0).mean()) for k in (FIRST, WHOLE)]


def left_out(tables: Sequence[WantedTable]) -> list[Mapping[str, float]]:
    """Return what each table is guessed to ask by what others of its group did not teach."""
    guesses: list[Mapping[str, float]] = [{}] * len(tables)
    asked = [question_of(one.outcomes, one.profile) for one in tables]
    for fold in range(FOLDS):
        others = zip(tables, asked, strict=True)
        known = fit_asked([q for one, q in others if q is not None and one.group != fold])
        for at, one in enumerate(tables):
            if one.group == fold:
                guesses[at] = known.chances(one.profile)
    return guesses


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store what is asked and what is wanted; print what they are worth on other tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    parser.add_argument("--measure", action="store_true", help="leave out tables, to measure")
    options = parser.parse_args(arguments)
    decoder = LocalDecoder()
    known = [(record, profile) for record, profile in read_wanted(options.tables)]
    questions = [question_of(record["outcomes"], profile) for record, profile in known]
    write_asked(fit_asked([q for q in questions if q is not None]), options.out)
    found = (wanted_table(record, profile, decoder) for record, profile in known)
    tables = [table for table in found if table is not None and table.matches.any()]
    guesses = left_out(tables)
    wanted, recorded = fit_both(list(zip(tables, guesses, strict=True)))
    wanted.save(options.out / WANTED_FILE, WANTED_TRAITS)
    recorded.save(options.out / RECORDED_FILE, RECORDED_TRAITS)
    print(f"{len(tables)} tables: {options.out / WANTED_FILE}, {options.out / RECORDED_FILE}")
    taste = read_taste(options.out) if options.measure else None
    if taste is not None:
        first, whole = shares_found(tables, guesses, taste)
        print(f"of charts named, lists begin with {first} and have {whole}")


if __name__ == "__main__":
    main()
