"""Owns what the tokens leave open: orientation, order of groups, stacking, maps."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from vizmodel.candidates.experiments import tells_given
from vizmodel.candidates.gathered import tells_items
from vizmodel.candidates.record_charts import tells_ends
from vizmodel.design import AGGREGATES, TURNED, Channel, Design, Encoding, Style, canonical
from vizmodel.form.bounds import with_bounds
from vizmodel.form.log_scales import log_channels
from vizmodel.form.rates import rate_level, runs_in_time
from vizmodel.grammar.gathering import (
    compares_states,
    piles_shares,
    shown_fold,
    stands_side_by_side,
)
from vizmodel.grammar.largest import TOP_ROWS, shares_names, shows_largest
from vizmodel.grammar.mapped import is_map
from vizmodel.grammar.ranges import candle_body
from vizmodel.grammar.readable_rules import has_many_lines, is_ranked
from vizmodel.grammar.sliced import shown_slice
from vizmodel.grammar.steps import counts_on
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.layouts.naming import MAX_NAMED
from vizmodel.worth.outcomes import is_outcome

#: A group axis is drawn on the side where its labels would not fit below the chart.
MAX_UPRIGHT_GROUPS = 12
MAX_UPRIGHT_LABELS = 60  # characters of all labels together
MAX_UPRIGHT_LABEL = 14  # characters of the longest label
#: Groups that are drawn by themselves where there are too many for an axis.
TOP_GROUPS = 12
#: Lines that are told apart at a glance.
TOP_LINES = 8
#: A few codes, such as 0 and 1, are looked for in their order; of many the largest are, unless
#: they count on with few left out, as pairs of sites do.
MAX_ORDERED_CODES = 12
#: Groups that have one order in all charts, whichever is the larger in this one.
TWO = 2
#: Bars are drawn as shares where they have at most so many parts, tied to the bars at least so
#: much (Cramér's V), and, of sums, the largest bar is at least so many times the mean one.
MAX_PARTS, MIN_TIE, MIN_LEAD = 6, 0.12, 2.5

_SIDEWAYS_MARKS = ("bar", "boxplot", "tick", "point")
_SORTED_MARKS = ("bar", "boxplot", "point")
#: What is drawn once in each place.
_MERGED_MARKS = ("bar", "line", "area", "rect")


def styled(design: Design, profile: Profile, turn: bool | None = None) -> Design:
    """Return a design as it is drawn.

    Parameters
    ----------
    design
        In canonical orientation, as decoded.
    profile
        Of its table.
    turn
        Whether x and y change places; None decides by the length of the labels.

    Returns
    -------
    Design
        With its style; x and y swapped where `style.horizontal`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"name": ["a long name of a thing", "another name"], "n": [1, 2]})
    >>> bars = Design("bar", (Encoding("x", "name", "category", "nominal"),
    ...                       Encoding("y", "n", "value", "quantitative")))
    >>> styled(bars, profile_table(table)).style.horizontal
    True
    """
    horizontal = _labels_are_long(design, profile) if turn is None else turn
    encodings = design.encodings
    if horizontal:
        encodings = canonical(_turned(encoding) for encoding in encodings)
    drawn = replace(design, encodings=encodings)
    stack = _stack(drawn, profile)
    ended = stack == "normalize" and shows_ends(design, profile)
    rate = rate_level(drawn, profile, ended=ended) if stack == "normalize" else None
    by_size = _sorted_channel(drawn, profile)
    even = stack == "normalize" or piles_shares(drawn, profile)
    kept = shown_slice(design, profile)
    style = Style(
        horizontal=horizontal,
        # Bars of equal height have no largest, but the rarest or commonest end.
        sort=None if even and not ended and rate is None else by_size,
        stack=stack,
        log=log_channels(drawn, profile),
        projected=is_map(drawn, profile),
        top=_n_top(design, profile),
        lines=TOP_LINES if has_many_lines(drawn, profile) else None,
        fold=shown_fold(drawn, profile),
        where=(*(() if kept is None else kept.held), *profile.within),
        whole=tuple(name for name in drawn.fields if name in profile.blank_totals),
        merged=_has_slips(design, profile),
        rate=rate,
        course=rate is not None and runs_in_time(drawn, profile),
        names=_names(drawn, profile),
        body=candle_body(drawn, profile),
    )
    # Of a few rows in one place the mean is drawn, of which no bounds are known.
    apart = not (style.merged or style.where or style.top or style.names)
    styled = drawn.with_style(style)
    return with_bounds(styled, profile) if apart else styled


def _has_slips(design: Design, profile: Profile) -> bool:
    """Whether marks stand for one row each, but for a few that share a place."""
    if design.mark not in _MERGED_MARKS or design.summarised or design.ends is not None:
        return False
    if shows_largest(design, profile):
        return shares_names(profile.column(str(profile.named)))
    kept = shown_slice(design, profile)
    return profile.twice or (kept is not None and kept.twice)


def _n_top(design: Design, profile: Profile) -> int | None:
    """Return how many of the largest groups or rows bars show of too many; else None."""
    if shows_largest(design, profile):
        return TOP_ROWS
    return TOP_GROUPS if is_ranked(design, profile) else None


def _names(design: Design, profile: Profile) -> str | None:
    """Return the column that names the points of a scatter plot of single rows, or of a map."""
    places = [e for e in design.encodings if e.channel in ("x", "y")]
    if design.mark != "point" or design.summarised or len(places) < 2:
        return None
    if any(e.transform != "value" for e in places):
        return None
    few = profile.n_rows <= MAX_NAMED and shown_fold(design, profile) is None
    name = profile.named if few else None
    return None if name in design.fields else name


def merged_measure(design: Design) -> Encoding | None:
    """Return what a styled design shows the mean of where a few rows share a place; else None."""
    if not design.style.merged:
        return None
    flat: Channel = "x" if design.style.horizontal else "y"
    return design.encoding("color" if design.mark == "rect" else flat)


def _turned(encoding: Encoding) -> Encoding:
    return replace(encoding, channel=TURNED.get(encoding.channel, encoding.channel))


def _labels_are_long(design: Design, profile: Profile) -> bool:
    x, y = design.encoding("x"), design.encoding("y")
    if x is None or y is None or x.transform != "category" or x.field is None:
        return False
    along = y.field_type == "quantitative" or design.ends is not None
    if design.mark not in _SIDEWAYS_MARKS or not along:
        return False
    column = profile.column(x.field)
    if column.kind != "text" or column.semantic in ("month", "weekday"):
        return False
    return (
        column.n_distinct > MAX_UPRIGHT_GROUPS
        or column.label_max_length > MAX_UPRIGHT_LABEL
        or column.label_mean_length * column.n_distinct > MAX_UPRIGHT_LABELS
    )


def _sorted_channel(design: Design, profile: Profile) -> Channel | None:
    """Return the channel of unordered groups that a measure can put into order."""
    if design.mark == "arc":
        return "color"
    if design.mark not in _SORTED_MARKS:
        return None
    dimension: Channel = "y" if design.style.horizontal or _measure_on_x(design) else "x"
    measure: Channel = "x" if dimension == "y" else "y"
    group, value = design.encoding(dimension), design.encoding(measure)
    if group is None or value is None or group.transform != "category" or group.field is None:
        return None
    if value.transform == "bin" or not (value.field_type == "quantitative" or design.ends):
        return None
    rows = design.mark == "point" and value.transform not in AGGREGATES
    if rows and not compares_states(design, profile):
        return None
    column = profile.column(group.field)
    two = column.kind == "text" and column.n_distinct == TWO
    return None if two or has_natural_order(column) else dimension


def _measure_on_x(design: Design) -> bool:
    y = design.encoding("y")
    return y is not None and y.transform == "category"


def has_natural_order(column: ColumnProfile) -> bool:
    """Whether groups of this column have an order of their own (time, scales, a few numbers)."""
    if column.listed:
        return True
    codes = column.kind == "number" and column.semantic == "category"
    many = codes and column.n_distinct > MAX_ORDERED_CODES
    few = column.n_distinct <= MAX_CATEGORIES  # of more the largest are shown
    return column.ordered and not (many and not (few and counts_on(column)))


def _stack(design: Design, profile: Profile) -> Literal["zero", "normalize"] | None:
    if design.mark not in ("bar", "area") or design.encoding("color") is None or design.ends:
        return None
    if stands_side_by_side(design, profile):
        return None
    return "normalize" if _shares_matter(design, profile) else "zero"


def adds_up(encoding: Encoding, column: ColumnProfile | None) -> bool:
    """Whether marks of a measure may be put on top of each other.

    Counts and sums may; what single rows say, where it counts something, is money or a part of a
    whole: a sum of concentrations means nothing, and whether others do is not known.

    Parameters
    ----------
    encoding, column
        The measure, and the column that it shows.
    """
    if encoding.aggregate is not None or column is None:
        return encoding.aggregate in ("count", "sum")
    counted = column.integer or column.semantic == "currency"
    return column.parts or (column.additive and counted)


def _shares_matter(design: Design, profile: Profile) -> bool:
    """Whether how bars are made up says more than how high they are.

    Parts of a whole, two to six, that differ between the bars (Cramér's V): readers ask which share
    of each group it is, not how large the groups are. How large sums and years are is asked, too,
    unless the largest bar is several times the mean one: the small ones' parts are not seen then.
    """
    color = design.encoding("color")
    keys = [e for e in design.encodings if e.channel in ("x", "y") and e.aggregate is None]
    whole = any(e.transform in ("count", "sum") for e in design.encodings)
    if design.mark != "bar" or not whole or color is None or len(design.encodings) != 3:
        return False
    if not color.discrete or not color.field:
        return False
    if keys[0].transform != "category":
        # Of each month of records it is asked how they ended.
        return keys[0].time_unit is not None and tells_ends(design, profile)
    bars, parts = profile.column(str(keys[0].field)), profile.column(color.field)
    tied = profile.pair(bars.name, parts.name, "cramers_v") >= MIN_TIE
    # Of records and experiments the rate is asked, also where it is the same of all kinds.
    tied = tied or tells_ends(design, profile) or tells_given(design, profile) > 0
    # Items of a questionnaire have as many answers each.
    tied = tied or tells_items(design, profile)
    few = 2 <= parts.n_distinct <= MAX_PARTS
    summed = {e.field for e in design.encodings if e.transform == "sum"} - profile.counted
    sized = bool(summed) or bars.is_time
    return tied and few and (not sized or bars.top_share * bars.n_distinct >= MIN_LEAD)


def shows_ends(design: Design, profile: Profile) -> bool:
    """Whether the parts of a chart, in canonical orientation, say how something ended."""
    color = design.encoding("color")
    if color is None or color.field is None:
        return False
    return is_outcome(color.field, profile) or tells_ends(design, profile)
