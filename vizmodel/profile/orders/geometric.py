"""Owns which few numbers grow by factors, as doses, threads and sizes of batches do: 1, 2, 4, 8.

On a straight axis most of them would lie on each other at its foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import STEP_NAME, split_name

#: Along times and durations equal steps are expected.
_TIME = late_pattern(
    r"hours?|hrs|years?|\bym\b|\bage|tenure|months?|days?|\bmins?\b|\bsecs?\b|duration"
)
#: Fewest and most such numbers beside nought, the least factor from one to the next, how much the
#: factors may differ, and how many times the smallest the largest is at least.
MIN_STEPS, MAX_STEPS, MIN_FACTOR, MAX_UNEVEN, MIN_SPAN = 4, 16, 1.4, 5.0, 15.0
#: Fewer numbers, of a larger factor: 1, 10, 100.
FEW_STEPS, LARGE_FACTOR = 3, 4.0
#: Rows for each of them at least: others are measured, not set.
MIN_ROWS = 2


def with_geometric(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Tell the columns whose few numbers grow by factors.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of ColumnProfile
        With `geometric`, the smallest of these numbers above nought.
    """
    pairs = zip(columns, values, strict=False)
    found = [replace(c, geometric=first) if (first := _first(c, v)) else c for c, v in pairs]
    return (*found, *columns[len(values) :])


def _first(column: ColumnProfile, values: ColumnValues) -> float:
    numbers = values.numbers
    if numbers is None or column.kind != "number" or column.is_time or column.calendar:
        return 0.0
    few = FEW_STEPS <= column.n_distinct <= MAX_STEPS + 1
    if not few or column.n_present < MIN_ROWS * column.n_distinct:
        return 0.0
    name = split_name(column.name)
    if column.identifier or STEP_NAME.search(name) or _TIME.search(name):
        return 0.0
    return first_of_factors(np.unique(numbers[np.isfinite(numbers)]).tolist())


def first_of_factors(numbers: Sequence[float]) -> float:
    """Return the smallest positive of sorted numbers that grow by factors; 0 for others.

    Examples
    --------
    >>> first_of_factors([0, 0.1, 0.3, 1, 3, 10]), first_of_factors([1, 2, 3, 4, 5])
    (0.1, 0.0)
    >>> first_of_factors([1, 10, 100]), first_of_factors([5, 10, 25, 50])
    (1, 0.0)
    """
    steps = [number for number in numbers if number > 0]
    if min(numbers, default=-1) < 0 or not FEW_STEPS <= len(steps) <= MAX_STEPS:
        return 0.0
    factors = [later / sooner for sooner, later in pairwise(steps)]
    least = LARGE_FACTOR if len(steps) < MIN_STEPS else MIN_FACTOR
    even = min(factors) >= least and max(factors) <= MAX_UNEVEN * min(factors)
    return steps[0] if even and steps[-1] >= MIN_SPAN * steps[0] else 0.0
