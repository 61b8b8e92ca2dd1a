"""Owns what a list has shown so far, and what the next chart adds to it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from vizmodel.design import Design, Mark, Story
from vizmodel.profile import Profile
from vizmodel.rank_weights import RankWeights

#: Rank correlation from which two measures say nearly the same.
NEAR_COPY = 0.95
#: Tells a column from its copy on the same chart; no name ends in it.
COPY_SIGN = "\x00"
#: Columns from which, and up to which, the charge for repeated relations grows.
FEW_COLUMNS, MANY_COLUMNS = 3, 7


@dataclass(frozen=True, slots=True)
class View:
    """What of a design counts for repetitions; like columns have one name."""

    mark: Mark
    columns: frozenset[str]
    axes: frozenset[str]
    story: Story
    summarised: bool
    overview: bool


class Seen:
    """What the charts chosen so far have shown."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._room = room(profile)
        #: Like columns count as one: the same chart of another of them is a repetition.
        self._alike = like_columns(profile)
        self._usable = {self._alike.get(c.name, c.name) for c in profile.columns if c.usable}
        self._stories: Counter[Story] = Counter()
        self._column_sets: Counter[frozenset[str]] = Counter()
        self._axes: Counter[frozenset[str]] = Counter()
        self._columns: Counter[str] = Counter()
        self._marks: Counter[Mark] = Counter()
        self._overviews = 0

    def view(self, design: Design) -> View:
        """Return what repeats itself in lists; asked for once, compared with every choice."""
        alike = self._stand_ins(design)
        return View(
            design.mark,
            frozenset(alike[name] for name in design.fields),
            frozenset(
                alike[e.field] for e in design.encodings if e.field and e.channel in ("x", "y")
            ),
            frozenset((alike.get(name, name), how) for name, how in design.story()),
            design.summarised,
            self._is_overview(design),
        )

    def _stand_ins(self, design: Design) -> dict[str, str]:
        """Return what stands for each column of a chart; for a copy beside its like, "a copy"."""
        found: dict[str, str] = {}
        for name in design.fields:
            stand_in = self._alike.get(name, name)
            while stand_in in found.values():
                stand_in += COPY_SIGN
            found[name] = stand_in
        return found

    def _is_overview(self, design: Design) -> bool:
        """Whether a chart is the histogram of a measure."""
        names = [e.field for e in design.encodings if e.bin and e.field]
        if design.mark != "bar" or len(design.fields) != 1 or not names:
            return False
        return self._profile.column(names[0]).semantic in ("measure", "currency", "percent")

    def add(self, view: View) -> None:
        """Keep a chart that was chosen."""
        self._stories[view.story] += 1
        self._column_sets[view.columns] += 1
        self._axes[view.axes] += len(view.axes) > 1
        self._columns.update(view.columns)
        self._marks[view.mark] += 1
        self._overviews += view.overview

    def variety(self, view: View, weights: RankWeights) -> float:
        """Return the reward for what is new and the charge for what is not, in nats."""
        if not self._stories:
            return 0.0
        columns = view.columns
        new = len((columns & self._usable).difference(self._columns))
        value = weights.new_column * min(new, 2)
        # The same summary once more is as tiresome in a narrow table.
        share = 1.0 if view.summarised else self._room
        value -= share * weights.same_relation * self._stories[view.story]
        if self._room:
            plain = len(columns) <= 2 or self._column_sets[view.axes] or len(view.axes) < 2
            value -= self._room * weights.unplain * (not plain)
            value += self._room * weights.overview * (view.overview and not self._overviews)
            value -= self._room * weights.same_columns * self._column_sets[columns]
            # The strongest pair of columns must not come back with each further column.
            value -= self._room * weights.same_axes * self._axes[view.axes]
            twins = sum(_near(other, columns) for other in self._column_sets)
            value -= self._room * weights.near_twin * math.sqrt(twins)
        value -= weights.same_mark * self._marks[view.mark]
        used = sum(self._columns[name] for name in columns)
        return value - weights.same_column * used / max(len(columns), 1)


def room(profile: Profile) -> float:
    """Return how much of the charge for a repeated relation a table bears, 0..1.

    Three columns have few relations, and what is left to vary is the mark; seven have plenty.
    """
    low, high = FEW_COLUMNS, MANY_COLUMNS
    return min(1.0, max(0.0, (len(profile.own_columns) - low) / (high - low)))


def _near(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether one set of columns is the other plus one."""
    return len(first ^ second) == 1 and bool(first & second)


def like_columns(profile: Profile) -> dict[str, str]:
    """Return the columns that repeat what another shows, each with the one that stands for it.

    Such are gathered columns, and measures that rise and fall with an earlier one.
    """
    fold = profile.fold
    alike = {} if fold is None else dict.fromkeys(fold.columns, fold.value)
    measures = [
        c.name for c in profile.own_columns if c.kind == "number" and c.usable and not c.is_time
    ]
    for at, name in enumerate(measures):
        firsts = (first for first in measures[:at] if first not in alike)
        near = (f for f in firsts if profile.pair(f, name, "abs_spearman") >= NEAR_COPY)
        if name not in alike and (first := next(near, None)) is not None:
            alike[name] = first
    return alike
