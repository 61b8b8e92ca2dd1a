"""Owns the store of a laptop: one SQLite file, nothing to start."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import BinaryIO, Literal, TypeVar

from erp_widget.store import rows, values
from erp_widget.store.content import Content, checked_content, spooled
from erp_widget.store.protocol import (
    PAGE_SIZE,
    ChartDraft,
    Dataset,
    Event,
    EventKind,
    GalleryDraft,
    GalleryRecord,
    Page,
    ReportRecord,
    SavedChart,
)
from erp_widget.store.sqlite_file import connect, explained

Kind = Literal["datasets", "galleries", "charts", "events"]
T = TypeVar("T")

_INSERT = {
    "datasets": """INSERT INTO datasets VALUES (:user, :id, :created_us, :deleted_us, :name,
        :n_rows, :columns, :fingerprint, :format, :n_bytes, :content_hash)""",
    "galleries": """INSERT INTO galleries VALUES (:user, :id, :created_us, :dataset_id, :title,
        :charts)""",
    "charts": """INSERT INTO charts VALUES (:user, :id, :created_us, :deleted_us, :dataset_id,
        :dataset_name, :title, :mark, :fields, :record)""",
    "events": """INSERT OR IGNORE INTO events VALUES (:user, :id, :created_us, :kind, :subject_id,
        :name)""",
}
_ONE = {
    "datasets": "SELECT * FROM datasets WHERE user = ? AND id = ?",
    "galleries": "SELECT *, NULL AS deleted_us FROM galleries WHERE user = ? AND id = ?",
    "charts": "SELECT * FROM charts WHERE user = ? AND id = ?",
}
_NEWEST = {
    "datasets": """SELECT * FROM datasets WHERE user = ? AND deleted_us IS NULL
        AND (created_us, id) < (?, ?) ORDER BY created_us DESC, id DESC LIMIT ?""",
    "galleries": """SELECT * FROM galleries WHERE user = ?
        AND (created_us, id) < (?, ?) ORDER BY created_us DESC, id DESC LIMIT ?""",
    "charts": """SELECT * FROM charts WHERE user = ? AND deleted_us IS NULL
        AND (created_us, id) < (?, ?) ORDER BY created_us DESC, id DESC LIMIT ?""",
    "events": """SELECT * FROM events WHERE user = ?
        AND (created_us, id) < (?, ?) ORDER BY created_us DESC, id DESC LIMIT ?""",
}
_SET_DELETED = {
    "datasets": "UPDATE datasets SET deleted_us = ? WHERE user = ? AND id = ?",
    "charts": "UPDATE charts SET deleted_us = ? WHERE user = ? AND id = ?",
}


class SqliteStore:
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
    >>> store = SqliteStore(":memory:")
    >>> store.save_chart("ada", ChartDraft("Sales", "bar", ("city",), {})).title
    'Sales'
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._connection = connect(place)
        self._lock = threading.RLock()

    @property
    def location(self) -> str:
        """Path of the file."""
        return self._place

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def add_dataset(
        self,
        user: str,
        *,
        name: str,
        columns: Sequence[str],
        n_rows: int,
        fingerprint: str,
        content: BinaryIO | None = None,
        format: str | None = None,
    ) -> Dataset:
        """Keep a dataset, as `Store.add_dataset` says."""
        with spooled(content) if content is not None else nullcontext() as read:
            row = rows.dataset_row(user, name, columns, n_rows, fingerprint, read, format)
            with self._writing():
                if read is not None:
                    self._keep_content(row["user"], read)
                stored = self._find("datasets", row["user"], row["id"])
                if stored is None:
                    self._connection.execute(_INSERT["datasets"], row)
                elif stored["deleted_us"] is not None:
                    self._connection.execute(_SET_DELETED["datasets"], (None, user, row["id"]))
                if read is not None:
                    self._add_event(user, "upload", row["id"], row["name"])
                return self._dataset(user, row["id"])

    def dataset(self, user: str, id: str) -> Dataset:
        """Return one dataset."""
        with self._reading():
            return self._dataset(user, id)

    def open_dataset(self, user: str, id: str) -> BinaryIO:
        """Return the uploaded bytes as an open file."""
        with self._reading():
            row = self._existing("datasets", "dataset", user, id)
            if row["content_hash"] is None:
                raise rows.no_content(row)
            parts = self._connection.execute(
                "SELECT bytes FROM contents WHERE user = ? AND hash = ? ORDER BY part",
                (user, row["content_hash"]),
            )
            return checked_content((part["bytes"] for part in parts), row["content_hash"])

    def datasets(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[Dataset]:
        """Return datasets, newest first."""
        return self._newest("datasets", rows.to_dataset, user, limit, cursor)

    def delete_dataset(self, user: str, id: str) -> None:
        """Hide a dataset."""
        with self._writing():
            row = self._existing("datasets", "dataset", user, id)
            self._connection.execute(_SET_DELETED["datasets"], (values.now_us(), user, id))
            self._add_event(user, "delete", id, row["name"])

    def restore_dataset(self, user: str, id: str) -> Dataset:
        """Bring a deleted dataset back."""
        with self._writing():
            row = self._existing("datasets", "dataset", user, id, deleted_too=True)
            if row["deleted_us"] is not None:
                self._connection.execute(_SET_DELETED["datasets"], (None, user, id))
                self._add_event(user, "restore", id, row["name"])
            return self._dataset(user, id)

    def add_gallery(self, user: str, draft: GalleryDraft, id: str | None = None) -> GalleryRecord:
        """Keep a gallery."""
        row = rows.gallery_row(user, id, draft)
        with self._writing():
            stored = self._find("galleries", user, row["id"])
            if stored is None:
                self._connection.execute(_INSERT["galleries"], row)
                self._add_event(user, "gallery", row["id"], row["title"])
            elif not rows.same_gallery(stored, row):
                raise rows.taken("gallery", row["id"])
            return rows.to_gallery(stored or row)

    def gallery(self, user: str, id: str) -> GalleryRecord:
        """Return one gallery."""
        with self._reading():
            return rows.to_gallery(self._existing("galleries", "gallery", user, id))

    def galleries(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[GalleryRecord]:
        """Return galleries, newest first."""
        return self._newest("galleries", rows.to_gallery, user, limit, cursor)

    def save_chart(self, user: str, draft: ChartDraft, id: str | None = None) -> SavedChart:
        """Save a chart once per id."""
        row = rows.chart_row(user, id, draft)
        with self._writing():
            stored = self._find("charts", user, row["id"])
            if stored is None:
                self._connection.execute(_INSERT["charts"], row)
                self._add_event(user, "save", row["id"], row["title"])
            elif not rows.same_chart(stored, row):
                raise rows.taken("chart", row["id"])
            elif stored["deleted_us"] is not None:
                self._connection.execute(_SET_DELETED["charts"], (None, user, row["id"]))
                self._add_event(user, "restore", row["id"], row["title"])
            return rows.to_chart(stored or row)

    def chart(self, user: str, id: str) -> SavedChart:
        """Return one saved chart."""
        with self._reading():
            return rows.to_chart(self._existing("charts", "chart", user, id))

    def charts(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[SavedChart]:
        """Return saved charts, newest first."""
        return self._newest("charts", rows.to_chart, user, limit, cursor)

    def delete_chart(self, user: str, id: str) -> None:
        """Hide a saved chart."""
        with self._writing():
            row = self._existing("charts", "chart", user, id)
            self._connection.execute(_SET_DELETED["charts"], (values.now_us(), user, id))
            self._add_event(user, "delete", id, row["title"])

    def restore_chart(self, user: str, id: str) -> SavedChart:
        """Bring a deleted chart back."""
        with self._writing():
            row = self._existing("charts", "chart", user, id, deleted_too=True)
            if row["deleted_us"] is not None:
                self._connection.execute(_SET_DELETED["charts"], (None, user, id))
                self._add_event(user, "restore", id, row["title"])
            return rows.to_chart(row)

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report; an empty one if it was never stored."""
        user, name = values.checked_user(user), values.checked_text("name", name)
        with self._reading():
            row = self._connection.execute(
                "SELECT * FROM reports WHERE user = ? AND name = ?", (user, name)
            ).fetchone()
        return ReportRecord(user, name) if row is None else rows.to_report(row)

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report if nobody else did since."""
        row = rows.report_row(user, record, expected_revision)
        with self._writing():
            if expected_revision == 0:
                written = self._connection.execute(
                    """INSERT OR IGNORE INTO reports
                    VALUES (:user, :name, :notebook, :entries, :revision, :changed_us)""",
                    row,
                )
            else:
                written = self._connection.execute(
                    """UPDATE reports SET notebook = :notebook, entries = :entries,
                    revision = :revision, changed_us = :changed_us
                    WHERE user = :user AND name = :name AND revision = :revision - 1""",
                    row,
                )
            if written.rowcount != 1:
                raise rows.changed_meanwhile(row["name"])
        return rows.to_report(row)

    def history(self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None) -> Page[Event]:
        """Return events, newest first."""
        return self._newest("events", rows.to_event, user, limit, cursor)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read one state of the file, whatever other processes write meanwhile."""
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write all or nothing; the write lock is taken first, so that no write is refused late."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, explained(self._place):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _find(self, kind: Kind, user: str, id: str) -> rows.Row | None:
        found: rows.Row | None = self._connection.execute(_ONE[kind], (user, id)).fetchone()
        return found

    def _existing(
        self, kind: Kind, what: str, user: str, id: str, deleted_too: bool = False
    ) -> rows.Row:
        user, id = values.checked_user(user), values.checked_text("id", id)
        row = self._find(kind, user, id)
        if row is None or (row["deleted_us"] is not None and not deleted_too):
            raise rows.not_found(what, id)
        return row

    def _dataset(self, user: str, id: str) -> Dataset:
        return rows.to_dataset(self._existing("datasets", "dataset", user, id))

    def _newest(
        self,
        kind: Kind,
        read: Callable[[rows.Row], T],
        user: str,
        limit: int,
        cursor: str | None,
    ) -> Page[T]:
        user, limit = values.checked_user(user), values.checked_limit(limit)
        before = (values.MAX_INTEGER, "") if cursor is None else values.read_cursor(cursor)
        with self._reading():
            found = self._connection.execute(_NEWEST[kind], (user, *before, limit + 1)).fetchall()
        return rows.page(found, limit, read)

    def _keep_content(self, user: str, content: Content) -> None:
        """Keep bytes once per user and hash."""
        kept = self._connection.execute(
            "SELECT 1 FROM contents WHERE user = ? AND hash = ? LIMIT 1", (user, content.hash)
        ).fetchone()
        if kept is None:
            self._connection.executemany(
                "INSERT INTO contents VALUES (?, ?, ?, ?)",
                ((user, content.hash, n, part) for n, part in enumerate(content.chunks())),
            )

    def _add_event(self, user: str, kind: EventKind, subject_id: str, name: str) -> None:
        self._connection.execute(_INSERT["events"], rows.event_row(user, kind, subject_id, name))
