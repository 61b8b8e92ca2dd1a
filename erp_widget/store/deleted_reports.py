"""Owns the deletion of whole reports and its undo, told in terms of reading and storing reports.

What a deleted report had is kept as a report of its own under a reserved name, so that it travels,
waits for a server and is forgotten like every report.
"""

from __future__ import annotations

from typing import Protocol

from msgspec.structs import replace

from erp_widget.errors import ConflictError, NotInStoreError
from erp_widget.store import rows, values
from erp_widget.store.kinds import Row
from erp_widget.store.protocol import ReportEntry, ReportRecord

#: Before the names of reports that are not shown; a name that a user gives has no null character.
HIDDEN = "\x00"
#: Before the name of what was deleted.
DELETED = f"{HIDDEN}deleted{HIDDEN}"
#: How often a report that others change at the same time is read again.
ATTEMPTS = 20


class Reports(Protocol):
    """What of a store is needed here."""

    def get_report(self, user: str, name: str) -> ReportRecord:
        """Return a report."""

    def put_report(self, user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
        """Store a report if nobody else did since."""

    def add_event(self, user: str, row: Row) -> None:
        """Keep an event once."""


def delete_report(store: Reports, user: str, name: str) -> None:
    """Empty a report and keep what it had, as `Store.delete_report` says.

    The copy is stored first: whoever ends in between has lost nothing.
    """
    name = values.checked_text("name", name)
    for _ in range(ATTEMPTS):
        report = store.get_report(user, name)
        if not report.entries:
            raise NotInStoreError(f"the report {name[:80]!r} has no charts to delete")
        before = store.get_report(user, DELETED + name)
        kept = replace(before, notebook=report.notebook, entries=report.entries)
        try:
            store.put_report(user, kept, before.revision)
            store.put_report(user, replace(report, entries=()), report.revision)
            store.add_event(user, rows.report_event_row("delete", user, name))
            return
        except ConflictError:
            continue
    raise rows.changed_meanwhile(name)


def restore_report(store: Reports, user: str, name: str) -> ReportRecord:
    """Bring back what a report had, as `Store.restore_report` says."""
    name = values.checked_text("name", name)
    for _ in range(ATTEMPTS):
        report = store.get_report(user, name)
        kept = store.get_report(user, DELETED + name)
        if not kept.entries:
            if report.entries:
                return report
            raise NotInStoreError(f"no report {name[:80]!r} was deleted; check its name")
        whole = replace(
            report,
            notebook=report.notebook or kept.notebook,
            entries=_together(kept.entries, report.entries),
        )
        try:
            restored = store.put_report(user, whole, report.revision)
            store.put_report(user, replace(kept, entries=()), kept.revision)
            store.add_event(user, rows.report_event_row("restore", user, name))
            return restored
        except ConflictError:
            continue
    raise rows.changed_meanwhile(name)


def _together(
    old: tuple[ReportEntry, ...], new: tuple[ReportEntry, ...]
) -> tuple[ReportEntry, ...]:
    """Return the old entries, then those that only the new ones have; a new caption stays."""
    by_id = {entry.id: entry for entry in new}
    known = {entry.id for entry in old}
    kept = tuple(by_id[e.id] if e.id in by_id and by_id[e.id].text else e for e in old)
    return (*kept, *(entry for entry in new if entry.id not in known))
