"""Owns rows that stay in an engine of the user's: an ibis table, a DuckDB relation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.errors import SourceError
from erp_widget.sources.answers import answer
from erp_widget.sources.columns import DURATION, as_chunked
from erp_widget.sources.plain_columns import plain_column
from erp_widget.sources.relation import IbisRelation, Relation, lent
from erp_widget.sources.rows import PIECE_ROWS, must_be_parsed
from erp_widget.sources.sampling import spread_positions
from vizmodel.profile import Cast
from vizmodel.profile.reading.arrays import ENDLESS, from_numbers
from vizmodel.profile.reading.casts import NULL_TEXTS
from vizmodel.profile.reading.durations import span_unit

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir

#: So many times the rows of a sample are asked for, since an engine's own choice varies.
GENEROUSLY = 1.3
SEED = 20261124
#: Zones of times that the engine itself can tell: none, and the one that ibis sets in a session.
CLOCKS = (None, "UTC")


def _typed(columns: Sequence[Any], names: Sequence[str]) -> pa.Table:
    return pa.table([as_chunked(column) for column in columns], names=list(names))


class IbisRows:
    """Rows of an ibis expression; its own backend counts and aggregates them.

    Parameters
    ----------
    expression
        A table of any backend.
    """

    #: Its connection is the user's, who may ask it something else meanwhile.
    is_settled, is_elsewhere = False, True

    def __init__(self, expression: ir.Table) -> None:
        self._source = expression
        self._expression = _in_words(expression)
        self.schema = _typed(
            [pa.nulls(0, kind) for kind in self._expression.schema().to_pyarrow().types],
            expression.columns,
        ).schema
        self.n_rows = int(answer(expression.count()).as_py())

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a choice of the engine's."""
        if self.n_rows <= max_rows:
            return _read(self._expression)
        share = min(1.0, GENEROUSLY * max_rows / self.n_rows)
        most = int(GENEROUSLY * 2 * max_rows)
        try:
            found = _read(_in_words(self._sampled(share)).limit(most))
        except SourceError:  # Postgres takes a sample of tables, not of views
            found = _read(self._expression.filter(_at_random(share)).limit(most))
        return found.take(from_numbers(spread_positions(found.num_rows, max_rows)))

    def _sampled(self, share: float) -> ir.Table:
        from ibis.common.exceptions import UnsupportedOperationError

        seeded = self._source.sample(share, method="row", seed=SEED)
        try:
            seeded.compile()
        except UnsupportedOperationError:
            return self._source.sample(share, method="row")
        return seeded

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time."""
        wanted = self._expression if columns is None else self._expression.select(*columns)
        for batch in _batches(wanted):
            yield _typed(batch.columns, wanted.columns)

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `relation` can read it."""
        return any(
            must_be_parsed(kind, cast) or (pa.types.is_timestamp(kind) and kind.tz not in CLOCKS)
            for kind, cast in zip(self.schema.types, casts, strict=True)
            if cast.to != "drop"
        )

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        plain = {
            f"c{at}": _plain(self._expression[cast.column], self.schema.field(at).type)
            for at, cast in enumerate(casts)
            if cast.to != "drop"
        }
        return IbisRelation(self._expression.select(**plain))


def _read(expression: ir.Table) -> pa.Table:
    found = answer(expression)
    return _typed(found.columns, found.column_names)


def _at_random(share: float) -> ir.BooleanValue:
    import ibis

    return ibis.random() < share


def _in_words(expression: ir.Table) -> ir.Table:
    """Return a table with text in place of values that Arrow has not: addresses, ranges, shapes."""
    words = {
        name: expression[name].cast("string")
        for name, kind in expression.schema().items()
        if kind.is_unknown() or kind.is_uuid() or kind.is_geospatial() or _is_address(kind)
    }
    return expression.mutate(**words) if words else expression


def _is_address(kind: Any) -> bool:
    return bool(kind.is_inet() or kind.is_macaddr())


