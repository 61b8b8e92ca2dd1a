"""Owns what is said of numbers along a time or another number: how they begin, peak and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
from msgspec.structs import replace

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.curves import curve_levels
from erp_widget.telling.drawn_ranks import pair_correlation
from erp_widget.telling.extremes import extremes, is_beyond
from erp_widget.telling.figures import at_place, brief, briefs, named_place, own_level, place
from erp_widget.telling.gathered_names import PLAIN_VALUES, says_little
from erp_widget.telling.group_reasons import LONGEST, difference, fitting, in_their_order, keys_of
from erp_widget.words import phrase
from vizmodel.design import CYCLES, Design, Encoding
from vizmodel.profile import ColumnProfile, Profile

#: Values from which ranks tell a trend, and from which rank correlation with the order they do.
FEW, TREND = 5, 0.3
#: Rows that a mean is of, from which its course may begin or end there, and which part of the usual
#: number these are.
MIN_ROWS, USUAL_PART = 3, 0.2
#: Share of the range of all values by which a peak rises above both ends, to be told.
PEAK = 0.1
#: The same from which a sentence without it is wrong, however long it gets.
BEYOND = 0.2
#: Part of the largest of some counts or sums by which they hardly differ.
FLAT = 0.02
#: Days by which a month may begin later, or end earlier, and still be a month.
SLACK_DAYS = 3
#: Hours of a day of which the same is said, and the time units of which there may be a part.
SLACK_HOURS = 12
LENGTHS = ("year", "yearmonth", "yearmonthdate")
#: Standard deviations by which two counts differ where there are as many on average.
BY_CHANCE = 2.0
#: Places of an axis from which single values of it are noise where nothing rises or falls.
MANY = 24
Record = Mapping[str, Any]


def course_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return how a number goes on along an axis: from where to where, and where it peaks.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart does not show one value, or one of each of several series, at each
        place of a scale that has a begin and an end.
    """
    measure = measure_of(design)
    if rows is None or measure is None or design.ends is not None:
        return None
    keys = keys_of(design, measure)
    along = _axis(design, keys, profile, rows)
    groups = [key for key in keys if key is not along]
    if along is None or len(groups) > 1 or not all(one.discrete for one in groups):
        return None
    least = _least_rows(rows, measure)
    told: list[Record] = [r for r in rows.records if _is_told(r, measure, along, least)]
    places = {tuple(r.get(key.channel) for key in keys) for r in told}
    if len(places) < len(told) or len({r[along.channel] for r in told}) < 2:
        return None
    told = _along(told, along, rows, profile)
    parts = _parts(told, measure, along, profile)
    told = [record for record in told if record[along.channel] not in parts]
    whole = [record for record in rows.records if record.get(along.channel) not in parts]
    rows = replace(rows, records=whole)
    name = phrase(measure, profile)
    lines = design.style.lines
    if not groups:
        found = _course(told, measure, along, profile, name)
    else:
        differs = difference(design, profile, measure, groups[0])
        found = None if differs else _series(told, measure, along, groups[0], profile, name)
        found = found or curve_levels(told, measure, along, groups[0], profile, name)
        found = found or _ends(rows, measure, keys, profile, name)
        # Of those that are not drawn nothing is said.
        return f"{found}, of the {lines} shown" if found and lines else found
    return found or _ends(rows, measure, keys, profile, name)


def _parts(told: list[Record], measure: Encoding, along: Encoding, profile: Profile) -> list[Any]:
    """Return a first and a last year or month of which the table has a part only.

    What has been counted or summed in a part is no fall and no rise.
    """
    column = profile.column(str(along.field))
    adds = measure.aggregate in ("count", "sum") and column.kind == "time"
    seconds = np.array([column.minimum, column.maximum])
    if not adds or along.time_unit not in LENGTHS or not np.isfinite(seconds).all():
        return []
    if column.n_distinct <= len({record[along.channel] for record in told}):
        return []  # one date stands for each, such as the 15th or the end of a fiscal year
    if along.time_unit == "yearmonthdate":
        return _part_days(told, along, column)
    times = seconds.astype("datetime64[s]")
    months = times.astype("datetime64[M]")
    days = (times - months).astype("timedelta64[D]").astype(int)
    in_year = months.astype(int) % 12
    by_year = along.time_unit == "year"
    late = in_year[0] > 0 if by_year else days[0] >= SLACK_DAYS
    early = in_year[1] < 11 if by_year else days[1] < 28 - SLACK_DAYS
    # Those that the chart leaves out by itself are not here any more.
    at = [str(time)[: 4 if by_year else 7] for time in times]
    begin, end = told[0][along.channel], told[-1][along.channel]
    ends = [begin] * bool(late and str(begin).startswith(at[0]))
    ends += [end] * bool(early and str(end).startswith(at[1]))
    return ends if len({record[along.channel] for record in told} - {*ends}) > 1 else []


