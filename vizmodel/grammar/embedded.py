"""Owns the rule about embeddings: their axes are those of a scatter plot, and of no other chart."""

from __future__ import annotations

from itertools import combinations

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile


def shown_embedding(design: Design, profile: Profile) -> tuple[str, str] | None:
    """Return the two axes of an embedding along which points stand; None for any other chart.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    x, y = design.encoding("x"), design.encoding("y")
    if not profile.embeddings or design.mark != "point" or x is None or y is None:
        return None
    if not x.transform == y.transform == "value":
        return None
    pair = str(x.field), str(y.field)
    return pair if pair in _pairs(profile) else None


@once_per_profile
def _pairs(profile: Profile) -> frozenset[tuple[str, str]]:
    return frozenset(pair for axes in profile.embeddings for pair in combinations(axes, 2))


@once_per_profile
def _axes(profile: Profile) -> frozenset[str]:
    return frozenset(name for axes in profile.embeddings for name in axes)


def _has_embeddings(design: Design, profile: Profile) -> bool:
    return bool(profile.embeddings)


def _axes_stand_together(design: Design, profile: Profile) -> bool:
    shown = _axes(profile).intersection(design.fields)
    return not shown or shown == {*(shown_embedding(design, profile) or ())}


EMBEDDED_RULE = ChartRule(
    "axes_stand_together",
    "The axes of an embedding are those of points, the earlier along x: one alone says nothing.",
    _axes_stand_together,
    _has_embeddings,
)
