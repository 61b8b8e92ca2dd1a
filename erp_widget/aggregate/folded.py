"""Owns gathered rows: a wide table seen with one row per row and gathered column."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from erp_widget.sources import Table, fetch
from vizmodel.design import Fold
from vizmodel.profile.fold import fold_labels

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.aggregate.sliced import SlicedTable

#: What the queries of charts ask for rows.
AnyTable: TypeAlias = "Table | FoldedTable | SlicedTable"
KEY, VALUE = "folded_key", "folded_value"


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
    def relation(self) -> ir.Table:
        """The rows: the table's own columns, and the gathered headers and values."""
        import ibis

        relation = self._table.relation
        labels = fold_labels(self._fold).to_pylist()
        names = [self._table.internal(name) for name in self._fold.columns]
        pieces = [
            ibis.struct({KEY: label, VALUE: relation[name].cast("float64")})
            for name, label in zip(names, labels, strict=True)
        ]
        return relation.mutate(folded=ibis.array(pieces).unnest()).unpack("folded")

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
        import ibis

        columns: list[Any] = [
            self._table.relation[self._table.internal(column)] for column in self._fold.columns
        ]
        low = ibis.least(*(column.min().cast("float64") for column in columns))
        high = ibis.greatest(*(column.max().cast("float64") for column in columns))
        found = fetch(self._table.relation.aggregate(low=low, high=high))[0]
        whole = all(column.type().is_integer() for column in columns)
        return found["low"] or 0.0, found["high"] or 0.0, whole

    def sample(self) -> pa.Table:
        """Return the gathered rows of the table's sample."""
        sample = self._table.sample()
        others = [name for name in sample.column_names if name not in self._fold.columns]
        key = fold_labels(self._fold)
        parts = []
        for place, name in enumerate(self._fold.columns):
            part = sample.select(others)
            header = key.slice(place, 1).take(pa.array([0] * sample.num_rows))
            part = part.append_column(self._fold.key, header)
            parts.append(part.append_column(self._fold.value, sample.column(name).cast("float64")))
        return pa.concat_tables(parts)