def _part_days(told: list[Record], along: Encoding, column: ColumnProfile) -> list[Any]:
    """Return a first and a last day that begin late, or end early, in a table of times of day."""
    times = np.array([column.minimum, column.maximum]).astype("datetime64[s]")
    days = times.astype("datetime64[D]")
    hours = (times - days).astype(int) / 3600
    if not hours.any():
        return []  # dates without a clock
    late, early = hours[0] > SLACK_HOURS, hours[1] < 24 - SLACK_HOURS
    begin, end = told[0][along.channel], told[-1][along.channel]
    ends = [begin] * bool(late and str(begin).startswith(str(days[0])))
    ends += [end] * bool(early and str(end).startswith(str(days[1])))
    return ends if len({record[along.channel] for record in told} - {*ends}) > 1 else []


def _along(told: list[Record], along: Encoding, rows: ChartRows, profile: Profile) -> list[Record]:
    """Return records in the order in which they stand along an axis."""
    if along.discrete:
        return in_their_order(told, along, rows, profile)
    return sorted(told, key=lambda record: record[along.channel])


def _axis(
    design: Design, keys: Sequence[Encoding], profile: Profile, rows: ChartRows
) -> Encoding | None:
    """Return the axis along which numbers go on: a time, or where a line runs."""
    for key in keys:
        if key.channel not in ("x", "y") or key.field is None or key.time_unit in CYCLES:
            continue
        timed = profile.column(key.field).is_time and not key.bin
        joined = design.mark in ("line", "area") and _has_order(key, rows, profile)
        if joined or (timed and (key.time_unit or design.mark != "point" or not key.discrete)):
            return key
    return None


def _has_order(key: Encoding, rows: ChartRows, profile: Profile) -> bool:
    if not key.discrete:
        return True
    known = [r for r in rows.records if r.get(key.channel) not in (None, MISSING, WHOLE)]
    return bool(in_their_order(known, key, rows, profile))


def _least_rows(rows: ChartRows, measure: Encoding) -> float:
    """Return of how many rows a mean is, at least, where a course may begin or end."""
    if measure.aggregate not in ("mean", "median"):
        return 0
    sizes = [record["rows"] for record in rows.records if "rows" in record]
    return max(MIN_ROWS, median(sizes) * USUAL_PART) if sizes else 0


def _is_told(record: Record, measure: Encoding, along: Encoding, least: float) -> bool:
    value, at = record.get(measure.channel), record.get(along.channel)
    few = record.get("rows", least) < least
    named = at is not None and at not in (MISSING, WHOLE)
    return isinstance(value, int | float) and named and not record.get("partial") and not few


def _course(
    told: Sequence[Record], measure: Encoding, along: Encoding, profile: Profile, name: str
) -> str | None:
    """Say from where to where a number goes that has a trend, and where it is beyond both ends."""
    values = [float(record[measure.channel]) for record in told]
    if min(values) == max(values):
        return f"{name} never changes: {brief(values[0], measure, profile)}"
    adds = measure.aggregate in ("count", "sum")
    if adds and max(values) - min(values) <= FLAT * max(values):
        low, high = (brief(end, measure, profile) for end in (min(values), max(values)))
        return f"{name} hardly changes: {low} to {high}"
    change = values[-1] - values[0]
    trend = _trend(values)
    by_chance = BY_CHANCE * (abs(values[0]) + abs(values[-1])) ** 0.5
    if measure.aggregate == "count" and abs(change) <= by_chance:
        return None
    if not change or trend * change <= 0 or (len(values) >= FEW and abs(trend) < TREND):
        return None

    def at(record: Record) -> str:
        value = texts[told.index(record)]
        return f"{value} {_at(record, along, profile)}"

    texts = briefs(values, measure, profile)
    said = f"{name} {'rises' if change > 0 else 'falls'} from {at(told[0])} to {at(told[-1])}"
    far = PEAK * (max(values) - min(values))
    top, bottom = (told[values.index(end)] for end in (max(values), min(values)))
    above = max(values) - max(values[0], values[-1])
    below = min(values[0], values[-1]) - min(values)
    if max(above, below) <= far:
        return said
    kind, where = ("peak", top) if above >= below else ("low", bottom)
    more = f", with a {kind} of {at(where)}"
    beyond = max(above, below) > BEYOND * (max(values) - min(values))
    return said + more if beyond else fitting(said, more)


