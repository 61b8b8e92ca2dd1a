"""Owns what is said of the largest of many named rows: which is first, and how far ahead it is."""

from __future__ import annotations

from functools import partial

from erp_widget.aggregate import ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.extremes import as_well, valued
from erp_widget.telling.figures import briefs, place
from erp_widget.telling.percents import percent_beside
from erp_widget.words import phrase
from vizmodel.design import Design
from vizmodel.profile import Profile

#: Times the second from which a first one is told by how many times, not by how much more.
MANY_TIMES = 2.0


def leader_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return which row has the largest value, and by how much; None where not such are drawn.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.
    """
    measure = measure_of(design)
    if not design.of_largest or rows is None or measure is None:
        return None
    names = [e for e in design.encodings if e.discrete and e.channel in ("x", "y")]
    at = partial(place, keys=names, profile=profile)
    field, told = valued(rows, measure, names)
    if len(told) < 2:
        return None
    first = max(told, key=lambda record: record[field])
    second = max((r for r in told if r is not first), key=lambda record: record[field])
    most, next_most = briefs([first[field], second[field]], measure, profile)
    said = f"{at(first)} has the highest {phrase(measure, profile)}: {most}"
    if second[field] == first[field]:
        more = as_well(first, told, field, at)
        return f"{at(first)}{more} have the highest {phrase(measure, profile)}: {most} each"
    ahead = ""
    if profile.column(str(measure.field)).additive and second[field] > 0:
        times = first[field] / second[field]
        lead = percent_beside(times - 1, 0.0) if times < MANY_TIMES else ""
        ahead = f"{lead} more than" if lead else f"{times:.1f} times that of"
    beside = f"{ahead} {at(second)}" if ahead else f"then {at(second)}"
    return f"{said}, {beside} ({next_most})"
