"""Owns what is said of the values of box plots that lie beyond the end of their axis."""

from __future__ import annotations

from typing import Any

from erp_widget import looks
from erp_widget.chart_context import ChartContext
from erp_widget.figures import figure
from vizmodel.design import Encoding

LABEL_SIZE = 10
#: Where an axis ends -> part of a box on that side, values beyond its whisker, and the signs that
#: point there along x and y.
SIDES = {
    "under": ("minimum", "below", {"x": "←", "y": "↓"}),
    "over": ("maximum", "above", {"x": "→", "y": "↑"}),
}


def edge_labels(context: ChartContext, record: dict[str, Any]) -> dict[str, str | None]:
    """Return what is written at an axis' ends of one box: how many values go on, and how far.

    Parameters
    ----------
    context
        Of a box plot.
    record
        The numbers of one box.

    Returns
    -------
    dict
        `under` and `over`; None where there is nothing to say.
    """
    measure = next(e for e in context.design.encodings if e.transform == "value")
    low, high = context.rows.limits.get(measure.channel, (-float("inf"), float("inf")))
    found: dict[str, str | None] = dict.fromkeys(SIDES)
    for side, (part, count, signs) in SIDES.items():
        value = record.get(part)
        if value is not None and not low <= value <= high:
            found[side] = _said(context, measure, value, record.get(count, 0), side, signs)
    return found


def _said(
    context: ChartContext,
    measure: Encoding,
    value: float,
    n_beyond: int,
    side: str,
    signs: dict[str, str],
) -> str:
    """Return the words for which there is room: number and furthest, the furthest, a sign."""
    sign, along = signs[measure.channel], measure.channel
    furthest = figure(value, measure, context.profile)
    if context.offset_channel is not None or context.n_panels > 1:
        return sign
    if along == "y":
        wide = looks.text_width(furthest) + 14 <= (context.step("x") if context.on("x") else 100)
        return f"{sign} {furthest}" if wide else sign
    told = f"{n_beyond:,} to {furthest}" if n_beyond > 1 else furthest
    return f"{sign} {told}" if side == "under" else f"{told} {sign}"


def edge_layers(context: ChartContext, axis: str) -> list[dict[str, Any]]:
    """Return the layers that write at an axis' ends, for the sides that have something to say.

    Parameters
    ----------
    context
        Of a box plot.
    axis
        Channel of its numbers.
    """
    records = [edge_labels(context, record) for record in context.rows.records]
    places: dict[str, dict[str, Any]] = {
        "under": {"x": {"value": 0}, "y": {"value": "height"}},
        "over": {"x": {"value": "width"}, "y": {"value": 0}},
    }
    looks_of = {
        "under": {"x": {"align": "left"}, "y": {"baseline": "bottom"}},
        "over": {"x": {"align": "right"}, "y": {"baseline": "top"}},
    }
    return [
        {
            "transform": [{"filter": f"isValid(datum.{side})"}],
            "mark": {"type": "text", "fontSize": LABEL_SIZE, **looks_of[side][axis]},
            "encoding": {
                axis: places[side][axis],
                "text": {"field": side, "type": "nominal"},
            },
        }
        for side in SIDES
        if any(labels[side] for labels in records)
    ]
