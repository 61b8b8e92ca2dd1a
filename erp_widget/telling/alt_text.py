"""Owns the text that stands for a chart where it cannot be seen, told from its aggregated rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.context.chart import ChartContext
from erp_widget.telling.bounded import bounds_facts
from erp_widget.telling.candle_reasons import candle_facts
from erp_widget.telling.extremes import as_well
from erp_widget.telling.figures import (
    named_place,
    own_level,
    place,
    same_labels,
    told_figure,
    value_text,
)
from erp_widget.telling.mark_words import FORMS
from erp_widget.telling.one_measure import by_measure
from erp_widget.telling.percents import percent, percent_beside
from erp_widget.telling.quotes import with_quotes
from erp_widget.telling.spans import span_facts
from erp_widget.telling.titles import told_title
from erp_widget.words import begun, clean_name, name_of, phrase
from vizmodel.design import Design, Encoding
from vizmodel.form.rates import as_rate
from vizmodel.profile import Profile

#: A value, and the record that has it.
Told = tuple[float, Mapping[str, Any]]
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
    'Bar chart: Number of records by city. Oslo: 1; Rome: 2.'
    """
    design = as_rate(design)
    kind, title = _kind(design), told_title(design, profile)
    # A map is called one by its title.
    begin = title if title.startswith(kind) else f"{kind}: {title}"
    parts = [f"{begin}.", _all_facts(design, profile, rows)]
    if rows.note:
        parts.append(f"{begun(rows.note)}.")
    return with_quotes(" ".join(part for part in parts if part), profile)


def _kind(design: Design) -> str:
    counted = any(e.aggregate == "count" for e in design.encodings)
    if design.mark == "bar" and counted and any(e.bin for e in design.encodings):
        return "Histogram"
    if design.style.projected:
        return "Map"
    if design.style.body is not None:
        return "Candlestick chart"
    if design.mark == "point" and any(e.discrete for e in design.encodings[:2]):
        return "Dot plot"
    return FORMS[design.mark]


def _all_facts(design: Design, profile: Profile, rows: ChartRows) -> str:
    """Read out values, those of several measures one measure after the other."""
    measures = by_measure(design, profile, rows)
    if not measures:
        return _facts(design, profile, rows)
    told = [
        f"{clean_name(one.name)}: {_facts(one.design, one.profile, one.rows)}"
        for one in measures[:MAX_LISTED]
    ]
    more = len(measures) - len(told)
    return " ".join([*told, *([f"{more} more measures."] if more else [])])


def _facts(design: Design, profile: Profile, rows: ChartRows) -> str:
    if not rows.records:
        return "There are no rows to show."
    if design.mark == "boxplot":
        return _box_facts(design, profile, rows)
    if design.style.body is not None:
        return candle_facts(design, profile, rows.records)
    if design.ends is not None:
        return span_facts(design, profile, rows.records)
    bounds = bounds_facts(design, profile, rows.records)
    if bounds is not None:
        return bounds
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if measure is None or (design.mark in ("point", "tick") and not design.aggregated):
        return _range_facts(design, profile, rows.records)
    if measure.aggregate is None and len(rows.records) > MAX_LISTED and not keys:
        return _range_facts(design, profile, rows.records)
    told: list[Told] = [
        (record[measure.channel], record)
        for record in rows.records
        if isinstance(record.get(measure.channel), int | float) and "others" not in record
    ]
    if design.style.sort is not None:
        told.sort(key=lambda pair: -pair[0])
    if design.style.stack == "normalize":
        return _share_facts(design, profile, rows, measure)
    told = _as_drawn(told, keys, ChartContext(design, profile, rows))
    in_time = len(keys) == 1 and keys[0].field_type == "temporal"
    whole = sum(value for value, _ in told) if design.mark == "arc" else 0
    others = [record for record in rows.records if "others" in record]
    ranked = bool(others) or design.of_largest
    facts = _value_facts(told, measure, keys, profile, in_time=in_time, whole=whole, ranked=ranked)
    if rows.overall is not None and len(told) > 1:
        facts += f" All together: {told_figure(rows.overall, measure, profile)}."
    for rest in others:
        facts += f" Other groups together: {told_figure(rest[measure.channel], measure, profile)}."
    return facts


