"""Owns the flat form of records, which both backends keep under the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from erp_widget.errors import ConflictError, InputError, NotInStoreError
from erp_widget.store.content import Content
from erp_widget.store.protocol import (
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
from erp_widget.store.values import (
    checked_id,
    checked_integer,
    checked_text,
    checked_texts,
    checked_user,
    dataset_id,
    entries_from_json,
    entries_to_json,
    from_json,
    moment,
    now_us,
    to_json,
    write_cursor,
)

Row = Mapping[str, Any]
T = TypeVar("T")


def dataset_row(
    user: str,
    name: str,
    columns: Sequence[str],
    n_rows: int,
    fingerprint: str,
    content: Content | None,
    suffix: str | None,
) -> dict[str, Any]:
    """Return a dataset as it is stored."""
    user, name = checked_user(user), checked_text("name", name)
    fingerprint = checked_text("fingerprint", fingerprint)
    if content is not None and not suffix:
        raise InputError('content needs its format, for example format="csv"')
    known_hash = content.hash if content else None
    kept_suffix = checked_text("format", suffix) if content else None
    return {
        "user": user,
        "id": dataset_id(user, name, fingerprint, known_hash or "", kept_suffix or ""),
        "created_us": now_us(),
        "deleted_us": None,
        "name": name,
        "n_rows": checked_integer("n_rows", n_rows),
        "columns": to_json(checked_texts("columns", columns), "columns"),
        "fingerprint": fingerprint,
        "format": kept_suffix,
        "n_bytes": content.n_bytes if content else None,
        "content_hash": known_hash,
    }


def gallery_row(user: str, id: str | None, draft: GalleryDraft) -> dict[str, Any]:
    """Return a gallery as it is stored."""
    return {
        "user": checked_user(user),
        "id": checked_id(id),
        "created_us": now_us(),
        "dataset_id": _optional_text("dataset_id", draft.dataset_id),
        "title": checked_text("title", draft.title),
        "charts": to_json(list(draft.charts), "gallery"),
    }


def chart_row(user: str, id: str | None, draft: ChartDraft) -> dict[str, Any]:
    """Return a chart as it is stored; mark and fields stand beside the record to search by."""
    return {
        "user": checked_user(user),
        "id": checked_id(id),
        "created_us": now_us(),
        "deleted_us": None,
        "dataset_id": _optional_text("dataset_id", draft.dataset_id),
        "dataset_name": checked_text("dataset_name", draft.dataset_name),
        "title": checked_text("title", draft.title),
        "mark": checked_text("mark", draft.mark),
        "fields": to_json(checked_texts("fields", draft.fields), "fields"),
        "record": to_json(draft.record, "chart"),
    }


def report_row(user: str, record: ReportRecord, expected_revision: int) -> dict[str, Any]:
    """Return a report as it is stored, one revision on."""
    user = checked_user(user)
    if record.user != user:
        raise InputError(f"this report is {record.user!r}'s; store it as that user")
    return {
        "user": user,
        "name": checked_text("name", record.name),
        "notebook": checked_text("notebook", record.notebook),
        "entries": entries_to_json(record.entries),
        "revision": checked_integer("expected_revision", expected_revision) + 1,
        "changed_us": now_us(),
    }


def event_row(user: str, kind: EventKind, subject_id: str, name: str) -> dict[str, Any]:
    """Return a history event as it is stored.

    The first upload, gallery or save of a subject has one fixed id, so that repeating it after
    a lost reply writes no second event.
    """
    created_us = now_us()
    once = kind in ("gallery", "save")
    return {
        "user": user,
        "id": f"{kind}:{subject_id}" if once else f"{kind}:{subject_id[:40]}:{created_us}",
        "created_us": created_us,
        "kind": kind,
        "subject_id": subject_id,
        "name": name,
    }


def same_chart(stored: Row, wanted: Row) -> bool:
    """Return whether a save repeats what is stored rather than bringing something else."""
    parts = ("dataset_id", "dataset_name", "title", "mark", "fields", "record")
    return all(stored[part] == wanted[part] for part in parts)


def same_gallery(stored: Row, wanted: Row) -> bool:
    """Return whether a gallery repeats what is stored."""
    return all(stored[part] == wanted[part] for part in ("dataset_id", "title", "charts"))


def page(found: Sequence[Row], limit: int, read: Callable[[Row], T]) -> Page[T]:
    """Return up to `limit` records of one more row than that, and the cursor if it is there."""
    shown = found[:limit]
    cursor = None
    if len(found) > limit:
        cursor = write_cursor(shown[-1]["created_us"], shown[-1]["id"])
    return Page(tuple(read(row) for row in shown), cursor)


def not_found(what: str, id: str) -> NotInStoreError:
    """Return the error for an id that this user does not have."""
    where = {"dataset": "erp.history()", "gallery": "erp.history()"}.get(what, "erp.saved()")
    return NotInStoreError(f"there is no {what} {id[:80]!r}; {where} lists what there is")


def no_content(dataset: Row) -> NotInStoreError:
    """Return the error for a dataset of which only the fingerprint was kept."""
    return NotInStoreError(
        f"only the description of {dataset['name'][:80]!r} was kept, not its rows; "
        "keep them with erp.upload(path)"
    )


def taken(what: str, id: str) -> ConflictError:
    """Return the error for an id under which something else is stored."""
    return ConflictError(f"another {what} was saved as {id!r}; save this one under a new id")


def changed_meanwhile(name: str) -> ConflictError:
    """Return the error for a report that was stored by somebody else since it was read."""
    return ConflictError(
        f"the report {name[:80]!r} was changed elsewhere; read it again and repeat the change"
    )


def to_dataset(row: Row) -> Dataset:
    """Return a dataset from its stored form."""
    return Dataset(
        id=row["id"],
        user=row["user"],
        name=row["name"],
        created_at=moment(row["created_us"]),
        n_rows=row["n_rows"],
        columns=tuple(from_json(row["columns"], "dataset")),
        fingerprint=row["fingerprint"],
        format=row["format"],
        n_bytes=row["n_bytes"],
    )


def to_gallery(row: Row) -> GalleryRecord:
    """Return a gallery from its stored form."""
    return GalleryRecord(
        id=row["id"],
        user=row["user"],
        created_at=moment(row["created_us"]),
        dataset_id=row["dataset_id"],
        title=row["title"],
        charts=tuple(from_json(row["charts"], "gallery")),
    )


def to_chart(row: Row) -> SavedChart:
    """Return a saved chart from its stored form."""
    return SavedChart(
        id=row["id"],
        user=row["user"],
        created_at=moment(row["created_us"]),
        dataset_id=row["dataset_id"],
        dataset_name=row["dataset_name"],
        title=row["title"],
        mark=row["mark"],
        fields=tuple(from_json(row["fields"], "chart")),
        record=from_json(row["record"], "chart"),
    )


def to_report(row: Row) -> ReportRecord:
    """Return a report from its stored form."""
    return ReportRecord(
        user=row["user"],
        name=row["name"],
        notebook=row["notebook"],
        entries=entries_from_json(row["entries"]),
        revision=row["revision"],
    )


def to_event(row: Row) -> Event:
    """Return a history event from its stored form."""
    return Event(
        id=row["id"],
        user=row["user"],
        created_at=moment(row["created_us"]),
        kind=row["kind"],
        subject_id=row["subject_id"],
        name=row["name"],
    )


def _optional_text(what: str, value: object) -> str | None:
    return None if value is None else checked_text(what, value)
