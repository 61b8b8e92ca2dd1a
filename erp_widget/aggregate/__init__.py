"""Owns the rows of a chart: what the browser gets, summarised where the data is."""

from __future__ import annotations

from erp_widget.aggregate.boxes import box_rows
from erp_widget.aggregate.folded import FoldedTable
from erp_widget.aggregate.groups import group_rows
from erp_widget.aggregate.plain import plain_rows
from erp_widget.aggregate.result import ChartRows, with_few_values, with_plain_labels, with_shares
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
    fold = design.style.fold
    source = table if fold is None else FoldedTable(table, fold)
    if design.mark == "boxplot":
        found = box_rows(source, design)
    elif design.style.top is not None:
        found = top_rows(source, design, design.style.top)
    elif design.summarised:
        found = group_rows(source, design)
    else:
        found = plain_rows(source, design)
    return with_shares(with_plain_labels(with_few_values(found, design), design), design)
