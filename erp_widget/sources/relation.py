"""Owns rows that answer queries: those that DuckDB reads, and those of any other engine."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import pyarrow as pa
from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.sources import sql
from erp_widget.sources.answers import answer
from erp_widget.sources.connection import connection, forget, held, querying
from erp_widget.sources.memory import Scans, watched
from erp_widget.sources.query import Answer, Kind, Query

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir

#: What a relation of another connection is called in statements.
LENT = "lent"
#: Rows that are not summarised come so many at a time.
LISTED_ROWS = 2**16
#: Columns that gathering makes.
KEY, VALUE = "folded_key", "folded_value"

#: A column that is computed: its name, those of the times that it begins and ends with, and how
#: many seconds are one of its numbers.
Duration: TypeAlias = tuple[str, str, str, float]

_numbers = itertools.count()


class Relation(Protocol):
    """Rows with columns of our own names that answer queries; nothing is read before."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Column -> what it holds."""

    @property
    def scans(self) -> Scans:
        """Counts what is asked."""

    def ask(self, query: Query) -> Answer:
        """Return the groups that a query asks for; one scan."""

    def table(self, query: Query) -> pa.Table:
        """Return many groups, as columns; one scan."""

    def rows(self, columns: Sequence[str]) -> Answer:
        """Return all rows as they are, in their order."""

    def where(self, held: Sequence[tuple[str, Any, bool]]) -> Relation:
        """Return the rows whose columns have some values, or any other."""

    def gathered(self, columns: Sequence[str], labels: Sequence[Any]) -> Relation:
        """Return each row once for each of some columns: its label, and the column's value."""


class DuckRelation(Struct, frozen=True):
    """Rows that a DuckDB connection reads.

    Parameters
    ----------
    source
        What stands behind FROM.
    kinds
        Column -> what it holds.
    lender
        The relation of another connection that `source` stands for; None for the process's own.
    scans
        Counts what is asked.
    """

    source: str
    kinds: Mapping[str, Kind]
    lender: duckdb.DuckDBPyRelation | None = None
    scans: Scans = field(default_factory=Scans)

    def ask(self, query: Query) -> Answer:
        """Return the groups that a query asks for; one scan."""
        names = [name for name, _ in (*query.keys, *query.measures)]
        return self._fetched(sql.statement(query, self.source, self.kinds), names)

    def table(self, query: Query) -> pa.Table:
        """Return many groups, as columns; one scan."""
        with querying(), watched(self.scans):
            return self._selected(sql.statement(query, self.source, self.kinds)).to_arrow_table()

    def pieces(self, query: Query) -> Iterator[pa.Table]:
        """Return rows that are not summarised, some at a time; one scan."""
        with querying(), watched(self.scans):
            found = self._selected(sql.statement(query, self.source, self.kinds))
            for batch in found.to_arrow_reader(LISTED_ROWS):
                yield pa.Table.from_batches([batch])

    def rows(self, columns: Sequence[str]) -> Answer:
        """Return all rows as they are, in their order."""
        return self._fetched(sql.selection(columns, self.source), columns)

    def _fetched(self, text: str, names: Sequence[str]) -> Answer:
        with querying(), watched(self.scans):
            # A relation would bind the statement twice.
            own = self.lender is None
            rows = (connection().execute(text) if own else self._selected(text)).fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _selected(self, text: str) -> duckdb.DuckDBPyRelation:
        return connection().sql(text) if self.lender is None else self.lender.query(LENT, text)

    def where(self, held: Sequence[tuple[str, Any, bool]]) -> Relation:
        """Return the rows whose columns have some values, or any other."""
        return replace(self, source=sql.sliced(self.source, held))

    def gathered(self, columns: Sequence[str], labels: Sequence[Any]) -> Relation:
        """Return each row once for each of some columns: its label, and the column's value."""
        of_value: Kind = "text" if self.kinds[columns[0]] == "text" else "real"
        kind: Literal["DOUBLE", "VARCHAR"] = "VARCHAR" if of_value == "text" else "DOUBLE"
        source = sql.gathered(self.source, columns, labels, KEY, VALUE, kind)
        return replace(self, source=source, kinds=_with_gathered(self.kinds, labels, of_value))

    def with_elapsed(self, made: Sequence[Duration]) -> Relation:
        """Return the rows with more columns: how long it is from one of their times to another."""
        kinds: dict[str, Kind] = {name: "real" for name, *_ in made}
        source = sql.with_elapsed(self.source, made)
        return replace(self, source=source, kinds={**self.kinds, **kinds})


