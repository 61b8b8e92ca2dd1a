"""Owns the order of codes, the places of whole numbers between others, and which are named."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

#: Most bars on single numbers that each get a label.
MAX_SINGLE_BARS = 60
#: Whole numbers that say how much keep a place for each one between them where these are at most so
#: many times as many.
MAX_EMPTY = 3


def in_code_order(labels: Sequence[Any]) -> list[str] | None:
    """Return codes of one length, some filled up with zeros, by their letters; None for others.

    Examples
    --------
    >>> in_code_order(["7p", "46", "01", "23"]), in_code_order(["7 p", "12", "3"])
    (['01', '23', '46', '7p'], None)
    """
    words = all(isinstance(label, str) and label.isalnum() for label in labels)
    if not words or len(set(map(len, labels))) != 1:
        return None
    return sorted(labels) if any(re.match(r"0\d", label) for label in labels) else None


def n_places(numbers: Collection[Any]) -> int:
    """Return how many places whole numbers have with those between them; others have one each.

    Years that come every fifth stand side by side.

    Examples
    --------
    >>> n_places([1957, 1952, 1967]), n_places([0.5, 2.0]), n_places([0, 1, 2**63])
    (4, 2, 9223372036854775809)
    """
    whole = _whole(numbers)
    return len(set(numbers)) if whole is None else (whole[-1] - whole[0]) // _gap(whole) + 1


def places_of(numbers: Collection[Any], most: int | None = None) -> list[int] | None:
    """Return a place for each whole number from first to last; None where most would be empty.

    Parameters
    ----------
    numbers
        That are there; what is missing between them keeps its place.
    most
        Most places of however many numbers, in place of a few for each.

    Examples
    --------
    >>> places_of([1, 2, 4]), places_of([1, 2, 40]), places_of([1952, 1967, 1957], 60)
    ([1, 2, 3, 4], None, [1952, 1957, 1962, 1967])
    """
    whole = _whole(numbers)
    limit = MAX_EMPTY * len(numbers) if most is None else most
    if whole is None or n_places(numbers) > min(MAX_SINGLE_BARS, limit):
        return None
    return list(range(whole[0], whole[-1] + 1, _gap(whole)))


def _whole(numbers: Iterable[Any]) -> list[int] | None:
    """Return different whole numbers, sorted; None where some are not, or there is one alone."""
    values = sorted(set(numbers))
    if len(values) < 2 or not all(float(value).is_integer() for value in values):
        return None
    return [int(value) for value in values]


def _gap(whole: Sequence[int]) -> int:
    return math.gcd(*(after - before for before, after in pairwise(whole)))


def named(numbers: Sequence[int], most: int) -> list[int]:
    """Return the round ones of evenly spaced whole numbers, at most about so many; else all.

    Examples
    --------
    >>> named(range(-1, 31), 9), named([1, 2, 30], 2)
    ([0, 5, 10, 15, 20, 25, 30], [1, 2, 30])
    """
    gaps = {after - before for before, after in pairwise(numbers)}
    found = list(numbers)
    for times in (2, 5, 10, 20, 50):
        if len(gaps) != 1 or len(found) <= most:
            break
        step = times * min(gaps)
        found = [number for number in numbers if number % step == 0] or list(numbers[::times])
    return found
