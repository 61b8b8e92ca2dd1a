"""Owns Markdown files with pictures beside them, for wikis, repositories and chats."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure
from erp_widget.export.files import checked, write
from erp_widget.export.image import png, untitled
from erp_widget.export.marked_up import markdown, part_markdown
from erp_widget.export.pixels import compact

#: Names that pictures get here, and no others.
_PICTURE = re.compile(r"chart-\d+\.png")


def write_markdown(path: str | os.PathLike[str], document: Document) -> Path:
    """Write a document as a Markdown file, and its charts as PNG into a folder beside it.

    Parameters
    ----------
    path
        Of the Markdown file; the pictures of "report.md" go into the folder "report_files".
        Those of an earlier time that it no longer shows are deleted there.
    document
        All its text is shown as text.

    Returns
    -------
    Path
        Of the Markdown file.

    Raises
    ------
    ExportError
        A file cannot be written.
    """
    target = checked(path)
    folder = target.with_name(f"{target.stem}_files")
    parts = [f"# {markdown(document.title)}", markdown(document.lead)]
    for number, part in enumerate(document.parts, start=1):
        parts.append(part_markdown(part))
        if isinstance(part, Figure):
            parts.append(_picture(folder, f"chart-{number}.png", part))
    parts += [markdown(note) for note in document.notes]
    written = write(path, "\n\n".join(parts) + "\n")
    _delete_old(folder, "\n".join(parts))
    return written


def _delete_old(folder: Path, shown: str) -> None:
    """Delete pictures that the text shows no longer; a shared folder may keep charts removed."""
    for path in folder.glob("chart-*.png"):
        if _PICTURE.fullmatch(path.name) and f"/{path.name})" not in shown:
            with suppress(OSError):
                path.unlink()


def _picture(folder: Path, name: str, figure: Figure) -> str:
    """Write a picture and return what shows it, or the chart in words where it has none."""
    described = markdown(figure.chart.description)
    try:
        picture = compact(png(untitled(figure.chart.drawn)))
    except ExportError:  # one chart without a picture must not cost the others
        return described
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"cannot write {folder} ({error.strerror}): choose another place"
        ) from error
    write(folder / name, picture)
    return f"![{described}]({quote(folder.name)}/{name})"
