"""Owns one channel of a drawn chart: its scale, axis or legend, order and format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from erp_widget import words
from erp_widget.aggregate.bins import nice_bins
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.context.label_order import named
from erp_widget.context.number_kinds import MAX_WHOLE_TICKS, is_whole_count
from erp_widget.context.number_labels import label_expression, label_texts
from erp_widget.drawing.bar_widths import bar_width
from erp_widget.drawing.category_colors import category_colors, edges
from erp_widget.drawing.log_axes import decade_ticks, log_scale
from erp_widget.drawing.times import (
    CLOCK_FORMATS,
    DAY_FORMAT,
    QUARTER_FORMAT,
    are_quarters,
    has_bands,
    only_day,
    time_unit,
)
from erp_widget.telling.gathered_names import is_plain_key, value_title
from vizmodel.design import Encoding
from vizmodel.form.log_scales import (
    GIANT_DECADES,
    LOG_SKEW,
    LOW_PART,
    has_own_ends,
    log_columns,
)

#: With fewer years per tick d3 puts ticks inside years, which need their month's name.
MIN_YEARS_PER_TICK = 0.6
#: Days between which Vega ticks months: without its year, none but a January would tell it.
MIN_MONTHS, MAX_MONTHS = 87, 1_100
#: Most quarters that have a tick each.
MAX_QUARTERS = 12
#: Days from which ticks are a day apart or more.
MIN_DAYS = 7
#: Pixels between what is drawn and the ends of its axis.
BUBBLE_PADDING, POINT_PADDING, BAR_PADDING = 14, 7, 4
#: Colours part at zero where values reach from it to both sides, the shorter one so far at least.
MIN_SIDE = 0.1
LEGEND_TICKS = 4
#: Fewest cells of which one or two may be giants.
MIN_CELLS = 8
#: Pixels between two numbers below an axis.
LABEL_GAP = 6
#: Of more bins round numbers are named in place of edges, of which some would be left out.
MAX_EDGES = 13
#: Bubbles look alike where the smallest value is more than such a share of the largest.
MAX_ALIKE = 0.4


def channel_definition(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return the Vega-Lite definition of one channel, with its second end where it has one."""
    channel = encoding.channel
    found: dict[str, Any] = {"field": channel}
    if channel in ("x2", "y2"):
        # The upper end of a range has the scale and the axis of the lower one.
        return {channel: found}
    found["title"] = shown_title(context, encoding)
    if channel == "color" and is_plain_key(context.design, encoding):
        found["title"] = None
    if context.labels(channel):
        found |= _label_scale(context, encoding)
        if channel == "color":
            return {channel: found} | edges(context, found["scale"]["range"])
    elif encoding.field_type == "temporal":
        found |= _time_scale(context, encoding)
    elif encoding.bin:
        found |= _bin_scale(context, encoding)
        if context.rows.records and f"{channel}2" in context.rows.records[0]:
            return {channel: found, f"{channel}2": {"field": f"{channel}2"}}
    else:
        found |= _number_scale(context, encoding)
    return {channel: found}


def shown_title(context: ChartContext, encoding: Encoding) -> str:
    """Return a channel's title, with what is left out of each of its labels, or its scale."""
    title = value_title(context.design, encoding, context.profile) or words.measure_title(
        context.design, encoding, context.profile
    )
    start = looks.shared_start(encoding.channel, context.labels(encoding.channel))
    if start:
        return f"{title}: {words.clean_name(start)} …"
    day = only_day(context, encoding)
    if day is not None:
        return f"{title} ({day})"
    is_share = context.design.style.stack == "normalize"
    unit = "" if is_share else words.written_unit(encoding, context.profile, title)
    if context.is_log(encoding):
        return f"{title} ({unit}, log scale)" if unit else f"{title} (log scale)"
    return f"{title} ({unit})" if unit else title


