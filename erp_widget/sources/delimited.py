"""Owns the reading of csv and tsv: separators, types, rows of unequal length by their lines."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
from msgspec import Struct, field

from erp_widget.errors import SourceError
from erp_widget.sources.blanks import unpivoted
from erp_widget.sources.columns import unique_names
from erp_widget.sources.connection import as_path, connection, held
from erp_widget.sources.frames import Frame
from erp_widget.sources.gathering import gather, stream_of
from erp_widget.sources.rows import Rows
from erp_widget.sources.separators import parts_all, separators
from erp_widget.sources.surroundings import names_columns, names_years
from erp_widget.sources.text_file import START_BYTES, as_utf8, start_of
from erp_widget.sources.trimming import trimmed
from erp_widget.sources.written_values import (
    Written,
    is_continental,
    parts_thousands,
    with_values,
    written,
)
from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.arrays import from_texts
from vizmodel.profile.reading.times import may_be_another

Dialect = dict[str, Any]

#: Texts that stand for a missing value, as pandas reads them.
MISSING_TEXTS = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None"]
#: Rows by which types are guessed before all are.
SAMPLE_ROWS = 20_480
#: What DuckDB may take texts for: not booleans, for it would take Yes and No for them.
TYPES = ["BIGINT", "DOUBLE", "TIME", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
#: A time that says how far its zone is from Greenwich.
_ELSEWHERE = late_pattern(r"\d\d:\d\d(:\d\d(\.\d+)?)?[+-](?!00:?00)\d\d:?\d\d\b")
#: How DuckDB says that dates and times are written as every reader knows them.
ISO_FORMS = (None, "", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
#: Lines or columns that a note names; the others are counted.
MAX_NAMED = 5
#: As much of the file as DuckDB holds per thread and step; its own choice is four times that.
BUFFER_BYTES = 8 * 2**20
#: Rows that are read by hand at a time.
BY_HAND_ROWS = 20_000
#: A longer cell than Python's own limit is still a cell.
MAX_CELL_CHARACTERS = 2**24


class Text(Struct, frozen=True):
    """Text in UTF-8 with rows: where it is, what it is called, its separator if known.

    `max_rows` is the number of rows beyond which it is refused, None if it is not.
    """

    path: Path
    gzipped: bool
    name: str
    delimiter: str | None
    max_rows: int | None = None

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


class Lines(Struct):
    """Some lines of a file: how many, and the first of them."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """Count one more."""
        self.count += 1
        if len(self.first) < MAX_NAMED:
            self.first.append(line)


def read_delimited(path: Path, gzipped: bool, tabs: bool, max_rows: int | None = None) -> Frame:
    """Read a file of separated values, of which only a part is ever in memory.

    Raises
    ------
    SourceError
        If it has no rows, or more than `max_rows`.
    """
    notes: list[str] = []
    with as_utf8(path, gzipped, notes) as (place, packed, separator):
        separator = "\t" if tabs else separator
        with trimmed(place, packed, separator) as (place, packed, left_out):
            frame = _read(Text(place, packed, path.name, separator, max_rows))
    rows, pivoted = unpivoted(frame.rows)
    changed = (*notes, *left_out, *frame.notes, *pivoted)
    dated = _dates(rows.schema)
    reader = "" if changed or place != path else frame.reader
    return Frame(rows, (*changed, *_dates_said(dated)), reader=reader)


def _dates(schema: pa.Schema) -> list[str]:
    kinds = zip(schema.names, schema.types, strict=True)
    return [name for name, of in kinds if pa.types.is_temporal(of) and not pa.types.is_time(of)]


def _dates_said(dated: Sequence[str]) -> list[str]:
    """Say which texts were taken for dates, so that a wrong guess is seen."""
    names = ", ".join(map(_line, dated[:6]))
    more = f" and {len(dated) - 6} more" if len(dated) > 6 else ""
    return [f"read as dates: {names}{more}"] if dated else []


def _line(name: str) -> str:
    return " ".join(name.split())


def _read(text: Text) -> Frame:
    """Read by the sniffed dialect; by hand where rows are longer than the header."""
    import duckdb

    start = start_of(text.path, text.gzipped).decode("utf-8-sig", errors="replace")
    delimiter = text.delimiter or separators(start)[0]
    try:
        with held():
            dialect = _sniff(text, delimiter if parts_all(start, delimiter) else text.delimiter)
        # Years over columns of numbers are names all the same.
        if not dialect["HasHeader"]:
            first, second = _first_two(start, str(dialect["Delimiter"]))
            lines = [*start.splitlines()[:2], "", ""]
            dialect["HasHeader"] = names_years(first, second) or names_columns(first, *lines[:2])
        if not dialect["SkipRows"]:
            return _typed(text, dialect, start)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        pass
    return _read_by_hand(text, delimiter, start)


def _typed(text: Text, dialect: Dialect, start: str) -> Frame:
    """Read with DuckDB; short rows are filled up and named, longer ones read by hand."""
    import duckdb

    delimiter = str(dialect["Delimiter"])
    notes: list[str] = []
    header = _header(start, delimiter) if dialect["HasHeader"] else []
    padded = False
    try:
        rows = _rows(text, dialect, header, padded)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        short, long = _ragged_lines(text, delimiter, len(header))
        if long.count:
            return _read_by_hand(text, delimiter, start)
        padded = True
        try:
            rows = _rows(text, dialect, header, padded)
        except duckdb.Error:  # which fills up no rows of a file with line breaks in its cells
            return _read_by_hand(text, delimiter, start)
        notes += _said("fewer", short)
    if header and len(header) < len(rows.schema):
        return _read_by_hand(text, delimiter, start)
    dates = _doubtful_dates(rows.schema, dialect, start)
    rows = _rows(text, dialect, header, padded, as_text=dates) if dates else rows
    found = written(rows)
    floats = [at for at, kind in enumerate(rows.schema.types) if pa.types.is_floating(kind)]
    continental = is_continental(found, start, delimiter) or parts_thousands(start, delimiter)
    if continental and floats:
        # Where commas are decimal points, a point parts thousands: 1.234 is no fraction.
        rows = _rows(text, dialect, header, padded, as_text=[*dates, *floats])
        found = written(rows)
    read, said = _written(rows, found, continental, text.max_rows)
    is_plain = read is rows and not padded and _has_names(start, delimiter, header)
    is_iso = all(dialect[form] in ISO_FORMS for form in ("DateFormat", "TimestampFormat"))
    reader = _reader(delimiter, _dates(rows.schema)) if is_plain and is_iso else ""
    return Frame(read, (*notes, *unique_names(header)[1], *said), reader=reader)


def _doubtful_dates(schema: pa.Schema, dialect: Dialect, start: str) -> list[int]:
    """Return the places of columns of dates that must be read as text to be told."""
    kinds = list(enumerate(schema.types))
    doubtful: list[int] = []
    if may_be_another(str(dialect["DateFormat"])):
        # A column tells its days from its months as a whole, once it is text.
        doubtful += [at for at, kind in kinds if pa.types.is_date(kind)]
    if _ELSEWHERE.search(start):
        # As text, times keep the clock of their zone; DuckDB would tell that of Greenwich.
        doubtful += [at for at, kind in kinds if _is_zoned(kind)]
    return doubtful


def _has_names(start: str, delimiter: str, header: Sequence[str]) -> bool:
    """Whether a file has a header, and no other reader takes its names for others."""
    first = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
    return bool(header) and all(header) and first == list(header)


def _reader(delimiter: str, dated: Sequence[str]) -> str:
    """Return Python by which pandas reads a plain file of separated values.

    Examples
    --------
    >>> _reader(";", ["day"])
    "pd.read_csv({}, sep=';', parse_dates=['day'])"
    """
    apart = "" if delimiter == "," else f", sep={delimiter!r}"
    dates = f", parse_dates={list(dated)!r}" if dated else ""
    return f"pd.read_csv({{}}{apart}{dates})"


def _is_zoned(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _rows(
    text: Text,
    dialect: Dialect,
    header: Sequence[str],
    padded: bool,
    as_text: Collection[int] = (),
) -> Rows:
    """Read with types guessed from the first rows; from all rows where a later one disagrees."""
    import duckdb

    def read(sample_rows: int, kinds: dict[str, str] | None = None) -> Rows:
        with held():
            found = connection().read_csv(
                as_path(text.path),
                delimiter=dialect["Delimiter"],
                header=dialect["HasHeader"],
                # What is known already DuckDB need not try out, each time that it looks.
                quotechar=_character(dialect["Quote"]),
                escapechar=_character(dialect["Escape"]),
                na_values=MISSING_TEXTS,
                null_padding=padded,
                sample_size=sample_rows,
                compression="gzip" if text.gzipped else "none",
                buffer_size=BUFFER_BYTES,
                auto_type_candidates=TYPES,
                dtype=kinds,
            )
            if as_text and kinds is None:
                return read(sample_rows, {found.columns[at]: "VARCHAR" for at in as_text})
            # DuckDB's own names would rename those that differ in case only.
            own = header if len(header) == len(found.columns) else found.columns
            return stream_of(found, unique_names(own)[0], text.name, text.max_rows)

    try:
        return read(SAMPLE_ROWS)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return read(-1)


def _written(
    rows: Rows, found: Mapping[str, Written], continental: bool, max_rows: int | None
) -> tuple[Rows, list[str]]:
    """Turn numbers and booleans as people write them into such, and say so of numbers."""
    numbers = [name for name, seen in found.items() if seen.is_number(continental)]
    flags = [name for name, seen in found.items() if seen.is_flag()]
    if not numbers and not flags:
        return rows, []
    decimals = [name for name in numbers if continental and found[name].commas]
    thousands = [name for name in numbers if name not in decimals]
    notes = [
        f"read {what} in {', '.join(map(_line, names[:MAX_NAMED]))}"
        for what, names in (("decimal commas", decimals), ("thousands apart", thousands))
        if names
    ]
    return with_values(rows, numbers, flags, continental, max_rows), notes


def _read_by_hand(text: Text, delimiter: str, start: str) -> Frame:
    """Read rows of any length: short ones are filled up, all values start as text."""
    short, long = Lines(), Lines()
    with text.rows(delimiter) as reader:
        header = next((row for row in reader if row), None)
        if header is None:
            raise SourceError(f"{text.name} has no rows: pass a file with a header and rows")
        names, notes = unique_names(cell.strip() for cell in header)
        schema = pa.schema([(name, pa.string()) for name in names])
        pieces = _pieces_by_hand(reader, schema, short, long)
        rows = gather(schema, pieces, text.name, text.max_rows)
    found = written(rows)
    rows, said = _written(rows, found, is_continental(found, start, delimiter), text.max_rows)
    return Frame(rows, (*notes, *_said("fewer", short), *_said("more", long), *said))


def _pieces_by_hand(
    reader: Any, schema: pa.Schema, short: Lines, long: Lines
) -> Iterator[pa.Table]:
    """Return rows some at a time; lines of other lengths than the header are noted."""
    width, missing = len(schema), frozenset(MISSING_TEXTS)
    filled = (row for row in reader if row)
    while body := list(itertools.islice(_noted(filled, reader, width, short, long), BY_HAND_ROWS)):
        cells = [
            [row[at] if at < len(row) and row[at] not in missing else None for row in body]
            for at in range(width)
        ]
        yield pa.table(list(map(from_texts, cells)), schema=schema)


def _noted(
    rows: Iterator[list[str]], reader: Any, width: int, short: Lines, long: Lines
) -> Iterator[list[str]]:
    for row in rows:
        if len(row) != width:
            (short if len(row) < width else long).add(reader.line_num)
        yield row


def _ragged_lines(text: Text, delimiter: str, width: int) -> tuple[Lines, Lines]:
    """Return the lines of rows that are shorter than the header, and of those that are longer."""
    short, long = Lines(), Lines()
    with text.rows(delimiter) as reader:
        for _ in _noted((row for row in reader if row), reader, width, short, long):
            pass
    return short, long


def _said(what: str, lines: Lines) -> list[str]:
    if not lines.count:
        return []
    named = ", ".join(str(line) for line in lines.first)
    more = lines.count - len(lines.first)
    where = f"line {named}" if lines.count == 1 else f"lines {named}"
    where += f" and {more} more" if more > 0 else ""
    rest = "the rest is unread" if what == "more" else "the rest is empty"
    return [f"{where} {'has' if lines.count == 1 else 'have'} {what} values than names: {rest}"]


def _sniff(text: Text, delimiter: str | None) -> Dialect:
    fixed = ", delim = ?" if delimiter else ""
    query = f"SELECT * FROM sniff_csv(?, ignore_errors = true{fixed})"
    bound = [as_path(text.path), *([delimiter] if delimiter else [])]
    found = connection().sql(query, params=bound)
    return dict(zip(found.columns, found.fetchall()[0], strict=True))


def _character(sniffed: str) -> str:
    return "" if sniffed == "(empty)" else sniffed


def _header(start: str, delimiter: str) -> list[str]:
    """Names as written: DuckDB's own would rename those that differ in case only."""
    return _first_two(start, delimiter)[0]


def _first_two(start: str, delimiter: str) -> tuple[list[str], list[str]]:
    rows = csv.reader(io.StringIO(start[:START_BYTES], newline=""), delimiter=delimiter)
    first, second = ([cell.strip() for cell in next(rows, [])] for _ in range(2))
    return first, second
