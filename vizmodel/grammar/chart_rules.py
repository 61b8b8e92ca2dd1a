"""Owns the rules about a whole chart: each has a name, one sentence, and a check."""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import combinations
from operator import attrgetter

from vizmodel.design import Design
from vizmodel.grammar.comparable import COMPARABLE_RULES
from vizmodel.grammar.counted import COUNTED_RULE, FLOW_RULE, SAMPLE_RULE, STEPS_RULE
from vizmodel.grammar.cumulative import CUMULATIVE_RULE
from vizmodel.grammar.cycles import CYCLE_RULE
from vizmodel.grammar.determined import determined, is_determined
from vizmodel.grammar.distinct import DISTINCT_RULES
from vizmodel.grammar.embedded import EMBEDDED_RULE
from vizmodel.grammar.even import EVEN_RULE
from vizmodel.grammar.fitting import n_parts
from vizmodel.grammar.gathering import (
    GATHERING_RULES,
    n_shown_rows,
    shown_fold,
    tell_rows_apart,
)
from vizmodel.grammar.level import LEVEL_RULE
from vizmodel.grammar.ranges import RANGE_RULES
from vizmodel.grammar.readable_rules import READABLE_RULES
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.grammar.told_apart import TOLD_APART_RULE
from vizmodel.profile import Profile
from vizmodel.profile.places import of_one_place

#: Rows of a group from which quartiles are more than the rows themselves, and fewest of a table
#: that was shaped for one chart.
MIN_PER_BOX, LEAST_PER_BOX = 8, 4
#: Days of the units that do not come round again, and rows of each from which they are groups.
DAYS_PER_UNIT = {"year": 365.25, "yearmonth": 30.44, "yearmonthdate": 1.0}
MIN_PER_PERIOD = 1.3
#: Rows at each number of a measure from which a line of their summaries does not jump about.
MIN_PER_NUMBER = 20
COORDINATES = {"latitude", "longitude"}
#: Share of the range of numbers that nine in ten of them fill at least, a bin of about twenty, and
#: that seven in ten do.
LEAST_SPREAD, LEAST_MIDDLE = 0.05, 0.025


def _stacks(design: Design, profile: Profile) -> bool:
    if design.ends is not None:
        return False
    return design.mark == "arc" or (design.mark == "area" and design.encoding("color") is not None)


def _stack_is_not_negative(design: Design, profile: Profile) -> bool:
    """Whether what is stacked, or cut into slices, has no negative part."""
    measures = [e for e in design.encodings if e.channel in ("y", "theta")]
    return not any(
        e.transform in ("value", "sum") and e.field and profile.column(e.field).share_negative > 0
        for e in measures
    )


def _aggregates(design: Design, profile: Profile) -> bool:
    return any(e.aggregate for e in design.encodings)


def _summary_has_rows(design: Design, profile: Profile) -> bool:
    groups = [e.field for e in design.encodings if e.transform in ("category", "value") and e.field]
    return not (_splits_to_rows(groups, design, profile) or _periods_are_rows(design, profile))


def _sum_is_of_groups(design: Design, profile: Profile) -> bool:
    """Whether what is summed belongs to groups or times: over a measure it counts its rows."""
    return not any(
        e.transform in ("value", "bin") and e.field and not profile.column(e.field).is_time
        for e in design.encodings
        if e.channel in ("x", "y")
    )


def _sums_along_values(design: Design, profile: Profile) -> bool:
    along = [e.transform in ("value", "bin") for e in design.encodings if e.channel in ("x", "y")]
    return any(along) and any(e.transform == "sum" for e in design.encodings)


def _line_of_summaries_is_steady(design: Design, profile: Profile) -> bool:
    """Whether each number under a line of summaries has rows enough for it not to jump about."""
    x = design.encoding("x")
    column = profile.column(str(x.field if x else None))
    ordered = column.is_time or column.semantic == "sequence"
    return ordered or column.n_present >= MIN_PER_NUMBER * column.n_distinct


def _is_line_of_summaries(design: Design, profile: Profile) -> bool:
    x = design.encoding("x")
    along = x is not None and x.field is not None and x.transform == "value"
    return design.mark in ("line", "area") and design.summarised and along


def _periods_are_rows(design: Design, profile: Profile) -> bool:
    """Whether the periods of a time axis mostly hold a single row, as far as its span tells.

    Cells along a time need its periods, even if there is one row in each.
    """
    single = _single_periods(profile) if design.mark != "rect" else frozenset()
    return bool(single) and any((e.field, e.transform) in single for e in design.encodings)


