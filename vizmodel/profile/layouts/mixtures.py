"""Owns which numbers are several quantities, and which column says of each row what it is.

A long table holds cholesterol and blood pressure in one column `value`, counts and percentages in
one column `score`. No summary over them means anything; the column beside tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import n_joint
from vizmodel.profile.words import split_name

#: Names of numbers that only another column tells the meaning of.
_ANY_NUMBER = late_pattern(
    r"((obs|data|test|lab|raw|measured|observed|observation) )?(values?|results?|readings?"
    r"|measurements?|scores?|estimates?|figures?|amounts?|statistics?|quantity|numbers?|response|moe)"
    r"( num(eric)?)?"
)
#: Names of columns that say what was measured; and those that also name parts of one sum.
_QUANTITY = late_pattern(
    r"\b(tests?|param(eter)?s?|analytes?|assays?|variables?|var|measures?|metrics?|indicators?"
    r"|series|statistics?|stats?|attributes?|property|properties|quantity|quantities|measurements?)"
    r"( (name|id|code|abbr\w*|label|type))?$"
)
_KIND = late_pattern(r"\b(types?|kinds?|categor(y|ies)|elements?|figures?|estimates?)$")
#: Levels that are figures of different sorts.
_FIGURE = late_pattern(
    r"\b(denominators?|numerators?|observed|expected|percent(age)?|pct|rate|ratio|count|mean|median"
    r"|sd|std|se|variance|minimum|maximum|min|max|total|sum|lower|upper|moe|population|n"
    r"|values?|prices?|index)\b|%",
    re.IGNORECASE,
)
#: Names of years, as the World Bank writes them, too; fewest of them.
_A_YEAR, MIN_YEARS = late_pattern(r"(?:1[89]|20)\d\d(?: \[YR\d{4}\])?"), 3
#: How many times the middle of one quantity is that of another, and rows that show each.
OTHER_SIZE, MIN_ROWS = 10.0, 5
#: Most quantities, each of which has a panel to itself, and those of which some are looked at.
MAX_KINDS, MAX_MEASURES = 12, 100
#: Share of the levels that are figures of sorts.
MOST = 0.6


def with_mixtures(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Let numbers that are several quantities know the column that tells which.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> tests = {"weight": 70.0, "height": 1.7, "pulse": 64.0}
    >>> rows = [(test, mean + i / 100) for i in range(20) for test, mean in tests.items()]
    >>> table = {"test": [test for test, _ in rows], "value": [size for _, size in rows]}
    >>> profile_table(pa.table(table)).column("value").within
    'test'
    """
    found = list(columns)
    years = _years(columns)
    numbers = [[at] for at, column in enumerate(columns) if is_any_number(column)]
    for places in [*numbers, *([years] if years else [])]:
        sizes = np.concatenate([values[at].sizes for at in places])
        kinds = [columns[at].name for at in _kinds_of(sizes, columns, values, MAX_KINDS)]
        for at in places if kinds else ():
            found[at] = replace(found[at], within=found[at].within or kinds[0])
    return tuple(found)


def _years(columns: Sequence[ColumnProfile]) -> list[int]:
    """Return the places of years that stand side by side, whatever was measured in them."""
    found = [at for at, c in enumerate(columns) if c.is_size and _A_YEAR.fullmatch(c.name)]
    return found if len(found) >= MIN_YEARS else []


def is_any_number(column: ColumnProfile) -> bool:
    """Whether only another column tells what numbers are: they are called "value", say.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> sizes = [0.5, 1.5, 4.0, 2.5]
    >>> profile = profile_table(pa.table({"obs_value": sizes, "price": sizes}))
    >>> [is_any_number(column) for column in profile.columns]
    [True, False]
    """
    return column.is_size and _ANY_NUMBER.fullmatch(split_name(column.name)) is not None


def find_kinds(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> int | None:
    """Return the place of the column whose levels are the quantities that a long table holds.

    Of two that tell the same, such as an indicator and its unit, it is the one that is called so.

    Parameters
    ----------
    columns
        With what `with_mixtures` and units beside them tell.
    values
        Of the sample.
    """
    # Where years stand side by side, each quantity has a panel beside the others.
    if _years(columns):
        return None
    # Pay in several currencies is one column of many, which has no say about the others.
    free = any(c.is_size and c.semantic != "sequence" and not c.within for c in columns)
    told = {c.within for c in columns if c.within and not (free and not is_any_number(c))}
    units = [at for at, c in enumerate(columns) if c.name in told and not _may_tell_kinds(c)]
    sizes = [at for at, c in enumerate(columns) if is_any_number(c)]
    # A mean and a median of one thing belong into one chart.
    kinds = units + [
        kind
        for at in sizes
        for kind in _kinds_of(values[at].sizes, columns, values, MAX_MEASURES)
        if _are_of_other_size(values[at].sizes, values[kind])
    ]
    named = [
        at
        for at, column in enumerate(columns)
        if column.kind == "text"
        and column.n_distinct <= MAX_MEASURES
        and _QUANTITY.search(split_name(column.name))
        and any(_determines(values[at], values[kind]) for kind in units or kinds)
    ]
    return next(iter([*named, *kinds]), None)


def _may_tell_kinds(column: ColumnProfile) -> bool:
    name = split_name(column.name)
    return bool(_QUANTITY.search(name) or _KIND.search(name))


def _determines(kinds: ColumnValues, other: ColumnValues) -> bool:
    return n_joint([kinds.codes, other.codes]) == n_joint([kinds.codes])


def _kinds_of(
    sizes: Floats, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], most: int
) -> Iterator[int]:
    """Yield the columns whose levels are quantities of other sizes, or figures of other sorts."""
    for kind, column in enumerate(columns):
        if column.kind != "text" or not 2 <= column.n_distinct <= most:
            continue
        if not _may_tell_kinds(column):
            continue
        named = _QUANTITY.search(split_name(column.name)) is not None
        labels = values[kind].labels
        sorts = sum(_FIGURE.search(split_name(label)) is not None for label in labels)
        apart = named and _are_of_other_size(sizes, values[kind])
        if apart or sorts >= MOST * len(labels):
            yield kind


def _are_of_other_size(sizes: Floats, kinds: ColumnValues) -> bool:
    """Whether what one kind has in the middle is far beyond most that another has.

    Sizes are those of one column, or of several one after the other.
    """
    codes = np.tile(kinds.codes, len(sizes) // max(len(kinds.codes), 1))
    parts = [sizes[codes == code] for code in range(kinds.n_distinct)]
    parts = [np.abs(part[np.isfinite(part)]) for part in parts]
    parts = [part for part in parts if len(part) >= MIN_ROWS]
    if len(parts) < 2:
        return False
    middle = [float(np.median(part)) for part in parts]
    low, high = parts[int(np.argmin(middle))], max(middle)
    return high > OTHER_SIZE * float(np.quantile(low, 0.9))
