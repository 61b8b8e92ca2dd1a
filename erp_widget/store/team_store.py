"""Owns the store that a team's kernels open: the server, and the outbox while it is away."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, BinaryIO, TypeVar

from msgspec.structs import replace

from erp_widget.errors import ConflictError, NotInStoreError, StoreUnreachableError
from erp_widget.store.content import spooled
from erp_widget.store.deleted_reports import HIDDEN, delete_report, restore_report
from erp_widget.store.kinds import Kind, Row
from erp_widget.store.mongo import MongoStore
from erp_widget.store.outbox import Outbox, added, merged
from erp_widget.store.protocol import (
    ChartDraft,
    Dataset,
    Event,
    GalleryDraft,
    GalleryRecord,
    Holding,
    Page,
    ReportRecord,
    SavedChart,
    Search,
)
from erp_widget.store.records import Records
from erp_widget.store.sqlite import SqliteStore
from erp_widget.store.values import checked_id, checked_text, checked_user

Either = MongoStore | SqliteStore
Record = TypeVar("Record", Dataset, GalleryRecord, SavedChart, Event)
T = TypeVar("T")

#: Revisions of reports that were changed without the server; no report reaches so many.
AWAY = 2**40
#: Charts that are remembered for the time without a server.
MAX_SEEN = 200
ONLY_WAITING = "this is only what waits here for it"
MAY_HAVE_MORE = "other parts of this report may be there, and come before these"


class TeamStore(Records):
    """A store in a MongoDB database that keeps saves on this machine while no server answers.

    Lists show the server's records, and before them on their first page what waits here; such
    records say so by `waiting`. While the server is away they show what waits, and say that too;
    reading what only the server has needs the server.

    Parameters
    ----------
    address
        ``mongodb://`` or ``mongodb+srv://``; its path names the database, ``erp`` if it has none.

    Raises
    ------
    StoreError
        If the address is wrong.
    """

    def __init__(self, address: str) -> None:
        self._outbox = Outbox(address)
        #: Charts as they were last read or saved, so that a report shows without the server.
        self._seen: OrderedDict[tuple[str, str], SavedChart] = OrderedDict()

    @property
    def location(self) -> str:
        """Address of the database, without name and password."""
        return self._outbox.place

    def close(self) -> None:
        """Close the connections; what waits is delivered by the next one to open the store."""
        self.is_closed = True
        self._outbox.close()

    def deliver(self) -> int:
        """Deliver what waits now rather than soon; return how many records went."""
        return self._outbox.deliver()

    def waiting(self, user: str) -> tuple[Holding, ...]:
        """Return what waits here."""
        local = self._outbox.local()
        return () if local is None else tuple(h for h in local.holdings(user) if h.count)

    # --- writes that can wait

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
        """Keep a dataset."""
        with spooled(content) if content is not None else nullcontext() as read:

            def keep(store: Either) -> Dataset:
                if read is not None:
                    read.file.seek(0)
                return store.add_dataset(
                    user,
                    name=name,
                    columns=columns,
                    n_rows=n_rows,
                    fingerprint=fingerprint,
                    content=None if read is None else read.file,  # type: ignore[arg-type]
                    format=format,
                )

            return self._marked(*self._outbox.keep(keep))

    def add_gallery(self, user: str, draft: GalleryDraft, id: str | None = None) -> GalleryRecord:
        """Keep a gallery."""
        known = checked_id(id)
        return self._marked(*self._outbox.keep(lambda s: s.add_gallery(user, draft, known)))

    def save_chart(self, user: str, draft: ChartDraft, id: str | None = None) -> SavedChart:
        """Save a chart once per id, at the server or here until it can be reached."""
        known = checked_id(id)
        saved, waits = self._outbox.keep(lambda s: s.save_chart(user, draft, known))
        return self._marked(saved, True) if waits else self._remembered(saved)

    # --- reading and changing one record, where it is

    def open_dataset(self, user: str, id: str) -> BinaryIO:
        """Return the uploaded bytes as an open file."""
        return self._where("datasets", user, id, lambda store: store.open_dataset(user, id))

    def record(self, kind: Kind, user: str, id: str) -> Any:
        """Return one record; a chart without the server as it was last seen here."""
        if kind != "charts":
            return self._one(kind, user, id, lambda store: store.record(kind, user, id))
        user, id = checked_user(user), checked_text("id", id)
        try:
            return self._remembered(self._one(kind, user, id, lambda store: store.chart(user, id)))
        except StoreUnreachableError:
            if (user, id) in self._seen:
                return self._seen[user, id]
            raise

    def page(
        self, kind: Kind, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[Any]:
        """Return records, newest first; those that wait here before all others."""
        return self._listed(cursor, lambda s, c: s.page(kind, user, limit, c, search))

    def delete(self, kind: Kind, user: str, id: str) -> None:
        """Hide a record."""
        if kind == "charts":
            self._seen.pop((checked_user(user), checked_text("id", id)), None)
        self._where(kind, user, id, lambda store: store.delete(kind, user, id))

    def restore(self, kind: Kind, user: str, id: str) -> Any:
        """Bring a hidden record back."""
        return self._one(kind, user, id, lambda store: store.restore(kind, user, id))

    # --- reports

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report; without the server, as it was last seen here and changed since."""
        user, name = checked_user(user), checked_text("name", name)
        try:
            if self._outbox.waits("reports", user, name):
                self._outbox.deliver(anew=False)
            found = self._outbox.ask(lambda server: server.get_report(user, name))
            self._outbox.seen_reports[user, name] = found
            return found
        except StoreUnreachableError:
            local = self._outbox.waits("reports", user, name)
            if local is not None:
                found = local.get_report(user, name)
                is_seen = (user, name) in self._outbox.seen_reports
                said = "" if is_seen else f"{self.location} cannot be reached: {MAY_HAVE_MORE}"
                return replace(found, revision=AWAY + found.revision, notice=said)
            if (user, name) in self._outbox.seen_reports:
                return self._outbox.seen_reports[user, name]
            raise

    def report_to_add_to(self, user: str, name: str) -> ReportRecord:
        """Return a report; one that was never seen is begun here, and joined when delivered."""
        try:
            return self.get_report(user, name)
        except StoreUnreachableError:
            return ReportRecord(checked_user(user), checked_text("name", name))

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report if nobody else did since; without the server it waits here.

        Charts that others added meanwhile are kept when it is delivered.
        """
        waits = self._outbox.waits("reports", user, record.name) is not None
        if isinstance(expected_revision, int) and expected_revision >= AWAY and not waits:
            raise ConflictError("the report was delivered meanwhile; read it again")

        def put(store: Either) -> ReportRecord:
            if isinstance(store, MongoStore):
                if waits:  # changed here before: that must be delivered first
                    raise StoreUnreachableError("the report waits here")
                return store.put_report(user, record, expected_revision)
            expected = max(0, expected_revision - AWAY) if waits else 0
            stored = store.put_report(user, record, expected)
            return replace(stored, revision=AWAY + stored.revision)

        stored, away = self._outbox.keep(put)
        if not away:
            self._outbox.seen_reports[user, stored.name] = stored
        return stored

    def reports_with(self, user: str, chart: str) -> list[ReportRecord]:
        """Return the reports that show a saved chart: the server's, and those that wait here."""
        local = self._outbox.local()
        here = [] if local is None else local.reports_with(user, chart)
        try:
            there = self._outbox.ask(lambda server: server.reports_with(user, chart))
        except StoreUnreachableError:
            seen = [one for (whose, _), one in self._outbox.seen_reports.items() if whose == user]
            there = [one for one in seen if any(entry.id == chart for entry in one.entries)]
        found = {one.name: one for one in (*there, *here) if not one.name.startswith(HIDDEN)}
        return [found[name] for name in sorted(found)]

    def delete_report(self, user: str, name: str) -> None:
        """Empty a report until it is restored."""
        delete_report(self, user, name)

    def restore_report(self, user: str, name: str) -> ReportRecord:
        """Bring back what a report had."""
        return restore_report(self, user, name)

    def add_event(self, user: str, row: Row) -> None:
        """Keep an event once, at the server or here until it can be reached."""
        self._outbox.keep(lambda store: store.add_event(user, row))

    # --- all that a user has

    def holdings(self, user: str) -> tuple[Holding, ...]:
        """Return how much the server keeps."""
        return self._outbox.ask(lambda server: server.holdings(user))

    def forget(self, user: str, dataset_id: str | None = None) -> dict[str, int]:
        """Remove a dataset and all that was made from it, or everything, there and here."""
        local = self._outbox.local()
        stores: list[Callable[[], dict[str, int]]] = [
            lambda: self._outbox.ask(lambda server: server.forget(user, dataset_id))
        ]
        if local is not None:
            stores.append(lambda: local.forget(user, dataset_id))
        self._outbox.seen_reports.clear()
        self._seen.clear()
        removed: list[dict[str, int]] = []
        missing: NotInStoreError | None = None
        # What is on its way from here to there would be forgotten in neither place.
        with self._outbox.paused():
            for forget in stores:
                try:
                    removed.append(forget())
                except NotInStoreError as error:
                    missing = error
        if not removed and missing is not None:
            raise missing
        return added(removed)

    def problems(self, user: str) -> list[str]:
        """Return what cannot be read back, there and here."""
        found = self._outbox.ask(lambda server: server.problems(user))
        local = self._outbox.local()
        found += [] if local is None else local.problems(user)
        return found + self._outbox.refusals(user)

    def export_rows(self, user: str) -> Iterator[tuple[Kind, Row]]:
        """Return all records of the server, then those that wait here."""
        yield from self._outbox.ask(lambda server: server.export_rows(user))
        local = self._outbox.local()
        if local is not None:
            yield from local.export_rows(user)

    def export_content(self, user: str, hash: str) -> BinaryIO:
        """Return uploaded bytes by their hash, from here or from the server."""
        local = self._outbox.local()
        if local is not None and local.has_content(user, hash):
            return local.export_content(user, hash)
        return self._outbox.ask(lambda server: server.export_content(user, hash))

    def import_row(self, user: str, kind: Kind, row: Row) -> bool:
        """Bring in a record."""
        return self._outbox.ask(lambda server: server.import_row(user, kind, row))

    def import_content(self, user: str, content: BinaryIO) -> None:
        """Bring in uploaded bytes."""
        self._outbox.ask(lambda server: server.import_content(user, content))

    # --- the same for several kinds

    def _remembered(self, chart: SavedChart) -> SavedChart:
        if not chart.waiting:
            self._seen[chart.user, chart.id] = chart
            while len(self._seen) > MAX_SEEN:
                self._seen.popitem(last=False)
        return chart

    def _marked(self, record: Record, waiting: bool) -> Record:
        return replace(record, waiting=True) if waiting else record

    def _where(self, kind: Kind, user: str, id: str, call: Callable[[Either], T]) -> T:
        """Call the store in which a record is: what waits is here, all else there."""
        return self._found(kind, user, id, call)[0]

    def _one(self, kind: Kind, user: str, id: str, call: Callable[[Either], Record]) -> Record:
        return self._marked(*self._found(kind, user, id, call))

    def _found(self, kind: Kind, user: str, id: str, call: Callable[[Either], T]) -> tuple[T, bool]:
        local = self._outbox.waits(kind, user, id)
        if local is not None:
            try:
                return call(local), True
            except NotInStoreError:
                if self._outbox.waits(kind, user, id) is not None:
                    raise  # it is hidden; what is not here any more was delivered
        return self._outbox.ask(call), False

    def _listed(
        self, cursor: str | None, call: Callable[[Either, str | None], Page[Record]]
    ) -> Page[Record]:
        # Read first: what is delivered meanwhile is in both, rather than in neither.
        here = self._here(cursor, call)
        try:
            page = self._outbox.ask(lambda server: call(server, cursor))
        except StoreUnreachableError:
            if not here:
                raise
            away = f"{self.location} cannot be reached: {ONLY_WAITING}"
            return Page(here.records, here.cursor, away)
        if cursor is not None:
            return page
        return Page(merged(here.records, page.records, lambda record: record.id), page.cursor)

    def _here(
        self, cursor: str | None, call: Callable[[Either, str | None], Page[Record]]
    ) -> Page[Record]:
        local = self._outbox.local()
        found = Page[Record](()) if local is None else call(local, cursor)
        waiting = tuple(replace(one, waiting=True) for one in found)
        return Page(waiting, found.cursor, found.notice)
