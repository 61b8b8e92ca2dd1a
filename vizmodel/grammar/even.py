"""Owns the rule about groups of one size, whose counts say nothing."""

from __future__ import annotations

import math
from itertools import combinations

from vizmodel.chance import chi_squared_limit
from vizmodel.design import Design
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import ColumnProfile, Profile

#: Evenness of groups (entropy over its largest possible value) that are all of one size, and the
#: tie (Cramér's V) from which two such columns are not even when they are crossed.
ALL_EVEN, LEAST_TIE = 0.9999, 0.05
#: Rows from which groups of about one size are no accident, and the normal deviate up to which
#: they are about that: in one of five tables whose groups are drawn at even odds they differ more.
MIN_EVEN_ROWS, EVEN_DEVIATE = 30, 0.84
#: Rows of each time from which times come again, and share of steps that are even in a series.
MIN_EACH, REGULAR = 2, 0.95


def _counts_groups(design: Design, profile: Profile) -> bool:
    counted = any(e.transform == "count" for e in design.encodings)
    keys = [
        e.transform in ("category", "value") or e.time_unit is not None
        for e in design.encodings
        if e.is_key
    ]
    # A narrow table without sizes was made to be counted.
    made = profile.shaped and not any(c.is_size and c.usable for c in profile.own_columns)
    return not made and counted and bool(keys) and all(keys)


def _counts_vary(design: Design, profile: Profile) -> bool:
    """Whether groups that are counted are of different size, alone or crossed.

    Rows with names are all there are, and no sample: chance has made nothing of them. In a narrow
    table groups have to be of exactly one size.
    """
    keys = [e for e in design.encodings if e.is_key]
    uneven, steady = _uneven_columns(profile), _steady_columns(profile)
    for e in keys:
        if (e.field in uneven) if e.time_unit is None else (e.field not in steady):
            return True
    names = [str(e.field) for e in keys]
    return any(profile.pair(a, b, "cramers_v") >= LEAST_TIE for a, b in combinations(names, 2))


@once_per_profile
def _uneven_columns(profile: Profile) -> frozenset[str]:
    told = profile.named is not None or profile.shaped
    return frozenset(c.name for c in profile.columns if is_uneven(c, told))


@once_per_profile
def _steady_columns(profile: Profile) -> frozenset[str]:
    """Return the times with as many rows each: how many a month has says how many days it has."""
    return frozenset(
        column.name
        for column in profile.columns
        if column.kind == "time"
        and (
            (column.n_present >= MIN_EACH * column.n_distinct and column.entropy >= ALL_EVEN)
            or (column.n_present == column.n_distinct and column.even >= REGULAR)
        )
    )


def is_uneven(column: ColumnProfile, all_there: bool) -> bool:
    """Whether groups differ in size, in a sample by more than chance has it.

    That is a likelihood ratio test.
    """
    free = column.n_distinct - 1
    if all_there or column.n_present < MIN_EVEN_ROWS or free < 1:
        return column.entropy < ALL_EVEN
    ratio = 2.0 * column.n_present * math.log(column.n_distinct) * (1.0 - column.entropy)
    return ratio > chi_squared_limit(free, EVEN_DEVIATE)


EVEN_RULE = ChartRule(
    "counts_vary", "Counts of groups of one size say nothing.", _counts_vary, _counts_groups
)
