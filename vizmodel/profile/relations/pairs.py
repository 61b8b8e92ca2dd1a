"""Owns the statistics of pairs of columns, computed for all pairs at once on a bounded sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.reading.arrays import Floats
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


def pair_statistics(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: frozenset[tuple[int, ...]],
    wanted: Sequence[int] | None = None,
    weights: Floats | None = None,
) -> npt.NDArray[np.float32]:
    """Compute the statistics of pairs.

    Parameters
    ----------
    columns, values
        Profiles and arrays of the sample, one per column.
    keys
        Sets of positions that identify rows.
    wanted
        Positions of which one stands in each pair that is asked for, ascending; all where None.
        What takes long is left out of the others.
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
    rows = slice(0, max(200, MAX_CELLS // size))
    some = range(size) if wanted is None else wanted
    ranks = {
        i: rank_rows(values[i].codes[rows])
        for i, c in enumerate(columns)
        if values[i].numbers is not None and not c.constant
    }
    _spearman(ranks, out)
    _grouped(columns, values, rows, ranks if weights is None else {}, some, out, weights)
    for key in keys:
        if len(key) == 2:
            out[key[0], key[1], 5] = out[key[1], key[0], 5] = 1.0
    out[:, :, 7] = _name_similarity(columns)
    out[:, :, 8] = _same_scale(columns)
    return np.nan_to_num(out, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)


def _spearman(ranks: Mapping[int, Floats], out: Floats) -> None:
    """Fill the rank correlations; a null takes the middle rank, so it pulls towards 0."""
    if len(ranks) < 2:
        return
    stacked = np.stack(list(ranks.values()))
    deviation = stacked.std(axis=1)
    deviation[deviation == 0] = np.inf
    scaled = (stacked - stacked.mean(axis=1, keepdims=True)) / deviation[:, None]
    result = scaled @ scaled.T / stacked.shape[1]
    np.fill_diagonal(result, 0.0)
    places = np.ix_(list(ranks), list(ranks))
    for statistic, found in ((0, result), (1, np.abs(result))):
        out[:, :, statistic][places] = found


def rank_rows(codes: npt.NDArray[np.int64]) -> Floats:
    """Return the mean rank of each row's value, the middle rank for a null: float64 [n_rows]."""
    present = codes >= 0
    counts = np.bincount(codes[present], minlength=1).astype(np.float64)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    ranks = np.full(len(codes), (present.sum() + 1) / 2)
    ranks[present] = mean_rank[codes[present]]
    return ranks


def _grouped(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    rows: slice,
    ranks: Mapping[int, Floats],
    some: Sequence[int],
    out: Floats,
    weights: Floats | None,
) -> None:
    """Fill eta squared, Cramér's V, determination and fill from one indicator matrix."""
    groups = _group_positions(columns)
    if not groups:
        return
    offsets = np.cumsum([0] + [values[i].n_distinct for i in groups])
    n_rows = len(values[0].codes[rows])
    indicators = np.zeros((n_rows, int(offsets[-1])), dtype=np.float32)
    for place, position in enumerate(groups):
        codes = values[position].codes[rows]
        present = np.flatnonzero(codes >= 0)
        indicators[present, offsets[place] + codes[present]] = 1.0
    counted = indicators if weights is None else indicators * weights[rows, None]
    _contingency(groups, counted, indicators, offsets, some, out)
    # Pairs of which one is asked for: what its groups say of all measures, and all groups of it.
    own = [i for i in groups if i in some]
    there = np.repeat(np.isin(groups, own), np.diff(offsets))
    _eta_squared(values, rows, own, indicators if there.all() else indicators[:, there], ranks, out)
    if len(own) < len(groups):
        asked = {j: of_rows for j, of_rows in ranks.items() if j in some}
        _eta_squared(values, rows, groups, indicators, asked, out)


def _group_positions(columns: Sequence[ColumnProfile]) -> list[int]:
    chosen, total = [], 0
    for position, column in enumerate(columns):
        if 2 <= column.n_distinct <= MAX_CATEGORIES and total + column.n_distinct <= MAX_INDICATORS:
            chosen.append(position)
            total += column.n_distinct
    return chosen


def _contingency(
    groups: Sequence[int],
    counted: Floats | npt.NDArray[np.float32],
    indicators: npt.NDArray[np.float32],
    offsets: npt.NDArray[np.int64],
    some: Sequence[int],
    out: Floats,
) -> None:
    """Fill Cramér's V, determination and fill.

    V (Cramér 1946) less what chance alone gives (Bergsma 2013): many groups of few rows always
    look associated. All contingency tables are blocks of one matrix, so that each statistic is a
    sum over blocks.

    Parameters
    ----------
    groups
        Positions of the columns.
    counted, indicators
        [n_rows, n_values]; how many cases, and 1, where a row holds a value of a column.
    offsets
        int64 [n_groups + 1]; first value of each column, and the end.
    some
        As `wanted` of `pair_statistics`.
    """
    first = [at for at, i in enumerate(groups) if i in some]
    if not first:
        return
    starts, sizes = offsets[:-1], np.diff(offsets)
    column_of = np.repeat(np.arange(len(groups)), sizes)
    # The values of the first column of each pair; of all, a product of one matrix takes half.
    these = counted if len(first) == len(groups) else counted[:, np.isin(column_of, first)]
    counts = (these.T @ indicators).astype(np.float64)  # [n_chosen, n_values]
    own = np.cumsum([0, *sizes[first]])[:-1]
    sums = np.add.reduceat(counts, starts, axis=1)  # [n_chosen, n_groups]
    others = np.add.reduceat(counts, own, axis=0)  # [n_first, n_values]
    # times the pair's total; where it is nought, so are the counts
    expected = sums[:, column_of] * others[np.repeat(np.arange(len(first)), sizes[first])]
    squares = counts**2 / np.where(expected > 0, expected, 1.0)
    totals = np.add.reduceat(sums, own, axis=0)  # [n_first, n_groups]
    n_first = np.add.reduceat((sums > 0).astype(np.float64), own, axis=0)
    n_second = np.add.reduceat((others > 0).astype(np.float64), starts, axis=1)
    n_cells = _block_sums(counts > 0, own, starts)
    applies = (totals > 0) & (np.minimum(n_first, n_second) >= 2)
    applies[np.arange(len(first)), first] = False
    cramers_v = _less_chance(_block_sums(squares, own, starts) - 1.0, n_first, n_second, totals)
    fill = n_cells / np.maximum(n_first * n_second, 1.0)
    chosen = [groups[at] for at in first]
    for statistic, forth, back in (
        (3, cramers_v, cramers_v),
        (4, n_cells == n_first, n_cells == n_second),
        (6, fill, fill),
    ):
        out[:, :, statistic][np.ix_(groups, chosen)] = np.where(applies, back, 0.0).T
        out[:, :, statistic][np.ix_(chosen, groups)] = np.where(applies, forth, 0.0)


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


def _eta_squared(
    values: Sequence[ColumnValues],
    rows: slice,
    groups: Sequence[int],
    indicators: npt.NDArray[np.float32],
    of_rows: Mapping[int, Floats],
    out: Floats,
) -> None:
    """Fill the share of each measure's variance that groups explain, less what chance explains.

    Epsilon squared (Kelley 1935): k groups of n rows explain (k - 1) / (n - 1) of anything.
    """
    measured = list(of_rows)
    if not measured or not groups:
        return
    starts = np.cumsum([0, *(values[i].n_distinct for i in groups)])[:-1]
    # Ranks rather than values: one outlier must not decide what a group explains.
    ranks = np.stack(list(of_rows.values()), axis=1)
    present = np.stack([values[j].codes[rows] >= 0 for j in measured], axis=1).astype(np.float32)
    centred = ((ranks - ranks.mean(axis=0)) * present).astype(np.float32)
    totals = (centred.astype(np.float64) ** 2).sum(axis=0)
    sums = (indicators.T @ centred).astype(np.float64)  # [n_values, n_measured]
    sizes = (indicators.T @ present).astype(np.float64)
    between = np.add.reduceat(sums**2 / np.maximum(sizes, 1.0), starts, axis=0)
    left = 1.0 - np.minimum(between / np.where(totals > 0, totals, 1.0), 1.0)
    n_rows, n_groups = (np.add.reduceat(part, starts, axis=0) for part in (sizes, sizes > 0))
    spare = n_rows - n_groups
    loss = np.divide(left * (n_rows - 1), spare, out=np.ones_like(left), where=spare > 0)
    explained = np.clip(1.0 - loss, 0.0, 1.0)
    for place, i in enumerate(groups):
        out[i, measured, 2] = np.where(np.equal(measured, i), 0.0, explained[place])


def _name_similarity(columns: Sequence[ColumnProfile]) -> Floats:
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


def _same_scale(columns: Sequence[ColumnProfile]) -> Floats:
    low = np.array([c.quantiles[0] if c.kind == "number" else np.nan for c in columns])
    high = np.array([c.quantiles[4] if c.kind == "number" else np.nan for c in columns])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        overlap = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
        union = np.maximum(high[:, None], high) - np.minimum(low[:, None], low)
        result: Floats = np.nan_to_num(np.clip(overlap / union, 0.0, 1.0))
    np.fill_diagonal(result, 0.0)
    return result
