"""Owns how the bounds of figures are drawn: a band behind a line, a rule on each bar or point."""

from __future__ import annotations

from typing import Any

from erp_widget.aggregate.plain import BOUNDS
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.rate_layers import INTERVAL_COLOR
from vizmodel.form.bounds import bounded

#: How pale a band is, so that the line in it and others behind it are seen.
BAND_OPACITY = 0.25
#: A rule on a bar, which is dark on whatever colour the bar has, and one that a point stands on.
ON_BAR = {"type": "rule", "strokeWidth": 1.5, "color": INTERVAL_COLOR}
BEHIND_POINT = {"type": "rule", "strokeWidth": 1.5}
#: What is of the marks alone, not of their bounds.
_OF_MARKS = ("size", "shape", "opacity")


def with_bounds(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a chart with what shows from where to where its figures may lie.

    Parameters
    ----------
    context
        The chart, whose style has bounds.
    body
        With its mark, encoding and size.
    """
    figure = bounded(context.design)
    if figure is None:
        return body
    channel = figure.channel
    reach = {channel: {"field": BOUNDS[0]}, f"{channel}2": {"field": BOUNDS[1]}}
    encoding = dict(body["encoding"])
    looks_of = {name: encoding.pop(name) for name in _OF_MARKS if name in encoding}
    own: dict[str, Any] = {"mark": body["mark"], **({"encoding": looks_of} if looks_of else {})}
    if context.design.mark == "line":
        band: dict[str, Any] = {
            "mark": {"type": "area", "opacity": BAND_OPACITY},
            "encoding": reach,
        }
        if any(record.get(BOUNDS[0]) is None for record in context.rows.records):
            band["transform"] = [{"filter": f"isValid(datum.{BOUNDS[0]})"}]
        layers = [band, own]
    elif context.design.mark == "bar":
        layers = [own, {"mark": ON_BAR, "encoding": reach}]
    else:
        layers = [{"mark": BEHIND_POINT, "encoding": reach}, own]
    size = {name: body[name] for name in ("width", "height")}
    return {"encoding": encoding, "layer": layers, **size}
