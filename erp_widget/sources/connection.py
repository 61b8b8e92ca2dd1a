"""Owns the process's one in-memory DuckDB connection."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from erp_widget.config import memory_bytes
from erp_widget.sources.memory import spill_folder

if TYPE_CHECKING:
    import duckdb

#: More threads than this help no chart, and a shared machine has other users.
MAX_THREADS = 8

#: What is in force: the limit of memory in bytes, and the number of threads.
_in_force: dict[str, int | None] = {"memory_limit": None, "threads": 1}

#: Held around every use: a DuckDB connection serves one thread at a time.
CONNECTION_LOCK = threading.RLock()


def thread_count() -> int:
    """Return how many threads queries may use: the cores this process may run on, at most 8."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        available = os.cpu_count() or 1
    return max(1, min(available, MAX_THREADS))


def connection(few: bool = False) -> duckdb.DuckDBPyConnection:
    """Return the process's DuckDB connection, within the memory that is set.

    Parameters
    ----------
    few
        Whether what is asked reads few rows: one thread answers that sooner, since several mostly
        wait for each other.
    """
    opened = opened_connection()
    _enforce("memory_limit", memory_bytes(), "B")
    _enforce("threads", 1 if few else thread_count())
    return opened


def _enforce(name: str, value: int | None, unit: str = "") -> None:
    if _in_force[name] == value:
        return
    with CONNECTION_LOCK:
        text = f"RESET {name}" if value is None else f"SET {name} = '{value}{unit}'"
        opened_connection().execute(text)
        _in_force[name] = value


@cache
def opened_connection() -> duckdb.DuckDBPyConnection:
    """Return the connection as it is, also while it answers; it loads nothing from the network."""
    import duckdb

    settings: dict[str, Any] = {
        "threads": _in_force["threads"],
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(spill_folder()),
    }
    opened = duckdb.connect(":memory:", config=settings)
    # The bar would be drawn over the notebook cell or the terminal's own progress.
    opened.execute("SET enable_progress_bar = false")
    return opened
