"""Owns the rows of box plots: five numbers per group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.groups import MAX_GROUPS, grouping_of
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import number
from erp_widget.sources import fetch
from vizmodel.design import Design

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.aggregate.folded import AnyTable

BOX_PARTS = ("low", "q1", "median", "q3", "high", "minimum", "maximum")


def box_rows(table: AnyTable, design: Design) -> ChartRows:
    """Return five numbers per group; whiskers reach the last value within 1.5 boxes (Tukey)."""
    measure = next(e for e in design.encodings if e.transform == "value")
    keys = (e for e in design.encodings if e is not measure and e.is_key)
    grouping = grouping_of(table, design, keys)
    relation = table.relation
    value: Any = relation[table.internal(str(measure.field))]
    columns = grouping.columns(relation, table)
    values = relation.select(value=value.cast("float64"), **columns)
    values = grouping.placed(values.filter(values.value.notnull()))
    fetched = fetch(_five_numbers(values, grouping.names).limit(MAX_GROUPS))
    records = [
        grouping.record(raw)
        | {"rows": int(raw["rows"])}
        | {part: number(raw[part]) for part in BOX_PARTS}
        for raw in fetched
        if raw["rows"]
    ]
    n_shown = sum(int(raw["rows"]) for raw in fetched)
    outside = sum(int(raw["outside"] or 0) for raw in fetched)
    notes = [missing_note(table.n_rows - n_shown, table, design)]
    if outside:
        values = "1 value lies" if outside == 1 else f"{outside:,} values lie"
        notes.append(f"{values} beyond the whiskers (1.5 boxes); dots show the outermost")
    said = "; ".join(note for note in notes if note) or None
    return ChartRows(records, n_shown, said, grouping.orders())


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
