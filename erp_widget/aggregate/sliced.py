"""Owns the rows of a slice: those of a long table whose other columns are held at a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.aggregate.result import ChartRows
from erp_widget.sources import Table, fetch
from erp_widget.words import held_words
from vizmodel.design import Held

if TYPE_CHECKING:
    import ibis.expr.types as ir


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

    @cached_property
    def relation(self) -> ir.Table:
        """The rows of the slice."""
        relation = self._table.relation
        return relation.filter([self._is_held(relation, held) for held in self._where])

    def _is_held(self, relation: ir.Table, held: Held) -> ir.BooleanValue:
        column: Any = relation[self._table.internal(held.column)]
        return column.isnull() if held.level is None else column == held.level

    @cached_property
    def n_rows(self) -> int:
        """Rows of the slice."""
        return int(fetch(self.relation.aggregate(rows=self.relation.count()))[0]["rows"])

    def internal(self, name: str) -> str:
        """Return what a column is called in `relation`."""
        return self._table.internal(name)

    def extent(self, name: str) -> tuple[float, float, bool]:
        """Return a number column's smallest and largest value, and whether all are integers."""
        return self._table.extent(name)

    def sample(self) -> pa.Table:
        """Return those rows of the table's sample that the slice has."""
        sample = self._table.sample()
        for held in self._where:
            column = sample.column(held.column)
            kept = pc.is_null(column) if held.level is None else pc.equal(column, held.level)
            sample = sample.filter(kept)
        return sample


def with_where(found: ChartRows, where: Sequence[Held]) -> ChartRows:
    """Say what the rows of a slice have in common."""
    if not where:
        return found
    note = f"only rows where {' and '.join(map(held_words, where))}"
    return replace(found, note="; ".join(n for n in (note, found.note) if n))
