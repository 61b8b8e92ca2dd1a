"""Owns which rows of many are a sample: spread over all, and the same each time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from vizmodel.profile.reading.arrays import from_numbers


def spread_positions(n_rows: int, size: int) -> np.ndarray:
    """Return `size` increasing row numbers, one at random in each of `size` equal stretches.

    A fixed step would meet only Mondays in daily data; the seed makes it repeatable.

    Examples
    --------
    >>> [int(n) for n in spread_positions(3, 10)]
    [0, 1, 2]
    """
    if n_rows <= size:
        return np.arange(n_rows)
    edges = np.linspace(0, n_rows, size + 1).astype(np.int64)
    offsets = np.random.default_rng(20261124).random(size)
    return edges[:-1] + (offsets * np.diff(edges)).astype(np.int64)


def chosen(rows: pa.Table, positions: np.ndarray) -> pa.Table:
    """Return the rows at some increasing positions of a table in memory.

    Piece by piece of each column: Arrow would first copy all texts of one into one piece.
    """
    columns = (_chosen(column, positions) for column in rows.columns)
    return pa.table([*columns], schema=rows.schema)


def _chosen(column: pa.ChunkedArray, positions: np.ndarray) -> pa.ChunkedArray:
    found: list[pa.Array] = []
    start = 0
    for piece in column.chunks:
        low, high = np.searchsorted(positions, (start, start + len(piece)))
        found.append(piece.take(from_numbers(positions[low:high] - start)))
        start += len(piece)
    return pa.chunked_array(found, column.type)


def taken(pieces: Iterable[pa.Table], positions: np.ndarray) -> pa.Table:
    """Return the rows at some increasing positions of pieces that follow each other."""
    start = 0
    found: list[pa.Table] = []
    for piece in pieces:
        low, high = np.searchsorted(positions, (start, start + piece.num_rows))
        found.append(piece.take(from_numbers(positions[low:high] - start)))
        start += piece.num_rows
    return pa.concat_tables(found)
