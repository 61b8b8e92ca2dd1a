"""Owns what a pointer shows over a mark: readable titles and formats."""

from __future__ import annotations

from typing import Any

from erp_widget import words
from erp_widget.aggregate.plain import BODY, BOUNDS, MARGIN
from erp_widget.context.chart import ChartContext
from erp_widget.context.number_kinds import is_clock, is_share, is_year
from erp_widget.drawing.point_names import tells_names
from erp_widget.drawing.times import QUARTER_FORMAT, RESOLUTION_UNITS, are_quarters, time_unit
from erp_widget.telling.gathered_names import value_title
from vizmodel.design import Encoding
from vizmodel.form.bounds import bounded
from vizmodel.form.rates import share_told
from vizmodel.profile.reading.clocks import DURATIONS, tells_minutes

TIME_FORMATS = {
    "utcyear": "%Y",
    "utcyearmonth": "%B %Y",
    "utcyearmonthdate": "%-d %B %Y",
    "utcyearmonthdatehours": "%-d %B %Y %H:%M",
}
#: Of a day; longer spans may be of minutes and seconds.
LAST_HOUR = 24
FULL_UNIT = "utcyearmonthdatehoursminutesseconds"
INTERVAL = (("low", "from"), ("high", "to"))
BOX_TITLES = {
    "maximum": "Largest",
    "high": "Upper whisker",
    "q3": "Upper quartile",
    "median": "Median",
    "q1": "Lower quartile",
    "low": "Lower whisker",
    "minimum": "Smallest",
}


def tooltip(context: ChartContext) -> list[dict[str, Any]]:
    """Return what a pointer shows over a mark, with readable titles and formats."""
    fields = _box_tooltip(context) if context.design.mark == "boxplot" else _fields(context)
    return [field | {"title": _speakable(str(field["title"]))} for field in fields]


def _speakable(title: str) -> str:
    """Return a title that ends no text: Vega-Lite 5 writes it into its own code as it is."""
    return title.replace('"', "”").replace("\\", "∖")


def _fields(context: ChartContext) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if tells_names(context):
        title = words.called(str(context.design.style.names), context.profile)
        found.append({"field": "name", "type": "nominal", "title": title})
    for encoding in context.design.encodings:
        found += _tooltip_fields(context, encoding)
    found += _bounds(context)
    for end, name in zip(BODY, context.design.style.body or (), strict=False):
        found.append(_number_field(end, words.called(name, context.profile), ","))
    if any("share" in record for record in context.rows.records[:1]):
        found.append(_number_field("share", "Share", ".1%"))
    if any("rows" in record for record in context.rows.records[:1]):
        found.append(_number_field("rows", words.RECORDS, ","))
    if any("high" in record for record in context.rows.records) and share_told(context.design):
        found += [_number_field(part, f"95% interval, {said}", ".1%") for part, said in INTERVAL]
    return found


def _bounds(context: ChartContext) -> list[dict[str, Any]]:
    """Return the fields of the columns that tell the bounds of a figure."""
    figure, style = bounded(context.design), context.design.style
    if figure is None:
        return []
    ends = zip((MARGIN,) if style.margin else BOUNDS, style.around, strict=True)
    written = _tooltip_format(context, figure)
    return [_number_field(end, words.called(name, context.profile), written) for end, name in ends]


def _tooltip_fields(context: ChartContext, encoding: Encoding) -> list[dict[str, Any]]:
    channel, profile = encoding.channel, context.profile
    name = value_title(context.design, encoding, profile) or words.channel_title(encoding, profile)
    if context.labels(channel):
        return [{"field": channel, "type": "nominal", "title": name}]
    if encoding.field_type == "temporal":
        unit = time_unit(context, encoding) or FULL_UNIT
        column = context.column(encoding)
        exact = RESOLUTION_UNITS.get(str(column.resolution)) if column else None
        shown = TIME_FORMATS.get(unit) or TIME_FORMATS.get(str(exact), "%-d %B %Y %H:%M")
        shown = QUARTER_FORMAT if are_quarters(context, encoding) else shown
        return [
            {
                "field": channel,
                "type": "temporal",
                "timeUnit": unit,
                "title": name,
                "format": shown,
            }
        ]
    column = context.column(encoding)
    if is_clock(column, encoding) and column is not None:
        # A tooltip writes numbers as such, so it says of what.
        sure = column.maximum <= LAST_HOUR or column.written in DURATIONS
        minutes = tells_minutes(column.written)
        name += ", in minutes" if minutes else ", in hours" if sure else ""
    unit = words.written_unit(encoding, context.profile, name)
    name += f" ({unit})" if unit else ""
    style = _tooltip_format(context, encoding)
    first = (context.rows.records or [{}])[0]
    if f"{channel}_only" in first:
        return [_number_field(f"{channel}_only", name, style)]
    if encoding.bin and f"{channel}2" in first:
        return [
            _number_field(channel, f"{name}, from", style),
            _number_field(f"{channel}2", f"{name}, to", style),
        ]
    return [_number_field(channel, name, style)]


def _tooltip_format(context: ChartContext, encoding: Encoding) -> str:
    column = context.column(encoding)
    if is_clock(column, encoding):
        return ".2f"
    if is_year(column, encoding):
        return "d" if encoding.aggregate is None else ".1f"
    return ".1%" if is_share(column, encoding) else ","


def _number_field(field: str, title: str, style: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "format": style}


def _box_tooltip(context: ChartContext) -> list[dict[str, Any]]:
    groups = [e for e in context.design.encodings if e.transform != "value"]
    found: list[dict[str, Any]] = []
    for encoding in groups:
        found += _tooltip_fields(context, encoding)
    found += [_number_field(part, title, ",") for part, title in BOX_TITLES.items()]
    return [*found, _number_field("rows", words.RECORDS, ",")]
