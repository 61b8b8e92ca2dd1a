"""Owns the width of text in pictures of shapes: as it was measured, in whatever font it is read."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from msgspec import Struct

_TEXT = re.compile(r'<text((?: [\w:-]+="[^"]*")*)>(.*?)</text>', re.DOTALL)
#: One line of a text of several.
_PART = re.compile(r"(<tspan[^>]*)>([^<]+)<")
_FONT = re.compile(r' font-(family|size|weight|style)="([^"]*)"')
#: Vega draws each line, and then writes how wide the box around it is.
_MEASURED: dict[str, Any] = {
    "type": "text",
    "name": "drawn",
    "from": {"data": "lines"},
    "encode": {
        "enter": {
            "text": {"field": "said"},
            "font": {"field": "family"},
            "fontSize": {"field": "size"},
            "fontWeight": {"field": "weight"},
            "fontStyle": {"field": "style"},
        }
    },
}
_WIDTHS: dict[str, Any] = {
    "type": "text",
    "from": {"data": "drawn"},
    "encode": {"update": {"text": {"signal": "datum.bounds.x2 - datum.bounds.x1"}}},
}


class _Line(Struct, frozen=True):
    """Text in a font."""

    said: str
    family: str
    size: float
    weight: str | None
    style: str | None


def with_widths(shapes: str) -> str:
    """Return an SVG picture whose lines of text say how wide they were measured.

    Fonts of a reader may be wider than ours: then labels would end at the edge of the picture.

    Parameters
    ----------
    shapes
        As Vega writes it.
    """
    texts = _TEXT.findall(shapes)
    lines = list(dict.fromkeys(_line(font, said) for font, inner in texts for said in _said(inner)))
    widths = dict(zip(lines, _widths(lines), strict=True))

    def length(font: str, said: str) -> str:
        width = widths[_line(font, said)]
        return f' textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"' if width > 0 else ""

    def sized(text: re.Match[str]) -> str:
        font, inner = text[1], text[2]
        if "<" not in inner:
            return f"<text{font}{length(font, inner)}>{inner}</text>"
        parts = _PART.sub(lambda part: f"{part[1]}{length(font, part[2])}>{part[2]}<", inner)
        return f"<text{font}>{parts}</text>"

    return _TEXT.sub(sized, shapes)


def _said(inner: str) -> list[str]:
    """Return the lines of a text."""
    return [said for _, said in _PART.findall(inner)] if "<" in inner else [inner]


def _line(attributes: str, content: str) -> _Line:
    font = dict(_FONT.findall(attributes))
    size = float(font.get("size", "11px").removesuffix("px"))
    family = html.unescape(font.get("family", "sans-serif"))
    return _Line(html.unescape(content), family, size, font.get("weight"), font.get("style"))


def _widths(lines: list[_Line]) -> list[float]:
    """Return how many units wide each line is in the fonts that pictures are laid out with."""
    import vl_convert

    rows = [
        {"said": one.said, "family": one.family, "size": one.size}
        | ({"weight": one.weight} if one.weight else {})
        | ({"style": one.style} if one.style else {})
        for one in lines
    ]
    if not rows:
        return []
    spec = {"data": [{"name": "lines", "values": rows}], "marks": [_MEASURED, _WIDTHS]}
    drawn = vl_convert.vega_to_scenegraph(json.dumps(spec), allowed_base_urls=[])
    marks = drawn["scenegraph"]["items"][0]["items"]
    return [float(item["text"]) for item in marks[1]["items"]]
