"""Owns how an export of a pivot table is laid out: labels that stand once, and sums of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.sources.rows import MemoryRows, Rows
from erp_widget.sources.total_rows import SUM
from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.arrays import from_numbers

Row = TypeVar("Row", bound=list[Any])

#: Share of blank cells that a column of such labels has at least.
MIN_BLANK = 0.25
#: Fewest different labels.
MIN_LABELS = 2
#: Rows of the largest table that may be an export of a pivot table.
MAX_ROWS = 10_000
_OF = late_pattern(r"(?P<whole>.+?)[\s:]+(?:of |for |für |von |de |du |di )?(?P<rest>.+)")


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


def subtotals(rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Return which rows are the sums of one label above or below: it is named, and no other.

    Where there are such, a row that is called a sum of nothing is that of all.

    Parameters
    ----------
    rows
        Below the header; a blank cell is an empty text.

    Examples
    --------
    >>> subtotals([["Rome", "a", 1], ["", "b", 2], ["Rome Total", "", 3], ["Oslo", "a", 4]])
    (2,)
    """
    words = [at for at in range(min(map(len, rows), default=0)) if _are_words(rows, at)]
    labels = {str(row[at]).strip().lower() for row in rows for at in words if row[at] != ""}
    found: list[int] = []
    whole: list[int] = []
    for place, row in enumerate(rows):
        told = [n for n, at in enumerate(words) if row[at] != ""]
        if len(words) > 1 and told and told[-1] < len(words) - 1:
            label = str(row[words[told[-1]]]).strip().lower()
            found += [place] if _sums(label, labels) else []
            whole += [place] if SUM.fullmatch(label) else []
    found = sorted([*found, *whole]) if found else []
    return tuple(found) if len(rows) - len(found) > len(found) else ()


def _are_words(rows: Sequence[Sequence[Any]], at: int) -> bool:
    cells = [row[at] for row in rows if row[at] != ""]
    return bool(cells) and all(isinstance(cell, str) for cell in cells)


def _sums(label: str, known: set[str]) -> bool:
    """Whether a label is another one with a word for a sum before or behind it."""
    found = _OF.fullmatch(label)
    behind = label.rpartition(" ")
    return (
        found is not None and SUM.fullmatch(found["whole"]) is not None and found["rest"] in known
    ) or (SUM.fullmatch(behind[2]) is not None and behind[0].rstrip(" :-") in known)


def unpivoted(rows: Rows) -> tuple[Rows, list[str]]:
    """Return rows without the sums of each label, each with its labels, and what was done.

    Only the first columns hold labels, and a table of many rows is no export for people.
    """
    if not isinstance(rows, MemoryRows) or not 0 < rows.n_rows <= MAX_ROWS:
        return rows, []
    table = rows.table
    first = table.column(0)
    if not pa.types.is_string(first.type) or table.num_columns < 3:
        return rows, []
    said: list[str] = []
    body = [
        ["" if c is None else c for c in row]
        for row in zip(*map(_list, table.columns), strict=True)
    ]
    sums = frozenset(subtotals(body))
    if sums:
        kept = [at for at in range(len(body)) if at not in sums]
        table = table.take(from_numbers(np.array(kept, dtype=np.int64)))
        body = [body[at] for at in kept]
        said.append(left_out(len(sums)))
    for at in filled_down(body):
        name = table.column_names[at]
        table = table.set_column(at, name, pc.fill_null_forward(table.column(at)))
        said.append(stands_for(name))
    return (MemoryRows(table, rows.is_settled), said) if said else (rows, [])


def left_out(n_sums: int) -> str:
    """Return what is said of sums that are left out."""
    return f"left out {n_sums} {'row' if n_sums == 1 else 'rows'} of sums"


def stands_for(name: str) -> str:
    """Return what is said of a column of labels that stand once."""
    return f"read {name} as standing for the blank cells below it"


def _list(column: pa.ChunkedArray) -> list[Any]:
    found: list[Any] = column.to_pylist()
    return found


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
