"""Owns figures of groups of many rows in memory, added up a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from erp_widget.sources.counted_columns import Column
from erp_widget.sources.query import Summary
from vizmodel.profile.reading.arrays import Codes

#: Figures that are worked out here.
FIGURES: Collection[Summary] = ("rows", "count", "sum", "mean", "min", "max")
#: What is nearer to an end; of numbers that are missing, the other one is.
NEARER = {"min": np.fmin, "max": np.fmax}


class Figures:
    """Figures of the groups of one column.

    Parameters
    ----------
    column
        Numbers, or anything of which only values are counted.
    summaries
        Which of `FIGURES` are wanted.
    n_groups
        How many groups there are; one place more is for rows that are in none.
    """

    def __init__(self, column: Column, summaries: Collection[str], n_groups: int) -> None:
        self._n_groups = n_groups
        self._column, self._there = column, column.there
        self._counts = self._made(np.int64) if self._there is not None else None
        self._sums = self._made(np.float64) if {"sum", "mean"} & {*summaries} else None
        kind = np.dtype(np.int64 if column.is_whole else np.float64)
        self._ends = {
            summary: self._made(kind, _farthest(summary, kind))
            for summary in NEARER
            if summary in summaries
        }

    def _made(self, kind: Any, value: Any = 0) -> npt.NDArray[Any]:
        return np.full(self._n_groups + 1, value, dtype=kind)

    def add(self, groups: Codes, stretch: slice) -> None:
        """Add some rows, of which the place of each one's group is given."""
        size = self._n_groups + 1
        if self._counts is not None and self._there is not None:
            groups = np.where(self._there[stretch], groups, self._n_groups)
            self._counts += np.bincount(groups, minlength=size)
        if self._sums is None and not self._ends:
            return
        numbers = self._column.numbers(stretch)
        if self._sums is not None:
            self._sums += np.bincount(groups, numbers, size)
        for summary, ends in self._ends.items():
            _extend(NEARER[summary], ends, groups, numbers)

    def of(self, summary: str, rows: Codes, groups: Codes) -> list[Any]:
        """Return one figure of some groups; None where no row has a value.

        Parameters
        ----------
        summary
            One of those that were wanted.
        rows
            How many rows each group has.
        groups
            Whose figures are returned.
        """
        counts = (rows if self._counts is None else self._counts)[groups]
        if summary == "count":
            return list(counts.tolist())
        if summary in NEARER:
            found = self._ends[summary][groups]
        else:
            assert self._sums is not None
            found = self._sums[groups]
            if summary == "mean":
                found = found / np.maximum(counts, 1)
        pairs = zip(found.tolist(), counts.tolist(), strict=True)
        return [value if n else None for value, n in pairs]


def _farthest(summary: str, kind: np.dtype[Any]) -> Any:
    """Return what every number is nearer to the end than."""
    if kind.kind == "f":
        return np.nan
    return np.iinfo(kind).max if summary == "min" else np.iinfo(kind).min


def _extend(
    nearer: np.ufunc, ends: npt.NDArray[Any], groups: Codes, values: npt.NDArray[Any]
) -> None:
    if len(ends) > 2 or groups.any():
        nearer.at(ends, groups, values)
    else:  # all rows are in one group
        ends[0] = nearer.reduce(values, initial=ends[0])
