"""Owns many rows in memory whose groups are counted here: an engine would take longer.

Up to a million rows, DuckDB's start and its queries take several times what numpy takes, which
goes through the rows a stretch at a time, so that what is made on the way stays in the cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.sources.counted_columns import Column, Flags, stretches
from erp_widget.sources.counted_figures import FIGURES, Figures
from erp_widget.sources.counted_keys import Numbered, numbered
from erp_widget.sources.few_rows import Group, place
from erp_widget.sources.memory import Scans
from erp_widget.sources.query import Answer, Key, Kind, Measure, Query
from erp_widget.sources.relation import DuckRelation, Relation
from vizmodel.profile.reading.arrays import Codes

#: Rows up to which groups are counted here.
MAX_ROWS = 1_000_000
#: More groups are not counted here, nor listed.
MAX_GROUPS, MAX_LISTED = 2**16, 2**10
#: Whole numbers up to this are the same as floats.
EXACT = 2**53
#: Groups, None for those that are left out, the place of each row's among them, and its value; rows
#: of none have one place more.
Listed: TypeAlias = "tuple[Sequence[Group | None], Codes, npt.NDArray[Any]]"


class CountedRows(Struct, frozen=True, eq=False, dict=True):
    """Rows in memory that answer plain queries; DuckDB, which is not loaded before, the others.

    Parameters
    ----------
    n_rows
        How many there are.
    kinds
        Column -> what it holds.
    read
        Column -> its values.
    engine
        Returns the same rows as DuckDB has them.
    scans
        Counts what is asked.
    """

    n_rows: int
    kinds: Mapping[str, Kind]
    read: Callable[[str], Column]
    engine: Callable[[], DuckRelation]
    scans: Scans = field(default_factory=Scans)
    _columns: dict[str, Column] = field(default_factory=dict)
    _keys_known: dict[Key, Numbered | None] = field(default_factory=dict)
    # Keys, and columns whose gaps leave rows out -> rows of each group.
    _sizes: dict[tuple[tuple[Key, ...], tuple[str, ...]], Codes] = field(default_factory=dict)

    @cached_property
    def asked(self) -> DuckRelation:
        """The same rows, as DuckDB has them."""
        return replace(self.engine(), scans=self.scans)

    def ask(self, query: Query) -> Answer:
        """Return the groups that a query asks for; one scan."""
        knows = all(self._knows(one) for _, one in query.measures)
        keys = self._keys(query, MAX_GROUPS) if knows else None
        if keys is None:
            return self.asked.ask(query)
        self.scans.count += 1
        return self._answer(query, keys)

    def listed(self, query: Query) -> Iterator[Listed] | None:
        """Return stretches of rows that are not summarised; None where DuckDB has to list them."""
        ((_, measure),) = query.measures
        column = self.column(str(measure.column))
        keys = self._keys(query, MAX_LISTED) if column.is_number else None
        if keys is None:
            return None
        self.scans.count += 1
        return self._listed(query, keys, column)

    def table(self, query: Query) -> pa.Table:
        """Return many groups, as columns; one scan."""
        return self.asked.table(query)

    def pieces(self, query: Query) -> Iterator[pa.Table]:
        """Return rows that are not summarised, some at a time; one scan."""
        return self.asked.pieces(query)

    def rows(self, columns: Sequence[str]) -> Answer:
        """Return all rows as they are, in their order."""
        return self.asked.rows(columns)

    def where(self, held: Sequence[tuple[str, Any, bool]]) -> Relation:
        """Return the rows whose columns have some values, or any other."""
        return self.asked.where(held)

    def gathered(self, columns: Sequence[str], labels: Sequence[Any]) -> Relation:
        """Return each row once for each of some columns: its label, and the column's value."""
        return self.asked.gathered(columns, labels)

    def column(self, name: str) -> Column:
        """Return a column; what is found out of it is found out once."""
        if name not in self._columns:
            self._columns[name] = self.read(name)
        return self._columns[name]

    def _knows(self, measure: Measure) -> bool:
        if measure.column is None:
            return True
        column = self.column(measure.column)
        if measure.summary == "count":
            return column.tells_gaps
        # DuckDB adds up whole numbers that no float holds.
        is_exact = measure.summary != "mean" or column.largest * self.n_rows < EXACT
        return measure.summary in FIGURES and column.is_number and is_exact

    def _keys(self, query: Query, most: int) -> list[Numbered] | None:
        """Return what each key makes of the rows; None where that is too much, or not known."""
        values = {key.column for _, key in query.keys if key.part == "value"}
        knows_rows = all(self.column(name).tells_gaps for name in query.present)
        is_beside = query.outside is not None and query.outside[0] not in values
        if query.among is not None or is_beside or not knows_rows:
            return None
        found: list[Numbered] = []
        for _, key in query.keys:
            one = self._numbered(key)
            if one is None or len(one.values) > most:
                return None
            most //= len(one.values)
            found.append(one)
        return found

    def _numbered(self, key: Key) -> Numbered | None:
        """Return what a key makes of the rows, which several charts may ask."""
        if key not in self._keys_known:
            self._keys_known[key] = numbered(self.column(key.column), key)
        return self._keys_known[key]

    def _stretches(self, query: Query, keys: Sequence[Numbered]) -> Iterator[tuple[slice, Codes]]:
        """Yield stretches of rows, and the place of each row's group; one more for those of none.

        The first key counts most.
        """
        n_groups, lacking = math.prod(len(key.values) for key in keys), self._lacking(query)
        for stretch in stretches(self.n_rows):
            n_rows = stretch.stop - stretch.start
            groups = keys[0].codes(stretch) if keys else np.zeros(n_rows, dtype=np.int64)
            for key in keys[1:]:
                groups = groups * len(key.values) + key.codes(stretch)
            if lacking is not None:
                groups = np.where(lacking[stretch], n_groups, groups)
            yield stretch, groups

    def _gapped(self, query: Query) -> dict[str, Flags]:
        """Return the columns that must have a value and lack some; keys without one are groups."""
        keys = {key.column for _, key in query.keys}
        known = {name: self.column(name).there for name in query.present if name not in keys}
        return {name: there for name, there in known.items() if there is not None}

    def _lacking(self, query: Query) -> Flags | None:
        """Return which rows lack a value that they must have."""
        gapped = self._gapped(query)
        return ~np.logical_and.reduce([*gapped.values()]) if gapped else None

    def _answer(self, query: Query, keys: Sequence[Numbered]) -> Answer:
        n_groups = math.prod(len(key.values) for key in keys)
        wanted: dict[str, list[str]] = {}
        for _, one in query.measures:
            if one.column is not None:
                wanted.setdefault(one.column, []).append(one.summary)
        figures = {
            name: Figures(self.column(name), summaries, n_groups)
            for name, summaries in wanted.items()
        }
        place = tuple(key for _, key in query.keys), tuple(self._gapped(query))
        known = self._sizes.get(place)
        rows = np.zeros(n_groups + 1, dtype=np.int64) if known is None else known
        for stretch, groups in self._stretches(query, keys) if known is None or figures else ():
            if known is None:
                rows += np.bincount(groups, minlength=n_groups + 1)
            for of in figures.values():
                of.add(groups, stretch)
        self._sizes[place] = rows
        return _records(query, keys, rows, figures)

    def _listed(self, query: Query, keys: Sequence[Numbered], column: Column) -> Iterator[Listed]:
        groups: list[Group] = [()]
        for key in keys:
            groups = [(*before, value) for before in groups for value in key.values]
        wanted = [one if _is_asked_for(one, query) else None for one in groups]
        # What rows must have, those of a group have.
        is_present = any(self.column(name) is column for name in query.present)
        there = None if is_present else column.there
        for stretch, places in self._stretches(query, keys):
            of_row = places if there is None else np.where(there[stretch], places, len(groups))
            yield wanted, of_row, column.numbers(stretch)


