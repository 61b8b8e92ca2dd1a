"""Owns logarithmic axes: where they begin and end, and which round numbers they name."""

from __future__ import annotations

import math
from typing import Any

from erp_widget.context.chart import ChartContext
from vizmodel.design import Encoding
from vizmodel.form.log_scales import log_constant, log_ticks

#: On a log axis of more decades only powers of ten are named.
MAX_FINE_DECADES = 2.3
#: No axis goes on beyond ten to these powers: what is smaller is drawn as zero, no float is larger.
MIN_EXPONENT, MAX_EXPONENT = -300, 308
#: Share of a log axis that is left free at either end.
LOG_MARGIN = 0.03


def log_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return a log scale with its axis; where there are zeros, one that has a place for them."""
    axis = dict(context.axis(encoding)["axis"])
    # Beside values of its own, Vega takes a count as a limit and leaves some of them out.
    for name in ("tickCount", "tickMinStep"):
        axis.pop(name, None)
    axis["labelOverlap"] = "greedy"
    low, high = context.span(encoding)
    column = context.column(encoding)
    if low > 0 or column is None:
        most = 6 if context.n_panels <= 2 else 3
        if encoding.channel in context.rows.limits:
            scale: dict[str, Any] = {"domain": [low, high], "nice": False, "clamp": True}
            ticks = [t for t in decade_ticks(low, high, most) if low <= t <= high]
        else:
            scale, ticks = _decades(low, high, most)
        return {"scale": {"type": "log", **scale}, "axis": axis | {"values": ticks}}
    constant = log_constant(column)
    ticks = log_ticks(constant, high, 6 if context.n_panels <= 2 else 4)
    scale = {"type": "symlog", "constant": constant, "nice": False}
    # A format for the largest number would write the smallest ticks as zeros.
    small = {"format": ",~r"} if constant < 1 else {}
    return {"scale": scale, "axis": axis | small | {"values": ticks}}


def _decades(low: float, high: float, most: int) -> tuple[dict[str, Any], list[float]]:
    """Return a log scale's domain and ticks: it ends with the data where two ticks remain."""
    ticks = decade_ticks(low, high, most)
    if not ticks:
        return {"nice": True}, ticks
    # By logarithms: the widest spans have no ratio, and no room beyond the largest number.
    room = LOG_MARGIN * (math.log10(high) - math.log10(low))
    start = 10 ** (math.log10(low) - room)
    stop = 10 ** min(math.log10(high) + room, MAX_EXPONENT)
    for finer in (most, 2 * most):
        inside = [tick for tick in decade_ticks(low, high, finer) if start <= tick <= stop]
        if len(inside) >= 2:
            ends = [float(f"{start:.4g}"), float(f"{stop:.4g}")]
            return {"domain": ends, "nice": False}, inside
    return {"domain": [min(ticks), max(ticks)], "nice": True}, ticks


def decade_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers for a log axis: powers of ten, or some between where these are few.

    Without them Vega draws a line for each tenth, and where room is short it writes every eighth.

    Examples
    --------
    >>> decade_ticks(1_200, 6_000_000, 6)
    [1000.0, 10000.0, 100000.0, 1000000.0, 10000000.0]
    >>> decade_ticks(3, 80, 6)
    [1.0, 3.0, 10.0, 30.0, 100.0]
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low <= 0:
        return []
    # No tick lies beyond what a number can be.
    first = max(MIN_EXPONENT, min(math.floor(math.log10(low)), MAX_EXPONENT - 1))
    last = min(max(math.ceil(math.log10(high)), first + 1), MAX_EXPONENT)
    span = math.log10(high) - math.log10(low) if most > 3 else math.inf
    between = (1, 2, 5) if span <= 1 else (1, 3) if span <= MAX_FINE_DECADES else (1,)
    step = max(1, math.ceil((last - first + 1) / most))
    powers = range(first, last, step)
    ticks = [factor * 10.0**power for power in powers for factor in between]
    end = powers[-1] + step
    return [*ticks, 10.0**end] if end <= last else ticks
