"""Owns how a value of the data is written for a browser: rounded numbers, labels, ISO dates."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from vizmodel.design import Encoding
from vizmodel.form.steps import WHOLE as WHOLE
from vizmodel.patterns import late_pattern

SIGNIFICANT_DIGITS = 6
#: What is nearer to zero is drawn as zero: the ratios by which Vega makes ticks and colours would
#: be no numbers.
LEAST_NUMBER = 1e-300
#: A browser takes whole numbers from here on for their neighbours; as labels they are texts.
LEAST_INEXACT = 2**53
MISSING = "(missing)"
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Characters that no picture may hold (XML 1.0), and the signs that stand for them.
UNDRAWABLE = late_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)} | {
    0xFFFE: 0xFFFD,
    0xFFFF: 0xFFFD,
}
#: Labels of parts of a cycle, in their order.
CYCLES: dict[str, tuple[Any, ...]] = {
    "month": MONTH_NAMES,
    "day": DAY_NAMES,
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "hours": tuple(range(24)),
}


def readable(value: Any, encoding: Encoding) -> Any:
    """Return a value as the chart shows it: a rounded number, a label, or an ISO date."""
    # Most values are numbers on a scale.
    if type(value) is float:
        return number(value)
    if value is None:
        return MISSING if encoding.discrete else None
    unit = encoding.time_unit
    if unit in ("month", "day", "quarter", "hours") and not isinstance(value, dt.datetime):
        return _cycle_label(int(value), str(unit))
    if isinstance(value, dt.datetime):
        return iso_time(value, label=encoding.discrete)
    if isinstance(value, bool):
        return str(value).lower() if encoding.discrete else int(value)
    if isinstance(value, str):
        return value.translate(PICTURES) if UNDRAWABLE.search(value) else value
    if encoding.discrete and isinstance(value, int) and abs(value) >= LEAST_INEXACT:
        return str(value)
    return number(value)


def _cycle_label(value: int, unit: str) -> str | int:
    if unit == "month":
        return MONTH_NAMES[value - 1]
    if unit == "day":
        return DAY_NAMES[value]
    return f"Q{value}" if unit == "quarter" else value


def iso_time(value: dt.datetime, label: bool = False) -> str:
    """Return a clock time as text that browsers read as UTC, so that no zone ever shifts it."""
    if (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else f"{value:%Y-%m-%d}".zfill(10)
    if label:
        # Seconds only where there are any; without them two groups would share a label.
        exact = "auto" if value.second or value.microsecond else "minutes"
        return value.isoformat(sep=" ", timespec=exact)
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds") + "Z"


def number(value: Any) -> int | float | None:
    """Return a number with six significant digits, and never coarser than a whole number.

    Examples
    --------
    >>> number(1234567.891), number(0.000123456789)
    (1234568, 0.000123457)
    """
    if value is None:
        return None
    if isinstance(value, int):
        return value
    real = float(value)
    if not math.isfinite(real):
        return None
    if abs(real) < LEAST_NUMBER:
        return 0
    digits = max(0, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(real))))
    rounded = round(real, digits)
    return int(rounded) if rounded.is_integer() and abs(rounded) < LEAST_INEXACT else rounded
