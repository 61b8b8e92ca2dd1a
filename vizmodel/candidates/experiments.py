"""Owns the charts that are drawn of any experiment: what was measured, by what was given.

Arms, doses and varieties explain less than what people bring with them, and a search that looks for
what is closest seldom comes to them. So these charts are given to it by name, and count whether the
arms differ or not: both are answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from vizmodel.candidates.cluster_charts import cluster_charts
from vizmodel.candidates.grid_charts import grid_charts
from vizmodel.candidates.kind import OF_TABLES, ChartKind, Told
from vizmodel.candidates.trial_charts import trial_charts
from vizmodel.design import Channel, Design, Fold, Mark, Transform
from vizmodel.grammar.legality import first_legal
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.layouts.factors import is_given
from vizmodel.tokens import Part, make_design
from vizmodel.worth.asked import asked_chances

#: What was measured, what was given, and occasions or doses, that are looked at.
MAX_MEASURED, MAX_GIVEN, MAX_STEPS = 6, 3, 2
#: Most of what was measured in which arms do not differ.
MAX_ALIKE = 2
#: Occasions or doses along which a line runs; two are set beside each other.
MIN_LINE, MAX_LINE, MAX_LINES = 3, 40, 8
#: Times that each of those is seen who are seen again, at least.
MIN_SEEN = 1.5
#: What the first of the measures counts, and how much less the next; and the least.
LESS, LEAST = 0.12, 0.4
#: Variance that groups explain beyond chance, in times what chance explains, from which they
#: differ; and chance of being asked about from which that they do not is an answer.
DIFFERS, ASKED = 5.0, 0.1
#: Share of a measure that arms explain, at least, when measures are put in order; and share from
#: which what groups explain follows from what they are, such as the day of a visit.
LEAST_TIE, FOLLOWS = 0.001, 0.95
Drawn = tuple[Mark, Channel, str | None, Transform]
#: Channels that are one to whoever looks.
PANELS: dict[Channel, Channel] = {"row": "column"}
TURNED: dict[Channel, Channel] = {"y": "x"}
#: What charts of groups alone count where the same is drawn along occasions.
POOLED = 0.25


def experiment_charts(profile: Profile) -> Iterator[Told]:
    """Yield the charts of an experiment, of clusters, of trials of settings; none of other tables.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation: means along occasions or doses with a line for each arm, boxes,
        shares or means by arm.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"arm": ["drug", "placebo"] * 30, "ward": ["a", "b", "c"] * 20}
    >>> table |= {"age": [20 + n * 7 % 50 for n in range(60)]}
    >>> table |= {"pain": [n * 37 % 101 / 4 + 30 * (n % 2) for n in range(60)]}
    >>> [(d.mark, d.fields) for d, _ in experiment_charts(profile_table(pa.table(table)))]
    [('boxplot', ('arm', 'pain'))]
    """
    if is_experiment(profile):
        yield from _by_given(profile)
    yield from cluster_charts(profile)
    yield from trial_charts(profile)
    yield from grid_charts(profile)


def _drawn(design: Design) -> frozenset[Drawn]:
    """Return what tells charts apart: a line runs along numbers and along their labels alike.

    Cells are the same whichever factor is across, points whichever measure is, and so are panels
    beside and below each other.
    """
    alike = PANELS | (TURNED if design.mark in ("rect", "point") else {})
    return frozenset(
        (
            design.mark,
            alike.get(e.channel, e.channel),
            e.field,
            "category" if e.transform == "value" else e.transform,
        )
        for e in design.encodings
    )


EXPERIMENTS = ChartKind("experiments", experiment_charts, unknown_to=OF_TABLES, key=_drawn)
#: How much a chart tells of what an experiment asks, 0 to 1.
tells_given = EXPERIMENTS.tells


def is_experiment(profile: Profile) -> bool:
    """Whether some column says what was given, of a narrow table also how large what it met was."""
    usable = [column for column in profile.own_columns if column.usable]
    whole = not profile.shaped or any(c.geometric > 0 for c in usable)
    return whole and any(c.given for c in usable)


def _by_given(profile: Profile) -> Iterator[Told]:
    """Yield what was measured by what was given, and what each of these charts counts."""
    given = [c for c in profile.own_columns if c.given and c.usable and not _is_dose(c)]
    steps = _steps(profile)
    at_visits: set[str] = set()
    for place, fold in enumerate(profile.folds):
        visits = list(_visits(profile, fold, given))
        at_visits |= {*fold.columns} if visits else set()
        for at, course in enumerate(visits):
            yield course, max(1.0 - LESS * place, LEAST) * (1.0 if at == 0 else POOLED)
    for place, measured in enumerate(_measured(profile, [*given, *steps])):
        worth = max(1.0 - LESS * place, LEAST) * (POOLED if measured.name in at_visits else 1.0)
        groups = sorted(given, key=lambda c: -_tie(c, measured, profile))[:MAX_GIVEN]
        courses = list(_courses(profile, measured, steps, groups))
        for at, group in enumerate((*groups, *filter(_is_dose, steps))):
            design = _by_group(profile, measured, group)
            if design is not None:
                yield design, worth * (POOLED if courses or at else 1.0)
        for at, course in enumerate(courses):
            yield course, worth * (1.0 if at == 0 else POOLED)


def _measured(profile: Profile, given: list[ColumnProfile]) -> list[ColumnProfile]:
    """Return what was measured, what is asked about and differs most first.

    That arms do not differ is an answer for what is asked about most, not for each of many columns.
    """
    chances = asked_chances(profile)
    found: list[tuple[float, ColumnProfile]] = []
    alike: list[tuple[float, ColumnProfile]] = []
    for column in profile.own_columns:
        chance = chances.get(column.name, 0.0)
        if column in given or column.given or not _may_be_measured(column):
            continue
        ties = [_tie(group, column, profile) for group in given]
        differs = any(_differs(column, group, profile) for group in given)
        if max(ties) < FOLLOWS and (differs or chance >= ASKED):
            (found if differs else alike).append((chance * max(*ties, LEAST_TIE), column))
    alike.sort(key=lambda pair: -chances.get(pair[1].name, 0.0))
    found += alike[:MAX_ALIKE]
    found.sort(key=lambda pair: -pair[0])
    return [column for _, column in found[:MAX_MEASURED]]


def _may_be_measured(column: ColumnProfile) -> bool:
    if not column.usable or column.kind == "time" or column.calendar or not is_given(column):
        return False
    return column.is_size or column.zero_one or _is_answer(column)


def _is_answer(column: ColumnProfile) -> bool:
    two = column.n_distinct == 2 and (bool(column.listed) or column.kind == "boolean")
    return two or column.tells_an_outcome


def _tie(group: ColumnProfile, measured: ColumnProfile, profile: Profile) -> float:
    """Return which share of a measure's variance groups explain."""
    if _is_amount(measured):
        return max(0.0, profile.pair(group.name, measured.name, "eta_squared"))
    return float(profile.pair(group.name, measured.name, "cramers_v") ** 2)


