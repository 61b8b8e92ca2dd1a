"""Owns exact charts on their way to a gallery that shows approximate ones."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from erp_widget.chart import Chart

Request = dict[str, Any]


class Refining:
    """Exact charts to come, list after list, and saves that wait for them.

    A save of an approximate chart waits for its exact rows: what is kept should be right. Where
    they do not come any more, because a person has cancelled, it is saved as it is, and says so.

    Examples
    --------
    >>> refining = Refining()
    >>> refining.add(["The chart could not be drawn."], 1)
    >>> refining.is_on, refining.next(), refining.next(), refining.is_on
    (True, 'The chart could not be drawn.', None, False)
    """

    def __init__(self) -> None:
        self._lists: deque[Iterator[Chart | str]] = deque()
        self._due: dict[str, list[Request]] = {}
        self._lock = threading.Lock()
        self._done = self._left = 0

    @property
    def is_on(self) -> bool:
        """Whether exact charts are still to come."""
        return bool(self._lists)

    @property
    def progress(self) -> tuple[int, int]:
        """How many charts of all that were asked for are exact."""
        return self._done, self._done + self._left

    def add(self, charts: Iterable[Chart | str], total: int) -> None:
        """Have more charts drawn exactly, after those that wait."""
        with self._lock:
            if not self._lists:
                self._done = self._left = 0
            self._left += total
            self._lists.append(iter(charts))

    def next(self) -> Chart | str | None:
        """Draw the next chart; a sentence in its place where it failed, None where none is left."""
        while self._lists:
            one = next(self._lists[0], None)
            if one is not None:
                self._done, self._left = self._done + 1, max(self._left - 1, 0)
                return one
            with self._lock:
                self._lists.popleft()
        return None

    def wait_for(self, shown: Callable[[], Chart | None], request: Request) -> bool:
        """Keep a request until a chart is exact; return False where that is not to come.

        Parameters
        ----------
        shown
            Returns the chart as it is now; no exact one takes its place meanwhile.
        request
            What is to be done with the exact chart.
        """
        with self._lock:
            chart = shown()
            if chart is None or not chart.approximate or not self._lists:
                return False
            self._due.setdefault(chart.id, []).append(request)
            return True

    @property
    def asked_for(self) -> set[str]:
        """Ids of the charts that requests wait for."""
        with self._lock:
            return set(self._due)

    def due(self, chart: Chart, exchange: Callable[[], None]) -> list[Request]:
        """Put an exact chart into its place, and return the requests that waited for it."""
        with self._lock:
            exchange()
            return self._due.pop(chart.id, [])

    def end(self) -> list[Request]:
        """Draw no more, and return all requests that still wait."""
        with self._lock:
            self._lists.clear()
            left = [request for requests in self._due.values() for request in requests]
            self._due.clear()
            return left
