"""Owns rows drawn one by one: all of them, or a sample that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from erp_widget.aggregate.merged import with_merged
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources.sampling import spread_positions
from vizmodel.design import Design, Encoding
from vizmodel.form.bounds import bounded, estimated
from vizmodel.profile.reading.arrays import from_numbers

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: A column and how it is shown -> its values in the sample, as records have them.
Read: TypeAlias = dict[tuple[object, ...], list[Any]]
#: More rows than this are never drawn one by one.
MAX_EXACT_ROWS = 5_000
#: What a point is called, beside its channels, the bounds of its figure and how far these are from
#: it, and from where to where a bar is thick.
NAME, BOUNDS, MARGIN, BODY = "name", ("low", "high"), "margin", ("first", "last")
#: Rows drawn instead: enough to see the shape, few enough for 15 charts in one page.
SAMPLED_ROWS = 1_000


def plain_rows(table: AnyTable, design: Design, read: Read) -> ChartRows:
    """Return one record per row of the table, or of a spread-out sample of a large one.

    Parameters
    ----------
    table, design
        What is drawn.
    read
        What was read of the table's sample for other charts, which is not read again.
    """
    wanted: dict[str, Encoding] = {e.channel: e for e in design.encodings if e.field is not None}
    is_large = table.n_rows > MAX_EXACT_ROWS
    if design.style.names is not None and not is_large:
        wanted[NAME] = Encoding("color", design.style.names, "category", "nominal")
    for ends, names in ((BOUNDS, design.style.bounds), (BODY, design.style.body)):
        for end, name in zip(ends, names or (), strict=False):
            wanted[end] = Encoding("y", name, "value", "quantitative")
    if design.style.margin is not None:
        wanted[MARGIN] = Encoding("y", design.style.margin, "value", "quantitative")
    if is_large or table.is_sampled_whole:
        n_rows = SAMPLED_ROWS if is_large else MAX_EXACT_ROWS
        columns = _sampled(table.sample(), wanted, n_rows, read)
    else:
        columns = _asked(table, wanted)
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    _set_bounds(records, design)
    shown = [record for record in records if not _lacks_a_value(record)]
    if is_large:
        note = f"sample of {len(shown):,} of the {table.n_rows:,} rows, spread evenly over them"
        return with_merged(ChartRows(shown, len(shown), note, sampled=True), design)
    # What is foreseen has not come, and is not missing.
    lacking = 0 if design.style.estimate is not None else table.n_rows - len(shown)
    note_missing = missing_note(lacking, table, design)
    return with_merged(ChartRows(shown, len(shown), note_missing), design)


def _set_bounds(records: Sequence[dict[str, Any]], design: Design) -> None:
    """Take the bounds from what came, which has none, and add those that a margin tells."""
    estimate, figure = estimated(design), bounded(design)
    if estimate is not None:
        for record in records:
            if record["color"] != estimate:
                record.update(dict.fromkeys(BOUNDS))
    if design.style.margin is not None and figure is not None:
        for record in records:
            value, margin = record[figure.channel], record[MARGIN]
            known = value is not None and margin is not None
            ends = (value - margin, value + margin) if known else (None, None)
            record.update(zip(BOUNDS, ends, strict=True))


def _lacks_a_value(record: Mapping[str, Any]) -> bool:
    """Whether something is missing that is drawn; of the past a forecast has no bounds."""
    return any(value is None for name, value in record.items() if name not in (*BOUNDS, MARGIN))


def _sampled(
    sample: pa.Table, wanted: Mapping[str, Encoding], n_rows: int, read: Read
) -> dict[str, list[Any]]:
    places = from_numbers(spread_positions(sample.num_rows, n_rows))
    for encoding in wanted.values():
        if _seen(encoding) not in read:
            values = sample.column(str(encoding.field)).take(places).to_pylist()
            read[_seen(encoding)] = [readable(value, encoding) for value in values]
    return {name: read[_seen(e)] for name, e in wanted.items()}


def _seen(encoding: Encoding) -> tuple[object, ...]:
    """Return what of an encoding decides how its values are shown."""
    return encoding.field, encoding.discrete, encoding.time_unit


def _asked(table: AnyTable, wanted: Mapping[str, Encoding]) -> dict[str, list[Any]]:
    names = {name: table.internal(str(e.field)) for name, e in wanted.items()}
    rows = table.relation.rows(tuple(dict.fromkeys(names.values())))
    return {name: [readable(raw[names[name]], e) for raw in rows] for name, e in wanted.items()}
