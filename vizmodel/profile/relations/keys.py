"""Owns the search for columns that identify the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues

#: Most columns tried as parts of a key, and most combinations looked at.
MAX_KEY_COLUMNS = 16
MAX_COMBINATIONS = 600
#: Different numbers of a column up to which they may be the levels of a design, such as doses.
MAX_FACTOR = 12
#: Rows of which it is looked first whether columns repeat, and of what is left then.
FEW_ROWS = 128
ROWS_AT_ONCE = (FEW_ROWS, 512)
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
    first = np.stack([values[i].codes[: ROWS_AT_ONCE[-1]] for i in parts])
    n_distinct = np.array([columns[i].n_distinct for i in parts])
    fractions = np.array([_has_fraction(columns[i]) for i in parts])
    found: dict[tuple[int, ...], set[int]] = {}
    tried = 0
    # The axis of curves tells their points apart together with what tells the curves.
    axes = np.array([columns[i].begins_anew for i in parts])
    for size in (1, 2, 3):
        chosen = np.array(list(combinations(range(len(parts)), size)), int).reshape(-1, size)
        # Doses cross the groups that got them; that a measure repeats nowhere says nothing.
        crossed = n_distinct[chosen].prod(axis=1) == n_rows
        several = (n_distinct[chosen] + 1).prod(axis=1) >= n_rows
        alone = axes[chosen].all(axis=1)
        chosen = chosen[several & ~alone & (crossed | ~fractions[chosen].any(axis=1))]
        for places, repeats in zip(chosen.tolist(), _repeat(first, chosen), strict=True):
            positions = tuple(parts[at] for at in places)
            if found and any(map(set(positions).issuperset, found.values())):
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
    return column.kind == "number" and not column.integer and not column.axis


def _repeat(first: Codes, chosen: npt.NDArray[np.int64]) -> list[bool]:
    """Return which combinations of columns repeat among the first rows: most do.

    Parameters
    ----------
    first
        int64 [n_columns, n_rows], of at most some thousand values a column.
    chosen
        int64 [n_combinations, size], 1, 2 or 3 places of columns each.
    """
    repeated = np.zeros(len(chosen), dtype=bool)
    n_values = first.max(initial=-1) + 2
    for n_rows in ROWS_AT_ONCE:
        left = np.flatnonzero(~repeated)
        joint = np.zeros((len(left), min(n_rows, first.shape[1])), dtype=np.int64)
        for places in chosen[left].T:
            joint = joint * n_values + first[places, :n_rows] + 1
        joint.sort(axis=1)
        repeated[left] = (joint[:, 1:] == joint[:, :-1]).any(axis=1)
        if n_rows >= first.shape[1]:
            break
    return repeated.tolist()


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
