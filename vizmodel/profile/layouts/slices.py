"""Owns the slices of a long table: rows that are drawn once the other columns are held at a level.

A long table names each number by several columns: country, indicator, sex, year. A summary over
indicators, or over a total and its parts, means nothing; what people draw is the total, one
indicator, or the latest year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import asdict

from vizmodel.design import Held, Slice
from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import n_joint
from vizmodel.profile.words import YEAR_NAME, split_name

#: Names of columns that say what is measured, or how: their levels are different quantities.
KIND_NAME = late_pattern(
    r"\b(indicators?|series|variables?|measures?|metrics?|statistics?|stat|items?|elements?|units?|currenc(y|ies)"
    r"|concept|subject|topic|aggregation|breakdown|adjustment|scenario)\b"
)
#: Levels that stand for all others together.
TOTAL_LEVEL = late_pattern(
    r"^(grand |sub)?total\b|^(all(?! other)|both|overall|combined|any(?! other)|everyone"
    r"|insgesamt|gesamt|zusammen|ensemble|tous|toutes|les deux|ambos|todos|todas|totale|totaal)\b"
    r"|^(_T|BTSX|TOT)$",
    re.IGNORECASE,
)
#: Columns, or rows, up to which a table was made for few charts: any column is held at a level.
MAX_NARROW, MAX_FEW_ROWS = 5, 60
#: Most columns of a key, most of them on one chart, and up to which any two are.
MAX_PARTS, MAX_SHOWN, MAX_PAIRED = 24, 2, 8
#: Most keys, fewest rows of a slice.
MAX_BASES, MIN_ROWS = 3, 3
#: Share of the rows that a part of a key tells apart by itself.
MAX_NAMING = 0.5
#: The latest year counts where it has this share of the rows of the fullest one.
MIN_FULL = 0.8
#: Rows without a value are a level where they are this share of a usual level's.
MIN_BLANK = 0.5
#: Share of totals among the levels that the rows of two breakdowns have.
MAX_MARGIN = 0.4
#: Share of rows that may come twice: published tables have slips.
MAX_TWICE = 0.02
#: The same of the rows of one slice, and fewest values of what is drawn of them.
MAX_SLIPS, MIN_VALUES = 0.05, 2

Rows = npt.NDArray[np.bool_]


def find_slices(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: frozenset[tuple[int, ...]],
) -> tuple[Slice, ...]:
    """Find the slices of a table whose groups and times together identify the row.

    Parameters
    ----------
    columns, values
        Of the sample.
    keys
        Sets of positions that identify its rows.

    Returns
    -------
    tuple of Slice
        One for each pair or single of columns that can be shown; none where a row has a name of
        its own, or where nothing says at which level the other columns are to be held.
    """
    if any(len(key) == 1 and _names_rows(columns[key[0]]) for key in keys):
        return ()
    found: dict[frozenset[str], Slice] = {}
    for base in _bases(columns, values, keys):
        for one in _slices_of(base, columns, values):
            known = found.get(one.shown)
            if known is None or len(one.held) < len(known.held):
                found[one.shown] = one
    return tuple(found.values())


def _names_rows(column: ColumnProfile) -> bool:
    """Whether a column whose values all differ is a name: no row number, and no few amounts."""
    amounts = column.kind == "number" and column.semantic in ("measure", "percent", "currency")
    return not amounts and not column.numbers_rows


def _bases(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: frozenset[tuple[int, ...]],
) -> Iterator[tuple[int, ...]]:
    """Yield sets of groups and times that identify the row; none of their parts can be missed."""
    parts = [i for i, column in enumerate(columns) if _may_be_part(column)]
    known = sorted(key for key in keys if set(key) <= set(parts))
    if known or not parts or len(parts) > MAX_PARTS:
        yield from known[:MAX_BASES]
        return
    twice = _n_twice(parts, values)
    if twice > MAX_TWICE * columns[0].n_rows:
        return
    for part in reversed(tuple(parts)):
        others = [i for i in parts if i != part]
        if others and _n_twice(others, values) == twice:
            parts = others
    yield tuple(parts)


def _n_twice(parts: Sequence[int], values: Sequence[ColumnValues]) -> int:
    """Return how many rows are the same as an earlier one in some columns."""
    return len(values[0].codes) - n_joint([values[i].codes for i in parts])


def _may_be_part(column: ColumnProfile) -> bool:
    """Whether a column may name what a number is about: text or time, no measure."""
    if column.semantic in ("text", "identifier") or (column.constant and not column.null_share):
        return False
    # What nearly names the row by itself is no part of a key: the rest is chance.
    if column.n_distinct > MAX_NAMING * column.n_rows:
        return False
    return column.kind == "text" or column.is_time or column.told in ("nominal", "ordinal")


def _slices_of(
    base: tuple[int, ...], columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[Slice]:
    totals = {i: level for i in base if (level := _total(values[i])) is not None}
    levels = _levels(base, columns, values, totals)
    units = [values[i] for i, column in enumerate(columns) if column.name in _units(columns)]
    rows = {i: values[i].codes == level for i, level in levels.items()}
    most = 2 if columns[0].n_rows <= MAX_FEW_ROWS else 1
    for shown in _shown_of(base, columns):
        others = [i for i in base if i not in shown]
        in_time = any(columns[i].is_time for i in shown)
        if any(i not in levels or (in_time and columns[i].is_time) for i in others):
            continue
        held = tuple(Held(columns[i].name, _written(values[i], levels[i])) for i in others)
        kept = np.flatnonzero(_all_of(rows[i] for i in others))
        if not len(kept):
            continue
        # Rows that come twice, but for a slip, or are in several units, do not belong together.
        n_twice = len(kept) - n_joint([values[i].codes[kept] for i in shown])
        slips = n_twice <= MAX_SLIPS * len(kept)
        if not slips or any(_varies(unit.codes[kept]) for unit in units):
            continue
        # What has one level among these rows, such as a breakdown by another column, is idle.
        if not all(_varies(values[i].codes[kept]) for i in shown):
            continue
        # Of two breakdowns that were not crossed, hardly a row has a level of both.
        if totals.keys() >= set(shown) and np.mean([rows[i][kept] for i in shown]) > MAX_MARGIN:
            continue
        # A level that stands for nothing but itself is one of many that could be shown.
        n_chosen = sum(
            isinstance(h.level, str) and not mixes(h) and not _tells_years(columns[i])
            for i, h in zip(others, held, strict=True)
        )
        if len(kept) >= MIN_ROWS and n_chosen <= most:
            names = frozenset(columns[i].name for i in shown)
            yield Slice(names, held, len(kept), n_twice > 0, _blank(kept, columns, values))


def _blank(
    kept: npt.NDArray[np.intp], columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[str]:
    """Return the names of the columns that have no two values among some rows."""
    gaps = (i for i, column in enumerate(columns) if column.null_share)
    few = (i for i in gaps if np.count_nonzero(values[i].codes[kept] >= 0) < MIN_VALUES)
    return frozenset(columns[i].name for i in few)


def _shown_of(base: tuple[int, ...], columns: Sequence[ColumnProfile]) -> Iterator[tuple[int, ...]]:
    """Yield what may be shown of a key: each part, and two; of many parts, each along a time."""
    if len(base) > 1:
        yield from ((part,) for part in base)
    for pair in combinations(base, 2) if len(base) > MAX_SHOWN else ():
        if len(base) <= MAX_PAIRED or any(tells_time(columns[i]) for i in pair):
            yield pair


def _varies(codes: Codes) -> bool:
    return bool((codes != codes[0]).any())


def _units(columns: Sequence[ColumnProfile]) -> set[str]:
    """Return the names of the columns that tell the units of others."""
    return {column.within for column in columns if column.within}


def _levels(
    base: tuple[int, ...],
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    totals: Mapping[int, int],
) -> dict[int, int]:
    """Return the level at which each column is held; not those of which none stands out."""
    levels = dict(totals)
    own = [c for c in columns if not (c.constant or c.numbers_rows)]
    kinds = any(KIND_NAME.search(split_name(columns[i].name)) for i in base)
    long = bool(levels) or kinds or len(own) <= MAX_NARROW or columns[0].n_rows <= MAX_FEW_ROWS
    headline = _all_of(values[i].codes == level for i, level in levels.items())
    for i in base:
        if i in levels or not (columns[i].semantic == "year" or (long and values[i].labels)):
            continue
        level = _usual(columns[i], values[i], headline)
        if level is not None:
            levels[i] = level
    return levels


def _all_of(parts: Iterable[Rows]) -> Rows | np.bool_:
    """Return the rows that all parts have; True stands for every row."""
    found: Rows | np.bool_ = np.True_
    for part in parts:
        found = found & part
    return found


def _total(values: ColumnValues) -> int | None:
    """Return the code of the level that stands for all: a total, or no value at all."""
    labels = enumerate(values.labels)
    total = next((code for code, label in labels if TOTAL_LEVEL.search(label.strip())), None)
    counts = np.bincount(values.codes + 1, minlength=2)
    if total is not None and (len(values.labels[total].split()) == 1 or not counts[0]):
        return total
    if values.labels and counts[0] >= max(MIN_ROWS, MIN_BLANK * np.median(counts[1:])):
        return -1  # beside rows without a value, "all minorities" are one group of several
    return total


def _usual(column: ColumnProfile, values: ColumnValues, headline: Rows | np.bool_) -> int | None:
    """Return the latest full year, or the commonest text and of several the first.

    Texts that count up ("2010/11", "2011/12") are years where their column is called so.
    """
    codes = values.codes[np.broadcast_to(headline, values.codes.shape) & (values.codes >= 0)]
    if not len(codes):
        return None
    counts = np.bincount(codes)
    if _tells_years(column):
        return int(np.flatnonzero(counts >= MIN_FULL * counts.max())[-1])
    common = np.flatnonzero(counts == counts.max())
    first = [int(np.argmax(codes == code)) for code in common]
    return int(common[int(np.argmin(first))])


def tells_time(column: ColumnProfile) -> bool:
    """Whether a column's values are points in time, or texts that count years."""
    return column.is_time or _tells_years(column)


