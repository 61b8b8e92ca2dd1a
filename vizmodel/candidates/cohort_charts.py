"""Owns charts of cohorts: those who began at one time, by how long ago that was."""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import EVERY, ChartKind, Told
from vizmodel.design import Design
from vizmodel.grammar.fitting import own_unit
from vizmodel.grammar.steps import counts_on
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.tokens import Part, make_design

#: Fewest ages of a cohort.
MIN_AGES = 3


def cohort_charts(profile: Profile) -> Iterator[Told]:
    """Yield what each cohort comes to at each age, as cells, which need not be legal.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> begun = [f"2024-{month:02}-01" for month in range(1, 7) for _ in range(6)]
    >>> table = pa.table({"begun": begun, "age": [*range(6)] * 6, "left": [9.5, 7, 5, 4, 3, 2] * 6})
    >>> times = pa.array(begun).cast(pa.timestamp("s"))
    >>> profile = profile_table(table.set_column(0, "begun", times))
    >>> [design.mark for design, _ in cohort_charts(profile)]
    ['rect']
    """
    for key in sorted(profile.keys):
        columns = [profile.columns[at] for at in key]
        times = [c for c in columns if c.kind == "time"]
        ages = [c for c in columns if _counts_from_start(c)]
        sizes = [c for c in profile.own_columns if c.is_size and c.usable and c not in ages]
        if len(key) != 2 or not (times and ages and sizes):
            continue
        yield _cells_of(times[0], ages[0], sizes[0].name, profile), 1.0
    for fold in profile.folds:
        times = [c for c in profile.own_columns if c.kind == "time"]
        named = [c for c in times if profile.identifies_rows({c.name})]
        if named and _counts_from_start(profile.column(fold.key)):
            yield _cells_of(named[0], profile.column(fold.key), fold.value, profile), 1.0


def _cells_of(begun: ColumnProfile, age: ColumnProfile, measure: str, profile: Profile) -> Design:
    unit = own_unit(begun) or "yearmonthdate"
    places: list[Part] = [("x", age.name, "category"), ("y", begun.name, unit)]
    return make_design("rect", profile, *places, ("color", measure, "mean"))


def _counts_from_start(column: ColumnProfile) -> bool:
    """Whether whole numbers count on from nought or one, to not more than an axis holds."""
    several = MIN_AGES <= column.n_distinct <= MAX_CATEGORIES
    return several and column.kind == "number" and column.minimum in (0, 1) and counts_on(column)


COHORTS = ChartKind("cohorts", cohort_charts, unknown_to=EVERY, narrow=True)
