"""Owns the statistics of one column, and so the making of its profile."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from vizmodel.design import Level, TimeUnit
from vizmodel.profile.columns import ColumnProfile, Kind, Resolution
from vizmodel.profile.meaning import guess_semantic
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues, column_values

#: Which quantiles a profile has.
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Part of the usual step by which steps of one series may differ.
EVEN = 0.15
#: Numbers beyond this are scaled down before they are squared or cubed.
HUGE = 1e100
#: Microseconds of an hour.
HOUR = 3_600_000_000


class _TextStatistics(TypedDict, total=False):
    """The fields of `ColumnProfile` that only text has; absent for other kinds."""

    label_mean_length: float
    label_max_length: int


class _NumberStatistics(TypedDict, total=False):
    """The fields of `ColumnProfile` that numbers and times have."""

    minimum: float
    maximum: float
    mean: float
    std: float
    skew: float
    quantiles: tuple[float, float, float, float, float]
    integer: bool
    share_negative: float
    share_zero: float
    monotonic: float


class _TimeStatistics(TypedDict, total=False):
    """The fields of `ColumnProfile` that only times have."""

    still: tuple[TimeUnit, ...]
    resolution: Resolution
    span_days: float
    even: float


def profile_column(
    name: str, position: int, column: pa.ChunkedArray, values: ColumnValues | None = None
) -> ColumnProfile:
    """Profile one typed column.

    Parameters
    ----------
    name, position
        The column's name and 0-based place in the table.
    column
        One of int64, float64, bool, string, timestamp.
    values
        Its arrays, where they have been made already.

    Returns
    -------
    ColumnProfile
        Statistics, and the guessed meaning with its evidence.
    """
    values = values or column_values(column)
    kind = _kind(column.type)
    present = values.codes >= 0
    counts = np.bincount(values.codes[present], minlength=1).astype(np.float64)
    n_present = int(present.sum())
    base = ColumnProfile(
        name=name,
        position=position,
        kind=kind,
        semantic="constant",
        evidence="one value only" if n_present else "no values",
        n_rows=len(values.codes),
        n_present=n_present,
        n_distinct=values.n_distinct,
        entropy=entropy(counts),
        top_share=float(counts.max() / max(n_present, 1)),
        rarer=rarer_value(kind, values, counts),
        only=values.labels[0] if kind == "text" and values.n_distinct == 1 else None,
        **_text_statistics(values, counts),
        **_number_statistics(values),
        **_time_statistics(column, kind, values),
    )
    if base.constant:
        return base
    semantic, evidence = guess_semantic(base, values)
    return replace(base, semantic=semantic, evidence=evidence)


def _kind(kind: pa.DataType) -> Kind:
    if pa.types.is_timestamp(kind):
        return "time"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "text" if pa.types.is_string(kind) else "number"


def entropy(counts: Floats) -> float:
    """Return the Shannon entropy of groups of such sizes over its largest possible value, 0..1."""
    total = counts.sum()
    if total == 0 or len(counts) < 2:
        return 0.0
    shares = counts[counts > 0] / total
    return float(-(shares * np.log(shares)).sum() / np.log(len(counts)))


def rarer_value(kind: Kind, values: ColumnValues, sizes: Floats) -> Level | None:
    """Return the less common of a column's two values; None where there are not just two.

    Parameters
    ----------
    kind, values
        Of the column.
    sizes
        Rows of each value, by code.
    """
    if len(sizes) != 2 or kind == "time":
        return None
    # Of two that are as common the later one: yes rather than no, one rather than nought.
    code = 0 if sizes[0] < sizes[1] else 1
    if values.numbers is None:
        return values.labels[code]
    number = float(values.numbers[values.codes == code][0])
    if kind == "boolean":
        return bool(number)
    return int(number) if number.is_integer() else number


def _text_statistics(values: ColumnValues, counts: Floats) -> _TextStatistics:
    if not values.labels:
        return {}
    lengths = np.array([len(label) for label in values.labels], dtype=np.float64)
    weights = counts[: len(lengths)] if len(counts) >= len(lengths) else np.ones_like(lengths)
    return {
        "label_mean_length": float(np.average(lengths, weights=weights)),
        "label_max_length": int(lengths.max()),
    }


def _number_statistics(values: ColumnValues) -> _NumberStatistics:
    if values.numbers is None:
        return {}
    numbers = values.numbers[values.codes >= 0]
    if not len(numbers):
        return {}
    ordered = np.sort(numbers)
    lowest, highest = float(ordered[0]), float(ordered[-1])
    # The squares of the largest floats must stay finite.
    scale = largest if (largest := max(-lowest, highest)) >= HUGE else 1.0
    scaled = numbers / scale
    mean = float(scaled.mean())
    centred = scaled - mean
    std = float(np.sqrt((centred * centred).mean()))
    if std > 0:
        centred /= std
    # Scaled down, the smallest numbers are nothing.
    quantiles = (min(max(q * scale, lowest), highest) for q in _quantiles(ordered / scale))
    low, quarter, median, three, high = quantiles
    return {
        "minimum": lowest,
        "maximum": highest,
        "mean": mean * scale,
        "std": std * scale,
        "skew": float((centred**3).mean()) if std > 0 else 0.0,
        "quantiles": (low, quarter, median, three, high),
        "integer": bool((numbers == np.floor(numbers)).all()),
        "share_negative": _share(numbers < 0),
        "share_zero": _share(numbers == 0),
        "monotonic": _share(scaled[1:] >= scaled[:-1]),
    }


def _share(said: npt.NDArray[np.bool_]) -> float:
    """Return the share of what is true; 0 of nothing."""
    return float(np.count_nonzero(said) / max(len(said), 1))


def _quantiles(ordered: Floats) -> list[float]:
    """Return the quantiles of ordered numbers, as `np.quantile` does in many times as long."""
    places = np.array(QUANTILES) * (len(ordered) - 1)
    below = places.astype(np.int64)
    left, right = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    share, step = places - below, right - left
    found: list[float] = np.where(
        share < 0.5, left + step * share, right - step * (1 - share)
    ).tolist()
    return found


def _time_statistics(column: pa.ChunkedArray, kind: Kind, values: ColumnValues) -> _TimeStatistics:
    times = column.drop_null()
    if kind != "time" or not len(times):
        return {}
    span = pc.min_max(pc.cast(times, pa.int64())).as_py()
    parts: tuple[tuple[Resolution, pa.ChunkedArray], ...] = (
        ("hour", pc.hour(times)),
        ("day", pc.day(times)),
        ("month", pc.month(times)),
    )
    varying = (part for part, value in parts if pc.count_distinct(value).as_py() > 1)
    # Of times within one hour only minutes and seconds vary.
    within = span["max"] > span["min"] and span["max"] - span["min"] < HOUR
    cycles: tuple[tuple[TimeUnit, pa.ChunkedArray], ...] = (
        ("quarter", pc.quarter(times)),
        ("month", parts[2][1]),
        ("day", pc.day_of_week(times)),
        ("hours", parts[0][1]),
    )
    return {
        "still": tuple(u for u, value in cycles if pc.count_distinct(value).as_py() == 1),
        "resolution": next(varying, "hour" if within else "year"),
        "span_days": (span["max"] - span["min"]) / 86_400e6,
        "even": _evenness(values),
    }


def _evenness(values: ColumnValues) -> float:
    """Return the share of steps between neighbouring times that are about as long as the median."""
    steps = np.diff(np.unique(values.sizes[values.codes >= 0]))
    if not len(steps):
        return 0.0
    middle = float(np.median(steps))
    # Months and quarters differ by a tenth.
    return float((np.abs(steps - middle) <= EVEN * middle).mean())
