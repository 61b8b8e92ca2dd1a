"""Owns the reading of files: their formats, and the errors a user can act on."""

from __future__ import annotations

import difflib
import gzip
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from erp_widget.errors import SourceError
from erp_widget.sources.connection import CONNECTION_LOCK, connection
from erp_widget.sources.delimited import read_delimited
from erp_widget.sources.frames import Frame, read_frame
from erp_widget.sources.text_file import check_unpacked, encoding_of, start_of
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
#: JSON up to this size is read whole, which copes with more shapes; larger files are streamed.
MAX_WHOLE_JSON_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class FileName:
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
    if place.is_dir():
        raise SourceError(f"{place} is a folder: pass one file in it, as {READABLE}")
    if not place.is_file():
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


def _nearest_file(place: Path) -> str:
    try:
        names = [entry.name for entry in place.parent.iterdir()]
    except OSError:
        return ""
    near = difflib.get_close_matches(place.name, names, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def read_file(name: FileName) -> Frame:
    """Read a whole file into memory.

    Raises
    ------
    SourceError
        The content is not what the suffix says; the message names the fix.
    """
    import duckdb

    readers: dict[FileFormat, Callable[[FileName], Frame]] = {
        "csv": _read_delimited,
        "tsv": _read_delimited,
        "json": _read_json,
        "jsonl": _read_json,
        "parquet": _read_parquet,
        "xlsx": _read_workbook,
    }
    try:
        check_unpacked(name.path, name.gzipped)
        return readers[name.format](name)
    except (duckdb.Error, pa.ArrowException, OSError, EOFError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise SourceError(
            f"cannot read {name.path.name} as {name.format} ({detail[:160]}): check that the file "
            "is complete and that its suffix says its format"
        ) from error


def _read_delimited(name: FileName) -> Frame:
    return read_delimited(name.path, name.gzipped, name.format == "tsv")


def _read_workbook(name: FileName) -> Frame:
    if name.gzipped:
        raise SourceError(f"{name.path.name} is packed twice: unpack the .gz, then pass the .xlsx")
    return read_workbook(name.path)


def _read_json(name: FileName) -> Frame:
    if name.path.stat().st_size > MAX_WHOLE_JSON_BYTES:
        return _stream_json(name)
    opener: Any = gzip.open if name.gzipped else open
    encoding = encoding_of(name.path.name, start_of(name.path, name.gzipped))
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with opener(name.path, "rt", encoding=codec) as stream:
        if name.format == "jsonl":
            content: Any = [json.loads(line) for line in stream if line.strip()]
        else:
            content = json.load(stream)
    if isinstance(content, dict) and len(content) == 1:
        (only,) = content.values()
        if isinstance(only, list) and all(isinstance(record, dict) for record in only):
            content = only
    if not isinstance(content, list | dict):
        raise SourceError(f"{name.path.name} holds no table: write a JSON list of records")
    return read_frame(content)


def _stream_json(name: FileName) -> Frame:
    kind: Literal["newline_delimited", "auto"] = (
        "newline_delimited" if name.format == "jsonl" else "auto"
    )
    with CONNECTION_LOCK:
        rows = connection().read_json(str(name.path), format=kind)
        mixed = [
            column for column, kind in zip(rows.columns, rows.types, strict=True) if kind == "JSON"
        ]
        table = rows.select(*[_json_text(c) if c in mixed else _column(c) for c in rows.columns])
        return read_frame(table.to_arrow_table())


def _column(name: str) -> duckdb.Expression:
    import duckdb

    return duckdb.ColumnExpression(name)


def _json_text(name: str) -> duckdb.Expression:
    import duckdb

    path = duckdb.ConstantExpression("$")
    return duckdb.FunctionExpression("json_extract_string", _column(name), path).alias(name)


def _read_parquet(name: FileName) -> Frame:
    import pyarrow.parquet as pq

    if name.gzipped:
        with gzip.open(name.path, "rb") as stream:
            return read_frame(pq.read_table(io.BytesIO(stream.read())))
    return read_frame(pq.read_table(name.path, partitioning=None))
