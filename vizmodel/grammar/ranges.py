"""Owns the rule about ranges: marks that run from one column to another, such as low to high."""

from __future__ import annotations

from vizmodel.design import Design, Transform
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile
from vizmodel.profile.relations.prices import Prices

#: What may happen to the lower and to the upper end of a range.
ENDS: tuple[tuple[Transform, Transform], ...] = (
    ("value", "value"),
    ("mean", "mean"),
    ("median", "median"),
    ("min", "max"),
)
#: Most days whose candlesticks are seen one by one.
MAX_CANDLES = 150


def shown_prices(design: Design, profile: Profile) -> Prices | None:
    """Return the prices of which a chart shows the lowest and the highest; None where of none."""
    if design.ends is None:
        return None
    ends = tuple(end.field for end in design.ends)
    return next((one for one in profile.prices if (one.low, one.high) == ends), None)


def candle_body(design: Design, profile: Profile) -> tuple[str, str] | None:
    """Return the opening and the closing price of candlesticks; None where bars are none.

    These are bars of prices along a time, row by row.
    """
    prices, x = shown_prices(design, profile), design.encoding("x")
    if design.mark != "bar" or design.summarised or prices is None or x is None:
        return None
    channels = [e.channel for e in design.encodings]
    along = x.transform == "value" and channels == ["x", "y", "y2"]
    return (prices.open, prices.close) if along and prices.open is not None else None


def _shows_range(design: Design, profile: Profile) -> bool:
    return design.ends is not None


def _ends_belong_together(design: Design, profile: Profile) -> bool:
    if design.ends is None:
        return True
    low, high = design.ends
    known = profile.is_range(low.field, high.field)
    return known and (low.transform, high.transform) in ENDS


def _candles_have_room(design: Design, profile: Profile) -> bool:
    return profile.n_rows <= MAX_CANDLES or candle_body(design, profile) is None


def _bars_of_rows(design: Design, profile: Profile) -> bool:
    return design.mark == "bar" and design.ends is not None and not design.summarised


RANGE_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "ends_belong_together",
        "A range runs from a lower to an upper bound of the same thing, both summarised alike.",
        _ends_belong_together,
        _shows_range,
    ),
    ChartRule(
        "candles_have_room",
        "Candlesticks are of so few days that each of them is seen.",
        _candles_have_room,
        _bars_of_rows,
    ),
)
