"""Owns the order of the charts: a score for each, then a list that does not repeat itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vizmodel.design import Design, Encoding, Mark, RankedDesign, Story
from vizmodel.grammar.gathering import shown_fold
from vizmodel.interest import COPY, interest
from vizmodel.profile import Profile
from vizmodel.taste import Taste


@dataclass(frozen=True, slots=True)
class RankWeights:
    """How much each term of the score and each repetition counts, in nats.

    Chosen on the families of the training split that the network has not seen.
    """

    network: float = 0.35
    interest: float = 0.7
    raw_interest: float = 4.0
    simplicity: float = 0.15
    raw_simplicity: float = 0.6
    copied: float = 3.0
    faint: float = 2.0
    striped: float = 1.5
    summarised: float = 1.5
    gathered: float = 1.0
    mixed: float = 4.0
    new_column: float = 0.8
    same_relation: float = 4.5
    same_columns: float = 1.9
    same_axes: float = 2.5
    near_twin: float = 3.0
    same_mark: float = 0.6
    same_column: float = 0.2


WEIGHTS = RankWeights()

#: Most columns of a table that is likely to be drawn as it is, where something identifies its rows.
MAX_TIDY_COLUMNS = 5
#: Correlation, or root of the variance explained, below which two columns tell little together.
FAINT, FAINT_SHARES = 0.15, 0.5
#: Distinct values up to which points lie on stripes, and rows from which that hides them.
MAX_STRIPES, MIN_STRIPED_ROWS = 8, 40
#: Columns from which, and up to which, the charge for repeated relations grows.
FEW_COLUMNS, MANY_COLUMNS = 3, 7


def rank(
    candidates: Sequence[tuple[Design, float]],
    profile: Profile,
    k: int,
    weights: RankWeights = WEIGHTS,
    taste: Taste | None = None,
    shown: Sequence[Design] = (),
    nearness: Callable[[Design], float] | None = None,
) -> list[RankedDesign]:
    """Put candidates into the order in which a person should see them.

    Parameters
    ----------
    candidates
        Designs in canonical orientation with the network's log-probability (nats).
    profile
        Of their table.
    k
        Length of the list.
    weights
        Of the terms.
    taste
        What people tend to draw; the network's opinion counts whole where None.
    shown
        Designs that the person has seen already: what is new beside them counts as variety.
    nearness
        What a design gains by being like the one asked for, in nats; a term of its own.

    Returns
    -------
    list of RankedDesign
        At most k; each with its named terms, those of `score_terms` and variety, whose sum is its
        score when it was chosen. Greedy maximal marginal relevance (Carbonell and Goldstein 1998).
    """
    once = _arranged_once(candidates)
    liked = np.zeros(len(once)) if taste is None else taste.opinions([d for d, _ in once], profile)
    if taste is not None:
        once = [(design, weights.network * logp) for design, logp in once]
    remaining = [
        (design, score_terms(design, network, float(opinion), profile, weights))
        for (design, network), opinion in zip(once, liked, strict=True)
    ]
    if nearness is not None:
        remaining = [(d, terms | {"nearness": nearness(d)}) for d, terms in remaining]
    totals = [sum(terms.values()) for _, terms in remaining]
    seen = _Seen(profile)
    for design in shown:
        seen.add(seen.view(design))
    views = [seen.view(design) for design, _ in remaining]
    chosen: list[RankedDesign] = []
    while remaining and len(chosen) < k:
        variety = [seen.variety(view, weights) for view in views]
        best = int(np.argmax(np.add(totals, variety)))
        design, terms = remaining.pop(best)
        score = totals.pop(best) + variety[best]
        chosen.append(RankedDesign(design, score, (*terms.items(), ("variety", variety[best]))))
        seen.add(views.pop(best))
    return chosen


def _arranged_once(candidates: Sequence[tuple[Design, float]]) -> list[tuple[Design, float]]:
    """Keep the likelier of two designs that differ in what a person would not call a difference."""
    best: dict[tuple[Mark, frozenset[Encoding]], tuple[Design, float]] = {}
    for design, log_probability in candidates:
        key = design.mark, frozenset(_arrangement(design))
        if key not in best or log_probability > best[key][1]:
            best[key] = design, log_probability
    return list(best.values())


def _arrangement(design: Design) -> Iterator[Encoding]:
    """Return the encodings with one channel for each pair that could change places.

    Such are panels below or beside each other, and the axes of points or cells.
    """
    facets = [e for e in design.encodings if e.channel in ("row", "column")]
    x, y = design.encoding("x"), design.encoding("y")
    turns = design.mark in ("point", "rect") and x and y and x.transform == y.transform
    for encoding in design.encodings:
        if encoding in facets and len(facets) == 1:
            yield replace(encoding, channel="column")
        elif encoding is y and turns:
            yield replace(encoding, channel="x")
        else:
            yield encoding


def score_terms(
    design: Design,
    network: float,
    taste: float,
    profile: Profile,
    weights: RankWeights = WEIGHTS,
) -> dict[str, float]:
    """Return the named terms of one chart's own score, in nats; the opinions as they are given."""
    extra, raw = max(0, len(design.encodings) - 2), rawness(profile)
    return {
        "network": network,
        "taste": taste,
        "interest": interest(design, profile) * (weights.interest + weights.raw_interest * raw),
        "simplicity": -extra * (weights.simplicity + weights.raw_simplicity * raw),
        "faint": -weights.faint * shows_little(design, profile),
        "copied": -weights.copied * shows_a_copy(design, profile),
        "striped": -weights.striped * shows_stripes(design, profile),
        "summarised": -weights.summarised * tidiness(profile) * design.summarised,
        "mixed": -weights.mixed * mixes_levels(design, profile),
        "gathered": weights.gathered * (shown_fold(design, profile) is not None),
    }


