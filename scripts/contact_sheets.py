"""Draws every gallery of some tables on one picture each, for judging chart by chart."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import textwrap
from html import escape
from pathlib import Path

import vl_convert
from PIL import Image

import erp_widget as erp
from erp_widget.errors import ErpError

COLUMNS = 5
CELL = (380, 345)
MARGIN, LINE, LINES, LETTERS = 8, 14, 2, 62
BACKGROUND = "#e8e8e8"


def sheet(gallery: erp.Gallery) -> Image.Image:
    """Return one picture with the charts of a gallery, best first, row by row."""
    rows = -(-len(gallery) // COLUMNS)
    width, height = CELL
    page = Image.new("RGB", (COLUMNS * width, max(rows, 1) * height), BACKGROUND)
    for place, chart in enumerate(gallery):
        left, top = place % COLUMNS * width + MARGIN, place // COLUMNS * height + MARGIN
        picture = Image.open(io.BytesIO(chart.to_png(scale=1))).convert("RGB")
        picture.thumbnail((width - 2 * MARGIN, height - 2 * MARGIN - LINES * LINE))
        page.paste(caption(f"{place + 1}  {chart.reason}", width - 2 * MARGIN), (left, top - 4))
        page.paste(picture, (left, top + LINES * LINE - 2))
    return page


def caption(text: str, width: int) -> Image.Image:
    """Return two lines as a picture; the charts' renderer has letters that Pillow's font lacks."""
    lines = textwrap.wrap(text, LETTERS, max_lines=LINES, placeholder=" …")
    said = "".join(
        f'<text y="{11 + LINE * at}">{escape(line)}</text>' for at, line in enumerate(lines)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{LINES * LINE}">'
        f'<rect width="100%" height="100%" fill="{BACKGROUND}"/><g fill="#333333" '
        f'font-family="sans-serif" font-size="11">{said}</g></svg>'
    )
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("RGB")


def main() -> int:
    """Write `FOLDER/NAME.png` for each table; one that fails is named and the others go on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("contact-sheets"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="erp-sheets-") as folder:
        os.environ["ERP_STORE"] = str(Path(folder) / "store.sqlite3")
        for table in options.tables:
            try:
                page = sheet(erp.recommend(table))
            except ErpError as error:
                failed += 1
                sys.stderr.write(f"{table.name}: {error}\n")
                continue
            path = options.out / f"{table.stem}.png"
            page.save(path)
            sys.stdout.write(f"{path}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
