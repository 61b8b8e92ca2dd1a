"""Owns the notes below a table in its file: a source, a remark, what an asterisk stands for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from erp_widget.sources.surroundings import Cells, is_value, says_note
from erp_widget.sources.total_rows import is_total

#: Fewest rows that are left of a table without its notes.
MIN_LEFT = 2


def notes_below(rows: Sequence[Cells], gaps: Collection[int], width: int) -> int:
    """Return how many of the last rows of a table are notes.

    Notes say so, or are shorter than the table and stand below a blank line. A separator may part
    the words of one, so that it looks as wide as the table, or wider.

    Parameters
    ----------
    rows
        The last rows, as texts, without cells that their file does not have; none is blank.
    gaps
        Which of them have a blank line above.
    width
        How many columns the table has.

    Examples
    --------
    >>> rows = [["Rome", "3"], ["Oslo", "4"], ["Source: Eurostat", "2020"]]
    >>> notes_below(rows, [2], 2), notes_below(rows, [], 2)
    (1, 0)
    """
    starts = [
        start
        for start in sorted(gaps)
        if start >= MIN_LEFT and all(_is_note(row, width) for row in rows[start:])
    ]
    # Where blank lines part rows of data too, they say nothing of the last ones.
    kept = starts[0] if starts and len(starts) == len(gaps) else len(rows)
    while kept > MIN_LEFT and _stands_out(rows[kept - 1], rows[: kept - 1], width):
        kept -= 1
    return len(rows) - kept


def _is_note(row: Cells, width: int) -> bool:
    """Whether a row below a blank line is a note."""
    return says_note(row) or (len(row) < width and not is_value(row[0]) and not is_total(row[0]))


def _stands_out(row: Cells, others: Sequence[Cells], width: int) -> bool:
    """Whether a row says that it is a note, as no other does, and is not like them."""
    if not says_note(row) or any(says_note(cells) for cells in others):
        return False
    if len(row) != width:
        return True
    columns = [[cells[at] for cells in others if len(cells) == width] for at in range(width)]
    return any(
        not is_value(cell) and values and all(map(is_value, values))
        for cell, values in zip(row, columns, strict=True)
    )