def _tells_years(column: ColumnProfile) -> bool:
    """Whether a column's values are years, or texts that count up and are called so."""
    named = column.semantic == "ordinal" and YEAR_NAME.search(split_name(column.name))
    return column.semantic == "year" or bool(named)


def is_total(held: Held) -> bool:
    """Whether a column is held at the level that stands for all its others.

    Examples
    --------
    >>> is_total(Held("sex", "Total")), is_total(Held("sex", None)), is_total(Held("units", "kg"))
    (True, True, False)
    """
    level = held.level
    return level is None or (isinstance(level, str) and bool(TOTAL_LEVEL.search(level.strip())))


def mixes(held: Held) -> bool:
    """Whether a summary over a column's levels means nothing: totals with parts, or many measures.

    Examples
    --------
    >>> mixes(Held("sex", "Total")), mixes(Held("city", "Rome"))
    (True, False)
    """
    return is_total(held) or bool(KIND_NAME.search(split_name(held.column)))


def _written(values: ColumnValues, code: int) -> str | int | None:
    if code < 0:
        return None
    if values.labels:
        return values.labels[code]
    return int(values.sizes[np.argmax(values.codes == code)])


def slice_data(one: Slice) -> dict[str, Any]:
    """Return a slice as JSON-ready data."""
    told = {"shown": sorted(one.shown), "blank": sorted(one.blank)}
    return asdict(one) | told | {"held": list(map(asdict, one.held))}


def slice_of(data: Mapping[str, Any]) -> Slice:
    """Read what `slice_data` wrote.

    Examples
    --------
    >>> one = Slice(frozenset({"year"}), (Held("sex", "Total"),), 20, blank=frozenset({"age"}))
    >>> slice_of(slice_data(one)) == one
    True
    """
    held = tuple(Held(**one) for one in data["held"])
    named = {name: frozenset(data.get(name, ())) for name in ("shown", "blank")}
    return Slice(named["shown"], held, data["n_rows"], data.get("twice", False), named["blank"])
