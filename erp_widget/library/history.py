"""Owns the history and the saved charts of a user, and opening what they list."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from erp_widget.config import settings
from erp_widget.errors import NotInStoreError, StoreUnreachableError
from erp_widget.library.finding import When, search_of
from erp_widget.library.listing import Column, Listing, local_time, waiting_column
from erp_widget.library.stored_list import StoredList, T
from erp_widget.store import Dataset, Event, Location, Page, SavedChart, Search, Store, open_store
from erp_widget.store.rows import REPORT_SUBJECT

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.reports.report import Report


#: What an event is called in the history.
DONE = {
    "upload": "uploaded",
    "gallery": "recommended",
    "save": "saved",
    "delete": "deleted",
    "restore": "restored",
}
#: Records that `history` and `saved` show at first.
SHOWN = 20


class History(StoredList[Event]):
    """What a user did, newest first; `open` returns the gallery, dataset, chart or report."""

    heading = "History"
    empty = "No history yet: upload a file with erp.upload(path) or call erp.recommend(data)."

    @staticmethod
    def _page(
        store: Store, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[Event]:
        return store.history(user, limit, cursor, search)

    def columns(self) -> list[Column]:
        """Return time, kind, name and id of each event."""
        return [
            Column("when", tuple(local_time(event.created_at) for event in self)),
            Column("what", tuple(event.kind for event in self)),
            Column("name", tuple(event.name for event in self)),
            Column("id", tuple(event.subject_id for event in self)),
            *waiting_column([event.waiting for event in self]),
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return what a table on the screen shows of each event."""
        return [
            {
                "id": event.subject_id,
                "when": local_time(event.created_at),
                "what": DONE.get(event.kind, event.kind),
                "name": event.name,
                "about": "",
                "waits": event.waiting,
                "actions": ["open", "add"] if event.kind in ("save", "restore") else ["open"],
                "pictured": event.kind != "upload",
            }
            for event in self
        ]

    def first_chart(self, id: str) -> Chart | None:
        """Return the chart that stands for an event, the first of a gallery; None without one."""
        with suppress(NotInStoreError):
            record = next(iter(self._store.gallery(self._user, id).charts), None)
            return None if record is None else _recorded(record)
        with suppress(NotInStoreError):
            return _chart(self._store, self._store.chart(self._user, id))
        return None

    def open(self, which: int | str) -> Gallery | Dataset | Chart | Report:
        """Open what an event is about.

        Parameters
        ----------
        which
            Position in this list, or the id of a gallery, dataset or saved chart.

        Returns
        -------
        Gallery, Dataset, Chart or Report
            As it was then, a report as it is now; nothing is computed again.

        Raises
        ------
        NotInStoreError
            If there is no such position or id, or it was deleted since.
        """
        id = _picked(self, which).subject_id if isinstance(which, int) else which
        if id.startswith(REPORT_SUBJECT):
            from erp_widget.reports.report import Report

            return Report(id.removeprefix(REPORT_SUBJECT), store=self._store)
        try:
            return _gallery(self._store, self._user, id)
        except NotInStoreError:
            pass
        try:
            return self._store.dataset(self._user, id)
        except NotInStoreError:
            return _chart(self._store, self._store.chart(self._user, id))