def _as_drawn(told: list[Told], keys: Sequence[Encoding], context: ChartContext) -> list[Told]:
    """Return a few values in the order in which the chart shows them, as they are read out."""
    if len(told) > MAX_LISTED:
        return told
    labels = {key.channel: context.labels(key.channel) for key in keys}

    def place_of(pair: Told) -> list[int]:
        shown = [(found, pair[1].get(channel)) for channel, found in labels.items() if found]
        return [found.index(label) if label in found else len(found) for found, label in shown]

    return sorted(told, key=place_of)


def _share_facts(design: Design, profile: Profile, rows: ChartRows, measure: Encoding) -> str:
    """Tell of each part in which bar it has its largest and its smallest share."""
    parts = design.encoding("color")
    bars = next(e for e in design.encodings if e.channel in ("x", "y") and e.aggregate is None)
    if parts is None:
        return ""
    amounts: dict[str, dict[str, float]] = {}
    bare = True
    for record in rows.records:
        at, name = place(record, [bars], profile), place(record, [parts], profile)
        bar = amounts.setdefault(at, {})
        bar[name] = bar.get(name, 0.0) + record[measure.channel]
        bare = bare and own_level(named_place(record, [bars], profile), bars) == at
    # A number, or a yes, says nothing without its column.
    first, then = ("of", "of") if bare else (f"where {name_of(bars, profile)} is", "where it is")
    told = []
    for label in ChartContext(design, profile, rows).labels("color"):
        name = place({"color": label}, [parts], profile)
        if not any(name in bar for bar in amounts.values()):
            continue
        # A part of which a bar has no record has a share there, too: nothing.
        shares = [
            {"at": at, "share": bar.get(name, 0.0) / (sum(bar.values()) or 1.0)}
            for at, bar in amounts.items()
        ]
        told.append(f"{name}: {_outer_shares(shares, first, then)}")
    return "; ".join(told[:MAX_LISTED]) + "."


def _outer_shares(shares: Sequence[Mapping[str, Any]], first: str, then: str) -> str:
    """Say in which bars a part has its largest and its smallest share."""
    high, low = (end(shares, key=lambda one: one["share"]) for end in (max, min))
    most = percent_beside(high["share"], low["share"])
    if high["share"] == low["share"]:
        return f"{most} of each" if len(shares) > 1 else f"{most} {first} {high['at']}"
    most_at, least_at = (
        f"{end['at']}{as_well(end, shares, 'share', lambda one: str(one['at']))}"
        for end in (high, low)
    )
    least = percent_beside(low["share"], high["share"])
    return f"{most} {first} {most_at}, {least} {then} {least_at}"


def measure_of(design: Design) -> Encoding | None:
    """Return the encoding that a chart's other channels split."""
    summaries = [e for e in design.encodings if e.aggregate is not None]
    if summaries:
        return summaries[0]
    places = [e for e in design.encodings if e.field_type == "quantitative" and not e.bin]
    if design.mark in ("bar", "line", "area"):
        # A colour may be of a number, too; the marks reach as far as that of an axis.
        places = [e for e in places if e.channel in ("x", "y") and not e.discrete] or places
    return places[-1] if places else None


