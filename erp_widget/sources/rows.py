"""Owns where a table's rows lie, in memory or in Parquet files, and how DuckDB reads them."""

from __future__ import annotations

import itertools
import weakref
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.errors import SourceError
from erp_widget.sources.connection import as_path, connection, forget, held
from erp_widget.sources.counted_columns import Column
from erp_widget.sources.counted_rows import CountedRows
from erp_widget.sources.plain_columns import is_text, plain_column, plain_kind, tidy_text
from erp_widget.sources.query import Kind
from erp_widget.sources.relation import DuckRelation, Relation, view
from erp_widget.sources.sampling import chosen, spread_positions, taken
from vizmodel.profile import Cast, apply_casts

#: Up to so many rows of Parquet files are all read for a sample.
MAX_SCANNED_ROWS = 2_000_000
#: Of more rows the starts of so many groups are read, and so many rows of all of them together:
#: the time that this takes is the same for a file of any size.
MAX_SCANNED_GROUPS, MAX_SCANNED_STARTS = 16, 2**18
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

    @property
    def is_settled(self) -> bool:
        """Whether they stay as they are, and whoever else uses them does not mind."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether an engine has them, which would have to send all to have them parsed."""

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order."""

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `relation` can read it."""

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""


class MemoryRows:
    """Rows of an Arrow table in memory; DuckDB scans them without a copy.

    Parameters
    ----------
    table
        The rows.
    is_settled
        Whether nobody writes into its memory.
    owner
        What keeps that memory from being written to while it is held.
    """

    def __init__(self, table: pa.Table, is_settled: bool = True, owner: object = None) -> None:
        self.table = table
        self.is_settled, self.is_elsewhere = is_settled, False
        self._owner = owner
        self._read: dict[tuple[int, Cast], pa.ChunkedArray] = {}

    @property
    def schema(self) -> pa.Schema:
        """Names and types as stored."""
        return self.table.schema

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order; it never changes."""
        if self.n_rows <= max_rows and self.is_settled:
            return self.table
        return chosen(self.table, spread_positions(self.n_rows, max_rows))

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""
        table = self.table if columns is None else self.table.select(columns)
        for start in range(0, self.n_rows, PIECE_ROWS):
            yield table.slice(start, PIECE_ROWS)

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return False: `relation` parses what is in memory itself."""
        return False

    def _readable(self, at: int, cast: Cast) -> pa.ChunkedArray:
        """Return a column as queries read it; what takes a pass over it is done once."""
        if (at, cast) not in self._read:
            self._read[at, cast] = _readable(self.table.column(at), cast)
        return self._read[at, cast]

    def counted(self, casts: Sequence[Cast]) -> CountedRows:
        """Return the cast columns, called c0, c1, ..., as rows that are counted without DuckDB."""
        kept = {f"c{at}": (at, cast) for at, cast in enumerate(casts) if cast.to != "drop"}
        return CountedRows(
            self.n_rows,
            {name: self._kind(*of) for name, of in kept.items()},
            lambda name: self._column(*kept[name]),
            lambda: self.relation(casts),
        )

    def _column(self, at: int, cast: Cast) -> Column:
        if cast.to == "text" and is_text(self.schema.types[at]):
            return Column(self.table.column(at), tidy=True)
        return Column(self._readable(at, cast))

    def _kind(self, at: int, cast: Cast) -> Kind:
        kind = self.schema.types[at]
        if cast.to == "text":
            return "text"
        return plain_kind(kind if _is_plain(kind, cast) else self._readable(at, cast).type)

    def relation(self, casts: Sequence[Cast]) -> DuckRelation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        kept = [(at, cast) for at, cast in enumerate(casts) if cast.to != "drop"]
        columns = [self._readable(at, cast) for at, cast in kept]
        table = pa.table(columns, names=[f"c{at}" for at, _ in kept])
        if self.n_rows > PIECE_ROWS:  # what was made on the way goes back to the system
            pa.default_memory_pool().release_unused()
        number = next(_numbers)
        with held():
            connection().register(f"rows_{number}", table)
            source = connection().table(f"rows_{number}")
            plain = [plain_column(f"c{at}", table.schema.field(f"c{at}").type) for at, _ in kept]
            source.select(*plain).create_view(f"table_{number}")
            weakref.finalize(self, forget, f"rows_{number}", f"table_{number}")
            return view(f"table_{number}")


