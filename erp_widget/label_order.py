"""Owns the order of codes, the places of whole numbers between others, and which are named."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

from vizmodel.profile.orders import in_order

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


def in_spelled_order(labels: Sequence[Any]) -> list[Any] | None:
    """Return steps of a scale whose words are joined by signs; None for other labels.

    Examples
    --------
    >>> in_spelled_order(["High", "Medium", "Very_High", "Low"])
    ['Low', 'Medium', 'High', 'Very_High']
    """
    if not all(isinstance(label, str) for label in labels):
        return None
    spelled = {label.replace("_", " "): label for label in labels}
    found = in_order(list(spelled)) if len(spelled) == len(labels) else None
    return None if found is None else [spelled[label] for label in found]


def every_place(numbers: Iterable[Any]) -> Sequence[Any]:
    """Return whole numbers with those between them: what is missing keeps its place.

    Years that come every fifth stand side by side. Other numbers are returned as they are.

    Examples
    --------
    >>> list(every_place([1957, 1952, 1967])), every_place([0.5, 2.0])
    ([1952, 1957, 1962, 1967], [0.5, 2.0])
    """
    values = sorted(set(numbers))
    if len(values) < 2 or not all(float(value).is_integer() for value in values):
        return values
    whole = [int(value) for value in values]
    gap = math.gcd(*(after - before for before, after in pairwise(whole)))
    return range(whole[0], whole[-1] + 1, gap)


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


def places_of(numbers: Collection[Any]) -> list[int] | None:
    """Return a place for each whole number from first to last; None where most would be empty.

    Examples
    --------
    >>> places_of([1, 2, 4]), places_of([1, 2, 40])
    ([1, 2, 3, 4], None)
    """
    every = every_place(numbers)
    few = len(every) <= min(MAX_SINGLE_BARS, MAX_EMPTY * len(numbers))
    return list(every) if few and isinstance(every, range) else None
