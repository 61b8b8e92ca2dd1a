"""Owns the ranks of numbers that are drawn, and how two of them go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.relations.pairs import rank_rows

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