class Saved(StoredList[SavedChart]):
    """Saved charts, newest first; `open` returns a chart."""

    heading = "Saved charts"
    empty = "No saved charts yet: click a chart in a gallery, or call .save() on one."

    @staticmethod
    def _page(
        store: Store, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[SavedChart]:
        return store.charts(user, limit, cursor, search)

    def columns(self) -> list[Column]:
        """Return time, title, mark, fields, dataset and id of each chart."""
        return [
            Column("saved", tuple(local_time(chart.created_at) for chart in self)),
            Column("title", tuple(chart.title for chart in self)),
            Column("mark", tuple(chart.mark for chart in self)),
            Column("columns", tuple(", ".join(chart.fields) for chart in self)),
            Column("dataset", tuple(chart.dataset_name for chart in self)),
            Column("id", tuple(chart.id for chart in self)),
            *waiting_column([chart.waiting for chart in self]),
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return what a table on the screen shows of each chart."""
        return [
            {
                "id": chart.id,
                "when": local_time(chart.created_at),
                "what": chart.mark,
                "name": chart.title,
                "about": chart.dataset_name,
                "waits": chart.waiting,
                "actions": ["open", "add"],
                "pictured": True,
            }
            for chart in self
        ]

    def first_chart(self, id: str) -> Chart | None:
        """Return a saved chart."""
        return _chart(self._store, self.saved_chart(id))

    def open(self, which: int | str) -> Chart:
        """Open a saved chart by its position in this list or its id.

        Raises
        ------
        NotInStoreError
            If there is none.
        """
        if isinstance(which, int):
            return _chart(self._store, _picked(self, which))
        return _chart(self._store, self._store.chart(self._user, which))

    def remove(self, which: int | str) -> Saved:
        """Hide a saved chart until `restore`; returns the list without it."""
        id = _picked(self, which).id if isinstance(which, int) else which
        self._store.delete_chart(self._user, id)
        try:
            return self._read()
        except StoreUnreachableError as error:  # it waited here, and nothing else does
            left = tuple(chart for chart in self if chart.id != id)
            return self._with(left, "No saved chart waits here.", str(error))

    def restore(self, id: str) -> Saved:
        """Bring a removed chart back; returns the list with it."""
        self._store.restore_chart(self._user, id)
        return self._read()


def history(
    limit: int = SHOWN,
    *,
    search: str | None = None,
    column: str | None = None,
    mark: str | None = None,
    since: When = None,
    until: When = None,
    store: Location = None,
) -> History:
    """Return the user's uploads, galleries and saved charts, newest first.

    Parameters
    ----------
    limit
        Number of events, at most 1000; `.more()` returns earlier ones.
    search
        Text that the name contains, in upper or lower case.
    column, mark
        A column that the dataset has or one of its charts shows, and a mark of such a chart.
    since, until
        Dates such as "2026-01-31", both included, or datetimes.
    store
        Where to look; None takes the configured store.

    Returns
    -------
    History
        A sequence of `Event` that shows itself as a table.

    Examples
    --------
    >>> history(store=":memory:").empty.startswith("No history yet")
    True
    """
    wanted = search_of(search, column, mark, since, until)
    return History(open_store(store), settings().user, limit, None, wanted)


def saved(
    limit: int = SHOWN,
    *,
    search: str | None = None,
    column: str | None = None,
    mark: str | None = None,
    since: When = None,
    until: When = None,
    store: Location = None,
) -> Saved:
    """Return the user's saved charts, newest first.

    Parameters
    ----------
    limit
        Number of charts, at most 1000; `.more()` returns earlier ones.
    search
        Text that the title or the dataset's name contains, in upper or lower case.
    column, mark
        A column that the chart shows, and its mark.
    since, until
        Dates such as "2026-01-31", both included, or datetimes.
    store
        Where to look; None takes the configured store.

    Returns
    -------
    Saved
        A sequence of `SavedChart` that shows itself as a table; `.open(0)` is the newest as a
        `Chart`.

    Examples
    --------
    >>> len(saved(mark="bar", since="2026-01-31", store=":memory:"))
    0
    """
    wanted = search_of(search, column, mark, since, until)
    return Saved(open_store(store), settings().user, limit, None, wanted)


def dataset(id: str, *, store: Location = None) -> Dataset:
    """Return one of the user's datasets by its id.

    Raises
    ------
    NotInStoreError
        If there is none; `history` lists what there is.
    """
    return open_store(store).dataset(settings().user, id)


def _picked(records: Listing[T], index: int) -> T:
    """Return the record at a position, or raise an error that says how many there are."""
    try:
        return records[index]
    except IndexError:
        raise NotInStoreError(f"there is no number {index}; the list has {len(records)}") from None


def _recorded(record: dict[str, Any]) -> Chart:
    from erp_widget.chart import Chart

    return Chart.from_record(record)


def _chart(store: Store, saved: SavedChart) -> Chart:
    return replace(_recorded(saved.record), store=store)


def _gallery(store: Store, user: str, id: str) -> Gallery:
    """Open a gallery whose charts know their dataset, so that a save is the same save as then."""
    found = store.gallery(user, id)
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery

    charts = [
        replace(
            chart,
            store=store,
            dataset_id=chart.dataset_id or found.dataset_id,
            dataset_name=chart.dataset_name or found.title,
        )
        for chart in map(Chart.from_record, found.charts)
    ]
    return Gallery(charts, title=found.title, notes=(), dataset_id=found.dataset_id)
