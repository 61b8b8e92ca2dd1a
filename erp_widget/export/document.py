"""Owns what every export writes: a title, figures in order, and notes for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from erp_widget.words import begun

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.data_summary import DataSummary
    from erp_widget.gallery.gallery import Gallery

#: More tables than these are counted rather than named under the title.
MAX_NAMED_TABLES = 3


class Figure(Struct, frozen=True, eq=False):
    """A chart in a document, with what its author says of it.

    `outdated` says, where it is not empty, that its data have changed since.
    """

    chart: Chart
    caption: str = ""
    outdated: str = ""

    @property
    def reason(self) -> str:
        """Why the chart is worth a look; empty where that is not known."""
        return _sentence(self.chart.reason)

    @property
    def note(self) -> str:
        """What the chart leaves out; empty where it shows all."""
        return _sentence(begun(self.chart.note or ""))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said in small print: reason, note, and that the data have changed."""
        return tuple(text for text in (self.reason, self.note, self.outdated) if text)


class Section(Struct, frozen=True):
    """The heading of the parts that follow."""

    heading: str


class Passage(Struct, frozen=True):
    """What its author writes between charts, in Markdown."""

    markdown: str


class Data(Struct, frozen=True):
    """A table in figures."""

    summary: DataSummary


Part = Figure | Section | Passage | Data


class Document(Struct, frozen=True, eq=False):
    """A gallery or a report on its way out.

    Parameters
    ----------
    title
        Text, never markup, like all other text here.
    parts
        Charts and what stands between them, in the order in which they are shown.
    notes
        What the reader must know of the whole.
    ranked
        Whether the order is a ranking, best first, as in a gallery.
    """

    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    ranked: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The charts alone."""
        return tuple(part for part in self.parts if isinstance(part, Figure))

    @property
    def lead(self) -> str:
        """One line under the title: how many charts, of which tables."""
        count = len(self.figures)
        said = "1 chart" if count == 1 else f"{count} charts"
        if self.ranked and count > 1:
            said += ", best first"
        return " · ".join([said, *self._tables()])

    def _tables(self) -> list[str]:
        """Return name and rows of each table, each once; a title is not said again."""
        seen = {(f.chart.dataset_name, f.chart.n_rows): None for f in self.figures}
        if len(seen) > MAX_NAMED_TABLES:
            return [f"{len(seen)} tables"]
        named = []
        for name, n_rows in seen:
            rows = "1 row" if n_rows == 1 else f"{n_rows:,} rows"
            named.append(rows if name in ("", self.title) else f"{name}, {rows}")
        return named


def _sentence(text: str | None) -> str:
    """Return text with a full stop, as a gallery shows it."""
    said = (text or "").strip()
    return said if not said or said.endswith((".", "!", "?", "…")) else f"{said}."


def gallery_document(gallery: Gallery) -> Document:
    """Return a gallery as a document.

    Parameters
    ----------
    gallery
        Its title, charts and notes.
    """
    figures = tuple(Figure(chart) for chart in gallery)
    return Document(gallery.title or "Recommended charts", figures, tuple(gallery.notes), True)
