"""Owns what numbers stand for, which decides how they are written: years, shares, counts."""

from __future__ import annotations

import math
import re
from typing import Any

from vizmodel.design import Encoding
from vizmodel.form.rates import ShareOf
from vizmodel.profile import ColumnProfile
from vizmodel.profile.reading.clocks import CLOCKS
from vizmodel.profile.words import PERCENT_SIGN

#: Numbers between these may be years.
MIN_YEAR, MAX_YEAR = 1500, 2200
#: Largest number from which numbers between nought and one are parts of a whole, distinct ones up
#: to which they are steps; and the usual one, and the small over the large ones, from which they
#: keep away from nought.
NEARLY_WHOLE, FEW_STEPS, LEAST_SHARE, NEAR_NOUGHT = 0.95, 12, 0.05, 0.3
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
    if isinstance(encoding, ShareOf):
        return True
    if column is None:
        return False
    if encoding.aggregate == "mean" and column.integer:
        return column.zero_one
    summed = encoding.aggregate in ("sum", "distinct", "count")
    return not encoding.discrete and not summed and holds_shares(column)


def holds_shares(column: ColumnProfile) -> bool:
    """Whether a column's values are shares of one.

    A name that says percent may mean it: of scrap_pct 0.3 is hardly a third, nor is 0.25 of an
    interest. Such numbers are shares where they reach the whole, are a few steps such as rebates,
    or keep away from nought, as moistures and margins do. Others are written as they are.
    """
    if column.semantic != "percent" or column.minimum < 0 or column.maximum > 1:
        return False
    if not PERCENT_SIGN.search(column.name):
        return True
    low, _, middle, _, high = column.quantiles
    away = middle >= LEAST_SHARE and low >= NEAR_NOUGHT * high
    return column.maximum >= NEARLY_WHOLE or column.n_distinct <= FEW_STEPS or away


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
