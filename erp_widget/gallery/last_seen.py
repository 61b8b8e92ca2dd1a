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
from typing import TYPE_CHECKING

from erp_widget.gallery.kept import keep

if TYPE_CHECKING:
    from erp_widget.gallery.changes import View
    from erp_widget.gallery.still import StillGallery

STILL_AFTER_S = 3.0
LASTS_AFTER_S = 60.0

_log = logging.getLogger("erp_widget")
_all: weakref.WeakSet[LastSeen] = weakref.WeakSet()


class LastSeen:
    """The list of one gallery as it was last seen.

    Parameters
    ----------
    still
        What shows the list where no kernel answers.
    view
        The list as it was recommended, which the history has.
    title
        Of the gallery.
    """

    def __init__(self, still: StillGallery, view: View, title: str) -> None:
        self._still = still
        self._view = view
        self._title = title
        self._known = {_ids(view)}
        self._timers: list[threading.Timer] = []
        _all.add(self)

    def changed(self, view: View) -> None:
        """Take the list as it is now; what was due for the list before is not done any more."""
        self.forget()
        self._view = view
        self._timers = [
            threading.Timer(STILL_AFTER_S, self._draw),
            threading.Timer(LASTS_AFTER_S, self.keep),
        ]
        for timer in self._timers:
            timer.daemon = True
            timer.start()

    def stopped(self, view: View) -> None:
        """Take a list whose drawing was cancelled, so that the history does not have it yet."""
        self._known.discard(_ids(view))
        self.changed(view)

    def forget(self) -> None:
        """Do no more what is due."""
        for timer in self._timers:
            timer.cancel()

    def keep(self) -> None:
        """Keep the list in the history, unless it is there, or nobody asked for it."""
        view = self._view
        if _ids(view) in self._known or not view.charts or view.question is None:
            return
        self._known.add(_ids(view))
        for note in keep(view.question, view.charts):
            _log.warning(note)

    def _draw(self) -> None:
        from erp_widget.gallery.gallery import Gallery

        self._still.show(Gallery(self._view.charts, title=self._title))


def _ids(view: View) -> tuple[str, ...]:
    return tuple(chart.id for chart in view.charts)


@atexit.register
def _keep_all() -> None:
    """Keep the lists that stand when the kernel ends."""
    for one in list(_all):
        one.keep()
