"""Owns what is known of the finished charts of one table, whatever is asked of them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from vizmodel.design import Channel, Design, Encoding, Mark, Transform
from vizmodel.grammar.chart_rules import CHART_RULES
from vizmodel.grammar.column_places import bits, positions
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile
from vizmodel.tokens import make_encoding

#: What stands on a channel: the place of a column, None for the records themselves.
Placed = tuple[Channel, int | None, Transform]
Encoded = tuple[Placed, ...]
#: What is asked of charts whose columns stand on one channel each.
_RULES = tuple(rule for rule in CHART_RULES if rule.name != "column_once")


class _Known(Struct, frozen=True):
    """What was worked out; not the profile, which would never be forgotten then."""

    encodings: dict[Placed, Encoding] = field(default_factory=dict)
    #: a chart but for its last column -> bit sets of the columns judged there, of the legal ones
    verdicts: dict[tuple[Mark, Encoded, Channel, Transform], tuple[int, int]] = field(
        default_factory=dict
    )
    #: mark, what it gathers, channels and transforms -> the rules that concern such
    rules: dict[tuple[object, ...], tuple[ChartRule, ...]] = field(default_factory=dict)


class FinishedCharts:
    """Makes the charts of one table and judges each once; all its searches share what is known.

    Parameters
    ----------
    profile
        Of the table.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known = _known(profile)
        #: bit sets of what columns are gathered in, one for each gathering
        self._pairs = [bits(map(profile.index, f.pair)) for f in profile.folds]

    def design(self, mark: Mark, encoded: Encoded) -> Design:
        """Return a chart."""
        return Design(mark, tuple([self._encoding(placed) for placed in encoded]))

    def legal(self, mark: Mark, encoded: Encoded) -> bool:
        """Whether a chart breaks no rule."""
        *before, (channel, place, transform) = encoded
        last = 1 << (len(self._profile.columns) if place is None else place)
        return bool(self.legal_ends(mark, tuple(before), channel, transform, last))

    def legal_ends(
        self, mark: Mark, before: Encoded, channel: Channel, transform: Transform, columns: int
    ) -> int:
        """Return those of some columns that end a chart which breaks no rule, as a bit set.

        The records themselves stand behind the last column.
        """
        if channel == "row":
            # Panels below each other are legal where panels beside each other are.
            channel = "column"
        key = mark, before, channel, transform
        judged, legal = self._known.verdicts.get(key, (0, 0))
        if columns & ~judged:
            legal |= self._judged(mark, before, channel, transform, columns & ~judged)
            self._known.verdicts[key] = judged | columns, legal
        return legal & columns

    def _judged(
        self, mark: Mark, before: Encoded, channel: Channel, transform: Transform, columns: int
    ) -> int:
        first = [self._encoding(placed) for placed in before]
        form = (mark, *[(c, t) for c, _, t in before], (channel, transform))
        used = bits(place for _, place, _ in before if place is not None)
        columns &= ~used  # none stands on two channels
        parts = [(pair, columns) for pair in self._pairs if used & pair]
        if not parts:
            plain = (0, columns & ~sum(self._pairs))
            parts = [plain, *((pair, columns & pair) for pair in self._pairs)]
        legal = 0
        for gathered, part in parts:
            if not part:
                continue
            charts = (
                (at, Design(mark, (*first, self._last(channel, at, transform))))
                for at in positions(part)
            )
            legal |= self._lawful(charts, channel, transform, (gathered, *form))
        return legal

    def _lawful(
        self,
        charts: Iterable[tuple[int, Design]],
        channel: Channel,
        transform: Transform,
        form: tuple[object, ...],
    ) -> int:
        """Return the places of charts of one form that break no rule, as a bit set.

        They differ in what stands on one channel.
        """
        profile, legal = self._profile, 0
        rules = self._known.rules.get(form)
        for at, design in charts:
            if rules is None:
                found = (rule for rule in _RULES if rule.concerns(design, profile))
                rules = self._known.rules[form] = tuple(found)
            for rule in rules:
                if not rule.check(design, profile):
                    break
            else:
                legal |= 1 << at
                continue
            if rule.forbids_all(channel, transform):
                break
            if rule is not rules[0]:
                # What forbids one chart is asked first of the next: mostly it forbids that, too.
                # In a new order, since another thread may be at the old one.
                rules = (rule, *[other for other in rules if other is not rule])
                self._known.rules[form] = rules
        return legal

    def _last(self, channel: Channel, position: int, transform: Transform) -> Encoding:
        place = position if position < len(self._profile.columns) else None
        return self._encoding((channel, place, transform))

    def _encoding(self, placed: Placed) -> Encoding:
        found = self._known.encodings.get(placed)
        if found is None:
            channel, place, transform = placed
            name = None if place is None else self._profile.columns[place].name
            found = self._known.encodings[placed] = make_encoding(
                channel, name, transform, self._profile
            )
        return found


@once_per_profile
def _known(profile: Profile) -> _Known:
    return _Known()
