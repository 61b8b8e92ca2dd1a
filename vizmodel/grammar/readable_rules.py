"""Owns the rules about how much one chart can hold so that a person can read it."""

from __future__ import annotations

import math
from collections.abc import Set

from vizmodel.design import AGGREGATES, Design
from vizmodel.grammar.gathering import n_shown_rows, shown_fold
from vizmodel.grammar.largest import shows_largest
from vizmodel.grammar.mapped import is_map
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.room import (
    MAX_COLOURS,
    MAX_SHAPED_CATEGORIES,
    MAX_SHAPED_COLOURS,
    MIN_STEPS,
)
from vizmodel.grammar.rule import ChartRule
from vizmodel.grammar.steps import may_be_long
from vizmodel.profile import Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.layouts.naming import may_name

#: Most rows that are drawn one by one.
MAX_ROW_MARKS = 5_000
#: Rows up to which points are few anyway, and most rows for each place of a lattice, of a line.
MIN_CROWD, MAX_PER_PLACE, MAX_PER_STEP = 60, 1.0, 5.0
MAX_PANELS = 12
#: Most bars or boxes of a chart, most lines, most bubbles of rows.
MAX_GROUPS, MAX_LINES, MAX_BUBBLES = 90, 40, 300
#: Most times or numbers, as they are, that rows are summarised for; more are cut into units.
MAX_SUMMARY_STEPS = 1_500
#: Largest part of a ring: all others together would be a sliver.
MAX_PART = 0.95
#: Most steps along which lines of the largest of many groups run.
MAX_LINE_STEPS = 600
#: Meanings of groups that follow each other as times do.
PARTS_OF_TIME = ("year", "month", "weekday", "sequence")


@once_per_profile
def _long_columns(profile: Profile) -> frozenset[str]:
    """Return the columns of more groups than an axis of this table holds."""
    limit = MAX_SHAPED_CATEGORIES if profile.roomy else MAX_CATEGORIES
    return frozenset(column.name for column in profile.columns if column.n_distinct > limit)


def is_ranked(design: Design, profile: Profile) -> bool:
    """Whether bars show the largest of many groups, and all the others as one."""
    if design.mark != "bar" or len(design.encodings) != 2:
        return False
    summed = any(e.aggregate for e in design.encodings)
    long = _long_columns(profile) & design.grouped_by
    # What stands once is no group.
    return summed and bool(long) and not any(may_name(profile.column(name)) for name in long)


def has_many_lines(design: Design, profile: Profile) -> bool:
    """Whether there is a line for each of so many groups that those of the largest are drawn."""
    color = design.encoding("color")
    if not _has_coloured_lines(design, profile) or color is None or not color.field:
        return False
    limit = MAX_SHAPED_COLOURS if profile.roomy else MAX_COLOURS
    return profile.column(color.field).n_distinct > limit


def _has_coloured_lines(design: Design, profile: Profile) -> bool:
    color = design.encoding("color")
    return design.mark == "line" and color is not None and color.discrete


def _many_lines_are_of_one_measure(design: Design, profile: Profile) -> bool:
    """Whether lines of many groups are by themselves, and along few steps."""
    if not has_many_lines(design, profile):
        return True
    x, y = design.encoding("x"), design.encoding("y")
    if x is None or y is None or len(design.encodings) != 3 or not x.field or not y.field:
        return False
    along = x.transform == "value" and profile.column(x.field).n_distinct <= MAX_LINE_STEPS
    color = design.encoding("color")
    column = profile.column(str(color.field if color else None))
    # What names few rows has few places on a line, and several of gathered columns.
    again = column.n_present >= MIN_STEPS * column.n_distinct
    several = again or shown_fold(design, profile) is not None
    return along and several and y.transform in ("value", "mean", "sum")


def _may_have_long_groups(design: Design, profile: Profile) -> bool:
    return bool(design.grouped_by) and bool(_long_columns(profile))


def _long_lists_are_ranked(design: Design, profile: Profile) -> bool:
    long = _long_columns(profile) & design.grouped_by
    places = ((e.channel, profile.column(e.field)) for e in design.encodings if e.field in long)
    if all(may_be_long(design.mark, *place) for place in places):
        return True
    ranked = is_ranked(design, profile) or shows_largest(design, profile)
    return ranked or has_many_lines(design, profile)


