"""Owns what is not there in counted rows: nothing at a step of a line is a zero, not a slope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from vizmodel.design import Design, Encoding

Record: TypeAlias = dict[str, Any]
#: Zeros are written where the records they join are at least such a share of all.
MIN_FILLED = 0.05
#: Steps between the first and the last are known where so many are there, and such a share of all:
#: years that come every fifth are not those in which nothing happened.
MIN_STEPS, MIN_REGULAR = 5, 0.5
#: Where the fewest that were counted anywhere are so many, a step without any is one of which
#: nothing was recorded.
MIN_RECORDED = 20
#: Chance that a weekday has no record, up to which it has none by its nature.
MAX_CHANCE = 0.01
#: Most records of a chart with its zeros.
MAX_FILLED = 3_000
#: Months of a step; a day has none.
MONTHS = {"year": 12, "yearmonth": 1}


def with_zeros(found: ChartRows, design: Design) -> ChartRows:
    """Return counts along a line or an area with a zero wherever nothing was counted.

    Where most years, months, days or whole numbers between the first and the last are there, so
    are the others, but for weekdays on which nothing ever is; else steps are those at which some
    line has records. Where all counts are large, what is missing is no zero.

    Parameters
    ----------
    found
        Counted rows.
    design
        Of the chart.

    Examples
    --------
    >>> line = Design("line", (Encoding("x", "t", "yearmonth", "temporal"),
    ...                        Encoding("y", None, "count", "quantitative")))
    >>> counted = [{"x": f"2024-0{month}-01", "y": month} for month in (1, 2, 3, 5, 6)]
    >>> [record["y"] for record in with_zeros(ChartRows(counted, 17), line).records]
    [1, 2, 3, 0, 5, 6]
    """
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark not in ("line", "area") or x is None or y is None or y.aggregate != "count":
        return found
    counts = [record["y"] for record in found.records]
    if min(counts, default=0) >= MIN_RECORDED:
        return found
    steps = _steps(x, [record["x"] for record in found.records])
    keys = [e.channel for e in design.encodings if e not in (x, y)]
    series = list(dict.fromkeys(tuple(r[key] for key in keys) for r in found.records))
    n_filled = len(steps) * len(series)
    if n_filled > MAX_FILLED or len(found.records) < MIN_FILLED * n_filled:
        return found
    known = {(record["x"], *(record[key] for key in keys)): record for record in found.records}
    records = [
        known.get((step, *one)) or {"x": step, **dict(zip(keys, one, strict=True)), "y": 0}
        for one in series
        for step in steps
    ]
    filled = len(records) > len(found.records)
    return replace(found, records=records, steps=tuple(steps) if filled else ())


def _steps(x: Encoding, present: Sequence[Any]) -> list[Any]:
    """Return the places of a line, those between the times that are there among them."""
    different = sorted(set(present), key=lambda value: (isinstance(value, str), value))
    every = _every_step(x, different)
    usual = len(different) >= MIN_STEPS and len(different) >= MIN_REGULAR * len(every)
    return every if usual else different


def _every_step(x: Encoding, different: list[Any]) -> list[Any]:
    """Return all steps from the first to the last, where it is known how far apart they are."""
    if not different:
        return []
    if all(type(value) is int for value in different):
        # A range is not written out before it is known that it is used.
        few = different[-1] - different[0] < MAX_FILLED
        return list(range(different[0], different[-1] + 1)) if few else different
    try:
        times = [date.fromisoformat(value) for value in different]
    except (TypeError, ValueError):  # no times, or exact ones
        return different
    if len(times) < 2:
        return different
    months = MONTHS.get(step_of(x, times))
    if months is None:
        return [day.isoformat() for day in _days(times)]
    first, last = (12 * time.year + time.month - 1 for time in (times[0], times[-1]))
    return [date(at // 12, at % 12 + 1, 1).isoformat() for at in range(first, last + 1, months)]


def step_of(x: Encoding, times: Sequence[date]) -> str:
    """Return how far apart times are, as a time unit: plain dates are of what all of them begin.

    Examples
    --------
    >>> step_of(Encoding("x", "day", "value", "temporal"), [date(2024, 1, 1), date(2024, 3, 1)])
    'yearmonth'
    """
    if x.transform in ("year", "yearmonth", "yearmonthdate"):
        return x.transform
    if any(time.day > 1 for time in times):
        return "yearmonthdate"
    return "year" if all(time.month == 1 for time in times) else "yearmonth"


def _days(times: Sequence[date]) -> list[date]:
    """Return all days from the first to the last, without weekdays on which nothing ever is.

    Where all but a few other days are there, that is no chance: weekends of an office are no gaps.
    """
    days = range(times[0].toordinal(), times[-1].toordinal() + 1)
    if len(days) > 7 * MAX_FILLED:
        return list(times)  # more than are filled, were they one weekday alone
    every = [date.fromordinal(day) for day in days]
    used = {time.weekday() for time in times}
    n_open = sum(day.weekday() in used for day in every)
    missed = 1 - len(times) / (n_open + 1)
    never = Counter(day.weekday() for day in every if day.weekday() not in used)
    closed = {weekday for weekday, n in never.items() if missed**n <= MAX_CHANCE}
    return [day for day in every if day.weekday() not in closed]
