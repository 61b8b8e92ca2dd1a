"""Owns the interest of a chart: how strong the relation is that it shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.design import CYCLES, Design, Encoding
from vizmodel.profile import PAIR_STATISTICS, Profile
from vizmodel.profile.relations.triples import Triple

#: Strength from which two columns are related, and from which one is a copy of the other.
RELATED, COPY = 0.3, 0.999


def interest(design: Design, profile: Profile) -> float:
    """Return how strong the strongest relation is that a chart shows, 0..1.

    Rank correlation between two continuous columns, variance explained (eta squared) by groups,
    Cramér's V between groups, lines within groups; for a single column its skew or unevenness.
    What counts cells is no column of its own here: it is how large the groups are.
    """
    continuous = [
        e.field
        for e in design.encodings
        if e.field
        and e.field not in profile.counted
        and e.transform != "category"
        and e.time_unit not in CYCLES
        # That the two ends of a range go together is no finding.
        and e.channel not in ("x2", "y2")
    ]
    groups = [e.field for e in design.encodings if e.field and e.transform == "category"]
    found = [
        profile.pair(first, second, "abs_spearman")
        for place, first in enumerate(continuous)
        for second in continuous[place + 1 :]
    ]
    # Nor is it that amounts in yen are larger than those in dollars.
    sized = [(g, c) for g in groups for c in continuous if profile.column(c).within != g]
    beside = groups if design.mark == "boxplot" or design.summarised else ()
    found += [_explained(g, c, beside, profile) ** 0.5 for g, c in sized]
    if design.mark == "boxplot":
        found += [_of_cycle(e, c, profile) for e in design.encodings for c in continuous]
    found += [
        profile.pair(first, second, "cramers_v")
        for place, first in enumerate(groups)
        for second in groups[place + 1 :]
    ]
    triple = told_triple(design, profile)
    found += [] if triple is None else [triple.strength]
    if found:
        return float(max(found))
    names = continuous or groups or list(design.fields)
    return _shape_of(profile, names[0]) if names else 0.0


def _explained(group: str, measure: str, groups: Sequence[str], profile: Profile) -> float:
    """Return which share of a measure's variance groups explain, in boxes and means beside others.

    Where they split gathered columns that stand beside each other, of the one that they explain
    most; that these differ, as two blood pressures do, is no finding there.
    """
    fold = profile.gathered_as(measure)
    if fold is None or fold.key not in groups or len(groups) < 2:
        return profile.pair(group, measure, "eta_squared")
    if group == fold.key:
        return 0.0
    return max(profile.pair(group, name, "eta_squared") for name in fold.columns)


def _of_cycle(part: Encoding, measure: str, profile: Profile) -> float:
    """Return how much a number differs by a part of a time that comes round, 0 for all others."""
    if part.field is None or part.time_unit not in CYCLES:
        return 0.0
    return math.sqrt(profile.cycle(part.field, part.time_unit, measure) or 0.0)


def strength_told(design: Design, profile: Profile) -> float:
    """Return how strong the relation is that a chart shows, 0..1.

    That groups differ is told by bars: lines of their rows are about time, whatever else they show.
    Those of gathered columns tell as much as the one of them that tells most: one that rises and
    one that falls are no line that stays.
    """
    x, color = design.encoding("x"), design.encoding("color")
    lines = design.mark in ("line", "area") and not design.summarised
    if not lines or x is None or color is None or not color.discrete:
        return interest(design, profile)
    if not (x.field and profile.column(x.field).is_time) or told_triple(design, profile):
        return interest(design, profile)
    fold = profile.gathered_as(color.field)
    rest = tuple(e for e in design.encodings if e is not color)
    if fold is None:
        return interest(replace(design, encodings=rest), profile)
    courses = (
        tuple(replace(e, field=name) if e.field == fold.value else e for e in rest)
        for name in fold.columns
    )
    return max(interest(replace(design, encodings=one), profile) for one in courses)


def told_triple(design: Design, profile: Profile) -> Triple | None:
    """Return the strongest relation within groups that a chart shows, None where it shows none.

    The two related columns stand on the axes, or colour the cells of a grid; the groups stand
    beside them.
    """
    if not profile.triples:
        return None
    axes = {e.field for e in design.encodings if e.channel in ("x", "y")}
    groups = {e.field for e in design.encodings if e.transform == "category"}
    if design.mark == "rect":
        axes |= {e.field for e in design.encodings if e.channel == "color"}
    found = [one for one in profile.triples if one.group in groups and {one.x, one.y} <= axes]
    return max(found, key=lambda one: one.strength, default=None)


def tells_a_triple(design: Design, profile: Profile) -> bool:
    """Whether a chart shows three columns that tell more than each two of them, and no more."""
    triple = told_triple(design, profile)
    return triple is not None and triple.columns == frozenset(design.fields)


def _shape_of(profile: Profile, name: str) -> float:
    column = profile.column(name)
    if column.kind == "number" and np.isfinite(column.skew):
        return float(np.tanh(abs(column.skew) / 3.0)) * 0.5
    return 0.5 * (1.0 - column.entropy)


def strongest_pairs(profile: Profile, count: int) -> list[tuple[str, str]]:
    """Return the pairs of a table's columns that are most related, strongest first.

    Parameters
    ----------
    profile
        Of the table; columns that no chart can be about and copies of each other are left out.
    count
        Most pairs.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> sizes = [i * 37 % 101 / 4 for i in range(60)]
    >>> table = pa.table({"size": sizes, "price": [s + i % 7 for i, s in enumerate(sizes)]})
    >>> strongest_pairs(profile_table(table), 3)
    [('size', 'price')]
    """
    ties = np.triu(strengths(profile), 1)
    ties[ties >= COPY] = 0.0
    best = np.argsort(-ties, axis=None, kind="stable")[:count]
    places = zip(*np.unravel_index(best, ties.shape), strict=True)
    names = [column.name for column in profile.columns]
    return [(names[i], names[j]) for i, j in places if ties[i, j] >= RELATED]


def strengths(profile: Profile) -> npt.NDArray[np.float32]:
    """Return how strongly columns that a chart can be about are related, either way round.

    Returns
    -------
    np.ndarray
        float32 [n_columns, n_columns], 0..1: rank correlation, Cramér's V, or the root of the
        variance explained by groups, whichever is largest; symmetric, 0 on the diagonal.
    """
    kinds = [PAIR_STATISTICS.index(name) for name in ("abs_spearman", "cramers_v")]
    ties = profile.pairs[..., kinds].max(axis=-1)
    explained = profile.pairs[..., PAIR_STATISTICS.index("eta_squared")]
    ties = np.maximum(ties, np.sqrt(np.clip(explained, 0.0, 1.0)))
    ties = np.maximum(ties, ties.T)
    usable = np.array([column.usable for column in profile.columns], dtype=bool)
    ties[~usable] = ties[:, ~usable] = 0.0
    np.fill_diagonal(ties, 0.0)
    return np.asarray(ties)
