"""Owns maps: places by longitude and latitude, projected, without axes and without a base map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from erp_widget.context import looks
from erp_widget.context.chart import ChartContext

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
    longitudes = [record["x"] for record in context.rows.records]
    turn = _turn(longitudes)
    kind, ratio = _projection(context, turn)
    width = body["width"]
    height = width * ratio
    if height > MAX_HEIGHT:
        width, height = max(MIN_EXTENT, round(MAX_HEIGHT / ratio)), MAX_HEIGHT
    return {
        "projection": {"type": kind} | ({"rotate": [turn, 0]} if turn else {}),
        "mark": body["mark"],
        "encoding": encoding,
        "view": {"stroke": looks.FRAME_COLOR},
        "width": width,
        "height": max(MIN_EXTENT, round(height)),
    }


def _turn(longitudes: Sequence[float]) -> float:
    """Return the degrees by which the globe turns so that its cut is not among the places.

    Places on both sides of the 180th meridian lie near each other, and at both edges of a map that
    begins there. Places all around the globe stay as they are.
    """
    around = sorted({x % 360 for x in longitudes})
    west, east = min(longitudes, default=0.0), max(longitudes, default=0.0)
    if not around or (west >= -180 and east <= 180 and east - west <= 180):
        return 0.0
    gaps = [later - x for x, later in pairwise([*around, around[0] + 360])]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    if gaps[widest] <= 180:
        return 0.0
    middle = around[widest] + gaps[widest] / 2 + 180
    return -round((middle + 180) % 360 - 180, 1)


def _projection(context: ChartContext, turn: float) -> tuple[str, float]:
    """Return a projection, and the height of the places over their width in it."""
    records = context.rows.records
    places = [((r["x"] + turn + 180) % 360, r["y"]) for r in records] or [(0.0, 0.0)]
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    wide = max(east - west, MIN_DEGREES)
    if max(-south, north) > MAX_MERCATOR_LATITUDE or wide > MAX_MERCATOR_SPAN:
        return "equirectangular", max(north - south, MIN_DEGREES) / wide
    tall = math.degrees(_mercator(north) - _mercator(south))
    return "mercator", max(tall, MIN_DEGREES) / wide


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
