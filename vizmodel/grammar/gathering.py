"""Owns what gathering means for a chart: which rows it shows, and the rules about it."""

from __future__ import annotations

from vizmodel.design import AGGREGATES, TIME_UNITS, Design, Fold, Transform
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile
from vizmodel.profile.amounts import is_amount
from vizmodel.profile.layouts.paired import MAX_SHARED, goes_on
from vizmodel.profile.layouts.states import are_foreseen

#: What tells the ends of numbers; steps of the longest scale that people answer on, 0 to 10.
EXTREMES: tuple[Transform, ...] = ("min", "max")
MAX_ANSWERS = 11
#: Most gathered rates that stand beside each other in each place.
MAX_BESIDE = 6
#: What shares in whole per cent come to at most, where a few are rounded up.
MAX_SHARES = 105.0
#: Part of a hundred per cent that the rounding of shares may take off.
ROUNDED = 0.02


def shown_fold(design: Design, profile: Profile) -> Fold | None:
    """Return what a chart gathers; None where it shows the table's own columns only."""
    gathered = profile.gathered
    if gathered:  # asked of every chart: most tables gather nothing
        for name in design.fields:
            if name in gathered:
                return gathered[name]
    return None


def gathers_flags(profile: Profile, fold: Fold | None) -> bool:
    """Whether what is gathered are columns that say yes or no."""
    return fold is not None and profile.column(fold.value).semantic == "category"


def gathers_answers(profile: Profile, fold: Fold | None) -> bool:
    """Whether what is gathered are answers on one scale: the items of a questionnaire."""
    if fold is None:
        return False
    value = profile.column(fold.value)
    if value.kind == "text":
        return True
    return value.rate and value.integer and value.n_distinct <= MAX_ANSWERS


def answered_items(profile: Profile) -> tuple[str, ...]:
    """Return the items of a questionnaire that are answered on one scale, those of all scales."""
    scales = [fold for fold in profile.folds if gathers_answers(profile, fold)]
    return tuple(name for fold in scales for name in fold.columns)


