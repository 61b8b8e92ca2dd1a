"""Owns how the way in which one number goes with another is said, in units that people know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.context.number_kinds import holds_shares
from erp_widget.telling.drawn_ranks import Pair, pair_correlation
from erp_widget.telling.figures import brief, figure, value_text
from erp_widget.telling.group_reasons import fitting
from erp_widget.words import name_of
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile
from vizmodel.profile.reading.clocks import CLOCKS

#: A rank correlation from 0.1 on is called weak, from 0.3 on a relation, from 0.7 on a strong one;
#: from so much on it is said to hold without exception.
FAINT, WEAK, STRONG, ALWAYS = 0.1, 0.3, 0.7, 0.995
#: A rank correlation in one group from which it is told where all rows together hardly show it.
ALONE = 0.5
#: Rows from which a slope, or the middle of a third, is told.
MIN_ROWS = 12
#: A straight line is told where it says this much of what ranks say.
STRAIGHT = 0.85
#: Steps of a number from which a change is told for each of them.
PLAIN_STEP = 10
#: Part of a step within which a change is as large as it.
ABOUT = 0.05
#: Student's t within which rank correlations of unrelated numbers are.
BY_CHANCE = 2.5
Parts = dict[str, list[Pair]]


def relation(
    x: Encoding,
    y: Encoding,
    value: float,
    design: Design,
    profile: Profile,
    rows: ChartRows | None,
) -> str:
    """Return how one number goes with another, with figures.

    Parameters
    ----------
    x, y
        The two.
    value
        Their rank correlation.
    design, profile
        The chart and its table.
    rows
        What is drawn, for how much the one is more where the other is.
    """
    # A measure changes with time, never time with a measure.
    if profile.column(str(y.field)).is_time and not profile.column(str(x.field)).is_time:
        x, y = y, x
    name, over = name_of(y, profile), name_of(x, profile)
    pairs = [] if rows is None else drawn_pairs(x, y, rows)
    timed = profile.column(str(x.field)).is_time
    group, parts = _by_group(x, y, design, rows) if pairs and rows is not None else (None, {})
    opposed = None if timed else _opposed(parts, name, over)
    if opposed is not None:
        return opposed
    only = None if group is None or timed else _only_in(group, parts, value, name, over, profile)
    if only is not None:
        return only
    n_rows = len(pairs) or profile.column(str(y.field)).n_present
    if abs(value) < max(FAINT, _by_chance(n_rows)):
        thirds = _thirds(pairs, y, profile, timed=timed)
        said = f"{name} does not clearly rise or fall {'over' if timed else 'with'} {over}"
        return fitting(said, f": {thirds}" if thirds else f": rank correlation {value:.2f}")
    within = "" if group is None else _within_groups(group, parts, value, profile)
    said = f"{_going(name, over, value, timed=timed)}{within}"
    other = _coloured(x, y, value, design, profile)
    if other and abs(value) >= FAINT:
        return f"{said} (rank correlation {value:.2f}){other}"
    if within:
        # What all rows together come to holds in none of the groups.
        return f"{said}: {_each(parts)}"
    slope = None if timed else _slope(pairs, x, y, value, profile)
    figures = f"rank correlation {value:.2f}"
    thirds = None if slope else _thirds(pairs, y, profile, timed=timed)
    more = slope or (f": {thirds}" if thirds else "")
    return fitting(said, more, f" ({figures})") if more else f"{said}: {figures}"


def _going(name: str, over: str, value: float, *, timed: bool) -> str:
    verb = "rises" if value > 0 else "falls"
    degree = " slightly" if abs(value) < WEAK else ""
    if STRONG <= abs(value) < ALWAYS:
        degree = " strongly"
    return f"{name} {verb}{degree} {'over' if timed else 'with'} {over}"


def _by_chance(n_rows: int) -> float:
    """Return up to which rank correlation so many rows of unrelated numbers have, mostly."""
    return float(BY_CHANCE / (max(n_rows - 2, 0) + BY_CHANCE**2) ** 0.5)


def drawn_pairs(x: Encoding, y: Encoding, rows: ChartRows) -> list[Pair]:
    """Return the rows of the table that are drawn and have both numbers; none of summaries."""
    if x.transform != "value" or y.transform != "value":
        return []
    drawn = [(record.get(x.channel), record.get(y.channel)) for record in rows.records]
    return [pair for pair in drawn if None not in pair]


def _slope(
    pairs: Sequence[Pair], x: Encoding, y: Encoding, value: float, profile: Profile
) -> str | None:
    """Say by how much one number is more for each step of the other, where a line tells it."""
    if len(pairs) < MIN_ROWS or not all(isinstance(one, int | float) for p in pairs for one in p):
        return None
    first, second = (np.array(ends, dtype=float) for ends in zip(*pairs, strict=True))
    low, high = np.quantile(first, (0.25, 0.75))
    if not high > low or not np.ptp(second):
        return None
    straight = float(np.corrcoef(first, second)[0, 1])
    if straight * value <= 0 or abs(straight) < STRAIGHT * abs(value):
        return None
    step = 10.0 ** math.floor(math.log10(high - low))
    change = step * straight * float(second.std() / first.std())
    columns = [profile.column(str(e.field)) for e in (x, y)]
    if columns[1].is_time or any(column.written in CLOCKS for column in columns):
        return None
    change_text, step_text = _change(abs(change), y, profile), brief(step, x, profile)
    if "points" not in change_text and abs(abs(change) / step - 1) <= ABOUT:
        return ", about one for one"
    # "For every 0.1", or for one of a range of three, is no step that people think in.
    return f", by about {change_text} for every {step_text}" if step >= PLAIN_STEP else None


def _change(change: float, y: Encoding, profile: Profile) -> str:
    """Return a difference in two digits, that of shares in points of percent."""
    column = profile.column(str(y.field))
    if holds_shares(column):
        return f"{100 * change:.2g} points"
    digits = 1 - math.floor(math.log10(change)) if change else 0
    rounded = round(change, digits)
    # Five percent more than ten percent is ten and a half.
    points = " points" if column.semantic == "percent" else ""
    return brief(int(rounded) if digits <= 0 else rounded, y, None) + points


def _thirds(pairs: Sequence[Pair], y: Encoding, profile: Profile, *, timed: bool) -> str | None:
    """Say what one number is in the middle where the other is low, and where it is high."""
    numbers = all(isinstance(one, int | float) for _, one in pairs)
    if len(pairs) < MIN_ROWS or not numbers:
        return None
    ordered = sorted(pairs, key=lambda pair: pair[0])
    size = len(ordered) // 3
    # Rows of one value are never in two thirds.
    ends = ordered[size - 1][0], ordered[-size][0]
    if ends[0] >= ends[1]:
        return _at_usual(ordered, ends[0], y, profile) if ends[0] == ordered[0][0] else None
    low = float(np.median([pair[1] for pair in ordered if pair[0] <= ends[0]]))
    high = float(np.median([pair[1] for pair in ordered if pair[0] >= ends[1]]))
    told = [brief(one, y, profile) for one in (low, high)]
    if told[0] == told[1]:
        return None
    first, last = ("first", "last") if timed else ("lowest", "highest")
    return f"median {told[0]} in the {first} third, {told[1]} in the {last}"


def _coloured(x: Encoding, y: Encoding, beside: float, design: Design, profile: Profile) -> str:
    """Say how a number on the y axis goes with a third one, that of the colours or sizes."""
    places = design.encodings[:2]
    others = [
        e for e in design.encodings[2:] if not e.discrete and e.field not in (x.field, y.field)
    ]
    counted = len(others) != 1 or others[0].field is None or others[0].aggregate is not None
    if counted or design.style.where or {x, y} != set(places):
        return ""
    value = profile.pair(str(y.field), str(others[0].field), "spearman")
    column = profile.column(str(others[0].field))
    if column.kind != "number" or column.null_share or profile.column(str(y.field)).null_share:
        return ""
    if abs(value) < FAINT:
        return f", hardly with {name_of(others[0], profile)} ({value:.2f})"
    other = name_of(others[0], profile)
    if value * beside > 0:
        return f" and with {other} ({value:.2f})"
    return f", but {'rises' if value > 0 else 'falls'} with {other} ({value:.2f})"


def _at_usual(ordered: Sequence[Pair], usual: Any, y: Encoding, profile: Profile) -> str | None:
    """Say what one number is where the other has its usual value, the lowest, and where more."""
    if not isinstance(usual, int | float):
        return None
    parts = [p[1] for p in ordered if p[0] == usual], [p[1] for p in ordered if p[0] != usual]
    if len(parts[1]) < MIN_ROWS:
        return None
    same, more = (brief(float(np.median(part)), y, profile) for part in parts)
    if same == more:
        return None
    return f"median {same} at {figure(usual)}, {more} above it"


def _by_group(x: Encoding, y: Encoding, design: Design, rows: ChartRows) -> tuple[Any, Parts]:
    """Return what splits the rows of a chart, and the pairs of each group; none of several."""
    groups = {e.field: e for e in design.encodings if e.discrete and e not in (x, y)}
    if len(groups) != 1:
        return None, {}
    group = next(iter(groups.values()))
    parts: Parts = {}
    for record in rows.records:
        pair = record.get(x.channel), record.get(y.channel)
        if None not in pair and record.get(group.channel) != MISSING:
            parts.setdefault(value_text(record.get(group.channel), group), []).append(pair)
    return group, parts


def _within_groups(group: Encoding, parts: Parts, value: float, profile: Profile) -> str:
    """Say that two numbers go together in the same way in each group that is drawn, if they do.

    Of some groups they may go the other way by chance; of that nothing is said.
    """
    told = [_correlation(pairs) for pairs in parts.values() if len(pairs) >= MIN_ROWS]
    if len(told) < 2 or len(told) < len(parts) or abs(value) < WEAK:
        return ""
    if not all(one * value > 0 and abs(one) >= FAINT for one in told):
        return ""
    every = "both" if len(told) == 2 else f"all {len(told)}"
    return f" in {every} groups of {name_of(group, profile)}"


def _each(parts: Parts) -> str:
    """Return the rank correlation in each of two groups, or from the least to the most of more."""
    told = {label: _correlation(pairs) for label, pairs in parts.items()}
    high, low = (end(told, key=lambda label: abs(told[label])) for end in (max, min))
    if f"{told[high]:.2f}" == f"{told[low]:.2f}":
        return f"rank correlation {told[high]:.2f} in each"
    if len(told) == 2:
        return f"rank correlation {told[high]:.2f} ({high}) and {told[low]:.2f} ({low})"
    return f"rank correlation {told[low]:.2f} ({low}) to {told[high]:.2f} ({high})"


def _only_in(
    group: Encoding, parts: Parts, value: float, name: str, over: str, profile: Profile
) -> str | None:
    """Say that numbers go together in one group, where all rows together hardly show it."""
    told = {at: _correlation(pairs) for at, pairs in parts.items() if len(pairs) >= MIN_ROWS}
    if abs(value) >= WEAK or len(told) < 2 or len(told) < len(parts):
        return None
    high, low = (end(told, key=lambda label: abs(told[label])) for end in (max, min))
    clear = abs(told[high]) >= max(ALONE, _by_chance(len(parts[high])))
    if not clear or abs(told[low]) >= WEAK:
        return None
    by, verb = name_of(group, profile), "rises" if told[high] > 0 else "falls"
    said = f"{name} {verb} with {over} where {by} is {high} (rank correlation {told[high]:.2f})"
    return f"{said}, hardly where it is {low} ({told[low]:.2f})"


def _opposed(parts: Parts, name: str, over: str) -> str | None:
    """Say that a number rises with another in one group and falls in another, by no chance."""
    told = {
        label: found
        for label, pairs in parts.items()
        if abs(found := _correlation(pairs)) >= max(WEAK, _by_chance(len(pairs)))
        and len(pairs) >= MIN_ROWS
    }
    if not told:
        return None
    high, low = (end(told, key=lambda label: told[label]) for end in (max, min))
    if told[high] < 0 or told[low] > 0:
        return None
    risen = f"rises with {over} for {high} (rank correlation {told[high]:.2f})"
    return f"{name} {risen} and falls for {low} ({told[low]:.2f})"


def _correlation(pairs: Sequence[Pair]) -> float:
    """Return the rank correlation of a group's rows; 0 where one number never changes in it."""
    return pair_correlation(pairs) or 0.0
