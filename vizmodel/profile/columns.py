"""Owns the profile of one column: its statistics and the guess of what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.design import FieldType
from vizmodel.profile import words
from vizmodel.profile.values import NAN, ColumnValues, Floats, column_values

Kind = Literal["number", "time", "text", "boolean"]
Semantic = Literal[
    "measure",
    "category",
    "ordinal",
    "identifier",
    "year",
    "sequence",
    "latitude",
    "longitude",
    "percent",
    "currency",
    "weekday",
    "month",
    "country",
    "time",
    "text",
    "constant",
]
Resolution = Literal["year", "month", "day", "hour"]

#: Most groups that one axis can show.
MAX_CATEGORIES = 30
#: Most whole numbers that are taken for groups where the name says so.
MAX_GROUP_CODES = 20
#: Numbers beyond this are scaled down before they are squared or cubed.
HUGE = 1e100
#: Fewest rows from which "every value differs" says identifier rather than small table.
MIN_IDENTIFIER_ROWS = 10


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the model may know of one column.

    Counts refer to the sample; `minimum`, `maximum`, `mean`, `std` and `quantiles` (5, 25, 50, 75
    and 95 %) are in the column's own unit, times in seconds since 1970; NaN for text. `evidence`
    says in words where `semantic` comes from. `told` is the type that the user gave the column,
    None where it was guessed; `written` is how its times are written in the table, as d3 and
    strptime read it, where no viewer could know.

    Examples
    --------
    >>> profile_column("year", 0, pa.chunked_array([[2001, 2002, 2003]])).semantic
    'year'
    """

    name: str
    position: int
    kind: Kind
    semantic: Semantic
    evidence: str
    n_rows: int
    n_present: int
    n_distinct: int
    minimum: float = NAN
    maximum: float = NAN
    mean: float = NAN
    std: float = NAN
    skew: float = NAN
    quantiles: tuple[float, float, float, float, float] = (NAN, NAN, NAN, NAN, NAN)
    integer: bool = False
    share_negative: float = 0.0
    share_zero: float = 0.0
    entropy: float = 0.0
    top_share: float = 0.0
    label_mean_length: float = 0.0
    label_max_length: int = 0
    monotonic: float = 0.0
    resolution: Resolution | None = None
    span_days: float = 0.0
    told: FieldType | None = None
    written: str | None = None

    @property
    def field_type(self) -> FieldType:
        """Vega-Lite's type for the column: as told, or what its meaning comes to."""
        if self.told is not None:
            return self.told
        if self.is_time:
            return "temporal"
        if self.semantic in ("ordinal", "weekday", "month"):
            return "ordinal"
        names = self.semantic in ("category", "identifier", "country", "text")
        return "quantitative" if self.kind == "number" and not names else "nominal"

    @property
    def null_share(self) -> float:
        """Share of rows without a value, 0..1."""
        return 1.0 - self.n_present / self.n_rows if self.n_rows else 1.0

    @property
    def constant(self) -> bool:
        """Whether there is at most one distinct value."""
        return self.n_distinct <= 1

    @property
    def identifier(self) -> bool:
        """Whether the column names rows rather than describing them."""
        return self.semantic == "identifier"

    @property
    def usable(self) -> bool:
        """Whether a chart can be about this column."""
        return self.semantic not in ("constant", "identifier", "text")

    @property
    def is_time(self) -> bool:
        """Whether the values are points in time (dates, or years as numbers)."""
        return self.kind == "time" or self.semantic == "year"

    @property
    def ordered(self) -> bool:
        """Whether a line along the values has a meaning."""
        if self.told == "nominal":
            return False
        return self.kind in ("number", "time") or self.semantic in ("ordinal", "weekday", "month")

    @property
    def additive(self) -> bool:
        """Whether a sum of the values means something."""
        spaced = words.split_name(self.name)
        return (
            self.kind == "number"
            and self.semantic in ("measure", "currency")
            and self.share_negative == 0.0
            and not words.INTENSIVE_NAME.search(spaced)
        )


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

    resolution: Resolution
    span_days: float


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
        entropy=_entropy(counts),
        top_share=float(counts.max() / max(n_present, 1)),
        **_text_statistics(values, counts),
        **_number_statistics(values),
        **_time_statistics(column, kind),
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


def _entropy(counts: Floats) -> float:
    """Shannon entropy over its largest possible value, 0..1."""
    total = counts.sum()
    if total == 0 or len(counts) < 2:
        return 0.0
    shares = counts[counts > 0] / total
    return float(-(shares * np.log(shares)).sum() / np.log(len(counts)))


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
    # The squares of the largest floats must stay finite.
    scale = 1.0 if np.abs(numbers).max() < HUGE else float(np.abs(numbers).max())
    scaled = numbers / scale
    mean, std = float(scaled.mean()), float(scaled.std())
    centred = (scaled - mean) / std if std > 0 else np.zeros_like(scaled)
    steps = np.diff(scaled)
    low, quarter, median, three, high = (
        float(q) * scale for q in np.quantile(scaled, (0.05, 0.25, 0.5, 0.75, 0.95))
    )
    return {
        "minimum": float(numbers.min()),
        "maximum": float(numbers.max()),
        "mean": mean * scale,
        "std": std * scale,
        "skew": float((centred**3).mean()),
        "quantiles": (low, quarter, median, three, high),
        "integer": bool((numbers == np.floor(numbers)).all()),
        "share_negative": float((numbers < 0).mean()),
        "share_zero": float((numbers == 0).mean()),
        "monotonic": float((steps >= 0).mean()) if len(steps) else 0.0,
    }


