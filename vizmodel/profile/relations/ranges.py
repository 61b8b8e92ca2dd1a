"""Owns which columns are the two ends of a range: lowest and highest, start and end.

Such are intervals around an estimate, the extremes of a day, the time from which and until which
something was: one mark from end to end tells them, two marks of their own do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.expected import EXPECTED
from vizmodel.profile.reading.arrays import Floats
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.words import split_name

#: Words that tell the lower from the upper end of the same thing.
ENDS: tuple[tuple[str, str], ...] = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("mini", "maxi"),
    ("least", "most"),
    ("low", "high"),
    ("lowest", "highest"),
    ("lower", "upper"),
    ("lo", "hi"),
    ("lwr", "upr"),
    ("lb", "ub"),
    ("lcl", "ucl"),
    ("lci", "uci"),
    ("ll", "ul"),
    ("l", "u"),
    ("bottom", "top"),
    ("untergrenze", "obergrenze"),
    ("untere", "obere"),
    ("unteres", "oberes"),
    ("inf", "sup"),
    ("inférieure", "supérieure"),
    ("inferieure", "superieure"),
    ("inférieur", "supérieur"),
    ("inferior", "superior"),
    ("inferiore", "superiore"),
    ("ondergrens", "bovengrens"),
    ("undre", "övre"),
    ("q1", "q3"),
    ("start", "end"),
    ("started", "ended"),
    ("begin", "end"),
    ("beginning", "end"),
    ("from", "to"),
    ("since", "until"),
    ("first", "last"),
    ("opened", "closed"),
    ("birth", "death"),
    ("born", "died"),
    ("arrival", "departure"),
    ("25", "75"),
    ("10", "90"),
    ("5", "95"),
    ("05", "95"),
    ("025", "975"),
    ("2", "97"),
    ("1", "99"),
    ("16", "84"),
    ("20", "80"),
)
WORDS = frozenset(word for pair in ENDS for word in pair)
#: Ends that are written in one word with what they bound: tmin and tmax. That others begin so by
#: chance, such as minutes, does no harm: there is no other end.
JOINED = late_pattern(r"(min|max|lower|upper|low|high)(?=.)|(?<=.)(min|max|lower|upper|low|high)$")
#: Quantiles and ends that are written in one word with a number: p05, q95, lo80.
QUANTILE = late_pattern(r"(p|q|pct|perc|quantile|lo|hi)(\d{1,3})")
#: Words that say of what lies between two ends what it is, and words of ends that say nothing of
#: what they bound.
_MIDDLE = (
    "mean avg average median est value coef coefficient beta mid middle point rate ratio share"
    " effect close 50 5"
)
_BOUND = (
    "ci cl conf confidence credible interval bound bounds limit limits lim pi hdi asymp error err"
    " pct percent perc percentile quantile q p of the and 0 5 50 80 89 90 95 99"
    " grenze konfidenz borne limite intervalle intervalo intervallo límite"
)
MIDDLES, _BOUNDS = EXPECTED.union(_MIDDLE.split()), frozenset(_BOUND.split())
#: Numbers at the end of two names of one thing, such as y and y2; of more names than these and what
#: lies between they are counted.
NUMBERED, NUMBERS = late_pattern(r"(.*?[a-z]) ?(\d{1,2})?"), frozenset((None, "1", "2", "3"))
MAX_KIN = 3
#: Most ranges that are kept, and most columns that are looked at for them.
MAX_RANGES, MAX_COLUMNS = 6, 200
#: Least rows, and least share of them in which the two ends differ.
MIN_ROWS, MIN_OPEN = 2, 0.5
#: Below so many rows anything lies between two numbers.
FEW_ROWS = 5


class Range(Struct, frozen=True):
    """Two columns of which one is never below the other, and which bound the same thing.

    Parameters
    ----------
    low, high
        Names of the columns.
    middle
        Name of what lies between them in every row, such as an estimate; None where nothing does.

    Examples
    --------
    >>> Range("temp_min", "temp_max").columns == {"temp_min", "temp_max"}
    True
    """

    low: str
    high: str
    middle: str | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The two names."""
        return frozenset((self.low, self.high))


def find_ranges(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Range, ...]:
    """Find the pairs of columns that are the ends of ranges.

    Names are the evidence ("min" and "max", "start" and "end", "y" and "y2"), for two times in one
    table their order alone; in every row of the sample the lower end must be the lower one.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of Range
        At most 6, in the table's order; of each lower end the widest.
    """
    scales = [
        at
        for at, column in enumerate(columns[:MAX_COLUMNS])
        if column.kind in ("number", "time")
        and column.semantic not in ("category", "constant", "identifier")
    ]
    times = [at for at in scales if columns[at].kind == "time"]
    widest: dict[int, tuple[float, Range]] = {}
    for first, second in _related(columns, scales, times):
        names = columns[first].name, columns[second].name
        said = are_ends(*names)
        meant = said or are_numbered(*names) or [first, second] == times
        if meant and columns[first].kind == columns[second].kind:
            for low, high in ((first, second), (second, first)):
                width = _width(values[low].numbers, values[high].numbers, anywhere=said)
                if width is not None and width > widest.get(low, (0.0,))[0]:
                    widest[low] = width, Range(columns[low].name, columns[high].name)
    found = [one for _, one in list(widest.values())[:MAX_RANGES]]
    told = [replace(one, middle=_middle(one, columns, values)) for one in found]
    middles = {one.middle for one in told}
    # From an estimate to its upper bound is half of a range.
    return tuple(one for one in told if one.columns.isdisjoint(middles))


