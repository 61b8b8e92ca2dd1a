"""Owns the flat form of records, which both backends keep under the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from erp_widget.errors import ConflictError, DamagedStoreError, InputError, NotInStoreError
from erp_widget.store.content import Content
from erp_widget.store.kinds import Kind, Row
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
    folded,
    from_json,
    microseconds,
    moment,
    now_us,
    storable,
    to_json,
    write_cursor,
)

T = TypeVar("T")

#: Before a report's name in the subject of an event; no other id has a colon.
REPORT_SUBJECT = "report:"


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
    names = checked_texts("columns", columns)
    known_hash = content.hash if content else None
    kept_suffix = checked_text("format", suffix) if content else None
    return {
        "user": user,
        "id": dataset_id(name, fingerprint, known_hash or "", kept_suffix or ""),
        "created_us": now_us(),
        "deleted_us": None,
        "name": name,
        "n_rows": checked_integer("n_rows", n_rows),
        "columns": to_json(names, "columns"),
        "fingerprint": fingerprint,
        "format": kept_suffix,
        "n_bytes": content.n_bytes if content else None,
        "content_hash": known_hash,
        **_searched(name, names, ()),
    }


def gallery_row(user: str, id: str | None, draft: GalleryDraft) -> dict[str, Any]:
    """Return a gallery as it is stored."""
    title = checked_text("title", draft.title)
    charts = to_json(list(draft.charts), "gallery")
    marks, columns = shown_by(draft.charts)
    return {
        "user": checked_user(user),
        "id": checked_id(id),
        "created_us": now_us(),
        "deleted_us": None,
        "dataset_id": _optional_text("dataset_id", draft.dataset_id),
        "title": title,
        "charts": charts,
        "weights": _optional_text("weights", draft.weights),
        **_searched(title, columns, marks),
    }


def chart_row(user: str, id: str | None, draft: ChartDraft) -> dict[str, Any]:
    """Return a chart as it is stored; mark and fields stand beside the record to search by."""
    title, mark = checked_text("title", draft.title), checked_text("mark", draft.mark)
    dataset_name = checked_text("dataset_name", draft.dataset_name)
    fields = checked_texts("fields", draft.fields)
    return {
        "user": checked_user(user),
        "id": checked_id(id),
        "created_us": now_us(),
        "deleted_us": None,
        "dataset_id": _optional_text("dataset_id", draft.dataset_id),
        "dataset_name": dataset_name,
        "title": title,
        "mark": mark,
        "fields": to_json(fields, "fields"),
        "record": to_json(draft.record, "chart"),
        **_searched(f"{title}\n{dataset_name}", fields, (mark,)),
    }


def report_row(user: str, record: ReportRecord, expected_revision: int) -> dict[str, Any]:
    """Return a report as it is stored, one revision on."""
    user = checked_user(user)
    if record.user != user:
        raise InputError(f"this report is {record.user!r}'s; store it as that user")
    return {
        "user": user,
        "id": checked_text("name", record.name),
        "created_us": now_us(),
        "notebook": checked_text("notebook", record.notebook),
        "entries": entries_to_json(record.entries),
        "revision": checked_integer("expected_revision", expected_revision) + 1,
    }


def event_row(kind: EventKind, subject: Row) -> dict[str, Any]:
    """Return the event of a repeated upload, a delete or a restore.

    What happens to a record first, being uploaded, recommended or saved, is told by the record
    itself (`first_event`), so that neither is there without the other.
    """
    created_us = now_us()
    return {
        "user": subject["user"],
        "id": f"{kind}:{subject['id'][:40]}:{created_us}",
        "created_us": created_us,
        "kind": kind,
        "subject_id": subject["id"],
        "name": subject["name"] if "name" in subject else subject["title"],
        "search_text": subject["search_text"],
        "search_columns": subject["search_columns"],
        "search_marks": subject["search_marks"],
    }


def report_event_row(kind: EventKind, user: str, name: str) -> dict[str, Any]:
    """Return the event of a whole report that was deleted or brought back."""
    subject = {"user": user, "id": f"{REPORT_SUBJECT}{name}", "name": name}
    row = event_row(kind, {**subject, **_searched(name, (), ())})
    # A name may hold what an id and a cursor may not.
    return {**row, "id": f"{kind}:report:{row['created_us']}"}


#: Kind of record -> the event that its own row tells of.
FIRST_EVENTS: dict[Kind, EventKind] = {
    "datasets": "upload",
    "galleries": "gallery",
    "charts": "save",
}


def first_event(kind: Kind, row: Row) -> Event:
    """Return the event that a dataset, gallery or chart itself tells of."""
    event = FIRST_EVENTS[kind]
    return Event(
        id=f"{event}:{row['id']}",
        user=row["user"],
        created_at=moment(row["created_us"]),
        kind=event,
        subject_id=row["id"],
        name=row["name"] if "name" in row else row["title"],
    )


def shown_by(charts: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the marks and the columns of some `Chart.to_record`, each once.

    Records of other shapes, such as those of a newer version, are passed over.
    """
    marks: dict[str, None] = {}
    columns: dict[str, None] = {}
    for record in charts:
        design = record.get("design") if isinstance(record, Mapping) else None
        if not isinstance(design, Mapping):
            continue
        marks[str(design.get("mark"))] = None
        for encoding in design.get("encodings") or ():
            if isinstance(encoding, Mapping) and isinstance(encoding.get("field"), str):
                columns[storable(encoding["field"])] = None
    return list(marks), list(columns)


