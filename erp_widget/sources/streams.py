"""Owns the reading of what comes piece by piece: Arrow streams and datasets, lazy frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from msgspec.structs import replace

from erp_widget.sources.columns import as_chunked, unique_names
from erp_widget.sources.elsewhere import IbisRows, RelationRows
from erp_widget.sources.frames import Frame, polars_columns
from erp_widget.sources.gathering import gather
from erp_widget.sources.own_frame import OwnFrame
from erp_widget.sources.rows import PIECE_ROWS, ParquetRows

_ANOTHERS = OwnFrame(library="another")
_OF_A_DATASET = OwnFrame(opened="{}.to_table()", library="pyarrow")


def read_stream(data: Any) -> Frame | None:
    """Return what another library holds, in place where it can be asked; None of other things.

    Engines answer queries themselves, Parquet files are read where they lie, and streams are read
    once, large ones into a file of the meantime.
    """
    library = type(data).__module__.partition(".")[0]
    kind = type(data).__name__
    if library == "ibis" and kind == "Table":
        return Frame(IbisRows(data), own=_ANOTHERS)
    if library in ("duckdb", "_duckdb") and kind == "DuckDBPyRelation":
        return Frame(RelationRows(data), own=OwnFrame(opened="{}.df()"))
    if library == "polars" and kind == "LazyFrame":
        return _read_lazy(data)
    if library == "pyarrow":
        return _read_arrow(data)
    if library in ("pandas", "polars") or isinstance(data, type):  # in memory already, or no table
        return None
    if hasattr(data, "__arrow_c_stream__"):
        read = _read_batches(pa.RecordBatchReader.from_stream(data))
        return replace(read, own=_ANOTHERS)
    if hasattr(data, "__dataframe__"):
        from pyarrow.interchange import from_dataframe

        table = from_dataframe(data)
        read = _gathered(table.schema, table.to_batches(PIECE_ROWS))
        return replace(read, own=_ANOTHERS)
    return None


def _read_arrow(data: Any) -> Frame | None:
    import pyarrow.dataset as ds

    if isinstance(data, ds.Dataset):
        paths = _parquet_files(data)
        read = Frame(ParquetRows(*paths)) if paths else _read_batches(data.scanner().to_reader())
        return replace(read, own=_OF_A_DATASET)
    if isinstance(data, ds.Scanner):
        return replace(_read_batches(data.to_reader()), own=_OF_A_DATASET)
    if isinstance(data, pa.RecordBatchReader):
        return _read_batches(data)
    return None


def _parquet_files(dataset: Any) -> list[Path]:
    """Return the files of a dataset that are all there is to it: no filter, no folders' names."""
    import pyarrow.dataset as ds
    from pyarrow.fs import LocalFileSystem

    if not isinstance(dataset, ds.FileSystemDataset):
        return []
    if not isinstance(dataset.filesystem, LocalFileSystem):
        return []
    if not isinstance(dataset.format, ds.ParquetFileFormat):
        return []
    names = dataset.schema.names
    plain = len(set(names)) == len(names) and all(
        set(fragment.physical_schema.names) == set(names) for fragment in dataset.get_fragments()
    )
    return [Path(file) for file in dataset.files] if plain else []


def _read_batches(reader: pa.RecordBatchReader) -> Frame:
    return _gathered(reader.schema, reader)


def _gathered(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Frame:
    names, notes = unique_names(schema.names)

    def piece(batch: pa.RecordBatch) -> pa.Table:
        return pa.table([as_chunked(column) for column in batch.columns], names=names)

    empty = piece(pa.RecordBatch.from_arrays([pa.nulls(0, kind) for kind in schema.types], names))
    return Frame(gather(empty.schema, map(piece, batches)), tuple(notes))


def _read_lazy(data: Any) -> Frame:
    """Run a lazy frame piece by piece, so that its result is never whole in memory."""
    names, notes = unique_names(data.collect_schema().names())

    def pieces() -> Iterator[pa.Table]:
        for frame in data.collect_batches(chunk_size=PIECE_ROWS, maintain_order=True):
            yield pa.table(list(polars_columns(frame)), names=names)

    found = pieces()
    first = next(found, None)
    if first is None:
        first = pa.table(list(polars_columns(data.limit(0).collect())), names=names)
    rest = (piece.cast(first.schema) for piece in found)
    rows = gather(first.schema, (table for part in ([first], rest) for table in part))
    return Frame(rows, tuple(notes), OwnFrame(opened="{}.collect()", library="polars"))
