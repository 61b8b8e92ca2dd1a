"""Owns in how many digits a number is told: in as many as it takes to tell it from its like."""

from __future__ import annotations

import math

from vizmodel.design import Encoding
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile

SIGNIFICANT_DIGITS = 4
#: Most digits of a number that differs from others only in its last ones: as rows have them.
MOST_DIGITS = 6
#: Summaries that are among the values which they sum up.
LIKE_VALUES = ("mean", "median", "min", "max")
#: How Python writes what an axis has as e-8.
EXPONENT = late_pattern(r"e([+-])0+(?=\d)")


def digits_of(value: float, encoding: Encoding | None, column: ColumnProfile | None) -> int:
    """Return in how many digits a number is told: in more where others are close to it.

    Of 25.0003 and 25.0004 four digits would say that they are the same.
    """
    one_of_them = encoding is not None and encoding.aggregate in (None, *LIKE_VALUES)
    if not one_of_them or column is None or not value or not math.isfinite(value):
        return SIGNIFICANT_DIGITS
    low, *_, high = column.quantiles
    return max(SIGNIFICANT_DIGITS, needed_digits(value, high - low))


def needed_digits(value: float, spread: float) -> int:
    """Return the digits in which a number differs from others within a spread about it.

    Examples
    --------
    >>> needed_digits(25.0003, 0.0013), needed_digits(25.3, 40.0)
    (6, 2)
    """
    if not spread > 0 or not math.isfinite(spread) or not value:
        return SIGNIFICANT_DIGITS
    apart = math.ceil(math.log10(abs(value)) - math.log10(spread))
    return min(max(apart, 0) + 2, MOST_DIGITS)


def plain_number(value: float, digits: int) -> str:
    """Return a number in so many digits, its exponent as axes have it.

    Examples
    --------
    >>> plain_number(8.6012e-8, 3), plain_number(25.0003, 6)
    ('8.6e-8', '25.0003')
    """
    return EXPONENT.sub(r"e\1", f"{value:.{digits}g}")
