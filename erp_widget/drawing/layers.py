"""Owns what is laid over a plot: values of a few bars or cells, and the median of a histogram."""

from __future__ import annotations

import math
from typing import Any

from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.bound_layers import with_bounds
from erp_widget.drawing.candles import candle_layers
from erp_widget.drawing.rate_layers import rate_layers
from erp_widget.telling.figures import figure, figures
from vizmodel.design import Encoding
from vizmodel.form.rates import share_told

#: Most bars whose values are written on them.
MAX_LABELLED = 8
LABEL_SIZE = 11
#: Most cells of a heat map whose values are written in them; up to such a share of the scale on a
#: dark ground. By name, colours stay as they are also where cells are lit for a dark page.
MAX_CELLS, DARK_SHARE = 64, 0.4
LIGHT, DARK = "white", "black"
#: How two points look that a line joins, and the line.
JOINED, JOINT_COLOR = {"size": 90, "opacity": 1}, "#c4c4c4"


def layered(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a chart with what helps to read it laid over its marks.

    What all layers share stays at the top, so that a plot is fitted to its room as if it had one.

    Parameters
    ----------
    context
        The chart.
    body
        With its mark, encoding and size.
    """
    if context.design.style.body is not None:
        return candle_layers(context, body)
    if cell_labels(context):
        return _with_cells(context, body)
    if share_told(context.design) is not None:
        return rate_layers(context, body, value_labels(context))
    if context.joins_states:
        return _with_joints(context, body)
    if context.design.style.around:
        return with_bounds(context, body)
    if context.design.mark != "bar" or len(context.design.encodings) != 2:
        return body
    if _others_beyond(context):
        return _with_others(context, body)
    binned = next((e for e in context.design.encodings if e.bin), None)
    if binned is not None:
        return _with_median(context, body, binned)
    return _with_values(context, body)


def value_labels(context: ChartContext) -> list[str]:
    """Return what is written on each bar; nothing where bars are many, narrow or in parts.

    A label tells the bar's value nearly as exactly as the alt text does.
    """
    measure, records = context.measure, context.rows.records
    if context.design.mark != "bar" or len(context.design.encodings) != 2 or measure is None:
        return []
    if context.design.style.around:  # their rules stand where the labels would
        return []
    if _others_beyond(context):
        others = figure(records[-1][measure.channel], measure, context.profile)
        told = f"↑ {others}" if measure.channel == "y" else f"{others}, beyond this axis →"
        return [""] * (len(records) - 1) + [told]
    if not 1 < len(records) <= MAX_LABELLED:
        return []
    values = [record.get(measure.channel) for record in records]
    if not all(isinstance(value, int | float) and value >= 0 for value in values):
        return []
    texts = figures([value for value in values if value is not None], measure, context.profile)
    dimension = "y" if measure.channel == "x" else "x"
    if not context.labels(dimension):
        return []
    widest = max(looks.BROAD * len(text) for text in texts)
    return texts if dimension == "y" or widest <= context.step("x") else []


def cell_labels(context: ChartContext) -> list[str]:
    """Return what is written in each cell of a heat map; nothing where cells are many or narrow."""
    color, records = context.on("color"), context.rows.records
    few = 1 < len(records) <= MAX_CELLS and len(context.design.encodings) == 3
    if context.design.mark != "rect" or color is None or not few:
        return []
    sizes = color.field_type == "quantitative" and not color.bin
    if not (sizes and context.labels("x") and context.labels("y")):
        return []
    texts = figures([record["color"] for record in records], color, context.profile)
    return texts if max(map(looks.text_width, texts)) <= context.step("x") else []


def _with_cells(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    encoding = body["encoding"]
    low, high = context.span(next(e for e in context.design.encodings if e.channel == "color"))
    most = _darkest(encoding["color"]["scale"], low, high)
    dark = {"test": f"datum.color <= {most!r}", "value": LIGHT}
    written = {
        "text": {"field": "label", "type": "nominal"},
        "color": {"condition": dark, "value": DARK},
    }
    return {
        "encoding": encoding,
        "layer": [
            {"mark": body["mark"]},
            {"mark": {"type": "text", "fontSize": LABEL_SIZE}, "encoding": written},
        ],
        **{name: body[name] for name in ("width", "height")},
    }


def _darkest(scale: dict[str, Any], low: float, high: float) -> float:
    """Return the largest number whose cell is so dark that only light figures are read on it."""
    if "range" in scale:  # from blue over grey to orange: only far below nought it is dark
        return -(1.0 - DARK_SHARE) * max(-low, high)
    if scale.get("type") == "log":
        return float(low * (high / low) ** DARK_SHARE)
    low = 0.0 if scale.get("zero") else low
    return low + DARK_SHARE * (high - low)


def _with_joints(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Join both states of each row by a line, whose length is what lies between them."""
    encoding = dict(body["encoding"])
    looks_of = {name: encoding.pop(name) for name in ("color", "tooltip") if name in encoding}
    along = "x" if context.labels("x") else "y"
    line = {"type": "line", "color": JOINT_COLOR, "strokeWidth": 3, "strokeCap": "round"}
    return {
        "encoding": encoding,
        "layer": [
            {"mark": line, "encoding": {"detail": {"field": along, "type": "nominal"}}},
            {"mark": body["mark"] | JOINED, "encoding": looks_of},
        ],
        **{name: body[name] for name in ("width", "height")},
    }


def _with_values(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    measure = context.measure
    if measure is None or not value_labels(context):
        return body
    upright = measure.channel == "y"
    place = {"dy": -7} if upright else {"dx": 4, "align": "left"}
    text = {"type": "text", "fontSize": LABEL_SIZE, **place}
    encoding = dict(body["encoding"])
    looks_of = {name: encoding.pop(name) for name in ("color", "opacity") if name in encoding}
    return {
        "encoding": encoding,
        "layer": [
            {"mark": body["mark"], **({"encoding": looks_of} if looks_of else {})},
            {"mark": text, "encoding": {"text": {"field": "label", "type": "nominal"}}},
        ],
        **{name: body[name] for name in ("width", "height")},
    }


def _others_beyond(context: ChartContext) -> bool:
    """Whether the bar of all others reaches beyond its axis."""
    return context.measure is not None and context.measure.channel in context.rows.limits


def _with_others(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Write the value of all others in place of their bar, which would reach beyond the axis.

    A bar that is cut would have a length that means nothing.
    """
    upright = context.measure is not None and context.measure.channel == "y"
    place = {"y": {"value": 0}} if upright else {"x": {"value": 0}}
    text = {"type": "text", "fontSize": LABEL_SIZE}
    text |= {"baseline": "top"} if upright else {"dx": 4, "align": "left"}
    encoding = {name: one for name, one in body["encoding"].items() if name != "color"}
    label = {"text": {"field": "label", "type": "nominal"}}
    return {
        "encoding": encoding,
        "layer": [
            {"transform": [{"filter": "!datum.others"}], "mark": body["mark"]},
            {
                "transform": [{"filter": "datum.others"}],
                "mark": text,
                "encoding": place | label,
            },
        ],
        **{name: body[name] for name in ("width", "height")},
    }


def _with_median(context: ChartContext, body: dict[str, Any], binned: Encoding) -> dict[str, Any]:
    """Lay the median over a histogram; one of a sample of the rows says "about"."""
    column, channel = context.column(binned), binned.channel
    edges = body["encoding"].get(f"{channel}2")
    counted = context.measure is not None and context.measure.aggregate == "count"
    if column is None or edges is None or not counted or not column.n_present:
        return body
    value = column.quantiles[2]
    about = "about " if context.profile.approximate else ""
    low, high = context.span(binned)
    # What lies below a log axis is in its first bin.
    place = max(value, low) if context.is_log(binned) else value
    # As the axis below it has a minus.
    written = figure(value, binned, context.profile).replace("-", "−", 1)
    said = {channel: place, "label": f"median {about}{written}"}
    at = {channel: {"field": channel, "bin": None}}
    line = {"type": "rule", "color": looks.OVERALL_COLOR, "strokeDash": [4, 3], "strokeWidth": 1.5}
    if context.is_log(binned):
        late = 2 * math.log(place) > math.log(low) + math.log(high)
    else:
        late = value > low / 2 + high / 2
    text = {"type": "text", "fontSize": LABEL_SIZE, "y": -7}
    text |= {"align": "right", "dx": 4} if late else {"align": "left", "dx": -4}
    label = {"text": {"field": "label", "type": "nominal"}}
    encoding = dict(body["encoding"])
    return {
        "encoding": {channel: encoding.pop(channel)},
        "layer": [
            {"mark": body["mark"], "encoding": encoding},
            {"data": {"values": [said]}, "mark": line, "encoding": at},
            {"data": {"values": [said]}, "mark": text, "encoding": at | label},
        ],
        **{name: body[name] for name in ("width", "height")},
    }
