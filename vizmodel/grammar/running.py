"""Owns what runs on and what comes round: numbers that only count rows, and parts of a calendar."""

from __future__ import annotations

from vizmodel.design import TIME_UNITS, Channel, Mark, TimeUnit, Transform
from vizmodel.profile import ColumnProfile

#: What makes one number of several.
NUMERIC_AGGREGATES = ("mean", "median", "sum", "min", "max")
#: Parts of a time that come round again after a few steps, and most of these.
FEW_PARTS: tuple[TimeUnit, ...] = ("quarter", "month", "day")
MAX_ROUND = 12


def counted_is_no_size(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether a number that only counts is not drawn as if it had a size.

    Parameters
    ----------
    mark, channel, transform
        Of the encoding.
    column
        Its column. One that counts the rows is what others run along, and nothing else.
    """
    if column.counts_rows:
        if mark == "rect":  # a cross table has a column of cells for each hour
            return channel == "x" and transform == "category"
        return channel == "x" and transform == "value" and mark not in ("boxplot", "tick")
    # From December to January is one step, not eleven down: a line would fall.
    lined = mark in ("line", "area") and channel != "x"
    boxed = (mark == "boxplot" or lined) and transform == "value"
    sized = boxed or transform == "bin" or transform in NUMERIC_AGGREGATES
    return not (sized and column.calendar)


def axis_is_no_size(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether numbers that curves run along are drawn as their axis, or tell steps apart."""
    if not column.axis or transform == "category":
        return True
    along = channel == "x" or (channel == "y" and mark == "point")
    return along and transform == "value" and mark not in ("boxplot", "tick")


def comes_round(transform: Transform, column: ColumnProfile) -> bool:
    """Whether what is shown comes round again after a few steps: weekdays, months of any year.

    Examples
    --------
    >>> comes_round("month", ColumnProfile("sold", 0, "time", "time", "", 9, 9, 9))
    True
    """
    if transform in TIME_UNITS:
        return transform in FEW_PARTS
    few = column.calendar and column.n_distinct <= MAX_ROUND
    return few or column.semantic in ("month", "weekday")
