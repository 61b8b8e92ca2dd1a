"""Owns what is laid over bars of a share: how far each is trusted, and the share in all rows."""

from __future__ import annotations

from typing import Any

from erp_widget import looks
from erp_widget.chart_context import ChartContext
from erp_widget.figures import figure
from vizmodel.rates import share_told

#: An axis goes on for intervals up to so many times the longest bar: what a few rows leave open
#: would make all bars short.
MAX_REACH = 2.0
#: An interval is seen on its bar and beyond it, on light and dark grounds.
INTERVAL_COLOR, EDGE_COLOR = "#333333", "white"
INTERVAL_WIDTH, EDGE_WIDTH = 1.2, 3.2
#: As the median of a histogram.
OVERALL_COLOR = looks.CATEGORY_COLORS[3]
LABEL_SIZE = 11
#: Pixels between the plot and what is said above it, and what stands for the line there.
ABOVE, DASHES = 16, "- -"


def rate_layers(context: ChartContext, body: dict[str, Any], labels: list[str]) -> dict[str, Any]:
    """Return the body of bars of a share with intervals, values, and the share in all rows.

    Parameters
    ----------
    context
        The chart, whose design is one from `as_rate`.
    body
        With its mark, encoding and size.
    labels
        What is written on each bar; none where nothing is.
    """
    share = share_told(context.design)
    assert share is not None, "these bars show no share of one part"
    channel, records = share.channel, context.rows.records
    encoding = dict(body["encoding"])
    encoding[channel] = dict(encoding[channel])
    looks_of = {name: encoding.pop(name) for name in ("opacity",) if name in encoding}
    layers = [{"mark": body["mark"], **({"encoding": looks_of} if looks_of else {})}]
    bounded = any("high" in record for record in records)
    if bounded:
        encoding[channel]["scale"] = encoding[channel]["scale"] | _reach(context, channel)
        layers += _intervals(channel, encoding, looks_of)
    layers += _overall(context, channel)
    if labels:
        layers.append(_values(channel, bounded))
    return {"encoding": encoding, "layer": layers, "width": body["width"], "height": body["height"]}


def _reach(context: ChartContext, channel: str) -> dict[str, Any]:
    """Return where the axis ends: after what is drawn, but for intervals that go far beyond."""
    records = context.rows.records
    longest = max(record[channel] for record in records)
    if not longest:
        return {}
    furthest = max(record.get("high", 0.0) for record in records)
    return {"domainMax": max(longest, min(furthest, MAX_REACH * longest)), "clamp": True}


def _intervals(
    channel: str, encoding: dict[str, Any], looks_of: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return a line of two colours for each interval, as pale as its bar is."""
    ends: dict[str, Any] = looks_of | {channel: {"field": "low"}, f"{channel}2": {"field": "high"}}
    other = "y" if channel == "x" else "x"
    if encoding.get(other, {}).get("type") == "temporal":
        # Bars fill their months, and a line would stand where each begins.
        ends[other] = {"field": other, "bandPosition": 0.5}
    return [
        {"mark": {"type": "rule", "color": color, "strokeWidth": width}, "encoding": ends}
        for color, width in ((EDGE_COLOR, EDGE_WIDTH), (INTERVAL_COLOR, INTERVAL_WIDTH))
    ]


def _overall(context: ChartContext, channel: str) -> list[dict[str, Any]]:
    """Return a line at the share in all rows, named above the plot."""
    overall, share = context.rows.overall, context.on(channel)
    if overall is None or share is None or len(context.rows.records) < 2:
        return []
    said = f"overall {figure(overall, share, context.profile)}"
    values = {"values": [{channel: overall, "label": said}]}
    line = {"type": "rule", "color": OVERALL_COLOR, "strokeDash": [4, 3], "strokeWidth": 1.5}
    text = {"type": "text", "fontSize": LABEL_SIZE, "baseline": "bottom"}
    label = {"text": {"field": "label", "type": "nominal"}}
    at = {channel: {"field": channel}}
    # The other axis has no place for what is of all its groups.
    ends = ("width", "x") if channel == "y" else ("height", "y")
    across: dict[str, Any] = {ends[1]: {"value": 0}, f"{ends[1]}2": {"value": ends[0]}}
    place: dict[str, Any] = {"y": {"value": -4}}
    if channel == "y":
        # Above what is written on the highest bar.
        text |= {"align": "right"}
        place = {"x": {"value": "width"}, "y": {"value": -ABOVE}}
        values["values"][0]["label"] = f"{DASHES} {said}"
    return [
        {"data": values, "mark": line, "encoding": {**at, **across, "tooltip": None}},
        {"data": values, "mark": text, "encoding": {**at, **place, **label, "tooltip": None}},
    ]


def _values(channel: str, bounded: bool) -> dict[str, Any]:
    """Return what is written at the end of each bar, or of its interval."""
    place = {"dy": -7} if channel == "y" else {"dx": 4, "align": "left"}
    encoding: dict[str, Any] = {"text": {"field": "label", "type": "nominal"}}
    encoding |= {channel: {"field": "high"}} if bounded else {}
    return {"mark": {"type": "text", "fontSize": LABEL_SIZE, **place}, "encoding": encoding}
