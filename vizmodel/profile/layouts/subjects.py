"""Owns which whole numbers name the subject of several rows, such as panels and matched sets.

No name says that `Chick` is no measure. The rows do: while it stays the same a time runs, or
something else is the same within each of its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.profile import words
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile, Semantic
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues

#: Numbers of groups of rows, such as matched sets: more than so many, with at most so many rows.
MIN_SETS, MAX_SET_ROWS = 12, 10
#: Fewest subjects that a time runs for, and fewest rows of each as a rule.
MIN_SUBJECTS, MIN_TIMES = 5, 3
#: Share of the steps from one row of a subject to its next at which the time goes on.
RUNNING = 0.8
#: Correlation of ranks from which numbers that a time runs for are an axis, as percentiles are.
ALONG_AN_AXIS = 0.8
#: Most groups of subjects that are told by numbers, such as treatments.
MAX_TREATMENTS = 8
#: Rows that tell of most columns that they decide no other.
PROBED = 64


def with_subjects(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take numbers that only tell the subjects of rows apart for what they are: names.

    Parameters
    ----------
    columns, values
        Of the sample, whose rows are in the table's order.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> birds = [bird for bird in range(1, 41) for _ in range(6)]
    >>> grams = [40.0 + i * 37 % 101 for i in range(240)]
    >>> table = pa.table({"grams": grams, "day": [0, 2, 4, 6, 8, 10] * 40, "bird": birds})
    >>> profile_table(table).column("bird").evidence
    'names what “day” runs for, 1 to 40'
    """
    found = list(columns)
    for at, column in enumerate(columns):
        if not _may_name(column):
            continue
        told = _panel(at, found, values) or _sets(at, found, values) or _groups(at, found, values)
        if told is not None:
            found[at] = replace(column, semantic=told[0], evidence=told[1])
    return _with_treatments(found, values)


