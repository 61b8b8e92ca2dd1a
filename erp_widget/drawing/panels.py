"""Owns the panels of a chart: how they stand, and what is written over them."""

from __future__ import annotations

from typing import Any

from erp_widget.context.chart import ChartContext
from erp_widget.drawing.axes import shown_title
from vizmodel.design import Encoding


def in_panels(context: ChartContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a chart once for each panel; as it is where it has none.

    Parameters
    ----------
    context
        Of any chart.
    body
        With its marks, encoding and size.
    """
    row, column = context.on("row"), context.on("column")
    if row is None and column is None:
        return body
    if row is not None and column is not None:
        facet: Any = {"row": _panel(context, row), "column": _panel(context, column)}
        return {"facet": facet, "spec": body}
    single = row or column
    assert single is not None
    found = {"facet": _panel(context, single), "columns": context.panel_columns, "spec": body}
    resolve: dict[str, Any] = {}
    if context.own_scales is not None:
        resolve["scale"] = {context.own_scales: "independent"}
    if context.leaves_holes and "x" in body["encoding"]:
        # One axis for each column of panels would stand below a hole, too.
        resolve["axis"] = {"x": "independent"}
        body["encoding"]["x"].setdefault("axis", {})["titleLimit"] = context.plot_width
    return found | ({"resolve": resolve} if resolve else {})


def _panel(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    labels = context.labels(encoding.channel)
    title = shown_title(context, encoding)
    if context.own_scales is not None:
        title += " (each panel has a scale of its own)"
    return {
        "field": encoding.channel,
        "type": "nominal",
        "sort": labels,
        "header": {"title": title} | context.telling(encoding),
    }
