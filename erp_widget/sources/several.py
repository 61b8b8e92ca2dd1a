"""Owns cells that hold several things: places as “48.2, 16.37”, answers as “email; phone”.

A place is two numbers, and where a question allows several answers each is counted separately. So
such a column is split into several beside it, which charts show like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from erp_widget.sources.apart import NUMBER, ApartRows, Part
from erp_widget.sources.elsewhere import RelationRows
from erp_widget.sources.made_columns import with_made
from erp_widget.sources.rows import MemoryRows, ParquetRows, Rows
from vizmodel.patterns import late_pattern
from vizmodel.profile.places import place_name
from vizmodel.profile.reading.casts import TEXTS, stripped, unwrapped
from vizmodel.profile.words import split_name

#: Rows that are looked at, and most rows of which parts are made in memory.
SEEN_ROWS, MAX_ROWS = 10_000, 1_000_000
#: Fewest rows that tell, where the name does and else, and share of the cells that must be so.
FEW_CELLS, MIN_CELLS, MOST = 2, 5, 0.9
#: What separates answers; a comma also stands in other texts.
SEPARATORS = (";", "|", "\n", ",")
#: Fewest and most answers to a question, their length, and rows below which one has no column.
MIN_ANSWERS, MAX_ANSWERS, MAX_LENGTH, MIN_GIVEN = 3, 20, 60, 3
#: Letters of a question that stand before each of its answers.
MAX_QUESTION = 30
#: Least share of cells with several answers, and with one.
SOME = 0.03
#: Share of the answers that must come in several combinations.
MIXED = 0.6

#: Blanks, also those that do not break, of which not every library takes a blank for one.
_GAP = "[\\s\u00a0\u2007\u202f]*"
_REMARK = late_pattern(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_DEGREES = r"-?[0-9]{1,3}(?:\.[0-9]+)?"
_PAIR = rf"^\s*[(\[]?\s*(?P<one>{_DEGREES})\s*[,;/ ]\s*(?P<other>{_DEGREES})\s*[)\]]?\s*$"
_POINT = rf"^\s*(?i:POINT)\s*\(\s*(?P<one>{_DEGREES})\s+(?P<other>{_DEGREES})\s*\)\s*$"
#: Bins, as pandas writes them: with one end that belongs to them, and one that does not.
_HALF_OPEN = late_pattern(r"\s*(\(.*\]|\[.*\))\s*")
#: Digits behind the point of a number of degrees that tells more than a country.
_EXACT = late_pattern(r"\.\d{2}")
_PLACE = late_pattern(
    r"\b(geo\w*|gps|coord\w*|koord\w*|locations?|lat ?l\w+|latl\w+|position|places?|point|pos|ort"
    r"|standort|where|site|address|centroid)\b"
)
_LONGITUDE_FIRST = late_pattern(r"\b(lon|lng|long|longitude|x) ?(and )?(lat|y)")
#: Names that say nothing beside that it is a place.
_ANY_PLACE = late_pattern(
    r"(geo|gps)?[\W_]*(coord\w*|koord\w*|locations?|lat[\W_]*l\w+|lo?ng?[\W_]*lat\w*|position|places?|point)?",
    re.IGNORECASE,
)


class Several(Struct, frozen=True):
    """What the columns of a table hold in one cell.

    Parameters
    ----------
    rows
        With more columns at the end.
    parts
        Those columns.
    notes
        Sentences for the user to read.
    sample
        The rows that were looked at, with the parts; None where nobody looked.
    """

    rows: Rows
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    sample: pa.Table | None = None


def taken_apart(rows: Rows) -> Several:
    """Return rows with a column for each thing that cells hold several of.

    Few rows in memory are taken apart at once, others where they lie, as they are read. Tables of
    an engine other than DuckDB are left as they are.

    Examples
    --------
    >>> towns = pa.table({"town": list("abcdef"), "place": [f"48.2{n}, 16.3{n}" for n in range(6)]})
    >>> taken_apart(MemoryRows(towns)).rows.schema.names
    ['town', 'place', 'latitude', 'longitude']
    """
    known = isinstance(rows, MemoryRows | ParquetRows | RelationRows)
    if not known or rows.n_rows < FEW_CELLS:
        return Several(rows)
    names = rows.schema.names
    sample, taken = rows.sample(SEEN_ROWS), set(names)
    parts: list[Part] = []
    notes: list[str] = []
    for name, column in zip(names, sample.columns, strict=True):
        cells = _cells(column)
        for look in (_place, _answers):
            found = look(name, cells, taken) if cells else None
            if found is not None:
                parts += found[0]
                taken |= {part.name for part in found[0]}
                notes.append(found[1])
                break
    if not parts:
        return Several(rows, sample=sample)
    told = tuple(parts), tuple(notes)
    if isinstance(rows, MemoryRows) and rows.n_rows <= MAX_ROWS:
        made = MemoryRows(with_made(rows.table, parts), rows.is_settled, owner=rows)
        return Several(made, *told)
    return Several(ApartRows(rows, parts), *told, with_made(sample, parts))


#: Columns, and what is said of them.
Found = tuple[list[Part], str]


def _cells(column: pa.ChunkedArray) -> Counter[str]:
    """Return the texts of a column, and how often each comes; none of another column."""
    kind = unwrapped(column.slice(0, 0)).type
    if not any(is_text(kind) for is_text in TEXTS):
        return Counter()
    counted = pc.value_counts(pc.cast(unwrapped(column), pa.string()))
    texts, counts = counted.field("values").to_pylist(), counted.field("counts").to_pylist()
    told = zip(texts, stripped(texts), counts, strict=True)
    return Counter({text: n for text, tidy, n in told if tidy is not None})


def _place(name: str, cells: Counter[str], taken: set[str]) -> Found | None:
    """Read places: latitude and longitude, or as points of maps write them, the other way."""
    called = split_name(name)
    is_called = _PLACE.search(called) is not None
    fewest = FEW_CELLS if is_called else MIN_CELLS
    for pattern in (_PAIR, _POINT):
        form = late_pattern(pattern)
        whole = {text: n for text, n in cells.items() if not _HALF_OPEN.fullmatch(text)}
        found = [(match, n) for text, n in whole.items() if (match := form.match(text))]
        n_found = sum(n for _, n in found)
        if n_found < max(fewest, MOST * cells.total()) or len(found) < fewest:
            continue
        exact = sum(_EXACT.search(m["one"]) is not None for m, _ in found) >= MOST * len(found)
        if pattern == _PAIR and not exact and not is_called:
            continue
        ones, others = ([float(match[end]) for match, _ in found] for end in ("one", "other"))
        turned = pattern == _POINT or bool(_LONGITUDE_FIRST.search(called)) or _beyond(ones)
        latitudes, longitudes = (others, ones) if turned else (ones, others)
        if _beyond(latitudes) or max(map(abs, longitudes)) > 180:
            continue
        ends = ("other", "one") if turned else ("one", "other")
        whose = "" if _ANY_PLACE.fullmatch(name.strip()) else f"{name} "
        parts = [
            Part(_free(f"{whose}{said}", taken), name, _kept(pattern, end), is_number=True)
            for said, end in zip(("latitude", "longitude"), ends, strict=True)
        ]
        return parts, f"split into latitude and longitude: {name}"
    return None


def _beyond(degrees: Sequence[float]) -> bool:
    return max(map(abs, degrees)) > 90


def _kept(pattern: str, end: str) -> str:
    """Return a pattern that keeps one of its two numbers."""
    other = "other" if end == "one" else "one"
    return pattern.replace(f"(?P<{other}>", "(?:").replace(f"(?P<{end}>", NUMBER)


def _answers(name: str, cells: Counter[str], taken: set[str]) -> Found | None:
    """Read answers of which a person may give several: each has a column of yes and no."""
    if place_name(name) is not None:
        return None
    for separator in SEPARATORS:
        combined = sum(n for text, n in cells.items() if separator in text.strip(separator))
        if combined >= max(MIN_CELLS, SOME * cells.total()):
            given = _given(cells, separator)
            if given is not None:
                return _told_answers(name, separator, given, taken)
    return None


def _given(cells: Counter[str], separator: str) -> Counter[str] | None:
    """Return answers and how many gave each; None where the texts are no lists of answers."""
    given: Counter[str] = Counter()
    combinations: Counter[str] = Counter()
    single = 0
    for text, n in cells.items():
        parts = [part.strip() for part in text.split(separator) if part.strip()]
        if not parts or len(set(parts)) < len(parts) or max(map(len, parts)) > MAX_LENGTH:
            return None
        single += n * (len(parts) == 1)
        for part in parts:
            given[part] += n
            combinations[part] += 1
    often = [answer for answer, n in given.items() if n >= MIN_GIVEN]
    mixed = sum(combinations[answer] > 1 for answer in often)
    counted = MIN_ANSWERS <= len(often) <= MAX_ANSWERS and len(cells) > len(often)
    # Towns with their lands, and “Yes, often”, are texts of one thing each.
    free = mixed >= max(MIN_ANSWERS, MIXED * len(often)) and single >= SOME * cells.total()
    rare = sum(n for answer, n in given.items() if n < MIN_GIVEN)
    return given if counted and free and rare <= SOME * 3 * cells.total() else None


def _told_answers(name: str, separator: str, given: Counter[str], taken: set[str]) -> Found:
    often = [(answer, n) for answer, n in given.most_common() if n >= MIN_GIVEN]
    sign = re.escape(separator)
    parts = [
        Part(
            _free(f"{_question(name)}: {answer}", taken),
            name,
            rf"(?:^|{sign}){_GAP}{re.escape(answer)}{_GAP}(?:{sign}|$)",
        )
        for answer, _ in often
    ]
    left = len(given) - len(often)
    rare = f"answers given fewer than {MIN_GIVEN} times left out: {left}"
    note = f"split into one yes/no column per answer: {name}" + (f" ({rare})" if left else "")
    return parts, note


def _question(name: str) -> str:
    """Return a question in short; what stands in brackets behind it tells how to answer.

    Examples
    --------
    >>> _question("How did you hear of us? (several answers)"), _question("contact")
    ('How did you hear of us', 'contact')
    """
    short = _REMARK.sub("", " ".join(name.split())).rstrip("?:. ") or name
    if len(short) > MAX_QUESTION:
        short = short[:MAX_QUESTION].rpartition(" ")[0] or short[:MAX_QUESTION]
        short = f"{short.rstrip()}…"
    return short


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += " (read)"
    return name
