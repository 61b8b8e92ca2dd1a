"""Owns the reading of csv and tsv: separators, types, rows of unequal length by their lines."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from erp_widget.errors import SourceError
from erp_widget.sources.columns import as_chunked, unique_names
from erp_widget.sources.connection import CONNECTION_LOCK, connection
from erp_widget.sources.frames import Frame
from erp_widget.sources.text_file import START_BYTES, as_utf8, start_of
from erp_widget.sources.written_numbers import is_continental, with_numbers

#: Texts that stand for a missing value, as pandas reads them.
MISSING_TEXTS = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None"]
#: Rows by which types are guessed before all are.
SAMPLE_ROWS = 20_480
#: Lines that a note names; the others are counted.
MAX_NAMED_LINES = 5
#: A longer cell than Python's own limit is still a cell.
MAX_CELL_CHARACTERS = 2**24


@dataclass(frozen=True, slots=True)
class Text:
    """Text in UTF-8 with rows: where it is, what it is called, and its separator if known."""

    path: Path
    gzipped: bool
    name: str
    delimiter: str | None

    @contextmanager
    def rows(self, delimiter: str) -> Iterator[Any]:
        """Give the rows as lists of text, with `line_num`."""
        csv.field_size_limit(MAX_CELL_CHARACTERS)
        with self._lines() as lines:
            yield csv.reader(lines, delimiter=delimiter)

    def _lines(self) -> TextIO:
        codec, errors = "utf-8-sig", "replace"
        if self.gzipped:
            return gzip.open(self.path, "rt", encoding=codec, errors=errors, newline="")
        return self.path.open(encoding=codec, errors=errors, newline="")


def read_delimited(path: Path, gzipped: bool, tabs: bool) -> Frame:
    """Read a file of separated values.

    Raises
    ------
    SourceError
        If it has no rows.
    """
    notes: list[str] = []
    with as_utf8(path, gzipped, notes) as (place, packed, separator):
        text = Text(place, packed, path.name, "\t" if tabs else separator)
        frame, delimiter = _read(text)
        frame = _numbers(text, frame, delimiter)
    return Frame(frame.table, (*notes, *frame.notes, *_dates_said(frame.table)))


def _dates_said(table: pa.Table) -> list[str]:
    """Say which texts were taken for dates, so that a wrong guess is seen."""
    dated = [f.name for f in table.schema if pa.types.is_temporal(f.type)]
    names = ", ".join(name.replace("\n", " ") for name in dated[:6])
    more = f" and {len(dated) - 6} more" if len(dated) > 6 else ""
    return [f"read as dates: {names}{more}"] if dated else []


def _read(text: Text) -> tuple[Frame, str]:
    """Read by the sniffed dialect; by hand where rows are longer than the header."""
    import duckdb

    start = start_of(text.path, text.gzipped).decode("utf-8-sig", errors="replace")
    try:
        with CONNECTION_LOCK:
            dialect = _sniff(text)
        if not dialect["SkipRows"]:
            return _typed(text, dialect, start), str(dialect["Delimiter"])
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        pass
    delimiter = text.delimiter or _delimiter(start)
    return _read_by_hand(text, delimiter), delimiter


def _typed(text: Text, dialect: dict[str, Any], start: str, decimal: str = ".") -> Frame:
    """Read with DuckDB; short rows are filled up and named, longer ones read by hand."""
    import duckdb

    delimiter = str(dialect["Delimiter"])
    notes: list[str] = []
    header = _header(start, delimiter) if dialect["HasHeader"] else []
    try:
        table = _table(text, dialect, decimal, padded=False)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        short, long = _ragged_lines(text, delimiter, len(header))
        if long:
            return _read_by_hand(text, delimiter)
        table = _table(text, dialect, decimal, padded=True)
        notes += _said("fewer", short)
    columns = [as_chunked(column) for column in table.columns]
    if len(header) != len(columns):
        if header and len(header) < len(columns):
            return _read_by_hand(text, delimiter)
        header = list(table.column_names)
    unique, renamed = unique_names(header)
    return Frame(pa.table(columns, names=unique), (*notes, *renamed))


def _table(text: Text, dialect: dict[str, Any], decimal: str, padded: bool) -> pa.Table:
    """Read with types guessed from the first rows; from all rows where a later one disagrees."""
    import duckdb

    def read(sample_rows: int) -> pa.Table:
        with CONNECTION_LOCK:
            rows = connection().read_csv(
                str(text.path),
                delimiter=dialect["Delimiter"],
                header=dialect["HasHeader"],
                na_values=MISSING_TEXTS,
                null_padding=padded,
                sample_size=sample_rows,
                decimal=decimal,
                compression="gzip" if text.gzipped else "none",
            )
            return rows.to_arrow_table()

    try:
        return read(SAMPLE_ROWS)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return read(-1)


def _numbers(text: Text, frame: Frame, delimiter: str) -> Frame:
    """Turn numbers as people write them into numbers, and say so."""
    continental = is_continental(frame.table, delimiter)
    if continental:
        # Where commas are decimal points, a point parts thousands: 1.234 is no fraction.
        frame = _again_with_commas(text, frame, delimiter)
    table, decimals, thousands = with_numbers(frame.table, continental)
    notes = [
        f"read {what} in {', '.join(names[:MAX_NAMED_LINES])}"
        for what, names in (("decimal commas", decimals), ("thousands apart", thousands))
        if names
    ]
    return Frame(table, (*frame.notes, *notes))


def _again_with_commas(text: Text, frame: Frame, delimiter: str) -> Frame:
    """Read points as text where a first reading took them for decimals."""
    if not any(pa.types.is_floating(field.type) for field in frame.table.schema):
        return frame
    names = frame.table.column_names
    by_hand = _read_by_hand(text, delimiter)
    if by_hand.table.column_names != names:
        return frame
    columns = [
        by_hand.table.column(name) if pa.types.is_floating(column.type) else column
        for name, column in zip(names, frame.table.columns, strict=True)
    ]
    return Frame(pa.table(columns, names=names), frame.notes)


def _read_by_hand(text: Text, delimiter: str) -> Frame:
    """Read rows of any length: short ones are filled up, all values start as text."""
    with text.rows(delimiter) as reader:
        numbered = [(reader.line_num, row) for row in reader if row]
    if not numbered:
        raise SourceError(f"{text.name} has no rows: pass a file with a header and rows")
    header, body = numbered[0][1], numbered[1:]
    names, notes = unique_names(cell.strip() for cell in header)
    missing = frozenset(MISSING_TEXTS)
    cells = [
        [row[at] if at < len(row) and row[at] not in missing else None for _, row in body]
        for at in range(len(names))
    ]
    notes += _said("fewer", [line for line, row in body if len(row) < len(names)])
    notes += _said("more", [line for line, row in body if len(row) > len(names)])
    columns = [pa.chunked_array([pa.array(values, pa.string())]) for values in cells]
    return Frame(pa.table(columns, names=names), tuple(notes))


def _ragged_lines(text: Text, delimiter: str, width: int) -> tuple[list[int], list[int]]:
    """Return the lines of rows that are shorter than the header, and of those that are longer."""
    short: list[int] = []
    long: list[int] = []
    with text.rows(delimiter) as reader:
        for row in reader:
            if row and len(row) != width:
                (short if len(row) < width else long).append(reader.line_num)
    return short, long


def _said(what: str, lines: list[int]) -> list[str]:
    if not lines:
        return []
    named = ", ".join(str(line) for line in lines[:MAX_NAMED_LINES])
    more = len(lines) - MAX_NAMED_LINES
    where = f"line {named}" if len(lines) == 1 else f"lines {named}"
    where += f" and {more} more" if more > 0 else ""
    rest = "the rest is unread" if what == "more" else "the rest is empty"
    return [f"{where} {'has' if len(lines) == 1 else 'have'} {what} values than names: {rest}"]


def _delimiter(start: str) -> str:
    first = start.partition("\n")[0]
    return max(",;\t|", key=first.count)


def _sniff(text: Text) -> dict[str, Any]:
    fixed = ", delim = ?" if text.delimiter else ""
    query = f"SELECT * FROM sniff_csv(?, ignore_errors = true{fixed})"
    bound = [str(text.path), *([text.delimiter] if text.delimiter else [])]
    found = connection().sql(query, params=bound)
    return dict(zip(found.columns, found.fetchall()[0], strict=True))


def _header(start: str, delimiter: str) -> list[str]:
    """Names as written: DuckDB's own would rename those that differ in case only."""
    rows = csv.reader(io.StringIO(start[:START_BYTES], newline=""), delimiter=delimiter)
    return [cell.strip() for cell in next(rows, [])]
