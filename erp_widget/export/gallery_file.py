"""Owns a gallery's file: its suffix names the format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from erp_widget.errors import ExportError
from erp_widget.export.files import checked, write

if TYPE_CHECKING:
    from erp_widget.gallery.gallery import Gallery

GALLERY_SUFFIXES = (".html", ".json", ".ipynb", ".md", ".pdf")


def write_gallery(gallery: Gallery, path: str | os.PathLike[str]) -> Path:
    """Write a gallery in the format that the file's suffix names; without one as HTML.

    Raises
    ------
    ExportError
        There is no such format, or the file cannot be made or written.
    """
    from erp_widget.export.document import gallery_document

    suffix = checked(path).suffix.lower()
    if suffix in ("", ".html", ".htm"):
        from erp_widget.export.page import gallery_page

        return write(path, gallery_page(gallery))
    if suffix == ".json":
        import json

        specs = [chart.to_vegalite() for chart in gallery]
        return write(path, json.dumps(specs, indent=1) + "\n")
    if suffix == ".ipynb":
        from erp_widget.export.notebook import notebook

        return write(path, notebook(gallery_document(gallery)))
    if suffix == ".md":
        from erp_widget.export.markdown_file import write_markdown

        return write_markdown(path, gallery_document(gallery))
    if suffix == ".pdf":
        from erp_widget.export.pdf import pdf

        return write(path, pdf(gallery_document(gallery)))
    raise ExportError(
        f"cannot write {os.fspath(path)}: end its name with {', '.join(GALLERY_SUFFIXES)}; "
        "one chart alone is written by gallery[0].to_png(path)"
    )
