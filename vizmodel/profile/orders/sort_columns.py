"""Owns columns that are there to sort by: the place of each label of another, and nothing else.

Reports and databases keep the order of their labels in numbers beside them: `stage` and
`stage_order`, `education` and `education_num`. The labels are drawn in that order; how large the
numbers are says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.orders.labels import order_of
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Fewest labels of which an order is told.
MIN_SORTED = 3
#: Names of columns to sort by, alone or beside the name of what they sort.
_SORT_NAME = late_pattern(
    r"\b((sort|display|plot|sorting)( ?(order|key|index|idx|by|no|num|nr|id))?|order(ing)?"
    r"|sortorder|sortkey|sortby|sortierung|reihenfolge|ordnung|ordre|tri|orden|ordem|ordine)\b"
)
#: Names of numbers that sort what the rest of their name says: education_num, risk_level.
_NUMBER_NAME = late_pattern(r"\b(num|rank|level|step|seq|sequence|rang|stufe|niveau|nivel)\b")

#: Labels that are sorted by numbers whatever these are called.
_CALENDAR = ("weekday", "month")


def with_sort_columns(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Give labels the order that a column beside them tells; that column is a mere name then.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"stage": ["won", "lead", "bid"], "sort": [3, 1, 2], "n": [4, 9, 7]})
    >>> profile = profile_table(table)
    >>> profile.column("stage").listed, profile.column("sort").usable
    (('lead', 'bid', 'won'), False)
    """
    found = list(columns)
    texts = [at for at, c in enumerate(columns) if c.kind == "text" and _has_few(c)]
    for at, column in enumerate(columns if texts else ()):
        if not _may_sort(column):
            continue
        for other in _sorted_by(column, texts, columns):
            order = _order(values[at], values[other])
            if order and (columns[other].semantic not in _CALENDAR or _comes_round(order)):
                found[other] = replace(found[other], listed=order)
                why = f"tells the order of “{columns[other].name}”"
                found[at] = replace(column, semantic="identifier", evidence=why, sorts=True)
                break
    return tuple(found)


def _has_few(column: ColumnProfile) -> bool:
    return MIN_SORTED <= column.n_distinct <= MAX_CATEGORIES


def _may_sort(column: ColumnProfile) -> bool:
    return column.kind == "number" and column.integer and column.told is None and _has_few(column)


def _sorted_by(
    column: ColumnProfile, texts: Sequence[int], columns: Sequence[ColumnProfile]
) -> list[int]:
    """Return the texts that a column may sort: days and months, and what its name is about."""
    rest = _rest_of_name(column)
    # Of a single row for each day any count may rise with them.
    counts = column.calendar or column.comes_again
    calendar = [at for at in texts if counts and columns[at].semantic in _CALENDAR]
    if rest is None:
        return calendar
    named = {at: frozenset(split_name(columns[at].name).split()) for at in texts}
    return [at for at in texts if rest <= named[at]] + calendar


def _rest_of_name(column: ColumnProfile) -> frozenset[str] | None:
    """Return the words beside those that say a column is to sort by; None where none say so."""
    name = split_name(column.name)
    if _SORT_NAME.search(name):
        return frozenset(_SORT_NAME.sub(" ", name).split())
    rest = frozenset(_NUMBER_NAME.sub(" ", name).split())
    return rest if rest and _NUMBER_NAME.search(name) else None


def _order(numbers: ColumnValues, labels: ColumnValues) -> tuple[str, ...]:
    """Return labels by the one number that each has; none where one has several, or no sort.

    Numbers in the order of the alphabet were given by a program, and are nobody's order.
    """
    both = (numbers.codes >= 0) & (labels.codes >= 0)
    pairs = np.unique(np.stack((numbers.codes[both], labels.codes[both])), axis=1)
    told = pairs[1]
    one_each = len(told) == labels.n_distinct == numbers.n_distinct == len(np.unique(told))
    if not one_each or np.array_equal(told, np.sort(told)):
        return ()
    return tuple(labels.labels[code] for code in told)


def _comes_round(order: tuple[str, ...]) -> bool:
    """Whether days or months follow each other, from whichever one."""
    known = order_of(order)
    if known is None:
        return False
    start = known[1].index(order[0])
    return order == (*known[1][start:], *known[1][:start])
