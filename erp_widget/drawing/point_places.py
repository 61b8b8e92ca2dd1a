"""Owns where the points of a plot stand in pixels, before a browser draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.bar_widths import BAR_SHARE
from erp_widget.drawing.times import place_of
from vizmodel.patterns import late_pattern

Floats = npt.NDArray[np.float64]
#: Area of a point whose size nobody tells, and the radius of a wide one where labels tell it.
POINT_AREA, LABELLED_RADIUS = 50.0, 6.0
#: Width that most plots in a gallery have at least.
USUAL_WIDTH = 250
_SHARE = late_pattern(r"([\d.e-]+) \* (?:child_)?width")


class Points(Struct, frozen=True):
    """Places of points as shares of a plot, without what is left free at its ends.

    Parameters
    ----------
    x, y
        From 0 at the left and at the top to 1; beyond an axis they stand at its end.
    radius
        In pixels.
    padding
        Pixels that are left free at each end of either axis.
    """

    x: Floats
    y: Floats
    radius: Floats
    padding: tuple[float, float] = (0.0, 0.0)

    def at(self, width: float, height: float) -> tuple[Floats, Floats]:
        """Return the pixels at which the points stand in a plot of some size."""
        sizes = zip((self.x, self.y), (width, height), self.padding, strict=True)
        x, y = (np.clip(p + s * (size - 2 * p), 0, size) for s, size, p in sizes)
        return x, y


def point_places(context: ChartContext, body: Mapping[str, Any]) -> Points | None:
    """Return where the points of a drawn body stand; None where nobody can tell.

    Parameters
    ----------
    context
        Of points, each with a number or a time on both axes.
    body
        With its encoding, as it will be drawn.
    """
    radius = _radius(context, body)
    if "projection" in body:
        return _mapped(context, body, radius)
    found, paddings = [], []
    for channel in ("x", "y"):
        scale = body["encoding"].get(channel, {}).get("scale", {})
        if context.labels(channel) or context.own_scales == channel:
            return None
        try:
            values = np.array([place_of(r[channel]) for r in context.rows.records])
        except (TypeError, ValueError):  # years that Python does not know
            return None
        shares = _shares(values, scale)
        if not np.isfinite(shares).all():
            return None
        found.append(shares)
        paddings.append(_padding(scale.get("padding", 0)))
    return Points(found[0], 1 - found[1], radius, (paddings[0], paddings[1]))


def _padding(told: Any) -> float:
    """Return the pixels left free at the ends of a scale; of bars, half of one in a usual plot."""
    if not isinstance(told, Mapping):
        return float(told)
    share = _SHARE.search(str(told.get("expr")))
    return 0.5 * BAR_SHARE * USUAL_WIDTH * float(share[1]) if share else 0.0


def _shares(values: Floats, scale: Mapping[str, Any]) -> Floats:
    """Return how far from its start to its end values stand on a scale."""
    ends = scale.get("domain")
    low, high = ends if ends else (float(values.min()), float(values.max()))
    if scale.get("zero"):
        low, high = min(low, 0.0), max(high, 0.0)
    forms = {"log": _log, "symlog": lambda v: _symlog(v, scale.get("constant", 1))}
    form = forms.get(str(scale.get("type")), np.asarray)
    start, stop = form(np.array([low, high], dtype=float))
    if not math.isfinite(stop - start) or stop <= start:
        return np.full(len(values), 0.5)
    shares: Floats = (form(values) - start) / (stop - start)
    return shares


def _log(values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.log10(values)
    return found


def _symlog(values: Floats, constant: float) -> Floats:
    found: Floats = np.sign(values) * np.log1p(np.abs(values / constant))
    return found


def _radius(context: ChartContext, body: Mapping[str, Any]) -> Floats:
    """Return how far points reach around their places."""
    n = len(context.rows.records)
    size = context.on("size")
    if size is None:
        area = body["mark"].get("size", POINT_AREA)
        return np.full(n, math.sqrt(float(area) / math.pi))
    if context.labels("size"):
        return np.full(n, LABELLED_RADIUS)
    scale = body["encoding"]["size"]["scale"]
    values = np.array([float(record["size"]) for record in context.rows.records])
    smallest, largest = scale.get("range", (12, looks.bubble_area(n)))
    areas = smallest + np.clip(_shares(values, scale), 0, 1) * (largest - smallest)
    found: Floats = np.sqrt(areas / math.pi)
    return found


def _mapped(context: ChartContext, body: Mapping[str, Any], radius: Floats) -> Points:
    """Return where places stand on a map, which is as large as fits and in the middle."""
    records: Sequence[Mapping[str, Any]] = context.rows.records
    turn = body["projection"].get("rotate", [0])[0]
    east = (np.array([float(r["x"]) for r in records]) + turn + 180) % 360
    north = np.array([float(r["y"]) for r in records])
    if body["projection"]["type"] == "mercator":
        north = np.degrees(np.log(np.tan(np.pi / 4 + np.radians(north) / 2)))
    width, height = float(body["width"]), float(body["height"])
    wide, tall = (max(float(np.ptp(one)), 1e-9) for one in (east, north))
    scale = min(width / wide, height / tall)
    x = 0.5 + (east - (east.min() + east.max()) / 2) * scale / width
    y = 0.5 - (north - (north.min() + north.max()) / 2) * scale / height
    return Points(x, y, radius)
