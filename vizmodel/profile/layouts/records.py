"""Owns whether the rows of a table are records of what happened: orders, tickets, visits, runs.

What is asked of records is another thing than of a sample: how much there is of it, over the months
and by kind. Of tables that people keep at work five in six have dates and several kinds of labels
beside each other; of studies and statistics one in 25, mostly records as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.profile.columns import ColumnProfile

#: Fewest and most columns, fewest labels among them, and rows.
MIN_COLUMNS, MAX_COLUMNS, MIN_LABELS, MIN_ROWS = 6, 30, 2, 40
#: Fewest times that rows have in all.
MIN_TIMES = 8


def holds_records(columns: Sequence[ColumnProfile]) -> bool:
    """Whether a table has dates, and labels of several kinds, in many rows.

    Parameters
    ----------
    columns
        Of the table, without those that stand for gathered ones.

    Examples
    --------
    >>> holds_records([])
    False
    """
    if not MIN_COLUMNS <= len(columns) <= MAX_COLUMNS or columns[0].n_rows < MIN_ROWS:
        return False
    labels = sum(column.kind == "text" for column in columns)
    return labels >= MIN_LABELS and any(column.kind == "time" for column in columns)


def has_times(columns: Sequence[ColumnProfile]) -> bool:
    """Whether each row of a table is of a time: of a month at most, and of several in all.

    Parameters
    ----------
    columns
        Of the table, without those that stand for gathered ones.

    Examples
    --------
    >>> has_times([])
    False
    """
    fine = ("month", "day", "hour")
    times = (column for column in columns if column.kind == "time" and column.usable)
    return any(c.resolution in fine and c.n_distinct >= MIN_TIMES for c in times)
