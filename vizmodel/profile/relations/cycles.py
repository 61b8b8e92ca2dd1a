"""Owns how much numbers differ by the parts of a time that come round: months, weekdays, hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from vizmodel.design import TimeUnit
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes, Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import (
    MAX_CELLS,
    Groups,
    centred_ranks,
    explained,
    rank_rows,
)

#: Most times and numbers looked at, and units of each time.
MAX_TIMES, MAX_MEASURED, UNITS = 3, 48, 3
MAX_CYCLES = MAX_TIMES * MAX_MEASURED * UNITS
DAY = 86_400
#: Days from the first of January 1970, a Thursday, back to a Monday.
SINCE_MONDAY = 3


class Cycle(Struct, frozen=True):
    """How much a number differs by the part of a time in which it was taken.

    Parameters
    ----------
    time, measure
        Names of the columns.
    unit
        The part: quarters and months of the year, days of the week, hours of the day.
    share
        0..1: of the variance of the measure's ranks, what the parts explain beyond chance.
    """

    time: str
    unit: TimeUnit
    measure: str
    share: float


def find_cycles(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Cycle, ...]:
    """Find how much numbers differ by the parts of a time that come round, the strongest first.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> days = np.arange("2021-01-01", "2024-01-01", dtype="datetime64[D]")
    >>> warm = [10 - 9 * np.cos(n / 58.1) for n in range(len(days))]
    >>> table = pa.table({"day": days.astype("datetime64[us]"), "warm": warm})
    >>> [(c.unit, round(c.share, 1)) for c in profile_table(table).cycles]
    [('month', 1.0), ('day', 0.0)]
    """
    sizes = (i for i, column in enumerate(columns) if column.is_size and column.usable)
    measured = list(sizes)[:MAX_MEASURED]
    times = [i for i, column in enumerate(columns) if column.kind == "time"][:MAX_TIMES]
    if not measured or not times:
        return ()
    rows = slice(0, max(200, MAX_CELLS // len(columns)))
    ranks = np.stack([rank_rows(values[i].codes[rows]) for i in measured], axis=1)
    present = np.stack([values[i].codes[rows] >= 0 for i in measured], axis=1).astype(np.float32)
    centred = centred_ranks(ranks, present)
    totals = (centred.astype(np.float64) ** 2).sum(axis=0)
    found: list[Cycle] = []
    for time in times:
        parts = dict(_parts(columns[time], values[time].sizes[rows]))
        if not parts:
            continue
        shares = explained(_groups_of(list(parts.values())), centred, present, totals)
        found += [
            Cycle(columns[time].name, unit, columns[i].name, float(share))
            for unit, told in zip(parts, shares, strict=True)
            for i, share in zip(measured, told, strict=True)
        ]
    return tuple(sorted(found, key=lambda one: -one.share))


def _parts(column: ColumnProfile, seconds: Floats) -> Iterator[tuple[TimeUnit, Codes]]:
    """Yield the units that vary with the part in which each row falls, from nought; -1 for none."""
    known = np.isfinite(seconds)
    whole = np.where(known, seconds, 0.0).astype("datetime64[s]")
    months = whole.astype("datetime64[M]").astype(np.int64) % 12
    days = whole.astype("datetime64[D]").astype(np.int64)
    # Of quarters the months are the same groups, of finer times the quarters are coarse ones.
    parts: dict[TimeUnit, Codes] = {
        **({"quarter": months // 3} if column.by_quarters else {"month": months}),
        "day": (days + SINCE_MONDAY) % 7,
        "hours": (whole.astype(np.int64) - days * DAY) // 3_600,
    }
    for unit, codes in parts.items():
        if unit not in column.still:
            yield unit, np.where(known, codes, -1)


def _groups_of(parts: Sequence[Codes]) -> Groups:
    """Return the parts of a time as columns of groups, of which something is explained."""
    sizes = np.array([int(codes.max(initial=0)) + 1 for codes in parts], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    indicators = np.zeros((len(parts[0]), int(sizes.sum())), dtype=np.float32)
    for codes, start in zip(parts, starts, strict=True):
        present = np.flatnonzero(codes >= 0)
        indicators[present, start + codes[present]] = 1.0
    return Groups(list(range(len(parts))), sizes, starts, indicators)
