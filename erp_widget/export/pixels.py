"""Owns pixels: pictures of few colours, a sixth of the size, and sheets of many charts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache

from PIL import Image

#: Charts have few colours and the shades between them; no eye tells more than these apart.
COLORS = 256
#: Units between charts of a sheet.
GAP = 24


@lru_cache(maxsize=128)
def compact(picture: bytes) -> bytes:
    """Return a PNG picture as one of at most 256 colours, if that is smaller.

    Parameters
    ----------
    picture
        PNG, without transparency.

    Examples
    --------
    >>> noise = io.BytesIO()
    >>> Image.effect_noise((80, 80), 50).convert("RGB").save(noise, "png")
    >>> len(compact(noise.getvalue())) <= len(noise.getvalue())
    True
    """
    with Image.open(io.BytesIO(picture)) as image:
        small = _written(image.convert("RGB"))
    return small if len(small) < len(picture) else picture


def sheet(pictures: Iterable[bytes], columns: int, scale: float) -> bytes:
    """Return several PNG pictures as one, row by row.

    Parameters
    ----------
    pictures
        In the order in which they are read.
    columns
        How many stand side by side.
    scale
        Pixels per unit that they were drawn with.

    Returns
    -------
    bytes
        PNG of few colours; each row is as high as its highest picture.
    """
    images = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    rows = [images[at : at + columns] for at in range(0, len(images), columns)]
    gap = round(GAP * scale)
    width = max((image.width for image in images), default=1) + gap
    heights = [max(image.height for image in row) + gap for row in rows]
    whole = Image.new(
        "RGB", (width * min(columns, max(len(images), 1)), sum(heights) or 1), "white"
    )
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for at, image in enumerate(row):
            whole.paste(image, (at * width, top))
        top += height
    return _written(whole)


def _written(image: Image.Image) -> bytes:
    written = io.BytesIO()
    few = image.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(written, "png", optimize=True)
    return written.getvalue()
