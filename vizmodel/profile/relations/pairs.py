"""Owns the statistics of pairs of columns, computed for all pairs at once on a bounded sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.reading.arrays import Codes, Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Last axis of `Profile.pairs`; [i, j] is what column i says about column j.
PAIR_STATISTICS = (
    "spearman",  # rank correlation, -1..1, of numbers and times
    "abs_spearman",
    "eta_squared",  # share of the variance of j that the groups of i explain, 0..1
    "cramers_v",  # association of two categories, 0..1
    "determines",  # 1 where each value of i goes with one value of j
    "joint_key",  # 1 where i and j together identify each row
    "fill",  # share of the combinations of i's and j's groups that occur
    "name_similarity",  # 0..1
    "same_scale",  # overlap of the ranges of two numbers, 0..1
)

#: Bounds on the work for wide tables: cells of the rank matrix, columns of the indicator matrix.
MAX_CELLS = 1_000_000
MAX_INDICATORS = 1_500
MAX_NAMED_COLUMNS = 60


class Groups(Struct, frozen=True):
    """The values of the columns of groups as one matrix.

    Parameters
    ----------
    positions
        Of the columns.
    sizes, starts
        int64 [n_groups]; how many values each has, and the first of them.
    indicators
        float32 [n_rows, n_values]; 1 where a row holds a value of a column.
    """

    positions: list[int]
    sizes: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    indicators: npt.NDArray[np.float32]


class Crossed(Struct, frozen=True):
    """What columns of groups say about others: each [n_first, n_second], 0 where nothing applies.

    Parameters
    ----------
    cramers_v, determines, determined, fill
        As in `PAIR_STATISTICS`; `determined` is what the second says about the first.
    """

    cramers_v: Floats
    determines: Floats
    determined: Floats
    fill: Floats


def pair_statistics(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: frozenset[tuple[int, ...]],
    weights: Floats | None = None,
) -> npt.NDArray[np.float32]:
    """Compute the statistics of pairs.

    Parameters
    ----------
    columns, values
        Profiles and arrays of the sample, one per column.
    keys
        Sets of positions that identify rows.
    weights
        float64 [n_rows], how many cases each row stands for; one where None. What groups explain of
        a number is left out then, since rows are no sample of it.

    Returns
    -------
    ndarray, float32 [n_columns, n_columns, len(PAIR_STATISTICS)]
        Finite everywhere; 0 where a statistic does not apply.
    """
    size = len(columns)
    out = np.zeros((size, size, len(PAIR_STATISTICS)), dtype=np.float64)
    if size == 0 or not len(values[0].codes):
        return out.astype(np.float32)
    n_rows = max(200, MAX_CELLS // size)
    codes = [one.codes[:n_rows] for one in values]
    ranked = ranked_positions(columns, values)
    ranks = np.array([rank_rows(codes[i]) for i in ranked])
    if len(ranked) > 1:
        # A null has the middle rank, so it pulls towards 0.
        scaled = standardised(ranks)
        spearman = scaled @ scaled.T / scaled.shape[1]
        np.fill_diagonal(spearman, 0.0)
        places = np.ix_(ranked, ranked)
        out[..., 0][places], out[..., 1][places] = spearman, np.abs(spearman)
    groups = groups_of(columns, codes)
    if groups.positions:
        _grouped(groups, out, None if weights is None else weights[:n_rows, None])
    if groups.positions and ranked and weights is None:
        present = np.stack([codes[i] >= 0 for i in ranked], axis=1).astype(np.float32)
        centred = centred_ranks(ranks.T, present)
        totals = (centred.astype(np.float64) ** 2).sum(axis=0)
        out[..., 2][np.ix_(groups.positions, ranked)] = explained(groups, centred, present, totals)
        np.fill_diagonal(out[..., 2], 0.0)
    for key in keys:
        if len(key) == 2:
            out[key[0], key[1], 5] = out[key[1], key[0], 5] = 1.0
    out[..., 7], out[..., 8] = name_similarity(columns), same_scale(columns)
    return finite(out)


def finite(statistics: Floats) -> npt.NDArray[np.float32]:
    """Return statistics of pairs with 0 where one is no number."""
    return np.nan_to_num(statistics, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)


def ranked_positions(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> list[int]:
    """Return the positions of numbers and times that vary."""
    return [i for i, c in enumerate(columns) if values[i].numbers is not None and not c.constant]


def standardised(ranks: Floats) -> Floats:
    """Return ranks [n_columns, n_rows] less their mean, over their deviation."""
    deviation = ranks.std(axis=1)
    deviation[deviation == 0] = np.inf
    scaled: Floats = (ranks - ranks.mean(axis=1, keepdims=True)) / deviation[:, None]
    return scaled


def rank_rows(codes: Codes) -> Floats:
    """Return the mean rank of each row's value, the middle rank for a null: float64 [n_rows]."""
    places = codes + 1  # nulls come first
    counts = np.bincount(places, minlength=1).astype(np.float64)
    n_present, counts[0] = len(codes) - counts[0], 0.0
    mean_rank = counts.cumsum() - (counts - 1) / 2
    mean_rank[0] = (n_present + 1) / 2
    return mean_rank[places]


