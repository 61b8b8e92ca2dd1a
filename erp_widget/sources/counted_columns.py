"""Owns a column of many rows in memory as numpy sees it: its own memory where that is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.profile.reading.arrays import (
    ENDLESS,
    as_floats,
    as_integers,
    from_numbers,
)
from vizmodel.profile.reading.casts import stripped

Flags: TypeAlias = "npt.NDArray[np.bool_]"
#: Different values, None where they are too many, and which of them each row has.
Places: TypeAlias = "tuple[list[Any] | None, npt.NDArray[np.int16]]"
#: Rows that are looked at together: what is made of them on the way stays in the cache.
STRETCH = 2**16
#: More different texts are not told apart here.
MAX_TEXTS = 2**12
#: Nor more different fractions.
MAX_FRACTIONS = 2**10
#: Whole numbers from the least to the largest up to which each has a place, though none has it.
MAX_STEPS = 2**7


class Column:
    """A column as it is read; numbers that are made of it are not kept, only what was found out.

    Nobody may write to the arrays that it returns.

    Parameters
    ----------
    held
        Its values.
    tidy
        Whether texts lose the white space around them, and those that stand for nothing are none.

    Examples
    --------
    >>> Column(pa.chunked_array([[2.5, float("inf")], [4.0]])).numbers(slice(1, 3)).tolist()
    [nan, 4.0]
    >>> Column(pa.chunked_array([["b ", "b", "NA"]]), tidy=True).there.tolist()
    [True, True, False]
    """

    def __init__(self, held: pa.ChunkedArray, tidy: bool = False) -> None:
        self.held = held
        self.kind: pa.DataType = held.type
        self._tidy = tidy

    @cached_property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers that 64 bits hold, or truth values."""
        fits = pa.types.is_integer(self.kind) and not pa.types.is_uint64(self.kind)
        return bool(fits or pa.types.is_boolean(self.kind))

    @property
    def is_number(self) -> bool:
        """Whether `numbers` reads it."""
        rest = pa.types.is_floating(self.kind) or pa.types.is_uint64(self.kind)
        return bool(self.is_whole or rest)

    def numbers(self, rows: slice) -> npt.NDArray[Any]:
        """Return the numbers of a stretch of rows, truths as 0 and 1, times in their own unit.

        Fractions that are missing or endless are NaN; others that are missing may be anything.
        """
        numbers = self._stored(rows)
        if numbers.dtype.kind == "f" and self._ends[-1]:
            numbers = np.where(np.abs(numbers) < ENDLESS, numbers, np.nan)
        return numbers

    def _stored(self, rows: slice) -> npt.NDArray[Any]:
        """Return numbers as they are: their own memory where they lie in one piece without gaps."""
        piece = self.held.slice(rows.start, rows.stop - rows.start)
        is_whole = self.is_whole or pa.types.is_timestamp(self.kind)
        fits = pa.types.is_float64(self.kind) or pa.types.is_int64(self.kind)
        if piece.num_chunks != 1 or piece.null_count or not (fits or not self.is_number):
            return as_integers(piece) if is_whole else as_floats(piece)
        chunk, kind = piece.chunk(0), np.int64 if is_whole else np.float64
        memory: npt.NDArray[Any] = np.frombuffer(
            chunk.buffers()[1], dtype=kind, count=chunk.offset + len(chunk)
        )
        return memory[chunk.offset :]

    @cached_property
    def _ends(self) -> tuple[float, float, bool, bool]:
        """The least and the largest fraction, whether some are missing and some endless."""
        low, high, has_gaps = np.nan, np.nan, False
        for rows in stretches(len(self.held)):
            numbers = self._stored(rows)
            least, largest = numbers.min(), numbers.max()
            if least != least:
                has_gaps = True
                least, largest = np.fmin.reduce(numbers), np.fmax.reduce(numbers)
            low, high = np.fmin(low, least), np.fmax(high, largest)
        return float(low), float(high), has_gaps, bool(max(-low, high) >= ENDLESS)

    def extent(self) -> tuple[float, float, bool]:
        """Return the smallest and the largest number, and whether all are whole; 0 of none."""
        if self.is_whole:
            ends = pc.min_max(self.held).as_py()
            return float(ends["min"] or 0), float(ends["max"] or 0), True
        low, high, _, is_endless = self._ends
        if is_endless:
            low = high = np.nan
            for numbers in map(self.numbers, stretches(len(self.held))):
                low, high = (
                    np.fmin(low, np.fmin.reduce(numbers)),
                    np.fmax(high, np.fmax.reduce(numbers)),
                )
            low, high = float(low), float(high)
        return (low, high, False) if low == low else (0.0, 0.0, False)

    @cached_property
    def largest(self) -> float:
        """How large whole numbers are at most, whatever their sign; nought for others."""
        low, high, is_whole = self.extent() if self.is_whole else (0.0, 0.0, False)
        return max(-low, high) if is_whole else 0.0

    def known(self) -> Flags | None:
        """Return which rows Arrow has a value of; None where it has all."""
        if not self.held.null_count:
            return None
        return as_integers(self.held.is_valid(), kind=pa.int8()) > 0

    @property
    def tells_gaps(self) -> bool:
        """Whether `there` knows; of too many texts it does not."""
        return not self._tidy or self.texts[0] is not None

    @cached_property
    def there(self) -> Flags | None:
        """Return which rows have a value; None where all have one."""
        if self.is_number and not self.is_whole:
            if not any(self._ends[2:]):
                return None
            parts = map(self.numbers, stretches(len(self.held)))
            return np.concatenate([part == part for part in parts])
        if not self._tidy:
            return self.known()
        texts, places = self.texts
        known: Flags = places != len(texts or ())
        return known

    @cached_property
    def texts(self) -> Places:
        """The different texts, and which of them each row has: one more where it has none.

        No texts where they are too many. The places are kept: two bytes a row.
        """
        return _told_apart(len(self.held), self._written, self._tidied, MAX_TEXTS)

    @cached_property
    def fractions(self) -> Places:
        """The different fractions, and which of them each row has, as `texts` tells of texts.

        Of whole numbers, which are fractions where some are missing, those between them, too.
        """
        whole = self._whole_places()
        if whole is not None:
            return whole

        def written(rows: slice) -> pa.ChunkedArray:
            # Nought has one sign, so that it is one value.
            return pa.chunked_array([from_numbers(self.numbers(rows) + 0.0)])

        def known(found: list[float]) -> list[float | None]:
            return [one if one == one else None for one in found]

        return _told_apart(len(self.held), written, known, MAX_FRACTIONS)

    def _whole_places(self) -> Places | None:
        """Return `fractions` where all are whole and near each other; a fifth of the time."""
        low, high, *_ = self._ends
        if not (low.is_integer() and high - low < MAX_STEPS):  # so are no ends, and endless ones
            return None
        n_steps = int(high - low) + 1
        places = np.empty(len(self.held), dtype=np.int16)
        for rows in stretches(len(places)):
            steps = self.numbers(rows) - low
            np.fmin(steps, n_steps, out=steps)  # the place of what is missing
            places[rows] = steps
            if (places[rows] != steps).any():
                return None
        return [low + 0.0 + step for step in range(n_steps)], places

    def _written(self, rows: slice) -> pa.ChunkedArray:
        piece = self.held.slice(rows.start, rows.stop - rows.start)
        if pa.types.is_dictionary(self.kind):
            return pc.cast(piece, self.kind.value_type)
        # Arrow looks no views of texts up.
        return pc.cast(piece, pa.string()) if pa.types.is_string_view(self.kind) else piece

    def _tidied(self, texts: list[str | None]) -> list[str | None]:
        return stripped(texts) if self._tidy else texts


