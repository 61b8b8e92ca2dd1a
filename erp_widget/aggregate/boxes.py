"""Owns the rows of box plots: five numbers per group."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.groups import MAX_GROUPS, Grouping, grouping_of
from erp_widget.aggregate.piles import MAX_WHOLE_ROWS, Piles, coarse, exact, piles_of
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import number
from erp_widget.sources.query import Answer, Key, Measure, Query
from vizmodel.design import Design

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

BOX_PARTS = ("low", "q1", "median", "q3", "high", "minimum", "maximum")


def box_rows(table: AnyTable, design: Design) -> Asked:
    """Ask for five numbers per group; whiskers reach the last value within 1.5 boxes (Tukey)."""
    measure = next(e for e in design.encodings if e.transform == "value")
    keys = (e for e in design.encodings if e is not measure and e.is_key)
    grouping = grouping_of(table, design, keys)
    column = table.internal(str(measure.field))
    if table.n_rows <= MAX_WHOLE_ROWS:
        pile = Key(column)
    else:
        sample = table.sample()
        n_groups = prod(pc.count_distinct(sample[str(e.field)]).as_py() for e in grouping.keys)
        pile = coarse(column, sample[str(measure.field)], n_groups)
    query = Query(
        {**grouping.columns(table), "pile": pile},
        {
            "rows": Measure("rows"),
            "low": Measure("min", column),
            "high": Measure("max", column),
        },
        present=(column, *grouping.present(table)),
    )
    return Asked(query, partial(_drawn, table, design, grouping, query))


def _drawn(
    table: AnyTable, design: Design, grouping: Grouping, query: Query, answer: Answer
) -> ChartRows:
    groups = exact(table.relation, query, piles_of(answer, grouping.names))
    found = {key: _five_numbers(piles) for key, piles in list(groups.items())[:MAX_GROUPS]}
    outside = sum(int(raw["below"] + raw["above"]) for raw in found.values())
    records = [
        grouping.record(dict(zip(grouping.names, key, strict=True)))
        | {"rows": int(raw["rows"])}
        | {part: number(raw[part]) for part in BOX_PARTS}
        | ({"below": int(raw["below"]), "above": int(raw["above"])} if outside else {})
        for key, raw in found.items()
    ]
    n_shown = sum(int(raw["rows"]) for raw in found.values())
    notes = [missing_note(table.n_rows - n_shown, table, design)]
    if outside:
        values = "1 value lies" if outside == 1 else f"{outside:,} values lie"
        notes.append(f"{values} beyond the whiskers (1.5 boxes); dots show the outermost")
    said = "; ".join(note for note in notes if note) or None
    return ChartRows(records, n_shown, said, grouping.orders())


def _five_numbers(piles: Piles) -> Mapping[str, Any]:
    q1, median, q3 = (low for low, _ in piles.quarters())
    (lowest, _), (highest, _) = piles.fences()
    inside = (piles.high >= lowest) & (piles.low <= highest)
    low, high = piles.low[inside], piles.high[inside]
    return {
        "rows": piles.count.sum(),
        "q1": q1,
        "median": median,
        "q3": q3,
        "low": low.min() if len(low) else None,
        "high": high.max() if len(high) else None,
        "minimum": piles.low[0],
        "maximum": piles.high.max(),
        "below": piles.count[piles.high < lowest].sum(),
        "above": piles.count[piles.low > highest].sum(),
    }
