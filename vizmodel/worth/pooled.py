"""Owns which charts of a panel put readings into one figure that are of other times or things."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.profile.layouts.panels import Panel

#: Most things of which how much each is on the whole is told beside how it went on.
MAX_THINGS = 8
#: Share of all things at all times that have a row, from which those of each time are the same.
FULL = 0.9


def pools_readings(design: Design, profile: Profile) -> bool:
    """Whether a chart pools what was read of each of many things over the years.

    Or, at each time, what was read of other things than at the next: that their mean rises may be
    that a rich one came in.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    panel = profile.panel
    if panel is None or panel.group is None:
        return False
    shown, x = set(design.fields), design.encoding("x")
    averaged = any(e.transform in ("mean", "median") for e in design.encodings)
    years = profile.column(panel.time).semantic == "year"
    if panel.group in shown and panel.time not in shown:
        many = profile.column(panel.group).n_distinct > MAX_THINGS
        return years and many and (averaged or design.mark == "boxplot")
    summed = averaged or any(e.transform == "sum" for e in design.encodings)
    in_time = x is not None and x.field == panel.time and panel.group not in shown
    return in_time and summed and not _is_full(panel, panel.group, profile)


def _is_full(panel: Panel, group: str, profile: Profile) -> bool:
    cells = profile.column(panel.time).n_distinct * profile.column(group).n_distinct
    return profile.column(group).n_rows >= FULL * cells
