"""Owns changes to the parts of a report, from what is stored to what is to be stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from erp_widget.errors import InputError, NotInStoreError
from erp_widget.store import ReportEntry

Entries = tuple[ReportEntry, ...]

#: Of one caption, heading or note.
MAX_TEXT_LENGTH = 100_000


def added(entries: Entries, entry: ReportEntry) -> Entries:
    """Put a part at the end, or give the one that is there its text.

    Examples
    --------
    >>> [entry.id for entry in added(added((), ReportEntry("a")), ReportEntry("a"))]
    ['a']
    """
    if all(other.id != entry.id for other in entries):
        return (*entries, entry)
    return edited(entries, entry.id, entry.text) if entry.text else entries


def removed(entries: Entries, id: str) -> Entries:
    """Take a part out."""
    return tuple(entry for entry in entries if entry.id != id)


def edited(entries: Entries, id: str, text: str) -> Entries:
    """Give a part another text."""
    return tuple(replace(e, text=text) if e.id == id else e for e in entries)


def replaced(entries: Entries, ids: Mapping[str, str]) -> Entries:
    """Put other charts in the places of charts, under the same captions.

    Examples
    --------
    >>> [entry.id for entry in replaced((ReportEntry("a"), ReportEntry("b")), {"a": "c"})]
    ['c', 'b']
    """
    return tuple(replace(e, id=ids.get(e.id, e.id)) for e in entries)


def moved(entries: Entries, id: str, shown: Sequence[str], to: int) -> Entries:
    """Move a part to a place among those shown; hidden ones keep theirs between the others.

    Parameters
    ----------
    entries
        All that is stored.
    id
        The part to move; nothing happens if it has gone.
    shown
        Ids of the parts as their reader sees them.
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
        raise NotInStoreError(f"there is no number {index}; the report has {count} parts")
    return index % count


def checked_text(what: str, text: object, empty: bool = False) -> str:
    """Return what a person writes into a report, or raise.

    Parameters
    ----------
    what
        What it is, for the error.
    text
        Anything.
    empty
        Whether it may be empty.
    """
    if not isinstance(text, str):
        raise InputError(f"a {what} is text, not {type(text).__name__}")
    if not text.strip() and not empty:
        raise InputError(f"a {what} must not be empty: give it some text")
    if len(text) > MAX_TEXT_LENGTH:
        raise InputError(
            f"a {what} has at most {MAX_TEXT_LENGTH:,} characters, not {len(text):,}: "
            "part it into several"
        )
    return text
