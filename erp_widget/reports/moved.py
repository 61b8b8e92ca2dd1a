"""Owns reports of notebooks that were renamed, moved or copied: they come along.

A notebook's report is kept under the notebook's path. A mark of it stands in the notebook's file:
in the metadata of the report's cell, where the plugin writes it, in those of the report's output,
and in the report below a gallery. The store keeps which path a mark stands for. So a notebook that
is found under another path, with a report of this user in it, gets that report as its own; the old
one stays.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from erp_widget.errors import ConflictError, StoreError
from erp_widget.reports.name import MARK, NOTEBOOK_SUFFIX, mark_of
from erp_widget.store import ReportEntry, ReportRecord, Store
from erp_widget.store.deleted_reports import HIDDEN
from vizmodel.patterns import late_pattern

#: Before the mark of a notebook; the report of that name says which path it stands for, and under
#: which marks the notebook was known before.
KNOWN = f"{HIDDEN}notebook{HIDDEN}"
#: The report below a gallery, as `LiveReport` writes it.
SHOWN = late_pattern(rf'^<div class="erp-report-[0-9a-f]{{32}} ({MARK}[0-9a-f]{{8}})">')
#: A larger file is not searched for the cell of a report.
MAX_NOTEBOOK_BYTES = 50 * 2**20


def remember(store: Store, user: str, notebook: str) -> None:
    """Keep which path the mark of a notebook stands for."""
    record = store.report_to_add_to(user, KNOWN + mark_of(notebook))
    if record.revision == 0:
        _put(store, user, notebook, ())


def take_along(store: Store, user: str, notebook: str) -> None:
    """Give a notebook without a report the one that it had under another path, if there is one."""
    if store.get_report(user, notebook).revision or not notebook.endswith(NOTEBOOK_SUFFIX):
        return
    for mark in marks_in(Path(notebook)):
        known = store.get_report(user, KNOWN + mark)
        if mark == mark_of(notebook) or not known.notebook:
            continue
        before = store.get_report(user, known.notebook)
        if not before.entries:
            continue
        former = (ReportEntry(mark, "", "state"), *known.entries)
        _put(store, user, notebook, former)
        moved = ReportRecord(user, notebook, notebook, before.entries)
        with suppress(ConflictError):  # another process was first, with the same
            store.put_report(user, moved, expected_revision=0)
        return


def former_marks(store: Store, user: str, notebook: str) -> list[str]:
    """Return the marks that the cell of a notebook's report may have from before."""
    try:
        known = store.get_report(user, KNOWN + mark_of(notebook))
    except StoreError:  # a second cell is better than none
        return []
    return [entry.id for entry in known.entries]


def is_left_behind(report: ReportRecord, former: list[str]) -> bool:
    """Return whether a report is what a renamed notebook, with former marks, left behind."""
    path = report.notebook
    return bool(path) and mark_of(path) in former and not Path(path).exists()


def marks_in(path: Path) -> list[str]:
    """Return the marks in a notebook's file; none where it cannot be read."""
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            return []
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found = [mark for cell in cells for mark in _marks_of(cell)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    marks = [mark for mark in found if isinstance(mark, str) and mark.startswith(MARK)]
    return list(dict.fromkeys(marks))


def _marks_of(cell: Any) -> list[Any]:
    """Return what may be a mark in a cell: of its own, of its outputs, of a report as HTML."""
    found = []
    with suppress(AttributeError, TypeError):  # a cell that is none must not hide the others
        found.append(cell.get("metadata", {}).get("erp", {}).get("report"))
        for output in cell.get("outputs", []):
            found.append(output.get("metadata", {}).get("erp", {}).get("report"))
            found += SHOWN.findall("".join(output.get("data", {}).get("text/html", "")))
    return found


def _put(store: Store, user: str, notebook: str, former: tuple[ReportEntry, ...]) -> None:
    record = store.report_to_add_to(user, KNOWN + mark_of(notebook))
    changed = ReportRecord(user, KNOWN + mark_of(notebook), notebook, former)
    with suppress(ConflictError):  # another process keeps the same
        store.put_report(user, changed, expected_revision=record.revision)
