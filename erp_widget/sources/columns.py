"""Owns the way from a sequence of Python values to one Arrow column, whatever the values are."""

from __future__ import annotations

import json
import numbers
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.profile.reading.casts import COMPLEX, UNTOLD

#: What a span of time is kept as.
DURATION = pa.duration("us")
#: Kinds that a text or a number cannot stand for.
NESTED = (Mapping, list, tuple, set, frozenset)


def column_array(values: Iterable[Any]) -> pa.ChunkedArray:
    """Return values as one Arrow column; nulls stand for NaN, None and NaT.

    Values of one kind keep it. Mixed numbers become float64, other mixtures text, so that one
    odd cell never sinks the column.

    Examples
    --------
    >>> column_array([1, "two", None]).to_pylist()
    ['1', 'two', None]
    """
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        array = _mixed_array(list(values))
    return as_chunked(array)


def as_chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column in a type that every later step can read."""
    chunked = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    while isinstance(chunked.type, pa.BaseExtensionType):
        storage = [chunk.storage for chunk in chunked.chunks]
        chunked = pa.chunked_array(storage, type=chunked.type.storage_type)
    kind = chunked.type
    if pa.types.is_run_end_encoded(kind):
        decoded = [pc.run_end_decode(chunk) for chunk in chunked.chunks]
        return as_chunked(pa.chunked_array(decoded, type=kind.value_type))
    if pa.types.is_float16(kind) or pa.types.is_decimal(kind):
        return pc.cast(chunked, pa.float64(), safe=False)
    if pa.types.is_interval(kind):
        return pa.chunked_array([pa.array(map(_microseconds, chunked.to_pylist()), DURATION)])
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type):
        return as_chunked(pc.cast(chunked, kind.value_type))
    return chunked


def _microseconds(span: Any) -> int | None:
    """Return a calendar's span as microseconds; a month has 30 days, as DuckDB has it."""
    if span is None:
        return None
    found: int = (30 * span.months + span.days) * 86_400_000_000 + span.nanoseconds // 1_000
    return found if abs(found) < 2**63 else None


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _mixed_array(values: Sequence[Any]) -> pa.Array:
    present = [value for value in values if not _is_missing(value)]
    if present and all(isinstance(value, NESTED) for value in present):
        # No chart shows them, whatever they hold: enough that they are there, and nested.
        return pa.array([None if _is_missing(v) else [] for v in values], pa.list_(pa.null()))
    if present and all(_is_number(value) for value in present):
        return pa.array([None if _is_missing(v) else _as_float(v) for v in values], pa.float64())
    if present and all(isinstance(value, numbers.Complex) for value in present):
        parts = ({"real": complex(v).real, "imag": complex(v).imag} for v in present)
        return pa.array([None if _is_missing(v) else next(parts) for v in values], COMPLEX)
    try:
        return pa.array([None if _is_missing(v) else _as_text(v) for v in values], pa.string())
    except Exception:  # whatever somebody's object raises where it should say what it is
        return pa.array([None if _is_missing(v) else {} for v in values], UNTOLD)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real | Decimal)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return True
    return isinstance(value, float) and value != value


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", errors="replace")
    if isinstance(value, NESTED):
        return json.dumps(value, default=str) if not isinstance(value, set) else str(value)
    untold: tuple[Any, Any] = (object.__str__, object.__repr__)
    if (type(value).__str__, type(value).__repr__) == untold:
        raise TypeError("says nothing but where it is in memory")
    # A lone surrogate is legal in a Python string but not in UTF-8.
    return str(value).encode("utf-8", errors="replace").decode("utf-8")


def unique_names(names: Iterable[Any]) -> tuple[list[str], list[str]]:
    """Return names as unique texts, and a sentence for each name that had to change.

    Repeats and blanks follow pandas' reading of files: `a`, `a.1`, and `Unnamed: 2`.

    Examples
    --------
    >>> unique_names(["a", "a", 7])
    (['a', 'a.1', '7'], ["the second column called 'a' is shown as 'a.1'"])
    >>> unique_names([datetime(2020, 1, 31), ("sales", datetime(2020, 1, 31, 12))])[0]
    ['2020-01-31', 'sales 2020-01-31 12:00:00']
    """
    taken: set[str] = set()
    unique: list[str] = []
    notes: list[str] = []
    wanted = [_name_text(name, position) for position, name in enumerate(names)]
    for text in wanted:
        name, repeat = text, 0
        while name in taken or (repeat and name in wanted):
            repeat += 1
            name = f"{text}.{repeat}"
        if repeat:
            nth = {1: "second", 2: "third"}.get(repeat, f"{repeat + 1}th")
            notes.append(f"the {nth} column called {text!r} is shown as {name!r}")
        taken.add(name)
        unique.append(name)
    return unique, notes


def _part_text(part: Any) -> str:
    """Return a name, or a part of one, as text: days without the hour at which they begin."""
    days = isinstance(part, datetime) and not _is_missing(part) and part.time() == time()
    return str(part.date()) if days else str(part)


def _name_text(name: Any, position: int) -> str:
    if isinstance(name, tuple):
        name = " ".join(_part_text(part) for part in name if str(part))
    elif isinstance(name, datetime) and not _is_missing(name):
        name = _part_text(name)
    text = "" if _is_missing(name) else _as_text(name) if not isinstance(name, str) else name
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text if text.strip() else f"Unnamed: {position}"
