"""Owns where axes end: one giant among thousands of values does not squeeze all others into a line.

What lies beyond is drawn at the edge of its plot, and a note says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from vizmodel.design import Channel, Design

Limits: TypeAlias = tuple[float, float]
Values: TypeAlias = "Sequence[float] | np.ndarray[Any, Any]"
Scale: TypeAlias = Callable[[float], float]
#: Fewer values have bins to the last of them.
MIN_BINNED = 12
#: Fewer marks are shown as they are: among few, a giant is the news.
MIN_MARKS = 150
#: Share of the values that may lie beyond each end.
BEYOND = 0.01
#: An axis ends early on a side where it would run on for so many times the length of all others,
#: and only if that leaves at most such a share of it: bins say what the last one holds, words how
#: many lie beyond boxes, and how far, and points there point outwards.
MIN_GAP, MIN_BOX_GAP = 0.75, 0.5
MAX_BINS_LEFT, MAX_BOXES_LEFT, MAX_MARKS_LEFT = 0.5, 0.62, 0.45
#: Most boxes are flat where they take at most such a share of the axis, and may be as flat as that
#: where the outermost values of most would be left out.
FLAT_BOX, FLATTEST_BOX = 0.125, 0.1
#: What shows the values beyond whiskers: one, one a side, more.
WHISKERS = "beyond the whiskers"
DOTS = ("the dot", "the dots", "dotted lines")
ARROWS = ("the arrow", "arrows", "arrows")
#: Room beyond the last value that is shown in its place.
MARGIN = 0.04
#: Further room beside boxes, where words say how many lie beyond and how far.
WORDS_ROOM = {"x": 0.6, "y": 0.08}


def with_limits(found: ChartRows, design: Design) -> ChartRows:
    """Return rows with where the axes of their numbers end, where that is not at the last value.

    Parameters
    ----------
    found
        Rows drawn one by one, or five numbers for each box.
    design
        Of the chart.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> ticks = Design("tick", (Encoding("x", "n", "value", "quantitative"),))
    >>> shown = with_limits(ChartRows([{"x": n} for n in [*range(300), 50_000]], 301), ticks)
    >>> shown.limits, shown.note
    ({'x': (0.0, 311.0)}, '1 row beyond the axis, at its edge')
    """
    if design.mark not in ("point", "tick", "boxplot") or design.aggregated:
        return found
    limits: dict[Channel, Limits] = {}
    for encoding in design.encodings:
        numbers = encoding.transform == "value" and encoding.field_type == "quantitative"
        if numbers and encoding.channel in ("x", "y") and not design.style.projected:
            ends = _ends(found, design, encoding.channel)
            limits |= {} if ends is None else {encoding.channel: ends}
    if not limits:
        return found
    if design.mark == "boxplot":
        return replace(found, limits=limits, note=_arrows_note(found, limits))
    return replace(found, limits=limits).noted(_beyond_note(found, limits))


def _ends(found: ChartRows, design: Design, channel: Channel) -> Limits | None:
    boxes = design.mark == "boxplot"
    parts = ("minimum", "low", "high", "maximum") if boxes else (channel,)
    values = [[r[part] for r in found.records if r.get(part) is not None] for part in parts]
    if not all(values) or not all(isinstance(v, int | float) for one in values for v in one):
        return None
    full = (min(values[0]), max(values[-1]))
    is_log = channel in design.style.log
    if is_log and full[0] <= 0:
        return None
    if boxes:
        whiskers = (min(values[1]), max(values[2]))
        panels = any(e.channel in ("row", "column") for e in design.encodings)
        return _box_ends(found, whiskers, full, None if panels else channel, is_log=is_log)
    if len(values[0]) < MIN_MARKS:
        return None
    return inner_ends(values[0], MAX_MARKS_LEFT, is_log=is_log)


def _box_ends(
    found: ChartRows, whiskers: Limits, full: Limits, channel: Channel | None, *, is_log: bool
) -> Limits | None:
    """Return where the axis of boxes ends; along a channel words say what lies beyond.

    Rather boxes are flatter than that the outermost values of most of them are left out.
    """
    if not _are_flat(found, full, FLAT_BOX, is_log=is_log):
        return None
    room = WORDS_ROOM[channel] if channel else 0.0
    ends = limited(whiskers, full, MAX_BOXES_LEFT, is_log=is_log, room=room, gap=MIN_BOX_GAP)
    if ends is None or len(_within(found, ends)) * 2 >= len(found.records):
        return ends
    if not _are_flat(found, full, FLATTEST_BOX, is_log=is_log):
        return None
    there: Scale = math.log10 if is_log else float
    nearest = sorted(found.records, key=lambda box: there(box["maximum"]) - there(box["minimum"]))
    for n_kept in range(len(nearest) - 1, len(nearest) // 2, -1) if channel == "y" else ():
        kept = nearest[:n_kept]
        low, high = (
            end([one[part] for one in kept] + [whisker])
            for end, part, whisker in zip((min, max), ("minimum", "maximum"), whiskers, strict=True)
        )
        wide = limited((low, high), full, 1.0, is_log=is_log, room=room, gap=0.0)
        if wide is not None and not _are_flat(found, wide, FLATTEST_BOX, is_log=is_log):
            return wide
    return ends


def _within(found: ChartRows, ends: Limits) -> list[dict[str, Any]]:
    """Return the boxes all of whose values are on an axis."""
    low, high = ends
    return [box for box in found.records if low <= box["minimum"] and box["maximum"] <= high]


def _are_flat(found: ChartRows, ends: Limits, share: float, *, is_log: bool) -> bool:
    """Whether most boxes would take at most such a share of an axis."""
    there: Scale = math.log10 if is_log else float
    lengths = [there(box["q3"]) - there(box["q1"]) for box in found.records]
    return float(np.median(lengths)) <= share * (there(ends[1]) - there(ends[0]))


def inner_ends(
    values: Values, most: float = MAX_BINS_LEFT, *, is_log: bool = False
) -> Limits | None:
    """Return where an axis of some values ends; None where it ends with the last of them.

    Parameters
    ----------
    values
        Of which a hundredth may lie beyond each end.
    most
        Share of the whole axis that is left at most.
    is_log
        Whether lengths are told by logarithms.
    """
    if len(values) < MIN_BINNED:
        return None
    ordered = np.sort(np.asarray(values, dtype=float))
    ordered = ordered[np.isfinite(ordered)]
    n_beyond = max(1, int(BEYOND * len(ordered)))
    scaled = np.log10(ordered) if is_log else ordered
    # Of the largest numbers, differences are endless: Python's own say nothing of it.
    low, high = scaled[[n_beyond, -1 - n_beyond]].tolist()
    room = MIN_GAP * (high - low)
    near = ordered[(scaled >= low - room) & (scaled <= high + room)]
    ends = (float(near[0]), float(near[-1]))
    return limited(ends, (float(ordered[0]), float(ordered[-1])), most, is_log=is_log)


def limited(
    inner: Limits,
    full: Limits,
    most: float,
    *,
    is_log: bool,
    room: float = 0.0,
    gap: float = MIN_GAP,
) -> Limits | None:
    """Return the limits of an axis on which the inner values are seen; None for the full extent."""
    scale: Scale = math.log10 if is_log else float
    back: Scale = (lambda value: 10.0**value) if is_log else float
    low, high = scale(inner[0]), scale(inner[1])
    first, last = scale(full[0]), scale(full[1])
    core = high - low
    if core <= 0:
        return None
    early, late = low - first > gap * core, last - high > gap * core
    start, stop = low - MARGIN * core if early else first, high + MARGIN * core if late else last
    if stop - start > most * (last - first):
        return None
    start, stop = start - room * core if early else start, stop + room * core if late else stop
    return _told(full[0], back(start)), _told(full[1], back(stop))


def _told(end: float, limit: float) -> float:
    """Return an end as the data has it, or a limit without its noise."""
    near = math.isclose(end, limit, rel_tol=1e-9)
    return end if near else float(f"{limit:.4g}")


def _arrows_note(found: ChartRows, limits: dict[Channel, Limits]) -> str:
    """Return the note of boxes, of whose outermost values some are beyond the axis."""
    ((low, high),) = limits.values()
    seen = any(low <= box["minimum"] < box["low"] for box in found.records)
    seen = seen or any(box["high"] < box["maximum"] <= high for box in found.records)
    note = str(found.note)
    for dots, arrows in zip(DOTS, ARROWS, strict=True):
        told = f"{dots} and {arrows}" if seen else arrows
        note = re.sub(f"{WHISKERS}: {dots}(?=;|$)", f"{WHISKERS}: {told}", note)
    return note


def _beyond_note(found: ChartRows, limits: dict[Channel, Limits]) -> str:
    def is_beyond(record: dict[str, Any]) -> bool:
        return any(not low <= record[name] <= high for name, (low, high) in limits.items())

    n_beyond = sum(map(is_beyond, found.records))
    axes = "the axis" if len(limits) == 1 else "an axis"
    return f"{n_beyond:,} row{'' if n_beyond == 1 else 's'} beyond {axes}, at its edge"
