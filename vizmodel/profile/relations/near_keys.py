"""Owns columns that identify the rows of a table but for a few, which are there twice.

Published tables have slips: one row comes again, or a number was filed twice. Such a table is what
it would be without them, and what is drawn where two rows share a place is their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import prod

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import MAX_KEY_COLUMNS, n_joint

#: Most rows that come twice; so many combinations of the columns are there at least, since of rows
#: that fell into them by chance far more would meet; and fewest rows.
MAX_TWICE, MIN_FILLED, MIN_ROWS = 0.01, 0.5, 30
#: A time whose steps are so even runs on, though one of them is there twice.
MIN_EVEN = 0.5


def find_near_keys(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[tuple[int, ...]]:
    """Find sets of one to three groups and times whose values differ in nearly every row.

    Returns
    -------
    frozenset of tuple of int
        Sorted positions; no set contains another.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> rows = {"town": list("abcdefgh") * 5 + ["c"], "year": [2001 + i // 8 for i in range(41)]}
    >>> rows["year"][40] = 2005
    >>> profile = profile_table(pa.table(rows | {"n": [0.5] * 40 + [7.5]}))
    >>> profile.keys, profile.twice
    (frozenset({(0, 1)}), True)
    """
    n_rows = len(values[0].codes) if values else 0
    if n_rows < MIN_ROWS:
        return frozenset()
    parts = [i for i, column in enumerate(columns) if _may_be_part(column)][:MAX_KEY_COLUMNS]
    most = max(1, int(MAX_TWICE * n_rows))
    found: dict[tuple[int, ...], set[int]] = {}
    for size in (1, 2, 3):
        for positions in combinations(parts, size):
            if any(map(set(positions).issuperset, found.values())):
                continue
            n_places = prod(columns[i].n_distinct + (columns[i].null_share > 0) for i in positions)
            if not n_rows - most <= n_places <= n_rows / MIN_FILLED:
                continue
            if size == 1 and not _runs_on(columns[positions[0]]):
                continue
            n_twice = n_rows - n_joint([values[i].codes for i in positions])
            if n_twice <= most:
                found[positions] = set(positions)
    return frozenset(found)


def _may_be_part(column: ColumnProfile) -> bool:
    if column.n_distinct < 2 or column.semantic in ("text", "identifier"):
        return False
    groups = column.kind in ("text", "boolean") or column.semantic == "category"
    return groups or column.is_time or column.told in ("nominal", "ordinal")


def _runs_on(column: ColumnProfile) -> bool:
    return column.is_time and column.even >= MIN_EVEN
