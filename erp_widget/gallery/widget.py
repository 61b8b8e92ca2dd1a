"""Owns the gallery in the browser: its state, and an answer to every message it sends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from erp_widget.gallery.changes import Change, GalleryChanges, asked_change
from erp_widget.gallery.last_seen import LastSeen
from erp_widget.gallery.packing import SHARED
from erp_widget.gallery.refining import Refining
from erp_widget.gallery.saves import GallerySaves
from erp_widget.gallery.state import (
    chart_state,
    is_pending,
    offered,
    order_of,
    rows_state,
    view_state,
)
from erp_widget.gallery.waits import WAITING, WaitingSave
from erp_widget.gallery.work import CANCELLED, HOW_TO_STOP, STOPPED, Job, Workshop
from erp_widget.reports import editing
from erp_widget.reports.following import follow
from erp_widget.reports.live import LiveReport, report_state
from erp_widget.widgets.files import STATIC, runtime, source, version
from erp_widget.widgets.requests import (
    Reply,
    commanded,
    explained,
    is_request,
    replied,
    reply_to,
    sendable,
)
from erp_widget.widgets.watching import is_person_there

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.gallery.still import StillGallery


#: Commands that change what is shown; they are done in their order, in a thread.
CHANGES = ("more_like", "without", "next", "retype", "about", "edit", "level", "undo")


def _charts_of(gallery: Gallery) -> Iterator[Chart | str]:
    """Draw a gallery's charts, then say which could not be drawn."""
    before = gallery.notes
    yield from gallery.arriving()
    yield from (note for note in gallery.notes if note not in before)


