"""Owns whether columns hold one measure, as their numbers tell: of one sign, of about one size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.crossed import are_of_other_kinds
from vizmodel.profile.layouts.headers import Header

#: Fewest series beside a time, and most times that the larger of only two may exceed the other.
MIN_SERIES, MAX_PAIR_RATIO = 2, 4.0
#: Most times that the largest member may exceed the smallest, by what says that they are alike.
MAX_RATIO = {"time": 1e4, "told": np.inf, "parts": np.inf}
MAX_RATIO |= {"plans": 30.0, "word": 30.0, "none": 12.0}
#: Fewest kinds that are counted, and share of the places where the usual one is not found.
MIN_KINDS, SOME_MISSING = 5, 0.05
#: Most times that the smallest amount of a series may be the largest of the next smaller one.
MAX_GAP = 3.0


def are_alike(members: Sequence[ColumnProfile], header: Header) -> bool:
    """Whether columns hold one measure: of one sign, and of about one size."""
    if header.evidence != "time" and len({c.semantic == "year" for c in members}) > 1:
        return False
    if all(c.semantic == "year" for c in members):
        return False
    reach = np.array([max(abs(c.quantiles[4]), abs(c.quantiles[0])) for c in members])
    middle = float(np.median(reach))
    if not np.isfinite(reach).all() or middle == 0:
        return False
    if header.evidence == "none" and _are_found(members):
        return True
    inside = reach[reach > 0]
    pair = len(members) == MIN_SERIES and header.evidence != "told"
    series = header.key == "series" and header.evidence in ("none", "word", "plans") and not pair
    most = MAX_PAIR_RATIO if pair else MAX_RATIO["word" if series else header.evidence]
    if inside.max() / max(inside.min(), 1e-300) > most:
        return False
    if pair and header.evidence == "none" and members[0].intensive != members[1].intensive:
        return False  # deaths, and their rate
    if header.evidence == "told":
        return not are_of_other_kinds(members)
    if header.evidence in ("time", "parts"):
        return True
    lows, highs = (np.array([c.quantiles[at] for c in members]) for at in (0, 4))
    return _overlap(lows, highs) or (series and _follow(lows, highs))


def _are_found(members: Sequence[ColumnProfile]) -> bool:
    """Whether columns count how many of many kinds were found: of some many, of others hardly any.

    Such are species by site and words by text, most of which miss some.
    """
    counts = [c.integer and c.share_negative == 0 for c in members]
    missing = float(np.median([c.share_zero for c in members]))
    return len(members) >= MIN_KINDS and all(counts) and missing >= SOME_MISSING


def _overlap(lows: npt.NDArray[np.float64], highs: npt.NDArray[np.float64]) -> bool:
    """Whether each column's range meets that of most others."""
    meets = (lows[:, None] <= highs[None, :]) & (lows[None, :] <= highs[:, None])
    return bool((meets.mean(axis=1) >= 0.5).all())


def _follow(lows: npt.NDArray[np.float64], highs: npt.NDArray[np.float64]) -> bool:
    """Whether no column's amounts lie far above the next smaller one's: its line is seen beside."""
    order = np.argsort(highs)
    gaps = lows[order][1:] <= MAX_GAP * highs[order][:-1]
    return bool(lows.min() >= 0 and gaps.all())
