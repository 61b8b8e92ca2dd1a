"""Owns the rows of one chart, and the notes on what they leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.words import clean_name, spoken
from vizmodel.design import Channel, Design, Encoding
from vizmodel.grammar.steps import MAX_STEPS

if TYPE_CHECKING:
    from erp_widget.aggregate.bins import Bins
    from erp_widget.aggregate.folded import AnyTable

NOT_SHOWN = "not shown: "
#: Most separate values on one channel; the rest is left out, and the chart says so.
MAX_VALUES: dict[Channel, int] = {"x": 60, "y": 60, "row": 12, "column": 12}
MAX_OTHER_VALUES = 20
#: Channels that may say how large a mark is, the first that does.
SIZES: tuple[Channel, ...] = ("theta", "y", "x", "size", "color")
#: A panel of at most so many marks is left out where the fullest has so many times as many.
THIN_PANEL, FULL_PANEL = 2, 5


class ChartRows(Struct, frozen=True):
    """The rows that one chart draws.

    Parameters
    ----------
    records
        One dict per mark, keyed by channel: numbers, texts, dates as ISO 8601 in UTC. A bin's
        upper edge is `x2` or `y2`, its value where it is of one `x_only` or `y_only`; `rows` counts
        the table's rows behind a summary; box plots have `low`, `q1`, `median`, `q3`, `high`,
        `minimum`, `maximum`, and where values lie beyond the whiskers how many, `below` and
        `above`; parts of a bar of shares `share`; the others of ranked groups, `others`;
        counts of a month or a year within which the records begin or end, `partial`; bars and boxes
        of few rows beside those of many, `thin`; the interval of a share, `low` and `high`; what
        points that are single rows are called, `name`.
    n_shown
        Rows of the table that the chart stands for.
    note
        What the reader must know: a sample, values left out; None if nothing.
    orders
        Channel -> its labels in their natural order, where the data's own order is not it.
    limits
        Channel -> where its axis begins and ends, where the data reach further.
    bins
        Channel -> its bins.
    known
        Columns whose rows without a value are left out.
    steps
        All steps of a line or an area of counts, where some are filled with zeros.
    overall
        The share in all rows, where shares of one part are drawn.
    sampled
        Whether these are of some rows of a table that has more.
    """

    records: list[dict[str, Any]]
    n_shown: int
    note: str | None = None
    orders: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    limits: Mapping[Channel, tuple[float, float]] = field(default_factory=dict)
    bins: Mapping[Channel, Bins] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    steps: tuple[Any, ...] = ()
    overall: float | None = None
    sampled: bool = False

    def noted(self, said: str | None) -> ChartRows:
        """Return the rows with one thing more in their note, which says once what is not shown."""
        if said and self.note and said.startswith(NOT_SHOWN) and self.note.startswith(NOT_SHOWN):
            return replace(self, note=f"{said} and {self.note.removeprefix(NOT_SHOWN)}")
        return replace(self, note="; ".join(filter(None, (self.note, said))) or None)


def is_drawable(record: Mapping[str, Any], design: Design) -> bool:
    """Whether a record has a value for every channel."""
    return all(record.get(e.channel) is not None for e in design.encodings)


def missing_note(n_missing: int, table: AnyTable, design: Design) -> str | None:
    """Say how many rows have no place on the chart, and for want of what; None where all have."""
    if n_missing <= 0:
        return None
    joined = ("x", "y") if design.mark in ("line", "area") or design.of_largest else ()
    shown = (e for e in design.encodings if not e.discrete or e.channel in joined)
    names = dict.fromkeys(e.field for e in shown if e.field)
    sample = table.sample()
    # Rows outside the sample may have gaps that it has none of: then all names are candidates.
    is_whole = table.is_sampled_whole
    gappy = [name for name in names if sample.column(name).null_count] if is_whole else []
    return not_shown(n_missing, table.n_rows, gappy or names)


def not_shown(n_missing: int, n_rows: int, names: Iterable[str]) -> str:
    """Say how many of a table's rows are not shown, since they have no value for some columns."""
    named = " or ".join(map(spoken, names))
    empty = "with nothing in" if "value" in named.lower().split() else "without"
    return f"{NOT_SHOWN}{n_missing:,} of {n_rows:,} rows {empty} {named}"


