"""Owns rows drawn one by one: all of them, or a sample that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from erp_widget.aggregate.result import ChartRows, is_drawable, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources.sampling import spread_positions
from vizmodel.design import Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: More rows than this are never drawn one by one.
MAX_EXACT_ROWS = 5_000
#: Rows drawn instead: enough to see the shape, few enough for 15 charts in one page.
SAMPLED_ROWS = 1_000


def plain_rows(table: AnyTable, design: Design) -> ChartRows:
    """Return one record per row of the table, or of a spread-out sample of a large one."""
    wanted = [e for e in design.encodings if e.field is not None]
    fetched: Iterable[Mapping[str, Any]]
    if table.n_rows > MAX_EXACT_ROWS:
        fetched = _sampled(table.sample(), wanted, SAMPLED_ROWS)
    elif table.is_sampled_whole:
        fetched = _sampled(table.sample(), wanted, MAX_EXACT_ROWS)
    else:
        fetched = _asked(table, wanted)
    records: list[dict[str, Any]] = [
        {e.channel: readable(raw[e.channel], e) for e in wanted} for raw in fetched
    ]
    shown = [record for record in records if is_drawable(record, design)]
    if table.n_rows > MAX_EXACT_ROWS:
        note = f"sample of {len(shown):,} of the {table.n_rows:,} rows, spread evenly over them"
        return ChartRows(shown, len(shown), note)
    note_missing = missing_note(table.n_rows - len(shown), table, design)
    return ChartRows(shown, len(shown), note_missing)


def _sampled(sample: pa.Table, wanted: Iterable[Encoding], n_rows: int) -> Iterable[dict[str, Any]]:
    chosen = sample.take(pa.array(spread_positions(sample.num_rows, n_rows)))
    columns = {e.channel: chosen.column(str(e.field)).to_pylist() for e in wanted}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _asked(table: AnyTable, wanted: Iterable[Encoding]) -> Iterable[dict[str, Any]]:
    columns = {e.channel: table.internal(str(e.field)) for e in wanted}
    for raw in table.relation.rows(tuple(dict.fromkeys(columns.values()))):
        yield {channel: raw[column] for channel, column in columns.items()}
