"""Owns how a query is written for DuckDB; no name or text of a user's table is ever read as SQL.

Columns have names of our own (c0, c1, ...), and texts are written as literals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from erp_widget.sources.query import Key, Kind, Measure, Query

TRUNCATED = {"year": "year", "yearmonth": "month"}
EXTRACTED = {"quarter": "quarter", "month": "month", "hours": "hour"}


def statement(query: Query, source: str, kinds: Mapping[str, Kind]) -> str:
    """Return the SELECT that answers a query.

    Parameters
    ----------
    query
        What is asked.
    source
        What stands behind FROM.
    kinds
        Column -> what it holds.
    """
    columns = [f"{_key(key)} AS {_name(name)}" for name, key in query.keys]
    columns += [f"{_measure(one, kinds)} AS {_name(name)}" for name, one in query.measures]
    text = f"SELECT {', '.join(columns)} FROM {source}"
    if conditions := list(_conditions(query)):
        text += f" WHERE {' AND '.join(conditions)}"
    if query.keys and not query.is_listed:
        places = ", ".join(str(place + 1) for place in range(len(query.keys)))
        first = f"{_name(query.largest)} DESC NULLS LAST, " if query.largest else ""
        text += f" GROUP BY {places} ORDER BY {first}{places}"
    return text if query.limit is None else f"{text} LIMIT {int(query.limit)}"


def selection(columns: Sequence[str], source: str) -> str:
    """Return the SELECT of some columns of all rows."""
    return f"SELECT {', '.join(map(_name, columns))} FROM {source}"


def _conditions(query: Query) -> Iterable[str]:
    for column in query.present:
        yield f"{_name(column)} IS NOT NULL"
    if query.among is not None:
        key, numbers = query.among
        yield f"{_key(key)} IN ({', '.join(str(int(number)) for number in numbers)})"
    if query.outside is not None:
        column, values = query.outside
        yield from (f"{_name(column)} IS DISTINCT FROM {literal(value)}" for value in values)


def _key(key: Key) -> str:
    column = _name(key.column)
    if key.part == "value":
        return column
    if key.part == "bin":
        value = f"CAST({column} AS DOUBLE)"
        if key.log:  # what has no logarithm lies below the first bin
            value = f"LOG10(GREATEST({value}, {_real(10.0**key.start)}))"
        index = f"FLOOR(({value} - {_real(key.start)}) / {_real(key.step)})"
        # The smallest and the largest of values and nothing are the values.
        kept = f"LEAST(GREATEST({index}, 0), {key.count - 1})"
        return f"CASE WHEN {column} IS NOT NULL THEN CAST({kept} AS INTEGER) END"
    if key.part in TRUNCATED:
        return f"DATE_TRUNC('{TRUNCATED[key.part]}', {column})"
    if key.part == "yearmonthdate":
        return f"CAST(CAST({column} AS DATE) AS TIMESTAMP)"
    if key.part in EXTRACTED:
        return f"EXTRACT({EXTRACTED[key.part]} FROM {column})"
    return f"(DAYOFWEEK({column}) + 6) % 7"


def _measure(measure: Measure, kinds: Mapping[str, Kind]) -> str:
    if measure.column is None:
        return "COUNT(*)"
    column = _name(measure.column)
    if kinds[measure.column] == "truth":
        column = f"CAST({column} AS TINYINT)"
    if measure.summary == "ratio":
        return f"SUM({column}) / SUM({_name(str(measure.over))})"
    return {
        "count": f"COUNT({column})",
        "distinct": f"COUNT(DISTINCT {column})",
        "sum": f"SUM(CAST({column} AS DOUBLE))",
        "mean": f"AVG({column})",
        "median": f"QUANTILE_CONT({column}, 0.5)",
        "min": f"MIN({column})",
        "max": f"MAX({column})",
        "total": f"CAST(SUM({column}) AS BIGINT)",
        "values": f"CAST({column} AS DOUBLE)",
    }[measure.summary]


def sliced(source: str, held: Sequence[tuple[str, Any, bool]]) -> str:
    """Return the source of those rows whose columns have some values, or not; None is no value."""
    conditions = (
        f"{_name(column)} IS{'' if but else ' NOT'} DISTINCT FROM {literal(level)}"
        for column, level, but in held
    )
    return f"(SELECT * FROM {source} WHERE {' AND '.join(conditions)})"


def taken_apart(source: str, parts: Iterable[tuple[str, str, str, bool]]) -> str:
    """Return the source with more columns, made of texts.

    Parameters
    ----------
    source
        What stands behind FROM.
    parts
        For each column its name, that of the texts, a regular expression, and whether the number
        that its only group finds is kept, and not whether it is found.
    """
    made = []
    for name, of, pattern, is_number in parts:
        sought = f"{_name(of)}, {literal(pattern)}"
        found = f"REGEXP_MATCHES({sought})"
        if is_number:
            found = f"TRY_CAST(REGEXP_EXTRACT({sought}, 1) AS DOUBLE)"
        made.append(f"{found} AS {_name(name)}")
    return f"(SELECT {', '.join(['*', *made])} FROM {source})"


def with_elapsed(source: str, made: Iterable[tuple[str, str, str, float]]) -> str:
    """Return the source with more columns: how long it is from one time to another.

    Parameters
    ----------
    source
        What stands behind FROM.
    made
        For each column its name, those of the two times, and how many seconds are one.

    Examples
    --------
    >>> print(with_elapsed("t", [("c2", "c0", "c1", 1.0)]))
    (SELECT *, (EPOCH_US("c1") - EPOCH_US("c0")) / 1.00000000000000000e+06 AS "c2" FROM t)
    """
    columns = []
    for name, start, end, unit in made:
        ticks = f"EPOCH_US({_name(end)}) - EPOCH_US({_name(start)})"
        columns.append(f"({ticks}) / {_real(1e6 * unit)} AS {_name(name)}")
    return f"(SELECT {', '.join(['*', *columns])} FROM {source})"


def gathered(
    source: str,
    columns: Sequence[str],
    labels: Sequence[Any],
    key: str,
    value: str,
    kind: Literal["DOUBLE", "VARCHAR"] = "DOUBLE",
) -> str:
    """Return the source in which each row stands once for each of some columns, with its label."""
    pieces = (
        f"{{'{key}': {literal(label)}, '{value}': CAST({_name(column)} AS {kind})}}"
        for column, label in zip(columns, labels, strict=True)
    )
    unpacked = f"(SELECT *, UNNEST([{', '.join(pieces)}]) AS folded FROM {source})"
    return f"(SELECT * EXCLUDE (folded), folded.{key}, folded.{value} FROM {unpacked})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _real(value: float) -> str:
    """Return a number as DuckDB reads it into the same double."""
    return f"{float(value):.17e}"


def literal(value: Any) -> str:
    """Return a value as a literal of SQL.

    Examples
    --------
    >>> literal("it's"), literal(3), literal(None)
    ("'it''s'", '3', 'NULL')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _real(value)
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    return "'" + str(value).replace("'", "''") + "'"
