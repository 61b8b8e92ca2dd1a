"""Owns what columns say about each other's values: labels of the same things, units, rates.

A name alone does not tell that numbers are labels, that "value" is a rate per 100,000 people, or
that salaries are in seventeen currencies: the column beside it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, permutations
from typing import get_args

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.profile import words
from vizmodel.profile.columns import ColumnProfile, Kind, Resolution
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.ranges import are_ends

#: Fewest values of a label, and rows for each.
MIN_LABELS, MIN_ROWS_EACH = 3, 2
#: Share of its rows in which a code must have a name, and of those of the name that must have a
#: code: codes are often left out.
MIN_TOGETHER, MIN_CODED = 0.8, 0.5
#: Share of the labels that may stand for two things, or two for one: two Koreas with one code. And
#: of the rows that may be slips, where as many labels as this are told one by one.
MAX_SLIPS, MIN_TOLD = 0.02, 0.8
#: Smallest number that may be one of a register, and how far apart those of one place are.
LONG, LAST = 1_000, 0.01
#: Fewest rows that two columns name.
MIN_NAMED = 5
#: Fewest bins that follow each other by no chance.
MIN_BINS = 4
#: Most columns that are compared with each other.
MAX_COMPARED = 60
#: Mean letters of labels that are abbreviations.
MAX_SHORT = 3
#: Times of one month, and a year of the calendar, in seconds.
SAME_MONTH, SECONDS_PER_YEAR = 31 * 86_400, 365.2425 * 86_400
#: Parts of a time, the coarsest first.
_FINENESS = get_args(Resolution)
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
    spelt = {**_labels(columns, values), **_clocks(columns, values), **_pointers(columns, values)}
    spelt |= {**_bin_ends(columns, values), **_short_names(columns)}
    found = [_as_label(column, spelt.get(at)) for at, column in enumerate(columns)]
    rates, units = list(_rates(found, values)), _units(found, values)
    if not rates and not units:
        return tuple(found)
    return tuple(
        replace(
            column,
            rate=column.rate or column.name in rates,
            within=next((unit for unit in units if _tells_unit(unit, column)), None),
        )
        if column.is_size
        else column
        for column in found
    )


def _as_label(column: ColumnProfile, evidence: str | None) -> ColumnProfile:
    return column if evidence is None else replace(column, semantic="identifier", evidence=evidence)


def _labels(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> dict[int, str]:
    """Return the columns that stand for another's values one by one, each with the evidence."""
    named = [at for at, c in enumerate(columns[:MAX_COMPARED]) if _repeats(c) and _is_named(c)]
    codes = {at for at in named if _are_codes(columns[at], values[at])}
    found: dict[int, str] = {}
    for at, column in enumerate(columns[:MAX_COMPARED]):
        if column.told or not _repeats(column) or column.is_time:
            continue
        for other in named:
            if other == at or other in found:
                continue
            may = _may_stand(at, other, columns, codes) or (
                other < at and _are_spelt_alike(values[at], values[other])
            )
            traits = at in codes and _is_trait(
                columns[at], columns[other], values[at], values[other]
            )
            if may and not traits and _one_to_one(values[at], values[other]):
                found[at] = f"stands for what “{columns[other].name}” names"
                break
    return found


def _short_names(columns: Sequence[ColumnProfile]) -> dict[int, str]:
    """Return texts of two or three letters each that stand beside the names of the rows."""
    texts = [
        (at, c)
        for at, c in enumerate(columns[:MAX_COMPARED])
        if c.kind == "text" and c.n_distinct == c.n_rows >= MIN_NAMED and c.told is None
    ]
    long = [c.name for _, c in texts if c.label_mean_length > MAX_SHORT + 1]
    short = [at for at, c in texts if c.label_mean_length == c.label_max_length <= MAX_SHORT]
    return {at: f"stands for what “{long[0]}” names" for at in short if long}


def _is_trait(
    code: ColumnProfile, named: ColumnProfile, codes: ColumnValues, names: ColumnValues
) -> bool:
    """Whether codes are something else than short forms: the parties of candidates, say.

    Neither name says that they are, and few have the letters of what they stand beside, in order.
    """
    called = [words.split_name(column.name) for column in (code, named)]
    shared = set(called[0].split()) & set(called[1].split())
    if shared or named.kind != "text" or words.SHORT_NAME.search(called[0]):
        return False
    found, rows = np.unique(codes.codes, return_index=True)
    known = [
        (codes.labels[c], names.codes[row]) for c, row in zip(found, rows, strict=True) if c >= 0
    ]
    spelt = [_is_spelt_from(code, names.labels[at]) for code, at in known if at >= 0]
    return 2 * sum(spelt) < len(spelt)


