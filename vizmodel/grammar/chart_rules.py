"""Owns the rules about a whole chart: each has a name, one sentence, and a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vizmodel.design import Design
from vizmodel.profile import Profile

#: Most rows that are drawn one by one.
MAX_ROW_MARKS = 5_000
MAX_PANELS = 12


@dataclass(frozen=True, slots=True)
class ChartRule:
    """A rule about a whole chart: `check(design, profile)` is legal."""

    name: str
    sentence: str
    check: Callable[[Design, Profile], bool]


def _keys(design: Design) -> set[str]:
    """Names of the columns that tell the drawn rows apart."""
    names = {e.field for e in design.encodings if e.transform == "category" and e.field}
    x = design.encoding("x")
    y = design.encoding("y")
    if x is not None and y is not None and x.transform == "value" and x.field:
        names.add(x.field)
    return names


def _rows_are_told_apart(design: Design, profile: Profile) -> bool:
    if design.summarised or design.mark not in ("bar", "line", "area", "rect", "arc"):
        return True
    keys = _keys(design)
    if profile.identifies_rows(keys):
        return not _is_area_over_numbers(design, profile) or profile.shaped
    # A measure that never repeats is the order of a line, though no name of the row.
    unique = any(profile.column(name).n_distinct == profile.n_rows for name in keys)
    return unique and (design.mark == "line" or (design.mark == "area" and profile.shaped))


def _is_area_over_numbers(design: Design, profile: Profile) -> bool:
    """Whether an area runs along numbers that are no time: rarely what rows are about."""
    x = design.encoding("x")
    return (
        design.mark == "area"
        and x is not None
        and x.field is not None
        and x.transform == "value"
        and not profile.column(x.field).is_time
    )


def _stack_is_not_negative(design: Design, profile: Profile) -> bool:
    """Whether what is stacked, or cut into slices, has no negative part."""
    if design.mark not in ("area", "arc"):
        return True
    if design.mark == "area" and design.encoding("color") is None:
        return True
    measures = [e for e in design.encodings if e.channel in ("y", "theta")]
    return not any(
        e.transform in ("value", "sum") and e.field and profile.column(e.field).share_negative > 0
        for e in measures
    )


def _summary_has_rows(design: Design, profile: Profile) -> bool:
    if not any(e.aggregate for e in design.encodings):
        return True
    groups = {e.field for e in design.encodings if e.transform in ("category", "value") and e.field}
    return not _splits_to_rows(groups, profile)


def _splits_to_rows(groups: set[str], profile: Profile) -> bool:
    """Whether each group of equal values holds a single row."""
    columns = [profile.column(name) for name in groups]
    return profile.identifies_rows(groups) or any(c.n_distinct == c.n_present for c in columns)


def _group_is_not_a_row(design: Design, profile: Profile) -> bool:
    if design.mark not in ("boxplot", "tick"):
        return True
    groups = {e.field for e in design.encodings if e.transform == "category" and e.field}
    return not _splits_to_rows(groups, profile)


def _no_twins(design: Design, profile: Profile) -> bool:
    names = [e.field for e in design.encodings if e.transform == "category" and e.field]
    return not any(
        profile.pair(first, second, "determines") and profile.pair(second, first, "determines")
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    )


def _facets_vary(design: Design, profile: Profile) -> bool:
    facets = [e.field for e in design.encodings if e.channel in ("row", "column") and e.field]
    others = [
        e.field
        for e in design.encodings
        if e.transform == "category" and e.field and e.field not in facets
    ]
    return not any(
        profile.pair(other, facet, "determines") or profile.pair(facet, other, "determines")
        for facet in facets
        for other in others
    )


def _series_has_rows(design: Design, profile: Profile) -> bool:
    channels = {"row", "column"} | ({"color"} if design.mark in ("line", "area") else set())
    names = {
        e.field
        for e in design.encodings
        if e.channel in channels and e.transform == "category" and e.field
    }
    return not names or not _splits_to_rows(names, profile)


def _grid_is_small(design: Design, profile: Profile) -> bool:
    panels = 1
    for encoding in design.encodings:
        if encoding.channel in ("row", "column") and encoding.field:
            panels *= profile.column(encoding.field).n_distinct
    return panels <= MAX_PANELS


def _no_repeated_column(design: Design, profile: Profile) -> bool:
    names = [e.field for e in design.encodings if e.field is not None]
    return len(names) == len(set(names))


def _few_row_marks(design: Design, profile: Profile) -> bool:
    if design.mark not in ("point", "tick", "line") or design.summarised:
        return True
    return profile.n_rows <= MAX_ROW_MARKS


CHART_RULES: tuple[ChartRule, ...] = (
    ChartRule("column_once", "A column stands on one channel.", _no_repeated_column),
    ChartRule(
        "rows_are_told_apart",
        "Bars, lines, areas, slices and cells of plain rows need columns that identify the row.",
        _rows_are_told_apart,
    ),
    ChartRule(
        "stack_is_not_negative",
        "Stacked areas and slices show amounts that are not negative.",
        _stack_is_not_negative,
    ),
    ChartRule(
        "summary_has_rows",
        "A summary needs groups of more than one row; single rows are drawn as they are.",
        _summary_has_rows,
    ),
    ChartRule(
        "box_has_rows",
        "Box plots and strips need groups of more than one row.",
        _group_is_not_a_row,
    ),
    ChartRule(
        "few_row_marks",
        "At most 5,000 rows are drawn one by one; more are summarised.",
        _few_row_marks,
    ),
    ChartRule("no_twins", "Two columns that say the same are not both shown.", _no_twins),
    ChartRule("facets_vary", "Panels split every group, not one group each.", _facets_vary),
    ChartRule(
        "series_has_rows", "A panel, a line or an area holds more than one row.", _series_has_rows
    ),
    ChartRule("grid_is_small", "At most 12 panels.", _grid_is_small),
)
