"""Owns the ways between Arrow and numpy, and to few values, that leave pandas out.

Where pandas is installed, Arrow imports it at the first Python or numpy object that it is given or
asked for, be it a single number. That takes longer than all charts of a small file. So whatever
every table goes through reads and writes the memory of columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
#: From here on numbers are no values, as infinities are none: nothing can be computed of them.
ENDLESS = 1e300
#: How times are counted.
EPOCH, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)


def as_floats(column: pa.ChunkedArray) -> Floats:
    """Return numbers, or truths as 0 and 1, as float64 [n_rows]; NaN for a null.

    Examples
    --------
    >>> as_floats(pa.chunked_array([[1, None]])).tolist()
    [1.0, nan]
    """
    return _values(pc.cast(column, pa.float64(), safe=False), np.float64, np.nan)


def as_integers(
    column: pa.ChunkedArray, missing: int = -1, kind: pa.DataType | None = None
) -> Codes:
    """Return whole numbers, or times in their own unit, as int64 or another kind [n_rows].

    Examples
    --------
    >>> as_integers(pa.chunked_array([[1, None]])).tolist()
    [1, -1]
    """
    kind = pa.int64() if kind is None else kind
    return _values(pc.cast(column, kind), kind.to_pandas_dtype(), missing)


def encoded(column: pa.ChunkedArray) -> tuple[list[Any], Codes]:
    """Return the different values, None among them, and the place of that of each row.

    Examples
    --------
    >>> levels, places = encoded(pa.chunked_array([["b", None], ["b"]]))
    >>> levels, places.tolist()
    (['b', None], [0, 1, 0])
    """
    chunks = pc.dictionary_encode(column, null_encoding="encode").chunks
    places = pa.chunked_array([chunk.indices for chunk in chunks], type=pa.int32())
    return chunks[-1].dictionary.to_pylist() if chunks else [], as_integers(places)


def _values(column: pa.ChunkedArray, kind: type, missing: float) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = np.empty(len(column), dtype=kind)
    start = 0
    for chunk in column.chunks:
        if not len(chunk):
            continue
        valid, memory = chunk.buffers()
        rows = slice(chunk.offset, chunk.offset + len(chunk))
        part = found[start : start + len(chunk)]
        part[:] = np.frombuffer(memory, dtype=kind, count=rows.stop)[rows]
        if chunk.null_count:
            bits = np.frombuffer(valid, dtype=np.uint8)
            part[np.unpackbits(bits, count=rows.stop, bitorder="little")[rows] == 0] = missing
        start += len(chunk)
    return found


def from_numbers(values: npt.NDArray[Any]) -> pa.Array:
    """Return an array of numbers as Arrow's int64 or float64; NaN is no null.

    Nothing is copied where it is of one of the two already.

    Examples
    --------
    >>> from_numbers(np.arange(2)).to_pylist()
    [0, 1]
    """
    whole = np.issubdtype(values.dtype, np.integer)
    kind = pa.int64() if whole else pa.float64()
    memory = np.ascontiguousarray(values, dtype=np.int64 if whole else np.float64)
    return pa.Array.from_buffers(kind, len(memory), [None, pa.py_buffer(memory)])


def from_texts(texts: Sequence[str | None]) -> pa.Array:
    """Return texts as Arrow has them; None is a null.

    Examples
    --------
    >>> from_texts(["a", None, "é"]).to_pylist()
    ['a', None, 'é']
    """
    written = [b"" if text is None else text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int64)
    memory = [_there(texts), pa.py_buffer(ends), pa.py_buffer(b"".join(written))]
    # Arrow refuses what 32 bits do not count, where adding up in them would begin anew.
    return pa.Array.from_buffers(pa.large_string(), len(written), memory).cast(pa.string())


def from_values(values: Sequence[float | datetime | None], kind: pa.DataType) -> pa.Array:
    """Return numbers as int64 or float64, or times without a zone as microseconds; None is a null.

    Examples
    --------
    >>> from_values([1.5, None], pa.float64()).to_pylist()
    [1.5, None]
    >>> from_values([datetime(1970, 1, 2)], pa.timestamp("us")).cast(pa.int64()).to_pylist()
    [86400000000]
    """
    numbers: list[Any] = [0 if value is None else value for value in values]
    if pa.types.is_timestamp(kind):
        numbers = [number and (number - EPOCH) // MICROSECOND for number in numbers]
    memory = np.array(numbers, dtype=np.float64 if pa.types.is_floating(kind) else np.int64)
    return pa.Array.from_buffers(kind, len(numbers), [_there(values), pa.py_buffer(memory)])


def _there(values: Sequence[object]) -> pa.Buffer:
    """Return which values are there, as Arrow notes it."""
    # An empty list alone would be one of floats.
    known = np.array([value is not None for value in values], dtype=bool)
    return pa.py_buffer(np.packbits(known, bitorder="little"))


def finite(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers with nulls in place of what is none, or is without end.

    Examples
    --------
    >>> finite(pa.chunked_array([[1.5, float("inf"), float("nan"), -1e308]])).to_pylist()
    [1.5, None, None, None]
    """
    return pc.if_else(pc.less(pc.abs(numbers), scalar(ENDLESS)), numbers, nothing(numbers.type))


def scalar(value: str | float) -> pa.Scalar:
    """Return a text or a number as Arrow has it.

    Examples
    --------
    >>> scalar("a").as_py(), scalar(2).as_py()
    ('a', 2)
    """
    return (from_texts([value]) if isinstance(value, str) else from_numbers(np.array([value])))[0]


def nothing(kind: pa.DataType) -> pa.Scalar:
    """Return a null of a type.

    Examples
    --------
    >>> nothing(pa.int64()).as_py() is None
    True
    """
    return pa.nulls(1, kind)[0]
