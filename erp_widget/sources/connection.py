"""Owns the process's one in-memory DuckDB connection."""

from __future__ import annotations

import glob
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from erp_widget.config import memory_bytes
from erp_widget.sources.memory import spill_folder

if TYPE_CHECKING:
    import duckdb

#: More threads than this help no chart, and a shared machine has other users.
MAX_THREADS = 8

#: The limit of memory that is in force, in bytes.
_limits: list[int | None] = [None]

#: Held around every use: a DuckDB connection serves one thread at a time.
_lock = threading.RLock()
#: Rows that nobody holds any more, and the view of them.
_forgotten: deque[tuple[str, str | None]] = deque()


class _Mine(threading.local):
    """Of each thread: how often it holds the connection, and what ends its queries."""

    depth = 0
    stop: threading.Event | None = None


_mine = _Mine()
#: What ends the query that runs now, and the lock around it: whoever ends a query must not wait for
#: that of the connection.
_running: list[threading.Event | None] = [None]
_running_lock = threading.Lock()


def as_path(path: str | os.PathLike[str]) -> str:
    """Return a path as DuckDB must be told it: a name such as `s[1].csv` is no pattern.

    Examples
    --------
    >>> as_path("s[1].csv")
    's[[]1].csv'
    """
    return glob.escape(os.fspath(path))


def thread_count() -> int:
    """Return how many threads queries may use: the cores this process may run on, at most 8."""
    try:
        available = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        available = os.cpu_count() or 1
    return max(1, min(available, MAX_THREADS))


def connection() -> duckdb.DuckDBPyConnection:
    """Return the process's DuckDB connection, within the memory that is set."""
    opened = _opened()
    limit = memory_bytes()
    if _limits[-1] != limit:
        with held():
            text = "RESET memory_limit" if limit is None else f"SET memory_limit = '{limit}B'"
            opened.execute(text)
            _limits[-1] = limit
    return opened


@contextmanager
def held() -> Iterator[None]:
    """Hold the connection for what is done in the block; whoever holds it may hold it again."""
    with _lock:
        _mine.depth += 1
        try:
            if _mine.depth == 1:
                _drop_forgotten()
            yield
        finally:
            _mine.depth -= 1


def forget(rows: str, view: str | None = None) -> None:
    """Have rows and the view of them dropped, now or when the connection is free.

    The collector of garbage calls this whenever it likes: in the middle of a query of this thread,
    whose result a second statement would break, or while another thread has the connection.
    """
    _forgotten.append((rows, view))
    if not _mine.depth and _lock.acquire(blocking=False):
        try:
            with held():
                pass
        finally:
            _lock.release()


def _drop_forgotten() -> None:
    while _forgotten:
        rows, view = _forgotten.popleft()
        if view is not None:
            _opened().execute(f"DROP VIEW IF EXISTS {view}")
        _opened().unregister(rows)


@contextmanager
def ended_by(stop: threading.Event) -> Iterator[None]:
    """Have this thread's queries end once `stop` is set, as long as the block lasts."""
    before, _mine.stop = _mine.stop, stop
    try:
        yield
    finally:
        _mine.stop = before


def end_queries(stop: threading.Event) -> None:
    """Set `stop` and interrupt the query that it ends; those of others go on."""
    stop.set()
    with _running_lock:
        if _running[-1] is stop:
            _opened().interrupt()


@contextmanager
def querying() -> Iterator[None]:
    """Wait for the connection, and let `end_queries` end what is asked of it in the block.

    Raises
    ------
    duckdb.InterruptException
        It was to end before it began.
    """
    stop = _mine.stop
    with held():
        with _running_lock:
            if stop is not None and stop.is_set():
                import duckdb

                raise duckdb.InterruptException("Cancelled")
            before, _running[-1] = _running[-1], stop
        try:
            yield
        finally:
            with _running_lock:
                _running[-1] = before


@cache
def _opened() -> duckdb.DuckDBPyConnection:
    """Open the connection; it loads nothing from the network."""
    import duckdb

    settings: dict[str, Any] = {
        "threads": thread_count(),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(spill_folder()),
    }
    opened = duckdb.connect(":memory:", config=settings)
    # The bar would be drawn over the notebook cell or the terminal's own progress.
    opened.execute("SET enable_progress_bar = false")
    return opened
