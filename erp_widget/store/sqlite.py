"""Owns the store of a laptop: one SQLite file, nothing to start."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from erp_widget.store.content import Content
from erp_widget.store.kinds import COLUMNS, HIDEABLE, Kind, Row
from erp_widget.store.protocol import Holding
from erp_widget.store.selection import Selection
from erp_widget.store.sqlite_file import StoreFile, explained, is_safe_mode, read_lock
from erp_widget.store.values import moment
from erp_widget.store.whole_store import WholeStore

# All SQL is put together from our own names of tables and columns; values are always bound.
_TEXTS = {
    kind: [n for n, t in columns.items() if t == "texts"] for kind, columns in COLUMNS.items()
}
_INSERT = {
    kind: f"INSERT INTO {kind} ({', '.join(columns)}) "
    f"VALUES ({', '.join(f':{name}' for name in columns)}) ON CONFLICT (user, id) DO NOTHING"
    for kind, columns in COLUMNS.items()
}
#: Columns with bodies of many kilobytes, which a history does not need.
_LARGE = frozenset({"charts", "record"})
_BRIEFLY = {
    kind: ", ".join(name for name in columns if name not in _LARGE)
    for kind, columns in COLUMNS.items()
}


class SqliteStore(WholeStore):
    """A store in one SQLite file, for one or several processes of one machine.

    Parameters
    ----------
    place
        Path of the file, made if it is not there, or ``:memory:``.

    Raises
    ------
    StoreError
        If it cannot be opened.

    Examples
    --------
    >>> from erp_widget.store import ChartDraft
    >>> store = SqliteStore(":memory:")
    >>> store.save_chart("ada", ChartDraft("Sales", "bar", ("city",), {})).title
    'Sales'
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._file = StoreFile(place)
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None
        with self._opened():
            self._is_safe_mode = is_safe_mode(self._connection)

    @property
    def location(self) -> str:
        """Path of the file."""
        return self._place

    @property
    def is_safe_mode(self) -> bool:
        """Whether the file works without a write-ahead log, as in a network folder."""
        return self._is_safe_mode

    def close(self) -> None:
        """Let go of the file for good."""
        self.is_closed = True
        with self._lock:
            self._file.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        """The open file; only inside of what `_opened` holds open."""
        assert self._open is not None
        return self._open

    @contextmanager
    def _opened(self) -> Iterator[None]:
        """Open the file for one piece of work: a kernel that rests holds nothing of it.

        So the file may be moved, copied and replaced then; no log is left beside it.
        """
        with self._lock, explained(self._place):
            if self._open is not None:  # a part of a larger one
                yield
                return
            with self._file.opened() as self._open:
                try:
                    yield
                finally:
                    self._open = None

    def users(self) -> list[str]:
        """Return all who have something here."""
        tables = " UNION ".join(f"SELECT user FROM {kind}" for kind in COLUMNS)
        with self._reading():
            return [row["user"] for row in self._connection.execute(tables).fetchall()]

    def _reading(self) -> AbstractContextManager[None]:
        return self._transaction(lambda connection: read_lock(connection, self._place))

    def _writing(self) -> AbstractContextManager[None]:
        # The write lock is taken first, so that no write is refused late.
        return self._transaction(lambda connection: self._file.begin(connection))

    @contextmanager
    def _transaction(self, begin: Callable[[sqlite3.Connection], object]) -> Iterator[None]:
        with self._opened():
            if self._connection.in_transaction:  # a part of a larger one
                yield
                return
            begin(self._connection)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _find(self, kind: Kind, user: str, id: str) -> Row | None:
        found = self._connection.execute(
            f"SELECT * FROM {kind} WHERE user = ? AND id = ?", (user, id)
        ).fetchone()
        return None if found is None else _read(kind, found)

    def _insert(self, kind: Kind, row: Row) -> Row | None:
        bound = {**row, **{name: json.dumps(list(row[name])) for name in _TEXTS[kind]}}
        if self._connection.execute(_INSERT[kind], bound).rowcount == 1:
            return None
        return self._find(kind, row["user"], row["id"])

    def _set_deleted(self, kind: Kind, user: str, id: str, deleted_us: int | None) -> None:
        self._connection.execute(
            f"UPDATE {kind} SET deleted_us = ? WHERE user = ? AND id = ?", (deleted_us, user, id)
        )

    def _select(self, kind: Kind, wanted: Selection, briefly: bool = False) -> list[Row]:
        conditions, bound = _conditions(kind, wanted)
        found = self._connection.execute(
            f"SELECT {_BRIEFLY[kind] if briefly else '*'} FROM {kind} "
            f"WHERE {' AND '.join(conditions)} ORDER BY created_us DESC, id DESC LIMIT ?",
            (*bound, wanted.limit + 1),
        )
        return [_read(kind, row) for row in found.fetchall()]

    def _replace_report(self, row: Row) -> bool:
        written = self._connection.execute(
            """UPDATE reports SET notebook = :notebook, entries = :entries,
            revision = :revision, created_us = :created_us
            WHERE user = :user AND id = :id AND revision = :revision - 1""",
            dict(row),
        )
        return written.rowcount == 1

    def _keep_content(self, user: str, content: Content) -> None:
        if self._content(user, content.hash) is None:
            self._connection.executemany(
                "INSERT INTO contents VALUES (?, ?, ?, ?)",
                ((user, content.hash, n, part) for n, part in enumerate(content.parts())),
            )

    def _content(self, user: str, hash: str) -> Iterator[bytes] | None:
        found = self._connection.execute(
            "SELECT bytes FROM contents WHERE user = ? AND hash = ? ORDER BY part", (user, hash)
        )
        first = found.fetchone()
        if first is None:
            return None
        return _parts(first, found)

    def _every(self, kind: Kind, user: str) -> Iterator[Row]:
        # By rowid, so that what is read bit by bit never sees a row twice.
        found = self._connection.execute(f"SELECT * FROM {kind} WHERE user = ?", (user,))
        for row in found:
            yield _read(kind, row)

    def _ids(self, kind: Kind, user: str, column: str, values: Sequence[str]) -> list[str]:
        if column not in COLUMNS[kind]:
            raise KeyError(column)
        found = self._connection.execute(
            f"SELECT id FROM {kind} WHERE user = ? "
            f"AND {column} IN (SELECT value FROM json_each(?))",
            (user, json.dumps(list(values))),
        )
        return [row["id"] for row in found.fetchall()]

    def _holding(self, kind: Kind, user: str) -> Holding:
        sizes = " + ".join(f"coalesce(length({name}), 0)" for name in COLUMNS[kind])
        hidden = "count(deleted_us)" if kind in HIDEABLE else "0"
        row = self._connection.execute(
            f"SELECT count(*) AS n, {hidden} AS hidden, sum({sizes}) AS n_bytes, "
            f"min(created_us) AS oldest, max(created_us) AS newest FROM {kind} WHERE user = ?",
            (user,),
        ).fetchone()
        if row["n"] == 0:
            return Holding(kind, 0, 0, 0)
        ages = (moment(row["oldest"]), moment(row["newest"]))
        return Holding(kind, row["n"], row["hidden"], row["n_bytes"], *ages)

    def _contents(self, user: str) -> Holding:
        row = self._connection.execute(
            "SELECT count(DISTINCT hash) AS n, coalesce(sum(length(bytes)), 0) AS n_bytes "
            "FROM contents WHERE user = ?",
            (user,),
        ).fetchone()
        return Holding("contents", row["n"], 0, row["n_bytes"])

    def _remove(self, kind: Kind, user: str, ids: Sequence[str] | None) -> int:
        if ids is None:
            return self._connection.execute(f"DELETE FROM {kind} WHERE user = ?", (user,)).rowcount
        removed = self._connection.executemany(
            f"DELETE FROM {kind} WHERE user = ? AND id = ?", [(user, id) for id in ids]
        )
        return max(0, removed.rowcount)

    def _remove_content(self, user: str, hash: str | None) -> int:
        which = "WHERE user = :user" + ("" if hash is None else " AND hash = :hash")
        bound = {"user": user, "hash": hash}
        n: int = self._connection.execute(
            f"SELECT count(DISTINCT hash) AS n FROM contents {which}", bound
        ).fetchone()["n"]
        self._connection.execute(f"DELETE FROM contents {which}", bound)
        return n

    def _wipe(self) -> None:
        """Rewrite the file, so that neither its free pages nor its log hold what was removed."""
        with self._opened():
            # Another process that reads may keep the file from being rewritten; SQLite has
            # zeroed the removed rows all the same (secure_delete).
            with contextlib.suppress(sqlite3.OperationalError):
                self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _damage(self) -> list[str]:
        with self._opened():
            found = self._connection.execute("PRAGMA integrity_check(20)").fetchall()
        said = [str(row["integrity_check"]) for row in found]
        return [] if said == ["ok"] else [f"the file is damaged: {line}" for line in said]