class GalleryWidget(anywidget.AnyWidget):
    """One gallery; the browser asks, this answers.

    Every message ``{kind: "request", id, command, chart, ...}`` is answered by
    ``{kind: "reply", id, ok, ...}``, with the error as one line where it failed. What takes a
    while is done in a thread: ``{kind: "accepted", id}`` says so, and every chart comes as
    ``{kind: "chart", chart}`` as soon as it is drawn.
    """

    _esm = source("gallery.js") if (STATIC / "gallery.js").is_file() else ""
    title = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    charts = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: Schema and configuration that are left out of the charts' specs, since they share them.
    shared = traitlets.Dict().tag(sync=True)
    #: Ids of the charts shown, in order; "pending:n" for one that is still to be drawn.
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
        self.live_report = LiveReport()
        self.workshop = Workshop()
        self._refining = Refining()
        self._changes = GalleryChanges.of(gallery)
        self._saves = GallerySaves(gallery.drawn)
        #: Held where the state changes: the kernel's thread and the one that draws both do that.
        self._state_lock = threading.RLock()
        self._is_told_otherwise = False
        self._last_seen: LastSeen | None = None
        super().__init__(
            title=sendable(gallery.title),
            charts=[chart_state(chart) for chart in gallery.drawn],
            shared=SHARED,
            runtime=f"anywidget:{runtime().model_id}",
            runtime_version=version("runtime.js"),
            **view_state(self._changes),
        )
        self.on_msg(lambda _, content, __: self.receive(content))

    def stream(self, gallery: Gallery) -> Sequence[Chart]:
        """Draw what is still to be drawn of the first list, of a large table from a sample.

        Returns
        -------
        Sequence of Chart
            What is shown then; `refine` has exact charts take the place of approximate ones.
        """
        question = gallery.question
        if question is None or gallery.is_drawn:
            return gallery.drawn
        with self._state_lock:
            self.order = [question.id_of(one.design) for one in gallery.designs]
        shown: list[Chart] = []
        if question.is_large and is_person_there():
            for chart in question.sketch.drawing(gallery.designs):
                if not isinstance(chart, str):  # perhaps only the sample has nothing to show
                    shown.append(chart)
                    self._send_chart(chart)
        self._changes = GalleryChanges.of(gallery, shown)
        self._refining.add(_charts_of(gallery), len(gallery.designs))
        if not question.table.is_settled or not shown:
            self._refine_in_the_cell()
        return self._changes.view.charts

    def refine(self) -> bool:
        """Begin to replace approximate charts by exact ones; return whether there are any."""
        if self._refining.is_on:
            self.workshop.add(Job(self._refine, self._stop_refining))
        return self._refining.is_on

    def follow(self, still: StillGallery) -> None:
        """Have changes of the list kept: in the still beside it, and in the history."""
        self._last_seen = LastSeen(still, self._changes.view, self.title)

    def receive(self, content: object) -> None:
        """Answer one message of the browser; whatever happens, there is an answer."""
        if not is_request(content):
            return
        if content.get("command") in CHANGES:
            self.send({"kind": "accepted", "id": content.get("id")})
            self.workshop.add(
                Job(lambda job: self._change(content, job), lambda: self._reply(content, CANCELLED))
            )
            return
        if content.get("command") == "save" and self._is_waiting(content):
            self.send({"kind": "accepted", "id": content.get("id")})
            return
        self._do(content)

    def _do(self, content: dict[str, Any]) -> None:
        reply = replied(content, self._answer)
        if content.get("command") == "save" and reply.get("busy"):
            self.send({"kind": "accepted", "id": content.get("id")})
            waiting = WaitingSave(lambda: replied(content, self._answer), self.send, reply)
            self._at_work(f"{WAITING}{reply['error']}")
            self.workshop.add(Job(lambda job: self._save_when_free(waiting, job), waiting.drop))
        else:
            self.send(reply)

    def _save_when_free(self, waiting: WaitingSave, job: Job) -> None:
        self._at_work(f"{WAITING}{waiting.why}")
        waiting.run(job)
        self._show_view()
        if not self.workshop.has_waiting:
            self.refine()

    def _is_waiting(self, content: dict[str, Any]) -> bool:
        """Have a save wait, where its chart is approximate and an exact one is on its way."""
        shown = partial(self._saves.known, content.get("chart"))
        return self._refining.wait_for(shown, content)

    def _reply(self, content: dict[str, Any], reply: Reply) -> None:
        self.send(reply_to(content, reply))

    def _answer(self, content: dict[str, Any]) -> Reply:
        commands: dict[str, Callable[[object], Reply]] = {
            "report_edit": lambda _: self._edit_report(content),
            "report_cell": lambda _: report_state(self._saves.report()),
            "saved": self._look,
            "save": self._save,
            "remove": self._remove,
            "waiting": self._look_at_waiting,
            "code": self._code,
            "show_report": self._show_report,
            "edits": self._edits,
            "levels": lambda chart: offered(self._changes.levels(chart, content.get("column"))),
            "rows": self._rows,
            "cancel": self._cancel,
        }
        return commanded(content, commands)(content.get("chart"))

    # --- what is answered at once

    def _look(self, _: object) -> Reply:
        self._saves.look()
        self._show_saves()
        return {"saved": self.saved}

    def _look_at_waiting(self, _: object) -> Reply:
        self._saves.look_at_waiting()
        self._show_saves()
        return {"waiting": self.waiting}

    def _show_saves(self) -> None:
        """Bring what the browser knows of saves up to date."""
        with self._state_lock, self.hold_sync():
            self.saved, self.waiting = self._saves.ids, self._saves.waiting

    def _save(self, chart: object) -> Reply:
        self._saves.save(chart)
        # The card shows it at once; pictures for the report take longer.
        self._show_saves()
        try:
            return report_state(self._saves.add_to_report(chart))
        except Exception as error:
            return {"warning": f"It is not in the report: {explained(error)}"}

    def _remove(self, chart: object) -> Reply:
        report = self._saves.remove(chart)
        self._show_saves()
        try:
            return report_state(report)
        except Exception as error:
            return {"warning": f"The report is not up to date: {explained(error)}"}

    def _code(self, chart: object) -> Reply:
        return {"code": self._saves.chart(chart).code()}

    def _show_report(self, _: object) -> Reply:
        return {"shown": self.live_report.show(self._saves.report())}

    def _edit_report(self, content: dict[str, Any]) -> Reply:
        report = self._saves.report()
        follow(report.key, self)
        return editing.edited(report, content)

    def report_changed(self) -> None:
        """Have an open editor of the report look at it again."""
        self.send({"kind": "report_changed"})

    def _rows(self, _: object) -> Reply:
        return rows_state(self._changes.question.table)

    def _edits(self, chart: object) -> Reply:
        return {"groups": self._changes.edits(chart)}

    def _cancel(self, _: object) -> Reply:
        return {"said": "" if self.workshop.cancel() else "There is nothing to cancel."}

    # --- what takes a while

    def _change(self, content: dict[str, Any], job: Job) -> None:
        """Change what is shown; charts come as they are drawn."""
        try:
            if content["command"] == "undo":
                said = self._changes.undo()
            else:
                self._at_work("Looking for charts")
                change = asked_change(self._changes, content)
                drawn, failures = self._drawn(change, job)
                said = self._changes.take(change, drawn, failures)
            reply = {"ok": True, "said": f"Stopped. {said}" if job.stopped else said}
        except Exception as error:
            reply = {"ok": False, "error": explained(error)}
        self._show_view()
        self._reply(content, reply)
        if self._last_seen is not None and reply["ok"]:
            self._last_seen.changed(self._changes.view)
        if job.stopped:
            self._stop_refining()
        elif not self.workshop.has_waiting:
            self.refine()

    def _drawn(self, change: Change, job: Job) -> tuple[list[Chart], list[str]]:
        """Draw the charts of a change, best first, until they are there or a person cancels."""
        drawn: list[Chart] = []
        failures: list[str] = []
        total = len(change.ranked)
        with self._state_lock:
            self.order = order_of(change.place([None] * total))
        question = change.question.sketch if change.question.is_large else change.question
        for one in question.drawing(change.ranked):
            # The query that was under way when a person cancelled has failed; that is no news.
            if job.stopped:
                break
            if isinstance(one, str):
                failures.append(one)
            else:
                drawn.append(one)
                self._send_chart(one)
            self._at_work("Drawing charts", len(drawn) + len(failures), total)
        if change.question.is_large and not job.stopped:
            self._refining.add(change.question.drawing(change.ranked), total)
            failures = []  # what fails of all rows, too, is said then
        return drawn, failures

    def _send_chart(self, chart: Chart) -> None:
        """Send one chart and its place; the whole lists are there for views that are made later."""
        self._saves.know(chart)
        state = chart_state(chart)
        with self._state_lock:
            pending = (at for at, id in enumerate(self.order) if is_pending(id))
            known = self.order.index(chart.id) if chart.id in self.order else None
            place = next(pending, None) if known is None else known
            self._is_told_otherwise = True
            self.charts = [*(one for one in self.charts if one["id"] != chart.id), state]
            if place is not None:
                self.order = [*self.order[:place], chart.id, *self.order[place + 1 :]]
            self._is_told_otherwise = False
        self.send({"kind": "chart", "chart": state, "place": place})

    # --- exact charts in the place of approximate ones

    def _refine_in_the_cell(self) -> None:
        """Draw exactly while the cell runs: the kernel hears no message, but its interrupt."""
        try:
            for _ in self._refined(HOW_TO_STOP):
                pass
        except KeyboardInterrupt:
            self._changes.note(STOPPED)
        self._stop_refining()

    def _refine(self, job: Job) -> None:
        """Draw exactly in a thread; what a person asks meanwhile comes first."""
        try:
            for _ in self._refined():
                if job.stopped:
                    break
                if self.workshop.has_waiting:
                    self.refine()
                    return
        except Exception as error:
            if not job.stopped:
                self._changes.note(explained(error))
        if job.stopped:
            self._changes.note(STOPPED)
        self._stop_refining()
        if self._last_seen is not None:
            tell = self._last_seen.stopped if job.stopped else self._last_seen.changed
            tell(self._changes.view)

    def _refined(self, how_to_stop: str = "") -> Iterator[None]:
        """Replace one chart after the other, in order of rank."""
        what = f"Drawing charts of all {self._changes.question.table.n_rows:,} rows{how_to_stop}"
        self._at_work(what, *self._refining.progress)
        while (one := self._refining.next()) is not None:
            if isinstance(one, str):
                self._changes.note(one)
            else:
                for content in self._refining.due(one, partial(self._exchange, one)):
                    self._do(content)
            self._at_work(what, *self._refining.progress)
            yield

    def _exchange(self, chart: Chart) -> None:
        self._changes.exchange(chart, self.order)
        self._send_chart(chart)

    def _stop_refining(self) -> None:
        """Leave charts as they are; saves that wait for exact ones are done with those shown."""
        for content in self._refining.end():
            self._do(content)
        self._show_view()

    def _should_send_property(self, key: str, value: object) -> bool:
        if self._is_told_otherwise and key in ("charts", "order"):
            return False
        return bool(super()._should_send_property(key, value))

    def _at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        with self._state_lock:
            self.work = {"what": what, "done": done, "total": total}

    def _show_view(self) -> None:
        """Bring what the browser shows to what the changes have come to."""
        with self._state_lock, self.hold_sync():
            self.work = None
            for name, value in view_state(self._changes).items():
                setattr(self, name, value)
