"""Owns the report below a gallery where no plugin writes cells: an output kept up to date."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from erp_widget.reports.following import follow
from erp_widget.reports.name import MARK

if TYPE_CHECKING:
    from erp_widget.reports.report import Report


class LiveReport:
    """An output of the gallery's cell: empty at first, then the report with its pictures.

    It is part of the notebook's file, so it is there after reopening, without a kernel and
    without this package.
    """

    def __init__(self) -> None:
        self._id = f"erp-report-{uuid.uuid4()}"
        self._placed = False
        self._report: Report | None = None
        self._state: object = None
        self._shown: dict[str, str] = {"text/html": "", "text/plain": ""}

    def place(self) -> None:
        """Make room in the outputs of the running cell; what was shown before is shown again."""
        from IPython.display import display

        display(self._shown, raw=True, display_id=self._id)
        self._placed = True

    def show(self, report: Report) -> str | None:
        """Show a report in that place.

        Returns
        -------
        str or None
            Class of the element that now shows it, since only the browser knows whether the
            output is still there: a page that was loaded again no longer updates it. None if
            there never was a place.
        """
        if not self._placed:
            return None
        from IPython.display import update_display

        self._report, self._state = report, report.state
        follow(report.key, self)
        mark = f"erp-report-{uuid.uuid4().hex}"
        html = report.picture_html() if report.parts else ""
        # In the notebook's file it stays known whose report this is, if the file is renamed.
        own = f" {report.mark}" if report.mark.startswith(MARK) else ""
        self._shown = {
            "text/html": f'<div class="{mark}{own}">{html}</div>',
            "text/plain": repr(report) if html else "",
        }
        update_display(self._shown, raw=True, display_id=self._id)
        return mark

    def report_changed(self) -> None:
        """Show the report as it is now, if it was shown here before."""
        if self._report is not None and self._report.state != self._state:
            self.show(self._report)


def report_state(report: Report) -> dict[str, Any]:
    """Return what the browser needs to write a report's cell: its mark, code and outputs."""
    code, outputs = report.cell_code(), report.outputs()
    state = {"mark": report.mark, "code": code, "outputs": outputs}
    return {"report": state | {"former": report.former_marks()}}
