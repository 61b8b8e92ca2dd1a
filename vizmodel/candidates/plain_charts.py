"""Owns the plain charts of a table: each column by itself, and the pairs that are most related.

Analysts look at these first. A beam of a wide table may end before it comes to some of them, so
they are given to the search by name; the network says how likely it finds each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from vizmodel.candidates.about import ABOUT
from vizmodel.candidates.kinds import charts_by_name
from vizmodel.candidates.plain_forms import explained_by, is_measure, set_out, spread_of
from vizmodel.design import Design, Fold
from vizmodel.grammar.gathering import gathers_answers, gathers_flags
from vizmodel.grammar.room import MAX_MANY
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.tokens import Part, make_design
from vizmodel.worth.interest import strengths, strongest_pairs
from vizmodel.worth.outcomes import asked_about

#: Columns that get a chart of their own, and pairs.
MAX_ALONE, MAX_PAIRS = 24, 24
#: Measures that are drawn in time, and most lines of one chart.
MAX_SERIES, MAX_LINES = 4, 12
#: Columns along which means are followed, and of which.
MAX_STEPS = 2
#: Groups of counted cells that are crossed with each other.
MAX_CROSSED = 5


def plain_charts(profile: Profile) -> Iterator[Design]:
    """Yield the plain charts of a table, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    Design
        In canonical orientation: those of what a person asks about; a histogram or bars of counts
        for each column that a chart can be about; what the others are there to explain by each of
        them; a scatter plot, box plots or stacked bars for each of the most related pairs; lines of
        gathered columns in time, or how many say yes to each; lines of the first measures in time,
        and of the means of what is asked about along steps that come again, such as days of
        treatment; those of all kinds that a table may be asked for. Of a table of counted cells,
        the sums by each group and by each two.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"city": ["Rome", "Oslo"] * 10, "sales": [i * 7 % 19 for i in range(20)]})
    >>> [design.mark for design in plain_charts(profile_table(table))]
    ['bar', 'bar', 'boxplot', 'bar']
    """
    yield from ABOUT.charts(profile)
    if profile.counted:
        yield from _of_cells(profile, sorted(profile.counted))
        return
    usable = [column for column in profile.own_columns if column.usable and column.kind != "time"]
    for column in usable[:MAX_ALONE]:
        yield spread_of(profile, column)
    for column in asked_about(profile):
        yield from _of_asked(profile, column)
    for names in strongest_pairs(profile, MAX_PAIRS):
        yield from _of_pair(profile, *map(profile.column, names))
    yield from _gathered(profile)
    yield from _series(profile)
    yield from _courses(profile)
    yield from charts_by_name(profile)


def _of_cells(profile: Profile, counts: Sequence[str]) -> Iterator[Design]:
    """Yield the sums of counted cells, by each group and by each two."""
    groups = [c.name for c in profile.own_columns if c.usable and c.name not in counts]
    for count in counts[:MAX_SERIES]:
        total: Part = ("y", count, "sum")
        for x in groups[:MAX_ALONE]:
            yield make_design("bar", profile, ("x", x, "category"), total)
        for x, color in permutations(groups[:MAX_CROSSED], 2):
            group: Part = ("color", color, "category")
            yield make_design("bar", profile, ("x", x, "category"), total, group)


def _of_asked(profile: Profile, asked: ColumnProfile) -> Iterator[Design]:
    """Yield what a column is by each of those that are most related to it."""
    ties = strengths(profile)[profile.index(asked.name)]
    usable = [c for c in profile.own_columns if c.usable and c.name != asked.name]
    for column in sorted(usable, key=lambda c: -ties[profile.index(c.name)])[:MAX_ALONE]:
        if column.kind != "time":
            yield explained_by(profile, asked, column)
        elif is_measure(asked):
            value: Part = ("y", asked.name, "value")
            yield make_design("point", profile, ("x", column.name, "value"), value)


def _of_pair(profile: Profile, *columns: ColumnProfile) -> Iterator[Design]:
    """Yield the plain chart of two columns, the one with more levels along x."""
    if any(column.kind == "time" for column in columns):
        return
    yield set_out(profile, *sorted(columns, key=lambda c: (is_measure(c), -c.n_distinct)))


def _gathered(profile: Profile) -> Iterator[Design]:
    """Yield the lines of gathered columns in time, or what is said to each of them on average."""
    for fold in profile.folds:
        yield from _of_fold(profile, fold)


def _of_fold(profile: Profile, fold: Fold) -> Iterator[Design]:
    if profile.column(fold.value).kind == "text":
        parts: Part = ("color", fold.value, "category")
        yield make_design("bar", profile, ("x", fold.key, "category"), ("y", None, "count"), parts)
        return
    if gathers_flags(profile, fold) or gathers_answers(profile, fold):
        share: Part = ("y", fold.value, "mean")
        yield make_design("bar", profile, ("x", fold.key, "category"), share)
        return
    for time in (c.name for c in profile.own_columns if c.is_time):
        lines: Part = ("color", fold.key, "category")
        yield make_design("line", profile, ("x", time, "value"), ("y", fold.value, "value"), lines)


def _series(profile: Profile) -> Iterator[Design]:
    """Yield lines of the measures in time, one for each group where groups have a time each."""
    times = [column.name for column in profile.own_columns if column.is_time]
    groups = [c.name for c in profile.own_columns if c.usable and 2 <= c.n_distinct <= MAX_MANY]
    measures = [c.name for c in profile.own_columns if is_measure(c) and c.usable]
    for time in times:
        x: Part = ("x", time, "value")
        alone = profile.identifies_rows({time})
        telling = profile.identifying_beside(time)
        several = [name for name in groups if name in telling]
        for measure, group in product(measures[:MAX_SERIES], [None] if alone else several):
            y: Part = ("y", measure, "value")
            lines: list[Part] = [] if group is None else [("color", group, "category")]
            yield make_design("line", profile, x, y, *lines)


def _courses(profile: Profile) -> Iterator[Design]:
    """Yield lines of means along steps that come again, one for each level of what tells most."""
    steps = [c.name for c in profile.own_columns if _comes_again(c)][:MAX_STEPS]
    groups = [c for c in profile.own_columns if c.usable and 2 <= c.n_distinct <= MAX_LINES]
    ties = strengths(profile)
    for asked in filter(is_measure, asked_about(profile)[:MAX_STEPS]):
        at = profile.index(asked.name)
        telling = sorted(groups, key=lambda c: -ties[at, profile.index(c.name)])
        names = [None, *(c.name for c in telling[:MAX_SERIES])]
        for step, group in product(steps, names):
            if asked.name != step != group:
                lines: list[Part] = [] if group is None else [("color", group, "category")]
                mean: Part = ("y", asked.name, "mean")
                yield make_design("line", profile, ("x", step, "value"), mean, *lines)


def _comes_again(column: ColumnProfile) -> bool:
    """Whether values are steps, such as days of treatment, at each of which there are some rows."""
    levels = column.kind == "number" and column.semantic == "ordinal"
    steps = levels or column.semantic in ("sequence", "year")
    return steps and column.n_distinct >= 3 and column.n_present >= 2 * column.n_distinct