def _summarises_steps(design: Design, profile: Profile) -> bool:
    transforms = {e.transform for e in design.encodings}
    return "value" in transforms and not transforms.isdisjoint(AGGREGATES)


def _summary_has_few_steps(design: Design, profile: Profile) -> bool:
    """Whether the values along which rows are summarised as they are can all be drawn."""
    steps = [e.field for e in design.encodings if e.transform == "value" and e.field]
    return all(profile.column(name).n_distinct <= MAX_SUMMARY_STEPS for name in steps)


def _has_panels(design: Design, profile: Profile) -> bool:
    return any(e.channel in ("row", "column") for e in design.encodings)


def _grid_is_small(design: Design, profile: Profile) -> bool:
    panels = 1
    for encoding in design.encodings:
        if encoding.channel in ("row", "column") and encoding.field:
            panels *= profile.column(encoding.field).n_distinct
    return panels <= MAX_PANELS


def _scatters_raw_rows(design: Design, profile: Profile) -> bool:
    return design.mark in ("point", "tick") and not design.summarised and not profile.shaped


def _points_are_seen(design: Design, profile: Profile) -> bool:
    """Whether points and ticks have more places than a small lattice, on which they hide."""
    axes = [e.field for e in design.encodings if e.channel in ("x", "y") and e.field]
    places = math.prod([profile.column(name).n_distinct for name in axes])
    most = places * (MAX_PER_PLACE if len(axes) > 1 else MAX_PER_STEP)
    return n_shown_rows(design, profile) <= max(MIN_CROWD, most)


def _drawn_groups(design: Design) -> Set[str]:
    """Return what a chart draws a bar, a box or a line for each group of."""
    if design.mark not in ("line", "area"):
        return design.grouped_by
    along = ("x", "y")
    return {e.field for e in design.encodings if e.discrete and e.field and e.channel not in along}


def _draws_groups(design: Design, profile: Profile) -> bool:
    marks = ("bar", "boxplot", "tick", "line", "area")
    return not profile.roomy and design.mark in marks and bool(_drawn_groups(design))


def _groups_can_be_read(design: Design, profile: Profile) -> bool:
    """Whether bars, boxes and lines of a raw table are not a crowd, all panels together."""
    groups = math.prod([profile.column(name).n_distinct for name in _drawn_groups(design)])
    if groups <= (MAX_LINES if design.mark in ("line", "area") else MAX_GROUPS):
        return True
    ranked = is_ranked(design, profile) or shows_largest(design, profile)
    return ranked or has_many_lines(design, profile)


def _draws_bubbles(design: Design, profile: Profile) -> bool:
    sized = design.encoding("size") is not None
    return sized and not design.summarised and not profile.shaped


def _sizes_are_seen(design: Design, profile: Profile) -> bool:
    """Whether bubbles of rows are few enough not to cover each other."""
    return n_shown_rows(design, profile) <= MAX_BUBBLES


def _is_area_of_groups(design: Design, profile: Profile) -> bool:
    x = design.encoding("x")
    grouped = x is not None and x.transform == "category"
    return design.mark == "area" and grouped and not profile.shaped


def _area_runs_along_time(design: Design, profile: Profile) -> bool:
    """Whether the groups under an area of a raw table follow each other: names do not."""
    x = design.encoding("x")
    column = profile.column(str(x.field if x else None))
    return column.is_time or column.semantic in PARTS_OF_TIME


def _dots_amounts(design: Design, profile: Profile) -> bool:
    """Whether points or ticks stand for counts or sums of a raw table's groups."""
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark not in ("point", "tick") or profile.shaped or x is None or y is None:
        return False
    return x.transform == "category" and y.transform in ("count", "sum")


def _amounts_are_bars(design: Design, profile: Profile) -> bool:
    return False


