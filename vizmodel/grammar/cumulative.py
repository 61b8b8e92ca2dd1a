"""Owns the rule about totals so far, which are added up at one time only."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile


def _sums(design: Design, profile: Profile) -> bool:
    return not profile.shaped and any(e.transform == "sum" for e in design.encodings)


def _at_each_time(design: Design, profile: Profile) -> bool:
    summed = [profile.column(e.field) for e in design.encodings if e.transform == "sum" and e.field]
    if not any(column.cumulative for column in summed):
        return True
    return any(
        e.transform in ("value", "category") and e.field and profile.column(e.field).is_time
        for e in design.encodings
    )


CUMULATIVE_RULE = ChartRule(
    "totals_so_far_are_of_one_time",
    "Totals so far are added up over things at each time, never over times.",
    _at_each_time,
    _sums,
)
