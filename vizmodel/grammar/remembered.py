"""Owns what is worked out once for each profile, and forgotten with it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from vizmodel.profile import Profile

Found = TypeVar("Found")
_NOTHING: Any = object()


def once_per_profile(find: Callable[[Profile], Found]) -> Callable[[Profile], Found]:
    """Make a function of a profile answer each profile once.

    Profiles hold arrays, so they cannot be keys by what they hold.
    """
    known: dict[int, Found] = {}

    @wraps(find)
    def remembered(profile: Profile) -> Found:
        place = id(profile)
        found: Found = known.get(place, _NOTHING)
        if found is _NOTHING:
            found = known[place] = find(profile)
            weakref.finalize(profile, known.pop, place, None)
        return found

    return remembered
