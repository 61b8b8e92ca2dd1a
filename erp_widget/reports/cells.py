"""Owns the report cell's side of its editor: which report a cell shows, and an answer as JSON."""

from __future__ import annotations

import ast
import json

from msgspec import Struct

from erp_widget.errors import InputError
from erp_widget.reports.editing import edited
from erp_widget.reports.live import report_state
from erp_widget.reports.report import Report
from erp_widget.reports.report import report as open_report
from erp_widget.widgets.requests import Reply, explained

#: Name of the function that a report cell calls, and what it may be given there.
CALLED = "report"
ARGUMENTS = ("name", "store")
NO_REPORT = 'this cell shows no report by name: write erp.report("Q3 sales") as its last line'


class CellReply(Struct, frozen=True):
    """What the editor of a report cell is answered; travels as JSON."""

    content: Reply

    def _repr_json_(self) -> Reply:
        return self.content


def answer(request: str) -> CellReply:
    """Answer the editor of a report cell, which evaluates this call in the kernel.

    Parameters
    ----------
    request
        JSON: `source` is the source of the cell, `command` is report_edit or report_cell, and the
        rest as `edited` takes it.

    Returns
    -------
    CellReply
        Always: an error is told as one line.

    Examples
    --------
    >>> answer('{"source": "1 + 1", "command": "report_cell"}').content["ok"]
    False
    """
    try:
        asked = json.loads(request)
        report = report_of(str(asked.get("source", "")))
        if asked.get("command") == "report_cell":
            return CellReply({"ok": True} | report_state(report))
        return CellReply({"ok": True} | edited(report, asked))
    except Exception as error:
        return CellReply({"ok": False, "error": explained(error)})


def report_of(source: str) -> Report:
    r"""Open the report that a cell shows, without running the cell.

    Parameters
    ----------
    source
        Of the cell; its last call of `report` counts, with names and places written out.

    Raises
    ------
    InputError
        There is no such call.

    Examples
    --------
    >>> report_of('import erp_widget as erp\nerp.report("Q3", store=":memory:")').name
    'Q3'
    """
    from IPython.core.inputtransformer2 import TransformerManager

    # What times a whole cell runs what is in it; other commands, such as `df?`, become calls.
    inside = source.partition("\n")[2] if source.lstrip().startswith("%%") else source
    try:
        tree = ast.parse(TransformerManager().transform_cell(inside))
    except (SyntaxError, ValueError):
        raise InputError(NO_REPORT) from None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset), reverse=True):
        if getattr(call.func, "attr", getattr(call.func, "id", "")) == CALLED:
            return _opened(call)
    raise InputError(NO_REPORT)


def _opened(call: ast.Call) -> Report:
    given = dict(zip(ARGUMENTS, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg in ARGUMENTS}
    try:
        written = {name: ast.literal_eval(value) for name, value in given.items()}
    except ValueError:
        raise InputError(NO_REPORT) from None
    return open_report(written.get("name"), store=written.get("store"))
