"""Owns the gallery in the browser: an answer to every message it sends, and what takes a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from erp_widget.gallery.changes import GalleryChanges, asked_change
from erp_widget.gallery.last_seen import LastSeen
from erp_widget.gallery.refining import Refining
from erp_widget.gallery.state import offered, rows_state
from erp_widget.gallery.synced import SyncedGallery
from erp_widget.gallery.view import Change
from erp_widget.gallery.waits import WAITING, WaitingSave
from erp_widget.gallery.work import CANCELLED, STOPPED, Job
from erp_widget.reports import editing
from erp_widget.reports.following import follow
from erp_widget.reports.live import LiveReport, report_state
from erp_widget.widgets.requests import (
    Reply,
    commanded,
    explained,
    is_request,
    replied,
    reply_to,
    sendable,
)
from erp_widget.widgets.watching import is_person_there, sends_from_one_thread

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


class GalleryWidget(SyncedGallery):
    """One gallery; the browser asks, this answers.

    Every message ``{kind: "request", id, command, chart, ...}`` is answered by
    ``{kind: "reply", id, ok, ...}``, with the error as one line where it failed. What takes a
    while is done in a thread: ``{kind: "accepted", id}`` says so.
    """

    def __init__(self, gallery: Gallery) -> None:
        self.live_report = LiveReport()
        self._refining = Refining()
        self._last_seen: LastSeen | None = None
        super().__init__(gallery)
        self.on_msg(lambda _, content, __: self.receive(content))

    def stream(self, gallery: Gallery) -> Sequence[Chart]:
        """Draw what is still to be drawn of the first list, of a large table from a sample.

        A list that is on its way, or that a person has changed, stays as it is.

        Returns
        -------
        Sequence of Chart
            What is shown then; `refine` has exact charts take the place of approximate ones.
        """
        question = gallery.question
        has_begun = self._refining.is_on or self._changes.undoable or not self.workshop.wait(0)
        if question is None or gallery.is_drawn or has_begun:
            return self._changes.view.charts
        self._show_order([question.id_of(one.design) for one in gallery.designs])
        shown: list[Chart] = []
        if question.is_large and is_person_there():
            for chart in question.sketch.drawing(gallery.designs):
                if not isinstance(chart, str):  # perhaps only the sample has nothing to show
                    shown.append(chart)
                    self._send_chart(chart)
        self._changes = GalleryChanges.of(gallery, shown)
        self._refining.add(_charts_of(gallery), len(gallery.designs))
        if not question.table.is_settled or not shown:
            self.workshop.do_here(self._exact_charts())
        return self._changes.view.charts

    def refine(self) -> bool:
        """Begin to replace approximate charts by exact ones; return whether there are any."""
        if self._refining.is_on:
            self._begin(self._exact_charts())
        return self._refining.is_on

    def follow(self, still: StillGallery, gallery: Gallery) -> None:
        """Have changes of the list kept: in the still beside it, and in the history."""
        if self._last_seen is None:
            self._last_seen = LastSeen(still, gallery, self._changes.view)
        if not gallery.is_drawn and not self._refining.is_on:  # it was stopped
            self._last_seen.changed(self._changes.view)

    def receive(self, content: object) -> None:
        """Answer one message of the browser; whatever happens, there is an answer."""
        if not is_request(content):
            return
        if content.get("command") in CHANGES:
            self.send({"kind": "accepted", "id": content.get("id")})
            self._begin(
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

    def _save(self, chart: object) -> Reply:
        self._saves.save(chart)
        # The card shows it at once; pictures for the report take longer.
        self._show_saves()
        try:
            return report_state(self._saves.add_to_report(chart))
        except Exception as error:
            return {"warning": f"It is not in the report: {explained(error)}"}

    def _remove(self, chart: object) -> Reply:
        place = self._saves.place(chart)
        report, shown = self._saves.remove(chart)
        self._show_saves()
        if not shown:
            self._show_deleted(place)
        kept = {"kept": sendable(shown)} if shown else {}
        try:
            return kept if report is None else kept | report_state(report)
        except Exception as error:
            return kept | {"warning": f"The report is not up to date: {explained(error)}"}

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

    def _begin(self, job: Job) -> None:
        """Have a job done in a thread; in this one, if another cell could change the rows then.

        Also in this one where a host sends nothing from others.
        """
        question = self._changes.view.question
        is_settled = question is None or question.table.is_settled
        if is_settled and not sends_from_one_thread(self.comm):
            self.workshop.add(job)
        else:
            self.workshop.do_here(job)

    def _change(self, content: dict[str, Any], job: Job) -> None:
        """Change what is shown; charts come as they are drawn."""
        try:
            if content["command"] == "undo":
                said = self._changes.undo()
            else:
                self._at_work("Looking for charts")
                change = asked_change(self._changes, content)
                said = self._changes.take(change, *self._drawn(change, job))
            reply = {"ok": True, "said": f"Stopped. {said}" if job.stopped else said}
        except KeyboardInterrupt:
            job.stop()
            reply = CANCELLED
        except Exception as error:
            reply = CANCELLED if job.stopped else {"ok": False, "error": explained(error)}
        self._show_view()
        self._drop_charts(self._refining.asked_for)
        self._reply(content, reply)
        if job.stopped:
            self._stop_refining()
        if reply["ok"]:
            self._list_changed()
        if not self.workshop.has_waiting:
            self.refine()

    def _drawn(self, change: Change, job: Job) -> tuple[list[Chart], list[str], bool]:
        """Draw the charts of a change, best first, until they are there or a person cancels.

        Returns
        -------
        tuple
            The charts, what is to be said of others, and whether exact charts are to come.
        """
        drawn: list[Chart] = []
        failures: list[str] = []
        total, question = len(change.ranked), change.question
        self._show_order(self._changes.view.changed(change, change.ids))
        shown = change.drawing(question.sketch if question.is_large else question)
        for one in job.until_stopped(shown):
            if isinstance(one, str):
                failures.append(one)
            else:
                drawn.append(one)
                self._send_chart(one)
            self._at_work("Drawing charts", len(drawn) + len(failures), total)
        are_coming = question.is_large and not job.stopped and bool(drawn)
        if are_coming:
            self._refining.add(change.drawing(question), total)
            failures = []  # what fails of all rows, too, is said then
        return drawn, failures, are_coming

    def _list_changed(self) -> None:
        """Have the list drawn for readers, and kept once all that is to come is there."""
        if self._last_seen is not None:
            self._last_seen.changed(self._changes.view, is_whole=not self._refining.is_on)

    # --- exact charts in the place of approximate ones

    def _exact_charts(self) -> Job:
        return Job(self._refine, self._stop_refining)

    def _refine(self, job: Job) -> None:
        """Draw exactly, one chart after the other; what a person asks meanwhile comes first."""
        try:
            for _ in job.until_stopped(self._refined()):
                if self.workshop.has_waiting:
                    self.refine()
                    return
        except KeyboardInterrupt:
            job.stop()
        except Exception as error:
            self._changes.note(explained(error))
        if job.stopped:
            self._changes.note(STOPPED)
        self._stop_refining()
        self._list_changed()

    def _refined(self) -> Iterator[None]:
        """Replace one chart after the other, in order of rank."""
        what = f"Drawing charts of all {self._changes.question.table.n_rows:,} rows"
        self._at_work(what, *self._refining.progress)
        while (one := self._refining.next()) is not None:
            if isinstance(one, str):
                self._changes.note(one)
            else:
                for content in self._refining.due(one, partial(self._exchange, one)):
                    self._do(content)
            self._at_work(what, *self._refining.progress)
            yield

    def _stop_refining(self) -> None:
        """Leave charts as they are; saves that wait for exact ones are done with those shown."""
        for content in self._refining.end():
            self._do(content)
        self._changes.end()
        self._show_view()
