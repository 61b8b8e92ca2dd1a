"""Owns the earlier states of reports: what undo goes back to, and redo forward.

They are kept as a report of their own under a reserved name, so that they travel, wait for a server
and are forgotten like every report. States stand one after the other, the latest first, each behind
an entry of kind "state".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate, takewhile

from msgspec.structs import replace

from erp_widget.errors import ConflictError
from erp_widget.reports.entries import Entries
from erp_widget.store import ReportEntry, Store
from erp_widget.store.deleted_reports import HIDDEN

PAST = f"{HIDDEN}undo{HIDDEN}"
FUTURE = f"{HIDDEN}redo{HIDDEN}"
#: Older states are forgotten, and so are those that no longer fit beside the newer ones: a store
#: takes fifteen MiB of one report.
MAX_STATES, MAX_BYTES = 20, 10 * 2**20
ATTEMPTS = 20

#: Of the id and the kind of an entry, about.
ENTRY_BYTES = 100

States = tuple[Entries, ...]


def push(store: Store, user: str, name: str, where: str, entries: Entries) -> None:
    """Keep a state as the latest."""
    _change(store, user, where + name, lambda states: _latest((entries, *states)))


def pop(store: Store, user: str, name: str, where: str) -> Entries | None:
    """Return the latest state and forget it; None where there is none."""
    store.get_report(user, where + name)  # raises where no server says what there was
    before = _change(store, user, where + name, lambda states: states[1:])
    return before[0] if before else None


def has_any(store: Store, user: str, name: str, where: str) -> bool:
    """Return whether there is a state."""
    return bool(store.report_to_add_to(user, where + name).entries)


def clear(store: Store, user: str, name: str, where: str) -> None:
    """Forget all states."""
    _change(store, user, where + name, lambda _: ())


def _latest(states: States) -> States:
    """Return the states that are kept, the latest first; none where the latest is too large."""
    sizes = (sum(len(json.dumps(e.text)) + ENTRY_BYTES for e in state) for state in states)
    fitting = takewhile(lambda n_bytes: n_bytes <= MAX_BYTES, accumulate(sizes))
    return states[: min(MAX_STATES, sum(1 for _ in fitting))]


def _change(store: Store, user: str, name: str, changed: Callable[[States], States]) -> States:
    """Change the states and return those before; where others change them too, try again."""
    for _ in range(ATTEMPTS):
        record = store.report_to_add_to(user, name)
        before = parted(record.entries)
        after = changed(before)
        if after == before:
            return before
        try:
            store.put_report(user, replace(record, entries=joined(after)), record.revision)
            return before
        except ConflictError:
            continue
    raise ConflictError("the report is being changed by many at once: try again")


def joined(states: States) -> Entries:
    """Return states as entries of one report.

    Examples
    --------
    >>> one, none = (ReportEntry("a"),), ()
    >>> parted(joined((one, none, one))) == (one, none, one)
    True
    """
    return tuple(e for state in states for e in (ReportEntry("", "", "state"), *state))


def parted(entries: Entries) -> States:
    """Return the states in the entries of a report."""
    states: list[list[ReportEntry]] = []
    for entry in entries:
        if entry.kind == "state":
            states.append([])
        elif states:
            states[-1].append(entry)
    return tuple(map(tuple, states))
