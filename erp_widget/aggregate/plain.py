"""Owns rows drawn one by one: all of them, or a sample that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from erp_widget.aggregate.result import ChartRows, is_drawable, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources import fetch
from erp_widget.sources.rows import spread_positions
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
    if table.n_rows > MAX_EXACT_ROWS:
        fetched: Iterable[Mapping[str, Any]] = _sampled(table, wanted)
    else:
        relation = table.relation
        columns = {e.channel: relation[table.internal(str(e.field))] for e in wanted}
        fetched = fetch(relation.select(**columns))
    records: list[dict[str, Any]] = [
        {e.channel: readable(raw[e.channel], e) for e in wanted} for raw in fetched
    ]
    shown = [record for record in records if is_drawable(record, design)]
    if table.n_rows > MAX_EXACT_ROWS:
        note = f"sample of {len(shown):,} of the {table.n_rows:,} rows, spread evenly over them"
        return ChartRows(shown, len(shown), note)
    note_missing = missing_note(table.n_rows - len(shown), table, design)
    return ChartRows(shown, len(shown), note_missing)


def _sampled(table: AnyTable, wanted: Iterable[Encoding]) -> Iterable[dict[str, Any]]:
    sample = table.sample()
    chosen = sample.take(pa.array(spread_positions(sample.num_rows, SAMPLED_ROWS)))
    columns = {e.channel: chosen.column(str(e.field)).to_pylist() for e in wanted}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))
