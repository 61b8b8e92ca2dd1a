"""Owns which numbers have no course: those of events, of which none tells anything of the next.

Ratings of tickets, goals of matches and lengths of calls differ from one to the next by chance. A
line through them in the order of their times is a comb, whatever the times are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.records import holds_records
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues

#: Fewest rows that show it, and most different values of what only events are counted or rated by.
MIN_ROWS, MAX_RATED = 60, 12
#: Least share of the rows that have a time of their own.
MIN_APART = 0.9
#: How far apart numbers may tell of each other, in rows; and in how many standard errors of a
#: correlation they do so by chance.
LAGS, MAX_DEVIATE = (1, 2, 3, 7, 12), 3.0


def with_restless(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Tell the numbers of events that have no course along the times of these.

    Such are numbers of records, and counts and ratings of anything that has times of its own.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> drawn = np.random.default_rng(1)
    >>> days = np.arange("2024-01-01", "2024-07-01", dtype="datetime64[D]").astype("datetime64[us]")
    >>> table = {"day": days, "stars": drawn.integers(1, 6, 182), "warm": drawn.normal(0, 1, 182)}
    >>> [c.name for c in profile_table(pa.table(table)).columns if c.restless]
    ['stars']
    """
    time = next((at for at, column in enumerate(columns) if _are_events(column)), None)
    if time is None:
        return tuple(columns)
    recorded, order = holds_records(columns), np.argsort(values[time].sizes, kind="stable")
    return tuple(
        replace(column, restless=True)
        if _may_be(column, recorded=recorded) and not _follows(values[at].sizes[order])
        else column
        for at, column in enumerate(columns)
    )


def _are_events(column: ColumnProfile) -> bool:
    apart = column.n_distinct >= MIN_APART * column.n_rows and column.n_rows >= MIN_ROWS
    return column.kind == "time" and column.usable and apart


def _may_be(column: ColumnProfile, *, recorded: bool) -> bool:
    rated = column.integer and column.n_distinct <= MAX_RATED
    return column.kind == "number" and column.usable and not column.is_time and (recorded or rated)


def _follows(numbers: Floats) -> bool:
    """Whether numbers tell anything of those soon after them, by ranks, which no peak sways."""
    known = numbers[np.isfinite(numbers)]
    if len(known) < MIN_ROWS:
        return True
    ranks = np.unique(known, return_inverse=True)[1].astype(float)
    most = MAX_DEVIATE / math.sqrt(len(ranks))
    return any(abs(np.corrcoef(ranks[lag:], ranks[:-lag])[0, 1]) > most for lag in LAGS)
