"""Owns which numbers of 0 and 1 are the levels of one thing: seasons, body types, days of the week.

In each row one of them is 1, or none where a level was left out, as tables made for a regression
have it. That one excludes the other is no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues

#: Fewest columns that are levels of one thing, most that are looked at, and rows looked at.
MIN_LEVELS, MAX_FLAGS, MAX_ROWS = 3, 256, 2_000
#: Fewest rows of the table, and of each level, that no chance keeps apart.
MIN_ROWS, MIN_EACH = 20, 3
#: Share of the rows that are of one of the levels.
MIN_COVERED = 0.6


def find_exclusive(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[frozenset[str]]:
    """Find the pairs of columns side by side that are the yes or no of levels of one thing.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> seasons = {name: [int(i % 3 == at) for i in range(30)] for at, name in enumerate("abc")}
    >>> rain = [i * 7 % 29 / 3 for i in range(30)]
    >>> sorted(map(sorted, profile_table(pa.table({**seasons, "rain": rain})).copies))
    [['a', 'b'], ['a', 'c'], ['b', 'c']]
    """
    flags = [at for at, c in enumerate(columns) if _is_flag(c)][:MAX_FLAGS]
    if len(flags) < MIN_LEVELS or columns[0].n_rows < MIN_ROWS:
        return frozenset()
    ones = np.stack([values[at].sizes[:MAX_ROWS] == 1 for at in flags])
    apart = (ones.astype(np.float32) @ ones.T.astype(np.float32)) == 0
    runs = sorted((_run(start, apart) for start in range(len(flags))), key=len, reverse=True)
    found: set[frozenset[str]] = set()
    taken: set[int] = set()
    for run in runs:
        if len(run) < MIN_LEVELS:
            break
        if taken.isdisjoint(run) and ones[run].any(axis=0).mean() >= MIN_COVERED:
            taken.update(run)
            names = [columns[flags[at]].name for at in run]
            found.update(map(frozenset, combinations(names, 2)))
    return frozenset(found)


def _is_flag(column: ColumnProfile) -> bool:
    coded = column.kind == "number" and column.zero_one
    each = column.mean * column.n_present >= MIN_EACH
    return coded and each and column.usable and column.n_present == column.n_rows


def _run(start: int, apart: np.ndarray) -> list[int]:
    """Return the longest run of columns from one on of which no two are 1 in any row."""
    run = [start]
    while run[-1] + 1 < len(apart) and apart[run[-1] + 1, run].all():
        run.append(run[-1] + 1)
    return run
