"""Owns how much a chart tells of how something ended, such as who survived or who left.

Such a column is what the others of a table are there to explain, though each of them explains
little of it: other pairs, two prices say, are always closer.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np
from msgspec.structs import replace

from vizmodel.chance import chi_squared_limit
from vizmodel.design import Design, canonical
from vizmodel.grammar.legality import violations
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import PAIR_STATISTICS, ColumnProfile, Profile
from vizmodel.worth.alike import settled_pairs, splits_settled
from vizmodel.worth.asked import MIN_ASKED, asked_chances
from vizmodel.worth.causes import precedence
from vizmodel.worth.effects import find_effects
from vizmodel.worth.interest import told_triple

#: Chance of being asked about from which a few groups are an outcome, whatever they are called.
MIN_CHANCE = 0.3
#: How many times likelier what is on x must be asked about for the axes to be the wrong way round.
LIKELIER = 2.0
#: What a chart counts that splits each end by groups, rather than groups by how it ended.
TURNED = 0.5
#: The same of how it ended over time, whether that changed or not: what is not over yet changes it.
IN_TIME = 0.4
#: Columns that the others are there to explain.
MAX_ASKED = 3
#: Standard deviations that one of twenty passes by chance.
BY_CHANCE = 1.645
_TIES = [PAIR_STATISTICS.index(name) for name in ("cramers_v", "eta_squared")]


def outcome_told(design: Design, profile: Profile, strength: float) -> float:
    """Return how much a chart of two columns tells of an outcome, 0..1.

    Parameters
    ----------
    design, profile
        The chart and its table.
    strength
        Of the relation that it shows, 0..1.

    Returns
    -------
    float
        1 for the column that is most related to the outcome; 0 where a chart shows none, or more,
        or a sum for each end, which mostly says how many ended so.
    """
    told = not (splits_settled(design, profile) or _sums_each_end(design, profile))
    # Where nothing hangs together, what is strongest is nothing, either.
    told = told and not alike_by_chance(design, profile)
    end = explained(design, profile) if told else None
    most = 0.0 if end is None else _strongest_ties(profile)[end]
    if not most > 0:
        return 0.0
    color, x = design.encoding("color"), design.encoding("x")
    if splits_times(design):
        return IN_TIME
    # Among whom it ended so is asked, not who they are among whom it ended so.
    turned = color is not None and color.discrete and x is not None and x.field == end
    return min(1.0, strength / most) * (TURNED if turned else 1.0)


def splits_times(design: Design) -> bool:
    """Whether bars split the records of each month, year or the like by groups."""
    x, color = design.encoding("x"), design.encoding("color")
    split = design.mark == "bar" and color is not None and color.discrete
    return split and x is not None and x.time_unit is not None


def _sums_each_end(design: Design, profile: Profile) -> bool:
    """Whether a sum for each end is drawn; that of what is counted is their number."""
    return any(e.transform == "sum" and e.field not in profile.counted for e in design.encodings)


def is_outcome(name: str, profile: Profile) -> bool:
    """Whether a few groups say how something ended: so called, or what the table asks about."""
    column, effects = profile.column(name), find_effects(profile)
    if effects is not None and name in effects.sorts:
        return False  # which effects are sure was read off them
    if column.tells_an_outcome:
        return True
    return column.has_few_groups and asked_chances(profile).get(name, 0.0) >= MIN_CHANCE


def upright(design: Design, profile: Profile, legal: Container[Design] = ()) -> Design:
    """Return a scatter plot with what the table asks about on y; any other chart as it is.

    Causes run along x, and so does the axis of curves: what a column is tells, unless a person asks
    about it, and then what the table seems to ask. Where the other way round breaks a rule, the
    chart stays.

    Parameters
    ----------
    design
        In canonical orientation.
    profile
        Of its table.
    legal
        Charts that are known to break no rule: these need not be judged.
    """
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "point" or x is None or y is None or not x.field or not y.field:
        return design
    if not x.transform == y.transform == "value" or not _are_turned(x.field, y.field, profile):
        return design
    others = (e for e in design.encodings if e not in (x, y))
    turned = (replace(y, channel="x"), replace(x, channel="y"), *others)
    found = replace(design, encodings=canonical(turned))
    return found if found in legal or not violations(found, profile) else design


def _are_turned(x: str, y: str, profile: Profile) -> bool:
    """Whether a column on x is what the one on y explains."""
    first, second = (precedence(profile.column(name)) for name in (x, y))
    if first != second and {x, y}.isdisjoint(profile.asked or ()):
        return second > first
    chances = asked_chances(profile)
    return chances.get(x, 0.0) > LIKELIER * chances.get(y, 0.0)


def explained(design: Design, profile: Profile) -> str | None:
    """Return the outcome that a chart sets beside one other column; None where it shows none."""
    known = _strongest_ties(profile)
    if known.keys().isdisjoint(design.fields):
        return None
    shown = [name for name in design.fields if name not in profile.counted]
    ends = [name for name in shown if name in known]
    return ends[0] if len(shown) == 2 and len(ends) == 1 else None


def alike_by_chance(design: Design, profile: Profile) -> bool:
    """Whether groups are compared that differ no more than chance makes them.

    Bars of shares, by the chi squared of the sample's counts, which is Cramer's V squared times
    rows and levels; boxes, means and coloured points of numbers, by the part of their variance that
    groups explain, which times rows is nearly chi squared, too. Of such charts readers of lists
    dropped half, of others a quarter.
    """
    x, y = design.encoding("x"), design.encoding("y")
    if x is None or y is None or len(design.encodings) > 3 or told_triple(design, profile):
        return False
    groups = [e.field for e in design.encodings if e.field and e.transform == "category"]
    if design.mark == "bar" and y.transform == "count":
        return len(groups) == 2 and _splits_by_chance(groups[0], groups[1], profile)
    averaged = design.mark == "bar" and y.transform in ("mean", "median")
    if not (averaged or design.mark in ("boxplot", "point")):
        return False
    numbers = [e.field for e in (x, y) if e.field and e.transform != "category"]
    return any(
        all(_explains_by_chance(profile.column(group), number, profile) for number in numbers)
        for group in groups
        if numbers
    )


def stays_by_chance(design: Design, profile: Profile) -> bool:
    """Whether bars split the records of times by groups that come early and late alike."""
    x, color = design.encoding("x"), design.encoding("color")
    if not splits_times(design) or x is None or color is None or not (x.field and color.field):
        return False
    return _explains_by_chance(profile.column(color.field), x.field, profile)


def _splits_by_chance(first: str, second: str, profile: Profile) -> bool:
    """Whether two groupings of the rows have no more to do with each other than by chance."""
    sizes = [profile.column(name).n_distinct - 1 for name in (first, second)]
    if min(sizes) < 1:
        return False
    n_rows = min(profile.column(name).n_present for name in (first, second))
    chi_squared = profile.pair(first, second, "cramers_v") ** 2 * n_rows * min(sizes)
    return chi_squared <= chi_squared_limit(sizes[0] * sizes[1], BY_CHANCE)


def _explains_by_chance(group: ColumnProfile, number: str, profile: Profile) -> bool:
    """Whether groups explain no more of a number's variance, or of a time's, than chance."""
    measure = profile.column(number)
    if group.n_distinct < 2 or measure.kind not in ("number", "time"):
        return False
    # What chance explains has been taken off the share.
    free = group.n_distinct - 1
    beyond = profile.pair(group.name, number, "eta_squared")
    n_rows = min(group.n_present, measure.n_present)
    return beyond * n_rows + free <= chi_squared_limit(free, BY_CHANCE)


@once_per_profile
def _strongest_ties(profile: Profile) -> dict[str, float]:
    """Return how strong the strongest relation of each outcome is, 0..1.

    What it follows from, or what follows from it, is the outcome under another name. Where a person
    asks about some columns, no other is what is to be explained.
    """
    usable = np.array([column.usable for column in profile.columns], dtype=bool)
    found = {}
    for at, column in enumerate(profile.columns):
        if is_outcome(column.name, profile) and column.name in (profile.asked or (column.name,)):
            others = usable & ~settled_pairs(profile)[at]
            v, share = (
                profile.pairs[at, others, statistic].max(initial=0.0) for statistic in _TIES
            )
            found[column.name] = float(max(v, np.sqrt(max(share, 0.0))))
    return found


@once_per_profile
def asked_about(profile: Profile) -> tuple[ColumnProfile, ...]:
    """Return the columns that the others are there to explain, the likeliest first."""
    chances = asked_chances(profile)
    ends = {c.name for c in profile.own_columns if c.usable and is_outcome(c.name, profile)}
    likely = [name for name, chance in chances.items() if chance >= MIN_ASKED or name in ends]
    likely.sort(key=lambda name: -chances[name])
    return tuple(profile.column(name) for name in likely[:MAX_ASKED])
