"""Owns the Gallery: recommended charts in their order, which shows itself and writes itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from erp_widget.arrivals import Arrivals
from erp_widget.errors import InputError
from vizmodel.design import Design, RankedDesign

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.coverage import ColumnGuess, Coverage
    from erp_widget.gallery_widget import GalleryWidget
    from erp_widget.question import Question


class Gallery(Sequence["Chart"]):
    """Recommended charts, best first; the last line of a cell shows it.

    A gallery never changes: what turns it, such as `without`, returns another one.

    Parameters
    ----------
    charts
        In the order in which they are shown. They may come one by one, with a sentence in the place
        of one that failed; each is drawn when it is first asked for.
    title
        What the table is called; text, never markup.
    notes
        What a person must know beside the charts, such as what was left out and why.
    dataset_id
        The table in the store; None if it is not there.
    question
        What was asked of which table; None where the table is not at hand.
    designs
        Of the charts, where they are still to be drawn.
    before
        Designs that earlier pages have shown.
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

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person must know beside the charts that are drawn."""
        return (*self._notes, *self._arrivals.failures)

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
        """The charts that are drawn by now; all, where their designs are not known before."""
        return self._charts if self._designs is None else self._arrivals.drawn

    def arriving(self) -> Iterator[Chart]:
        """Iterate over the charts as they are drawn; one that fails becomes a note.

        Whoever stops asking leaves the rest undrawn, until something else asks for it.
        """
        return iter(self._arrivals)

    def stop(self) -> None:
        """Draw no more charts: the gallery has those that are drawn by now."""
        self._arrivals.stop()
        self._designs = None

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
        try:
            return self._charts[index]
        except IndexError:
            raise IndexError(self._no_chart(index)) from None

    def __iter__(self) -> Iterator[Chart]:
        """Iterate over the charts, best first."""
        return iter(self._charts)

    def __repr__(self) -> str:
        """List the titles, then the notes."""
        return self._told([chart.title for chart in self])

    def _announced(self) -> str:
        """List the titles without drawing a chart for it."""
        from erp_widget.words import title

        if self._arrivals.complete or self._designs is None or self._question is None:
            return repr(self)
        profile = self._question.profile
        return self._told([title(ranked.design, profile) for ranked in self._designs])

    def _told(self, titles: Sequence[str]) -> str:
        count = len(titles)
        head = f"Gallery {self.title!r}: {count} chart{'' if count == 1 else 's'}"
        listed = [f"{n:3d}  {' '.join(title.split())}" for n, title in enumerate(titles, start=1)]
        return "\n".join([head, *listed, *self.notes])

    @property
    def question(self) -> Question | None:
        """What was asked of which table; None for a gallery of the history, see `asked`."""
        return self._question

    def asked(self) -> Question:
        """Return what was asked of which table; a table that the store keeps is opened again.

        Raises
        ------
        InputError
            The gallery comes from the history, and the store does not keep its table.
        """
        if self._question is None:
            from erp_widget.question import reopened

            store = next((chart.store for chart in self._charts), None)
            self._question = reopened(self.dataset_id, store)
        return self._question

    @property
    def columns(self) -> tuple[ColumnGuess, ...]:
        """What each column was taken for, with the evidence; `retyped` corrects a wrong guess."""
        from erp_widget.coverage import guesses

        return guesses(self.asked().profile, self._seen())

    def coverage(self) -> Coverage:
        """Return which columns and relations this gallery and the pages before it have shown."""
        from erp_widget.coverage import coverage

        return coverage(self.asked().profile, self._seen())

    def more_like(self, chart: Chart | int, k: int | None = None) -> Gallery:
        """Return charts like one of these: its columns once more, its mark beside one of them.

        Parameters
        ----------
        chart
            A chart of the table, or its position here.
        k
            Number of charts; as many as were asked for if None.

        Returns
        -------
        Gallery
            Nearest first; none of them was shown before.

        Raises
        ------
        InputError
            The chart is of another table, or the table is not at hand.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=3)
        >>> gallery.more_like(gallery[0], k=2)[0].title != gallery[0].title
        True
        """
        design, shown = self._design(chart), self._seen()
        ranked = self.asked().like(design, self._k if k is None else k, shown)
        return self._answer(self.asked(), ranked, shown)

    def next(self, k: int = 15) -> Gallery:
        """Return the next charts: none that this gallery or a page before it has shown.

        Parameters
        ----------
        k
            Number of charts; fewer come where fewer are left, and none at the end.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=2)
        >>> len(gallery.next(2))
        2
        """
        shown = self._seen()
        return self._answer(self.asked(), self.asked().designs(k, shown), shown)

    def without(
        self,
        chart: Chart | int | None = None,
        *,
        column: str | None = None,
        mark: str | None = None,
    ) -> Gallery:
        """Return the gallery anew, without what is not wanted; what was ruled out before stays so.

        Parameters
        ----------
        chart
            A chart whose relation no chart may tell again, whatever its mark; or its position here.
        column
            A column that no chart may show.
        mark
            A mark that no chart may have.

        Raises
        ------
        InputError
            Nothing is left, or a name is unknown; the message names the fix.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
        >>> {chart.mark for chart in gallery.without(mark="bar")} & {"bar"}
        set()
        """
        from erp_widget.intent import without_of

        parts = {
            "columns": column,
            "marks": mark,
            "charts": self[chart] if isinstance(chart, int) else chart,
        }
        if all(part is None for part in parts.values()):
            raise InputError("say what is not wanted: a chart, column= or mark=")
        question = self.asked().without(without_of(self.asked().table, parts))
        ranked = question.designs(self._k, self._before)
        return self._answer(question, ranked, self._before, whole=True)

    def retyped(self, types: Mapping[str, str | None]) -> Gallery:
        """Return the gallery anew with other types of columns, from its first page on.

        Parameters
        ----------
        types
            Column -> nominal, ordinal, quantitative or temporal; None goes back to the guess.

        Raises
        ------
        InputError
            A column's values cannot be read as its type; the message names the fix.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"zip": [10115, 20095] * 9, "sales": range(18)})
        >>> gallery.retyped({"zip": "nominal"}).columns[0].evidence.startswith("you said nominal")
        True
        """
        question = self.asked().retyped(types)
        return self._answer(question, question.designs(self._k), (), whole=True)

    def chart_of(self, design: Design) -> Chart:
        """Draw a design of the gallery's table, such as one of its charts turned or sorted.

        Raises
        ------
        InputError
            The grammar forbids it; the message says which rule it breaks.
        """
        return self.asked().chart(design)

    def _design(self, chart: Chart | int) -> Design:
        found = self[chart] if isinstance(chart, int) else chart
        if not hasattr(found, "design"):
            raise InputError(f"pass a chart of the gallery or its position, not {chart!r}")
        return found.design

    def _seen(self) -> tuple[Design, ...]:
        return (*self._before, *(ranked.design for ranked in self.designs))

    def _answer(
        self,
        question: Question,
        ranked: Sequence[RankedDesign],
        before: Sequence[Design],
        whole: bool = False,
    ) -> Gallery:
        """Return a gallery that draws its charts as they are asked for."""
        from erp_widget.notes import ALL_SHOWN, NO_CHART, notes

        shown = {name for one in ranked for name in one.design.fields}
        said = notes(question.table, question.profile, shown) if whole else []
        if not ranked:
            said.append(ALL_SHOWN if before else NO_CHART)
        return Gallery(
            question.drawing(ranked),
            title=self.title,
            notes=said,
            dataset_id=self.dataset_id,
            question=question,
            designs=ranked,
            before=before,
            k=self._k,
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the gallery as one HTML file: interactive, and nothing is loaded from anywhere.

        Parameters
        ----------
        path
            File to write, such as "gallery.html".

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        ExportError
            The page cannot be made or written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.page import gallery_page

        return write(path, gallery_page(self))

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        data, metadata = self._repr_mimebundle_()
        publish_display_data(data, metadata)
        if self._widget is not None:
            self._widget.stream(self)
            from erp_widget.still_gallery import StillGallery

            still = StillGallery(self)
            still.place()
            self._widget.live_report.place()
            still.fill()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and the titles for viewers that show no widgets."""
        text = {"text/plain": self._announced()}
        if self._widget is None:
            from erp_widget.gallery_widget import GalleryWidget, browser_files_missing

            missing = browser_files_missing()
            if missing:
                return {"text/plain": f"{text['text/plain']}\n{missing}"}, {}
            self._widget = GalleryWidget(self)
        data, metadata = self._widget._repr_mimebundle_() or ({}, {})
        return dict(data) | text, dict(metadata)

    def _no_chart(self, index: int) -> str:
        count = len(self)
        if count == 0:
            return "the gallery is empty; its notes say why"
        return f"there is no chart {index}; the gallery has {count}, from 0 to {count - 1}"
