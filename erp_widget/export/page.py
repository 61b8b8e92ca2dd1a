"""Owns exported pages: one HTML file, interactive, that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erp_widget.errors import ExportError
from erp_widget.export.document import (
    Document,
    Figure,
    Part,
    Passage,
    Section,
    gallery_document,
)
from erp_widget.export.image import untitled
from erp_widget.export.passage import passage_html
from erp_widget.export.pictures import picture_attributes, summary_html

if TYPE_CHECKING:
    from erp_widget.gallery.gallery import Gallery

SCRIPT = Path(__file__).parents[1] / "static" / "page.js"
STYLE = Path(__file__).with_name("page.css")
SCRIPTS_OFF = "Scripts are off, so the charts are pictures without tooltips."


def gallery_page(gallery: Gallery) -> str:
    """Return a gallery as one HTML file, best chart first.

    Parameters
    ----------
    gallery
        Its title, charts and notes.

    Raises
    ------
    ExportError
        The browser files are missing from the installation.
    """
    return page(gallery_document(gallery))


def page(document: Document) -> str:
    """Return a document as one HTML file that opens without a network.

    Parameters
    ----------
    document
        All its text is shown as text, whatever it holds.

    Returns
    -------
    str
        Script, style, rows and pictures inside. The file names what may run and be loaded in a
        content security policy: its own script, and nothing from anywhere.

    Raises
    ------
    ExportError
        The browser files are missing from the installation.
    """
    script, style = _script(), STYLE.read_text(encoding="utf-8")
    specs = [_spec(figure) for figure in document.figures]
    kind = "gallery" if document.ranked else "report"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        _head(document, script, style),
        f'<body class="{kind}">',
        "<main>",
        _header(document),
        _parts(document),
        _notes(document),
        "</main>",
        f'<script type="application/json" id="erp-charts">{_json(specs)}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _head(document: Document, script: str, style: str) -> str:
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return "\n".join(
        (
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            # Without it, browsers ask the server for an icon.
            '<link rel="icon" href="data:,">',
            f"<title>{_text(document.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
        )
    )


def _header(document: Document) -> str:
    today = date.today()
    return (
        f'<header><h1 dir="auto">{_text(document.title)}</h1>'
        f'<p class="lead"><span dir="auto">{_text(document.lead)}</span> · '
        f'<time datetime="{today.isoformat()}">{today.day} {today:%B %Y}</time></p></header>'
        f'<noscript><p class="scripts-off">{SCRIPTS_OFF}</p></noscript>'
    )


def _parts(document: Document) -> str:
    if not document.parts:
        return '<p class="empty">No charts.</p>'
    if document.ranked:
        items = [f"<li>{_card(one, 2, rank)}</li>" for rank, one in enumerate(document.figures, 1)]
        return "\n".join(['<ol class="figures">', *items, "</ol>"])
    parts, level = [], 2
    for part in document.parts:
        parts.append(_part(part, level))
        if isinstance(part, Section):  # what follows stands below it
            level = 3
    return "\n".join(['<div class="figures">', *parts, "</div>"])


def _part(part: Part, level: int) -> str:
    if isinstance(part, Figure):
        return _card(part, level)
    if isinstance(part, Section):
        return f'<h2 class="section" dir="auto">{_text(part.heading)}</h2>'
    if isinstance(part, Passage):
        return f'<div class="passage">{passage_html(part.markdown, level)}</div>'
    # Narrow windows scroll it sideways, and keys must be able to do so too.
    label = f'role="region" aria-label="{_text(f"Summary of {part.summary.name}")}" tabindex="0"'
    return f'<div class="data" {label}>{summary_html(part.summary)}</div>'


def _card(figure: Figure, level: int, rank: int | None = None) -> str:
    chart = figure.chart
    number = "" if rank is None else f'<span class="rank">{rank}</span>'
    captions = [part for part in figure.caption.splitlines() if part.strip()]
    parts = [
        f'<article class="card"><h{level} dir="auto">{number}{_text(chart.title)}</h{level}>',
        *(f'<p class="caption" dir="auto">{_text(part)}</p>' for part in captions),
        f'<figure><div class="chart"></div>{_picture(figure)}</figure>',
        _paragraph("reason", figure.reason),
        _paragraph("note", figure.note),
        _paragraph("outdated", figure.outdated),
        f'<details><summary>In words</summary><p dir="auto">{_text(chart.description)}</p>'
        "</details></article>",
    ]
    return "".join(parts)


def _picture(figure: Figure) -> str:
    """Return what is seen before the script has drawn, without scripts, and on paper."""
    try:
        return f'<img class="picture" {picture_attributes(figure)}>'
    except ExportError:  # one chart without a picture must not cost the others
        return f'<p class="picture" dir="auto">{_text(figure.chart.description)}</p>'


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}" dir="auto">{_text(text)}</p>' if text else ""


def _notes(document: Document) -> str:
    if not document.notes:
        return ""
    items = "".join(f'<li dir="auto">{_text(note)}</li>' for note in document.notes)
    return f'<section class="notes"><h2>Notes</h2><ul>{items}</ul></section>'


def _spec(figure: Figure) -> dict[str, Any]:
    return untitled(figure.chart.drawn) | {"description": figure.chart.description}


def _text(text: str) -> str:
    return html.escape(text, quote=True)


def _json(value: object) -> str:
    """Return JSON in which no text can end the element that holds it."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def _script() -> str:
    try:
        script = SCRIPT.read_text(encoding="utf-8")
    except OSError as error:
        raise ExportError(
            "a browser file is missing from the installation (page.js): install the wheel, or "
            "run `make setup` in a clone"
        ) from error
    # Inside a string or pattern this is the same to the script, and nothing to the page.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
