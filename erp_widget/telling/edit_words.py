"""Owns how edits of a chart are offered: groups of choices in words, each with a key."""

from __future__ import annotations

from typing import Any

from erp_widget.errors import InputError
from erp_widget.telling.mark_words import NAMES
from erp_widget.words import clean_name, level_text
from vizmodel.design import Design
from vizmodel.form.edits import Edit, edits
from vizmodel.profile import Profile

GROUPS = {
    "axes": "Axes",
    "mark": "Mark",
    "aggregate": "Summary",
    "time_unit": "Time",
    "sort": "Order",
    "parts": "Shares",
    "color": "Colour",
}
CHOICES = {
    "axes": {"swap": "swap x and y"},
    "mark": NAMES,
    "aggregate": {
        "value": "each row",
        "min": "minimum",
        "max": "maximum",
        "distinct": "distinct values",
    },
    "time_unit": {
        "yearmonth": "year and month",
        "yearmonthdate": "day",
        "month": "month of the year",
        "day": "day of the week",
        "hours": "hour of the day",
    },
    "sort": {"measure": "largest first", "natural": "by name"},
    "parts": {"all": "all parts"},
    "color": {"": "none"},
}


def edit_groups(design: Design, profile: Profile) -> list[dict[str, Any]]:
    """Return what may be changed of a chart, as the browser offers it.

    Parameters
    ----------
    design
        As it is drawn.
    profile
        Of its table.

    Returns
    -------
    list of dict
        Per kind its label and its options: key, label, and whether it is what is now.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for edit in edits(design, profile):
        option: dict[str, Any] = {"key": _key(edit), "label": _label(edit)}
        # A swap is no choice among several: there and back again is the same.
        if edit.kind != "axes":
            option["checked"] = edit.current
        groups.setdefault(edit.kind, []).append(option)
    return [{"label": GROUPS[kind], "options": options} for kind, options in groups.items()]


def edit_of(design: Design, profile: Profile, key: object) -> Edit:
    """Return the edit that a key stands for.

    Raises
    ------
    InputError
        The chart has no such edit.
    """
    for edit in edits(design, profile):
        if _key(edit) == key:
            return edit
    raise InputError("this chart cannot be changed so: open its edit menu again")


def _key(edit: Edit) -> str:
    return f"{edit.kind}:{edit.choice}"


def _label(edit: Edit) -> str:
    if edit.kind == "color" and edit.choice:
        return clean_name(edit.choice)
    if edit.kind == "parts" and edit.design.style.rate is not None:
        return f"{clean_name(level_text(edit.design.style.rate))} only"
    return CHOICES[edit.kind].get(edit.choice, edit.choice)
