"""Owns the reading of files: their formats, and the errors a user can act on."""

from __future__ import annotations

import codecs
import csv
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
from erp_widget.sources.columns import as_chunked, unique_names
from erp_widget.sources.connection import CONNECTION_LOCK, connection
from erp_widget.sources.frames import Frame, read_frame

if TYPE_CHECKING:
    import duckdb

FileFormat = Literal["csv", "tsv", "json", "jsonl", "parquet"]

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
}
READABLE = "csv, tsv, json, jsonl, parquet (also as .gz)"
#: Texts that stand for a missing value, as pandas reads them.
MISSING_TEXTS = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None"]
#: JSON up to this size is read whole, which copes with more shapes; larger files are streamed.
MAX_WHOLE_JSON_BYTES = 64 * 2**20
#: As much of a file as its encoding and header are told from.
START_BYTES = 2**20


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
        raise SourceError(f"{place} is a folder: pass one file in it ({READABLE})")
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
    }
    try:
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
    import duckdb

    encoding = _encoding(name)
    try:
        with CONNECTION_LOCK:
            dialect = _sniff(name, encoding)
            if dialect["SkipRows"]:
                return _read_ragged(name, encoding)
            table = _typed_rows(name, encoding, dialect)
    except duckdb.InvalidInputException:
        return _read_ragged(name, encoding)
    columns = [as_chunked(column) for column in table.columns]
    header = _header(name, encoding, dialect["Delimiter"]) if dialect["HasHeader"] else []
    if len(header) != len(columns):
        header = list(table.column_names)
    unique, notes = unique_names(header)
    return Frame(pa.table(columns, names=unique), tuple(notes))


def _typed_rows(name: FileName, encoding: str, dialect: dict[str, Any]) -> pa.Table:
    """Read with types guessed from the first rows; from all rows where a later one disagrees."""
    import duckdb

    def read(sample_rows: int) -> pa.Table:
        rows = connection().read_csv(
            str(name.path),
            delimiter=dialect["Delimiter"],
            header=dialect["HasHeader"],
            encoding=encoding,
            na_values=MISSING_TEXTS,
            null_padding=True,
            sample_size=sample_rows,
        )
        return rows.to_arrow_table()

    try:
        return read(20_480)
    except duckdb.InvalidInputException:
        return read(-1)


def _read_ragged(name: FileName, encoding: str) -> Frame:
    """Read rows of unequal length: short ones are filled up, all values start as text."""
    opener: Any = gzip.open if name.gzipped else open
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with opener(name.path, "rt", encoding=codec, errors="replace", newline="") as stream:
        start = stream.read(START_BYTES)
        stream.seek(0)
        rows = [row for row in csv.reader(stream, delimiter=_delimiter(name, start)) if row]
    header, body = rows[0], rows[1:]
    names, notes = unique_names(cell.strip() for cell in header)
    cells = [[row[at] if at < len(row) else None for row in body] for at in range(len(names))]
    longer = sum(len(row) > len(names) for row in body)
    if longer:
        notes.append(
            f"{longer} rows have more values than the header has names; the rest is unread"
        )
    return Frame(
        pa.table([pa.chunked_array([pa.array(c, pa.string())]) for c in cells], names=names),
        tuple(notes),
    )


def _delimiter(name: FileName, start: str) -> str:
    if name.format == "tsv":
        return "\t"
    first = start.partition("\n")[0]
    return max(",;\t|", key=first.count)


def _sniff(name: FileName, encoding: str) -> dict[str, Any]:
    fixed = ", delim = '\t'" if name.format == "tsv" else ""
    query = f"SELECT * FROM sniff_csv(?, encoding = ?, ignore_errors = true{fixed})"
    found = connection().sql(query, params=[str(name.path), encoding])
    return dict(zip(found.columns, found.fetchall()[0], strict=True))


def _encoding(name: FileName) -> str:
    start = _start(name, START_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in start:
        raise SourceError(f"{name.path.name} holds bytes, not text: save it as text, or as parquet")
    try:
        # A character cut by the end of the start is no proof against UTF-8.
        codecs.getincrementaldecoder("utf-8")().decode(start, final=len(start) < START_BYTES)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _start(name: FileName, n_bytes: int) -> bytes:
    opener: Any = gzip.open if name.gzipped else open
    with opener(name.path, "rb") as stream:
        content: bytes = stream.read(n_bytes)
    return content


def _header(name: FileName, encoding: str, delimiter: str) -> list[str]:
    """Names as written: DuckDB's own would rename those that differ in case only."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    text = _start(name, START_BYTES).decode(codec, errors="replace")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell.strip() for cell in next(rows, [])]


def _read_json(name: FileName) -> Frame:
    if name.path.stat().st_size > MAX_WHOLE_JSON_BYTES:
        return _stream_json(name)
    opener: Any = gzip.open if name.gzipped else open
    with opener(name.path, "rt", encoding="utf-8-sig") as stream:
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
