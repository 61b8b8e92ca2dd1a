"""Owns changes of a report by mouse: what the browser may ask, and what it is told of the parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from erp_widget.errors import InputError
from erp_widget.widgets.requests import Reply, sendable

if TYPE_CHECKING:
    from erp_widget.reports.report import Report


def edited(report: Report, asked: Mapping[str, Any]) -> Reply:
    """Make the change that is asked of a report, and tell its parts.

    Parameters
    ----------
    report
        The report.
    asked
        `act` is look, section, note, text, move, remove, undo or redo; `part` is the id of a part,
        `text` what a person wrote, `to` a place from 0.

    Returns
    -------
    dict
        Title and parts, and whether undo and redo have something to do.

    Raises
    ------
    InputError
        The request is incomplete.
    NotInStoreError
        There is no such part, or nothing to undo.

    Examples
    --------
    >>> import erp_widget as erp
    >>> q3 = erp.report("Q3 by mouse", store=":memory:")
    >>> [part["title"] for part in edited(q3, {"act": "section", "text": "Prices"})["parts"]]
    ['Prices']
    """
    acts: dict[str, Callable[[], object]] = {
        "look": lambda: None,
        "section": lambda: report.add_section(_text(asked), _place(asked, optional=True)),
        "note": lambda: report.add_note(_text(asked), _place(asked, optional=True)),
        "text": lambda: _write(report, _part(asked), _text(asked)),
        "move": lambda: report.move(_part(asked), _place(asked)),
        "remove": lambda: report.remove(_part(asked)),
        "undo": report.undo,
        "redo": report.redo,
    }
    act = asked.get("act")
    if not isinstance(act, str) or act not in acts:
        raise InputError(f"a report cannot do {act!r}")
    acts[act]()
    return _told(report)


def _told(report: Report) -> Reply:
    parts = [{name: sendable(said) for name, said in part.items()} for part in report.listed()]
    undo, redo = report.can_undo, report.can_redo
    return {"title": sendable(report.title), "parts": parts, "undo": undo, "redo": redo}


def _write(report: Report, part: str, text: str) -> None:
    """Write a chart's caption, a heading or a note."""
    is_chart = any(one["id"] == part and one["kind"] == "chart" for one in report.listed())
    if is_chart:
        report.caption(part, text)
    else:
        report.edit(part, text)


def _text(asked: Mapping[str, Any]) -> str:
    text = asked.get("text")
    if not isinstance(text, str):
        raise InputError("say what to write")
    return text


def _part(asked: Mapping[str, Any]) -> str:
    part = asked.get("part")
    if not isinstance(part, str):
        raise InputError("say which part")
    return part


def _place(asked: Mapping[str, Any], optional: bool = False) -> Any:
    to = asked.get("to")
    if to is None and not optional:
        raise InputError("say where to")
    return to
