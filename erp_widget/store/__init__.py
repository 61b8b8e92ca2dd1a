"""Owns the choice of the store: SQLite on a laptop, MongoDB for a team."""

from __future__ import annotations

import os
import threading

from erp_widget.config import is_mongodb, placed, settings
from erp_widget.errors import InputError
from erp_widget.overwriting import hold
from erp_widget.store.protocol import (
    ChartDraft,
    Dataset,
    EntryKind,
    Event,
    GalleryDraft,
    GalleryRecord,
    Holding,
    Page,
    ReportEntry,
    ReportRecord,
    SavedChart,
    Search,
    Store,
)

__all__ = [
    "ChartDraft",
    "Dataset",
    "EntryKind",
    "Event",
    "GalleryDraft",
    "GalleryRecord",
    "Holding",
    "Location",
    "Page",
    "ReportEntry",
    "ReportRecord",
    "SavedChart",
    "Search",
    "Store",
    "open_store",
]

#: Where to keep things, as people say it; None is the configured store.
Location = str | os.PathLike[str] | Store | None

#: Keyed by process too: neither kind of connection survives a fork.
_opened: dict[tuple[int, str], Store] = {}
_lock = threading.Lock()


def open_store(location: Location = None) -> Store:
    """Open a store, once per place and process; one that was closed is opened anew.

    Parameters
    ----------
    location
        Path of a SQLite file, a MongoDB address, or an open store, which is returned as it is;
        None takes the one of `erp_widget.config.settings`.

    Returns
    -------
    Store
        Ready for use, its tables or collections made.

    Raises
    ------
    StoreError
        If it cannot be opened; the message names the fix.

    Examples
    --------
    >>> open_store(":memory:").location
    ':memory:'
    """
    if location is None:
        location = settings().store
    if not isinstance(location, str | os.PathLike):
        if not hasattr(location, "save_chart"):
            raise InputError(
                f"store must be a path, a mongodb:// address or an open store, not {location!r}"
            )
        return location
    place = placed(os.fspath(location))
    with _lock:
        key = (os.getpid(), place)
        if key not in _opened or _opened[key].is_closed:
            _opened[key] = _open(place)
        return _opened[key]


def _open(place: str) -> Store:
    if is_mongodb(place):
        from erp_widget.store.team_store import TeamStore

        return TeamStore(place)
    from erp_widget.store.sqlite import SqliteStore

    opened = SqliteStore(place)
    hold(place, "the store that is open here")
    return opened
