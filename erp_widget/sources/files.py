"""Owns the reading of files: their formats, and the errors a user can act on."""

from __future__ import annotations

import difflib
import glob
import io
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from erp_widget.errors import ErpError, InputError, SourceError
from erp_widget.sources.columns import unique_names
from erp_widget.sources.connection import as_path, connection, held
from erp_widget.sources.delimited import read_delimited
from erp_widget.sources.frames import Frame, read_frame
from erp_widget.sources.gathering import (
    MAX_BYTES_IN_MEMORY,
    check_rows,
    gather,
    kept_with,
    meantime_folder,
    stream_of,
)
from erp_widget.sources.rows import ParquetRows, other_columns
from erp_widget.sources.text_file import (
    START_BYTES,
    as_utf8,
    check_unpacked,
    encoding_of,
    opened,
)
from erp_widget.sources.workbook import read_workbook

if TYPE_CHECKING:
    import duckdb

FileFormat = Literal["csv", "tsv", "json", "jsonl", "parquet", "xlsx"]

SUFFIXES: dict[str, FileFormat] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".xlsb": "xlsx",
    ".ods": "xlsx",
}
READABLE = "csv, tsv, json, jsonl, parquet (also as .gz) or xlsx"
#: JSON up to this size, unpacked, is read whole, which copes with more shapes.
MAX_WHOLE_JSON_BYTES = 16 * 2**20


class FileName(Struct, frozen=True):
    """A file's place, format and compression."""

    path: Path
    format: FileFormat
    gzipped: bool


def file_name(path: str | os.PathLike[str], file_format: str | None = None) -> FileName:
    """Check that a file is there and that its format can be read.

    Raises
    ------
    SourceError
        With the fix: the nearest file name, or the formats that can be read.
    """
    text = os.fspath(path)
    if "://" in text:
        raise SourceError(f"{text} is an address: download the file, then pass its path")
    place = Path(text).expanduser()
    # By os.path: pathlib's raise where a folder may not be entered.
    if os.path.isdir(place):
        raise SourceError(
            f"{place} is a folder: pass one file in it, as {READABLE}, or a pattern such as "
            f"{place / '*.parquet'}"
        )
    if os.path.exists(place) and not os.path.isfile(place):
        raise SourceError(
            f"{place} is a pipe or a device, which cannot be read: write it into a file whose name "
            "says its format, such as sales.csv, then pass that"
        )
    if not os.path.isfile(place):
        raise SourceError(f"no file {place}{_nearest_file(place)}: check the path")
    suffixes = [suffix.lower() for suffix in place.suffixes]
    gzipped = bool(suffixes) and suffixes[-1] == ".gz"
    suffix = (suffixes[-2:-1] if gzipped else suffixes[-1:]) or [""]
    known = SUFFIXES.get(f".{file_format}" if file_format else suffix[0])
    if known is None:
        shown = suffix[0] or "without a suffix"
        raise SourceError(f"cannot read {place.name} ({shown}): save it as one of {READABLE}")
    if place.stat().st_size == 0:
        raise SourceError(f"{place.name} is empty: pass a file with a header and rows")
    return FileName(place, known, gzipped)


def matching_files(data: Any) -> list[str] | None:
    """Return the files that a pattern such as ``sales-*.parquet`` or a list of paths names.

    None where `data` is neither.

    Raises
    ------
    SourceError
        No file fits the pattern.
    """
    if isinstance(data, list | tuple):
        paths = bool(data) and all(isinstance(path, str | os.PathLike) for path in data)
        return [os.fspath(path) for path in data] if paths else None
    if not isinstance(data, str | os.PathLike):
        return None
    text = os.path.expanduser(os.fspath(data))
    if not glob.has_magic(text) or os.path.exists(text) or "://" in text:
        return None
    found = sorted(path for path in glob.glob(text, recursive=True) if os.path.isfile(path))
    if not found:
        raise SourceError(f"no file fits {text}: check the pattern")
    return found


