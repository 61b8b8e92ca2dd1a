"""Owns few rows in memory, which answer queries by themselves: an engine takes longer to plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, field

from erp_widget.sources.memory import Scans
from erp_widget.sources.query import Answer, Key, Kind, Measure, Query
from erp_widget.sources.relation import DuckRelation, Relation, in_memory, kinds_of
from vizmodel.profile.reading.arrays import (
    Codes,
    Floats,
    as_floats,
    as_integers,
    encoded,
    finite,
    from_numbers,
    scalar,
)

#: What a group has in common: the value of each key.
Group: TypeAlias = tuple[Any, ...]
#: Different values, and the place of that of each row.
Levels: TypeAlias = tuple[list[Any], Codes]

TRUNCATED = {"year": "year", "yearmonth": "month", "yearmonthdate": "day"}
EXTRACTED: dict[str, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    "quarter": pc.quarter,
    "month": pc.month,
    "hours": pc.hour,
    "day": pc.day_of_week,
}
#: Figures that are worked out here, and the kinds of columns that they are of; all where None.
FIGURES: dict[str, tuple[Kind, ...] | None] = {
    "rows": None,
    "count": None,
    "distinct": None,
    "sum": ("whole", "real", "truth"),
    "mean": ("whole", "real", "truth"),
    "median": ("whole", "real", "truth"),
    "min": ("whole", "real", "truth", "time"),
    "max": ("whole", "real", "truth", "time"),
}
_EPOCH = dt.datetime(1970, 1, 1)


class FewRows(Struct, frozen=True, eq=False, dict=True):
    """Rows in memory, so few that they are read sooner than a query of them is planned.

    What they do not know themselves they ask DuckDB, which is not loaded before.

    Parameters
    ----------
    held
        The rows: columns of float64, int64, bool, string or timestamp[us].
    scans
        Counts what is asked.

    Examples
    --------
    >>> rows = FewRows(pa.table({"c0": ["b", "a", "b"]}))
    >>> rows.ask(Query({"x": Key("c0")}, {"n": Measure("rows")}))
    [{'x': 'a', 'n': 1}, {'x': 'b', 'n': 2}]
    """

    held: pa.Table
    scans: Scans = field(default_factory=Scans)
    _levels: dict[Key, Levels] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Column -> what it holds."""
        return kinds_of(self.held.schema)

    @cached_property
    def asked(self) -> DuckRelation:
        """The same rows, as DuckDB has them."""
        return in_memory(self.held, self.scans)

    def ask(self, query: Query) -> Answer:
        """Return the groups that a query asks for; one scan."""
        if not all(self._knows(one) for _, one in query.measures):
            return self.asked.ask(query)
        self.scans.count += 1
        rows = _shown(query, self.held)
        of = self._known_levels if rows is self.held else partial(_levels, rows)
        return _answer(query, rows, list(map(of, (key for _, key in query.keys))), self.kinds)

    def _known_levels(self, key: Key) -> Levels:
        """Return what a key makes of all rows, which several charts may ask."""
        if key not in self._levels:
            self._levels[key] = _levels(self.held, key)
        return self._levels[key]

    def _knows(self, measure: Measure) -> bool:
        kinds = FIGURES.get(measure.summary, ())
        return kinds is None or (measure.column is not None and self.kinds[measure.column] in kinds)

    def table(self, query: Query) -> pa.Table:
        """Return many groups, as columns; one scan."""
        return self.asked.table(query)

    def pieces(self, query: Query) -> Iterator[pa.Table]:
        """Return rows that are not summarised, some at a time; one scan."""
        if any(key.part != "value" for _, key in query.keys):
            yield from self.asked.pieces(query)
            return
        self.scans.count += 1
        rows = _shown(query, self.held)
        columns = {name: rows.column(key.column) for name, key in query.keys}
        for name, one in query.measures:
            columns[name] = pc.cast(rows.column(str(one.column)), pa.float64(), safe=False)
        yield pa.table(columns)

    def rows(self, columns: Sequence[str]) -> Answer:
        """Return all rows as they are, in their order."""
        self.scans.count += 1
        found: Answer = self.held.select(list(columns)).to_pylist()
        return found

    def where(self, held: Sequence[tuple[str, Any, bool]]) -> Relation:
        """Return the rows whose columns have some values, or any other."""
        return self.asked.where(held)

    def gathered(self, columns: Sequence[str], labels: Sequence[Any]) -> Relation:
        """Return each row once for each of some columns: its label, and the column's value."""
        return self.asked.gathered(columns, labels)


def few_rows(
    sample: pa.Table, internal: Callable[[str], str], scans: Scans | None = None
) -> FewRows:
    """Return a sample that has all rows, without infinities, under the names of queries.

    Nought has one sign, so that it is one value.
    """
    columns, nought = {}, scalar(0.0)
    for name, column in zip(sample.column_names, sample.columns, strict=True):
        if pa.types.is_floating(column.type):
            column = pc.add(finite(column), nought)
        columns[internal(name)] = column
    return FewRows(pa.table(columns), Scans() if scans is None else scans)


