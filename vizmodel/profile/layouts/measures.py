"""Owns the parts of a long table that hold one measure each: GDP, life expectancy, population.

Charts of several quantities at once mean nothing; those of one are what a table would give that
had a column for each. So each of the fullest is read as a table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

from vizmodel.design import Held
from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.mixtures import find_kinds, is_any_number
from vizmodel.profile.reading.arrays import from_numbers
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Levels that say how sure, or of how many, another one is.
_BESIDE = late_pattern(
    r"\b(lower|upper)\b|\b(confidence|interval|denominators?|numerators?|sd|std|se|moe|errors?)\b",
    re.IGNORECASE,
)
#: Most measures that are looked at; fewest rows of one, and its share of the fullest one's.
MAX_PARTS, MIN_ROWS, MIN_FULL = 6, 8, 0.2


class Part(Struct, frozen=True):
    """Rows that are read as a table of their own, such as those of one measure.

    Parameters
    ----------
    held
        What they have in common, or lack.
    rows
        Of the sample, without the columns that are the same in all of them.
    called
        Column of numbers -> what the numbers are.
    """

    held: tuple[Held, ...]
    rows: pa.Table
    called: dict[str, str]


def measure_parts(
    sample: pa.Table, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[Part]:
    """Yield the rows of each measure of a long table, in the order in which they come.

    Bounds, errors and the like come after what they are of.

    Parameters
    ----------
    sample
        The typed rows.
    columns, values
        Of them.
    """
    kind = find_kinds(columns, values)
    if kind is None:
        return
    codes, labels = values[kind].codes, values[kind].labels
    known = codes[codes >= 0]
    counts = np.bincount(known)
    full = counts >= max(MIN_ROWS, MIN_FULL * counts.max())
    found = list(dict.fromkeys(known[full[known]].tolist()))
    found.sort(key=lambda code: _BESIDE.search(split_name(labels[code])) is not None)
    for code in found[:MAX_PARTS] if len(found) > 1 else ():
        here = codes == code
        same = [c.name for c, v in zip(columns, values, strict=True) if _is_told(c, v, here)]
        rows = sample.take(from_numbers(np.flatnonzero(here))).drop_columns(same)
        level = labels[code]
        called = {c.name: level for c in columns if is_any_number(c)}
        yield Part((Held(columns[kind].name, level),), rows, called)


def _is_told(column: ColumnProfile, values: ColumnValues, rows: npt.NDArray[np.bool_]) -> bool:
    """Whether a column that varies in the table says nothing more in some rows."""
    return not column.constant and bool((values.codes[rows] == values.codes[rows][0]).all())
