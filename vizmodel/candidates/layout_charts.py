"""Owns the charts that the layout of a table asks for, whatever its columns are called.

Years side by side are asked for courses; readings of several devices at the same times for a line
each; totals beside their parts for the totals; places for a map. A search seldom comes to them
among so many columns, so they are given to it by name.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import chain, product

from vizmodel.candidates.cohort_charts import COHORTS
from vizmodel.candidates.effect_charts import EFFECTS
from vizmodel.candidates.facing_charts import FACING
from vizmodel.candidates.kind import EVERY, ChartKind, Told, first_told
from vizmodel.candidates.leader_charts import LEADERS, tells_further_leaders
from vizmodel.candidates.price_charts import PRICES
from vizmodel.candidates.record_charts import SPANS
from vizmodel.candidates.season_charts import SEASONS
from vizmodel.candidates.series_charts import (
    are_series,
    cells_of,
    groups_of,
    is_most,
    series_charts,
    tells_whole,
)
from vizmodel.candidates.state_charts import are_states, state_charts
from vizmodel.design import Design, Fold, Transform
from vizmodel.grammar.embedded import shown_embedding
from vizmodel.grammar.gathering import (
    counts_parts,
    gathers_answers,
    gathers_flags,
    may_be_piled,
)
from vizmodel.grammar.mapped import places
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.room import MAX_COLOURS, MAX_SHAPED_CATEGORIES
from vizmodel.grammar.sliced import n_picked
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.layouts.questions import is_question
from vizmodel.profile.layouts.slices import tells_time
from vizmodel.tokens import Part, make_design
from vizmodel.worth.interest import interest
from vizmodel.worth.outcomes import asked_about
from vizmodel.worth.room import room

#: Most groups that gathered columns are looked at by, measures of a panel, and slices.
MAX_GROUPS, MAX_MEASURES, MAX_SLICES = 4, 8, 12
#: Most embeddings of one table, and what the picture of one is worth: it was made for that.
MAX_EMBEDDINGS, EMBEDDED = 3, 1.3
#: What the cells of times and groups count, and the mean course of all that was measured again
#: where groups have one each.
CELLS, POOLED = 0.5, 0.2
#: Fewest rows that are spread at each time, and days over which days have courses of their own.
MIN_SPREAD, MIN_DAYS = 8, 2.0
#: Most groups that are told by colour on a map.
MAX_PAINTED = 6
#: Fewest days from the first to the last of times of which the last is of most interest.
MIN_SPAN = 700.0
#: What the course of one walk or simulation counts where all of them are drawn in one chart.
ONE_OF_ALL = 0.3
#: Most points of a line that are seen; more are summed up by months or days.
MAX_POINTS = 400
#: What a chart of one of many like times is worth that says nothing of the others.
ONE_OF_MANY = -0.6
#: What the charts of a table of few columns are worth of that of others.
LEAST_ROOM = 0.2
#: What they are worth where readings by the hour are more than a line shows.
LONG_COURSE = 2.0


def layout_charts(profile: Profile) -> Iterator[Told]:
    """Yield the charts that a table's layout asks for, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation: of prices their course, how far they went and what was traded; of
        columns that are times, a line for each group, the last time
        and what each time and each group is; of the readings of several things at the same times
        a line for each; of totals and their parts the totals; maps of places; the largest rows that
        have names.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> years = {str(year): [year % 7 + 1.5, year % 5 + 2.5] for year in range(2010, 2020)}
    >>> found = layout_charts(profile_table(pa.table({"town": ["Rome", "Oslo"], **years})))
    >>> [(design.mark, design.fields) for design, _ in found][0]
    ('line', ('year', 'value', 'town'))
    """
    return chain.from_iterable(kind.proposed(profile) for kind in LAYOUT)


def _of_folds(profile: Profile) -> Iterator[Told]:
    """Yield what like columns are together: courses, states, answers or parts."""
    for fold in profile.folds:
        if gathers_flags(profile, fold) or gathers_answers(profile, fold):
            if _are_answers(profile, fold):
                yield from _of_answers(profile, fold)
        elif fold.couple:
            if are_states(profile, fold):
                yield from state_charts(profile, fold)
        elif not are_series(profile, fold):
            told = _of_times if profile.column(fold.value).within is None else _of_kinds
            yield from told(profile, fold)
        elif is_most(profile, fold):
            yield from series_charts(profile, fold)
        if counts_parts(fold, profile) and not any(c.is_time for c in profile.own_columns):
            yield from _of_parts(profile, fold)


@once_per_profile
def _told(profile: Profile) -> Mapping[Hashable, float]:
    return first_told(layout_charts(profile), _drawn)


def _drawn(design: Design) -> Hashable:
    """Return what tells charts apart: a line runs along numbers and along their labels alike."""
    parts = design.identity()
    if design.mark != "line":
        return parts
    return frozenset((*told, "value" if how == "category" else how) for *told, how in parts)


def tells_layout(design: Design, profile: Profile) -> float:
    """Return how much a chart tells of what the layout asks, 0 to 1; less for one of many times.

    A narrow table was shaped for the chart that is asked of it.
    """
    told = _told(profile).get(_drawn(design))
    if told is None:
        told = _one_of_many(design, profile)
    if not told:
        return 0.0
    if profile.prices:
        return told  # what a table of prices is looked at for is known
    return told * (LONG_COURSE if _has_long_course(profile) else max(LEAST_ROOM, room(profile)))


def _one_of_many(design: Design, profile: Profile) -> float:
    """Return what is charged to a chart of one or two of many like columns, or of further axes.

    Or of who is first in what matters less: readers would know that of each column.
    """
    further = shown_embedding(design, profile) or tells_further_leaders(design, profile)
    charge = ONE_OF_MANY if further else 0.0
    for columns, most in _like_columns(profile):
        charge += ONE_OF_MANY * min(len(columns.intersection(design.fields)), most) / most
    return charge


@once_per_profile
def _like_columns(profile: Profile) -> list[tuple[frozenset[str], int]]:
    """Return columns of which a chart of some says nothing of the others: times, answers, parts.

    Each with how many of them a chart shows that is charged whole; the latest of times stands for
    itself.
    """
    found = []
    for fold in profile.folds:
        times = profile.column(fold.key).ordered and not are_series(profile, fold)
        if times and not fold.couple:
            found.append((frozenset(fold.columns) - {_latest(profile, fold)}, 1))
        elif not fold.couple and (_are_answers(profile, fold) or may_be_piled(profile, fold)):
            found.append((frozenset(fold.columns), 2))
    return found


def _has_long_course(profile: Profile) -> bool:
    """Whether a narrow table has readings by the hour for so long that days are no more seen.

    Nobody shaped it for one chart: days and hours of the day are what it is looked at by.
    """
    if profile.panel is None or not profile.shaped:
        return False
    time = profile.column(profile.panel.time)
    return time.resolution == "hour" and time.n_distinct > MAX_POINTS and time.span_days >= MIN_DAYS


def _latest(profile: Profile, fold: Fold) -> str | None:
    """Return the last of gathered times where the years go on: of one year no month stands out."""
    key = profile.column(fold.key)
    goes_on = key.semantic == "year" or key.span_days >= MIN_SPAN
    return fold.columns[-1] if goes_on else None


def _of_times(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield the courses of gathered times: by each group, of all, and where they have come to."""
    key = profile.column(fold.key)
    unit = next((u for u, days in SPANS if key.span_days >= days), None)
    x: Part = ("x", fold.key, "category" if key.kind == "text" else "value")
    groups = groups_of(profile)
    for group in groups[:MAX_GROUPS]:
        how: Transform = "value" if profile.identifies_rows({group.name}) else "mean"
        lines: Part = ("color", group.name, "category")
        if how == "mean":  # of amounts the parts of each are added up
            yield make_design("line", profile, x, ("y", fold.value, "sum"), lines), 1.0
        worth = 1.0 if how == "value" or group.n_distinct <= MAX_COLOURS else 0.8
        yield make_design("line", profile, x, ("y", fold.value, how), lines), worth
        yield from _last(profile, fold, group, how)
        if group.n_distinct <= MAX_SHAPED_CATEGORIES:
            cells: Part = ("x", fold.key, unit or "category")
            how = "mean" if unit else how
            rows: Part = ("y", group.name, "category")
            # Of several measures each has a course before any has cells.
            worth = CELLS / len(profile.folds)
            yield make_design("rect", profile, cells, rows, ("color", fold.value, how)), worth
    if not groups:
        yield from cells_of(profile, fold)
    yield make_design("line", profile, x, ("y", fold.value, "sum")), 0.8
    pooled = POOLED if groups and not key.names_a_time else 0.5
    yield make_design("line", profile, x, ("y", fold.value, "mean")), pooled
    if profile.n_rows >= MIN_SPREAD:
        spread: Part = ("x", fold.key, "category")
        yield make_design("boxplot", profile, spread, ("y", fold.value, "value")), 0.4
        then: Part = ("x", fold.columns[0], "value")
        latest = _latest(profile, fold)
        if latest is not None:
            yield make_design("point", profile, then, ("y", latest, "value")), 0.4


