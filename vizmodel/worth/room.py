"""Owns how much room a table has for different relations: hardly any where it is narrow."""

from __future__ import annotations

from vizmodel.profile import Profile

#: Columns from which, and up to which, the charge for repeated relations grows.
FEW_COLUMNS, MANY_COLUMNS = 3, 7
#: Share of it that a table bears however narrow it is, where nothing identifies its rows.
NAMELESS_ROOM = 0.5


def room(profile: Profile) -> float:
    """Return how much of the charge for a repeated relation a table bears, 0..1.

    Three columns have few relations, and what is left to vary is the mark; seven have plenty.
    """
    low, high = FEW_COLUMNS, MANY_COLUMNS
    least = 0.0 if profile.keys else NAMELESS_ROOM
    return min(1.0, max(least, (len(profile.own_columns) - low) / (high - low)))
