"""Owns the rules about one channel and its column: each has a name, one sentence, and a check.

The sources are Vega-Lite practice, Draco's hard constraints (Moritz et al. 2019), Mackinlay's
expressiveness (1986), Cleveland and McGill (1984) and plain readability.

A table of at most three columns was shaped for one chart: what people draw of it is nearly always
its columns as they are, row numbers and long lists included. Rules that are not firm are lifted
there; firm ones, with wider limits, still hold. Of four columns, two of which name the rows, only
those about names and about how many groups there may be are.
"""

from __future__ import annotations

from collections.abc import Mapping

from vizmodel.design import TIME_UNITS, Channel, FieldType, Mark, Transform
from vizmodel.grammar.even import is_uneven
from vizmodel.grammar.fitting import (
    box_has_shape,
    boxes_are_of_parts,
    fits_unit,
    is_own_unit,
    line_has_order,
    runs_along_steps,
    steps_are_even,
)
from vizmodel.grammar.room import (
    MAX_COLOURS,
    MIN_STEPS,
    fits_category,
    may_lead,
    most_groups,
    most_told_apart,
    names_largest,
)
from vizmodel.grammar.rule import EncodingRule
from vizmodel.grammar.running import (
    NUMERIC_AGGREGATES,
    axis_is_no_size,
    comes_round,
    counted_is_no_size,
)
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.amounts import is_amount, is_flow
from vizmodel.profile.columns import MAX_CATEGORIES

#: Most bars that a continuous time axis can hold side by side: two years of days.
MAX_TIME_BARS = 750
#: Bars on a time axis that are wide enough to be seen: those of a year of days.
MAX_SEEN_BARS = 400
#: Most days that a line can show one by one, and most of other marks.
MAX_LINE_DAYS = 1_500
MAX_DAYS = 150
#: Fewest years that have bins, and rows for each.
MIN_BINNED_YEARS, MIN_YEAR_ROWS = 15, 1.5
#: Fewest distinct values that are counted, and rows for each of them.
MIN_COUNTED, MIN_ROWS_EACH = 9, 2
#: What may happen to a column of each type that was given.
SHOWN_AS: Mapping[FieldType, tuple[Transform, ...]] = {
    "quantitative": ("value", "bin", "mean", "median", "sum", "min", "max"),
    "temporal": ("value", *TIME_UNITS),
    "nominal": ("category",),
    "ordinal": ("category",),
}


def _fits_measure(column: ColumnProfile) -> bool:
    if column.kind == "time" or column.semantic == "year":
        return True
    return column.kind == "number" and column.semantic != "category"


def years_are_spread(column: ColumnProfile) -> bool:
    """Whether years say when things were made, born or founded: no panel has as many rows of each.

    Of such a few rows share a year, so that bins of years tell when there were more.
    """
    again = column.n_present >= MIN_YEAR_ROWS * column.n_distinct
    return column.n_distinct >= MIN_BINNED_YEARS and again and is_uneven(column, all_there=False)


def _is_category(mark: Mark, channel: Channel, transform: Transform) -> bool:
    return transform == "category"


def _is_of_numbers(mark: Mark, channel: Channel, transform: Transform) -> bool:
    return transform in NUMERIC_AGGREGATES


def _is_sum(mark: Mark, channel: Channel, transform: Transform) -> bool:
    return transform == "sum"


def _is_bar_along_time(mark: Mark, channel: Channel, transform: Transform) -> bool:
    return mark == "bar" and channel == "x" and transform == "value"


