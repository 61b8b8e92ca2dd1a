"""Owns whether the rows of a table are records of what happened: orders, tickets, visits, runs.

What is asked of records is another thing than of a sample: how much there is of it, over the months
and by kind. Of tables that people keep at work five in six have dates and several kinds of labels
beside each other; of studies and statistics one in 25, mostly records as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.words import calendar_limit

#: Fewest and most columns, fewest labels among them, and rows.
MIN_COLUMNS, MAX_COLUMNS, MIN_LABELS, MIN_ROWS = 6, 30, 2, 40
#: Fewest times that rows have in all.
MIN_TIMES = 8
#: Of a year.
MONTHS = 12


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
    dated = any(column.kind == "time" for column in columns)
    return labels >= MIN_LABELS and (dated or of_months(columns) is not None)


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
    dated = any(c.resolution in fine and c.n_distinct >= MIN_TIMES for c in times)
    return dated or of_months(columns) is not None


def of_months(columns: Sequence[ColumnProfile]) -> ColumnProfile | None:
    """Return the months of one year that rows are of, as pay is listed; None where none are.

    Parameters
    ----------
    columns
        Of the table, without those that stand for gathered ones.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> pay = {"year": [2025] * 24, "month": [*range(1, 13)] * 2, "gross": [*range(24)]}
    >>> of_months(profile_table(pa.table(pay)).columns).name
    'month'
    """
    years = [c for c in columns if c.names_a_time and calendar_limit(c.name) < 0]
    months = [c for c in columns if c.usable and calendar_limit(c.name) == MONTHS]
    numbers = [c for c in months if c.calendar and c.n_distinct >= MIN_TIMES]
    return numbers[0] if numbers and any(c.constant and c.integer for c in years) else None
