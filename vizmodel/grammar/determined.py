"""Owns which columns of a table decide the values of others."""

from __future__ import annotations

import numpy as np

from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import PAIR_STATISTICS, Profile

_DETERMINES = PAIR_STATISTICS.index("determines")


@once_per_profile
def determined(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the pairs of columns of which each value of the first goes with one of the second.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> towns = {"town": ["Rome", "Pisa", "Oslo"] * 9, "land": ["Italy", "Italy", "Norway"] * 9}
    >>> sorted(determined(profile_table(pa.table(towns))))
    [('town', 'land')]
    """
    names = [column.name for column in profile.columns]
    found = np.argwhere(profile.pairs[:, :, _DETERMINES] > 0).tolist()
    return frozenset((names[first], names[second]) for first, second in found)


def is_determined(first: str, second: str, profile: Profile) -> bool:
    """Whether one of two columns decides the other."""
    known = determined(profile)
    return (first, second) in known or (second, first) in known
