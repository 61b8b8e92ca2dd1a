"""Owns the numbers that the network sees of a profile, and their names.

Nothing here is learned or fitted: every number is squashed to [-3, 3] by a fixed formula, so a
profile gives the same features in training and at run time. The names are stored beside the
weights; `check_features` refuses weights that were trained on other features.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.patterns import late_pattern
from vizmodel.profile import PAIR_STATISTICS, ColumnProfile, Profile
from vizmodel.profile import words as profile_words
from vizmodel.profile.columns import Kind, Resolution, Semantic

#: Raised by hand whenever a formula below changes its meaning under an old name.
FEATURE_VERSION = 1

Array = npt.NDArray[np.float32]

LIMIT = 3.0
NAME_BUCKETS = 32
_FIRST_POSITIONS = 6
_CARDINALITY_STEPS = (2, 5, 8, 12, 20, 30, 50, 100)
_ROW_STEPS = (10, 30, 100, 300, 1_000, 5_000, 50_000, 1_000_000)
_COLUMN_STEPS = (2, 3, 5, 8, 12, 20)

_NAME_PATTERNS: dict[str, re.Pattern[str]] = {
    "year": profile_words.YEAR_NAME,
    "sequence": profile_words.SEQUENCE_NAME,
    "latitude": profile_words.LATITUDE_NAME,
    "longitude": profile_words.LONGITUDE_NAME,
    "percent": profile_words.PERCENT_NAME,
    "currency": profile_words.CURRENCY_NAME,
    "country": profile_words.COUNTRY_NAME,
    "identifier": profile_words.IDENTIFIER_NAME,
    "intensive": profile_words.INTENSIVE_NAME,
    "count": late_pattern(r"\b(count|counts|number|num|total|sum|n|freq|frequency|population)\b"),
    "group": late_pattern(r"\b(type|kind|category|class|group|species|genre|status|sex|gender)\b"),
    "place": late_pattern(r"\b(city|state|region|continent|county|location|origin|site|area)\b"),
    "label": late_pattern(r"\b(name|title|label|description|comment|text|note|notes|url|email)\b"),
    "time": late_pattern(r"\b(date|time|timestamp|datetime|month|day|week|quarter|hour|created)\b"),
    "value": late_pattern(r"\b(value|score|measure|measurement|result|rating|index|close|yield)\b"),
}

COLUMN_FEATURES: tuple[str, ...] = (
    *(f"kind:{kind}" for kind in get_args(Kind)),
    *(f"semantic:{semantic}" for semantic in get_args(Semantic)),
    *(f"resolution:{resolution}" for resolution in get_args(Resolution)),
    *(f"distinct<={step}" for step in _CARDINALITY_STEPS),
    "log_distinct",
    "distinct_ratio",
    "null_share",
    "any_null",
    "integer",
    "share_negative",
    "share_zero",
    "skew",
    "variation",
    "magnitude",
    "tail_high",
    "tail_low",
    "quartile_lean",
    "monotonic",
    "log_span_days",
    "entropy",
    "top_share",
    "label_mean_length",
    "label_max_length",
    "constant",
    "usable",
    "is_time",
    "ordered",
    "additive",
    "key_alone",
    "key_of_two",
    "key_of_three",
    *(f"position:{i}" for i in range(_FIRST_POSITIONS)),
    "relative_position",
    "is_last",
    "name_length",
    "name_words",
    *(f"name:{name}" for name in _NAME_PATTERNS),
    *(f"name_hash:{i}" for i in range(NAME_BUCKETS)),
)
PAIR_FEATURES: tuple[str, ...] = PAIR_STATISTICS
TABLE_FEATURES: tuple[str, ...] = (
    "log_rows",
    *(f"rows>={step}" for step in _ROW_STEPS),
    "log_columns",
    *(f"columns>={step}" for step in _COLUMN_STEPS),
    *(f"count_kind:{kind}" for kind in get_args(Kind)),
    *(f"share_kind:{kind}" for kind in get_args(Kind)),
    "count_usable",
    "count_time",
    "any_latitude",
    "any_longitude",
    "has_key_alone",
    "has_key_of_two",
    "has_key_of_three",
)


class Features(Struct, frozen=True):
    """What the network sees of one table.

    Parameters
    ----------
    columns
        float32 [n_columns, len(COLUMN_FEATURES)].
    pairs
        float32 [n_columns, n_columns, len(PAIR_FEATURES)].
    table
        float32 [len(TABLE_FEATURES)].
    """

    columns: Array
    pairs: Array
    table: Array

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return int(self.columns.shape[0])

    def take(self, positions: Sequence[int]) -> Features:
        """Return the features of some columns, in the order given; the table's stay."""
        chosen = np.asarray(positions, dtype=np.int64)
        return Features(self.columns[chosen], self.pairs[np.ix_(chosen, chosen)], self.table)


