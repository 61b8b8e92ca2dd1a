"""Owns what numpy says of numbers only once it has imported its masked arrays: 25 ms.

Nobody here has such arrays. Where pandas is not loaded, nobody else has imported them either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the different values, ascending, as `np.unique` does.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    # Whoever asks for counts as well has numpy look for no mask.
    return np.unique(values, return_counts=True)[0]


def median(values: npt.ArrayLike) -> float:
    """Return the middle of numbers, as `np.median` does; NaN where one is NaN, or where none is.

    Examples
    --------
    >>> median([3, 1, 2, 7]), median([1.0, np.nan])
    (2.5, nan)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=None)
    half = len(ordered) // 2
    if not len(ordered) or ordered[-1] != ordered[-1]:
        return float("nan")
    one = float(ordered[half])
    return one if len(ordered) % 2 else (float(ordered[half - 1]) + one) / 2


def quantiles(values: npt.ArrayLike, shares: Sequence[float]) -> list[float]:
    """Return quantiles of numbers, none of them NaN, as `np.quantile` does in many times as long.

    Examples
    --------
    >>> quantiles([4, 1, 3, 2], (0.5, 0.75))
    [2.5, 3.25]
    """
    return of_ordered(np.sort(np.asarray(values, dtype=np.float64), axis=None), shares)


def of_ordered(ordered: npt.NDArray[np.float64], shares: Sequence[float]) -> list[float]:
    """Return quantiles of numbers that are in order."""
    places = np.array(shares) * (len(ordered) - 1)
    below = places.astype(np.int64)
    left, right = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    share, step = places - below, right - left
    found: list[float] = np.where(
        share < 0.5, left + step * share, right - step * (1 - share)
    ).tolist()
    return found


def quantile_below(values: npt.ArrayLike, share: float) -> float:
    """Return the last number before a quantile: `np.quantile` by its method "lower".

    Examples
    --------
    >>> quantile_below([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=None)
    return float(ordered[int(share * (len(ordered) - 1))])
