"""Owns which columns repeat what another shows: copies, sisters, codes of the same groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design, Fold
from vizmodel.grammar.gathering import gathers_flags
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import PAIR_STATISTICS, ColumnProfile, Profile
from vizmodel.profile.relations.akin import are_akin
from vizmodel.profile.words import split_name

#: Rank correlation from which two measures say nearly the same, and two of one name but for its
#: number, such as deaths1517 and deaths1820.
NEAR_COPY, NEAR_SISTER = 0.95, 0.8
#: Fewest columns of one name that are items of one test, and overlap of their ranges.
MIN_ITEMS, ONE_SCALE = 6, 0.5
#: Rank correlation and overlap of ranges from which measures whose names are akin are one measure,
#: taken twice: MPG.city and MPG.highway.
NEAR_TWIN, TWIN_SCALE = 0.6, 0.4
#: Cramér's V from which two columns of nearly as many groups, so many at least, say the same.
NEAR_GROUPS, NEAR_SIZE, MIN_NEAR = 0.9, 0.6, 3
#: Cramér's V from which one of two columns nearly decides the other: a status, and whether it is
#: cancelled.
SETTLED = 0.98
#: Fewest different values of such measures, and columns that a table is left with beside them.
MIN_TWIN_VALUES, MIN_LEFT = 9, 4
#: Fewest rows for each of the numbers that only tell groups apart.
MIN_AGAIN = 5
#: Below so many rows numbers that rise together need not say the same.
FEW_ROWS = 12
_NUMBER = late_pattern(r"\d+")
Flags = npt.NDArray[np.bool_]


def like_columns(profile: Profile) -> dict[str, str]:
    """Return the columns that repeat what another shows, each with the one that stands for it.

    Such are gathered columns, measures that rise and fall with an earlier one, those of one name
    but for its number or of akin names sooner, the upper ends of ranges, times that soon follow
    another, columns that split the rows into the same groups, and numbers of 0 and 1 that are the
    levels of one thing.
    """
    # What is true of a row is one thing, what else is true of it another.
    told = [fold for fold in profile.folds if not gathers_flags(profile, fold)]
    same = _same_gathered(profile, told)
    alike = {name: same.get(fold.value, fold.value) for fold in told for name in fold.columns}
    alike |= same
    measures = [
        c.name for c in profile.own_columns if c.kind == "number" and c.usable and not c.is_time
    ]
    places = [profile.index(name) for name in measures]
    tied = profile.pairs[np.ix_(places, places)][..., PAIR_STATISTICS.index("abs_spearman")]
    scale = profile.pairs[np.ix_(places, places)][..., PAIR_STATISTICS.index("same_scale")]
    # What is told of a few groups in their order rises or falls, all of it.
    near = (tied >= NEAR_COPY) & (profile.n_rows >= FEW_ROWS)
    if not profile.is_series:  # each of its few measures is a story
        near |= _sisters(measures, tied, scale)
    near |= _twins(profile, measures, tied, scale)
    for later, first in np.argwhere(np.tril(near, -1)):
        # The pairs come in the order of the later column, and the earliest other first.
        if measures[later] not in alike and measures[first] not in alike:
            alike[measures[later]] = measures[first]
    alike |= {later: first for first, later in _followed(profile)}
    for ends in profile.ranges:
        if not {ends.low, ends.high} & alike.keys():
            alike[ends.high] = ends.low
    for first, second in (*_same_groups(profile), *exclusive_levels(profile)):
        if not {first, second} & alike.keys():
            alike[second] = first
    return alike


def _followed(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield the first of each times that soon follow each other, with each later one.

    What is delivered within days of its order goes on as orders do.
    """
    told = {name for column in profile.own_columns for name in column.between or ()}
    times = [column.name for column in profile.own_columns if column.name in told]
    times.sort(key=lambda name: profile.column(name).mean)
    later: set[str] = set()
    for first, other in combinations(times, 2):
        near = profile.pair(first, other, "abs_spearman") >= NEAR_COPY
        if near and later.isdisjoint((first, other)):
            later.add(other)
            yield first, other


def _same_gathered(profile: Profile, folds: Sequence[Fold]) -> dict[str, str]:
    """Return the gathered measures that rise and fall with an earlier one, thing by thing."""
    found: dict[str, str] = {}
    for first, later in combinations([fold.value for fold in folds], 2):
        if later not in found and profile.pair(first, later, "abs_spearman") >= NEAR_COPY:
            found[later] = found.get(first, first)
    return found


def _sisters(
    measures: Sequence[str], tied: npt.NDArray[np.float32], scale: npt.NDArray[np.float32]
) -> Flags:
    """Return which measures have one name but for its number, and nearly the same to tell.

    So have those that rise and fall together, and many of one scale, such as the items of a test.
    """
    series = [_NUMBER.sub("#", name) for name in measures]
    names = {name: at for at, name in enumerate(series)}
    ids = np.array([names[name] for name in series], dtype=np.int64)
    numbered = np.array(["#" in name for name in series], dtype=bool)
    named = (ids[:, None] == ids) & numbered
    items = (scale >= ONE_SCALE) & (named.sum(axis=1, keepdims=True) >= MIN_ITEMS)
    return np.asarray(named & ((tied >= NEAR_SISTER) | items))


