"""Owns the gathering of wide tables: like columns that become one column of values.

A table with the columns "2019", "2020", "2021", or "score_math" and "score_read", holds one
measure and writes a variable of its own, the year or the subject, into the headers. Gathered, both
are columns of the profile that charts can show like any other.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from msgspec.structs import replace

from vizmodel.design import Fold
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.crossed import Crossed, measured_headers, repeated_headers
from vizmodel.profile.layouts.embeddings import find_embeddings
from vizmodel.profile.layouts.headers import Evidence, Header
from vizmodel.profile.layouts.one_measure import MIN_SERIES, are_alike
from vizmodel.profile.layouts.paired import foreseen, paired
from vizmodel.profile.layouts.questions import MAX_QUESTIONS, questions
from vizmodel.profile.layouts.ratings import rating_items
from vizmodel.profile.layouts.series_headers import (
    MIN_MEMBERS,
    are_all_akin,
    follow_rows,
    series_headers,
)
from vizmodel.profile.layouts.states import are_crossed
from vizmodel.profile.layouts.trials import find_trials
from vizmodel.profile.relations.prices import Prices, are_of_other_roles
from vizmodel.profile.relations.ranges import Range, are_ends
from vizmodel.profile.words import UNSPEAKABLE, split_name
from vizmodel.seen_rows import free_name

#: Most columns that are gathered; along time, and where the frame itself says that they are alike,
#: more can be read.
MAX_MEMBERS, MAX_TIME_MEMBERS = 20, 120
#: Most measures of one table that are gathered, such as those of what is traded.
MAX_FOLDS = 8
#: What says that columns are alike, the surest first.
SUREST: tuple[Evidence, ...] = ("time", "told", "parts", "plans", "word", "none", "states", "ends")
VAGUE: tuple[Evidence, ...] = ("word", "none")


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
    """Return what readers of headers tell to be alike: what the frame says, then the surest."""
    axes = {name for axes in find_embeddings(columns) for name in axes}
    of_one = {name for one in crossed if one.measure is None for name in one.names}
    numbers = [c for c in columns if _may_be_member(c, c.name in of_one) and c.name not in axes]
    trials = find_trials(columns)
    tried = set() if trials is None else {*trials.settings, *trials.results}
    # What bounds a figure is seen with it.
    said = [one for one in ranges if one.middle is not None and are_ends(one.low, one.high)]
    ends = {name for one in said for name in one.columns}
    others = [c for c in numbers if c.name not in tried | ends]
    pairs = paired(columns, numbers, keys, ranges)
    framed = measured_headers(numbers, crossed, prices)
    read = series_headers(columns, others, keys, ranges, parts, crossed)
    read += [*repeated_headers(columns, numbers), *foreseen(columns, numbers, keys, ranges)]
    items = rating_items(columns)
    read = [_as_said(one, parts, crossed) for one in read if not _is_doubtful(one, items, pairs)]
    found: list[Header] = []
    for header in (*framed, *sorted((*read, *pairs), key=_surest)):
        if are_of_other_roles(header.names, prices) or header.names <= ends:
            continue
        # Nothing but a word, or its absence, makes no more than one group.
        vague = header.evidence in VAGUE and any(one.evidence in VAGUE for one in found)
        if vague or any(header.names & earlier.names for earlier in found):
            continue
        if header in pairs or _are_a_group(header, columns, numbers, framed):
            found.append(header)
    return _gathered(found, numbers, taken)


def _surest(header: Header) -> tuple[int, int]:
    """Return what sorts groups of columns: how surely they are alike, and how many they are."""
    return SUREST.index(header.evidence), -len(header.names)


def _is_doubtful(header: Header, items: Set[str], pairs: Sequence[Header]) -> bool:
    """Whether columns of a group are something else: the items of a questionnaire, or a pair."""
    if header.evidence != "time" and header.names & items:
        return True
    return header.evidence in VAGUE and any(_says_more(pair, header) for pair in pairs)


def _as_said(header: Header, parts: Sequence[frozenset[str]], crossed: Sequence[Crossed]) -> Header:
    """Return a group without its total, and called what the frame calls its headers."""
    said = (one.key for one in crossed if header.names.issubset(one.names))
    names = _without_total(header.names, parts)
    return replace(header, names=names, key=next(said, header.key))


def _are_a_group(
    header: Header,
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    framed: Sequence[Header],
) -> bool:
    """Whether as many columns as are worth gathering hold one measure."""
    members = [column for column in numbers if column.name in header.names]
    # A table of two series was made to set them beside each other, and so are akin names.
    alone = sum(column.usable for column in columns) == MIN_SERIES + 1
    few = header.key == "series" and (alone or are_all_akin(header.names))
    told = header.evidence == "told" or header in framed
    least = MIN_SERIES if told or (few and header.evidence == "none") else MIN_MEMBERS
    long = header.evidence in ("time", "told") or follow_rows(columns)
    most = MAX_TIME_MEMBERS if long else MAX_MEMBERS
    return least <= len(members) <= most and are_alike(members, header)


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


def _gathered(
    headers: Sequence[Header], numbers: Sequence[ColumnProfile], taken: set[str]
) -> list[Fold]:
    """Return what groups of columns are gathered as, no two of one name."""
    found: list[Fold] = []
    for header in headers:
        found.append(_folded(header, numbers, taken.union(*(one.pair for one in found))))
    return found


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
        and column.between is None
        and not constant
        and not UNSPEAKABLE.search(column.name)
        and column.semantic in ("measure", "currency", "percent", "constant", "sequence", "year")
        and column.n_distinct > (2 if column.n_rows > 5 else 0)
    )