def may_be_piled(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are the parts of a whole: no months or years, of which each is one.

    Medals, answers and ages have an order, and still are parts of all that there are. What was
    planned and what came of it are no parts, and so is nothing else in two states.
    """
    parts = profile.column(fold.value).parts and not fold.couple
    return parts and not gathers_times(profile, fold)


def gathers_times(profile: Profile, fold: Fold) -> bool:
    """Whether headers follow each other as months, years and visits do, not as levels."""
    key = profile.column(fold.key)
    levels = key.kind == "text" and key.semantic == "ordinal" and not key.names_a_time
    return key.ordered and not levels


def piles_parts(design: Design, profile: Profile) -> bool:
    """Whether bars or areas put the parts of a whole on top of each other."""
    fold, color = shown_fold(design, profile), design.encoding("color")
    if fold is None or color is None or color.field != fold.key:
        return False
    piled = design.mark in ("bar", "area") and not compares_states(design, profile)
    return piled and may_be_piled(profile, fold)


def piles_shares(design: Design, profile: Profile) -> bool:
    """Whether parts that are put on top of each other come to a hundred per cent everywhere."""
    fold = shown_fold(design, profile)
    if fold is None or not piles_parts(design, profile):
        return False
    whole = sum(profile.column(name).mean for name in fold.columns)
    return any(abs(whole - one) <= ROUNDED * one for one in (1.0, 100.0))


def n_shown_rows(design: Design, profile: Profile) -> int:
    """Return how many rows there are to show: of a gathered table, one per row and column."""
    fold = shown_fold(design, profile)
    return profile.n_rows * (1 if fold is None else len(fold.columns))


def tell_rows_apart(names: set[str], design: Design, profile: Profile) -> bool:
    """Whether the named columns together differ in every row that there is to show."""
    fold = shown_fold(design, profile)
    if fold is None:
        return profile.identifies_rows(names)
    # A gathered row is named by a row and a header.
    own = names - set(fold.pair)
    return fold.key in names and (profile.n_rows == 1 or profile.identifies_rows(own))


def _gathers(design: Design, profile: Profile) -> bool:
    return shown_fold(design, profile) is not None


def compares_states(design: Design, profile: Profile) -> bool:
    """Whether two gathered columns have a bar or a point each in each place of an axis."""
    fold, color = shown_fold(design, profile), design.encoding("color")
    if fold is None or not fold.couple or color is None or color.field != fold.key:
        return False
    places = [e for e in design.encodings if e.channel in ("x", "y") and e.transform == "category"]
    return design.mark in ("bar", "point") and len(places) == 1


def stands_side_by_side(design: Design, profile: Profile) -> bool:
    """Whether gathered columns have a bar each in each place: two states, or a few that are rates.

    The accuracy of a model and its recall come to nothing together.
    """
    fold, color = shown_fold(design, profile), design.encoding("color")
    if compares_states(design, profile):
        return True
    if design.mark != "bar" or fold is None or color is None or color.field != fold.key:
        return False
    x = design.encoding("x")
    placed = x is not None and x.transform == "category" and x.field not in fold.pair
    return placed and may_stand_beside(profile, fold)


def may_stand_beside(profile: Profile, fold: Fold) -> bool:
    """Whether gathered columns are a few rates, or what was planned and came, and no steps."""
    told = profile.column(fold.value).rate and not gathers_answers(profile, fold)
    told = told or fold.pair in _foreseen(profile)
    return told and len(fold.columns) <= MAX_BESIDE and not profile.column(fold.key).ordered


@once_per_profile
def _foreseen(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the gathered pairs whose columns are what was planned or expected, and what came."""
    return frozenset(fold.pair for fold in profile.folds if are_foreseen(fold.columns))


def _piles_gathered(design: Design, profile: Profile) -> bool:
    piled = design.mark in ("bar", "area", "arc") and design.encoding("color") is not None
    return piled and _gathers(design, profile) and not stands_side_by_side(design, profile)


def _adds_gathered(design: Design, profile: Profile) -> bool:
    if _piles_gathered(design, profile):
        return True
    return any(e.transform == "sum" for e in design.encodings) and _gathers(design, profile)


def _may_gather_times(design: Design, profile: Profile) -> bool:
    return any(fold.couple or profile.column(fold.key).ordered for fold in profile.folds)


def _gathered_whole(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    if fold is None:
        return True
    shown = set(design.fields)
    return shown.issuperset(fold.pair) and shown.isdisjoint(_apart(profile)[fold.pair])


@once_per_profile
def _apart(profile: Profile) -> dict[tuple[str, str], frozenset[str]]:
    """Return what no chart shows beside each gathered pair: its columns, and what others make."""
    made = {name for fold in profile.folds for name in fold.pair}
    return {f.pair: frozenset({*f.columns, *made.difference(f.pair)}) for f in profile.folds}


def _gathered_in_place(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    if fold is None:
        return True
    roles = {e.field: e for e in design.encodings}
    key, value = roles.get(fold.key), roles.get(fold.value)
    groups = key is None or key.transform in ("category", *TIME_UNITS) or key.channel == "x"
    measures = value is None or value.channel != "x" or value.transform == "bin"
    answers = gathers_answers(profile, fold) and value is not None and value.channel == "color"
    return groups and measures and (value is None or value.transform != "category" or answers)


def _times_do_not_add_up(design: Design, profile: Profile) -> bool:
    fold, color = shown_fold(design, profile), design.encoding("color")
    if fold is None or color is None or color.field != fold.key:
        return True
    key = profile.column(fold.key)
    return not key.ordered or may_be_piled(profile, fold)


def _like_columns_meet_in_places(design: Design, profile: Profile) -> bool:
    placed = {e.field for e in design.encodings if e.channel in ("x", "y")}
    for fold in profile.folds:
        members = {name for name in design.fields if name in fold.columns}
        if len(members) < 2 or design.ends is not None:
            continue
        if fold.couple:
            alright = design.mark in ("point", "rect")
        elif profile.column(fold.key).ordered:
            alright = design.mark == "point" and not design.summarised
        else:
            continue
        if not alright or members != placed:
            return False
    return True


def _amounts_are_added(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    if fold is None or fold.pair in _amounts(profile):
        return True
    how = next((e.transform for e in design.encodings if e.field == fold.value), None)
    # What rows of shares come to together is nothing.
    piled = how == "value" and _piles_gathered(design, profile)
    return how != "sum" and (not piled or piles_parts(design, profile))


def _averages_parts(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    alone = fold is not None and set(design.fields) == set(fold.pair)
    return alone and any(e.transform == "mean" for e in design.encodings)


def _parts_are_no_counts(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    return fold is None or gathers_times(profile, fold) or not counts_parts(fold, profile)


@once_per_profile
def _amounts(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the gathered pairs whose columns all hold amounts, or what the parts of a whole count.

    The votes of each party are such, whatever parties are called.
    """
    return frozenset(
        fold.pair
        for fold in profile.folds
        if all(map(is_amount, map(profile.column, fold.columns))) or counts_parts(fold, profile)
    )


def counts_parts(fold: Fold, profile: Profile) -> bool:
    """Whether whole numbers are the parts of wholes of many sizes, and no shares in per cent."""
    members = [profile.column(name) for name in fold.columns]
    value = profile.column(fold.value)
    parts = value.parts and not fold.couple
    counted = parts and all(c.integer and c.additive for c in members)
    return counted and sum(column.mean for column in members) > MAX_SHARES


def _gathered_is_measured(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    if fold is None:
        return True
    summaries = (e.field for e in design.encodings if e.aggregate and e.field)
    boxed = (
        e.field for e in design.encodings if design.mark == "boxplot" and e.transform == "value"
    )
    return {*summaries, *boxed} <= {fold.value}


def _tells_extremes(design: Design, profile: Profile) -> bool:
    return any(e.transform in EXTREMES for e in design.encodings) and _gathers(design, profile)


def _tells_no_scale(design: Design, profile: Profile) -> bool:
    return not gathers_answers(profile, shown_fold(design, profile))


def shows_time(design: Design, profile: Profile) -> bool:
    """Whether a chart shows points in time, wherever they stand."""
    return any(profile.column(name).is_time for name in design.fields)


def _goes_on(design: Design, profile: Profile) -> bool:
    fold = shown_fold(design, profile)
    return fold is not None and fold.pair in _going_on(profile)


@once_per_profile
def _going_on(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the gathered pairs of which one column begins where another ends, as forecasts do."""
    if not any(c.is_time and profile.identifies_rows({c.name}) for c in profile.own_columns):
        return frozenset()
    found = set()
    for fold in profile.folds:
        members = [profile.column(name) for name in fold.columns]
        fewest = min(column.n_present for column in members)
        gapped = fewest < (1.0 - MAX_SHARED) * profile.n_rows
        if (fold.couple and goes_on(*members)) or (fold.pair in _foreseen(profile) and gapped):
            found.add(fold.pair)
    return frozenset(found)


def _cells_along_rows(design: Design, profile: Profile) -> bool:
    groups = (profile.column(name) for name in design.grouped_by)
    return design.mark == "rect" and any(column.counts_rows for column in groups)


def _is_gathered(design: Design, profile: Profile) -> bool:
    return shown_fold(design, profile) is not None


GATHERING_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "gathered_whole",
        "Headers and values of one gathering stand in a chart together, without their own columns.",
        _gathered_whole,
        _gathers,
    ),
    ChartRule(
        "gathered_in_place",
        "Gathered headers are groups or run along x; what is gathered is measured, answers colour.",
        _gathered_in_place,
        _gathers,
    ),
    ChartRule(
        "gathered_is_measured",
        "Gathered rows are summarised by what is gathered: all else comes once for each of them.",
        _gathered_is_measured,
        _gathers,
        looks_at=("value", *AGGREGATES),
    ),
    ChartRule(
        "answers_have_no_extremes",
        "The largest and the smallest answer to each item are the ends of the scale.",
        _tells_no_scale,
        _tells_extremes,
        looks_at=EXTREMES,
    ),
    ChartRule(
        "cells_of_rows_are_gathered",
        "Cells along numbers that count the rows are those of a cross table.",
        _is_gathered,
        _cells_along_rows,
    ),
    ChartRule(
        "gathered_times_are_not_stacked",
        "Bars, areas and slices are not put together from years, months or steps in headers.",
        _times_do_not_add_up,
        _piles_gathered,
    ),
    ChartRule(
        "times_meet_in_scatter_plots",
        "Columns of one measure at several times, or in two states, are the two axes of a chart.",
        _like_columns_meet_in_places,
        _may_gather_times,
    ),
    ChartRule(
        "what_goes_on_runs_in_time",
        "What came and what is expected from then on are compared along time only.",
        shows_time,
        _goes_on,
    ),
    ChartRule(
        "counted_parts_are_added",
        "How many of a whole are of each part is added up over all rows: a mean says no more.",
        _parts_are_no_counts,
        _averages_parts,
    ),
    ChartRule(
        "gathered_amounts_are_added",
        "Gathered values are summed and piled only where their columns hold amounts.",
        _amounts_are_added,
        _adds_gathered,
    ),
)
