"""Owns what is said of figures that a table gives bounds of: the extremes, and if they are sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import ChartRows
from erp_widget.aggregate.plain import BOUNDS
from erp_widget.telling.figures import at_place, place, value_text
from erp_widget.words import called, phrase
from vizmodel.design import Design, Encoding
from vizmodel.form.bounds import bounded
from vizmodel.profile import Profile

#: What begins what is said of bounds in a title.
WITH = ", with "
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
    if design.style.bounds is None:
        return ""
    return " to ".join(called(name, profile) for name in design.style.bounds)


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
    return f"{said}; {_left_open(told, bounds_name(design, profile))}"


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
    low, high = (value_text(record[end], figure, profile) for end in BOUNDS)
    return f"{value}, {low} to {high}"


def _left_open(told: Sequence[Record], name: str) -> str:
    """Say of which figures not even the sign is sure, else whether the extremes may be equal."""
    low, high = BOUNDS
    if any(r[low] < 0 for r in told) and any(r[high] > 0 for r in told):
        open_ones = sum(r[low] <= 0 <= r[high] for r in told)
        count = "none" if not open_ones else "all" if open_ones == len(told) else f"{open_ones}"
        return f"{name} includes 0 for {count} of the {len(told)}"
    meet = told[0][high] >= told[-1][low]
    return f"these two ranges {'overlap' if meet else 'do not overlap'}"
