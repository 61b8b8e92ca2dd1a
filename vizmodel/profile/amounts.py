"""Owns which numbers are amounts, which add up: their names say so, or how far they are apart."""

from __future__ import annotations

from vizmodel.profile import words
from vizmodel.profile.columns import ColumnProfile

#: Spread (deviation over mean) and values from which whole numbers of any name pass as amounts.
MIN_AMOUNT_SPREAD, MIN_AMOUNTS = 1.0, 13


def is_amount(column: ColumnProfile) -> bool:
    """Whether the name says amounts, or whole numbers are far apart as counts are."""
    name = words.split_name(column.name)
    if column.rate or words.WORTH_NAME.search(name):
        return False
    if is_named_amount(column):
        return True
    if words.DURATION_NAME.search(name) or words.NUMBERED_NAME.match(name):
        return False
    return is_spread_as_counts(column)


def is_spread_as_counts(column: ColumnProfile) -> bool:
    """Whether whole numbers are far apart, as counts are and grades are not."""
    spread = bool(column.std >= MIN_AMOUNT_SPREAD * abs(column.mean))
    return column.integer and spread and column.n_distinct >= MIN_AMOUNTS


def is_named_amount(column: ColumnProfile) -> bool:
    """Whether the name says amounts; the lucky number, or that of a house, is none."""
    name = words.split_name(column.name)
    if column.semantic == "currency" or column.adds_up:
        return True
    said = words.AMOUNT_NAME.search(name) or words.COUNTED_NAME.search(name)
    return said is not None and not words.NUMBERED_NAME.match(name)


def is_flow(column: ColumnProfile) -> bool:
    """Whether each event in time brings or takes so much: rain, a distance, energy, minutes."""
    name = words.split_name(column.name)
    said = column.additive and words.FLOW_NAME.search(name)
    return bool(said) and not words.NO_FLOW_NAME.search(name)
