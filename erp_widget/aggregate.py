"""Owns the rows of a chart: what the browser gets, summarised where the data is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

from erp_widget.sources.connection import CONNECTION_LOCK, backend
from vizmodel.design import Channel, Design, Encoding

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.sources import Table

#: More rows than this are never drawn one by one.
MAX_EXACT_ROWS = 5_000
#: Rows drawn instead: enough to see the shape, few enough for 15 charts in one page.
SAMPLED_ROWS = 1_000
#: Most groups of one chart that are fetched.
MAX_GROUPS = 5_000
#: Most separate values on one channel; the rest is left out, and the chart says so.
MAX_VALUES: dict[Channel, int] = {
    "x": 60,
    "y": 60,
    "row": 12,
    "column": 12,
    "detail": 60,
}
MAX_OTHER_VALUES = 20
#: Bins aimed at on an axis, and in each direction of a heat map.
HISTOGRAM_BINS, HEATMAP_BINS, GROUP_BINS = 24, 20, 10
SIGNIFICANT_DIGITS = 6

MISSING = "(missing)"
MONTH_NAMES = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BinForm = Literal["edges", "middle", "label"]
TRUNCATED = {"year": "Y", "yearmonth": "M", "yearmonthdate": "D"}


@dataclass(frozen=True, slots=True)
class ChartRows:
    """The rows that one chart draws.

    Parameters
    ----------
    records
        One dict per mark, keyed by channel: numbers, texts, dates as ISO 8601 in UTC. A bin's
        upper edge is `x2` or `y2`; `rows` counts the table's rows behind a summary; box plots
        have `low`, `q1`, `median`, `q3`, `high`, `minimum`, `maximum`.
    n_shown
        Rows of the table that the chart stands for.
    note
        What the reader must know: a sample, values left out; None if nothing.
    orders
        Channel -> its labels in their natural order, where the data's own order is not it.
    """

    records: list[dict[str, Any]]
    n_shown: int
    note: str | None = None
    orders: dict[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bins:
    """Equal bins with round edges.

    Examples
    --------
    >>> nice_bins(0.0, 97.0, 10)
    Bins(start=0.0, step=10.0, count=10)
    """

    start: float
    step: float
    count: int

    def edge(self, index: float) -> int | float:
        """Return the lower edge of a bin, or a place in it (0.5 is its middle), without noise."""
        digits = max(0, 2 - math.floor(math.log10(self.step)))
        value = round(self.start + index * self.step, digits)
        return int(value) if value.is_integer() else value

    def label(self, index: int) -> str:
        """Return a bin as text, for scales of separate values."""
        return f"{self.edge(index):,} – {self.edge(index + 1):,}"


def nice_bins(low: float, high: float, max_bins: int, whole: bool = False) -> Bins:
    """Return at most `max_bins` bins from `low` to `high` with a width of 1, 2 or 5 times 10^n."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return Bins(low, 1.0, 1)
    power = 10.0 ** math.floor(math.log10(span / max_bins))
    widths = [power * factor for factor in (1, 2, 5, 10, 20)]
    if whole:
        widths = [width for width in widths if width >= 1] or [1.0]
    for step in widths:
        start = math.floor(low / step) * step
        count = max(1, math.ceil((high - start) / step))
        if whole and step == 1:
            count = round(high - start) + 1
        if count <= max_bins:
            break
    return Bins(start, step, count)


def rows(table: Table, design: Design) -> ChartRows:
    """Return the rows that a design draws; one query, run where the table is.

    Parameters
    ----------
    table
        Where the rows are.
    design
        A drawn design on that table.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> bars = Design("bar", (Encoding("x", "c", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> rows(open_table({"c": ["a", "a", "b"]}), bars).records
    [{'x': 'a', 'y': 2}, {'x': 'b', 'y': 1}]
    """
    if design.mark == "boxplot":
        found = _box_rows(table, design)
    elif any(e.aggregate or e.bin or e.time_unit for e in design.encodings):
        found = _group_rows(table, design)
    else:
        found = _plain_rows(table, design)
    return _with_few_values(found, design)


def _fetch(expression: ir.Table) -> list[dict[str, Any]]:
    with CONNECTION_LOCK:
        fetched: list[dict[str, Any]] = backend().to_pyarrow(expression).to_pylist()
    return fetched


# --- rows as they are


