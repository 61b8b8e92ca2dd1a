"""Owns the teacher: design knowledge and statistical interest as weighted, named rules.

The teacher scores any legal chart of any table, so it can label tables that nobody has drawn. The
rules follow the effectiveness of channels (Cleveland and McGill 1984; Mackinlay 1986), preferences
of Voyager's CompassQL (Wongsuphasawat et al. 2016) and Draco (Moritz et al. 2019), the experiments
of Kim and Heer (2018) and Saket et al. (2018), and the statistical facts of Foresight (Demiralp et
al. 2017): association, trend, dominance, skew.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vizmodel.design import Design
from vizmodel.grammar import Grammar
from vizmodel.profile import Profile
from vizmodel.ranking.forms import stands
from vizmodel.tokens import CHANNEL_TOKENS, END
from vizmodel.worth.interest import interest


@dataclass(frozen=True, slots=True)
class Preference:
    """A soft rule: what it looks for, and what it is worth in nats per unit."""

    name: str
    sentence: str
    weight: float
    value: Callable[[Design, Profile], float]


def _pattern(design: Design) -> tuple[str, str, str]:
    """Mark and what stands on x and y, as letters."""
    return design.mark, stands(design.encoding("x")), stands(design.encoding("y"))


#: Worth of a mark for what stands on x and y; unlisted combinations are worth -1.5.
MARK_FITS: dict[tuple[str, str, str], float] = {
    ("bar", "c", "a"): 1.0,
    ("bar", "c", "n"): 0.8,
    ("bar", "p", "a"): 0.3,
    ("bar", "p", "n"): 0.4,
    ("bar", "b", "n"): 0.8,
    ("bar", "b", "a"): -0.8,
    ("bar", "c", "v"): 1.6,
    ("bar", "v", "v"): 0.2,
    ("bar", "v", "a"): -0.5,
    ("bar", "v", "n"): -0.3,
    ("line", "v", "v"): 1.6,
    ("line", "v", "a"): 1.2,
    ("line", "v", "n"): 0.4,
    ("line", "p", "a"): 1.1,
    ("line", "p", "n"): 0.4,
    ("line", "c", "a"): 0.2,
    ("line", "c", "v"): 0.8,
    ("line", "c", "n"): -0.8,
    ("area", "v", "v"): 0.4,
    ("area", "v", "a"): 0.1,
    ("area", "p", "a"): 0.0,
    ("area", "p", "n"): -0.2,
    ("area", "c", "v"): -0.2,
    ("point", "v", "v"): 1.2,
    ("point", "c", "a"): -0.5,
    ("point", "c", "n"): -1.2,
    ("point", "c", "v"): -0.2,
    ("point", "c", "c"): -1.0,
    ("point", "b", "b"): -1.0,
    ("point", "v", "c"): -0.8,
    ("tick", "v", "-"): -1.2,
    ("tick", "c", "v"): -0.4,
    ("boxplot", "v", "-"): -0.8,
    ("boxplot", "c", "v"): 0.8,
    ("rect", "c", "c"): 0.2,
    ("rect", "b", "b"): -0.6,
    ("rect", "p", "p"): 0.1,
    ("rect", "c", "p"): 0.0,
    ("rect", "p", "c"): 0.0,
    ("arc", "-", "-"): -0.4,
}

AGGREGATE_WORTH = {
    "mean": 0.3,
    "median": 0.1,
    "sum": 0.3,
    "min": -1.8,
    "max": -1.0,
    "distinct": -0.9,
}


def _mark_fits(design: Design, profile: Profile) -> float:
    return MARK_FITS.get(_pattern(design), -1.5)


def _interest(design: Design, profile: Profile) -> float:
    return interest(design, profile)


def _complexity(design: Design, profile: Profile) -> float:
    return {1: 0.6, 2: 0.0, 3: 0.9, 4: 2.2}[len(design.encodings)]


def _aggregate(design: Design, profile: Profile) -> float:
    worth = 0.0
    for encoding in design.encodings:
        if encoding.aggregate in AGGREGATE_WORTH:
            worth += AGGREGATE_WORTH[encoding.aggregate]
            if encoding.field is None:
                continue
            column = profile.column(encoding.field)
            if encoding.aggregate == "median" and abs(column.skew) > 1.5:
                worth += 0.4
            if encoding.aggregate == "sum":
                worth += 0.3 if column.additive else -0.8
    return worth


def _rows_as_they_are(design: Design, profile: Profile) -> float:
    """Favour drawing a table as it is where its groups identify the row."""
    if design.aggregated or design.mark not in ("bar", "line", "area", "arc", "rect"):
        return 0.0
    return 0.0 if any(e.time_unit for e in design.encodings) else 1.0


def _groups_split_well(design: Design, profile: Profile) -> float:
    """Colours that explain the measure, few enough to tell apart."""
    color = design.encoding("color")
    if color is None or color.field is None or color.transform != "category":
        return 0.0
    column = profile.column(color.field)
    measures = [e.field for e in design.encodings if e.field and e.field_type == "quantitative"]
    explained = [profile.pair(color.field, name, "eta_squared") ** 0.5 for name in measures]
    return max(explained, default=0.3) - 0.3 - 0.06 * max(0, column.n_distinct - 5)


def _extras(design: Design, profile: Profile) -> float:
    worth = {"size": 0.5, "shape": 0.9, "row": 1.0, "column": 0.6}
    return sum(worth.get(e.channel, 0.0) for e in design.encodings)


def _columns_are_worth_it(design: Design, profile: Profile) -> float:
    """Columns with values, variety and a meaning; earlier ones matter a little more."""
    worth = 0.0
    for name in design.fields:
        column = profile.column(name)
        worth -= 1.5 * column.null_share
        worth -= 1.0 * (not column.usable)
        worth -= 0.5 * max(0.0, column.top_share - 0.8) * 5
        worth -= 0.04 * min(column.position, 12)
        if column.semantic == "category" and column.kind == "number":
            worth -= 0.2
        if column.n_distinct > 20 and any(e.field == name and e.discrete for e in design.encodings):
            worth -= 0.5
    return worth / max(len(design.fields), 1)


def _coordinates(design: Design, profile: Profile) -> float:
    """Longitude on x with latitude on y is a map; alone they say nothing."""
    x, y = design.encoding("x"), design.encoding("y")
    kinds = [profile.column(e.field).semantic if e is not None and e.field else "" for e in (x, y)]
    if kinds == ["longitude", "latitude"]:
        return 1.0 if design.mark == "point" else -1.0
    used = {profile.column(name).semantic for name in design.fields}
    return -2.0 if used & {"longitude", "latitude"} else 0.0


def _time_on_x(design: Design, profile: Profile) -> float:
    """Time runs along x, and a line shows it."""
    x = design.encoding("x")
    others = [e for e in design.encodings if e.channel != "x" and e.field]
    if any(profile.column(e.field).is_time and e.transform == "value" for e in others if e.field):
        return -2.0
    if x is None or x.field is None or not profile.column(x.field).is_time:
        return 0.0
    if x.time_unit in ("day", "hours", "month", "quarter"):
        return 0.1
    return 0.6 if design.mark in ("line", "area") else (-0.3 if design.mark == "point" else 0.2)


def _sequence_is_no_measure(design: Design, profile: Profile) -> float:
    y = [e for e in design.encodings if e.field and e.channel in ("y", "theta", "size")]
    return -float(sum(profile.column(e.field).semantic == "sequence" for e in y if e.field))


def _enough_points(design: Design, profile: Profile) -> float:
    """Distributions need rows: boxes and bins of a handful say nothing."""
    if design.mark == "boxplot" or any(e.bin for e in design.encodings):
        return min(0.0, math.log10(max(profile.n_rows, 1) / 40.0))
    return 0.0


def _dense_scatter(design: Design, profile: Profile) -> float:
    if design.mark == "point" and not design.aggregated and profile.n_rows > 1500:
        return -0.5
    if design.mark == "rect" and profile.n_rows > 1500 and any(e.bin for e in design.encodings):
        return 0.8
    return 0.0


def _shows_a_range(design: Design, profile: Profile) -> float:
    return float(design.ends is not None)


PREFERENCES: tuple[Preference, ...] = (
    Preference("mark_fits", "Each pair of axes has a mark that suits it.", 1.0, _mark_fits),
    Preference("interest", "The chart shows a strong relation.", 2.5, _interest),
    Preference("complexity", "Two encodings are read at a glance.", -1.0, _complexity),
    Preference("aggregate", "Means and sums before extremes.", 1.0, _aggregate),
    Preference("rows", "Tidy rows are drawn as they are.", 1.2, _rows_as_they_are),
    Preference("groups", "Colour explains the measure.", 1.5, _groups_split_well),
    Preference("extras", "Position before size, shape and panels.", -1.0, _extras),
    Preference("columns", "Columns with values and variety.", 1.0, _columns_are_worth_it),
    Preference("coordinates", "Coordinates make a map.", 1.0, _coordinates),
    Preference("time", "Time runs along x.", 1.0, _time_on_x),
    Preference("sequence", "Counters are axes, not measures.", 0.8, _sequence_is_no_measure),
    Preference("rows_enough", "Distributions need rows.", 1.0, _enough_points),
    Preference("ranges", "Two ends of one thing are one mark.", 2.5, _shows_a_range),
    Preference("density", "Crowded points become a heat map.", 1.0, _dense_scatter),
)


def teacher_score(design: Design, profile: Profile) -> float:
    """Return the teacher's opinion of a chart, in nats."""
    return sum(p.weight * p.value(design, profile) for p in PREFERENCES)


