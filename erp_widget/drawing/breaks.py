"""Owns where lines and areas break: over times of which nothing was recorded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from erp_widget.context.chart import ChartContext
from erp_widget.drawing.times import place_of

Record: TypeAlias = dict[str, Any]
#: Fewer steps have no usual length; of others, such a share is about as long as the usual one.
MIN_STEPS, MIN_USUAL, ABOUT = 5, 0.7, 1.5
#: A line breaks where so many usual steps lie between two values, and so many times nearly all
#: steps: weekends and months without a day are no gaps. So many lie between two seasons, however
#: often these come. Counts break where one step is not there.
LONG, LONGER, SEASON = 3.5, 2.0, 12.0
#: What is a smaller share of the axis would not be seen.
MIN_SHARE = 0.02


def pieces(context: ChartContext) -> list[list[Record]]:
    """Return the records of each line, or of each part of it between two breaks, by time.

    Parameters
    ----------
    context
        Of a line or an area.
    """
    places = _places(context)
    lines = _lines(context, places)
    longest = _longest(context, lines, places)
    found = []
    for line in lines:
        found.append(line[:1])
        for one, after in pairwise(line):
            if places and places[after["x"]] - places[one["x"]] > longest:
                found.append([])
            found[-1].append(after)
    return found


def _lines(context: ChartContext, places: Mapping[Any, float]) -> list[list[Record]]:
    """Return the records of each line, by time where it is known."""
    keys = _keys(context)
    lines: dict[tuple[Any, ...], list[Record]] = {}
    for record in context.rows.records:
        lines.setdefault(tuple(record.get(key) for key in keys), []).append(record)
    if not places:
        return list(lines.values())
    return [sorted(line, key=lambda record: places[record["x"]]) for line in lines.values()]


def _longest(
    context: ChartContext, lines: Sequence[Sequence[Record]], places: Mapping[Any, float]
) -> float:
    """Return the longest step over which a line goes on."""
    if not places:
        return math.inf
    # Steps of one line: another may have its values at other times.
    steps = [places[b["x"]] - places[a["x"]] for line in lines for a, b in pairwise(line)]
    usual = _longest_step([step for step in steps if step > 0], counted=_counts(context))
    return max(usual, MIN_SHARE * (max(places.values()) - min(places.values())))


def with_breaks(context: ChartContext) -> list[Record]:
    """Return a line's records with one that has no value wherever the line breaks.

    Parameters
    ----------
    context
        Of a line or an area.
    """
    records = context.rows.records
    found = pieces(context)
    keys = _keys(context)
    breaks = [
        dict.fromkeys(records[0]) | {name: one[-1][name] for name in ("x", *keys)}
        for one, after in pairwise(found)
        if all(one[-1].get(key) == after[0].get(key) for key in keys)
    ]
    # After the value at the same time: the renderer's order of a path keeps theirs.
    return [*records, *breaks]


def with_edges(context: ChartContext) -> list[Record]:
    """Return the records of piled areas with zeros at both ends of times without any record.

    Parameters
    ----------
    context
        Of areas that are put on top of each other, which have no breaks: they fall to nothing and
        rise from it.
    """
    records, places = context.rows.records, _places(context)
    longest = _longest(context, _lines(context, places), places)
    every = sorted(set(places.values()))
    gaps = [(one, after) for one, after in pairwise(every) if after - one > longest]
    if not gaps or context.measure is None:
        return records
    zero = {context.measure.channel: 0}
    lasts, firsts = zip(*gaps, strict=True)
    begun = [record | zero for record in records if places[record["x"]] in firsts]
    ended = [record | zero for record in records if places[record["x"]] in lasts]
    # Before and after what is at the same time: the renderer's order of a path keeps theirs.
    return [*begun, *records, *ended]


def _keys(context: ChartContext) -> list[str]:
    """Return the channels that tell lines apart."""
    return [name for name in ("color", "row", "column") if context.on(name) is not None]


def _places(context: ChartContext) -> Mapping[Any, float]:
    """Return the times of a line as numbers, or the numbers along which it counts; else nothing."""
    x = context.on("x")
    column = context.column(x) if x is not None else None
    if x is None or context.labels("x"):
        return {}
    values = {record["x"] for record in context.rows.records}
    times = x.field_type == "temporal" or (column is not None and column.is_time)
    whole = _counts(context) and all(type(value) is int for value in values)
    if not times and not whole:
        return {}
    try:
        places = {value: place_of(value) for value in values}
    except ValueError:  # times before the first year, and after the last that Python knows
        return {}
    dates = all(isinstance(value, str) for value in values)  # years may be numbers
    return _used_days(places) if dates and _counts(context) else places


def _used_days(places: Mapping[Any, float]) -> Mapping[Any, float]:
    """Return the places of days as if there were no weekdays but those that are among them.

    What is counted on working days goes on over a weekend.
    """
    days = np.array([*places.values()])
    steps = np.diff(np.sort(days))
    if not len(steps) or (days % 1).any() or steps.min() != 1:
        return places
    numbers = days.astype(int)
    # The first day of 1970 was a Thursday.
    used = np.isin(np.arange(7), (numbers + 3) % 7)
    at = np.busday_count(np.datetime64(0, "D"), numbers.astype("datetime64[D]"), weekmask=used)
    return dict(zip(places, at.astype(float).tolist(), strict=True))


def _counts(context: ChartContext) -> bool:
    return context.measure is not None and context.measure.aggregate == "count"


def _longest_step(steps: Sequence[float], *, counted: bool) -> float:
    """Return the longest step over which a line goes on; endless where steps are of any length."""
    if len(steps) < MIN_STEPS:
        return math.inf
    usual = float(np.quantile(steps, 0.5, method="lower"))
    if np.mean(np.asarray(steps) <= ABOUT * usual) < MIN_USUAL:
        return math.inf
    if counted:
        return ABOUT * usual
    nearly_all = float(np.quantile(steps, 0.95, method="lower"))
    return max(LONG * usual, min(LONGER * nearly_all, SEASON * usual))