def _time_statistics(column: pa.ChunkedArray, kind: Kind) -> _TimeStatistics:
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
    return {
        "resolution": next(varying, "year"),
        "span_days": (span["max"] - span["min"]) / 86_400e6,
    }


def guess_semantic(profile: ColumnProfile, values: ColumnValues) -> tuple[Semantic, str]:
    """Guess what a column means, with the evidence in words."""
    if profile.kind == "time":
        return "time", "dates or times"
    if profile.kind == "boolean":
        return "category", "true or false"
    if profile.kind == "text":
        return _text_semantic(profile, values)
    return _number_semantic(profile)


def _all_differ(profile: ColumnProfile) -> bool:
    return profile.n_distinct == profile.n_present >= MIN_IDENTIFIER_ROWS


def _differing(profile: ColumnProfile) -> str:
    """Say that all values differ, and that the name agrees where it does."""
    named = words.IDENTIFIER_NAME.match(profile.name)
    name = f" and its name is “{profile.name}”" if named else ""
    return f"all {profile.n_present:,} values differ{name}"


def _says(found: re.Match[str]) -> str:
    return f"its name says “{found.group().strip(' _.-')}”"


def _text_semantic(profile: ColumnProfile, values: ColumnValues) -> tuple[Semantic, str]:
    if profile.n_distinct <= MAX_CATEGORIES:
        scale = words.scale_of(list(values.labels))
        if scale is not None:
            first = scale[0]
            if first in ("monday", "mon", "thur"):
                return "weekday", "names of weekdays"
            if first in ("january", "jan"):
                return "month", "names of months"
            return "ordinal", f"words of an ordered scale ({scale[0]} to {scale[-1]})"
        if words.are_steps(list(values.labels)):
            return "ordinal", "labels that count up (ranges, spans of years)"
    if _all_differ(profile) and (
        words.IDENTIFIER_NAME.match(profile.name) or profile.n_distinct > MAX_CATEGORIES
    ):
        return "identifier", _differing(profile)
    country = words.COUNTRY_NAME.search(words.split_name(profile.name))
    if country:
        return "country", _says(country)
    if profile.n_distinct > 0.5 * profile.n_present and (
        profile.label_mean_length > 40 or profile.n_distinct > MAX_CATEGORIES
    ):
        differ = f"{profile.n_distinct:,} of {profile.n_present:,}"
        return "text", f"nearly every text differs ({differ})"
    return "category", f"text with {profile.n_distinct} distinct values"


def _in_years(profile: ColumnProfile, name: str) -> bool:
    low, high = profile.minimum, profile.maximum
    if words.YEAR_NAME.search(name):
        return bool(low >= 1500 and high <= 2200)
    plausible = low >= 1700 and high <= 2100 and profile.n_distinct <= 300
    return bool(plausible and not words.CURRENCY_NAME.search(name))


def _number_semantic(profile: ColumnProfile) -> tuple[Semantic, str]:
    name = words.split_name(profile.name)
    low, high = profile.minimum, profile.maximum
    code = words.CODE_NAME.search(name) or words.ROW_NAME.match(profile.name)
    if profile.integer and code:
        few = profile.n_distinct <= MAX_CATEGORIES and not _all_differ(profile)
        return ("category" if few else "identifier"), f"{_says(code)}, which is a code"
    if profile.integer and _in_years(profile, name):
        return "year", f"whole numbers from {low:.0f} to {high:.0f}, as years are"
    if _all_differ(profile) and words.IDENTIFIER_NAME.match(profile.name):
        return "identifier", _differing(profile)
    if _all_differ(profile) and profile.integer and high - low == profile.n_present - 1:
        return "identifier", f"counts the rows one by one, {low:.0f} to {high:.0f}"
    return _size_semantic(profile, name)


def _size_semantic(profile: ColumnProfile, name: str) -> tuple[Semantic, str]:
    """Guess what numbers mean that are neither names nor years."""
    low, high = profile.minimum, profile.maximum
    span = f"numbers from {low:,.4g} to {high:,.4g}"
    latitude, longitude = words.LATITUDE_NAME.match(name), words.LONGITUDE_NAME.match(name)
    if latitude and low >= -90 and high <= 90:
        return "latitude", f"{_says(latitude)}, {span}"
    if longitude and low >= -180 and high <= 360:
        return "longitude", f"{_says(longitude)}, {span}"
    if profile.n_distinct == 2 and profile.integer and (low, high) in ((0, 1), (1, 2)):
        return "category", f"two codes, {low:.0f} and {high:.0f}"
    group = words.GROUP_NAME.search(name)
    few = profile.n_distinct <= MAX_GROUP_CODES and profile.n_present >= 2 * profile.n_distinct
    if group and profile.integer and few and low >= 0:
        return "category", f"{_says(group)}, whole {span}"
    share = words.PERCENT_NAME.search(profile.name)
    if share and low >= -100 and high <= 100:
        return "percent", f"{_says(share)}, {span}"
    money = words.CURRENCY_NAME.search(name)
    if money:
        return "currency", _says(money)
    step = words.SEQUENCE_NAME.search(name)
    if profile.integer and step:
        return "sequence", f"{_says(step)}, whole {span}"
    return "measure", span
