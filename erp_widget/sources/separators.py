"""Owns what parts the values of a text: what all its rows have as many of, by reading them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from msgspec import Struct

from erp_widget.sources.surroundings import LOOKED_AT, Cells, is_value

#: What may part values; the first where nothing tells them apart, for commas stand in texts too.
SEPARATORS = ";\t|,"
#: As much of a file's beginning as is looked at.
BEGINNING_BYTES = 2**16


class Row(Struct, frozen=True):
    """A row's cells, and in which lines it is: after `start`, up to `end`."""

    cells: Cells
    start: int
    end: int


def rows_of(text: str, separator: str, most: int | None = None) -> list[Row]:
    """Return the rows of a text, empty ones at its beginning included, and where they are."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    start = 0
    try:
        for cells in reader:
            rows.append(Row([cell.strip() for cell in cells], start, reader.line_num))
            start = reader.line_num
            if len(rows) == most:
                break
    except csv.Error:  # a cell without end, which is for the reading of the table to tell
        pass
    return rows


def separators(start: str) -> list[str]:
    r"""Return what may part the values of a text, best first.

    Examples
    --------
    >>> separators("year;price, EUR\n1990;0,5\n1991;3,5\n")[0]
    ';'
    """
    if len(start) > BEGINNING_BYTES:
        start = start[: start.rfind("\n", 0, BEGINNING_BYTES) + 1]
    fits = {separator: _fit(start, separator) for separator in SEPARATORS}
    return sorted(SEPARATORS, key=fits.__getitem__, reverse=True)


def parts_all(start: str, separator: str) -> bool:
    """Whether a separator parts all rows of a text into as many values, and more than one."""
    return _fit(start, separator)[0]


def _fit(start: str, separator: str) -> tuple[bool, int, int]:
    """Return whether all rows are as wide, how wide most are if not, and its numbers and dates."""
    rows = [row.cells for row in rows_of(start, separator, LOOKED_AT) if any(row.cells)]
    widths = [len(cells) for cells in rows]
    most = max(widths, key=widths.count, default=0)
    if most < 2:
        return False, most, 0
    all_alike = min(widths) == most == max(widths)
    return all_alike, 0 if all_alike else most, _values(rows[1:])


def _values(rows: Sequence[Cells]) -> int:
    return sum(is_value(cell) for row in rows for cell in row)
