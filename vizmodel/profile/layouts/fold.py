"""Owns the gathering of wide tables: like columns that become one column of values.

A table with the columns "2019", "2020", "2021", or "score_math" and "score_read", holds one
measure and writes a variable of its own, the year or the subject, into the headers. Gathered, both
are columns of the profile that charts can show like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from msgspec.structs import replace

from vizmodel.design import Fold
from vizmodel.patterns import late_pattern
from vizmodel.profile.axes import ROWS
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.crossed import MEASURES, Crossed, measured_headers, repeated_headers
from vizmodel.profile.layouts.embeddings import find_embeddings
from vizmodel.profile.layouts.headers import (
    SUMMARIES,
    Header,
    counts_from_start,
    headings,
    shared_ends,
)
from vizmodel.profile.layouts.one_measure import MIN_SERIES, are_alike
from vizmodel.profile.layouts.paired import paired, planned
from vizmodel.profile.layouts.piles import runs
from vizmodel.profile.layouts.questions import MAX_QUESTIONS, questions
from vizmodel.profile.layouts.ratings import rating_items
from vizmodel.profile.layouts.records import holds_records
from vizmodel.profile.layouts.scores import score_headers
from vizmodel.profile.layouts.states import are_crossed
from vizmodel.profile.layouts.trials import find_trials
from vizmodel.profile.relations.akin import are_akin
from vizmodel.profile.relations.prices import Prices, are_of_other_roles
from vizmodel.profile.relations.ranges import Range, are_ends, lies_between
from vizmodel.profile.words import AMOUNT_NAME, INTENSIVE_NAME, UNSPEAKABLE, split_name
from vizmodel.seen_rows import free_name

#: Fewest columns that are worth gathering, and most; along time, and where the frame itself says
#: that they are alike, more can be read.
MIN_MEMBERS, MAX_MEMBERS, MAX_TIME_MEMBERS = 3, 20, 120
#: Most measures of one table that are gathered, such as those of what is traded.
MAX_FOLDS = 8
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
#: What is said of numbers that are others but for a correction.
ADJUSTED = late_pattern(r"\badj(usted)?\b")
#: What the numbers of rows are called where somebody wrote them out with the table.
ROW_NUMBER = late_pattern(r"unnamed: ?\d+|row[._ ]?(names?|numbers?|nr)?|index|", re.IGNORECASE)
#: Least share of the numbers of a table that are gathered where no header says so.
MIN_SHARE_OF_NUMBERS = 0.6


def find_folds(
    columns: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    ranges: Sequence[Range] = (),
    matrix: Sequence[str] = (),
    parts: Sequence[frozenset[str]] = (),
    crossed: Sequence[Crossed] = (),
    prices: Sequence[Prices] = (),
) -> tuple[Fold, ...]:
    """Find the like columns that are best gathered: a group, pairs, and the questions of a survey.

    Headers are the evidence of the first: years, dates, months or weekdays; what the frame says of
    them, for each measure; a shared first or last word; or, in a table whose rows one column names,
    that all its numbers are alike; or that they add up. Pairs are one measure in two states.

    Parameters
    ----------
    columns
        Profiles of the table's columns.
    keys
        Sets of positions that identify its rows.
    ranges
        Columns that are the ends of ranges.
    matrix
        Names of the columns where the table is a matrix of things with each other.
    parts
        Names of the columns that are the parts of a whole, for each whole.
    crossed
        What the table's maker says of its headers, what is likelier first.
    prices
        Columns that hold the prices of days.

    Returns
    -------
    tuple of Fold
        Empty where no three columns are alike, nor two series or states.
    """
    taken = {c.name for c in columns}
    if matrix and len(matrix) < len(columns):
        called = next((one.key for one in crossed if set(matrix) <= set(one.names)), "other")
        key = free_name(called, taken)
        found = [Fold(tuple(matrix), key, free_name("value", taken | {key}))]
    else:
        found = _alike_by_headers(columns, keys, ranges, parts, taken, crossed, prices)
    most = max(MAX_QUESTIONS, min(len(found), MAX_FOLDS))
    for one in questions(columns, taken.union(*(fold.pair for fold in found))):
        if all(set(fold.columns).isdisjoint(one.columns) for fold in found):
            found.append(one)
    return tuple(found[:most])


def _alike_by_headers(
    columns: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    ranges: Sequence[Range],
    parts: Sequence[frozenset[str]],
    taken: set[str],
    crossed: Sequence[Crossed],
    prices: Sequence[Prices],
) -> list[Fold]:
    """Return what headers tell to be alike: measures of a frame, the surest group, and pairs."""
    axes = {name for axes in find_embeddings(columns) for name in axes}
    of_one = {name for one in crossed if one.measure is None for name in one.names}
    numbers = [c for c in columns if _may_be_member(c, c.name in of_one) and c.name not in axes]
    pairs = paired(columns, numbers, keys, ranges)
    told = [
        one
        for one in (
            *measured_headers(numbers, crossed, prices),
            *repeated_headers(columns, numbers),
            *planned(columns, numbers),
        )
        if MIN_SERIES <= len(one.names) <= _most(one) and are_alike(_members(numbers, one), one)
    ]
    trials = find_trials(columns)
    tried = set() if trials is None else {*trials.settings, *trials.results}
    # What bounds a figure is seen with it.
    said = [one for one in ranges if one.middle is not None and are_ends(one.low, one.high)]
    ends = {name for one in said for name in one.columns}
    others = [c for c in numbers if c.name not in tried | ends]
    whole = _group(columns, others, keys, ranges, parts, crossed, pairs, prices)
    found: list[Fold] = []
    for header in (*told, *([] if whole is None else [whole]), *pairs):
        if are_of_other_roles(header.names, prices) or header.names <= ends:
            continue
        if not any(header.names.intersection(earlier.columns) for earlier in found):
            found.append(_folded(header, numbers, taken.union(*(one.pair for one in found))))
    return found


def _group(
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    ranges: Sequence[Range],
    parts: Sequence[frozenset[str]],
    crossed: Sequence[Crossed],
    pairs: Sequence[Header],
    prices: Sequence[Prices],
) -> Header | None:
    """Return the surest group of like columns; None where there is none."""
    items = rating_items(columns)
    named = {column.name: column for column in numbers}
    # Opening and closing prices are no two series beside the range of the day.
    free = [c for c in numbers if not any(lies_between(c, one, named) for one in ranges)]
    for header in _candidates(columns, numbers, free, keys, parts, crossed):
        if items and header.evidence != "time" and header.names.intersection(items):
            continue
        if are_of_other_roles(header.names, prices):
            continue
        if header.evidence in ("word", "none") and any(_says_more(pair, header) for pair in pairs):
            continue
        header = replace(header, names=_without_total(header.names, parts))
        members = _members(numbers, header)
        # A table of two series was made to set them beside each other, and so are akin names.
        alone = sum(column.usable for column in columns) == MIN_SERIES + 1
        few = header.key == "series" and (alone or _are_akin(header.names))
        few = (few and header.evidence == "none") or header.evidence == "told"
        least = MIN_SERIES if few else MIN_MEMBERS
        most = MAX_TIME_MEMBERS if _follow_rows(columns) else _most(header)
        if least <= len(members) <= most and are_alike(members, header):
            said = [one.key for one in crossed if header.names.issubset(one.names)]
            return replace(header, key=said[0]) if said else header
    return None


def _members(numbers: Sequence[ColumnProfile], header: Header) -> list[ColumnProfile]:
    return [column for column in numbers if column.name in header.names]


def _most(header: Header) -> int:
    return MAX_TIME_MEMBERS if header.evidence in ("time", "told") else MAX_MEMBERS


def _without_total(names: frozenset[str], parts: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return like columns without the one that the others add up to."""
    return next((some for some in parts if some < names and len(names - some) == 1), names)


