"""Owns where the columns of one table may stand, whatever is asked, as sets of bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from vizmodel import tokens
from vizmodel.design import Channel, Mark, Transform
from vizmodel.grammar.comparable import may_stand
from vizmodel.grammar.encoding_rules import rules_for
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.roles import Role, role_of
from vizmodel.grammar.rule import ColumnQuestion, EncodingRule
from vizmodel.grammar.shape_sets import shape_sets
from vizmodel.profile import Profile
from vizmodel.profile.columns import ColumnProfile

Checks = tuple[ColumnQuestion, ...]


@once_per_profile
def legal_places(profile: Profile) -> dict[tuple[Mark, Channel, Transform], int]:
    """Return which columns may stand where, whatever is asked."""
    legal: dict[tuple[Mark, Channel, Transform], int] = defaultdict(int)
    upper = {one.high for one in profile.ranges}
    rules = rules_for(profile)
    asked = [(r.name, r.about) for r in rules if r.about is not None]
    for position, column in enumerate(profile.columns):
        idle = tuple([name for name, about in asked if not about(column)])
        for transform in tokens.COLUMN_TRANSFORMS:
            role = role_of(transform, column)
            everywhere, places = _places(role, transform, rules, idle)
            if places and not _passes(everywhere, *places[0][:2], transform, column):
                continue
            for mark, channel, checks in places:
                if channel == "y2" and column.name not in upper:
                    continue
                if _passes(checks, mark, channel, transform, column):
                    legal[mark, channel, transform] |= 1 << position
    for mark, channel, transform in list(legal):
        if not may_stand(mark, transform, profile):
            del legal[mark, channel, transform]
    return legal


def _passes(
    checks: Checks, mark: Mark, channel: Channel, transform: Transform, column: ColumnProfile
) -> bool:
    for check in checks:  # noqa: SIM110 - `all` takes twice the time
        if not check(mark, channel, transform, column):
            return False
    return True


@cache
def _places(
    role: Role, transform: Transform, given: tuple[EncodingRule, ...], idle: tuple[str, ...]
) -> tuple[Checks, tuple[tuple[Mark, Channel, Checks], ...]]:
    """Return where some shape has a role, each place with the checks of the rules about it.

    Before them the checks that are the same in all these places. Rules that are idle are left out.
    """
    rules = [r for r in given if r.name not in idle]
    has_it = sorted({(mark, channel) for mark, channel, r in shape_sets().placed if r == role})
    shared = [
        r.check for r in rules if r.everywhere and has_it and r.concerns(*has_it[0], transform)
    ]
    own = [r for r in rules if not r.everywhere]
    return tuple(shared), tuple(
        (*place, tuple(r.check for r in own if r.concerns(*place, transform))) for place in has_it
    )


@once_per_profile
def roles_given(profile: Profile) -> dict[Transform, list[tuple[Role, int]]]:
    """Return the roles that each transform gives, each with the bit set of the columns it is of."""
    found: dict[Transform, dict[Role, list[int]]] = {}
    for transform in tokens.COLUMN_TRANSFORMS:
        by_role = found.setdefault(transform, defaultdict(list))
        for position, column in enumerate(profile.columns):
            by_role[role_of(transform, column)].append(position)
    return {t: [(role, bits(at)) for role, at in by.items()] for t, by in found.items()}


@once_per_profile
def places_by_role(profile: Profile) -> list[tuple[Mark, Channel, Transform, Role, int]]:
    """Return which columns may stand where in which role, whatever is asked."""
    roles = roles_given(profile)
    return [
        (*place, role, columns & legal)
        for place, legal in legal_places(profile).items()
        for role, columns in roles[place[2]]
        if columns & legal
    ]


class Standings(Struct, frozen=True):
    """Where columns may stand under an intent, as bit sets of columns; not to be changed.

    Parameters
    ----------
    fits
        Of each mark, channel and role.
    roles
        Transforms and roles of each mark and channel.
    """

    fits: Mapping[tuple[Mark, Channel, Role], int]
    roles: Mapping[tuple[Mark, Channel], Sequence[tuple[Transform, Role, int]]]

    def standing(self, mark: Mark, channel: Channel) -> Sequence[tuple[Transform, Role, int]]:
        """Return the transforms and roles that a channel may have, each with its columns."""
        return self.roles.get((mark, channel), ())


def placed(profile: Profile, fixed: Mapping[Channel, int], taken: int) -> Standings:
    """Return where columns may stand, some channels having theirs.

    Parameters
    ----------
    fixed
        Channel -> the column that stands there.
    taken
        Columns that stand on no other channel.
    """
    fits: dict[tuple[Mark, Channel, Role], int] = defaultdict(int)
    roles: dict[tuple[Mark, Channel], list[tuple[Transform, Role, int]]] = defaultdict(list)
    for mark, channel, transform, role, columns in places_by_role(profile):
        column = fixed.get(channel)
        fitting = columns & (~taken if column is None else 1 << column)
        if fitting:
            roles[mark, channel].append((transform, role, fitting))
            fits[mark, channel, role] |= fitting
    return Standings(dict(fits), dict(roles))


@once_per_profile
def free_places(profile: Profile) -> Standings:
    """Return where columns may stand if nothing is asked: most searches of a table share it."""
    return placed(profile, {}, 0)


def bits(places: Iterable[int]) -> int:
    """Return the bit set of some positions.

    Examples
    --------
    >>> bin(bits([1, 3]))
    '0b1010'
    """
    return sum(1 << position for position in set(places))


def positions(bit_set: int) -> list[int]:
    """Return the positions of a bit set, ascending.

    Examples
    --------
    >>> positions(0b1010)
    [1, 3]
    """
    found = []
    while bit_set:
        lowest = bit_set & -bit_set
        found.append(lowest.bit_length() - 1)
        bit_set ^= lowest
    return found
