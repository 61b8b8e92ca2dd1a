"""Owns how one number goes with another in the groups of a chart, where all rows hide it.

Groups may all rise although the rows of all of them together fall (Simpson 1951).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.telling.drawn_ranks import (
    STRONG,
    WEAK,
    Pair,
    by_chance,
    going,
    is_clear,
    pair_correlation,
)
from erp_widget.telling.figures import value_text
from erp_widget.words import name_of
from vizmodel.design import Design, Encoding
from vizmodel.once import once
from vizmodel.profile import Profile

#: A rank correlation in one group from which it is told where all rows together hardly show it.
ALONE = 0.5
#: Rows from which a group is told of, and the least share of all rows that such groups have.
MIN_ROWS, MOST_ROWS = 12, 0.8
#: By how much less numbers go together in groups than over all rows, to be told.
LESS = 0.1


class Groups(Struct, frozen=True, dict=True):
    """The rows of a chart in the groups that it draws apart.

    `name` is the column that they are groups of, `parts` the numbers of each.
    """

    name: str
    parts: Mapping[str, list[Pair]]

    @once
    def told(self) -> dict[str, float]:
        """Return the rank correlation in each group of many rows; 0 without change."""
        large = {at: pairs for at, pairs in self.parts.items() if len(pairs) >= MIN_ROWS}
        return {at: pair_correlation(pairs) or 0.0 for at, pairs in large.items()}

    @once
    def clear(self) -> dict[str, float]:
        """Return those of them that are no chance."""
        told = self.told.items()
        return {at: value for at, value in told if is_clear(value, len(self.parts[at]))}

    @once
    def n_rows(self) -> int:
        """Return how many rows the groups have that are told of."""
        return sum(len(self.parts[at]) for at in self.told)

    @property
    def whole(self) -> bool:
        """Whether there are several groups of many rows, and these are nearly all of the rows."""
        n_rows = sum(map(len, self.parts.values()))
        return len(self.told) > 1 and self.n_rows >= MOST_ROWS * n_rows

    @once
    def usual(self) -> float:
        """Return the rank correlation inside groups, on average over the rows."""
        told = self.told.items()
        return sum(value * len(self.parts[at]) for at, value in told) / max(self.n_rows, 1)

    def counted(self, some: int) -> str:
        """Return so many of the groups in words, such as "all 3 groups of clinic"."""
        n_told = len(self.told)
        if some == 0:
            return self._named("neither group" if n_told == 2 else f"none of the {n_told} groups")
        if some < n_told:
            return self._named(f"{some} of {n_told} groups")
        return self._named("both groups" if n_told == 2 else f"all {n_told} groups")

    @property
    def each(self) -> str:
        """Return the groups in words, such as "the 3 groups of clinic"."""
        n_told = len(self.told)
        return self._named("both groups" if n_told == 2 else f"the {n_told} groups")

    def _named(self, groups: str) -> str:
        least = min(len(self.parts[at]) for at in self.told)
        few = f" with {least:,} rows or more" if len(self.told) < len(self.parts) else ""
        return f"{groups} of {self.name}{few}"


def groups_of(
    x: Encoding, y: Encoding, design: Design, profile: Profile, rows: ChartRows
) -> Groups | None:
    """Return the numbers of each group that a chart draws apart; None without one way to do so."""
    groups = {e.field: e for e in design.encodings if e.discrete and e not in (x, y)}
    if len(groups) != 1:
        return None
    group = next(iter(groups.values()))
    parts: dict[str, list[Pair]] = {}
    for record in rows.records:
        pair: tuple[Any, Any] = record.get(x.channel), record.get(y.channel)
        if None not in pair and record.get(group.channel) != MISSING:
            level = value_text(record.get(group.channel), group, profile)
            parts.setdefault(level, []).append(pair)
    return Groups(name_of(group, profile), parts)


def grouped_relation(
    groups: Groups, value: float, name: str, over: str, *, timed: bool
) -> str | None:
    """Say how one number goes with another in groups; None where all rows together tell it.

    Parameters
    ----------
    groups
        What is drawn apart.
    value
        The rank correlation of all rows.
    name, over
        What the numbers are called.
    timed
        Whether the other number is a time.

    Examples
    --------
    >>> parts = {"a": [(x, x) for x in range(20)], "b": [(x + 30, x - 90) for x in range(20)]}
    >>> said = grouped_relation(Groups("drug", parts), -0.5, "pain", "dose", timed=False)
    >>> said.split(", ")[1]
    'though over all rows it falls (-0.50)'
    """
    opposed = None if timed else _opposed(groups, name, over)
    if opposed is not None or len(groups.told) < 2:
        return opposed
    found = _alike(groups, value, name, over, timed=timed) if groups.whole else None
    if found is None and not timed:
        found = _only_in(groups, value, name, over)
    if found is None and groups.whole and is_clear(value, groups.n_rows):
        found = _unlike_all(groups, value, going(name, over, value, timed=timed))
    return found


def _opposed(groups: Groups, name: str, over: str) -> str | None:
    """Say that a number rises with another in one group and falls in another, by no chance."""
    told = {at: value for at, value in groups.clear.items() if abs(value) >= WEAK}
    if not told:
        return None
    high, low = (end(told, key=lambda label: told[label]) for end in (max, min))
    if told[high] < 0 or told[low] > 0:
        return None
    risen = f"rises with {over} for {high} (rank correlation {told[high]:.2f})"
    return f"{name} {risen} and falls for {low} ({told[low]:.2f})"


def _alike(groups: Groups, value: float, name: str, over: str, *, timed: bool) -> str | None:
    """Say that numbers go together in the same way in all groups, or in most and not over all.

    How much they do is told by the weakest of these groups.
    """
    n_groups, usual = len(groups.told), groups.usual
    same = {at: one for at, one in groups.clear.items() if one * usual > 0}
    all_rows = is_clear(value, groups.n_rows)
    agrees = all_rows and value * usual > 0
    enough = len(same) == n_groups if agrees else len(same) > n_groups / 2
    if not enough or len(same) < len(groups.clear) or not is_clear(usual, groups.n_rows):
        return None
    weakest = min(same.values(), key=abs)
    said = f"{going(name, over, weakest, timed=timed)} in {groups.counted(len(same))}"
    if agrees:
        return f"{said}: rank correlation {_each(same)}"
    verb = "rises" if value > 0 else "falls"
    whole = f"over all rows it {verb}" if all_rows else "hardly over all rows"
    return f"{said} (rank correlation {_range(same)}), though {whole} ({value:.2f})"


def _only_in(groups: Groups, value: float, name: str, over: str) -> str | None:
    """Say that numbers go together in one group, where all rows together hardly show it."""
    told = groups.told
    if abs(value) >= WEAK or len(told) < len(groups.parts):
        return None
    high, low = (end(told, key=lambda label: abs(told[label])) for end in (max, min))
    clear = abs(told[high]) >= max(ALONE, by_chance(len(groups.parts[high])))
    if not clear or abs(told[low]) >= WEAK:
        return None
    verb = "rises" if told[high] > 0 else "falls"
    where = f"where {groups.name} is {high} (rank correlation {told[high]:.2f})"
    return f"{name} {verb} with {over} {where}, hardly where it is {low} ({told[low]:.2f})"


def _unlike_all(groups: Groups, value: float, said: str) -> str | None:
    """Say that the rows of all groups go together as those of none do, or far less."""
    usual, told = groups.usual, groups.told
    whole = f"{said} over all rows (rank correlation {value:.2f})"
    agreeing = any(one * value > 0 for one in groups.clear.values())
    if not agreeing and (usual * value <= 0 or not is_clear(usual, groups.n_rows)):
        return f"{whole}, but in {groups.counted(0)} ({_range(told)})"
    if usual * value > 0 and abs(usual) > abs(value) - LESS:
        return None
    if usual * value > 0 and _strength(usual) == _strength(value):
        return None
    return f"{whole}; within {groups.each} it is {_each(told)}"


def _strength(value: float) -> int:
    return sum(abs(value) >= least for least in (WEAK, STRONG))


def _each(told: Mapping[str, float]) -> str:
    """Return the rank correlation in each of two groups, or from the least to the most of more."""
    high, low = (end(told, key=lambda label: abs(told[label])) for end in (max, min))
    if f"{told[high]:.2f}" == f"{told[low]:.2f}":
        return f"{told[high]:.2f} in each"
    if len(told) == 2:
        return f"{told[high]:.2f} ({high}) and {told[low]:.2f} ({low})"
    return f"{told[low]:.2f} ({low}) to {told[high]:.2f} ({high})"


def _range(told: Mapping[str, float]) -> str:
    """Return from which to which rank correlation groups have, the nearest to none first."""
    ends = [f"{end(told.values(), key=abs):.2f}" for end in (min, max)]
    return " to ".join(dict.fromkeys(ends))
