"""Owns which columns follow from others: totals and parts, a level and its yes or no, bins.

That they go together is no finding: whoever made the table made it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile, taken_for_names
from vizmodel.profile.reading.arrays import Codes, Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import PAIR_STATISTICS
from vizmodel.profile.words import split_name

#: Most numbers that are looked at for sums, fewest and most rows that show one.
MAX_SUMMED, MIN_SUMMED_ROWS, MAX_SUMMED_ROWS = 40, 6, 200
#: Most groups of numbers, and most rows, that are looked at for bins.
MAX_BINNED, MAX_BINNED_ROWS = 40, 500
#: Levels of a column of which another may be the yes or no, and rows for each.
MAX_LEVELS, MIN_ROWS, MIN_ROWS_EACH = 12, 20, 5
#: Most years, each with a column of its own.
MAX_YEARS = 40
#: Fewest rows in which no chance parts two groups by a number, and least share of the rarer one.
MIN_PARTED, MIN_RARER = 50, 0.1
#: Largest part of a number's range between one of its bins and the next, among hundreds of rows.
MAX_BIN_GAP = 0.02
#: Least share of the rows in which the number is there.
MIN_PRESENT = 0.9
#: Fewest rows in which a mean lies between two others by no chance, and share of them in which
#: each of the two is the larger one.
MIN_MEAN_ROWS, MIN_CROSSED = 20, 0.1
#: Relative difference of sums that are the same, with what single precision loses.
NEAR = 1e-7
#: What a number is to others: their sum, their mean, or their sum but for a constant.
How: TypeAlias = Literal["sum", "mean", "shifted"]
Levels: TypeAlias = Sequence[tuple[int, list[int]]]
_DETERMINES = PAIR_STATISTICS.index("determines")
_MEAN_NAME = late_pattern(r"\b(avg|average|mean|overall|combined|pooled)|^avg|^mean")
_DIFFERENCE_NAME = late_pattern(
    r"\b(margin|net|diff|difference|change|balance|gap|profit|excess|surplus|deficit|delta|lead|gain)\b"
)


def find_derived(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    levels: Levels,
) -> frozenset[frozenset[str]]:
    """Find the pairs of columns of which one follows from the other by how the table was made.

    Parameters
    ----------
    columns, values
        Of the sample.
    levels
        As `find_levels` finds them.

    Returns
    -------
    frozenset of frozenset of str
        Pairs of names: a total and each of its parts, a difference and what it is taken from, a
        column and the 0 or 1 of one of its levels, a number and its bins.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> boys, girls = [3, 9, 4, 8, 5, 7, 1, 2], [5, 3, 8, 1, 9, 2, 7, 6]
    >>> both = [a + b for a, b in zip(boys, girls)]
    >>> table = pa.table({"boys": boys, "girls": girls, "children": both})
    >>> sorted(map(sorted, profile_table(table).copies))
    [['boys', 'children'], ['children', 'girls']]
    """
    # Where one level is, no other is.
    beside = [pair for one, dummies in levels for pair in combinations((one, *dummies), 2)]
    made = {*_sums(columns, values), *_weighted_means(columns, values), *_bins(columns, values)}
    found = made.union(beside)
    return frozenset(
        frozenset((columns[one].name, columns[other].name)) for one, other in found if one != other
    )


def with_dummies(columns: Sequence[ColumnProfile], levels: Levels) -> tuple[ColumnProfile, ...]:
    """Take numbers that only repeat the levels of a column, one each, for what they are: names.

    Such are educ1 to educ3 beside educ: two of them at least, or one that is called after it. What
    the user gave a type stays, and so do all where hardly another column would be left to draw.
    """
    said: dict[int, str] = {}
    for one, dummies in levels:
        name = split_name(columns[one].name).replace(" ", "")
        # A name without any letter begins no other.
        called = [
            at for at in dummies if name and split_name(columns[at].name).startswith(name[:3])
        ]
        for at in dummies if len(dummies) > 1 else called:
            if columns[one].n_distinct > 2 and columns[at].told is None:
                said[at] = f"the yes or no of one level of “{columns[one].name}”"
    return taken_for_names(columns, said)


def find_levels(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
) -> Levels:
    """Find columns of few levels with those that are the yes or no of one of them, by place.

    Parameters
    ----------
    columns, values
        Of the sample.
    pairs
        As `pair_statistics` computes them.
    """
    found = []
    twofold = [at for at, c in enumerate(columns) if c.n_distinct == 2 and _is_code(c)]
    for one, column in enumerate(columns):
        rows = max(MIN_ROWS, MIN_ROWS_EACH * column.n_distinct)
        most = MAX_YEARS if column.semantic == "year" else MAX_LEVELS
        if column.n_distinct > most or column.kind == "time" or column.n_present < rows:
            continue
        dummies = [
            other
            for other in twofold
            if pairs[one, other, _DETERMINES] and _is_of_one_level(values[one], values[other])
        ]
        if dummies:
            found.append((one, dummies))
    return found


def _is_of_one_level(levels: ColumnValues, code: ColumnValues) -> bool:
    """Whether one of two codes stands for a single level."""
    known = levels.codes >= 0
    return any(len(np.unique(levels.codes[known & (code.codes == side)])) == 1 for side in (0, 1))


def _is_code(column: ColumnProfile) -> bool:
    return column.kind == "boolean" or (column.kind == "number" and column.semantic == "category")


def _bins(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield numbers with the columns of few levels that change with them from one to the next."""
    rows = slice(None, None, 1 + len(values[0].codes) // MAX_BINNED_ROWS if values else 1)
    groups = [at for at, c in enumerate(columns) if _may_be_bins(c)][:MAX_BINNED]
    # Levels that few rows show may lie anywhere.
    groups = [at for at in groups if _shows_all(values[at].codes[rows], columns[at].n_distinct)]
    if not groups:
        return
    levels = np.stack([values[at].codes[rows].astype(np.int8) for at in groups])
    for at, column in enumerate(columns):
        if not column.is_size or column.n_distinct <= 3:
            continue
        if column.n_present < MIN_PRESENT * column.n_rows:
            continue
        codes = values[at].codes[rows]
        order = np.argsort(codes, kind="stable")
        order = order[codes[order] >= 0]
        along = levels[:, order]
        steps = along[:, 1:] != along[:, :-1]
        gaps = np.diff(values[at].sizes[rows][order])
        if not gaps.any():
            continue
        for group, step, changes in zip(groups, steps, steps.sum(axis=1).tolist(), strict=True):
            # A class that is not told is one of its own, as of those who do not smoke.
            parted = columns[group].n_distinct + (columns[group].null_share > 0)
            if not 0 < changes <= (2 if parted == 2 else parted - 1) or parted >= column.n_distinct:
                continue
            # Kinds that differ leave a gap between their numbers; bins leave none.
            named = columns[group].kind == "text"
            told = not named or _are_steps_of(columns[group], column)
            # How long something takes may say how large it was, where sizes were set far apart.
            told = told and not columns[group].geometric
            if told or float(gaps[step].max(initial=0.0)) <= _least_gap(gaps):
                yield at, group


def _least_gap(gaps: Floats) -> float:
    """Return what no more than lies between neighbouring bins."""
    return max(MAX_BIN_GAP * float(gaps.sum()), float(np.median(gaps[gaps > 0])))


def _shows_all(codes: Codes, n_distinct: int) -> bool:
    return bool(np.bincount(codes[codes >= 0], minlength=n_distinct).all())


def _are_steps_of(group: ColumnProfile, column: ColumnProfile) -> bool:
    """Whether labels are steps of a scale, or called after the number, as agegrp is after age."""
    if group.semantic == "ordinal":
        return True
    one, other = (split_name(name).split() for name in (group.name, column.name))
    same = {*one[:1]} & {*other[:1]}
    first, second = "".join(one), "".join(other)
    return bool(same) or (len(second) >= 3 and first.startswith(second))


def _may_be_bins(column: ColumnProfile) -> bool:
    gap = column.n_present < column.n_rows
    # What was given is no bin of what was measured, however far that lies apart.
    told = not column.is_time and not column.given and not (gap and column.n_distinct == 2)
    if column.n_distinct == 2 and column.top_share > 1 - MIN_RARER:
        return False
    rows = MIN_PARTED if column.n_distinct == 2 else MIN_ROWS_EACH * column.n_distinct
    return told and 2 <= column.n_distinct <= MAX_CATEGORIES and column.n_present >= rows


def _sums(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield totals with their parts, and differences with what they are taken from."""
    sizes = [at for at, c in enumerate(columns) if c.is_size and c.n_distinct > 2][:MAX_SUMMED]
    if len(sizes) < 3:
        return
    numbers = np.stack([values[at].sizes[:MAX_SUMMED_ROWS] for at in sizes])
    numbers = numbers[:, np.isfinite(numbers).all(axis=0)]
    if numbers.shape[1] < MIN_SUMMED_ROWS:
        return
    names = [split_name(columns[at].name) for at in sizes]
    for total, parts, how in _totals(numbers):
        for one, other in _told_apart(total, parts, how, numbers, names):
            yield sizes[one], sizes[other]


def _weighted_means(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield what is called a mean, and lies between two others in each row, with these.

    Now the one and now the other is the larger of these: between what is small and what is large
    lies much else.
    """
    sizes = [at for at, c in enumerate(columns) if c.is_size and c.n_distinct > 2][:MAX_SUMMED]
    means = [at for at in sizes if _MEAN_NAME.search(split_name(columns[at].name))]
    for mean in means if len(sizes) > 2 else ():
        others = [at for at in sizes if at != mean]
        numbers = np.stack([values[at].sizes[:MAX_SUMMED_ROWS] for at in (mean, *others)])
        numbers = numbers[:, np.isfinite(numbers).all(axis=0)]
        if numbers.shape[1] < MIN_MEAN_ROWS:
            continue
        off = numbers[1:] - numbers[0]
        # Where a mean is above one of two it is not above the other.
        apart = off[:, None] * off[None] <= 0
        above = (off > 0).mean(axis=1)
        crossed = (above >= MIN_CROSSED) & (above <= 1 - MIN_CROSSED)
        both = apart.all(axis=2) & crossed[:, None] & crossed
        for one, other in np.argwhere(np.triu(both, 1)).tolist():
            yield from ((mean, others[one]), (mean, others[other]))


def _totals(numbers: Floats) -> Iterator[tuple[int, tuple[int, ...], How]]:
    """Yield rows of a matrix that are made of two others, or of several side by side."""
    size, n_rows = numbers.shape
    # One number tells of each: what adds up still does, by no chance, and constants are gone.
    weights = np.sin(1.7 * np.arange(1, n_rows + 1))
    weights -= weights.mean()
    told = numbers @ weights
    near = NEAR * (np.abs(numbers) @ np.abs(weights))[:, None, None]
    if not np.isfinite(near).all():
        return  # sums of the largest floats are none
    ends = np.concatenate([[0.0], np.cumsum(told)])
    lengths = np.triu(np.arange(size + 1) - np.arange(size + 1)[:, None], 3)
    runs = np.where(lengths > 0, ends - ends[:, None], np.inf)
    twos = np.where(np.triu(np.ones((size, size), dtype=bool), 1), told[:, None] + told, np.inf)
    wanted = told[:, None, None]
    for total, first, last in np.argwhere(np.abs(twos - wanted) <= near).tolist():
        if total not in (first, last):
            yield from _checked(total, (first, last), 1, numbers)
    for total, first, last in np.argwhere(np.abs(twos - 2 * wanted) <= near).tolist():
        if total not in (first, last):
            yield from _checked(total, (first, last), 2, numbers)
    for total, start, end in np.argwhere(np.abs(runs - wanted) <= near).tolist():
        if not start <= total < end:
            yield from _checked(total, tuple(range(start, end)), 1, numbers)
    means = np.abs(runs - lengths * wanted) <= near * np.maximum(lengths, 1)
    for total, start, end in np.argwhere(means & (lengths > 0)).tolist():
        if not start <= total < end:
            yield from _checked(total, tuple(range(start, end)), end - start, numbers)


def _checked(
    total: int, parts: tuple[int, ...], times: int, numbers: Floats
) -> Iterator[tuple[int, tuple[int, ...], How]]:
    """Yield what is so many times a number in all rows, of parts that are all something."""
    every = numbers[[total, *parts]]
    there = (numbers[list(parts)] != 0).sum(axis=1).min() >= MIN_SUMMED_ROWS // 2
    differ = (every != every[:, :1]).sum(axis=1).min() >= MIN_SUMMED_ROWS // 2
    scale = np.abs(every).max(axis=0)
    off = numbers[list(parts)].sum(axis=0) - times * numbers[total]
    if there and (np.abs(off) <= 1e-6 * scale).all():
        yield total, parts, "sum" if times == 1 else "mean"
    elif times == 1 and len(parts) == 2 and differ and (np.abs(off - off[0]) <= 1e-6 * scale).all():
        yield total, parts, "shifted"


def _told_apart(
    total: int, parts: tuple[int, ...], how: How, numbers: Floats, names: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield what is computed with what it is computed from.

    A total is, or of two parts the one that is the rest; so is a mean. Of age, schooling and the
    years since then any may be.
    """
    every = (total, *parts)
    if how == "shifted":
        yield from combinations(every, 2)
        return
    rest = [at for at in every if _DIFFERENCE_NAME.search(names[at])] if how == "sum" else []
    if how == "sum" and not rest and (numbers[total] >= 0).all():
        rest = [at for at in parts if (numbers[at] < 0).any()]
        if len(parts) == len(rest) == 2:
            return  # what is saved and what is spent: neither is a part of what is earned
    derived = rest[0] if len(parts) == 2 and len(rest) == 1 else total
    yield from ((derived, other) for other in every if other != derived)