def _records(
    query: Query, keys: Sequence[Numbered], rows: Codes, figures: Mapping[str, Figures]
) -> Answer:
    """Return the groups that have rows, in the order of a query, with their figures."""
    found, groups = np.zeros(1, dtype=np.int64), [()]
    if keys:
        found = np.flatnonzero(rows[:-1])
        parts = np.unravel_index(found, [len(key.values) for key in keys])
        values = (
            [key.values[at] for at in of.tolist()] for key, of in zip(keys, parts, strict=True)
        )
        groups = list(zip(*values, strict=True))

    def listed(one: Measure, at: Codes) -> list[Any]:
        of = figures.get(str(one.column))
        return list(rows[at].tolist()) if of is None else of.of(one.summary, rows, at)

    order = [at for at, group in enumerate(groups) if _is_asked_for(group, query)]
    order.sort(key=lambda at: place(groups[at]))
    if query.largest is not None:
        leading = listed(dict(query.measures)[query.largest], found)
        order.sort(key=lambda at: -np.inf if leading[at] is None else leading[at], reverse=True)
    order = order[: query.limit]
    names = [*(name for name, _ in query.keys), *(name for name, _ in query.measures)]
    columns = [listed(one, found[order]) for _, one in query.measures]
    shown = zip((groups[at] for at in order), *columns, strict=True)
    return [dict(zip(names, (*group, *of), strict=True)) for group, *of in shown]


def _is_asked_for(group: Group, query: Query) -> bool:
    """Return whether a group has the values that its keys must have, and none of those left out."""
    column, values = query.outside or ("", ())
    return not any(
        (value is None and key.column in query.present)
        or (key.column == column and key.part == "value" and value in values)
        for value, (_, key) in zip(group, query.keys, strict=True)
    )
