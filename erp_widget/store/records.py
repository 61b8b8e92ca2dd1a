"""Owns what every store does alike with each kind of record: read one, list, hide, bring back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from erp_widget.store.kinds import Kind
from erp_widget.store.protocol import (
    PAGE_SIZE,
    Dataset,
    Event,
    GalleryRecord,
    Page,
    ReportRecord,
    SavedChart,
    Search,
)


class Records(ABC):
    """The names that the protocol has for these; a store says once how, for whichever kind."""

    #: Whether `close` was called; a store that is opened again is another one.
    is_closed = False

    @abstractmethod
    def record(self, kind: Kind, user: str, id: str) -> Any:
        """Return one record, or raise `NotInStoreError`."""

    @abstractmethod
    def page(
        self, kind: Kind, user: str, limit: int, cursor: str | None, search: Search | None
    ) -> Page[Any]:
        """Return records, newest first."""

    @abstractmethod
    def delete(self, kind: Kind, user: str, id: str) -> None:
        """Hide a record until it is restored."""

    @abstractmethod
    def restore(self, kind: Kind, user: str, id: str) -> Any:
        """Bring a hidden record back and return it."""

    @abstractmethod
    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report."""

    def report_to_add_to(self, user: str, name: str) -> ReportRecord:
        """Return a report to which something is added."""
        return self.get_report(user, name)

    def dataset(self, user: str, id: str) -> Dataset:
        """Return one dataset."""
        found: Dataset = self.record("datasets", user, id)
        return found

    def datasets(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[Dataset]:
        """Return datasets, newest first."""
        return self.page("datasets", user, limit, cursor, None)

    def delete_dataset(self, user: str, id: str) -> None:
        """Hide a dataset."""
        self.delete("datasets", user, id)

    def restore_dataset(self, user: str, id: str) -> Dataset:
        """Bring a deleted dataset back."""
        found: Dataset = self.restore("datasets", user, id)
        return found

    def gallery(self, user: str, id: str) -> GalleryRecord:
        """Return one gallery."""
        found: GalleryRecord = self.record("galleries", user, id)
        return found

    def galleries(
        self, user: str, limit: int = PAGE_SIZE, cursor: str | None = None
    ) -> Page[GalleryRecord]:
        """Return galleries, newest first."""
        return self.page("galleries", user, limit, cursor, None)

    def delete_gallery(self, user: str, id: str) -> None:
        """Hide a gallery."""
        self.delete("galleries", user, id)

    def restore_gallery(self, user: str, id: str) -> GalleryRecord:
        """Bring a deleted gallery back."""
        found: GalleryRecord = self.restore("galleries", user, id)
        return found

    def chart(self, user: str, id: str) -> SavedChart:
        """Return one saved chart."""
        found: SavedChart = self.record("charts", user, id)
        return found

    def charts(
        self,
        user: str,
        limit: int = PAGE_SIZE,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> Page[SavedChart]:
        """Return saved charts, newest first."""
        return self.page("charts", user, limit, cursor, search)

    def delete_chart(self, user: str, id: str) -> None:
        """Hide a saved chart."""
        self.delete("charts", user, id)

    def restore_chart(self, user: str, id: str) -> SavedChart:
        """Bring a deleted chart back."""
        found: SavedChart = self.restore("charts", user, id)
        return found

    def history(
        self,
        user: str,
        limit: int = PAGE_SIZE,
        cursor: str | None = None,
        search: Search | None = None,
    ) -> Page[Event]:
        """Return events, newest first."""
        return self.page("events", user, limit, cursor, search)
