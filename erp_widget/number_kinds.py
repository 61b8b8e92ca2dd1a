"""Owns what numbers stand for, which decides how they are written: years, shares, counts."""

from __future__ import annotations

import re

from vizmodel.design import Encoding
from vizmodel.profile import ColumnProfile
from vizmodel.profile.clocks import CLOCKS

#: Numbers between these may be years.
MIN_YEAR, MAX_YEAR = 1500, 2200


def is_year(column: ColumnProfile | None, encoding: Encoding) -> bool:
    """Whether numbers are years, which take no comma."""
    return (
        column is not None
        and column.semantic == "year"
        and encoding.aggregate in (None, "min", "max", "median", "mean")
    )


def is_decimal_year(column: ColumnProfile | None, low: float, high: float) -> bool:
    """Whether numbers are years with a part of them, such as 1998.25, which take no comma."""
    named = column is not None and re.search(r"year|date|time", column.name, re.IGNORECASE)
    return bool(named) and low >= MIN_YEAR and high <= MAX_YEAR


def is_clock(column: ColumnProfile | None, encoding: Encoding) -> bool:
    """Whether numbers are hours or minutes, which are written as a clock shows them."""
    counts = encoding.aggregate in ("count", "distinct")
    return (
        column is not None and column.written in CLOCKS and column.kind == "number" and not counts
    )


def is_share(column: ColumnProfile | None, encoding: Encoding) -> bool:
    """Whether values are shares of one, best read as percentages."""
    if column is not None and column.integer and encoding.aggregate == "mean":
        return column.n_distinct == 2 and (column.minimum, column.maximum) == (0, 1)
    if column is None or column.semantic != "percent" or encoding.discrete:
        return False
    return (
        column.minimum >= 0
        and column.maximum <= 1
        and encoding.aggregate not in ("sum", "distinct", "count")
    )


def is_whole_count(encoding: Encoding, column: ColumnProfile | None) -> bool:
    """Whether all numbers of a channel are whole."""
    if encoding.aggregate in ("count", "distinct"):
        return True
    return encoding.aggregate is None and column is not None and column.integer
