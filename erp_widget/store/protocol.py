"""Owns what a store keeps (the records) and what every store can do (the protocol)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Generic, Literal, Protocol, TypeVar, get_args, overload

from msgspec import Struct

from erp_widget.store.kinds import Kind, Row

EventKind = Literal["upload", "gallery", "save", "delete", "restore"]

EntryKind = Literal["chart", "section", "note", "summary", "state"]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)

#: Records on one page unless the caller says otherwise.
PAGE_SIZE = 20

T_co = TypeVar("T_co", covariant=True)


class Dataset(Struct, frozen=True):
    """A table that a user uploaded, or whose fingerprint was kept.

    Parameters
    ----------
    id
        The same for the same user, name and content, so that a repeated upload is one dataset.
    user, name
        Whose it is, and what that user called it; text, never markup.
    created_at
        First time it was stored, UTC.
    n_rows, columns
        Rows of the table, and names of its columns.
    fingerprint
        SHA-256 of its content as a table, hexadecimal.
    format
        Suffix of the uploaded file without its first dot, such as ``csv`` or ``csv.gz``;
        None if only the fingerprint was kept.
    n_bytes
        Size of the uploaded file; None if only the fingerprint was kept.
    waiting
        Whether it waits on this machine for a server that cannot be reached.
    """

    id: str
    user: str
    name: str
    created_at: datetime
    n_rows: int
    columns: tuple[str, ...]
    fingerprint: str
    format: str | None = None
    n_bytes: int | None = None
    waiting: bool = False

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show in a notebook what a person would say of it."""
        size = f"{self.n_rows:,} rows, {len(self.columns)} columns"
        printer.text(f"<Dataset {self.name}: {size}>")


class GalleryDraft(Struct, frozen=True):
    """A gallery before it is stored: its dataset, title and `Chart.to_record` of each chart.

    `weights` is the version of the network that chose them.
    """

    title: str
    charts: tuple[dict[str, Any], ...]
    dataset_id: str | None = None
    weights: str | None = None


class GalleryRecord(Struct, frozen=True):
    """A gallery as it was recommended, best chart first."""

    id: str
    user: str
    created_at: datetime
    dataset_id: str | None
    title: str
    charts: tuple[dict[str, Any], ...]
    weights: str | None = None
    waiting: bool = False


class ChartDraft(Struct, frozen=True):
    """A chart before it is saved; `record` is its `Chart.to_record`."""

    title: str
    mark: str
    fields: tuple[str, ...]
    record: dict[str, Any]
    dataset_id: str | None = None
    dataset_name: str = ""


class SavedChart(Struct, frozen=True):
    """A chart that a user chose to keep.

    `waiting` says that it waits on this machine for a server that cannot be reached.
    """

    id: str
    user: str
    created_at: datetime
    dataset_id: str | None
    dataset_name: str
    title: str
    mark: str
    fields: tuple[str, ...]
    record: dict[str, Any]
    waiting: bool = False


class ReportEntry(Struct, frozen=True):
    """One part of a report.

    Parameters
    ----------
    id
        Of a chart, the saved chart's; of any other part one of its own.
    text
        A chart's caption, a section's heading, a note's Markdown, or a table's summary as JSON.
    kind
        What it is; "state" stands between the earlier states of a report that undo goes back to.
    """

    id: str
    text: str = ""
    kind: EntryKind = "chart"


class ReportRecord(Struct, frozen=True):
    """A report: which saved charts in which order, and what is said between them.

    Parameters
    ----------
    user
        Whose it is.
    name
        Its name, unique per user.
    notebook
        The notebook it belongs to, or an empty text.
    entries
        Its parts in the order in which they are shown.
    revision
        0 before it is first stored, then one more with every change.
    notice
        What to tell of it: that a server which cannot be reached may have more of it.
    """

    user: str
    name: str
    notebook: str = ""
    entries: tuple[ReportEntry, ...] = ()
    revision: int = 0
    notice: str = ""


class Event(Struct, frozen=True):
    """Something a user did: uploaded a file, got a gallery, saved, deleted or restored.

    `subject_id` names the dataset, gallery or chart, or the report after ``report:``; `name` is
    its name or title; `waiting` as for its subject.
    """

    id: str
    user: str
    created_at: datetime
    kind: EventKind
    subject_id: str
    name: str
    waiting: bool = False


class Search(Struct, frozen=True):
    """What records must have in common to be listed; parts left out do not matter.

    Parameters
    ----------
    text, also
        Occur in the name or title, whatever their case.
    column
        The exact name of a column that is shown or, for a dataset, that it has.
    mark
        The mark of the chart, or of one chart of the gallery.
    since, until
        Not older, and older, than these times (with time zone).
    """

    text: str = ""
    column: str | None = None
    mark: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    also: tuple[str, ...] = ()


