"""Owns the outputs of a report cell: real ones, which show without a kernel and without us."""

from __future__ import annotations

import base64
import re
from typing import Any

from erp_widget.chart import MIME, MIME_SCHEMA
from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure
from erp_widget.export.image import png, png_size, untitled

#: Pixels per unit of the pictures; viewers get the size in units too, so they stay sharp.
SCALE = 2

#: Punctuation that Markdown never obeys where it is put here.
_PLAIN = frozenset(" ,;?'\"()%/")
#: Between two of these notebooks see a formula, unless each has an element of its own.
_FORMULA = frozenset("$\\")


def outputs(document: Document) -> list[dict[str, Any]]:
    """Return the document as nbformat 4 outputs, plain data for JSON.

    Parameters
    ----------
    document
        A heading is one output, each figure two: what is said of it, and the chart.

    Returns
    -------
    list of dict
        Of type display_data. Charts carry Vega-Lite, a picture and the alt text; each viewer
        takes the best it knows. nbconvert and code hosts know the picture, JupyterLab Vega-Lite.
    """
    found = [_text_output(f"## {markdown(document.title)}", document.title)]
    for figure in document.figures:
        found += figure_outputs(figure)
    for note in document.notes:
        found.append(_text_output(markdown(note), note))
    return found


def figure_outputs(figure: Figure) -> list[dict[str, Any]]:
    """Return what is said of a chart, then the chart."""
    return [
        _text_output(figure_markdown(figure), figure_text(figure)),
        _chart_output(figure),
    ]


def figure_markdown(figure: Figure) -> str:
    """Return title, caption, reason and note of a chart as Markdown that shows them as text."""
    parts = [f"### {markdown(figure.chart.title)}"]
    parts += [_paragraph(text) for text in _paragraphs(figure.caption)]
    small = [f"*{markdown(text)}*" for text in (figure.reason, figure.note) if text]
    return "\n\n".join([*parts, "  \n".join(small)]).strip()


def figure_text(figure: Figure) -> str:
    """Return title, caption, reason and note of a chart for viewers without Markdown."""
    lines = (figure.chart.title, figure.caption, figure.reason, figure.note)
    return "\n".join(line for line in lines if line.strip())


def markdown(text: str) -> str:
    r"""Return one line of Markdown that shows text as it is, whatever it holds.

    Examples
    --------
    >>> markdown("a_b <script>")
    'a&#95;b &#60;script&#62;'
    """
    return "".join(_character(c) for c in " ".join(text.split()))


def _character(c: str) -> str:
    if c.isascii() and not c.isalnum() and c not in _PLAIN:
        return f"<span>&#{ord(c)};</span>" if c in _FORMULA else f"&#{ord(c)};"
    return c


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def _paragraph(text: str) -> str:
    """Return a paragraph whose lines break where its author broke them."""
    return "  \n".join(markdown(line) for line in text.splitlines() if line.strip())


def _text_output(text: str, plain: str) -> dict[str, Any]:
    return _display_data({"text/markdown": text, "text/plain": plain}, {})


def _chart_output(figure: Figure) -> dict[str, Any]:
    chart = figure.chart
    drawn = untitled(chart.to_vegalite())
    bundle = {
        MIME: drawn | {"$schema": MIME_SCHEMA, "description": chart.description},
        "text/plain": chart.description,
    }
    try:
        picture = png(drawn, scale=SCALE)
    except ExportError:  # one chart without a picture must not cost the others
        return _display_data(bundle, {})
    width, height = png_size(picture)
    bundle["image/png"] = base64.b64encode(picture).decode("ascii")
    size = {"width": width // SCALE, "height": height // SCALE, "alt": chart.description}
    return _display_data(bundle, {"image/png": size})


def _display_data(data: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}
