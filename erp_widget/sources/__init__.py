"""Owns the way in: anything tabular becomes a Table."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
from msgspec.structs import replace

from erp_widget.overwriting import hold
from erp_widget.sources.called import UNNAMED, named_by_columns, table_name
from erp_widget.sources.elapsed import timed
from erp_widget.sources.frames import Frame, read_frame
from erp_widget.sources.gathering import kept_with, meantime_folder
from erp_widget.sources.own_frame import OwnFrame
from erp_widget.sources.several import taken_apart
from erp_widget.sources.streams import read_stream
from erp_widget.sources.table import LeftOut, Table

__all__ = ["LeftOut", "Table", "open_table"]


def open_table(
    data: Any, name: str | None = None, store: Any = None, max_rows: int | None = None
) -> Table:
    """Open anything tabular.

    Parameters
    ----------
    data
        A pandas, polars (also lazy) or pyarrow table, dataset or stream, an object with
        `__arrow_c_stream__` or `__dataframe__`, a DuckDB relation, an ibis table, a dict of
        columns, a list of records, a dataset of the store, the path of a csv, tsv, json, jsonl,
        parquet (also gzipped) or xlsx file, or several such files by a pattern or a list.
    name
        What to call it; a file's own name if None, else its first columns.
    store
        Where a dataset is kept; the configured store if None.
    max_rows
        A file with more is refused while it is read; None takes any.

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
    if isinstance(data, str | os.PathLike | list | tuple):
        frame = _read_files(data, max_rows)
        if frame is not None:
            return _table(called, _of_file(frame, data))
    if _is_dataset(data):
        return _table(called, _read_dataset(data, store))
    return _table(called, read_stream(data) or read_frame(data))


def _read_files(data: Any, max_rows: int | None) -> Frame | None:
    """Return what is in the files that are named; None of what is not the name of files."""
    # Frames are read without all that knows formats of files.
    from erp_widget.sources.files import file_name, matching_files, read_file, read_files

    files = matching_files(data)
    if files is None and not isinstance(data, str | os.PathLike):
        return None
    names = [file_name(path) for path in ([data] if files is None else files)]
    for name in names:
        hold(name.path, "a table that was read here")
    return read_file(names[0], max_rows) if files is None else read_files(names)


def _of_file(frame: Frame, data: Any) -> Frame:
    """Return what was read of files, which knows their name; people read them by pandas."""
    first = os.fspath(data if isinstance(data, str | os.PathLike) else data[0])
    if frame.reader:
        return replace(frame, own=OwnFrame(opened=frame.reader.replace("{}", repr(first))))
    return replace(frame, own=OwnFrame(file=os.path.basename(first), below=frame.own.below))


def _table(name: str | None, frame: Frame) -> Table:
    if name is None:
        names = frame.rows.schema.names if frame.rows.n_rows else ()
        name = named_by_columns(names) if names else UNNAMED
    several = taken_apart(frame.rows)
    more = timed(several.rows, several.sample)
    zoned = (column.name for column in frame.rows.schema if _has_zone(column.type))
    own = replace(frame.own, parts=several.parts, elapsed=more.elapsed, zoned=tuple(zoned))
    notes = (*frame.notes, *several.notes, *more.notes)
    return Table(name, more.rows, notes, own=own, seen=more.seen)


def _has_zone(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) and kind.tz is not None)


def _is_dataset(data: Any) -> bool:
    from erp_widget.store.protocol import Dataset

    return isinstance(data, Dataset)


def _read_dataset(dataset: Any, store: Any) -> Frame:
    """Read a stored dataset through a file, as it once came in."""
    from erp_widget.sources.files import file_name, read_file
    from erp_widget.store import open_store

    with meantime_folder() as folder:
        path = Path(folder.name) / f"dataset.{dataset.format or 'parquet'}"
        with (
            open_store(store).open_dataset(dataset.user, dataset.id) as content,
            path.open("wb") as copy,
        ):
            shutil.copyfileobj(content, copy)
        frame = read_file(file_name(path))
        own = OwnFrame(file=dataset.name)
        return Frame(kept_with(folder, frame.rows), frame.notes, own)
