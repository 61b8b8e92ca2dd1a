"""Owns what both backends do alike: the protocol, told in terms of rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, BinaryIO, TypeVar

from msgspec.structs import replace

from erp_widget.errors import DamagedStoreError
from erp_widget.store import rows, values
from erp_widget.store.content import Content, checked_content, spooled
from erp_widget.store.kinds import HIDEABLE, Kind, Row
from erp_widget.store.protocol import (
    ChartDraft,
    Dataset,
    Event,
    GalleryDraft,
    GalleryRecord,
    Page,
    ReportRecord,
    SavedChart,
    Search,
)
from erp_widget.store.records import Records
from erp_widget.store.selection import Selection, before_in, selection

T = TypeVar("T")


class RowStore(Records):
    """A store by rows; a backend says how rows are found, inserted, changed and removed.

    Inside `_writing` a backend that can writes all or nothing; the order of the writes is such
    that a process killed between two of them leaves no half record with one that cannot.
    """

    @abstractmethod
    def _reading(self) -> AbstractContextManager[None]:
        """Read one state of the store."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[None]:
        """Write durably; return when it is."""

    @abstractmethod
    def _find(self, kind: Kind, user: str, id: str) -> Row | None:
        """Return a row, hidden or not."""

    @abstractmethod
    def _insert(self, kind: Kind, row: Row) -> Row | None:
        """Insert a row; return the one that is there already under its id, if any."""

    @abstractmethod
    def _set_deleted(self, kind: Kind, user: str, id: str, deleted_us: int | None) -> None:
        """Hide a row, or show it again."""

    @abstractmethod
    def _select(self, kind: Kind, wanted: Selection, briefly: bool = False) -> list[Row]:
        """Return one row more than asked for, newest first; `briefly` without the large ones."""

    @abstractmethod
    def _keep_content(self, user: str, content: Content) -> None:
        """Keep bytes once per user and hash."""

    @abstractmethod
    def _content(self, user: str, hash: str) -> Iterator[bytes] | None:
        """Return kept bytes in parts, or None if they are not there."""

    @abstractmethod
    def _replace_report(self, row: Row) -> bool:
        """Store a report whose revision is one less now; False if it is not."""

    # --- datasets

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
                # The row comes last: a dataset that is there has its bytes.
                if read is not None:
                    self._keep_content(row["user"], read)
                stored = self._insert("datasets", row)
                if stored is not None and stored["deleted_us"] is not None:
                    self._set_deleted("datasets", user, row["id"], None)
                if stored is not None and read is not None:
                    self._insert("events", rows.event_row("upload", row))
                return rows.to_dataset(stored or row)

    def open_dataset(self, user: str, id: str) -> BinaryIO:
        """Return the uploaded bytes as an open file."""
        with self._reading():
            row = self._existing("datasets", user, id)
            if row["content_hash"] is None:
                raise rows.no_content(row)
            return self._open_content(row["user"], row["content_hash"], row["name"])

    # --- galleries and charts

    def add_gallery(self, user: str, draft: GalleryDraft, id: str | None = None) -> GalleryRecord:
        """Keep a gallery."""
        row = rows.gallery_row(user, id, draft)
        kept = self._keep_once("galleries", row)
        # What was just written is not read again: the charts are nearly all of a gallery.
        return rows.to_gallery(kept, draft.charts if kept is row else None)

    def save_chart(self, user: str, draft: ChartDraft, id: str | None = None) -> SavedChart:
        """Save a chart once per id."""
        return rows.to_chart(self._keep_once("charts", rows.chart_row(user, id, draft)))

    # --- reports

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report; an empty one if it was never stored."""
        user, name = values.checked_user(user), values.checked_text("name", name)
        with self._reading():
            row = self._find("reports", user, name)
        return ReportRecord(user, name) if row is None else rows.to_report(row)

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report if nobody else did since."""
        row = rows.report_row(user, record, expected_revision)
        with self._writing():
            if expected_revision == 0:
                stored = self._insert("reports", row) is None
            else:
                stored = self._replace_report(row)
            if not stored:
                raise rows.changed_meanwhile(row["id"])
        return rows.to_report(row)

    # --- the same for several kinds

    def _keep_once(self, kind: Kind, row: dict[str, Any]) -> Row:
        """Insert a row, or accept that it is there; a hidden one comes back."""
        with self._writing():
            stored = self._insert(kind, row)
            if stored is None:
                return row
            if not rows.same(kind, stored, row):
                raise rows.taken(kind, row["id"])
            if stored["deleted_us"] is not None:
                self._set_deleted(kind, row["user"], row["id"], None)
                self._insert("events", rows.event_row("restore", row))
            return stored

    def record(self, kind: Kind, user: str, id: str) -> Any:
        """Return one record."""
        with self._reading():
            return rows.READERS[kind](self._existing(kind, user, id))

    def page(
        self, kind: Kind, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[Any]:
        """Return records, newest first."""
        wanted = selection(user, limit, cursor, search)
        if kind == "events":
            return self._history(wanted)
        with self._reading():
            found = self._select(kind, wanted)
        return rows.page(found, wanted.limit, rows.READERS[kind])

    def _history(self, wanted: Selection) -> Page[Event]:
        """Return events: those of their own, and those that a record tells of."""
        with self._reading():
            found = [rows.to_event(row) for row in self._select("events", wanted)]
            for kind, event in rows.FIRST_EVENTS.items():
                told = replace(
                    wanted,
                    before=before_in(f"{event}:", wanted.before),
                    hidden_too=True,
                    uploaded=kind == "datasets",
                )
                found += [
                    rows.first_event(kind, row) for row in self._select(kind, told, briefly=True)
                ]
        return rows.event_page(found, wanted.limit)

    def delete(self, kind: Kind, user: str, id: str) -> None:
        """Hide a record of any kind that can be hidden."""
        with self._writing():
            row = self._existing(kind, user, id)
            self._set_deleted(kind, user, id, values.now_us())
            self._insert("events", rows.event_row("delete", row))

    def restore(self, kind: Kind, user: str, id: str) -> Any:
        """Bring a hidden record back."""
        with self._writing():
            row = self._existing(kind, user, id, hidden_too=True)
            if row["deleted_us"] is not None:
                self._set_deleted(kind, user, id, None)
                self._insert("events", rows.event_row("restore", row))
            return rows.READERS[kind](row)

    def _existing(self, kind: Kind, user: str, id: str, hidden_too: bool = False) -> Row:
        user, id = values.checked_user(user), values.checked_text("id", id)
        row = self._find(kind, user, id)
        hidden = row is not None and kind in HIDEABLE and row["deleted_us"] is not None
        if row is None or (hidden and not hidden_too):
            raise rows.not_found(kind, id)
        return row

    def _open_content(self, user: str, hash: str, name: str) -> BinaryIO:
        parts = self._content(user, hash)
        if parts is None:
            raise DamagedStoreError(
                f"the bytes of {name[:80]!r} are missing; restore the store from a backup"
            )
        return checked_content(parts, hash)
