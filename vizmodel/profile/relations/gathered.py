"""Owns the statistics of gathered columns with the others of a table.

A gathered table has each row once for each column that is gathered. What the other columns hold
there comes again and again, so that it is multiplied by sums over the gathered columns instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import (
    Groups,
    centred_ranks,
    crossed,
    explained,
    finite,
    groups_of,
    name_similarity,
    pair_statistics,
    rank_rows,
    ranked_positions,
    same_scale,
    standardised,
)


def gathered_statistics(
    others: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    made: Sequence[ColumnProfile],
    gathered: Sequence[ColumnValues],
    keys: frozenset[int] = frozenset(),
) -> npt.NDArray[np.float32]:
    """Compute the statistics of pairs that have a gathered column.

    Parameters
    ----------
    others, values
        Profiles and arrays of the table's other columns.
    made, gathered
        Profiles of the headers and of the gathered values, and their arrays: row by row, as many
        values for each row as columns are gathered.
    keys
        Places of the columns that identify the gathered rows together with the headers.

    Returns
    -------
    ndarray, float32 [n_others + 2, n_others + 2, len(PAIR_STATISTICS)]
        What `pair_statistics` finds of the gathered table; 0 for pairs of others.
    """
    n = len(others)
    within = pair_statistics(made, gathered, frozenset())
    out = np.zeros((n + 2, n + 2, within.shape[-1]))
    out[n:, n:] = within
    n_rows = len(gathered[0].codes)
    if n and n_rows:
        rows = _rows(others, values)
        sums = _rows(made, gathered).summed(len(values[0].codes))
        _fill_ranks(out, rows, sums, n_rows)
        _fill_groups(out, rows, sums)
    out[list(keys), n, 5] = out[n, list(keys), 5] = 1.0
    for statistic, found in ((7, name_similarity), (8, same_scale)):
        whole = found([*others, *made])
        out[:, n:, statistic], out[n:, :, statistic] = whole[:, n:], whole[n:]
    return finite(out)


class _Rows(Struct, frozen=True):
    """Some columns row by row, or sums over the gathered values of each row.

    Parameters
    ----------
    groups
        The columns of groups.
    ranked
        Positions of the numbers and times.
    scaled, centred, present
        [n_rows, n_ranked]; standardised ranks, their deviations from the mean where there is a
        value, and how many values there are.
    totals
        [n_ranked]; sum of the squared deviations of all values.
    """

    groups: Groups
    ranked: list[int]
    scaled: Floats
    centred: npt.NDArray[np.float32]
    present: npt.NDArray[np.float32]
    totals: Floats

    def summed(self, n_rows: int) -> _Rows:
        """Return the sums over the values that each of so many rows has."""

        def sums(cells: npt.NDArray[Any]) -> npt.NDArray[Any]:
            shape = n_rows, len(cells) // n_rows, cells.shape[1]
            return np.asarray(cells.reshape(shape).sum(axis=1))

        return replace(
            self,
            groups=replace(self.groups, indicators=sums(self.groups.indicators)),
            scaled=sums(self.scaled),
            centred=sums(self.centred),
            present=sums(self.present),
        )


def _rows(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> _Rows:
    codes, ranked = [one.codes for one in values], ranked_positions(columns, values)
    shape = len(ranked), len(codes[0])
    ranks = np.array([rank_rows(codes[i]) for i in ranked]).reshape(shape)
    present = (np.array([codes[i] for i in ranked]).reshape(shape) >= 0).T.astype(np.float32)
    centred = centred_ranks(ranks.T, present)
    totals = (centred.astype(np.float64) ** 2).sum(axis=0)
    return _Rows(groups_of(columns, codes), ranked, standardised(ranks).T, centred, present, totals)


def _fill_ranks(out: Floats, rows: _Rows, sums: _Rows, n_gathered: int) -> None:
    """Fill the rank correlations, and what groups explain of numbers."""
    n = len(out) - 2
    ranked = [n + i for i in sums.ranked]
    spearman = rows.scaled.T @ sums.scaled / n_gathered
    for statistic, found in ((0, spearman), (1, np.abs(spearman))):
        out[..., statistic][np.ix_(rows.ranked, ranked)] = found
        out[..., statistic][np.ix_(ranked, rows.ranked)] = found.T
    if rows.groups.positions and ranked:
        found = explained(rows.groups, sums.centred, sums.present, sums.totals)
        out[..., 2][np.ix_(rows.groups.positions, ranked)] = found
    if sums.groups.positions and rows.ranked:
        # Each row is there once for each gathered column.
        totals = rows.totals * (n_gathered / len(rows.present))
        found = explained(sums.groups, rows.centred, rows.present, totals)
        out[..., 2][np.ix_([n + i for i in sums.groups.positions], rows.ranked)] = found


def _fill_groups(out: Floats, rows: _Rows, sums: _Rows) -> None:
    """Fill Cramér's V, determination and fill."""
    if not rows.groups.positions or not sums.groups.positions:
        return
    found = crossed(rows.groups, sums.groups, rows.groups.indicators.T @ sums.groups.indicators)
    own, made = rows.groups.positions, [len(out) - 2 + i for i in sums.groups.positions]
    for statistic, forth, back in (
        (3, found.cramers_v, found.cramers_v),
        (4, found.determines, found.determined),
        (6, found.fill, found.fill),
    ):
        out[..., statistic][np.ix_(own, made)] = forth
        out[..., statistic][np.ix_(made, own)] = back.T
