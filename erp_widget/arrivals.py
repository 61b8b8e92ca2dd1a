"""Owns charts on their way: each is drawn when it is first asked for, by whichever thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from erp_widget.chart import Chart


class Arrivals:
    """A sequence of charts, some of them still to be drawn.

    Parameters
    ----------
    source
        Charts in their order, with a sentence in the place of one that failed.

    Examples
    --------
    >>> arrivals = Arrivals(["The chart could not be drawn."])
    >>> arrivals.all(), arrivals.failures
    ((), ('The chart could not be drawn.',))
    """

    def __init__(self, source: Iterable[Chart | str]) -> None:
        self._source = iter(source)
        self._charts: list[Chart] = []
        self._failures: list[str] = []
        self._ended = False
        self._lock = RLock()

    @property
    def failures(self) -> tuple[str, ...]:
        """A sentence for each chart that could not be drawn, as far as is known."""
        return tuple(self._failures)

    @property
    def drawn(self) -> tuple[Chart, ...]:
        """The charts that are drawn by now."""
        return tuple(self._charts)

    @property
    def complete(self) -> bool:
        """Whether it is known that nothing is left to be drawn."""
        return self._ended

    def __iter__(self) -> Iterator[Chart]:
        """Iterate over the charts; each iterator begins with the first."""
        at = 0
        while True:
            with self._lock:
                if at == len(self._charts) and not self._draw():
                    return
                chart = self._charts[at]
            at += 1
            yield chart

    def all(self) -> tuple[Chart, ...]:
        """Draw what is still to be drawn, and return all charts."""
        return tuple(self)

    def first(self, n: int) -> tuple[Chart, ...]:
        """Draw no more than is needed for so many charts, and return those that there are."""
        return tuple(islice(self, n))

    def _draw(self) -> bool:
        """Draw until there is one chart more; return whether there is."""
        while not self._ended:
            one = next(self._source, None)
            if one is None:
                self._ended = True
            elif isinstance(one, str):
                self._failures.append(one)
            else:
                self._charts.append(one)
                return True
        return False
