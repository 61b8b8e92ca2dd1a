"""Owns which numbers are levels of a design: somebody set them, and measured something else.

Doses, temperatures of a bath, kilograms of fertiliser: few numbers, each as often as the others,
and as often with each level of another factor. Their means and spreads say nothing of the world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Fewest and most levels of numbers, most of another factor, and fewest rows of two together.
MIN_LEVELS, MAX_LEVELS, MAX_OTHERS, MIN_EACH = 2, 8, 12, 2
#: How even the numbers of rows are: the fewest over the most, of one factor and of two together.
EVEN, EVEN_CELLS = 0.8, 0.7
#: Chance of counts as even, below which it was no chance.
BY_CHANCE = 1e-4
#: Fewest different values of what is measured.
MIN_MEASURED = 12

#: Names of where, when and by whom something was tried out.
_AROUND_NAME = late_pattern(
    r"\b(block|rep(licate|lication|s)?|tray|bench|pot|bed|plate|well|batch|run|lot|cage|tank|plot|field"
    r"|farm|site|centre|center|clinic|lab(oratory)?|row|col(umn)?|position|order|rater|judge|observer"
    r"|operator|assessor|technician|subj(ect)?|participant|person|patient|animal|plant|pupil|student"
    r"|session|trial|visit|wave|round|week|day|month|year|season|date|time(point)?|occasion|sex|gender)s?"
    r"( (id|no|nr|number|name))?$"
)


def with_factors(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take numbers that are levels of a design for steps, and what they are crossed with for given.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"dose": [0.5, 1.0, 2.0] * 20, "by": ["juice"] * 30 + ["pill"] * 30}
    >>> profile_table(pa.table(table | {"growth": np.arange(60) % 37 / 9})).column("dose").evidence
    'levels of a design: each of the 3 comes as often with each “by”'
    """
    found = list(columns)
    if not any(column.is_size and column.n_distinct >= MIN_MEASURED for column in columns):
        return tuple(found)
    even = {
        at: values[at].codes
        for at, column in enumerate(columns)
        if _may_be_factor(column) and _is_even(values[at].codes, column.n_distinct)
    }
    for at in even:
        column = columns[at]
        if not _may_be_set(column):
            continue
        crossed = _crossed(at, even, columns)
        if not crossed:
            continue
        other = columns[crossed[0]].name
        each = f"each of the {column.n_distinct} comes as often with each “{other}”"
        said = f"levels of a design: {each}"
        planned = [i for i in crossed if _is_planned(at, i, even, columns)]
        given = bool(planned) and is_given(column)
        found[at] = replace(column, semantic="ordinal", evidence=said, given=given)
        for i in planned:
            if columns[i].kind == "text" and is_given(columns[i]):
                found[i] = replace(found[i], given=True)
    return tuple(found)


def is_given(column: ColumnProfile) -> bool:
    """Whether levels of a design may be what is asked about: not where, when and by whom."""
    return _AROUND_NAME.search(split_name(column.name)) is None


def _is_planned(
    one: int, other: int, even: Mapping[int, Codes], columns: Sequence[ColumnProfile]
) -> bool:
    """Whether two columns are crossed so evenly as two hardly ever are that nobody crossed.

    Of rows that fall by chance the squared deviations of the cells' counts, each over the mean,
    are distributed as chi-squared. The chance of a sum of at most x, with k degrees of freedom, is
    below (x / 2)^(k / 2) / Γ(k / 2 + 1): its density without the part that falls.
    """
    cells = columns[one].n_distinct * columns[other].n_distinct
    counts = np.bincount(even[one] * columns[other].n_distinct + even[other], minlength=cells)
    mean, half = counts.mean(), (cells - 1) / 2
    x = float(((counts - mean) ** 2).sum() / mean)
    return x == 0 or half * math.log(x / 2) - math.lgamma(half + 1) < math.log(BY_CHANCE)


def _may_be_factor(column: ColumnProfile) -> bool:
    if column.told is not None or column.n_present < column.n_rows:
        return False
    if _may_be_set(column):
        return MIN_LEVELS <= column.n_distinct <= MAX_LEVELS
    groups = column.kind in ("text", "boolean") or column.semantic == "category"
    return groups and column.usable and 2 <= column.n_distinct <= MAX_OTHERS


def _may_be_set(column: ColumnProfile) -> bool:
    """Whether numbers say how much of something there is: of a rate of learning, too."""
    return column.is_size and column.semantic != "sequence" and not column.rate


def _is_even(codes: Codes, size: int) -> bool:
    counts = np.bincount(codes, minlength=size)
    return bool(counts.min() >= EVEN * counts.max())


def _crossed(at: int, even: Mapping[int, Codes], columns: Sequence[ColumnProfile]) -> list[int]:
    """Return the columns with each level of which each level of one comes, about as often."""
    others = np.array([other for other in even if other != at], dtype=np.intp)
    if not len(others):
        return []
    sizes = np.array([columns[other].n_distinct for other in others])
    # All are counted at once: a wide table has tens of thousands of pairs.
    cells = np.stack([even[other] for other in others]) + even[at] * sizes[:, None]
    ends = np.cumsum(columns[at].n_distinct * sizes)
    starts = ends - columns[at].n_distinct * sizes
    counts = np.bincount((cells + starts[:, None]).ravel(), minlength=ends[-1])
    fewest, most = (reduce.reduceat(counts, starts) for reduce in (np.minimum, np.maximum))
    return list(map(int, others[fewest >= np.maximum(MIN_EACH, EVEN_CELLS * most)]))
