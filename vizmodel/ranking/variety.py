"""Owns what a list has shown so far, and what each chart that is left would add to it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.candidates.clock_charts import counts_hours
from vizmodel.candidates.experiments import POOLED, tells_given
from vizmodel.candidates.series_charts import tells_whole
from vizmodel.design import Design, Story
from vizmodel.grammar.gathering import gathers_flags, piles_parts
from vizmodel.profile import Profile
from vizmodel.ranking.weights import RankWeights
from vizmodel.ranking.worn import STRIPS, Worn
from vizmodel.worth.alike import like_columns, settled_pairs
from vizmodel.worth.interest import tells_a_triple
from vizmodel.worth.outcomes import asked_about, explained, is_outcome, splits_times
from vizmodel.worth.room import room

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

#: Tells a column from its copy on the same chart; no name ends in it.
COPY_SIGN = "\x00"
#: The same of parts that are put on top of each other, beside each by itself.
WHOLE_SIGN = "\x00whole"
#: The same of the hours of the day, beside the days on which they were.
ROUND_SIGN = "\x00round"
#: Most panels that are compared at a glance.
MOST_PANELS = 6
#: Charts that tell of other columns than those before them, rather than the same less finely.
FIRST_STORIES = 5
#: What further views of a narrow table that names its rows are charged.
SERIES_PATIENCE = 0.3


#: What `Variety.beside` counts: new columns, whether these columns or what is on both axes were
#: shown, how often the columns were, a single one, and the axes; whether they were by the same mark
#: with other columns beside, whether a single one is a box or a strip after all, and whether
#: a chart says nothing new.
BESIDE = ("fresh", "again", "shown", "shown_alone", "axes", "repainted", "restated", "worn")


class View(Struct, frozen=True):
    """What of a design counts for repetitions; like columns have one name."""

    columns: frozenset[str]
    axes: frozenset[str]
    story: Story


class Variety:
    """What each of some charts would add to a list that grows; all charts are looked at together.

    Parameters
    ----------
    designs
        The charts, in canonical orientation.
    profile
        Of their table.
    weights
        Of what is new and what is repeated.
    shown
        What the person has seen before.
    patient
        Whether what says nothing new may follow all the same, last of all.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.design import Encoding
    >>> from vizmodel.profile import profile_table
    >>> from vizmodel.ranking.weights import WEIGHTS
    >>> strip = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> found = Variety([strip, strip], profile_table(pa.table({"a": [1.5, 2.5]})), WEIGHTS)
    >>> found.add(0)
    >>> bool(found.values()[1] < 0)
    True
    """

    def __init__(
        self,
        designs: Sequence[Design],
        profile: Profile,
        weights: RankWeights,
        shown: Sequence[Design] = (),
        patient: bool = True,
    ) -> None:
        self._profile, self._weights, self._n = profile, weights, len(designs)
        self._room = room(profile)
        self._patience = SERIES_PATIENCE if profile.is_series else 1.0
        self._alike = like_columns(profile)
        self._flags = _counted_flags(profile)
        every = [*designs, *shown]
        views = [self.view(design) for design in every]
        #: three columns that tell more than each two: no repetition of these two
        self._told = np.array([tells_a_triple(design, profile) for design in every], dtype=bool)
        self._index_columns(views)
        self._summarised = np.array([design.summarised for design in every], dtype=bool)
        self._overview = np.array([self._is_overview(design) for design in every], dtype=bool)
        self._asked = np.array([self._counts_asked(design) for design in every], dtype=bool)
        self._course = np.array([self._is_course(design) for design in every], dtype=bool)
        self._crossed = np.array([len(view.axes) > 1 for view in views], dtype=bool)
        self._count(every, views)
        self._single = np.array([len(view.columns) == 1 for view in views], dtype=np.int64)
        strips = [design.mark in STRIPS for design in every]
        self._strips = np.array(strips, dtype=bool) & (self._single > 0)
        #: how often the plain chart of a chart's two axes was shown
        simple = [len(view.columns) <= 2 or len(view.axes) < 2 for view in views]
        self._plain = np.array(simple, dtype=bool) | self._told
        self._twins = np.zeros(len(every))
        self._retold = np.zeros(len(every))  # by a column that decides one, or follows from it
        self._n_added, self._any_overview, self._any_course = 0, False, False
        self._views = views
        self._worn: Worn | None = None
        for place in range(self._n, len(every)):
            self.add(place)
        if not patient and not profile.is_series:
            self._worn = self._beside(every)

    def _count(self, every: Sequence[Design], views: Sequence[View]) -> None:
        """Begin to count what charts have in common."""
        self._stories = _Counted([view.story for view in views])
        self._axes = _Counted(
            [v.columns if told else v.axes for v, told in zip(views, self._told, strict=True)]
        )
        self._sets = _Counted([view.columns for view in views])
        #: what stands on both axes, whatever is beside it: by any mark, and by the same
        crosses = [view.axes if len(view.axes) > 1 else place for place, view in enumerate(views)]
        self._crosses = _Counted(crosses)
        self._painted = _Counted([(d.mark, c) for d, c in zip(every, crosses, strict=True)])
        # How it ended over time is no repetition of how it ended by kind.
        ends = [None if splits_times(d) else explained(d, self._profile) for d in every]
        self._ends = _Counted([place if end is None else end for place, end in enumerate(ends)])
        self._extra = np.array([len(view.columns) > len(view.axes) for view in views], dtype=bool)
        self._points = self._crossed & np.array([d.mark == "point" for d in every], dtype=bool)
        self._marks = _Counted([design.mark for design in every])
        self._forms = _Counted([(d.mark, v.story) for d, v in zip(every, views, strict=True)])
        # Another amount by the same kinds mostly says again which of them is large.
        totals = [summed_by(design) for design in every]
        self._totals = _Counted([place if by is None else by for place, by in enumerate(totals)])
        whole = (self._stories, self._forms, self._sets, self._marks, self._totals)
        self._always = (*whole, self._crosses, self._painted, self._ends)

    def _beside(self, designs: Sequence[Design]) -> Worn:
        crowded = [n_panels(design, self._profile) > MOST_PANELS for design in designs]
        # What rises and falls together is one thing, but each course in time is its own.
        times = {column.name for column in self._profile.columns if column.is_time}
        columns = [
            view.columns
            if times.isdisjoint(design.fields)
            else frozenset(self._as_whole(design, {name: name for name in design.fields}).values())
            for design, view in zip(designs, self._views, strict=True)
        ]
        return Worn(designs, self._overview.tolist(), self._told.tolist(), crowded, columns)

    def _index_columns(self, views: Sequence[View]) -> None:
        names = sorted({name for view in views for name in view.columns})
        place = {name: at for at, name in enumerate(names)}
        self._columns = np.zeros((len(views), len(names)), dtype=np.int64)
        for row, view in zip(self._columns, views, strict=True):
            row[[place[name] for name in view.columns]] = 1
        usable = {self._alike.get(c.name, c.name) for c in self._profile.columns if c.usable}
        self._new = np.array([name in usable for name in names], dtype=np.int64)
        self._shown = np.zeros(len(names), dtype=np.int64)
        self._sizes = np.maximum(self._columns.sum(axis=1), 1)
        self._settled = np.zeros((len(names), len(names)), dtype=np.int64)
        known = {c.name: at for at, c in enumerate(self._profile.columns) if c.name in place}
        ours, theirs = [place[name] for name in known], list(known.values())
        pairs = settled_pairs(self._profile)[np.ix_(theirs, theirs)]
        self._settled[np.ix_(ours, ours)] = pairs

    def view(self, design: Design) -> View:
        """Return what repeats itself in lists.

        How many say yes to one statement is part of the chart of how many do to each.
        """
        pair = self._flags.get(design.fields[0]) if len(design.fields) == 1 else None
        if pair is not None:
            return View(pair, pair, design.story())
        # What a trial measures goes on by what was given, each for itself.
        given = design.mark == "line" and tells_given(design, self._profile) > POOLED
        names = {n: n for n in design.fields} if given else self._stand_ins(design)
        alike = self._as_whole(design, names)
        axes = (e.field for e in design.encodings if e.field and e.channel in ("x", "y"))
        return View(
            frozenset(alike.values()),
            frozenset(alike[name] for name in axes),
            frozenset((alike.get(name, name), how) for name, how in design.story()),
        )

    def _as_whole(self, design: Design, names: dict[str, str]) -> dict[str, str]:
        """Return names of a chart's columns with another one for parts on top of each other.

        What they come to together is not what each of them is, nor is how they go on the whole; and
        when in the day something happens is not how it went on.
        """
        if counts_hours(design):
            return {name: said + ROUND_SIGN for name, said in names.items()}
        whole = design.summarised and tells_whole(design, self._profile)
        if not (whole or piles_parts(design, self._profile)):
            return names
        gathered = {fold.value for fold in self._profile.folds}
        return {name: said + WHOLE_SIGN * (name in gathered) for name, said in names.items()}

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

    def _counts_asked(self, design: Design) -> bool:
        """Whether a chart shows how what is asked about is spread, by itself."""
        if design.mark != "bar" or len(design.fields) != 1:
            return False
        return any(column.name in design.fields for column in asked_about(self._profile)[:1])

    def _is_course(self, design: Design) -> bool:
        """Whether a chart is the course of a measure in time."""
        x = design.encoding("x")
        along = x is not None and x.field is not None and self._profile.column(x.field).is_time
        return design.mark == "line" and along

    def add(self, place: int) -> None:
        """Put a chart into the list, by its place among the designs."""
        columns = self._columns[place]
        if not self._sets.counts[place]:
            shared = self._columns @ columns
            apart = self._sizes + self._sizes[place] - 2 * shared
            self._twins += (apart == 1) & (shared > 0) & ~self._told
            self._retold += (apart == 2) & self._retells(columns)
        for counted in self._always:
            counted.add(place)
        if self._crossed[place]:
            self._axes.add(place)
        told = self._views[place].columns
        self._plain |= np.array([view.axes == told for view in self._views], dtype=bool)
        self._shown += columns
        self._new *= 1 - columns
        self._any_overview |= bool(self._overview[place])
        self._any_course |= bool(self._course[place])
        self._n_added += 1
        if self._worn is not None:
            self._worn.add(place)

    def _retells(self, columns: Ids) -> npt.NDArray[np.bool_]:
        """Return which charts have another column that decides one of these, or follows from it."""
        shown = np.flatnonzero(columns)
        others, missing = self._columns * (1 - columns), 1 - self._columns[:, shown]
        retold = ((others @ self._settled[:, shown]) * missing).sum(axis=1) > 0
        return np.asarray(retold & (self._sizes == len(shown)))

    def values(self) -> Floats:
        """Return the reward for what is new and the charge for what is not, nats [n_designs]."""
        if not self._n_added:
            return np.zeros(self._n)
        weights, room = self._weights, self._room
        value = weights.new_column * np.minimum(self._columns @ self._new, 2)
        # The same summary once more is as tiresome in a narrow table.
        share = np.where(self._summarised, 1.0, room)
        value = value - share * weights.same_relation * self._stories.counts
        # Turned, or with its groups in panels, a chart is the same one in the narrowest table.
        value -= (1.0 - share) * weights.same_relation * self._forms.counts
        # Two views of some columns are plenty, and one of a single column.
        value -= (
            self._patience
            * weights.seen_enough
            * np.maximum(self._sets.counts + self._single - 1, 0)
        )
        value -= room * weights.unplain * ~self._plain
        value += room * weights.overview * (self._overview & (not self._any_overview))
        value += room * weights.asked_alone * self._asked
        value += room * weights.course * (self._course & (not self._any_course))
        value -= room * weights.same_columns * self._sets.counts
        # The strongest pair of columns must not come back with each further column.
        value -= room * weights.same_axes * self._axes.counts
        # Nor must its points, whatever colours them; once for what only those groups show.
        told = self._told & (self._sets.counts == 0)
        value -= (
            room * weights.same_points * self._points * np.maximum(self._painted.counts - told, 0)
        )
        value -= room * weights.near_twin * np.sqrt(self._twins)
        if self._n_added < FIRST_STORIES:
            value -= room * weights.retold * np.minimum(self._retold, 1)
        value -= room * weights.same_outcome * self._ends.counts
        value -= room * weights.same_totals * self._totals.counts
        value -= weights.same_mark * self._marks.counts
        value -= weights.same_column * (self._columns @ self._shown) / self._sizes
        return np.asarray(value[: self._n], dtype=np.float64)

    def beside(self) -> Floats:
        """Return what the list has in common with each chart: float64 [n_designs, len(BESIDE)]."""
        fresh = np.minimum(self._columns @ self._new, 2)
        shown = np.minimum(self._sets.counts, 3)
        axes = np.minimum(self._crosses.counts, 3)
        repainted = self._extra & (self._painted.counts > 0)
        again = (shown > 0) | (axes > 0)
        restated = self._strips & (shown > 0)
        counts = [fresh, again, shown, self._single * shown, axes, repainted, restated]
        found = np.stack(counts, axis=1)[: self._n]
        return np.concatenate([found, self.worn()[:, None]], axis=1).astype(np.float64)

    def worn(self) -> npt.NDArray[np.bool_]:
        """Return which charts say nothing new: bool [n_designs]."""
        if self._worn is None:
            return np.zeros(self._n, dtype=bool)
        return self._worn.flags[: self._n]


def _counted_flags(profile: Profile) -> dict[str, frozenset[str]]:
    """Return columns of yes and no with what they are gathered as; how things end has its own."""
    flags = [fold for fold in profile.folds if gathers_flags(profile, fold)]
    return {
        name: frozenset(fold.pair)
        for fold in flags
        for name in fold.columns
        if not is_outcome(name, profile)
    }


class _Counted:
    """How often what each chart has in common with others was shown."""

    def __init__(self, keys: Sequence[Hashable]) -> None:
        ids = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        self._ids = np.array([ids[key] for key in keys], dtype=np.int64)
        self.counts: Ids = np.zeros(len(keys), dtype=np.int64)

    def add(self, place: int) -> None:
        """Count all that have what the chart at a place has."""
        self.counts += self._ids == self._ids[place]


def summed_by(design: Design) -> frozenset[str] | None:
    """Return by what an amount is added up; None where nothing is."""
    summed = {e.field for e in design.encodings if e.transform == "sum"}
    return frozenset(design.fields) - summed if summed else None


def n_panels(design: Design, profile: Profile) -> int:
    """Return how many panels a chart has."""
    sides = (e.field for e in design.encodings if e.channel in ("row", "column"))
    return math.prod(profile.column(str(name)).n_distinct for name in sides)
