"""Owns what users can do with all that is kept for them: show, check, export, import, forget."""

from __future__ import annotations

import os

from erp_widget.config import settings
from erp_widget.errors import InputError
from erp_widget.library.listing import Column, Listing, local_time
from erp_widget.store import Dataset, Holding, Location, open_store
from erp_widget.store.archive import Moved, export_archive, import_archive

#: What the records of a kind hold, for the person whose they are.
SAID = {
    "datasets": "name, columns, row count, fingerprint",
    "galleries": "recommended charts, aggregated rows inside",
    "charts": "saved charts, aggregated rows inside",
    "reports": "which charts in which order, captions",
    "events": "repeated uploads, deletes, restores",
    "contents": "uploaded files as they are",
}


class StoreInfo(Listing[Holding]):
    """What a store keeps for one user, and where; the last line of a cell shows it as a table.

    Parameters
    ----------
    location
        The file, or the address without name and password.
    user
        Whose records these are.
    records
        How much of each kind.
    notes
        What else there is to know, one sentence each.
    """

    def __init__(
        self, location: str, user: str, records: tuple[Holding, ...], notes: tuple[str, ...]
    ) -> None:
        super().__init__(records)
        self.location, self.user, self.notes = location, user, notes

    @property
    def n_bytes(self) -> int:
        """Bytes of all that is kept."""
        return sum(holding.n_bytes for holding in self)

    def columns(self) -> list[Column]:
        """Return kind, number, hidden ones among them, size and ages."""
        return [
            Column("what", tuple(holding.kind for holding in self)),
            Column("number", tuple(f"{holding.count:,}" for holding in self)),
            Column("hidden", tuple(f"{holding.hidden:,}" for holding in self)),
            Column("size", tuple(_size(holding.n_bytes) for holding in self)),
            Column("oldest", tuple(_when(holding, "oldest") for holding in self)),
            Column("newest", tuple(_when(holding, "newest") for holding in self)),
            Column("that is", tuple(SAID[holding.kind] for holding in self)),
        ]

    def _more(self) -> list[str]:
        whose = f"Kept of {self.user!r} in {self.location}; nothing is sent anywhere else."
        return [whose, *self.notes, "Take it along: erp.export_store(path); remove: erp.forget()."]


def store_info(*, check: bool = False, store: Location = None) -> StoreInfo:
    """Return what is stored for the user: how much, since when, and where.

    Parameters
    ----------
    check
        Whether to read everything back and say what is damaged; takes as long as reading it.
    store
        Where to look; None takes the configured store.

    Returns
    -------
    StoreInfo
        A sequence of `Holding`, one per kind, that shows itself as a table; its `notes` say what
        waits for a server and what is damaged.

    Examples
    --------
    >>> info = store_info(store=":memory:")
    >>> [holding.kind for holding in info][:3]
    ['datasets', 'galleries', 'charts']
    """
    opened, user = open_store(store), settings().user
    notes: list[str] = []
    waiting = opened.waiting(user)
    if waiting:
        named = ", ".join(f"{holding.count} {holding.kind}" for holding in waiting)
        notes.append(f"Waiting on this machine for the server: {named}.")
    if getattr(opened, "is_safe_mode", False):
        notes.append(
            "The file lies in a network folder: saves are slower, and where its server passes on "
            "no locks, as sshfs and WebDAV, only one machine may use it at a time."
        )
    if check:
        problems = opened.problems(user)
        notes += [f"Problem: {problem}." for problem in problems] or ["Everything reads back."]
    return StoreInfo(opened.location, user, opened.holdings(user), tuple(notes))


def forget(
    dataset: Dataset | str | None = None,
    *,
    everything: bool = False,
    store: Location = None,
) -> dict[str, int]:
    """Remove a dataset and everything made from it, or all data of the user, for good.

    Unlike a delete this cannot be undone: the records are overwritten in the file, and removed
    from the database. `export_store` makes a copy before.

    Parameters
    ----------
    dataset
        A dataset or its id. Its uploaded file, galleries, saved charts, their history and their
        places in reports go with it.
    everything
        Remove all that is kept of the user; instead of a dataset.
    store
        Where; None takes the configured store.

    Returns
    -------
    dict
        Kind of record -> how many were removed.

    Raises
    ------
    NotInStoreError
        If there is no such dataset.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> forget(everything=True, store=pathlib.Path(tempfile.mkdtemp()) / "store.sqlite3")
    {}
    """
    if (dataset is not None) == everything:
        raise InputError("name a dataset, or everything: erp.forget(everything=True)")
    opened = open_store(store)
    id = dataset.id if isinstance(dataset, Dataset) else dataset
    return opened.forget(settings().user, id)


def export_store(path: str | os.PathLike[str], *, store: Location = None) -> dict[str, int]:
    """Write everything that is kept for the user into one file, as a backup or for another store.

    Parameters
    ----------
    path
        A zip file of JSON lines and the uploaded files; replaced only when it is complete.
    store
        The store to export; None takes the configured one.

    Returns
    -------
    dict
        Kind of record -> how many were written.

    Raises
    ------
    InputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> export_store(folder / "mine.zip", store=folder / "store.sqlite3")
    {}
    """
    return export_archive(open_store(store), settings().user, path)


def import_store(path: str | os.PathLike[str], *, store: Location = None) -> Moved:
    """Add what `export_store` wrote to the store; records that exist already stay as they are.

    Parameters
    ----------
    path
        A file that `export_store` wrote.
    store
        The store to add to; None takes the configured one.

    Returns
    -------
    Moved
        How many records are new and how many were there.

    Raises
    ------
    InputError
        If the file is not such an archive.
    DamagedStoreError
        If the archive is damaged.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = export_store(folder / "mine.zip", store=folder / "store.sqlite3")
    >>> import_store(folder / "mine.zip", store=folder / "other.sqlite3").there
    0
    """
    return import_archive(open_store(store), settings().user, path)


def _size(n_bytes: int) -> str:
    """Return a size as people read it."""
    size, unit = float(n_bytes), "B"
    for larger in ("KB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"


def _when(holding: Holding, which: str) -> str:
    when = getattr(holding, which)
    return "" if when is None else local_time(when)
