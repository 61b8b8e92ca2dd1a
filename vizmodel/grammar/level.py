"""Owns what one value all along may show: a limit, over what goes on beneath it."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile

#: What goes on from row to row, besides times.
_GOES_ON = ("sequence", "identifier", "ordinal", "month", "weekday")


def _is_level(design: Design, profile: Profile) -> bool:
    y = design.encoding("y")
    return y is not None and y.field is not None and profile.column(y.field).constant


def _lies_over_what_goes_on(design: Design, profile: Profile) -> bool:
    x = design.encoding("x")
    if x is None or x.field is None:
        return False
    column = profile.column(x.field)
    # Who keeps nothing but a level and where it begins and ends wants its line.
    if design.mark == "line" and len(profile.own_columns) == 2 and column.kind == "number":
        return True
    return column.is_time or column.semantic in _GOES_ON


LEVEL_RULE = ChartRule(
    "level_lies_over_time",
    "One value all along is the height of a line over what goes on, or over all there is.",
    lambda design, profile: (
        not _is_level(design, profile) or _lies_over_what_goes_on(design, profile)
    ),
    looks_at=("x", "y"),
)
