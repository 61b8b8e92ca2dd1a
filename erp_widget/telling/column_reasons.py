"""Owns what is said of one column: its usual values, how far they reach, and what is unusual."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from statistics import quantiles
from typing import Any

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.count_reasons import FEW_NUMBERS, SMALL_GROUP
from erp_widget.telling.digits import needed_digits
from erp_widget.telling.extremes import as_well
from erp_widget.telling.figures import brief, figure, named_place, place, value_of
from erp_widget.telling.group_reasons import fitting
from erp_widget.telling.percents import percent
from erp_widget.words import called, name_of
from vizmodel.design import Design
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.reading.clocks import CLOCKS

#: Share of the rows that are nought, and that are below it, from which that is told.
MANY_ZEROS, SOME_NEGATIVE, MOST_NEGATIVE = 0.2, 0.02, 0.3
#: Skew from which numbers have a tail, and times the outer value is as far from the middle as the
#: one that nine in ten are within.
SKEWED, FAR = 1.0, 2.0
#: Digits of what nine in ten values are within.
QUANTILE_DIGITS = 3
#: Rows of a series from which its middle is told.
FEW_ROWS = 20
#: Points along an axis from which quartiles are told.
MIN_POINTS = 8
#: A second peak is this part of the first, and the valley between at most this part of it; bins
#: from which peaks are seen, and rows that both differ from the valley by, in standard deviations.
SECOND_PEAK, VALLEY, MIN_BINS, CLEARLY = 0.4, 0.6, 7, 4.0
Record = Mapping[str, Any]


def column_finding(
    column: ColumnProfile, design: Design, profile: Profile, rows: ChartRows | None
) -> str:
    """Return what one column is like.

    Parameters
    ----------
    column
        Of the table.
    design, profile
        The chart, which may count its values, and the table.
    rows
        What is drawn.
    """
    name = called(column.name, profile)
    if column.kind == "time":
        days = max(column.span_days, 0.0)
        span = f"{days / 365.25:.1f} years" if days > 730 else f"{days:,.0f} days"
        return f"{name} covers {span}"
    binned = any(e.bin and e.field == column.name for e in design.encodings)
    middles = _split_medians(column, design, profile, rows)
    if middles is not None:
        return middles
    if column.kind == "number" and (binned or column.n_distinct > FEW_NUMBERS):
        largest = not profile.approximate and not (rows is not None and rows.sampled)
        return _numbers(column, name, _peaks(column, design, rows), whole=largest)
    # Numbers that are sizes are no groups of rows.
    size = column.kind == "number" and column.field_type == "quantitative"
    if 1 < column.n_distinct == column.n_present and not profile.approximate:
        ends = f", from {value_of(column, column.minimum)} to {value_of(column, column.maximum)}"
        return f"all {column.n_distinct:,} values of {name} differ{ends if size else ''}"
    groups = f"{name} has {column.n_distinct:,} {'different values' if size else 'groups'}"
    if column.top_share <= SMALL_GROUP:
        return f"{groups}, none with more than {SMALL_GROUP:.0%} of the rows"
    of = _rows_of(column)
    if column.n_distinct > 1 and math.isclose(column.top_share * column.n_distinct, 1):
        return f"{groups}; each holds {percent(column.top_share)} of {of}"
    first = "commonest" if size else "largest"
    return f"{groups}; the {first} holds {percent(column.top_share)} of {of}"


def _rows_of(column: ColumnProfile) -> str:
    """Say of which rows the shares of a column's values are."""
    return "the rows" if column.n_present == column.n_rows else "the rows that have a value"


