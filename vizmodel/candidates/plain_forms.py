"""Owns the plain form of one column, and of two of which one may explain the other."""

from __future__ import annotations

from vizmodel.design import Design, Transform
from vizmodel.grammar.encoding_rules import years_are_spread
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.tokens import Part, make_design

#: Different numbers up to which points lie on stripes, and rows from which that hides them.
MAX_STRIPES, MIN_STRIPED_ROWS = 8, 40
#: Different whole numbers up to which each has a bar of its own: nights, steps of a scale.
MAX_COUNTED = 11
#: Rows of each year up to which their numbers jump about, so that several years are one bin.
MAX_YEAR_ROWS = 12


def spread_of(profile: Profile, column: ColumnProfile) -> Design:
    """Return how the values of a column that is no time are spread: bins, or a bar for each."""
    few = column.integer and column.n_distinct <= MAX_COUNTED
    how: Transform = "bin" if is_measure(column) and not few else "category"
    if column.semantic == "year" and column.n_distinct > MAX_CATEGORIES:
        sparse = column.n_present < MAX_YEAR_ROWS * column.n_distinct
        how = "bin" if sparse and years_are_spread(column) else "value"
    return make_design("bar", profile, ("x", column.name, how), ("y", None, "count"))


def explained_by(profile: Profile, asked: ColumnProfile, by: ColumnProfile) -> Design:
    """Return the plain chart of two columns: what is asked stands on y, its groups as colours."""
    if is_measure(asked) and by.n_distinct <= MAX_STRIPES:
        x: Part = ("x", by.name, "category")
        return make_design("boxplot", profile, x, ("y", asked.name, "value"))
    if is_measure(asked) or not is_measure(by):
        return set_out(profile, by, asked)
    return set_out(profile, asked, by)


def set_out(profile: Profile, first: ColumnProfile, second: ColumnProfile) -> Design:
    """Return the plain chart of two columns, the first along x."""
    value: Part = ("y", second.name, "value")
    if is_measure(first):
        return make_design("point", profile, ("x", first.name, "value"), value)
    x: Part = ("x", first.name, "category")
    if is_measure(second):
        return make_design("boxplot", profile, x, value)
    return make_design("bar", profile, x, ("y", None, "count"), ("color", second.name, "category"))


def shows_stripes(design: Design, profile: Profile) -> bool:
    """Whether a scatter plot lays many rows on a few lines: boxes or bars tell them better."""
    if design.mark != "point" or design.summarised or profile.n_rows < MIN_STRIPED_ROWS:
        return False
    shown = [e for e in design.encodings if e.channel in ("x", "y") and e.transform == "value"]
    columns = [profile.column(e.field) for e in shown if e.field]
    return any(c.kind == "number" and c.n_distinct <= MAX_STRIPES for c in columns)


def is_measure(column: ColumnProfile) -> bool:
    """Whether numbers measure something, rather than tell groups, levels or years apart."""
    amount = column.semantic not in ("category", "ordinal", "year")
    return column.kind == "number" and amount
