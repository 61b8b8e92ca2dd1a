"""Owns which columns are like each other by what the table is, where no name of theirs says it.

They are all the numbers of rows that have names, parts that add up, series beside a time, wells of
a plate, what is left of each cohort.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.axes import ROWS
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.common_ends import shared_ends
from vizmodel.profile.layouts.crossed import MEASURES, Crossed
from vizmodel.profile.layouts.header_words import words_of
from vizmodel.profile.layouts.headers import (
    SUMMARIES,
    Header,
    counts_from_start,
    headings,
)
from vizmodel.profile.layouts.one_measure import MIN_SERIES, are_alike
from vizmodel.profile.layouts.piles import runs
from vizmodel.profile.layouts.ratings import rating_items
from vizmodel.profile.layouts.records import holds_records
from vizmodel.profile.layouts.scores import score_headers
from vizmodel.profile.relations.akin import are_akin
from vizmodel.profile.relations.ranges import Range, lies_between
from vizmodel.profile.words import AMOUNT_NAME, INTENSIVE_NAME, split_name

#: Fewest columns that are worth gathering.
MIN_MEMBERS = 3
#: Overlap of the ranges of two series of akin names.
SERIES_SCALE = 0.3
#: Most columns that together name a row of a table whose parts of a whole are gathered, and most
#: that shares come to.
MAX_NAMES, WHOLE = 2, 101.0
#: A name that says what a series is: no letter alone, and no number behind a letter.
SERIES_NAME = late_pattern(r"(?=.{2})(?!.*\d)[^\W_].*")
#: What is quoted in another currency, such as BTC-USD.
QUOTED_NAME = re.compile(r"[A-Z]{2,6}[-/_]?(USDT?|EUR|GBP|JPY|CHF|BTC)(=X)?")
#: A well of a plate, by its row and column.
WELL_NAME = late_pattern(r"[A-P]0?([1-9]|1\d|2[0-4])")
#: A name that ends in a number, which counts on from those of other columns.
COUNTED_NAME = late_pattern(r"(.*[^\W\d_][^\d]*?)(\d{1,2})")
#: Names that end in the number of a place; fewest places that are in an order, and most of how far
#: apart any two are that neighbours may be.
PLACED_NAME = late_pattern(r"(.*?)(\d{1,4})")
MIN_PLACES, MAX_STEP = 10, 0.4
#: What is said of numbers that are others but for a correction.
ADJUSTED = late_pattern(r"\badj(usted)?\b")
#: What the numbers of rows are called where somebody wrote them out with the table.
ROW_NUMBER = late_pattern(r"unnamed: ?\d+|row[._ ]?(names?|numbers?|nr)?|index|", re.IGNORECASE)
#: Least share of the numbers of a table that are gathered where no header says so.
MIN_SHARE_OF_NUMBERS = 0.6


def series_headers(
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    ranges: Sequence[Range],
    parts: Sequence[frozenset[str]],
    crossed: Sequence[Crossed],
) -> list[Header]:
    """Return the groups of columns that their names, or what else is known of them, put together.

    Parameters
    ----------
    columns
        Of the table.
    numbers
        Those that may be gathered.
    keys, ranges, parts, crossed
        As `find_folds` takes them.
    """
    measures = [c for c in numbers if c.semantic != "year"]
    if follow_rows(columns):
        # Walks and simulations, each in a column, whatever they are numbered by.
        names = frozenset(c.name for c in measures if c.name != ROWS)
        return [Header(names, "series", "value", evidence="none")]
    named = _naming(columns, keys)
    series = [c for c in measures if not SUMMARIES.search(split_name(c.name))]
    groups = [*_all_numbers(measures, series, named), *_whole(columns, numbers, keys, parts)]
    if named and counts_from_start([c.name for c in measures]):
        # Of each cohort a column says what was left after so many months.
        names = frozenset(c.name for c in measures)
        groups.append(Header(names, "period", "value", "integer", evidence="time"))
    # What is called prices or variables are several measures.
    single = (one for one in crossed if one.measure is None and not MEASURES.fullmatch(one.key))
    groups += [replace(one.header(measures), evidence="told") for one in single]
    # The items of a questionnaire are numbered, too.
    items = rating_items(columns)
    read = [c for c in measures if c.name not in items]
    groups += [*score_headers(numbers), *_wells(read), *_in_a_row(read)]
    if any(c.is_time for c in named):
        # Opening and closing prices are no two series beside the range of the day.
        by_name = {column.name: column for column in numbers}
        free = [c for c in series if not any(lies_between(c, one, by_name) for one in ranges)]
        groups += [Header(names, "series", "value", evidence="none") for names in _akin(free)]
        groups += [Header(names, "series", "value") for names in _counted(series)]
    return [*headings([c.name for c in numbers], groups)]


def _all_numbers(
    measures: Sequence[ColumnProfile],
    series: Sequence[ColumnProfile],
    named: Sequence[ColumnProfile],
) -> Iterator[Header]:
    """Yield nearly all numbers of a table whose rows have names, where they are alike."""
    enough = len(series) >= MIN_SHARE_OF_NUMBERS * len(measures)
    if named and enough and _same_words(series):
        key = "series" if any(map(runs, named)) else "variable"
        names = [c.name for c in series]
        header = Header(frozenset(names), key, "value", "text", *_ends(names), evidence="none")
        if are_alike(series, header):
            yield header


def _naming(
    columns: Sequence[ColumnProfile], keys: frozenset[tuple[int, ...]]
) -> list[ColumnProfile]:
    """Return the columns each of which names the rows, as no index does that has no name itself."""
    named = [columns[key[0]] for key in keys if len(key) == 1]
    named = [column for column in named if not column.numbers_rows]
    if any(column.kind == "text" for column in columns):
        # Of cases with labels that nothing but a number names, each number is a trait of its own.
        return [column for column in named if not _counts_rows(column)]
    return named


def _wells(measures: Sequence[ColumnProfile]) -> list[Header]:
    """Return what was read in each well of a plate; D1 to D10 alone are no row of one."""
    wells = frozenset(c.name for c in measures if WELL_NAME.fullmatch(c.name))
    rows = {name[0] for name in wells}
    plate = len(wells) > MIN_MEMBERS and (len(rows) > 1 or "A" in rows)
    return [Header(wells, "well", "value", evidence="time")] if plate else []


def _in_a_row(measures: Sequence[ColumnProfile]) -> Iterator[Header]:
    """Yield what was read at one place after another, as a spectrum is: neighbours are near.

    That columns are numbered says nothing; but of things in no order neighbours are as far apart as
    any two.
    """
    stems: dict[str, list[tuple[int, ColumnProfile]]] = {}
    for column in measures:
        found = PLACED_NAME.fullmatch(column.name)
        if found is not None:
            stems.setdefault(found[1], []).append((int(found[2]), column))
    for stem, placed in stems.items():
        numbers = [number for number, _ in placed]
        if len(placed) >= MIN_PLACES and len({*np.diff(numbers)}) == 1:
            middles = np.array([column.quantiles[2] for _, column in placed])
            apart = np.abs(middles[:, None] - middles).sum() / (len(placed) * (len(placed) - 1))
            if np.abs(np.diff(middles)).mean() <= MAX_STEP * apart:
                names = frozenset(column.name for _, column in placed)
                said = words_of(stem)
                value = said if re.search(r"[^\W\d_]{3}", said) else "value"
                yield Header(names, "number", value, "integer", stem, evidence="time")


def follow_rows(columns: Sequence[ColumnProfile]) -> bool:
    """Whether all there is goes on from row to row.

    Parameters
    ----------
    columns
        Of the table.
    """
    return any(c.name == ROWS and c.semantic == "sequence" for c in columns)


def _counts_rows(column: ColumnProfile) -> bool:
    """Whether a column only numbers the rows, as a file that was written with its index does."""
    return column.kind == "number" and ROW_NUMBER.fullmatch(column.name) is not None


def _whole(
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    parts: Sequence[frozenset[str]],
) -> Iterator[Header]:
    """Yield the parts of wholes, where rows have names: what makes up a bill is another thing.

    Shares need none: polls of several houses are of one day.
    """
    named = [[columns[at] for at in key] for key in keys if len(key) <= MAX_NAMES]
    if holds_records(columns):
        return
    in_time = any(runs(column) for key in named for column in key)
    in_time = in_time or (not named and any(column.is_time for column in columns))
    for names in parts:
        members = [column for column in numbers if column.name in names]
        shares = sum(column.mean for column in members) <= WHOLE
        if named or (in_time and shares):
            key = "series" if in_time else "variable"
            prefix, suffix = _ends([column.name for column in members])
            group = frozenset(column.name for column in members)
            yield Header(group, key, "value", "text", prefix, suffix, evidence="parts")


def _ends(names: Sequence[str]) -> tuple[str, str]:
    """Return what all names begin and end with; nothing where one is nothing else."""
    prefix, suffix = shared_ends(names)
    bare = [name[len(prefix) : len(name) - len(suffix)].strip() for name in names]
    return (prefix, suffix) if all(bare) else ("", "")


def _akin(measures: Sequence[ColumnProfile]) -> Iterator[frozenset[str]]:
    """Yield the largest groups of measures whose names are akin and whose ranges meet."""
    found: dict[frozenset[str], None] = {}  # in the table's order
    for first in measures:
        group = [first]
        for other in measures:
            if other is not first and all(_are_series(other, one) for one in group):
                group.append(other)
        found[frozenset(c.name for c in group)] = None
    yield from (group for group in found if len(group) >= MIN_SERIES)


def _counted(measures: Sequence[ColumnProfile]) -> Iterator[frozenset[str]]:
    """Yield the measures that are counted on under one name, as classes D0 to D4 of an area are."""
    stems: dict[str, dict[int, str]] = {}
    for column in measures:
        found = COUNTED_NAME.fullmatch(column.name)
        if found is not None:
            stems.setdefault(found[1], {})[int(found[2])] = column.name
    for names in stems.values():
        if len(names) >= MIN_MEMBERS and max(names) - min(names) == len(names) - 1:
            yield frozenset(names.values())


def _are_series(one: ColumnProfile, other: ColumnProfile) -> bool:
    ends = (one.quantiles[0], other.quantiles[0]), (one.quantiles[4], other.quantiles[4])
    wide = max(ends[1]) - min(ends[0])
    meet = wide > 0 and (min(ends[1]) - max(ends[0])) / wide >= SERIES_SCALE
    # Prices and the same adjusted are one line twice.
    copied = any(ADJUSTED.search(split_name(c.name)) for c in (one, other))
    same = one.semantic == other.semantic and not copied
    return meet and same and are_all_akin((one.name, other.name))


def are_all_akin(names: Iterable[str]) -> bool:
    """Whether each two of some names are akin.

    Examples
    --------
    >>> are_all_akin(["north sales", "south sales"]), are_all_akin(["height", "price"])
    (True, False)
    """
    return all(are_akin(*pair) for pair in combinations(map(split_name, names), 2))


def _same_words(members: Sequence[ColumnProfile]) -> bool:
    """Whether no header names another quantity than the others do."""
    names = [split_name(c.name) for c in members]
    # What one currency is worth in another is a price of a share like any other.
    kinds = {"measure" if QUOTED_NAME.fullmatch(c.name) else c.semantic for c in members}
    if len(kinds) > 1 or any(map(INTENSIVE_NAME.search, names)):
        return False
    letters = all(len(c.name) == 1 and c.name.isalpha() for c in members)
    if not letters and not all(SERIES_NAME.fullmatch(c.name) for c in members):
        return False
    # Of many like columns some are called amounts; two of which one is are as often two things.
    return len(names) > MIN_SERIES or len({bool(AMOUNT_NAME.search(n)) for n in names}) == 1