def shows_stripes(design: Design, profile: Profile) -> bool:
    """Whether a scatter plot lays many rows on a few lines: boxes or bars tell them better."""
    if design.mark != "point" or design.summarised or profile.n_rows < MIN_STRIPED_ROWS:
        return False
    shown = [e for e in design.encodings if e.channel in ("x", "y") and e.transform == "value"]
    columns = [profile.column(e.field) for e in shown if e.field]
    return any(c.kind == "number" and c.n_distinct <= MAX_STRIPES for c in columns)


def mixes_levels(design: Design, profile: Profile) -> bool:
    """Whether a chart puts totals and their parts, or several measures, into one figure."""
    together = design.summarised or design.mark == "boxplot"
    return together and not profile.mixed_columns.issubset(design.fields)


def tidiness(profile: Profile) -> float:
    """Return how surely a table's rows are what is to be drawn, 0..1.

    Of the charts that people made of tables of up to three columns, nine in ten show the rows as
    they are; of tables of few rows that something identifies, nearly all; and of longer ones of up
    to five columns whose groups and times identify the row, eight in ten.
    """
    if profile.shaped or profile.few_named_rows:
        return 1.0
    return 0.5 if profile.keys and len(profile.own_columns) <= MAX_TIDY_COLUMNS else 0.0


def shows_little(design: Design, profile: Profile) -> bool:
    """Whether a raw table's columns that a chart relates have nothing to do with each other.

    Shares of a total mostly say how many rows each group has, unless it differs by more than that.
    """
    if profile.shaped or len(design.fields) < 2 or tidiness(profile):
        return False
    return interest(design, profile) < (FAINT_SHARES if design.mark == "arc" else FAINT)


def rawness(profile: Profile) -> float:
    """Return how surely a table is to be explored rather than drawn as it is, 0..1.

    People's charts say little of tables of many columns and rows without a name: there the
    strength of what a chart shows counts more.
    """
    return (1.0 - tidiness(profile)) * room(profile)


def shows_a_copy(design: Design, profile: Profile) -> bool:
    """Whether a scatter plot shows two numbers of which one is computed from the other."""
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "point" or x is None or y is None or not x.field or not y.field:
        return False
    plain = x.transform == y.transform == "value"
    numbers = profile.column(x.field).kind == profile.column(y.field).kind == "number"
    return plain and numbers and profile.pair(x.field, y.field, "abs_spearman") >= COPY


@dataclass(frozen=True, slots=True)
class _View:
    """What of a design counts for repetitions; like columns have one name."""

    mark: Mark
    columns: frozenset[str]
    axes: frozenset[str]
    story: Story
    summarised: bool


class _Seen:
    """What the charts chosen so far have shown."""

    def __init__(self, profile: Profile) -> None:
        self._room = room(profile)
        fold = profile.fold
        #: Like columns count as one: the same chart of another of them is a repetition.
        self._alike = {} if fold is None else dict.fromkeys(fold.columns, fold.value)
        self._usable = {self._alike.get(c.name, c.name) for c in profile.columns if c.usable}
        self._stories: Counter[Story] = Counter()
        self._column_sets: Counter[frozenset[str]] = Counter()
        self._axes: Counter[frozenset[str]] = Counter()
        self._columns: Counter[str] = Counter()
        self._marks: Counter[Mark] = Counter()

    def view(self, design: Design) -> _View:
        """Return what repeats itself in lists; asked for once, compared with every choice."""
        alike = self._alike
        return _View(
            design.mark,
            frozenset(alike.get(name, name) for name in design.fields),
            frozenset(
                alike.get(e.field, e.field)
                for e in design.encodings
                if e.field and e.channel in ("x", "y")
            ),
            frozenset((alike.get(name, name), how) for name, how in design.story()),
            design.summarised,
        )

    def add(self, view: _View) -> None:
        self._stories[view.story] += 1
        self._column_sets[view.columns] += 1
        self._axes[view.axes] += len(view.axes) > 1
        self._columns.update(view.columns)
        self._marks[view.mark] += 1

    def variety(self, view: _View, weights: RankWeights) -> float:
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
