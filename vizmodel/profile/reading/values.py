"""Owns the arrays of one column: the codes of its values, its numbers, its labels."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from vizmodel.profile.reading.arrays import Codes, Floats, as_floats, as_integers

NAN = math.nan


class ColumnValues(Struct, frozen=True):
    """One column of the sample as arrays.

    Parameters
    ----------
    codes
        int64 [n_rows]; rank of the value among the distinct ones (text in order of the alphabet),
        -1 for a null.
    numbers
        float64 [n_rows], NaN for a null; None for text.
    labels
        The distinct texts, by code; empty for numbers and times.
    """

    codes: Codes
    numbers: Floats | None
    labels: tuple[str, ...] = ()

    @property
    def n_distinct(self) -> int:
        """Number of distinct values, nulls left out."""
        return int(self.codes.max(initial=-1)) + 1

    @property
    def sizes(self) -> Floats:
        """The numbers of a column that is no text."""
        assert self.numbers is not None, "texts have no size"
        return self.numbers


def column_values(column: pa.ChunkedArray) -> ColumnValues:
    """Turn one typed column into codes and numbers."""
    if pa.types.is_string(column.type):
        return _text_values(column)
    if pa.types.is_timestamp(column.type):
        ticks = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())
        values = as_floats(ticks) / 1e6
    else:
        values = as_floats(column)
    present = np.isfinite(values)
    codes = np.full(len(values), -1, dtype=np.int64)
    codes[present] = np.unique(values[present], return_inverse=True)[1]
    return ColumnValues(codes, np.where(present, values, NAN))


def _text_values(column: pa.ChunkedArray) -> ColumnValues:
    encoded = pc.dictionary_encode(column).combine_chunks()
    labels = encoded.dictionary.to_pylist()
    order = sorted(range(len(labels)), key=lambda code: labels[code])
    rank = np.empty(len(labels) + 1, dtype=np.int64)
    rank[order] = np.arange(len(labels))
    rank[-1] = -1
    indices = pa.chunked_array([encoded.indices])
    return ColumnValues(rank[as_integers(indices)], None, tuple(labels[code] for code in order))
