"""Owns the roles: what part an encoding plays in a chart, whatever its column is called."""

from __future__ import annotations

from typing import Literal

from vizmodel.design import TIME_UNITS, Transform
from vizmodel.profile.columns import ColumnProfile

Role = Literal[
    "measure",  # numbers as they are
    "time",  # times or years as they are
    "category",  # separate groups
    "bin",  # ranges of numbers
    "period",  # times cut into units
    "count",  # number of records
    "total",  # a sum: parts of it can be stacked
    "summary",  # a mean, median, minimum, maximum or distinct count: parts cannot be stacked
]


def role_of(transform: Transform, column: ColumnProfile | None) -> Role:
    """Return the role that a transform gives to a column (None: the records themselves).

    Examples
    --------
    >>> role_of("count", None)
    'count'
    """
    if transform == "value":
        return "time" if column is not None and column.is_time else "measure"
    if transform in TIME_UNITS:
        return "period"
    if transform == "sum":
        return "total"
    if transform in ("category", "bin", "count"):
        return transform
    return "summary"
