"""Owns which bars of two parts are drawn as the share of one of them, and as what chart.

Where one part has few rows, a full bar shows hardly more than that it is full: that 8% of one group
and 9% of another left is seen where a bar is as long as that share. Of a yes or no it is asked how
many said yes, whichever is the commoner.
"""

from __future__ import annotations

from msgspec.structs import replace

from vizmodel.design import Channel, Design, Encoding, Level, Mark, canonical
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.answers import says_yes

#: Largest share of the rarer part that is drawn alone: whatever the parts are called, and of two
#: ways in which something ended.
MAX_RARE, MAX_RARER_END = 0.25, 0.4
#: Fewest steps of a time along which a share is a line, and days of each.
MIN_STEPS, STEP_DAYS = 6, {"year": 365.25, "yearmonth": 30.4, "yearmonthdate": 1.0}


class ShareOf(Encoding, frozen=True):
    """The share of rows in which a column has one level.

    Parameters
    ----------
    level
        Whose share is told.

    Examples
    --------
    >>> ShareOf("y", "left", "mean", "quantitative", level="yes").aggregate
    'mean'
    """

    level: Level = True


def rate_level(design: Design, profile: Profile, *, ended: bool = False) -> Level | None:
    """Return the level whose share is drawn in place of all parts of full bars.

    Parameters
    ----------
    design
        Bars of shares, as `Style.stack` has them.
    profile
        Of its table.
    ended
        Whether the parts say how something ended.

    Returns
    -------
    bool, number, str or None
        The rarer of two levels where few rows have it, so the few that failed of nearly all; else
        the yes of a yes or no, or the clearly rarer of two ends. None where there are more levels,
        or parts of a sum.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> bars = Design("bar", (Encoding("x", "shop", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative"),
    ...                       Encoding("color", "paid", "category", "nominal")))
    >>> table = {"shop": ["a", "b"] * 10, "paid": [True] * 18 + [False] * 2}
    >>> rate_level(bars, profile_table(pa.table(table)))
    False
    """
    column = two_parts(design, profile)
    if column is None:
        return None
    rare = 1 - column.top_share
    if rare <= MAX_RARE:
        return column.rarer
    yes = _yes(column)
    return column.rarer if yes is None and ended and rare <= MAX_RARER_END else yes


def two_parts(design: Design, profile: Profile) -> ColumnProfile | None:
    """Return the column whose two values part the rows that bars count; None for other charts.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    color = design.encoding("color")
    measure = next((e for e in design.encodings if e.aggregate is not None), None)
    if design.mark != "bar" or measure is None or color is None or not color.field:
        return None
    if measure.aggregate != "count" and not _counts_cells(design, measure, profile):
        return None
    column = profile.column(color.field)
    whole = column.name in profile.blank_totals
    two = color.transform == "category" and column.rarer is not None and not whole
    return column if two else None


def _counts_cells(design: Design, measure: Encoding, profile: Profile) -> bool:
    """Whether a sum counts the rows that stand behind each cell of a table, by groups."""
    timed = any(e.time_unit is not None for e in design.encodings)
    return measure.aggregate == "sum" and measure.field in profile.counted and not timed


def _yes(column: ColumnProfile) -> Level | None:
    """Return the level that says yes; None where neither does."""
    if column.kind == "boolean":
        return True
    if column.zero_one:
        return 1
    if len(column.listed) == 2:
        return column.listed[-1]
    # Only the rarer of two is known.
    return column.rarer if says_yes(column.rarer) else None


def runs_in_time(design: Design, profile: Profile) -> bool:
    """Whether bars stand along a time of so many steps that what they share is read as a course.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    x = design.encoding("x")
    if x is None or x.field is None:
        return False
    column = profile.column(x.field)
    if x.transform == "category":
        return column.is_time and column.n_distinct >= MIN_STEPS
    days = STEP_DAYS.get(x.transform)
    return days is not None and column.span_days >= (MIN_STEPS - 1) * days


def as_rate(design: Design) -> Design:
    """Return the chart that is drawn of a styled design: of one part alone where that is told.

    Its rows are the shares of that part, and no part is coloured; along a time it is a line. Any
    other design stays as it is.

    Examples
    --------
    >>> from vizmodel.design import Style
    >>> bars = Design("bar", (Encoding("x", "shop", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative"),
    ...                       Encoding("color", "paid", "category", "nominal")),
    ...               Style(stack="normalize", rate="no"))
    >>> [(e.channel, e.field, e.transform) for e in as_rate(bars).encodings]
    [('x', 'shop', 'category'), ('y', 'paid', 'mean')]
    """
    color, level = design.encoding("color"), design.style.rate
    if level is None or color is None:
        return design
    at: Channel = next(e.channel for e in design.encodings if e.aggregate is not None)
    share = ShareOf(at, color.field, "mean", "quantitative", level)
    kept = [e for e in design.encodings if e.channel not in (at, "color")]
    style = replace(design.style, stack=None)
    mark: Mark = "line" if design.style.course else design.mark
    return Design(mark, canonical([*kept, share]), style)


def share_told(design: Design) -> ShareOf | None:
    """Return the share that a chart from `as_rate` is about; None where it is about none."""
    return next((e for e in design.encodings if isinstance(e, ShareOf)), None)
