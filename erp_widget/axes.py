"""Owns one channel of a drawn chart: its scale, axis or legend, order, format and tooltip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from erp_widget import looks, words
from erp_widget.aggregate import MISSING, ChartRows
from vizmodel.design import Design, Encoding
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import scale_of
from vizmodel.style import LOG_SKEW, has_natural_order

MAX_PANEL_COLUMNS = 3
#: Most bars on single numbers that each get a label.
MAX_SINGLE_BARS = 60
#: Aggregates whose values may be put on top of each other.
ADDITIVE = ("count", "sum")
UTC_UNITS = {
    "year": "utcyear",
    "yearmonth": "utcyearmonth",
    "yearmonthdate": "utcyearmonthdate",
}
#: Bars on a time axis are as wide as the smallest part of the dates that varies.
RESOLUTION_UNITS = {
    "year": "utcyear",
    "month": "utcyearmonth",
    "day": "utcyearmonthdate",
    "hour": "utcyearmonthdatehours",
}
TIME_FORMATS = {
    "utcyear": "%Y",
    "utcyearmonth": "%B %Y",
    "utcyearmonthdate": "%d %B %Y",
    "utcyearmonthdatehours": "%d %B %Y %H:%M",
}
FULL_UNIT = "utcyearmonthdatehoursminutesseconds"
BOX_TITLES = {
    "maximum": "Largest",
    "high": "Upper whisker",
    "q3": "Upper quartile",
    "median": "Median",
    "q1": "Lower quartile",
    "low": "Lower whisker",
    "minimum": "Smallest",
}


@dataclass(frozen=True)
class ChartContext:
    """A design with what is known of its table and its rows."""

    design: Design
    profile: Profile
    rows: ChartRows

    def on(self, channel: str) -> Encoding | None:
        """Return the encoding of a channel."""
        return next((e for e in self.design.encodings if e.channel == channel), None)

    def column(self, encoding: Encoding) -> ColumnProfile | None:
        """Return the profile of an encoding's column."""
        try:
            return self.profile.column(encoding.field) if encoding.field else None
        except KeyError:
            return None

    @cached_property
    def summarised(self) -> bool:
        """Whether marks stand for groups of rows."""
        return any(e.aggregate is not None for e in self.design.encodings)

    @cached_property
    def _labels(self) -> dict[str, list[Any]]:
        return {
            e.channel: shown_labels(self, e) for e in self.design.encodings if is_label(self, e)
        }

    def labels(self, channel: str) -> list[Any]:
        """Return the separate values of a channel in the order shown; empty for other scales."""
        return self._labels.get(channel, [])

    @cached_property
    def measure(self) -> Encoding | None:
        """The encoding along which bars and areas grow."""
        places = [e for e in self.design.encodings if e.channel in ("x", "y")]
        summaries = [e for e in places if e.aggregate]
        plain = [e for e in places if e.transform == "value" and e.field_type == "quantitative"]
        found = summaries or plain
        return found[-1] if found else None

    @cached_property
    def stacked(self) -> bool:
        """Whether marks of one place are put on top of each other: only what adds up is."""
        measure = self.measure
        if self.design.style.stack is None or measure is None:
            return False
        column = self.column(measure)
        adds_up = measure.aggregate in ADDITIVE or (
            measure.aggregate is None and column is not None and column.additive
        )
        return adds_up and all((r.get(measure.channel) or 0) >= 0 for r in self.rows.records)

    @cached_property
    def offset_channel(self) -> str | None:
        """Channel that puts coloured bars or boxes side by side; None where not needed."""
        color, measure = self.on("color"), self.measure
        if self.design.mark not in ("bar", "boxplot") or color is None or not self.labels("color"):
            return None
        if measure is None or self.stacked or self.on("xOffset"):
            return None
        dimension = self.on("y" if measure.channel == "x" else "x")
        if dimension is None or not self.labels(dimension.channel):
            return None
        if dimension.field == color.field or self._one_colour_each(dimension):
            return None
        return f"{dimension.channel}Offset"

    def _one_colour_each(self, dimension: Encoding) -> bool:
        places = [r[dimension.channel] for r in self.rows.records]
        return len(set(places)) == len(places) and not self.n_panels > 1

    @cached_property
    def continuous_bars(self) -> bool:
        """Whether bars stand on a scale of numbers."""
        return any(e.bin and e.channel in ("x", "y") for e in self.design.encodings)

    @cached_property
    def has_legend(self) -> bool:
        """Whether a legend takes room beside the plot."""
        return any(self.on(channel) for channel in ("color", "size", "shape"))

    @cached_property
    def n_panels(self) -> int:
        """Number of panels."""
        return max(1, len(self.labels("row"))) * max(1, len(self.labels("column")))

    @cached_property
    def panel_columns(self) -> int:
        """Number of panels beside each other."""
        rows, columns = len(self.labels("row")), len(self.labels("column"))
        if rows and not columns:
            return 1 if rows <= 4 else MAX_PANEL_COLUMNS
        return max(1, columns if rows else min(columns, MAX_PANEL_COLUMNS))

    @cached_property
    def piled(self) -> bool:
        """Whether marks of different colours share one place, one after the other."""
        if not self.labels("color"):
            return False
        return self.design.mark == "arc" or self.stacked

    def span(self, encoding: Encoding) -> tuple[float, float]:
        """Return the smallest and largest number that a channel shows."""
        names = (encoding.channel, f"{encoding.channel}2", "low", "high")
        values = [r.get(n) for r in self.rows.records for n in names]
        numbers = [v for v in values if isinstance(v, int | float)]
        return (min(numbers), max(numbers)) if numbers else (0.0, 0.0)

    def axis(self, encoding: Encoding) -> dict[str, Any]:
        """Return the axis of a scale of numbers."""
        axis: dict[str, Any] = {"labelOverlap": True}
        column = self.column(encoding)
        low, high = self.span(encoding)
        if _is_year(column, encoding):
            axis |= {"format": "d", "tickMinStep": 1}
        elif _is_share(column, encoding):
            axis |= {"format": "~%"}
        else:
            axis |= looks.axis_format(high, low)
        if _counts(encoding, column) and high - low <= 10:
            axis["tickMinStep"] = 1
        size = 5 if self.n_panels <= 2 else 3
        return {"axis": axis | {"tickCount": size}}


