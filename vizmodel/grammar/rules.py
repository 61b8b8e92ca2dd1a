"""Owns the rules of a legal chart: each has a name, one sentence, and a check.

Encoding rules look at one channel and its column; chart rules at the whole chart. The sources are
Vega-Lite practice, Draco's hard constraints (Moritz et al. 2019), Mackinlay's expressiveness
(1986), Cleveland and McGill (1984) and plain readability.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vizmodel.design import TIME_UNITS, Channel, Design, Mark, Transform
from vizmodel.grammar.roles import role_of
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.words import INTENSIVE_NAME, split_name

MAX_COLOURS = 12
MAX_SHAPES = 6
MAX_FACETS = 12
MAX_SLICES = 8
MAX_ROW_MARKS = 5_000
#: Most bars that a continuous time axis can hold side by side.
MAX_TIME_BARS = 150
NUMERIC_AGGREGATES = ("mean", "median", "sum", "min", "max")
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class EncodingRule:
    """A rule about one channel: `check(mark, channel, transform, column, n_rows)` is legal."""

    name: str
    sentence: str
    check: Callable[[Mark, Channel, Transform, ColumnProfile, int], bool]


@dataclass(frozen=True, slots=True)
class ChartRule:
    """A rule about a whole chart: `check(design, profile)` is legal."""

    name: str
    sentence: str
    check: Callable[[Design, Profile], bool]


def _fits_category(column: ColumnProfile) -> bool:
    if column.kind == "time" or not 2 <= column.n_distinct <= MAX_CATEGORIES:
        return False
    if column.kind in ("text", "boolean") or column.semantic in ("category", "year", "sequence"):
        return True
    # Numbers are groups only where they repeat: five different numbers in five rows are a measure.
    # Sorted whole numbers are steps of a scale.
    repeats = column.n_present >= 2.5 * column.n_distinct or (
        column.integer and column.monotonic == 1.0
    )
    limit = 16 if column.integer else 8
    return repeats and column.n_distinct <= limit and column.semantic == "measure"


def _fits_measure(column: ColumnProfile) -> bool:
    if column.kind == "time" or column.semantic == "year":
        return True
    return column.kind == "number" and column.semantic != "category"


def _fits_unit(unit: Transform, column: ColumnProfile) -> bool:
    """Whether a time unit gives at least two and not too many periods."""
    if column.kind != "time":
        return False
    span, resolution = column.span_days, column.resolution
    if unit == "year":
        return span >= 1.5 * DAYS_PER_YEAR and resolution != "year"
    if unit in ("quarter", "month"):
        return span >= DAYS_PER_YEAR and resolution != "year"
    if unit == "yearmonth":
        return 60 <= span <= 15 * DAYS_PER_YEAR and resolution in ("day", "hour")
    if unit == "yearmonthdate":
        return 2 <= span <= 150 and resolution == "hour"
    if unit == "day":
        return span >= 21 and resolution in ("day", "hour")
    return resolution == "hour" and span >= 0.25


def _sums_up(column: ColumnProfile) -> bool:
    return column.semantic != "percent" and not INTENSIVE_NAME.search(split_name(column.name))


def _line_has_order(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile, n_rows: int
) -> bool:
    if mark not in ("line", "area") or channel != "x":
        return True
    if transform == "category":
        return column.ordered
    if transform == "value" and column.kind == "number" and column.semantic != "year":
        return (
            column.semantic == "sequence"
            or column.monotonic == 1.0
            or (column.integer and column.n_distinct <= 60)
        )
    return True


def _limit(channel: Channel, mark: Mark) -> int:
    if mark == "arc":
        return MAX_SLICES
    if channel == "color":
        return MAX_COLOURS
    if channel == "shape":
        return MAX_SHAPES
    return MAX_FACETS if channel in ("row", "column", "xOffset") else MAX_CATEGORIES


ENCODING_RULES: tuple[EncodingRule, ...] = (
    EncodingRule(
        "no_constant",
        "A column with one value shows nothing.",
        lambda m, ch, t, c, n: not c.constant,
    ),
    EncodingRule(
        "no_identifier",
        "A column that names rows is counted, never drawn.",
        lambda m, ch, t, c, n: (
            c.semantic not in ("identifier", "text") or (t == "distinct" and c.kind == "text")
        ),
    ),
    EncodingRule(
        "category_has_few_values",
        "Groups on an axis are between 2 and 30 repeating values.",
        lambda m, ch, t, c, n: t != "category" or _fits_category(c),
    ),
    EncodingRule(
        "channel_is_readable",
        "At most 12 colours, 12 facets, 6 shapes, 8 slices.",
        lambda m, ch, t, c, n: t != "category" or c.n_distinct <= _limit(ch, m),
    ),
    EncodingRule(
        "value_is_number_or_time",
        "A continuous scale shows numbers or times.",
        lambda m, ch, t, c, n: t != "value" or _fits_measure(c),
    ),
    EncodingRule(
        "size_is_not_negative",
        "Size shows amounts that are not negative.",
        lambda m, ch, t, c, n: ch != "size" or t == "distinct" or c.share_negative == 0,
    ),
    EncodingRule(
        "aggregate_needs_numbers",
        "A mean, median, sum, minimum or maximum is of numbers that measure something.",
        lambda m, ch, t, c, n: (
            t not in NUMERIC_AGGREGATES
            or (c.kind == "number" and c.semantic not in ("year", "latitude", "longitude"))
        ),
    ),
    EncodingRule(
        "codes_have_only_a_mean",
        "Two codes (0 and 1) have a mean, a share, and nothing else.",
        lambda m, ch, t, c, n: (
            t not in NUMERIC_AGGREGATES
            or c.semantic != "category"
            or (t == "mean" and (c.minimum, c.maximum) == (0, 1))
        ),
    ),
    EncodingRule(
        "sum_adds_up",
        "A sum is of amounts, not of rates, ages or temperatures.",
        lambda m, ch, t, c, n: t != "sum" or _sums_up(c),
    ),
    EncodingRule(
        "distinct_counts_names",
        "Distinct values are counted of texts with many of them.",
        lambda m, ch, t, c, n: t != "distinct" or (c.kind == "text" and c.n_distinct > 8),
    ),
    EncodingRule(
        "bin_needs_a_spread",
        "Bins are of numbers with at least 8 distinct values.",
        lambda m, ch, t, c, n: (
            t != "bin"
            or (
                c.kind == "number"
                and c.n_distinct >= 8
                and c.semantic not in ("year", "identifier", "category")
            )
        ),
    ),
    EncodingRule(
        "unit_fits_the_span",
        "A time unit gives at least two periods and not hundreds.",
        lambda m, ch, t, c, n: t not in TIME_UNITS or _fits_unit(t, c),
    ),
    EncodingRule("line_has_order", "A line or area runs along ordered values.", _line_has_order),
    EncodingRule(
        "time_bars_have_room",
        "Bars on a time axis are at most 150.",
        lambda m, ch, t, c, n: (
            m != "bar" or ch != "x" or t != "value" or (c.is_time and c.n_distinct <= MAX_TIME_BARS)
        ),
    ),
    EncodingRule(
        "stack_is_not_negative",
        "Areas and slices show amounts that are not negative.",
        lambda m, ch, t, c, n: (
            m not in ("area", "arc")
            or ch not in ("y", "theta")
            or t not in ("value", "sum")
            or c.share_negative == 0
        ),
    ),
)


def _keys(design: Design) -> set[str]:
    """Names of the columns that tell the drawn rows apart."""
    names = {e.field for e in design.encodings if e.transform == "category" and e.field}
    x = design.encoding("x")
    y = design.encoding("y")
    if x is not None and y is not None and x.transform == "value" and x.field:
        names.add(x.field)
    return names


def _draws_rows(design: Design) -> bool:
    return not any(e.aggregate or e.bin or e.time_unit for e in design.encodings)


def _rows_are_told_apart(design: Design, profile: Profile) -> bool:
    if not _draws_rows(design) or design.mark not in ("bar", "line", "area", "rect", "arc"):
        return True
    return profile.identifies_rows(_keys(design))


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
    return panels <= MAX_FACETS


def _no_repeated_column(design: Design, profile: Profile) -> bool:
    names = [e.field for e in design.encodings if e.field is not None]
    return len(names) == len(set(names))


def _few_row_marks(design: Design, profile: Profile) -> bool:
    if design.mark not in ("point", "tick", "line") or not _draws_rows(design):
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


def encoding_is_legal(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile, n_rows: int
) -> bool:
    """Whether one column may stand on a channel in this way."""
    if role_of(transform, column) == "count":
        return False
    return all(rule.check(mark, channel, transform, column, n_rows) for rule in ENCODING_RULES)
