"""Owns what a user has in the store: uploads, the history, saved charts; and opening them again."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from erp_widget.config import max_upload_bytes, max_upload_rows, settings
from erp_widget.errors import InputError, NotInStoreError, SourceError
from erp_widget.finding import When, search_of
from erp_widget.listing import Column, Listing, local_time, waiting_column
from erp_widget.store import Dataset, Event, SavedChart, Search, Store, open_store
from erp_widget.store.rows import REPORT_SUBJECT

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery import Gallery
    from erp_widget.report import Report

Location = str | os.PathLike[str] | Store | None
T = TypeVar("T", Event, SavedChart)

#: Records that `history` and `saved` show at first.
SHOWN = 20


class History(Listing[Event]):
    """What a user did, newest first; `open` gives the gallery, dataset or chart back."""

    empty = "No history yet: upload a file with erp.upload(path) or call erp.recommend(data)."

    def __init__(
        self,
        store: Store,
        user: str,
        limit: int,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> None:
        page = store.history(user, limit, cursor, search)
        super().__init__(page.records, page.cursor, page.notice)
        self._store, self._user, self._limit, self._search = store, user, limit, search

    def columns(self) -> list[Column]:
        """Return time, kind, name and id of each event."""
        return [
            Column("when", tuple(local_time(event.created_at) for event in self)),
            Column("what", tuple(event.kind for event in self)),
            Column("name", tuple(event.name for event in self)),
            Column("id", tuple(event.subject_id for event in self)),
            *waiting_column([event.waiting for event in self]),
        ]

    def more(self) -> History:
        """Return the events before these; empty at the end."""
        if self.cursor is None:
            return _ended(self)
        return History(self._store, self._user, self._limit, self.cursor, self._search)

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
            from erp_widget.report import Report

            return Report(id.removeprefix(REPORT_SUBJECT), store=self._store)
        try:
            return _gallery(self._store, self._user, id)
        except NotInStoreError:
            pass
        try:
            return self._store.dataset(self._user, id)
        except NotInStoreError:
            return _chart(self._store, self._store.chart(self._user, id))


class Saved(Listing[SavedChart]):
    """Saved charts, newest first; `open` gives a chart back."""

    empty = "No saved charts yet: click a chart in a gallery, or call .save() on one."

    def __init__(
        self,
        store: Store,
        user: str,
        limit: int,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> None:
        page = store.charts(user, limit, cursor, search)
        super().__init__(page.records, page.cursor, page.notice)
        self._store, self._user, self._limit, self._search = store, user, limit, search

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

    def more(self) -> Saved:
        """Return the charts before these; empty at the end."""
        if self.cursor is None:
            return _ended(self)
        return Saved(self._store, self._user, self._limit, self.cursor, self._search)

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
        return Saved(self._store, self._user, self._limit, None, self._search)

    def restore(self, id: str) -> Saved:
        """Bring a removed chart back; returns the list with it."""
        self._store.restore_chart(self._user, id)
        return Saved(self._store, self._user, self._limit, None, self._search)


def upload(
    file: str | os.PathLike[str] | BinaryIO, name: str | None = None, *, store: Location = None
) -> Dataset:
    r"""Keep a file in the store, to recommend charts for it later without the file.

    Parameters
    ----------
    file
        Path of a csv, tsv, json, jsonl, parquet (also gzipped) or xlsx file, or such a file opened
        for bytes, whose name or `name` then tells the format.
    name
        What to call it; the file's own name without its suffix if None.
    store
        Where to keep it; None takes the configured store.

    Returns
    -------
    Dataset
        Its `id` finds it again, `erp.recommend(dataset)` reads it. The same file under the same
        name is the same dataset.

    Raises
    ------
    InputError
        If the file cannot be read as a table.
    StoreError
        If it cannot be kept.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "sales.csv").write_text("city,price\nRome,3\nOslo,4\n")
    >>> dataset = upload(folder / "sales.csv", store=":memory:")
    >>> dataset.name, dataset.n_rows, dataset.columns
    ('sales', 2, ('city', 'price'))
    """
    if isinstance(file, str | os.PathLike):
        return _upload(Path(file).expanduser(), name, open_store(store))
    if not hasattr(file, "read"):
        raise InputError(f"pass the path of a file or a file opened for bytes, not {file!r}")
    return _upload_open(file, name, open_store(store))


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
    """Return what the user uploaded, was recommended and saved, newest first.

    Parameters
    ----------
    limit
        Number of events, at most 1000; `.more()` gives those before.
    search
        Text that occurs in the name, whatever its case.
    column, mark
        A column, or a mark, that the dataset has or a chart of it shows.
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
        Number of charts, at most 1000; `.more()` gives those before.
    search
        Text that occurs in the title or the dataset's name, whatever its case.
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


