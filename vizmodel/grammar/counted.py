"""Owns tables of counted cells: groups in every column but one, which says how many there are."""

from __future__ import annotations

import re

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import split_name

COUNT_NAME = re.compile(r"(freq(uency)?|counts?|n|nb|num|number( of .+)?|persons|people|cases)")


@once_per_profile
def counted_column(profile: Profile) -> str | None:
    """Return the column that counts the cells of a table; None where rows are no cells.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> hair = {"hair": ["red", "red", "black", "black"], "sex": ["f", "m", "f", "m"]}
    >>> counted_column(profile_table(pa.table({**hair, "Freq": [7, 9, 36, 32]})))
    'Freq'
    """
    numbers = [c for c in profile.columns if c.kind == "number" and c.semantic != "category"]
    if len(numbers) != 1 or len(profile.columns) < 3 or profile.fold is not None:
        return None
    (number,) = numbers
    groups = {c.name for c in profile.columns if c.kind in ("text", "boolean")}
    return number.name if adds_up(number) and profile.identifies_rows(groups) else None


def adds_up(column: ColumnProfile) -> bool:
    """Whether a column counts what other rows count as well, so that sums are what is asked for."""
    named = COUNT_NAME.fullmatch(split_name(column.name)) is not None
    return named and column.integer and column.share_negative == 0


def _are_cells(design: Design, profile: Profile) -> bool:
    return not profile.shaped and counted_column(profile) is not None


def _cells_are_added(design: Design, profile: Profile) -> bool:
    """Whether counted cells are drawn each by itself or added up, never taken for a sample."""
    counts = counted_column(profile)
    if any(e.transform == "count" for e in design.encodings):
        return False
    shown = next((e for e in design.encodings if e.field == counts), None)
    if shown is None or shown.transform == "sum":
        return True
    alone = design.mark != "boxplot" and profile.identifies_rows(set(design.grouped_by))
    return shown.transform == "value" and alone


COUNTED_RULE = ChartRule(
    "cells_are_added",
    "The counts in a table of counted cells are drawn one by one or added, nothing else.",
    _cells_are_added,
    _are_cells,
)