def _value_facts(
    told: Sequence[Told],
    measure: Encoding,
    keys: Sequence[Encoding],
    profile: Profile,
    *,
    in_time: bool = False,
    whole: float = 0,
    ranked: bool = False,
) -> str:
    """Read out a few values; of more, the highest, the lowest and how many there are.

    Of the largest of many groups, which are `ranked`, none is the lowest of all.
    """

    def text(value: float) -> str:
        said = told_figure(value, measure, profile)
        return said + (f" ({percent(value / whole)})" if whole else "")

    named = _need_names([record for _, record in told], keys)

    # Of thousands of places only a few are named.
    def where(record: Mapping[str, Any]) -> str:
        return place(record, keys, profile, named=named)

    if not told:
        return "There are no values to show."
    if len(told) == 1 and not where(told[0][1]):
        return f"The value is {text(told[0][0])}."
    if len(told) <= MAX_LISTED:
        return "; ".join(f"{where(record)}: {text(value)}" for value, record in told) + "."
    values: list[dict[str, Any]] = [{"value": value, "record": record} for value, record in told]
    high, low = (end(values, key=lambda one: one["value"]) for end in (max, min))
    if high["value"] == low["value"]:
        return f"All {len(told):,} values are {text(told[0][0])}."
    facts, lowest = [], f"lowest of the {len(told):,} shown" if ranked else "lowest"
    for name, end in (("Highest", high), (lowest, low)):
        more = as_well(end, values, "value", lambda one: where(one["record"]))
        facts.append(f"{name}: {where(end['record'])}{more} ({text(end['value'])})")
    if in_time:
        ends = (("first", told[0]), ("last", told[-1]))
        facts += [f"{name}: {where(record)} ({text(value)})" for name, (value, record) in ends]
    return "; ".join(facts) + ("." if ranked else f"; {len(told):,} values in all.")


def _need_names(records: Sequence[Mapping[str, Any]], keys: Sequence[Encoding]) -> bool:
    """Whether places are told by texts of two columns, or numbers, that leave open of which."""
    groups = [key.channel for key in keys if key.discrete]
    bare = sum(all(isinstance(r.get(c), int | float) for r in records) for c in groups)
    return bare > 1 or same_labels(records, keys)


def _range_facts(design: Design, profile: Profile, records: list[dict[str, Any]]) -> str:
    facts = [f"{len(records):,} {'row' if len(records) == 1 else 'rows'}"]
    for encoding in design.encodings:
        channel = encoding.channel
        values = [r[channel] for r in records if r.get(channel) is not None]
        name = phrase(encoding, profile)
        if not values:
            continue
        words = any(isinstance(v, str) for v in values) and encoding.field_type != "temporal"
        if encoding.discrete or words:
            facts.append(f"{len(set(values)):,} groups of {name}")
        else:
            low, high = (_end(end(values), encoding, records, profile) for end in (min, max))
            facts.append(f"{name} from {low} to {high}")
    return "; ".join(facts) + "."


def _end(value: Any, encoding: Encoding, records: list[dict[str, Any]], profile: Profile) -> str:
    """Return the smallest or the largest value in words, with the name of the row that has it."""
    said = value_text(value, encoding, profile, with_unit=True)
    names = [r.get("name") for r in records if r.get(encoding.channel) == value]
    known = len(names) == 1 and names[0] not in (None, MISSING)
    return f"{said} ({clean_name(str(names[0]))})" if known else said


def _box_facts(design: Design, profile: Profile, rows: ChartRows) -> str:
    records = rows.records
    measure = next(e for e in design.encodings if e.transform == "value")
    keys = [e for e in design.encodings if e is not measure]
    if len(records) == 1:
        parts = ("median", "q1", "q3", "low", "high")
        median, q1, q3, low, high = (told_figure(records[0][p], measure, profile) for p in parts)
        return (
            f"Median {median}, half of the values between {q1} and {q3}, "
            f"whiskers from {low} to {high}."
        )
    told: list[Told] = [(record["median"], record) for record in records]
    if design.style.sort is not None:
        told.sort(key=lambda pair: -pair[0])
    told = _as_drawn(told, keys, ChartContext(design, profile, rows))
    return f"Medians. {_value_facts(told, measure, keys, profile)}"
