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


def extremes(
    design: Design, profile: Profile, records: Sequence[Mapping[str, Any]]
) -> tuple[str, str] | None:
    """Return the longest and the shortest range in words; None where all are of one length.

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
    >>> extremes(bars, profile, [{"x": "a", "y": 1, "y2": 3}, {"x": "b", "y": 2, "y2": 9}])
    ('b (2 to 9)', 'a (1 to 3)')
    """
    if design.ends is None:
        return None
    lengths = [(_length(record, design.ends), record) for record in records]
    told = [(length, record) for length, record in lengths if length is not None]
    if not told:
        return None
    long, short = (end(told, key=lambda one: one[0]) for end in (max, min))
    if long[0] == short[0]:
        return None
    return _told(long[1], design, profile), _told(short[1], design, profile)


def span_finding(
    design: Design, profile: Profile, records: Sequence[Mapping[str, Any]]
) -> str | None:
    """Say which range is the longest and which the shortest; None where all are alike."""
    found = extremes(design, profile, records)
    if found is None or design.ends is None:
        return None
    in_time = design.ends[0].field_type == "temporal"
    longest, shortest = ("longest", "shortest") if in_time else ("widest", "narrowest")
    name = measure_title(design, design.ends[0], profile)
    return f"{name} is {longest} for {found[0]} and {shortest} for {found[1]}"


def span_facts(design: Design, profile: Profile, records: Sequence[Mapping[str, Any]]) -> str:
    """Read out a few ranges; of more, the longest, the shortest and how many there are."""
    if len(records) <= MAX_LISTED:
        return "; ".join(_told(record, design, profile) for record in records) + "."
    finding = span_finding(design, profile, records) or "All ranges are of one length"
    return f"{finding}; {len(records):,} ranges in all."


def _length(record: Mapping[str, Any], ends: tuple[Encoding, Encoding]) -> float | None:
    """Return how far it is from one end to the other, in the unit of numbers or in seconds."""
    low, high = (record.get(end.channel) for end in ends)
    if isinstance(low, str) and isinstance(high, str):
        start, stop = (datetime.fromisoformat(end).replace(tzinfo=None) for end in (low, high))
        return (stop - start).total_seconds()
    if isinstance(low, int | float) and isinstance(high, int | float):
        return float(high - low)
    return None


def _told(record: Mapping[str, Any], design: Design, profile: Profile) -> str:
    assert design.ends is not None
    keys = [e for e in design.encodings if e not in design.ends]
    low, high = (value_text(record.get(e.channel), e, profile) for e in design.ends)
    return f"{place(record, keys, profile)} ({low} to {high})"
