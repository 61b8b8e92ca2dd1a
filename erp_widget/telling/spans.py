"""Owns what a chart of ranges says: which of them is the longest, which the shortest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from erp_widget.telling.figures import place, value_text
from erp_widget.words import measure_title
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

#: Up to this many ranges are read out one by one.
MAX_LISTED = 6
Range = Mapping[str, Any]


def span_finding(design: Design, profile: Profile, records: Sequence[Range]) -> str | None:
    """Say which range is the longest and which the shortest; None where all are alike.

    Parameters
    ----------
    design, profile
        The chart, whose marks run from one end to another, and its table.
    records
        What is drawn.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> from vizmodel.tokens import make_encoding
    >>> table = {"day": ["a", "b"], "low": [1, 2], "high": [3, 9]}
    >>> profile = profile_table(pa.table(table))
    >>> bars = Design("bar", (make_encoding("x", "day", "category", profile),
    ...     make_encoding("y", "low", "value", profile),
    ...     make_encoding("y2", "high", "value", profile)))
    >>> span_finding(bars, profile, [{"x": "a", "y": 1, "y2": 3}, {"x": "b", "y": 2, "y2": 9}])
    'low to high is widest for b (2 to 9) and narrowest for a (1 to 3)'
    """
    ends = design.ends
    found = None if ends is None else _extremes(ends, records)
    if found is None or ends is None:
        return None
    in_time = ends[0].field_type == "temporal"
    longest, shortest = ("longest", "shortest") if in_time else ("widest", "narrowest")
    name = measure_title(design, ends[0], profile)
    (long_at, long), (short_at, short) = (_told(one, design, profile) for one in found)
    if long_at == short_at:
        return f"{name} is {longest} and {shortest} for {long_at}: {long} and {short}"
    return f"{name} is {longest} for {long_at} ({long}) and {shortest} for {short_at} ({short})"


def _extremes(
    ends: tuple[Encoding, Encoding], records: Sequence[Range]
) -> tuple[Range, Range] | None:
    """Return the longest and the shortest range; None where all are of one length."""
    lengths = [(_length(record, ends), record) for record in records]
    told = [(length, record) for length, record in lengths if length is not None]
    if not told:
        return None
    long, short = (end(told, key=lambda one: one[0]) for end in (max, min))
    return None if long[0] == short[0] else (long[1], short[1])


def span_facts(design: Design, profile: Profile, records: Sequence[Range]) -> str:
    """Read out a few ranges; of more, the longest, the shortest and how many there are."""
    if len(records) <= MAX_LISTED:
        told = [_told(record, design, profile) for record in records]
        return "; ".join(f"{at} ({reach})" for at, reach in told) + "."
    finding = span_finding(design, profile, records) or "All ranges are of one length"
    return f"{finding}; {len(records):,} ranges in all."


def _length(record: Range, ends: tuple[Encoding, Encoding]) -> float | None:
    """Return how far it is from one end to the other, in the unit of numbers or in seconds."""
    low, high = (record.get(end.channel) for end in ends)
    if isinstance(low, str) and isinstance(high, str):
        start, stop = (datetime.fromisoformat(end).replace(tzinfo=None) for end in (low, high))
        return (stop - start).total_seconds()
    if isinstance(low, int | float) and isinstance(high, int | float):
        return float(high - low)
    return None


def _told(record: Range, design: Design, profile: Profile) -> tuple[str, str]:
    """Return where a range stands, and from where to where it reaches."""
    assert design.ends is not None
    keys = [e for e in design.encodings if e not in design.ends]
    low, high = (value_text(record.get(e.channel), e, profile) for e in design.ends)
    return place(record, keys, profile), f"{low} to {high}"
