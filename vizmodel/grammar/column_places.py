"""Owns where the columns of one table may stand, whatever is asked, as sets of bits."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable

from vizmodel import tokens
from vizmodel.design import Channel, Mark, Transform
from vizmodel.grammar.encoding_rules import encoding_is_legal
from vizmodel.grammar.roles import Role, role_of
from vizmodel.grammar.shapes import all_shapes
from vizmodel.profile import Profile

#: Identity of a profile -> what is legal on it, as long as the profile is there.
_LEGAL: dict[int, dict[tuple[Mark, Channel, Transform], int]] = {}


def legal_places(profile: Profile) -> dict[tuple[Mark, Channel, Transform], int]:
    """Return which columns may stand where, whatever is asked; found once per profile."""
    known = _LEGAL.get(id(profile))
    if known is None:
        known = _LEGAL[id(profile)] = _all_legal(profile)
        weakref.finalize(profile, _LEGAL.pop, id(profile), None)
    return known


def _all_legal(profile: Profile) -> dict[tuple[Mark, Channel, Transform], int]:
    places: dict[Role, set[tuple[Mark, Channel]]] = defaultdict(set)
    for shape in all_shapes():
        for channel, role in shape.roles:
            places[role].add((shape.mark, channel))
    legal: dict[tuple[Mark, Channel, Transform], int] = defaultdict(int)
    for position, column in enumerate(profile.columns):
        for transform in tokens.COLUMN_TRANSFORMS:
            for mark, channel in places[role_of(transform, column)]:
                if encoding_is_legal(mark, channel, transform, column, profile):
                    legal[mark, channel, transform] |= 1 << position
    return legal


def roles_given(profile: Profile) -> dict[Transform, list[tuple[Role, int]]]:
    """Return the roles that each transform gives, each with the bit set of the columns it is of."""
    found: dict[Transform, dict[Role, list[int]]] = {}
    for transform in tokens.COLUMN_TRANSFORMS:
        by_role = found.setdefault(transform, defaultdict(list))
        for position, column in enumerate(profile.columns):
            by_role[role_of(transform, column)].append(position)
    return {t: [(role, bits(at)) for role, at in by.items()] for t, by in found.items()}


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