def groups_of(columns: Sequence[ColumnProfile], codes: Sequence[Codes]) -> Groups:
    """Return the columns whose values are groups; of a very wide table the first ones."""
    positions, starts, total = [], [], 0
    for at, column in enumerate(columns):
        n = column.n_distinct
        if 2 <= n <= MAX_CATEGORIES and total + n <= MAX_INDICATORS:
            positions.append(at)
            starts.append(total)
            total += n
    indicators = np.zeros((len(codes[0]), total), dtype=np.float32)
    for at, start in zip(positions, starts, strict=True):
        present = np.flatnonzero(codes[at] >= 0)
        indicators[present, start + codes[at][present]] = 1.0
    sizes = np.array([columns[at].n_distinct for at in positions], dtype=np.int64)
    return Groups(positions, sizes, np.array(starts, dtype=np.int64), indicators)


def _grouped(groups: Groups, out: Floats, weights: Floats | None) -> None:
    """Fill Cramér's V, determination and fill from one product of all indicators."""
    counted = groups.indicators if weights is None else groups.indicators * weights
    found = crossed(groups, groups, counted.T @ groups.indicators)
    for statistic, filled in ((3, found.cramers_v), (4, found.determines), (6, found.fill)):
        np.fill_diagonal(filled, 0.0)
        out[..., statistic][np.ix_(groups.positions, groups.positions)] = filled


def crossed(first: Groups, second: Groups, counts: npt.NDArray[Any]) -> Crossed:
    """Compute Cramér's V, determination and fill.

    V (Cramér 1946) less what chance alone gives (Bergsma 2013): many groups of few rows always
    look associated. All contingency tables are blocks of one matrix, so that each statistic is a
    sum over blocks.

    Parameters
    ----------
    first, second
        The columns of which each of the one meets each of the other.
    counts
        [n_values of the first, n_values of the second]; in how many cases both are there.
    """
    counts = counts.astype(np.float64)
    own, starts = first.starts, second.starts
    sums = np.add.reduceat(counts, starts, axis=1)  # [n_values of the first, n_second]
    others = np.add.reduceat(counts, own, axis=0)  # [n_first, n_values of the second]
    # times the pair's total; where it is nought, so are the counts
    expected = np.repeat(sums, second.sizes, axis=1) * np.repeat(others, first.sizes, axis=0)
    squares = counts**2 / np.where(expected > 0, expected, 1.0)
    totals = np.add.reduceat(sums, own, axis=0)  # [n_first, n_second]
    n_first = np.add.reduceat((sums > 0).astype(np.float64), own, axis=0)
    n_second = np.add.reduceat((others > 0).astype(np.float64), starts, axis=1)
    n_cells = _block_sums(counts > 0, own, starts)
    applies = (totals > 0) & (np.minimum(n_first, n_second) >= 2)
    cramers_v = _less_chance(_block_sums(squares, own, starts) - 1.0, n_first, n_second, totals)
    return Crossed(
        np.where(applies, cramers_v, 0.0),
        np.where(applies, n_cells == n_first, 0.0),
        np.where(applies, n_cells == n_second, 0.0),
        np.where(applies, n_cells / np.maximum(n_first * n_second, 1.0), 0.0),
    )


