"""Owns how many groups a channel has room for, and which groups may stand there.

Of more groups than that bars and lines show the largest, where the groups are names.
"""

from __future__ import annotations

from vizmodel.design import Channel, Mark
from vizmodel.grammar.steps import MAX_STEPS, may_be_long
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, words
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.layouts.naming import may_name

MAX_COLOURS = 12
MAX_SHAPES = 6
MAX_FACETS = 12
MAX_SLICES = 8
#: Most groups on an axis of a table that was shaped for one chart.
MAX_SHAPED_CATEGORIES = 60
#: Most colours of a table that was shaped for one chart.
MAX_SHAPED_COLOURS = 20
TIME_NAME = late_pattern(r"\b(?:years?|quarters?|months?|weeks?|days?|dates?|times?|periods?)\b")
#: Most groups of which bars show the largest by themselves and the others as one.
MAX_RANKED = 300
#: Most groups of which the largest have a line, and fewest rows for each of them.
MAX_MANY, MIN_STEPS = 500, 3
#: Meanings of numbers that make groups of them, however many values there are.
GROUPS = ("category", "ordinal", "year", "sequence")


def fits_category(column: ColumnProfile) -> bool:
    """Whether a column makes groups that an axis of a raw table has room for."""
    if column.kind == "time" or not 2 <= column.n_distinct <= MAX_CATEGORIES:
        return False
    if column.kind in ("text", "boolean") or column.semantic in GROUPS:
        return True
    # Numbers are groups only where they repeat: five different numbers in five rows are a measure.
    # Sorted whole numbers are steps of a scale.
    repeats = column.n_present >= 2.5 * column.n_distinct or (
        column.integer and column.monotonic == 1.0
    )
    limit = 16 if column.integer else 8
    return repeats and column.n_distinct <= limit and column.semantic == "measure"


def may_be_ranked(mark: Mark, channel: Channel, column: ColumnProfile) -> bool:
    """Whether groups are names of which bars or lines can show the largest: texts that repeat."""
    named = (
        column.kind == "text"
        and column.semantic in ("category", "country")
        # Quarters and weeks have an order of their own, whatever stands beside them.
        and not TIME_NAME.search(words.split_name(column.name))
    )
    if mark == "line" and channel == "color":
        return named and MAX_COLOURS < column.n_distinct <= MAX_MANY
    again = column.comes_again
    return mark == "bar" and channel == "x" and named and column.n_distinct <= MAX_RANKED and again


def names_largest(mark: Mark, channel: Channel, column: ColumnProfile) -> bool:
    """Whether of groups or rows too many for an axis the largest are drawn."""
    return may_be_ranked(mark, channel, column) or may_lead(mark, channel, column)


def may_lead(mark: Mark, channel: Channel, column: ColumnProfile) -> bool:
    """Whether texts may be names of rows, too many for an axis, of which bars show the largest."""
    long = column.n_distinct > MAX_CATEGORIES
    return mark == "bar" and channel == "x" and long and may_name(column)


def most_told_apart(mark: Mark, channel: Channel, column: ColumnProfile) -> int:
    """Return how many groups are told apart on a channel of a table shaped for one chart."""
    if may_be_long(mark, channel, column):
        return MAX_STEPS
    if mark == "arc":
        return MAX_SLICES
    if channel == "color":
        return MAX_SHAPED_COLOURS
    if channel == "shape":
        return MAX_SHAPES
    return MAX_FACETS if channel in ("row", "column") else MAX_SHAPED_CATEGORIES


def most_groups(mark: Mark, channel: Channel, column: ColumnProfile) -> int:
    """Return how many values of a column an axis of a table shaped for one chart holds."""
    if may_be_long(mark, channel, column):
        return MAX_STEPS
    return MAX_CATEGORIES if column.kind == "number" else MAX_SHAPED_CATEGORIES
