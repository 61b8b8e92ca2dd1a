"""Owns the halves of a chart's rows: what is asked of the table, what the answer becomes."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from erp_widget.aggregate.result import ChartRows
from erp_widget.sources.query import Answer, Query


class Asked(Struct, frozen=True):
    """A chart whose rows are on their way.

    Parameters
    ----------
    query
        What is asked of the chart's relation; None where nothing is.
    finished
        From the answer to the chart's rows; it may ask for more.
    """

    query: Query | None
    finished: Callable[[Answer], ChartRows]
