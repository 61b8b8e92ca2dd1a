"""Owns the groups that a key makes of many rows in memory: numbered, a stretch of rows at a time.

A key is numbered only where its values are few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from erp_widget.sources.counted_columns import Column, stretches
from erp_widget.sources.plain_columns import is_text
from erp_widget.sources.query import Key
from vizmodel.profile.reading.arrays import Codes

#: More values of one key are not numbered here.
MAX_VALUES = 2**15
SECONDS_A_DAY = 86_400
#: Unit of times -> how many are a second.
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
#: Part of a time -> numpy's unit of it.
TRUNCATED = {"year": "Y", "yearmonth": "M", "yearmonthdate": "D"}


class Numbered(Struct, frozen=True):
    """What a key makes of the rows.

    Parameters
    ----------
    values
        The value of each group, in no order; None, for rows without one, is the last.
    codes
        A stretch of rows -> the place of each row's value among them.
    """

    values: list[Any]
    codes: Callable[[slice], Codes]


def numbered(column: Column, key: Key) -> Numbered | None:
    """Return the groups of a key; None where there may be too many, or they are not known here.

    Parameters
    ----------
    column
        Numbers, truth values, times without a zone, or the codes of texts.
    key
        What groups its values.

    Examples
    --------
    >>> column = Column(pa.chunked_array([[1.5, 0.2, 7.0, None]]))
    >>> found = numbered(column, Key("c0", "bin", 0.0, 1.0, 3))
    >>> found.values, found.codes(slice(0, 4)).tolist()
    ([0, 1, 2, None], [1, 0, 2, 3])
    """
    if key.part == "bin":
        return _binned(column, key) if column.is_number else None
    if pa.types.is_timestamp(column.kind):
        return None if key.part == "value" else _dated(column, key.part)
    if key.part != "value":
        return None
    if pa.types.is_dictionary(column.kind) or is_text(column.kind):
        return _told_apart(*column.texts)
    if column.is_whole:
        return _whole(column)
    return _told_apart(*column.fractions) if pa.types.is_floating(column.kind) else None


def _binned(column: Column, key: Key) -> Numbered:
    # Of fractions NaN tells what is missing, of whole numbers nothing does.
    there = column.there if column.is_whole else None

    def codes(rows: slice) -> Codes:
        bins = key.bins(column.numbers(rows))
        if there is None:
            np.fmin(bins, key.count, out=bins)  # the place of NaN, and no other one's
        else:
            bins = np.where(there[rows], bins, key.count)
        return bins.astype(np.int64)

    return Numbered([*range(key.count), None], codes)


def _told_apart(values: Sequence[Any] | None, places: npt.NDArray[Any]) -> Numbered | None:
    if values is None:
        return None
    return Numbered([*values, None], lambda rows: places[rows].astype(np.int64))


def _whole(column: Column) -> Numbered | None:
    is_truth = pa.types.is_boolean(column.kind)
    ends = {"min": 0, "max": 1} if is_truth else pc.min_max(column.held).as_py()
    low, high = ends["min"], ends["max"]
    if low is None or high - low >= MAX_VALUES:
        return None
    there = column.there

    def codes(rows: slice) -> Codes:
        places = column.numbers(rows) - low
        return places if there is None else np.where(there[rows], places, high - low + 1)

    values = [False, True] if is_truth else range(low, high + 1)
    return Numbered([*values, None], codes)


def _dated(column: Column, part: str) -> Numbered | None:
    a_day = SECONDS_A_DAY * UNITS[column.kind.unit]
    ends = pc.min_max(column.held.cast(pa.int64())).as_py()
    if ends["min"] is None or ends["max"] // a_day - ends["min"] // a_day >= MAX_VALUES:
        return None
    there, first = column.there, ends["min"] // a_day
    values, of_day = _parts_of_days(np.arange(first, ends["max"] // a_day + 1), part)
    kept = np.empty(len(column.held), dtype=np.uint16)
    for rows in stretches(len(kept)):
        if part == "hours":
            hours = column.numbers(rows) // (a_day // 24)
            places = hours - hours // 24 * 24  # a third of the time of `%`
        else:
            # What is missing may be any time, and is of no day then.
            places = of_day.take(column.numbers(rows) // a_day - first, mode="clip")
        kept[rows] = places if there is None else np.where(there[rows], places, len(values))
    return _told_apart(values, kept)


def _parts_of_days(days: Codes, part: str) -> tuple[list[Any], Codes]:
    """Return the values that a part of a time has, and which of them each day has."""
    if part in TRUNCATED:
        parts = days.astype("datetime64[D]").astype(f"datetime64[{TRUNCATED[part]}]")
        found, places = np.unique(parts, return_inverse=True)
        return found.astype("datetime64[us]").tolist(), places
    if part == "hours":
        return [*range(24)], days
    if part == "day":  # the first of 1970 was a Thursday
        return [*range(7)], (days + 3) % 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return ([*range(1, 13)], months) if part == "month" else ([*range(1, 5)], months // 3)
