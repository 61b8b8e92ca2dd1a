"""Owns how a chart sees a table's rows: like columns gathered, others held at a level."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

from msgspec import Struct

FoldKind = Literal["text", "integer", "time"]
#: What is added to the name of a gathered column that another column has.
AGAIN = " (gathered)"
#: Columns of one measure in two states.
COUPLE = 2


class Fold(Struct, frozen=True):
    """Like columns of a wide table that are gathered: one column of headers, one of values.

    Parameters
    ----------
    columns
        Names of the gathered columns, in the table's order.
    key, value
        What the column of headers and the column of values are called.
    kind
        What the headers are, once what they share is taken off.
    prefix, suffix
        What all names begin and end with.
    format
        How headers that are times are written, as `parse_time` of `profile/reading/casts.py` reads
        them.
    baseline
        The column whose header stands for nought, whatever it is called; None where none does.

    Examples
    --------
    >>> Fold(("score_math", "score_read"), "kind of score", "score", prefix="score_").labels
    ('math', 'read')
    """

    columns: tuple[str, ...]
    key: str
    value: str
    kind: FoldKind = "text"
    prefix: str = ""
    suffix: str = ""
    format: str | None = None
    baseline: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The headers without what they share, one per column."""
        start, end = len(self.prefix), len(self.suffix)
        labels = (name[start : len(name) - end] for name in self.columns)
        pairs = zip(self.columns, labels, strict=True)
        return tuple("0" if name == self.baseline else label for name, label in pairs)

    @property
    def pair(self) -> tuple[str, str]:
        """What the columns are gathered in: their headers and their values."""
        return self.key, self.value

    @property
    def couple(self) -> bool:
        """Whether there are two columns, which are set against each other."""
        return len(self.columns) == COUPLE

    @property
    def everything(self) -> tuple[str, ...]:
        """What is gathered, and what it is gathered in."""
        return (*self.columns, *self.pair)


def free_name(name: str, taken: Set[str]) -> str:
    """Return the name of a gathered column: one that no other column has."""
    while name in taken:
        name += AGAIN
    return name


def plain_name(name: str) -> str:
    """Return what a gathered column is called.

    Examples
    --------
    >>> plain_name(free_name("year", {"year"}))
    'year'
    """
    while name.endswith(AGAIN):
        name = name.removesuffix(AGAIN)
    return name


class Held(Struct, frozen=True):
    """A column of which a chart shows one level only, or all but one.

    Parameters
    ----------
    column
        Its name.
    level
        The text or the year; None for the rows without a value.
    but
        Whether all rows but those of the level are shown, as it stands for the others together.
    """

    column: str
    level: str | int | None
    but: bool = False


class Slice(Struct, frozen=True):
    """Rows of a long table that are drawn as they are, while other columns are held at a level.

    Parameters
    ----------
    shown
        Names of the columns that tell the rows of the slice apart.
    held
        What all its rows have in common, such as the total of both sexes in the latest year.
    n_rows
        Rows of the slice in the sample.
    twice
        Whether a few of these rows are told apart by nothing.
    blank
        Names of the columns of which fewer than two of these rows have a value.

    Examples
    --------
    >>> Slice(frozenset({"year"}), (Held("sex", "Total"),), 20).held[0].level
    'Total'
    """

    shown: frozenset[str]
    held: tuple[Held, ...]
    n_rows: int
    twice: bool = False
    blank: frozenset[str] = frozenset()