def _middle(
    one: Range, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> str | None:
    """Return what the ends of a range are around: it lies between them, and its name says so.

    Where it has the words of the ends it is meant, else what is called an estimate or a mean, else
    the only number that is there.
    """
    stem = _subject(one.low) & _subject(one.high)
    inside = {name: _subject(name) for name in _between(one, columns, values)}
    bare = [name for name, words in inside.items() if words - MIDDLES == stem - MIDDLES]
    called = [name for name in bare if inside[name] == stem or inside[name] & MIDDLES]
    named = {column.name: column for column in columns}
    # Between two ends that lie apart everywhere anything may lie.
    apart = named[one.low].maximum < named[one.high].minimum
    few = columns[0].n_rows < FEW_ROWS or apart
    alone = list(inside) if not stem and not few else []
    return next((found[0] for found in (called, bare, alone) if len(found) == 1), None)


def _between(
    one: Range, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Iterator[str]:
    """Yield the names of sizes, not of ends, that lie between two ends wherever all are known."""
    places = {column.name: at for at, column in enumerate(columns)}
    if columns[places[one.low]].kind != "number":
        return
    low, high = (values[places[name]].sizes for name in (one.low, one.high))
    told = np.isfinite(low) & np.isfinite(high)
    for column, numbers in zip(columns[:MAX_COLUMNS], values, strict=False):
        if not column.is_size or WORDS.intersection(_words(column.name)):
            continue
        sizes = numbers.sizes
        known = told & np.isfinite(sizes)
        inside = (low <= sizes) & (sizes <= high)
        enough = known.sum() >= max(MIN_ROWS, MIN_OPEN * told.sum())
        if column.name not in one.columns and enough and inside[known].all():
            yield column.name


def _subject(name: str) -> frozenset[str]:
    """Return the words of a name that say what it is about, whatever end of it is meant."""
    return frozenset(_words(name)) - WORDS - _BOUNDS


def _related(
    columns: Sequence[ColumnProfile], scales: Sequence[int], times: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the pairs that are looked at, in order: what the names share, and two times."""
    kin: dict[tuple[str, ...], list[int]] = {}
    for at in scales:
        for shared in _shared(columns[at].name):
            kin.setdefault(shared, []).append(at)
    few = (members for shared, members in kin.items() if "" in shared or len(members) <= MAX_KIN)
    found = {pair for members in few for pair in combinations(members, 2)}
    return sorted(found | ({tuple(times)} if len(times) == 2 else set()))


def _words(name: str) -> list[str]:
    """Return the words of a name; an end that is joined to another word is one of its own."""
    found: list[str] = []
    for word in split_name(name).split():
        quantile = QUANTILE.fullmatch(word)
        if quantile is not None:
            found += quantile.groups()
            continue
        joined = None if word in WORDS else JOINED.match(word) or JOINED.search(word)
        ends = [] if joined is None else [word[: joined.start()], joined[0], word[joined.end() :]]
        found += filter(None, ends or [word])
    return found


def _shared(name: str) -> set[tuple[str, ...]]:
    """Return what a name has in common with that of another end, or with a numbered one."""
    text = split_name(name)
    words = _words(name)
    left = {(*words[:at], "", *words[at + 1 :]) for at, word in enumerate(words) if word in WORDS}
    numbered = NUMBERED.fullmatch(text)
    return left | ({(numbered[1],)} if numbered else set())


def are_ends(one: str, other: str) -> bool:
    """Whether two names differ in nothing but the end of a range that they mean.

    Examples
    --------
    >>> are_ends("temp_max", "temp_min"), are_ends("tmin", "tmax"), are_ends("price", "size")
    (True, True, False)
    """
    first, second = _words(one), _words(other)
    differ = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    if len(first) != len(second) or len(differ) != 1:
        return False
    return differ[0] in ENDS or differ[0][::-1] in ENDS


def lies_between(column: ColumnProfile, one: Range, columns: Mapping[str, ColumnProfile]) -> bool:
    """Whether numbers are between the ends of a range wherever one looks.

    Parameters
    ----------
    column
        Of the numbers; no end of any range is between those of its own.
    one
        The range.
    columns
        Those of the table by name, its ends among them.
    """
    if column.name in one.columns or not one.columns <= columns.keys():
        return False
    low, high = columns[one.low], columns[one.high]
    marks = [(c.minimum, *c.quantiles, c.maximum) for c in (low, column, high)]
    return all(a <= b <= c for a, b, c in zip(*marks, strict=True))


def are_numbered(one: str, other: str) -> bool:
    """Whether two names differ in nothing but a number at their end.

    Examples
    --------
    >>> are_numbered("y", "y2"), are_numbered("y1", "x2")
    (True, False)
    """
    first, second = (NUMBERED.fullmatch(split_name(name)) for name in (one, other))
    if first is None or second is None or not NUMBERS.issuperset((first[2], second[2])):
        return False
    return first[1] == second[1] and one != other


def _width(low: Floats | None, high: Floats | None, *, anywhere: bool) -> float | None:
    """Return the mean way from one end to the other; None where these are no ends of a range.

    The lower end never lies above the upper one, and both are of one size, unless `anywhere`.
    """
    if low is None or high is None:
        return None
    known = np.isfinite(low) & np.isfinite(high)
    low, high = low[known], high[known]
    if len(low) < MIN_ROWS or (low > high).any() or (low < high).mean() < MIN_OPEN:
        return None
    meet = anywhere or high.min() <= low.max()
    return float((high - low).mean()) if meet else None
