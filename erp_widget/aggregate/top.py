"""Owns ranked groups: the largest of many by themselves, and all the others as one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.groups import MAX_GROUPS, Grouping, grouping_of, measure_of
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources.query import Answer, Measure, Query
from erp_widget.words import spoken
from vizmodel.design import Channel, Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: Summaries of several groups that follow from those of each.
TOGETHER = ("count", "sum", "min", "max", "mean")
#: The others have words in place of a bar where they are more than so many times the largest group;
#: the axis ends so far beyond that group.
MAX_OTHERS, ROOM = 2.0, 1.05


def top_rows(table: AnyTable, design: Design, top: int) -> Asked:
    """Ask for one record for each of the `top` largest groups, and one for the rows of all others.

    The others' record says in `others` how many groups it stands for. A mean or a median of the
    others is that of their rows, not of their groups.
    """
    group = next(e for e in design.encodings if e.aggregate is None)
    measure = next(e for e in design.encodings if e.aggregate is not None)
    grouping = grouping_of(table, design, [group])
    query = Query(
        grouping.columns(table),
        _summary(table, measure),
        present=grouping.present(table),
        largest="value",
        limit=MAX_GROUPS,
    )
    return Asked(query, partial(_ranked, table, design, grouping, top))


def _ranked(
    table: AnyTable, design: Design, grouping: Grouping, top: int, answer: Answer
) -> ChartRows:
    group, name = grouping.keys[0], grouping.names[0]
    measure = next(e for e in design.encodings if e.aggregate is not None)
    ranked = sorted(
        (raw for raw in answer if readable(raw["value"], measure) is not None),
        key=lambda raw: (-raw["value"], str(raw[name])),
    )
    kept, rest = ranked[:top], ranked[top:]
    records = [grouping.record(raw) | _figures(raw, measure) for raw in kept]
    n_shown = sum(int(raw["rows"]) for raw in ranked)
    told = None
    if rest:
        if len(answer) < MAX_GROUPS and measure.aggregate in TOGETHER:
            others: Mapping[str, Any] = _together(rest, str(measure.aggregate))
        else:
            others = _outside(table, grouping, measure, [raw[name] for raw in kept])
        n_others = len(rest)
        if len(answer) == MAX_GROUPS:  # of more groups than were fetched, only the table knows
            n_others = int(others["groups"])
            n_shown = sum(int(raw["rows"]) for raw in (*kept, others))
        label = f"other ({n_others:,} more)"
        records.append({group.channel: label, "others": n_others} | _figures(others, measure))
        named = f"{len(kept) + n_others:,} values of {spoken(str(group.field))}"
        told = f"the {len(kept)} largest of {named}; the other {n_others:,} together"
    order = tuple(record[group.channel] for record in records)
    notes = (told, missing_note(table.n_rows - n_shown, table, design))
    said = "; ".join(filter(None, notes)) or None
    return ChartRows(records, n_shown, said, {group.channel: order}, _limits(records, measure))


def _limits(
    records: Sequence[Mapping[str, Any]], measure: Encoding
) -> dict[Channel, tuple[float, float]]:
    """End an axis at the ranked bars where one of all others would make stubs of them."""
    *ranked, last = records or [{}]
    largest = max((record[measure.channel] for record in ranked), default=0)
    if "others" not in last or not last[measure.channel] > MAX_OTHERS * largest > 0:
        return {}
    return {measure.channel: (0.0, ROOM * largest)}


def _summary(table: AnyTable, measure: Encoding) -> dict[str, Measure]:
    wanted = {"rows": Measure("rows"), "value": measure_of(table, measure)}
    if measure.aggregate == "mean":
        wanted["counted"] = Measure("count", table.internal(str(measure.field)))
    return wanted


def _together(rest: Sequence[Mapping[str, Any]], summary: str) -> dict[str, Any]:
    """Summarise all rows of some groups by the groups' own summaries."""
    values = [raw["value"] for raw in rest]
    rows = sum(int(raw["rows"]) for raw in rest)
    if summary == "mean":
        counted = [int(raw["counted"]) for raw in rest]
        total = math.fsum(value * n for value, n in zip(values, counted, strict=True))
        return {"rows": rows, "value": total / sum(counted)}
    if summary in ("min", "max"):
        return {"rows": rows, "value": min(values) if summary == "min" else max(values)}
    whole = all(isinstance(value, int) for value in values)
    return {"rows": rows, "value": sum(values) if whole else math.fsum(values)}


def _outside(
    table: AnyTable, grouping: Grouping, measure: Encoding, kept: Sequence[Any]
) -> Mapping[str, Any]:
    """Ask for the rows of all groups but these, and how many groups those are.

    Rows without a value are a group of their own, which is not counted.
    """
    (key,) = grouping.columns(table).values()
    query = Query(
        {},
        _summary(table, measure) | {"groups": Measure("distinct", key.column)},
        present=grouping.present(table),
        outside=(key.column, tuple(kept)),
    )
    return table.relation.ask(query)[0]


def _figures(raw: Mapping[str, Any], measure: Encoding) -> dict[str, Any]:
    """Return a group's value, and how many rows stand behind a mean."""
    behind = measure.aggregate in ("mean", "median")
    found = {measure.channel: readable(raw["value"], measure)}
    return found | ({"rows": int(raw["rows"])} if behind else {})
