"""Owns what is said of gathered columns as a whole: what they come to, which is the largest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate import ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.extremes import extremes
from erp_widget.telling.figures import at_place, briefs, place
from erp_widget.telling.gathered_names import members
from erp_widget.telling.group_reasons import keys_of
from erp_widget.words import clean_name, name_of
from vizmodel.design import Design, Encoding
from vizmodel.grammar.gathering import piles_parts
from vizmodel.profile import Profile

#: Part of the largest whole by which all are the same but for rounding.
SAME = 0.03
#: Most panels of which the largest part of each is told.
MAX_PANELS = 4
Record = Mapping[str, Any]


def piled_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return what parts on top of each other come to, or how large the largest is of all alike.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None of charts that put no gathered parts together, and of many panels.
    """
    measure, fold = measure_of(design), design.style.fold
    if rows is None or measure is None or fold is None or not piles_parts(design, profile):
        return None
    keys = [key for key in keys_of(design, measure) if key.channel != "color"]
    panels = [key for key in keys if key.channel in ("row", "column")]
    color = design.encoding("color")
    if measure.aggregate or color is None or any(key.time_unit for key in keys):
        return None
    if len(keys) == 2 and len(panels) == 1:
        return _by_panel(rows, measure, color, panels[0], profile)
    wholes = _wholes(rows, measure, keys[0], len(fold.columns)) if len(keys) == 1 else []
    if len(wholes) < 2:
        return None
    name = f"the sum of {members(fold, clean_name)}"
    signed = any((record.get(measure.channel) or 0) < 0 for record in rows.records)
    if not keys[0].discrete and not signed:
        return _course(rows, wholes, (measure, keys[0], color), profile, name)
    if _are_same(wholes, measure):
        return _largest(rows, measure, keys[0], color, profile)
    found = extremes(replace(rows, records=wholes), measure, keys, profile)
    return None if found is None else found.said(name)


def _are_same(wholes: Sequence[Record], measure: Encoding) -> bool:
    sums = [record[measure.channel] for record in wholes]
    return bool(min(sums) > 0 and max(sums) - min(sums) <= SAME * max(sums))


def _wholes(
    rows: ChartRows, measure: Encoding, along: Encoding, n_parts: int
) -> list[dict[str, Any]]:
    """Return what all parts come to at each place where none is missing."""
    sizes: dict[Any, list[float]] = defaultdict(list)
    for record in rows.records:
        value = record.get(measure.channel)
        if isinstance(value, int | float) and record.get(along.channel) is not None:
            sizes[record[along.channel]].append(value)
    full = {at: sum(parts) for at, parts in sizes.items() if len(parts) == n_parts}
    return [{along.channel: at, measure.channel: whole} for at, whole in full.items()]


def _largest(
    rows: ChartRows, measure: Encoding, along: Encoding, color: Encoding, profile: Profile
) -> str | None:
    """Say where the part is largest and smallest that is the largest of all together."""
    first = _first_of(rows.records, measure)
    own = [record for record in rows.records if record["color"] == first["color"]]
    found = extremes(replace(rows, records=own), measure, [along], profile)
    return None if found is None else found.said(place(first, [color], profile))


def _first_of(records: Sequence[Record], measure: Encoding) -> Record:
    """Return a record of the part that is the largest of all together."""
    sizes: dict[Any, float] = defaultdict(float)
    for record in records:
        sizes[record["color"]] += record.get(measure.channel) or 0.0
    return max(records, key=lambda record: sizes[record["color"]])


def _by_panel(
    rows: ChartRows, measure: Encoding, color: Encoding, panel: Encoding, profile: Profile
) -> str | None:
    """Say which part is the largest of all together in each of a few panels."""
    panels: dict[Any, list[Record]] = defaultdict(list)
    for record in rows.records:
        panels[record.get(panel.channel)].append(record)
    if not 1 < len(panels) <= MAX_PANELS:
        return None
    firsts = [_first_of(records, measure) for records in panels.values()]
    told = [f"{place(one, [color], profile)} {at_place(one, [panel], profile)}" for one in firsts]
    return f"the largest part is {', '.join(told[:-1])} and {told[-1]}"


def _course(
    rows: ChartRows,
    wholes: Sequence[Record],
    encodings: tuple[Encoding, Encoding, Encoding],
    profile: Profile,
    name: str,
) -> str:
    """Say from where to where a sum goes, and which part is the largest at both ends."""
    measure, along, color = encodings
    order = sorted(wholes, key=lambda record: record[along.channel])
    ends = [order[0], order[-1]]
    figures = briefs([end[measure.channel] for end in ends], measure, profile)
    where = [at_place(end, [along], profile) for end in ends]
    said = f"{name} goes from {figures[0]} {where[0]} to {figures[1]} {where[1]}"
    parts = [_first_of(_at(end, rows, along), measure) for end in ends]
    sizes = briefs([part[measure.channel] for part in parts], measure, profile)
    first, last = (place(part, [color], profile) for part in parts)
    told = f"{first} {where[0]} ({sizes[0]}) and {last} {where[1]} ({sizes[1]})"
    if first == last:
        told = f"{first} ({sizes[0]} {where[0]} and {sizes[1]} {where[1]})"
    largest = f"largest part is {told}"
    return f"the {largest}" if _are_same(wholes, measure) else f"{said}; its {largest}"


def _at(end: Record, rows: ChartRows, along: Encoding) -> list[Record]:
    return [record for record in rows.records if record[along.channel] == end[along.channel]]


def scattered_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return which of the gathered columns is the largest of points in time: each has its own.

    That all of them together rise or fall would say nothing.
    """
    measure, fold, color = measure_of(design), design.style.fold, design.encoding("color")
    if rows is None or measure is None or fold is None or color is None or color.field != fold.key:
        return None
    timed = any(e.field and profile.column(e.field).is_time for e in design.encodings)
    if design.mark != "point" or design.summarised or not timed:
        return None
    sizes: dict[Any, list[float]] = defaultdict(list)
    for record in rows.records:
        if isinstance(record.get(measure.channel), int | float):
            sizes[record["color"]].append(record[measure.channel])
    middles: list[dict[str, Any]] = [
        {"color": label, measure.channel: median(own)} for label, own in sizes.items()
    ]
    found = extremes(replace(rows, records=middles), measure, [color], profile)
    return None if found is None else found.said(f"median {name_of(measure, profile)}")
