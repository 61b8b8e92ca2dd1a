"""Owns tables of counted cells: groups in most columns, and how many there are of each combination.

Rows of such a table are no sample of anything. What is told of its groups, their sizes and how they
go together, is told of what is counted: each row stands for as many.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import is_key
from vizmodel.profile.statistics import entropy, rarer_value

#: Fewest columns of groups whose combinations are counted, and rows for each number among them.
MIN_GROUPS, MIN_ROWS_EACH = 2, 8


def find_counted(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[int, ...]:
    """Find the columns that count the cells of a table.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of int
        Positions; empty where any other number measures something, or where the groups do not tell
        the rows apart.
    """
    # A row number is no size, and no group either.
    shown = {i for i, column in enumerate(columns) if not column.identifier}
    counted = {i for i in shown if columns[i].adds_up}
    groups = {i for i in shown - counted if is_group(columns[i])}
    numbers = shown - counted - groups
    if not counted or len(groups | numbers) < MIN_GROUPS:
        return ()
    if not all(_may_be_crossed(columns[i]) for i in numbers):
        return ()

    def tell_apart(names: set[int]) -> bool:
        return is_key([values[i].codes for i in sorted(names)])

    # A number is a group where it takes one to tell the rows apart; else it is a measure.
    needed = not any(tell_apart(groups | numbers - {i}) for i in numbers)
    return tuple(sorted(counted)) if needed and tell_apart(groups | numbers) else ()


def is_group(column: ColumnProfile) -> bool:
    """Whether a column holds groups by its kind or meaning."""
    return column.kind in ("text", "boolean") or column.semantic in ("category", "ordinal")


def _may_be_crossed(column: ColumnProfile) -> bool:
    """Whether whole numbers may be groups that were crossed with others, as ages are with sexes."""
    again = column.n_present >= MIN_ROWS_EACH * column.n_distinct
    return column.kind == "number" and column.integer and again and not column.is_time


def cell_weights(counted: Sequence[int], values: Sequence[ColumnValues]) -> Floats | None:
    """Return how many each row stands for: float64 [n_rows]; None where each is one."""
    if not counted:
        return None
    weights = np.sum([np.nan_to_num(values[i].sizes) for i in counted], axis=0)
    return weights if weights.sum() > 0 else None


def with_weights(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], weights: Floats | None
) -> tuple[ColumnProfile, ...]:
    """Return the columns with groups as large as what is counted of them."""
    if weights is None:
        return tuple(columns)
    return tuple(
        _weighted(column, values[i], weights) if is_group(column) else column
        for i, column in enumerate(columns)
    )


def _weighted(column: ColumnProfile, values: ColumnValues, weights: Floats) -> ColumnProfile:
    codes = values.codes
    present = codes >= 0
    sizes: Floats = np.bincount(codes[present], weights=weights[present], minlength=1).astype(float)
    share = float(sizes.max() / max(sizes.sum(), 1.0))
    rarer = rarer_value(column.kind, values, sizes)
    return replace(column, entropy=entropy(sizes), top_share=share, rarer=rarer)
