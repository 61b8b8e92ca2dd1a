"""Owns figures as pictures in HTML that any host may show: no script, style sheet or request."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from urllib.parse import quote

from erp_widget.data_summary import HEADINGS, DataSummary
from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure, Part, Passage, Section
from erp_widget.export.html_text import text
from erp_widget.export.image import png, png_size, svg, svg_width, untitled
from erp_widget.export.passage import passage_html
from erp_widget.export.pixels import compact

#: Above this a picture of many marks is smaller as pixels than as shapes.
MAX_SVG_BYTES = 60_000
#: Pixels per unit, sharpest first; the first that is small enough is taken.
SCALES = (2, 1)
MAX_PNG_BYTES = 60_000


def picture_html(document: Document) -> str:
    """Return the document as HTML fragments with pictures.

    Parameters
    ----------
    document
        All its text is shown as text.

    Returns
    -------
    str
        For hosts that strip style and script: figures with images inside, described in words.
    """
    return f"<h1>{text(document.title)}</h1>\n{parts_html(document.parts, document.notes)}"


def parts_html(parts: Iterable[Part], notes: Iterable[str] = ()) -> str:
    """Return parts and notes of a document as HTML fragments with pictures."""
    return "\n".join([*map(_part, parts), *(f"<p>{text(note)}</p>" for note in notes)])


def picture_attributes(figure: Figure) -> str:
    """Return address, size in units and alt text of a chart's picture, for an `img` element.

    Parameters
    ----------
    figure
        Drawn as shapes, or as pixels where those are smaller.

    Raises
    ------
    ExportError
        The chart cannot be drawn.
    """
    drawn = untitled(figure.chart.drawn)
    shapes, scale, pixels = svg(drawn), 1, b""
    for scale in SCALES if len(shapes) > MAX_SVG_BYTES else ():
        pixels = compact(png(drawn, scale=scale))
        if len(pixels) <= MAX_PNG_BYTES:
            break
    if pixels:
        address = "data:image/png;base64," + base64.b64encode(pixels).decode("ascii")
    else:
        address = "data:image/svg+xml," + quote(shapes, safe=" !'()*,-./:;=?@_~")
    described = html.escape(figure.chart.description, quote=True)
    width = png_size(pixels)[0] // scale if pixels else svg_width(shapes)
    return f'src="{address}" width="{width}" alt="{described}"'


def summary_html(summary: DataSummary) -> str:
    """Return the summary of a table as an HTML table."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{text(name)}</th>'
        + "".join(f'<td dir="auto">{text(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in summary.cells()
    )
    caption = f"<b>{text(summary.name)}</b>: {text(summary.size)}"
    return (
        f'<table><caption dir="auto">{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _part(part: Part) -> str:
    if isinstance(part, Figure):
        return _figure(part)
    if isinstance(part, Section):
        return f"<h2>{text(part.heading)}</h2>"
    if isinstance(part, Passage):
        return passage_html(part.markdown)
    return summary_html(part.summary)


def _figure(figure: Figure) -> str:
    chart = figure.chart
    said = [f"<p>{text(part)}</p>" for part in (figure.caption, *figure.remarks) if part]
    return (
        f"<figure><h3>{text(chart.title)}</h3>{_image(figure)}"
        f"<figcaption>{''.join(said)}</figcaption></figure>"
    )


def _image(figure: Figure) -> str:
    try:
        attributes = picture_attributes(figure)
    except ExportError as error:
        return f"<p>{text(figure.chart.description)} ({text(str(error))})</p>"
    return f'<img {attributes} style="max-width:100%;height:auto;background:white">'
