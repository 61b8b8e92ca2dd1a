"""Owns which columns have values in the rows of one group only.

What a bottle holds is written down where a meal is a bottle, why somebody left where he left. Split
by that group such a column would be one colour, with a legend of one entry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.reading.values import ColumnValues

#: Groups and columns with gaps that are looked at, and rows that mostly tell two groups apart.
MAX_GROUPS, MAX_GAPPED, FIRST_ROWS = 64, 64, 100


def find_lone(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find the pairs of a group and a column that has values in one of its levels only.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> meals = {"meal": ["bottle", "solid"] * 20, "ml": [90, None, 120, None] * 10}
    >>> meals |= {"day": [i // 4 for i in range(40)], "minutes": [i * 7 % 29 for i in range(40)]}
    >>> sorted(map(sorted, profile_table(pa.table(meals)).copies))
    [['meal', 'ml']]
    """
    groups = [at for at, c in enumerate(columns) if _is_group(c)][:MAX_GROUPS]
    gapped = [at for at, c in enumerate(columns) if _has_gaps(c)][:MAX_GAPPED]
    found = set()
    for at in gapped:
        rows = np.flatnonzero(values[at].codes >= 0)
        for group in groups:
            codes = values[group].codes
            if group != at and len(rows) and _one(codes[rows[:FIRST_ROWS]]) and _one(codes[rows]):
                found.add(frozenset((columns[group].name, columns[at].name)))
    return frozenset(found)


def _one(codes: np.ndarray) -> bool:
    return bool((codes == codes[0]).all())


def _is_group(column: ColumnProfile) -> bool:
    return column.usable and 2 <= column.n_distinct <= MAX_CATEGORIES


def _has_gaps(column: ColumnProfile) -> bool:
    return column.usable and column.n_distinct >= 2 and column.n_present < column.n_rows
