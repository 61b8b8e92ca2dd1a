"""Owns the way from a design and its rows to the Vega-Lite that is drawn."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from typing import Any

from erp_widget import words
from erp_widget.aggregate import ChartRows
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.axes import channel_definition, measure_scale, shown_title
from erp_widget.drawing.bar_widths import MIN_BAR, bar_width
from erp_widget.drawing.box_layers import box_layers, edge_labels, room_for_dots
from erp_widget.drawing.breaks import pieces, with_breaks, with_edges
from erp_widget.drawing.candles import candle_records
from erp_widget.drawing.category_colors import category_colors
from erp_widget.drawing.layers import cell_labels, layered, value_labels
from erp_widget.drawing.maps import projected
from erp_widget.drawing.panels import in_panels
from erp_widget.drawing.plain_texts import NAMES, plain_texts
from erp_widget.drawing.point_names import named
from erp_widget.drawing.strips import offset_definition, spread
from erp_widget.drawing.tooltips import tooltip
from erp_widget.telling import titles
from vizmodel.design import Design
from vizmodel.form.rates import as_rate, share_told
from vizmodel.profile import Profile

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
#: Letters of a line above a chart; those of a note are smaller.
TITLE_WIDTH, SUBTITLE_WIDTH = 58, 66
MAX_TITLE_LINES = 3
#: Letters of a line of a note above the narrowest chart, and pixels of one and of a y axis.
MIN_SUBTITLE_WIDTH, NOTE_LETTER, AXIS_WIDTH = 44, 5.2, 45
#: Stands where a name may break, as a blank that nobody writes.
BREAK = "\x0b"
#: What stays on one line of a title; and letters of titles beside those of labels.
KEPT, TITLE_OVER_LABEL = ("(log scale)", "(log\xa0scale)"), 1.15
#: Shapes of points beyond the lower and the upper end of an axis.
OUTWARDS: dict[str, tuple[str, str]] = {
    "x": ("triangle-left", "triangle-right"),
    "y": ("triangle-down", "triangle-up"),
}
BEYOND_SIZE = 40
#: Opacity of bars and boxes of few rows, and of bars of a part of a month or a year.
PALE = 0.4
#: However narrow a band is, its edge is seen.
BAND = {"opacity": 0.6, "line": {"strokeWidth": 1}}
#: Most marks of one line that get a dot each.
MAX_DOTS = 24
#: Share of its place that a box takes, and the fewest pixels of one.
BOX_SHARE, MIN_BOX = 0.6, 2
#: A line of more steps is thin, or its ups and downs would be one band.
MANY_STEPS = 150
#: Share of a pile's places that its areas fill at least if slopes join them.
MIN_FILLED = 0.6


def drawn(
    design: Design, profile: Profile, rows: ChartRows, title: str | None = None
) -> dict[str, Any]:
    """Return the Vega-Lite spec that shows a design's rows.

    Parameters
    ----------
    design
        With its style, as ranked.
    profile
        Of the table; gives orders, formats and units.
    rows
        From `aggregate.rows` on the same design.
    title
        What it is called in a list; its own title if None.

    Returns
    -------
    dict
        A whole spec: rows inside under channel names, titles as plain text, shared looks.
    """
    design = as_rate(design)
    context = ChartContext(design, profile, rows)
    body = _box_body(context) if design.mark == "boxplot" else _body(context)
    body, records = named(context, body, _drawn_records(context))
    if any(NAMES.intersection(context.labels(one.channel)) for one in design.encodings):
        records = plain_texts(records)
    return {
        "$schema": SCHEMA,
        "title": plain_texts(_title(context, title)),
        "data": {"values": records},
        **plain_texts(in_panels(context, body)),
        "config": looks.config(design.fields),
    }


def _drawn_records(context: ChartContext) -> list[dict[str, Any]]:
    """Return the rows with what only the drawing needs: an order, or a label."""
    if context.piled:
        return _piled_records(context)
    records = context.rows.records
    if context.design.mark == "boxplot" and context.rows.limits:
        return [record | edge_labels(context, record) for record in records]
    if context.design.mark in ("line", "area"):
        return with_breaks(context)
    if context.design.style.body is not None:
        return candle_records(context)
    strips = spread(context)
    if strips is not None:
        pairs = zip(records, strips[1], strict=True)
        return [record | {"spread": place} for record, place in pairs]
    labels = value_labels(context) or cell_labels(context)
    if not labels:
        return records
    return [record | {"label": label} for record, label in zip(records, labels, strict=True)]


def _piled_records(context: ChartContext) -> list[dict[str, Any]]:
    """Give the marks of one pile the order of the legend, top first."""
    labels = context.labels("color")
    sideways = context.measure is not None and context.measure.channel == "x"
    upwards = context.design.mark in ("bar", "area") and not sideways
    place = {label: len(labels) - at if upwards else at for at, label in enumerate(labels)}
    steps = context.design.mark != "area" or _is_patchy(context)
    records = context.rows.records if steps else with_edges(context)
    return [record | {"order": place[record["color"]]} for record in records]


def _title(context: ChartContext, title: str | None) -> dict[str, Any]:
    told = titles.title(context.design, context.profile) if title is None else title
    found: dict[str, Any] = {"text": _wrapped(told)}
    if context.rows.note:
        found["subtitle"] = _wrapped(words.begun(context.rows.note), _note_width(context))
    return found


def _note_width(context: ChartContext) -> int:
    """Return the letters of a line of a note, which is hardly wider than a chart of few bands."""
    labels = len(context.labels("x"))
    if not labels or context.n_panels > 1 or context.has_legend:
        return SUBTITLE_WIDTH
    letters = int((context.step("x") * labels + AXIS_WIDTH) / NOTE_LETTER)
    return max(MIN_SUBTITLE_WIDTH, min(SUBTITLE_WIDTH, letters))


def _wrapped(text: str, width: int = TITLE_WIDTH) -> list[str]:
    return textwrap.wrap(text, width) or [text]


def _body(context: ChartContext) -> dict[str, Any]:
    design = context.design
    encoding: dict[str, Any] = {}
    for one in design.encodings:
        if one.channel not in ("row", "column"):
            encoding |= channel_definition(context, one)
    encoding |= _extra_channels(context)
    if design.mark == "bar":
        encoding |= _pale(context)
    strips = spread(context)
    encoding |= {strips[0]: offset_definition()} if strips is not None else {}
    encoding |= _beyond(context)
    encoding["tooltip"] = tooltip(context)
    size = _size(context)
    share = share_told(design)
    brief = "Share" if share is not None and share.channel == "y" else None
    _fold_title(encoding, size["height"], len(context.labels("y")), brief)
    body = {"mark": _mark(context), "encoding": encoding, **size}
    return projected(context, body) if design.style.projected else layered(context, body)


def _pale(context: ChartContext) -> dict[str, Any]:
    """Return how marks of few rows look, or of a part of a month, where there are such."""
    pale = {"test": "datum.thin || datum.partial", "value": PALE}
    some = any(record.get("thin") or record.get("partial") for record in context.rows.records)
    return {"opacity": {"condition": pale, "value": 1}} if some else {}


def _fold_title(
    encoding: dict[str, Any], height: Any, n_rows: int, brief: str | None = None
) -> None:
    """Keep titles of axes within reach of the plot, on as many lines as that takes."""
    title = encoding.get("x", {}).get("title") or ""
    pixels = TITLE_OVER_LABEL * looks.text_width(title)
    if pixels > looks.TITLE_LIMIT:
        encoding["x"]["title"] = _lines(title, int(looks.TITLE_LIMIT / pixels * len(title)))
    axis = encoding.get("y", {}).get("axis")
    if axis is not None:
        pixels = height["step"] * n_rows if isinstance(height, dict) else height
        limit = max(110, pixels + 30)
        lines = _lines(encoding["y"]["title"], max(14, int(limit / looks.BROAD)))
        # What share it is the chart's own title says.
        lines = [brief] if brief and len(lines) > 1 else lines
        encoding["y"]["title"] = lines if len(lines) > 1 else lines[0]
        axis["titleLimit"] = limit


def _lines(title: str, width: int) -> list[str]:
    """Return a title on as many lines as it takes; a name breaks after its dots and underscores.

    Examples
    --------
    >>> _lines("pred_degree_awarded_ipeds", 20)
    ['pred_degree_', 'awarded_ipeds']
    """
    # What is left is cut at its end, not somewhere within.
    lines = textwrap.wrap(
        re.sub(r"([._])(?=\w)", rf"\1{BREAK}", " ".join(title.split()).replace(*KEPT)),
        width,
        replace_whitespace=False,
        max_lines=MAX_TITLE_LINES,
        placeholder="…",
        break_long_words=False,
    )
    return [line.replace(BREAK, "").replace(KEPT[1], KEPT[0]) for line in lines]


def _extra_channels(context: ChartContext) -> dict[str, Any]:
    """Return the channels that the looks ask for: order of slices, side-by-side bars."""
    if context.piled:
        return {"order": {"field": "order", "type": "quantitative"}}
    shape = context.on("shape")
    if shape is not None and context.on("color") is None:
        # Shapes of one colour are hard to tell apart.
        labels = context.labels("shape")
        scale = {"domain": labels, "range": category_colors(context, shape, labels)}
        return {"color": channel_definition(context, shape)["shape"] | {"scale": scale}}
    if context.design.style.top is not None and not context.design.of_largest:
        grey = {"test": "datum.others", "value": looks.MISSING_COLOR}
        return {"color": {"condition": grey, "value": looks.MARK_COLOR}}
    offset = context.offset_channel
    if offset is None:
        return {}
    return {offset: {"field": "color", "type": "nominal", "sort": context.labels("color")}}


def _beyond(context: ChartContext) -> dict[str, Any]:
    """Return how points look that lie beyond an axis: they point there from its edge."""
    if context.design.mark != "point" or not context.rows.limits or context.on("shape"):
        return {}
    tests = [
        {"test": f"datum.{channel} {sign} {end!r}", "value": shape}
        for channel, ends in context.rows.limits.items()
        for sign, end, shape in zip("<>", ends, OUTWARDS[channel], strict=True)
    ]
    found: dict[str, Any] = {"shape": {"condition": tests, "value": "circle"}}
    look = looks.point_look(len(context.rows.records))
    for name, seen in (("size", BEYOND_SIZE), ("opacity", 1)):
        if context.on(name) is None:
            told = {"test": " || ".join(test["test"] for test in tests), "value": seen}
            found[name] = {"condition": told, "value": look[name]}
    return found


def _mark(context: ChartContext) -> dict[str, Any]:
    design, n_marks = context.design, len(context.rows.records)
    mark: dict[str, Any] = {"type": design.mark}
    if design.mark == "point":
        plain = looks.point_look(n_marks)
        look = {"size": 80, "opacity": 0.9} if context.summarised else plain
        if design.encoding("size") is not None:
            del look["size"]
        if context.on("color") is not None and not context.labels("color"):
            look["opacity"] = max(look["opacity"], 0.75)  # what is pale tells no shade
        mark |= {"filled": True} | look
    elif design.mark == "line":
        lines = max(1, len(context.labels("color")))
        dots = n_marks / lines <= MAX_DOTS and lines <= 6
        mark["point"] = {"size": 28} if dots or _has_lone_points(context) else False
        mark |= {"strokeWidth": 1} if n_marks / lines > MANY_STEPS else {}
    elif design.ends is not None and design.style.body is None:
        mark |= BAND if design.mark == "area" else {}
    elif design.mark == "area":
        mark |= _area_look(context)
    elif design.mark == "tick":
        mark |= looks.tick_look(n_marks)
        if context.measure is not None and not (context.labels("x") or context.labels("y")):
            both = context.on("x") is not None and context.on("y") is not None
            mark |= {"orient": "horizontal", "size": looks.TICK_SIZE} if both else {}
    elif design.mark == "arc":
        mark |= {"innerRadius": 45, "outerRadius": 95, "padAngle": 0.01}
    elif design.mark == "bar" and context.continuous_bars:
        mark["binSpacing"] = 1
    elif design.mark == "bar":
        size = bar_width(context)
        mark |= {"minBandSize": MIN_BAR} | ({} if size is None else {"size": {"expr": size}})
        mark |= {"binSpacing": 0} if n_marks > MANY_STEPS else {}
        covered = bool(context.labels("color")) and not context.stacked and _share_places(context)
        mark |= {"opacity": 0.55} if covered else {}
    return mark


def _area_look(context: ChartContext) -> dict[str, Any]:
    overlaid = context.on("color") is not None and not context.stacked
    look: dict[str, Any] = {"line": True, "opacity": 0.15 if overlaid else 0.75}
    look |= {"point": {"size": 28}} if _has_lone_points(context) else {}
    # A line on top of what is not there would run along zero.
    if _is_patchy(context):
        look |= {"interpolate": "step", "line": False}
    elif context.stacked and len(with_edges(context)) > len(context.rows.records):
        look["line"] = False
    return look


def _has_lone_points(context: ChartContext) -> bool:
    """Whether a line, or a part of it, would have a single point, of which nothing is drawn."""
    return any(len(piece) == 1 for piece in pieces(context))


def _share_places(context: ChartContext) -> bool:
    """Whether bars that neither pile up nor stand side by side hide one another."""
    if context.offset_channel is not None or context.measure is None:
        return False
    along = [e.channel for e in context.design.encodings if e is not context.measure]
    along = [channel for channel in along if channel != "color"]
    places = Counter(tuple(r.get(name) for name in along) for r in context.rows.records)
    return max(places.values(), default=1) > 1


def _is_patchy(context: ChartContext) -> bool:
    """Whether areas of a pile begin and end at different places, with slopes between that are not.

    Steps then show that an area is there or is not.
    """
    if not context.stacked:
        return False
    panels = [e.channel for e in context.design.encodings if e.channel in ("row", "column")]
    along = "y" if context.measure is not None and context.measure.channel == "x" else "x"
    # Where nothing was counted no area is.
    extent = context.measure.channel if context.measure is not None else "y"
    records = [record for record in context.rows.records if record.get(extent)]
    places = {tuple(r.get(name) for name in (along, *panels)) for r in records}
    series = {tuple(r.get(name) for name in ("color", *panels)) for r in records}
    n_panels = len({tuple(r.get(name) for name in panels) for r in records})
    return len(records) < MIN_FILLED * len(places) * len(series) / max(1, n_panels)


# --- sizes


def _size(context: ChartContext) -> dict[str, Any]:
    if context.design.mark == "arc":
        return {"width": 200, "height": 200}
    return {"width": _extent(context, "x"), "height": _extent(context, "y")}


def _extent(context: ChartContext, channel: str) -> Any:
    if context.on(channel) is None:
        return 60 if channel == "y" else 120
    if context.labels(channel):
        position = {"for": "position"} if context.offset_channel else {}
        return {"step": context.step(channel), **position}
    if channel == "x":
        return context.plot_width
    return looks.PLOT_HEIGHT if context.n_panels <= 2 and context.on("row") is None else 110


# --- box plots


def _box_body(context: ChartContext) -> dict[str, Any]:
    """Return whiskers, box and median as layers over five-number summaries."""
    design = context.design
    measure = next(e for e in design.encodings if e.transform == "value")
    shared: dict[str, Any] = {}
    colored: dict[str, Any] = {}
    for one in design.encodings:
        if one is not measure and one.channel not in ("row", "column"):
            target = colored if one.channel == "color" else shared
            target |= channel_definition(context, one)
    axis = measure.channel
    thickness = _box_thickness(context, "y" if axis == "x" else "x")
    place = {"type": "quantitative", "title": shown_title(context, measure)}
    found = measure_scale(context, measure)
    shared[axis] = place | found | {"scale": room_for_dots(context, measure, found["scale"])}
    shared |= _extra_channels(context) | {"tooltip": tooltip(context)}
    colored |= _pale(context)
    size = _size(context)
    _fold_title(shared, size["height"], len(context.labels("y")))
    layers = box_layers(context, measure, colored, thickness)
    return {"encoding": shared, "layer": layers, **size}


def _box_thickness(context: ChartContext, channel: str) -> int | str:
    """Return the pixels of a box; of those side by side in Vega's words, by the plot's width."""
    extent = _extent(context, channel)
    step = extent["step"] if isinstance(extent, dict) else extent
    groups = max(1, len(context.labels("color"))) if context.offset_channel else 1
    usual = max(5, min(34, int(BOX_SHARE * step / groups)))
    n_places = groups * len(context.labels(channel))
    # A page may give the plot less width; rows keep their height.
    if channel == "y" or n_places == 0:
        return usual
    width = "child_width" if context.n_panels > 1 else "width"
    return f"max({MIN_BOX}, min({usual}, {BOX_SHARE / n_places:.6g} * {width}))"
