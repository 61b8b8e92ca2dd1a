"""Owns the order in which a table lists the labels of a column, where it is the same throughout.

Whoever lays out a table of all combinations of some groups writes each of them in the order that
they have: classes from the highest to the lowest, answers from well to impaired.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.orders.grades import lettered_order
from vizmodel.profile.orders.labels import order_of
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Labels that are listed: two have one order only, and many are looked for by their size.
MIN_LISTED, MAX_LISTED = 3, 7
#: Times that all are listed anew from which it is no chance.
MIN_ROUNDS = 2


def with_listed(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], counted: Sequence[int]
) -> tuple[ColumnProfile, ...]:
    """Tell the columns whose labels are listed in one order: by what they say, or in the table.

    Parameters
    ----------
    columns, values
        Of the sample.
    counted
        Places of the columns that count cells: the groups of such a table are all listed.
    """
    # What comes again with each time is no list, but whoever was recorded then.
    timed = any(column.is_time for column in columns)
    found = [
        column.listed
        or _by_name(column, values[i])
        or (() if timed else _by_place(column, values[i]))
        for i, column in enumerate(columns)
    ]
    known = {frozenset(labels): labels for labels in found if labels}
    for i, column in enumerate(columns):
        if found[i] or not _may_be_listed(column):
            continue
        # One column's labels are listed once, another's with the same labels again and again.
        found[i] = known.get(frozenset(values[i].labels), ())
        if not found[i] and counted and not timed:
            found[i] = _by_place(column, values[i], 1)
    return tuple(
        replace(column, listed=labels) if labels else column
        for column, labels in zip(columns, found, strict=True)
    )


def _may_be_listed(column: ColumnProfile) -> bool:
    few = MIN_LISTED <= column.n_distinct <= MAX_LISTED
    return few and column.kind == "text" and column.semantic == "category"


def _by_name(column: ColumnProfile, values: ColumnValues) -> tuple[str, ...]:
    """Return labels in the order that they have by what they say: steps, no and yes, grades."""
    few = 2 <= column.n_distinct <= MAX_CATEGORIES
    if not few or column.kind != "text":
        return ()
    found = order_of(values.labels)
    if found is not None:
        return found[1]
    return tuple(lettered_order(split_name(column.name), values.labels) or ())


def _by_place(
    column: ColumnProfile, values: ColumnValues, rounds: int = MIN_ROUNDS
) -> tuple[str, ...]:
    """Return labels in the order of the rows, where it is the same in so many rounds at least.

    That of the alphabet is nobody's choice.
    """
    if not _may_be_listed(column) or column.n_present < column.n_rows:
        return ()
    runs = _runs(values.codes)
    first = runs[: column.n_distinct]
    n_rounds, rest = divmod(len(runs), column.n_distinct)
    if rest or n_rounds < rounds or not np.array_equal(runs, np.tile(first, n_rounds)):
        return ()
    if len(set(first.tolist())) < column.n_distinct or np.array_equal(first, np.sort(first)):
        return ()
    return tuple(values.labels[code] for code in first)


def _runs(codes: Codes) -> Codes:
    """Return codes without those that only repeat the one before."""
    kept = np.ones(len(codes), dtype=bool)
    kept[1:] = codes[1:] != codes[:-1]
    return codes[kept]