def _upload(path: Path, name: str | None, store: Store) -> Dataset:
    """Check that a file is a table, then keep its bytes as they are."""
    from erp_widget.sources import open_table
    from erp_widget.sources.files import file_name

    found = file_name(path)
    limit = max_upload_bytes()
    if found.path.stat().st_size > limit:
        raise InputError(
            f"{path.name} is larger than the {limit / 2**20:,.0f} MB that are kept: raise "
            "ERP_MAX_UPLOAD_MB, or recommend it by its path, which needs no copy"
        )
    table = open_table(path, name, max_rows=max_upload_rows())
    try:
        with found.path.open("rb") as content:
            return store.add_dataset(
                settings().user,
                name=table.name,
                columns=table.columns,
                n_rows=table.n_rows,
                fingerprint=table.fingerprint,
                content=content,
                format=found.format + (".gz" if found.gzipped else ""),
            )
    except OSError as error:
        raise SourceError(
            f"cannot read {path} ({error.strerror}); check its permissions"
        ) from error


def _upload_open(file: BinaryIO, name: str | None, store: Store) -> Dataset:
    """Keep an open file by way of a temporary one, since a table is read by its format."""
    own = getattr(file, "name", None)
    own = own if isinstance(own, str) else ""
    suffixes = _suffixes(own) or _suffixes(name or "")
    if not suffixes:
        raise InputError(
            'an open file needs a name that tells its format: erp.upload(file, name="sales.csv")'
        )
    called = Path(name or own).name
    if called.lower().endswith(suffixes.lower()):
        called = called[: -len(suffixes)]
    with tempfile.TemporaryDirectory(prefix="erp-") as folder:
        path = Path(folder) / f"upload{suffixes}"
        with path.open("wb") as copy:
            try:
                shutil.copyfileobj(file, copy)
            except TypeError as error:
                raise InputError('open the file for bytes: open(path, "rb")') from error
        return _upload(path, called or "upload", store)


def _suffixes(name: str) -> str:
    """Return what tells a file's format: its last suffix, before a .gz the one before too."""
    found = Path(name).suffixes
    return "".join(found[-2:] if found and found[-1].lower() == ".gz" else found[-1:])


def _picked(records: Listing[T], index: int) -> T:
    """Return the record at a position, or raise an error that says how many there are."""
    try:
        return records[index]
    except IndexError:
        raise NotInStoreError(f"there is no number {index}; the list has {len(records)}") from None


def _chart(store: Store, saved: SavedChart) -> Chart:
    from erp_widget.chart import Chart

    return replace(Chart.from_record(saved.record), store=store)


def _gallery(store: Store, user: str, id: str) -> Gallery:
    """Open a gallery whose charts know their dataset, so that a save is the same save as then."""
    found = store.gallery(user, id)
    from erp_widget.chart import Chart
    from erp_widget.gallery import Gallery

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


L = TypeVar("L", History, Saved)


def _ended(listing: L) -> L:
    """Return an empty list of the same kind."""
    ended = object.__new__(type(listing))
    ended.__dict__.update(listing.__dict__, _records=(), cursor=None)
    return ended
