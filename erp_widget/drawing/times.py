"""Owns how exactly times are shown, and how far they are apart."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from erp_widget.context.chart import ChartContext
from erp_widget.telling.figures import QUARTERS, date
from vizmodel.design import Encoding

#: How d3 writes a quarter.
QUARTER_FORMAT = "Q%q %Y"
#: How days are written on an axis, and times of the day, as sentences have them; d3's own are of
#: twelve hours and mix days of the week and whole months.
DAY_FORMAT, CLOCK_FORMAT = "%-d %b", "%H:%M"
CLOCK_FORMATS = {
    **dict.fromkeys(("year", "quarter", "month", "week", "date", "day"), DAY_FORMAT),
    **dict.fromkeys(("hours", "minutes"), CLOCK_FORMAT),
    "seconds": f"{CLOCK_FORMAT}:%S",
    "milliseconds": f"{CLOCK_FORMAT}:%S.%L",
}
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
DAYS = {
    "utcyear": 366,
    "utcyearmonth": 31,
    "utcyearmonthdate": 1,
    "utcyearmonthdatehours": 1 / 24,
}
MIN_APART = 1.5
#: Part of an hour from which times are hours apart.
LEAST_HOUR = 0.99
#: Pixels of the narrowest place in which bars leave a gap to the next.
MIN_PLACE = 4.0


def time_unit(context: ChartContext, encoding: Encoding) -> str | None:
    """Return the UTC unit in which a time is shown; None for exact times."""
    if encoding.time_unit in UTC_UNITS:
        return UTC_UNITS[encoding.time_unit]
    column = context.column(encoding)
    if encoding in (context.design.ends or ()):
        return None
    if column is not None and column.resolution and context.design.mark in ("bar", "rect"):
        return RESOLUTION_UNITS[column.resolution]
    return None


def only_day(context: ChartContext, encoding: Encoding) -> str | None:
    """Return the day on which all times of an axis are, in words; None where they are of several.

    Of its hours and minutes alone no reader could tell which day it was.
    """
    if encoding.field_type != "temporal" or encoding.time_unit is not None:
        return None
    times = {str(record.get(encoding.channel)) for record in context.rows.records}
    days = {time[:10] for time in times}
    clocks = len(times) > 1 and any(len(time) > len("2024-06-01") for time in times)
    day = days.pop() if len(days) == 1 and clocks else ""
    return date(day, replace(encoding, transform="yearmonthdate")) if day else None


def are_quarters(context: ChartContext, encoding: Encoding) -> bool:
    """Whether all times of a chart are quarters of a year, to be written so."""
    column = context.column(encoding)
    if column is None or not column.by_quarters or encoding.time_unit not in (None, "yearmonth"):
        return False
    return all(str(record[encoding.channel])[5:7] in QUARTERS for record in context.rows.records)


def has_bands(context: ChartContext, encoding: Encoding) -> bool:
    """Whether marks on times are as wide as the unit in which these are shown.

    Bars are not where times are further apart, or so near that there would be seams between them.

    Parameters
    ----------
    context, encoding
        The chart, and its times.
    """
    unit = time_unit(context, encoding)
    if context.design.style.body is not None:
        return False  # a rule stands where its day begins, and so does the bar around it
    if unit is None or context.design.mark != "bar" or encoding is not context.on("x"):
        return unit is not None
    try:
        places = sorted({place_of(record["x"]) for record in context.rows.records})
    except ValueError:  # times before the first year, and after the last that Python knows
        return True
    step = min((after - one for one, after in pairwise(places)), default=0.0)
    if not step:
        return True
    if unit == "utcyearmonthdatehours" and step < LEAST_HOUR * DAYS[unit]:
        return False  # bars of minutes would all stand in their hour
    # What is counted by months is of whole months, also where every other has nothing.
    apart = encoding.time_unit not in UTC_UNITS and step > MIN_APART * DAYS[unit]
    return not apart and context.plot_width * step >= MIN_PLACE * (places[-1] - places[0] + step)


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
