"""Owns what a list may end before: charts that say no more than what it shows, in another form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design, Mark
from vizmodel.grammar.distinct import distinct_count

Flags = npt.NDArray[np.bool_]

#: Marks that tell the same story alike.
TWINS: tuple[tuple[Mark, ...], ...] = (("line", "area", "bar"), ("bar", "arc"))
#: Marks of rows one by one, or of all their values.
ROWS: tuple[Mark, ...] = ("point", "boxplot")
#: Marks that show a single column less well than its histogram.
STRIPS: tuple[Mark, ...] = ("point", "tick", "boxplot")
#: Most columns of a chart of which two or more were shown together.
MOST_AFTER_A_PAIR = 3


class Worn:
    """Which of some charts say nothing new beside those that a list shows.

    Parameters
    ----------
    designs
        The charts, in canonical orientation.
    histograms
        Whether each is the histogram of a measure.
    telling
        Whether each shows columns that say more together than each two of them.
    crowded
        Whether each has more panels than can be compared at a glance; none where left out.
    columns
        What each shows, columns that say nearly the same under one name; the names where left out.

    Attributes
    ----------
    flags
        bool [n_designs].

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> x, y = (Encoding(c, c, "value", "quantitative") for c in ("x", "y"))
    >>> worn = Worn([Design(mark, (x, y)) for mark in ("line", "area")], [False] * 2, [False] * 2)
    >>> worn.add(0)
    >>> bool(worn.flags[1])
    True
    """

    def __init__(
        self,
        designs: Sequence[Design],
        histograms: Sequence[bool],
        telling: Sequence[bool],
        crowded: Sequence[bool] = (),
        columns: Sequence[frozenset[str]] = (),
    ) -> None:
        self._columns = list(columns) or [frozenset(design.fields) for design in designs]
        self._stories = [design.story() for design in designs]
        self._marks = np.array([design.mark for design in designs])
        self._alone = np.array([len(columns) == 1 for columns in self._columns], dtype=bool)
        many = [len(columns) > MOST_AFTER_A_PAIR for columns in self._columns]
        self._many = np.array(many, dtype=bool) & ~np.array(telling, dtype=bool)
        self._averaged = _flags(designs, averages)
        self._summarised = _flags(designs, lambda design: design.summarised)
        self._distinct = _flags(designs, lambda design: distinct_count(design) is not None)
        self._views = np.zeros(len(designs), dtype=np.int64)
        binned = {c for c, is_one in zip(self._columns, histograms, strict=True) if is_one}
        has_one = np.array([columns in binned for columns in self._columns], dtype=bool)
        self._axes = [_axes(design) for design in designs]
        self._heat = self._of_mark("rect") & ~self._averaged
        self.flags: Flags = has_one & self._of_mark(*STRIPS)
        if len(crowded):
            self.flags |= np.array(crowded, dtype=bool)

    def add(self, place: int) -> None:
        """Put a chart into the list, by its place among the designs."""
        shown = self._columns[place]
        same = np.array([columns == shown for columns in self._columns], dtype=bool)
        self._views += same
        # A third picture of the same columns, a second of a single one.
        self.flags |= same & (self._views + self._alone > 1)
        # A line and an area, bars and slices.
        story = [told == self._stories[place] for told in self._stories]
        for twins in TWINS:
            if self._marks[place] in twins:
                self.flags |= same & np.array(story, dtype=bool) & self._of_mark(*twins)
        # Means and cells of what was shown row by row.
        if self._marks[place] in ROWS and not self._summarised[place]:
            self.flags |= same & (self._averaged | self._heat)
        # The plain chart of one that was shown with more, and a fourth column beside a pair.
        plain = [
            columns < shown and axes == self._axes[place]
            for columns, axes in zip(self._columns, self._axes, strict=True)
        ]
        self.flags |= np.array(plain, dtype=bool) & self._of_mark(self._marks[place])
        if len(shown) > 1:
            self.flags |= self._many & np.array([shown < c for c in self._columns], dtype=bool)
        # How many different values there are is told once.
        if self._distinct[place]:
            self.flags |= self._distinct

    def _of_mark(self, *marks: Mark) -> Flags:
        return np.isin(self._marks, marks)


def _flags(designs: Sequence[Design], holds: Callable[[Design], bool]) -> Flags:
    return np.array([holds(design) for design in designs], dtype=bool)


def _axes(design: Design) -> frozenset[tuple[str, str]]:
    """Return what stands on the axes, whichever way round."""
    places = (e for e in design.encodings if e.channel in ("x", "y"))
    return frozenset((e.field or "*", e.transform) for e in places)


def averages(design: Design) -> bool:
    """Whether a chart shows a figure of each group that stands for its rows: no count, no sum."""
    return any(e.aggregate and e.aggregate not in ("count", "sum") for e in design.encodings)
