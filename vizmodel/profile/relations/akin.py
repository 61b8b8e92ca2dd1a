"""Owns which names say that their columns hold one measure, taken twice."""

from __future__ import annotations

from vizmodel.patterns import late_pattern

#: Fewest letters that two names share as a whole, and of two that differ in one letter.
MIN_SHARED, MIN_SPELT = 3, 4
_NUMBER = late_pattern(r"\d+")


def are_akin(one: str, other: str) -> bool:
    """Whether two names, as `split_name` returns them, are those of one measure taken twice.

    Examples
    --------
    >>> are_akin("mpg city", "mpg highway"), are_akin("age", "ageentry"), are_akin("bidh", "bidl")
    (True, True, True)
    >>> are_akin("height", "weight2"), are_akin("no", "no2")
    (False, False)
    """
    for place in (0, -1):
        shared = one.split()[place:][:1]
        if shared == other.split()[place:][:1] and len(shared[0]) >= MIN_SHARED:
            return True
    short, long = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    if len(short) >= MIN_SHARED and (long.startswith(short) or long.endswith(short)):
        return True
    if _NUMBER.search(short) and _NUMBER.sub("#", short) == _NUMBER.sub("#", long):
        return True
    differing = sum(a != b for a, b in zip(short, long, strict=False))
    return len(short) == len(long) >= MIN_SPELT and differing == 1