def _batches(expression: ir.Table) -> Iterable[pa.RecordBatch]:
    own: Any = expression.get_backend()
    reader: Iterable[pa.RecordBatch]
    if own.name == "duckdb":  # whose own reader ibis calls by a name that DuckDB 2 has not
        reader = own.con.sql(str(own.compile(expression))).to_arrow_reader(PIECE_ROWS)
    else:
        reader = expression.to_pyarrow_batches(chunk_size=PIECE_ROWS)
    return reader


def _plain(column: Any, kind: pa.DataType) -> ir.Value:
    """Return a column as int64, float64, boolean, string or timestamp, without infinities."""
    import ibis
    import ibis.expr.datatypes as dt

    if pa.types.is_boolean(kind):
        return column
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return column.cast("int64")
    if pa.types.is_temporal(kind):
        return column.cast("timestamp")
    if pa.types.is_floating(kind) or pa.types.is_uint64(kind):
        value = column.cast("float64")
        # NaN is not less either. ibis' own `isinf` is always false in Spark.
        return ibis.ifelse(value.abs() < ENDLESS, value, ibis.null("float64"))
    # An enumeration of Postgres is text to ibis alone, which leaves out a cast to the same type.
    text = column.cast(dt.String(nullable=not column.type().nullable)).strip()
    return ibis.ifelse(text.isin(sorted(NULL_TEXTS)), ibis.null("string"), text)


class RelationRows:
    """Rows of a DuckDB relation; the connection that it comes from aggregates them."""

    #: Its connection is the user's, who may ask it something else meanwhile.
    is_settled, is_elsewhere = False, True

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self._spans = [
            name
            for name, kind in zip(relation.columns, relation.types, strict=True)
            if str(kind) == "INTERVAL"
        ]
        self._source = _in_seconds(relation, self._spans) if self._spans else relation
        self.schema = self._piece(self._source.limit(0).to_arrow_table()).schema
        (self.n_rows,) = relation.aggregate("count(*)").fetchall()[0]

    def _piece(self, found: pa.Table | pa.RecordBatch) -> pa.Table:
        columns = [
            _spans_of(column) if name in self._spans else column
            for name, column in zip(self._source.columns, found.columns, strict=True)
        ]
        return _typed(columns, self._source.columns)

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a repeatable choice in row order."""
        if self.n_rows <= max_rows:
            return self._piece(self._source.to_arrow_table())
        percent = 100 * min(1.0, GENEROUSLY * max_rows / self.n_rows)
        text = f"SELECT * FROM sampled TABLESAMPLE bernoulli({percent:f}%) REPEATABLE ({SEED})"
        found = self._piece(self._source.query("sampled", text).to_arrow_table())
        return found.take(from_numbers(spread_positions(found.num_rows, max_rows)))

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time."""
        for batch in self._source.to_arrow_reader(PIECE_ROWS):
            piece = self._piece(batch)
            yield piece if columns is None else piece.select(columns)

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `relation` can read it."""
        # Spans of time are seconds already.
        others = [cast for cast in casts if cast.column not in self._spans or cast.to != "number"]
        return any(must_be_parsed(self.schema.field(one.column).type, one) for one in others)

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        kinds = list(self.schema.types)
        plain = [
            self._read(cast, kinds[at]).alias(f"c{at}")
            for at, cast in enumerate(casts)
            if cast.to != "drop"
        ]
        return lent(self._source.select(*plain))

    def _read(self, cast: Cast, kind: pa.DataType) -> Any:
        column: Any = plain_column(cast.column, kind, True)
        return column / span_unit(cast.format) if cast.column in self._spans else column


def _in_seconds(relation: duckdb.DuckDBPyRelation, spans: Sequence[str]) -> Any:
    """Return a relation with seconds in place of spans of time."""
    import duckdb

    columns = []
    for name in relation.columns:
        column = duckdb.ColumnExpression(name)
        of_span = duckdb.FunctionExpression("epoch", column).alias(name)
        columns.append(of_span if name in spans else column)
    return relation.select(*columns)


def _spans_of(seconds: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    ticks = pc.cast(pc.round(pc.multiply(seconds, 1e6)), pa.int64(), safe=False)
    return pc.cast(ticks, DURATION)
