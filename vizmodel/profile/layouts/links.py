"""Owns tables of links: numbers that say which thing each row goes from and to, or comes from.

Edges of a network, trips between stations, children of a sire and a dam: such numbers name things,
of which it is counted how often each comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import POINTER_NAME, split_name

#: What the two ends of a link are called: where it starts, and where it ends.
_ENDS = (
    ("source|src", "target|tgt|destination|dest|dst|sink"),
    ("sender|payer", "receiver|recipient|payee"),
    ("follower", "followee|followed|following"),
    ("citing", "cited"),
    ("origin", "destination|dest"),
    ("node ?[1a]|vertex ?[1a]|person ?[1a]", "node ?[2b]|vertex ?[2b]|person ?[2b]"),
    ("from ?(node|station|stop|user|account|zone)", "to ?(node|station|stop|user|account|zone)"),
)
#: The same of words that ranges have as well, where the first is never the larger one.
_ENDS_OR_RANGE = (("from", "to"), ("von", "nach"), ("desde", "hasta"), ("da", "a"), ("van", "naar"))
_THING = r"( ?(node|id|nr|no|number|user|account|station|stop|zone|author|paper))*"
#: Any end: few tables have two.
_ANY_END = late_pattern(
    rf"({'|'.join(words for ends in (*_ENDS, *_ENDS_OR_RANGE) for words in ends)}){_THING}"
)
#: Share of links that go the other way at least.
MIN_BACK = 0.1


def with_links(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take the numbers of things that are linked for names; parents where nothing else is told.

    Parameters
    ----------
    columns, values
        Of the sample.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> edges = {"source": [1, 2, 3, 7, 7, 1] * 9, "target": [2, 3, 9, 1, 2, 3] * 9}
    >>> profile_table(pa.table(edges)).column("source").evidence
    'numbers where a link starts'
    """
    found = list(columns)
    for start, end in _linked(columns, values):
        for at, said in ((start, "starts"), (end, "ends")):
            why = f"numbers where a link {said}"
            found[at] = replace(columns[at], semantic="category", evidence=why)
    if not any(column.usable for column in found):
        found = [_as_parent(column) for column in found]
    return tuple(found)


def _linked(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[tuple[int, int]]:
    """Yield the places of numbers that are the two ends of links."""
    named = {split_name(c.name): at for at, c in enumerate(columns) if _may_number(c)}
    numbers = {name: at for name, at in named.items() if _ANY_END.fullmatch(name)}
    if len(numbers) < 2:
        return
    for pairs, ranges in ((_ENDS, False), (_ENDS_OR_RANGE, True)):
        for first, second in pairs:
            starts, ends = _called(first, numbers), _called(second, numbers)
            if not len(starts) == len(ends) == 1 or starts == ends:
                continue
            if not ranges or _go_both_ways(values[starts[0]], values[ends[0]]):
                yield starts[0], ends[0]


def _called(words: str, numbers: dict[str, int]) -> list[int]:
    pattern = late_pattern(rf"({words}){_THING}")
    return [at for name, at in numbers.items() if pattern.fullmatch(name)]


def _may_number(column: ColumnProfile) -> bool:
    """Whether whole numbers may be those of things."""
    return column.kind == "number" and column.integer and column.minimum >= 0 and not column.told


def _go_both_ways(starts: ColumnValues, ends: ColumnValues) -> bool:
    both = np.isfinite(starts.sizes) & np.isfinite(ends.sizes)
    back = starts.sizes[both] > ends.sizes[both]
    return bool(len(back)) and MIN_BACK <= float(back.mean()) <= 1 - MIN_BACK


def _as_parent(column: ColumnProfile) -> ColumnProfile:
    """Return a column that names other rows, some of them again and again, as groups of rows."""
    if not (POINTER_NAME.search(split_name(column.name)) and column.comes_again):
        return column
    return replace(column, semantic="category", evidence="says which row each one comes from")
