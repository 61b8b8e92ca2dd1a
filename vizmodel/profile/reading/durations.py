"""Owns spans of time: the unit that durations are told in, and how long it is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.profile.reading.arrays import Floats, as_floats
from vizmodel.profile.reading.clocks import DURATIONS, whole_of

#: Units of durations, the longest first: seconds in one, and how many the middle one has at least.
UNITS = {
    "years": (31_556_952.0, 2),
    "days": (86_400.0, 2),
    "hours": (3_600.0, 2),
    "minutes": (60.0, 1.5),
}
#: Shorter than the first one they are told as clocks show them, where that can be.
LONG = ("years", "days")
DURATIONS_ARE_CLOCKS = "long durations, told in minutes or hours"
_PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def duration_form(durations: pa.ChunkedArray) -> tuple[str | None, str, str]:
    """Return how durations are told: the form of the numbers, why, and their unit.

    Parameters
    ----------
    durations
        At least one of them is known.

    Examples
    --------
    >>> duration_form(pa.chunked_array([pa.array([5, 90], pa.duration("s"))]))
    (None, 'durations are read as seconds', 's')
    >>> duration_form(pa.chunked_array([pa.array([432_000, 864_000], pa.duration("s"))]))
    ('days', 'durations are read as days', 'days')
    """
    seconds = as_floats(seconds_of(durations))
    unit = unit_of(seconds)
    whole = None if unit in LONG else whole_of(seconds)
    if whole is not None:
        return f"seconds, as {whole}", DURATIONS_ARE_CLOCKS, ""
    return unit, f"durations are read as {unit or 'seconds'}", unit or "s"


def unit_of(seconds: Floats) -> str | None:
    """Return the unit that fits durations; None for seconds.

    Examples
    --------
    >>> unit_of(np.array([9e4, 2e5, np.nan])), unit_of(np.array([-60.0, 60.0]))
    ('hours', None)
    """
    middle = np.nanmedian(np.abs(seconds))
    return next((one for one, (long, least) in UNITS.items() if middle >= least * long), None)


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
    if form in UNITS:
        return UNITS[form][0]
    return DURATIONS.get(form or "", 1.0)
