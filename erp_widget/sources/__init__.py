"""Owns the way in: anything tabular becomes a Table."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from erp_widget.sources.connection import fetch
from erp_widget.sources.files import FileName, file_name, read_file
from erp_widget.sources.frames import Frame, read_frame
from erp_widget.sources.rows import MAX_CELLS_IN_MEMORY, MemoryRows, ParquetRows
from erp_widget.sources.table import LeftOut, Table, table_name

__all__ = ["LeftOut", "Table", "fetch", "open_table"]


def open_table(data: Any, name: str | None = None, store: Any = None) -> Table:
    """Open anything tabular.

    Parameters
    ----------
    data
        A pandas, polars or pyarrow table, an object with `__arrow_c_stream__`, a dict of columns,
        a list of records, a dataset of the store, or the path of a csv, tsv, json, jsonl or
        parquet file (also gzipped).
    name
        What to call it; a file's own name if None.
    store
        Where a dataset is kept; the configured store if None.

    Returns
    -------
    Table
        Nothing is computed before it is asked for.

    Raises
    ------
    InputError
        `data` is no table, or is empty.
    SourceError
        The file cannot be read; the message names the fix.

    Examples
    --------
    >>> open_table({"city": ["Rome", "Oslo"], "sales": [3, 4]}).n_rows
    2
    """
    called = table_name(data, name)
    if isinstance(data, Table):
        return data
    if isinstance(data, str | os.PathLike):
        return _open_file(file_name(data), called)
    if _is_dataset(data):
        return _open_dataset(data, called, store)
    return _in_memory(read_frame(data), called)


def _in_memory(frame: Frame, name: str) -> Table:
    return Table(name, MemoryRows(frame.table), frame.notes)


def _open_file(file: FileName, name: str) -> Table:
    if file.format == "parquet" and not file.gzipped:
        rows = _large_parquet(file.path)
        if rows is not None:
            return Table(name, rows)
    return _in_memory(read_file(file), name)


def _large_parquet(path: Path) -> ParquetRows | None:
    import pyarrow as pa

    try:
        rows = ParquetRows(path)
    except (pa.ArrowException, OSError):
        return None  # read_file says what is wrong with it
    names = rows.schema.names
    unique = len(set(names)) == len(names)
    return rows if unique and rows.n_cells > MAX_CELLS_IN_MEMORY else None


def _is_dataset(data: Any) -> bool:
    from erp_widget.store.protocol import Dataset

    return isinstance(data, Dataset)


def _open_dataset(dataset: Any, name: str, store: Any) -> Table:
    """Read a stored dataset through a file, as it once came in."""
    from erp_widget.store import open_store

    with tempfile.TemporaryDirectory(prefix="erp-") as folder:
        path = Path(folder) / f"dataset.{dataset.format or 'parquet'}"
        with open_store(store).open_dataset(dataset.user, dataset.id) as content:
            path.write_bytes(content.read())
        return _in_memory(read_file(file_name(path)), name)
