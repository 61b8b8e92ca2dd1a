"""Owns notebooks whose cells already show: outputs inside, and code that needs none of ours."""

from __future__ import annotations

from typing import Any

from erp_widget.export.document import Document, Figure
from erp_widget.export.outputs import figure_markdown, figure_outputs, markdown

INTRODUCTION = (
    "The charts below are already drawn. To draw one again, load its table as `df` and run its "
    "cell; that needs Altair only."
)


def notebook(document: Document) -> str:
    """Return a document as the text of a notebook.

    Parameters
    ----------
    document
        Each figure becomes a cell of text and a cell of code with the chart as its output.

    Returns
    -------
    str
        JSON, valid in nbformat 4.5.
    """
    import nbformat

    cells = [_text_cell("title", f"# {markdown(document.title)}\n\n{markdown(document.lead)}")]
    if document.figures:
        cells.append(_text_cell("introduction", INTRODUCTION))
    for number, figure in enumerate(document.figures, start=1):
        cells.append(_text_cell(f"text-{number}", figure_markdown(figure)))
        cells.append(_chart_cell(number, figure))
    if document.notes:
        cells.append(_text_cell("notes", "\n\n".join(markdown(note) for note in document.notes)))
    made = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": _metadata(document), "cells": cells}
    )
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return text


def _metadata(document: Document) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": document.title,
    }


def _text_cell(id: str, source: str) -> dict[str, Any]:
    return {"id": id, "cell_type": "markdown", "metadata": {}, "source": source}


def _chart_cell(number: int, figure: Figure) -> dict[str, Any]:
    chart = figure.chart
    table = " ".join("".join(c if c.isprintable() else " " for c in chart.dataset_name).split())
    return {
        "id": f"chart-{number}",
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "source": (f"# df: {table}\n" if table else "") + chart.code(),
        "outputs": figure_outputs(figure)[1:],
    }
