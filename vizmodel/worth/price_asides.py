"""Owns what is beside the point where prices follow each other: all that is not their course."""

from __future__ import annotations

from vizmodel.design import CYCLES, Design
from vizmodel.grammar.gathering import n_shown_rows
from vizmodel.grammar.ranges import candle_body, shown_prices
from vizmodel.grammar.readable_rules import MAX_ROW_MARKS
from vizmodel.profile import ColumnProfile, Profile

#: What a band or an area of prices shows.
ALONE = len(("time", "low", "high"))


def days(profile: Profile) -> ColumnProfile | None:
    """Return the column along which prices follow each other; None where there is none."""
    own = (c for c in profile.own_columns if c.usable)
    return next((c for c in own if c.is_time or c.axis), None)


def told_by_course(profile: Profile) -> dict[str, str]:
    """Return the prices of a day that the course of one stands for: name -> that one's.

    The same of what is gathered of them. The last price stays beside an adjusted one.
    """
    found = {
        name: one.course
        for one in profile.prices
        for name in one.levels
        if name not in (one.close, one.adjusted)
    }
    gathered = {name: fold for fold in profile.folds for name in fold.columns}
    for fold in profile.folds:
        courses = [gathered.get(found[name]) for name in fold.columns if name in found]
        if len(courses) == len(fold.columns) and courses[0] is not None:
            found |= {fold.key: courses[0].value, fold.value: courses[0].value}
    return found


def shows_reach(design: Design, profile: Profile) -> bool:
    """Whether a chart shows from where to where prices went: of one thing, or in candlesticks."""
    alone = len(profile.prices) == 1 and len(design.fields) == ALONE and not design.summarised
    if not profile.prices or shown_prices(design, profile) is None:
        return design.ends is not None
    return alone or candle_body(design, profile) is not None


def misses_course(design: Design, profile: Profile) -> bool:
    """Whether a chart shows prices that follow each other, and that nobody asked about, as no line.

    What they are on average, how often they were so high and how far from nought they are says
    little. Of more rows than are drawn means by month are the course.
    """
    along = days(profile) if profile.prices else None
    if along is None:
        return False
    levels = {name for one in profile.prices for name in one.levels}
    levels |= {fold.value for fold in profile.folds if levels.issuperset(fold.columns)}
    levels = levels.difference(profile.asked or ())
    shown, x = set(design.fields), design.encoding("x")
    if shown.isdisjoint(levels):
        return False
    if design.mark in ("point", "bar") and design.ends is None and along.name in shown:
        return True
    if along.name not in shown and not any(profile.column(n).is_size for n in shown - levels):
        return True
    in_units = x is not None and x.time_unit not in (None, *CYCLES)
    if design.mark == "line" and in_units and n_shown_rows(design, profile) > MAX_ROW_MARKS:
        return False
    summed = {e.field for e in design.encodings if e.aggregate or e.bin or design.mark == "boxplot"}
    return not summed.isdisjoint(levels)