def _twins(
    profile: Profile,
    measures: Sequence[str],
    tied: npt.NDArray[np.float32],
    scale: npt.NDArray[np.float32],
) -> Flags:
    """Return which measures are one, taken twice; none where hardly another column is left.

    Of a table that names its few rows each measure is drawn by itself.
    """
    fine = np.array([profile.column(m).n_distinct >= MIN_TWIN_VALUES for m in measures], dtype=bool)
    close = (tied >= NEAR_TWIN) & (scale >= TWIN_SCALE) & fine[:, None] & fine
    if profile.few_named_rows or not close.any():
        return np.zeros_like(close)
    found = close & _akin(measures, close)
    seconds = int(np.tril(found, -1).any(axis=1).sum())
    left = sum(column.usable for column in profile.own_columns) - seconds
    return found if left >= MIN_LEFT else np.zeros_like(close)


def _akin(names: Sequence[str], asked: Flags) -> Flags:
    """Return which of the pairs asked about are names of one measure, taken twice."""
    akin = np.zeros_like(asked)
    spelt = [split_name(name) for name in names]
    for first, second in np.argwhere(np.triu(asked, 1)).tolist():
        akin[first, second] = akin[second, first] = are_akin(spelt[first], spelt[second])
    return akin


def _same_groups(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield the pairs of columns that split the rows into the same groups, such as city and code.

    Or nearly so: the land of a firm, and that where its people live; how high a station lies is its
    name again, where its readings are many. Columns that name each row are none: what all of them
    determine is the row.
    """
    groups = [c for c in profile.own_columns if c.usable and c.n_distinct < c.n_present]
    named = {c.name for c in groups if c.kind in ("text", "boolean") or c.semantic == "category"}
    again = {c.name for c in groups if c.is_size and c.n_distinct * MIN_AGAIN <= c.n_present}
    names = [c.name for c in groups if c.name in named | again]
    places = [profile.index(name) for name in names]
    told = profile.pairs[np.ix_(places, places)][..., PAIR_STATISTICS.index("determines")] > 0
    near = _near_groups(profile)[np.ix_(places, places)]
    for first, second in np.argwhere(np.triu(told & told.T | near, 1)):
        if not named.isdisjoint((names[first], names[second])):
            yield names[first], names[second]


def _near_groups(profile: Profile) -> Flags:
    """Return which columns have about as many groups, and nearly the same: bool [n, n]."""
    ties = profile.pairs[..., PAIR_STATISTICS.index("cramers_v")]
    size = np.array([column.n_distinct for column in profile.columns], dtype=np.float64)
    least, most = np.minimum.outer(size, size), np.maximum.outer(size, size)
    return np.asarray((ties >= NEAR_GROUPS) & (least >= MIN_NEAR) & (least >= NEAR_SIZE * most))


@once_per_profile
def settled_pairs(profile: Profile) -> Flags:
    """Return of which pairs of groups one decides the other, or nearly so: bool [n, n] of columns.

    What bars tell of the accounts they tell of the kinds of accounts: the same, less finely.
    """
    ties = profile.pairs[..., PAIR_STATISTICS.index("cramers_v")] >= SETTLED
    told = profile.pairs[..., PAIR_STATISTICS.index("determines")] > 0
    groups = [c.usable and c.n_distinct < c.n_present for c in profile.columns]
    usable = np.array(groups, dtype=bool)
    found = ties | told | told.T | _near_groups(profile)
    return np.asarray(found & usable & usable[:, None])


@once_per_profile
def parts_of_ranges(profile: Profile) -> frozenset[frozenset[str]]:
    """Return the pairs of columns of one range: its two ends, and what lies between, with each end.

    The mean temperature of a day goes with the highest one, as it must.
    """
    pairs = {one.columns for one in profile.ranges}
    measures = [c for c in profile.own_columns if c.kind == "number" and c.is_size and c.usable]
    for one in profile.ranges:
        low, high = profile.column(one.low), profile.column(one.high)
        for column in measures:
            if column.name not in one.columns and _lies_between(column, low, high, profile):
                pairs |= {frozenset((column.name, end)) for end in one.columns}
    return frozenset(pairs)


def _lies_between(
    column: ColumnProfile, low: ColumnProfile, high: ColumnProfile, profile: Profile
) -> bool:
    """Whether a number goes with both ends of a range, and is between them wherever one looks."""
    marks = [(c.minimum, *c.quantiles, c.maximum) for c in (low, column, high)]
    inside = all(a < b < c for a, b, c in zip(*marks, strict=True))
    ties = [profile.pair(column.name, end.name, "abs_spearman") for end in (low, high)]
    return inside and min(ties) >= NEAR_SISTER


def splits_settled(design: Design, profile: Profile) -> bool:
    """Whether a chart counts how often groups meet of which one decides the other."""
    counts = any(e.transform == "count" for e in design.encodings)
    groups = [e.field for e in design.encodings if e.field and e.transform == "category"]
    if not counts or len(groups) != 2 or set(groups) != set(design.fields):
        return False
    first, second = map(profile.index, groups)
    return bool(settled_pairs(profile)[first, second])


@once_per_profile
def exclusive_levels(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Return the pairs of numbers of 0 and 1 that are levels of one thing, in the table's order."""
    flags = [c.name for c in profile.own_columns if c.kind == "number" and c.usable and c.zero_one]
    return tuple(pair for pair in combinations(flags, 2) if frozenset(pair) in profile.copies)
