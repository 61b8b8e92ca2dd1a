"""Owns what can be asked of rows: groups by keys with their summaries, whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from vizmodel.profile.reading.arrays import Floats

#: What a column holds: whole or real numbers, truth values, texts, times.
Kind = Literal["whole", "real", "truth", "text", "time"]
#: What of a value makes a group.
Part = Literal[
    "value", "bin", "year", "yearmonth", "yearmonthdate", "quarter", "month", "day", "hours"
]
#: `total` adds up whole numbers, `ratio` divides the sum of one column by that of another. With
#: `values`, as numbers, rows are not summarised; only rows that are here are asked for that.
Summary = Literal[
    "rows", "count", "distinct", "sum", "mean", "median", "min", "max", "total", "ratio", "values"
]
#: Rows that come back: name -> value.
Answer: TypeAlias = list[dict[str, Any]]


class Key(Struct, frozen=True):
    """What groups rows.

    Parameters
    ----------
    column
        A column of the relation.
    part
        What of its values: the value, a part of a time, or the number of a bin.
    start, step, count
        Of bins: the first one's lower edge, their width and their number; what lies outside is in
        the first or the last one.
    log
        Whether bins are counted by the logarithm to base ten, as are their start and their step.
    """

    column: str
    part: Part = "value"
    start: float = 0.0
    step: float = 1.0
    count: int = 1
    log: bool = False

    def bins(self, numbers: Floats) -> Floats:
        """Return the number of each one's bin; NaN of what is none.

        Examples
        --------
        >>> Key("c0", "bin", 0.0, 2.0, 3).bins(np.array([5.0, -1.0, 99.0, np.nan])).tolist()
        [2.0, 0.0, 2.0, nan]
        """
        if self.log:  # what has no logarithm lies below the first bin
            numbers = np.log10(np.maximum(numbers, 10.0**self.start))
        found: Floats = np.floor((numbers - self.start) / self.step)
        return np.clip(found, 0, self.count - 1, out=found)


class Measure(Struct, frozen=True):
    """One figure of each group.

    Parameters
    ----------
    summary
        How its rows are summarised.
    column
        A column of the relation; None for `rows`.
    over
        The column of a ratio's second sum.
    """

    summary: Summary
    column: str | None = None
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Groups of rows with their figures.

    Parameters
    ----------
    keys, measures
        Name in the answer -> what it is. Without keys all rows are one group.
    present
        Columns without whose value a row is left out.
    among
        A key, and whole numbers of which it must have one.
    outside
        A column, and values that it must not have.
    largest
        The measure by which groups come, largest first; by their keys if None.
    limit
        Most groups that are returned.

    Examples
    --------
    >>> Query({"city": Key("c0")}, {"n": Measure("rows")}, limit=5).keys
    (('city', Key(column='c0', part='value', start=0.0, step=1.0, count=1, log=False)),)
    """

    keys: tuple[tuple[str, Key], ...]
    measures: tuple[tuple[str, Measure], ...]
    present: tuple[str, ...]
    among: tuple[Key, tuple[int, ...]] | None
    outside: tuple[str, tuple[Any, ...]] | None
    largest: str | None
    limit: int | None

    def __init__(
        self,
        keys: Mapping[str, Key],
        measures: Mapping[str, Measure],
        *,
        present: tuple[str, ...] = (),
        among: tuple[Key, tuple[int, ...]] | None = None,
        outside: tuple[str, tuple[Any, ...]] | None = None,
        largest: str | None = None,
        limit: int | None = None,
    ) -> None:
        given = {
            "keys": tuple(keys.items()),
            "measures": tuple(measures.items()),
            "present": present,
            "among": among,
            "outside": outside,
            "largest": largest,
            "limit": limit,
        }
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @property
    def is_listed(self) -> bool:
        """Whether each row comes by itself, with its keys, in no order."""
        return any(measure.summary == "values" for _, measure in self.measures)