def _plain_rows(table: Table, design: Design) -> ChartRows:
    wanted = {e.channel: e for e in design.encodings if e.field is not None}
    if table.n_rows > MAX_EXACT_ROWS:
        return _sampled_rows(table, wanted)
    relation = table.relation
    columns = {channel: relation[table.internal(str(e.field))] for channel, e in wanted.items()}
    records = [_record(raw, wanted) for raw in _fetch(relation.select(**columns))]
    return _complete(records, table.n_rows, design)


def _sampled_rows(table: Table, wanted: Mapping[Channel, Encoding]) -> ChartRows:
    import pyarrow as pa

    from erp_widget.sources.rows import spread_positions

    sample = table.sample()
    names = list(dict.fromkeys(str(e.field) for e in wanted.values()))
    chosen = sample.select(names).take(pa.array(spread_positions(sample.num_rows, SAMPLED_ROWS)))
    records = [
        _record({channel: raw[e.field] for channel, e in wanted.items()}, wanted)
        for raw in chosen.to_pylist()
    ]
    shown = [record for record in records if _is_drawable(record, wanted)]
    note = f"{len(shown):,} of {table.n_rows:,} rows, evenly spread; the same ones each time"
    return ChartRows(shown, len(shown), note)


def _complete(records: list[dict[str, Any]], n_rows: int, design: Design) -> ChartRows:
    wanted = {e.channel: e for e in design.encodings}
    shown = [record for record in records if _is_drawable(record, wanted)]
    return ChartRows(shown, len(shown), _missing_note(n_rows - len(shown), n_rows, design))


def _is_drawable(record: Mapping[str, Any], wanted: Mapping[Channel, Encoding]) -> bool:
    return all(record.get(channel) is not None for channel in wanted)


def _missing_note(n_missing: int, n_rows: int, design: Design) -> str | None:
    if n_missing <= 0:
        return None
    names = " or ".join(
        dict.fromkeys(str(e.field) for e in design.encodings if e.field and not e.discrete)
    )
    return f"{n_missing:,} of {n_rows:,} rows have no value for {names} and are not shown"


# --- groups


def _group_rows(table: Table, design: Design) -> ChartRows:
    relation = table.relation
    keys = [e for e in design.encodings if e.is_key]
    bins = {e.channel: _bins(table, e, design) for e in keys if e.bin}
    grouping = {e.channel: _key(relation, table, e, bins.get(e.channel)) for e in keys}
    measures = {
        e.channel: _measure(relation, table, e) for e in design.encodings if e.aggregate is not None
    }
    present = _with_values(relation.mutate(**_internal(grouping)), keys)
    grouped = present.group_by([f"key_{channel}" for channel in grouping]) if keys else present
    summary = grouped.aggregate(
        rows=present.count(), **{c: m(present) for c, m in measures.items()}
    )
    if keys:
        summary = summary.order_by([f"key_{channel}" for channel in grouping])
    fetched = _fetch(summary.limit(MAX_GROUPS))
    wanted = {e.channel: e for e in design.encodings}
    summarised = any(e.aggregate in ("mean", "median") for e in design.encodings)
    forms = {channel: _bin_form(design, channel) for channel in bins}
    records = [_group_record(raw, wanted, bins, forms, summarised) for raw in fetched]
    n_shown = sum(int(raw["rows"]) for raw in fetched)
    shown = [record for record in records if _is_drawable(record, wanted)]
    note = _missing_note(table.n_rows - n_shown, table.n_rows, design)
    return ChartRows(shown, n_shown, note, _orders(keys, bins, forms))


def _orders(
    keys: Iterable[Encoding],
    bins: Mapping[Channel, Bins],
    forms: Mapping[Channel, BinForm],
) -> dict[str, tuple[Any, ...]]:
    cycles: dict[str, tuple[Any, ...]] = {
        "month": MONTH_NAMES,
        "day": DAY_NAMES,
        "quarter": ("Q1", "Q2", "Q3", "Q4"),
        "hours": tuple(range(24)),
    }
    orders = {e.channel: cycles[e.transform] for e in keys if e.transform in cycles}
    for channel, found in bins.items():
        if forms[channel] == "label":
            orders[channel] = tuple(found.label(index) for index in range(found.count))
    return dict(orders)


def _bin_form(design: Design, channel: Channel) -> BinForm:
    """Bars and cells reach from edge to edge, points stand in the middle, all else is a label."""
    if channel not in ("x", "y") or design.mark == "boxplot":
        return "label"
    return "edges" if design.mark in ("bar", "rect") else "middle"


