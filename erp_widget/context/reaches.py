"""Owns from where to where the numbers of a channel reach, piles as a whole and bounds included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate.plain import BOUNDS
from vizmodel.design import Design, Encoding
from vizmodel.form.bounds import bounded

#: What a box plot has beside its box.
_EXTREMES = ("minimum", "maximum")


def reach(
    design: Design, encoding: Encoding, records: Sequence[Mapping[str, Any]]
) -> tuple[float, float]:
    """Return the smallest and the largest number that a channel shows; 0 and 0 where none.

    Parameters
    ----------
    design, encoding
        The chart, with its style, and one of its channels.
    records
        Its rows.
    """
    beside: tuple[str, ...] = _EXTREMES if design.mark == "boxplot" else ()
    beside = BOUNDS if encoding == bounded(design) else beside
    names = (encoding.channel, f"{encoding.channel}2", *beside)
    values = [record.get(name) for record in records for name in names]
    numbers = [value for value in values if isinstance(value, int | float)]
    return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)


def piled_reach(
    design: Design, encoding: Encoding, records: Sequence[Mapping[str, Any]]
) -> tuple[float, float]:
    """Return the same where the marks of each place stand one upon the other."""
    channel = encoding.channel
    places = [e.channel for e in design.encodings if e.channel not in (channel, "color")]
    piles: dict[tuple[Any, ...], float] = {}
    for record in records:
        size = record.get(channel) or 0
        # Those below nought go the other way.
        place = (size < 0, *(record.get(name) for name in places))
        piles[place] = piles.get(place, 0.0) + size
    return (min(piles.values()), max(piles.values())) if piles else (0.0, 0.0)