class FeatureMismatchError(ValueError):
    """Weights were trained on other features than this version of the package makes."""


def feature_description() -> dict[str, Any]:
    """Return what the weights' `config.json` says about the features they were trained on."""
    return {
        "version": FEATURE_VERSION,
        "columns": list(COLUMN_FEATURES),
        "pairs": list(PAIR_FEATURES),
        "table": list(TABLE_FEATURES),
    }


def check_features(description: Mapping[str, Any]) -> None:
    """Compare the features that weights were trained on with those of this package.

    Parameters
    ----------
    description
        The entry `features` of the weights' `config.json`.

    Raises
    ------
    FeatureMismatchError
        Naming what differs on both sides.
    """
    ours = feature_description()
    for part in ("version", "columns", "pairs", "table"):
        theirs = description.get(part)
        if theirs == ours[part]:
            continue
        if part == "version":
            difference = f"version {theirs} in the weights, {ours[part]} in vizmodel"
        else:
            only_weights = sorted(set(theirs or ()) - set(ours[part]))
            only_package = sorted(set(ours[part]) - set(theirs or ()))
            difference = (
                f"{part}: only in the weights {only_weights}, only in vizmodel {only_package}, "
                f"{len(theirs or ())} and {len(ours[part])} in all"
            )
        msg = f"the weights do not fit this vizmodel: features differ ({difference})"
        raise FeatureMismatchError(msg)


def make_features(profile: Profile) -> Features:
    """Turn a profile into the network's input.

    Parameters
    ----------
    profile
        The table's profile.

    Returns
    -------
    Features
        Every value finite and in [-3, 3].

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> make_features(profile_table(pa.table({"a": [1, 2, 3]}))).n_columns
    1
    """
    size = len(profile.columns)
    columns = np.zeros((size, len(COLUMN_FEATURES)), dtype=np.float64)
    for index, column in enumerate(profile.columns):
        columns[index] = _column_values(column, index, profile)
    table = np.array(_table_values(profile), dtype=np.float64)
    pairs = profile.pairs.reshape(size, size, len(PAIR_FEATURES))
    return Features(_squash(columns), _squash(pairs), _squash(table))


def _squash(values: npt.NDArray[Any]) -> Array:
    finite = np.nan_to_num(values, nan=0.0, posinf=LIMIT, neginf=-LIMIT)
    return np.asarray(np.clip(finite, -LIMIT, LIMIT), dtype=np.float32)


