"""Owns which numbers are totals so far: cases to date, a meter's reading, a distance covered.

Within each thing they never fall, or they are called so. Added up over times they count what came
first again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Names of totals so far, also of those that begin anew each year.
_SO_FAR = late_pattern(
    r"\b([yqmw]td|cum|cumsum|cumul\w*|kum|kumul\w*|akkumul\w*|accum\w*|acum\w*|skumul\w*|ackumul\w*"
    r"|(so far|to date|running total)( this \w+)?)\b"
)
#: Fewest steps from one time to the next, most of them that fall, and fewest that rise.
MIN_STEPS, MOST_FALLS, LEAST_RISES = 40, 0.005, 0.1
#: Fewest different values of what grows.
MIN_VALUES = 10


def with_cumulative(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: Iterable[tuple[int, ...]],
) -> tuple[ColumnProfile, ...]:
    """Tell the numbers that never fall along the times of a table, thing by thing.

    Parameters
    ----------
    columns, values
        Of the sample.
    keys
        Sets of positions that identify its rows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> rows = [(land, year) for land in ("Peru", "Chile") for year in range(1980, 2010)]
    >>> table = {"land": [land for land, _ in rows], "year": [year for _, year in rows]}
    >>> table["built"] = [(year - 1979) * len(land) for land, year in rows]
    >>> table["rain"] = [year * 37 % 101 for _, year in rows]
    >>> [c.name for c in profile_table(pa.table(table)).columns if c.cumulative]
    ['built']
    """
    found = [replace(c, cumulative=True) if _is_called_so_far(c) else c for c in columns]
    sizes = [at for at, column in enumerate(columns) if _may_grow(column)]
    for key in sorted(keys, key=lambda key: (len(key), key)) if sizes else ():
        times = [at for at in key if columns[at].is_time]
        if len(times) != 1:
            continue
        order, same = _in_order(times[0], [at for at in key if at != times[0]], values)
        for at in sizes:
            if _never_falls(values[at].sizes[order], same):
                found[at] = replace(found[at], cumulative=True)
    return tuple(found)


def _is_called_so_far(column: ColumnProfile) -> bool:
    told = column.additive and column.usable
    return told and _SO_FAR.search(split_name(column.name)) is not None


def _may_grow(column: ColumnProfile) -> bool:
    return column.additive and column.usable and column.n_distinct >= MIN_VALUES


def _in_order(
    time: int, others: Sequence[int], values: Sequence[ColumnValues]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the rows thing by thing along the times, and which follow one of the same thing."""
    things = [values[at].codes for at in others]
    order = np.lexsort((values[time].sizes, *things))
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for codes in things:
        same &= np.diff(codes[order]) == 0
    return order, same


def _never_falls(numbers: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]) -> bool:
    steps = np.diff(numbers)[same]
    steps = steps[np.isfinite(steps)]
    if len(steps) < MIN_STEPS:
        return False
    return bool((steps < 0).mean() <= MOST_FALLS and (steps > 0).mean() >= LEAST_RISES)