def _internal(grouping: Mapping[Channel, ir.Value]) -> dict[str, ir.Value]:
    return {f"key_{channel}": value for channel, value in grouping.items()}


def _with_values(relation: ir.Table, keys: Iterable[Encoding]) -> ir.Table:
    """Keep rows that have a place on every continuous axis."""
    wanted = [relation[f"key_{e.channel}"].notnull() for e in keys if not e.discrete]
    return relation.filter(wanted) if wanted else relation


def _key(relation: ir.Table, table: Table, encoding: Encoding, bins: Bins | None) -> ir.Value:
    column: Any = relation[table.internal(str(encoding.field))]
    if bins is not None:
        index = ((column.cast("float64") - bins.start) / bins.step).floor().cast("int64")
        return index.clip(lower=0, upper=bins.count - 1)
    unit = encoding.time_unit
    if unit is None or not column.type().is_timestamp():
        return column
    if unit in TRUNCATED:
        return column.truncate(TRUNCATED[unit])
    part = {"quarter": "quarter", "month": "month", "hours": "hour"}.get(unit)
    return getattr(column, part)() if part else column.day_of_week.index()


def _measure(
    relation: ir.Table, table: Table, encoding: Encoding
) -> Callable[[ir.Table], ir.Value]:
    if encoding.field is None:
        return lambda present: present.count()
    name = table.internal(encoding.field)

    def summarise(present: ir.Table) -> ir.Value:
        column: Any = present[name]
        if column.type().is_boolean():
            column = column.cast("int8")
        if encoding.aggregate == "distinct":
            return column.nunique()
        if encoding.aggregate == "sum":
            return column.cast("float64").sum()
        return getattr(column, str(encoding.aggregate))()

    return summarise


def _bins(table: Table, encoding: Encoding, design: Design) -> Bins:
    """Return round bins over the whole table's extent, which the table remembers."""
    low, high, whole = table.extent(str(encoding.field))
    if encoding.channel not in ("x", "y"):
        return nice_bins(low, high, GROUP_BINS, whole)
    both = all(e.bin for e in design.encodings if e.channel in ("x", "y"))
    plane = both and design.encoding("x") is not None and design.encoding("y") is not None
    other = any(e.aggregate not in (None, "count") for e in design.encodings)
    limit = HEATMAP_BINS if plane else GROUP_BINS if other else HISTOGRAM_BINS
    return nice_bins(low, high, limit, whole)


# --- box plots


def _box_rows(table: Table, design: Design) -> ChartRows:
    """Return five-number summaries; whiskers end at the last value within 1.5 boxes (Tukey 1977)."""
    measure = next(e for e in design.encodings if e.transform == "value")
    keys = [e for e in design.encodings if e is not measure and e.is_key]
    relation = table.relation
    bins = {e.channel: _bins(table, e, design) for e in keys if e.bin}
    grouping = _internal({e.channel: _key(relation, table, e, bins.get(e.channel)) for e in keys})
    value: Any = relation[table.internal(str(measure.field))]
    values = relation.select(value=value.cast("float64"), **grouping).filter(
        lambda t: t.value.notnull()
    )
    values = _with_values(values, keys)
    fetched = _fetch(_five_numbers(values, list(grouping)).limit(MAX_GROUPS))
    wanted = {e.channel: e for e in keys}
    forms = {channel: _bin_form(design, channel) for channel in bins}
    records = [
        _group_record(raw, wanted, bins, forms, True)
        | {part: number(raw[part]) for part in BOX_PARTS}
        for raw in fetched
    ]
    n_shown = sum(int(raw["rows"]) for raw in fetched)
    outside = sum(int(raw["outside"]) for raw in fetched)
    notes = [_missing_note(table.n_rows - n_shown, table.n_rows, design)]
    if outside:
        notes.append(f"{outside:,} values beyond the whiskers (1.5 boxes) are not drawn")
    said = "; ".join(note for note in notes if note) or None
    return ChartRows(records, n_shown, said, _orders(keys, bins, forms))


BOX_PARTS = ("low", "q1", "median", "q3", "high", "minimum", "maximum")