def drawn_column(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return what one number of a slice is like, of which only what is drawn tells."""
    if rows is None or not rows.records:
        return None
    quartiles = _quartiles(design, rows)
    if quartiles is not None:
        shown = next(e for e in design.encodings if e.transform == "value")
        low, median, high = (brief(quartile, shown, profile) for quartile in quartiles)
        return f"{name_of(shown, profile)} is typically {median}; half lie between {low} and {high}"
    measure, keys = measure_of(design), [e for e in design.encodings if e.bin]
    if measure is None or measure.aggregate != "count" or len(keys) != 1:
        return None
    fullest = max(rows.records, key=lambda record: record[measure.channel])
    share = fullest[measure.channel] / sum(record[measure.channel] for record in rows.records)
    more = as_well(
        fullest, rows.records, measure.channel, partial(place, keys=keys, profile=profile)
    )
    first = f"{place(fullest, keys, profile)}{more}: {percent(share)}"
    of = f"{_rows_of(profile.column(str(keys[0].field)))}{' each' if more else ''}"
    verb = "are" if more else "is"
    return f"the commonest {name_of(keys[0], profile)} {verb} {first} of {of}"


def _quartiles(design: Design, rows: ChartRows) -> list[float] | None:
    """Return the quartiles of a single box, or of points along one axis; None of other charts."""
    if design.mark == "boxplot" and len(rows.records) == 1:
        return [rows.records[0][part] for part in ("q1", "median", "q3")]
    if design.mark not in ("point", "tick") or len(design.encodings) != 1:
        return None
    (along,) = design.encodings
    told = [record[along.channel] for record in rows.records]
    numbers = [one for one in told if isinstance(one, int | float)]
    return quantiles(numbers, n=4, method="inclusive") if len(numbers) >= MIN_POINTS else None


def _split_medians(
    column: ColumnProfile, design: Design, profile: Profile, rows: ChartRows | None
) -> str | None:
    """Say in which bins of several histograms the middle of each is, at both ends."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure and e.field == column.name]
    groups = {e.field: e for e in design.encodings if e.discrete and e.field != column.name}
    if rows is None or measure is None or measure.aggregate != "count" or len(groups) != 1:
        return None
    if len(keys) != 1 or not keys[0].bin:
        return None
    group, axis = next(iter(groups.values())), keys[0].channel
    series: dict[str, list[Record]] = {}
    for record in rows.records:
        if record.get(group.channel) != MISSING and f"{axis}2" in record:
            series.setdefault(named_place(record, [group], profile), []).append(record)
    n_rows = {at: sum(r[measure.channel] for r in bins) for at, bins in series.items()}
    middles = {
        at: _middle(bins, axis, measure.channel)
        for at, bins in series.items()
        if n_rows[at] >= FEW_ROWS
    }
    if len(middles) < 2:
        return None
    high, low = (end(middles, key=lambda at: middles[at][axis]) for end in (max, min))
    most, least = (place(middles[at], keys, profile) for at in (high, low))
    if most == least:
        return None
    name = called(column.name, profile)
    return f"the middle {name} is {most} for {high} and {least} for {low}"


def _middle(bins: list[Record], axis: str, count: str) -> Record:
    """Return the bin that holds the median of all rows of some bins."""
    bins.sort(key=lambda record: record[axis])
    left = sum(record[count] for record in bins) / 2
    for record in bins:
        left -= record[count]
        if left <= 0:
            return record
    return bins[-1]


def _numbers(column: ColumnProfile, name: str, peaks: str | None, *, whole: bool) -> str:
    """Say where numbers usually are, and one or two things that are unusual of them.

    Which is the largest of all is not known from some of the rows.
    """
    low, _, middle, _, high = (_about(column, end) for end in column.quantiles)
    if column.integer and column.quantiles[2] % 1 == 0.5 and len(middle) <= 2:
        middle = figure(column.quantiles[2])  # between two of an even number of rows
    if column.quantiles[2] == 0 and column.share_zero >= 0.5:
        return fitting(
            f"{name} is 0 in {percent(column.share_zero)} of {_rows_of(column)}",
            f"; one value in twenty is above {high}" if column.quantiles[4] > 0 else "",
            f", the largest is {value_of(column, column.maximum)}" if whole else "",
        )
    said = f"{name} is typically {middle}; nine in ten lie between {low} and {high}"
    return fitting(said, *_unusual(column, peaks, whole=whole))


def _about(column: ColumnProfile, value: float) -> str:
    """Return a usual value in as many digits as matter; a year is one year, a time of day whole."""
    if column.is_time or column.written in CLOCKS or not value:
        return value_of(column, value)
    low, *_, high = column.quantiles
    digits = max(QUANTILE_DIGITS, needed_digits(value, high - low))
    return value_of(column, round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def _unusual(column: ColumnProfile, peaks: str | None, *, whole: bool) -> list[str]:
    low, _, middle, _, high = column.quantiles
    found = [f", with {peaks}"] if peaks else []
    of = "" if column.n_present == column.n_rows else " of the values"
    if column.share_zero >= MANY_ZEROS:
        found.append(f", {percent(column.share_zero)}{of} are 0")
    if SOME_NEGATIVE <= column.share_negative < MOST_NEGATIVE:
        found.append(f", {percent(column.share_negative)}{of} are below 0")
    if whole and column.skew > SKEWED and column.maximum - middle > FAR * (high - middle):
        found.append(f", the largest is {value_of(column, column.maximum)}")
    if whole and column.skew < -SKEWED and middle - column.minimum > FAR * (middle - low):
        found.append(f", the smallest is {value_of(column, column.minimum)}")
    return found


def _peaks(column: ColumnProfile, design: Design, rows: ChartRows | None) -> str | None:
    """Say where a histogram has two peaks with a valley between that is no chance."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if rows is None or measure is None or measure.aggregate != "count" or len(keys) != 1:
        return None
    axis, bins = keys[0].channel, [r for r in rows.records if f"{keys[0].channel}2" in r]
    if len(bins) < MIN_BINS or len(bins) < len(rows.records):
        return None
    bins.sort(key=lambda record: record[axis])
    tops = two_peaks([record[measure.channel] for record in bins])
    if tops is None:
        return None
    near = [value_of(column, (bins[at][axis] + bins[at][f"{axis}2"]) / 2) for at in tops]
    return f"two peaks, near {near[0]} and near {near[1]}" if near[0] != near[1] else None


def two_peaks(counts: Sequence[float]) -> tuple[int, int] | None:
    """Return where counts have two peaks, each clearly above the valley between them.

    Examples
    --------
    >>> two_peaks([10, 90, 200, 90, 20, 80, 150, 60]), two_peaks([1, 5, 4, 5, 1, 0, 0])
    ((2, 6), None)
    """
    # One bin that is full, as those of round numbers are, is no peak.
    ends = [counts[0], *counts, counts[-1]]
    counts = [(ends[at] + 2 * ends[at + 1] + ends[at + 2]) / 4 for at in range(len(counts))]
    first = max(range(len(counts)), key=lambda at: counts[at])
    best: tuple[float, int] | None = None
    for second, count in enumerate(counts):
        between = counts[min(first, second) + 1 : max(first, second)]
        if not between or count < SECOND_PEAK * counts[first]:
            continue
        valley = min(between)
        if valley > VALLEY * count or count - valley < CLEARLY * (count + valley) ** 0.5:
            continue
        if best is None or count > best[0]:
            best = (count, second)
    if best is None:
        return None
    return min(first, best[1]), max(first, best[1])
