"""Owns small distributions of a table's columns, drawn on the chips, and its first rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from erp_widget.sources import Table
from erp_widget.telling.figures import figure
from vizmodel.profile.reading.arrays import Codes, Floats, as_floats, as_integers
from vizmodel.profile.reading.clocks import clock_text

#: Bars of a column of numbers or dates, and of one of groups.
MAX_BINS, MAX_GROUPS = 12, 8
#: Height of the highest bar.
FULL = 16
#: Of the rows and columns shown, and of the text in a cell.
MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 10, 30, 120

_known: WeakKeyDictionary[Table, dict[str, Distribution]] = WeakKeyDictionary()


class Distribution(Struct, frozen=True):
    """How the values of a column are spread, as far as its sample tells.

    Parameters
    ----------
    heights
        Of bars, from 0 to `FULL`: over the range of numbers and dates, for the largest groups of
        all others.
    said
        The same in words.
    """

    heights: tuple[int, ...]
    said: str


def distributions(table: Table) -> dict[str, Distribution]:
    """Return the distribution of each column that has values; computed once for a table.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> found = distributions(open_table({"city": ["Rome", "Oslo", "Rome"], "sales": [1, 2, 9]}))
    >>> found["city"]
    Distribution(heights=(16, 8), said='Rome 67%, Oslo 33%')
    >>> found["sales"].said
    '1 to 9'
    """
    if table not in _known:
        sample = table.sample()
        named = zip(sample.column_names, sample.columns, strict=True)
        found = {name: _distribution(column, name in table.clocks) for name, column in named}
        _known[table] = {name: one for name, one in found.items() if one is not None}
    return _known[table]


def _distribution(column: pa.ChunkedArray, is_clock: bool = False) -> Distribution | None:
    """Return the distribution of one column; None where there is nothing to draw."""
    values = column.drop_null()
    kind = column.type
    if not len(values):
        return None
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _of_numbers(as_floats(values), clock_text if is_clock else figure)
    if pa.types.is_temporal(kind):
        return _of_dates(values)
    return _of_groups(values)


def _of_numbers(numbers: Floats, said: Callable[[float], str]) -> Distribution | None:
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        return Distribution((FULL,), f"always {said(low)}")
    whole = bool((numbers == np.floor(numbers)).all())
    bins = int(min(MAX_BINS, high - low + 1)) if whole else MAX_BINS
    return Distribution(_heights(_counts(numbers, bins)), f"{said(low)} to {said(high)}")


def _of_dates(values: pa.ChunkedArray) -> Distribution:
    low, high = (_cell(one) for one in pc.min_max(values).as_py().values())
    numbers = as_integers(values.cast("timestamp[us]"))
    counts = _counts(numbers.astype(float), MAX_BINS if low != high else 1)
    return Distribution(_heights(counts), low if low == high else f"{low} to {high}")


def _counts(numbers: Floats, bins: int) -> Codes:
    """Return how many numbers each of some equal bins holds.

    numpy's own histogram refuses numbers that differ by rounding only, and spans that are larger
    than any number.
    """
    parts = numbers / (np.abs(numbers).max() or 1.0)
    low, span = parts.min(), np.ptp(parts)
    places = (parts - low) / span * bins if span else np.zeros(len(parts))
    return np.bincount(np.minimum(places.astype(int), bins - 1), minlength=bins)


def _of_groups(values: pa.ChunkedArray) -> Distribution | None:
    counted = [(one["values"], one["counts"]) for one in pc.value_counts(values).to_pylist()]
    counted.sort(key=lambda one: -one[1])
    total = len(values)
    if len(counted) > total / 2 and len(counted) > MAX_GROUPS:
        return None  # hardly a value comes twice: names, not groups
    named = [f"{_cell(value)[:MAX_TEXT]} {count / total:.0%}" for value, count in counted[:3]]
    more = len(counted) - len(named)
    said = ", ".join([*named, *([f"{more:,} more"] if more else [])])
    return Distribution(_heights([count for _, count in counted[:MAX_GROUPS]]), said)


def _heights(counts: Any) -> tuple[int, ...]:
    """Return heights of bars; what is there at all is seen."""
    highest = max(counts)
    return tuple(int(np.ceil(FULL * int(count) / int(highest))) for count in counts)


def first_rows(table: Table) -> dict[str, Any]:
    """Return a table's first rows as text, or some of a large one.

    Parameters
    ----------
    table
        As charts read it: with dates as dates.

    Returns
    -------
    dict
        `names`, `rows`, which columns are `numeric` and, in `said`, what they are.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> first_rows(open_table({"city": ["Rome", None], "sales": [1, 2.5]}))["rows"]
    [['Rome', '1'], ['', '2.5']]
    """
    sample = table.sample()
    shown = sample.slice(0, MAX_ROWS).select(sample.column_names[:MAX_COLUMNS])
    rows = [
        [_cell(value, name in table.clocks)[:MAX_TEXT] for name, value in row.items()]
        for row in shown.to_pylist()
    ]
    is_whole = len(sample) == table.n_rows
    said = f"{len(rows)} of {table.n_rows:,} rows"
    said = f"The first {said}" if is_whole else f"{said}, spread over the table"
    left_out = len(sample.column_names) - len(shown.column_names)
    more = f"; {left_out} more columns" if left_out else ""
    numeric = [pa.types.is_integer(one) or pa.types.is_floating(one) for one in shown.schema.types]
    names = list(shown.column_names)
    return {"names": names, "rows": rows, "numeric": numeric, "said": f"{said}{more}"}


def _cell(value: Any, is_clock: bool = False) -> str:
    if value is None:
        return ""
    if is_clock:
        return clock_text(value)
    if isinstance(value, float):
        whole = value.is_integer()
        return f"{value:.{0 if whole else 2}f}" if 1e5 <= abs(value) < 1e15 else f"{value:.6g}"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
