"""Owns the layers of box plots, and what is said of values beyond the end of their axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from erp_widget.aggregate.bins import nice_bins
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.telling.figures import figure
from vizmodel.design import Channel, Encoding
from vizmodel.form.log_scales import log_constant

#: Share of an axis that the line of a median takes.
FLAT_SHARE = 0.01
LABEL_SIZE = 10
#: Share of an axis that the half of a dot takes, and pixels that keep dots off its ends.
DOT_SHARE, DOT_ROOM = 0.015, 6
#: As many ticks Vega aims at by itself.
VEGA_TICKS = 10
#: Ground around what is written, which no line strikes through.
HALO = {"filled": False, "color": "white", "strokeWidth": 4, "aria": False}
#: Where an axis ends -> part of a box on that side, values beyond its whisker, and the signs that
#: point there along x and y.
SIDES = {
    "under": ("minimum", "below", {"x": "←", "y": "↓"}),
    "over": ("maximum", "above", {"x": "→", "y": "↑"}),
}


def _close(context: ChartContext, measure: Encoding) -> Callable[[str, str], str]:
    """Return what writes the condition on which two ends are as near as the line of a median."""
    low, high = context.span(measure)
    column = context.column(measure)
    if not context.is_log(measure) or column is None:
        near = high * FLAT_SHARE - low * FLAT_SHARE
        return lambda one, other: f"datum.{other} - datum.{one} <= {near!r}"
    # A scale with a place for zeros has a constant added to each number.
    more = 0.0 if low > 0 else log_constant(column)
    room = math.log(high + more) - math.log(low + more)  # the widest spans have no ratio
    near, added = room * FLAT_SHARE, f" + {more!r}" if more else ""
    return lambda one, other: f"log(datum.{other}{added}) - log(datum.{one}{added}) <= {near!r}"


def box_layers(
    context: ChartContext, measure: Encoding, colored: dict[str, Any], thickness: int | str
) -> list[dict[str, Any]]:
    """Return the layers of a box plot, each of which names its field.

    Title, scale and axis are those of all. The outermost values that are on the axis are dots; a
    dotted line leads there where there are more.

    Parameters
    ----------
    context
        The chart.
    measure
        Its numbers.
    colored
        What colours the boxes.
    thickness
        Pixels of a box, as a number or in Vega's words.
    """
    axis, close = measure.channel, _close(context, measure)
    layer = partial(_layer, axis, colored)
    # A white line is not seen at the end of its box, or on one that is no wider.
    edge = f"{close('q1', 'median')} || {close('median', 'q3')}"
    size, wider = _sizes(thickness)
    alone = {"type": "tick", "size": wider, "thickness": 2, "opacity": 1}
    median = {"color": "white", "size": size, "thickness": 2, "opacity": 1}
    return [
        layer({"type": "rule", "strokeWidth": 1.5}, "low", "high"),
        layer({"type": "bar", "size": size}, "q1", "q3"),
        layer({"type": "tick", **median}, "median"),
        {"transform": [{"filter": edge}], **layer(alone, "median")},
        *_outermost(context, axis, layer),
        *edge_layers(context, axis),
    ]


def room_for_dots(
    context: ChartContext, measure: Encoding, scale: dict[str, Any]
) -> dict[str, Any]:
    """Return the scale of a box plot's numbers with room for a dot that lies at one of its ends.

    There it would be drawn over the axis, and over what is written beside it.

    Parameters
    ----------
    context, measure
        The chart and its numbers.
    scale
        That goes from one round number to another; any other is returned as it is.
    """
    if "domain" in scale or not scale.get("nice") or context.is_log(measure):
        return scale
    low, high = context.span(measure)
    if scale.get("zero"):
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = VEGA_TICKS if scale["nice"] is True else scale["nice"]
    round_ends = nice_bins(low, high, ticks)
    first, last = round_ends.edge(0), round_ends.edge(round_ends.count)
    near = (last - first) * DOT_SHARE
    on_edge = any(
        (record["minimum"] < record["low"] and record["minimum"] - first < near)
        or (record["maximum"] > record["high"] and last - record["maximum"] < near)
        for record in context.rows.records
    )
    # Room and round ends together would leave an empty band.
    return scale | {"nice": False, "padding": DOT_ROOM} if on_edge else scale


def _sizes(thickness: int | str) -> tuple[Any, Any]:
    """Return the pixels of a box, and of the line that stands where there is none."""
    if isinstance(thickness, int):
        return thickness, thickness + 8
    return {"expr": thickness}, {"expr": f"1.4 * {thickness}"}


def _layer(
    axis: str, colored: dict[str, Any], mark: dict[str, Any], start: str, stop: str | None = None
) -> dict[str, Any]:
    positions: dict[str, Any] = {axis: {"field": start}}
    if stop:
        positions |= {f"{axis}2": {"field": stop}}
    if mark["type"] != "tick" or "color" not in mark:
        positions |= colored
    return {"mark": mark, "encoding": positions}


def _outermost(
    context: ChartContext, axis: Channel, layer: Callable[..., dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return dots for the outermost values on the axis, and lines that lead to them over others."""
    low, high = context.rows.limits.get(axis, (-math.inf, math.inf))
    on_axis = {
        "minimum": f" && datum.minimum >= {low!r}" if math.isfinite(low) else "",
        "maximum": f" && datum.maximum <= {high!r}" if math.isfinite(high) else "",
    }
    line = {"type": "rule", "strokeWidth": 1, "strokeDash": [1, 3], "strokeCap": "round"}
    dot = {"type": "point", "filled": False, "size": 22, "strokeWidth": 1.2}
    found = []
    for part, side, start, stop, beyond in (
        ("minimum", "below", "minimum", "low", "datum.minimum < datum.low"),
        ("maximum", "above", "high", "maximum", "datum.maximum > datum.high"),
    ):
        if any(record.get(side, 0) > 1 for record in context.rows.records):
            several = [{"filter": f"datum.{side} > 1{on_axis[part]}"}]
            found.append({"transform": several, **layer(line, start, stop)})
        found.append({"transform": [{"filter": beyond + on_axis[part]}], **layer(dot, part)})
    return found + _going_on(context, axis, layer, line)


def _going_on(
    context: ChartContext, axis: Channel, layer: Callable[..., dict[str, Any]], line: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return lines that lead from whiskers to what is written at the ends of an axis."""
    low, high = context.rows.limits.get(axis, (-math.inf, math.inf))
    first, last = {"x": (0, "width"), "y": ("height", 0)}[axis]
    found = []
    for side, part, whisker, end, beyond in (
        ("below", "minimum", "low", first, f"datum.minimum < {low!r}"),
        ("above", "maximum", "high", last, f"datum.maximum > {high!r}"),
    ):
        if any(not low <= r[part] <= high and r.get(side, 0) > 1 for r in context.rows.records):
            going = layer(line, whisker)
            going["encoding"] |= {f"{axis}2": {"value": end}}
            found.append({"transform": [{"filter": f"datum.{side} > 1 && {beyond}"}], **going})
    return found


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
    way = "down to" if side == "under" else "up to"
    told = f"{n_beyond:,} {way} {furthest}" if n_beyond > 1 else furthest
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
    text = {"type": "text", "fontSize": LABEL_SIZE}
    return [
        {
            "transform": [{"filter": f"isValid(datum.{side})"}],
            "mark": text | looks_of[side][axis] | ground,
            "encoding": {
                axis: places[side][axis],
                "text": {"field": side, "type": "nominal"},
            },
        }
        for side in SIDES
        if any(labels[side] for labels in records)
        for ground in (HALO, {})
    ]
