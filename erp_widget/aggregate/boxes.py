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
    inside = _is_inside(values, keys, found)
    reached = grouped.aggregate(
        low=values.value.min(where=inside),
        high=values.value.max(where=inside),
        outside=(~inside).cast("int64").sum(),
    )
    ends = {tuple(raw[key] for key in keys): raw for raw in fetch(reached)}
    return [
        raw
        | dict(zip(("q1", "median", "q3"), raw["quarters"], strict=True))
        | ends[tuple(raw[key] for key in keys)]
        for raw in found
    ]


def _is_inside(
    values: ir.Table, keys: list[str], found: Sequence[Mapping[str, Any]]
) -> ir.BooleanValue:
    """Return whether a value lies within reach of the box of its group."""
    import ibis

    lows, highs = [], []
    for raw in found:
        q1, _, q3 = raw["quarters"]
        of_group: Any = ibis.literal(True)
        for key in keys:
            column: Any = values[key]
            of_group &= column.isnull() if raw[key] is None else column == raw[key]
        lows.append((of_group, q1 - WHISKER * (q3 - q1)))
        highs.append((of_group, q3 + WHISKER * (q3 - q1)))
    low, high = ibis.cases(*lows), ibis.cases(*highs)
    inside: ir.BooleanValue = (values.value >= low) & (values.value <= high)
    return inside
