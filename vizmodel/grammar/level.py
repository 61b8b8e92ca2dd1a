"""Owns what one value all along may show: a limit, over what goes on beneath it."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile

#: What goes on from row to row, besides times.
_GOES_ON = ("sequence", "identifier", "ordinal", "month", "weekday")


@once_per_profile
def _levels(profile: Profile) -> frozenset[str]:
    return frozenset(column.name for column in profile.columns if column.constant)


def _may_show_a_level(design: Design, profile: Profile) -> bool:
    return bool(_levels(profile)) and design.encoding("y") is not None


def _lies_over_what_goes_on(design: Design, profile: Profile) -> bool:
    x, y = design.encoding("x"), design.encoding("y")
    if y is None or y.field not in _levels(profile):
        return True
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
    _lies_over_what_goes_on,
    _may_show_a_level,
    looks_at=("x", "y"),
)
