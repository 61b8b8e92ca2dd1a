"""Owns a column of many rows in memory as numpy sees it: its own memory where that is possible."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.sources.plain_columns import tidy_text
from vizmodel.profile.reading.arrays import (
    ENDLESS,
    Codes,
    Floats,
    as_floats,
    as_integers,
    encoded,
    from_numbers,
    from_texts,
)

Flags: TypeAlias = "npt.NDArray[np.bool_]"
#: Rows that are looked at together: what is made of them on the way stays in the cache.
STRETCH = 2**16
#: More different texts are not told apart here.
MAX_TEXTS = 2**12
#: Nor more different fractions.
MAX_FRACTIONS = 2**10


class Column:
    """A column as it is read; what is made of it is not kept, only what was found out.

    Nobody may write to the arrays that it returns.

    Parameters
    ----------
    held
        Its values.
    tidy
        Whether texts lose the white space around them, and those that stand for nothing are none.

    Examples
    --------
    >>> Column(pa.chunked_array([[2.5, float("inf")]])).numbers()[1].tolist()
    [True, False]
    >>> Column(pa.chunked_array([["b ", "b", "NA"]]), tidy=True).there().tolist()
    [True, True, False]
    """

    def __init__(self, held: pa.ChunkedArray, tidy: bool = False) -> None:
        self.held = held
        self.kind: pa.DataType = held.type
        self._tidy = tidy

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers that 64 bits hold, or truth values."""
        fits = pa.types.is_integer(self.kind) and not pa.types.is_uint64(self.kind)
        return bool(fits or pa.types.is_boolean(self.kind))

    @property
    def is_number(self) -> bool:
        """Whether `numbers` reads it."""
        rest = pa.types.is_floating(self.kind) or pa.types.is_uint64(self.kind)
        return bool(self.is_whole or rest)

    def numbers(self) -> tuple[npt.NDArray[Any], Flags | None]:
        """Return numbers, or truths as 0 and 1, and which of them are there; None where all are.

        Fractions that are missing or endless are NaN.
        """
        if self.is_whole:
            return self.whole(), self.known()
        values = self._fractions()
        has_gaps, is_endless = self._lacks
        if is_endless:
            values = np.where(np.abs(values) < ENDLESS, values, np.nan)
        return values, values == values if has_gaps or is_endless else None

    @cached_property
    def _lacks(self) -> tuple[bool, bool]:
        """Whether fractions are missing, and whether some are endless."""
        low, high, has_gaps = _ends(self._fractions())
        return has_gaps, max(-low, high) >= ENDLESS

    def extent(self) -> tuple[float, float, bool]:
        """Return the smallest and the largest number, and whether all are whole."""
        values, there = self.numbers()
        if self.is_whole and there is not None:
            values = values[there]
        low, high, _ = _ends(values) if len(values) else (0.0, 0.0, False)
        return (low, high, self.is_whole) if low == low else (0.0, 0.0, self.is_whole)

    @cached_property
    def largest(self) -> float:
        """How large whole numbers are at most, whatever their sign; nought for others."""
        low, high, is_whole = self.extent() if self.is_whole else (0.0, 0.0, False)
        return max(-low, high) if is_whole else 0.0

    def _fractions(self) -> Floats:
        values = self._viewed(np.float64) if pa.types.is_float64(self.kind) else None
        return as_floats(self.held) if values is None else values

    def whole(self) -> Codes:
        """Return whole numbers, or times in their own unit; anything where they are missing."""
        fits = pa.types.is_int64(self.kind) or pa.types.is_timestamp(self.kind)
        values = self._viewed(np.int64) if fits else None
        return as_integers(self.held) if values is None else values

    def _viewed(self, kind: type) -> npt.NDArray[Any] | None:
        """Return the memory of values that lie in one piece without gaps; else None."""
        if self.held.num_chunks != 1 or self.held.null_count:
            return None
        chunk = self.held.chunk(0)
        memory: npt.NDArray[Any] = np.frombuffer(
            chunk.buffers()[1], dtype=kind, count=chunk.offset + len(chunk)
        )
        return memory[chunk.offset :]

    def known(self) -> Flags | None:
        """Return which rows Arrow has a value of; None where it has all."""
        if not self.held.null_count:
            return None
        return as_integers(self.held.is_valid(), kind=pa.int8()) > 0

    @property
    def tells_gaps(self) -> bool:
        """Whether `there` knows; of too many texts it does not."""
        return not self._tidy or self.texts[0] is not None

    def there(self) -> Flags | None:
        """Return which rows have a value; None where all have one."""
        if self.is_number:
            return self.numbers()[1]
        if not self._tidy:
            return self.known()
        texts, places = self.texts
        known: Flags = places != len(texts or ())
        return known

    @cached_property
    def texts(self) -> tuple[list[str] | None, npt.NDArray[np.int16]]:
        """The different texts, and which of them each row has: one more where it has none.

        No texts where they are too many. The places are kept: two bytes a row.
        """
        known: dict[str | None, int] = {}  # as they are written -> the place
        texts: dict[str, int] = {}
        places = np.empty(len(self.held), dtype=np.int16)
        for rows in stretches(len(places)):
            found, of_row = encoded(self._written(rows))
            new = [text for text in found if text not in known]
            if len(known) + len(new) > MAX_TEXTS:
                return None, places
            for text, tidy in zip(new, self._tidied(new), strict=True):
                known[text] = -1 if tidy is None else texts.setdefault(tidy, len(texts))
            places[rows] = np.array([known[text] for text in found], dtype=np.int16)[of_row]
        places[places < 0] = len(texts)
        return list(texts), places

    @cached_property
    def fractions(self) -> tuple[list[float] | None, npt.NDArray[np.int16]]:
        """The different fractions, and which of them each row has, as `texts` tells of texts."""
        numbers, there = self.numbers()
        known: dict[float, int] = {}
        places = np.empty(len(numbers), dtype=np.int16)
        for rows in stretches(len(numbers)):
            # Nought has one sign, so that it is one value.
            found, of_row = encoded(pa.chunked_array([from_numbers(numbers[rows] + 0.0)]))
            own = [known.setdefault(one, len(known)) if one == one else -1 for one in found]
            if len(known) > MAX_FRACTIONS:
                return None, places
            places[rows] = np.array(own, dtype=np.int16)[of_row]
        if there is not None:
            places[~there] = len(known)
        return list(known), places

    def _written(self, rows: slice) -> pa.ChunkedArray:
        piece = self.held.slice(rows.start, rows.stop - rows.start)
        is_coded = pa.types.is_dictionary(self.kind)
        return pc.cast(piece, self.kind.value_type) if is_coded else piece

    def _tidied(self, texts: list[str | None]) -> list[str | None]:
        if not self._tidy or not texts:
            return texts
        found: list[str | None] = tidy_text(pa.chunked_array([from_texts(texts)])).to_pylist()
        return found


def _ends(numbers: npt.NDArray[Any]) -> tuple[float, float, bool]:
    """Return the smallest and the largest number, and whether some are NaN."""
    low, high = numbers.min(), numbers.max()
    if low == low:
        return float(low), float(high), False
    return float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers)), True


def stretches(n_rows: int) -> Iterator[slice]:
    """Yield all rows, some at a time.

    Examples
    --------
    >>> list(stretches(70_000))
    [slice(0, 65536, None), slice(65536, 70000, None)]
    """
    for start in range(0, n_rows, STRETCH):
        yield slice(start, min(start + STRETCH, n_rows))
