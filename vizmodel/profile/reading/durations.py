"""Owns spans of time: the unit that durations are told in, and how long it is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.profile.reading.arrays import as_floats
from vizmodel.profile.reading.clocks import DURATIONS, whole_of

#: How durations are told whose middle one has at least so many days, of so many seconds.
DAYS, MIN_DAYS, DAY = "days", 2, 86_400.0
DURATIONS_ARE_CLOCKS = "long durations, told in minutes or hours"
_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def duration_form(durations: pa.ChunkedArray) -> tuple[str | None, str, str]:
    """Return how durations are told: the form of the numbers, why, and their unit.

    Examples
    --------
    >>> duration_form(pa.chunked_array([pa.array([5, 90], pa.duration("s"))]))
    (None, 'durations are read as seconds', 's')
    >>> duration_form(pa.chunked_array([pa.array([432_000, 864_000], pa.duration("s"))]))
    ('days', 'durations are read as days', 'days')
    """
    seconds = as_floats(seconds_of(durations))
    if np.nanmedian(np.abs(seconds)) >= MIN_DAYS * DAY:
        return DAYS, "durations are read as days", DAYS
    whole = whole_of(seconds)
    if whole is not None:
        return f"seconds, as {whole}", DURATIONS_ARE_CLOCKS, ""
    return None, "durations are read as seconds", "s"


def seconds_of(durations: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return durations in seconds; a step through nanoseconds would overflow on centuries."""
    ticks = pc.cast(pc.cast(durations, pa.int64()), pa.float64(), safe=False)
    return pc.divide(ticks, _PER_SECOND[durations.type.unit])


def span_unit(form: str | None) -> float:
    """Return how many seconds are one unit of what durations of a form are told in.

    Examples
    --------
    >>> span_unit("days"), span_unit("seconds, as hours"), span_unit(None)
    (86400.0, 3600.0, 1.0)
    """
    return DAY if form == DAYS else DURATIONS.get(form or "", 1.0)
