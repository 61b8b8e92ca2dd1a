"""Owns the gallery in the browser: its state, and an answer to every message it sends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from erp_widget.errors import InputError
from erp_widget.gallery_saves import GallerySaves, explained
from erp_widget.live_report import LiveReport

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery import Gallery
    from erp_widget.report import Report

STATIC = Path(__file__).with_name("static")
FILES = ("gallery.js", "runtime.js")

Reply = dict[str, Any]


def browser_files_missing() -> str | None:
    """Return one line that names the fix where a browser file is missing, else None."""
    missing = [name for name in FILES if not (STATIC / name).is_file()]
    if not missing:
        return None
    names = " and ".join(missing)
    return f"The gallery cannot be drawn: {names} missing; install the wheel, or run make setup."


@cache
def _source(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class VegaRuntime(anywidget.AnyWidget):
    """Brings the Vega runtime to the browser; hidden, and shared by all galleries of a kernel."""

    _esm = "export default {};"
    source = traitlets.Unicode().tag(sync=True)


_runtimes: list[VegaRuntime] = []


def _runtime() -> VegaRuntime:
    """Return the one runtime of this kernel; a new one where somebody closed it."""
    if not _runtimes or _runtimes[0].comm is None:
        _runtimes[:] = [VegaRuntime(source=_source("runtime.js"))]
    return _runtimes[0]


class GalleryWidget(anywidget.AnyWidget):
    """One gallery; the browser asks, this answers.

    Every message ``{kind: "request", id, command, chart}`` is answered by
    ``{kind: "reply", id, ok, ...}``, with the error as one line where it failed.
    """

    _esm = _source("gallery.js") if (STATIC / "gallery.js").is_file() else ""
    title = traitlets.Unicode().tag(sync=True)
    notes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    charts = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: What the table's columns were read as: name, type, evidence, told.
    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    #: Ids of charts that are in the store.
    saved = traitlets.List(traitlets.Unicode()).tag(sync=True)
    #: Those of them that wait on this machine for a server.
    waiting = traitlets.List(traitlets.Unicode()).tag(sync=True)
    runtime = traitlets.Unicode().tag(sync=True)
    runtime_version = traitlets.Unicode().tag(sync=True)

    def __init__(self, gallery: Gallery) -> None:
        self.live_report = LiveReport()
        self._saves = GallerySaves(gallery)
        super().__init__(
            title=_sendable(gallery.title),
            notes=[_sendable(note) for note in gallery.notes],
            charts=[chart_state(chart) for chart in gallery],
            columns=[{"name": _sendable(name)} for name in _fields(gallery)],
            runtime=f"anywidget:{_runtime().model_id}",
            runtime_version=_version("runtime.js"),
        )
        self.on_msg(lambda _, content, __: self.receive(content))

    def receive(self, content: object) -> None:
        """Answer one message of the browser; whatever happens, there is an answer."""
        if not isinstance(content, dict) or content.get("kind") != "request":
            return
        try:
            reply = self._answer(content.get("command"), content.get("chart")) | {"ok": True}
        except Exception as error:
            reply = {"ok": False, "error": explained(error)}
        self.send({"kind": "reply", "id": content.get("id")} | reply)

    def _answer(self, command: object, chart: object) -> Reply:
        commands: dict[str, Callable[[object], Reply]] = {
            "saved": self._look,
            "save": self._save,
            "remove": self._remove,
            "waiting": self._look_at_waiting,
            "code": self._code,
            "show_report": self._show_report,
        }
        if not isinstance(command, str) or command not in commands:
            raise InputError(f"there is no command {command!r}")
        return commands[command](chart)

    def _look(self, _: object) -> Reply:
        self._saves.look()
        self._show()
        return {"saved": self.saved}

    def _look_at_waiting(self, _: object) -> Reply:
        self._saves.look_at_waiting()
        self._show()
        return {"waiting": self.waiting}

    def _show(self) -> None:
        """Bring what the browser knows of saves up to date."""
        with self.hold_sync():
            self.saved, self.waiting = self._saves.ids, self._saves.waiting

    def _save(self, chart: object) -> Reply:
        self._saves.save(chart)
        # The card shows it at once; pictures for the report take longer.
        self._show()
        try:
            return _report_state(self._saves.add_to_report(chart))
        except Exception as error:
            return {"warning": f"It is not in the report: {explained(error)}"}

    def _remove(self, chart: object) -> Reply:
        report = self._saves.remove(chart)
        self._show()
        try:
            return _report_state(report)
        except Exception as error:
            return {"warning": f"The report is not up to date: {explained(error)}"}

    def _code(self, chart: object) -> Reply:
        return {"code": self._saves.chart(chart).code()}

    def _show_report(self, _: object) -> Reply:
        return {"shown": self.live_report.show(self._saves.report())}


def _fields(charts: Iterable[Chart]) -> list[str]:
    return list(dict.fromkeys(name for chart in charts for name in chart.fields))


def chart_state(chart: Chart) -> dict[str, Any]:
    """Return what the browser needs of a chart; no spec where it would be no JSON."""
    spec: dict[str, Any] | None
    try:
        spec = json.loads(_sendable(json.dumps(chart.drawn, allow_nan=False, ensure_ascii=False)))
    except (TypeError, ValueError):
        spec = None
    return {
        "id": chart.id,
        "title": _sendable(chart.title),
        "description": _sendable(chart.description),
        "reason": _sendable(chart.reason),
        "note": _sendable(chart.note or ""),
        "mark": chart.mark,
        "fields": [_sendable(name) for name in chart.fields],
        "spec": None if spec is None else packed(spec),
    }


def packed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a spec with its rows as lists under their names, written once; the browser unpacks.

    Parameters
    ----------
    spec
        Vega-Lite with rows inside; it stays as it is where its rows differ in their names.

    Examples
    --------
    >>> packed({"data": {"values": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}})
    {'data': {'names': ['x', 'y'], 'rows': [[1, 2], [3, 4]]}}
    """
    records = spec.get("data", {}).get("values", [])
    if not records or any(record.keys() != records[0].keys() for record in records):
        return spec
    names = list(records[0])
    rows = [[record[name] for name in names] for record in records]
    return spec | {"data": {"names": names, "rows": rows}}


def _sendable(text: str) -> str:
    """Return text without halves of characters, which no message can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _report_state(report: Report) -> Reply:
    code, outputs = report.cell_code(), report.outputs()
    return {"report": {"name": report.name, "code": code, "outputs": outputs}}


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_source(name).encode()).hexdigest()[:16]
