"""Owns how wide bars are on a scale of numbers or times: they leave a gap to the next."""

from __future__ import annotations

from itertools import pairwise

from erp_widget.context.chart import ChartContext
from erp_widget.drawing.times import MIN_PLACE, has_bands, place_of

#: Pixels of the thinnest bar; what is thinner fades.
MIN_BAR = 1.2
#: Share of its place that a bar takes; in a narrow place it takes all of it, and a little of the
#: next, since seams between them would be stripes.
BAR_SHARE, SEAM = 0.8, 0.5
#: Pixels of the edge of a candlestick, which has nothing else where a day ends as it began, and of
#: the thinnest one within.
EDGE, MIN_WITHIN = 1, 0.4


def bar_width(context: ChartContext) -> str | None:
    """Return the pixels of a bar in Vega's words; None where its scale has bands, bins or labels.

    They are told by the plot's width, which a page may change.

    Parameters
    ----------
    context
        Of a chart of bars.
    """
    x = context.on("x")
    if x is None or x is context.measure or context.labels("x"):
        return None
    if context.design.ends is not None and context.design.style.body is None:
        return None
    if x.field_type != "quantitative" and has_bands(context, x):
        return None
    places = sorted({place_of(record["x"]) for record in context.rows.records})
    step = min((after - one for one, after in pairwise(places)), default=0)
    if not step:
        return None
    share = step / (places[-1] - places[0] + step)
    place = f"{share:.6g} * {'child_width' if context.n_panels > 1 else 'width'}"
    if context.design.style.body is not None:
        return f"max({MIN_WITHIN}, {BAR_SHARE} * {place} - {EDGE})"
    seamless = f"{place} < {MIN_PLACE} ? {place} + {SEAM} : {BAR_SHARE} * {place}"
    return f"max({MIN_BAR}, {seamless})"