ENCODING_RULES: tuple[EncodingRule, ...] = (
    EncodingRule(
        "no_constant",
        "A column with one value shows nothing.",
        lambda m, ch, t, c: not c.constant,
        firm=False,
        everywhere=True,
    ),
    EncodingRule(
        "constant_is_a_level",
        "One value that is drawn all the same is the height of a line, an area or points.",
        lambda m, ch, t, c: (
            not c.constant or (m in ("line", "area", "point") and ch == "y" and t == "value")
        ),
        about=lambda c: c.constant,
    ),
    EncodingRule(
        "time_passes",
        "One moment is no course of time, and no height of anything.",
        lambda m, ch, t, c: not (c.constant and c.names_a_time),
        everywhere=True,
    ),
    EncodingRule(
        "no_identifier",
        "A column that names rows, or spells another, is drawn under bars of the largest alone.",
        lambda m, ch, t, c: c.semantic != "identifier" or (t == "category" and may_lead(m, ch, c)),
        firm=False,
        roomy=False,
        about=lambda c: c.semantic == "identifier",
    ),
    EncodingRule(
        "identifier_is_an_axis",
        "Names and numbers of rows that are drawn all the same run along the x axis of others.",
        lambda m, ch, t, c: (
            c.semantic != "identifier"
            or (
                ch == "x"
                and t in ("value", "category")
                and not c.numbers_rows
                and (t == "category" or m not in ("boxplot", "tick"))
            )
        ),
        about=lambda c: c.semantic == "identifier",
    ),
    EncodingRule(
        "places_are_not_drawn",
        "Numbers that only put the labels of another column in order are not drawn.",
        lambda m, ch, t, c: not c.sorts,
        about=lambda c: c.sorts,
    ),
    EncodingRule(
        "no_text",
        "Texts that nearly all differ are never drawn, but for the names of the largest bars.",
        lambda m, ch, t, c: c.semantic != "text" or may_lead(m, ch, c),
        about=lambda c: c.semantic == "text",
    ),
    EncodingRule(
        "category_has_few_values",
        "Groups are between 2 and 30 repeating values, of ranked bars up to 300, of lines 500, or"
        " names of which bars show the largest.",
        lambda m, ch, t, c: fits_category(c) or names_largest(m, ch, c),
        firm=False,
        roomy=False,
        concerns=_is_category,
    ),
    EncodingRule(
        "measures_have_a_scale",
        "Numbers of which hardly any comes again are no groups of points and ticks, which lie along"
        " a scale, nor colours, slices and panels.",
        lambda m, ch, t, c: not c.is_size or c.comes_again,
        concerns=lambda m, ch, t: (
            t == "category" and (m in ("point", "tick") or ch not in ("x", "y"))
        ),
    ),
    EncodingRule(
        "axis_has_room",
        "Groups are 2 to 60 values, of ranked bars 300, of lines 500, no times; numbers up to 30,"
        " steps under bars and cells 120; of names that stand once bars show the largest.",
        lambda m, ch, t, c: (
            c.kind != "time"
            and c.n_distinct >= 2
            and (c.n_distinct <= most_groups(m, ch, c) or names_largest(m, ch, c))
        ),
        concerns=_is_category,
    ),
    EncodingRule(
        "channel_is_readable",
        "At most 30 groups on an axis, 12 colours, unless the largest are drawn.",
        lambda m, ch, t, c: (
            c.n_distinct <= (MAX_COLOURS if ch == "color" else MAX_CATEGORIES)
            or names_largest(m, ch, c)
        ),
        firm=False,
        roomy=False,
        concerns=_is_category,
    ),
    EncodingRule(
        "groups_are_told_apart",
        "At most 20 colours, 12 facets, 6 shapes, 8 slices, unless the largest are drawn.",
        lambda m, ch, t, c: c.n_distinct <= most_told_apart(m, ch, c) or names_largest(m, ch, c),
        concerns=_is_category,
    ),
    EncodingRule(
        "value_is_number_or_time",
        "A continuous scale shows numbers or times, levels of a design under a line alone.",
        lambda m, ch, t, c: (
            _fits_measure(c) and (c.semantic != "ordinal" or (m, ch) == ("line", "x"))
        ),
        concerns=lambda m, ch, t: t == "value",
        everywhere=True,
    ),
    EncodingRule(
        "size_is_not_negative",
        "Size shows amounts that are not negative.",
        lambda m, ch, t, c: c.share_negative == 0,
        concerns=lambda m, ch, t: ch == "size" and t != "distinct",
    ),
    EncodingRule(
        "aggregate_needs_numbers",
        "A mean, median, sum, minimum or maximum is of numbers that measure something.",
        lambda m, ch, t, c: (
            c.kind == "number" and c.semantic not in ("year", "latitude", "longitude", "ordinal")
        ),
        concerns=_is_of_numbers,
        everywhere=True,
    ),
    EncodingRule(
        "codes_have_only_a_mean",
        "Two codes (0 and 1) have a mean, a share, and nothing else.",
        lambda m, ch, t, c: (
            c.semantic != "category" or (t == "mean" and (c.minimum, c.maximum) == (0, 1))
        ),
        concerns=_is_of_numbers,
        everywhere=True,
    ),
    EncodingRule(
        "sum_adds_up",
        "A sum is of amounts, not of rates, ages or temperatures.",
        lambda m, ch, t, c: not c.intensive,
        concerns=_is_sum,
        everywhere=True,
    ),
    EncodingRule(
        "sum_is_of_amounts",
        "A sum of what each row has by nature, a weight or a time, says only how many rows.",
        lambda m, ch, t, c: is_amount(c) or is_flow(c),
        concerns=_is_sum,
        everywhere=True,
    ),
    EncodingRule(
        "distinct_counts_names",
        "Distinct values are counted of texts with many of them, each of which comes again.",
        lambda m, ch, t, c: (
            (c.kind == "text" or c.told == "nominal")
            and c.n_distinct >= MIN_COUNTED
            and c.n_present >= MIN_ROWS_EACH * c.n_distinct
        ),
        concerns=lambda m, ch, t: t == "distinct",
        everywhere=True,
    ),
    EncodingRule(
        "bin_needs_a_spread",
        "Bins are of numbers with at least 8 distinct values, or 15 years that things are from; not"
        " of those that count the rows.",
        lambda m, ch, t, c: (
            c.kind == "number"
            and c.n_distinct >= 8
            and c.semantic not in ("identifier", "category")
            and (c.semantic != "year" or years_are_spread(c))
            and not c.counts_rows
        ),
        concerns=lambda m, ch, t: t == "bin",
        everywhere=True,
    ),
    EncodingRule(
        "calendar_has_no_size",
        "Days, months and hours are neither summarised nor put into boxes or bins, nor is their"
        " course a line; numbers that count the rows only stand along x.",
        counted_is_no_size,
        firm=False,
        about=lambda c: c.counts_rows or c.calendar,
    ),
    EncodingRule(
        "axis_is_no_size",
        "Numbers that curves run along are an axis, and neither summarised nor put into bins.",
        axis_is_no_size,
        about=lambda c: c.axis,
    ),
    EncodingRule(
        "unit_fits_the_span",
        "A time unit gives at least two periods and not hundreds.",
        lambda m, ch, t, c: (
            fits_unit(t, c, MAX_LINE_DAYS if m in ("line", "area") else MAX_DAYS)
            or (m == "rect" and is_own_unit(t, c))
        ),
        concerns=lambda m, ch, t: t in TIME_UNITS,
    ),
    EncodingRule(
        "type_is_as_told",
        "A column whose type was given is shown as that type, or counted.",
        lambda m, ch, t, c: c.told is None or t in SHOWN_AS[c.told],
        concerns=lambda m, ch, t: t != "distinct",
        everywhere=True,
    ),
    EncodingRule(
        "line_has_order",
        "A line or area runs along ordered values.",
        line_has_order,
        concerns=lambda m, ch, t: m in ("line", "area") and ch == "x",
    ),
    EncodingRule(
        "area_goes_on",
        "An area is not over weekdays or months of any year, which come round again: bars are.",
        lambda m, ch, t, c: not comes_round(t, c),
        concerns=lambda m, ch, t: m == "area" and ch == "x",
    ),
    EncodingRule(
        "line_has_steps",
        "A line or area of a raw table runs along at least 3 groups: two are bars.",
        lambda m, ch, t, c: c.n_distinct >= MIN_STEPS,
        firm=False,
        concerns=lambda m, ch, t: m in ("line", "area") and ch == "x" and t == "category",
    ),
    EncodingRule(
        "line_runs_along_steps",
        "Numbers under a line of a raw table are steps of a scale that are met several times.",
        runs_along_steps,
        firm=False,
        concerns=lambda m, ch, t: m in ("line", "area") and ch == "x" and t == "value",
    ),
    EncodingRule(
        "steps_are_even",
        "Times under a line of a raw table follow each other evenly: events are summarised.",
        steps_are_even,
        firm=False,
        concerns=lambda m, ch, t: m in ("line", "area", "bar") and ch == "x" and t == "value",
    ),
    EncodingRule(
        "box_has_shape",
        "A box plot is of more values than a handful of whole numbers, or mostly zeros.",
        box_has_shape,
        firm=False,
        concerns=lambda m, ch, t: m == "boxplot" and t == "value",
    ),
    EncodingRule(
        "boxes_are_of_parts",
        "Boxes in time are of at most 30 years, or of its parts that come round: months, hours.",
        boxes_are_of_parts,
        concerns=lambda m, ch, t: m == "boxplot" and t in TIME_UNITS,
    ),
    EncodingRule(
        "time_bars_have_room",
        "Bars on a time axis are at most 750.",
        lambda m, ch, t, c: c.is_time and c.n_distinct <= MAX_TIME_BARS,
        concerns=_is_bar_along_time,
    ),
    EncodingRule(
        "time_bars_are_seen",
        "Bars on the time axis of a raw table are at most 400: more are hairlines.",
        lambda m, ch, t, c: c.n_distinct <= MAX_SEEN_BARS,
        firm=False,
        concerns=_is_bar_along_time,
    ),
)


def rules_for(profile: Profile) -> tuple[EncodingRule, ...]:
    """Return the rules about channels that hold for a table."""
    if profile.shaped:
        return FIRM_RULES
    return ROOMY_RULES if profile.roomy else ENCODING_RULES


FIRM_RULES = tuple(rule for rule in ENCODING_RULES if rule.firm)
ROOMY_RULES = tuple(rule for rule in ENCODING_RULES if rule.roomy)
