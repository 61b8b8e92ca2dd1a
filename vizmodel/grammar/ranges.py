"""Owns the rule about ranges: marks that run from one column to another, such as low to high."""

from __future__ import annotations

from vizmodel.design import Design, Transform
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile

#: What may happen to the lower and to the upper end of a range.
ENDS: tuple[tuple[Transform, Transform], ...] = (
    ("value", "value"),
    ("mean", "mean"),
    ("median", "median"),
    ("min", "max"),
)


def _shows_range(design: Design, profile: Profile) -> bool:
    return design.ends is not None


def _ends_belong_together(design: Design, profile: Profile) -> bool:
    if design.ends is None:
        return True
    low, high = design.ends
    known = profile.is_range(low.field, high.field)
    return known and (low.transform, high.transform) in ENDS


RANGE_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "ends_belong_together",
        "A range runs from a lower to an upper bound of the same thing, both summarised alike.",
        _ends_belong_together,
        _shows_range,
    ),
)
