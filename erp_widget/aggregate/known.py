"""Owns whether a group without a value is drawn: not where nobody sees it, nor over all others."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate.plain import MAX_EXACT_ROWS
from erp_widget.aggregate.result import ChartRows, not_shown
from erp_widget.aggregate.values import MISSING
from erp_widget.words import spoken
from vizmodel.design import Channel, Design

#: Share of the rows below which those without a value are no group: a legend would name what nobody
#: sees, and a mean would be of a row or two.
MIN_MISSING = 0.01
#: Share of a whole above which they would leave little room for its parts.
MAX_MISSING = 0.5


def with_known(found: ChartRows, n_rows: int, design: Design) -> ChartRows:
    """Leave out rows without a value where they are very few, or most of a whole, and say so.

    Parameters
    ----------
    found
        Of a chart, before what is missing is told as text.
    n_rows
        Rows of its table.
    design
        Of the chart.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> ring = Design("arc", (Encoding("theta", None, "count", "quantitative"),
    ...                       Encoding("color", "mpaa", "category", "nominal")))
    >>> rated = [{"theta": 60, "color": "R"}, {"theta": 40, "color": "PG"}]
    >>> found = ChartRows([*rated, {"theta": 900, "color": "(missing)"}], 1_000)
    >>> shown = with_known(found, 1_000, ring)
    >>> shown.records == rated, shown.note
    (True, 'not shown: 900 of 1,000 rows without mpaa')
    """
    for encoding in design.encodings:
        if encoding.discrete and encoding.field and encoding.field not in design.style.whole:
            found = _without(found, n_rows, design, encoding.channel, encoding.field)
    return found


def _without(
    found: ChartRows, n_rows: int, design: Design, channel: Channel, name: str
) -> ChartRows:
    missing = [record for record in found.records if record[channel] == MISSING]
    weight, whole = _rows(missing, design), _rows(found.records, design)
    if not missing or len(missing) == len(found.records):
        return found
    share = weight / whole if weight and whole else 1.0
    too_much = design.mark == "arc" and MAX_MISSING < share < 1.0
    if share >= MIN_MISSING and not too_much and not _is_flat(missing, design):
        return found
    records = [record for record in found.records if record[channel] != MISSING]
    orders = {
        key: tuple(label for label in labels if key != channel or label != MISSING)
        for key, labels in found.orders.items()
    }
    note = not_shown(weight, n_rows, [name])
    uncounted = _drawn_one_by_one(design) and n_rows > MAX_EXACT_ROWS  # in a sample
    if uncounted or not weight:
        note = f"not shown: rows without {spoken(name)}"
    left = replace(found, records=records, n_shown=found.n_shown - weight, orders=orders)
    left = replace(left, known=(*found.known, name))
    return left.noted(note)


def _is_flat(records: list[dict[str, Any]], design: Design) -> bool:
    """Whether bars have no length: what has no reason comes to nothing, such as no refund."""
    measures = [e.channel for e in design.encodings if e.aggregate in ("sum", "mean", "median")]
    return design.mark == "bar" and all(r.get(at) == 0 for r in records for at in measures or "-")


def _rows(records: list[dict[str, Any]], design: Design) -> int:
    """Return how many rows of the table some records are of; 0 where they do not say."""
    counted = next((e.channel for e in design.encodings if e.aggregate == "count"), "rows")
    if _drawn_one_by_one(design):
        return len(records)
    counts: list[Any] = [record.get(counted) for record in records]
    return sum(counts) if all(isinstance(count, int) for count in counts) else 0


def _drawn_one_by_one(design: Design) -> bool:
    return not design.summarised and design.mark != "boxplot"
