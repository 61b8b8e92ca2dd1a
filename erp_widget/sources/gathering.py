"""Owns rows on their way in: few are kept in memory, many in a file of the meantime."""

from __future__ import annotations

import itertools
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from erp_widget.errors import SourceError
from erp_widget.sources.columns import as_chunked
from erp_widget.sources.memory import own_prefix
from erp_widget.sources.rows import PIECE_ROWS, MemoryRows, ParquetRows, Rows, parsed_column
from vizmodel.profile import Cast

if TYPE_CHECKING:
    import duckdb

#: Of folders with a table's rows in the meantime.
PREFIX = "erp-rows-"
#: Rows that take more than this as Arrow columns are written to a file as they come.
MAX_BYTES_IN_MEMORY = 96 * 2**20
#: The same where rows are counted, since what is kept then is the file that they come from.
MAX_COUNTED_BYTES = 64 * 2**20
#: As much is collected for one row group of that file.
GROUP_BYTES = 16 * 2**20


def gather(
    schema: pa.Schema,
    pieces: Iterable[pa.Table],
    name: str = "the data",
    max_rows: int | None = None,
) -> Rows:
    """Read pieces of one table to their end, without ever holding more than some of them.

    Parameters
    ----------
    schema
        Of every piece.
    pieces
        Read one after the other.
    name
        What to call it in an error.
    max_rows
        Reading stops with an error at the first row beyond it.

    Raises
    ------
    SourceError
        There are more rows; the message names the setting.

    Examples
    --------
    >>> piece = pa.table({"a": [1, 2]})
    >>> gather(piece.schema, [piece, piece]).n_rows
    4
    """
    source = _counted(pieces, name, max_rows)
    most = MAX_BYTES_IN_MEMORY if max_rows is None else min(MAX_BYTES_IN_MEMORY, MAX_COUNTED_BYTES)
    first: list[pa.Table] = []
    n_bytes = 0
    for piece in source:
        first.append(piece)
        n_bytes += piece.nbytes
        if n_bytes > most:
            return _on_disk(schema, first, source)
    return MemoryRows(pa.concat_tables(first) if first else schema.empty_table())


def stream_of(
    relation: duckdb.DuckDBPyRelation, names: Sequence[str], name: str, max_rows: int | None
) -> Rows:
    """Read what DuckDB reads, under other names, in types that every later step knows.

    Raises
    ------
    duckdb.InvalidInputException
        The rows are not what DuckDB took them for.
    """
    reader = relation.to_arrow_reader(PIECE_ROWS)

    def piece(batch: pa.RecordBatch) -> pa.Table:
        return pa.table([as_chunked(column) for column in batch.columns], names=list(names))

    nothing = [pa.nulls(0, kind) for kind in reader.schema.types]
    empty = pa.RecordBatch.from_arrays(nothing, reader.schema.names)
    return gather(piece(empty).schema, map(piece, _read(reader)), name, max_rows)


def _read(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    import duckdb

    try:
        yield from reader
    except OSError as error:
        if error.errno is not None:
            raise
        # Arrow passes on what DuckDB says as an error of input without a number.
        raise duckdb.InvalidInputException(str(error)) from error


def readable(rows: Rows, casts: Sequence[Cast]) -> tuple[Rows, Sequence[Cast]]:
    """Return rows whose `relation` can read every column, and the casts that are left to it."""
    if not rows.must_be_parsed(casts):
        return rows, casts
    pieces = (_parsed(piece, casts) for piece in rows.pieces())
    first = next(pieces)
    left = [cast if cast.to == "drop" else Cast(cast.column, "keep") for cast in casts]
    return gather(first.schema, itertools.chain([first], pieces)), left


def _parsed(piece: pa.Table, casts: Sequence[Cast]) -> pa.Table:
    """Return a piece with numbers and times read, and columns that no chart shows empty."""
    columns = [
        pa.nulls(piece.num_rows) if cast.to == "drop" else parsed_column(column, cast)
        for column, cast in zip(piece.columns, casts, strict=True)
    ]
    return pa.table(columns, names=piece.column_names)


def _counted(pieces: Iterable[pa.Table], name: str, max_rows: int | None) -> Iterator[pa.Table]:
    n_rows = 0
    for piece in pieces:
        n_rows += piece.num_rows
        check_rows(n_rows, name, max_rows)
        yield piece


def check_rows(n_rows: int, name: str, max_rows: int | None) -> None:
    """Raise if there are more rows than are kept; the message names the setting."""
    if max_rows is not None and n_rows > max_rows:
        raise SourceError(
            f"{name} has more than the {max_rows:,} rows that are kept at most: raise "
            "ERP_MAX_UPLOAD_ROWS, or recommend it by its path, which needs no copy"
        )


def _on_disk(schema: pa.Schema, first: list[pa.Table], rest: Iterator[pa.Table]) -> Rows:
    """Write all pieces to a file that goes when its rows do; `first` is emptied on the way."""
    import pyarrow.parquet as pq

    with meantime_folder() as folder:
        path = Path(folder.name) / "rows.parquet"
        with pq.ParquetWriter(path, schema) as writer:
            group: list[pa.Table] = []
            n_bytes = 0
            while first:
                writer.write_table(first.pop(0))
            for piece in rest:
                group.append(piece)
                n_bytes += piece.nbytes
                if n_bytes > GROUP_BYTES:
                    writer.write_table(pa.concat_tables(group))
                    group, n_bytes = [], 0
            if group:
                writer.write_table(pa.concat_tables(group))
        return kept_with(folder, ParquetRows(path))


@contextmanager
def meantime_folder() -> Iterator[tempfile.TemporaryDirectory[str]]:
    """Give a folder that is removed at once if what is done in it fails, else by `kept_with`.

    Of a process that is killed, the next one removes it.
    """
    folder = tempfile.TemporaryDirectory(prefix=own_prefix(PREFIX))
    try:
        yield folder
    except BaseException:
        folder.cleanup()
        raise


def kept_with(folder: tempfile.TemporaryDirectory[str], rows: Rows) -> Rows:
    """Return rows whose file lies in a folder, which is removed when they are let go."""
    weakref.finalize(rows, folder.cleanup)
    return rows
