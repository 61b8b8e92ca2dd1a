"""Owns which columns of records follow from others: products, durations, what a yes or no allows.

Revenue is price times quantity; what was paid is nothing where nobody bought. A chart of such a
pair shows how the record is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues

#: Most columns and rows that are compared; fewest rows, and fewest of each side of a gate.
MAX_COLUMNS, MAX_FLAGS, MAX_ROWS, MIN_ROWS, MIN_SIDE = 16, 64, 2_000, 20, 10
#: Share of the rows that are nothing behind a closed gate, and behind an open one at most.
CLOSED, OPEN = 0.99, 0.1
#: Relative difference of a product that was rounded, and share of the rows that keep to it.
ROUNDED, MOST = 5e-3, 0.95
#: Share of rows in which a product of a rate that was worked out may be right to its last digit,
#: most digits behind the point that are looked at, and what is no difference.
FEW_GIVEN, MAX_DIGITS, SAME = 0.5, 6, 1e-9
#: Largest power of ten between a product and what it is written as; least deviation of factors
#: there, relative to their mean.
MAX_POWER, LEAST_SPREAD = 6, 0.05
#: Correlation of a duration with its beginning from which that tells it.
TIED = 0.9
#: Rows that tell most columns apart from a product, and the first of them, which mostly do.
PROBED, FIRST = 64, 16


def find_tautologies(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find pairs of columns of which one follows from the other in how records are kept.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    frozenset of frozenset of str
        Pairs of names: a product and each factor (not what was measured beside a rate that was
        worked out of both), a number and the yes or no without which it is nothing, a computed
        duration and the time that it ends with, or another duration that does.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> bought = [int(i % 3 == 0) for i in range(60)]
    >>> paid = [yes * (5.0 + i % 7) for i, yes in enumerate(bought)]
    >>> sorted(map(sorted, profile_table(pa.table({"bought": bought, "paid": paid})).copies))
    [['bought', 'paid']]
    """
    if not columns or columns[0].n_rows < MIN_ROWS:
        return frozenset()
    found = [*_gated(columns, values), *_products(columns, values), *_elapsed(columns, values)]
    return frozenset(frozenset((columns[one].name, columns[other].name)) for one, other in found)