def candidate_designs(
    grammar: Grammar, rng: np.random.Generator, n_simple: int = 1500, n_walks: int = 250
) -> list[Design]:
    """Return distinct legal charts: the simple ones exhaustively, the others by random walks.

    Parameters
    ----------
    grammar
        Of the table.
    rng
        Draws the walks.
    n_simple
        Most charts of at most two encodings, and the second end of a range; beyond that they are
        drawn at random.
    n_walks
        Walks that look for charts of more encodings.
    """
    if grammar.empty:
        return []
    found: dict[Design, None] = {}
    stack = [grammar.start()]
    while stack and len(found) < n_simple:
        # Random order, so that a wide table's charts are a fair sample where the limit cuts.
        state = stack.pop(int(rng.integers(len(stack))) if len(stack) > 500 else -1)
        if state.done:
            found[grammar.design(state)] = None
            continue
        tokens = np.flatnonzero(grammar.allowed(state))
        if len(state.encodings) >= 2 and state.channel is None:
            # The second end of a range makes no chart less simple.
            tokens = tokens[(tokens == END) | (tokens == CHANNEL_TOKENS["y2"])]
        stack += [grammar.advance(state, int(token)) for token in rng.permutation(tokens)]
    for _ in range(n_walks):
        design = _walk(grammar, rng)
        if design is not None:
            found[design] = None
    return list(found)


def _walk(grammar: Grammar, rng: np.random.Generator) -> Design | None:
    state = grammar.start()
    while not state.done:
        choices = np.flatnonzero(grammar.allowed(state))
        if not len(choices):
            return None
        state = grammar.advance(state, int(choices[rng.integers(len(choices))]))
    return grammar.design(state)


def teach(
    profile: Profile,
    rng: np.random.Generator,
    n_charts: int = 12,
    temperature: float = 0.7,
) -> list[Design]:
    """Choose charts for a table as the teacher would, by softmax of the score.

    Returns
    -------
    list of Design
        `n_charts` draws, the best ones several times; empty where no chart is legal.
    """
    designs = candidate_designs(Grammar(profile), rng)
    if not designs:
        return []
    scores = np.array([teacher_score(design, profile) for design in designs]) / temperature
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    return [designs[i] for i in rng.choice(len(designs), size=n_charts, p=chances)]


def best(designs: Sequence[Design], profile: Profile, k: int) -> list[Design]:
    """Return the k designs that the teacher likes best."""
    return sorted(designs, key=lambda design: -teacher_score(design, profile))[:k]
