"""Owns what a gallery shows at one time, and a change of it before its charts are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.question import Answer, Question


class View(Struct, frozen=True):
    """What is shown: charts in their order, of a question, after a change.

    Parameters
    ----------
    charts
        In the order shown.
    question
        What is asked of the table; None if the table is not at hand.
    notes
        What a person must know beside the charts.
    act
        The change that led here, in words; empty for the first view.
    said
        What stands on the charts that it brought.
    fresh
        Ids of the charts that the change brought.
    order
        Ids in the order shown, also of charts that only their exact rows can show, and which are
        still to come.
    """

    charts: tuple[Chart, ...]
    question: Question | None
    notes: tuple[str, ...] = ()
    act: str = ""
    said: str = ""
    fresh: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def with_exact(self, chart: Chart) -> View:
        """Return it with an exact chart in the place of its approximate form, or in its own."""
        known = {one.id: one for one in self.charts} | {chart.id: chart}
        return replace(self, charts=tuple(known[id] for id in self.order if id in known))

    def as_drawn(self) -> View:
        """Return it without places of charts that do not come."""
        return replace(self, order=tuple(chart.id for chart in self.charts))

    def changed(self, change: Change, ids: Sequence[str]) -> list[str]:
        """Return the order after a change that brings charts; what is still to come stays."""
        placed = change.place(ids)
        order = [one if isinstance(one, str) else one.id for one in placed]
        shown = {chart.id for chart in self.charts}
        if shown.isdisjoint(order):
            return order
        for at, id in reversed([*enumerate(self.order)]):
            if id not in shown:
                after = [order.index(one) for one in self.order[at:] if one in order]
                before = [order.index(one) for one in self.order[:at] if one in order]
                order.insert(min(after) if after else max(before, default=-1) + 1, id)
        return order


class Change(Struct, frozen=True):
    """A change before its charts are drawn.

    Parameters
    ----------
    act
        What was asked, in words.
    said
        What stands on the charts that come of it.
    question
        What is asked of the table from now on.
    ranked
        Designs to draw, best first.
    place
        Puts the ids of new charts among the charts that are there.
    nothing
        What is said where no chart comes.
    empties
        Whether the change stands though no chart comes.
    """

    act: str
    said: str
    question: Question
    ranked: Answer
    place: Callable[[Sequence[str]], Sequence[Chart | str]]
    nothing: str
    empties: bool = False

    @property
    def ids(self) -> list[str]:
        """The ids of its charts, which are known before they are drawn."""
        return [self.question.id_of(one.design) for one in self.ranked]

    def drawing(self, question: Question) -> Iterator[Chart | str]:
        """Draw its charts; their titles tell them from those that are there and stay.

        Parameters
        ----------
        question
            Its own, or the one of a sample of the rows.
        """
        stay = [one.title for one in self.place(()) if not isinstance(one, str)]
        return question.drawing(self.ranked, stay)
