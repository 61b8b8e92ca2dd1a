"""Owns the Gallery: recommended charts in their order, which shows itself and writes itself."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from erp_widget.arrivals import Arrivals
from erp_widget.errors import ExportError, InputError
from erp_widget.imports import without_collections
from erp_widget.turning import Turning
from vizmodel.design import Design
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.still import StillGallery
    from erp_widget.gallery.widget import GalleryWidget
    from erp_widget.question import Question


class Gallery(Turning, Sequence["Chart"]):
    """Recommended charts, best first; the last line of a cell shows them.

    A gallery never changes; methods such as `without` and `next` return another one.

    Parameters
    ----------
    charts
        In the order in which they are shown. An iterable may yield them one by one, with a sentence
        in place of a chart that failed; each chart is drawn when it is first asked for.
    title
        The name of the table; text, never markup.
    notes
        What a person must know in addition, such as what was left out and why.
    dataset_id
        The id of the table in the store; None if it is not there.
    question
        The table and what was asked of it; None if the table is not open.
    designs
        The designs of the charts, if the charts are still to be drawn.
    before
        Designs that were shown on earlier pages.
    k
        Number of charts that were asked for.

    Examples
    --------
    >>> import erp_widget as erp
    >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=3)
    >>> gallery[0] in gallery, len(gallery[:2])
    (True, 2)
    """

    def __init__(
        self,
        charts: Iterable[Chart | str],
        *,
        title: str,
        notes: Iterable[str] = (),
        dataset_id: str | None = None,
        question: Question | None = None,
        designs: Sequence[RankedDesign] | None = None,
        before: Iterable[Design] = (),
        k: int = 15,
    ) -> None:
        self.title = title
        self.dataset_id = dataset_id
        self._arrivals = Arrivals(charts)
        self._notes = tuple(notes)
        self._question = question
        self._designs = None if designs is None else tuple(designs)
        self._before = tuple(before)
        self._k = k
        self._widget: GalleryWidget | None = None
        self._still: StillGallery | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person must know in addition: what was left out, read or charted how, and why."""
        return tuple(dict.fromkeys((*self._notes, *self._arrivals.failures)))

    @property
    def designs(self) -> tuple[RankedDesign, ...]:
        """The designs of the charts, in order; known before the charts are drawn."""
        if self._designs is None:
            self._designs = tuple(RankedDesign(c.design, c.score) for c in self._charts)
        return self._designs

    @property
    def _charts(self) -> tuple[Chart, ...]:
        return self._arrivals.all()

    @property
    def drawn(self) -> tuple[Chart, ...]:
        """The charts that are drawn so far; all, if their designs are not known beforehand."""
        return self._charts if self._designs is None else self._arrivals.drawn

    def arriving(self) -> Iterator[Chart]:
        """Iterate over the charts as they are drawn; one that fails becomes a note.

        If the caller stops early, the rest stays undrawn until something else asks for it.
        """
        return iter(self._arrivals)

    @property
    def is_drawn(self) -> bool:
        """Whether all charts are drawn."""
        return self._designs is None or self._arrivals.complete

    def __len__(self) -> int:
        """Return the number of charts."""
        return len(self._charts)

    @overload
    def __getitem__(self, index: int) -> Chart: ...
    @overload
    def __getitem__(self, index: slice) -> Gallery: ...
    def __getitem__(self, index: int | slice) -> Chart | Gallery:
        """Return one chart, or by a slice a gallery of several.

        Raises
        ------
        IndexError
            There is no such chart; the message says how many there are.
        InputError
            The index is neither a whole number nor a slice.
        """
        if isinstance(index, slice):
            return Gallery(
                self._charts[index],
                title=self.title,
                notes=self.notes,
                dataset_id=self.dataset_id,
                question=self._question,
                before=self._before,
                k=self._k,
            )
        if isinstance(index, bool) or not hasattr(index, "__index__"):
            raise InputError(f"charts have numbers: gallery[0] is the best one, not {index!r}")
        at = operator.index(index)
        try:
            # A chart from the front needs none of those after it.
            return (self._charts if at < 0 else self._arrivals.first(at + 1))[at]
        except IndexError:
            raise IndexError(self._no_chart(at)) from None

    def __iter__(self) -> Iterator[Chart]:
        """Iterate over the charts, best first."""
        return iter(self._charts)

    def __repr__(self) -> str:
        """List the titles, then the notes."""
        return self._told([chart.title for chart in self])

    def _announced(self) -> str:
        """List the titles without drawing a chart for it."""
        from erp_widget.telling.titles import told_apart

        if self.is_drawn or self._designs is None or self._question is None:
            return repr(self)
        designs = [ranked.design for ranked in self._designs]
        return self._told(told_apart((one, self._question.profile_of(one)) for one in designs))

    def _told(self, titles: Sequence[str]) -> str:
        count = len(titles)
        head = f"Gallery {self.title!r}: {count} chart{'' if count == 1 else 's'}"
        listed = [f"{n:3d}  {' '.join(title.split())}" for n, title in enumerate(titles, start=1)]
        return "\n".join([head, *listed, *self.notes])

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the gallery to a file, in the format of the suffix of its name.

        An HTML file is interactive, complete, and loads nothing from elsewhere.

        Parameters
        ----------
        path
            File to write, such as "gallery.html"; also .json, .ipynb, .md or .pdf.

        Returns
        -------
        Path
            The path of the file.

        Raises
        ------
        ExportError
            The file cannot be made or written; the message says how to fix it.
        """
        from erp_widget.export.gallery_file import write_gallery

        return write_gallery(self, path)

    @property
    def is_shown(self) -> bool:
        """Whether it has a widget: it was shown, or its widget was asked for."""
        return self._widget is not None

    @property
    def widget(self) -> GalleryWidget:
        """The gallery as a widget, for hosts and layouts that take nothing else.

        A cell that ends with the gallery shows it without this. Shiny takes the widget, and so do
        boxes and tabs of ipywidgets: `ipywidgets.Tab([sales.widget, staff.widget])`.

        Raises
        ------
        ExportError
            Browser files are missing; the message names the fix.

        Examples
        --------
        >>> import erp_widget as erp
        >>> len(erp.recommend({"city": ["Rome", "Oslo"] * 9, "n": range(18)}, k=3).widget.charts)
        3
        """
        if self._widget is None:
            len(self)  # nobody will bring later what is not drawn now
            self._make_widget()
        if self._widget is None:
            raise ExportError(str(_missing()))
        return self._widget

    def _make_widget(self) -> None:
        """Make the widget of what is drawn so far; none where browser files are missing."""
        if self._widget is not None:
            return
        with without_collections():
            if _missing() is None:
                from erp_widget.gallery.widget import GalleryWidget

                self._widget = GalleryWidget(self)

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        from erp_widget.widgets.watching import has_widgets, shows_text_only

        if shows_text_only():
            publish_display_data({"text/plain": repr(self)})
            return
        if not has_widgets():
            self._leave_still()
            return
        data, metadata = self._repr_mimebundle_()
        publish_display_data(data, metadata)
        if self._widget is not None:
            from erp_widget.gallery.still import StillGallery

            shown = Gallery(self._widget.stream(self), title=self.title)
            if self._still is None:
                self._still = StillGallery(shown)
                self._widget.still = self._still.mark
            self._still.take(shown)
            self._still.place()
            self._widget.live_report.place()
            self._widget.follow(self._still, self)
            if not self._widget.refine():
                self._still.fill()

    def _leave_still(self) -> None:
        """Show what is to be seen where only the file of the notebook is left."""
        from erp_widget.gallery.still import StillGallery

        still = StillGallery(self)
        still.place(repr(self))
        still.fill()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and the titles for viewers that show no widgets."""
        text = {"text/plain": self._announced()}
        self._make_widget()
        if self._widget is None:
            return {"text/plain": f"{text['text/plain']}\n{_missing()}"}, {}
        data, metadata = self._widget._repr_mimebundle_() or ({}, {})
        return dict(data) | text, dict(metadata)

    def _no_chart(self, index: int) -> str:
        count = len(self)
        if count == 0:
            return "the gallery is empty; its notes say why"
        return f"there is no chart {index}; the gallery has {count}, from 0 to {count - 1}"


def _missing() -> str | None:
    """Return one line that names the fix where a browser file is missing, else None."""
    from erp_widget.widgets.files import browser_files_missing

    return browser_files_missing()