def _less_chance(
    chi_squared_share: Floats, n_first: Floats, n_second: Floats, totals: Floats
) -> Floats:
    """Return Cramér's V of pairs of columns without its bias.

    Parameters
    ----------
    chi_squared_share
        Chi squared over the number of rows.
    n_first, n_second
        Values of each column in the rows where the other has one.
    totals
        Rows where both have a value.
    """
    spare = np.maximum(totals - 1.0, 1.0)
    by_chance = (n_first - 1.0) * (n_second - 1.0) / spare
    smaller = np.minimum(*(n - (n - 1.0) ** 2 / spare for n in (n_first, n_second))) - 1.0
    found = np.clip(chi_squared_share - by_chance, 0.0, None)
    share = np.divide(found, smaller, out=np.zeros_like(found), where=smaller > 0)
    return np.asarray(np.sqrt(np.minimum(share, 1.0)))


def _block_sums(
    matrix: Floats | npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
) -> Floats:
    """Sum the blocks of a matrix, which begin at such rows and columns."""
    within = np.add.reduceat(matrix, columns, axis=1, dtype=np.float64)
    sums: Floats = np.add.reduceat(within, rows, axis=0)
    return sums


def centred_ranks(ranks: Floats, present: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return ranks [n_rows, n_columns] less their mean, 0 where there is no value.

    Ranks rather than values: one outlier must not decide what a group explains.
    """
    centred: npt.NDArray[np.float32] = ((ranks - ranks.mean(axis=0)) * present).astype(np.float32)
    return centred


def explained(
    groups: Groups, centred: npt.NDArray[Any], present: npt.NDArray[Any], totals: Floats
) -> Floats:
    """Return the share of each measure's variance that groups explain, less what chance explains.

    Epsilon squared (Kelley 1935): k groups of n rows explain (k - 1) / (n - 1) of anything.

    Parameters
    ----------
    groups
        The columns of groups.
    centred, present
        [n_rows, n_measured]; deviations of the ranks from their mean, and the number of values.
    totals
        [n_measured]; the sum of the squared deviations.

    Returns
    -------
    float64 [n_groups, n_measured]
    """
    sums = (groups.indicators.T @ centred).astype(np.float64)  # [n_values, n_measured]
    sizes = (groups.indicators.T @ present).astype(np.float64)
    between = np.add.reduceat(sums**2 / np.maximum(sizes, 1.0), groups.starts, axis=0)
    left = 1.0 - np.minimum(between / np.where(totals > 0, totals, 1.0), 1.0)
    n_rows, n_groups = (np.add.reduceat(part, groups.starts, axis=0) for part in (sizes, sizes > 0))
    spare = n_rows - n_groups
    loss = np.divide(left * (n_rows - 1), spare, out=np.ones_like(left), where=spare > 0)
    return np.asarray(np.clip(1.0 - loss, 0.0, 1.0))


def name_similarity(columns: Sequence[ColumnProfile]) -> Floats:
    """Return how many letters the names of each two columns share: [n_columns, n_columns]."""
    size = len(columns)
    result = np.zeros((size, size))
    names = [split_name(column.name)[:40] for column in columns[:MAX_NAMED_COLUMNS]]
    letters = {letter: place for place, letter in enumerate(sorted(set("".join(names))))}
    counts = np.zeros((len(names), len(letters)))  # [n_named, n_letters]
    for i, name in enumerate(names):
        for letter in name:
            counts[i, letters[letter]] += 1
    shared = np.minimum(counts[:, None], counts).sum(axis=2)
    lengths = counts.sum(axis=1)
    # Twice what two names share, over their lengths: `difflib`'s quick ratio, of all pairs at once.
    total = lengths[:, None] + lengths
    ratios = np.divide(2.0 * shared, total, out=np.ones_like(total), where=total > 0)
    np.fill_diagonal(ratios, 0.0)
    result[: len(names), : len(names)] = ratios
    return result


def same_scale(columns: Sequence[ColumnProfile]) -> Floats:
    """Return how far the ranges of each two numbers overlap: [n_columns, n_columns]."""
    low = np.array([c.quantiles[0] if c.kind == "number" else np.nan for c in columns])
    high = np.array([c.quantiles[4] if c.kind == "number" else np.nan for c in columns])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        overlap = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
        union = np.maximum(high[:, None], high) - np.minimum(low[:, None], low)
        result: Floats = np.nan_to_num(np.clip(overlap / union, 0.0, 1.0))
    np.fill_diagonal(result, 0.0)
    return result
