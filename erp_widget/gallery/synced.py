"""Owns the gallery's state in the browser, and how it changes while charts come."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Set
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from erp_widget.gallery.changes import GalleryChanges
from erp_widget.gallery.packing import SHARED
from erp_widget.gallery.saves import GallerySaves
from erp_widget.gallery.state import chart_state, view_state
from erp_widget.gallery.work import HOW_TO_STOP, Workshop
from erp_widget.widgets.files import STATIC, runtime, source, version
from erp_widget.widgets.requests import sendable

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.store import Store


#: Those of this process: several may show the same chart of a table.
_galleries: weakref.WeakSet[SyncedGallery] = weakref.WeakSet()


class SyncedGallery(anywidget.AnyWidget):
    """What the browser knows of a gallery.

    A chart comes as ``{kind: "chart", chart, place}`` as soon as it is drawn.
    """

    _esm = source("gallery.js") if (STATIC / "gallery.js").is_file() else ""
    title = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    charts = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: Schema and configuration that are left out of the charts' specs, since they share them.
    shared = traitlets.Dict().tag(sync=True)
    #: Ids of the charts shown, in order, also of those that are still to be drawn.
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    #: What the table's columns were read as: name, type, evidence, told.
    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: Which columns and relations are shown, and which not yet.
    coverage = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: What is asked about: columns, told, and the choices there are.
    about = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: Whether the table is at hand, so that charts can be changed.
    changeable = traitlets.Bool().tag(sync=True)
    #: The last change, where it can be taken back: what it was, and ids of charts it brought.
    undo = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: What is being done: what, done, total.
    work = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: Ids of charts that are in the store.
    saved = traitlets.List(traitlets.Unicode()).tag(sync=True)
    #: Those of them that wait on this machine for a server.
    waiting = traitlets.List(traitlets.Unicode()).tag(sync=True)
    #: Class of the words that stand for the gallery where it is not seen, and hide beside it.
    still = traitlets.Unicode().tag(sync=True)
    runtime = traitlets.Unicode().tag(sync=True)
    runtime_version = traitlets.Unicode().tag(sync=True)

    def __init__(self, gallery: Gallery) -> None:
        self.workshop = Workshop()
        self._changes = GalleryChanges.of(gallery)
        self._saves = GallerySaves(gallery.drawn)
        #: Held where the state changes: the kernel's thread and the one that draws both do that.
        self._state_lock = threading.RLock()
        self._is_told_otherwise = False
        super().__init__(
            title=sendable(gallery.title),
            charts=[chart_state(chart) for chart in gallery.drawn],
            shared=SHARED,
            runtime=f"anywidget:{runtime().model_id}",
            runtime_version=version("runtime.js"),
            **view_state(self._changes),
        )
        _galleries.add(self)

    def _send_chart(self, chart: Chart) -> None:
        """Send one chart and its place; the whole lists are there for views that are made later."""
        self._saves.know(chart)
        state = chart_state(chart)
        with self._state_lock:
            place = self.order.index(chart.id) if chart.id in self.order else None
            self._keep([*(one for one in self.charts if one["id"] != chart.id), state])
        self.send({"kind": "chart", "chart": state, "place": place})

    def _drop_charts(self, needed: Set[str]) -> None:
        """Keep only charts that are needed, can be shown again or are saved.

        No change may be on its way: its charts are in no view yet.
        """
        with self._state_lock:
            kept = self._saves.keep(needed | self._changes.reachable)
            self._keep([one for one in self.charts if one["id"] in kept])

    def _keep(self, charts: list[dict[str, Any]]) -> None:
        """Have charts there for views that are made later; those of now are told otherwise."""
        self._is_told_otherwise = True
        self.charts = charts
        self._is_told_otherwise = False

    def _exchange(self, chart: Chart) -> None:
        """Put an exact chart in the place of the approximate one."""
        self._changes.exchange(chart)
        self._send_chart(chart)

    def _should_send_property(self, key: str, value: object) -> bool:
        if self._is_told_otherwise and key == "charts":
            return False
        return bool(super()._should_send_property(key, value))

    def _at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        if self.workshop.is_here:
            what += HOW_TO_STOP
        with self._state_lock:
            self.work = {"what": what, "done": done, "total": total}

    def _show_order(self, order: list[str]) -> None:
        with self._state_lock:
            self.order = order

    def _show_view(self) -> None:
        """Bring what the browser shows to what the changes have come to."""
        with self._state_lock, self.hold_sync():
            self.work = None
            for name, value in view_state(self._changes).items():
                setattr(self, name, value)

    def _show_saves(self) -> None:
        """Bring what the browser knows of saves up to date."""
        with self._state_lock, self.hold_sync():
            self.saved, self.waiting = self._saves.ids, self._saves.waiting

    def _show_deleted(self, place: tuple[Store, str]) -> None:
        """Have every gallery of this process show that a chart is saved no more."""
        for gallery in tuple(_galleries):
            if gallery._saves.deleted(place):
                gallery._show_saves()
