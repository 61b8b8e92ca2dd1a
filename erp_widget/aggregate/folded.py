"""Owns gathered rows: a wide table seen with one row per row and gathered column."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

from erp_widget.sources import Table
from erp_widget.sources.few_rows import few_rows
from erp_widget.sources.relation import KEY, VALUE, Relation
from vizmodel.design import Fold
from vizmodel.profile.layouts.folding import fold_labels
from vizmodel.profile.reading.arrays import from_numbers

if TYPE_CHECKING:
    from erp_widget.aggregate.sliced import SlicedTable

#: What the queries of charts ask for rows.
AnyTable: TypeAlias = "Table | FoldedTable | SlicedTable"


class FoldedTable:
    """A table whose like columns are gathered, as the queries of charts see it.

    Nothing is gathered until a query runs, and then where the table's rows are.

    Parameters
    ----------
    table
        The wide table.
    fold
        What is gathered.
    """

    def __init__(self, table: Table, fold: Fold) -> None:
        self._table = table
        self._fold = fold
        self.n_rows = table.n_rows * len(fold.columns)

    @cached_property
    def relation(self) -> Relation:
        """The rows: the table's own columns, and the gathered headers and values."""
        if self.is_sampled_whole:
            return few_rows(self.sample(), self.internal, self._table.relation.scans)
        names = [self._table.internal(name) for name in self._fold.columns]
        return self._table.relation.gathered(names, fold_labels(self._fold).to_pylist())

    @property
    def is_sampled_whole(self) -> bool:
        """Whether the sample has all rows."""
        return self._table.is_sampled_whole

    def internal(self, name: str) -> str:
        """Return what a column is called in `relation`."""
        places = {self._fold.key: KEY, self._fold.value: VALUE}
        return places.get(name) or self._table.internal(name)

    def extent(self, name: str) -> tuple[float, float, bool]:
        """Return a number column's smallest and largest value, and whether all are integers."""
        if name not in (self._fold.key, self._fold.value):
            return self._table.extent(name)
        if name == self._fold.key:
            labels = fold_labels(self._fold).cast("float64").to_pylist()
            return min(labels), max(labels), True
        ends = [self._table.extent(column) for column in self._fold.columns]
        lows, highs, wholes = zip(*ends, strict=True)
        return min(lows), max(highs), all(wholes)

    def sample(self) -> pa.Table:
        """Return the gathered rows of the table's sample."""
        sample = self._table.sample()
        others = [name for name in sample.column_names if name not in self._fold.columns]
        key = fold_labels(self._fold)
        parts = []
        for place, name in enumerate(self._fold.columns):
            part = sample.select(others)
            header = key.slice(place, 1).take(
                from_numbers(np.zeros(sample.num_rows, dtype=np.int64))
            )
            part = part.append_column(self._fold.key, header)
            value = sample.column(name)
            if not pa.types.is_string(value.type):
                value = value.cast("float64")
            parts.append(part.append_column(self._fold.value, value))
        # Row by row, as the relation has them.
        order = np.arange(len(parts) * sample.num_rows).reshape(len(parts), -1).T.ravel()
        return pa.concat_tables(parts).take(from_numbers(order))
