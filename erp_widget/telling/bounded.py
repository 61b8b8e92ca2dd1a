"""Owns what is said of figures that a table gives bounds of: the extremes, and if they are sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import ChartRows
from erp_widget.aggregate.plain import BOUNDS, MARGIN
from erp_widget.telling.figures import at_place, place, value_text
from erp_widget.words import called, phrase
from vizmodel.design import Design, Encoding
from vizmodel.form.bounds import bounded, estimated
from vizmodel.profile import Profile

#: What begins what is said of bounds in a title.
WITH = ", with "
#: Fewest places with what came and its bounds of which it is told how many lie within.
MIN_BOTH = 5
#: Up to this many figures are read out one by one.
MAX_LISTED = 6
Record = Mapping[str, Any]


def bounds_name(design: Design, profile: Profile | None = None) -> str:
    """Return from where to where the figures of a chart may lie, by the columns' names; or nothing.

    Examples
    --------
    >>> from vizmodel.design import Style
    >>> bounds_name(Design("line", (), Style(bounds=("lower", "upper"))))
    'lower to upper'
    """
    names = [called(name, profile) for name in design.style.around]
    return f"± {names[0]}" if design.style.margin is not None else " to ".join(names)


def bounded_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a figure is highest and lowest, within which bounds, and what these leave open.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart has no bounds, or hardly a figure.
    """
    figure = bounded(design)
    keys = [e for e in design.encodings if e is not figure]
    if figure is None or rows is None or not all(key.discrete for key in keys):
        return None
    told = sorted(rows.records, key=lambda record: record[figure.channel])
    sure = all(isinstance(r.get(end), int | float) for r in told for end in BOUNDS)
    values = [record[figure.channel] for record in told]
    # Of equals none is the highest, and of what has no bounds nothing is left open.
    if not sure or len(values) < 2 or values[0] == values[1] or values[-1] == values[-2]:
        return None
    (low_at, low), (high_at, high) = (_told(r, figure, keys, profile) for r in (told[0], told[-1]))
    name = phrase(figure, profile)
    if len(told) == 2:
        said = f"{name} is higher {high_at} ({high}) than {low_at} ({low})"
    else:
        said = f"{name} is highest {high_at} ({high}) and lowest {low_at} ({low})"
    if design.style.margin is not None:
        return said  # one error, or deviation, on either side leaves more open than it spans
    return f"{said}; {_left_open(told, bounds_name(design, profile))}"


def foreseen_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a forecast ends, within which bounds, and how what came lies beside it.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart has no forecast with bounds beside what came.
    """
    label, figure, x = estimated(design), bounded(design), design.encoding("x")
    if label is None or figure is None or x is None or rows is None:
        return None
    told = _in_order(rows.records, profile.column(str(x.field)).listed)
    bound = [r for r in told if all(r.get(end) is not None for end in BOUNDS)]
    came = [record for record in told if record["color"] != label]
    panels = [e for e in design.encodings if e.channel in ("row", "column")]
    if not bound or not came:
        return None
    if panels:
        return _foreseen_by(bound, figure, [x, *panels], profile, label)
    last, latest = bound[-1], came[-1]
    ends = f"{at_place(last, [x], profile)}, {label} is {_around(last, figure, profile)}"
    known = {record["x"]: record for record in bound}
    both = [(record["y"], known[record["x"]]) for record in came if record["x"] in known]
    if len(both) >= MIN_BOTH:
        inside = sum(r[BOUNDS[0]] <= value <= r[BOUNDS[1]] for value, r in both)
        return f"{ends}; {latest['color']} is within such bounds {inside} of {len(both)} times"
    at, value = at_place(latest, [x], profile), value_text(latest["y"], figure, profile)
    return f"{ends}; {latest['color']} ends with {value} {at}"


def _in_order(records: Sequence[Record], listed: Sequence[Any]) -> list[Record]:
    """Return records along x: times and numbers as they are, months in the order of the year."""
    places = {label: at for at, label in enumerate(listed)}
    if all(record["x"] in places for record in records):
        return sorted(records, key=lambda record: places[record["x"]])
    return sorted(records, key=lambda record: record["x"])


def _foreseen_by(
    bound: Sequence[Record],
    figure: Encoding,
    keys: Sequence[Encoding],
    profile: Profile,
    label: str,
) -> str | None:
    """Say of which panels the last forecast is the highest and the lowest."""
    x, panel = keys[0].channel, keys[1:]
    ends = [record for record in bound if record[x] == bound[-1][x]]
    ends.sort(key=lambda record: record[figure.channel])
    if len(ends) < 2 or ends[0][figure.channel] == ends[-1][figure.channel]:
        return None
    (low, least), (high, most) = (
        (place(one, panel, profile), _around(one, figure, profile)) for one in (ends[0], ends[-1])
    )
    at = at_place(bound[-1], keys[:1], profile)
    return f"{at}, {label} is highest for {high}, {most}, and lowest for {low}, {least}"


def _around(record: Record, figure: Encoding, profile: Profile) -> str:
    """Return a figure with its bounds in brackets."""
    value = value_text(record[figure.channel], figure, profile)
    return f"{value} ({_reach(record, figure, profile)})"


def bounds_facts(design: Design, profile: Profile, records: Sequence[Record]) -> str | None:
    """Read out a few figures with their bounds; None where there are none, or many."""
    figure = bounded(design)
    if figure is None or not 0 < len(records) <= MAX_LISTED:
        return None
    keys = [e for e in design.encodings if e is not figure]
    named = ((place(record, keys, profile), record) for record in records)
    return "; ".join(f"{at}: {_figures(r, figure, profile)}" for at, r in named) + "."


def _told(
    record: Record, figure: Encoding, keys: Sequence[Encoding], profile: Profile
) -> tuple[str, str]:
    """Return where a figure stands, and what it is, with its bounds."""
    return at_place(record, keys, profile), _figures(record, figure, profile)


def _figures(record: Record, figure: Encoding, profile: Profile) -> str:
    value = value_text(record[figure.channel], figure, profile)
    if any(record.get(end) is None for end in BOUNDS):
        return value
    if MARGIN in record:
        return f"{value} ± {value_text(record[MARGIN], figure, profile)}"
    return f"{value}, {_reach(record, figure, profile)}"


def _reach(record: Record, figure: Encoding, profile: Profile) -> str:
    return " to ".join(value_text(record[end], figure, profile) for end in BOUNDS)


def _left_open(told: Sequence[Record], name: str) -> str:
    """Say of which figures not even the sign is sure, else whether the extremes may be equal."""
    low, high = BOUNDS
    if any(r[low] < 0 for r in told) and any(r[high] > 0 for r in told):
        open_ones = sum(r[low] <= 0 <= r[high] for r in told)
        count = "none" if not open_ones else "all" if open_ones == len(told) else f"{open_ones}"
        return f"{name} includes 0 for {count} of the {len(told)}"
    meet = told[0][high] >= told[-1][low]
    return f"these two ranges {'overlap' if meet else 'do not overlap'}"
