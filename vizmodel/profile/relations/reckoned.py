"""Owns which money is in several currencies beside the same in one: a salary, and in dollars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.words import MONEY_WORD, split_name


def find_reckoned(columns: Sequence[ColumnProfile]) -> frozenset[tuple[str, str]]:
    """Return the names of money in several currencies, each with the same in one.

    Parameters
    ----------
    columns
        Of the table, as `with_companions` tells which are in several.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> paid = {"salary": [9.5, 8.0, 7.5] * 9, "currency": ["USD", "EUR", "GBP"] * 9}
    >>> profile = profile_table(pa.table(paid | {"salary_in_usd": [9.5, 8.9, 9.9] * 9}))
    >>> find_reckoned(profile.columns)
    frozenset({('salary', 'salary_in_usd')})
    """
    sizes = [column for column in columns if column.is_size]
    local = [column for column in sizes if column.within and column.semantic == "currency"]
    others = [column for column in sizes if not column.within and _is_money(column)]
    return frozenset(
        (one.name, other.name) for one, other in product(local, others) if _akin(one, other)
    )


def _is_money(column: ColumnProfile) -> bool:
    """Whether numbers are money: nights that are paid for are none."""
    named = MONEY_WORD.search(split_name(column.name)) is not None
    return column.semantic == "currency" or named


def _akin(one: ColumnProfile, other: ColumnProfile) -> bool:
    """Whether two columns are of one thing: they share a word."""
    return not {*split_name(one.name).split()}.isdisjoint(split_name(other.name).split())
