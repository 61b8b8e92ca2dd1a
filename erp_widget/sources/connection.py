"""Owns the process's one in-memory DuckDB connection."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

#: More threads than this help no chart, and a shared machine has other users.
MAX_THREADS = 8

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


def run(text: str) -> duckdb.DuckDBPyRelation:
    """Return what a statement selects, by the process's connection; hold the lock while reading."""
    return connection().sql(text)
