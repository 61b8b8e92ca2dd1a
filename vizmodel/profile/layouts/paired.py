"""Owns which two columns are one measure in two states, or at two times.

From three like columns on their headers are evidence enough; two are as often two measures, so that
their names have to say what sets them apart: women and men, `loss` and `val_loss`, 2012 and 2022.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

import numpy as np
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.common_ends import shared_ends
from vizmodel.profile.layouts.header_words import value_name, words_of
from vizmodel.profile.layouts.headers import (
    Header,
    counted_headers,
    read_headers,
    time_format_of,
)
from vizmodel.profile.layouts.states import AVERAGE, couples, has_come, is_expected, plans
from vizmodel.profile.layouts.visits import visits
from vizmodel.profile.relations.ranges import Range, are_ends, lies_between
from vizmodel.profile.words import split_name
from vizmodel.seen_rows import COUPLE

#: Most pairs of a table, and most times that the larger column of one may exceed the other.
MAX_PAIRS, MAX_TIMES_LARGER = 3, 10.0
#: Most of a mean by which an average over some days may differ from that of what it averages.
MAX_OFF = 0.2
#: Share of the rows in which both of two columns may be known of which one goes on where the other
#: ends; part of the middle half by which the medians of a forecast and of what came may differ.
MAX_SHARED, NEAR = 0.1, 0.5
#: A year within a name, and how figures are marked that are estimated.
_YEAR = late_pattern(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_ESTIMATED = late_pattern(
    r"(?P<year>(?:1[89]|20)\d\d) ?(?:[efp]|est\.?|proj\.?|\([efp]\))?", re.IGNORECASE
)
#: Meanings of labels that others run along.
_STEPS = ("month", "weekday", "ordinal")
#: Names of how exactly something is known.
_BOUND_NAME = late_pattern(r"\b(se|sem|sd|std|stderr|ci|[lhu]ci|lcl|ucl|err(or)?|variance|var)\b")
_LETTERS = late_pattern(r"[^\W\d_]")


def paired(
    columns: Sequence[ColumnProfile],
    members: Sequence[ColumnProfile],
    keys: Collection[tuple[int, ...]] = (),
    ranges: Sequence[Range] = (),
) -> list[Header]:
    """Return the columns that are one measure twice, and the ends of ranges, the surest first.

    Parameters
    ----------
    columns
        Of the table.
    members
        Those that may be gathered.
    keys
        Sets of positions that identify the rows: what tells them apart only together is no measure.
    ranges
        Of the table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> loss = {"loss": [1.5, 1.2, 0.9, 0.7, 0.6, 0.5], "val_loss": [1.6, 1.3, 1.0, 0.9, 0.8, 0.8]}
    >>> profile = profile_table(pa.table({"epoch": [1, 2, 3, 4, 5, 6], **loss}))
    >>> [sorted(one.names) for one in paired(profile.own_columns, profile.own_columns[1:])]
    [['loss', 'val_loss']]
    """
    crossed = {columns[at].name for key in keys if len(key) > 1 for at in key}
    named = {c.name: c for c in members if c.name not in crossed and not _bounds(c)}
    along = _run_along(columns)
    key, names = "series" if along else "variable", list(named)
    states = chain(_at_two_times(names), _in_two_states(names, key), _averaged(members, key))
    expected = (
        Header(frozenset((came, one)), key, "value", evidence="states")
        for came, forecasts in _foreseen(members, ranges).items()
        for one in forecasts
    )
    bounded = chain(expected, _bounded(members, ranges, key))
    found: list[Header] = []
    for header in chain(states, bounded if along else ()):
        pair = [column for column in members if column.name in header.names]
        taken = any(header.names & earlier.names for earlier in found)
        if not taken and len(pair) == COUPLE and _comparable(*pair):
            found.append(header)
    return found[:MAX_PAIRS]


def foreseen(
    columns: Sequence[ColumnProfile],
    members: Sequence[ColumnProfile],
    keys: Collection[tuple[int, ...]] = (),
    ranges: Sequence[Range] = (),
) -> list[Header]:
    """Return what came with all that was planned or expected of it: three columns and more.

    Parameters
    ----------
    columns
        Of the table.
    members
        Those that may be gathered.
    keys, ranges
        As `paired` takes them.
    """
    along = _run_along(columns)
    named = any(columns[key[0]].kind == "text" for key in keys if len(key) == 1)
    key, found = "series" if along else "variable", []
    for names in plans([column.name for column in members]) if along or named else ():
        prefix, suffix = shared_ends(names)
        value = value_name(" ".join(filter(None, map(words_of, (prefix, suffix)))))
        found.append(Header(frozenset(names), key, value, "text", prefix, suffix, evidence="plans"))
    for came, forecasts in _foreseen(members, ranges).items() if along else ():
        if len(forecasts) > 1:
            both = frozenset((came, *forecasts))
            found.append(Header(both, key, "value", evidence="plans"))
    return found


def _run_along(columns: Sequence[ColumnProfile]) -> bool:
    """Whether there is something that lines run along."""
    return any(c.is_time or c.counts_rows or c.semantic in _STEPS for c in columns)


def _bounds(column: ColumnProfile) -> bool:
    """Whether numbers say how exactly others are known, and are no measure of their own."""
    return _BOUND_NAME.search(split_name(column.name)) is not None


def _at_two_times(names: Sequence[str]) -> Iterator[Header]:
    """Yield one measure in two years, on two dates or at two visits: no more of them are there."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        for year in _YEAR.finditer(name):
            groups[name[: year.start()], name[year.end() :]].append(name)
    groups["", "date"] = [name for name in names if time_format_of([name]) is not None]
    for group in groups.values():
        header = read_headers((group[0], group[1]), names) if len(group) == COUPLE else None
        if header is not None and header.evidence == "time":
            # Two days or months are named, not drawn as far apart as they are.
            yield replace(header, kind="text", format=None) if header.kind == "time" else header
    estimated = [name for name in names if _ESTIMATED.fullmatch(name.strip())]
    if len(estimated) == COUPLE:
        yield Header(frozenset(estimated), "year", "value", evidence="time")
    yield from (counted_headers(one) for one in visits(names) if len(one.names) == COUPLE)