def _read(kind: Kind, row: dict[str, Any]) -> Row:
    for name in _TEXTS[kind]:
        row[name] = json.loads(row[name])
    return row


def _parts(first: dict[str, bytes], rest: sqlite3.Cursor) -> Iterator[bytes]:
    yield first["bytes"]
    for row in rest:
        yield row["bytes"]


def _conditions(kind: Kind, wanted: Selection) -> tuple[list[str], list[Any]]:
    conditions = ["user = ?", "(created_us, id) < (?, ?)"]
    bound: list[Any] = [wanted.user, *wanted.before]
    if kind in HIDEABLE and not wanted.hidden_too:
        conditions.append("deleted_us IS NULL")
    if kind == "datasets" and wanted.uploaded:
        conditions.append("content_hash IS NOT NULL")
    if wanted.since_us > 0 or wanted.until_us < 2**63 - 1:
        conditions.append("created_us >= ? AND created_us < ?")
        bound += [wanted.since_us, wanted.until_us]
    for text in wanted.texts:
        conditions.append("instr(search_text, ?) > 0")
        bound.append(text)
    for column, value in (("search_columns", wanted.column), ("search_marks", wanted.mark)):
        if value is not None:
            conditions.append(f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ?)")
            bound.append(value)
    return conditions, bound
