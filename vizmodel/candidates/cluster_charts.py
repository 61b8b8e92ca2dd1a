"""Owns the charts of clusters: where they lie apart, how large they are, what they differ in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from vizmodel.candidates.kind import Told
from vizmodel.grammar.legality import violations
from vizmodel.profile import Profile
from vizmodel.tokens import Part, make_design

#: Most pairs of measures, boxes, and what each counts of the one before it.
MAX_PAIRS, MAX_BOXES, LESS = 3, 4, 0.85
#: What the first points are worth: they are what clusters were found for; the count of each
#: cluster, and the first boxes.
APART, COUNTED, BOXED = 1.5, 1.0, 0.85
#: Variance explained that counts as some.
LEAST = 0.01
#: What two measures lose that say the same: how far they lie apart is seen along one of them.
ALIKE = 0.3


def cluster_charts(profile: Profile) -> Iterator[Told]:
    """Yield where the clusters of a table lie apart most, how many are in each, and their boxes.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation, all of them legal; and how much it is worth, up to APART.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"cluster": [n % 7 % 3 for n in range(60)]}
    >>> table |= {"size": [n * 7 % 30 / 3 for n in range(60)]}
    >>> table |= {"speed": [n * 11 % 60 / 7 + n % 7 % 3 for n in range(60)]}
    >>> [design.mark for design, _ in cluster_charts(profile_table(pa.table(table)))]
    ['point', 'bar', 'boxplot', 'boxplot']
    """
    clusters = profile.clusters
    if clusters is None:
        return
    label: Part = ("x", clusters.label, "category")
    found = list(_apart(profile))
    found.append((make_design("bar", profile, label, ("y", None, "count")), COUNTED))
    telling = sorted(clusters.measures, key=lambda name: -_explained(name, profile))
    for at, name in enumerate(telling[:MAX_BOXES]):
        boxes = make_design("boxplot", profile, label, ("y", name, "value"))
        found.append((boxes, BOXED * LESS**at))
    yield from ((design, worth) for design, worth in found if not violations(design, profile))


def _apart(profile: Profile) -> Iterator[Told]:
    """Yield points by cluster along the measures in which clusters differ most, not both alike."""
    assert profile.clusters is not None
    painted: Part = ("color", profile.clusters.label, "category")
    told = {name: _explained(name, profile) for name in profile.clusters.measures}

    def telling(pair: tuple[str, str]) -> float:
        same = profile.pair(*pair, "abs_spearman")
        return float(told[pair[0]] + told[pair[1]] - ALIKE * same)

    pairs = sorted(combinations(told, 2), key=telling, reverse=True)
    for x, y in pairs[:MAX_PAIRS]:
        points: list[Part] = [("x", x, "value"), ("y", y, "value"), painted]
        share = max(telling((x, y)), 0.0) / max(telling(pairs[0]), LEAST)
        yield make_design("point", profile, *points), APART * share


def _explained(name: str, profile: Profile) -> float:
    """Return which share of a measure's variance its clusters explain."""
    assert profile.clusters is not None
    return max(0.0, profile.pair(profile.clusters.label, name, "eta_squared"))
