"""Owns how a query is written as an ibis expression, for engines other than DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from erp_widget.sources.query import Key, Kind, Measure, Query

if TYPE_CHECKING:
    import ibis.expr.types as ir

TRUNCATED = {"year": "Y", "yearmonth": "M", "yearmonthdate": "D"}


def expression(query: Query, rows: ir.Table, kinds: Mapping[str, Kind]) -> ir.Table:
    """Return the expression that answers a query."""
    import ibis

    # Only what is asked for: a query that carries all columns takes longer to write than to run.
    measured = {name for _, one in query.measures for name in (one.column, one.over) if name}
    plain = {name: rows[name] for name in sorted(measured | set(_tested(query)))}
    found = rows.select(**{name: _key(rows, key) for name, key in query.keys}, **plain)
    conditions = list(_conditions(query, found))
    found = found.filter(conditions) if conditions else found
    names = [name for name, _ in query.keys]
    grouped = found.group_by(names) if names else found
    answer = grouped.aggregate(
        **{name: _measure(found, one, kinds) for name, one in query.measures}
    )
    if names:
        first = [ibis.desc(query.largest)] if query.largest else []
        answer = answer.order_by([*first, *(ibis.asc(name) for name in names)])
    return answer if query.limit is None else answer.limit(query.limit)


def _tested(query: Query) -> Iterable[str]:
    yield from query.present
    if query.among is not None:
        yield query.among[0].column
    if query.outside is not None:
        yield query.outside[0]


def _conditions(query: Query, rows: ir.Table) -> Iterable[ir.BooleanValue]:
    for column in query.present:
        yield rows[column].notnull()
    if query.among is not None:
        key, numbers = query.among
        number: Any = _key(rows, key)
        yield number.isin(numbers)
    if query.outside is not None:
        column, values = query.outside
        yield from (~rows[column].identical_to(one) for one in values)


def _key(rows: ir.Table, key: Key) -> ir.Value:
    column: Any = rows[key.column]
    if key.part == "value":
        return column
    if key.part == "bin":
        value = column.cast("float64")
        if key.log:  # what has no logarithm lies below the first bin
            value = value.clip(lower=10.0**key.start).log10()
        index = ((value - key.start) / key.step).floor().cast("int64")
        return index.clip(lower=0, upper=key.count - 1)
    if key.part in TRUNCATED:
        return column.truncate(TRUNCATED[key.part])
    part = {"quarter": "quarter", "month": "month", "hours": "hour"}.get(key.part)
    return getattr(column, part)() if part else column.day_of_week.index()


def _measure(rows: ir.Table, measure: Measure, kinds: Mapping[str, Kind]) -> ir.Value:
    if measure.column is None:
        return rows.count()
    column: Any = rows[measure.column]
    if kinds[measure.column] == "truth":
        column = column.cast("int8")
    if measure.summary == "ratio":
        # Sums of whole numbers are decimals on some servers, and so is what they divide to.
        over: Any = rows[str(measure.over)]
        return column.sum().cast("float64") / over.sum().cast("float64")
    if measure.summary == "sum":
        return column.cast("float64").sum()
    summary = {"distinct": "nunique", "total": "sum"}.get(measure.summary, measure.summary)
    if summary == "mean" and column.type().is_integer():
        column = column.cast("float64")  # some servers' means of whole numbers are decimals
    return getattr(column, summary)()
