"""Owns when short numbers are months of years: they go on past a year's end as within a year.

`12/85` may be a month, a score or a bed, and `1985.1` a month, a quarter or a length. Only where
nearly all steps are as long, and those from one year to the next no others, they are times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

#: Fewest times, most months from one to the next, and share of the steps that are as long.
MIN_TIMES, MAX_STEP, MIN_EVEN = 6, 6, 0.8
#: Months of a century: years of two digits begin anew after so many.
CENTURY = 1_200


def passes_years(times: Sequence[datetime]) -> bool:
    """Whether months go on evenly, from one year to the next as well.

    Parameters
    ----------
    times
        All different, in the order of a table's rows.

    Examples
    --------
    >>> from datetime import datetime
    >>> passes_years([datetime(1985 + m // 12, m % 12 + 1, 1) for m in range(9, 20)])
    True
    >>> passes_years([datetime(1985 + n, n + 1, 1) for n in range(9)])  # 1/85, 2/86, 3/87
    False
    """
    months = [12 * time.year + time.month for time in times]
    # Of 99 and 00 the second is the later one.
    half = CENTURY // 2
    steps = [(later - sooner + half) % CENTURY - half for sooner, later in pairwise(months)]
    if len(times) < MIN_TIMES or not (min(steps) > 0 or max(steps) < 0):
        return False
    usual, times_usual = Counter(steps).most_common(1)[0]
    if abs(usual) > MAX_STEP or times_usual < MIN_EVEN * len(steps):
        return False
    passing = [
        step == usual
        for step, (sooner, later) in zip(steps, pairwise(times), strict=True)
        if sooner.year != later.year
    ]
    return bool(passing) and 2 * sum(passing) > len(passing)