class ParquetRows:
    """Rows of Parquet files that stay on disk; all files have the columns of the first.

    Parameters
    ----------
    paths
        The files, in the order of their rows.

    Raises
    ------
    SourceError
        A file has other columns than the first.
    """

    #: A file that is written anew is another file.
    is_settled, is_elsewhere = True, False

    def __init__(self, *paths: Path) -> None:
        import pyarrow.parquet as pq

        self.paths = paths
        self._files = [pq.ParquetFile(path) for path in paths]
        for path, file in zip(paths, self._files, strict=True):
            names = file.schema_arrow.names
            if set(names) != set(self.schema.names):
                raise other_columns(paths[0], self.schema.names, path, names)

    @property
    def schema(self) -> pa.Schema:
        """Names and types as stored."""
        return self._files[0].schema_arrow

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return sum(int(file.metadata.num_rows) for file in self._files)

    @property
    def n_bytes(self) -> int:
        """About as many bytes as the rows take in memory; texts may take more."""
        packed = sum(int(metadata.total_byte_size) for _, _, metadata in self._groups())
        return max(packed, self.n_rows * len(self.schema.names) * 8)

    def read(self) -> pa.Table:
        """Return all rows in memory."""
        return pa.concat_tables(self._fitting(file.read()) for file in self._files)

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order.

        Of very many rows it is spread over the starts of some groups of rows.
        """
        groups = self._groups()
        if self.n_rows <= MAX_SCANNED_ROWS:
            return taken(self._batches(groups, None), spread_positions(self.n_rows, max_rows))
        # Twice as many rows as are wanted, where groups are small.
        enough = 2 * max_rows * len(groups) // self.n_rows
        wanted = max(MAX_SCANNED_GROUPS, enough)
        chosen = [groups[at] for at in spread_positions(len(groups), wanted)]
        most = max(MAX_SCANNED_STARTS, max_rows) // len(chosen)
        starts = [self._start(group, most) for group in chosen]
        n_rows = sum(start.num_rows for start in starts)
        return taken(starts, spread_positions(n_rows, max_rows))

    def _start(self, group: tuple[Any, int, Any], n_rows: int) -> pa.Table:
        """Return the first rows of a group; what comes after them is not read."""
        return next(self._batches([group], None, n_rows), self.schema.empty_table())

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""
        return self._batches(self._groups(), columns)

    def _groups(self) -> list[tuple[Any, int, Any]]:
        """Return file, number and description of each group of rows."""
        return [
            (file, at, file.metadata.row_group(at))
            for file in self._files
            for at in range(file.num_row_groups)
        ]

    def _batches(
        self,
        groups: Iterable[tuple[Any, int, Any]],
        columns: Sequence[str] | None,
        piece_rows: int = PIECE_ROWS,
    ) -> Iterator[pa.Table]:
        for file, at, _ in groups:
            for batch in file.iter_batches(piece_rows, row_groups=[at], columns=columns):
                yield self._fitting(pa.Table.from_batches([batch]))

    def _fitting(self, piece: pa.Table) -> pa.Table:
        """Return a piece in the types of the first file, its columns in that order."""
        wanted = pa.schema([field for field in self.schema if field.name in piece.column_names])
        fits = wanted.names == piece.column_names  # names that stand twice select nothing
        return (piece if fits else piece.select(wanted.names)).cast(wanted)

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether no plain SQL reads some column as its cast says."""
        return any(map(must_be_parsed, self.schema.types, casts))

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        kinds = list(self.schema.types)
        kept = [at for at, cast in enumerate(casts) if cast.to != "drop"]
        number = next(_numbers)
        with held():
            source = connection().read_parquet([as_path(p) for p in self.paths], union_by_name=True)
            names = source.columns
            plain = [plain_column(names[at], kinds[at], True).alias(f"c{at}") for at in kept]
            source.select(*plain).create_view(f"table_{number}")
            weakref.finalize(self, forget, f"rows_{number}", f"table_{number}")
            return view(f"table_{number}")


