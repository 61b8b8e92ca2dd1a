"""Owns the turns of the processes that write one SQLite file, so that none waits for ever."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from erp_widget.store.patience import Wait, patience_s

#: Pauses between two looks whether it is one's turn.
LOOK_AGAIN_S = (0.001, 0.01)


class Turns:
    """Lets processes begin to write one after the other.

    SQLite gives its lock to whoever asks at the right moment: a process that writes again at once
    always does, and those that sleep between their looks may starve. Here a process first takes
    a lock on a file beside, and only the one that has it looks for SQLite's; who has just written
    stands in line again.

    Parameters
    ----------
    place
        Path of the SQLite file; ``:memory:`` has no line.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._path = None if place == ":memory:" else f"{place}-turn"
        self._file: int | None = None

    def begin(self, connection: sqlite3.Connection, timeout_s: float) -> None:
        """Begin a transaction that may write; what takes longer than a moment is told.

        Raises
        ------
        sqlite3.OperationalError
            If no turn comes in time, or the file cannot be written.
        """
        wait = Wait(self._place, timeout_s)
        taken = self._take(wait)
        # SQLite's own waiting takes longer and longer steps.
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            until_free(wait, lambda: connection.execute("BEGIN IMMEDIATE"))
        finally:
            connection.execute(f"PRAGMA busy_timeout = {patience_s(timeout_s) * 1000:.0f}")
            if taken:
                self._give_back()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def _take(self, wait: Wait) -> bool:
        """Wait for the line's head; without such locks on a system, go on without a line."""
        if self._path is None:
            return False
        try:
            import fcntl

            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            while True:
                try:
                    fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                except BlockingIOError:
                    if not wait.goes_on():
                        return False
                    time.sleep(random.uniform(*LOOK_AGAIN_S))
        except (ImportError, OSError):
            return False

    def _give_back(self) -> None:
        import fcntl

        if self._file is not None:
            with suppress(OSError):
                fcntl.flock(self._file, fcntl.LOCK_UN)


def is_busy(error: Any) -> bool:
    """Return whether SQLite failed since another connection has the lock."""
    return str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def until_free(wait: Wait, act: Callable[[], object]) -> None:
    """Do something again and again until no other connection has the lock that it needs.

    Raises
    ------
    sqlite3.OperationalError
        If that takes longer than the wait, or fails otherwise.
    """
    while True:
        try:
            act()
            return
        except sqlite3.OperationalError as error:
            if not is_busy(error) or not wait.goes_on():
                raise
            time.sleep(random.uniform(*LOOK_AGAIN_S))
