"""Owns how exactly times are shown, and how far they are apart."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from erp_widget.chart_context import ChartContext
from vizmodel.design import Encoding

UTC_UNITS = {
    "year": "utcyear",
    "yearmonth": "utcyearmonth",
    "yearmonthdate": "utcyearmonthdate",
}
#: Bars on a time axis are as wide as the smallest part of the dates that varies.
RESOLUTION_UNITS = {
    "year": "utcyear",
    "month": "utcyearmonth",
    "day": "utcyearmonthdate",
    "hour": "utcyearmonthdatehours",
}
#: Days of such a part, and so many of it from which bars are as wide as times are apart: of weeks,
#: bars of a day would be hairs.
DAYS = {"year": 366, "month": 31, "day": 1, "hour": 1 / 24}
MIN_APART = 1.5


def time_unit(context: ChartContext, encoding: Encoding) -> str | None:
    """Return the UTC unit in which a time is shown; None for exact times."""
    if encoding.time_unit in UTC_UNITS:
        return UTC_UNITS[encoding.time_unit]
    column = context.column(encoding)
    if encoding in (context.design.ends or ()) or are_apart(context, encoding):
        return None
    if column is not None and column.resolution and context.design.mark in ("bar", "rect"):
        return RESOLUTION_UNITS[column.resolution]
    return None


def are_apart(context: ChartContext, encoding: Encoding) -> bool:
    """Whether bars stand on exact times that are further apart than the smallest part that varies.

    Parameters
    ----------
    context, encoding
        The chart, and its times.
    """
    column, x = context.column(encoding), context.on("x")
    if context.design.mark != "bar" or encoding is not x or context.design.ends is not None:
        return False
    if column is None or not column.resolution or encoding.time_unit in UTC_UNITS:
        return False
    try:
        places = sorted({place_of(record["x"]) for record in context.rows.records})
    except ValueError:  # times before the first year, and after the last that Python knows
        return False
    step = min((after - one for one, after in pairwise(places)), default=0.0)
    return step > MIN_APART * DAYS[column.resolution]


def place_of(value: Any) -> float:
    """Return a number, such as a year, as it is, and a time in days.

    Examples
    --------
    >>> place_of("1970-01-03"), place_of(1970)
    (2.0, 1970.0)
    """
    if isinstance(value, int | float):
        return float(value)
    time = datetime.fromisoformat(value)
    return time.replace(tzinfo=time.tzinfo or UTC).timestamp() / 86_400