def other_columns(
    first: Path, names: Iterable[str], other: Path, other_names: Iterable[str]
) -> SourceError:
    """Return the error for files that are no one table."""
    odd = sorted(set(names) ^ set(other_names)) or ["order"]
    return SourceError(
        f"{first.name} and {other.name} differ in {odd[0]!r}: pass files with the same columns"
    )


def must_be_parsed(kind: pa.DataType, cast: Cast) -> bool:
    """Return whether no plain SQL reads values of a type as a cast says."""
    if cast.to == "drop":
        return False
    if cast.to == "text" and not (is_text(kind) or pa.types.is_dictionary(kind)):
        return True
    if cast.to in ("number", "time") or pa.types.is_time(kind):
        return True
    zone = kind.tz if pa.types.is_timestamp(kind) else None
    return zone is not None and zone not in zoneinfo.available_timezones()


def _readable(column: pa.ChunkedArray, cast: Cast) -> pa.ChunkedArray:
    """Parse what holds numbers or times in disguise; store equal texts once."""
    if _is_plain(column.type, cast):
        return column
    # Piece by piece: what is made on the way to the small codes of texts is as large as they are.
    starts = range(0, max(len(column), 1), PIECE_ROWS)
    raw = (column.slice(start, PIECE_ROWS) for start in starts)
    if cast.to == "text" and len(column) and _repeats(column):
        return _narrow(_joined(_coded(piece) for piece in raw))
    pieces = (parsed_column(piece, cast) for piece in raw)
    rest = itertools.chain([first := next(pieces)], pieces)
    if not _repeats(first):
        # Whole numbers in one piece and fractions in another are fractions.
        tables = [pa.table([piece], ["n"]) for piece in rest]
        return pa.concat_tables(tables, promote_options="permissive").column(0)
    return _narrow(_joined(pc.dictionary_encode(piece) for piece in rest))


def _coded(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return tidy texts as codes: only different ones are looked at, and mostly are tidy."""
    codes = pc.dictionary_encode(pc.cast(texts, pa.string()))
    words = codes.chunk(0).dictionary
    return codes if words.equals(tidy_text(words)) else pc.dictionary_encode(tidy_text(texts))


def _joined(pieces: Iterable[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return codes of the same texts throughout."""
    chunks = [chunk for piece in pieces for chunk in piece.chunks]
    return pa.chunked_array(chunks).unify_dictionaries()


def _is_plain(kind: pa.DataType, cast: Cast) -> bool:
    """Return whether DuckDB reads a column as its cast says without any change."""
    zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    return cast.to == "keep" and not zoned and not pa.types.is_dictionary(kind)


def _repeats(texts: pa.ChunkedArray) -> bool:
    start = texts.slice(0, 10_000)
    return is_text(texts.type) and pc.count_distinct(start).as_py() < DICTIONARY_SHARE * max(
        len(start), 1
    )


def _narrow(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts whose codes take one or two bytes where that is enough."""
    n_texts = max((len(chunk.dictionary) for chunk in texts.chunks), default=0)
    if n_texts > 2**15:
        return texts
    code = pa.int8() if n_texts <= 2**7 else pa.int16()
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices.cast(code), chunk.dictionary)
        for chunk in texts.chunks
    ]
    return pa.chunked_array(chunks)


def parsed_column(column: pa.ChunkedArray, cast: Cast) -> pa.ChunkedArray:
    """Parse what holds numbers or times in disguise, and tidy text; leave the rest as it is."""
    if pa.types.is_dictionary(column.type) and cast.to == "keep":
        column = pc.cast(column, column.type.value_type)
        return tidy_text(column) if is_text(column.type) else column
    if cast.to == "text" and is_text(column.type):
        return tidy_text(column)
    if _is_plain(column.type, cast):
        return column
    return apply_casts(pa.table([column], names=[cast.column]), [cast]).column(0)