def _says_more(pair: Header, header: Header) -> bool:
    """Whether a pair is told by its names where a group takes one of it, or both with others."""
    together = header.names & pair.names
    if together != pair.names or header.names == pair.names or pair.evidence == "ends":
        return bool(together)
    shared = set.intersection(*(set(split_name(name).split()) for name in pair.names))
    told = all(shared.issubset(split_name(name).split()) for name in header.names)
    return not told and not are_crossed(sorted(header.names))


def _folded(header: Header, numbers: Sequence[ColumnProfile], taken: set[str]) -> Fold:
    """Return what the columns of some headers are gathered as."""
    members = [c.name for c in numbers if c.name in header.names]
    members.sort(key=lambda name: name != header.baseline)
    return Fold(
        tuple(members),
        key=free_name(header.key, taken),
        value=free_name(header.value, taken | {header.key}),
        kind=header.kind,
        prefix=header.prefix,
        suffix=header.suffix,
        format=header.format,
        baseline=header.baseline,
    )


def _may_be_member(column: ColumnProfile, told: bool = False) -> bool:
    """Whether a column may hold a measure that others hold as well, or is told to."""
    # One row has one value a column, which is no constant of a measure.
    constant = column.constant and column.n_rows > 1
    if told and column.kind == "number" and not UNSPEAKABLE.search(column.name):
        return not constant or column.name.isdecimal()
    return (
        column.kind == "number"
        and not constant
        and not UNSPEAKABLE.search(column.name)
        and column.semantic in ("measure", "currency", "percent", "constant", "sequence", "year")
        and column.n_distinct > (2 if column.n_rows > 5 else 0)
    )


