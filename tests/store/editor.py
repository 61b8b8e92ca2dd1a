"""Owns a process that edits a report beside another one and says what it did."""

from __future__ import annotations

import sys
import time

from erp_widget.reports.report import Report
from erp_widget.store import ChartDraft, open_store


def main() -> None:
    """Add charts, say something of each, take every fourth out again.

    Arguments: location, name of this editor, number of charts. The user is the one configured.
    """
    location, editor, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = open_store(location)
    report = Report("main", store=location)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for n in range(wanted):
        id = f"{editor}-{n}"
        draft = ChartDraft(id, "bar", ("a",), {"id": id})
        report.add(store.save_chart("ada", draft, id))
        report.caption(id, f"by {editor}")
        if n % 4 == 3:
            report.remove(id)
        time.sleep(0.005)  # lets the other one in, whatever else the machine does
    store.close()


if __name__ == "__main__":
    main()