def _answer(
    query: Query, rows: pa.Table, keys: Sequence[Levels], kinds: Mapping[str, Kind]
) -> Answer:
    groups, codes = told_apart(keys, rows.num_rows)
    figures = {name: _figure(one, rows, codes, len(groups), kinds) for name, one in query.measures}
    order = sorted(range(len(groups)), key=lambda at: place(groups[at]))
    if query.largest is not None:
        leading = figures[query.largest]
        order.sort(key=lambda at: -np.inf if leading[at] is None else leading[at], reverse=True)
    names = [*(name for name, _ in query.keys), *figures]
    return [
        dict(zip(names, (*groups[at], *(of[at] for of in figures.values())), strict=True))
        for at in order[: query.limit]
    ]


def _shown(query: Query, rows: pa.Table) -> pa.Table:
    """Return the rows that a query is about."""
    for column in query.present:
        if rows.column(column).null_count:
            rows = rows.filter(pc.is_valid(rows.column(column)))
    if query.among is not None:
        key, numbers = query.among
        levels, codes = _levels(rows, key)
        rows = _chosen(rows, codes, (level in numbers for level in levels))
    if query.outside is not None:
        column, values = query.outside
        levels, codes = encoded(rows.column(column))
        rows = _chosen(rows, codes, (level not in values for level in levels))
    return rows


def _chosen(rows: pa.Table, codes: Codes, chosen: Iterable[bool]) -> pa.Table:
    """Return the rows that have one of the chosen levels."""
    flags = np.fromiter(chosen, dtype=bool)
    return rows.take(from_numbers(np.flatnonzero(flags[codes])))


def told_apart(keys: Sequence[Levels], n_rows: int) -> tuple[list[Group], Codes]:
    """Return the groups that there are, and the place of that of each row.

    Parameters
    ----------
    keys
        Of each key its levels, and the place of that of each row.
    n_rows
        How many rows there are.
    """
    groups: list[Group] = [()]
    codes = np.zeros(n_rows, dtype=np.int64)
    for levels, of_level in keys:
        # Pairs that there are get numbers without gaps, so that these stay small.
        pairs, codes = np.unique(codes * len(levels) + of_level, return_inverse=True)
        places = zip(*(part.tolist() for part in np.divmod(pairs, len(levels) or 1)), strict=True)
        groups = [(*groups[before], levels[at]) for before, at in places]
    return groups, codes


def place(group: Group) -> tuple[tuple[bool, Any], ...]:
    """Return what groups are sorted by: key after key, those without a value last."""
    return tuple((value is None, value) for value in group)


def _levels(rows: pa.Table, key: Key) -> Levels:
    column = rows.column(key.column)
    if key.part == "bin":
        return _bins(as_floats(column), key)
    if key.part in TRUNCATED:
        return encoded(pc.floor_temporal(column, unit=TRUNCATED[key.part]))
    if key.part in EXTRACTED:
        return encoded(EXTRACTED[key.part](column))
    return encoded(column)


def _bins(numbers: Floats, key: Key) -> Levels:
    bins = key.bins(numbers)
    levels, codes = np.unique(np.where(np.isnan(bins), -1, bins), return_inverse=True)
    return [None if level < 0 else int(level) for level in levels.tolist()], codes


def _figure(
    measure: Measure, rows: pa.Table, codes: Codes, n_groups: int, kinds: Mapping[str, Kind]
) -> list[Any]:
    """Return one figure of each group; None where it has no value."""
    if measure.column is None:
        return _list(np.bincount(codes, minlength=n_groups))
    column, kind = rows.column(measure.column), kinds[measure.column]
    if measure.summary == "distinct":
        return _list(_distinct(encoded(column), codes, n_groups))
    known = as_floats(column.is_valid()) > 0
    codes = codes[known]
    counts = np.bincount(codes, minlength=n_groups)
    if measure.summary == "count":
        return _list(counts)
    values = (as_floats if kind == "real" else as_integers)(column)[known]
    if measure.summary in ("sum", "mean"):
        sums = np.bincount(codes, values, n_groups)
        found = sums / np.maximum(counts, 1) if measure.summary == "mean" else sums
    else:
        found = _ranked(measure.summary, values, codes, counts)
    shown: list[Any] = found.tolist()
    if kind == "time":
        shown = [_EPOCH + dt.timedelta(microseconds=one) for one in shown]
    return [one if n else None for one, n in zip(shown, counts.tolist(), strict=True)]


def _distinct(of: Levels, codes: Codes, n_groups: int) -> Codes:
    levels, places = of
    pairs = np.unique(codes * len(levels) + places)
    groups, seen = np.divmod(pairs, len(levels) or 1)
    there = np.array([level is not None for level in levels], dtype=bool)
    return np.bincount(groups[there[seen]], minlength=n_groups)


def _ranked(
    summary: str, values: npt.NDArray[Any], codes: Codes, counts: Codes
) -> npt.NDArray[Any]:
    """Return the smallest, the largest or the middle value of each group; of none, anything."""
    if not len(values):
        return np.zeros(len(counts), dtype=np.int64)
    ranked = values[np.lexsort((values, codes))]
    starts = np.minimum(np.cumsum(counts) - counts, len(values) - 1)
    last = np.maximum(counts - 1, 0)
    if summary == "min":
        return np.asarray(ranked[starts])
    if summary == "max":
        return np.asarray(ranked[starts + last])
    low, high = ranked[starts + last // 2], ranked[starts + (last + 1) // 2]
    return np.asarray(low * 0.5 + high * 0.5)


def _list(counts: Codes) -> list[Any]:
    found: list[Any] = counts.tolist()
    return found
