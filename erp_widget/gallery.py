"""Owns the Gallery: recommended charts in their order, which shows itself and writes itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from erp_widget.errors import InputError

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery_widget import GalleryWidget


class Gallery(Sequence["Chart"]):
    """Recommended charts, best first; the last line of a cell shows it.

    Parameters
    ----------
    charts
        In the order in which they are shown.
    title
        What the table is called; text, never markup.
    notes
        What a person must know beside the charts, such as what was left out and why.
    dataset_id
        The table in the store; None if it is not there.

    Examples
    --------
    >>> import erp_widget as erp
    >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=3)
    >>> gallery[0] in gallery, len(gallery[:2])
    (True, 2)
    """

    def __init__(
        self,
        charts: Iterable[Chart],
        *,
        title: str,
        notes: Iterable[str] = (),
        dataset_id: str | None = None,
    ) -> None:
        self._charts = tuple(charts)
        self.title = title
        self.notes = tuple(notes)
        self.dataset_id = dataset_id
        self._widget: GalleryWidget | None = None

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
        count = len(self)
        head = f"Gallery {self.title!r}: {count} chart{'' if count == 1 else 's'}"
        titles = [f"{n:3d}  {' '.join(c.title.split())}" for n, c in enumerate(self, start=1)]
        return "\n".join([head, *titles, *self.notes])

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
            from erp_widget.still_gallery import StillGallery

            still = StillGallery(self)
            still.place()
            self._widget.live_report.place()
            still.fill()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and the titles for viewers that show no widgets."""
        text = {"text/plain": repr(self)}
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
