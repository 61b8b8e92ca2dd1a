"""Owns the rules about how much one chart can hold so that a person can read it."""

from __future__ import annotations

import math

from vizmodel.design import Design, Encoding
from vizmodel.grammar.encoding_rules import MAX_SHAPED_CATEGORIES
from vizmodel.grammar.gathering import n_shown_rows
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile
from vizmodel.profile.columns import MAX_CATEGORIES

#: Most rows that are drawn one by one.
MAX_ROW_MARKS = 5_000
#: Rows up to which points are few anyway, and most rows for each place of a lattice, of a line.
MIN_CROWD, MAX_PER_PLACE, MAX_PER_STEP = 60, 1.0, 5.0
MAX_PANELS = 12
#: Most bars or boxes of a chart, most lines, most bubbles of rows.
MAX_GROUPS, MAX_LINES, MAX_BUBBLES = 90, 40, 300
#: Most times or numbers, as they are, that rows are summarised for; more are cut into units.
MAX_SUMMARY_STEPS = 1_500
#: Meanings of groups that follow each other as times do.
PARTS_OF_TIME = ("year", "month", "weekday", "sequence")


def _is_long(encoding: Encoding, profile: Profile) -> bool:
    """Whether the groups are more than an axis of this table holds."""
    limit = MAX_SHAPED_CATEGORIES if profile.shaped else MAX_CATEGORIES
    if encoding.transform != "category" or encoding.field is None:
        return False
    return profile.column(encoding.field).n_distinct > limit


def is_ranked(design: Design, profile: Profile) -> bool:
    """Whether bars show the largest of many groups, and all the others as one."""
    plain = design.mark == "bar" and len(design.encodings) == 2
    summed = any(e.aggregate for e in design.encodings)
    return plain and summed and any(_is_long(e, profile) for e in design.encodings)


def _long_lists_are_ranked(design: Design, profile: Profile) -> bool:
    return is_ranked(design, profile) or not any(_is_long(e, profile) for e in design.encodings)


def _summary_has_few_steps(design: Design, profile: Profile) -> bool:
    """Whether the values along which rows are summarised as they are can all be drawn."""
    if not any(e.aggregate for e in design.encodings):
        return True
    steps = [e.field for e in design.encodings if e.transform == "value" and e.field]
    return all(profile.column(name).n_distinct <= MAX_SUMMARY_STEPS for name in steps)


def _grid_is_small(design: Design, profile: Profile) -> bool:
    panels = 1
    for encoding in design.encodings:
        if encoding.channel in ("row", "column") and encoding.field:
            panels *= profile.column(encoding.field).n_distinct
    return panels <= MAX_PANELS


def _points_are_seen(design: Design, profile: Profile) -> bool:
    """Whether points and ticks have more places than a small lattice, on which they hide."""
    if design.mark not in ("point", "tick") or design.summarised or profile.shaped:
        return True
    axes = [e.field for e in design.encodings if e.channel in ("x", "y") and e.field]
    places = math.prod(profile.column(name).n_distinct for name in axes)
    most = places * (MAX_PER_PLACE if len(axes) > 1 else MAX_PER_STEP)
    return n_shown_rows(design, profile) <= max(MIN_CROWD, most)


def _groups_can_be_read(design: Design, profile: Profile) -> bool:
    """Whether bars, boxes and lines of a raw table are not a crowd, all panels together."""
    if profile.shaped or design.mark not in ("bar", "boxplot", "tick", "line", "area"):
        return True
    lines = design.mark in ("line", "area")
    names = {
        e.field
        for e in design.encodings
        if e.transform == "category" and e.field and not (lines and e.channel in ("x", "y"))
    }
    groups = math.prod(profile.column(name).n_distinct for name in names)
    return is_ranked(design, profile) or groups <= (MAX_LINES if lines else MAX_GROUPS)


def _sizes_are_seen(design: Design, profile: Profile) -> bool:
    """Whether bubbles of rows are few enough not to cover each other."""
    size = design.encoding("size")
    if profile.shaped or size is None or design.summarised:
        return True
    return n_shown_rows(design, profile) <= MAX_BUBBLES


def _area_runs_along_time(design: Design, profile: Profile) -> bool:
    """Whether the groups under an area of a raw table follow each other: names do not."""
    x = design.encoding("x")
    if design.mark != "area" or profile.shaped or x is None or x.transform != "category":
        return True
    column = profile.column(str(x.field))
    return column.is_time or column.semantic in PARTS_OF_TIME


def _amounts_are_bars(design: Design, profile: Profile) -> bool:
    """Whether counts and sums of a raw table's groups have a length."""
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark not in ("point", "tick") or profile.shaped or x is None or y is None:
        return True
    amounts = y.transform in ("count", "sum")
    return not (amounts and x.transform == "category")


def _few_row_marks(design: Design, profile: Profile) -> bool:
    if design.mark not in ("point", "tick", "line") or design.summarised:
        return True
    return n_shown_rows(design, profile) <= MAX_ROW_MARKS


READABLE_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "few_row_marks",
        "At most 5,000 rows are drawn one by one; more are summarised.",
        _few_row_marks,
    ),
    ChartRule(
        "points_are_seen",
        "Points and ticks of rows do not lie upon each other on a small lattice.",
        _points_are_seen,
    ),
    ChartRule(
        "groups_can_be_read",
        "Of a raw table at most 90 bars or boxes, or 40 lines, are drawn, all panels together.",
        _groups_can_be_read,
    ),
    ChartRule(
        "sizes_are_seen",
        "Of a raw table at most 300 rows are bubbles: more cover each other.",
        _sizes_are_seen,
    ),
    ChartRule(
        "area_runs_along_time",
        "An area over groups of a raw table is over parts of time, not over names or codes.",
        _area_runs_along_time,
    ),
    ChartRule(
        "amounts_are_bars",
        "Counts and sums of a raw table's groups are bars: they have a length.",
        _amounts_are_bars,
    ),
    ChartRule("grid_is_small", "At most 12 panels.", _grid_is_small),
    ChartRule(
        "summary_has_few_steps",
        "Rows are summarised for at most 1,500 times or numbers; more are cut into units.",
        _summary_has_few_steps,
    ),
    ChartRule(
        "long_lists_are_ranked",
        "Of more groups than an axis holds bars show the largest, and the others as one.",
        _long_lists_are_ranked,
    ),
)
