"""Owns what the tokens leave open: orientation, order of groups, stacking and log scales."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from vizmodel.design import AGGREGATES, TURNED, Channel, Design, Encoding, Style, canonical
from vizmodel.grammar.gathering import shown_fold
from vizmodel.grammar.readable_rules import is_ranked
from vizmodel.grammar.sliced import shown_slice
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.places import of_one_place

#: A group axis is drawn on the side where its labels would not fit below the chart.
MAX_UPRIGHT_GROUPS = 12
MAX_UPRIGHT_LABELS = 60  # characters of all labels together
MAX_UPRIGHT_LABEL = 14  # characters of the longest label
#: Groups that are drawn by themselves where there are too many for an axis.
TOP_GROUPS = 12
#: A few codes, such as 0 and 1, are looked for in their order; of many the largest are, unless
#: they count on with few left out, as pairs of sites do: most numbers of their span for each.
MAX_ORDERED_CODES, MAX_LEFT_OUT = 12, 1.5
#: Groups that have one order in all charts, whichever is the larger in this one.
TWO = 2
#: Bars are drawn as shares where they have at most so many parts, tied to the bars at least so
#: much (Cramér's V), and, of sums, the largest bar is at least so many times the mean one.
MAX_PARTS, MIN_TIE, MIN_LEAD = 6, 0.12, 2.5
#: A measure is drawn on a log scale where it spans this many decades and leans this far, nine in
#: ten of its values by themselves, too: their largest is so many times as far from the median as
#: their smallest. A few giants alone make none, since an axis ends before them.
LOG_DECADES = 2.0
LOG_SKEW, LOG_LEAN = 2.0, 2.5
#: So is one that spans more decades, nine in ten of its values those above, where half would lie in
#: such a part of a linear axis; and where there are few values, one with a giant among them.
WIDE_DECADES, LOW_PART = 3.0, 0.1
FEW_MARKS, GIANT_SKEW, GIANT_DECADES = 150, 2.5, 1.3
#: Share of zeros from which on a scale that leaves the others little room is of no use.
MAX_ZEROS = 0.5
#: Numbers whose ranges have so much in common are drawn alike if both lean, and span, so far.
#: So are those that go together so closely (rank correlation): a log scale for one would bend it.
MIN_ALIKE, MIN_SKEW, MIN_DECADES = 0.3, 1.0, 1.3
MIN_TOGETHER, MIN_TOGETHER_DECADES = 0.7, 1.0
#: The power of ten of the smallest numbers that are no less exact than others.
LEAST_DECADE = -307

_SIDEWAYS_MARKS = ("bar", "boxplot", "tick", "point")
_SORTED_MARKS = ("bar", "boxplot", "point")


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
    kept = shown_slice(design, profile)
    style = Style(
        horizontal=horizontal,
        # Bars of equal height have no largest.
        sort=None if stack == "normalize" else _sorted_channel(drawn, profile),
        stack=stack,
        log=_log_channels(drawn, profile),
        projected=_is_map(drawn, profile),
        top=TOP_GROUPS if is_ranked(drawn, profile) else None,
        fold=shown_fold(drawn, profile),
        where=() if kept is None else kept.held,
        whole=tuple(name for name in drawn.fields if name in profile.blank_totals),
    )
    return drawn.with_style(style)


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
    if design.mark == "point" and value.transform not in AGGREGATES:
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
    return column.ordered and not (many and not _counts_on(column))


def _counts_on(column: ColumnProfile) -> bool:
    """Whether codes are whole numbers of which few in between are missing."""
    span = column.maximum - column.minimum + 1
    few = column.n_distinct <= MAX_CATEGORIES  # of more the largest are shown
    return few and column.integer and span <= MAX_LEFT_OUT * column.n_distinct


def _stack(design: Design, profile: Profile) -> Literal["zero", "normalize"] | None:
    if design.mark not in ("bar", "area") or design.encoding("color") is None or design.ends:
        return None
    return "normalize" if _shares_matter(design, profile) else "zero"


def adds_up(encoding: Encoding, column: ColumnProfile | None) -> bool:
    """Whether marks of a measure may be put on top of each other.

    Counts and sums may; what single rows say, where it counts something or is money: a sum of
    concentrations means nothing, and whether others do is not known.

    Parameters
    ----------
    encoding, column
        The measure, and the column that it shows.
    """
    if encoding.aggregate is not None or column is None:
        return encoding.aggregate in ("count", "sum")
    return column.additive and (column.integer or column.semantic == "currency")


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
    if not color.discrete or not color.field or keys[0].transform != "category":
        return False
    bars, parts = profile.column(str(keys[0].field)), profile.column(color.field)
    tied = profile.pair(bars.name, parts.name, "cramers_v") >= MIN_TIE
    few = 2 <= parts.n_distinct <= MAX_PARTS
    summed = {e.field for e in design.encodings if e.transform == "sum"} - profile.counted
    sized = bool(summed) or bars.is_time
    return tied and few and (not sized or bars.top_share * bars.n_distinct >= MIN_LEAD)


def _is_map(design: Design, profile: Profile) -> bool:
    """Whether points stand at a longitude and a latitude, north upwards."""
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "point" or x is None or y is None or not x.field or not y.field:
        return False
    if any(e.channel in ("row", "column") for e in design.encodings):
        return False
    semantics = (profile.column(x.field).semantic, profile.column(y.field).semantic)
    if semantics != ("longitude", "latitude") or not x.transform == y.transform == "value":
        return False
    # The longitude of one end of a way and the latitude of the other are no place.
    names = [c.name for c in profile.columns if c.semantic in ("longitude", "latitude")]
    return of_one_place(x.field, y.field, names)


def _log_channels(design: Design, profile: Profile) -> tuple[Channel, ...]:
    rows = design.mark in ("point", "tick", "boxplot") and not design.aggregated
    bins = design.mark in ("bar", "rect")
    found: list[Channel] = []
    shown: dict[Channel, ColumnProfile] = {}
    for encoding in design.encodings:
        if encoding.channel not in ("x", "y") or encoding.field is None:
            continue
        column = profile.column(encoding.field)
        if rows and encoding.transform == "value":
            shown[encoding.channel] = column
            found += [encoding.channel] if _wants_log(column) else []
        elif encoding.bin and bins and column.minimum >= 0 and _low_end(column) > 0:
            found += [encoding.channel] if _wants_log(column) else []
    alike = len(found) == 1 and len(shown) == 2 and _are_alike([*shown.values()], profile)
    return tuple(shown) if alike else tuple(found)


def _are_alike(columns: Sequence[ColumnProfile], profile: Profile) -> bool:
    """Whether two numbers are told on the same scale.

    Such as costs of this year and the last, or the people of a place and what is paid to them.
    """
    x, y = columns
    spread = min(map(_decades, columns))
    if any(column.skew < MIN_SKEW for column in columns):
        return False
    if profile.pair(x.name, y.name, "same_scale") >= MIN_ALIKE and spread >= MIN_DECADES:
        return True
    together = abs(profile.pair(x.name, y.name, "spearman"))
    return together >= MIN_TOGETHER and spread >= MIN_TOGETHER_DECADES


def _wants_log(column: ColumnProfile) -> bool:
    if column.kind != "number" or column.is_time or not _least(column) > 0:
        return False
    least, _, middle, _, most = column.quantiles
    leans = most - middle >= LOG_LEAN * (middle - least)
    if _decades(column) >= LOG_DECADES and leans and column.skew >= LOG_SKEW:
        return True
    if _low_end(column) <= 0:
        return False
    # Half of the values would lie in a tenth of the axis, and differ by orders of magnitude.
    apart = least > 0 and most >= 10**LOG_DECADES * least
    if _decades(column) >= WIDE_DECADES and apart and middle <= LOW_PART * column.maximum:
        return True
    # Among few marks axes end with the last, so one giant would squeeze all others.
    few = column.n_present <= FEW_MARKS and column.minimum > 0
    return few and column.skew >= GIANT_SKEW and _decades(column) >= GIANT_DECADES


def _decades(column: ColumnProfile) -> float:
    """Return how many powers of ten a log scale would show; none where it could not be."""
    low = _least(column)
    return math.log10(column.maximum) - math.log10(low) if 0 < low < column.maximum else 0.0


def _low_end(column: ColumnProfile) -> float:
    """Return the smallest number, or that below which one in twenty lies where zeros are fewer."""
    return column.quantiles[0] if column.minimum == 0.0 else column.minimum


def _least(column: ColumnProfile) -> float:
    """Return the number from which a log scale would run: above zeros, where these are fewer."""
    low = _low_end(column)
    if low == 0.0 and column.share_zero < MAX_ZEROS:
        return next((value for value in column.quantiles[:3] if value > 0), 0.0)
    return low


def log_constant(column: ColumnProfile) -> float:
    """Return the power of ten around which a symmetric log scale has room for zeros.

    Such a scale (Webber 2012) is linear near zero and logarithmic beyond the constant.

    Examples
    --------
    >>> from vizmodel.profile.columns import ColumnProfile
    >>> log_constant(ColumnProfile("n", 0, "number", "measure", "", 9, 9, 9, minimum=0.0,
    ...                            quantiles=(20.0, 30.0, 40.0, 50.0, 60.0)))
    10.0
    """
    low = _least(column)
    return float(10.0 ** max(math.floor(math.log10(low)), LEAST_DECADE)) if low > 0 else 1.0


def log_ticks(constant: float, largest: float, most: int = 6) -> list[float]:
    """Return zero and the powers of ten that a symmetric log scale shows, at most about `most`.

    Examples
    --------
    >>> log_ticks(10.0, 5_000.0)
    [0.0, 10.0, 100.0, 1000.0]
    """
    # By logarithms: the ratio of the widest spans is no number.
    first = math.log10(constant)
    n_decades = max(0, math.floor(math.log10(max(largest, constant)) - first))
    step = max(1, math.ceil((n_decades + 1) / (most - 1)))
    return [0.0, *(10.0 ** (first + power) for power in range(0, n_decades + 1, step))]
