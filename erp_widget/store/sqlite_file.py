"""Owns the SQLite file: how it is opened, in which mode, and what its failures mean."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from erp_widget.store.turns import Turns, is_busy, until_free

#: Written into the file's header, so that another program's database is never taken for ours.
APPLICATION_ID = 0x45525057
#: As large as the log may stay once its pages are in the file.
LOG_BYTES = 16 * 2**20


class StoreFile:
    """A store's file: opened when it is needed, and checked when it is new to this process.

    Parameters
    ----------
    place
        Path of the file, made if it is not there, or ``:memory:``, which stays open.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._turns = Turns(place)
        self._memory: sqlite3.Connection | None = None
        self._is_closed = False
        #: Of the tables that were checked last; another file in this place mostly has another.
        self._schema: int | None = None

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin a transaction that writes, in one's turn."""
        self._turns.begin(connection, BUSY_TIMEOUT_S)

    def close(self) -> None:
        """Let go of all that is held."""
        self._is_closed = True
        self._turns.close()
        if self._memory is not None:
            self._memory.close()

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open what is in the place now.

        Raises
        ------
        StoreError
            If the file cannot be opened, is no store, is newer than this package, or was there
            and is not any more.
        """
        if self._is_closed:
            raise StoreUnavailableError(f"the store {self._place} is closed; open it again")
        if self._place == ":memory:":
            self._memory = self._memory or self._checked()
            yield self._memory
            return
        with closing(self._again() or self._checked()) as connection:
            yield connection

    def _again(self) -> sqlite3.Connection | None:
        """Open a file that was checked before; None where it has to be checked."""
        if self._schema is None:
            return None
        if not os.path.exists(self._place):
            raise StoreUnavailableError(
                f"the store {self._place} was moved or removed while it was in use: put it back, "
                'name its new place by erp.configure(store="path"), or restart the kernel to '
                "begin a new one"
            )
        connection = _bare(self._place)
        try:
            read_lock(connection, self._place)
            is_known = _schema_of(connection) == self._schema
            connection.execute("ROLLBACK")
            if is_known:
                _use_carefully(connection)
                return connection
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError) and not is_busy(error):
                return None  # as in a folder that nobody may write: checking it says more
            raise
        connection.close()
        return None

    def _checked(self) -> sqlite3.Connection:
        """Open or make the file, and bring it to the newest version."""
        if self._place != ":memory:":
            _make_file(Path(self._place))
        connection = _readable(self._place)
        try:
            _refuse_foreign(connection, self._place)
            if not _is_readonly(connection, self._turns):
                _use_log(connection, self._place)
                _use_carefully(connection)
                migrate(connection, APPLICATION_ID, self.begin)
            _refuse_newer(connection, self._place)
            self._schema = _schema_of(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _bare(place: str, how: str = "") -> sqlite3.Connection:
    """Open a file of which nothing is known; `how` has the parameters of a URI."""
    name = f"{Path(place).absolute().as_uri()}?{how}" if how else place
    connection = sqlite3.connect(
        name, timeout=0, isolation_level=None, check_same_thread=False, uri=bool(how)
    )
    connection.row_factory = _as_dict
    return connection


def _readable(place: str) -> sqlite3.Connection:
    """Open a file that can be read; where no log can be made beside it, as it lies there."""
    connection = _bare(place)
    try:
        read_lock(connection, place)
    except sqlite3.Error as error:
        connection.close()
        if not _lacks_only_a_log(error, place):
            raise
        connection = _bare(place, "mode=ro&immutable=1")
        connection.execute("PRAGMA query_only = ON")
        read_lock(connection, place)
    connection.execute("ROLLBACK")
    return connection


def _lacks_only_a_log(error: sqlite3.Error, place: str) -> bool:
    """Whether a file failed for a folder that nobody may write, as of a snapshot or a backup."""
    name = getattr(error, "sqlite_errorname", "") or ""
    is_refused = name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))
    return is_refused and not _has_log(place)


def _has_log(place: str) -> bool:
    """Whether saves lie in a log beside a file, as a process that was killed leaves it."""
    with contextlib.suppress(OSError, ValueError):
        return os.stat(f"{place}-wal").st_size > 0
    return False


def _use_carefully(connection: sqlite3.Connection) -> None:
    # A commit reaches the disk before it is acknowledged, not only the log's buffer.
    connection.execute("PRAGMA synchronous = FULL")
    # A large upload would otherwise leave a log of its size beside the file.
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    # What is removed is overwritten, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")


def _schema_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA schema_version").fetchone()["schema_version"])


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
    if os.path.isdir(path):
        raise StoreUnavailableError(f"the store {path} is a folder; name a file in it")
    if os.path.exists(path):  # pathlib's raises where the folder may not be entered
        return
    if _has_log(str(path)):
        raise StoreUnavailableError(
            f"the store {path} is not there, but {path.name}-wal beside it holds what was saved "
            f"last: put {path.name} back; or move that file to where {path.name} is now, or away"
        )
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
    """Return whether a file is written without a write-ahead log."""
    mode: str = connection.execute("PRAGMA journal_mode").fetchone()["journal_mode"]
    is_read_only: int = connection.execute("PRAGMA query_only").fetchone()["query_only"]
    return mode not in ("wal", "memory") and not is_read_only


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
