"""Owns which column says what somebody was given in an experiment: its arms.

Whoever runs one wants to know how its arms differ, and that they do not is an answer as well. Other
columns are always closer to each other, so no relation tells which these are: their labels do, one
of which is a control, or their name.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Most arms of an experiment, and most of numbers, which are doses beyond.
MAX_ARMS, MAX_CODED = 8, 4
#: Labels of those who were given nothing, or what everybody gets.
_CONTROL = late_pattern(
    r"(control|controls|ctrl|ctl|placebo|sham|vehicle|untreated|no treatment|usual care"
    r"|standard( of)? care|treatment as usual|care as usual|wait(ing)?[ -]?list|hold[ -]?out|mock"
    r"|kontrolle|kontrollgruppe|témoin|testigo)"
)
_CONTROL_LABEL = late_pattern(
    rf"(([a-z]|\d|negative|healthy|matched|saline|group|arm|cell|variant) )?{_CONTROL.pattern}"
    r"( (group|arm|condition|gruppe))?"
)
#: Names of what was given, whatever the labels are; those of two codes or letters as well.
_ARM_NAME = late_pattern(
    r"((study|trial|planned|actual|assigned|rand(omi[sz]ed)?) )?"
    r"(arm|treat|treatments?|trt|tx|trt grp|trt ?\d* ?[pa]n?|allocation|intervention|therapy)"
    r"( (arm|group|code|name|assigned|assignment))?"
    r"|(randomi[sz]ed|assigned|allocated)( to)?"
    r"|(experiment(al)?|test) (group|condition|variant|cell)"
    r"|behandlung|traitement|tratamiento"
)
#: Names of how something ended: some applicants are on a waiting list.
_END_NAME = late_pattern(r"\b(decision|status|state|stage|outcome|results?|offer)$")
_LETTERED_NAME = late_pattern(
    r"(ab )?(variant|version|variation|bucket|cell|condition|group|arm|test)( (name|id))?"
)
_LETTER = late_pattern(r"(variant|version|group|arm|test|cell)? ?([a-f]|v?[0-3])")


def with_given(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Tell the columns that say what each row was given in an experiment.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"cell": ["A", "B", "holdout"] * 20, "bought": [0, 1, 1, 0, 0] * 12})
    >>> [column.name for column in profile_table(table).columns if column.given]
    ['cell']
    """
    return tuple(
        replace(column, given=True) if _is_given(column, values[at]) else column
        for at, column in enumerate(columns)
    )


def _is_given(column: ColumnProfile, values: ColumnValues) -> bool:
    if not column.usable or not 2 <= column.n_distinct <= MAX_ARMS or column.kind == "time":
        return False
    name = split_name(column.name)
    named = _ARM_NAME.fullmatch(name) is not None
    if column.kind != "text":
        coded = column.kind == "boolean" or column.semantic == "category"
        return coded and named and column.n_distinct <= MAX_CODED
    labels = [" ".join(split_name(label).split()) for label in values.labels]
    ended = _END_NAME.search(name) is not None
    if named or (any(map(_CONTROL_LABEL.fullmatch, labels)) and not ended):
        return True
    return bool(_LETTERED_NAME.fullmatch(name)) and all(map(_LETTER.fullmatch, labels))
