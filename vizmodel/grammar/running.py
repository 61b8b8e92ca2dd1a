"""Owns what numbers that only count can stand for: days of a month, rows of a table."""

from __future__ import annotations

from vizmodel.design import Channel, Mark, Transform
from vizmodel.profile import ColumnProfile

#: What makes one number of several.
NUMERIC_AGGREGATES = ("mean", "median", "sum", "min", "max")


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
        return channel == "x" and transform == "value" and mark not in ("boxplot", "tick")
    boxed = mark == "boxplot" and transform == "value"
    sized = boxed or transform == "bin" or transform in NUMERIC_AGGREGATES
    return not (sized and column.calendar)
