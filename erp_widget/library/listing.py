"""Owns how a list of stored records looks: a text table, an HTML table, names always as text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar, overload

from msgspec import Struct

T_co = TypeVar("T_co", covariant=True)

MAX_CELL = 48
#: Style of a cell: not every host has one of its own, and those of headings differ from the rest.
CELL = "text-align:left;padding:0.25em 0.75em"


class Column(Struct, frozen=True):
    """One column of a list: its heading and a cell for each record."""

    heading: str
    cells: tuple[str, ...]


class Listing(Sequence[T_co], Generic[T_co]):
    """Some stored records, newest first, that show themselves as a table.

    Subclasses say which columns there are and what to say of an empty list.
    """

    empty = "Nothing here yet."

    def __init__(
        self, records: Sequence[T_co], cursor: str | None = None, notice: str = ""
    ) -> None:
        self._records = tuple(records)
        self.cursor = cursor
        self.notice = notice

    def columns(self) -> list[Column]:
        """Return what to show of the records."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of records shown."""
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        """Return one record, or several by a slice."""
        return self._records[index]

    def __iter__(self) -> Iterator[T_co]:
        """Iterate over the records, newest first."""
        return iter(self._records)

    def __repr__(self) -> str:
        """Return an aligned text table."""
        if not self._records:
            return "\n".join([self.empty, *self._more()])
        table = [(c.heading, *(shown(cell) for cell in c.cells)) for c in self.columns()]
        widths = [max(len(cell) for cell in column) for column in table]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in zip(*table, strict=True)
        )
        return "\n".join([*lines, *self._more()])

    def _repr_html_(self) -> str:
        """Return an HTML table; whatever a name holds, it is shown, never obeyed."""
        if not self._records:
            said = (self.empty, *self._more())
            return "".join(f"<p>{html.escape(line)}</p>" for line in said)
        columns = self.columns()
        head = "".join(
            f'<th scope="col" style="{CELL}">{html.escape(c.heading)}</th>' for c in columns
        )
        body = "".join(
            "<tr>" + "".join(_cell(cell) for cell in row) + "</tr>"
            for row in zip(*(c.cells for c in columns), strict=True)
        )
        more = "".join(f"<p>{html.escape(line)}</p>" for line in self._more())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _more(self) -> list[str]:
        notices = [f"({self.notice})"] if self.notice else []
        return notices if self.cursor is None else [*notices, "(older ones: .more())"]


def shown(text: str) -> str:
    r"""Return text on one line, short, without anything that a terminal obeys.

    Examples
    --------
    >>> shown("two\nlines \x1b[31mred")
    'two\\nlines \\x1b[31mred'
    """
    plain = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )
    return plain if len(plain) <= MAX_CELL else plain[: MAX_CELL - 1] + "…"


def waiting_column(waiting: Sequence[bool]) -> list[Column]:
    """Return a column that says which records wait for a server, none where none does."""
    return [Column("waits", tuple("yes" if w else "" for w in waiting))] if any(waiting) else []


def local_time(when: datetime) -> str:
    """Return a time as the user's clock shows it, to the minute."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def _cell(text: str) -> str:
    short = shown(text)
    title = "" if short == text else f' title="{html.escape(text, quote=True)}"'
    # Notebooks typeset what stands between two dollars, unless each has an element of its own.
    escaped = html.escape(short).replace("$", "<span>$</span>")
    return f'<td style="{CELL}"{title}>{escaped}</td>'