def with_plain_labels(found: ChartRows, design: Design) -> ChartRows:
    """Turn numbers into text on channels that also say "missing": Vega-Lite wants one kind."""
    for channel in (e.channel for e in design.encodings if e.discrete):
        labels = {record[channel] for record in found.records}
        numbers = sorted(label for label in labels if not isinstance(label, str))
        if not numbers or len(numbers) == len(labels):
            continue
        records = [record | {channel: str(record[channel])} for record in found.records]
        texts = [label for label in labels if isinstance(label, str)]
        order = (*(str(number) for number in numbers), *texts)
        found = replace(found, records=records, orders=found.orders | {channel: order})
    return found


def with_few_values(found: ChartRows, design: Design) -> ChartRows:
    """Keep the largest groups where a channel has more values than a person can read."""
    crowded = [e for e in design.encodings if e.discrete]
    return reduce(partial(_with_few_on, _measure(design)), crowded, found)


def _measure(design: Design) -> Channel | None:
    """Return the channel that tells how large a mark is; None where none does."""
    aggregated = [e.channel for e in design.encodings if e.aggregate is not None]
    values = [
        e.channel
        for e in design.encodings
        if e.transform == "value" and e.field_type == "quantitative"
    ]
    return next((channel for channel in SIZES if channel in (aggregated or values)), None)


def _with_few_on(measure: Channel | None, found: ChartRows, encoding: Encoding) -> ChartRows:
    limit = MAX_VALUES.get(encoding.channel, MAX_OTHER_VALUES)
    weights: dict[Any, float] = {}
    for record in found.records:
        value = record[encoding.channel]
        weights[value] = weights.get(value, 0.0) + _weight(record, measure)
    if encoding.channel in ("x", "y") and all(isinstance(one, int | float) for one in weights):
        # An axis of numbers needs no label for each; the grammar lets no more stand on it.
        limit = max(limit, MAX_STEPS)
    if len(weights) <= limit:
        return found
    kept = set(sorted(weights, key=lambda value: -weights[value])[:limit])
    records = [record for record in found.records if record[encoding.channel] in kept]
    name = spoken(str(encoding.field))
    note = f"the {limit} largest of {len(weights):,} values of {name}"
    return replace(found, records=records).noted(note)


def with_full_panels(found: ChartRows, design: Design) -> ChartRows:
    """Leave out panels that are all but empty beside the others, and say so.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> lines = Design("line", (Encoding("row", "who", "category", "nominal"),))
    >>> rows = [{"row": "men"}] * 20 + [{"row": "women"}] * 20 + [{"row": "(missing)"}]
    >>> shown = with_full_panels(ChartRows(rows, 41), lines)
    >>> len(shown.records), shown.note
    (40, 'no panel for (missing) of who, which has few values')
    """
    panels = [e for e in design.encodings if e.channel in ("row", "column") and e.discrete]
    if len(panels) != 1 or not found.records:
        return found
    channel = panels[0].channel
    counts = Counter(record[channel] for record in found.records)
    full = max(counts.values())
    thin = [label for label, n in counts.items() if n <= THIN_PANEL and full >= FULL_PANEL * n]
    if not thin or len(counts) - len(thin) < 2:
        return found
    records = [record for record in found.records if record[channel] not in thin]
    name = spoken(str(panels[0].field))
    named = " and ".join(clean_name(str(label)) for label in thin)
    names = f"{named} of {name}" if len(thin) <= 2 else f"{len(thin)} of {len(counts)} {name}"
    note = f"no panel for {names}, which {'has' if len(thin) == 1 else 'have'} few values"
    return replace(found, records=records).noted(note)


def with_shares(found: ChartRows, design: Design) -> ChartRows:
    """Say in `share` which part of its bar a mark is, where parts are drawn as shares."""
    if design.style.stack != "normalize":
        return found
    measure = next(e.channel for e in design.encodings if e.aggregate is not None)
    bars = "y" if measure == "x" else "x"
    totals: dict[Any, float] = {}
    for record in found.records:
        totals[record[bars]] = totals.get(record[bars], 0.0) + record[measure]
    records = [
        record | {"share": round(record[measure] / (totals[record[bars]] or 1.0), 4)}
        for record in found.records
    ]
    return replace(found, records=records)


def _weight(record: Mapping[str, Any], measure: Channel | None) -> float:
    # Of a box and of a mean there are the rows behind it.
    value = record.get("rows", None if measure is None else record.get(measure))
    return float(value) if isinstance(value, int | float) else 1.0
