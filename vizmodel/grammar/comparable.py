"""Owns the rules about what can be compared: units, totals and parts, copies, groups in groups."""

from __future__ import annotations

from itertools import combinations, product

from vizmodel.design import CYCLES, Design, Encoding, Mark, Transform
from vizmodel.grammar.determined import determined, is_determined
from vizmodel.grammar.gathering import n_shown_rows, tell_rows_apart
from vizmodel.grammar.readable_rules import is_ranked
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.grammar.sliced import row_keys, shown_slice
from vizmodel.profile import Profile
from vizmodel.profile.columns import MAX_CATEGORIES

#: Channels on which numbers are compared with each other.
_COMPARED = ("x", "y", "theta", "color", "size", "row", "column")
#: Marks of rows that something tells apart.
#: Part of a whole by which rounded shares of it may miss it.
ROUNDED = 0.03
_ROW_MARKS = ("bar", "line", "area", "rect")


def _has_units(design: Design, profile: Profile) -> bool:
    return not profile.shaped and any(column.within for column in profile.columns)


def unit_panel(design: Design, profile: Profile) -> Encoding | None:
    """Return what has a panel for each of several units; None where a chart shows no such numbers.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    panels = [e for e in design.encodings if e.channel in ("row", "column")]
    if not panels:
        return None  # as mostly
    units = {column.within for column in profile.columns if column.name in design.fields} - {None}
    if not units:
        return None
    known = determined(profile)
    apart = (e for e in panels if all(e.field == u or (e.field, u) in known for u in units))
    return next(apart, None)


def _units_stay_apart(design: Design, profile: Profile) -> bool:
    # The rows of a slice are of one unit.
    if shown_slice(design, profile) is not None:
        return True
    if not any(profile.column(name).within for name in design.fields):
        return True
    # All panels share their bins, of which small numbers fill one.
    if any(e.bin and profile.column(str(e.field)).within for e in design.encodings):
        return False
    # All panels of a grid share one scale, on which those of small numbers are flat.
    grid = {e.channel for e in design.encodings} >= {"row", "column"}
    return not grid and unit_panel(design, profile) is not None


@once_per_profile
def keeps_totals_apart(profile: Profile) -> bool:
    """Whether a raw table holds totals beside their parts, and slices that can be drawn instead."""
    alone = [profile.column(name) for s in profile.slices if len(s.shown) == 1 for name in s.shown]
    drawn = any(c.is_time or c.n_distinct <= MAX_CATEGORIES for c in alone)
    return not profile.shaped and bool(profile.total_columns) and drawn


def may_stand(mark: Mark, transform: Transform, profile: Profile) -> bool:
    """Whether something may be part of a chart of a table with totals in several columns.

    Only slices, and rows each by itself, are drawn of it; so a search need not look at the rest.
    """
    if len(profile.total_columns) < 2 or not keeps_totals_apart(profile):
        return True
    return mark in _ROW_MARKS and transform in ("value", "category")


def _has_totals(design: Design, profile: Profile) -> bool:
    return keeps_totals_apart(profile)


def _totals_stand_apart(design: Design, profile: Profile) -> bool:
    """Whether the rows of a chart are parts of one kind, or totals of one kind."""
    color, x = design.encoding("color"), design.encoding("x")
    if is_ranked(design, profile) and profile.total_columns & set(design.fields):
        return False  # the largest of all would be all together
    if design.mark in ("arc", "bar", "area") and color and color.field in profile.total_columns:
        return False
    if design.mark in ("line", "area") and x and x.field in profile.total_columns:
        return False
    if not design.summarised and tell_rows_apart(row_keys(design), design, profile):
        return True
    kept = shown_slice(design, profile)
    if kept is not None:
        return profile.total_columns <= {*design.fields, *(one.column for one in kept.held)}
    # Beside each other, the levels of one column can be read; those of several are a thicket.
    return len(profile.total_columns) == 1 and profile.total_columns <= set(design.fields)


def _is_narrow_with_totals(design: Design, profile: Profile) -> bool:
    return profile.shaped and bool(profile.total_columns)


def _wholes_hold_no_total(design: Design, profile: Profile) -> bool:
    """Whether no total is summed up with its parts, or stacked upon them."""
    color, x = design.encoding("color"), design.encoding("x")
    if design.mark in ("arc", "area") and color and color.field in profile.total_columns:
        return False
    if design.mark in ("line", "area") and x and x.field in profile.total_columns:
        return False
    if not design.summarised and design.mark != "boxplot":
        return True
    kept = shown_slice(design, profile)
    held = () if kept is None else (one.column for one in kept.held)
    return profile.total_columns <= {*design.fields, *held}


def _is_narrow_with_units(design: Design, profile: Profile) -> bool:
    return profile.shaped and any(column.within for column in profile.columns)


def _sums_are_of_one_unit(design: Design, profile: Profile) -> bool:
    """Whether nothing is summed up over units, or summarised where no group tells them apart."""
    if shown_slice(design, profile) is not None:
        return True
    summed = design.mark == "arc" or any(e.transform == "sum" for e in design.encodings)
    units = {profile.column(name).within for name in design.fields} - {None}
    mixed = design.summarised or design.mark == "boxplot"
    return not units or not (summed or (mixed and not units <= {*design.fields}))


def _is_ring_of_rows(design: Design, profile: Profile) -> bool:
    theta = design.encoding("theta")
    rows = theta is not None and theta.field is not None and theta.transform == "value"
    return design.mark == "arc" and rows


def _slices_make_a_whole(design: Design, profile: Profile) -> bool:
    """Whether slices are amounts, or percentages of which those shown are all."""
    theta = design.encoding("theta")
    column = profile.column(str(theta.field if theta else None))
    if not column.intensive:
        return True
    whole = column.mean * n_shown_rows(design, profile)
    all_of = any(abs(whole - one) <= ROUNDED * one for one in (1, 100))
    return column.semantic == "percent" and all_of


def _has_copies(design: Design, profile: Profile) -> bool:
    return not profile.shaped and bool(profile.copies)


def _copies_are_not_related(design: Design, profile: Profile) -> bool:
    shown = [e for e in design.encodings if e.channel in _COMPARED and e.field]
    return not any(_are_copies(*pair, profile) for pair in combinations(shown, 2))


def _are_copies(first: Encoding, second: Encoding, profile: Profile) -> bool:
    """Whether what one column shows follows from the other."""
    names = str(first.field), str(second.field)
    if frozenset(names) not in profile.copies:
        return False
    # The seasons of each year are compared: a part of a date may colour it, or cross its months.
    timed = any(profile.column(name).kind == "time" for name in names)
    beside = not {first.channel, second.channel} <= {"x", "y"}
    return not (timed and (beside or {first.time_unit, second.time_unit} & set(CYCLES)))


def _takes_means(design: Design, profile: Profile) -> bool:
    means = any(e.transform == "mean" for e in design.encodings)
    return means and not profile.shaped and bool(determined(profile))


def _shares_vary(design: Design, profile: Profile) -> bool:
    """Whether no group decides alone whether each of its rows is a one or a zero."""
    codes = [str(e.field) for e in design.encodings if e.transform == "mean"]
    codes = [name for name in codes if profile.column(name).semantic == "category"]
    groups = [str(e.field) for e in design.encodings if e.transform == "category"]
    return determined(profile).isdisjoint(product(groups, codes))


def _splits_bars(design: Design, profile: Profile) -> bool:
    color = design.encoding("color")
    split = design.mark == "bar" and color is not None and color.discrete
    whole = any(e.transform in ("count", "sum") for e in design.encodings)
    return split and whole and not profile.shaped and bool(determined(profile))


def _parts_vary(design: Design, profile: Profile) -> bool:
    """Whether no bar's group decides of which part all its rows are."""
    parts = [str(e.field) for e in design.encodings if e.channel == "color"]
    bars = [str(e.field) for e in design.encodings if e.channel in ("x", "y") and e.discrete]
    return determined(profile).isdisjoint(product(bars, parts))


