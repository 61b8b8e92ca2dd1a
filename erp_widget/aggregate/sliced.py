"""Owns the rows of a slice: those of a long table whose other columns are held at a level."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from erp_widget.aggregate.values import MISSING, WHOLE
from erp_widget.sources import Table
from erp_widget.sources.extents import Extent, asked_extents, sampled_extents
from erp_widget.sources.few_rows import few_rows
from erp_widget.sources.query import Measure, Query
from erp_widget.sources.relation import Relation
from erp_widget.words import titled, where_words
from vizmodel.design import Design, Held
from vizmodel.profile.reading.arrays import scalar


class SlicedTable:
    """A table of which only some rows are there, as the queries of charts see it.

    Parameters
    ----------
    table
        The whole table.
    where
        What the rows have in common.
    """

    def __init__(self, table: Table, where: Sequence[Held]) -> None:
        self._table = table
        self._where = where
        self._extents: dict[str, Extent] = {}

    @cached_property
    def relation(self) -> Relation:
        """The rows of the slice."""
        if self.is_sampled_whole:
            return few_rows(self.sample(), self.internal, self._table.relation.scans)
        held = [(self._table.internal(one.column), one.level, one.but) for one in self._where]
        return self._table.relation.where(held)

    @property
    def is_sampled_whole(self) -> bool:
        """Whether the sample has all rows."""
        return self._table.is_sampled_whole

    @cached_property
    def n_rows(self) -> int:
        """Rows of the slice."""
        if self.is_sampled_whole:
            return int(self.sample().num_rows)
        return int(self.relation.ask(Query({}, {"rows": Measure("rows")}))[0]["rows"])

    def internal(self, name: str) -> str:
        """Return what a column is called in `relation`."""
        return self._table.internal(name)

    def extent(self, name: str) -> Extent:
        """Return a number column's smallest and largest value, and whether all are integers."""
        if name not in self._extents:
            if self.is_sampled_whole:
                self._extents |= sampled_extents(self.sample(), [name])
            else:
                self._extents |= asked_extents(self.relation, {name: self.internal(name)})
        return self._extents[name]

    def sample(self) -> pa.Table:
        """Return those rows of the table's sample that the slice has."""
        sample = self._table.sample()
        for held in self._where:
            column, level = sample.column(held.column), held.level
            kept = pc.is_null(column) if level is None else pc.equal(column, scalar(level))
            if held.but:  # what has no value is none of that level
                kept = pc.or_kleene(pc.is_null(column), pc.invert(kept))
            sample = sample.filter(kept)
        return sample


def with_totals(found: ChartRows, design: Design) -> ChartRows:
    """Call what stands for all values together by that name.

    Examples
    --------
    >>> from vizmodel.design import Encoding, Style
    >>> bars = Design("bar", (Encoding("x", "sex", "category", "nominal"),), Style(whole=("sex",)))
    >>> with_totals(ChartRows([{"x": "women"}, {"x": "(missing)"}], 2), bars).records
    [{'x': 'women'}, {'x': '(all)'}]
    """
    whole = [e.channel for e in design.encodings if e.discrete and e.field in design.style.whole]
    if not whole:
        return found
    records = [
        record | {channel: WHOLE for channel in whole if record.get(channel) == MISSING}
        for record in found.records
    ]
    orders = {
        channel: tuple(WHOLE if channel in whole and v == MISSING else v for v in labels)
        for channel, labels in found.orders.items()
    }
    return replace(found, records=records, orders=orders)


def with_where(found: ChartRows, where: Sequence[Held]) -> ChartRows:
    """Say what the rows of a slice have in common, where the chart's title does not."""
    notes = [note for note in (where_note(where), found.note) if note]
    return replace(found, note="; ".join(notes) or None)


def where_note(where: Sequence[Held]) -> str:
    """Return in words what the rows of a slice have in common besides what the title tells.

    Examples
    --------
    >>> where_note([Held("sex", "Total"), Held("year", 2020), Held("age", None)])
    'only rows where year is 2020, for all of age'
    >>> where_note([Held("age", None)])
    ''
    """
    told = titled(where)
    rest = where_words([held for held in where if held not in told])
    return f"only rows {rest}" if rest.startswith("where") else rest
