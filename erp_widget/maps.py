"""Owns maps: places by longitude and latitude, projected, without axes and without a base map."""

from __future__ import annotations

import math
from typing import Any

from erp_widget import looks
from erp_widget.chart_context import ChartContext

#: Beyond these Mercator's areas mislead; the whole world is drawn in plain degrees.
MAX_MERCATOR_LATITUDE, MAX_MERCATOR_SPAN = 72.0, 150.0
MIN_EXTENT, MAX_HEIGHT = 140, 340
#: Degrees of which a map shows at least so many, however near its places are.
MIN_DEGREES = 1e-3


def projected(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a chart with its x and y as longitude and latitude.

    Parameters
    ----------
    context
        Of a design whose style is `projected`.
    body
        With its mark, encoding and size.
    """
    encoding = {name: one for name, one in body["encoding"].items() if name not in ("x", "y")}
    for name, channel in (("longitude", "x"), ("latitude", "y")):
        encoding[name] = {"field": channel, "type": "quantitative"}
    kind, ratio = _projection(context)
    width = body["width"]
    height = width * ratio
    if height > MAX_HEIGHT:
        width, height = max(MIN_EXTENT, round(MAX_HEIGHT / ratio)), MAX_HEIGHT
    return {
        "projection": {"type": kind},
        "mark": body["mark"],
        "encoding": encoding,
        "view": {"stroke": looks.FRAME_COLOR},
        "width": width,
        "height": max(MIN_EXTENT, round(height)),
    }


def _projection(context: ChartContext) -> tuple[str, float]:
    """Return a projection, and the height of the places over their width in it."""
    places = [(record["x"], record["y"]) for record in context.rows.records] or [(0.0, 0.0)]
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    wide = max(east - west, MIN_DEGREES)
    if max(-south, north) > MAX_MERCATOR_LATITUDE or wide > MAX_MERCATOR_SPAN:
        return "equirectangular", max(north - south, MIN_DEGREES) / wide
    tall = math.degrees(_mercator(north) - _mercator(south))
    return "mercator", max(tall, MIN_DEGREES) / wide


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
