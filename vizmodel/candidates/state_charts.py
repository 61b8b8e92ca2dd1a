"""Owns the charts of one measure in two states: before and after, women and men, 2012 and 2022."""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import Told
from vizmodel.candidates.series_charts import groups_of
from vizmodel.design import Fold, Transform
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.amounts import is_amount
from vizmodel.profile.layouts.paired import paired
from vizmodel.tokens import Part, make_design

#: Most rows whose two states have bars side by side rather than points, and most groups that they
#: are looked at by.
MAX_BESIDE, MAX_GROUPS = 10, 4
#: Most groups that have two bars each, and most panels of lines.
MAX_BARS, MAX_PANELS = 20, 12
#: Fewest rows whose first state is set against the second.
MIN_SPREAD = 8
#: What the lines of a range are worth, of which a band tells first; what each further pair is worth
#: less than that with which a table begins.
OF_RANGE, LATER = 0.3, 0.15


def state_charts(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield the charts of two columns that are one measure in two states, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.
    fold
        Of the two columns.

    Yields
    ------
    (design, worth)
        In canonical orientation: a line for each along times and steps; both beside the name of
        each row, or by group; the one against the other.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> loss = {"loss": [1.5, 1.2, 0.9, 0.7, 0.6, 0.5], "val_loss": [1.6, 1.3, 1.0, 0.9, 0.8, 0.8]}
    >>> profile = profile_table(pa.table({"epoch": [1, 2, 3, 4, 5, 6], **loss}))
    >>> [(design.mark, design.fields) for design, _ in state_charts(profile, profile.folds[0])]
    [('line', ('epoch', 'value', 'series'))]
    """
    yield from _courses(profile, fold)
    if is_range(profile, fold):
        return
    runs = bool(_along(profile, fold))
    for group in groups_of(profile)[:MAX_GROUPS]:
        if profile.identifies_rows({group.name}):
            yield from _of_rows(profile, fold, group)
        elif group.n_distinct <= MAX_BARS and not runs:
            yield from _of_groups(profile, fold, group)
    if profile.n_rows >= MIN_SPREAD:
        first, second = fold.columns
        yield make_design("point", profile, ("x", first, "value"), ("y", second, "value")), 0.7
        if not runs and not has_names(profile):
            states: Part = ("x", fold.key, "category")
            yield make_design("boxplot", profile, states, ("y", fold.value, "value")), 0.3


def _courses(profile: Profile, fold: Fold) -> Iterator[Told]:
    """Yield a line for each state along times and steps, in a panel for each thing at these."""
    worth = OF_RANGE if is_range(profile, fold) else 1.0 - LATER * profile.folds.index(fold)
    for along in _along(profile, fold):
        how: Transform = "category" if along.kind == "text" else "value"
        lines: list[Part] = [("x", along.name, how), *_both(fold)]
        yield make_design("line", profile, *lines), worth
        telling = profile.identifying_beside(along.name)
        for group in (c for c in groups_of(profile) if c.name in telling):
            if group.n_distinct <= MAX_PANELS:
                panels: Part = ("column", group.name, "category")
                yield make_design("line", profile, *lines, panels), 0.8 * worth


def _of_rows(profile: Profile, fold: Fold, named: ColumnProfile) -> Iterator[Told]:
    """Yield both states beside the name of each row, and its way from the one to the other."""
    name: Part = ("x", named.name, "category")
    few = named.n_distinct <= MAX_BESIDE
    yield make_design("bar", profile, name, *_both(fold)), 1.0 if few else 0.8
    yield make_design("point", profile, name, *_both(fold)), 0.9
    key = profile.column(fold.key)
    if key.ordered:
        how: Transform = "category" if key.kind == "text" else "value"
        way: list[Part] = [("x", fold.key, how), ("y", fold.value, "value")]
        yield make_design("line", profile, *way, ("color", named.name, "category")), 0.7
        yield make_design("bar", profile, name, ("y", fold.columns[-1], "value")), 0.6


def _of_groups(profile: Profile, fold: Fold, group: ColumnProfile) -> Iterator[Told]:
    """Yield both states of each group: how large they are in all, and how they are spread."""
    name: Part = ("x", group.name, "category")
    added = all(is_amount(profile.column(column)) for column in fold.columns)
    yield make_design("bar", profile, name, *_both(fold, "sum" if added else "mean")), 0.4
    yield make_design("boxplot", profile, name, *_both(fold)), 0.3


def _both(fold: Fold, how: Transform = "value") -> tuple[Part, Part]:
    return ("y", fold.value, how), ("color", fold.key, "category")


def are_states(profile: Profile, fold: Fold) -> bool:
    """Whether two like columns are one measure in two states, or all that a table measures.

    Two of many whose names are akin are no more than that.
    """
    measures = [c for c in profile.own_columns if c.is_size and c.usable]
    own = [c for c in measures if c.name in fold.columns]
    beside = [c for c in measures if c not in own and not c.counts_rows]
    return not beside or bool(paired(profile.own_columns, own, (), profile.ranges))


def is_range(profile: Profile, fold: Fold) -> bool:
    """Whether two gathered columns are the ends of a range, of which a band tells first."""
    return any(one.columns == set(fold.columns) for one in profile.ranges)


def _along(profile: Profile, fold: Fold) -> list[ColumnProfile]:
    """Return what gathered columns run along: times, steps, or what only grows from row to row.

    Rows that have names follow no time that is told of them, such as when a land was founded.
    """
    gathered = {name for one in profile.folds for name in one.columns}
    others = [c for c in profile.own_columns if c.usable and c.name not in gathered]
    steps = [c for c in others if c.kind == "text" and c.ordered]
    found = [c for c in steps if profile.identifies_rows({c.name})]
    if found or has_names(profile):
        return found
    times = [c for c in others if c.is_time] or [c for c in others if c.counts_rows]
    return times or [c for c in others if _grows(c)]


def has_names(profile: Profile) -> bool:
    """Whether each row of a table has a name that is no step of anything."""
    return profile.named is not None and not profile.column(profile.named).ordered


def _grows(column: ColumnProfile) -> bool:
    """Whether numbers grow from row to row, as epochs and seconds do."""
    return column.is_size and column.monotonic == 1.0 and column.n_distinct == column.n_rows
