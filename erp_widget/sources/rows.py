"""Owns where a table's rows lie, in memory or in a Parquet file, and how DuckDB reads them."""

from __future__ import annotations

import itertools
import weakref
import zoneinfo
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.sources.connection import CONNECTION_LOCK, connection
from vizmodel.profile import Cast, apply_casts
from vizmodel.profile.casts import NULL_TEXTS

if TYPE_CHECKING:
    import duckdb

#: Most rows that are read to take a sample of a Parquet file.
MAX_SCANNED_ROWS = 2_000_000
#: Rows that `Rows.pieces` returns at a time.
PIECE_ROWS = 2**16
#: Text with fewer distinct values per row than this is stored once per value.
DICTIONARY_SHARE = 0.5

_numbers = itertools.count()


class Rows(Protocol):
    """Rows with unique column names, in a fixed order."""

    @property
    def schema(self) -> pa.Schema:
        """Names and types as stored."""

    @property
    def n_rows(self) -> int:
        """Number of rows."""

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order."""

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `view` can read it."""

    def view(self, casts: Sequence[Cast]) -> str:
        """Return the name of a DuckDB view of the cast columns, called c0, c1, ..."""


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


class MemoryRows:
    """Rows of an Arrow table in memory; DuckDB scans them without a copy."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @property
    def schema(self) -> pa.Schema:
        """Names and types as stored."""
        return self.table.schema

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order."""
        if self.n_rows <= max_rows:
            return self.table
        return self.table.take(pa.array(spread_positions(self.n_rows, max_rows)))

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""
        table = self.table if columns is None else self.table.select(columns)
        for start in range(0, self.n_rows, PIECE_ROWS):
            yield table.slice(start, PIECE_ROWS)

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return False: `view` parses what is in memory itself."""
        return False

    def view(self, casts: Sequence[Cast]) -> str:
        """Return the name of a DuckDB view of the cast columns, called c0, c1, ..."""
        kept = [(at, cast) for at, cast in enumerate(casts) if cast.to != "drop"]
        columns = [_readable(self.table.column(at), cast) for at, cast in kept]
        table = pa.table(columns, names=[f"c{at}" for at, _ in kept])
        number = next(_numbers)
        with CONNECTION_LOCK:
            connection().register(f"rows_{number}", table)
            source = connection().table(f"rows_{number}")
            plain = [_plain(f"c{at}", table.schema.field(f"c{at}").type) for at, _ in kept]
            source.select(*plain).create_view(f"table_{number}")
        weakref.finalize(self, _forget, number)
        return f"table_{number}"


class ParquetRows:
    """Rows of a Parquet file that stay on disk."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.path = path
        self._file = pq.ParquetFile(path)

    @property
    def schema(self) -> pa.Schema:
        """Names and types as stored."""
        return self._file.schema_arrow

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self._file.metadata.num_rows)

    @property
    def n_bytes(self) -> int:
        """About as many bytes as the rows take in memory; texts may take more."""
        metadata = self._file.metadata
        groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
        packed = sum(int(group.total_byte_size) for group in groups)
        return max(packed, self.n_rows * len(self.schema.names) * 8)

    def read(self) -> pa.Table:
        """Return all rows in memory."""
        return self._file.read()

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order."""
        groups = self._file.num_row_groups
        rows_per_group = max(self.n_rows // max(groups, 1), 1)
        wanted = max(1, min(groups, MAX_SCANNED_ROWS // rows_per_group))
        chosen = spread_positions(groups, wanted).tolist()
        metadata = self._file.metadata
        n_rows = sum(metadata.row_group(group).num_rows for group in chosen)
        positions, start = spread_positions(n_rows, max_rows), 0
        taken: list[pa.Table] = []
        for piece in self._batches(chosen, None):
            low, high = np.searchsorted(positions, (start, start + piece.num_rows))
            taken.append(piece.take(pa.array(positions[low:high] - start)))
            start += piece.num_rows
        return pa.concat_tables(taken)

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""
        return self._batches(list(range(self._file.num_row_groups)), columns)

    def _batches(self, groups: list[int], columns: Sequence[str] | None) -> Iterator[pa.Table]:
        for batch in self._file.iter_batches(PIECE_ROWS, row_groups=groups, columns=columns):
            yield pa.Table.from_batches([batch])

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether no plain SQL reads some column as its cast says."""
        return any(map(_must_be_parsed, self.schema.types, casts))

    def view(self, casts: Sequence[Cast]) -> str:
        """Return the name of a DuckDB view of the cast columns, called c0, c1, ..."""
        kinds = list(self.schema.types)
        kept = [at for at, cast in enumerate(casts) if cast.to != "drop"]
        number = next(_numbers)
        with CONNECTION_LOCK:
            source = connection().read_parquet(str(self.path))
            names = source.columns
            plain = [_plain(names[at], kinds[at]).alias(f"c{at}") for at in kept]
            source.select(*plain).create_view(f"table_{number}")
        weakref.finalize(self, _forget, number)
        return f"table_{number}"


