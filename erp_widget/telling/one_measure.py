"""Owns which rows a sentence may compare where the panels of a chart are of several measures."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.context.chart import ChartContext
from vizmodel.design import Design, Held
from vizmodel.grammar.comparable import unit_panel
from vizmodel.profile import Profile


class Measured(NamedTuple):
    """One panel as a chart of its own; `name` is what its numbers are."""

    name: str
    design: Design
    profile: Profile
    rows: ChartRows


def by_measure(design: Design, profile: Profile, rows: ChartRows) -> list[Measured]:
    """Return the panels of a chart that has one for each measure; none of other charts.

    Dollars are not higher than percent: what is highest, and how a number goes on, is told within
    one of them.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.
    """
    panel = unit_panel(design, profile)
    if panel is None or panel.field is None:
        return []
    encodings = tuple(e for e in design.encodings if e is not panel)
    found = []
    for label in ChartContext(design, profile, rows).labels(panel.channel):
        held = Held(panel.field, label)
        records = [one for one in rows.records if one.get(panel.channel) == label]
        if label == MISSING or not records:
            continue
        where = (*design.style.where, held)
        alone = replace(design, encodings=encodings, style=replace(design.style, where=where))
        told = _profile_of(held, alone, profile)
        found.append(Measured(str(label), alone, told, replace(rows, records=records)))
    return found


def _profile_of(held: Held, design: Design, profile: Profile) -> Profile:
    """Return what is known of the rows of one measure, if it is, or else of all rows."""
    part = profile.of((held,))
    known = {column.name for column in part.columns}
    return part if held in part.within and known.issuperset(design.fields) else profile
