"""Owns the report below a gallery where no plugin writes cells: an output kept up to date."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from erp_widget.report import Report


class LiveReport:
    """An output of the gallery's cell: empty at first, then the report with its pictures.

    It is part of the notebook's file, so it is there after reopening, without a kernel and
    without this package.
    """

    def __init__(self) -> None:
        self._id = f"erp-report-{uuid.uuid4()}"
        self._placed = False
        self._shown: dict[str, str] = {"text/html": "", "text/plain": ""}

    def place(self) -> None:
        """Make room in the outputs of the running cell; what was shown before is shown again."""
        from IPython.display import display

        display(self._shown, raw=True, display_id=self._id)
        self._placed = True

    def show(self, report: Report) -> bool:
        """Show a report in that place; returns whether there is one."""
        if not self._placed:
            return False
        from IPython.display import update_display

        html = report.picture_html() if len(report) else ""
        self._shown = {"text/html": html, "text/plain": repr(report) if html else ""}
        update_display(self._shown, raw=True, display_id=self._id)
        return True
