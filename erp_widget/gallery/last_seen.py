"""Owns what becomes of a list that a person has changed: a picture in the notebook, and an entry.

A list is drawn for readers once it has been left alone for a moment. It goes into the history once
it has stood for a minute, or when the kernel ends: one entry for a list that lasts, and none for
each click on the way there.
"""

from __future__ import annotations

import atexit
import logging
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING

from erp_widget.gallery.kept import keep

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.gallery.still import StillGallery
    from erp_widget.gallery.view import View

STILL_AFTER_S = 3.0
LASTS_AFTER_S = 60.0

#: The charts of a list: id, and whether it is approximate.
Seen = tuple[tuple[str, bool], ...]

_log = logging.getLogger("erp_widget")
_all: weakref.WeakSet[LastSeen] = weakref.WeakSet()


class LastSeen:
    """The list of one gallery as it was last seen.

    Parameters
    ----------
    still
        What shows the list where no kernel answers.
    gallery
        The list as it was recommended; the history has it once it is drawn.
    view
        The list as it is shown.
    """

    def __init__(self, still: StillGallery, gallery: Gallery, view: View) -> None:
        self._still = still
        self._gallery = gallery
        self._view = view
        self._known: set[Seen] = set()
        self._timers: list[threading.Timer] = []
        _all.add(self)

    def changed(self, view: View, is_whole: bool = True) -> None:
        """Take the list as it is now; what was due for the list before is not done any more.

        Parameters
        ----------
        view
            The list.
        is_whole
            Whether all of it is there: what is still to be drawn exactly is not yet kept.
        """
        self.forget()
        self._view = view
        self._timers = [threading.Timer(STILL_AFTER_S, self._draw)]
        if is_whole:
            self._timers.append(threading.Timer(LASTS_AFTER_S, self.keep))
        for timer in self._timers:
            timer.daemon = True
            timer.start()

    def forget(self) -> None:
        """Do no more what is due."""
        for timer in self._timers:
            timer.cancel()

    def keep(self) -> None:
        """Keep the list in the history, unless it is there, or nobody asked for it."""
        view = self._view
        if view.question is None or self._is_known(seen := _seen(view.charts)):
            return
        self._known.add(seen)
        for note in keep(view.question, view.charts):
            _log.warning(note)

    def _is_known(self, seen: Seen) -> bool:
        if not seen or seen in self._known:
            return True
        return self._gallery.is_drawn and seen == _seen(self._gallery.drawn)

    def _draw(self) -> None:
        from erp_widget.gallery.gallery import Gallery

        self._still.show(Gallery(self._view.charts, title=self._gallery.title))


def _seen(charts: Sequence[Chart]) -> Seen:
    """Return what tells lists apart: a chart of a sample is another than the exact one."""
    return tuple((chart.id, chart.approximate) for chart in charts)


@atexit.register
def _keep_all() -> None:
    """Keep the lists that stand when the kernel ends."""
    for one in list(_all):
        one.keep()