def _five_numbers(values: ir.Table, keys: list[str]) -> ir.Table:
    import ibis

    over = ibis.window(group_by=keys) if keys else ibis.window()
    fenced = values.mutate(
        q1=values.value.quantile(0.25).over(over),
        q3=values.value.quantile(0.75).over(over),
    )
    reach = 1.5 * (fenced.q3 - fenced.q1)
    inside = (fenced.value >= fenced.q1 - reach) & (fenced.value <= fenced.q3 + reach)
    grouped = fenced.group_by(keys) if keys else fenced
    summary = grouped.aggregate(
        rows=fenced.count(),
        low=fenced.value.min(where=inside),
        q1=fenced.q1.min(),
        median=fenced.value.median(),
        q3=fenced.q3.min(),
        high=fenced.value.max(where=inside),
        minimum=fenced.value.min(),
        maximum=fenced.value.max(),
        outside=(~inside).cast("int64").sum(),
    )
    return summary.order_by(keys) if keys else summary


# --- from values to what a browser reads


def _group_record(
    raw: Mapping[str, Any],
    wanted: Mapping[Channel, Encoding],
    bins: Mapping[Channel, Bins],
    forms: Mapping[Channel, BinForm],
    with_rows: bool,
) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for channel, encoding in wanted.items():
        value = raw[f"key_{channel}" if encoding.is_key else channel]
        if channel in bins:
            record |= _bin_record(channel, bins[channel], int(value), forms[channel])
        else:
            record[channel] = readable(value, encoding)
    return record | {"rows": int(raw["rows"])} if with_rows else record


def _bin_record(channel: Channel, bins: Bins, index: int, form: BinForm) -> dict[str, Any]:
    if form == "label":
        return {channel: bins.label(index)}
    if form == "middle":
        return {channel: bins.edge(index + 0.5)}
    return {channel: bins.edge(index), f"{channel}2": bins.edge(index + 1)}


def _record(raw: Mapping[str, Any], wanted: Mapping[Channel, Encoding]) -> dict[str, Any]:
    return {channel: readable(raw[channel], e) for channel, e in wanted.items()}


def readable(value: Any, encoding: Encoding) -> Any:
    """Return a value as the chart shows it: a rounded number, a label, or an ISO date."""
    if value is None:
        return MISSING if encoding.discrete else None
    unit = encoding.time_unit
    if unit in ("month", "day", "quarter", "hours") and not isinstance(value, dt.datetime):
        return _cycle_label(int(value), str(unit))
    if isinstance(value, dt.datetime):
        return iso_time(value, label=encoding.discrete)
    if isinstance(value, bool):
        return str(value).lower() if encoding.discrete else int(value)
    if isinstance(value, str):
        return value
    return number(value)


def _cycle_label(value: int, unit: str) -> str | int:
    if unit == "month":
        return MONTH_NAMES[value - 1]
    if unit == "day":
        return DAY_NAMES[value]
    return f"Q{value}" if unit == "quarter" else value


def iso_time(value: dt.datetime, label: bool = False) -> str:
    """Return a clock time as text that browsers read as UTC, so that no zone ever shifts it."""
    if (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else f"{value:%Y-%m-%d}".zfill(10)
    if label:
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds") + "Z"


def number(value: Any) -> int | float | None:
    """Return a number with six significant digits, and never coarser than a whole number.

    Examples
    --------
    >>> number(1234567.891), number(0.000123456789)
    (1234568, 0.000123457)
    """
    if value is None:
        return None
    if isinstance(value, int):
        return value
    real = float(value)
    if not math.isfinite(real):
        return None
    if real == 0:
        return 0
    digits = max(0, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(real))))
    rounded = round(real, digits)
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


# --- too many separate values


def _with_few_values(found: ChartRows, design: Design) -> ChartRows:
    """Keep the largest groups where a channel has more values than a person can read."""
    crowded = [e for e in design.encodings if e.discrete]
    return reduce(_with_few_on, crowded, found)


def _with_few_on(found: ChartRows, encoding: Encoding) -> ChartRows:
    limit = MAX_VALUES.get(encoding.channel, MAX_OTHER_VALUES)
    weights: dict[Any, float] = {}
    for record in found.records:
        value = record[encoding.channel]
        weights[value] = weights.get(value, 0.0) + _weight(record)
    if len(weights) <= limit:
        return found
    kept = set(sorted(weights, key=lambda value: -weights[value])[:limit])
    records = [record for record in found.records if record[encoding.channel] in kept]
    note = f"the {limit} largest of {len(weights):,} values of {encoding.field}"
    return replace(found, records=records, note="; ".join(n for n in (found.note, note) if n))


def _weight(record: Mapping[str, Any]) -> float:
    for part in ("rows", "theta", "y", "x", "size"):
        value = record.get(part)
        if isinstance(value, int | float):
            return float(value)
    return 1.0