def _label_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    channel, labels = encoding.channel, context.labels(encoding.channel)
    found: dict[str, Any] = {"type": "nominal" if encoding.discrete else "ordinal"}
    if channel in ("color", "shape"):
        found["scale"] = {"domain": labels}
        if channel == "color":
            found["scale"]["range"] = category_colors(context, encoding, labels)
        # The same legend for both, so that Vega draws one where they show one column.
        texts = context.telling(encoding)
        return found | {"legend": {"columns": 1, "symbolOpacity": 1} | texts}
    # The domain keeps a place for a year without rows.
    found |= {"sort": labels, "scale": {"domain": labels}}
    if channel == "x":
        found["axis"] = _label_axis(context, encoding, labels)
    elif channel == "y":
        limit = looks.label_width(labels) + 12
        texts = context.telling(encoding)
        found["axis"] = {"labelOverlap": False, "labelLimit": limit} | texts
    if channel in ("x", "y") and context.design.mark == "point":
        found["axis"]["grid"] = True
    return found


def _label_axis(context: ChartContext, encoding: Encoding, labels: list[Any]) -> dict[str, Any]:
    angle = looks.label_angle(labels, context.step("x"))
    overlap: Any = False
    telling = context.telling(encoding)
    if telling:
        angle = looks.label_angle(label_texts(labels) or labels, context.step("x"))
    if all(isinstance(label, int) for label in labels) and len(labels) > 12:
        angle, overlap = 0, "greedy"
        widest = max(map(looks.text_width, labels)) + LABEL_GAP
        telling["values"] = named(labels, int(context.step("x") * len(labels) / widest))
    limit = looks.LABEL_ROOM["x"] if angle else 150
    return {"labelAngle": angle, "labelOverlap": overlap, "labelLimit": limit} | telling


def _time_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    unit = time_unit(context, encoding) if has_bands(context, encoding) else None
    found: dict[str, Any] = {"type": "temporal"}
    found |= {"timeUnit": unit} if unit else {"scale": {"type": "utc"}}
    if encoding.channel in ("x", "y"):
        count = 6 if context.n_panels <= 2 else 3
        # Drawn inward, the first and the last label would touch their neighbours and hide them.
        found["axis"] = {"labelOverlap": True, "labelFlush": False}
        found["axis"] |= {"tickCount": count, "labelAngle": 0}
        found["axis"] |= _time_format(context, encoding, unit, count)
        found |= _room_for_points(context, found)
        width = bar_width(context) if unit is None and encoding.channel == "x" else None
        if width is not None:
            found["scale"] |= {"nice": False, "padding": {"expr": f"({width}) / 2"}}
    elif encoding.channel == "color":
        found["scale"] = {"type": "utc", "scheme": looks.SEQUENTIAL}
    return found


def _time_format(
    context: ChartContext, encoding: Encoding, unit: str | None, tick_count: int
) -> dict[str, Any]:
    """Return a short format for axis labels: as much of a date as tells the ticks apart."""
    texts = sorted(str(record[encoding.channel]) for record in context.rows.records)
    years = {int(text[:4]) for text in texts}
    span = max(years) - min(years) if years else 0
    if are_quarters(context, encoding):
        if len({*texts}) <= MAX_QUARTERS and context.n_panels <= 2:
            each = {"interval": "month", "step": 3}
            return {"format": QUARTER_FORMAT, "tickCount": each}
        return {"format": "%Y" if span >= MIN_YEARS_PER_TICK * tick_count else QUARTER_FORMAT}
    if unit is None:
        # The scale's own names years and months by what each tick begins; of a few months, none
        # may be a January.
        days = _days(texts)
        if days <= MIN_MONTHS:
            return {"format": CLOCK_FORMATS if days < MIN_DAYS else DAY_FORMAT}
        return {"format": "%b %Y"} if MIN_MONTHS < days <= MAX_MONTHS else {}
    if unit == "utcyear" or span >= MIN_YEARS_PER_TICK * tick_count:
        return {"format": "%Y"}
    return {"format": DAY_FORMAT if len(years) == 1 and unit != "utcyearmonth" else "%b %Y"}


