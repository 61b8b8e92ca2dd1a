"""Owns the process's one in-memory DuckDB connection and the ibis backend that speaks to it."""

from __future__ import annotations

import itertools
import os
import threading
import weakref
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: More threads than this help no chart, and a shared machine has other users.
MAX_THREADS = 8

#: Relations of other DuckDB connections, by the names that they have in expressions.
_lent: dict[str, duckdb.DuckDBPyRelation] = {}
_numbers = itertools.count()

#: Held around every use: a DuckDB connection serves one thread at a time.
CONNECTION_LOCK = threading.RLock()


def thread_count() -> int:
    """Return how many threads queries may use: the cores this process may run on, at most 8."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        available = os.cpu_count() or 1
    return max(1, min(available, MAX_THREADS))


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """Return the process's DuckDB connection; it loads nothing from the network."""
    import duckdb

    settings: dict[str, Any] = {
        "threads": thread_count(),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    opened = duckdb.connect(":memory:", config=settings)
    # The bar would be drawn over the notebook cell or the terminal's own progress.
    opened.execute("SET enable_progress_bar = false")
    return opened


@cache
def backend() -> Backend:
    """Return the ibis backend on `connection()`; the first call imports ibis."""
    import ibis

    return ibis.duckdb.from_connection(connection())


def lend(relation: duckdb.DuckDBPyRelation, owner: object) -> ir.Table:
    """Return a relation of any DuckDB connection as an ibis table that `fetch` can read.

    It is forgotten with its owner.
    """
    import ibis
    import ibis.expr.operations as ops

    name = f"lent_{next(_numbers)}"
    # Of no rows: only the types are asked for.
    schema = ibis.Schema.from_pyarrow(relation.limit(0).to_arrow_table().schema)
    _lent[name] = relation
    weakref.finalize(owner, _lent.pop, name, None)
    return ops.DatabaseTable(name, schema=schema, source=backend()).to_expr()


def fetch(expression: ir.Table) -> list[dict[str, Any]]:
    """Run an ibis expression where its rows are, and return what comes out.

    The SQL goes to DuckDB by itself: ibis's own way there costs as much again as writing it.
    """
    import ibis.expr.operations as ops

    if expression.get_backend() is not backend():
        fetched: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
        return fetched
    with CONNECTION_LOCK:
        text = str(backend().compile(expression))
        table = next(iter(expression.op().find(ops.DatabaseTable)))
        if table.name in _lent:
            found = _lent[table.name].query(table.name, text)
            names = found.columns
        else:
            found = connection().execute(text)
            names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
