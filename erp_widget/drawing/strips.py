"""Owns how points of one label are spread over its place, so that many do not make one bar."""

from __future__ import annotations

from typing import Any

from erp_widget.context.chart import ChartContext

#: Most points on one line that are told apart there.
MAX_ON_LINE = 20
#: The golden ratio's part: points that follow each other are far apart, and none is above another.
TURN = 0.6180339887
#: Room left at both sides of a place, as a share of what points take.
SIDE = 0.4


def spread(context: ChartContext) -> tuple[str, list[float]] | None:
    """Return a channel of offsets and one of each point; None where points are few, or have others.

    They are the same each time that a chart is drawn.

    Parameters
    ----------
    context
        Of any chart.
    """
    measure, design = context.measure, context.design
    if design.mark != "point" or context.summarised or measure is None or context.on("size"):
        return None
    across = "y" if measure.channel == "x" else "x"
    if not context.labels(across) or context.offset_channel is not None:
        return None
    keys = [name for name in (across, "row", "column") if context.on(name) is not None]
    lines: dict[tuple[Any, ...], list[int]] = {}
    records = context.rows.records
    for at, record in enumerate(records):
        lines.setdefault(tuple(record.get(key) for key in keys), []).append(at)
    if max(map(len, lines.values()), default=0) <= MAX_ON_LINE:
        return None
    places = [0.5] * len(records)
    for line in lines.values():
        if len(line) > MAX_ON_LINE:
            line.sort(key=lambda at: records[at][measure.channel])
            for turn, at in enumerate(line):
                places[at] = round(turn * TURN % 1, 3)
    return f"{across}Offset", places


def offset_definition() -> dict[str, Any]:
    """Return the Vega-Lite definition of the channel of offsets."""
    scale = {"domain": [-SIDE, 1 + SIDE]}
    return {"field": "spread", "type": "quantitative", "scale": scale}
