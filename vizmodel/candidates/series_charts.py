"""Owns the charts of like columns that are no times: their courses, what they add up to, by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from vizmodel.candidates.kind import Told
from vizmodel.candidates.record_charts import SPANS
from vizmodel.design import Design, Fold, Identity
from vizmodel.grammar.determined import determined
from vizmodel.grammar.gathering import (
    gathers_answers,
    gathers_flags,
    gathers_times,
    may_be_piled,
    may_stand_beside,
)
from vizmodel.grammar.readable_rules import MAX_ROW_MARKS
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.room import MAX_FACETS, MAX_MANY, MAX_SHAPED_CATEGORIES
from vizmodel.grammar.steps import are_steps
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.layouts.piles import runs
from vizmodel.tokens import Part, make_design

#: Fewest columns that are the series of a table, and most whose lines are followed in one chart.
MIN_SERIES, MAX_TOGETHER = 3, 4
#: Most times that have a bar of parts each.
MAX_PILES = 60
#: Most bars that stand side by side.
MAX_BARS = 60
#: Worth from which a chart is asked for first of all.
FIRST = 0.9
#: What cells count of parts, which bars put together.
PARTS_IN_CELLS = 0.2


def is_most(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are most of what a table measures; two beside others are a pair.

    Bounds are seen with what they are of.
    """
    ends = {name for one in profile.ranges if one.middle is not None for name in one.columns}
    sizes = (c for c in profile.own_columns if c.is_size and c.usable)
    measures = [c for c in sizes if c.name not in ends]
    return len(fold.columns) >= max(MIN_SERIES, len(measures) / 2)


