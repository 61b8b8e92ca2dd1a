"""Owns changes to the entries of a report, from what is stored to what is to be stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from erp_widget.errors import InputError, NotInStoreError
from erp_widget.store import ReportEntry

Entries = tuple[ReportEntry, ...]


def added(entries: Entries, id: str, caption: str) -> Entries:
    """Put a chart at the end, or give the one that is there its caption.

    Examples
    --------
    >>> [entry.id for entry in added(added((), "a", ""), "a", "")]
    ['a']
    """
    if all(entry.id != id for entry in entries):
        return (*entries, ReportEntry(id, caption))
    return captioned(entries, id, caption) if caption else entries


def removed(entries: Entries, id: str) -> Entries:
    """Take a chart out."""
    return tuple(entry for entry in entries if entry.id != id)


def captioned(entries: Entries, id: str, caption: str) -> Entries:
    """Give a chart another caption."""
    return tuple(replace(e, text=caption) if e.id == id else e for e in entries)


def moved(entries: Entries, id: str, shown: Sequence[str], to: int) -> Entries:
    """Move a chart to a place among those shown; deleted ones keep theirs between the others.

    Parameters
    ----------
    entries
        All that is stored.
    id
        The chart to move; nothing happens if it has gone.
    shown
        Ids of the charts as their reader sees them.
    to
        Its place among them afterwards, from 0.

    Examples
    --------
    >>> three = tuple(ReportEntry(id) for id in "abc")
    >>> [entry.id for entry in moved(three, "c", "abc", 0)]
    ['c', 'a', 'b']
    """
    others = [other for other in shown if other != id]
    follower = others[to] if to < len(others) else None
    own = [entry for entry in entries if entry.id == id]
    rest = removed(entries, id)
    at = next((n for n, entry in enumerate(rest) if entry.id == follower), len(rest))
    return (*rest[:at], *own, *rest[at:])


def position(count: int, index: object) -> int:
    """Return a position counted from the start, or raise.

    Examples
    --------
    >>> position(3, -1)
    2
    """
    if isinstance(index, bool) or not isinstance(index, int):
        raise InputError(f"a position is a whole number, not {index!r}")
    if not -count <= index < count:
        raise NotInStoreError(f"there is no number {index}; the report has {count} charts")
    return index % count


def checked_caption(caption: object) -> str:
    """Return a caption that is text, or raise."""
    if not isinstance(caption, str):
        raise InputError(f"a caption is text, not {type(caption).__name__}")
    return caption
