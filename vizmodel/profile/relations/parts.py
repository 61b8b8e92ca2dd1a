"""Owns which columns are the parts of a whole: whatever they are called, they hold one measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues

#: Most numbers that are looked at, and fewest and most rows.
MAX_NUMBERS, MIN_ROWS, MAX_ROWS = 40, 6, 200
#: Fewest rows of shares that come to a hundred.
FEW_ROWS = 3
#: Fewest parts of a whole: two columns and their sum are as often two things and what is left.
MIN_PARTS = 3
#: Wholes that no column holds: shares add up to these; hours of a day and games of a season to a
#: number of their own.
SHARES = (100.0, 1.0)
#: Share of the rows in which what goes around nought is below it at least; losses are rarer.
TAKEN_OFF = 0.25
#: Most digits behind the point of published figures, largest part of a whole that their rounding
#: may take off a sum, and off a hundred, and least share of rows that add up.
MAX_DIGITS, MAX_OFF, MAX_OFF_SHARES, MOSTLY = 4, 0.02, 0.04, 0.95
#: What shares of a hundred come to where others are left out: at least, by rounding at most, their
#: deviation over their mean, and variance of the sum in times what the shares have by themselves.
LEAST_SHARES, MOST_SHARES, STEADY, TRADED = 50.0, 101.0, 0.1, 0.9
#: What the second largest of them is of all at least: beside one number others may be anything.
LEAST_SECOND = 0.1
#: Share of a table's numbers that they are at least.
MOST_NUMBERS = 0.6
#: Rows that rule out most sums, and what computers take off exact ones.
PROBED, EXACT = 3, 1e-6


def find_parts(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[frozenset[str], ...]:
    """Find the columns side by side that add up to another, to a hundred, or always to the same.

    Shares of which the smallest are left out come to less than a hundred, but nearly to the same.

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
    names = [columns[at].name for at in sizes]
    if numbers.shape[1] < MIN_ROWS:
        # A few rows of three and more shares that come to a hundred are no chance.
        few = _hundreds(numbers) if numbers.shape[1] >= FEW_ROWS else ()
        return tuple(frozenset(names[start:end]) for start, end in few)
    found = {frozenset(names[start:end]) for start, end in _runs(numbers)}
    # What adds up is more than what nearly does.
    found = found or {frozenset(names[start:end]) for start, end in _most_shares(numbers)}
    return tuple(sorted(found, key=lambda parts: (-len(parts), sorted(parts))))


def _hundreds(numbers: Floats) -> list[tuple[int, int]]:
    """Return the longest run of shares of which each row's come to a hundred, or to one."""
    size = len(numbers)
    ends = np.concatenate([np.zeros((1, numbers.shape[1])), np.cumsum(numbers, axis=0)])
    long = np.triu(np.ones((size + 1, size + 1), dtype=bool), MIN_PARTS)
    found = [
        (start, end)
        for start, end in _places(long)
        for whole in SHARES
        if (numbers[start:end] >= 0).all()
        and (np.abs(ends[end] - ends[start] - whole) <= MAX_OFF * whole).all()
    ]
    return sorted(found, key=lambda run: run[0] - run[1])[:1]


def _runs(numbers: Floats) -> Iterator[tuple[int, int]]:
    """Yield where parts begin and end."""
    size, n_rows = numbers.shape
    ends = np.concatenate([np.zeros((1, n_rows)), np.cumsum(numbers, axis=0)])
    slack = _slack(numbers)
    off = np.concatenate([[0.0], np.cumsum(slack)])
    long = np.triu(np.ones((size + 1, size + 1), dtype=bool), MIN_PARTS)
    probed = np.linspace(0, n_rows - 1, PROBED).astype(np.int64)
    sums = ends[None, :, probed] - ends[:, None, probed]
    near = off[None, :] - off[:, None]
    for at, whole in enumerate(numbers):
        fits = (np.abs(sums - whole[probed]) <= (near + slack[at])[..., None]).mean(axis=2) > 0.5
        # What is added and taken off again, as a season is, is no part of what it comes to.
        apart = [
            run
            for run in _places(fits & long)
            if not run[0] <= at < run[1] and not _takes_off(numbers[slice(*run)], whole)
        ]
        yield from _add_up(apart, ends, whole, off, float(slack[at]))
    # A part of what is always the same is not negative: readings about nought add up to hardly any.
    same = np.ptp(sums, axis=2) <= 2 * near + EXACT * np.abs(sums).max(axis=2)
    steady = [
        (start, end) for start, end in _places(same & long) if np.all(numbers[start:end] >= 0)
    ]
    for run in steady:
        usual = float(np.median(ends[run[1]] - ends[run[0]]))
        for whole, most in (*zip(SHARES, (MAX_OFF_SHARES,) * 2, strict=True), (usual, MAX_OFF)):
            yield from _add_up([run], ends, np.full(n_rows, whole), off, 0.0, most)


