"""Owns grouped rows: one query that summarises a chart's groups where the table is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from msgspec.structs import replace

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.bins import EDGE, BinForm, Bins, bin_form, table_bins
from erp_widget.aggregate.incomplete import SUMMARIES, is_course, with_incomplete
from erp_widget.aggregate.result import ChartRows, is_drawable, missing_note
from erp_widget.aggregate.values import CYCLES, readable
from erp_widget.sources.query import Answer, Key, Measure, Part, Query, Summary
from vizmodel.design import Channel, Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: How many rows have the value of which there is a mean.
KNOWN = "known"
#: Most groups of one chart that are fetched.
MAX_GROUPS = 5_000
#: Most years that bars show as labels, a place for each year without rows included.
MAX_YEAR_LABELS = 60


class Grouping(Struct, frozen=True):
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

    def columns(self, table: AnyTable) -> dict[str, Key]:
        """Return what the rows are grouped by, by name."""
        return {f"key_{e.channel}": _key(table, e, self.bins.get(e.channel)) for e in self.keys}

    def present(self, table: AnyTable) -> tuple[str, ...]:
        """Return the columns without which a row has no place on an axis that goes on and on."""
        return tuple(table.internal(str(e.field)) for e in self.keys if self._is_way(e))

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


def group_rows(table: AnyTable, design: Design) -> Asked:
    """Ask for one record per group of a summarised design."""
    grouping = grouping_of(table, design, (e for e in design.encodings if e.is_key))
    summaries: dict[str, Measure] = {
        e.channel: measure_of(table, e) for e in design.encodings if e.aggregate is not None
    }
    known = SUMMARIES if is_course(design) else ("mean", "median")
    counted = [e for e in design.encodings if e.aggregate in known and e.field]
    if len(counted) == 1:  # rows without a value are none that a mean is of
        summaries[KNOWN] = Measure("count", table.internal(str(counted[0].field)))
    query = Query(
        grouping.columns(table),
        {"rows": Measure("rows"), **summaries},
        present=grouping.present(table),
        limit=MAX_GROUPS,
    )
    return Asked(query, partial(_drawn, table, design, grouping))


def _drawn(table: AnyTable, design: Design, grouping: Grouping, answer: Answer) -> ChartRows:
    summaries = [e for e in design.encodings if e.aggregate is not None]
    # How many rows stand behind a mean says how far to trust it.
    behind = any(e.aggregate in ("mean", "median") for e in summaries)
    # Of nothing but gaps there are no different values to count.
    distinct = [e.channel for e in summaries if e.aggregate == "distinct"]
    known = [raw for raw in answer if all(raw[channel] != 0 for channel in distinct)]
    records = [
        grouping.record(raw)
        | {e.channel: readable(raw[e.channel], e) for e in summaries}
        | ({"rows": int(raw[KNOWN] if KNOWN in raw else raw["rows"])} if behind else {})
        for raw in known
    ]
    pairs = [
        (record, int(raw.get(KNOWN, 0)))
        for record, raw in zip(records, known, strict=True)
        if is_drawable(record, design)
    ]
    shown = [record for record, _ in pairs]
    n_shown = sum(int(raw["rows"]) for raw in known)
    # A mean is of the rows that have a value: what it leaves out is told as that of a box is.
    n_told = sum(int(raw[KNOWN] if behind and KNOWN in raw else raw["rows"]) for raw in known)
    note = missing_note(table.n_rows - n_told, table, design)
    if len(answer) == MAX_GROUPS:
        # What is missing is groups then, and rows are missing with them.
        note = f"only the first {MAX_GROUPS:,} groups are shown"
    notes = [note, *(bins.note() for bins in grouping.bins.values())]
    told = "; ".join(filter(None, notes)) or None
    found = ChartRows(shown, n_shown, told, grouping.orders(), bins=grouping.bins)
    if is_course(design):
        found = with_incomplete(found, [n_values for _, n_values in pairs])
    return with_year_labels(found, design)


def _key(table: AnyTable, encoding: Encoding, bins: Bins | None) -> Key:
    column = table.internal(str(encoding.field))
    if bins is not None:
        # Of 0.3 / 0.1 a processor makes a little less than three.
        start = bins.start - EDGE * bins.step
        return Key(column, "bin", start, bins.step, bins.count, bins.log)
    unit = encoding.time_unit
    if unit is None or table.relation.kinds[column] != "time":
        return Key(column)
    return Key(column, cast(Part, unit))


def measure_of(table: AnyTable, encoding: Encoding) -> Measure:
    """Return the summary of one group that an encoding shows."""
    if encoding.field is None:
        return Measure("rows")
    return Measure(cast(Summary, encoding.aggregate), table.internal(encoding.field))


def with_year_labels(found: ChartRows, design: Design) -> ChartRows:
    """Turn the years under bars and boxes into labels: these stand over a year, not its start."""
    if design.mark not in ("bar", "boxplot"):
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
        found = replace(found, records=records, orders=orders)
    return found
