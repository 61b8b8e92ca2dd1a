"""Owns the drawing of candlesticks: a rule from the lowest to the highest price, and a bar on it.

The bar goes from the first price of a day to the last; whether the price rose or fell that day is
told by its colour, in words of the legend.
"""

from __future__ import annotations

from typing import Any

from erp_widget.aggregate.plain import BODY
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.bar_widths import EDGE
from vizmodel.form.declared_candles import FALLS, MOVED, RISES

#: Pixels of a day's range, and around the first and the last day.
RANGE_WIDTH, PADDING = 1, 6
#: The legend takes no width from the days.
LEGEND = {"orient": "top", "symbolType": "square", "symbolSize": 60, "offset": 4}


def candle_records(context: ChartContext) -> list[dict[str, Any]]:
    """Return the rows of a chart, each with whether it rises or falls."""
    first, last = BODY
    records = context.rows.records
    return [r | {MOVED: RISES if r[last] >= r[first] else FALLS} for r in records]


def candle_layers(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of bars of ranges as candlesticks.

    Parameters
    ----------
    context
        The chart, whose design has a body.
    body
        With its mark, encoding and size.
    """
    encoding = dict(body["encoding"])
    upper, along = encoding.pop("y2"), encoding["x"]
    encoding["x"] = along | {"scale": along.get("scale", {}) | {"padding": PADDING}}
    first, last = BODY
    moved = {
        "field": MOVED,
        "type": "nominal",
        "title": None,
        "legend": LEGEND,
        "scale": {"domain": [RISES, FALLS], "range": list(looks.CANDLE_COLORS)},
    }
    rule = {"type": "rule", "strokeWidth": RANGE_WIDTH}
    thick = {"y": {"field": first}, "y2": {"field": last}, "stroke": moved}
    return {
        "encoding": encoding | {"color": moved},
        "layer": [
            {"mark": rule, "encoding": {"y2": upper}},
            {"mark": body["mark"] | {"strokeWidth": EDGE}, "encoding": thick},
        ],
        **{name: body[name] for name in ("width", "height")},
    }
