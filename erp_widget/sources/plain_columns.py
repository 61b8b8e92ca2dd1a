"""Owns how DuckDB reads a column as charts want it: one of five types, without infinities."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.sources.query import Kind
from vizmodel.profile.reading.arrays import ENDLESS, from_texts, nothing
from vizmodel.profile.reading.casts import NULL_TEXTS

if TYPE_CHECKING:
    import duckdb


def is_text(kind: pa.DataType) -> bool:
    """Return whether a column holds texts, however it keeps them."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def tidy_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts without white space around them; null where they stand for nothing.

    Examples
    --------
    >>> tidy_text(pa.chunked_array([[" a", "NA"]])).to_pylist()
    ['a', None]
    """
    trimmed = pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    missing = pc.is_in(trimmed, value_set=from_texts(sorted(NULL_TEXTS)))
    return pc.if_else(missing, nothing(pa.string()), trimmed)


def plain_column(name: str, kind: pa.DataType, tidy: bool = False) -> duckdb.Expression:
    """Return the column as BIGINT, DOUBLE, BOOLEAN, VARCHAR or TIMESTAMP, without infinities.

    With `tidy`, texts lose the white space around them, and those that stand for nothing are null.
    """
    import duckdb

    column: duckdb.Expression = duckdb.ColumnExpression(name)
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        column = column.cast("BIGINT")
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        column = _clock(column, kind).cast("TIMESTAMP")
    elif is_text(kind) or pa.types.is_dictionary(kind):
        column = _tidied(column) if tidy else column.cast("VARCHAR")
    elif not pa.types.is_boolean(kind):
        size = duckdb.FunctionExpression("abs", column.cast("DOUBLE"))
        column = duckdb.CaseExpression(
            size < duckdb.ConstantExpression(ENDLESS), column.cast("DOUBLE")
        )
    return column.alias(name)


def plain_kind(kind: pa.DataType) -> Kind:
    """Return what `plain_column` makes of a column."""
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return "whole"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "time"
    if is_text(kind) or pa.types.is_dictionary(kind):
        return "text"
    return "truth" if pa.types.is_boolean(kind) else "real"


def _tidied(column: duckdb.Expression) -> duckdb.Expression:
    import duckdb

    space = duckdb.ConstantExpression(string.whitespace + "\u00a0\u2002\u2003\u2009\u202f\u3000")
    text = duckdb.FunctionExpression("trim", column.cast("VARCHAR"), space)
    null = duckdb.ConstantExpression(None)
    # A list of texts would become a join, after which rows come in another order.
    first, *others = (text == duckdb.ConstantExpression(one) for one in sorted(NULL_TEXTS))
    tidied = duckdb.CaseExpression(first, null)
    for missing in others:
        tidied = tidied.when(missing, null)
    return tidied.otherwise(text)


def _clock(column: duckdb.Expression, kind: pa.DataType) -> duckdb.Expression:
    """Return times as the clock of their own zone shows them."""
    import duckdb

    if not pa.types.is_timestamp(kind) or kind.tz is None:
        return column
    zone = duckdb.ConstantExpression(kind.tz)
    return duckdb.FunctionExpression("timezone", zone, column)
