"""Owns PDF: vector charts on numbered pages, by typst; text travels as data, never as markup."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from erp_widget.data_summary import HEADINGS
from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure, Part, Passage, Section
from erp_widget.export.image import svg, untitled
from erp_widget.export.passage import Block, blocks

TEMPLATE = Path(__file__).with_name("report.typ")
#: Of the width that labels are measured with; the last one is part of typst.
FONTS = "Helvetica Neue, Helvetica, Arial, Liberation Sans, Arimo, Libertinus Serif"
#: Units around a chart, for fonts that are wider than the one it was measured with.
MARGIN = 4
INSTALL = 'PDF needs one more package: pip install "erp-widget[pdf]"'

#: Characters about a chart that may not fit on one page with it.
MANY_CHARACTERS = 1_500
#: Characters of a passage that stays on the page of what it introduces.
FEW_CHARACTERS = 600
#: Longer than any line; breaks are put into words that are longer.
LONG_WORD = 50
#: The same for a cell of a table.
CELL_WORD = 16

_LONG = re.compile(rf"\S{{{LONG_WORD},}}")
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"')


def pdf(document: Document) -> bytes:
    """Return a document as a PDF file.

    Parameters
    ----------
    document
        Each figure stays whole on one page.

    Raises
    ------
    ExportError
        Typst is not installed, or cannot set the pages.
    """
    try:
        import typst
    except ImportError as error:
        raise ExportError(INSTALL) from error
    with tempfile.TemporaryDirectory(prefix="erp-pdf-") as name:
        folder = Path(name)
        parts = [_part(folder, number, one) for number, one in enumerate(document.parts)]
        _keep_introductions(parts)
        content = {
            "title": _plain(document.title),
            "lead": _plain(document.lead),
            "parts": parts,
            "notes": [_plain(note) for note in document.notes],
        }
        (folder / "document.json").write_text(json.dumps(content), encoding="utf-8")
        (folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        try:
            made: bytes = typst.compile(str(folder / "report.typ"), root=str(folder))
        except RuntimeError as error:
            said = " ".join(str(error).split())
            raise ExportError(f"the PDF cannot be made ({said}): write .html instead") from error
    return made


def _part(folder: Path, number: int, part: Part) -> dict[str, Any]:
    if isinstance(part, Figure):
        return {"kind": "figure"} | _figure(folder, number, part)
    if isinstance(part, Section):
        return {"kind": "section", "heading": _plain(part.heading)}
    if isinstance(part, Passage):
        return {"kind": "passage", "blocks": [_block(block) for block in blocks(part.markdown)]}
    summary = part.summary
    return {
        "kind": "data",
        "name": _plain(summary.name),
        "size": summary.size,
        "headings": HEADINGS,
        "rows": [[_plain(cell, CELL_WORD) for cell in row] for row in summary.cells()],
    }


def _keep_introductions(parts: list[dict[str, Any]]) -> None:
    """Mark short passages directly after a section: both belong to what comes after them."""
    before = ""
    for part in parts:
        if part["kind"] == "passage":
            length = sum(len(run["text"]) for block in part["blocks"] for run in block["runs"])
            part["introduces"] = before == "section" and length <= FEW_CHARACTERS
        before = part["kind"]


def _block(block: Block) -> dict[str, Any]:
    runs = [
        asdict(run) | {"text": _spaced(run.text), "address": _plain(run.address)}
        for run in block.runs
    ]
    return {"kind": block.kind, "level": block.level, "marker": block.marker, "runs": runs}


def _figure(folder: Path, number: int, figure: Figure) -> dict[str, Any]:
    chart = figure.chart
    width, height, picture = 1.0, 1.0, None
    try:
        shapes, width, height = _with_margin(svg(untitled(chart.drawn), fonts=FONTS))
        picture = f"chart-{number}.svg"
        (folder / picture).write_text(shapes, encoding="utf-8")
    except ExportError:  # one chart without a picture must not cost the others
        picture = None
    said = figure.remarks
    return {
        "title": _plain(chart.title),
        "caption": [_plain(part) for part in figure.caption.splitlines() if part.strip()],
        "said": [_plain(text) for text in said],
        "long": sum(map(len, (chart.title, figure.caption, *said))) > MANY_CHARACTERS,
        "description": _plain(chart.description),
        "picture": picture,
        "width": width,
        "height": height,
    }


def _with_margin(shapes: str) -> tuple[str, float, float]:
    """Return a picture with room around it, and its width and height."""
    found = _SIZE.search(shapes)
    if found is None:
        raise ExportError("the chart has no size: recommend it again")
    width, height = (float(found[at]) + 2 * MARGIN for at in (1, 2))
    box = f"{-MARGIN} {-MARGIN} {width:g} {height:g}"
    size = f'width="{width:g}" height="{height:g}" viewBox="{box}"'
    return shapes[: found.start()] + size + shapes[found.end() :], width, height


def _plain(text: str, longest: int = LONG_WORD) -> str:
    """Return text that JSON readers accept and lines can be broken in."""
    words = text.encode("utf-8", "replace").decode("utf-8").split()
    return " ".join(_breakable(word, longest) for word in words)


def _spaced(text: str) -> str:
    """Return the text of a run, whose spaces part it from the next; lines of code stay apart."""
    kept = text.encode("utf-8", "replace").decode("utf-8")
    return _LONG.sub(lambda word: _breakable(word[0], LONG_WORD), kept)


def _breakable(word: str, longest: int) -> str:
    return "\u200b".join(word[at : at + longest] for at in range(0, len(word), longest))