def _candidates(
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    free: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    parts: Sequence[frozenset[str]],
    crossed: Sequence[Crossed],
) -> Iterator[Header]:
    """Yield groups by the strength of their evidence, then by size."""
    measures = [c for c in numbers if c.semantic != "year"]
    if _follow_rows(columns):
        # Walks and simulations, each in a column, whatever they are numbered by.
        names = frozenset(c.name for c in measures if c.name != ROWS)
        yield Header(names, "series", "value", evidence="none")
        return
    named = _naming(columns, keys)
    series = [c for c in measures if not SUMMARIES.search(split_name(c.name))]
    groups = []
    if named and len(series) >= MIN_SHARE_OF_NUMBERS * len(measures) and _same_words(series):
        key = "series" if any(map(runs, named)) else "variable"
        all_of = [c.name for c in series]
        header = Header(frozenset(all_of), key, "value", "text", *_ends(all_of), evidence="none")
        groups = [header] if are_alike(series, header) else []
    groups += _whole(columns, numbers, keys, parts)
    if named and counts_from_start([c.name for c in measures]):
        # Of each cohort a column says what was left after so many months.
        names = frozenset(c.name for c in measures)
        groups.append(Header(names, "period", "value", "integer", evidence="time"))
    # What is called prices or variables are several measures.
    single = (one for one in crossed if one.measure is None and not MEASURES.fullmatch(one.key))
    groups += [replace(one.header(measures), evidence="told") for one in single]
    groups += [*score_headers(numbers), *_wells(measures)]
    if any(c.is_time for c in named):
        akin = _akin([c for c in series if c in free])
        groups += [Header(names, "series", "value", evidence="none") for names in akin]
        groups += [Header(names, "series", "value") for names in _counted(series)]
    yield from headings([c.name for c in numbers], groups)


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
    """Return what was read in each well of a plate."""
    wells = frozenset(c.name for c in measures if WELL_NAME.fullmatch(c.name))
    return [Header(wells, "well", "value", evidence="time")] if len(wells) > MIN_MEMBERS else []


def _follow_rows(columns: Sequence[ColumnProfile]) -> bool:
    """Whether all there is goes on from row to row."""
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
    return meet and same and _are_akin((one.name, other.name))


def _are_akin(names: Iterable[str]) -> bool:
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