def read_files(names: Sequence[FileName]) -> Frame:
    """Read several files as one table: Parquet where it lies, others one after the other.

    Raises
    ------
    SourceError
        They have not the same columns, or one of them cannot be read.
    """
    if len(names) == 1:
        return read_file(names[0])
    if all(name.format == "parquet" and not name.gzipped for name in names):
        try:
            rows = ParquetRows(*(name.path for name in names))
            if _differ(rows.schema.names):
                return Frame(rows)
        except (pa.ArrowException, OSError):
            pass  # reading them one by one says which
    frames = [read_file(name) for name in names]
    columns = frames[0].rows.schema.names
    for name, frame in zip(names, frames, strict=True):
        if frame.rows.schema.names != columns:
            raise other_columns(names[0].path, columns, name.path, frame.rows.schema.names)
    schema = pa.unify_schemas([_in_common(frames, at) for at in range(len(columns))])
    pieces = (_as(piece, schema) for frame in frames for piece in frame.rows.pieces())
    notes = dict.fromkeys(note for frame in frames for note in frame.notes)
    return Frame(gather(schema, pieces), tuple(notes))


def _in_common(frames: Sequence[Frame], at: int) -> pa.Schema:
    """Return one column in a type that holds what each file has there; text where none does."""
    fields = [pa.schema([frame.rows.schema.field(at)]) for frame in frames]
    try:
        return pa.unify_schemas(fields, promote_options="permissive")
    except pa.ArrowTypeError:
        return pa.schema([(fields[0].names[0], pa.string())])


def _as(piece: pa.Table, schema: pa.Schema) -> pa.Table:
    return pa.table(
        [column.cast(kind) for column, kind in zip(piece.columns, schema.types, strict=True)],
        schema=schema,
    )


def _nearest_file(place: Path) -> str:
    try:
        names = [entry.name for entry in place.parent.iterdir()]
    except OSError:
        return ""
    # Two names are not alike for ending with .csv both.
    stems = {Path(name).stem: name for name in sorted(names, reverse=True)}
    near = difflib.get_close_matches(place.stem, stems, n=1)
    return f" (did you mean {stems[near[0]]}?)" if near else ""


def read_file(name: FileName, max_rows: int | None = None) -> Frame:
    """Read a file; of a large one only a part is ever in memory.

    Parameters
    ----------
    name
        From `file_name`.
    max_rows
        A file with more is refused while it is read.

    Raises
    ------
    SourceError
        The content is not what the suffix says; the message names the fix.
    """
    import duckdb

    try:
        check_unpacked(name.path, name.gzipped)
        return _READERS[name.format](name, max_rows)
    except (duckdb.Error, pa.ArrowException, OSError, EOFError, ValueError) as error:
        if isinstance(error, ErpError):
            raise
        if not os.access(name.path, os.R_OK):
            raise SourceError(
                f"no permission to read {name.path}: allow it, or pass a copy of your own"
            ) from error
        detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise SourceError(
            f"cannot read {name.path.name} as {name.format} ({detail[:160]}): check that the file "
            "is complete and that its suffix says its format"
        ) from error


def _read_delimited(name: FileName, max_rows: int | None) -> Frame:
    return read_delimited(name.path, name.gzipped, name.format == "tsv", max_rows)


def _read_workbook(name: FileName, max_rows: int | None) -> Frame:
    if name.gzipped:
        raise SourceError(f"{name.path.name} is packed twice: unpack the .gz, then pass the .xlsx")
    return read_workbook(name.path, max_rows)


def _read_json(name: FileName, max_rows: int | None) -> Frame:
    """Read small files whole, which copes with more shapes, and stream large ones."""
    with opened(name.path, name.gzipped) as stream:
        start: bytes = stream.read(MAX_WHOLE_JSON_BYTES + 1)
    if len(start) > MAX_WHOLE_JSON_BYTES:
        return _stream_json(name, max_rows)
    text = start.decode(encoding_of(name.path.name, start[:START_BYTES])).removeprefix("\ufeff")
    if name.format == "jsonl":
        content: Any = [json.loads(line) for line in io.StringIO(text) if line.strip()]
    else:
        content = json.loads(text)
    if isinstance(content, dict):
        content = _without_envelope(content)
    if not isinstance(content, list | dict):
        raise SourceError(f"{name.path.name} holds no table: write a JSON list of records")
    if isinstance(content, list):
        content = [_flat(record) if isinstance(record, dict) else record for record in content]
    try:
        frame = read_frame(content)
    except InputError as error:
        why = str(error).partition(":")[0]
        raise SourceError(
            f"{name.path.name} holds no table ({why}): write a JSON list of records"
        ) from error
    check_rows(frame.rows.n_rows, name.path.name, max_rows)
    return frame