def _of_kinds(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield the courses of several quantities, a panel for each, and where they have come to."""
    kind = str(profile.column(fold.value).within)
    x: Part = ("x", fold.key, "category" if profile.column(fold.key).kind == "text" else "value")
    panels: Part = ("row", kind, "category")
    latest = _latest(profile, fold)
    groups = [c for c in groups_of(profile) if c.name != kind][:MAX_GROUPS]
    for group in groups:
        how: Transform = "value" if profile.identifies_rows({group.name, kind}) else "mean"
        lines: Part = ("color", group.name, "category")
        yield make_design("line", profile, x, ("y", fold.value, how), lines, panels), 1.0
        if latest is not None:
            name: Part = ("x", group.name, "category")
            yield make_design("bar", profile, name, ("y", latest, how), panels), 0.6
    alone: Transform = "value" if profile.identifies_rows({kind}) else "mean"
    yield make_design("line", profile, x, ("y", fold.value, alone), panels), 0.5 if groups else 1.0


def _last(profile: Profile, fold: Fold, group: ColumnProfile, how: Transform) -> Iterator[Told]:
    """Yield where each group has come to: the last time, where times go on; else all of them."""
    name: Part = ("x", group.name, "category")
    latest = _latest(profile, fold)
    if latest is not None:
        yield make_design("bar", profile, name, ("y", latest, how)), 0.6
    yield make_design("bar", profile, name, ("y", fold.value, "mean")), 0.3


def _are_answers(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are the answers to one question, of which one may give several."""
    return gathers_flags(profile, fold) and is_question(fold)


def _of_parts(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield how much there is of each part in all, and in each group: who got how many votes."""
    total: Part = ("y", fold.value, "sum")
    yield make_design("bar", profile, ("x", fold.key, "category"), total), 1.0
    for group in groups_of(profile)[:MAX_GROUPS]:
        parts: Part = ("color", fold.key, "category")
        yield make_design("bar", profile, ("x", group.name, "category"), total, parts), 0.8


def _of_answers(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield how many gave each answer, of all and of each group."""
    given: list[Part] = [("x", fold.key, "category"), ("y", fold.value, "mean")]
    yield make_design("bar", profile, *given), 1.0
    few = [c for c in groups_of(profile) if c.n_distinct <= MAX_PAINTED]
    for group in [c for c in few if c.name not in fold.columns][:MAX_GROUPS]:
        for mark in ("bar", "point"):
            yield make_design(mark, profile, *given, ("color", group.name, "category")), 0.4


def _of_panel(profile: Profile) -> Iterator[Told]:
    """Yield courses, a line for each thing that was read: of what is asked, of what tells most."""
    panel = profile.panel
    if panel is None:
        return
    time = profile.column(panel.time)
    if not (panel.group or time.axis or time.resolution == "hour"):
        return
    unit = next((u for u, days in SPANS if time.span_days >= days), None)
    lines: list[Part] = [("color", panel.group, "category")] if panel.group else []
    fine = time.n_distinct <= MAX_POINTS
    whole: Part = ("x", time.name, "value" if fine or unit is None else unit)
    how: Transform = "value" if whole[2] == "value" else "mean"
    courses = {
        name: make_design("line", profile, whole, ("y", name, how), *lines)
        for name in _measures(profile)
    }
    whole_fold = next((f for f in profile.folds if set(courses) <= {*f.columns}), None)
    together = whole_fold is not None and not whole_fold.couple and not panel.group
    if whole_fold is not None and together:
        each: Part = ("color", whole_fold.key, "category")
        yield make_design("line", profile, whole, ("y", whole_fold.value, how), each), 1.0
    asked = {c.name for c in asked_about(profile)}
    told = sorted(courses, key=lambda m: (m not in asked, -interest(courses[m], profile)))
    for measure in told[:MAX_MEASURES]:
        yield courses[measure], ONE_OF_ALL if together else 1.0
        mean: Part = ("y", measure, "mean")
        if time.resolution == "hour" and time.span_days >= MIN_DAYS:
            yield make_design("line", profile, ("x", time.name, "hours"), mean, *lines), 0.7


def _measures(profile: Profile) -> list[str]:
    """Return what was read in a panel; not what never changes."""
    panel = profile.panel
    return [
        c.name
        for c in profile.own_columns
        if c.is_size
        and c.usable
        and panel is not None
        and c.name != panel.time
        and not (panel.group and profile.pair(panel.group, c.name, "determines"))
    ]


def _of_slices(profile: Profile) -> Iterator[Told]:
    """Yield the courses of the totals of a published table, of all and by each group."""
    asked = [c.name for c in asked_about(profile) if c.is_size]
    sizes = asked or [c.name for c in profile.own_columns if c.is_size]
    whole = [one for one in profile.slices if not n_picked(one, profile)]
    for one, measure in product(whole[:MAX_SLICES], sizes[:1]):
        times = [name for name in sorted(one.shown) if tells_time(profile.column(name))]
        lines: list[Part] = [("color", name, "category") for name in one.shown.difference(times)]
        for time in times[:1]:
            along: Transform = "value" if profile.column(time).is_time else "category"
            x: Part = ("x", time, along)
            yield make_design("line", profile, x, ("y", measure, "value"), *lines), 0.4


def _of_places(profile: Profile) -> Iterator[Told]:
    """Yield maps: where the places are, and where what is asked about is large or small."""
    asked = [c for c in asked_about(profile) if c.usable and c.is_size]
    colours = [*asked, *(c for c in groups_of(profile) if c.n_distinct <= MAX_PAINTED)]
    for longitude, latitude in places(profile)[:1]:
        place: list[Part] = [("x", longitude, "value"), ("y", latitude, "value")]
        yield make_design("point", profile, *place), 1.0
        for column in colours[:MAX_GROUPS]:
            how: Transform = "value" if column.is_size else "category"
            yield make_design("point", profile, *place, ("color", column.name, how)), 0.6


def _of_embeddings(profile: Profile) -> Iterator[Told]:
    """Yield where rows lie by likeness: by group, the one that they lie apart by first."""
    for x, y, *_ in profile.embeddings[:MAX_EMBEDDINGS]:
        place: list[Part] = [("x", x, "value"), ("y", y, "value")]
        apart = {c.name: profile.pair(c.name, x, "eta_squared") for c in _colours(profile)}
        told = sorted(apart, key=lambda name: -apart[name])
        for at, name in enumerate(told[:MAX_GROUPS]):
            yield (
                make_design("point", profile, *place, ("color", name, "category")),
                EMBEDDED * 0.6**at,
            )
        yield make_design("point", profile, *place), 0.5 if told else 1.0


def _colours(profile: Profile) -> list[ColumnProfile]:
    """Return the columns whose groups a few colours tell apart."""
    groups = (c for c in profile.own_columns if c.usable and 2 <= c.n_distinct <= MAX_COLOURS)
    named = ("text", "boolean")
    return [c for c in groups if c.kind in named or c.semantic in ("category", "ordinal")]


#: What a layout may ask for; of a chart that two kinds propose, the first says how much it tells.
LAYOUT: tuple[ChartKind, ...] = (
    PRICES,
    ChartKind("like columns", _of_folds, unknown_to=EVERY, unknown=tells_whole),
    ChartKind("panels", _of_panel),
    COHORTS,
    ChartKind("slices", _of_slices),
    ChartKind("maps", _of_places),
    ChartKind("embeddings", _of_embeddings),
    LEADERS,
    EFFECTS,
    SEASONS,
    FACING,
)
