"""Owns what the lists of stored things share: pages, search, and how a notebook shows them."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar

from erp_widget.errors import StoreError
from erp_widget.library.finding import When, nothing_matches, search_of
from erp_widget.library.listing import Listing
from erp_widget.store import Event, Page, SavedChart, Search, Store

if TYPE_CHECKING:
    from erp_widget.library.widget import LibraryWidget

T = TypeVar("T", bound=Event | SavedChart)

#: Tables whose columns are offered where one is searched for.
TABLES_OFFERED = 10


class StoredList(Listing[T]):
    """A list of what a user has in a store, which can be searched and shown in a notebook.

    Parameters
    ----------
    store, user
        Where the records are, and whose they are.
    limit
        Records of one page.
    cursor
        The end of the page before; None for the first page.
    search
        What the records must match; None for all.
    """

    heading = ""
    _widget: LibraryWidget | None = None

    def __init__(
        self,
        store: Store,
        user: str,
        limit: int,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> None:
        page = self._page(store, user, limit, cursor, search)
        super().__init__(page.records, page.cursor, page.notice)
        self._store, self._user, self._limit, self._search = store, user, limit, search
        if search is not None and search != Search():
            self.empty = nothing_matches(search)

    @staticmethod
    def _page(
        store: Store, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[T]:
        raise NotImplementedError

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
        """Return the records that match, among those that match the search of this list so far.

        Parameters
        ----------
        text
            The name must contain it, in upper or lower case; an empty text matches all.
        column, mark, since, until
            As `history` takes them; None leaves them as they are.

        Raises
        ------
        InputError
            A mark does not exist, or a date cannot be read.
        """
        wanted = search_of(text.strip(), column, mark, since, until) or Search()
        before = self._search or Search()
        earlier = (before.text, *before.also)
        wanted = Search(
            wanted.text,
            wanted.column if wanted.column is not None else before.column,
            wanted.mark if wanted.mark is not None else before.mark,
            wanted.since or before.since,
            wanted.until or before.until,
            tuple(one for one in earlier if one),
        )
        return type(self)(self._store, self._user, self._limit, None, wanted)

    def more(self) -> Self:
        """Return the records before these; an empty list at the end."""
        if self.cursor is not None:
            return type(self)(self._store, self._user, self._limit, self.cursor, self._search)
        return self._with((), "There is nothing older.", self.notice)

    def _with(self, records: tuple[T, ...], empty: str, notice: str = "") -> Self:
        """Return this list with other records, which need not be read."""
        other = copy(self)
        other._records, other.empty, other.notice, other._widget = records, empty, notice, None
        return other

    def _read(self) -> Self:
        """Return the first page, read again."""
        return type(self)(self._store, self._user, self._limit, None, self._search)

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

        from erp_widget.library.widget import LibraryWidget, browser_file_missing
        from erp_widget.widgets.watching import has_widgets

        if browser_file_missing() or not has_widgets():
            display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)
            return
        if self._widget is None:
            self._widget = LibraryWidget(self)  # type: ignore[arg-type]
        self._widget.display(self)  # type: ignore[arg-type]
