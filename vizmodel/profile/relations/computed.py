"""Owns which numbers are computed from another column: a log, a square, a lag, an interaction.

Tables that were made for a regression are full of them. A chart of such a column says what that of
its source says, and a chart of both says how it was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile, taken_for_names
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.pairs import PAIR_STATISTICS
from vizmodel.profile.relations.prices import Prices
from vizmodel.profile.words import split_name

#: Most columns and rows that are compared, fewest rows, and fewest distinct values.
MAX_COLUMNS, MAX_ROWS, MIN_ROWS, MIN_DISTINCT = 256, 2_000, 20, 8
#: Rank correlation of what rises with its source, and correlation on the line that it then is.
RISING, EXACT = 0.99, 0.99995
#: Rows that a lag reaches back, share of the changes that it repeats, and least share of changes.
MAX_LAG, REPEATED, MIN_CHANGES = 4, 0.95, 0.5
#: Rows in which a product with a 0 or 1 is something, at least, and in which only its source is.
MIN_SWITCHED, MIN_SHARE_OFF = 10, 0.05
#: Rows that tell most pairs of columns apart.
PROBED = 64
#: Relative difference of numbers that a file keeps in single precision.
SINGLE = 1e-6
#: Names of what was, or is to come.
SHIFTED_NAME = late_pattern(r"\b(lag(ged)?|lead|prev(ious)?|next|last|before|after)\b|^lag ?\d")
#: Names of how likely it is that something is by chance.
CHANCE_NAME = late_pattern(
    r"^(p|q|fdr|padj|p ?adj(usted)?|((adj|adjusted|raw|nominal) ?)?[pq] ?val(ue)?s?)$"
)
#: Numbers of 0 and 1 of which one at most is 1 in each row: columns from which they are taken for
#: the levels of one thing, and share of the rows that have one.
MIN_EXCLUSIVE, MIN_COVERED = 6, 0.6
#: Place of a computed column, place of its source, and how it is computed.
Computed: TypeAlias = tuple[int, int, str]
_SPEARMAN = PAIR_STATISTICS.index("abs_spearman")


def with_computed(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
    prices: Sequence[Prices] = (),
) -> tuple[ColumnProfile, ...]:
    """Take numbers that are computed from another column out of what charts are about.

    What the user gave a type stays, and so do all where hardly another column would be left.

    Parameters
    ----------
    columns, values
        Of the sample, whose rows are in the table's order.
    pairs
        As `pair_statistics` computes them.
    prices
        Columns that stay: what is traded day and night opens at the price at which it closed.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> ages = [20 + i * 7 % 31 for i in range(40)]
    >>> names = ("wage", "hours", "tenure")
    >>> table = {name: [i * k % 37 / 3 for i in range(40)] for k, name in zip((5, 11, 17), names)}
    >>> profile = profile_table(pa.table({"age": ages, "agesq": [a * a for a in ages], **table}))
    >>> profile.column("agesq").evidence
    'the square of “age”'
    """
    drawn = {at for at, column in enumerate(columns) if column.usable}
    drawn -= {at for at, c in enumerate(columns) if any(c.name in one.levels for one in prices)}
    said: dict[int, str] = {}
    made_of: dict[int, int] = {}
    for at, source, how in (*_computed(columns, values, pairs), *_levels(columns, values)):
        # What a log is made of is drawn, so a lag of the log need not be.
        first = source
        while first in made_of:
            first = made_of[first]
        anew = at == source or at != first
        if columns[at].told is None and anew and drawn.issuperset((at, first)):
            said[at] = f"{how} “{columns[source].name}”"
            if at != source:
                made_of[at] = source
            drawn.remove(at)
    return taken_for_names(columns, said)


def _computed(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: npt.NDArray[np.float32],
) -> Iterator[Computed]:
    several = [c.is_size and c.n_distinct >= MIN_DISTINCT for c in columns[:MAX_COLUMNS]]
    compared = np.flatnonzero(several).tolist()
    if len(compared) < 2 or columns[0].n_rows < MIN_ROWS:
        return
    numbers = np.stack([values[at].sizes[:MAX_ROWS] for at in compared])
    tied = pairs[np.ix_(compared, compared)][..., _SPEARMAN]
    names = [columns[at].name for at in compared]
    yield from _running(columns)
    found = [*_functions(numbers, tied, names), *_switched(numbers), *_lags(numbers, names)]
    for at, source, how in found:
        # A rate that decays with the steps is computed from them, not they from it.
        if columns[compared[at]].semantic != "sequence":
            yield compared[at], compared[source], how


def _running(columns: Sequence[ColumnProfile]) -> Iterator[Computed]:
    """Yield what counts the rows once more."""
    counting = [at for at, column in enumerate(columns) if column.counts_rows]
    for at in counting[1:]:
        yield at, counting[0], "counts the rows as does"


def _levels(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> Iterator[Computed]:
    """Yield the yes or no of the levels of one thing that no column tells: months, years, towns."""
    codes = [at for at, c in enumerate(columns[:MAX_COLUMNS]) if c.n_distinct == 2 and _is_flag(c)]
    if len(codes) < MIN_EXCLUSIVE:
        return
    flags = np.stack([values[at].sizes[:MAX_ROWS] == 1 for at in codes])
    apart = flags.astype(np.float32) @ flags.T == 0
    left = list(range(len(codes)))
    while left:
        group = left[:1]
        for other in left[1:]:
            if apart[other, group].all():
                group.append(other)
        left = [other for other in left if other not in group]
        if len(group) >= MIN_EXCLUSIVE and flags[group].any(axis=0).mean() >= MIN_COVERED:
            said = f"one of {len(group)} levels that exclude each other, beginning with"
            yield from ((codes[at], codes[group[0]], said) for at in reversed(group))


def _is_flag(column: ColumnProfile) -> bool:
    span = (column.minimum, column.maximum) == (0, 1)
    return column.kind == "number" and span and column.told is None


def _functions(
    numbers: Floats, tied: npt.NDArray[np.float32], names: Sequence[str]
) -> Iterator[Computed]:
    """Yield logs, squares and roots, with what they are taken of."""
    # Of the largest floats some are infinite on the way, and on no line.
    with np.errstate(all="ignore"):
        yield from _risen(numbers, tied, names)


def _risen(
    numbers: Floats, tied: npt.NDArray[np.float32], names: Sequence[str]
) -> Iterator[Computed]:
    for source, at in np.argwhere(tied >= RISING).tolist():
        both = np.isfinite(numbers[source]) & np.isfinite(numbers[at])
        x, y = numbers[source][both], numbers[at][both]
        if source == at or len(x) < MIN_ROWS or _on_a_line(x, y):
            continue
        if x.min() > 0 and _on_a_line(np.log(x), y):
            # Of chances the powers of ten are drawn.
            chance = CHANCE_NAME.search(split_name(names[source])) is not None
            log = (source, at, "told by its powers of ten in") if chance else None
            yield log or (at, source, "the logarithm of")
        elif x.min() >= 0 and _on_a_line(np.log1p(x), y):
            yield at, source, "the logarithm of one more than"
        elif x.min() >= 0 and _on_a_line(np.square(x), y):
            if len(names[source]) > len(names[at]):
                # Of a number and its root the one with the plain name is meant.
                yield source, at, "the root of"
            else:
                yield at, source, "the square of"


def _on_a_line(x: Floats, y: Floats) -> bool:
    """Whether all points lie on one line."""
    x, y = x - x.mean(), y - y.mean()
    return bool(abs(x @ y) >= EXACT * np.sqrt((x @ x) * (y @ y)) > 0)


def _switched(numbers: Floats) -> Iterator[Computed]:
    """Yield what is another column in some rows, nothing in the others: a product with 0 or 1."""
    there = numbers != 0
    for at, on in enumerate(there):
        known = np.isfinite(numbers[at])
        on = on & known
        if on.sum() < MIN_SWITCHED or (known & ~on).sum() < MIN_SWITCHED:
            continue
        rows = np.flatnonzero(on)
        same = (numbers[:, rows[:PROBED]] == numbers[at, rows[:PROBED]]).all(axis=1)
        for source in np.flatnonzero(same).tolist():
            elsewhere = there[source, known & ~on] & np.isfinite(numbers[source, known & ~on])
            whole = (numbers[source, rows] == numbers[at, rows]).all()
            several = len(np.unique(numbers[at, rows])) >= MIN_DISTINCT // 2
            if source != at and whole and several and elsewhere.mean() >= MIN_SHARE_OFF:
                yield at, source, "in some rows, and else nothing,"


def _plainness(name: str) -> tuple[bool, int]:
    """Return what is smaller for the plainer of two names."""
    return bool(SHIFTED_NAME.search(split_name(name))), len(name)


def _same(numbers: Floats, others: Floats) -> npt.NDArray[np.bool_]:
    """Whether numbers are the same but for what a single-precision file loses."""
    return np.asarray(np.abs(numbers - others) <= SINGLE * np.abs(others), dtype=np.bool_)


def _lags(numbers: Floats, names: Sequence[str]) -> Iterator[Computed]:
    """Yield what repeats another column some rows later, as lags do, or some rows sooner."""
    changes = numbers[:, 1:] != numbers[:, :-1]
    for back in range(1, MAX_LAG + 1):
        earlier, later = numbers[:, :-back], numbers[:, back:]
        changing = changes[:, : earlier.shape[1]]
        few = slice(None, None, max(1, earlier.shape[1] // PROBED))
        alike = _same(later[:, None, few], earlier[None, :, few]).mean(axis=2)
        for at, source in np.argwhere(alike >= MIN_CHANGES).tolist():
            rows = np.isfinite(later[at]) & np.isfinite(earlier[source]) & changing[source]
            if at == source or rows.mean() < MIN_CHANGES:
                continue
            if _same(later[at, rows], earlier[source, rows]).mean() < REPEATED:
                continue
            far = "1 row" if back == 1 else f"{back} rows"
            if _plainness(names[at]) < _plainness(names[source]):
                # The plain name is that of today.
                yield source, at, f"{far} after,"
            else:
                yield at, source, f"{far} before,"