def _series(
    told: Sequence[Record],
    measure: Encoding,
    along: Encoding,
    group: Encoding,
    profile: Profile,
    name: str,
) -> str | None:
    """Say which of several series ends highest and which lowest, and how each began."""
    by_place: dict[Any, dict[Any, Record]] = {}
    for record in told:
        if record.get(group.channel) not in (MISSING, WHOLE):
            by_place.setdefault(record[along.channel], {})[record[group.channel]] = record
    most = max(map(len, by_place.values()), default=0)
    full = [found for found in by_place.values() if len(found) == most]
    if most < 2 or len(full) < 2:
        return None
    first, last = full[0], full[-1]
    ends = [end(last, key=lambda one: last[one][measure.channel]) for end in (max, min)]
    if len(full) > MANY and not any(_goes_on(full, one, measure) for one in ends):
        return None
    now, then = (
        [brief(at[one][measure.channel], measure, profile) if one in at else "" for one in ends]
        for at in (last, first)
    )
    if now[0] == now[1]:
        return None
    high, low = named_place(last[ends[0]], [group], profile), place(last[ends[1]], [group], profile)
    high, low = own_level(high, group), own_level(low, group)
    began, ended = (_at(at[next(iter(at))], along, profile) for at in (first, last))
    higher, than = ("higher", "than") if most == 2 else ("highest", "and lowest")
    told_ends = [last[one][measure.channel] for one in ends]
    at_end = [record for record in told if record[along.channel] == last[ends[0]][along.channel]]
    among = is_beyond(at_end, told_ends, measure.channel, [group])
    rest = "), of groups with a value" if among else ")"
    of, to = ("", "") if _are_states(group, profile) else (f"{name} is {higher} for ", "for ")
    is_higher = "" if of else f" is {higher}"
    parts = (f"{ended}, {of}{high}{is_higher} (", f") {than} {to}{low} (", rest)
    told_all = _with(parts, f"{now[0]}; {then[0]} {began}", f"{now[1]}; {then[1]}")
    return told_all if all(then) and len(told_all) <= LONGEST else _with(parts, *now)


def _are_states(group: Encoding, profile: Profile) -> bool:
    """Whether lines are two columns whose names say what they are."""
    fold = profile.gathered_as(group.field)
    return fold is not None and fold.couple and says_little(fold.value, PLAIN_VALUES)


def _with(parts: tuple[str, str, str], first: str, second: str) -> str:
    """Put figures between the parts of a sentence: labels in it may hold braces, or anything."""
    return f"{parts[0]}{first}{parts[1]}{second}{parts[2]}"


def _goes_on(full: Sequence[Mapping[Any, Record]], series: Any, measure: Encoding) -> bool:
    """Whether one of several series has a trend, rather than going up and down."""
    values = [at[series][measure.channel] for at in full if series in at]
    return abs(_trend(values)) >= TREND


def _trend(values: Sequence[float]) -> float:
    """Return the rank correlation of values with their order."""
    return pair_correlation(list(enumerate(values))) or 0.0


def _ends(
    rows: ChartRows, measure: Encoding, keys: Sequence[Encoding], profile: Profile, name: str
) -> str | None:
    """Say where a number without a trend is highest and lowest."""
    found = extremes(rows, measure, [key for key in keys if key.channel != "size"], profile)
    if found is None or found.n_values < 2:
        return None
    if found.most == found.least:
        return f"{name} never changes: {found.most}"
    return found.said(name)


def _at(record: Record, along: Encoding, profile: Profile) -> str:
    """Say where on its axis a record stands: "in 2024", "at threads = 8"."""
    said = at_place(record, [along], profile)
    return f"at {said.removeprefix('for ')}" if said.startswith("for ") else said
