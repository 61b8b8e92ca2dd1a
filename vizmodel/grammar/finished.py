"""Owns what is known of the finished charts of one table, whatever is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from vizmodel.design import Channel, Design, Encoding, Mark, Transform
from vizmodel.grammar.chart_rules import CHART_RULES
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import Question
from vizmodel.profile import Profile
from vizmodel.tokens import make_encoding

#: What stands on a channel: the place of a column, None for the records themselves.
Placed = tuple[Channel, int | None, Transform]
Encoded = tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was worked out; not the profile, which would never be forgotten then."""

    encodings: dict[Placed, Encoding] = field(default_factory=dict)
    verdicts: dict[tuple[Mark, Encoded], bool] = field(default_factory=dict)
    #: mark, whether it gathers, channels and transforms -> checks of the rules that concern such
    checks: dict[tuple[object, ...], list[Question]] = field(default_factory=dict)


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
        fold = profile.fold
        gathered = () if fold is None else (fold.key, fold.value)
        self._pair = frozenset(map(profile.index, gathered))

    def design(self, mark: Mark, encoded: Encoded) -> Design:
        """Return a chart."""
        return Design(mark, tuple([self._encoding(placed) for placed in encoded]))

    def legal(self, mark: Mark, encoded: Encoded) -> bool:
        """Whether a chart breaks no rule."""
        key = mark, encoded
        verdict = self._known.verdicts.get(key)
        if verdict is None:
            verdict = self._known.verdicts[key] = self._judged(mark, encoded)
        return verdict

    def _judged(self, mark: Mark, encoded: Encoded) -> bool:
        design = self.design(mark, encoded)
        gathers = not self._pair.isdisjoint([place for _, place, _ in encoded])
        form = (mark, gathers, *[(channel, transform) for channel, _, transform in encoded])
        checks = self._known.checks.get(form)
        if checks is None:
            checks = [rule.check for rule in CHART_RULES if rule.concerns(design, self._profile)]
            self._known.checks[form] = checks
        for place, check in enumerate(checks):
            if not check(design, self._profile):
                # What forbids one chart is asked first of the next: mostly it forbids that, too.
                if place:
                    checks.insert(0, checks.pop(place))
                return False
        return True

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
