"""Owns the search for columns that identify the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import prod

import numpy as np

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues

#: Most columns tried as parts of a key, and most combinations looked at.
MAX_KEY_COLUMNS = 16
MAX_COMBINATIONS = 600
#: Different numbers of a column up to which they may be the levels of a design, such as doses.
MAX_FACTOR = 12
FEW_ROWS = 128
#: Codes of combinations above this are numbered anew.
LARGEST = 2**62


def find_keys(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> frozenset[tuple[int, ...]]:
    """Find minimal sets of one to three columns whose values differ in every row.

    A tidy table has such a key (country and year, say); its rows can be drawn as they are. Only
    columns that could stand on an axis as groups or as time take part: that two measures never
    repeat together says nothing.

    Returns
    -------
    frozenset of tuple of int
        Sorted positions; no set contains another.
    """
    parts = [i for i, column in enumerate(columns) if _may_identify(column)][:MAX_KEY_COLUMNS]
    if not parts:
        return frozenset()
    n_rows = len(values[0].codes)
    first = np.stack([values[i].codes[:FEW_ROWS] for i in parts])
    n_values = {i: columns[i].n_distinct + 1 for i in parts}
    found: dict[tuple[int, ...], set[int]] = {}
    tried = 0
    for size in (1, 2, 3):
        repeated = _repeat(first, size)
        for positions, repeats in zip(combinations(parts, size), repeated, strict=True):
            if any(map(set(positions).issuperset, found.values())):
                continue
            if prod(map(n_values.__getitem__, positions)) < n_rows:
                continue
            # Doses cross the groups that got them; that a measure repeats nowhere says nothing.
            crossed = prod(columns[i].n_distinct for i in positions) == n_rows
            if not crossed and any(_has_fraction(columns[i]) for i in positions):
                continue
            tried += 1
            if tried > MAX_COMBINATIONS:
                return frozenset(found)
            if not repeats and n_joint([values[i].codes for i in positions]) == n_rows:
                found[positions] = set(positions)
    return frozenset(found)


def _may_identify(column: ColumnProfile) -> bool:
    if column.n_distinct < 2:
        return False
    if column.told in ("nominal", "ordinal"):
        return True
    if column.kind in ("text", "boolean", "time") or column.semantic in (
        "year",
        "sequence",
        "identifier",
        "category",
    ):
        return True
    return _may_be_factor(column)


def _may_be_factor(column: ColumnProfile) -> bool:
    """Whether numbers may be the levels of a design: whole ones, or some that each come again."""
    again = column.integer or column.n_rows >= 2 * column.n_distinct
    return column.n_distinct <= MAX_FACTOR and again


def _has_fraction(column: ColumnProfile) -> bool:
    return column.kind == "number" and not column.integer


def _repeat(first: Codes, size: int) -> list[bool]:
    """Return which combinations of so many columns repeat among the first rows: most do.

    Parameters
    ----------
    first
        int64 [n_columns, n_rows], of at most some thousand values a column.
    size
        1, 2 or 3 columns.
    """
    chosen = np.array(list(combinations(range(len(first)), size)), dtype=np.int64).reshape(-1, size)
    n_values = first.max(initial=-1) + 2
    joint = np.zeros((len(chosen), first.shape[1]), dtype=np.int64)
    for place in range(size):
        joint = joint * n_values + first[chosen[:, place]] + 1
    joint.sort(axis=1)
    repeated: list[bool] = (joint[:, 1:] == joint[:, :-1]).any(axis=1).tolist()
    return repeated


def is_key(codes: Sequence[Codes]) -> bool:
    """Whether no two rows agree in all columns; a null agrees with another null."""
    # What is no key mostly repeats among few rows.
    first = [column[:FEW_ROWS] for column in codes]
    return n_joint(first) == len(first[0]) and n_joint(codes) == len(codes[0])


def n_joint(codes: Sequence[Codes]) -> int:
    """Return how many different combinations of values the rows hold."""
    joint, size = codes[0] + 1, int(codes[0].max(initial=-1)) + 2
    for column in codes[1:]:
        more = int(column.max(initial=-1)) + 2
        if size * more > LARGEST:
            joint = np.unique(joint, return_inverse=True)[1]
            size = len(joint)
        joint, size = joint * more + column + 1, size * more
    return _n_different(joint)


def _n_different(numbers: Codes) -> int:
    """Return how many numbers differ: of few, sorting tells sooner than `np.unique`."""
    ordered = np.sort(numbers)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + min(len(ordered), 1)
