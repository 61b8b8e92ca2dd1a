"""Owns where a scale is logarithmic: once for each column of a table, in all its charts."""

from __future__ import annotations

import math

from vizmodel.design import CYCLES, Channel, Design, Encoding
from vizmodel.grammar.comparable import unit_panel
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import split_name

#: A measure is drawn on a log scale where it spans this many decades and leans this far, nine in
#: ten of its values by themselves, too: their largest is so many times as far from the median as
#: their smallest. A few giants alone make none, since an axis ends before them.
LOG_DECADES = 2.0
LOG_SKEW, LOG_LEAN = 2.0, 2.5
#: So is one that spans more decades, nine in ten of its values those above, where half would lie in
#: such a part of a linear axis; and where there are few values, one with a giant among them.
WIDE_DECADES, LOW_PART = 3.0, 0.1
FEW_MARKS, GIANT_SKEW, GIANT_DECADES, GIANT_LEAN = 150, 2.5, 1.3, 1.3
#: So is one of fewer decades that leans this far, where at most so many are zeros.
FAR_DECADES, FAR_LEAN, FAR_SKEW, RARE_ZEROS = 1.5, 8.0, 1.5, 0.25
#: Share of zeros from which on a scale that leaves the others little room is of no use.
MAX_ZEROS = 0.5
#: Numbers whose ranges have so much in common are drawn alike if both lean, and span, so far.
#: So are those that go together so closely (rank correlation): a log scale for one would bend it.
MIN_ALIKE, MIN_SKEW, MIN_DECADES = 0.3, 1.0, 1.3
MIN_TOGETHER, MIN_TOGETHER_DECADES = 0.7, 1.0
#: Numbers that end by themselves are percentages and points up to so many, whole numbers of which
#: nearly all of a few steps are there, and parts of one, the largest and the usual one at least so
#: large.
MOST_POINTS, FEW_STEPS, MIN_USED, MIN_PART, MIN_USUAL = 100.0, 30, 0.8, 0.25, 0.01
_POINTS_NAME = late_pattern(
    r"\b(scores?|points|scale|ratings?|marks?|grades?|phq ?\d*|gad ?\d*|bdi|hads|epds|moca|mmse"
    r"|apgar|punkte?|note|notas?|pontos?|puntos?|puntaje|punteggio)\b"
)
_PART_NAME = late_pattern(
    r"\b(shares?|prop|proportions?|frac|fractions?|probability|probabilities|prob|ctr|cvr|rates?"
    r"|anteil|quote|rate|taux|tasa|tasso|taxa|aandeel)\b"
)
_STEP_NAME = late_pattern(r"\b(learning|decay|lr|sampling|step)\b")
#: The power of ten of the smallest numbers that are no less exact than others.
LEAST_DECADE = -307


def log_channels(design: Design, profile: Profile) -> tuple[Channel, ...]:
    """Return the channels of a drawn design that have a log scale.

    Rows, boxes and bins of numbers do, and lines of them over time, of which equal steps then show
    equal growth; what is summed or counted begins at zero. So do a few numbers that grow by
    factors, along which lines and points stand, and what grows with them by orders of magnitude.

    Parameters
    ----------
    design
        As it is drawn.
    profile
        Of its table.
    """
    found: list[Channel] = []
    if unit_panel(design, profile) is not None:
        return ()  # each panel has a scale of its own
    for encoding in design.encodings:
        if encoding.channel not in ("x", "y") or encoding.field is None:
            continue
        told = encoding.field in log_columns(profile) and _has_room(encoding, design, profile)
        if told or _by_factors(encoding, design, profile):
            found.append(encoding.channel)
    return tuple(found)