def _column_values(column: ColumnProfile, index: int, profile: Profile) -> list[float]:
    """Return one column's features, in the order of COLUMN_FEATURES."""
    size = len(profile.columns)
    return [
        *(float(column.kind == kind) for kind in get_args(Kind)),
        *(float(column.semantic == semantic) for semantic in get_args(Semantic)),
        *(float(column.resolution == resolution) for resolution in get_args(Resolution)),
        *(float(column.n_distinct <= step) for step in _CARDINALITY_STEPS),
        math.log10(column.n_distinct + 1) - 1.0,
        column.n_distinct / max(column.n_present, 1),
        column.null_share,
        float(column.null_share > 0),
        float(column.integer),
        column.share_negative,
        column.share_zero,
        *_distribution(column),
        column.monotonic,
        math.log10(max(column.span_days, 0.0) + 1.0) - 1.0,
        column.entropy,
        column.top_share,
        math.log1p(column.label_mean_length) / 2,
        math.log1p(column.label_max_length) / 2,
        float(column.constant),
        float(column.usable),
        float(column.is_time),
        float(column.ordered),
        float(column.additive),
        *_key_flags(index, profile),
        *(float(index == i) for i in range(_FIRST_POSITIONS)),
        index / max(size - 1, 1),
        float(index == size - 1),
        *_name_values(column.name),
    ]


def _distribution(column: ColumnProfile) -> list[float]:
    """Skew, variation, magnitude, tails and lean of the quartiles; 0 where there are none."""
    if not math.isfinite(column.std) or not math.isfinite(column.mean):
        return [0.0] * 6
    if column.kind == "time":
        return [_signed_log(column.skew), 0.0, 0.0, 0.0, 0.0, 0.0]
    low, quarter, median, three_quarters, high = column.quantiles
    span = (high - low) or 1.0
    middle = (three_quarters - quarter) or span
    size = max(abs(column.minimum), abs(column.maximum))
    return [
        _signed_log(column.skew),
        math.log1p(column.std / abs(column.mean)) if column.mean else 1.0,
        math.log10(size + 1e-3) / 3,
        math.log1p(max(column.maximum - high, 0.0) / span),
        math.log1p(max(low - column.minimum, 0.0) / span),
        (three_quarters + quarter - 2 * median) / middle,
    ]


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value) if math.isfinite(value) else 0.0


def _key_flags(index: int, profile: Profile) -> list[float]:
    sizes = {len(key) for key in profile.keys if index in key}
    return [float(size in sizes) for size in (1, 2, 3)]


@lru_cache(maxsize=4096)
def _name_values(name: str) -> tuple[float, ...]:
    """Features of a column's name: length, words, patterns, hashed trigrams."""
    spaced = profile_words.split_name(name)[:80]
    flags = [float(bool(p.search(spaced) or p.search(name[:80]))) for p in _NAME_PATTERNS.values()]
    hashed = np.zeros(NAME_BUCKETS)
    padded = f" {spaced} "
    for start in range(max(len(padded) - 2, 0)):
        # crc32 rather than hash(): the same number in every process and on every machine.
        code = zlib.crc32(padded[start : start + 3].encode("utf-8", "surrogatepass"))
        hashed[code % NAME_BUCKETS] += 1.0 if (code >> 16) & 1 else -1.0
    length = float(np.linalg.norm(hashed)) or 1.0
    counts = (math.log1p(len(name)) - 2.0, float(len(spaced.split())) / 3)
    return (*counts, *flags, *(2.0 * hashed / length))


def _table_values(profile: Profile) -> list[float]:
    """Return the table's features, in the order of TABLE_FEATURES."""
    size = len(profile.columns)
    kinds = [sum(c.kind == kind for c in profile.columns) for kind in get_args(Kind)]
    semantics = {c.semantic for c in profile.columns}
    key_sizes = {len(key) for key in profile.keys}
    return [
        math.log10(profile.n_rows + 1) - 2.0,
        *(float(profile.n_rows >= step) for step in _ROW_STEPS),
        math.log(size + 1) - 2.0,
        *(float(size >= step) for step in _COLUMN_STEPS),
        *(math.log1p(count) for count in kinds),
        *(count / max(size, 1) for count in kinds),
        math.log1p(sum(c.usable for c in profile.columns)),
        math.log1p(sum(c.is_time for c in profile.columns)),
        float("latitude" in semantics),
        float("longitude" in semantics),
        *(float(width in key_sizes) for width in (1, 2, 3)),
    ]
