"""Owns what three columns say together and no two of them do: a line along x for each group.

Such are slopes that differ between groups (an interaction; Simpson 1951 for the case in which all
rows together say the opposite), and series that differ in level while they move in time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import MAX_CELLS, PAIR_STATISTICS, rank_rows

#: Most groups whose lines can be told apart, and of series the largest of which are drawn; most
#: columns of groups and of numbers looked at, most triples kept.
MAX_LEVELS, MAX_SERIES, MAX_GROUPS, MAX_MEASURED, MAX_TRIPLES = 12, 40, 12, 48, 12
#: Least strength, and least of it that no two of the columns have.
MIN_STRENGTH, MIN_GAIN = 0.4, 0.12
#: How many times what chance explains the gain must be: the best of thousands of triples is kept.
SURE = 5.0

_AT = {name: place for place, name in enumerate(PAIR_STATISTICS)}


class Triple(Struct, frozen=True):
    """Two columns whose relation shows once a third splits the rows into groups.

    Parameters
    ----------
    x, y, group
        Names of the columns.
    strength
        0..1: root of the share of the variance of y's ranks that a line along x in each group
        explains; comparable with a rank correlation.

    Examples
    --------
    >>> Triple("bill length", "bill depth", "species", 0.86).columns == {
    ...     "bill length", "bill depth", "species"}
    True
    """

    x: str
    y: str
    group: str
    strength: float

    @property
    def columns(self) -> frozenset[str]:
        """The three names."""
        return frozenset((self.x, self.y, self.group))


def find_triples(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
) -> tuple[Triple, ...]:
    """Find the triples of columns that say more than each two of them.

    Parameters
    ----------
    columns, values
        Of the sample.
    pairs
        Statistics of pairs, as `pair_statistics` returns them.

    Returns
    -------
    tuple of Triple
        At most 12, strongest first; for each pair of x and y the best group.
    """
    measured = [
        i
        for i, column in enumerate(columns)
        if values[i].numbers is not None and column.usable and column.n_distinct > 2
    ][:MAX_MEASURED]
    groups = [
        i
        for i, column in enumerate(columns)
        if 2 <= column.n_distinct <= MAX_SERIES and column.usable and not column.is_time
    ][:MAX_GROUPS]
    if len(measured) < 2 or not groups:
        return ()
    rows = slice(0, max(200, MAX_CELLS // len(columns)))
    ranks = np.stack([rank_rows(values[i].codes[rows]) for i in measured], axis=1)
    told = pairs[np.ix_(measured, measured)].astype(np.float64)
    best: dict[frozenset[int], tuple[float, Triple]] = {}
    for group in groups:
        codes = values[group].codes[rows]
        for x, y, strength in _of_group(group, measured, codes, ranks, columns, pairs, told):
            found = Triple(columns[x].name, columns[y].name, columns[group].name, strength)
            key = frozenset((x, y))
            best[key] = max(best.get(key, (0.0, found)), (strength, found), key=lambda one: one[0])
    ranked = sorted((triple for _, triple in best.values()), key=lambda one: -one.strength)
    return tuple(ranked[:MAX_TRIPLES])


def _of_group(
    group: int,
    measured: Sequence[int],
    codes: npt.NDArray[np.int64],
    ranks: Floats,
    columns: Sequence[ColumnProfile],
    pairs: npt.NDArray[np.float32],
    told: Floats,
) -> Iterator[tuple[int, int, float]]:
    """Yield the places of x and y, and the strength, that one column of groups brings out.

    `told` are the statistics of pairs of what is measured.
    """
    explained, chance = _explained(codes, ranks)
    at = np.array(measured)
    eta = pairs[group, at, _AT["eta_squared"]].astype(np.float64)
    over_x = told[..., _AT["eta_squared"]]
    keyed = pairs[group, at, _AT["joint_key"]] > 0
    # Where x and the group name the row, a line for each goes through every value: what both
    # explain by themselves adds up there, and says how much of it is more than noise.
    together = np.where(keyed[:, None], eta[None, :] + over_x, 0.0)
    explained = np.clip(np.maximum(explained, together), 0.0, 1.0)
    known = told[..., _AT["abs_spearman"]] ** 2
    known = np.maximum(np.maximum(known, over_x * keyed[:, None]), eta[None, :])
    strong = np.sqrt(explained)
    gain = strong - np.sqrt(known)
    sure = explained - known >= SURE * chance
    # A row for each time and group: a line for each group is what the table is.
    series = (keyed & np.array([columns[i].is_time for i in measured]))[:, None]
    if columns[group].n_distinct > MAX_LEVELS:
        gained = series & sure
    else:
        gained = (gain >= MIN_GAIN) & sure | series & (gain > 0)
    for x, y in zip(*np.nonzero(gained & (strong >= MIN_STRENGTH)), strict=True):
        i, j = int(at[x]), int(at[y])
        # A measure changes with time, never time with a measure.
        if i != j and group not in (i, j) and not columns[j].is_time:
            yield i, j, float(strong[x, y])


def _explained(codes: npt.NDArray[np.int64], ranks: Floats) -> tuple[Floats, float]:
    """Return what lines within groups explain of each column's variance, and what chance does.

    Parameters
    ----------
    codes
        int64 [n_rows]; the group of each row, -1 for none.
    ranks
        float64 [n_rows, n_measured].

    Returns
    -------
    float64 [n_measured, n_measured], float
        [x, y]: adjusted share of the variance of y; and the standard deviation of that share where
        there is nothing to explain.
    """
    kept = np.argsort(codes, kind="stable")[np.count_nonzero(codes < 0) :]
    ranks, sizes = ranks[kept], np.bincount(codes[kept])
    sizes = sizes[sizes > 0]
    n_rows, n_levels = len(kept), len(sizes)
    spare = n_rows - 2 * n_levels
    if spare < n_levels:
        return np.zeros((ranks.shape[1],) * 2), math.inf
    total = ((ranks - ranks.mean(axis=0)) ** 2).sum(axis=0)
    ends = np.cumsum(sizes)
    means = np.add.reduceat(ranks, ends - sizes, axis=0) / sizes[:, None]
    parts = np.split(ranks - np.repeat(means, sizes, axis=0), ends[:-1])
    products = np.stack([part.T @ part for part in parts])  # [n_levels, n_measured, n_measured]
    spread = np.diagonal(products, axis1=1, axis2=2)
    of_x = spread[:, :, None]
    slope = np.divide(products**2, of_x, out=np.zeros_like(products), where=of_x > 1e-9)
    left = (spread[:, None, :] - slope).sum(axis=0)
    share = np.divide(left, total[None, :], out=np.ones_like(left), where=total[None, :] > 0)
    return 1.0 - share * (n_rows - 1) / spare, math.sqrt(4 * n_levels) / n_rows
