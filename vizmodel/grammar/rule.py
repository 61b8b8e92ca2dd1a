"""Owns what a rule is: about one channel and its column, or about a whole chart."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from vizmodel.design import Channel, Design, Mark, Transform
from vizmodel.profile import ColumnProfile, Profile

Question = Callable[[Design, Profile], bool]
ColumnQuestion = Callable[[Mark, Channel, Transform, ColumnProfile], bool]


def _any_place(mark: Mark, channel: Channel, transform: Transform) -> bool:
    return True


class EncodingRule(Struct, frozen=True):
    """A rule about one channel.

    Parameters
    ----------
    name, sentence
        What it is called, and what it wants.
    check
        Whether a column may stand there.
    firm
        Whether the rule also holds for tables that were shaped for one chart.
    roomy
        Whether it also holds for tables of which a chart may show more groups.
    concerns
        Whether the rule is about such marks, channels and transforms at all, whichever column.
    everywhere
        Whether mark and channel make no difference: then a column is asked about once.
    about
        Whether the rule is about a column at all, wherever it stands; about each where None.
    """

    name: str
    sentence: str
    check: ColumnQuestion
    firm: bool = True
    roomy: bool = True
    concerns: Callable[[Mark, Channel, Transform], bool] = _any_place
    everywhere: bool = False
    about: Callable[[ColumnProfile], bool] | None = None

    def allows(
        self, mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
    ) -> bool:
        """Whether a column on a channel does not break the rule."""
        there = self.concerns(mark, channel, transform)
        return not there or self.check(mark, channel, transform, column)


def _any_chart(design: Design, profile: Profile) -> bool:
    return True


class ChartRule(Struct, frozen=True):
    """A rule about a whole chart.

    Parameters
    ----------
    name, sentence
        What it is called, and what it wants.
    check
        Whether a chart that the rule concerns is legal.
    concerns
        Whether the rule is about charts of this form on this table. The form is the mark, the
        channels and what happens to the columns, and whether the chart shows what is gathered;
        which columns these are is not looked at, so the question is asked once for all of them.
    looks_at
        Channels, or transforms, at whose columns the check looks, beside the form and what is
        gathered; all where None. What it forbids is forbidden whatever stands on the others.
    """

    name: str
    sentence: str
    check: Question
    concerns: Question = _any_chart
    looks_at: tuple[Channel | Transform, ...] | None = None

    def forbids_all(self, channel: Channel, transform: Transform) -> bool:
        """Whether what it forbids is forbidden whichever column stands on a channel."""
        return self.looks_at is not None and {channel, transform}.isdisjoint(self.looks_at)

    def allows(self, design: Design, profile: Profile) -> bool:
        """Whether a chart does not break the rule."""
        return not self.concerns(design, profile) or self.check(design, profile)
