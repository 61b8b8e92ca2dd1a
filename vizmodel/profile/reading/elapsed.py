"""Owns how long it takes from one time of a row to another: from an order to its delivery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.arrays import Floats, as_floats
from vizmodel.profile.reading.casts import Cast, apply_casts
from vizmodel.profile.reading.durations import unit_of
from vizmodel.profile.words import spaced_name, split_name

#: Fewest columns of a table that was not made for one chart, most times that are compared, and
#: most durations that a table gets.
MIN_COLUMNS, MAX_TIMES, MAX_MADE = 4, 8, 3
#: Fewest rows with both times, also as a share of all, and fewest different durations. Fewer rows
#: are drawn from beginning to end.
MIN_ROWS, MIN_SHARE, MIN_DISTINCT = 30, 0.1, 5
#: Shares of rows in which what comes first is not later, and in which it is earlier.
IN_ORDER, APART = 0.99, 0.5
#: Least share of what came after it was to come.
LATE = 0.05
#: Correlation from which two columns say the same.
SAME = 0.999
#: Seconds of a day, a week, a month and a year, and share of rows whose times are not further apart
#: than that where one of them is rounded.
LENGTHS, ROUNDED = {"D": 86_400.0, "W": 604_800.0, "M": 2_678_400.0, "Y": 31_622_400.0}, 0.95
#: What a time's name has beside the word that says what happened then.
_ANY_TIME = {"at", "on", "date", "time", "datetime", "timestamp", "ts", "dt", "utc", "day", "of"}
_ANY_TIME |= {"datum", "zeit", "fecha", "hora", "heure", "data", "ora", "am", "de", "du", "del"}
#: When a record was written, and not when something happened to what it is of.
_BOOKKEEPING = late_pattern(
    r"\b(updated?|modified|changed|loaded|inserted|ingested|scraped|synced|exported|extracted"
    r"|imported|snapshot|fetched|as of|geändert|aktualisiert|modifi\w+|actualizad\w+)\b"
)
#: When something was to happen: what came may be earlier or later.
_PLANNED = late_pattern(
    r"\b(due|planned|scheduled|expected|promised|target|deadline|estimated|eta|plan|fällig\w*"
    r"|geplant\w*|soll|prévue?s?|échéance|previst\w+|vencimiento)\b"
)


class Elapsed(Struct, frozen=True):
    """A column that is computed: how long it is from one time to another.

    Parameters
    ----------
    name
        What it is called.
    start, end
        How the columns of the two times are read.
    """

    name: str
    start: Cast
    end: Cast

    @property
    def between(self) -> tuple[str, str]:
        """Names of the columns that it is computed from."""
        return self.start.column, self.end.column

    @property
    def sources(self) -> tuple[str, ...]:
        """The same, as of any made column."""
        return self.between

    @property
    def kind(self) -> pa.DataType:
        """What it holds."""
        return pa.duration("us")

    def made(self, raw: pa.Table) -> pa.ChunkedArray:
        """Return its values, of rows as they are stored; as `of` does."""
        return self.of(apply_casts(raw.select(list(self.between)), (self.start, self.end)))

    def of(self, typed: pa.Table) -> pa.ChunkedArray:
        """Return its values, of columns as `apply_casts` makes them.

        Returns
        -------
        pa.ChunkedArray
            duration[us]; null where one of the times is missing.
        """
        times = typed.select(list(self.between))
        ticks = [pc.cast(pc.cast(c, pa.timestamp("us")), pa.int64()) for c in times.columns]
        return pc.cast(pc.subtract(ticks[1], ticks[0]), self.kind)


def without_their_times(casts: Sequence[Cast]) -> Iterator[Cast]:
    """Return casts, of which those drop computed durations whose times are no times any more."""
    times = {cast.column for cast in casts if cast.told in (None, "temporal") and cast.to != "drop"}
    for cast in casts:
        if cast.between is None or times.issuperset(cast.between):
            yield cast
        else:
            said = "it is computed from {} and {}, which are not both times".format(*cast.between)
            yield Cast(cast.column, "drop", reason=said)


def find_elapsed(typed: pa.Table, casts: Sequence[Cast]) -> tuple[Elapsed, ...]:
    """Return the durations that a table's times tell and no column holds.

    Parameters
    ----------
    typed
        Columns as `apply_casts` makes them.
    casts
        How its columns were read.

    Examples
    --------
    >>> import datetime as dt
    >>> opened = [dt.datetime(2025, 1, 1 + n) for n in range(30)]
    >>> closed = [day + dt.timedelta(days=n % 7) for n, day in enumerate(opened)]
    >>> said = {"team": [*"ab"] * 15, "stars": [1, 2, 5] * 10}
    >>> tickets = pa.table({"opened": opened, "closed": closed} | said)
    >>> [one.name for one in find_elapsed(tickets, [Cast(n, "keep") for n in tickets.column_names])]
    ['time from opened to closed']
    """
    if typed.num_columns < MIN_COLUMNS or typed.num_rows < MIN_ROWS:
        return ()
    read = {cast.column: cast for cast in casts}
    times = {
        name: _seconds(typed.column(name))
        for name in typed.column_names
        if pa.types.is_timestamp(typed.schema.field(name).type) and not _is_bookkeeping(name)
    }
    if not 2 <= len(times) <= MAX_TIMES:
        return ()
    numbers = [as_floats(c) for c in typed.columns if _is_number(c.type)]
    found: dict[tuple[str, str], Floats] = {}
    for start, end in _pairs(times):
        taken = times[end] - times[start]
        again = any(np.array_equal(taken, other, equal_nan=True) for other in found.values())
        if not again and not any(_is_same(taken, number) for number in numbers):
            found[start, end] = taken
    names = dict.fromkeys(typed.column_names)
    return tuple(
        Elapsed(_called(start, end, names), read[start], read[end])
        for start, end in islice(found, MAX_MADE)
    )


def _is_bookkeeping(name: str) -> bool:
    return _BOOKKEEPING.search(split_name(name)) is not None


def _is_planned(name: str) -> bool:
    return _PLANNED.search(split_name(name)) is not None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _seconds(times: pa.ChunkedArray) -> Floats:
    return as_floats(pc.cast(pc.cast(times, pa.timestamp("us")), pa.int64())) / 1e6


def _pairs(times: dict[str, Floats]) -> Iterator[tuple[str, str]]:
    """Return which times follow which: all of the way first, and then each step of it."""
    order = sorted(times, key=lambda name: float(np.nanmedian(times[name])))
    came = [name for name in order if not _is_planned(name)]
    steps = [(came[0], came[-1]), *pairwise(came)] if len(came) > 1 else []
    for start, end in dict.fromkeys(steps):
        if _tells(times[start], times[end], in_order=True):
            yield start, end
    for plan in (name for name in order if _is_planned(name)):
        apart = {name: float(np.nanmedian(np.abs(times[name] - times[plan]))) for name in came}
        nearest = min(apart, key=lambda name: apart[name], default=plan)
        # What is always before its plan is what the plan was made of.
        late = (times[nearest] > times[plan]).sum() >= LATE * len(times[plan])
        if late and _tells(times[plan], times[nearest]):
            yield plan, nearest


def _tells(start: Floats, end: Floats, in_order: bool = False) -> bool:
    """Whether durations say more than when they begin or end."""
    taken = end - start
    known = np.isfinite(taken)
    if known.sum() < max(MIN_ROWS, MIN_SHARE * len(taken)):
        return False
    start, end, taken = start[known], end[known], taken[known]
    if in_order and ((taken >= 0).mean() < IN_ORDER or (taken > 0).mean() < APART):
        return False
    if len(np.unique(taken)) < MIN_DISTINCT or _is_rounded(start, end):
        return False
    if len(np.unique(end)) < MIN_DISTINCT or _is_same(taken, end):
        return False
    # People think of ages, not of dates of birth.
    return unit_of(taken) == "years" or not _is_same(taken, start)


def _is_rounded(start: Floats, end: Floats) -> bool:
    """Whether one time is the day, the week, the month or the year that the other is in or by."""
    apart = np.abs(end - start)
    return any(
        len(np.unique(_within(times, unit))) == 1 and (apart < long).mean() >= ROUNDED
        for unit, long in LENGTHS.items()
        for times in (start, end)
    )


def _within(times: Floats, unit: str) -> Floats:
    """Return how far into its day, week, month or year each time is; in seconds."""
    begun = times.astype("datetime64[s]").astype(f"datetime64[{unit}]").astype("datetime64[s]")
    return times - begun.astype(np.float64)


def _is_same(one: Floats, other: Floats) -> bool:
    """Whether two columns say the same, where both are known."""
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < MIN_ROWS or not (np.ptp(one[both]) and np.ptp(other[both])):
        return bool(both.sum() >= MIN_ROWS)
    return bool(abs(np.corrcoef(one[both], other[both])[0, 1]) >= SAME)


def _called(start: str, end: str, taken: dict[str, None]) -> str:
    """Return what a duration is called: by what happened, and by whole names where that is gone."""
    words = [_happened(name) for name in (start, end)]
    said = words if all(words) and words[0] != words[1] else [start, end]
    name = f"time from {said[0]} to {said[1]}"
    while name in taken:
        name += " "
    taken[name] = None
    return name


def _happened(name: str) -> str:
    """Return a time's name without words that only say that it is a time."""
    return " ".join(word for word in spaced_name(name).split() if word.lower() not in _ANY_TIME)
