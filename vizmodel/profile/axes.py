"""Owns which numbers that count the rows are an axis all the same: the others run along them.

A column `x` from 1 to 200 may be the index that a frame left in a file. Where a curve goes up and
down along it, without jumps, it is what the curve was drawn over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues

#: Names of what may be either.
NAMES = frozenset(("x", "xs", "x value", "x_value"))
#: Fewest rows of a curve, and fewest different values of what runs along.
MIN_ROWS, MIN_DISTINCT = 20, 8
#: Mean square of the steps of ranks from row to row, over what it is where they are mixed.
SMOOTH = 0.05
#: Correlation of ranks of what a table is sorted by, so that its rows' numbers tell nothing.
SORTED = 0.98


def with_axes(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take numbers that others run along for steps.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> curve = [np.sin(i / 9) for i in range(60)]
    >>> profile_table(pa.table({"x": list(range(60)), "curve": curve})).column("x").evidence
    'counts the rows, and “curve” runs along it'
    """
    found = list(columns)
    for at, column in enumerate(columns):
        if column.name not in NAMES or not column.identifier or not _counts(column):
            continue
        along = next((i for i, c in enumerate(columns) if _runs(c, values[i], values[at])), None)
        if along is not None:
            said = f"counts the rows, and “{columns[along].name}” runs along it"
            found[at] = replace(column, semantic="sequence", evidence=said)
    return tuple(found)


def _counts(column: ColumnProfile) -> bool:
    whole = column.integer and column.told is None
    return whole and column.n_distinct == column.n_rows >= MIN_ROWS


def _runs(column: ColumnProfile, values: ColumnValues, steps: ColumnValues) -> bool:
    """Whether a size goes from row to row without jumps, and not all the way in one direction."""
    if not column.is_size or column.n_distinct < MIN_DISTINCT or column.n_present < column.n_rows:
        return False
    ranks = values.codes[np.argsort(steps.codes)].astype(np.float64)
    jumps = float(np.mean(np.diff(ranks) ** 2)) / (2 * float(ranks.var()))
    one_way = abs(float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]))
    return jumps <= SMOOTH and one_way < SORTED
