"""Owns which numbers are computed from others: a unit changed, what is left of a day, a total.

That such columns rise together is no finding; one of them says all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes, Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import n_joint

#: Linear correlation from which one column is the other on a line; fewest values that show it.
LINEAR, MIN_VALUES = 0.999, 8
#: Seconds of a year, a month, a week, a day and an hour; and how much rounding to whole ones, and
#: months of unequal length, may take off such a number; and fewest of them from first to last.
UNITS = (31_556_952.0, 2_629_746.0, 604_800.0, 86_400.0, 3_600.0)
ROUNDED, MIN_STEPS = 1.1, 6
#: Fewest groups that a part of a time has.
MIN_PARTS = 3
#: Most columns that are compared with each other, and most rows.
MAX_COLUMNS, MAX_ROWS = 256, 2_000


def find_copies(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find the pairs of columns of which one is a line over the other, or a part of its time.

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
    ages = _ages(columns[:MAX_COLUMNS], values) | _parts(columns[:MAX_COLUMNS], values)
    compared = [
        at
        for at, column in enumerate(columns[:MAX_COLUMNS])
        if column.kind == "number" and column.usable and column.n_distinct >= MIN_VALUES
    ]
    if len(compared) < 2:
        return ages
    rows = slice(0, MAX_ROWS)
    scaled = np.stack([_scaled(values[at], rows) for at in compared])
    tied = np.abs(scaled @ scaled.T) / scaled.shape[1]
    found = np.argwhere(np.triu(tied >= LINEAR, 1))
    names = [columns[at].name for at in compared]
    return ages | frozenset(frozenset((names[first], names[second])) for first, second in found)


def _ages(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find numbers that count the time from a column of times, or to it: ages, years of service."""
    found = set()
    times = [at for at, c in enumerate(columns) if c.kind == "time" and c.n_distinct >= MIN_VALUES]
    # A year beside its date says which season a month is of.
    sizes = [at for at, c in enumerate(columns) if c.kind == "number" and c.usable]
    numbers = [at for at in sizes if times and not columns[at].is_time]
    finite = {at: np.isfinite(values[at].sizes) for at in (*numbers, *times)}
    full = [at for at, there in finite.items() if there.all()]
    lengths = {at: float(np.ptp(values[at].sizes[:MAX_ROWS])) for at in full}
    for at in numbers:
        for time in times:
            span, steps = lengths.get(time), lengths.get(at)
            if span is not None and steps is not None and _unit(span, steps) is None:
                continue
            known = finite[at] & finite[time]
            x, y = values[time].sizes[known][:MAX_ROWS], values[at].sizes[known][:MAX_ROWS]
            if len(x) >= MIN_VALUES and _counts_time(x, y):
                found.add(frozenset((columns[at].name, columns[time].name)))
    return frozenset(found)


def _parts(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find columns that hold a part of a time: its year, its month, its day of the week."""
    found = set()
    times = [at for at, c in enumerate(columns) if c.kind == "time" and c.n_distinct >= MIN_VALUES]
    others = [at for at, c in enumerate(columns) if times and c.kind != "time"]
    sizes = {at: _n_groups(values[at].codes) for at in others}
    for time in times:
        parts = [(part, _n_groups(part)) for part in _parts_of(values[time].sizes)]
        for at in others:
            # Of many columns hardly one has as many groups as a part of some time.
            alike = [part for part, size in parts if size == sizes[at] >= MIN_PARTS]
            if any(_is_same(part, values[at].codes, sizes[at]) for part in alike):
                found.add(frozenset((columns[at].name, columns[time].name)))
    return frozenset(found)


def _n_groups(codes: Codes) -> int:
    return int(codes.max(initial=-1)) + 1


def _parts_of(seconds: Floats) -> Iterator[Codes]:
    """Yield the year, month, week, days, weekday and hour of times, -1 where there is none."""
    known = np.isfinite(seconds)
    times = np.where(known, seconds, 0.0).astype("datetime64[s]")
    days, months, years = (times.astype(f"datetime64[{unit}]") for unit in ("D", "M", "Y"))
    counted = (
        years.astype(np.int64),
        months.astype(np.int64) % 12,
        (days - months).astype(np.int64),
        (days - years).astype(np.int64),
        days.astype(np.int64) % 7,
        (times - days).astype(np.int64) // 3_600,
    )
    for part in counted:
        codes = np.unique(part[known], return_inverse=True)[1]
        whole = np.full(len(part), -1, dtype=np.int64)
        whole[known] = codes
        yield whole


def _is_same(part: Codes, codes: Codes, size: int) -> bool:
    """Whether two columns of so many groups split the rows into the same ones, over and over."""
    known = (part >= 0) & (codes >= 0)
    if known.sum() < 2 * size:
        return False
    first = np.flatnonzero(known)[:MAX_ROWS]
    return bool(
        n_joint([part[first], codes[first]]) <= size
        and n_joint([part[known], codes[known]]) == size
    )


def _counts_time(x: Floats, y: Floats) -> bool:
    """Whether numbers lie on a line over times, and rise or fall by one in some unit of time."""
    unit = _unit(float(np.ptp(x)), float(np.ptp(y)))
    if unit is None:
        return False
    left = np.stack([y - x / unit, y + x / unit])
    return bool((np.ptp(left, axis=1) <= ROUNDED).any())


def _unit(span: float, steps: float) -> float | None:
    """Return the unit of time of which a span has so many steps, give or take two; None if none."""
    unit = min(UNITS, key=lambda unit: abs(steps * unit - span))
    return unit if steps >= MIN_STEPS and abs(steps * unit - span) <= 2 * unit else None


def _scaled(values: ColumnValues, rows: slice) -> np.ndarray:
    """Return numbers with mean 0 and deviation 1; a gap is 0, so it pulls a tie towards 0."""
    numbers = values.sizes[rows]
    known = np.isfinite(numbers)
    numbers = np.where(known, numbers / max(1.0, np.abs(numbers[known]).max(initial=1.0)), 0.0)
    numbers = np.where(known, numbers - numbers.sum() / max(1, known.sum()), 0.0)
    deviation = float(np.sqrt((numbers**2).mean()))
    scaled: np.ndarray = numbers / (deviation if deviation > 0 else np.inf)
    return scaled
