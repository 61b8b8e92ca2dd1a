"""Owns the rules about what rows are: counted cells are added, what a sample counts is not."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.grammar.steps import single_steps
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.amounts import is_amount, is_flow, is_named_amount


def _are_cells(design: Design, profile: Profile) -> bool:
    return bool(profile.counted)


def _cells_are_added(design: Design, profile: Profile) -> bool:
    """Whether a chart says how many there are, of cells by themselves or added up."""
    shown = {e.transform for e in design.encodings if e.field in profile.counted}
    if shown == {"sum"}:
        return True
    alone = design.mark != "boxplot" and profile.identifies_rows(set(design.grouped_by))
    return shown == {"value"} and alone


COUNTED_RULE = ChartRule(
    "cells_are_added",
    "The counts in a table of counted cells are drawn one by one or added, nothing else.",
    _cells_are_added,
    _are_cells,
)


def _adds_rows(design: Design, profile: Profile) -> bool:
    return not profile.shaped and any(e.transform == "sum" for e in design.encodings)


def _sample_is_not_added(design: Design, profile: Profile) -> bool:
    """Whether what is added up is called an amount, or rows are no sample of anything."""
    made = profile.columns[len(profile.own_columns) :]
    summed = [profile.column(e.field) for e in design.encodings if e.transform == "sum" and e.field]
    named = all(c in made or is_named_amount(c) or is_flow(c) for c in summed)
    return named or profile.recorded or groups_tell_rows_apart(profile)


def _adds_up(design: Design, profile: Profile) -> bool:
    return any(e.transform == "sum" for e in design.encodings)


def _flows_run_in_time(design: Design, profile: Profile) -> bool:
    """Whether what events bring is added up of events in time: of two towns a distance is not."""
    summed = [profile.column(e.field) for e in design.encodings if e.transform == "sum" and e.field]
    return profile.logged or all(is_amount(column) for column in summed)


@once_per_profile
def groups_tell_rows_apart(profile: Profile) -> bool:
    """Whether each row is one of a place and a time, say, that other rows share with it."""
    return any(all(_comes_again(profile.columns[i]) for i in key) for key in profile.keys)


def _comes_again(column: ColumnProfile) -> bool:
    return column.usable and column.comes_again


SAMPLE_RULE = ChartRule(
    "sample_is_not_added",
    "What each of a sample counts is added up only where its name says an amount.",
    _sample_is_not_added,
    _adds_rows,
)


FLOW_RULE = ChartRule(
    "flows_run_in_time",
    "Distances, durations, rain and the like are added up where each row has its time.",
    _flows_run_in_time,
    _adds_up,
)


@once_per_profile
def _step_counts(profile: Profile) -> frozenset[str]:
    """Return the columns that say how many there are at each step of a scale, and of what share."""
    counts = frozenset(column.name for column in profile.own_columns if column.adds_up)
    if not counts or not single_steps(profile) - counts:
        return frozenset()
    shares = (c.name for c in profile.own_columns if c.semantic == "percent")
    return counts.union(shares)


def _counts_each_step(design: Design, profile: Profile) -> bool:
    return bool(_step_counts(profile))


def _steps_are_drawn(design: Design, profile: Profile) -> bool:
    """Whether a chart says how many there are at each step: rows are no sample of counts."""
    counts = _step_counts(profile)
    shown = {e.transform for e in design.encodings if e.field in counts}
    along = any(e.channel in ("x", "y") and e.field not in counts for e in design.encodings)
    plain = design.mark not in ("boxplot", "tick") and not design.summarised
    return shown == {"value"} and along and plain


STEPS_RULE = ChartRule(
    "steps_are_drawn",
    "Of a histogram that was worked out before each step is drawn, and nothing summarised.",
    _steps_are_drawn,
    _counts_each_step,
)