def _is_ring_of_rows(design: Design, profile: Profile) -> bool:
    counted = any(e.transform == "count" for e in design.encodings)
    color = design.encoding("color")
    parted = design.mark == "arc" and color is not None and color.transform == "category"
    return parted and counted and not profile.shaped


def _parts_are_seen(design: Design, profile: Profile) -> bool:
    """Whether a ring of a raw table has more than one part that is seen."""
    color = design.encoding("color")
    return profile.column(str(color.field if color else None)).top_share <= MAX_PART


def _draws_rows(design: Design, profile: Profile) -> bool:
    return design.mark in ("point", "tick", "line") and not design.summarised


def _few_row_marks(design: Design, profile: Profile) -> bool:
    few = n_shown_rows(design, profile) <= MAX_ROW_MARKS
    # A map of some of the places tells where they are; nothing else does.
    return few or has_many_lines(design, profile) or is_map(design, profile)


@once_per_profile
def _sizes_of_named_rows(profile: Profile) -> frozenset[str]:
    """Return the numbers that differ in every row, where texts name each row."""
    names = any(len(key) == 1 and profile.columns[key[0]].kind == "text" for key in profile.keys)
    sizes = (c for c in profile.columns if names and c.is_size and c.semantic != "sequence")
    plain = (c for c in sizes if c.told is None and not c.axis and not c.given)
    return frozenset(c.name for c in plain if c.n_distinct == c.n_rows)


def _has_named_rows(design: Design, profile: Profile) -> bool:
    groups = any(e.transform == "category" for e in design.encodings)
    return groups and bool(_sizes_of_named_rows(profile))


def _sizes_are_no_groups(design: Design, profile: Profile) -> bool:
    return _sizes_of_named_rows(profile).isdisjoint(
        e.field for e in design.encodings if e.transform == "category"
    )


READABLE_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "few_row_marks",
        "At most 5,000 rows are drawn one by one, but for maps and lines of the largest groups.",
        _few_row_marks,
        _draws_rows,
    ),
    ChartRule(
        "points_are_seen",
        "Points and ticks of rows do not lie upon each other on a small lattice.",
        _points_are_seen,
        _scatters_raw_rows,
        looks_at=("x", "y"),
    ),
    ChartRule(
        "groups_can_be_read",
        "Of a raw table at most 90 bars or boxes, or 40 lines, are drawn, all panels together.",
        _groups_can_be_read,
        _draws_groups,
    ),
    ChartRule(
        "sizes_are_seen",
        "Of a raw table at most 300 rows are bubbles: more cover each other.",
        _sizes_are_seen,
        _draws_bubbles,
        looks_at=(),
    ),
    ChartRule(
        "area_runs_along_time",
        "An area over groups of a raw table is over parts of time, not over names or codes.",
        _area_runs_along_time,
        _is_area_of_groups,
        looks_at=("x",),
    ),
    ChartRule(
        "amounts_are_bars",
        "Counts and sums of a raw table's groups are bars: they have a length.",
        _amounts_are_bars,
        _dots_amounts,
        looks_at=(),
    ),
    ChartRule(
        "parts_are_seen",
        "No part of a ring of a raw table has more than 95% of the rows.",
        _parts_are_seen,
        _is_ring_of_rows,
        looks_at=("color",),
    ),
    ChartRule(
        "sizes_are_no_groups",
        "Where texts name the rows, sizes that differ in each of them are no groups.",
        _sizes_are_no_groups,
        _has_named_rows,
        looks_at=("category",),
    ),
    ChartRule("grid_is_small", "At most 12 panels.", _grid_is_small, _has_panels),
    ChartRule(
        "summary_has_few_steps",
        "Rows are summarised for at most 1,500 times or numbers; more are cut into units.",
        _summary_has_few_steps,
        _summarises_steps,
    ),
    ChartRule(
        "many_lines_are_of_one_measure",
        "Lines of the largest of many groups are of values, means or sums, at most 600 steps.",
        _many_lines_are_of_one_measure,
        _has_coloured_lines,
    ),
    ChartRule(
        "long_lists_are_ranked",
        "Of more groups than an axis holds bars and lines show the largest.",
        _long_lists_are_ranked,
        _may_have_long_groups,
    ),
)