def _differs(measured: ColumnProfile, group: ColumnProfile, profile: Profile) -> bool:
    """Whether groups differ by more than chance has it."""
    free = max(group.n_distinct - 1, 1)
    rows = min(measured.n_present, group.n_present)
    return rows * _tie(group, measured, profile) >= DIFFERS * free


def _is_amount(column: ColumnProfile) -> bool:
    return column.is_size and not column.zero_one


def _is_dose(column: ColumnProfile) -> bool:
    """Whether numbers say how much was given, or how large what was tried is."""
    told = column.kind == "number" and column.semantic == "ordinal"
    return told and (column.given or column.geometric > 0)


def _is_step(column: ColumnProfile, profile: Profile) -> bool:
    """Whether values are doses, or occasions on which the same ones were seen again."""
    if _is_dose(column):
        return True
    ordered = column.ordered and column.kind != "time" and column.semantic != "year"
    if not column.usable or not ordered or column.given or not 2 <= column.n_distinct <= MAX_LINE:
        return False
    place = profile.index(column.name)
    pairs = (set(key) - {place} for key in profile.keys if place in key and len(key) == 2)
    return any(_comes_again(profile.columns[other]) for (other,) in pairs)


def _comes_again(column: ColumnProfile) -> bool:
    """Whether a column names who or what was seen, and more than once."""
    named = column.identifier or column.kind == "text" or column.semantic == "category"
    return named and column.n_present >= MIN_SEEN * column.n_distinct


def _steps(profile: Profile) -> list[ColumnProfile]:
    """Return the first occasions and doses, of two that say the same the first."""
    found: list[ColumnProfile] = []
    for column in profile.own_columns:
        same = (profile.pair(one.name, column.name, "cramers_v") >= FOLLOWS for one in found)
        if _is_step(column, profile) and not any(same):
            found.append(column)
    return found[:MAX_STEPS]


def _visits(profile: Profile, fold: Fold, given: list[ColumnProfile]) -> Iterator[Design]:
    """Yield the means of what has a column for each visit, with a line for each arm."""
    if not profile.column(fold.key).ordered:
        return
    step, measured = profile.column(fold.key), profile.column(fold.value)
    if not measured.is_size or not MIN_LINE <= step.n_distinct <= MAX_LINE:
        return
    arms = sorted(
        given, key=lambda c: -max(_tie(c, profile.column(m), profile) for m in fold.columns)
    )
    yield from _courses(profile, measured, [step], arms[:MAX_GIVEN])


def _courses(
    profile: Profile,
    measured: ColumnProfile,
    steps: list[ColumnProfile],
    groups: list[ColumnProfile],
) -> Iterator[Design]:
    """Yield the means of a measure along occasions or doses, with a line for each arm."""
    few: list[ColumnProfile | None] = [one for one in groups if one.n_distinct <= MAX_LINES]
    for step, group in product(steps, few or [None]):
        lines: list[Part] = [] if group is None else [("color", group.name, "category")]
        if step.n_distinct >= MIN_LINE:
            levels = step.kind == "text" or step.semantic == "ordinal"
            along: Part = ("x", step.name, "category" if levels else "value")
            # Where means are in the table already, there is one row of each.
            means: tuple[Transform, ...] = ("mean", "value") if _is_dose(step) else ("mean",)
            shown = [
                make_design("line", profile, along, ("y", measured.name, how), *lines)
                for how in means
            ]
        else:
            two: Part = ("x", step.name, "category")
            value: Part = ("y", measured.name, "value")
            shown = [make_design("boxplot", profile, two, value, *lines)]
        design = first_legal(shown, profile)
        if design is not None:
            yield design


def _by_group(profile: Profile, measured: ColumnProfile, group: ColumnProfile) -> Design | None:
    """Return how a measure is spread by arm, its share, or its mean where it has no spread."""
    x: Part = ("x", group.name, "category")
    if not _is_amount(measured):
        shares: Part = ("color", measured.name, "category")
        forms = [make_design("bar", profile, x, ("y", None, "count"), shares)]
    else:
        box = make_design("boxplot", profile, x, ("y", measured.name, "value"))
        forms = [box, make_design("bar", profile, x, ("y", measured.name, "mean"))]
    return first_legal(forms, profile)
