"""Owns what candlesticks say: where prices end and began, and when they went furthest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate.plain import BODY
from erp_widget.telling.figures import at_place, place, value_text
from erp_widget.telling.percents import percent
from erp_widget.words import called
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

#: Share by which a price has hardly changed.
HARDLY = 0.005


def candle_finding(
    design: Design, profile: Profile, records: Sequence[Mapping[str, Any]]
) -> str | None:
    """Say where prices end, how far that is from where they began, and on which day they went far.

    Parameters
    ----------
    design, profile
        The chart and its table.
    records
        What is drawn.

    Returns
    -------
    str or None
        None where the chart has no candlesticks, or a single one.
    """
    x, body = design.encoding("x"), design.style.body
    if body is None or x is None or len(records) < 2:
        return None
    begin, *_, end = sorted(records, key=lambda record: record["x"])
    closing = Encoding("y", body[1], "value", "quantitative")
    last, was = end[BODY[1]], begin[BODY[1]]
    told = f"{called(body[1], profile)} ends at {value_text(last, closing, profile)}"
    told += f" {at_place(end, [x], profile)}"
    told += _change(last, was, place(begin, [x], profile))
    wide = max(records, key=lambda record: record["y2"] - record["y"])
    low, high = (value_text(wide[e.channel], e, profile) for e in design.ends or ())
    return f"{told}; it went furthest {at_place(wide, [x], profile)}, from {low} to {high}"


def _change(last: float, was: float, when: str) -> str:
    """Return how far a price is from what it was at first; no share of one below nothing."""
    if was <= 0 or last <= 0:
        return ""
    share = last / was - 1
    if abs(share) < HARDLY:
        return f", about as on {when}"
    if share > 1:
        return f", {last / was:.3g} times that of {when}"
    return f", {percent(abs(share))} {'above' if share > 0 else 'below'} that of {when}"


def candle_facts(design: Design, profile: Profile, records: Sequence[Mapping[str, Any]]) -> str:
    """Tell what the bars and their two colours say: how many rise, and what prices come to."""
    first, last = BODY
    rising = sum(record[last] > record[first] for record in records)
    falling = sum(record[last] < record[first] for record in records)
    found = candle_finding(design, profile, records)
    told = f"{found}. " if found else ""
    return f"{told}{rising:,} of {len(records):,} close higher than they open, {falling:,} lower."