def _elapsed(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield computed durations with what is as long or as late as they are by their making."""
    place = {column.name: at for at, column in enumerate(columns)}
    made = [at for at, column in enumerate(columns) if column.between is not None]
    for at in made:
        start, end = (place[name] for name in columns[at].between or ())
        yield at, end
        # Whoever was born later was younger on the day that the table was made.
        if _tied(values[at].numbers, values[start].numbers):
            yield at, start
    for one, other in combinations(made, 2):
        if not set(columns[one].between or ()).isdisjoint(columns[other].between or ()):
            yield one, other


def _tied(one: Floats | None, other: Floats | None) -> bool:
    """Whether one number nearly tells the other."""
    if one is None or other is None:
        return False
    both = np.isfinite(one) & np.isfinite(other)
    return bool(abs(np.corrcoef(one[both], other[both])[0, 1]) >= TIED)


def _gated(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield numbers with the columns of two levels of which one lets them be nothing."""
    rows = slice(0, MAX_ROWS)
    gates = [at for at, c in enumerate(columns) if c.n_distinct == 2 and not c.null_share]
    sizes = [at for at, c in enumerate(columns) if c.is_size and c.n_distinct > 2 and _has_gaps(c)]
    gates, sizes = gates[:MAX_FLAGS], sizes[:MAX_FLAGS]
    if not gates or not sizes:
        return
    sides = np.stack([values[at].codes[rows] == 1 for at in gates])
    numbers = np.stack([values[at].sizes[rows] for at in sizes])
    nothing = ((numbers == 0) | np.isnan(numbers)).astype(np.float64)
    first = _shares(nothing, ~sides)
    second = _shares(nothing, sides)
    shut = ((first >= CLOSED) & (second <= OPEN)) | ((second >= CLOSED) & (first <= OPEN))
    for size, gate in np.argwhere(shut).tolist():
        yield sizes[size], gates[gate]


def _has_gaps(column: ColumnProfile) -> bool:
    return column.share_zero + column.null_share > 0


def _shares(nothing: Floats, side: npt.NDArray[np.bool_]) -> Floats:
    """Return the share of rows on a side in which numbers are nothing; NaN where it has too few."""
    n = side.sum(axis=1)
    return np.where(n >= MIN_SIDE, nothing @ side.T / np.maximum(n, 1), np.nan)


def _products(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield numbers with the factors whose product they are, some of it taken off by a discount."""
    several = [at for at, c in enumerate(columns) if c.kind == "number" and c.n_distinct > 2]
    counted = [at for at in several if columns[at].is_size or columns[at].semantic == "category"]
    sizes = [at for at in counted if columns[at].minimum >= 0][:MAX_COLUMNS]
    if len(sizes) < 3:
        return
    numbers = np.stack([values[at].sizes[:MAX_ROWS] for at in sizes])
    # Of the largest numbers a product is infinite, and no number's.
    with np.errstate(all="ignore"):
        for made, one, other, scale in _made(numbers):
            # Of what was measured a rate is worked out: how it goes with the other is a finding.
            for rate, factor in ((other, one), (one, other)):
                pair = columns[sizes[rate]], columns[sizes[made]]
                told = scale != 1 and _is_told_as_rate(*pair)
                by = scale * numbers[factor]
                if not told and not _is_quotient(numbers[rate], numbers[made], by):
                    yield sizes[made], sizes[factor]


def _is_told_as_rate(rate: ColumnProfile, made: ColumnProfile) -> bool:
    """Whether a number is a percentage, or has fractions where what it is a rate of was counted."""
    return rate.semantic == "percent" or (made.integer and not rate.integer)


def _made(numbers: Floats) -> Iterator[tuple[int, int, int, float]]:
    """Yield numbers with two others whose product they are, less what a share may take off.

    Or a hundred of it, as percentages are worked out, or any power of ten. A few rows of all
    products are compared with all numbers at once.
    """
    few = numbers[:, :PROBED]
    most = np.max(few, axis=1, where=~np.isnan(few), initial=0)
    firsts, seconds = np.triu_indices(len(numbers), 1)
    whole = few[firsts] * few[seconds]
    for share in (None, *np.flatnonzero((most > 0) & (most < 1)).tolist()):
        product = whole if share is None else whole * (1 - few[share])
        scales = _scales(few, product)
        for pair, made in _agreeing(few, product, scales):
            one, other = int(firsts[pair]), int(seconds[pair])
            scale = float(scales[pair, made])
            full = scale * numbers[one] * numbers[other]
            full = full if share is None else full * (1 - numbers[share])
            apart = made not in (one, other) and (scale == 1 or _vary(numbers[[one, other]]))
            if apart and _alike(numbers[made], full):
                yield made, one, other, scale


def _agreeing(numbers: Floats, products: Floats, scales: Floats) -> list[list[int]]:
    """Return which products [n_products, n_rows] are which numbers [n_numbers, n_rows].

    Most are not, and that of few rows is told by the first of them.
    """
    head, made = numbers[:, :FIRST], scales[..., None] * products[:, None, :FIRST]
    allowed = (1 - MOST) * numbers.shape[1]
    likely = (_comparable(head, made) & ~_near(head, made)).sum(axis=-1) <= allowed
    at, of = np.nonzero(likely)
    alike = _alike(numbers[of], scales[at, of, None] * products[at])
    found: list[list[int]] = np.stack((at, of), axis=1)[alike].tolist()
    return found


def _scales(numbers: Floats, products: Floats) -> Floats:
    """Return the power of ten that brings each product nearest to each number: [n_products, n]."""
    known = np.isfinite(numbers), np.isfinite(products)
    sums = (
        known[1].astype(float) @ np.where(known[0], numbers, 0.0).T,
        np.where(known[1], products, 0.0) @ known[0].T.astype(float),
    )
    powers = np.round(np.log10(sums[0] / sums[1]))
    return np.where(np.abs(powers) <= MAX_POWER, 10.0 ** np.nan_to_num(powers), 1.0)


def _vary(factors: Floats) -> bool:
    """Whether neither of two factors is nearly the same in all rows, as a year is."""
    return bool((np.nanstd(factors, axis=1) > LEAST_SPREAD * np.nanmean(factors, axis=1)).all())


def _is_quotient(rate: Floats, made: Floats, other: Floats) -> bool:
    """Whether a number was worked out as a quotient and rounded, as a price per square metre is.

    A product of what was given, such as a price of one and a quantity, is right to its last digit.
    """
    known = np.isfinite(rate) & np.isfinite(made) & np.isfinite(other) & (other != 0)
    rate, made, other = rate[known], made[known], other[known]
    if not len(rate):
        return False
    worked_out = np.abs(rate - made / other) <= _last_digit(rate)
    given = np.abs(made - rate * other) <= _last_digit(made)
    return bool(worked_out.mean() >= MOST and given.mean() < FEW_GIVEN)


def _last_digit(numbers: Floats) -> float:
    """Return how far numbers may be from what was rounded to the digits that they have."""
    for digits in range(MAX_DIGITS):
        if np.abs(numbers - np.round(numbers, digits)).max() < SAME:
            return 0.5 * 10.0**-digits + SAME
    return SAME


def _alike(numbers: Floats, product: Floats) -> npt.NDArray[np.bool_]:
    """Whether numbers are a product in most rows, which stand along the last axis."""
    known = _comparable(numbers, product)
    n = known.sum(axis=-1)
    near = (_near(numbers, product) & known).sum(axis=-1)
    return np.asarray((n >= MIN_ROWS) & (near >= MOST * n), dtype=np.bool_)


def _comparable(numbers: Floats, product: Floats) -> npt.NDArray[np.bool_]:
    known = np.isfinite(numbers) & np.isfinite(product) & (product != 0)
    return np.asarray(known, dtype=np.bool_)


def _near(numbers: Floats, product: Floats) -> npt.NDArray[np.bool_]:
    near = np.abs(numbers - product) <= ROUNDED * np.abs(product)
    return np.asarray(near, dtype=np.bool_)