def _crosses_in_cells(design: Design, profile: Profile) -> bool:
    x, y = design.encoding("x"), design.encoding("y")
    crossed = x is not None and y is not None and x.transform == y.transform == "category"
    cells = design.mark in ("rect", "point") and crossed
    return cells and not profile.shaped and bool(determined(profile))


def _cells_can_be_met(design: Design, profile: Profile) -> bool:
    x, y = (str(e.field) for e in design.encodings if e.channel in ("x", "y"))
    return not is_determined(x, y, profile)


COMPARABLE_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "units_stay_apart",
        "Numbers in several units or currencies are drawn of one unit, or in one panel for each.",
        _units_stay_apart,
        _has_units,
    ),
    ChartRule(
        "totals_stand_apart",
        "Totals are not summed up with their parts, stacked upon them or joined to them by lines.",
        _totals_stand_apart,
        _has_totals,
    ),
    ChartRule(
        "wholes_hold_no_total",
        "Of a narrow table, too, totals are not summed up with their parts or stacked upon them.",
        _wholes_hold_no_total,
        _is_narrow_with_totals,
    ),
    ChartRule(
        "sums_are_of_one_unit",
        "Of a narrow table, too, nothing is summed up over units or currencies.",
        _sums_are_of_one_unit,
        _is_narrow_with_units,
    ),
    ChartRule(
        "slices_make_a_whole",
        "Slices are amounts, or percentages that make a hundred: no rates, ages or temperatures.",
        _slices_make_a_whole,
        _is_ring_of_rows,
    ),
    ChartRule(
        "copies_are_not_related",
        "Columns of which one follows from the other are not set against each other.",
        _copies_are_not_related,
        _has_copies,
    ),
    ChartRule(
        "shares_vary",
        "A share is of groups that do not decide it.",
        _shares_vary,
        _takes_means,
    ),
    ChartRule(
        "parts_vary",
        "Bars are split by what their groups do not decide: each would be of one part.",
        _parts_vary,
        _splits_bars,
    ),
    ChartRule(
        "cells_can_be_met",
        "Groups are crossed in cells only where neither follows from the other.",
        _cells_can_be_met,
        _crosses_in_cells,
    ),
)
