"""Owns the text that stands for a chart where it cannot be seen, told from its aggregated rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import ChartRows
from erp_widget.aggregate.values import MONTH_NAMES
from erp_widget.words import channel_title, lower_first, title
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

MARK_WORDS = {
    "point": "Scatter plot",
    "bar": "Bar chart",
    "line": "Line chart",
    "area": "Area chart",
    "tick": "Strip plot",
    "rect": "Heat map",
    "arc": "Donut chart",
    "boxplot": "Box plot",
}
#: Up to this many values are read out one by one.
MAX_LISTED = 6


def description(design: Design, profile: Profile, rows: ChartRows) -> str:
    """Return a chart's alt text: its kind, its title, and what its values say.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> bars = Design("bar", (Encoding("x", "city", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> profile = profile_table(pa.table({"city": ["Rome", "Rome", "Oslo"]}))
    >>> shown = ChartRows([{"x": "Oslo", "y": 1}, {"x": "Rome", "y": 2}], 3)
    >>> description(bars, profile, shown)
    'Bar chart: Number of records by city. Oslo 1; Rome 2.'
    """
    parts = [f"{_kind(design)}: {title(design, profile)}.", _facts(design, profile, rows)]
    if rows.note:
        parts.append(f"{rows.note[0].upper()}{rows.note[1:]}.")
    return " ".join(part for part in parts if part)


def _kind(design: Design) -> str:
    if design.mark == "bar" and any(e.bin for e in design.encodings):
        return "Histogram"
    if design.mark == "point" and any(e.discrete for e in design.encodings[:2]):
        return "Dot plot"
    return MARK_WORDS[design.mark]


def _facts(design: Design, profile: Profile, rows: ChartRows) -> str:
    if not rows.records:
        return "There are no rows to show."
    if design.mark == "boxplot":
        return _box_facts(design, rows.records)
    measure = _measure(design)
    keys = [e for e in design.encodings if e is not measure and e.channel != "detail"]
    if measure is None or (design.mark in ("point", "tick") and not design.aggregated):
        return _range_facts(design, profile, rows.records)
    if measure.aggregate is None and len(rows.records) > MAX_LISTED and not keys:
        return _range_facts(design, profile, rows.records)
    return _value_facts(measure.channel, keys, rows.records)


def _measure(design: Design) -> Encoding | None:
    summaries = [e for e in design.encodings if e.aggregate is not None]
    if summaries:
        return summaries[0]
    places = [e for e in design.encodings if e.field_type == "quantitative" and not e.bin]
    return places[-1] if places else None


def _value_facts(channel: str, keys: Sequence[Encoding], records: list[dict[str, Any]]) -> str:
    told = [(record[channel], _place(record, keys)) for record in records]
    if len(told) == 1 and not told[0][1]:
        return f"The value is {_text(told[0][0])}."
    if len(told) <= MAX_LISTED:
        return "; ".join(f"{place} {_text(value)}" for value, place in told) + "."
    high = max(told, key=lambda pair: pair[0])
    low = min(told, key=lambda pair: pair[0])
    facts = [f"Highest: {high[1]} ({_text(high[0])})", f"lowest: {low[1]} ({_text(low[0])})"]
    if any(e.field_type == "temporal" for e in keys) and len(keys) == 1:
        first, last = told[0], told[-1]
        facts.append(f"first: {first[1]} ({_text(first[0])})")
        facts.append(f"last: {last[1]} ({_text(last[0])})")
    return "; ".join(facts) + f"; {len(told):,} values in all."


def _place(record: Mapping[str, Any], keys: Sequence[Encoding]) -> str:
    parts = []
    for encoding in keys:
        value = record.get(encoding.channel)
        end = record.get(f"{encoding.channel}2")
        told = _period(str(value), encoding) if _dated(encoding) else _text(value)
        parts.append(told if end is None else f"{told} to {_text(end)}")
    return ", ".join(dict.fromkeys(parts))


def _period(value: str, encoding: Encoding) -> str:
    """Say a date as exactly as its time unit is."""
    if encoding.time_unit == "year":
        return value[:4]
    if encoding.time_unit == "yearmonth" and value[5:7].isdecimal():
        return f"{MONTH_NAMES[int(value[5:7]) - 1]} {value[:4]}"
    return _text(value)


def _range_facts(design: Design, profile: Profile, records: list[dict[str, Any]]) -> str:
    facts = [f"{len(records):,} {'mark' if len(records) == 1 else 'marks'}"]
    for encoding in design.encodings:
        values = [r[encoding.channel] for r in records if r.get(encoding.channel) is not None]
        name = lower_first(channel_title(encoding, profile))
        if not values:
            continue
        if encoding.discrete or (any(isinstance(v, str) for v in values) and not _dated(encoding)):
            facts.append(f"{len(set(values))} groups of {name}")
        else:
            facts.append(f"{name} from {_text(min(values))} to {_text(max(values))}")
    return "; ".join(facts) + "."


def _dated(encoding: Encoding) -> bool:
    return encoding.field_type == "temporal"


def _box_facts(design: Design, records: list[dict[str, Any]]) -> str:
    keys = [e for e in design.encodings if e.transform != "value"]
    if len(records) == 1:
        only = records[0]
        return (
            f"Median {_text(only['median'])}, half of the values between {_text(only['q1'])} and "
            f"{_text(only['q3'])}, whiskers from {_text(only['low'])} to {_text(only['high'])}."
        )
    return "Medians: " + _value_facts("median", keys, records)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = str(value)
        return text.removesuffix("Z").replace("T", " ") if text[:4].isdigit() else text
    if isinstance(value, int) and 1000 <= value <= 2999:
        return str(value)  # often a year; a comma would be wrong there and is missed nowhere
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
