"""Owns the ends of number columns: of a sample that has all rows, or asked where the rows are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.sources.counted_rows import CountedRows
from erp_widget.sources.query import Measure, Query
from erp_widget.sources.relation import Relation

#: The smallest and the largest value, and whether all are integers.
Extent: TypeAlias = tuple[float, float, bool]


def sampled_extents(sample: pa.Table, names: Sequence[str]) -> dict[str, Extent]:
    """Return the ends of what is finite in some columns of a sample.

    Examples
    --------
    >>> sampled_extents(pa.table({"price": [1.5, 4.0, float("inf")]}), ["price"])
    {'price': (1.5, 4.0, False)}
    """
    return {name: _extent(sample.column(name)) for name in names}


def _extent(column: pa.ChunkedArray) -> Extent:
    if pa.types.is_floating(column.type):
        column = column.filter(pc.is_finite(column))
    ends = pc.min_max(column).as_py()
    low, high = (float(ends[end] or 0.0) for end in ("min", "max"))
    return low, high, pa.types.is_integer(column.type)


def asked_extents(relation: Relation, columns: Mapping[str, str]) -> dict[str, Extent]:
    """Return the ends of some columns in one query.

    Parameters
    ----------
    relation
        Where the rows are.
    columns
        Name -> what it is called in the relation.
    """
    if isinstance(relation, CountedRows):
        return {name: relation.column(at).extent() for name, at in columns.items()}
    measures = {f"l{at}": Measure("min", at) for at in columns.values()}
    measures |= {f"h{at}": Measure("max", at) for at in columns.values()}
    found = relation.ask(Query({}, measures))[0]
    extents = {}
    for name, at in columns.items():
        low, high = (float(found[end + at] or 0.0) for end in "lh")
        extents[name] = (low, high, relation.kinds[at] == "whole")
    return extents
