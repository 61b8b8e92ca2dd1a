"""Owns which numbers are computed from others: a unit changed, what is left of a day, a total.

That such columns rise together is no finding; one of them says all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.values import ColumnValues

#: Linear correlation from which one column is the other on a line; fewest values that show it.
LINEAR, MIN_VALUES = 0.999, 8
#: Most columns that are compared with each other, and most rows.
MAX_COLUMNS, MAX_ROWS = 256, 2_000


def find_copies(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find the pairs of numbers of which one lies on a line over the other.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    frozenset of frozenset of str
        Pairs of names.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> asleep = [i * 37 % 101 / 5 for i in range(40)]
    >>> table = pa.table({"asleep": asleep, "awake": [24 - hours for hours in asleep]})
    >>> sorted(map(sorted, profile_table(table).copies))
    [['asleep', 'awake']]
    """
    compared = [
        at
        for at, column in enumerate(columns[:MAX_COLUMNS])
        if column.kind == "number" and column.usable and column.n_distinct >= MIN_VALUES
    ]
    if len(compared) < 2:
        return frozenset()
    rows = slice(0, MAX_ROWS)
    scaled = np.stack([_scaled(values[at], rows) for at in compared])
    tied = np.abs(scaled @ scaled.T) / scaled.shape[1]
    found = np.argwhere(np.triu(tied >= LINEAR, 1))
    names = [columns[at].name for at in compared]
    return frozenset(frozenset((names[first], names[second])) for first, second in found)


def _scaled(values: ColumnValues, rows: slice) -> np.ndarray:
    """Return numbers with mean 0 and deviation 1; a gap is 0, so it pulls a tie towards 0."""
    numbers = values.sizes[rows]
    known = np.isfinite(numbers)
    numbers = np.where(known, numbers / max(1.0, np.abs(numbers[known]).max(initial=1.0)), 0.0)
    numbers = np.where(known, numbers - numbers.sum() / max(1, known.sum()), 0.0)
    deviation = float(np.sqrt((numbers**2).mean()))
    scaled: np.ndarray = numbers / (deviation if deviation > 0 else np.inf)
    return scaled
