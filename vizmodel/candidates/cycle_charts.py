"""Owns the box plots of numbers by a part of a time: by months of the year, weekdays or hours.

Hardly anybody's charts that the network learned from are such, so they are given to the search by
name. How strongly a number follows the calendar is what they are worth.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from vizmodel.candidates.kind import ChartKind, Told
from vizmodel.design import Design, TimeUnit
from vizmodel.grammar.legality import violations
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile
from vizmodel.profile.relations.cycles import Cycle
from vizmodel.tokens import Part, make_design
from vizmodel.worth.outcomes import asked_about

#: Numbers that are looked at.
MAX_MEASURES = 6
#: Share of the variance from which a number follows the calendar.
MIN_SHARE = 0.02
#: The same from which that is what a table is looked at by, and rounds of the calendar.
MIN_RECURRING, MIN_ROUNDS = 0.2, 1.9
#: Days after which the parts of a time come round again.
DAYS_ROUND: dict[TimeUnit, float] = {"quarter": 365.25, "month": 365.25, "day": 7.0, "hours": 1.0}


def cycle_charts(profile: Profile) -> Iterator[Told]:
    """Yield boxes of the numbers that follow the calendar, which need not be legal.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, share)
        In canonical orientation: of what is asked about first, each by the part of a time that
        tells most of it, and the share of its variance that it tells.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> days = [86_400_000_000 * n for n in range(1_000)]
    >>> times = pa.array(days, pa.timestamp("us"))
    >>> table = {"day": times, "warm": [(n % 365 - 182) ** 2 / 900 for n in range(1_000)]}
    >>> profile = profile_table(pa.table(table))
    >>> [[e.transform for e in d.encodings] for d, _ in cycle_charts(profile)]
    [['month', 'value']]
    """
    for one in _told(profile):
        yield _box(one, profile), one.share


def recurs(design: Design, profile: Profile) -> bool:
    """Whether a chart shows of what follows the calendar most how it comes again and again."""
    if design.mark != "boxplot":
        return False
    return design.identity() in _recurring(profile)


@once_per_profile
def _recurring(profile: Profile) -> frozenset[Hashable]:
    """Return what tells the boxes of the number from others that follows the calendar most."""
    boxes = [(one, _box(one, profile)) for one in _told(profile)]
    legal = [(one, box) for one, box in boxes if not violations(box, profile)]
    if not legal or not _recurs(legal[0][0], profile):
        return frozenset()
    measure = legal[0][0].measure
    return frozenset(
        box.identity() for one, box in legal if one.measure == measure and _recurs(one, profile)
    )


@once_per_profile
def _told(profile: Profile) -> Sequence[Cycle]:
    """Return for each number the part of a time that tells most of it, what is asked first.

    And the others that it follows closely: days of the week beside months of the year.
    """
    asked = {column.name for column in asked_about(profile)}
    best: dict[str, Cycle] = {}
    further: list[Cycle] = []
    for one in sorted(profile.cycles, key=lambda one: (not _recurs(one, profile), -one.share)):
        by_quarters = profile.column(one.time).by_quarters
        if one.share < MIN_SHARE or by_quarters != (one.unit == "quarter"):
            continue
        if best.setdefault(one.measure, one) is not one and _recurs(one, profile):
            further.append(one)
    told = sorted(best.values(), key=lambda one: (one.measure not in asked, -one.share))
    told = told[:MAX_MEASURES]
    return [*told, *(one for one in further if best[one.measure] in told)]


def _recurs(one: Cycle, profile: Profile) -> bool:
    """Whether a number follows the calendar closely, and for more than one round of it.

    What rises all the way differs between the parts of each round as well: a line over r rounds by
    1 / r^2 of its variance.
    """
    rounds = profile.column(one.time).span_days / DAYS_ROUND[one.unit]
    if rounds < MIN_ROUNDS:
        return False
    risen = float(profile.pair(one.time, one.measure, "abs_spearman")) ** 2 / rounds**2
    return one.share - risen >= MIN_RECURRING


def _box(one: Cycle, profile: Profile) -> Design:
    part: Part = ("x", one.time, one.unit)
    return make_design("boxplot", profile, part, ("y", one.measure, "value"))


CALENDAR = ChartKind("calendar", cycle_charts, narrow=True)
