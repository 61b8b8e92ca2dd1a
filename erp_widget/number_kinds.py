"""Owns what numbers stand for, which decides how they are written: years, shares, counts."""

from __future__ import annotations

import math
import re
from typing import Any

from vizmodel.design import Encoding
from vizmodel.profile import ColumnProfile
from vizmodel.profile.clocks import CLOCKS

#: Numbers between these may be years.
MIN_YEAR, MAX_YEAR = 1500, 2200
#: Up to this many whole numbers an axis names each; d3 would write "1931, 1932, 1932".
MAX_WHOLE_TICKS = 7
#: Ticks of clocks stand at full hours where there are so many, at least and at most.
MIN_CLOCK_TICKS, MAX_CLOCK_TICKS = 3, 9
#: Hours or minutes as a clock shows them.
CLOCK_LABEL = (
    "(datum.value < 0 ? '-' : '') + floor(round(abs(datum.value) * 60) / 60) + ':' + "
    "pad(round(abs(datum.value) * 60) % 60, 2, '0', 'left')"
)


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
        return column.zero_one
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


def clock_ticks(low: float, high: float) -> dict[str, Any]:
    """Return ticks at full hours that divide a day, where these are not too few."""
    step = next((step for step in (1, 2, 3, 6, 12) if high - low <= MAX_WHOLE_TICKS * step), 24)
    ticks = [step * n for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return (
        {"values": ticks} if MIN_CLOCK_TICKS <= len(ticks) <= MAX_CLOCK_TICKS else {"tickCount": 5}
    )
