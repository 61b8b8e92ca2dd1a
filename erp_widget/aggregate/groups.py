"""Owns grouped rows: one query that summarises a chart's groups where the table is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.bins import BinForm, Bins, bin_form, table_bins
from erp_widget.aggregate.result import ChartRows, is_drawable, missing_note
from erp_widget.aggregate.values import CYCLES, readable
from erp_widget.sources import fetch
from vizmodel.design import Channel, Design, Encoding

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.aggregate.folded import AnyTable

#: Most groups of one chart that are fetched.
MAX_GROUPS = 5_000
#: Most years that bars show as labels, a place for each year without rows included.
MAX_YEAR_LABELS = 60
TRUNCATED = {"year": "Y", "yearmonth": "M", "yearmonthdate": "D"}


@dataclass(frozen=True)
class Grouping:
    """The channels that group a chart's rows, with their bins."""

    keys: tuple[Encoding, ...]
    bins: Mapping[Channel, Bins]
    forms: Mapping[Channel, BinForm]
    #: Whether a line runs through the groups: no value is no step of it.
    joined: bool = False

    @property
    def names(self) -> list[str]:
        """Names of the key columns in a query."""
        return [f"key_{encoding.channel}" for encoding in self.keys]

    def columns(self, relation: ir.Table, table: AnyTable) -> dict[str, ir.Value]:
        """Return the key columns by name."""
        return {
            f"key_{e.channel}": _key(relation, table, e, self.bins.get(e.channel))
            for e in self.keys
        }

    def over(self, table: AnyTable, summaries: Iterable[Encoding]) -> ir.Table:
        """Return the columns that group the rows, and those that are summarised, and no others.

        A query that carries all columns of a wide table takes longer to write than to run.
        """
        relation = table.relation
        measured = {table.internal(e.field) for e in summaries if e.field is not None}
        columns = {name: relation[name] for name in sorted(measured)}
        return relation.select(**self.columns(relation, table), **columns)

    def placed(self, relation: ir.Table) -> ir.Table:
        """Keep rows that have a place on every axis that goes on from value to value."""
        wanted = [relation[f"key_{e.channel}"].notnull() for e in self.keys if self._is_way(e)]
        return relation.filter(wanted) if wanted else relation

    def _is_way(self, encoding: Encoding) -> bool:
        return not encoding.discrete or (self.joined and encoding.channel in ("x", "y"))

    def record(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keys of a fetched group as the chart shows them."""
        record: dict[str, Any] = {}
        for encoding in self.keys:
            channel = encoding.channel
            value = raw[f"key_{channel}"]
            if channel in self.bins:
                record |= self.bins[channel].record(channel, int(value), self.forms[channel])
            else:
                record[channel] = readable(value, encoding)
        return record

    def orders(self) -> dict[str, tuple[Any, ...]]:
        """Return the labels, in their order, of channels that show parts of a cycle or bins."""
        orders: dict[str, tuple[Any, ...]] = {
            e.channel: CYCLES[e.transform] for e in self.keys if e.transform in CYCLES
        }
        for channel, bins in self.bins.items():
            if self.forms[channel] == "label":
                orders[channel] = tuple(bins.label(index) for index in range(bins.count))
        return orders


def grouping_of(table: AnyTable, design: Design, keys: Iterable[Encoding]) -> Grouping:
    """Return how some of a design's encodings group the rows."""
    grouping = tuple(keys)
    bins = {e.channel: table_bins(table, e, design) for e in grouping if e.bin}
    forms = {channel: bin_form(design, channel) for channel in bins}
    return Grouping(grouping, bins, forms, design.mark in ("line", "area"))


def group_rows(table: AnyTable, design: Design) -> ChartRows:
    """Return one record per group of a summarised design."""
    grouping = grouping_of(table, design, (e for e in design.encodings if e.is_key))
    summaries = [e for e in design.encodings if e.aggregate is not None]
    present = grouping.placed(grouping.over(table, summaries))
    grouped = present.group_by(grouping.names) if grouping.keys else present
    summary = grouped.aggregate(
        rows=present.count(), **{e.channel: measure_of_group(present, table, e) for e in summaries}
    )
    if grouping.keys:
        summary = summary.order_by(grouping.names)
    fetched = fetch(summary.limit(MAX_GROUPS))
    # How many rows stand behind a mean says how far to trust it.
    behind = any(e.aggregate in ("mean", "median") for e in summaries)
    records = [
        grouping.record(raw)
        | {e.channel: readable(raw[e.channel], e) for e in summaries}
        | ({"rows": int(raw["rows"])} if behind else {})
        for raw in fetched
    ]
    shown = [record for record in records if is_drawable(record, design)]
    n_shown = sum(int(raw["rows"]) for raw in fetched)
    note = missing_note(table.n_rows - n_shown, table, design)
    return _with_year_labels(ChartRows(shown, n_shown, note, grouping.orders()), design)


def _key(relation: ir.Table, table: AnyTable, encoding: Encoding, bins: Bins | None) -> ir.Value:
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


def measure_of_group(present: ir.Table, table: AnyTable, encoding: Encoding) -> ir.Value:
    """Return the summary of one group that an encoding shows."""
    if encoding.field is None:
        return present.count()
    column: Any = present[table.internal(encoding.field)]
    if column.type().is_boolean():
        column = column.cast("int8")
    summaries: dict[str, Callable[[], ir.Value]] = {
        "count": column.count,
        "distinct": column.nunique,
        "sum": column.cast("float64").sum if encoding.aggregate == "sum" else column.count,
    }
    name = str(encoding.aggregate)
    return summaries[name]() if name in summaries else getattr(column, name)()


def _with_year_labels(found: ChartRows, design: Design) -> ChartRows:
    """Turn the years under bars into labels: a bar stands over its year, not after its start."""
    if design.mark != "bar":
        return found
    for encoding in design.encodings:
        channel = encoding.channel
        if encoding.time_unit != "year" or channel not in ("x", "y") or not found.records:
            continue
        years = [int(str(record[channel])[:4]) for record in found.records]
        if max(years) - min(years) >= MAX_YEAR_LABELS:
            continue
        pairs = zip(found.records, years, strict=True)
        records = [record | {channel: year} for record, year in pairs]
        orders = found.orders | {channel: tuple(range(min(years), max(years) + 1))}
        found = ChartRows(records, found.n_shown, found.note, orders)
    return found
