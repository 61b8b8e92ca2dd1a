"""Owns which columns hold the same as another: equal numbers, and two groups told in two ways.

Tables that were put together from several sources, or prepared for a regression, hold columns
twice: `highT` as `hi`, `sex` as a `female` of 0 and 1. A chart of one says what that of the other
says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile, taken_for_names
from vizmodel.profile.orders.scales import may_be_step
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import PAIR_STATISTICS
from vizmodel.profile.words import split_name

#: Fewest rows of numbers that are the same by no chance, and fewest different ones.
MIN_ROWS, MIN_DISTINCT = 10, 4
#: Columns up to which a table was made for few charts: series that agree are told in it.
MAX_MADE = 5
#: Fewest rows of two groups, and of the smaller one.
MIN_GROUPED, MIN_SMALLER = 20, 5
#: Labels that say nothing without the name of their column.
_BARE = frozenset(("yes", "no", "y", "n", "true", "false", "t", "f"))
_DIGITS, _WORD = late_pattern(r"\d+"), late_pattern(r"[^\W\d_]{3}")
_DETERMINES = PAIR_STATISTICS.index("determines")


def with_twins(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
) -> tuple[ColumnProfile, ...]:
    """Take what another column holds as well for a mere name; the one that says more is kept.

    What the user gave a type stays, and so do all where hardly another column would be left.

    Parameters
    ----------
    columns, values
        Of the sample.
    pairs
        As `pair_statistics` computes them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> high = [60.0 + i * 7 % 31 for i in range(40)]
    >>> others = {f"{k} am": [i * k % 37 / 3 for i in range(40)] for k in (5, 7, 8, 9)}
    >>> profile = profile_table(pa.table({"hi": high, "highT": high, **others}))
    >>> profile.column("hi").evidence
    'holds the same as “highT”'
    """
    said: dict[int, str] = {}
    for one, other in (*_equal(columns, values), *_same_two_groups(columns, values, pairs)):
        worse, better = _parted(one, other, columns, values)
        if columns[worse].told is None and not {worse, better} & said.keys():
            said[worse] = f"holds the same as “{columns[better].name}”"
    return taken_for_names(columns, said) if said else tuple(columns)


def _equal(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers that are the same in each row; each with the first of its like."""
    first: dict[tuple[float, ...], int] = {}
    if len(columns) <= MAX_MADE:
        return
    for at, column in enumerate(columns):
        if not column.is_size or column.n_distinct < MIN_DISTINCT or column.n_present < MIN_ROWS:
            continue
        looks = (column.mean, column.maximum, column.n_distinct, column.n_present)
        other = first.setdefault(looks, at)
        if other == at or _are_sisters(columns[other].name, column.name):
            continue
        if np.array_equal(values[other].sizes, values[at].sizes, equal_nan=True):
            yield other, at


def _are_sisters(one: str, other: str) -> bool:
    """Whether names are those of a row of columns, such as years, that agree by chance."""
    steps = may_be_step(one) and may_be_step(other)
    return steps or _DIGITS.sub("", one) == _DIGITS.sub("", other)


def _same_two_groups(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
) -> Iterator[tuple[int, int]]:
    """Yield pairs of columns that split the rows into the same two groups, one of them by codes."""
    two = [at for at, c in enumerate(columns) if c.n_distinct == 2 and _shows_two(c)]
    if len(two) < 2:
        return
    told = pairs[np.ix_(two, two)][..., _DETERMINES] > 0
    for first, second in np.argwhere(np.triu(told & told.T, 1)).tolist():
        one, other = two[first], two[second]
        bare = any(_is_bare(columns[at], values[at]) for at in (one, other))
        alike = values[one].labels == values[other].labels
        gaps = (values[one].codes < 0) == (values[other].codes < 0)
        if (bare or alike) and gaps.all():
            yield one, other


def _shows_two(column: ColumnProfile) -> bool:
    smaller = column.n_present * (1 - column.top_share)
    several = column.n_present >= MIN_GROUPED and smaller >= MIN_SMALLER
    return several and column.usable and column.kind != "time"


def _is_bare(column: ColumnProfile, values: ColumnValues) -> bool:
    """Whether two groups are told by codes, or by a mere yes or no."""
    if column.kind == "number":
        return (column.minimum, column.maximum) in ((0, 1), (1, 2))
    return column.kind == "boolean" or _BARE.issuperset(label.lower() for label in values.labels)


def _parted(
    one: int, other: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[int, int]:
    """Return the place of the column that says less, and of that which says more."""

    def says(at: int) -> tuple[bool, bool, bool, int]:
        column = columns[at]
        worded = _WORD.search(split_name(column.name)) is not None
        two = column.n_distinct == 2
        bare, number = two and _is_bare(column, values[at]), two and column.kind == "number"
        return not bare, not number, worded, -at

    worse, better = sorted((one, other), key=says)
    return worse, better