def _with_treatments(
    columns: list[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take numbers from one that are the same whenever a subject is seen for groups of subjects.

    Somebody put the subjects into them, and wants to know how they differ.
    """
    subjects = [at for at, c in enumerate(columns) if c.identifier and _comes_again(c)]
    for at, column in enumerate(columns if subjects else ()):
        if not _may_group(column):
            continue
        for subject in subjects:
            if decides(values[subject].codes, values[at].codes):
                said = f"numbers groups of “{columns[subject].name}”, 1 to {column.maximum:.0f}"
                columns[at] = replace(column, semantic="category", evidence=said, given=True)
                break
    return tuple(columns)


def _comes_again(column: ColumnProfile) -> bool:
    several = MIN_TIMES * column.n_distinct <= column.n_present
    return column.kind == "number" and several and column.n_distinct >= MIN_SUBJECTS


def _may_group(column: ColumnProfile) -> bool:
    sized = column.kind == "number" and column.semantic == "measure" and column.told is None
    few = column.integer and column.minimum == 1 and 3 <= column.n_distinct <= MAX_TREATMENTS
    named = words.SIZE_NAME.search(words.split_name(column.name))
    return sized and few and is_unbroken(column) and not named


def _may_name(column: ColumnProfile) -> bool:
    """Whether whole numbers come again and again, and their name says nothing of a size."""
    return (
        column.kind == "number"
        and column.semantic == "measure"
        and column.told is None
        and column.integer
        and column.minimum >= 0
        and MIN_SUBJECTS <= column.n_distinct < column.n_present == column.n_rows
        and not words.SIZE_NAME.search(words.split_name(column.name))
    )


def stands_in_blocks(column: ColumnProfile, codes: Codes) -> bool:
    """Whether the rows of each value of a column follow each other."""
    return int(np.count_nonzero(codes[1:] != codes[:-1])) + 1 == column.n_distinct


def is_unbroken(column: ColumnProfile) -> bool:
    """Whether whole numbers count on from nought or one without a gap."""
    span = column.maximum - column.minimum + 1
    return column.minimum in (0, 1) and span == column.n_distinct


def _panel(
    at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Semantic, str] | None:
    """Say that rows follow each other for each of a column's numbers, which come one by one."""
    column, codes = columns[at], values[at].codes
    if column.n_distinct <= MIN_SETS and not is_unbroken(column):
        return None
    if column.n_present < MIN_TIMES * column.n_distinct:
        return None
    if not stands_in_blocks(column, codes):
        return None
    clock = next((i for i, c in enumerate(columns) if i != at and _runs(c, values[i], codes)), None)
    if clock is None or _is_axis(at, columns, values) or _has_name(at, columns, values):
        return None
    few = column.n_distinct <= MAX_CATEGORIES
    span = f"{column.minimum:.0f} to {column.maximum:.0f}"
    said = f"names what “{columns[clock].name}” runs for, {span}"
    return "category" if few else "identifier", said


def _runs(clock: ColumnProfile, values: ColumnValues, codes: Codes) -> bool:
    """Whether times go on from row to row of each subject, and begin anew with the next."""
    called = words.STEP_NAME.search(words.split_name(clock.name))
    timed = clock.is_time or clock.semantic == "sequence" or (called and clock.integer)
    if not timed or clock.n_distinct < MIN_TIMES or clock.n_distinct == clock.n_rows:
        return False
    steps = np.diff(values.codes)
    return bool((steps[codes[1:] == codes[:-1]] > 0).mean() >= RUNNING)


def _is_axis(at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> bool:
    """Whether a size rises or falls with a column's numbers."""
    ranks = [v.codes for c, v in zip(columns, values, strict=True) if _is_long(c)]
    own = values[at].codes
    return any(
        abs(np.corrcoef(own, other)[0, 1]) >= ALONG_AN_AXIS for other in ranks if other is not own
    )


def _is_long(column: ColumnProfile) -> bool:
    return column.is_size and column.n_distinct > MIN_SETS


def _has_name(at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> bool:
    """Whether another column names the same subjects: numbers may be a size of each, then."""
    codes = values[at].codes
    return any(
        i != at
        and not c.is_size
        and c.n_distinct == columns[at].n_distinct
        and decides(codes, values[i].codes)
        for i, c in enumerate(columns)
    )


def _sets(
    at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Semantic, str] | None:
    """Say that numbers from one without a gap have few rows each, within which another is the same.

    Such are matched sets, households, earthquakes.
    """
    column = columns[at]
    several = column.n_distinct > MIN_SETS and column.n_present <= MAX_SET_ROWS * column.n_distinct
    if not several or not is_unbroken(column):
        return None
    for other, beside in enumerate(columns):
        less = other != at and 2 <= beside.n_distinct < column.n_distinct
        if less and decides(values[at].codes, values[other].codes):
            span = f"{column.minimum:.0f} to {column.maximum:.0f}"
            same = f"“{beside.name}” is the same in each"
            return "identifier", f"numbers groups of rows, {span}: {same}"
    return None


def _groups(
    at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Semantic, str] | None:
    """Say that numbers without a gap, in order, have the names of several smaller groups each."""
    column = columns[at]
    if column.monotonic < 1 or column.n_distinct <= MIN_SETS or not is_unbroken(column):
        return None
    for part, beside in enumerate(columns):
        more = column.n_distinct < beside.n_distinct < beside.n_present
        names = beside.identifier or beside.semantic == "category"
        if more and names and decides(values[part].codes, values[at].codes):
            return "identifier", f"numbers groups of “{beside.name}”"
    return None


def decides(codes: Codes, others: Codes) -> bool:
    """Whether each value of one column goes with one value of another.

    Examples
    --------
    >>> decides(np.array([0, 0, 1]), np.array([2, 2, 2]))
    True
    >>> decides(np.array([0, 0]), np.array([1, 2]))
    False
    """
    # Few rows tell that most columns decide nothing.
    for rows in (slice(PROBED), slice(None)):
        both = (codes[rows] >= 0) & (others[rows] >= 0)
        one, other = codes[rows][both], others[rows][both]
        first = np.full(int(codes.max(initial=0)) + 1, -1, dtype=np.int64)
        first[one] = other
        if (first[one] != other).any():
            return False
    return True
