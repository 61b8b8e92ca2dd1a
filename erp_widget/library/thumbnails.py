"""Owns thumbnails: small pictures of stored charts, made when they are first looked at."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from erp_widget.export.image import png

#: Pixels that a thumbnail fits into: twice what a table shows, for sharp screens.
WIDTH, HEIGHT = 240, 160
COLORS = 48
#: Thumbnails kept, about 5 KB each.
MAX_KEPT = 400


def thumbnail(spec: Mapping[str, Any]) -> bytes:
    """Return a chart as a small PNG picture, without its title.

    Parameters
    ----------
    spec
        Vega-Lite with its rows inside.

    Returns
    -------
    bytes
        At most 240 by 160 pixels of few colours; the same spec is drawn once only.

    Raises
    ------
    ExportError
        The spec cannot be drawn.

    Examples
    --------
    >>> bars = {"data": {"values": [{"y": 3}]}, "mark": "bar", "encoding": {"y": {"field": "y"}}}
    >>> len(thumbnail(bars)) < 10_000
    True
    """
    untitled = {name: part for name, part in spec.items() if name != "title"}
    return _thumbnail(json.dumps(untitled, default=str))


@lru_cache(maxsize=MAX_KEPT)
def _thumbnail(spec: str) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(png(json.loads(spec), scale=1))) as whole:
        image = whole.convert("RGB")
    image.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    few = image.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(written, "png", optimize=True)
    return written.getvalue()