class Holding(Struct, frozen=True):
    """How much of one kind a store holds for a user; no age where there is none."""

    kind: str
    count: int
    hidden: int
    n_bytes: int
    oldest: datetime | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page(Sequence[T_co], Generic[T_co]):
    """Some records, newest first; `cursor` asks for those after them, None at the end.

    `notice` says, where it is not empty, what is missing and why.
    """

    records: tuple[T_co, ...] = field(default=())
    cursor: str | None = None
    notice: str = ""

    def __len__(self) -> int:
        """Return the number of records on this page."""
        return len(self.records)

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        """Return one record, or several by a slice."""
        return self.records[index]

    def __iter__(self) -> Iterator[T_co]:
        """Iterate over the records of this page."""
        return iter(self.records)


class Store(Protocol):
    """Where a user's datasets, galleries, saved charts, reports and history are kept.

    Every method takes the user first and reads and writes that user's records only. A method
    that returns has stored durably. Every failure is a `StoreError`; input that no store could
    accept is an `InputError`.
    """

    #: Whether `close` was called.
    is_closed: bool

    @property
    def location(self) -> str:
        """Where the store is, for people to read; never a password."""

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
        """Keep a dataset; equal bytes are kept once, an equal dataset is the same dataset.

        `content` is read to its end. Without it only the description is kept, and no history
        event is written.
        """

    def dataset(self, user: str, id: str) -> Dataset:
        """Return one dataset, or raise `NotInStoreError`."""

    def open_dataset(self, user: str, id: str) -> BinaryIO:
        """Return the uploaded bytes as an open file, checked against their hash."""

    def datasets(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[Dataset]:
        """Return datasets, newest first."""

    def delete_dataset(self, user: str, id: str) -> None:
        """Hide a dataset until it is restored; charts made from it stay."""

    def restore_dataset(self, user: str, id: str) -> Dataset:
        """Bring a deleted dataset back."""

    def add_gallery(self, user: str, draft: GalleryDraft, id: str | None = None) -> GalleryRecord:
        """Keep a gallery; the same `id` again keeps nothing twice."""

    def gallery(self, user: str, id: str) -> GalleryRecord:
        """Return one gallery, or raise `NotInStoreError`."""

    def galleries(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[GalleryRecord]:
        """Return galleries, newest first."""

    def delete_gallery(self, user: str, id: str) -> None:
        """Hide a gallery until it is restored; charts saved from it stay."""

    def restore_gallery(self, user: str, id: str) -> GalleryRecord:
        """Bring a deleted gallery back."""

    def save_chart(self, user: str, draft: ChartDraft, id: str | None = None) -> SavedChart:
        """Save a chart once per `id`.

        The caller makes the id (a UUID), so that a save repeated after a lost reply is one chart.
        A deleted chart of that id comes back. The same id with another chart is a
        `ConflictError`.
        """

    def chart(self, user: str, id: str) -> SavedChart:
        """Return one saved chart, or raise `NotInStoreError`."""

    def charts(
        self,
        user: str,
        limit: int = PAGE_SIZE,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> Page[SavedChart]:
        """Return saved charts, newest first."""

    def delete_chart(self, user: str, id: str) -> None:
        """Hide a saved chart until it is restored."""

    def restore_chart(self, user: str, id: str) -> SavedChart:
        """Bring a deleted chart back."""

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report; one that was never stored is empty, with revision 0."""

    def report_to_add_to(self, user: str, name: str) -> ReportRecord:
        """Return a report to add to; begun here, and joined later, where no server answers."""

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report and return it; `ConflictError` if somebody did since that revision."""

    def delete_report(self, user: str, name: str) -> None:
        """Empty a report until it is restored; its charts stay saved."""

    def restore_report(self, user: str, name: str) -> ReportRecord:
        """Bring back what the last `delete_report` took out, before what was added since."""

    def reports_with(self, user: str, chart: str) -> list[ReportRecord]:
        """Return the reports that show a saved chart, by name, as far as they are known."""

    def history(
        self,
        user: str,
        limit: int = PAGE_SIZE,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> Page[Event]:
        """Return events, newest first."""

    def holdings(self, user: str) -> tuple[Holding, ...]:
        """Return how much is kept, one entry per kind, uploaded bytes as `contents`."""

    def waiting(self, user: str) -> tuple[Holding, ...]:
        """Return what waits on this machine for a server that cannot be reached."""

    def forget(self, user: str, dataset_id: str | None = None) -> dict[str, int]:
        """Remove a dataset and all made from it, or everything, for good; return counts by kind."""

    def problems(self, user: str) -> list[str]:
        """Return what cannot be read back, one sentence each; none of a sound store."""

    def export_rows(self, user: str) -> Iterator[tuple[Kind, Row]]:
        """Return all records, hidden ones too, as they are stored, without the uploaded bytes."""

    def export_content(self, user: str, hash: str) -> BinaryIO:
        """Return uploaded bytes by their hash, as an open file."""

    def import_row(self, user: str, kind: Kind, row: Row) -> bool:
        """Bring in a record of `export_rows`; False if it is there already.

        A report that is there already gets the entries that it lacks. Another record under the
        same id is a `ConflictError`.
        """

    def import_content(self, user: str, content: BinaryIO) -> None:
        """Bring in uploaded bytes, before the datasets that name them."""

    def close(self) -> None:
        """Let go of files and connections; the store cannot be used afterwards."""