def _by_factors(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether marks stand along a few numbers that grow by factors, such as doses."""
    along = encoding.transform in ("category", "value") and design.mark in ("line", "point")
    measured = encoding.channel == "y" and design.mark == "line"
    return along and not measured and profile.column(str(encoding.field)).geometric > 0


def _has_room(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether a channel may have a log scale: all that it shows has a place there."""
    column = profile.column(str(encoding.field))
    if encoding.bin:
        # Histograms have no place for many zeros beside the smallest numbers.
        return design.mark in ("bar", "rect") and column.minimum >= 0 and _low_end(column) > 0
    if design.mark in ("point", "tick", "boxplot") and not design.aggregated:
        # Points of separate numbers stand as far apart as these are.
        apart = encoding.transform == "category" and design.mark != "boxplot"
        return apart or encoding.transform == "value"
    lines = design.mark == "line" or (design.mark == "area" and design.ends is not None)
    return lines and column.minimum > 0 and _grows(encoding, design, profile)


def _grows(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether a line shows how numbers rise or fall with time, or with what grows by factors.

    Panels have scales of their own.
    """
    x = design.encoding("x")
    panels = any(e.channel in ("row", "column") for e in design.encodings)
    if x is None or x.field is None or x.time_unit in CYCLES or panels:
        return False
    own = encoding.transform in ("value", "mean", "median", "min", "max")
    along = profile.column(x.field)
    if not ((along.is_time or along.geometric > 0) and own and encoding.channel == "y"):
        return False
    return abs(profile.pair(x.field, str(encoding.field), "spearman")) >= MIN_TOGETHER


@once_per_profile
def log_columns(profile: Profile) -> frozenset[str]:
    """Return the columns whose numbers are told on a log scale wherever there is room for it.

    Those that ask for it, and those that are told on the same scale as one of them: else one chart
    of a list would bend what another shows straight.
    """
    asking = [column for column in profile.columns if wants_log(column)]
    others = [c for c in profile.columns if c not in asking and _may_follow(c)]
    follow = [c for c in others if any(_are_alike(one, c, profile) for one in asking)]
    return frozenset(column.name for column in (*asking, *follow))


def has_own_ends(column: ColumnProfile) -> bool:
    """Whether numbers end by themselves: percentages, parts of one, points of a test.

    Readers know how far these are from their ends, which a log scale does not show. What is called
    a rate of learning is none of them, nor is a ratio.

    Examples
    --------
    >>> has_own_ends(ColumnProfile("phq9", 0, "number", "measure", "", 9, 9, 9, minimum=0.0,
    ...                            maximum=27.0, integer=True))
    True
    """
    if column.kind != "number" or column.minimum < 0 or column.maximum > MOST_POINTS:
        return False
    name = split_name(column.name)
    if _STEP_NAME.search(name):
        return False
    if column.semantic == "percent":
        return "ratio" not in name or column.maximum <= 1
    if column.integer:
        steps = column.maximum - column.minimum + 1
        few = steps <= FEW_STEPS and column.n_distinct >= MIN_USED * steps
        return few or _POINTS_NAME.search(name) is not None
    if column.maximum > 1:
        return False
    seen = column.maximum >= MIN_PART and column.quantiles[2] >= MIN_USUAL
    return seen or _PART_NAME.search(name) is not None


def _may_follow(column: ColumnProfile) -> bool:
    low = column.kind == "number" and not column.is_time and _least(column) > 0
    low = low and not has_own_ends(column)
    leans = column.minimum >= 0 and column.skew >= MIN_SKEW
    return low and leans and column.share_zero <= RARE_ZEROS


def _are_alike(first: ColumnProfile, second: ColumnProfile, profile: Profile) -> bool:
    """Whether two numbers are told on the same scale.

    Such as costs of this year and the last, or the people of a place and what is paid to them.
    """
    if first.skew < MIN_SKEW:
        return False
    spread = min(_decades(first), _decades(second))
    if spread >= MIN_DECADES and profile.pair(first.name, second.name, "same_scale") >= MIN_ALIKE:
        return True
    together = abs(profile.pair(first.name, second.name, "spearman"))
    return together >= MIN_TOGETHER and spread >= MIN_TOGETHER_DECADES


def wants_log(column: ColumnProfile) -> bool:
    """Whether a column's numbers ask for a log scale by themselves.

    Parameters
    ----------
    column
        Any; text and times never do.
    """
    if column.kind != "number" or column.is_time or not _least(column) > 0:
        return False
    if has_own_ends(column):
        return False
    least, _, middle, _, most = column.quantiles
    decades, above, below = _decades(column), most - middle, middle - least
    if decades >= LOG_DECADES and above >= LOG_LEAN * below and column.skew >= LOG_SKEW:
        return True
    # Half of the values would lie at the foot of the axis, the others far above and far apart.
    rare = column.share_zero <= RARE_ZEROS and column.minimum >= 0
    far = below > 0 and above >= FAR_LEAN * below and most >= 10 * max(least, _least(column))
    if rare and far and decades >= FAR_DECADES and column.skew >= FAR_SKEW:
        return True
    # Among few marks axes end with the last, so one giant would squeeze all others. Of correlations
    # and shares one is no giant, and even numbers with a giant stay even.
    few = column.n_present <= FEW_MARKS and rare and column.maximum != 1
    leans = above >= GIANT_LEAN * below
    if few and leans and column.skew >= GIANT_SKEW and decades >= GIANT_DECADES:
        return True
    # Half of the values would lie in a tenth of the axis, and differ by orders of magnitude.
    apart = least > 0 and most >= 10**LOG_DECADES * least and _low_end(column) > 0
    return decades >= WIDE_DECADES and apart and middle <= LOW_PART * column.maximum


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
    if column.geometric:
        return column.geometric
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
