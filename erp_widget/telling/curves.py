"""Owns what is said of curves that share neither their numbers nor an end: how high each lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from erp_widget.aggregate import MISSING, WHOLE
from erp_widget.telling.figures import briefs, own_level, place
from erp_widget.words import clean_name
from vizmodel.design import Encoding
from vizmodel.profile import Profile

Record = Mapping[str, Any]


def curve_levels(
    told: Sequence[Record],
    measure: Encoding,
    along: Encoding,
    group: Encoding,
    profile: Profile,
    name: str,
) -> str | None:
    """Say which curve lies highest and which lowest, on average along all that they share.

    Parameters
    ----------
    told
        The points that are drawn, in the order of the axis.
    measure, along, group
        What the curves show, along what, and what tells them apart.
    profile
        Of the table.
    name
        What the measure is called.

    Returns
    -------
    str or None
        None where the axis is none of curves, and where these share no part of it.
    """
    if not profile.column(str(along.field)).axis:
        return None
    curves: dict[Any, list[Record]] = {}
    for record in told:
        if record.get(group.channel) not in (MISSING, WHOLE):
            curves.setdefault(record[group.channel], []).append(record)
    points = {
        each: np.array([(r[along.channel], r[measure.channel]) for r in records], dtype=np.float64)
        for each, records in curves.items()
        if len(records) > 1
    }
    least = max((at[:, 0].min() for at in points.values()), default=0.0)
    most = min((at[:, 0].max() for at in points.values()), default=0.0)
    if len(points) < 2 or least >= most:
        return None
    levels = {each: _mean_level(at, float(least), float(most)) for each, at in points.items()}
    ends = [end(levels, key=lambda each: levels[each]) for end in (max, min)]
    high, low = briefs([levels[each] for each in ends], measure, profile)
    if high == low:
        return None
    first, last = (own_level(place(curves[each][0], [group], profile), group) for each in ends)
    higher, than = ("higher", "than") if len(levels) == 2 else ("highest", "and lowest")
    whole = f"on average along {clean_name(str(along.field))}, {name}"
    return f"{whole} is {higher} for {first} ({high}) {than} for {last} ({low})"


def _mean_level(points: np.ndarray[Any, np.dtype[np.float64]], least: float, most: float) -> float:
    """Return the mean height of a curve between two places: the area below it over its width."""
    at, height = points[np.argsort(points[:, 0])].T
    places = np.unique(np.r_[least, at[(at > least) & (at < most)], most])
    return float(np.trapezoid(np.interp(places, at, height), places) / (most - least))