def is_label(context: ChartContext, encoding: Encoding) -> bool:
    """Whether a channel shows separate labels rather than a scale of numbers or times."""
    if encoding.discrete or encoding.field_type in ("nominal", "ordinal"):
        return True
    if stands_for_itself(context, encoding):
        return True
    return encoding.channel in context.rows.orders


def stands_for_itself(context: ChartContext, encoding: Encoding) -> bool:
    """Whether bars stand on single numbers, such as years: each number then gets its place."""
    if context.design.mark not in ("bar", "boxplot") or encoding.channel not in ("x", "y"):
        return False
    if encoding.transform != "value" or encoding is context.measure:
        return False
    values = {record.get(encoding.channel) for record in context.rows.records}
    numbers = all(isinstance(value, int | float) for value in values)
    return numbers and len(values) <= MAX_SINGLE_BARS


def shown_labels(context: ChartContext, encoding: Encoding) -> list[Any]:
    """Return a channel's labels in the order shown, the missing one last."""
    channel = encoding.channel
    present = list(dict.fromkeys(record.get(channel) for record in context.rows.records))
    ordered = _in_order(context, encoding, present)
    return [v for v in ordered if v != MISSING] + [v for v in ordered if v == MISSING]


def _in_order(context: ChartContext, encoding: Encoding, present: list[Any]) -> list[Any]:
    channel = encoding.channel
    natural = context.rows.orders.get(channel)
    if natural is not None:
        gapless = encoding.time_unit == "year"
        return [label for label in natural if gapless or label in present]
    column = context.column(encoding)
    ordered = column is not None and has_natural_order(column)
    if context.design.style.sort == channel and not ordered:
        totals = _totals(context, channel)
        return sorted(present, key=lambda label: -totals.get(label, 0.0))
    scale = scale_of([v for v in present if isinstance(v, str) and v != MISSING])
    if scale is not None:
        return sorted(present, key=lambda v: _rank(scale, v))
    numbers = [v for v in present if not isinstance(v, str)]
    if numbers and _is_year(column, encoding) and max(numbers) - min(numbers) < MAX_SINGLE_BARS:
        return list(range(int(min(numbers)), int(max(numbers)) + 1))
    return sorted(numbers) + sorted((v for v in present if isinstance(v, str)), key=_natural)


