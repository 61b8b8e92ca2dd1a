"""Owns a gallery's still: what its cell shows where no kernel and no widget answers."""

from __future__ import annotations

import base64
import logging
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from erp_widget.errors import ExportError
from erp_widget.export.html_text import text
from erp_widget.export.image import png, png_size
from erp_widget.export.pixels import sheet
from erp_widget.widgets.watching import is_person_there

if TYPE_CHECKING:
    from erp_widget.gallery.gallery import Gallery

#: Class of the element by which style and gallery find the still.
CLASS = "erp-still"
COLUMNS = 3
#: Pixels per unit: sharp enough to read, small enough to keep in the notebook.
SCALE = 1.5
#: Of more charts the rest is told in words only: the picture is kept in the notebook.
MAX_PICTURED = 45
#: How long the browser has the processor for itself, to paint the gallery.
AFTER_S = 1.0
#: Beside its gallery a still is not seen. Without it, it takes the place of the widget, which says
#: "model not found" and has, unlike other outputs, no MIME type. A gallery that loads keeps its
#: width, since its charts are as wide as their place.
STYLE = f"""<style>
.jp-OutputArea:has(.erp-gallery) > .jp-OutputArea-child:has(.{CLASS}),
.jp-OutputArea:has(.erp-gallery) > .jp-OutputArea-child:has(.{CLASS}) + .jp-OutputArea-child {{
  display: none;
}}
.jp-OutputArea:not(:has(.erp-gallery)) > .jp-OutputArea-child:has(
  > .jp-OutputArea-output:not([data-mime-type])
):has(+ .jp-OutputArea-child .{CLASS}) {{
  height: 0; min-height: 0; padding: 0; overflow: hidden;
}}
</style>"""

_log = logging.getLogger("erp_widget")
#: One still at a time: drawing many at once would take the processor from the person.
_drawing = threading.Lock()


class StillGallery:
    """Two outputs below a gallery: its charts in words, and one picture of them all.

    They are part of the notebook's file, so they are there after reopening without a kernel, on
    code hosts and in every format of nbconvert. A widget alone would be blank there.

    Parameters
    ----------
    gallery
        The charts, in the order in which they are shown.
    """

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        #: Class of the words by which the gallery knows its own still.
        self.mark = f"{CLASS}-{uuid.uuid4().hex}"
        self._words, self._picture = (f"erp-still-{uuid.uuid4()}" for _ in range(2))
        self._pictured: tuple[dict[str, str], dict[str, Any]] = ({"text/plain": ""}, {})

    def place(self, plain: str = "") -> None:
        """Write the words into the outputs of the running cell, and make room for the picture.

        Whatever is shown later is shown in all places.

        Parameters
        ----------
        plain
            What viewers of plain text show.
        """
        from IPython.display import display

        display(self._told() | {"text/plain": plain}, raw=True, display_id=self._words)
        data, metadata = self._pictured
        display(data, metadata=metadata, raw=True, display_id=self._picture)

    def fill(self) -> Callable[[], None]:
        """Draw the picture: in the background, or at once where nobody waits for charts.

        Returns
        -------
        Callable
            Waits until the picture is there.
        """
        if not is_person_there():
            self._draw()
            return lambda: None
        # Charts on the screen come first, and what the kernel is asked meanwhile must not wait.
        drawing = threading.Timer(AFTER_S, self._draw)
        drawing.daemon = True
        drawing.start()
        return drawing.join

    def show(self, gallery: Gallery) -> None:
        """Show other charts in words and picture, where there are any.

        Parameters
        ----------
        gallery
            What a person has made of the first one.
        """
        from IPython.display import update_display

        if not len(gallery):
            return
        self.take(gallery)
        update_display(self._told(), raw=True, display_id=self._words)
        self._draw()

    def take(self, gallery: Gallery) -> None:
        """Have other charts shown from the next place and the next picture on."""
        self._gallery = gallery

    def _told(self) -> dict[str, str]:
        return {"text/html": words(self._gallery, self.mark), "text/plain": ""}

    def _draw(self) -> None:
        from IPython.display import update_display

        try:
            with _drawing:
                data, metadata = picture(self._gallery)
            if data:
                self._pictured = data, metadata
                update_display(data, metadata=metadata, raw=True, display_id=self._picture)
        except Exception:  # the gallery is there all the same
            _log.warning("the still of a gallery failed", exc_info=True)


def picture(gallery: Gallery) -> tuple[dict[str, str], dict[str, Any]]:
    """Return one picture of the charts, as MIME bundle and metadata; nothing where none can be.

    Parameters
    ----------
    gallery
        A chart that cannot be drawn is left out, and those beyond `MAX_PICTURED`.
    """
    drawn = []
    for chart in gallery[:MAX_PICTURED]:
        try:
            drawn.append(png(chart.drawn, scale=SCALE))
        except ExportError:
            _log.warning("a chart is not in the still", exc_info=True)
    if not drawn:
        return {}, {}
    pixels = sheet(drawn, COLUMNS, SCALE)
    width, height = (round(size / SCALE) for size in png_size(pixels))
    count = f"{len(drawn)} chart{'' if len(drawn) == 1 else 's'}"
    alt = f"{count} of {gallery.title}: " + "; ".join(
        chart.title for chart in gallery[:MAX_PICTURED]
    )
    data = {"image/png": base64.b64encode(pixels).decode("ascii"), "text/plain": alt}
    return data, {"image/png": {"width": width, "height": height, "alt": alt}}


def words(gallery: Gallery, mark: str = "") -> str:
    """Return the charts in words, as HTML that shows no more than it must.

    Parameters
    ----------
    gallery
        All its text is shown as text.
    mark
        Class by which this still is told from others.
    """
    classes = f"{CLASS} {mark}".strip()
    if not len(gallery):
        return f'{STYLE}<div class="{classes}"></div>'
    items = "".join(
        f"<li><b>{text(chart.title)}</b>: {text(chart.description)}</li>" for chart in gallery
    )
    return (
        f'{STYLE}<details class="{classes}"><summary>The charts of {text(gallery.title)} in words'
        f"</summary><ol>{items}</ol></details>"
    )
