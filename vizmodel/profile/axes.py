"""Owns which numbers that count the rows are an axis all the same: the others run along them.

A column `x` from 1 to 200 may be the index that a frame left in a file. Where a curve goes up and
down along it, without jumps, it is what the curve was drawn over. Numbers alone that go on from row
to row, such as a walk, a signal or the metrics of a training, are a curve over the numbers of their
rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.states import trained_metrics
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues

#: Names of what may be either.
NAMES = frozenset(("x", "xs", "x value", "x_value"))
#: What pandas calls the numbers of rows once they are a column.
ROWS = "index"
#: Names of coordinates: a way is seen on their plane, not over the numbers of its rows.
PLACES = frozenset(("x", "y", "lat", "latitude", "lon", "lng", "long", "longitude"))
#: Most columns of numbers that may run along those of their rows, and share of these with a value.
MAX_CURVES, MIN_PRESENT = 3, 0.8
#: Most of them where each goes on without jumps.
MAX_WALKS = 60
#: Fewest rows of a curve, fewest values of what runs along, and most metrics of a training.
MIN_ROWS, MIN_DISTINCT, MAX_METRICS = 20, 8, 20
#: What metrics of few epochs are called; those of the folds of a data set are not.
VALIDATED = late_pattern(r"(^|[^a-z])val(id(ation)?)?[^a-z]", re.IGNORECASE)
#: Mean square of the steps of ranks from row to row, over what it is where they are mixed.
SMOOTH = 0.05
#: The same of numbers that are all there is.
SMOOTH_ALONE = 0.15
#: Fewest rows, on average, of which each has the number of its group.
MIN_BLOCK = 4
#: Most stretches of rows for each of such numbers: two groups may have the same by chance.
MAX_RETURNS = 1.2
#: Share of the steps that may go against the order of a table that was sorted.
MAX_AGAINST = 0.04
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
    >>> profile_table(pa.table({"x": list(range(60)), "curve": curve})).column("x").semantic
    'sequence'
    """
    found = list(columns)
    for at, column in enumerate(columns):
        along = _along(at, columns, values)
        if along is not None:
            said = f"counts the rows, and “{columns[along].name}” runs along it"
            found[at] = replace(column, semantic="sequence", evidence=said)
    return tuple(found)


def run_on(curves: Sequence[Floats], names: Sequence[str]) -> bool:
    """Whether numbers go on from row to row, up and down: none is what the others run along.

    Parameters
    ----------
    curves
        float64 [n_rows] each, NaN where there is no number.
    names
        Of the curves: metrics in training and on other data may fall all the way.

    Examples
    --------
    >>> steps = np.random.default_rng(3).normal(size=200)
    >>> run_on([np.cumsum(steps)], ["a"]), run_on([steps], ["a"])
    (True, False)
    >>> both = np.arange(200.0), np.cumsum(steps)
    >>> run_on(both, ["a", "b"]), run_on(both, ["loss", "val_loss"])
    (False, True)
    """
    metrics = trained_metrics(names) if len(names) <= MAX_METRICS else frozenset()
    if metrics:
        told = [curve for name, curve in zip(names, curves, strict=True) if name in metrics]
        others = [curve for name, curve in zip(names, curves, strict=True) if name not in metrics]
        if any(map(_always_rises, others)):  # the epochs themselves
            return False
        few = len(told[0]) < MIN_DISTINCT and any(VALIDATED.search(name) for name in metrics)
        return few or any(_smoothness(curve)[0] <= SMOOTH_ALONE for curve in told)
    if not 1 <= len(curves) <= MAX_WALKS or len(curves[0]) < MIN_ROWS:
        return False
    if sum(name.lower() in PLACES for name in names) > 1:
        return False
    # What is sorted is an axis of the others, or a sample that somebody put in order.
    if any(_hardly_turns(curve) or _stands_in_blocks(curve) for curve in curves):
        return False
    jumps = [_smoothness(curve)[0] for curve in curves]
    return (min if len(curves) <= MAX_CURVES else max)(jumps) <= SMOOTH_ALONE


def _always_rises(curve: Floats) -> bool:
    """Whether each number is larger than the one before, as epochs are and rates are not."""
    return bool((np.diff(curve) > 0).all())


def _hardly_turns(curve: Floats) -> bool:
    """Whether nearly all numbers go in one direction, as those of an axis do, or sorted ones."""
    steps = np.diff(curve[np.isfinite(curve)])
    against = min(int((steps < 0).sum()), int((steps > 0).sum()))
    return against <= MAX_AGAINST * len(steps)


def _stands_in_blocks(curve: Floats) -> bool:
    """Whether rows that follow each other have one number, which hardly others have, as groups do.

    A reading that stays the same for a while comes back to it.
    """
    known = curve[np.isfinite(curve)]
    n_runs = int(np.count_nonzero(np.diff(known))) + 1
    again = n_runs > MAX_RETURNS * len(np.unique(known))
    return not again and n_runs <= len(known) / MIN_BLOCK


def _smoothness(curve: Floats) -> tuple[float, float]:
    """Return how far ranks jump from row to row, and how far they go all the way in one direction.

    The former over what it is where they are mixed; infinite where few values differ.
    """
    known = curve[np.isfinite(curve)]
    kinds, codes = np.unique(known, return_inverse=True)
    if len(known) < MIN_PRESENT * len(curve) or len(kinds) < MIN_DISTINCT:
        return math.inf, 0.0
    ranks = codes.astype(np.float64)
    one_way = abs(float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]))
    return rank_jumps(ranks, np.ones(len(ranks) - 1, dtype=bool)), one_way


def rank_jumps(ranks: Floats, told: npt.NDArray[np.bool_]) -> float:
    """Return the mean square of the steps of ranks, over what it is where they are mixed.

    Parameters
    ----------
    ranks
        float64 [n_rows], in the order of the rows.
    told
        Which of the steps from row to row count, bool [n_rows - 1].

    Examples
    --------
    >>> rank_jumps(np.arange(4.0), np.ones(3, dtype=bool))
    0.4
    """
    spread = float(ranks.var())
    return float(np.mean(np.diff(ranks)[told] ** 2)) / (2 * spread) if spread else math.inf


def _along(at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> int | None:
    """Return the place of what runs along a column that counts the rows; None for nothing."""
    steps = columns[at]
    if not (steps.identifier or steps.name == ROWS) or not _counts(steps):
        return None
    if steps.name in NAMES and steps.n_rows >= MIN_ROWS:
        runs = (i for i, c in enumerate(columns) if _runs(c, values[i], values[at]))
        return next(runs, None)
    others = [i for i in range(len(columns)) if i != at]
    plain = all(columns[i].kind == "number" and not columns[i].is_time for i in others)
    if not plain or not (steps.name == ROWS or steps.numbers_rows):
        return None
    order = np.argsort(values[at].codes)
    curves = {i: values[i].sizes[order] for i in others}
    follow = run_on([*curves.values()], [columns[i].name for i in others])
    return min(others, key=lambda i: _smoothness(curves[i])) if follow else None


def _counts(column: ColumnProfile) -> bool:
    whole = column.integer and column.told is None
    return whole and column.n_distinct == column.n_rows


def _runs(column: ColumnProfile, values: ColumnValues, steps: ColumnValues) -> bool:
    """Whether a size goes from row to row without jumps, and not all the way in one direction."""
    if not column.is_size or column.n_distinct < MIN_DISTINCT or column.n_present < column.n_rows:
        return False
    jumps, one_way = _smoothness(values.sizes[np.argsort(steps.codes)])
    return jumps <= SMOOTH and one_way < SORTED