def _is_spelt_from(code: str, name: str) -> bool:
    """Whether the letters of a code come in a name, in order.

    Examples
    --------
    >>> _is_spelt_from("NOR", "Norway"), _is_spelt_from("DEM", "Joe Biden")
    (True, False)
    """
    letters = iter(name.lower())
    return all(letter in letters for letter in code.lower() if letter.isalpha())


def _are_spelt_alike(one: ColumnValues, other: ColumnValues) -> bool:
    """Whether most labels of a column are those of another."""
    return 2 * len(set(one.labels) & set(other.labels)) > max(len(one.labels), len(other.labels))


def _is_named(column: ColumnProfile) -> bool:
    """Whether values can be read: texts, and times."""
    return column.kind in ("text", "time")


def _may_stand(
    at: int, other: int, columns: Sequence[ColumnProfile], codes: Collection[int]
) -> bool:
    """Whether a column would say less than another, were they one to one.

    Codes stand for words, and numbers for either; of two in words the second, or the stranger.
    """
    column, target = columns[at], columns[other]
    if _may_number(column):
        return True
    if column.kind != "text" or other in codes:
        return False
    if target.kind == "time":
        return column.semantic in ("ordinal", "month")
    return at in codes or _says_less((column, at), (target, other))


def _says_less(one: tuple[ColumnProfile, int], other: tuple[ColumnProfile, int]) -> bool:
    """Whether of two columns of words the first is another name for the second: its names say so.

    The mayor of a city is no other name for it.
    """
    names = [words.split_name(column.name) for column, _ in (one, other)]
    called = any(words.SHORT_NAME.search(name) for name in names)
    shared = set(names[0].split()) & set(names[1].split()) - {"name", "label", "title"}
    return bool(called or shared) and _strangeness(*one) > _strangeness(*other)


def _strangeness(column: ColumnProfile, place: int) -> tuple[bool, bool, bool, int]:
    """Return what makes a column the worse one to show: no order, odd name, few letters, place."""
    short = words.SHORT_NAME.search(words.split_name(column.name)) is not None
    plain = column.semantic in ("category", "text")
    return plain, short, column.label_mean_length <= MAX_SHORT, place