def _days(texts: Sequence[str]) -> int:
    """Return how many days lie between the first and the last of sorted times."""
    try:
        first, last = (date.fromisoformat(text[:10]) for text in (texts[0], texts[-1]))
    except (IndexError, ValueError):  # none, or beyond the years that Python knows
        return 0
    return (last - first).days


def _bin_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    records = context.rows.records
    channel = encoding.channel
    found: dict[str, Any] = {"type": "quantitative"} | context.axis(encoding)
    if records and f"{channel}2" in records[0]:
        if context.is_log(encoding):
            ends = log_scale(context, encoding)
            scale = {"type": "log", "domain": list(context.span(encoding)), "nice": False}
            return found | {"bin": "binned", "scale": scale, "axis": ends["axis"]}
        found |= {"bin": "binned", "scale": {"zero": False, "nice": False}}
        step = records[0][f"{channel}2"] - records[0][channel]
        low, high = context.span(encoding)
        if f"{channel}_only" in records[0]:
            # A tick below each bar, or below some of many.
            few = {"tickCount": MAX_EDGES} if high - low <= MAX_EDGES * step else {}
            found["axis"] |= {"tickMinStep": step} | few
        elif high - low <= MAX_EDGES * step:
            found["bin"] = {"binned": True, "step": step}  # a tick at each edge
    else:
        found["scale"] = {"zero": False}
    found["axis"] |= {"grid": False} if context.design.mark == "rect" else {}
    return found


def _number_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    channel = encoding.channel
    found: dict[str, Any] = {"type": "quantitative"}
    if channel == "color":
        return found | _color_scale(context, encoding)
    if channel == "theta":
        return found | {"stack": "zero"}
    if channel == "size":
        return found | _size_scale(context, encoding)
    if channel not in ("x", "y"):
        return found
    grows = context.design.mark in ("bar", "area") and encoding is context.measure
    found |= measure_scale(context, encoding)
    if channel == "x" and encoding is not context.measure:
        found["axis"] |= _few_ticks(context, encoding)
        if context.design.mark in ("bar", "line", "area") and found["scale"].get("nice"):
            # Bars are as wide as the values leave room for: round ends would make them touch.
            # A line goes from end to end, as it does over time.
            padding = {"padding": BAR_PADDING} if context.design.mark == "bar" else {}
            found["scale"] |= {"nice": False} | padding
    found |= _room_for_points(context, found)
    if grows:
        found["stack"] = context.design.style.stack if context.stacked else None
        if found["stack"] == "normalize":
            found["axis"] = {"format": "%"}
    return found


