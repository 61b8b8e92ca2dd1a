"""Owns what is worked out once for each profile, and forgotten with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from vizmodel.profile import Profile

Found = TypeVar("Found")


def once_per_profile(find: Callable[[Profile], Found]) -> Callable[[Profile], Found]:
    """Make a function of a profile answer each profile once.

    Profiles hold arrays, so they cannot be keys by what they hold.
    """
    known: dict[int, Found] = {}

    @wraps(find)
    def remembered(profile: Profile) -> Found:
        place = id(profile)
        try:  # asked by thousands of charts: most tables are known
            return known[place]
        except KeyError:
            pass
        found = known[place] = find(profile)
        weakref.finalize(profile, known.pop, place, None)
        return found

    return remembered
