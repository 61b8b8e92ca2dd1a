"""Owns history and saved charts in the browser: rows, thumbnails, an answer to every message."""

from __future__ import annotations

import base64
import html
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from erp_widget.errors import InputError, StoreError
from erp_widget.library.thumbnails import thumbnail
from erp_widget.reports.live import LiveReport, report_state
from erp_widget.store import Dataset
from erp_widget.widgets.files import STATIC
from erp_widget.widgets.requests import Reply, commanded, is_request, replied, sendable

if TYPE_CHECKING:
    from erp_widget.library.history import History, Saved
    from erp_widget.reports.report import Report

FILE = STATIC / "library.js"
#: Class of the element by which the plain table is found and hidden beside the widget.
STILL = "erp-library-still"
#: Beside the widget the plain table is not seen; without it, it takes the widget's place.
STYLE = f"""<style>
.jp-OutputArea:has(.erp-library) > .jp-OutputArea-child:has(.{STILL}) {{ display: none; }}
.jp-OutputArea:not(:has(.erp-library)) > .jp-OutputArea-child:has(
  > .jp-OutputArea-output:not([data-mime-type])
):has(+ .jp-OutputArea-child .{STILL}) {{
  height: 0; min-height: 0; padding: 0; overflow: hidden;
}}
</style>"""


#: What may be searched for beside the name.
FIELDS = ("column", "mark", "since", "until")
#: Names of columns that are offered, and the length of the longest.
MAX_NAMES, MAX_NAME = 200, 200


class LibraryWidget(anywidget.AnyWidget):
    """One list of stored things; the browser asks, this answers.

    Every message ``{kind: "request", id, command, chart, ...}``, where `chart` is the id of a row,
    is answered by ``{kind: "reply", id, ok, ...}``, with the error as one line where it failed.
    """

    _esm = FILE.read_text(encoding="utf-8") if FILE.is_file() else ""
    heading = traitlets.Unicode().tag(sync=True)
    #: What to say where there is no row at all.
    empty = traitlets.Unicode().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    #: id, when, what, name, about, waits, actions, pictured, reported.
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: Whether there are older rows.
    more = traitlets.Bool().tag(sync=True)
    #: Names of columns that may be searched for.
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, listing: History | Saved) -> None:
        self.live_report = LiveReport()
        self._opened = OpenedBelow()
        #: What is shown now, and the list before any search.
        self._listing = self._whole = listing
        super().__init__(heading=listing.heading, empty=listing.empty)
        names = (sendable(name) for name in listing.known_columns())
        self.columns = [name for name in names if len(name) <= MAX_NAME][:MAX_NAMES]
        self._show(listing.rows(), listing)
        self.on_msg(lambda _, content, __: self.receive(content))

    def receive(self, content: object) -> None:
        """Answer one message of the browser; whatever happens, there is an answer."""
        if is_request(content):
            self.send(replied(content, self._answer))

    def _answer(self, content: dict[str, Any]) -> Reply:
        commands: dict[str, Callable[[str], Reply]] = {
            "search": lambda _: self._search(content),
            "older": lambda _: self._older(),
            "picture": self._picture,
            "open": self._open,
            "add": self._add,
            "show_report": lambda _: {"shown": self.live_report.show(self._report())},
        }
        return commanded(content, commands)(str(content.get("chart", "")))

    def _search(self, asked: dict[str, Any]) -> Reply:
        text, *others = (asked.get(name, "") for name in ("text", *FIELDS))
        if not all(isinstance(one, str) for one in (text, *others)):
            raise InputError("a search is for texts")
        wanted = {name: value or None for name, value in zip(FIELDS, others, strict=True)}
        found = self._whole.matching(text, **wanted)
        self._show(found.rows(), found)
        return {"found": len(found)}

    def _older(self) -> Reply:
        older = self._listing.more()
        self._show([*self.rows, *older.rows()], older)
        return {"found": len(older)}

    def _show(self, rows: Iterable[dict[str, Any]], listing: History | Saved) -> None:
        self._listing = listing
        reported = self._reported()
        with self.hold_sync():
            self.rows = [_sendable_row(row) | {"reported": row["id"] in reported} for row in rows]
            self.more = listing.cursor is not None
            self.notice = sendable(listing.notice)

    def _picture(self, id: str) -> Reply:
        chart = self._listing.first_chart(id)
        if chart is None:
            return {"picture": ""}
        encoded = base64.b64encode(thumbnail(chart.drawn)).decode("ascii")
        return {"picture": f"data:image/png;base64,{encoded}"}

    def _open(self, id: str) -> Reply:
        found: Any = self._listing.open(id)
        if isinstance(found, Dataset):
            from erp_widget.recommendation import recommend

            found = recommend(found, store=self._listing.store)
        self._opened.show(found, self.live_report)
        return {}

    def _add(self, id: str) -> Reply:
        saved = self._listing.saved_chart(id)
        report = self._report()
        already = saved.id in report.ids
        return {"already": already, **report_state(report.add(saved))}

    def _reported(self) -> frozenset[str]:
        """Return the ids of what is in the notebook's report, as far as the store tells."""
        with suppress(StoreError):
            return self._report().ids
        return frozenset()

    def _report(self) -> Report:
        from erp_widget.reports.report import report

        return report(store=self._listing.store)

    def display(self, listing: History | Saved) -> None:
        """Write the widget, the plain table for viewers without it, and room for what is opened.

        Parameters
        ----------
        listing
            What the plain table and the text show.
        """
        from IPython.display import display, publish_display_data

        data, metadata = self._repr_mimebundle_() or ({}, {})
        publish_display_data(dict(data) | {"text/plain": ""}, dict(metadata))
        display({"text/html": still(listing), "text/plain": repr(listing)}, raw=True)
        self._opened.place()
        self.live_report.place()


def still(listing: History | Saved) -> str:
    """Return the plain table that stands where no kernel and no widget answers."""
    heading = html.escape(listing.heading)
    table = listing._repr_html_()
    return f'{STYLE}<details class="{STILL}" open><summary>{heading}</summary>{table}</details>'


def browser_file_missing() -> bool:
    """Return whether the widget cannot be drawn, since its script was not built."""
    return not FILE.is_file()


class OpenedBelow:
    """The output below a list in which a row is opened."""

    def __init__(self) -> None:
        self._id = f"erp-opened-{uuid.uuid4()}"
        self._placed = False

    def place(self) -> None:
        """Make room in the outputs of the running cell."""
        from IPython.display import display

        display({"text/plain": ""}, raw=True, display_id=self._id)
        self._placed = True

    def show(self, found: Any, live_report: LiveReport) -> None:
        """Show a gallery, a chart or a report in that place.

        Raises
        ------
        InputError
            There is no place: the list is not on the screen.
        """
        from IPython.display import update_display

        from erp_widget.gallery.gallery import Gallery

        if not self._placed:
            raise InputError("show the list in a cell first; open(...) returns what it is about")
        data, metadata = _bundle(found)
        if isinstance(found, Gallery) and found.is_shown:
            found.widget.live_report = live_report
        update_display(data, metadata=metadata, raw=True, display_id=self._id)


def _bundle(found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    from erp_widget.reports.report import Report

    if isinstance(found, Report):
        return {"text/html": found.picture_html(), "text/plain": repr(found)}, {}
    bundle: tuple[dict[str, Any], dict[str, Any]] = found._repr_mimebundle_()
    return bundle


def _sendable_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: sendable(part) if isinstance(part, str) else part for name, part in row.items()}