def _without_envelope(content: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Return the one list of records that an object holds beside other things, else the object.

    Examples
    --------
    >>> _without_envelope({"count": 2, "next": None, "results": [{"a": 1}, {"a": 2}]})
    [{'a': 1}, {'a': 2}]
    """
    lists = [one for one in content.values() if isinstance(one, list) and one]
    if len(lists) == 1 and all(isinstance(record, dict) for record in lists[0]):
        found: list[Any] = lists[0]
        return found
    return content


def _flat(record: dict[str, Any], depth: int = 2) -> dict[str, Any]:
    """Return a record whose records are cells of their own, as pandas' json_normalize names them.

    Examples
    --------
    >>> _flat({"id": 1, "at": {"city": "Rome", "lat": 41.9}})
    {'id': 1, 'at.city': 'Rome', 'at.lat': 41.9}
    """
    cells: dict[str, Any] = {}
    for name, value in record.items():
        inner = _flat(value, depth - 1) if isinstance(value, dict) and depth else {"": value}
        cells |= {f"{name}.{part}" if part else name: cell for part, cell in inner.items()}
    return cells


def _stream_json(name: FileName, max_rows: int | None) -> Frame:
    kind: Literal["newline_delimited", "auto"] = (
        "newline_delimited" if name.format == "jsonl" else "auto"
    )
    with as_utf8(name.path, name.gzipped, []) as (path, gzipped, _), held():
        rows = connection().read_json(
            as_path(path), format=kind, compression="gzip" if gzipped else "uncompressed"
        )
        mixed = [
            column for column, kind in zip(rows.columns, rows.types, strict=True) if kind == "JSON"
        ]
        table = rows.select(*[_json_text(c) if c in mixed else _column(c) for c in rows.columns])
        names, notes = unique_names(table.columns)
        return Frame(stream_of(table, names, name.path.name, max_rows), tuple(notes))


def _column(name: str) -> duckdb.Expression:
    import duckdb

    return duckdb.ColumnExpression(name)


def _json_text(name: str) -> duckdb.Expression:
    import duckdb

    path = duckdb.ConstantExpression("$")
    return duckdb.FunctionExpression("json_extract_string", _column(name), path).alias(name)


def _read_parquet(name: FileName, max_rows: int | None) -> Frame:
    """Read a small file into memory; each query reads a large one where it lies."""
    if name.gzipped:
        with meantime_folder() as folder:
            path = Path(folder.name) / "unpacked.parquet"
            with opened(name.path, True) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            frame = _read_parquet(FileName(path, "parquet", False), max_rows)
            return Frame(kept_with(folder, frame.rows), frame.notes)
    rows = ParquetRows(name.path)
    check_rows(rows.n_rows, name.path.name, max_rows)
    reader = "" if _has_index(rows.schema) else "pd.read_parquet({})"
    if _differ(rows.schema.names) and rows.n_bytes > MAX_BYTES_IN_MEMORY:
        return Frame(rows, reader=reader)
    frame = read_frame(rows.read())
    return replace(frame, reader="" if frame.notes else reader)


def _has_index(schema: pa.Schema) -> bool:
    """Whether pandas would put some columns of a file into an index, where no chart looks."""
    told = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
    return any(isinstance(name, str) for name in told.get("index_columns", ()))


def _differ(names: Sequence[str]) -> bool:
    """Whether no two columns are called the same: others get names of their own in memory."""
    return len(set(names)) == len(names)


_READERS: dict[FileFormat, Callable[[FileName, int | None], Frame]] = {
    "csv": _read_delimited,
    "tsv": _read_delimited,
    "json": _read_json,
    "jsonl": _read_json,
    "parquet": _read_parquet,
    "xlsx": _read_workbook,
}
