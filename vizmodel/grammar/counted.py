"""Owns the rule about tables of counted cells, whose rows are no sample."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile


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
