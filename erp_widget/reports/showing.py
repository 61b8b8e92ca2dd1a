"""Owns a report as it is read: what is in it, how a notebook shows it, and every way out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erp_widget.errors import ErpError
from erp_widget.export.document import Data, Document, Figure, Part, Passage, Section
from erp_widget.reports.cell import cell_code
from erp_widget.reports.contents import ReportContents
from erp_widget.reports.following import Key
from erp_widget.reports.name import NOTEBOOK_SUFFIX, checked_name, mark_of, title_of
from erp_widget.store import Location

if TYPE_CHECKING:
    from erp_widget.chart import Chart

MAX_LINE_LENGTH = 80
INVITATION = (
    "This report is empty. Click a chart in a gallery, or call .add(chart), and it is shown here."
)
#: What a chart says whose data have changed, to readers and to the author.
OUTDATED = "The data of {name} have changed since this chart was saved."
REFRESH = f"{OUTDATED} report.refresh(data) draws it again."


class ShownReport:
    """A report without the means to change it.

    Parameters
    ----------
    name, notebook
        What it is kept under, and the notebook that it belongs to, if any.
    store
        Where it is kept.
    """

    def __init__(self, name: str, *, notebook: str = "", store: Location = None) -> None:
        self.name = name
        self._notebook = notebook
        self._contents = ReportContents(name, notebook, store)

    # --- what is in it

    @property
    def title(self) -> str:
        """What to show above it: its name, or that of the notebook's file."""
        return title_of(self.name, self._notebook)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Charts, sections, notes and summaries in their order."""
        return tuple(part for _, part in self._contents.parts()[0])

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts in their order; those that were deleted since are left out."""
        return tuple(part.chart for part in self.parts if isinstance(part, Figure))

    @property
    def captions(self) -> tuple[str, ...]:
        """The caption of each chart, empty where it has none."""
        return tuple(part.caption for part in self.parts if isinstance(part, Figure))

    @property
    def outdated(self) -> tuple[Chart, ...]:
        """Charts whose data have changed since they were saved; `refresh` draws them again."""
        parts, _ = self._contents.parts(OUTDATED)
        return tuple(p.chart for _, p in parts if isinstance(p, Figure) and p.outdated)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out, why, and how it comes back."""
        return tuple(self._contents.parts()[1])

    @property
    def notices(self) -> list[str]:
        """What to tell of the report as a whole: parts of it may be out of reach."""
        return self._contents.notices()

    def lines(self) -> list[str]:
        """Return a numbered line for each part."""
        return _numbered(self._contents.parts()[0])

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all parts; of a chart, the saved chart's."""
        return frozenset(entry.id for entry in self._contents.record().entries)

    def listed(self) -> list[dict[str, str]]:
        """Return id, kind, title and text of each part; the text is what a person may rewrite."""
        entries = {entry.id: entry for entry in self._contents.record().entries}
        return [
            {
                "id": id,
                "kind": entries[id].kind,
                "title": _cut(_title(part)),
                "text": "" if isinstance(part, Data) else entries[id].text,
            }
            for id, part in self._contents.parts()[0]
            if id in entries
        ]

    def others_with(self, chart: str) -> str:
        """Return in words that other reports show a saved chart; empty if none does."""
        return self._contents.others_with(chart)

    def __len__(self) -> int:
        """Return the number of charts shown."""
        return len(self.charts)

    def __iter__(self) -> Iterator[Chart]:
        """Iterate over the charts in their order."""
        return iter(self.charts)

    def __bool__(self) -> bool:
        """Return True: a report is something even when it is empty."""
        return True

    # --- ways out

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one HTML file: interactive, and nothing is loaded from anywhere.

        Raises
        ------
        ExportError
            The file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.page import page

        return write(path, page(self.document()))

    def to_notebook(self, path: str | os.PathLike[str]) -> Path:
        """Write a notebook whose cells already show, with code that needs Altair only.

        Raises
        ------
        ExportError
            The file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.notebook import notebook

        return write(path, notebook(self.document()))

    def to_markdown(self, path: str | os.PathLike[str]) -> Path:
        """Write Markdown, and the charts as PNG into a folder beside it.

        Parameters
        ----------
        path
            Such as "report.md"; the pictures go into the folder "report_files".

        Raises
        ------
        ExportError
            A file cannot be written.
        """
        from erp_widget.export.markdown_file import write_markdown

        return write_markdown(path, self.document())

    def to_pdf(self, path: str | os.PathLike[str]) -> Path:
        """Write a PDF with vector charts and numbered pages.

        Raises
        ------
        ExportError
            The extra `pdf` is not installed, or the file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.pdf import pdf

        return write(path, pdf(self.document()))

    def document(self) -> Document:
        """Return what the exports write: all parts, and what is left out."""
        parts, left_out = self._contents.parts(OUTDATED)
        notes = () if not left_out else (_for_readers(len(left_out)),)
        return Document(self.title, tuple(part for _, part in parts), notes)

    def outputs(self, room: int | None = None) -> list[dict[str, Any]]:
        """Return the outputs of the report cell, in nbformat 4, plain data for JSON.

        Parameters
        ----------
        room
            Just so many outputs, the last with what finds no place; as many as it takes if None.
        """
        from erp_widget.export.outputs import fitted_outputs, outputs

        document = self._shown_document()
        found = outputs(document) if room is None else fitted_outputs(document, room)
        # By this the plugin, and a notebook that was renamed, know which report a cell shows.
        found[0]["metadata"]["erp"] = {"report": self.mark}
        return found

    @property
    def key(self) -> Key:
        """What stands for the report among all that are shown in this kernel."""
        return self._contents.key

    @property
    def state(self) -> object:
        """What is another whenever the report is."""
        return self._contents.record().entries

    @property
    def mark(self) -> str:
        """What stands for the report in a notebook's file, which is handed on: no path."""
        return mark_of(self.name) if self._notebook else self.name

    def picture_html(self) -> str:
        """Return the report as HTML with pictures, for hosts that write no cells."""
        from erp_widget.export.pictures import picture_html

        return picture_html(self._shown_document())

    def former_marks(self) -> list[str]:
        """Return what the plugin may have noted in the cell before the notebook was renamed."""
        return self._contents.former_marks()

    def cell_code(self) -> str:
        """Return the source of the cell that shows this report in the running notebook."""
        return cell_code(self.name, self._notebook, self._contents.location)

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        from erp_widget.reports.output import ReportOutput

        try:
            ReportOutput(self).place()
        except ErpError as error:
            publish_display_data({"text/plain": f"The report cannot be shown: {error}"})

    def _display_(self) -> Any:
        """Return what marimo shows, whose outputs follow no change: one widget with all in it."""
        from erp_widget.reports.output import with_editor

        return with_editor(self)

    def _repr_html_(self) -> str:
        return self.picture_html()

    def __repr__(self) -> str:
        """List the parts, or say why that cannot be done."""
        try:
            found, notes = self._contents.parts()
        except ErpError as error:
            return f"Report {self.title!r}: {error}"
        count = sum(isinstance(part, Figure) for _, part in found)
        head = f"Report {self.title!r}: {count} chart{'' if count == 1 else 's'}"
        return "\n".join([head, *_numbered(found), *notes, *self.notices])

    def _shown_document(self) -> Document:
        """Return the report for its author, who can fill it and bring back what is left out."""
        parts, notes = self._contents.parts(REFRESH)
        said = notes if parts or notes else [INVITATION, *self._namesake()]
        said = [*said, *self.notices]
        return Document(self.title, tuple(part for _, part in parts), tuple(said))

    def _namesake(self) -> list[str]:
        """Say of which notebook the report is called so, where this one was perhaps not meant."""
        path, notebook = checked_name(f"{self.name}{NOTEBOOK_SUFFIX}")
        is_own = self.name.endswith(NOTEBOOK_SUFFIX) or os.sep in self.name
        if is_own or not ReportContents(path, notebook, self._contents.location).record().entries:
            return []
        file = f"{self.name}{NOTEBOOK_SUFFIX}"
        return [f"The notebook {file} has a report of its own: erp.report({file!r}) shows that."]


def _numbered(parts: list[tuple[str, Part]]) -> list[str]:
    return [f"{number:3d}  {_line(part)}" for number, (_, part) in enumerate(parts, start=1)]


def _line(part: Part) -> str:
    """Return a part on one line, with what it is before it where it is no chart."""
    if isinstance(part, Figure):
        return _title(part)
    what = {Section: "section", Passage: "note", Data: "data"}[type(part)]
    return _cut(f"[{what}] {_title(part)}")


def _title(part: Part) -> str:
    """Return what a part is called, on one line."""
    if isinstance(part, Figure):
        return " ".join(part.chart.title.split())
    if isinstance(part, Section):
        said = part.heading
    elif isinstance(part, Passage):
        said = part.markdown
    else:
        said = f"{part.summary.name}: {part.summary.size}"
    return " ".join(said.split())


def _cut(line: str) -> str:
    return line if len(line) <= MAX_LINE_LENGTH else line[: MAX_LINE_LENGTH - 1] + "…"


def _for_readers(count: int) -> str:
    charts, were = ("1 chart", "was") if count == 1 else (f"{count} charts", "were")
    return f"{charts} of this report {were} deleted and cannot be shown."
