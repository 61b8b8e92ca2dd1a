"""Owns the rows of box plots: five numbers per group."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow.compute as pc

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.groups import MAX_GROUPS, Grouping, grouping_of, with_year_labels
from erp_widget.aggregate.limits import DOTS, WHISKERS
from erp_widget.aggregate.piles import (
    QUARTERS,
    Group,
    Piles,
    between,
    coarse,
    exact,
    fence,
    piles_of,
)
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import number
from erp_widget.config import memory_bytes
from erp_widget.sources.counted_rows import CountedRows, Listed
from erp_widget.sources.few_rows import FewRows, place, told_apart
from erp_widget.sources.query import Measure, Query
from erp_widget.sources.relation import DuckRelation
from vizmodel.design import Design
from vizmodel.profile.reading.arrays import Floats, as_floats, encoded

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

BOX_PARTS = ("low", "q1", "median", "q3", "high", "minimum", "maximum")
#: The same, how many rows there are, and how many lie beyond each whisker.
FiveNumbers: TypeAlias = Mapping[str, Any]
#: Rows of which all values can be fetched.
Held: TypeAlias = FewRows | CountedRows | DuckRelation
#: Rows up to which all values are fetched, and bytes that each may take meanwhile.
MAX_HELD_ROWS, BYTES_PER_ROW = 1_000_000, 32


def box_rows(table: AnyTable, design: Design) -> Asked:
    """Ask for five numbers per group; whiskers reach the last value within 1.5 boxes (Tukey).

    Boxes are as long as the axis shows them: on a log scale by logarithms.
    """
    measure = next(e for e in design.encodings if e.transform == "value")
    keys = (e for e in design.encodings if e is not measure and e.is_key)
    grouping = grouping_of(table, design, keys)
    column, is_log = table.internal(str(measure.field)), measure.channel in design.style.log
    present = (column, *grouping.present(table))
    here = table.relation
    if isinstance(here, Held) and table.n_rows <= _most_held():
        listed = {"values": Measure("values", column)}
        query = Query(grouping.columns(table), listed, present=present)
        return Asked(None, lambda _: _drawn(table, design, grouping, _held(here, query, is_log)))
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
        present=present,
    )
    return Asked(None, lambda _: _drawn(table, design, grouping, _piled(table, query, is_log)))


def _most_held() -> int:
    """Return of how many rows the values of one column are few enough to be fetched."""
    limit = memory_bytes()
    return MAX_HELD_ROWS if limit is None else min(MAX_HELD_ROWS, limit // BYTES_PER_ROW)


def _held(relation: Held, query: Query, is_log: bool) -> dict[Group, FiveNumbers]:
    """Fetch all values of all groups and look at them: six tenths of the time that piles take."""
    parts = grouped(relation, query)
    shown = sorted(parts, key=place)[:MAX_GROUPS]
    return {group: _of_values(np.concatenate(parts[group]), is_log) for group in shown}


def grouped(relation: Held, query: Query) -> dict[Group, list[Floats]]:
    """Return the values of each group, in pieces."""
    parts: dict[Group, list[Floats]] = {}
    for groups, places, values in _listed(relation, query):
        # Small numbers are sorted by counting them.
        order = np.argsort(places.astype(np.min_scalar_type(len(groups))), kind="stable")
        ends = np.cumsum(np.bincount(places, minlength=len(groups)))
        # What comes after the last group is of none.
        for group, part in zip(groups, np.split(values[order], ends), strict=False):
            if group is not None and len(part):
                parts.setdefault(group, []).append(part)
    return parts


def _listed(relation: Held, query: Query) -> Iterator[Listed]:
    """Yield groups, the place of each row's among them, and its value, some rows at a time.

    Rows of no group have one place more.
    """
    counted = relation.listed(query) if isinstance(relation, CountedRows) else None
    if counted is not None:
        yield from counted
        return
    for piece in relation.pieces(query):
        if piece.num_rows:
            *keys, values = piece.columns
            groups, places = told_apart([encoded(key) for key in keys], piece.num_rows)
            yield groups, places, as_floats(values)


def _of_values(values: Floats, is_log: bool) -> FiveNumbers:
    # A whole sort takes as long as parting the values at the quarters, one after the other.
    values.sort()
    at = [share * (len(values) - 1) for share in QUARTERS]
    pairs = [(values[math.floor(one)], values[math.ceil(one)], one % 1) for one in at]
    q1, median, q3 = (between(*pair) for pair in pairs)
    start, _, end = (between(*pair, is_log=is_log) for pair in pairs)
    lowest, highest = fence(start, end, is_log=is_log), fence(end, start, is_log=is_log)
    first = np.searchsorted(values, lowest)
    last = np.searchsorted(values, highest, side="right") - 1
    return {
        "rows": len(values),
        "q1": q1,
        "median": median,
        "q3": q3,
        # Where no value lies between a box and the end of its reach, its whisker has no length.
        "low": min(values[first], q1),
        "high": max(values[last], q3),
        "minimum": values[0],
        "maximum": values[-1],
        "below": first,
        "above": len(values) - 1 - last,
    }


def _piled(table: AnyTable, query: Query, is_log: bool) -> dict[Group, FiveNumbers]:
    groups = exact(table.relation, query, piles_of(table.relation, query), is_log=is_log)
    return {key: _five_numbers(piles, is_log) for key, piles in list(groups.items())[:MAX_GROUPS]}


def _drawn(
    table: AnyTable, design: Design, grouping: Grouping, found: Mapping[Group, FiveNumbers]
) -> ChartRows:
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
        values = "1 value" if outside == 1 else f"{outside:,} values"
        most = max(int(raw[side]) for raw in found.values() for side in ("below", "above"))
        dots = DOTS[0 if outside == 1 else 1 if most == 1 else 2]
        notes.append(f"{values} {WHISKERS}: {dots}")
    said = "; ".join(note for note in notes if note) or None
    drawn = ChartRows(records, n_shown, said, grouping.orders(), bins=grouping.bins)
    return with_year_labels(drawn, design)


def _five_numbers(piles: Piles, is_log: bool) -> FiveNumbers:
    q1, median, q3 = (low for low, _ in piles.quarters())
    (lowest, _), (highest, _) = piles.fences(is_log=is_log)
    inside = (piles.high >= lowest) & (piles.low <= highest)
    low, high = piles.low[inside], piles.high[inside]
    return {
        "rows": piles.count.sum(),
        "q1": q1,
        "median": median,
        "q3": q3,
        "low": low.min(initial=q1),
        "high": high.max(initial=q3),
        "minimum": piles.low[0],
        "maximum": piles.high.max(),
        "below": piles.count[piles.high < lowest].sum(),
        "above": piles.count[piles.low > highest].sum(),
    }
