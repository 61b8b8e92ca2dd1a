"""Owns the outputs of a report cell: real ones, which show without a kernel and without us."""

from __future__ import annotations

import base64
from typing import Any

from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure, Part
from erp_widget.export.image import png, png_size, untitled
from erp_widget.export.marked_up import markdown, part_markdown, part_text
from erp_widget.export.pictures import parts_html
from erp_widget.export.pixels import compact
from erp_widget.export.vegalite_output import vegalite_output

#: Pixels per unit of the pictures; viewers get the size in units too, so they stay sharp.
SCALE = 2


def outputs(document: Document) -> list[dict[str, Any]]:
    """Return the document as nbformat 4 outputs, plain data for JSON.

    Parameters
    ----------
    document
        Each figure is two outputs, what is said of it and the chart; any other part is one.

    Returns
    -------
    list of dict
        Of type display_data. Charts carry Vega-Lite, a picture and the alt text; each viewer
        takes the best it knows. nbconvert and code hosts know the picture, JupyterLab Vega-Lite.
    """
    return [output for unit in _units(document) for output in unit]


def _units(document: Document) -> list[list[dict[str, Any]]]:
    """Return the outputs of the title, of each part and of each note."""
    title = _text_output(f"# {markdown(document.title)}", document.title)
    notes = ([_text_output(markdown(note), note)] for note in document.notes)
    return [[title], *map(part_outputs, document.parts), *notes]


def fitted_outputs(document: Document, room: int) -> list[dict[str, Any]]:
    """Return the document as just so many outputs.

    Parameters
    ----------
    document
        As `outputs` takes it.
    room
        Places there are, at least 2. Parts that find none are pictures in the last one that is
        used; places left over are empty.

    Examples
    --------
    >>> from erp_widget.export.document import Section
    >>> sales = Document("Sales", (Section("Prices"), Section("Units")))
    >>> [len(fitted_outputs(sales, room)) for room in (2, 5)]
    [2, 5]
    """
    units = _units(document)
    found = [output for unit in units for output in unit]
    if len(found) > room:
        found, parts = units[0], document.parts
        for unit in units[1 : 1 + len(parts)]:
            if len(found) + len(unit) >= room:
                break
            found, parts = [*found, *unit], parts[1:]
        rest = {"text/html": parts_html(parts, document.notes), "text/plain": ""}
        found = [*found, _display_data(rest, {})]
    return found + [_display_data({"text/plain": ""}, {})] * (room - len(found))


def part_outputs(part: Part) -> list[dict[str, Any]]:
    """Return what is said, then the chart if it is one."""
    said = _text_output(part_markdown(part), part_text(part))
    return [said, chart_output(part)] if isinstance(part, Figure) else [said]


def chart_output(figure: Figure) -> dict[str, Any]:
    """Return a chart as an output of its own."""
    chart = figure.chart
    drawn = untitled(chart.to_vegalite())
    bundle, metadata = vegalite_output(drawn, chart.description)
    bundle["text/plain"] = chart.description
    try:
        picture = compact(png(drawn, scale=SCALE))
    except ExportError:  # one chart without a picture must not cost the others
        return _display_data(bundle, metadata)
    width, height = png_size(picture)
    bundle["image/png"] = base64.b64encode(picture).decode("ascii")
    size = {"width": width // SCALE, "height": height // SCALE, "alt": chart.description}
    return _display_data(bundle, metadata | {"image/png": size})


def _text_output(markdown: str, text: str) -> dict[str, Any]:
    return _display_data({"text/markdown": markdown, "text/plain": text}, {})


def _display_data(data: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}
