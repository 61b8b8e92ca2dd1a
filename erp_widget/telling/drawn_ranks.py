"""Owns the ranks of numbers that are drawn, and how two of them go together, in a word, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.relations.pairs import rank_rows

#: A rank correlation from 0.1 on is called weak, from 0.3 on a relation, from 0.7 on a strong one;
#: from so much on it is said to hold without exception.
FAINT, WEAK, STRONG, ALWAYS = 0.1, 0.3, 0.7, 0.995
#: Student's t within which rank correlations of unrelated numbers are.
BY_CHANCE = 2.5
Pair = tuple[Any, Any]


def ranks_of(values: Sequence[Any]) -> Floats:
    """Return the rank of each of some values: float64 [n_values].

    Examples
    --------
    >>> ranks_of([30, 10, 30]).tolist()
    [2.5, 1.0, 2.5]
    """
    return rank_rows(np.unique(np.array(values), return_inverse=True)[1])


def pair_correlation(pairs: Sequence[Pair]) -> float | None:
    """Return the rank correlation of two numbers (Spearman 1904); None where one never changes.

    Examples
    --------
    >>> pair_correlation([(1, 10), (2, 20), (3, 90)]), pair_correlation([(1, 5), (2, 5)])
    (1.0, None)
    """
    if len(pairs) < 2:
        return None
    first, second = (ranks_of(values) for values in zip(*pairs, strict=True))
    if not np.ptp(first) or not np.ptp(second):
        return None
    return float(np.corrcoef(first, second)[0, 1])


def by_chance(n_rows: int) -> float:
    """Return up to which rank correlation so many rows of unrelated numbers have, mostly.

    Examples
    --------
    >>> round(by_chance(27), 2), round(by_chance(1000), 2)
    (0.45, 0.08)
    """
    return float(BY_CHANCE / (max(n_rows - 2, 0) + BY_CHANCE**2) ** 0.5)


def is_clear(value: float, n_rows: int) -> bool:
    """Whether a rank correlation is neither faint nor what chance may give."""
    return abs(value) >= max(FAINT, by_chance(n_rows))


def degree(value: float) -> str:
    """Return how much a number rises or falls by a rank correlation, as a word or none.

    Examples
    --------
    >>> degree(-0.2), degree(0.5), degree(0.8)
    (' slightly', '', ' strongly')
    """
    if STRONG <= abs(value) < ALWAYS:
        return " strongly"
    return " slightly" if abs(value) < WEAK else ""


def going(name: str, over: str, value: float, *, timed: bool) -> str:
    """Return how a number goes with another, by their rank correlation.

    Examples
    --------
    >>> going("price", "year", 0.8, timed=True)
    'price rises strongly over year'
    """
    verb = "rises" if value > 0 else "falls"
    return f"{name} {verb}{degree(value)} {'over' if timed else 'with'} {over}"
