"""Owns which of the last rows of a table tell of all others: totals and means, and notes below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from erp_widget.sources.surroundings import MAX_BELOW, MIN_ROWS, Cells, columns_of, is_value
from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.numerals import COMMAS, MISSING, read_written

#: How near a total is to the sum of what is above it.
SLACK = 0.005
#: Share of a column's cells that are numbers where its others are remarks, such as "tbd".
MOSTLY = 0.8
#: How numbers are read: with a decimal point, and with a comma in its place.
_STYLES = ("written", f"written{COMMAS}")
SUM = late_pattern(
    r"(grand |sub|sub-|overall )?totals?( general| général)?|sums?|(zwischen|end)?summen?"
    r"|(gesamt|teil)?ergebnis|gesamt(summe)?|insgesamt|somme|sous-total"
    r"|suma|totale|totaal|összesen|итого",
    re.IGNORECASE,
)
_MEAN = late_pattern(
    r"averages?|avg\.?|means?|mittelwert|durchschnitt|schnitt|moyenne|media|promedio|gemiddelde",
    re.IGNORECASE,
)


def rows_after(rows: Sequence[Cells], whole: bool) -> tuple[int, int]:
    """Return how many of the last rows are totals, and how many are notes below them.

    Parameters
    ----------
    rows
        The last rows of a table, as texts; all as wide as its header.
    whole
        Whether these are all its rows, so that sums can be told.

    Examples
    --------
    >>> rows_after([["Rome", "3"], ["Oslo", "4"], ["Total", "7"]], whole=True)
    (1, 0)
    """
    kept = len(rows)
    while kept > MIN_ROWS and _is_note(rows[kept - 1]):
        kept -= 1
    notes = len(rows) - kept
    for totals in range(min(MAX_BELOW, kept - 2), 0, -1):
        body, last = rows[: kept - totals], rows[kept - totals : kept]
        if all(_are_totals(row, body, whole) for row in last):
            return totals, notes
    return 0, notes


def _is_note(row: Cells) -> bool:
    """Whether a row of three columns or more has a text in the first and nothing else."""
    words = not row[0] or not (is_value(row[0]) or MISSING.fullmatch(row[0]))
    return len(row) > 2 and not any(row[1:]) and words


def is_total(cell: str) -> bool:
    """Whether a label names a sum or a mean."""
    return bool(SUM.fullmatch(cell) or _MEAN.fullmatch(cell))


def _are_totals(last: Cells, body: Sequence[Cells], whole: bool) -> bool:
    label = next((at for at, cell in enumerate(last) if cell), None)
    columns = columns_of(body, len(last))
    if label is None or not is_total(last[label]) or last[label] in columns[label]:
        return bool(label) and whole and _are_bare_totals(last, columns, len(body))
    numbers = [len(values) > 1 and all(map(is_value, values)) for values in columns]
    words = [at for at, values in enumerate(columns) if at != label and _are_words(values)]
    if any(last[at] for at in words) or not any(map(is_value, last)):
        return False
    # Nothing but a total is a word among numbers, or lacks what all other rows have.
    if numbers[label] or any(len(columns[at]) == len(body) for at in words):
        return True
    means = _MEAN.fullmatch(last[label]) is not None
    summed = (at for at, are_numbers in enumerate(numbers) if are_numbers)
    return whole and any(_comes_to(columns[at], last[at], means) for at in summed)


def _are_bare_totals(last: Cells, columns: Sequence[Sequence[str]], n_rows: int) -> bool:
    """Whether a row without a name, where all others have one, has a sum of theirs."""
    if n_rows < MIN_ROWS or len(columns[0]) < n_rows:
        return False
    if any(last[at] for at, values in enumerate(columns) if _are_words(values)):
        return False
    cells = zip(columns, last, strict=True)
    return any(_comes_to(values, cell, False) for values, cell in cells if cell.strip("0.,"))


def _are_words(values: Sequence[str]) -> bool:
    return sum(map(is_value, values)) < MOSTLY * len(values)


def _comes_to(values: Sequence[str], told: str, means: bool) -> bool:
    """Whether numbers come to a sum, or a mean, that is told of them."""
    return any(_comes_as_read(values, told, means, style) for style in _STYLES)


def _comes_as_read(values: Sequence[str], told: str, means: bool, style: str) -> bool:
    total, found = read_written(told, style), [read_written(value, style) for value in values]
    read = [value for value in found if value is not None]
    if total is None or len(read) < len(found):
        return False
    wanted = sum(read) / (len(read) if means else 1)
    return abs(total - wanted) <= SLACK * max(abs(wanted), 1e-9)