def _natural(label: str) -> list[tuple[bool, float, str]]:
    """Sort "group 2" before "group 10", and "<18" before "18 to 25"."""
    bound = re.match(r"([<>≤≥]?)\s*(\d{1,15}(?:\.\d+)?)", label)
    if bound:
        side = {"<": -0.5, "≤": -0.5, ">": 0.5, "≥": 0.25}.get(bound[1], 0.0)
        return [(False, float(bound[2]) + side, ""), (True, 0, label)]
    parts = re.split(r"(\d{1,15})", label.casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def _rank(scale: tuple[str, ...], label: Any) -> int:
    lowered = str(label).strip().lower()
    return scale.index(lowered) if lowered in scale else len(scale)


def _totals(context: ChartContext, channel: str) -> dict[Any, float]:
    measure = "theta" if context.design.mark == "arc" else None
    if measure is None:
        measure = "median" if context.design.mark == "boxplot" else "y" if channel == "x" else "x"
    totals: dict[Any, float] = {}
    for record in context.rows.records:
        value = record.get(measure)
        if isinstance(value, int | float):
            totals[record[channel]] = totals.get(record[channel], 0.0) + value
    return totals


def _is_year(column: ColumnProfile | None, encoding: Encoding) -> bool:
    return (
        column is not None
        and column.semantic == "year"
        and encoding.aggregate in (None, "min", "max", "median", "mean")
    )


def _is_share(column: ColumnProfile | None, encoding: Encoding) -> bool:
    """Whether values are shares of one, best read as percentages."""
    if column is not None and column.integer and encoding.aggregate == "mean":
        return column.n_distinct == 2 and (column.minimum, column.maximum) == (0, 1)
    if column is None or column.semantic != "percent" or encoding.discrete:
        return False
    return (
        column.minimum >= 0
        and column.maximum <= 1
        and encoding.aggregate not in ("sum", "distinct", "count")
    )


def _counts(encoding: Encoding, column: ColumnProfile | None) -> bool:
    if encoding.aggregate in ("count", "distinct"):
        return True
    return encoding.aggregate is None and column is not None and column.integer


def time_unit(context: ChartContext, encoding: Encoding) -> str | None:
    """Return the UTC unit in which a time is shown; None for exact times."""
    if encoding.time_unit in UTC_UNITS:
        return UTC_UNITS[encoding.time_unit]
    column = context.column(encoding)
    if column is not None and column.resolution and context.design.mark in ("bar", "rect"):
        return RESOLUTION_UNITS[column.resolution]
    return None


# --- channels


def channel_definition(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    """Return the Vega-Lite definition of one channel, with its second end where it has one."""
    channel = encoding.channel
    found: dict[str, Any] = {"field": channel}
    found["title"] = words.channel_title(encoding, context.profile)
    if context.labels(channel):
        found |= _label_scale(context, encoding)
    elif encoding.field_type == "temporal":
        found |= _time_scale(context, encoding)
    elif encoding.bin:
        found |= _bin_scale(context, encoding)
        if context.rows.records and f"{channel}2" in context.rows.records[0]:
            return {channel: found, f"{channel}2": {"field": f"{channel}2"}}
    else:
        found |= _number_scale(context, encoding)
    return {channel: found}


def _label_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    channel, labels = encoding.channel, context.labels(encoding.channel)
    found: dict[str, Any] = {"type": "nominal" if encoding.discrete else "ordinal"}
    if channel in ("color", "shape"):
        found["scale"] = {"domain": labels}
        if channel == "color":
            found["scale"]["range"] = _colors(context, encoding, labels)
        # The same legend for both, so that Vega draws one where they show one column.
        return found | {"legend": {"columns": 1, "symbolOpacity": 1}}
    if channel in ("detail", "xOffset"):
        found.pop("title", None)
        return found | ({"sort": labels} if channel == "xOffset" else {})
    # The domain keeps a place for a year without rows.
    found |= {"sort": labels, "scale": {"domain": labels}}
    if channel == "x":
        found["axis"] = _label_axis(context, labels)
    elif channel == "y":
        limit = looks.label_width(labels) + 8
        found["axis"] = {"labelOverlap": False, "labelLimit": limit}
    if channel in ("x", "y") and context.design.mark == "point":
        found["axis"]["grid"] = True
    return found


def _label_axis(context: ChartContext, labels: list[Any]) -> dict[str, Any]:
    texts = [str(label) for label in labels]
    step = looks.column_step(len(labels))
    if context.offset_channel == "xOffset":
        step = max(step, looks.offset_step(len(context.labels("color")), len(labels)))
    if context.n_panels > 1:
        step = max(12, min(step, (180 if context.n_panels <= 2 else 130) // len(labels)))
    angle = looks.label_angle(texts, step)
    overlap: Any = False
    if all(isinstance(label, int) for label in labels) and len(labels) > 12:
        angle, overlap = 0, "greedy"
    return {
        "labelAngle": angle,
        "labelOverlap": overlap,
        "labelLimit": 120 if angle else 150,
    }


def _colors(context: ChartContext, encoding: Encoding, labels: list[Any]) -> list[str]:
    present = [label for label in labels if label != MISSING]
    column = context.column(encoding)
    ordered = encoding.field_type == "ordinal" or (column is not None and column.ordered)
    if ordered and len(present) > 2:
        colors = looks.ordered_colors(len(present))
    else:
        palette = looks.CATEGORY_COLORS
        colors = [palette[at % len(palette)] for at in range(len(present))]
    return colors + [looks.MISSING_COLOR] * (len(labels) - len(present))


def _time_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    unit = time_unit(context, encoding)
    found: dict[str, Any] = {"type": "temporal"}
    found |= {"timeUnit": unit} if unit else {"scale": {"type": "utc"}}
    if encoding.channel in ("x", "y"):
        count = 6 if context.n_panels <= 2 else 2
        found["axis"] = {"labelOverlap": True, "tickCount": count, "labelAngle": 0}
        found["axis"] |= _time_format(context, encoding, unit)
    elif encoding.channel == "color":
        found["scale"] = {"type": "utc", "scheme": looks.SEQUENTIAL}
    return found


def _time_format(context: ChartContext, encoding: Encoding, unit: str | None) -> dict[str, Any]:
    """Return a short format for axis labels, with the year only where years differ."""
    if unit == "utcyear":
        return {"format": "%Y"}
    if unit != "utcyearmonthdate":
        return {}
    years = {str(record[encoding.channel])[:4] for record in context.rows.records}
    return {"format": "%d %b" if len(years) == 1 else "%b %Y"}


def _bin_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    records = context.rows.records
    channel = encoding.channel
    found: dict[str, Any] = {"type": "quantitative"} | context.axis(encoding)
    if records and f"{channel}2" in records[0]:
        step = records[0][f"{channel}2"] - records[0][channel]
        found["bin"] = {"binned": True, "step": step}
        found["scale"] = {"zero": False, "nice": False}
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
        return (
            found
            | {"scale": {"zero": True, "range": [12, 420]}}
            | _legend_format(context, encoding)
        )
    if channel not in ("x", "y"):
        return found
    found |= context.axis(encoding)
    grows = context.design.mark in ("bar", "area") and encoding is context.measure
    if channel in context.design.style.log and context.span(encoding)[0] > 0:
        found["scale"] = {"type": "log", "nice": True}
    else:
        low, high = context.span(encoding)
        found["scale"] = {"zero": grows or low == high, "nice": True}
    if grows:
        found["stack"] = context.design.style.stack if context.stacked else None
        if found["stack"] == "normalize":
            found["axis"] = {"format": "%"}
    return found


def _color_scale(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    low, high = context.span(encoding)
    legend = _legend_format(context, encoding)
    if low < 0 < high:
        reach = max(-low, high)
        return {"scale": {"scheme": looks.DIVERGING, "domain": [-reach, reach]}} | legend
    column = context.column(encoding)
    if encoding.transform == "value" and low > 0 and column is not None and column.skew >= LOG_SKEW:
        return {"scale": {"type": "log", "scheme": looks.SEQUENTIAL}} | legend
    zero = encoding.aggregate in ("count", "sum", "distinct")
    return {"scale": {"scheme": looks.SEQUENTIAL, "zero": zero}} | legend


def _legend_format(context: ChartContext, encoding: Encoding) -> dict[str, Any]:
    axis = context.axis(encoding)["axis"]
    kept = {name: axis[name] for name in ("format", "labelExpr", "tickMinStep") if name in axis}
    return {"legend": kept | {"tickCount": 4}}


# --- tooltips


def tooltip(context: ChartContext) -> list[dict[str, Any]]:
    """Return what a pointer shows over a mark, with readable titles and formats."""
    if context.design.mark == "boxplot":
        return _box_tooltip(context)
    found: list[dict[str, Any]] = []
    for encoding in context.design.encodings:
        found += _tooltip_fields(context, encoding)
    if any("rows" in record for record in context.rows.records[:1]):
        found.append(_number_field("rows", words.RECORDS, ","))
    return found


def _tooltip_fields(context: ChartContext, encoding: Encoding) -> list[dict[str, Any]]:
    channel, name = encoding.channel, words.channel_title(encoding, context.profile)
    if context.labels(channel):
        return [{"field": channel, "type": "nominal", "title": name}]
    if encoding.field_type == "temporal":
        unit = time_unit(context, encoding) or FULL_UNIT
        column = context.column(encoding)
        exact = RESOLUTION_UNITS.get(str(column.resolution)) if column else None
        shown = TIME_FORMATS.get(unit) or TIME_FORMATS.get(str(exact), "%d %B %Y %H:%M")
        return [
            {
                "field": channel,
                "type": "temporal",
                "timeUnit": unit,
                "title": name,
                "format": shown,
            }
        ]
    style = _tooltip_format(context, encoding)
    if encoding.bin and f"{channel}2" in (context.rows.records or [{}])[0]:
        return [
            _number_field(channel, f"{name}, from", style),
            _number_field(f"{channel}2", f"{name}, to", style),
        ]
    return [_number_field(channel, name, style)]


def _tooltip_format(context: ChartContext, encoding: Encoding) -> str:
    column = context.column(encoding)
    if _is_year(column, encoding):
        return "d" if encoding.aggregate is None else ".1f"
    return ".1%" if _is_share(column, encoding) else ","


def _number_field(field: str, title: str, style: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "format": style}


def _box_tooltip(context: ChartContext) -> list[dict[str, Any]]:
    groups = [e for e in context.design.encodings if e.transform != "value"]
    found: list[dict[str, Any]] = []
    for encoding in groups:
        found += _tooltip_fields(context, encoding)
    found += [_number_field(part, title, ",") for part, title in BOX_TITLES.items()]
    return [*found, _number_field("rows", words.RECORDS, ",")]
