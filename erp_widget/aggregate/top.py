"""Owns ranked groups: the largest of many by themselves, and all the others as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.groups import MAX_GROUPS, grouping_of, measure_of_group
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources import fetch
from erp_widget.words import clean_name
from vizmodel.design import Design, Encoding

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from erp_widget.aggregate.folded import AnyTable


def top_rows(table: AnyTable, design: Design, top: int) -> ChartRows:
    """Return one record for each of the `top` largest groups, and one for the rows of all others.

    The others' record says in `others` how many groups it stands for. A mean or a median of the
    others is that of their rows, not of their groups.
    """
    group = next(e for e in design.encodings if e.aggregate is None)
    measure = next(e for e in design.encodings if e.aggregate is not None)
    grouping = grouping_of(table, design, [group])
    present = grouping.over(table, [measure])
    name = grouping.names[0]
    grouped = present.group_by(name).aggregate(**_summary(present, table, measure))
    fetched = fetch(grouped.limit(MAX_GROUPS))
    ranked = sorted(
        (raw for raw in fetched if readable(raw["value"], measure) is not None),
        key=lambda raw: (-raw["value"], str(raw[name])),
    )
    kept, rest = ranked[:top], ranked[top:]
    records = [grouping.record(raw) | _figures(raw, measure) for raw in kept]
    n_shown = sum(int(raw["rows"]) for raw in ranked)
    notes = [missing_note(table.n_rows - n_shown, table, design)]
    if rest:
        outside = _outside(present, name, [raw[name] for raw in kept])
        others = fetch(outside.aggregate(**_summary(outside, table, measure)))[0]
        label = f"other ({len(rest):,} more)"
        records.append({group.channel: label, "others": len(rest)} | _figures(others, measure))
        told = (
            f"the {len(kept)} largest of {len(ranked):,} values of {clean_name(str(group.field))}"
        )
        notes.insert(0, f"{told}; the other {len(rest):,} together")
    order = tuple(record[group.channel] for record in records)
    said = "; ".join(note for note in notes if note) or None
    return ChartRows(records, n_shown, said, {group.channel: order})


def _summary(relation: ir.Table, table: AnyTable, measure: Encoding) -> dict[str, ir.Value]:
    return {"rows": relation.count(), "value": measure_of_group(relation, table, measure)}


def _figures(raw: Mapping[str, Any], measure: Encoding) -> dict[str, Any]:
    """Return a group's value, and how many rows stand behind a mean."""
    behind = measure.aggregate in ("mean", "median")
    found = {measure.channel: readable(raw["value"], measure)}
    return found | ({"rows": int(raw["rows"])} if behind else {})


def _outside(present: ir.Table, name: str, kept: Sequence[Any]) -> ir.Table:
    """Return the rows of all groups but these; rows without a value are a group of their own."""
    column: Any = present[name]
    inside = column.isin([value for value in kept if value is not None])
    missing = column.isnull()
    return present.filter(~missing & ~inside if None in kept else missing | ~inside)
