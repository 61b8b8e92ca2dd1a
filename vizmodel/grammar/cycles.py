"""Owns the rule about sums over what comes round again, of which some parts came more often."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import ColumnProfile, Profile

#: Days after which the parts of a time come round again. Hours of a day do too, but a table that
#: begins at eight and ends at six has each of its hours as often.
DAYS_ROUND = {"quarter": 365.25, "month": 365.25, "day": 7.0}
#: Share of a round that may be missing: eighteen days of a year, Saturday and Sunday of a week.
MAY_LACK = {"quarter": 0.05, "month": 0.05, "day": 0.3}
#: Days from one time to the next, which a span leaves out; share of equal steps from which these
#: are the days of each.
DAYS_PER_STEP = {"year": 365.25, "month": 30.44, "day": 1.0, "hour": 1 / 24}
REGULAR = 0.95
#: Rounds from which one more of some parts is little, and share of a round that may be over.
MANY_ROUNDS, MAY_EXCEED = 10, 0.05
#: What grows with each time that a part comes.
TOTALS = ("count", "sum", "distinct")


def _adds_up_parts(design: Design, profile: Profile) -> bool:
    if not any(e.transform in DAYS_ROUND for e in design.encodings):
        return False
    return any(e.transform in TOTALS for e in design.encodings)


def _parts_come_as_often(design: Design, profile: Profile) -> bool:
    return _shares_ends(design, profile) or all(
        comes_as_often(profile.column(e.field), e.transform)
        for e in design.encodings
        if e.field is not None and e.transform in DAYS_ROUND
    )


def _shares_ends(design: Design, profile: Profile) -> bool:
    """Whether bars of how records ended are drawn as shares, which do not grow."""
    color = design.encoding("color")
    if design.mark != "bar" or color is None or color.field is None:
        return False
    counted = any(e.transform == "count" for e in design.encodings)
    return counted and profile.column(color.field).tells_an_outcome


def comes_as_often(column: ColumnProfile, unit: str) -> bool:
    """Whether each month of the year, or each weekday, came about as often as the others.

    Parameters
    ----------
    column
        A time.
    unit
        The part of it that comes round.

    Examples
    --------
    >>> from msgspec.structs import replace
    >>> sold = ColumnProfile("sold", 0, "time", "time", "", 90, 90, 90, resolution="day")
    >>> [comes_as_often(replace(sold, span_days=365.25 * y), "month") for y in (0.7, 1, 1.7, 2)]
    [True, True, False, True]
    """
    step = DAYS_PER_STEP[column.resolution or "day"]
    if column.even >= REGULAR and column.n_distinct > 1:
        step = column.span_days / (column.n_distinct - 1)
    rounds = (column.span_days + step) / DAYS_ROUND[unit]
    over = rounds % 1
    whole = over <= MAY_EXCEED or over >= 1 - MAY_LACK[unit]
    return whole or not 1 < rounds < MANY_ROUNDS


CYCLE_RULE = ChartRule(
    "parts_come_as_often",
    "Totals of months of the year, or of weekdays, need each of them about as often.",
    _parts_come_as_often,
    _adds_up_parts,
)
