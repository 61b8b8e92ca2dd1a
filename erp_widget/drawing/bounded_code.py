"""Owns the Altair source text of figures that are drawn with the bounds that a table gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erp_widget.drawing.altair_code import altair_code, arguments, own_scales
from erp_widget.drawing.bound_layers import BAND_OPACITY
from erp_widget.drawing.named_code import PANELS, panel_arguments
from erp_widget.drawing.rate_layers import INTERVAL_COLOR
from vizmodel.design import Design
from vizmodel.form.bounds import bounded, estimated
from vizmodel.form.declared import escape_field

#: How bounds are drawn behind or upon each mark.
_LOOKS = {
    "line": f"mark_area(opacity={BAND_OPACITY})",
    "bar": f"mark_rule(color={INTERVAL_COLOR!r})",
}
_RULE = "mark_rule()"
#: How margins are drawn, for which Vega-Lite has marks of its own.
_BAND, _BARS = "mark_errorband()", f"mark_errorbar(color={INTERVAL_COLOR!r})"


def bounded_code(
    spec: Mapping[str, Any],
    drawn: Mapping[str, Any],
    design: Design,
    title: str,
    **table: Any,
) -> str:
    """Return source text that draws figures and from where to where they may lie.

    Parameters
    ----------
    spec, drawn
        The declared and the drawn spec.
    design
        Whose style has bounds.
    title
        Of the chart.
    table
        As `altair_code` takes it: `n_rows`, `source` and `needs`.

    Examples
    --------
    >>> from vizmodel.design import Encoding, Style
    >>> spec = {"mark": "bar", "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}
    >>> figure = Encoding("y", "b", "value", "quantitative")
    >>> group = Encoding("x", "a", "category", "nominal")
    >>> design = Design("bar", (group, figure), Style(bounds=("low", "high")))
    >>> print(bounded_code(spec, {}, design, "T", n_rows=10))
    import altair as alt
    <BLANKLINE>
    chart = alt.Chart(df, title='T').mark_bar().encode(
        x=alt.X(field='a'),
        y=alt.Y(field='b'),
    )
    bounds = chart.mark_rule(color='#333333').encode(
        y=alt.Y(field='low', type='quantitative', title='b'),
        y2=alt.Y2(field='high'),
    )
    chart = chart + bounds
    chart
    """
    figure = bounded(design)
    if figure is None:
        raise ValueError("this chart has no bounds: altair_code draws it")
    channel = figure.channel
    panels = {name: part for name, part in spec["encoding"].items() if name in PANELS}
    plain = {
        name: _sorted_by_field(part, spec["encoding"])
        for name, part in spec["encoding"].items()
        if name not in PANELS
    }
    options = {} if panels else {"title": title}
    alone = {name: part for name, part in spec.items() if name != "resolve"}
    lines = altair_code(alone | {"encoding": plain}, options, **table).removesuffix("\nchart")
    mark = spec["mark"]["type"] if isinstance(spec["mark"], Mapping) else spec["mark"]
    layers = "chart + bounds" if mark == "bar" else "bounds + chart"
    whole = f"chart = {layers}"
    if panels:
        whole = f"chart = ({layers}).facet({panel_arguments(panels, drawn)}, title={title!r})"
        whole += own_scales(spec)
    told = _of_margin if design.style.margin is not None else _of_ends
    return "\n".join([lines, *told(design, channel, mark, plain), whole, "chart"])


def _sorted_by_field(part: Mapping[str, Any], encoding: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a channel that a measure sorts by its column: layers share no channel to sort by."""
    sort = part.get("sort")
    by = sort.removeprefix("-") if isinstance(sort, str) else ""
    if by not in encoding:
        return part
    order = "descending" if sort != by else "ascending"
    return {**part, "sort": {"field": encoding[by]["field"], "op": "max", "order": order}}


def _of_ends(design: Design, channel: str, mark: str, encoding: Mapping[str, Any]) -> list[str]:
    """Return the lines that draw from one column to another."""
    low, high = map(escape_field, design.style.around)
    title = encoding[channel].get("title", encoding[channel]["field"])
    reach = {"field": low, "type": "quantitative", "title": title}
    name = channel.upper()
    return [
        f"bounds = chart{_of_estimate(design, encoding)}.{_LOOKS.get(mark, _RULE)}.encode(",
        f"    {channel}=alt.{name}({arguments(reach)}),",
        f"    {channel}2=alt.{name}2(field={high!r}),",
        ")",
    ]


def _of_margin(design: Design, channel: str, mark: str, encoding: Mapping[str, Any]) -> list[str]:
    """Return the lines that draw as far on either side of a figure as a column says."""
    look = _BAND if mark == "line" else _BARS
    error = f"alt.{channel.upper()}Error(field={escape_field(design.style.around[0])!r})"
    return [f"bounds = chart.{look}.encode({channel}Error={error})"]


def _of_estimate(design: Design, encoding: Mapping[str, Any]) -> str:
    """Return the source text that leaves the gathered rows of an estimate; nothing without one."""
    label = estimated(design)
    if label is None:
        return ""
    return f".transform_filter({{'field': {encoding['color']['field']!r}, 'equal': {label!r}}})"
