"""Owns what columns say about each other's values: labels of the same things, units, rates.

A name alone does not tell that numbers are labels, that "value" is a rate per 100,000 people, or
that salaries are in seventeen currencies: the column beside it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from vizmodel.profile import words
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.values import ColumnValues

#: Fewest values of a label, rows for each, and share of the rows that have both it and its like.
MIN_LABELS, MIN_ROWS_EACH, MIN_TOGETHER = 3, 2, 0.95
#: Share of the labels that may stand for two things, or two for one: two Koreas with one code.
MAX_SLIPS = 0.02
#: Most columns that are compared with each other.
MAX_COMPARED = 60
#: What a unit may be called beside the thing that is measured.
_IN_WORDS = frozenset(("in", "of", "the", "measure", "code", "name"))


def with_companions(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take into account what the other columns of a table say of each.

    Parameters
    ----------
    columns, values
        Of the sample, as guessed column by column.

    Returns
    -------
    tuple of ColumnProfile
        Numbers and codes that only spell what another column names are identifiers; numbers know
        whether they are rates, and the column that tells their units where these are several.
    """
    spelt = _labels(columns, values)
    found = [_as_label(column, spelt.get(at)) for at, column in enumerate(columns)]
    rates, units = list(_rates(found, values)), _units(found, values)
    return tuple(
        replace(
            column,
            rate=column.rate or column.name in rates,
            within=next((unit for unit in units if _tells_unit(unit, column)), None),
        )
        if _is_number(column)
        else column
        for column in found
    )


def _is_number(column: ColumnProfile) -> bool:
    meant = ("measure", "currency", "percent", "sequence")
    return column.kind == "number" and column.semantic in meant


def _as_label(column: ColumnProfile, spelt: str | None) -> ColumnProfile:
    if spelt is None:
        return column
    return replace(column, semantic="identifier", evidence=f"stands for what “{spelt}” names")


def _labels(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> dict[int, str]:
    """Return the columns that stand for another's texts one by one, each with its name."""
    texts = [at for at, c in enumerate(columns[:MAX_COMPARED]) if _repeats(c) and c.kind == "text"]
    codes = {at for at in texts if _are_codes(values[at])}
    found: dict[int, str] = {}
    for at, column in enumerate(columns[:MAX_COMPARED]):
        if column.told or not _repeats(column) or not (at in codes or _may_number(column)):
            continue
        for text in texts:
            # Codes stand for words; numbers stand for either.
            readable = text not in codes or column.kind == "number"
            if text != at and readable and _one_to_one(values[at], values[text]):
                found[at] = columns[text].name
                break
    return found


def _repeats(column: ColumnProfile) -> bool:
    several = column.n_present >= MIN_ROWS_EACH * column.n_distinct
    return column.n_distinct >= MIN_LABELS and several and column.semantic != "identifier"


def _may_number(column: ColumnProfile) -> bool:
    """Whether whole numbers are called numbers of something, or are one, two, three and so on."""
    if column.kind != "number" or not column.integer or column.semantic != "measure":
        return False
    unbroken = column.minimum in (0, 1) and (
        column.maximum - column.minimum + 1 == column.n_distinct
    )
    return unbroken or words.LABEL_NAME.search(words.split_name(column.name)) is not None


def _are_codes(values: ColumnValues) -> bool:
    return all(words.CODE_LABEL.fullmatch(label.strip()) for label in values.labels)


def _one_to_one(first: ColumnValues, second: ColumnValues) -> bool:
    """Whether each value of one goes with one of the other, and the reverse; but for slips."""
    fewest, most = sorted((first.n_distinct, second.n_distinct))
    if most > (1 + MAX_SLIPS) * fewest:
        return False
    one, other = first.codes >= 0, second.codes >= 0
    both = one & other
    if both.sum() < MIN_TOGETHER * max(one.sum(), other.sum()):
        return False
    pairs = np.unique(first.codes[both] * (second.n_distinct + 1) + second.codes[both])
    return len(pairs) <= (1 + MAX_SLIPS) * fewest


def _rates(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> Iterator[str]:
    """Yield the names of numbers that other columns call rates, shares, indices or means."""
    told = any(
        words.RATE_TEXT.search(label)
        for at, column in enumerate(columns)
        if column.kind == "text" and words.ABOUT_NAME.search(words.split_name(column.name))
        for label in values[at].labels
    )
    for column in columns:
        if told and words.VALUE_NAME.fullmatch(words.split_name(column.name)):
            yield column.name


def _units(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> list[str]:
    """Return the names of the columns that tell several units or currencies."""
    return [
        column.name
        for at, column in enumerate(columns)
        if column.kind == "text"
        and column.n_distinct > 1
        and (_are_units(column.name, values[at].labels) or _are_currencies(values[at].labels))
    ]


def _are_units(name: str, labels: Sequence[str]) -> bool:
    """Whether a column is called units and holds some: a unit may be a flat, or a department."""
    said = words.UNIT_NAME.search(words.split_name(name))
    known = sum(words.UNIT_TEXT.search(label) is not None for label in labels)
    return said is not None and 2 * known >= len(labels)


def _are_currencies(labels: Sequence[str]) -> bool:
    three = all(words.CURRENCY_CODE.fullmatch(label.strip()) for label in labels)
    return three and not words.COMMON_CURRENCIES.isdisjoint(label.strip() for label in labels)


def _tells_unit(unit: str, column: ColumnProfile) -> bool:
    """Whether a column of units is about some numbers: about those it is named after, or money."""
    name, called = words.split_name(column.name), words.split_name(unit)
    about = words.UNIT_NAME.sub(" ", called) if words.UNIT_NAME.search(called) else ""
    own = {word.upper() for word in name.split()} & words.COMMON_CURRENCIES
    if own or words.PERCENT_NAME.search(column.name):
        return False
    named = frozenset(about.split()) - _IN_WORDS
    if named:
        return named <= frozenset(name.split())
    if words.VALUE_NAME.fullmatch(name):
        return True
    return column.semantic == "currency" and "unit" not in called
