"""Owns the store of a team: one MongoDB database, uploaded files in GridFS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, BinaryIO, Literal, TypeVar

from bson import ObjectId
from gridfs import GridFSBucket
from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from erp_widget.errors import DamagedStoreError, StoreUnavailableError
from erp_widget.store import rows, values
from erp_widget.store.content import Content, checked_content, spooled
from erp_widget.store.mongo_server import Document, connect, explained, without_secrets
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

Kind = Literal["contents", "datasets", "galleries", "charts", "events"]
T = TypeVar("T")


class MongoStore:
    """A store in one MongoDB database, for several machines.

    Writes are acknowledged by a majority of the servers before a method returns.

    Parameters
    ----------
    address
        ``mongodb://`` or ``mongodb+srv://``; its path names the database, ``erp`` if it has none.

    Raises
    ------
    StoreError
        If the address is wrong or no server answers within three seconds.
    """

    def __init__(self, address: str) -> None:
        self._place = without_secrets(address)
        self._client, self._database = connect(address)
        self._files = GridFSBucket(self._database)

    @property
    def location(self) -> str:
        """Address of the database, without name and password."""
        return self._place

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

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
        """Keep a dataset; its document is written after its bytes, so that none is half there."""
        with spooled(content) if content is not None else nullcontext() as read:
            row = rows.dataset_row(user, name, columns, n_rows, fingerprint, read, format)
            with explained(self._place):
                if read is not None:
                    self._keep_content(row["user"], read)
                stored = self._insert_once("datasets", row)
                if stored is not None and stored["deleted_us"] is not None:
                    self._set_deleted("datasets", user, row["id"], None)
                if read is not None:
                    self._add_event(user, "upload", row["id"], row["name"])
                return rows.to_dataset(stored or row)

    def dataset(self, user: str, id: str) -> Dataset:
        """Return one dataset."""
        with explained(self._place):
            return rows.to_dataset(self._existing("datasets", "dataset", user, id))

    def open_dataset(self, user: str, id: str) -> BinaryIO:
        """Return the uploaded bytes as an open file."""
        with explained(self._place):
            row = self._existing("datasets", "dataset", user, id)
            if row["content_hash"] is None:
                raise rows.no_content(row)
            kept = self._find("contents", user, row["content_hash"])
            if kept is None:
                raise DamagedStoreError(
                    f"the bytes of {row['name'][:80]!r} are missing; restore a backup"
                )
            return checked_content(self._chunks(kept["file_id"]), row["content_hash"])

    def datasets(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[Dataset]:
        """Return datasets, newest first."""
        return self._newest("datasets", rows.to_dataset, user, limit, cursor)

    def delete_dataset(self, user: str, id: str) -> None:
        """Hide a dataset."""
        with explained(self._place):
            row = self._existing("datasets", "dataset", user, id)
            self._set_deleted("datasets", user, id, values.now_us())
            self._add_event(user, "delete", id, row["name"])

    def restore_dataset(self, user: str, id: str) -> Dataset:
        """Bring a deleted dataset back."""
        with explained(self._place):
            row = self._existing("datasets", "dataset", user, id, deleted_too=True)
            if row["deleted_us"] is not None:
                self._set_deleted("datasets", user, id, None)
                self._add_event(user, "restore", id, row["name"])
            return rows.to_dataset(row)

    def add_gallery(self, user: str, draft: GalleryDraft, id: str | None = None) -> GalleryRecord:
        """Keep a gallery."""
        row = rows.gallery_row(user, id, draft)
        with explained(self._place):
            stored = self._insert_once("galleries", row)
            if stored is not None and not rows.same_gallery(stored, row):
                raise rows.taken("gallery", row["id"])
            self._add_event(user, "gallery", row["id"], row["title"])
            return rows.to_gallery(stored or row)

    def gallery(self, user: str, id: str) -> GalleryRecord:
        """Return one gallery."""
        with explained(self._place):
            return rows.to_gallery(self._existing("galleries", "gallery", user, id))

    def galleries(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[GalleryRecord]:
        """Return galleries, newest first."""
        return self._newest("galleries", rows.to_gallery, user, limit, cursor)

    def save_chart(self, user: str, draft: ChartDraft, id: str | None = None) -> SavedChart:
        """Save a chart once per id."""
        row = rows.chart_row(user, id, draft)
        with explained(self._place):
            stored = self._insert_once("charts", row)
            if stored is not None and not rows.same_chart(stored, row):
                raise rows.taken("chart", row["id"])
            # Also on a repeat: the process may have died between the chart and its event.
            self._add_event(user, "save", row["id"], row["title"])
            if stored is not None and stored["deleted_us"] is not None:
                self._set_deleted("charts", user, row["id"], None)
                self._add_event(user, "restore", row["id"], row["title"])
            return rows.to_chart(stored or row)

    def chart(self, user: str, id: str) -> SavedChart:
        """Return one saved chart."""
        with explained(self._place):
            return rows.to_chart(self._existing("charts", "chart", user, id))

    def charts(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[SavedChart]:
        """Return saved charts, newest first."""
        return self._newest("charts", rows.to_chart, user, limit, cursor)

    def delete_chart(self, user: str, id: str) -> None:
        """Hide a saved chart."""
        with explained(self._place):
            row = self._existing("charts", "chart", user, id)
            self._set_deleted("charts", user, id, values.now_us())
            self._add_event(user, "delete", id, row["title"])

    def restore_chart(self, user: str, id: str) -> SavedChart:
        """Bring a deleted chart back."""
        with explained(self._place):
            row = self._existing("charts", "chart", user, id, deleted_too=True)
            if row["deleted_us"] is not None:
                self._set_deleted("charts", user, id, None)
                self._add_event(user, "restore", id, row["title"])
            return rows.to_chart(row)

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report; an empty one if it was never stored."""
        user, name = values.checked_user(user), values.checked_text("name", name)
        with explained(self._place):
            row = self._database["reports"].find_one(
                {"_id": {"$eq": _key(user, name)}, "user": {"$eq": user}}
            )
        return ReportRecord(user, name) if row is None else rows.to_report(row)

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report if nobody else did since."""
        row = rows.report_row(user, record, expected_revision)
        key = _key(user, row["name"])
        reports = self._database["reports"]
        with explained(self._place):
            if expected_revision == 0:
                try:
                    reports.insert_one({"_id": key, **row})
                except DuplicateKeyError as error:
                    raise rows.changed_meanwhile(row["name"]) from error
            else:
                written = reports.update_one(
                    {
                        "_id": {"$eq": key},
                        "user": {"$eq": user},
                        "revision": {"$eq": expected_revision},
                    },
                    {"$set": row},
                )
                if written.matched_count != 1:
                    raise rows.changed_meanwhile(row["name"])
        return rows.to_report(row)

    def history(self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None) -> Page[Event]:
        """Return events, newest first."""
        return self._newest("events", rows.to_event, user, limit, cursor)

    def _find(self, kind: Kind, user: str, id: str) -> Document | None:
        return self._database[kind].find_one(
            {"_id": {"$eq": _key(user, id)}, "user": {"$eq": user}}
        )

    def _insert_once(self, kind: Kind, row: dict[str, Any]) -> Document | None:
        """Insert a document, or return the one that is there already under its id."""
        try:
            self._database[kind].insert_one({"_id": _key(row["user"], row["id"]), **row})
        except DuplicateKeyError as error:
            stored = self._find(kind, row["user"], row["id"])
            if stored is None:  # written, but not yet by a majority
                raise StoreUnavailableError(
                    f"{self._place} has not confirmed an earlier attempt yet; try again"
                ) from error
            return stored
        return None

    def _existing(
        self, kind: Kind, what: str, user: str, id: str, deleted_too: bool = False
    ) -> Document:
        user, id = values.checked_user(user), values.checked_text("id", id)
        row = self._find(kind, user, id)
        if row is None or (row.get("deleted_us") is not None and not deleted_too):
            raise rows.not_found(what, id)
        return row

    def _set_deleted(self, kind: Kind, user: str, id: str, deleted_us: int | None) -> None:
        self._database[kind].update_one(
            {"_id": {"$eq": _key(user, id)}, "user": {"$eq": user}},
            {"$set": {"deleted_us": deleted_us}},
        )

    def _newest(
        self,
        kind: Kind,
        read: Callable[[rows.Row], T],
        user: str,
        limit: int,
        cursor: str | None,
    ) -> Page[T]:
        user, limit = values.checked_user(user), values.checked_limit(limit)
        wanted: Document = {"user": {"$eq": user}, "deleted_us": {"$eq": None}}
        if cursor is not None:
            created_us, id = values.read_cursor(cursor)
            wanted["$or"] = [
                {"created_us": {"$lt": created_us}},
                {"created_us": {"$eq": created_us}, "id": {"$lt": id}},
            ]
        order = [("created_us", DESCENDING), ("id", DESCENDING)]
        with explained(self._place):
            found = list(self._database[kind].find(wanted).sort(order).limit(limit + 1))
        return rows.page(found, limit, read)

    def _keep_content(self, user: str, content: Content) -> None:
        """Keep bytes once per user and hash; of two at the same time the first document wins."""
        if self._find("contents", user, content.hash) is not None:
            return
        content.file.seek(0)
        file_id = self._files.upload_from_stream(
            content.hash, content.file, metadata={"user": user, "hash": content.hash}
        )
        row = {"user": user, "id": content.hash, "file_id": file_id, "n_bytes": content.n_bytes}
        if self._insert_once("contents", row) is not None:
            self._files.delete(file_id)

    def _chunks(self, file_id: ObjectId) -> Iterator[bytes]:
        stream = self._files.open_download_stream(file_id)
        while chunk := stream.readchunk():
            yield chunk

    def _add_event(self, user: str, kind: EventKind, subject_id: str, name: str) -> None:
        self._insert_once("events", rows.event_row(user, kind, subject_id, name))


def _key(user: str, id: str) -> str:
    """Return a document's key: unique per user, and text, so that it can be no operator."""
    return json.dumps([user, id])
