"""Owns when the nameless index of a few rows only counts them, so that nothing is drawn by it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vizmodel.profile.columns import ColumnProfile

#: Fewest other columns: the values of one alone are drawn in the order of their rows.
MIN_BESIDE = 2


def with_row_numbers(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Take an index that counts the rows of a table for mere names, however few they are.

    One that curves run along stays. Numbers that head columns as well are the sides of a square,
    such as a table of moves from one class to another: there a row is one of them.

    Parameters
    ----------
    columns
        As guessed column by column.

    Examples
    --------
    >>> index = ColumnProfile("Unnamed: 0", 0, "number", "category", "", 3, 3, 3, minimum=1,
    ...     maximum=3, integer=True, monotonic=1.0)
    >>> size, price = (ColumnProfile(n, 1, "number", "measure", "", 3, 3, 3) for n in ("m", "p"))
    >>> [c.identifier for found in ([index, size, price], [index, size])
    ...     for c in with_row_numbers(found)][::3]
    [True, False]
    """
    numbered = sum(column.name.isdecimal() for column in columns) >= MIN_BESIDE
    if numbered or len(columns) <= MIN_BESIDE:
        return tuple(columns)
    return tuple(
        replace(column, semantic="identifier", evidence="counts the rows, and has no name")
        if column.numbers_rows and _counts(column)
        else column
        for column in columns
    )


def _counts(column: ColumnProfile) -> bool:
    if column.semantic == "sequence":
        return False  # what the others run along
    one_by_one = column.maximum - column.minimum == column.n_rows - 1
    in_order = column.monotonic == 1.0 and column.n_distinct == column.n_rows
    return one_by_one and in_order and column.minimum in (0, 1) and column.told is None
