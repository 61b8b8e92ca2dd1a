"""Owns how the way in which one number goes with another is said, in units that people know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from erp_widget.aggregate import ChartRows
from erp_widget.context.number_kinds import holds_shares
from erp_widget.telling.drawn_ranks import FAINT, Pair, going, is_clear
from erp_widget.telling.figures import brief, figure
from erp_widget.telling.group_reasons import fitting
from erp_widget.telling.grouped_relations import grouped_relation, groups_of
from erp_widget.words import name_of
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile
from vizmodel.profile.reading.clocks import CLOCKS

#: Rows from which a slope, or the middle of a third, is told.
MIN_ROWS = 12
#: A straight line is told where it says this much of what ranks say.
STRAIGHT = 0.85
#: Steps of a number from which a change is told for each of them.
PLAIN_STEP = 10
#: Part of a step within which a change is as large as it.
ABOUT = 0.05


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
    x, y, timed = _sides(x, y, profile)
    name, over = name_of(y, profile), name_of(x, profile)
    pairs = [] if rows is None else drawn_pairs(x, y, rows)
    if not is_clear(value, len(pairs) or profile.column(str(y.field)).n_present):
        thirds = _thirds(pairs, y, profile, timed=timed)
        said = f"{name} does not clearly rise or fall {'over' if timed else 'with'} {over}"
        return fitting(said, f": {thirds}" if thirds else f": rank correlation {value:.2f}")
    said, figures = going(name, over, value, timed=timed), f"rank correlation {value:.2f}"
    other = _coloured(x, y, value, design, profile)
    if other:
        return f"{said} ({figures}){other}"
    slope = None if timed else _slope(pairs, x, y, value, profile)
    thirds = None if slope else _thirds(pairs, y, profile, timed=timed)
    more = slope or (f": {thirds}" if thirds else "")
    return fitting(said, more, f" ({figures})") if more else f"{said}: {figures}"


def relation_in_groups(
    x: Encoding,
    y: Encoding,
    value: float,
    design: Design,
    profile: Profile,
    rows: ChartRows | None,
) -> tuple[float, str] | None:
    """Return how strong one number goes with another in the groups that are drawn, and in words.

    Parameters
    ----------
    x, y, value, design, profile, rows
        As for `relation`.

    Returns
    -------
    tuple or None
        None where what all rows together say is all there is to say.
    """
    x, y, timed = _sides(x, y, profile)
    if rows is None or not drawn_pairs(x, y, rows):
        return None
    groups = groups_of(x, y, design, profile, rows)
    if groups is None:
        return None
    names = name_of(y, profile), name_of(x, profile)
    said = grouped_relation(groups, value, *names, timed=timed)
    strength = max(abs(one) for one in (value, *groups.clear.values()))
    return None if said is None else (strength, said)


def _sides(x: Encoding, y: Encoding, profile: Profile) -> tuple[Encoding, Encoding, bool]:
    """Return what goes along, what changes with it, and whether the former is a time.

    A measure changes with time, never time with a measure.
    """
    x_timed, y_timed = (profile.column(str(one.field)).is_time for one in (x, y))
    return (y, x, True) if y_timed and not x_timed else (x, y, x_timed)


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
    with np.errstate(over="ignore", invalid="ignore"):  # squares of the largest numbers
        straight = float(np.corrcoef(first, second)[0, 1])
        slope = straight * float(second.std() / first.std())
    if not math.isfinite(slope) or straight * value <= 0 or abs(straight) < STRAIGHT * abs(value):
        return None
    step = 10.0 ** math.floor(math.log10(high - low))
    change = step * slope
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
