"""Owns the rows of a chart: what the browser gets, summarised where the data is."""

from __future__ import annotations

from erp_widget.aggregate.boxes import box_rows
from erp_widget.aggregate.folded import AnyTable, FoldedTable
from erp_widget.aggregate.groups import group_rows
from erp_widget.aggregate.plain import plain_rows
from erp_widget.aggregate.result import ChartRows, with_few_values, with_plain_labels, with_shares
from erp_widget.aggregate.sliced import SlicedTable, with_where
from erp_widget.aggregate.top import top_rows
from erp_widget.aggregate.values import MISSING
from erp_widget.sources import Table
from vizmodel.design import Design

__all__ = ["MISSING", "ChartRows", "rows"]


def rows(table: Table, design: Design) -> ChartRows:
    """Return the rows that a design draws; one query, run where the table is.

    Parameters
    ----------
    table
        Where the rows are.
    design
        A drawn design on that table.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> from vizmodel.design import Design, Encoding
    >>> bars = Design("bar", (Encoding("x", "c", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> rows(open_table({"c": ["a", "a", "b"]}), bars).records
    [{'x': 'a', 'y': 2}, {'x': 'b', 'y': 1}]
    """
    source = _source(table, design)
    if design.mark == "boxplot":
        found = box_rows(source, design)
    elif design.style.top is not None:
        found = top_rows(source, design, design.style.top)
    elif design.summarised:
        found = group_rows(source, design)
    else:
        found = plain_rows(source, design)
    found = with_plain_labels(with_few_values(found, design), design)
    return with_where(with_shares(found, design), design.style.where)


def _source(table: Table, design: Design) -> AnyTable:
    """Return the table as a chart sees it: whole, gathered, or a slice of it."""
    if design.style.fold is not None:
        return FoldedTable(table, design.style.fold)
    return SlicedTable(table, design.style.where) if design.style.where else table