def _told_apart(
    n_rows: int,
    written: Callable[[slice], pa.ChunkedArray],
    read: Callable[[list[Any]], list[Any]],
    most: int,
) -> Places:
    """Return the different values, and which of them each row has: one more where it has none.

    Parameters
    ----------
    n_rows
        How many there are.
    written
        Returns the values of a stretch of rows as they are written.
    read
        What they stand for, None for nothing.
    most
        More different ones are not told apart.
    """
    found = pa.nulls(0, written(slice(0, 0)).type)
    values: dict[Any, int] = {}
    own: list[int | None] = []  # of what was found -> the place of its value
    places = np.empty(n_rows, dtype=np.int16)
    for rows in stretches(n_rows):
        part = written(rows)
        # Looking rows up among what came before takes two thirds of what telling them apart anew
        # takes, and later stretches have hardly ever a value of their own.
        at = pc.index_in(part, value_set=found) if len(found) else None
        if at is None or at.null_count:
            found = pc.unique(pa.chunked_array([found, *part.chunks]))
            if len(found) > most:
                return None, places
            for one in read(found[len(own) :].to_pylist()):
                own.append(None if one is None else values.setdefault(one, len(values)))
            at = pc.index_in(part, value_set=found)
        places[rows] = as_integers(at, kind=pa.int32())
    if own != [*range(len(values))]:
        of_found = np.array([len(values) if place is None else place for place in own])
        for rows in stretches(n_rows):
            places[rows] = of_found[places[rows]]
    return list(values), places


def stretches(n_rows: int) -> Iterator[slice]:
    """Yield all rows, some at a time.

    Examples
    --------
    >>> list(stretches(70_000))
    [slice(0, 65536, None), slice(65536, 70000, None)]
    """
    for start in range(0, n_rows, STRETCH):
        yield slice(start, min(start + STRETCH, n_rows))
