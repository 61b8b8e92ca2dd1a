"""Owns the rows of box plots: five numbers per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.groups import MAX_GROUPS, grouping_of
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import number
from erp_widget.sources import fetch
from vizmodel.design import Design

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.aggregate.folded import AnyTable

#: Whiskers reach so many boxes (Tukey 1977).
WHISKER = 1.5
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
    fetched = _five_numbers(values, grouping.names)
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


def _five_numbers(values: ir.Table, keys: list[str]) -> list[dict[str, Any]]:
    """Ask for the quarters of each group, then for what lies within reach of them.

    In one query with windows the engine would hold every row several times.
    """
    grouped = values.group_by(keys) if keys else values
    quarters = grouped.aggregate(
        rows=values.count(),
        quarters=values.value.quantile([0.25, 0.5, 0.75]),
        minimum=values.value.min(),
        maximum=values.value.max(),
    )
    found = fetch((quarters.order_by(keys) if keys else quarters).limit(MAX_GROUPS))
    found = [raw for raw in found if raw["rows"]]
    if not found:
        return []
    fenced = _with_fences(values, keys, found)
    inside = (fenced.value >= fenced.lowest) & (fenced.value <= fenced.highest)
    reached = (fenced.group_by(keys) if keys else fenced).aggregate(
        low=fenced.value.min(where=inside),
        high=fenced.value.max(where=inside),
        outside=(~inside).cast("int64").sum(),
    )
    ends = {tuple(raw[key] for key in keys): raw for raw in fetch(reached)}
    return [
        raw
        | dict(zip(("q1", "median", "q3"), raw["quarters"], strict=True))
        | ends[tuple(raw[key] for key in keys)]
        for raw in found
    ]


def _with_fences(values: ir.Table, keys: list[str], found: Sequence[Mapping[str, Any]]) -> ir.Table:
    """Return the values, each beside the ends of what lies within reach of its group's box."""
    import ibis
    import ibis.expr.datatypes as dt

    fences = []
    for raw in found:
        q1, _, q3 = raw["quarters"]
        reach = WHISKER * (q3 - q1)
        ends = {"lowest": q1 - reach, "highest": q3 + reach}
        fences.append({**{f"of_{key}": raw[key] for key in keys}, **ends})
    if not keys:
        return values.mutate(**fences[0])
    kinds = {f"of_{key}": values[key].type() for key in keys}
    kind = dt.Array(dt.Struct({**kinds, "lowest": dt.float64, "highest": dt.float64}))
    listed: Any = ibis.literal(fences, type=kind)
    groups = listed.unnest().name("fence").as_table().unpack("fence")
    same: list[Any] = [values[key].identical_to(groups[f"of_{key}"]) for key in keys]
    return values.join(groups, same)
