"""Owns notebooks whose cells already show: outputs inside, and code that needs none of ours."""

from __future__ import annotations

from typing import Any, Literal

from erp_widget.export.document import Document, Figure, Part, Section
from erp_widget.export.marked_up import markdown, part_markdown
from erp_widget.export.outputs import chart_output
from erp_widget.overwriting import EXPORTED, mark_of

INTRODUCTION = (
    "The charts below are already drawn. To draw one again, load its table as `df` and run its "
    "cell; that needs Altair only."
)

#: What a cell is to `jupyter nbconvert --to slides`: a slide of its own, one that comes with the
#: slide before, or one for the speaker.
Slide = Literal["slide", "-", "notes"]


def notebook(document: Document) -> str:
    """Return a document as the text of a notebook.

    Parameters
    ----------
    document
        Each figure becomes a cell of text and a cell of code with the chart as its output, each
        other part a cell of text. As slides, each chart, section and passage is one.

    Returns
    -------
    str
        JSON, valid in nbformat 4.5.
    """
    import nbformat

    title = f"# {markdown(document.title)}\n\n{markdown(document.lead)}"
    cells = [_text_cell("title", title, "slide")]
    if document.figures:
        cells.append(_text_cell("introduction", INTRODUCTION, "notes"))
    for number, part in enumerate(document.parts, start=1):
        cells += _part_cells(number, part)
    if document.notes:
        said = "\n\n".join(markdown(note) for note in document.notes)
        cells.append(_text_cell("notes", said, "slide"))
    made = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": _metadata(document, cells), "cells": cells}
    )
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return text


def _metadata(document: Document, cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": document.title,
        EXPORTED: mark_of(cells),
    }


def _part_cells(number: int, part: Part) -> list[dict[str, Any]]:
    kind = "section" if isinstance(part, Section) else "text"
    cells = [_text_cell(f"{kind}-{number}", part_markdown(part), "slide")]
    return [*cells, _chart_cell(number, part)] if isinstance(part, Figure) else cells


def _text_cell(id: str, source: str, slide: Slide) -> dict[str, Any]:
    return {
        "id": id,
        "cell_type": "markdown",
        "metadata": {"slideshow": {"slide_type": slide}},
        "source": source,
    }


def _chart_cell(number: int, figure: Figure) -> dict[str, Any]:
    chart = figure.chart
    table = " ".join("".join(c if c.isprintable() else " " for c in chart.dataset_name).split())
    return {
        "id": f"chart-{number}",
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"slideshow": {"slide_type": "-"}},
        "source": (f"# df: {table}\n" if table else "") + chart.code(),
        "outputs": [chart_output(figure)],
    }
