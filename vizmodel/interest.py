"""Owns the interest of a chart: how strong the relation is that it shows."""

from __future__ import annotations

import numpy as np

from vizmodel.design import CYCLES, Design
from vizmodel.profile import Profile


def interest(design: Design, profile: Profile) -> float:
    """Return how strong the strongest relation is that a chart shows, 0..1.

    Rank correlation between two continuous columns, variance explained (eta squared) by groups,
    Cramér's V between groups; for a single column its skew or unevenness.
    """
    continuous = [
        e.field
        for e in design.encodings
        if e.field and e.transform != "category" and e.time_unit not in CYCLES
    ]
    groups = [e.field for e in design.encodings if e.field and e.transform == "category"]
    found = [
        profile.pair(first, second, "abs_spearman")
        for place, first in enumerate(continuous)
        for second in continuous[place + 1 :]
    ]
    found += [profile.pair(g, c, "eta_squared") ** 0.5 for g in groups for c in continuous]
    found += [
        profile.pair(first, second, "cramers_v")
        for place, first in enumerate(groups)
        for second in groups[place + 1 :]
    ]
    if found:
        return float(max(found))
    names = continuous or groups or list(design.fields)
    return _shape_of(profile, names[0]) if names else 0.0


def _shape_of(profile: Profile, name: str) -> float:
    column = profile.column(name)
    if column.kind == "number" and np.isfinite(column.skew):
        return float(np.tanh(abs(column.skew) / 3.0)) * 0.5
    return 0.5 * (1.0 - column.entropy)
