"""Owns places that a few rows share, where else there is one row in each: they show the mean."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from vizmodel.design import Design
from vizmodel.form.style import merged_measure


def with_merged(found: ChartRows, design: Design) -> ChartRows:
    """Return rows of which those that share a place are one, with their mean, and say so.

    Examples
    --------
    >>> from vizmodel.design import Encoding, Style
    >>> line = Design("line", (Encoding("x", "year", "value", "quantitative"),
    ...                        Encoding("y", "rate", "value", "quantitative")), Style(merged=True))
    >>> rows = [{"x": 1, "y": 5.0}, {"x": 2, "y": 3.0}, {"x": 2, "y": 4.0}]
    >>> with_merged(ChartRows(rows, 3), line).records
    [{'x': 1, 'y': 5.0}, {'x': 2, 'y': 3.5}]
    """
    measure = merged_measure(design)
    if measure is None:
        return found
    places: dict[tuple[tuple[str, Any], ...], list[dict[str, Any]]] = {}
    for record in found.records:
        place = tuple((name, part) for name, part in record.items() if name != measure.channel)
        places.setdefault(place, []).append(record)
    records = [
        rows[0] | ({} if len(rows) == 1 else {measure.channel: _mean(rows, measure.channel)})
        for rows in places.values()
    ]
    shared = shared_note([len(rows) for rows in places.values()])
    return replace(found, records=records).noted(shared)


def shared_note(n_rows: list[int]) -> str | None:
    """Say how many places several rows share, given how many are in each; None where none do.

    Examples
    --------
    >>> shared_note([1, 2, 1]), shared_note([1, 1])
    ('1 place has several rows: their mean is shown', None)
    """
    shared = sum(n > 1 for n in n_rows)
    if not shared:
        return None
    return (
        f"{shared:,} place{' has' if shared == 1 else 's have'} several rows: their mean is shown"
    )


def _mean(rows: list[dict[str, Any]], channel: str) -> float:
    return sum(float(row[channel]) for row in rows) / len(rows)