def _clocks(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> dict[int, str]:
    """Return the times that tell the same as another, row by row: years of dates, months of days.

    The finer one is kept, of two that are as fine the one called a date, or the first.
    """
    clocks = [at for at, c in enumerate(columns[:MAX_COMPARED]) if c.is_time and not c.constant]
    found: dict[int, str] = {}
    for one, other in combinations(clocks, 2):
        better, worse = sorted((one, other), key=lambda at: _coarseness(columns[at]))
        known = {one, other} & found.keys() or columns[worse].told
        apart = are_ends(columns[one].name, columns[other].name)
        if not (known or apart) and _same_clock(
            values[worse], values[better], columns[worse].kind, columns[better].kind
        ):
            found[worse] = f"tells the same times as “{columns[better].name}”"
    return found


def _coarseness(column: ColumnProfile) -> tuple[bool, int, bool]:
    """Return what makes a time the worse one to show: a mere number, few parts, another name."""
    fine = -1 if column.resolution is None else _FINENESS.index(column.resolution)
    named = words.DATE_NAME.search(words.split_name(column.name)) is not None
    return column.kind != "time", -fine, not named


def _same_clock(worse: ColumnValues, better: ColumnValues, kind: Kind, over: Kind) -> bool:
    """Whether two columns of times have the same order, and differ by at most a usual step.

    Years as numbers are told apart by themselves, and begin where times of their year do.
    """
    if worse.n_distinct != better.n_distinct or not np.array_equal(worse.codes, better.codes):
        return False
    if kind == over == "number":
        return bool(np.array_equal(worse.sizes, better.sizes, equal_nan=True))
    if kind != "time":
        years = better.sizes / SECONDS_PER_YEAR + 1970
        return bool(np.nanmax(np.abs(np.floor(years + 0.01) - worse.sizes)) == 0)
    step = float(np.median(np.diff(np.unique(worse.sizes[np.isfinite(worse.sizes)]))))
    return bool(np.nanmax(np.abs(better.sizes - worse.sizes)) <= min(step, SAME_MONTH))


def _pointers(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> dict[int, str]:
    """Return the numbers that name other rows, such as a parent."""
    rows = [at for at, c in enumerate(columns[:MAX_COMPARED]) if c.identifier and c.integer]
    found: dict[int, str] = {}
    for at, column in enumerate(columns[:MAX_COMPARED] if rows else ()):
        called = words.POINTER_NAME.search(words.split_name(column.name))
        if called is None or column.told or not column.integer or column.rate:
            continue
        for row in rows:
            if row != at and _lie_within(values[at], values[row]):
                found[at] = f"names rows by their “{columns[row].name}”"
    return found


def _bin_ends(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> dict[int, str]:
    """Return the numbers at which bins end, where the next begins in each row."""

    def counts(at: int) -> bool:
        return bool((np.diff(values[at].sizes) == 1).all())

    rising = [
        at
        for at, c in enumerate(columns[:MAX_COMPARED])
        if c.kind == "number" and c.monotonic == 1.0 and c.n_distinct == c.n_rows >= MIN_BINS
    ]
    return {
        end: f"ends where the next “{columns[start].name}” begins"
        for start, end in permutations(rising, 2)
        if np.array_equal(values[end].sizes[:-1], values[start].sizes[1:])
        # One may count the rows from nought, and the other from one.
        and (not counts(start) or are_ends(columns[start].name, columns[end].name))
    }


def _lie_within(some: ColumnValues, other: ColumnValues) -> bool:
    if some.numbers is None or other.numbers is None:
        return False
    told = some.numbers[np.isfinite(some.numbers) & (some.numbers != 0)]  # nought is nobody
    return bool(len(told) and np.isin(told, other.numbers).all())


def _repeats(column: ColumnProfile) -> bool:
    several = column.n_present >= MIN_ROWS_EACH * column.n_distinct
    return column.n_distinct >= MIN_LABELS and several and column.semantic != "identifier"


def _may_number(column: ColumnProfile) -> bool:
    """Whether whole numbers are called numbers of something, or are one, two, three and so on."""
    if column.kind != "number" or not column.integer:
        return False
    if column.semantic not in ("measure", "sequence"):
        return column.semantic == "category"
    unbroken = column.minimum in (0, 1) and (
        column.maximum - column.minimum + 1 == column.n_distinct
    )
    named = words.LABEL_NAME.search(words.split_name(column.name)) is not None
    return unbroken or named or _are_of_one_length(column)


def _are_of_one_length(column: ColumnProfile) -> bool:
    """Whether long numbers differ in their last digits only, as those of a register do."""
    return column.minimum >= LONG and column.maximum - column.minimum <= LAST * column.minimum


def _are_codes(column: ColumnProfile, values: ColumnValues) -> bool:
    """Whether texts are codes; what counts up, such as 10-19, is none."""
    numbered = words.SHORT_NAME.search(words.split_name(column.name)) is not None
    stepped = column.semantic in ("weekday", "month") or (
        column.semantic == "ordinal" and not numbered
    )
    if column.kind != "text" or stepped:
        return False
    return all(words.CODE_LABEL.fullmatch(label.strip()) for label in values.labels)


def _one_to_one(worse: ColumnValues, better: ColumnValues) -> bool:
    """Whether each value of one goes with one of the other, and the reverse; but for slips."""
    fewest, most = sorted((worse.n_distinct, better.n_distinct))
    if fewest < MIN_TOLD * most:
        return False  # of too many labels none is told by one of the others
    coded, named = worse.codes >= 0, better.codes >= 0
    both = coded & named
    if both.sum() < max(MIN_TOGETHER * coded.sum(), MIN_CODED * named.sum()):
        return False
    size = better.n_distinct + 1
    pairs, rows = np.unique(worse.codes[both] * size + better.codes[both], return_counts=True)
    if max(most, len(pairs)) <= (1 + MAX_SLIPS) * fewest:
        return True
    if len(pairs) - fewest > MAX_SLIPS * rows.sum():
        return False  # each pair of too many is a slip
    # A wrong code here and there makes many pairs of few rows.
    told = _best(pairs // size, rows) & _best(pairs % size, rows)
    slips = rows[~told].sum()
    return bool(slips <= MAX_SLIPS * rows.sum() and told.sum() >= max(MIN_LABELS, MIN_TOLD * most))


def _best(codes: Codes, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which pairs have the most rows of all those of one code; the first of equals."""
    order = np.lexsort((-rows, codes))
    found = np.zeros(len(codes), dtype=bool)
    found[order] = np.diff(codes[order], prepend=-1) != 0
    return found


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
    if own or words.MONEY_WORD.search(name) or words.PERCENT_NAME.search(column.name):
        return False
    named = frozenset(about.split()) - _IN_WORDS
    if named:
        return named <= frozenset(name.split())
    if words.VALUE_NAME.fullmatch(name):
        return True
    return column.semantic == "currency" and "unit" not in called
