"""Owns what a kind of chart is: which charts it proposes of a table, and who knows nothing of them.

The kinds are listed in `kinds.py`; those that the layout of a table asks for in `layout_charts.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile

#: A chart, and how much it tells of what its table is asked, mostly 0 to 1.
Told: TypeAlias = tuple[Design, float]
#: What is said of a chart: by the network, and whether people draw it, keep it and name it.
Opinion = Literal["network", "chosen", "kept", "wanted"]
OPINIONS: tuple[Opinion, ...] = get_args(Opinion)
EVERY: frozenset[Opinion] = frozenset(OPINIONS)
#: Those that were learned from charts which people drew or named; verdicts are on more kinds.
OF_TABLES: frozenset[Opinion] = EVERY - {"kept"}


class ChartKind(Struct, frozen=True, eq=False, dict=True):
    """A kind of chart.

    Parameters
    ----------
    name
        What is shown.
    propose
        Yields charts of a table in canonical orientation, which need not be legal, and how much
        each tells; of one that comes twice the first counts.
    unknown_to
        The opinions that know nothing of such charts: there these count as the best of the others.
    unknown
        Which charts these are; all that tell something where None.
    key
        What tells its charts from each other.
    narrow
        Whether shaped tables have such charts by name, too: a search there hardly comes to them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> from vizmodel.tokens import make_design
    >>> profile = profile_table(pa.table({"size": [1.5, 2.5, 4.0]}))
    >>> strip = make_design("tick", profile, ("x", "size", "value"))
    >>> strips = ChartKind("strips", lambda profile: [(strip, 0.5)])
    >>> strips.tells(strip, profile)
    0.5
    """

    name: str
    propose: Callable[[Profile], Iterable[Told]]
    unknown_to: frozenset[Opinion] = frozenset()
    unknown: Callable[[Design, Profile], bool] | None = None
    key: Callable[[Design], Hashable] = Design.identity
    narrow: bool = False

    @cached_property
    def proposed(self) -> Callable[[Profile], Sequence[Told]]:
        """What is proposed of a table, worked out once."""
        return once_per_profile(lambda profile: tuple(self.propose(profile)))

    @cached_property
    def _told(self) -> Callable[[Profile], Mapping[Hashable, float]]:
        return once_per_profile(lambda profile: first_told(self.proposed(profile), self.key))

    def charts(self, profile: Profile) -> list[Design]:
        """Return the charts that are proposed of a table."""
        return [design for design, _ in self.proposed(profile)]

    def tells(self, design: Design, profile: Profile) -> float:
        """Return how much a chart tells of what is asked; 0 if it is of no such kind."""
        told = self._told(profile)
        return told.get(self.key(design), 0.0) if told else 0.0

    def is_unknown(self, design: Design, profile: Profile) -> bool:
        """Whether some opinions know nothing of a chart."""
        if self.unknown is not None:
            return self.unknown(design, profile)
        return self.tells(design, profile) > 0


def first_told(
    told: Iterable[Told], key: Callable[[Design], Hashable] = Design.identity
) -> Mapping[Hashable, float]:
    """Return how much charts tell, by what tells them apart; of one that comes twice the first."""
    found: dict[Hashable, float] = {}
    for design, worth in told:
        found.setdefault(key(design), worth)
    return found