def _forget(number: int) -> None:
    with CONNECTION_LOCK:
        connection().execute(f"DROP VIEW IF EXISTS table_{int(number)}")
        connection().unregister(f"rows_{number}")


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _must_be_parsed(kind: pa.DataType, cast: Cast) -> bool:
    if cast.to == "drop":
        return False
    if cast.to == "text" and not (_is_text(kind) or pa.types.is_dictionary(kind)):
        return True
    if cast.to in ("number", "time") or pa.types.is_time(kind):
        return True
    zone = kind.tz if pa.types.is_timestamp(kind) else None
    return zone is not None and zone not in zoneinfo.available_timezones()


def _readable(column: pa.ChunkedArray, cast: Cast) -> pa.ChunkedArray:
    """Parse what holds numbers or times in disguise; store equal texts once."""
    read = parsed_column(column, cast)
    return _compact(read) if _is_text(read.type) and cast.to in ("keep", "text") else read


def parsed_column(column: pa.ChunkedArray, cast: Cast) -> pa.ChunkedArray:
    """Parse what holds numbers or times in disguise, and tidy text; leave the rest as it is."""
    if pa.types.is_dictionary(column.type) and cast.to == "keep":
        column = pc.cast(column, column.type.value_type)
        return _tidy_text(column) if _is_text(column.type) else column
    if cast.to == "text" and _is_text(column.type):
        return _tidy_text(column)
    zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
    if cast.to == "keep" and not zoned:
        return column
    return apply_casts(pa.table([column], names=[cast.column]), [cast]).column(0)


def _tidy_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    missing = pc.is_in(trimmed, value_set=pa.array(sorted(NULL_TEXTS)))
    return pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)


def _compact(text: pa.ChunkedArray) -> pa.ChunkedArray:
    start = text.slice(0, 10_000)
    repeated = pc.count_distinct(start).as_py() < DICTIONARY_SHARE * max(len(start), 1)
    # Equal texts then share one copy, and DuckDB groups by their small codes.
    return pc.dictionary_encode(text).unify_dictionaries() if repeated else text


def _plain(name: str, kind: pa.DataType) -> duckdb.Expression:
    """Return the column as BIGINT, DOUBLE, BOOLEAN, VARCHAR or TIMESTAMP, without infinities."""
    import duckdb

    column: duckdb.Expression = duckdb.ColumnExpression(name)
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        column = column.cast("BIGINT")
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        column = _clock(column, kind).cast("TIMESTAMP")
    elif _is_text(kind) or pa.types.is_dictionary(kind):
        column = column.cast("VARCHAR")
    elif not pa.types.is_boolean(kind):
        finite = duckdb.FunctionExpression("isfinite", column.cast("DOUBLE"))
        column = duckdb.CaseExpression(finite, column.cast("DOUBLE"))
    return column.alias(name)


def _clock(column: duckdb.Expression, kind: pa.DataType) -> duckdb.Expression:
    """Return times as the clock of their own zone shows them."""
    import duckdb

    if not pa.types.is_timestamp(kind) or kind.tz is None:
        return column
    zone = duckdb.ConstantExpression(kind.tz)
    return duckdb.FunctionExpression("timezone", zone, column)