def _takes_off(parts: Floats, whole: npt.NDArray[np.float64]) -> bool:
    """Whether a part goes up and down around nought where the whole never does.

    Of a change each part may be above nought or below, as the change is.
    """
    below = (parts < 0).mean(axis=1)
    return bool((below >= TAKEN_OFF).any() and whole.min() > 0)


def _most_shares(numbers: Floats) -> list[tuple[int, int]]:
    """Return the longest run of shares that are most of a hundred: what one gains another loses.

    They are most of what a table has: among many numbers some come to anything.
    """
    size, n_rows = numbers.shape
    ends = np.concatenate([np.zeros((1, n_rows)), np.cumsum(numbers, axis=0)])
    apart = np.concatenate([[0.0], np.cumsum(numbers.var(axis=1))])
    lows, means = numbers.min(axis=1), numbers.mean(axis=1)
    usual = ends.mean(axis=1)
    wholes = usual[None, :] - usual[:, None]  # of most runs this rules out that they are shares
    long = np.triu(np.ones_like(wholes, dtype=bool), max(MIN_PARTS, ceil(MOST_NUMBERS * size)))
    found = []
    for start, end in _places(long & (wholes >= LEAST_SHARES) & (wholes <= MOST_SHARES)):
        sums = ends[end] - ends[start]
        if sums.max() > MOST_SHARES or lows[start:end].min() < 0:
            continue
        most = (sums >= LEAST_SHARES).mean() >= MOSTLY
        steady = sums.std() <= STEADY * sums.mean()
        second = np.sort(means[start:end])[-2] >= LEAST_SECOND * sums.mean()
        traded = sums.var() <= TRADED * (apart[end] - apart[start])
        if most and steady and second and traded:
            found.append((start, end))
    return sorted(found, key=lambda run: run[0] - run[1])[:1]


def _places(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in np.argwhere(flags).tolist()]


def _add_up(
    runs: Sequence[tuple[int, int]],
    ends: Floats,
    whole: npt.NDArray[np.float64],
    off: npt.NDArray[np.float64],
    slack: float,
    largest: float = MAX_OFF,
) -> list[tuple[int, int]]:
    """Return which runs are a whole: to the last digit, else as far as figures are rounded.

    Parameters
    ----------
    runs, ends
        Places, and the sums up to each [n_columns + 1, n_rows].
    whole
        Of each row.
    off, slack, largest
        What rounding may take off the sums up to each place, and off the whole; the largest part of
        it that it may be.
    """
    if not runs:
        return []
    exact, near = [], []
    usual = float(np.median(np.abs(whole)))
    for start, end in runs:
        missing = np.abs(ends[end] - ends[start] - whole)
        most = float(off[end] - off[start]) + slack
        parts = np.abs(np.diff(ends[start : end + 1], axis=0)).max(axis=1)
        if usual == 0 or not (parts > 0).all():
            continue
        if (missing <= EXACT * np.maximum(usual, np.abs(whole))).mean() >= MOSTLY:
            exact.append((start, end))
        # What is smaller than the rounding would be a part of anything.
        elif (missing <= most).mean() >= MOSTLY and most <= min(largest * usual, parts.min()):
            near.append((start, end))
    return exact or near


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
