"""Owns which rows of a kind are asked for: whose, before which, how many, found by what."""

from __future__ import annotations

from msgspec import Struct

from erp_widget.errors import InputError
from erp_widget.store.protocol import Search
from erp_widget.store.values import (
    MAX_INTEGER,
    checked_limit,
    checked_text,
    checked_user,
    folded,
    microseconds,
    read_cursor,
)

#: After every id that a record can have.
AFTER_ALL = "\U0010ffff"


class Selection(Struct, frozen=True):
    """Rows of one user, newest first, one more than the page so that it knows of a next.

    Parameters
    ----------
    before
        Time and id; only rows whose pair is smaller, or that are older, are wanted.
    since_us, until_us
        From the first on and before the second.
    texts
        Folded texts that must all occur.
    uploaded
        Datasets only: with bytes.
    """

    user: str
    limit: int
    before: tuple[int, str] = (MAX_INTEGER, "")
    hidden_too: bool = False
    since_us: int = 0
    until_us: int = MAX_INTEGER
    texts: tuple[str, ...] = ()
    column: str | None = None
    mark: str | None = None
    uploaded: bool = False


def selection(user: str, limit: int, cursor: str | None, search: Search | None) -> Selection:
    """Return a checked selection.

    Raises
    ------
    InputError
        If a part of it is not what it must be.
    """
    user, limit = checked_user(user), checked_limit(limit)
    before = (MAX_INTEGER, "") if cursor is None else read_cursor(cursor)
    if search is None:
        return Selection(user, limit, before)
    if not isinstance(search, Search):
        raise InputError(f"search must be a Search, not {type(search).__name__}")
    return Selection(
        user,
        limit,
        before,
        since_us=0 if search.since is None else max(0, microseconds(search.since)),
        until_us=MAX_INTEGER if search.until is None else max(0, microseconds(search.until)),
        texts=tuple(
            folded(checked_text("search text", text)) for text in (search.text, *search.also)
        ),
        column=None if search.column is None else checked_text("column", search.column),
        mark=None if search.mark is None else checked_text("mark", search.mark),
    )


def before_in(prefix: str, before: tuple[int, str]) -> tuple[int, str]:
    """Return the bound for ids without a prefix that stands before them in a cursor.

    Events come from several places; those that a record itself tells of have its id after a
    prefix, and the cursor holds the whole.

    Examples
    --------
    >>> before_in("save:", (7, "save:one")), before_in("save:", (7, "upload:x"))
    ((7, 'one'), (7, '\U0010ffff'))
    >>> before_in("save:", (7, "delete:x"))
    (7, '')
    """
    created_us, id = before
    if id.startswith(prefix):
        return created_us, id.removeprefix(prefix)
    return created_us, AFTER_ALL if prefix < id else ""
