"""Owns places along a line that are of fewer values than the others: a fall there is none."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from vizmodel.design import Design

#: Fewest places that tell what is usual, share of them that must have as many values as the
#: fullest, and part of these from which one that is missing does not matter.
MIN_PLACES, MOST_ALIKE, ALIKE = 4, 0.8, 0.97
SUMMARIES = ("mean", "median", "sum", "min", "max")


def is_course(design: Design) -> bool:
    """Whether a chart is one line of a summary, which each missing value can move."""
    keys = [e.channel for e in design.encodings if e.is_key]
    summaries = [e for e in design.encodings if e.aggregate in SUMMARIES and e.field]
    return design.mark in ("line", "area") and keys == ["x"] and len(summaries) == 1


def with_incomplete(found: ChartRows, n_values: Sequence[int]) -> ChartRows:
    """Mark as `partial` what is of fewer values than nearly all other places, and say so.

    Where nine regions have a number each year, the mean of a year without the largest of them is
    that of eight others. Places of records, of which there are now more and now fewer, have none.

    Parameters
    ----------
    found
        Of a chart that `is_course` tells.
    n_values
        Of each record.

    Examples
    --------
    >>> years = [{"x": 2020 + n, "y": 500.0 + n} for n in range(5)]
    >>> with_incomplete(ChartRows(years, 44), [9, 8, 9, 9, 9]).note
    'one point is of 8 values, the others of 9'
    """
    full = max(n_values, default=0)
    fewer = [n for n in n_values if n < full]
    n_full = len(n_values) - len(fewer)
    if not fewer or len(n_values) < MIN_PLACES or n_full < MOST_ALIKE * len(n_values):
        return found
    if min(fewer) > ALIKE * full:
        return found
    records = [
        record | {"partial": True} if n < full else record
        for record, n in zip(found.records, n_values, strict=True)
    ]
    few = f"{min(fewer)}" if min(fewer) == max(fewer) else f"{min(fewer)} to {max(fewer)}"
    many = "one point is" if len(fewer) == 1 else f"{len(fewer)} points are"
    said = f"{many} of {few} value{'' if few == '1' else 's'}, the others of {full}"
    return replace(found, records=records).noted(said)