def _in_two_states(names: Sequence[str], key: str) -> Iterator[Header]:
    """Yield one measure of women and men, before and after, as planned and as it was."""
    for one in couples(names):
        group = one.first, one.second
        prefix, suffix = shared_ends(group) if one.shared else ("", "")
        labels = [name[len(prefix) : len(name) - len(suffix)] for name in group]
        if not all(map(_LETTERS.search, labels)):  # of loss and val_loss the first has no state
            prefix = suffix = ""
        value = value_name(" ".join(filter(None, map(words_of, (prefix, suffix)))))
        yield Header(frozenset(group), key, value, "text", prefix, suffix, evidence="states")


def _averaged(members: Sequence[ColumnProfile], key: str) -> Iterator[Header]:
    """Yield a measure with its average over some days: they have one mean, whatever their names."""
    names = [split_name(column.name) for column in members]
    means, stds = (np.array([getattr(c, name) for c in members]) for name in ("mean", "std"))
    for at, average in enumerate(members):
        near = np.abs(means - average.mean) <= MAX_OFF * np.abs(means)
        for of in np.flatnonzero(near & ~(stds < average.std)).tolist():
            said = names[at].replace(names[of], "").strip()
            if of != at and AVERAGE.fullmatch(said) is not None:
                both = frozenset((members[of].name, average.name))
                yield Header(both, key, "value", evidence="states")


def _foreseen(members: Sequence[ColumnProfile], ranges: Sequence[Range]) -> dict[str, list[str]]:
    """Return the forecasts that have bounds by the one number that each of them may be of."""
    told = {name for one in ranges for name in (*one.columns, one.middle)}
    others = [column for column in members if column.name not in told and not _bounds(column)]
    found: dict[str, list[str]] = defaultdict(list)
    for forecast in members:
        if any(one.middle == forecast.name for one in ranges):
            came = [column.name for column in others if _is_of(forecast, column)]
            if len(came) == 1:
                found[came[0]].append(forecast.name)
    return found


def goes_on(one: ColumnProfile, other: ColumnProfile) -> bool:
    """Whether hardly a row has both of two columns: one goes on where the other ends."""
    return one.n_present + other.n_present <= (1.0 + MAX_SHARED) * one.n_rows


def _is_of(forecast: ColumnProfile, came: ColumnProfile) -> bool:
    """Whether a number says what came of a forecast: it ends where that begins, or both are near.

    Humidity is not what came of a temperature.
    """
    if not _comparable(forecast, came):
        return False
    if goes_on(forecast, came):
        return True
    names = split_name(forecast.name), split_name(came.name)
    said, told = is_expected(forecast.name), has_come(came.name)
    if said and (told or set(names[0].split()) & set(names[1].split())):
        return True
    wide = max(one.quantiles[3] - one.quantiles[1] for one in (forecast, came))
    return (said or told) and abs(forecast.quantiles[2] - came.quantiles[2]) <= NEAR * wide


def _bounded(
    members: Sequence[ColumnProfile], ranges: Sequence[Range], key: str
) -> Iterator[Header]:
    """Yield the ends of ranges that have nothing between them: not those around an estimate."""
    named = {column.name: column for column in members}
    for one in ranges:
        if one.middle is not None:
            continue
        bounds = one.columns <= named.keys() and are_ends(one.low, one.high)
        if bounds and not any(lies_between(column, one, named) for column in members):
            yield Header(one.columns, key, "value", evidence="ends")


def _comparable(one: ColumnProfile, other: ColumnProfile) -> bool:
    """Whether two columns have one unit, and are of about one size."""
    meant = {one.semantic, other.semantic}
    if len(meant) > 1 and meant != {"measure", "currency"}:
        return False
    if one.unit and other.unit and one.unit != other.unit:
        return False
    sizes = [max(abs(c.quantiles[0]), abs(c.quantiles[4])) for c in (one, other)]
    return 0 < max(sizes) <= MAX_TIMES_LARGER * min(sizes)
