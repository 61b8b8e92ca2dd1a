"""Owns lines of the largest of many groups: those whose mean is largest, and only their rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.groups import MAX_GROUPS, Grouping, grouping_of
from erp_widget.aggregate.merged import shared_note
from erp_widget.aggregate.result import ChartRows, is_drawable
from erp_widget.aggregate.values import readable
from erp_widget.sources.query import Answer, Measure, Query
from erp_widget.words import spoken
from vizmodel.design import Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable


def line_rows(table: AnyTable, design: Design, n_lines: int) -> Asked:
    """Ask how large the mean of each group is; then for the rows of the largest.

    Parameters
    ----------
    table, design
        What is drawn: a line for each level of what colours it.
    n_lines
        How many lines there are at most.
    """
    color, measure = (_on(design, channel) for channel in ("color", "y"))
    groups = grouping_of(table, design, [color])
    mean = Measure("mean", table.internal(str(measure.field)))
    query = Query(
        groups.columns(table),
        {"rows": Measure("rows"), "value": mean},
        largest="value",
        limit=MAX_GROUPS,
    )
    return Asked(query, partial(_drawn, table, design, groups, n_lines))


def _drawn(
    table: AnyTable, design: Design, groups: Grouping, n_lines: int, answer: Answer
) -> ChartRows:
    (name,) = groups.names
    color, measure = (_on(design, channel) for channel in ("color", "y"))
    known = [raw for raw in answer if raw[name] is not None]
    ranked = sorted(
        (raw for raw in known if readable(raw["value"], measure) is not None),
        key=lambda raw: (-raw["value"], str(raw[name])),
    )
    kept = [raw[name] for raw in ranked[:n_lines]]
    records, counts = _of_groups(table, design, kept, [raw[name] for raw in known])
    order = tuple(readable(value, color) for value in kept)
    what = f"the {len(kept)} of {len(known):,} values of {spoken(str(color.field))}"
    note = f"{what} whose mean {spoken(str(measure.field))} is largest"
    shared = shared_note(counts) if design.style.merged else None
    return ChartRows(records, sum(counts), note, {"color": order}).noted(shared)


def _of_groups(
    table: AnyTable, design: Design, kept: Sequence[Any], known: Sequence[Any]
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the records of some groups of all that are known, and the rows behind each."""
    x, color, measure = (_on(design, channel) for channel in ("x", "color", "y"))
    grouping = grouping_of(table, design, [x, color])
    own = set(kept)
    others = tuple(value for value in known if value not in own)
    query = Query(
        grouping.columns(table),
        {"rows": Measure("rows"), "value": Measure("mean", table.internal(str(measure.field)))},
        present=grouping.present(table),
        outside=(table.internal(str(color.field)), others) if others else None,
    )
    found = [raw for raw in table.relation.ask(query) if raw["key_color"] in own]
    behind = measure.aggregate is not None
    records = [
        grouping.record(raw)
        | {"y": readable(raw["value"], measure)}
        | ({"rows": int(raw["rows"])} if behind else {})
        for raw in found
    ]
    shown = [record for record in records if is_drawable(record, design)]
    return shown, [int(raw["rows"]) for raw in found]


def _on(design: Design, channel: str) -> Encoding:
    return next(e for e in design.encodings if e.channel == channel)
