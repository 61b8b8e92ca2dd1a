"""Owns the SQLite file: how it is opened, in which mode, and what its failures mean."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from erp_widget.errors import (
    DamagedStoreError,
    NewerStoreError,
    StoreBusyError,
    StoreError,
    StoreUnavailableError,
    TooLargeForStoreError,
)
from erp_widget.store.network_folder import is_network
from erp_widget.store.patience import BUSY_TIMEOUT_S, Wait, patience_s
from erp_widget.store.sqlite_versions import VERSION, migrate, version_of
from erp_widget.store.turns import Turns, until_free

#: Written into the file's header, so that another program's database is never taken for ours.
APPLICATION_ID = 0x45525057
#: As large as the log may stay once its pages are in the file.
LOG_BYTES = 16 * 2**20


def connect(place: str, turns: Turns) -> sqlite3.Connection:
    """Open or make a store file and bring it to the newest version, writing in one's turn.

    Raises
    ------
    StoreError
        If the file cannot be opened, is no store, or is newer than this package.
    """
    if place != ":memory:":
        _make_file(Path(place))
    with explained(place):
        connection = sqlite3.connect(
            place, timeout=0, isolation_level=None, check_same_thread=False
        )
    try:
        with explained(place):
            connection.row_factory = _as_dict
            read_lock(connection, place)
            connection.execute("ROLLBACK")
            _refuse_foreign(connection, place)
            if not _is_readonly(connection, turns):
                _use_log(connection, place)
                # A commit reaches the disk before it is acknowledged, not only the log's buffer.
                connection.execute("PRAGMA synchronous = FULL")
                # A large upload would otherwise leave a log of its size beside the file.
                connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
                # What is removed is overwritten, not only unlinked.
                connection.execute("PRAGMA secure_delete = ON")
                migrate(connection, APPLICATION_ID, lambda c: turns.begin(c, BUSY_TIMEOUT_S))
            _refuse_newer(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn SQLite's failures into errors that name the fix."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(error, place) from error
    except (OverflowError, UnicodeError) as error:
        raise StoreError(f"a value cannot be stored in {place}: {error}") from error


def _explain(error: sqlite3.Error, place: str) -> StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    choose = 'choose a place you may write to: erp.configure(store="path") or ERP_STORE=path'
    if name.startswith("SQLITE_READONLY"):
        return StoreUnavailableError(f"the store {place} cannot be written; {choose}")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StoreUnavailableError(f"the store {place} cannot be opened; {choose}")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusyError(place)
    if name.startswith("SQLITE_FULL"):
        return StoreUnavailableError(f"no space left for the store {place}; free some or {choose}")
    if name.startswith("SQLITE_TOOBIG"):
        return TooLargeForStoreError(f"a value is too large for the store {place}; make it smaller")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedStoreError(
            f"{place} is damaged or no store; restore it from a backup or move it away"
        )
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return StoreUnavailableError(f"the store {place} is closed; open it again")
    return StoreUnavailableError(f"the store {place} failed ({error}); check its disk or {choose}")


def _make_file(path: Path) -> None:
    """Make the file readable by its owner only; SQLite itself would let the umask decide."""
    choose = 'choose another: erp.configure(store="path") or ERP_STORE=path'
    if path.is_dir():
        raise StoreUnavailableError(f"the store {path} is a folder; name a file in it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreUnavailableError(
            f"the store {path} cannot be made ({reason}); {choose}"
        ) from error


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row under the names of its columns, as every store returns it."""
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _is_readonly(connection: sqlite3.Connection, turns: Turns) -> bool:
    """Return whether the file can be read only; reading then still works."""
    try:
        turns.begin(connection, BUSY_TIMEOUT_S)
    except sqlite3.OperationalError as error:
        if str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_READONLY"):
            return True
        raise
    connection.execute("ROLLBACK")
    return False


def _refuse_foreign(connection: sqlite3.Connection, place: str) -> None:
    marked = connection.execute("PRAGMA application_id").fetchone()["application_id"]
    if marked == APPLICATION_ID:
        return
    tables = connection.execute("SELECT count(*) AS n FROM sqlite_master").fetchone()["n"]
    if marked != 0 or tables > 0:
        # Another process may be making the tables: then the mark has arrived with them.
        if (
            connection.execute("PRAGMA application_id").fetchone()["application_id"]
            == APPLICATION_ID
        ):
            return
        raise DamagedStoreError(
            f"{place} is another program's database; choose another path: "
            'erp.configure(store="path") or ERP_STORE=path'
        )


def _use_log(connection: sqlite3.Connection, place: str) -> None:
    """Use a write-ahead log; in a network folder a journal, which needs no shared memory.

    Several processes may try at once on a new file.
    """
    wanted = "DELETE" if place != ":memory:" and is_network(place) else "WAL"
    # SQLite does not wait for this one lock by itself.
    until_free(
        Wait(place), lambda: connection.execute(f"PRAGMA journal_mode = {wanted}").fetchall()
    )


def read_lock(connection: sqlite3.Connection, place: str) -> None:
    """Begin a transaction that reads, once nobody holds the file for himself."""

    def begin() -> None:
        # Nothing is locked before the first read; a failed one must not leave it begun.
        connection.execute("BEGIN")
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        except sqlite3.Error:
            connection.execute("ROLLBACK")
            raise

    connection.execute("PRAGMA busy_timeout = 0")
    try:
        until_free(Wait(place), begin)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience_s() * 1000:.0f}")


def is_safe_mode(connection: sqlite3.Connection) -> bool:
    """Return whether a file works without a write-ahead log."""
    mode: str = connection.execute("PRAGMA journal_mode").fetchone()["journal_mode"]
    return mode not in ("wal", "memory")


def _refuse_newer(connection: sqlite3.Connection, place: str) -> None:
    version = version_of(connection)
    if version > VERSION:
        raise NewerStoreError(
            f"the store {place} has version {version}, this package reads up to {VERSION}; "
            "upgrade it: pip install --upgrade erp-widget"
        )
    if version < VERSION:
        raise StoreUnavailableError(
            f"the store {place} has version {version} and cannot be written to bring it to "
            f"{VERSION}; make it writable or choose another: "
            'erp.configure(store="path") or ERP_STORE=path'
        )
