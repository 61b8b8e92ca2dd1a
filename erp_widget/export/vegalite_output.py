"""Owns a chart as Vega-Lite in a notebook's output, drawn by whoever shows the notebook."""

from __future__ import annotations

from typing import Any

MIME = "application/vnd.vegalite.v5+json"
#: What notebooks' own renderers know; all that charts use is the same in versions 5 and 6.
MIME_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
#: Up to so many rows a chart is drawn as SVG, whose text has the colour of the text around it.
MAX_SVG_ROWS = 2_000
#: The viewer draws once, in the theme of that moment: what must be read takes the colour that text
#: has at its place, whatever theme comes; lines are seen on light and on dark.
INK, LINE = "currentColor", "#808080"
INKED: dict[str, dict[str, Any]] = {
    "axis": {
        "labelColor": INK,
        "labelOpacity": 0.85,
        "titleColor": INK,
        "gridColor": LINE,
        "gridOpacity": 0.25,
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "legend": {"labelColor": INK, "labelOpacity": 0.85, "titleColor": INK},
    "header": {"labelColor": INK, "titleColor": INK},
    "title": {"color": INK, "subtitleColor": INK},
    "text": {"color": INK},
}


def vegalite_output(
    spec: dict[str, Any], description: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a notebook's output holds of a chart under its MIME type: data and metadata.

    Parameters
    ----------
    spec
        As it is drawn elsewhere.
    description
        The alt text.

    Examples
    --------
    >>> data, metadata = vegalite_output({"mark": "bar", "data": {"values": []}}, "Bars")
    >>> data[MIME]["config"]["text"], metadata[MIME]
    ({'color': 'currentColor'}, {'embed_options': {'renderer': 'svg'}})
    """
    data = spec | {"$schema": MIME_SCHEMA, "description": description}
    if len(spec.get("data", {}).get("values", ())) > MAX_SVG_ROWS:
        return {MIME: data}, {}  # pixels know no colour around them; the viewer's theme does
    config = dict(spec.get("config", {}))
    for part, said in INKED.items():
        config[part] = config.get(part, {}) | said
    return {MIME: data | {"config": config}}, {MIME: {"embed_options": {"renderer": "svg"}}}
