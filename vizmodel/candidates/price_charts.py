"""Owns the charts of prices: their course, candlesticks, what was traded, and how far they went."""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import EVERY, ChartKind, Told
from vizmodel.design import Design, TimeUnit
from vizmodel.grammar.gathering import n_shown_rows
from vizmodel.grammar.ranges import MAX_CANDLES
from vizmodel.grammar.readable_rules import MAX_ROW_MARKS, has_many_lines
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.relations.prices import Prices
from vizmodel.tokens import Part, make_design
from vizmodel.worth.price_asides import days

#: What the charts are worth: the course, candlesticks, what was traded, and how far prices went.
COURSE, CANDLES, TRADED, RANGE = 1.0, 0.9, 0.7, 0.4
#: Units of time of which means are drawn where rows are too many, and days from which they are.
UNITS: tuple[tuple[TimeUnit, float], ...] = (("yearmonth", 120.0), ("yearmonthdate", 4.0))
#: How many times it the lines of several things have.
OF_ALL = 1.3
#: Share of it that the charts of one of several things have, beside those of all of them.
ONE_OF_SEVERAL = 0.3


def price_charts(profile: Profile) -> Iterator[Told]:
    """Yield the charts that a table of prices is looked at for, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation: the course of the last price, candlesticks of few days, what was
        traded, and from the lowest to the highest price. Of several things a line each.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> days = pa.array(range(19_700, 19_730), pa.int32()).cast(pa.date32()).cast(pa.timestamp("s"))
    >>> close = [100.0 + i * 7 % 11 for i in range(30)]
    >>> prices = {"open": [c + 0.5 for c in close], "high": [c + 2.0 for c in close]}
    >>> prices |= {"low": [c - 1.5 for c in close], "close": close}
    >>> found = price_charts(profile_table(pa.table({"day": days, **prices})))
    >>> [(design.mark, design.fields) for design, _ in found][:2]
    [('line', ('day', 'close')), ('bar', ('day', 'low', 'high'))]
    """
    time = days(profile)
    if time is None or not profile.prices:
        return
    yield from _gathered(profile, time)
    several = len(profile.prices) > 1
    for prices in profile.prices:
        if profile.identifies_rows({time.name}):
            found = _of_one(profile, prices, time)
            yield from ((d, ONE_OF_SEVERAL * w) if several else (d, w) for d, w in found)
        else:
            yield from _of_each(profile, prices, time, profile.identifying_beside(time.name))


def _lines(profile: Profile, time: ColumnProfile, of: str, group: str | None = None) -> Design:
    """Return the course of prices, or of what was traded: of more rows than are drawn, of means."""
    lines: list[Part] = [] if group is None else [("color", group, "category")]
    rows = make_design("line", profile, ("x", time.name, "value"), ("y", of, "value"), *lines)
    unit = next((unit for unit, days in UNITS if time.span_days >= days), None)
    few = n_shown_rows(rows, profile) <= MAX_ROW_MARKS or has_many_lines(rows, profile)
    if few or unit is None:
        return rows
    return make_design("line", profile, ("x", time.name, unit), ("y", of, "mean"), *lines)


def _of_one(profile: Profile, prices: Prices, time: ColumnProfile) -> Iterator[Told]:
    """Yield the charts of one thing that is traded."""
    x: Part = ("x", time.name, "value")
    ends: list[Part] = [("y", prices.low, "value"), ("y2", prices.high, "value")]
    few = profile.n_rows <= MAX_CANDLES
    yield _lines(profile, time, prices.course), COURSE
    if few and prices.open is not None:
        yield make_design("bar", profile, x, *ends), CANDLES
    if prices.volume is not None:
        bars = make_design("bar", profile, x, ("y", prices.volume, "value"))
        yield bars if few else _lines(profile, time, prices.volume), TRADED
    yield make_design("area", profile, x, *ends), RANGE
    if prices.adjusted is not None:
        other = prices.close if prices.split else prices.adjusted
        yield _lines(profile, time, other), RANGE


def _of_each(
    profile: Profile, prices: Prices, time: ColumnProfile, groups: frozenset[str]
) -> Iterator[Told]:
    """Yield the lines of several things that are traded, of a table with a row for each and day."""
    for group in sorted(groups, key=profile.index):
        for measure, worth in ((prices.course, COURSE), (prices.volume, TRADED)):
            if measure is not None:
                yield _lines(profile, time, measure, group), worth


def _gathered(profile: Profile, time: ColumnProfile) -> Iterator[Told]:
    """Yield the lines of several things that have columns of their own."""
    courses = {one.course for one in profile.prices}
    traded = {one.volume for one in profile.prices}
    for fold in profile.folds:
        for members, worth in ((courses, OF_ALL * COURSE), (traded, OF_ALL * TRADED)):
            if members.issuperset(fold.columns):
                yield _lines(profile, time, fold.value, fold.key), worth


PRICES = ChartKind("prices", price_charts, unknown_to=EVERY)
