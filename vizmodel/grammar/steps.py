"""Owns which numbers are steps of a scale: they follow each other, and none is far from the next.

Counts of each number of heads, or of each bin of a histogram that somebody worked out before, are
drawn as bars side by side, however many steps there are; so are the years of a heat map.
"""

from __future__ import annotations

from vizmodel.design import Channel, Mark
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import ColumnProfile, Profile

#: Most steps that have a bar, or a row of cells, of their own.
MAX_STEPS = 120
#: Whole numbers of their span for each of them, where few are left out.
MAX_LEFT_OUT = 1.5
#: Fewest numbers of which it tells something that they are even.
MIN_EVEN = 3
#: Shares of `ColumnProfile.quantiles`, and how far these may be from the places of even steps, as
#: a share of the span.
_SHARES, _SLACK = (0.05, 0.25, 0.5, 0.75, 0.95), 0.01


def are_steps(column: ColumnProfile) -> bool:
    """Whether numbers count on with few left out, or follow each other at even distances.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"at": [0.5, 1.0, 1.5, 2.0], "age": [3.5, 0.2, 9.1, 4.0]}))
    >>> [are_steps(column) for column in profile.columns]
    [True, False]
    """
    if column.kind != "number" or column.n_distinct < 2:
        return False
    if counts_on(column):
        return True
    span = column.maximum - column.minimum
    if (
        column.n_distinct < MIN_EVEN
        or column.monotonic != 1.0
        or column.n_distinct != column.n_present
    ):
        return False
    places = (column.minimum + share * span for share in _SHARES)
    pairs = zip(column.quantiles, places, strict=True)
    return all(abs(found - place) <= _SLACK * span for found, place in pairs)


def counts_on(column: ColumnProfile) -> bool:
    """Whether numbers are whole and few between the least and the largest are missing."""
    span = column.maximum - column.minimum + 1
    return column.integer and span <= MAX_LEFT_OUT * column.n_distinct


def may_be_long(mark: Mark, channel: Channel, column: ColumnProfile) -> bool:
    """Whether a channel has a place for each step of a column that other groups had none for."""
    places = {"bar": ("x",), "rect": ("x", "y")}.get(mark, ())
    return channel in places and column.n_distinct <= MAX_STEPS and are_steps(column)


@once_per_profile
def single_steps(profile: Profile) -> frozenset[str]:
    """Return the columns of a narrow table that have one row for each step of a scale."""
    rows = (c for c in profile.own_columns if profile.shaped and c.n_distinct == profile.n_rows)
    return frozenset(c.name for c in rows if are_steps(c) and not c.numbers_rows)