class IbisRelation(Struct, frozen=True):
    """Rows of an ibis expression; only groups of them come here.

    Parameters
    ----------
    found
        A table of any backend.
    scans
        Counts what is asked.
    """

    found: ir.Table
    scans: Scans = field(default_factory=Scans)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Column -> what it holds."""
        return {name: _kind_in_ibis(kind) for name, kind in self.found.schema().items()}

    def ask(self, query: Query) -> Answer:
        """Return the groups that a query asks for; one scan."""
        found: Answer = self.table(query).to_pylist()
        return found

    def table(self, query: Query) -> pa.Table:
        """Return many groups, as columns; one scan."""
        from erp_widget.sources.expressions import expression

        self.scans.count += 1
        found: pa.Table = answer(expression(query, self.found, self.kinds))
        return found

    def rows(self, columns: Sequence[str]) -> Answer:
        """Return all rows as they are, in their order."""
        self.scans.count += 1
        found: Answer = answer(self.found.select(*columns)).to_pylist()
        return found

    def where(self, held: Sequence[tuple[str, Any, bool]]) -> Relation:
        """Return the rows whose columns have some values, or any other."""
        conditions = []
        for name, level, but in held:
            column = self.found[name]
            same = column.isnull() if level is None else column == level
            conditions.append((column.isnull() | (column != level)) if but else same)
        return replace(self, found=self.found.filter(conditions))

    def gathered(self, columns: Sequence[str], labels: Sequence[Any]) -> Relation:
        """Return each row once for each of some columns: its label, and the column's value."""
        import ibis

        # Numbers instead of records, which some engines cannot make; the rows are read once.
        places: Any = ibis.array(list(range(len(labels)))).unnest()
        found = self.found.mutate(folded=places)
        label = ibis.cases(*((found.folded == at, one) for at, one in enumerate(labels)))
        value = ibis.cases(
            *((found.folded == at, _as_value(found[one])) for at, one in enumerate(columns))
        )
        return replace(self, found=found.mutate(**{KEY: label, VALUE: value}).drop("folded"))

    def with_elapsed(self, made: Sequence[Duration]) -> Relation:
        """Return the rows with more columns: how long it is from one of their times to another."""
        columns = {
            name: (_in_seconds(self.found[end]) - _in_seconds(self.found[start])) / unit
            for name, start, end, unit in made
        }
        return replace(self, found=self.found.mutate(**columns))


def _in_seconds(time: Any) -> Any:
    """Return seconds since 1970 with thousandths, which not every engine tells in one."""
    return time.epoch_seconds().cast("float64").floor() + time.millisecond() / 1e3


def _as_value(column: Any) -> Any:
    """Return a column's texts or numbers; yes and no, which not every engine casts, as 1 and 0."""
    import ibis

    if column.type().is_string():
        return column
    if column.type().is_boolean():
        return ibis.cases((column, 1.0), (~column, 0.0))
    return column.cast("float64")


def view(name: str) -> DuckRelation:
    """Return a view of the process's connection."""
    return DuckRelation(name, _kinds(connection().table(name)))


def lent(found: duckdb.DuckDBPyRelation) -> DuckRelation:
    """Return a relation of any DuckDB connection, which answers by itself."""
    return DuckRelation(LENT, _kinds(found), found)


def _kinds(found: duckdb.DuckDBPyRelation) -> Mapping[str, Kind]:
    return dict(zip(found.columns, map(_kind_in_duckdb, found.types), strict=True))


def in_memory(rows: pa.Table, scans: Scans | None = None) -> DuckRelation:
    """Return rows that are here as those that the process's connection reads."""
    columns = [
        column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
        for column in rows.columns
    ]
    name = f"rows_in_memory_{next(_numbers)}"
    with held():
        connection().register(name, pa.table(columns, names=rows.column_names))
    counting = Scans() if scans is None else scans
    found = DuckRelation(name, kinds_of(rows.schema), scans=counting)
    weakref.finalize(counting, forget, name)
    return found


def kinds_of(schema: pa.Schema) -> Mapping[str, Kind]:
    """Return what each column of Arrow holds."""
    return {field.name: _kind_in_arrow(field.type) for field in schema}


def _with_gathered(
    kinds: Mapping[str, Kind], labels: Sequence[Any], of_value: Kind
) -> Mapping[str, Kind]:
    of_label: Kind = "time"
    if isinstance(labels[0], str):
        of_label = "text"
    elif isinstance(labels[0], int):
        of_label = "whole"
    return {**kinds, KEY: of_label, VALUE: of_value}


def _kind_in_duckdb(kind: Any) -> Kind:
    name = str(kind)
    if name in ("DOUBLE", "FLOAT"):
        return "real"
    if name.startswith("TIMESTAMP"):
        return "time"
    known: dict[str, Kind] = {"BOOLEAN": "truth", "VARCHAR": "text"}
    return known.get(name, "whole")


def _kind_in_arrow(kind: pa.DataType) -> Kind:
    if pa.types.is_floating(kind):
        return "real"
    if pa.types.is_timestamp(kind):
        return "time"
    if pa.types.is_boolean(kind):
        return "truth"
    return "whole" if pa.types.is_integer(kind) or pa.types.is_decimal(kind) else "text"


def _kind_in_ibis(kind: Any) -> Kind:
    if kind.is_boolean():
        return "truth"
    if kind.is_timestamp():
        return "time"
    if kind.is_string():
        return "text"
    return "whole" if kind.is_integer() else "real"
