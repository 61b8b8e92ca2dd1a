"""Owns when in the day and in the week events happen: calls by the hour, parcels by weekday.

Of events with a time of day that is asked early: when somebody has to be there for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vizmodel.design import Design, TimeUnit
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.tokens import Part, make_design

#: Days that events span from which on hours, and weekdays, come round.
MIN_DAYS: dict[TimeUnit, float] = {"hours": 2.0, "day": 10.0}
#: Rows for each day from which hours are told apart, and share of even steps of readings.
MIN_EACH_DAY, EVENLY = 4.0, 0.5


def rounds_of_events(profile: Profile, amounts: Sequence[str] = ()) -> Iterator[Design]:
    """Yield how many events there are in each hour of the day and on each weekday, and how much.

    Which need not be legal. Readings at even steps are as many in each hour.

    Parameters
    ----------
    profile
        Of the table.
    amounts
        Columns that add up; of the first there are totals by the hour.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> minutes = [60_000_000 * (n * n % 10_000) for n in range(1_000)]
    >>> calls = pa.table({"call": pa.array(minutes, pa.timestamp("us"))})
    >>> [[e.transform for e in one.encodings] for one in rounds_of_events(profile_table(calls))]
    [['hours', 'count']]
    """
    events = (column for column in profile.own_columns if _are_events(column))
    for column in list(events)[:1]:
        count: Part = ("y", None, "count")
        totals: list[Part] = [("y", name, "sum") for name in amounts[:1]]
        for unit, days in MIN_DAYS.items():
            if column.span_days >= days:
                part: Part = ("x", column.name, unit)
                for measure in (count, *totals) if unit == "hours" else (count,):
                    yield make_design("bar", profile, part, measure)


def _are_events(column: ColumnProfile) -> bool:
    """Whether times say when in the day something happened, as often as it did."""
    timed = column.kind == "time" and column.usable and column.resolution == "hour"
    often = column.n_present >= MIN_EACH_DAY * column.span_days
    return timed and often and column.even < EVENLY and "hours" not in column.still


def counts_hours(design: Design) -> bool:
    """Whether bars say how many there are in each hour of the day."""
    x, y = design.encoding("x"), design.encoding("y")
    counted = y is not None and y.transform == "count" and len(design.fields) == 1
    return design.mark == "bar" and counted and x is not None and x.time_unit == "hours"
