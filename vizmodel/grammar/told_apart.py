"""Owns what plain rows need so that their bars, lines, areas, slices and cells are told apart."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.gathering import n_shown_rows, shown_fold, tell_rows_apart
from vizmodel.grammar.largest import shows_largest
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.grammar.sliced import row_keys, shown_slice
from vizmodel.grammar.steps import are_steps, single_steps
from vizmodel.profile import Profile
from vizmodel.profile.table import MAX_NAMED_ROWS

#: Share of the rows that have a time of their own, from which a line of all rows can be followed.
MIN_SINGLE_TIMES = 0.875


def _places_rows(design: Design, profile: Profile) -> bool:
    return design.mark in ("bar", "line", "area", "rect", "arc") and not design.summarised


def _rows_are_told_apart(design: Design, profile: Profile) -> bool:
    keys = row_keys(design)
    if shows_largest(design, profile):
        return True  # of the few rows that share a name bars show the mean
    if _joins_things(design, profile):
        return False
    if shown_slice(design, profile) is not None:
        return not _is_area_over_numbers(design, profile) or profile.shaped
    if tell_rows_apart(keys, design, profile):
        return not _is_area_over_numbers(design, profile) or profile.shaped
    if design.mark == "bar" and design.ends is not None and profile.n_rows <= MAX_NAMED_ROWS:
        # What began and ended twice has two bars in one line; ranges of numbers would overlap.
        return profile.column(str(design.ends[0].field)).is_time
    return _rows_follow(keys, design, profile)


def _rows_follow(keys: set[str], design: Design, profile: Profile) -> bool:
    """Whether measures or times that hardly repeat, though no names of rows, give them an order."""
    fold = shown_fold(design, profile)
    apart = fold is not None and fold.key in keys
    # Gathered columns that are told apart are followed one by one.
    n_rows = profile.n_rows if apart else n_shown_rows(design, profile)
    gathered = fold.pair if fold is not None and apart else ()
    columns = [profile.column(name) for name in keys if name not in gathered]
    if design.mark == "line" and profile.shaped and len(columns) == 1 and columns[0].is_time:
        # Two polls on one day are a step of the line.
        return columns[0].n_distinct >= MIN_SINGLE_TIMES * n_rows
    # Curves that are not told apart would be one line, back and forth.
    unique = [
        column for column in columns if column.n_distinct == n_rows and not column.begins_anew
    ]
    if design.mark == "bar":
        return not single_steps(profile).isdisjoint(keys)
    return bool(unique) and (design.mark == "line" or (design.mark == "area" and profile.shaped))


def _joins_things(design: Design, profile: Profile) -> bool:
    """Whether a line goes from one thing to another along what is measured of them.

    What stands first in a table is no measure of the things, but where they are.
    """
    x = design.encoding("x")
    if design.mark not in ("line", "area") or x is None or x.field is None or design.ends:
        return False
    column = profile.column(x.field)
    measured = column.kind == "number" and column.semantic in ("measure", "currency", "percent")
    later = column.position > 0 and not are_steps(column)
    return measured and later and _are_things(profile)


@once_per_profile
def _are_things(profile: Profile) -> bool:
    """Whether texts name the rows."""
    texts = (c.name for c in profile.own_columns if c.kind == "text")
    return any(profile.identifies_rows({name}) for name in texts)


def _is_area_over_numbers(design: Design, profile: Profile) -> bool:
    """Whether an area runs along numbers that are no time: rarely what rows are about."""
    x = design.encoding("x")
    return (
        design.mark == "area"
        and x is not None
        and x.field is not None
        and x.transform == "value"
        and not profile.column(x.field).is_time
    )


TOLD_APART_RULE = ChartRule(
    "rows_are_told_apart",
    "Bars, lines, areas, slices and cells of plain rows need columns that identify the row.",
    _rows_are_told_apart,
    _places_rows,
)
