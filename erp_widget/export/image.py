"""Owns pictures of charts: PNG and SVG made in this process, without browser and network."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from erp_widget.errors import ExportError
from erp_widget.export.measured import with_widths

#: Dark text on a transparent picture cannot be read on a dark page.
BACKGROUND = "white"
MAX_SCALE = 10
#: Keys by which a spec reaches for files or addresses; charts hold their own rows.
ADDRESS_KEYS = frozenset({"url", "href"})
#: What XML cannot hold; the renderer ends the whole process when it meets one.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SVG_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')
_PNG_SIZE = struct.Struct(">II")


def png(spec: Mapping[str, Any], scale: float = 2) -> bytes:
    """Return a chart as a PNG picture on white.

    Parameters
    ----------
    spec
        Vega-Lite with its rows inside.
    scale
        Pixels per unit, above 0 and up to 10.

    Returns
    -------
    bytes
        The file's content; the same spec is drawn once only.

    Raises
    ------
    ExportError
        The spec cannot be drawn, or the scale is out of range.

    Examples
    --------
    >>> bars = {"data": {"values": [{"y": 3}]}, "mark": "bar", "encoding": {"y": {"field": "y"}}}
    >>> png(bars)[1:4]
    b'PNG'
    """
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale <= MAX_SCALE:
        raise ExportError(f"scale is a number above 0 and up to {MAX_SCALE}, not {scale!r}")
    return _png(_text(spec), float(scale))


def svg(spec: Mapping[str, Any], fonts: str | None = None) -> str:
    """Return a chart as an SVG picture on white.

    Parameters
    ----------
    spec
        Vega-Lite with its rows inside.
    fonts
        Families in order of preference, where it is known which will be there. Otherwise each
        text keeps the width that it was measured with, whatever font its reader has.

    Raises
    ------
    ExportError
        The spec cannot be drawn.
    """
    if fonts is None:
        return _svg(_text(spec), sized=True)
    known = {**spec, "config": {**spec.get("config", {}), "font": fonts}}
    return _svg(_text(known), sized=False)


def png_size(picture: bytes) -> tuple[int, int]:
    """Return width and height of a PNG picture in pixels."""
    width, height = _PNG_SIZE.unpack_from(picture, 16)
    return width, height


def svg_width(picture: str) -> int:
    """Return the width of an SVG picture of ours in units."""
    found = _SVG_WIDTH.search(picture)
    if found is None:
        raise ExportError("the chart has no size: recommend it again")
    return round(float(found[1]))


def untitled(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec without its drawn title, for places that set the title as text.

    Examples
    --------
    >>> untitled({"title": "Sales", "mark": "bar"})
    {'mark': 'bar'}
    """
    return {key: value for key, value in spec.items() if key != "title"}


def _text(spec: Mapping[str, Any]) -> str:
    """Return the spec as the JSON that the renderer gets."""
    _refuse_addresses(spec)
    try:
        plain = json.dumps(
            _printable({**spec, "background": BACKGROUND}), ensure_ascii=False, allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise ExportError(
            f"the chart holds a value that no picture can show ({error}): recommend it again"
        ) from error
    return plain


def _printable(value: Any) -> Any:
    """Replace what XML cannot hold, in names and in values."""
    if isinstance(value, str):
        return _NOT_XML.sub("�", value)
    if isinstance(value, Mapping):
        return {_printable(key): _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


def _refuse_addresses(spec: Any) -> None:
    """Keep a spec from reading files or the network: a store may be shared."""
    if isinstance(spec, Mapping):
        for key, value in spec.items():
            if key in ADDRESS_KEYS:
                raise ExportError(
                    f"the chart refers to an address ({key}): recommend it again, so that it "
                    "holds its own rows"
                )
            if key != "values":
                _refuse_addresses(value)
    elif isinstance(spec, list | tuple):
        for value in spec:
            _refuse_addresses(value)


# A report is drawn again at every click; all its pictures but one are the same as before.
@lru_cache(maxsize=128)
def _png(text: str, scale: float) -> bytes:
    import vl_convert

    try:
        picture: bytes = vl_convert.vegalite_to_png(text, scale=scale, allowed_base_urls=[])
    except ValueError as error:
        raise _failure(error) from error
    return picture


@lru_cache(maxsize=64)
def _svg(text: str, sized: bool) -> str:
    import vl_convert

    try:
        picture: str = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
        return with_widths(picture) if sized else picture
    except ValueError as error:
        raise _failure(error) from error


def _failure(error: ValueError) -> ExportError:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[1] if len(lines) > 1 else "".join(lines)
    return ExportError(f"the chart cannot be drawn ({said}): recommend it again")