def _searched(text: str, columns: Sequence[str], marks: Sequence[str]) -> dict[str, Any]:
    """Return what `Search` looks at."""
    return {
        "search_text": folded(text),
        "search_columns": list(dict.fromkeys(columns)),
        "search_marks": list(dict.fromkeys(marks)),
    }


#: What must be equal for two rows under one id to be the same record.
_SAME: dict[Kind, tuple[str, ...]] = {
    "datasets": ("name", "fingerprint", "content_hash", "format"),
    "galleries": ("dataset_id", "title", "charts"),
    "charts": ("dataset_id", "dataset_name", "title", "mark", "fields", "record"),
    "reports": ("notebook", "entries"),
    "events": ("kind", "subject_id"),
}


def same(kind: Kind, stored: Row, wanted: Row) -> bool:
    """Return whether a row repeats what is stored rather than bringing something else."""
    return all(stored[part] == wanted[part] for part in _SAME[kind])


def page(found: Sequence[Row], limit: int, read: Callable[[Row], T]) -> Page[T]:
    """Return up to `limit` records of one more row than that, and the cursor if it is there."""
    shown = found[:limit]
    cursor = None
    if len(found) > limit:
        cursor = write_cursor(shown[-1]["created_us"], shown[-1]["id"])
    return Page(tuple(read(row) for row in shown), cursor)


def event_page(found: Sequence[Event], limit: int) -> Page[Event]:
    """Return up to `limit` events, newest first, of events from several places."""
    newest = sorted(found, key=lambda event: (event.created_at, event.id), reverse=True)
    shown, cursor = newest[:limit], None
    if len(newest) > limit:
        cursor = write_cursor(microseconds(shown[-1].created_at), shown[-1].id)
    return Page(tuple(shown), cursor)


_ONE_OF: dict[Kind, str] = {
    "datasets": "dataset",
    "galleries": "gallery",
    "charts": "chart",
    "reports": "report",
    "events": "event",
}


def not_found(kind: Kind, id: str) -> NotInStoreError:
    """Return the error for an id that this user does not have."""
    where = "erp.saved()" if kind == "charts" else "erp.history()"
    return NotInStoreError(f"there is no {_ONE_OF[kind]} {id[:80]!r}; {where} lists what there is")


def no_content(dataset: Row) -> NotInStoreError:
    """Return the error for a dataset of which only the fingerprint was kept."""
    return NotInStoreError(
        f"only the description of {dataset['name'][:80]!r} was kept, not its rows; "
        "keep them with erp.upload(path)"
    )


def taken(kind: Kind, id: str) -> ConflictError:
    """Return the error for an id under which something else is stored."""
    return ConflictError(
        f"another {_ONE_OF[kind]} was saved as {id!r}; save this one under a new id"
    )


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


def to_gallery(row: Row, charts: tuple[dict[str, Any], ...] | None = None) -> GalleryRecord:
    """Return a gallery from its stored form; its charts are read from there if they are None."""
    return GalleryRecord(
        id=row["id"],
        user=row["user"],
        created_at=moment(row["created_us"]),
        dataset_id=row["dataset_id"],
        title=row["title"],
        charts=tuple(from_json(row["charts"], "gallery")) if charts is None else charts,
        weights=row["weights"],
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
        name=row["id"],
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


#: Kind -> what reads a record from its row.
READERS: dict[Kind, Callable[[Row], object]] = {
    "datasets": to_dataset,
    "galleries": to_gallery,
    "charts": to_chart,
    "reports": to_report,
    "events": to_event,
}


def check_readable(kind: Kind, row: Row) -> None:
    """Raise `DamagedStoreError` unless a record can be read from its row."""
    try:
        READERS[kind](row)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise DamagedStoreError(f"a record of {kind} cannot be read ({error})") from error


def _optional_text(what: str, value: object) -> str | None:
    return None if value is None else checked_text(what, value)
