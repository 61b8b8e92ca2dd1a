"""Owns labels that stand once for the blank cells below them, as in an export of a pivot table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

Row = TypeVar("Row", bound=list[Any])

#: Share of blank cells that a column of such labels has at least.
MIN_BLANK = 0.25
#: Fewest different labels.
MIN_LABELS = 2


def filled_down(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return which of the first columns hold labels for the blank cells below them.

    Each label stands once, at the top of its rows, before a column without gaps whose values
    come again from label to label, and with the labels below each other no row is there twice.

    Parameters
    ----------
    rows
        Below the header; a blank cell is an empty text.

    Examples
    --------
    >>> rows = [["Rome", "a", 1], ["", "b", 2], ["Oslo", "a", 3], ["", "b", 4]]
    >>> filled_down(rows)
    (0,)
    >>> filled_down([["Rome", "a", 1], ["", "b", 2], ["Oslo", "c", 3], ["", "d", 4]])
    ()
    """
    width = min(map(len, rows), default=0)
    full = next((at for at in range(width) if all(row[at] != "" for row in rows)), 0)
    if not full or not all(_stands_once(rows, at) for at in range(full)):
        return ()
    names = [row[full] for row in rows]
    if not all(isinstance(name, str) for name in names) or len(set(names)) == len(names):
        return ()
    keys = [tuple(row[: full + 1]) for row in fill(rows, range(full))]
    return tuple(range(full)) if len(set(keys)) == len(keys) else ()


def _stands_once(rows: Sequence[Row], at: int) -> bool:
    labels = [row[at] for row in rows if row[at] != ""]
    return (
        rows[0][at] != ""
        and len(labels) <= (1 - MIN_BLANK) * len(rows)
        and len(set(labels)) >= MIN_LABELS
        and all(isinstance(label, str) for label in labels)
        # Within the labels before it one may come again, and each of those begins anew.
        and (at > 0 or len(set(labels)) == len(labels))
        and (at == 0 or all(row[at] != "" for row in rows if row[at - 1] != ""))
    )


def fill(rows: Sequence[Row], columns: Sequence[int]) -> list[list[Any]]:
    """Return rows in which each blank cell of some columns has the label above it."""
    found: list[list[Any]] = []
    for row in rows:
        filled = list(row)
        for at in columns:
            if filled[at] == "" and found:
                filled[at] = found[-1][at]
        found.append(filled)
    return found
