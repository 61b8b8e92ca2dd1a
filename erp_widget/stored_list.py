"""Owns what lists of stored things have in common: searched, and shown in a notebook."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

from erp_widget.errors import StoreError
from erp_widget.finding import When, search_of
from erp_widget.listing import Listing
from erp_widget.store import Event, SavedChart, Search, Store

if TYPE_CHECKING:
    from erp_widget.library_widget import LibraryWidget

T = TypeVar("T", Event, SavedChart)

#: Tables whose columns are offered where one is searched for.
TABLES_OFFERED = 10


class StoredList(Listing[T]):
    """A list of what a user has in a store, which can be searched and shown in a notebook."""

    heading = ""
    _store: Store
    _user: str
    _limit: int
    _search: Search | None
    _widget: LibraryWidget | None = None

    @property
    def store(self) -> Store:
        """Where the records are."""
        return self._store

    def matching(
        self,
        text: str,
        *,
        column: str | None = None,
        mark: str | None = None,
        since: When = None,
        until: When = None,
    ) -> Self:
        """Return the records that fit; what was asked of this list otherwise still holds.

        Parameters
        ----------
        text
            Occurs in the name, whatever its case; an empty one fits all.
        column, mark, since, until
            As `history` takes them; None leaves them as they are.

        Raises
        ------
        InputError
            A mark does not exist, or a date cannot be read.
        """
        wanted = search_of(text.strip(), column, mark, since, until) or Search()
        before = self._search or Search()
        wanted = Search(
            wanted.text,
            wanted.column if wanted.column is not None else before.column,
            wanted.mark if wanted.mark is not None else before.mark,
            wanted.since or before.since,
            wanted.until or before.until,
        )
        return type(self)(self._store, self._user, self._limit, None, wanted)  # type: ignore[call-arg, arg-type]

    def known_columns(self) -> list[str]:
        """Return names of columns that a search may ask for: those of the newest tables."""
        with suppress(StoreError):
            tables = self._store.datasets(self._user, TABLES_OFFERED)
            return list(dict.fromkeys(name for table in tables for name in table.columns))
        return []

    def rows(self) -> list[dict[str, Any]]:
        """Return what a table on the screen shows of each record."""
        raise NotImplementedError

    def saved_chart(self, id: str) -> SavedChart:
        """Return a saved chart, which can be added to a report.

        Raises
        ------
        NotInStoreError
            If there is none, or it was deleted since.
        """
        return self._store.chart(self._user, id)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        from erp_widget.library_widget import LibraryWidget, browser_file_missing
        from erp_widget.watching import has_widgets

        if browser_file_missing() or not has_widgets():
            display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)
            return
        if self._widget is None:
            self._widget = LibraryWidget(self)  # type: ignore[arg-type]
        self._widget.display(self)  # type: ignore[arg-type]
