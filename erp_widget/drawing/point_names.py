"""Owns which points of a plot are named, and how their names are written beside them."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from erp_widget.aggregate import MISSING
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.label_places import Place, label_places
from erp_widget.drawing.point_places import USUAL_WIDTH, Points, point_places

Floats = npt.NDArray[np.float64]
NAME_SIZE = 10
#: Pixels that a name takes at most.
MAX_ROOM = 112
#: Up to so many points all are named that have room; of up to so many, these stand out.
MAX_ALL, SOME, FEW = 60, {200: 14, 500: 8, 1_000: 5}, 25
#: Of a name that has no room the next stands out less: so many are looked at.
TRIED = 2
#: Deviations by which the outermost points are ahead of others.
OUTERMOST = 10
#: Characters of all names of a plot up to which each point tells its own to the pointer: more would
#: be a burden on the browser.
MAX_TOLD = 3_000
#: Widths of a plot for which places are looked for, beside the usual one.
WIDTHS, PANEL_WIDTHS, MAP_SHARES = (165, 460), (100, 280), (0.65, 0.9, 1.4)
#: Height that panels above each other share in a narrow page, and that each has at least.
STACK, LEAST_PANEL = 250, 56


def named(
    context: ChartContext, body: dict[str, Any], records: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a chart's body and rows with the names of its points, where these have names.

    Parameters
    ----------
    context
        Of any chart.
    body
        With its mark, encoding and size, not yet in panels.
    records
        That are drawn.
    """
    if not records or "name" not in records[0] or context.design.mark != "point":
        return body, records
    written = _written(context, body)
    if not tells_names(context):
        records = [{k: v for k, v in record.items() if k != "name"} for record in records]
    if not written:
        return body, records
    nothing = {"label": None, "align": "left", "dx": 0, "dy": 0, "least": 0}
    told = [record | written.get(at, nothing) for at, record in enumerate(records)]
    return _with_layer(context, body), told


def tells_names(context: ChartContext) -> bool:
    """Whether each point tells its name to the pointer."""
    records = context.rows.records
    if not records or "name" not in records[0]:
        return False
    return sum(len(str(record["name"])) for record in records) <= MAX_TOLD


@lru_cache(maxsize=4096)
def shortened(name: str, room: float = MAX_ROOM) -> tuple[str, float]:
    """Return a name and the pixels that it takes; one that takes more than some is cut.

    Examples
    --------
    >>> shortened("Rome")[0], shortened("Massachusetts Institute of Technology")[0]
    ('Rome', 'Massachusetts Instit…')
    """
    name = " ".join(name.split())
    width = _width(name)
    while width > room:
        name = f"{name[: int(len(name) * room / width) - 1].rstrip(' ,.;:-')}…"
        width = _width(name)
    return name, width


def _width(name: str) -> float:
    return looks.text_width(name) * NAME_SIZE / looks.LABEL_FONT_SIZE


def _written(context: ChartContext, body: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return what is written beside points, and where, by the row that it names."""
    points = point_places(context, body)
    if points is None:
        return {}
    records, most = context.rows.records, _most(context)
    order = [at for at in _telling(context, points) if records[at]["name"] != MISSING]
    texts = {at: shortened(str(records[at]["name"])) for at in order}
    often = Counter(text for text, _ in texts.values())
    order = [at for at in order if often[texts[at][0]] == 1]
    sizes, usual = _sizes(context, body)
    found: dict[int, Place] = {}
    for rows in _panels(context):
        here = {at: place for place, at in enumerate(rows)}
        wanted = [here[at] for at in order if at in here]
        part = Points(points.x[rows], points.y[rows], points.radius[rows], points.padding)
        widths = {here[at]: texts[at][1] for at in order if at in here}
        placed = label_places(part, widths, wanted, sizes, usual, most)
        found |= {rows[at]: place for at, place in placed.items()}
    return {
        at: {"label": texts[at][0]} | found[at]._asdict()
        for at in [at for at in order if at in found][:most]
    }


def _most(context: ChartContext) -> int:
    """Return how many points are named at most."""
    n = len(context.rows.records)
    if context.design.style.projected:
        return FEW
    if n <= MAX_ALL:
        return n
    return next((some for most, some in SOME.items() if n <= most), 0)


def _telling(context: ChartContext, points: Points) -> list[int]:
    """Return the points that may be named, those first that stand out.

    They are the outermost in x, y or size or the farthest from the line through all, and then those
    that are farther than others from the middle.
    """
    told = [points.x, points.y, points.radius]
    if not context.design.style.projected:
        told.append(_beside_line(points.x, points.y))
    far = np.max([_far(values) for values in told], axis=0)
    for values in told:
        if np.ptp(values) > 0:
            far[[values.argmin(), values.argmax()]] += OUTERMOST
    order: list[int] = np.argsort(-far, kind="stable").tolist()
    most = _most(context)
    return order if most == len(order) else order[: TRIED * most]


def _far(values: Floats) -> Floats:
    """Return how many deviations values are from the mean."""
    apart = values - values.sum() / len(values)
    found: Floats = np.abs(apart) / (math.sqrt(float(apart @ apart) / len(values)) or 1.0)
    return found


def _beside_line(x: Floats, y: Floats) -> Floats:
    """Return how far points are above the line of least squares."""
    u, v = x - x.mean(), y - y.mean()
    spread = float(u @ u)
    found: Floats = v - u * (float(u @ v) / spread if spread else 0.0)
    return found


def _panels(context: ChartContext) -> list[list[int]]:
    """Return the rows of each panel."""
    names = [one for one in ("row", "column") if context.on(one) is not None]
    if not names:
        return [list(range(len(context.rows.records)))]
    found: dict[tuple[Any, ...], list[int]] = {}
    for at, record in enumerate(context.rows.records):
        found.setdefault(tuple(record[name] for name in names), []).append(at)
    return list(found.values())


def _sizes(context: ChartContext, body: dict[str, Any]) -> tuple[list[tuple[float, float]], int]:
    """Return the sizes of a plot for which places are looked for, and which is the usual one."""
    width, height = float(body["width"]), float(body["height"])
    if "projection" in body:
        return [(share * width, share * height) for share in MAP_SHARES], 1
    if context.n_panels > 1:
        height = min(height, max(LEAST_PANEL, STACK // max(1, len(context.labels("row")))))
    usual = min(width, USUAL_WIDTH)
    widths = sorted({*(WIDTHS if context.n_panels == 1 else PANEL_WIDTHS), usual})
    return [(one, height) for one in widths], widths.index(usual)


def _with_layer(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Lay names over points; what both share stays at the top, as a page fits it to its room."""
    encoding = dict(body["encoding"])
    shared = ("x", "y", "longitude", "latitude", "tooltip")
    looks_of = {name: encoding.pop(name) for name in list(encoding) if name not in shared}
    width = "child_width" if context.n_panels > 1 else "width"
    text = {
        "type": "text",
        "fontSize": NAME_SIZE,
        "align": {"expr": "datum.align"},
        "baseline": "middle",
        "dx": {"expr": "datum.dx"},
        "dy": {"expr": "datum.dy"},
    }
    wide = {"test": f"{width} >= datum.least", "field": "label", "type": "nominal"}
    rest = {name: part for name, part in body.items() if name not in ("mark", "encoding")}
    return rest | {
        "encoding": encoding,
        "layer": [
            {"mark": body["mark"], **({"encoding": looks_of} if looks_of else {})},
            {
                "transform": [{"filter": "isValid(datum.label)"}],
                "mark": text,
                "encoding": {"text": {"condition": wide, "value": ""}},
            },
        ],
    }