@once_per_profile
def _single_periods(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the times and the units into which they are not worth cutting."""
    if profile.shaped:
        return frozenset()
    return frozenset(
        (column.name, unit)
        for column in profile.columns
        for unit, days in DAYS_PER_UNIT.items()
        if column.is_time
        and column.n_present < MIN_PER_PERIOD * min(column.span_days / days + 1, column.n_distinct)
    )


def _splits_to_rows(groups: Iterable[str], design: Design, profile: Profile) -> bool:
    """Whether each group of equal values holds a single row."""
    if profile.n_rows != 1 and _telling_columns(profile).isdisjoint(groups):
        return False  # asked of most charts, and mostly so
    fold = shown_fold(design, profile)
    known, key = _splits(profile), (frozenset(groups), None if fold is None else fold.key)
    found = known.get(key)
    if found is None:
        names = set(key[0])
        own = [profile.column(name) for name in names if fold is None or name != fold.key]
        found = known[key] = tell_rows_apart(names, design, profile) or (
            (fold is None or fold.key in names) and any(c.n_distinct == c.n_present for c in own)
        )
    return found


@once_per_profile
def _telling_columns(profile: Profile) -> frozenset[str]:
    """Return columns without any of which groups hold several rows: of each key the finest."""
    finest = [
        max((profile.columns[i] for i in key), key=attrgetter("n_distinct")) for key in profile.keys
    ]
    unique = [column for column in profile.columns if column.n_distinct == column.n_present]
    return frozenset(column.name for column in (*finest, *unique))


@once_per_profile
def _splits(profile: Profile) -> dict[tuple[frozenset[str], str | None], bool]:
    """Return what is known by now: groups, and whether they are of the table's own rows."""
    return {}


def _shows_spread(design: Design, profile: Profile) -> bool:
    return design.mark in ("boxplot", "tick")


def _group_is_not_a_row(design: Design, profile: Profile) -> bool:
    groups = design.grouped_by
    if design.mark == "boxplot" and not _boxes_have_rows(groups, design, profile):
        return False
    return not _splits_to_rows(groups, design, profile)


def _boxes_have_rows(groups: Set[str], design: Design, profile: Profile) -> bool:
    """Whether a box is of several rows, and of a raw table of more than one value."""
    measures = [e.field for e in design.encodings if e.transform == "value"]
    settled = () if profile.shaped else determined(profile)
    if any((group, m) in settled for group in groups for m in measures):
        return False  # all values of a group are one
    each = [profile.column(name).n_distinct for name in groups]
    times = ((e.time_unit, e.field) for e in design.encodings)
    each += [n_parts(unit, profile.column(name)) for unit, name in times if unit and name]
    n_groups = max(each, default=1)
    least = LEAST_PER_BOX if profile.shaped else MIN_PER_BOX
    return n_shown_rows(design, profile) >= least * n_groups


def _crosses_groups(design: Design, profile: Profile) -> bool:
    return bool(determined(profile)) and sum(e.discrete for e in design.encodings) > 1


def _no_twins(design: Design, profile: Profile) -> bool:
    names = [e.field for e in design.encodings if e.transform == "category" and e.field]
    known = determined(profile)
    return not any((a, b) in known and (b, a) in known for a, b in combinations(names, 2))


def _panels_of_groups(design: Design, profile: Profile) -> bool:
    in_panels = [e.channel in ("row", "column") for e in design.encodings if e.discrete]
    return bool(determined(profile)) and any(in_panels) and not all(in_panels)


def _facets_vary(design: Design, profile: Profile) -> bool:
    facets = [e.field for e in design.encodings if e.channel in ("row", "column") and e.field]
    others = [
        e.field
        for e in design.encodings
        if e.transform == "category" and e.field and e.field not in facets
    ]
    return not any(is_determined(facet, other, profile) for facet in facets for other in others)


def _series(design: Design) -> set[str]:
    channels = {"row", "column"} | ({"color"} if design.mark in ("line", "area") else set())
    return {e.field for e in design.encodings if e.channel in channels and e.discrete and e.field}


def _has_series(design: Design, profile: Profile) -> bool:
    return bool(_series(design))


def _series_has_rows(design: Design, profile: Profile) -> bool:
    return not _splits_to_rows(_series(design), design, profile)


def _no_repeated_column(design: Design, profile: Profile) -> bool:
    names = [e.field for e in design.encodings if e.field is not None]
    return len(names) == len(set(names))


@once_per_profile
def _coordinates(profile: Profile) -> dict[str, str]:
    """Return the columns that say where, each with its meaning; none where no places are known."""
    found: dict[str, str] = {
        c.name: c.semantic for c in profile.columns if c.semantic in COORDINATES
    }
    return found if set(found.values()) == COORDINATES else {}


def _has_places(design: Design, profile: Profile) -> bool:
    return bool(_coordinates(profile))


def _may_split_places(design: Design, profile: Profile) -> bool:
    return not profile.shaped and _has_places(design, profile)


def _coordinates_stand_together(design: Design, profile: Profile) -> bool:
    semantics = _coordinates(profile)
    shown = {name for name in design.fields if name in semantics}
    placed = [str(e.field) for e in design.encodings if e.channel in ("x", "y")]
    if not shown:
        return True
    # The longitude of one end of a way and the latitude of the other are no place.
    one_place = {semantics.get(name) for name in placed} == COORDINATES and len(shown) == 2
    return one_place and of_one_place(placed[0], placed[1], semantics)


def _north_is_up(design: Design, profile: Profile) -> bool:
    x, y = design.encoding("x"), design.encoding("y")
    if x is None or y is None or x.field is None or y.field is None:
        return True
    names = (profile.column(x.field).semantic, profile.column(y.field).semantic)
    return names != ("latitude", "longitude")


def _bins_raw_rows(design: Design, profile: Profile) -> bool:
    return not profile.shaped and any(e.bin for e in design.encodings)


def _bins_are_filled(design: Design, profile: Profile) -> bool:
    """Whether the numbers of a histogram are not mostly in one bin."""
    columns = [profile.column(e.field) for e in design.encodings if e.bin and e.field]
    return all(
        c.quantiles[4] - c.quantiles[0] >= (c.maximum - c.minimum) * LEAST_SPREAD
        and c.quantiles[3] - c.quantiles[0] >= (c.maximum - c.minimum) * LEAST_MIDDLE
        for c in columns
    )


def _piles_rows(design: Design, profile: Profile) -> bool:
    color, x = design.encoding("color"), design.encoding("x")
    if profile.shaped or design.mark not in ("bar", "area") or design.summarised or design.ends:
        return False
    return color is not None and color.discrete and x is not None and x.transform == "value"


def _no_bar_hides_another(design: Design, profile: Profile) -> bool:
    """Whether bars and areas of rows that share a place add up, or have a place each."""
    y = design.encoding("y")
    column = None if y is None or y.field is None else profile.column(y.field)
    return column is None or column.additive or column.parts


CHART_RULES: tuple[ChartRule, ...] = (
    LEVEL_RULE,
    ChartRule("column_once", "A column stands on one channel.", _no_repeated_column),
    TOLD_APART_RULE,
    ChartRule(
        "stack_is_not_negative",
        "Stacked areas and slices show amounts that are not negative.",
        _stack_is_not_negative,
        _stacks,
    ),
    ChartRule(
        "summary_has_rows",
        "A summary needs groups of more than one row; single rows are drawn as they are.",
        _summary_has_rows,
        _aggregates,
    ),
    ChartRule(
        "sum_is_of_groups",
        "Sums are of groups or times: along a measure they say how many rows there are.",
        _sum_is_of_groups,
        _sums_along_values,
        looks_at=("x", "y"),
    ),
    ChartRule(
        "line_of_summaries_is_steady",
        "A line of summaries along a measure has at least 20 rows at each number.",
        _line_of_summaries_is_steady,
        _is_line_of_summaries,
        looks_at=("x",),
    ),
    ChartRule(
        "box_has_rows",
        "Box plots and strips need groups of more than one row, and of more than one value.",
        _group_is_not_a_row,
        _shows_spread,
    ),
    ChartRule(
        "no_twins", "Two columns that say the same are not both shown.", _no_twins, _crosses_groups
    ),
    ChartRule(
        "facets_vary",
        "Panels split every group, not one group each.",
        _facets_vary,
        _panels_of_groups,
    ),
    ChartRule(
        "series_has_rows",
        "A panel, a line or an area holds more than one row.",
        _series_has_rows,
        _has_series,
    ),
    ChartRule(
        "coordinates_stand_together",
        "A latitude and a longitude are shown together, as a place.",
        _coordinates_stand_together,
        _may_split_places,
    ),
    ChartRule(
        "north_is_up", "A longitude runs along x, a latitude along y.", _north_is_up, _has_places
    ),
    EMBEDDED_RULE,
    STEPS_RULE,
    COUNTED_RULE,
    SAMPLE_RULE,
    FLOW_RULE,
    CUMULATIVE_RULE,
    CYCLE_RULE,
    EVEN_RULE,
    ChartRule(
        "bins_are_filled",
        "Numbers that are mostly in one bin show no shape.",
        _bins_are_filled,
        _bins_raw_rows,
    ),
    ChartRule(
        "no_bar_hides_another",
        "Coloured bars and areas of rows along numbers or times are amounts that add up.",
        _no_bar_hides_another,
        _piles_rows,
    ),
    *COMPARABLE_RULES,
    *DISTINCT_RULES,
    *READABLE_RULES,
    *GATHERING_RULES,
    *RANGE_RULES,
)