def _few_ticks(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return the axis of a line along a few codes: a tick for each, and none between them."""
    values = {record.get(encoding.channel) for record in context.rows.records}
    few = len(values) <= MAX_WHOLE_TICKS and context.n_panels <= 2
    column = context.column(encoding)
    if column is not None and column.geometric and context.is_log(encoding):
        places = sorted(value for value in values if value is not None)
        return {"values": places} | (label_expression(places) or {"format": ",~r"})
    whole = few and all(type(value) is int for value in values)
    return {"values": sorted(values)} if whole and context.design.mark in ("line", "area") else {}


def measure_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return the scale of numbers along x or y, with its axis."""
    if context.is_log(encoding):
        return log_scale(context, encoding)
    found = context.axis(encoding)
    limits = context.rows.limits.get(encoding.channel)
    if limits is not None:
        # What lies beyond is drawn at the edge.
        scale: dict[str, Any] = {"domain": list(limits), "nice": False, "clamp": True}
    elif context.span(encoding) == (0, 0):
        scale = {"domain": [0, 1]}  # of zeros alone Vega makes no axis
    else:
        # As many round ends as ticks: the last line of the grid is above what is highest.
        ends = found["axis"].get("tickCount", True)
        scale = {"zero": context.from_zero(encoding), "nice": ends}
    return {"scale": scale} | found


def _size_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return the areas of bubbles: from nothing for zero, unless all would look alike then."""
    low, high = context.span(encoding)
    largest = looks.bubble_area(len(context.rows.records))
    found = _legend_format(context, encoding)
    if low < MAX_ALIKE * high or encoding.aggregate in ("count", "sum", "distinct"):
        # A bubble of nothing is not drawn.
        grain = 1.0 if is_whole_count(encoding, context.column(encoding)) else 0.0
        sizes = [size for size in _legend_ticks(0.0, high, grain, is_log=False) if size > 0]
        told: dict[str, Any] = (
            {"format": ",d"} if grain and "labelExpr" not in found["legend"] else {}
        )
        told |= {"values": sizes} if low >= 0 else {}
        found["legend"] |= told
        return {"scale": {"zero": True, "range": [12, largest]}} | found
    return {"scale": {"zero": False, "range": [24, largest]}} | found


def _room_for_points(context: ChartContext, found: dict[str, Any]) -> dict[str, Any]:
    """Keep points, and the largest bubbles, off the axes and their labels."""
    if context.design.mark != "point":
        return {}
    scale = found.get("scale", {"type": "utc"})
    bubbles = context.on("size") is not None
    if "domain" in scale and not scale.get("clamp") and not bubbles:
        return {}  # it has room of its own
    # Room and round ends together would leave an empty band.
    return {
        "scale": scale | {"padding": BUBBLE_PADDING if bubbles else POINT_PADDING, "nice": False}
    }


def _color_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    low, high = context.span(encoding)
    legend = _legend_format(context, encoding)
    column = context.column(encoding)
    leans = column is not None and column.skew >= LOG_SKEW and not has_own_ends(column)
    as_axes = encoding.field in log_columns(context.profile)
    if low < 0 < high and min(-low, high) >= MIN_SIDE * max(-low, high):
        scale, is_log = looks.diverging(low, high), False
    elif low > 0 and (_is_crowded(context) if encoding.aggregate else leans or as_axes):
        scale, is_log = {"type": "log", "scheme": looks.SEQUENTIAL}, True
    else:
        zero = encoding.aggregate in ("count", "sum", "distinct")
        scale, is_log = {"scheme": looks.SEQUENTIAL, "zero": zero}, False
        low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    whole = 1.0 if is_whole_count(encoding, column) else 0.0
    ticks = _legend_ticks(low, high, whole, is_log=is_log)
    legend["legend"] = ({"values": ticks} if len(ticks) > 1 else {}) | legend["legend"]
    return {"scale": scale} | legend


def _is_crowded(context: ChartContext) -> bool:
    """Whether half of a heat map's cells would have one colour, since few are so much larger."""
    sizes = sorted(record.get("color") or 0.0 for record in context.rows.records)
    if context.design.mark != "rect" or len(sizes) < MIN_CELLS or not sizes[0] > 0:
        return False
    low, middle, high = sizes[0], sizes[len(sizes) // 2], sizes[-1]
    return middle <= LOW_PART * high and high >= 10**GIANT_DECADES * low


def _legend_ticks(low: float, high: float, grain: float, *, is_log: bool) -> list[float]:
    """Return round numbers beside a bar of colours; its own are its ends where few would fit.

    Examples
    --------
    >>> _legend_ticks(255, 167_806, 0.0, is_log=True)
    [1000.0, 10000.0, 100000.0]
    >>> _legend_ticks(-127.4, -0.1, 0.0, is_log=False)
    [-100, -50]
    """
    for most in (LEGEND_TICKS, 2 * LEGEND_TICKS) if is_log else ():
        ticks = [tick for tick in decade_ticks(low, high, most) if low <= tick <= high]
        if len(ticks) > 1:
            return ticks
    for most in (LEGEND_TICKS, 2 * LEGEND_TICKS):
        bins = nice_bins(low, high, most, grain)
        ticks = [bins.edge(at) for at in range(bins.count + 1)]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len([tick for tick in ticks if tick]) > 1:  # of zero there is no bubble
            break
    return ticks


def _legend_format(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    axis = context.axis(encoding)["axis"]
    names = ("format", "labelExpr", "tickMinStep", "values")
    kept = {name: axis[name] for name in names if name in axis}
    return {"legend": kept | {"tickCount": LEGEND_TICKS}}
