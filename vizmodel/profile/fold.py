"""Owns the gathering of wide tables: like columns that become one column of values.

A table with the columns "2019", "2020", "2021", or "score_math" and "score_read", holds one
measure and writes a variable of its own, the year or the subject, into the headers. Gathered, both
are columns of the profile that charts can show like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vizmodel.design import Fold
from vizmodel.profile.akin import are_akin
from vizmodel.profile.arrays import from_numbers, from_texts
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.headers import SUMMARIES, Header, headings, shared_ends
from vizmodel.profile.pairs import PAIR_STATISTICS, pair_statistics
from vizmodel.profile.ratings import answer_items, rating_items
from vizmodel.profile.records import holds_records
from vizmodel.profile.statistics import profile_column
from vizmodel.profile.times import ISO, parse_time
from vizmodel.profile.values import ColumnValues, column_values
from vizmodel.profile.words import (
    AMOUNT_NAME,
    GROUP_NAME,
    INTENSIVE_NAME,
    UNSPEAKABLE,
    split_name,
)

#: Fewest columns that are worth gathering, and most; along time more can be read.
MIN_MEMBERS, MAX_MEMBERS, MAX_TIME_MEMBERS = 3, 20, 120
#: Fewest series beside a time, and most times that the larger of only two may exceed the other.
MIN_SERIES, MAX_PAIR_RATIO = 2, 4.0
#: Overlap of the ranges of two series of akin names, and most columns of yes and no.
SERIES_SCALE, MAX_FLAGS = 0.3, 30
#: Most columns that together name a row of a table whose parts of a whole are gathered.
MAX_NAMES = 2
#: Evenness of two groups that are of one size.
EVEN = 0.9999
#: Gathered rows that statistics look at, and other columns that they compare with.
MAX_FOLDED_ROWS, MAX_COMPARED = 10_000, 40
#: Most times that the largest member may exceed the smallest, by what says that they are alike.
MAX_RATIO = {"time": 1e4, "word": 30.0, "none": 12.0, "parts": np.inf}
#: A name that says what a series is: no letter alone, and no number behind a letter.
SERIES_NAME = re.compile(r"(?=.{2})(?!.*\d)[^\W_].*")
#: What all items of a questionnaire may begin or end with, and is left out.
WORD = re.compile(r"[^\W\d_]{3}")
#: What stands before an answer of which one may give several, in the name of its column.
QUESTION = re.compile(r".{3,}?: ")
#: Least share of the numbers of a table that are gathered where no header says so.
MIN_SHARE_OF_NUMBERS = 0.6

Pairs = npt.NDArray[np.float32]


def find_fold(
    columns: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    matrix: Sequence[str] = (),
    parts: Sequence[frozenset[str]] = (),
) -> Fold | None:
    """Find the one group of like columns of a table that is best gathered.

    Headers are the evidence: years, dates, months or weekdays; a shared first or last word; or, in
    a table whose rows one column names, that all its numbers are alike; or that they add up.

    Parameters
    ----------
    columns
        Profiles of the table's columns.
    keys
        Sets of positions that identify its rows.
    matrix
        Names of the columns where the table is a matrix of things with each other.
    parts
        Names of the columns that are the parts of a whole, for each whole.

    Returns
    -------
    Fold or None
        None where no three columns are alike, nor two series in time.
    """
    taken = {c.name for c in columns}
    if matrix and len(matrix) < len(columns):
        return Fold(tuple(matrix), _free("other", taken), _free("value", taken))
    numbers = [c for c in columns if _may_be_member(c)]
    items = rating_items(columns)
    for header in _candidates(columns, numbers, keys, parts):
        if items and header.evidence != "time" and header.names.intersection(items):
            continue
        members = [c for c in numbers if c.name in header.names]
        limit = MAX_TIME_MEMBERS if header.evidence == "time" else MAX_MEMBERS
        # A table of two series was made to set them beside each other, and so are akin names.
        alone = sum(column.usable for column in columns) == MIN_SERIES + 1
        few = header.key == "series" and (alone or _are_akin(header.names))
        least = MIN_SERIES if few and header.evidence == "none" else MIN_MEMBERS
        if least <= len(members) <= limit and _alike(members, header):
            return Fold(
                tuple(c.name for c in members),
                key=_free(header.key, taken),
                value=_free(header.value, taken | {header.key}),
                kind=header.kind,
                prefix=header.prefix,
                suffix=header.suffix,
                format=header.format,
            )
    if items:
        return _items(items, "item", "rating", taken)
    answered = answer_items(columns)
    return _items(answered, "item", "answer", taken) if answered else _flags(columns, taken)


def _items(items: tuple[str, ...], called: str, said: str, taken: set[str]) -> Fold:
    """Gather the items of a questionnaire: how each was answered is one chart."""
    prefix, suffix = (end if WORD.search(end) else "" for end in shared_ends(items))
    labels = [name[len(prefix) : len(name) - len(suffix)].strip() for name in items]
    if not all(labels) or len(set(labels)) < len(items):
        prefix = suffix = ""
    key, value = _free(called, taken), _free(said, taken)
    return Fold(items, key=key, value=value, prefix=prefix, suffix=suffix)


def _flags(columns: Sequence[ColumnProfile], taken: set[str]) -> Fold | None:
    """Gather the columns that say yes or no: how many say yes to each is one chart."""
    flags = [column.name for column in columns if is_flag(column)]
    asked = Counter(found[0] for found in map(QUESTION.match, flags) if found)
    question, n_answers = asked.most_common(1)[0] if asked else ("", 0)
    called = "statement"
    if n_answers >= MIN_MEMBERS:  # the answers to one question are no other statements
        flags = [name for name in flags if name.startswith(question)]
        called = question.removesuffix(": ")
    if not MIN_MEMBERS <= len(flags) <= MAX_FLAGS:
        return None
    return _items(tuple(flags), called, "yes", taken)


def is_flag(column: ColumnProfile) -> bool:
    """Whether a column says yes or no, by 1 and 0; those of two groups, such as sexes, do not."""
    two = column.kind in ("boolean", "number") and column.semantic == "category"
    coded = column.zero_one
    named = GROUP_NAME.search(split_name(column.name)) is not None
    # What an experiment gave to one half has a share that says nothing.
    given = column.entropy >= EVEN
    return two and coded and column.told is None and not named and not given


def _may_be_member(column: ColumnProfile) -> bool:
    # One row has one value a column, which is no constant of a measure.
    constant = column.constant and column.n_rows > 1
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
    keys: frozenset[tuple[int, ...]],
    parts: Sequence[frozenset[str]],
) -> Iterator[Header]:
    """Yield groups by the strength of their evidence, then by size."""
    named = [columns[key[0]] for key in keys if len(key) == 1]
    measures = [c for c in numbers if c.semantic != "year"]
    series = [c for c in measures if not SUMMARIES.search(split_name(c.name))]
    groups = []
    if named and len(series) >= MIN_SHARE_OF_NUMBERS * len(measures) and _same_words(series):
        key = "series" if any(c.is_time for c in named) else "variable"
        groups = [Header(frozenset(c.name for c in series), key, "value", evidence="none")]
    groups += _whole(columns, numbers, keys, parts)
    if any(c.is_time for c in named):
        groups += [Header(names, "series", "value", evidence="none") for names in _akin(series)]
    yield from headings([c.name for c in numbers], groups)


def _whole(
    columns: Sequence[ColumnProfile],
    numbers: Sequence[ColumnProfile],
    keys: frozenset[tuple[int, ...]],
    parts: Sequence[frozenset[str]],
) -> Iterator[Header]:
    """Yield the parts of wholes, where rows have names: what makes up a bill is another thing."""
    named = [[columns[at] for at in key] for key in keys if len(key) <= MAX_NAMES]
    if not named or holds_records(columns):
        return
    in_time = any(column.is_time for key in named for column in key)
    known = {column.name for column in numbers}
    for names in parts:
        yield Header(names & known, "series" if in_time else "variable", "value", evidence="parts")


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


def _are_series(one: ColumnProfile, other: ColumnProfile) -> bool:
    ends = (one.quantiles[0], other.quantiles[0]), (one.quantiles[4], other.quantiles[4])
    wide = max(ends[1]) - min(ends[0])
    meet = wide > 0 and (min(ends[1]) - max(ends[0])) / wide >= SERIES_SCALE
    return meet and one.semantic == other.semantic and _are_akin((one.name, other.name))


def _are_akin(names: Iterable[str]) -> bool:
    return all(are_akin(*pair) for pair in combinations(map(split_name, names), 2))


def _same_words(members: Sequence[ColumnProfile]) -> bool:
    """Whether no header names another quantity than the others do."""
    names = [split_name(c.name) for c in members]
    if len({c.semantic for c in members}) > 1 or any(map(INTENSIVE_NAME.search, names)):
        return False
    if not all(SERIES_NAME.fullmatch(c.name) for c in members):
        return False
    return len({bool(AMOUNT_NAME.search(name)) for name in names}) == 1


def _alike(members: Sequence[ColumnProfile], header: Header) -> bool:
    """Whether columns hold one measure: of one sign, and of about one size."""
    if header.evidence != "time" and len({c.semantic == "year" for c in members}) > 1:
        return False
    if all(c.semantic == "year" for c in members):
        return False
    reach = np.array([max(abs(c.quantiles[4]), abs(c.quantiles[0])) for c in members])
    middle = float(np.median(reach))
    if not np.isfinite(reach).all() or middle == 0:
        return False
    inside = reach[reach > 0]
    most = MAX_RATIO[header.evidence] if len(members) > MIN_SERIES else MAX_PAIR_RATIO
    if inside.max() / max(inside.min(), 1e-300) > most:
        return False
    lows, highs = ([c.quantiles[at] for c in members] for at in (0, 4))
    return header.evidence in ("time", "parts") or _overlap(np.array(lows), np.array(highs))


def _overlap(lows: npt.NDArray[np.float64], highs: npt.NDArray[np.float64]) -> bool:
    """Whether each column's range meets that of most others."""
    meets = (lows[:, None] <= highs[None, :]) & (lows[None, :] <= highs[:, None])
    return bool((meets.mean(axis=1) >= 0.5).all())


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no column has."""
    while name in taken:
        name += " (gathered)"
    return name


def with_fold(
    fold: Fold,
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: Pairs,
    keys: frozenset[tuple[int, ...]],
) -> tuple[tuple[ColumnProfile, ...], Pairs]:
    """Add the gathered pair to a table's columns and statistics.

    Parameters
    ----------
    fold
        From `find_fold`.
    columns, values, pairs, keys
        Of the table.

    Returns
    -------
    (columns, pairs)
        With the gathered headers and the gathered values as the last two columns; their statistics
        are those of the gathered table.
    """
    members = [i for i, c in enumerate(columns) if c.name in fold.columns]
    others = [i for i in range(len(columns)) if i not in members][:MAX_COMPARED]
    width, n_rows = len(members), len(values[0].codes)
    n_taken = min(n_rows, max(1, MAX_FOLDED_ROWS // width))
    taken = np.linspace(0, n_rows - 1, n_taken).astype(np.int64)
    added = _gathered_columns(fold, columns, values, members, taken)
    profiles = [p for p, _ in added]
    repeated = [_repeated(values[i], taken, width) for i in others]
    place = {position: at for at, position in enumerate(others)}
    wider = frozenset(
        (*sorted(place[i] for i in key), len(others)) for key in keys if set(key) <= place.keys()
    )
    found = pair_statistics(
        [*(columns[i] for i in others), *profiles],
        [*repeated, *(v for _, v in added)],
        wider,
        wanted=(len(others), len(others) + 1),
    )
    size = len(columns)
    whole = np.zeros((size + 2, size + 2, len(PAIR_STATISTICS)), dtype=np.float32)
    whole[:size, :size] = pairs
    at = [*others, size, size + 1]
    for new in (size, size + 1):
        whole[new, at] = found[new - size - 2]
        whole[at, new] = found[:, new - size - 2]
    return (*columns, *profiles), whole


def _gathered_columns(
    fold: Fold,
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    members: Sequence[int],
    taken: npt.NDArray[np.int64],
) -> list[tuple[ColumnProfile, ColumnValues]]:
    """Return profile and arrays of the headers and of the values, row by row."""
    position = len(columns)
    headers = pa.chunked_array([_tiled(fold_labels(fold), len(taken))])
    measured = pa.chunked_array([_row_by_row([values[i] for i in members], taken)])
    found: list[tuple[ColumnProfile, ColumnValues]] = []
    for name, column in ((fold.key, headers), (fold.value, measured)):
        arrays = column_values(column)
        found.append((profile_column(name, position + len(found), column, arrays), arrays))
    key, value = found[0], found[1]
    evidence = f"{len(members)} columns that are gathered"
    semantic = columns[members[0]].semantic
    if columns[members[0]].kind == "text":
        listed = max((columns[i].listed for i in members), key=len)
        answers = replace(value[0], semantic="ordinal", evidence=evidence, listed=listed)
        return [(replace(key[0], evidence=f"headers of {evidence}"), key[1]), (answers, value[1])]
    if all(is_flag(columns[i]) for i in members):
        semantic = "category"
    elif semantic not in ("currency", "percent"):
        semantic = "measure"
    if not value[0].constant:
        rates = all(columns[i].rate for i in members)
        value = replace(value[0], semantic=semantic, evidence=evidence, rate=rates), value[1]
    return [(replace(key[0], evidence=f"headers of {evidence}"), key[1]), value]


def _row_by_row(members: Sequence[ColumnValues], taken: npt.NDArray[np.int64]) -> pa.Array:
    """Return the values of some columns in one: numbers, or the words of answers."""
    if members[0].numbers is not None:
        return from_numbers(np.stack([one.sizes[taken] for one in members], axis=1).ravel())
    labels = [np.array([*one.labels, None], dtype=object)[one.codes[taken]] for one in members]
    return from_texts(np.stack(labels, axis=1).ravel().tolist())


def fold_labels(fold: Fold) -> pa.Array:
    """Return the headers of the gathered columns as what they are: texts, whole numbers or times.

    Examples
    --------
    >>> fold_labels(Fold(("2019", "2020"), "year", "value", "integer")).to_pylist()
    [2019, 2020]
    """
    if fold.kind == "integer":
        return from_numbers(np.array([int(label) for label in fold.labels], dtype=np.int64))
    if fold.kind == "time":
        times = [parse_time(label, fold.format or ISO) for label in fold.labels]
        ticks = np.array(times, dtype="datetime64[us]").view(np.int64)
        return from_numbers(ticks).cast(pa.timestamp("us"))
    return from_texts(fold.labels)


def _tiled(labels: pa.Array, times: int) -> pa.Array:
    return labels.take(from_numbers(np.tile(np.arange(len(labels)), times)))


def _repeated(values: ColumnValues, taken: npt.NDArray[np.int64], times: int) -> ColumnValues:
    numbers = None if values.numbers is None else values.numbers[taken].repeat(times)
    return ColumnValues(values.codes[taken].repeat(times), numbers, values.labels)
