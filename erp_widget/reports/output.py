"""Owns a report as the output of a running cell: an editor above it, and parts kept up to date."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import anywidget
import traitlets

from erp_widget.reports.editing import edited
from erp_widget.reports.following import follow, leave
from erp_widget.widgets.files import STATIC, source
from erp_widget.widgets.requests import Reply, commanded, is_request, replied
from erp_widget.widgets.watching import is_person_there

if TYPE_CHECKING:
    from erp_widget.reports.report import Report
    from erp_widget.reports.showing import ShownReport

FILE = "report.js"
#: Class of the element after the editor, by which the style and the browser find it.
PLACE = "erp-report-place"
#: Without a kernel the editor says "model not found", and has no MIME type unlike other outputs.
STYLE = f"""<style>
.jp-OutputArea-child:has(.{PLACE}),
.jp-OutputArea-child:not(:has(.erp-report-tools)):has(
  > .jp-OutputArea-output:not([data-mime-type])
):has(+ .jp-OutputArea-child .{PLACE}) {{
  height: 0; min-height: 0; padding: 0; overflow: hidden;
}}
</style>"""


class ReportOutput:
    """The outputs of a cell that shows a report.

    All but the editor are as they are in any notebook, so they are there after reopening, without
    a kernel and without this package. Where a person watches, each can be updated in its place.

    Parameters
    ----------
    report
        What is shown.
    """

    def __init__(self, report: ShownReport) -> None:
        self._report = report
        self._id = f"{PLACE}-{uuid.uuid4().hex}"
        self._room = 0
        self._state: object = None

    def place(self) -> None:
        """Write the report into the outputs of the running cell.

        Raises
        ------
        StoreError
            The report cannot be read.
        """
        self._state, outputs = self._report.state, self._report.outputs()
        if is_person_there() and (STATIC / FILE).is_file():
            self._place_editor(outputs[0]["metadata"])
        self._room = len(outputs)
        for at, output in enumerate(outputs):
            _display(output, self._id_of(at))

    def show(self) -> str:
        """Bring the outputs to the report as it is now.

        Returns
        -------
        str
            Class of an element that then is in the page, unless the page was loaded again.
        """
        self._state = self._report.state
        for at, output in enumerate(self._report.outputs(self._room)):
            _display(output, self._id_of(at), update=True)
        mark = f"erp-report-{uuid.uuid4().hex}"
        _display(_place_of(mark), self._id, update=True)
        return mark

    def report_changed(self) -> None:
        """Bring the outputs to the report, if it changed since."""
        if self._report.state != self._state:
            self.show()

    def _place_editor(self, marks: dict[str, Any]) -> None:
        editor = EditorWidget(self._report, self.show, lambda: leave(self._report.key, self))
        follow(self._report.key, self)
        data, metadata = editor._repr_mimebundle_() or ({}, {})
        # The plugin looks for the report's mark at the first output.
        bundle = {"data": {**data, "text/plain": ""}, "metadata": {**metadata, **marks}}
        _display(bundle, f"{self._id}-editor")
        _display(_place_of(""), self._id)

    def _id_of(self, at: int) -> str:
        return f"{self._id}-{at}"


class EditorWidget(anywidget.AnyWidget):
    """The editor of a report, where no plugin has one; the browser asks, this answers.

    Every message ``{kind: "request", id, command, ...}`` is answered by ``{kind: "reply", id, ok,
    ...}``, with the error as one line where it failed.
    """

    _esm = source(FILE) if (STATIC / FILE).is_file() else ""
    #: The report itself, where nothing else shows it.
    html = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, report: ShownReport, show: Callable[[], str], give_way: Callable[[], None]
    ) -> None:
        super().__init__()
        self._report = cast("Report", report)
        self._show = show
        self._give_way = give_way
        follow(report.key, self)
        self.on_msg(lambda _, content, __: self.receive(content))

    def receive(self, content: object) -> None:
        """Answer one message of the browser; whatever happens, there is an answer."""
        if is_request(content):
            self.send(replied(content, self._answer))

    def report_changed(self) -> None:
        """Have an open editor look at the report again, and show it if nothing else does."""
        if self.html:
            self._show()
        self.send({"kind": "report_changed"})

    def _yield(self) -> Reply:
        """Leave the outputs to a plugin, which writes them itself."""
        leave(self._report.key, self)
        self._give_way()
        return {}

    def _answer(self, content: dict[str, Any]) -> Reply:
        commands: dict[str, Callable[[], Reply]] = {
            "report_edit": lambda: edited(self._report, content),
            "show_report": lambda: {"shown": self._show()},
            "give_way": self._yield,
        }
        return commanded(content, commands)()


def with_editor(report: ShownReport) -> EditorWidget:
    """Return a report with its editor as one widget, for hosts whose outputs cannot be updated."""

    def show() -> str:
        widget.html = report.picture_html()
        return ""

    widget = EditorWidget(report, show, lambda: None)
    show()
    return widget


def _place_of(mark: str) -> dict[str, Any]:
    html = f'{STYLE}<div class="{PLACE} {mark}"></div>'
    return {"data": {"text/html": html, "text/plain": ""}, "metadata": {}}


def _display(output: dict[str, Any], id: str, update: bool = False) -> None:
    from IPython.display import publish_display_data

    publish_display_data(
        output["data"], output["metadata"], transient={"display_id": id}, update=update
    )
