"""Owns whether the data of a saved chart have changed since it was saved."""

from __future__ import annotations

from datetime import datetime

from erp_widget.errors import StoreError
from erp_widget.sources.called import UNNAMED, named_by_columns
from erp_widget.store import Dataset, SavedChart, Search, Store

#: Newest events of a name among which its last table is looked for.
SEARCHED = 20


class CurrentData:
    """The tables of a user as they were last seen, by name, as far as their store knows.

    Parameters
    ----------
    store, user
        Where tables are looked for, and whose.
    """

    def __init__(self, store: Store, user: str) -> None:
        self._store = store
        self._user = user
        self._last: dict[str, tuple[datetime, Dataset] | None] = {}

    def outdates(self, saved: SavedChart) -> bool:
        """Tell whether a table of that name and those columns was seen with other values since.

        A table without a name is never said to have changed: two of them need not be the same
        table at other times. Nor is one that the store cannot find.
        """
        if saved.dataset_id is None or saved.dataset_name in ("", UNNAMED):
            return False
        try:
            shown = self._store.dataset(self._user, saved.dataset_id)
            if shown.name == named_by_columns(shown.columns):
                return False
            if shown.name not in self._last:
                self._last[shown.name] = self._find(shown.name)
        except StoreError:  # that a badge is missing must not cost the chart
            return False
        found = self._last[shown.name]
        if found is None or found[0] < saved.created_at:
            return False
        last = found[1]
        return last.fingerprint != shown.fingerprint and set(last.columns) == set(shown.columns)

    def _find(self, name: str) -> tuple[datetime, Dataset] | None:
        """Return when a table was last uploaded or recommended under a name, and the table."""
        events = self._store.history(self._user, SEARCHED, search=Search(text=name))
        for event in events:
            if event.name != name or event.kind not in ("upload", "gallery"):
                continue
            id: str | None = event.subject_id
            if event.kind == "gallery":
                id = self._store.gallery(self._user, event.subject_id).dataset_id
            if id is not None:
                return event.created_at, self._store.dataset(self._user, id)
        return None
