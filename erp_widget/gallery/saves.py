"""Owns what a click changes: the chart in the store, and the report that shows it."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from erp_widget.config import settings
from erp_widget.errors import InputError, NotInStoreError, StoreUnreachableError
from erp_widget.store import SavedChart, Store, open_store

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.reports.report import Report

#: Newest saved charts among which a chart is looked for that was saved from an earlier gallery.
SEARCHED = 200

_log = logging.getLogger("erp_widget")


class GallerySaves:
    """Saves charts of one gallery and takes saves back.

    Parameters
    ----------
    charts
        Of the gallery; each knows its store.
    """

    def __init__(self, charts: Iterable[Chart]) -> None:
        self._charts = {chart.id: chart for chart in charts}
        #: Where all of them are kept.
        self._place = next((chart.store for chart in self._charts.values()), None)
        #: Chart of this gallery -> id in the store, where the same chart was saved before.
        self._stored: dict[str, str] = {}
        self._waiting: set[str] = set()

    @property
    def ids(self) -> list[str]:
        """Charts of this gallery that are saved, as far as is known."""
        return list(self._stored)

    @property
    def waiting(self) -> list[str]:
        """Those of `ids` that wait on this machine for a server, as far as is known."""
        return [id for id in self._stored if id in self._waiting]

    def know(self, chart: Chart) -> None:
        """Take a chart that came to the gallery later."""
        self._charts[chart.id] = chart
        self._place = chart.store

    def keep(self, ids: Collection[str]) -> set[str]:
        """Know only some charts and those that are saved; return the ids of these."""
        kept = {*ids, *self._stored}
        self._charts = {id: chart for id, chart in self._charts.items() if id in kept}
        return kept

    def known(self, id: object) -> Chart | None:
        """Return a chart of this gallery; None where it has no such chart."""
        return self._charts.get(id) if isinstance(id, str) else None

    def chart(self, id: object) -> Chart:
        """Return a chart of this gallery, or raise `InputError`."""
        if not isinstance(id, str) or id not in self._charts:
            raise InputError("this gallery has no such chart; run the cell again")
        return self._charts[id]

    def look(self) -> None:
        """Find out which charts are saved, also from an earlier run of the same cell."""
        # A notebook that was renamed finds its report as long as its file has the mark of it.
        self.report()
        by_id: dict[str, str] = {}
        by_content: dict[str, str] = {}
        page = self._store().charts(settings().user, SEARCHED)
        for saved in page:
            by_id[saved.id] = saved.id
            if not saved.record.get("approximate"):
                by_content.setdefault(_content(saved.dataset_id, saved), saved.id)
        found = {}
        for id, chart in list(self._charts.items()):
            stored = by_id.get(id)
            if stored is None and chart.dataset_id is not None:
                stored = by_content.get(_content(chart.dataset_id, chart))
            if stored is not None:
                found[id] = stored
        waiting = {saved.id for saved in page if saved.waiting}
        self._waiting = {id for id, stored in found.items() if stored in waiting}
        # Without the server only what waits is listed; what was seen saved there stays saved.
        self._stored = {**self._stored, **found} if page.notice else found

    def look_at_waiting(self) -> None:
        """Find out whether saves still wait, without asking the server."""
        held = self._store().waiting(settings().user)
        if not any(holding.kind == "charts" for holding in held):
            self._waiting.clear()

    def save(self, id: object) -> None:
        """Save a chart; one that is saved already stays as it is."""
        chart = self.chart(id)
        if not self._is_stored(chart):
            saved = chart.save()
            self._stored[chart.id] = saved.id
            if saved.waiting:
                self._waiting.add(chart.id)

    def _is_stored(self, chart: Chart) -> bool:
        """Look into the store: another gallery or a cell may have deleted the chart meanwhile."""
        if chart.id not in self._stored:
            return False
        try:
            self._store().chart(settings().user, self._stored[chart.id])
        except NotInStoreError:
            self._take_as_deleted(chart.id)
            return False
        except StoreUnreachableError:  # as it was last seen
            return True
        return True

    def add_to_report(self, id: object) -> Report:
        """Put a saved chart into the notebook's report."""
        chart = self.chart(id)
        store = self._store()
        saved = store.chart(settings().user, self._stored[chart.id])
        return self.report().add(saved)

    def remove(self, id: object) -> tuple[Report | None, str]:
        """Take a chart out of the report and, unless another report shows it, out of the store.

        Returns
        -------
        Report or None
            The report, if the chart was in it.
        str
            What still shows the chart, so that it stays saved; empty if it is saved no more.
        """
        chart = self.chart(id)
        stored = self._stored.get(chart.id, chart.id)
        report = self.report()
        changed: Report | None = report
        try:
            report.remove(stored)
        except NotInStoreError:
            changed = None
        shown = report.others_with(stored)
        if not shown:
            self._delete(chart, stored)
        return changed, shown

    def _delete(self, chart: Chart, stored: str) -> None:
        try:
            self._store().delete_chart(settings().user, stored)
        except NotInStoreError:
            _log.debug("the chart was deleted already")
        self._take_as_deleted(chart.id)

    def place(self, id: object) -> tuple[Store, str]:
        """Return the store that has a chart, or would have it, and the chart's id there."""
        chart = self.chart(id)
        return self._store(), self._stored.get(chart.id, chart.id)

    def deleted(self, place: tuple[Store, str]) -> bool:
        """Take a chart as deleted by another gallery; return whether this one had it as saved."""
        gone = [id for id, stored in self._stored.items() if stored == place[1]]
        if not gone or self._store() is not place[0]:
            return False
        for id in gone:
            self._take_as_deleted(id)
        return True

    def _take_as_deleted(self, id: str) -> None:
        self._stored.pop(id, None)
        self._waiting.discard(id)

    def report(self) -> Report:
        """Open the report of the notebook, in the store of the charts."""
        # A gallery is shown before anybody asks for what a report needs.
        from erp_widget.reports.report import report

        return report(store=self._place)

    def _store(self) -> Store:
        return open_store(self._place)


def _content(dataset_id: str | None, chart: Chart | SavedChart) -> str:
    """Return a text that two charts share if they show the same of the same table."""
    declared = chart.record.get("declared") if isinstance(chart, SavedChart) else chart.declared
    return json.dumps([dataset_id, chart.title, declared], sort_keys=True, default=str)
