"""Owns what is laid over shares of one part: how far each is trusted, and that in all rows."""

from __future__ import annotations

from typing import Any

from erp_widget.aggregate.bins import nice_bins
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.telling.figures import figure
from vizmodel.form.rates import share_told

#: An axis goes on for intervals up to so many times the longest bar: what a few rows leave open
#: would make all bars short.
MAX_REACH = 2.0
#: An interval is seen on its bar and beyond it, on light and dark grounds.
INTERVAL_COLOR, EDGE_COLOR = "#333333", "white"
INTERVAL_WIDTH, EDGE_WIDTH = 1.2, 3.2
#: Of the band of intervals around a line.
BAND_OPACITY = 0.18
LABEL_SIZE = 11
#: Pixels between the plot and what is said above it, and of the line that stands for the other.
ABOVE, DASH = 18, 18
#: Pixels between an interval and what is written beyond it, and of the ground around that, which no
#: line strikes through.
GAP, HALO_WIDTH = 4, 4
#: An axis has room for what is written on its longest bar; of shares it ends at all.
LABEL_HEIGHT, ALL = 18, 1.0
#: Of an axis at whose end a bar is cut, and what says that it is.
TICKS, ARROWS = 5, {"x": "→", "y": "↑"}


def rate_layers(context: ChartContext, body: dict[str, Any], labels: list[str]) -> dict[str, Any]:
    """Return the body of bars, or of a line, of a share with intervals, values, and that of all.

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
    shown = {"mark": body["mark"], **({"encoding": looks_of} if looks_of else {})}
    bounded = any("high" in record for record in records)
    course = context.design.mark == "line"
    reach = _reach(context, channel, labels)
    encoding[channel]["scale"] = encoding[channel]["scale"] | reach
    layers = [_band(channel), shown] if course and bounded else [shown]
    if bounded and not course:
        layers += _intervals(channel, encoding, looks_of)
    layers += _overall(context, channel)
    if labels:
        layers += _values(channel, bounded, reach.get("domainMax", ALL))
    return {"encoding": encoding, "layer": layers, "width": body["width"], "height": body["height"]}


def _reach(context: ChartContext, channel: str, labels: list[str]) -> dict[str, Any]:
    """Return where the axis ends: after what is drawn, but for intervals that go far beyond.

    What is written beyond the longest has room as well. A bar of a few rows is cut where it would
    make all others short: an arrow says so.
    """
    records = context.rows.records
    firm = [record for record in records if not (labels and record.get("thin"))] or records
    longest = max(record[channel] for record in firm)
    if not longest:
        return {}
    # An interval wider than the longest bar is long tells that little is known, wherever it ends.
    bounded = [record for record in firm if "high" in record and not record.get("thin")]
    narrow = [record for record in bounded if record["high"] - record["low"] <= longest]
    # Where most are as wide, an axis without them would cut them all.
    narrow = narrow if 2 * len(narrow) >= len(bounded) else bounded
    furthest = max((record["high"] for record in narrow), default=longest)
    end = max(longest, min(furthest, MAX_REACH * longest))
    if labels and channel == "y":
        end *= looks.PLOT_HEIGHT / (looks.PLOT_HEIGHT - LABEL_HEIGHT)
    elif labels:
        widest = max(map(looks.text_width, labels)) + 2 * GAP
        end *= context.plot_width / (context.plot_width - widest)
    end = min(end, max(ALL, longest))
    if any(record[channel] > end for record in records):
        # The end is known, so that arrows stand on what goes on beyond it.
        ticks = nice_bins(0.0, end, TICKS)
        return {"domainMax": ticks.edge(ticks.count), "nice": False, "clamp": True}
    return {"domainMax": end, "clamp": True} if labels or bounded else {}


def _intervals(
    channel: str, encoding: dict[str, Any], looks_of: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return a line of two colours for each interval, as pale as its bar is.

    Bars of a few rows have none: they leave open nearly anything.
    """
    ends: dict[str, Any] = looks_of | {channel: {"field": "low"}, f"{channel}2": {"field": "high"}}
    other = "y" if channel == "x" else "x"
    if encoding.get(other, {}).get("type") == "temporal":
        # Bars fill their months, and a line would stand where each begins.
        ends[other] = {"field": other, "bandPosition": 0.5}
    return [
        {
            "transform": [{"filter": "!datum.thin"}],
            "mark": {"type": "rule", "color": color, "strokeWidth": width},
            "encoding": ends,
        }
        for color, width in ((EDGE_COLOR, EDGE_WIDTH), (INTERVAL_COLOR, INTERVAL_WIDTH))
    ]


def _band(channel: str) -> dict[str, Any]:
    """Return the intervals of a line as one band behind it."""
    ends = {channel: {"field": "low"}, f"{channel}2": {"field": "high"}, "tooltip": None}
    return {"mark": {"type": "area", "opacity": BAND_OPACITY}, "encoding": ends}


def _overall(context: ChartContext, channel: str) -> list[dict[str, Any]]:
    """Return a line at the share in all rows, named above the plot."""
    overall, share = context.rows.overall, context.on(channel)
    if overall is None or share is None or len(context.rows.records) < 2:
        return []
    said = f"overall {figure(overall, share, context.profile)}"
    values = {"values": [{channel: overall, "label": said}]}
    line = {"type": "rule", "color": looks.OVERALL_COLOR, "strokeDash": [4, 3], "strokeWidth": 1.5}
    text = {"type": "text", "fontSize": LABEL_SIZE, "baseline": "bottom"}
    label = {"text": {"field": "label", "type": "nominal"}}
    at = {channel: {"field": channel}}
    # The other axis has no place for what is of all its groups.
    ends = ("width", "x") if channel == "y" else ("height", "y")
    across: dict[str, Any] = {ends[1]: {"value": 0}, f"{ends[1]}2": {"value": ends[0]}}
    place: dict[str, Any] = {"y": {"value": -4}}
    lines = [{"data": values, "mark": line, "encoding": {**at, **across, "tooltip": None}}]
    if channel == "y":
        # Above what is written on the highest bar, beside a piece of the line.
        text |= {"align": "left"}
        place = {"x": {"value": DASH + GAP}, "y": {"value": -ABOVE}}
        middle = -ABOVE - LABEL_SIZE / 2
        piece = {"x": {"value": 0}, "x2": {"value": DASH}, "y": {"value": middle}}
        lines.append({"data": values, "mark": line, "encoding": {**piece, "tooltip": None}})
    label_at = {**at, **place, **label, "tooltip": None}
    return [*lines, {"data": values, "mark": text, "encoding": label_at}]


def _values(channel: str, bounded: bool, stop: float) -> list[dict[str, Any]]:
    """Return what is written beyond each bar, or its interval, on ground that no line crosses."""
    place = {"dy": -GAP, "baseline": "bottom"} if channel == "y" else {"dx": GAP, "align": "left"}
    text = {"type": "text", "fontSize": LABEL_SIZE, **place}
    halo = text | {"filled": False, "color": EDGE_COLOR, "strokeWidth": HALO_WIDTH}
    end = f"datum.thin ? datum.{channel} : datum.high" if bounded else f"datum.{channel}"
    cut = f"datum.{channel} > {stop!r} ? '{ARROWS[channel]} ' + datum.label : datum.label"
    told = [{"calculate": end, "as": "end"}, {"calculate": cut, "as": "said"}]
    encoding = {channel: {"field": "end"}, "text": {"field": "said", "type": "nominal"}}
    return [{"transform": told, "mark": mark, "encoding": encoding} for mark in (halo, text)]
