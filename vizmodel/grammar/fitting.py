"""Owns which columns fit a unit of time, run under a line, and make a box."""

from __future__ import annotations

import math

from vizmodel.design import CYCLES, Channel, Mark, TimeUnit, Transform
from vizmodel.grammar.steps import are_steps, counts_on
from vizmodel.profile import ColumnProfile
from vizmodel.profile.columns import MAX_CATEGORIES

#: Times from which their steps tell a series from events, and the share that is even in a series.
FEW_TIMES, MIN_EVEN = 24, 0.45
#: Most distinct numbers along which a line runs where the rows are not in their order, and rows
#: for each of them: of whole numbers that leave some out, and of those with a fraction.
MAX_LINE_STEPS, MIN_PER_INTEGER, MIN_PER_FRACTION = 60, 2, 3
#: Numbers with a fraction from which it is no chance that the rows are in their order.
MIN_SORTED = 6
#: Rows at each step of a line over numbers, and share of the whole numbers of a range, from which
#: they are steps of a scale rather than measurements.
MIN_PER_STEP, MIN_FILLED_STEPS = 5, 0.8
#: Different amounts with a fraction that may be the doses of a design; more were measured.
MAX_DOSES = 20
#: Whole numbers from which a box plot has a shape, and share of zeros up to which it has one.
MIN_BOX_VALUES, MAX_BOX_ZEROS = 10, 0.5
#: Days from which their months or quarters are several and comparable.
MIN_CYCLE_DAYS = 180
DAYS_PER_YEAR = 365.25
#: Days of each part of a time, and how many of them there are before they come round again.
PARTS: dict[str, tuple[float, float]] = {
    "year": (DAYS_PER_YEAR, math.inf),
    "quarter": (DAYS_PER_YEAR / 4, 4),
    "month": (DAYS_PER_YEAR / 12, 12),
    "yearmonth": (DAYS_PER_YEAR / 12, math.inf),
    "yearmonthdate": (1.0, math.inf),
    "day": (1.0, 7),
    "hours": (1 / 24, 24),
}


def fits_unit(unit: Transform, column: ColumnProfile, max_days: int) -> bool:
    """Whether a time unit gives at least two and not too many periods."""
    if column.kind != "time" or unit in column.still:
        return False
    span, resolution = column.span_days, column.resolution
    if unit == "year":
        return span >= 1.5 * DAYS_PER_YEAR and resolution != "year"
    several = column.n_present >= 1.5 * column.n_distinct
    if unit in ("quarter", "month"):
        part = span >= MIN_CYCLE_DAYS and resolution in ("day", "hour")
        return part or (span >= DAYS_PER_YEAR and resolution != "year")
    if unit == "yearmonth":
        finer = resolution in ("day", "hour") or (resolution == "month" and several)
        return 60 <= span <= 15 * DAYS_PER_YEAR and finer
    if unit == "yearmonthdate":
        return 2 <= span <= max_days and (resolution == "hour" or (resolution == "day" and several))
    if unit == "day":
        return span >= 21 and resolution in ("day", "hour")
    return resolution == "hour" and span >= 0.25


def is_own_unit(unit: Transform, column: ColumnProfile) -> bool:
    """Whether times are few and as fine as a unit: an axis of cells has a place for each."""
    return own_unit(column) == unit and 2 <= column.n_distinct <= MAX_CATEGORIES


def own_unit(column: ColumnProfile) -> TimeUnit | None:
    """Return the unit that is as fine as some times; None of hours and of what is no time."""
    units: dict[str, TimeUnit] = {"year": "year", "month": "yearmonth", "day": "yearmonthdate"}
    return units.get(column.resolution or "")


def steps_are_even(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether times follow each other evenly, or are so few that it makes no difference."""
    return column.kind != "time" or column.n_distinct <= FEW_TIMES or column.even >= MIN_EVEN


def line_has_order(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether the values under a line follow each other."""
    if transform == "category":
        # Codes such as 0 and 1 are told apart by their numbers, and nothing lies between them.
        codes = column.kind == "number" and column.semantic == "category" and column.told is None
        if codes or not column.ordered:
            return False
    if transform in ("category", "value") and column.kind == "number":
        known = column.semantic in ("year", "sequence", "ordinal")
        return known or _is_sorted(column) or _has_line_steps(column)
    return True


def _is_sorted(column: ColumnProfile) -> bool:
    """Whether the rows are in the order of a column, and not by chance.

    The first column of a table is mostly what the others run along.
    """
    few = column.n_distinct < MIN_SORTED and not column.integer and column.position > 0
    return column.monotonic == 1.0 and (not few or are_steps(column))


def _has_line_steps(column: ColumnProfile) -> bool:
    """Whether numbers that are in no order are steps: few are left out, or each comes again."""
    least = MIN_PER_INTEGER if column.integer else MIN_PER_FRACTION
    again = column.n_present >= least * column.n_distinct
    return column.n_distinct <= MAX_LINE_STEPS and (again or counts_on(column))


def runs_along_steps(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether the numbers under a line are steps, each met several times, or in their own order.

    Money and sizes that were rounded are met again, too, and are no steps.
    """
    if column.is_time or column.axis or column.monotonic == 1.0:
        return True
    if column.additive and not column.integer and column.n_distinct > MAX_DOSES:
        return False
    span = column.maximum - column.minimum + 1
    unbroken = column.integer and column.n_distinct >= MIN_FILLED_STEPS * span
    several = column.n_present >= MIN_PER_STEP * column.n_distinct
    return (column.semantic == "sequence" and unbroken) or (
        several and column.n_distinct <= MAX_LINE_STEPS
    )


def n_parts(unit: Transform, column: ColumnProfile) -> int:
    """Return how many parts a time is cut into at most; fewer where some have no rows.

    Examples
    --------
    >>> days = ColumnProfile("sold", 0, "time", "time", "", 500, 500, 500, span_days=499)
    >>> n_parts("year", days), n_parts("month", days), n_parts("day", days)
    (3, 12, 7)
    """
    days, most = PARTS[unit]
    return int(min(column.span_days // days + 2, most, column.n_distinct))


def boxes_are_of_parts(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether boxes are of a few years, or of parts of a time that come round again."""
    parted = transform == "year" or transform in CYCLES
    return parted and n_parts(transform, column) <= MAX_CATEGORIES


def box_has_shape(
    mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    """Whether quartiles of the values are more than a few whole numbers, or zeros."""
    several = not column.integer or column.n_distinct >= MIN_BOX_VALUES
    return several and column.share_zero <= MAX_BOX_ZEROS