def series_charts(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield how large each of the gathered columns is, by row and in all, and their courses.

    Parts of a whole are put on top of each other.

    Parameters
    ----------
    profile, fold
        Of the table, and what it gathers.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> medals = {"land": [*"abcdef"], "gold": [5, 4, 3, 2, 1, 0], "silver": [1, 5, 2, 4, 3, 2]}
    >>> profile = profile_table(pa.table({**medals, "bronze": [2, 2, 5, 1, 4, 3]}))
    >>> [(design.mark, design.fields) for design, _ in series_charts(profile, profile.fold)][0]
    ('bar', ('land', 'value', 'medal'))
    """
    value: Part = ("y", fold.value, "value")
    parts: Part = ("color", fold.key, "category")
    piled = may_be_piled(profile, fold)
    for along in (c for c in profile.own_columns if runs(c)):
        yield from _courses(profile, fold, along, piled=piled)
    named = [c for c in groups_of(profile) if profile.identifies_rows({c.name}) and not runs(c)]
    if piled:
        for group in named[:1]:
            yield make_design("bar", profile, ("x", group.name, "category"), value, parts), 1.0
    elif may_stand_beside(profile, fold):
        few = [c for c in named[:1] if c.n_distinct * len(fold.columns) <= MAX_BARS]
        for group in few:
            yield make_design("bar", profile, ("x", group.name, "category"), value, parts), 1.0
    for cells, worth in cells_of(profile, fold):
        yield cells, worth if not piled else PARTS_IN_CELLS
    for how in ("sum", "mean"):
        key: Part = ("x", fold.key, "category")
        yield make_design("bar", profile, key, ("y", fold.value, how)), 0.4


def tells_whole(design: Design, profile: Profile) -> bool:
    """Whether a chart tells of all parts of a whole, as the layout asks first of all."""
    return design.identity() in _whole(profile)


@once_per_profile
def _whole(profile: Profile) -> frozenset[Identity]:
    folds = [f for f in profile.folds if are_series(profile, f) and is_most(profile, f)]
    told = (one for fold in folds for one in series_charts(profile, fold))
    return frozenset(design.identity() for design, worth in told if worth >= FIRST)


def are_series(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are neither answers nor steps that a line runs along.

    Levels are parts of a whole, or have a course each where rows follow each other.
    """
    if gathers_flags(profile, fold) or gathers_answers(profile, fold):
        return False
    if may_be_piled(profile, fold) or not profile.column(fold.key).ordered:
        return True
    along = any(runs(c) and profile.identifies_rows({c.name}) for c in profile.own_columns)
    return along and not gathers_times(profile, fold)


def _courses(profile: Profile, fold: Fold, along: ColumnProfile, *, piled: bool) -> Iterator[Told]:
    """Yield how gathered columns go on in time, of each thing that was read or of all rows."""
    x: Part = ("x", along.name, "value" if along.is_time else "category")
    parts: Part = ("color", fold.key, "category")
    marks: list[Part] = [x, ("y", fold.value, "value"), parts]
    below = profile.column(fold.value).share_negative > 0
    unit = next((unit for unit, days in SPANS if along.span_days >= days), None)
    means: list[Part] = [("x", along.name, unit or "value"), ("y", fold.value, "mean"), parts]
    many = profile.n_rows * len(fold.columns) > MAX_ROW_MARKS
    if profile.identifies_rows({along.name}) and unit and many:
        # Of the hours of a year nobody sees one beside the next, let alone on top of each other.
        yield make_design("line", profile, *means), 1.0
        if piled:
            yield make_design("area", profile, *means), 1.0
        return
    if profile.identifies_rows({along.name}):
        yield make_design("line", profile, *marks), 1.0
        if piled:
            yield make_design("area", profile, *marks), 1.0
            if along.n_distinct <= MAX_PILES:
                yield make_design("bar", profile, *marks), 1.0 if below else 0.6
        elif len(fold.columns) > MAX_TOGETHER:
            yield make_design("line", profile, x, marks[1], ("row", fold.key, "category")), 0.5
        return
    telling = profile.identifying_beside(along.name)
    several = [c for c in groups_of(profile) if c.name in telling and c.n_distinct <= MAX_FACETS]
    for group in several[:1]:
        panels: Part = ("column", group.name, "category")
        yield make_design("line", profile, *marks, panels), 0.9 if piled else 0.8
        if piled:
            yield make_design("area", profile, *marks, panels), 0.9
    if not telling:
        yield make_design("point", profile, *marks), 1.0
        if unit is not None:
            yield make_design("line", profile, *means), 1.0


def cells_of(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield the cells of gathered columns by what names the rows: labels, or steps."""
    steps = [c for c in profile.own_columns if are_steps(c) and c.name not in fold.columns]
    named = [c for c in (*groups_of(profile)[:1], *steps) if profile.identifies_rows({c.name})]
    for group in named[:1]:
        if group.n_distinct <= MAX_SHAPED_CATEGORIES:
            across, down = (fold.key, group.name) if group not in steps else (group.name, fold.key)
            places: list[Part] = [("x", across, "category"), ("y", down, "category")]
            cells = make_design("rect", profile, *places, ("color", fold.value, "value"))
            yield cells, 1.0 if _is_matrix(profile, fold) else 0.6


def _is_matrix(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are what each row has to do with each other: none says its own."""
    pairs = combinations(fold.columns, 2)
    return all(frozenset(pair) in profile.copies for pair in pairs)


def groups_of(profile: Profile) -> list[ColumnProfile]:
    """Return the labels by which a table is looked at, what names its rows first; codes once."""
    found: list[ColumnProfile] = []
    for c in profile.own_columns:
        named = c.usable and c.kind in ("text", "boolean") and 2 <= c.n_distinct <= MAX_MANY
        if named and not any(_one_to_one(c.name, other.name, profile) for other in found):
            found.append(c)
    # Provinces that few countries have tell the others nothing.
    return sorted(found, key=lambda c: (not profile.identifies_rows({c.name}), c.null_share > 0))


def _one_to_one(first: str, second: str, profile: Profile) -> bool:
    known = determined(profile)
    named = profile.identifies_rows({first}) and profile.identifies_rows({second})
    return named or {(first, second), (second, first)} <= known
