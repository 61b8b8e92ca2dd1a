"""Owns the rows of a chart: what the browser gets, summarised where the data is."""

from __future__ import annotations

from erp_widget.aggregate.result import ChartRows
from erp_widget.aggregate.shared_rows import SharedRows
from erp_widget.aggregate.values import MISSING, WHOLE
from erp_widget.sources import Table
from vizmodel.design import Design

__all__ = ["MISSING", "WHOLE", "ChartRows", "SharedRows", "rows"]


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
    return SharedRows(table, []).rows(design)
