"""Owns which columns are the parts of a whole: whatever they are called, they hold one measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues

#: Most numbers that are looked at, and fewest and most rows.
MAX_NUMBERS, MIN_ROWS, MAX_ROWS = 40, 6, 200
#: Fewest parts of a whole: two columns and their sum are as often two things and what is left.
MIN_PARTS = 3
#: Wholes that no column holds: shares add up to these.
SHARES = (100.0, 1.0)
#: Most digits behind the point of published figures, largest part of a whole that their rounding
#: may take off a sum, and least share of rows that add up.
MAX_DIGITS, MAX_OFF, MOSTLY = 4, 0.02, 0.95
#: Rows that rule out most sums.
PROBED = 3


def find_parts(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[frozenset[str], ...]:
    """Find the columns side by side that add up to another, or to a hundred per cent.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of frozenset of str
        Names of the parts of each whole, the most parts first.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> fuels = {"coal": [9, 8, 6, 5, 3, 2], "gas": [2, 4, 3, 5, 6, 5], "wind": [0, 1, 2, 4, 5, 7]}
    >>> whole = {"year": [*range(2010, 2016)], "all power": [11, 13, 11, 14, 14, 14]}
    >>> profile_table(pa.table({**whole, **fuels})).fold.columns
    ('coal', 'gas', 'wind')
    """
    sizes = [at for at, c in enumerate(columns) if c.is_size][:MAX_NUMBERS]
    if len(sizes) < MIN_PARTS:
        return ()
    numbers = np.stack([values[at].sizes[:MAX_ROWS] for at in sizes])
    numbers = numbers[:, np.isfinite(numbers).all(axis=0)]
    if numbers.shape[1] < MIN_ROWS:
        return ()
    names = [columns[at].name for at in sizes]
    found = {frozenset(names[start:end]) for start, end in _runs(numbers)}
    return tuple(sorted(found, key=lambda parts: (-len(parts), sorted(parts))))


def _runs(numbers: Floats) -> Iterator[tuple[int, int]]:
    """Yield where parts begin and end."""
    size, n_rows = numbers.shape
    shares = np.broadcast_to(np.array(SHARES)[:, None], (len(SHARES), n_rows))
    wholes = np.concatenate([numbers, shares])
    # A part is not negative; what is, is what was paid or is left.
    there = np.all(numbers >= 0, axis=1) & np.any(numbers > 0, axis=1)
    ends = np.concatenate([np.zeros((1, n_rows)), np.cumsum(numbers, axis=0)])
    slack = _slack(wholes)
    off = np.concatenate([[0.0], np.cumsum(slack[:size])])
    long = np.triu(np.ones((size + 1, size + 1), dtype=bool), MIN_PARTS)
    probed = np.linspace(0, n_rows - 1, PROBED).astype(np.int64)
    sums = ends[None, :, probed] - ends[:, None, probed]
    for at, whole in enumerate(wholes):
        near = (off[None, :] - off[:, None] + slack[at])[..., None]
        fits = np.mean(np.abs(sums - whole[probed]) <= near, axis=2)
        for start, end in np.argwhere((fits > 0.5) & long).tolist():
            apart = not start <= at < end and there[start:end].all()
            if apart and _adds_up(ends[end] - ends[start], whole, float(near[start, end, 0])):
                yield start, end


def _adds_up(sums: Floats, whole: npt.NDArray[np.float64], slack: float) -> bool:
    fits = np.abs(sums - whole) <= slack
    return bool(fits.mean() >= MOSTLY and slack <= MAX_OFF * np.median(np.abs(whole)))


def _slack(numbers: Floats) -> Floats:
    """Return half of the last digit in which the figures of each column are given.

    Parameters
    ----------
    numbers
        float64 [n_columns, n_rows].
    """
    same = 1e-9 + 1e-5 * np.abs(numbers)
    given = [
        (np.abs(np.round(numbers, digits) - numbers) <= same).all(axis=1)
        for digits in range(MAX_DIGITS)
    ]
    digits = np.argmax([*given, np.ones(len(numbers), dtype=bool)], axis=0)
    return np.asarray(0.5 * 10.0**-digits + 1e-9)
