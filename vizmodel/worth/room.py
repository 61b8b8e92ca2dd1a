"""Owns how much room a table has for different relations, and how surely it is to be explored."""

from __future__ import annotations

from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile

#: Columns from which, and up to which, the charge for repeated relations grows.
FEW_COLUMNS, MANY_COLUMNS = 3, 7
#: Share of it that a table bears however narrow it is, where nothing identifies its rows.
NAMELESS_ROOM = 0.5
#: Groups of which one chart draws each combination.
MAX_DRAWN = 2
#: What each column beyond seven takes from how surely few named rows are drawn as such; the least.
LESS_TIDY, LEAST_TIDY = 0.1, 0.3


def room(profile: Profile) -> float:
    """Return how much of the charge for a repeated relation a table bears, 0..1.

    Three columns have few relations, and what is left to vary is the mark; seven have plenty.
    """
    low, high = FEW_COLUMNS, MANY_COLUMNS
    least = 0.0 if profile.keys else NAMELESS_ROOM
    return min(1.0, max(least, (len(profile.own_columns) - low) / (high - low)))


@once_per_profile
def tidiness(profile: Profile) -> float:
    """Return how surely a table's rows are what is to be drawn, 0..1.

    Of the charts that people made of tables of up to three columns, nine in ten show the rows as
    they are; of tables of few rows that something identifies, nearly all, while they are narrow:
    a wide one, such as a list of shares or of monthly accounts, has relations to be found; and of
    longer ones of up to five columns whose groups and times identify the row, eight in ten. Cells
    that three groups or more were crossed to make hide in so many bars how these go together.
    """
    if profile.shaped:
        return 1.0
    if _are_cells(profile):
        return 0.0
    if profile.few_named_rows:
        further = max(0, len(profile.own_columns) - MANY_COLUMNS)
        return max(LEAST_TIDY, 1.0 - further * LESS_TIDY)
    return 0.5 if profile.is_series else 0.0


def _are_cells(profile: Profile) -> bool:
    """Whether it takes three groups or more to tell apart the rows of a table of counts."""
    columns, counted = profile.columns, profile.counted
    no_groups = {at for at, c in enumerate(columns) if c.identifier or c.name in counted}
    few = any(len(key) <= MAX_DRAWN and no_groups.isdisjoint(key) for key in profile.keys)
    return bool(counted) and not few


@once_per_profile
def rawness(profile: Profile) -> float:
    """Return how surely a table is to be explored rather than drawn as it is, 0..1.

    People's charts say little of tables of many columns and rows without a name: there the
    strength of what a chart shows counts more.
    """
    return (1.0 - tidiness(profile)) * room(profile)
