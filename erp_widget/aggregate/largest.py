"""Owns the rows with the largest values, of which bars bear the names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.groups import MAX_GROUPS, Grouping, grouping_of
from erp_widget.aggregate.merged import shared_note
from erp_widget.aggregate.result import ChartRows, missing_note
from erp_widget.aggregate.values import readable
from erp_widget.sources.query import Answer, Measure, Query
from vizmodel.design import Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable


def largest_rows(table: AnyTable, design: Design, top: int) -> Asked:
    """Ask for the `top` rows with the largest values; of equal ones the first by name.

    Rows without a name or a value are left out. Rows that share a name are one, with their mean.

    Parameters
    ----------
    table, design
        What is drawn: a bar for each row.
    top
        How many bars there are at most.
    """
    measure = _measured(design)
    keys = grouping_of(table, design, (e for e in design.encodings if e is not measure))
    value = table.internal(str(measure.field))
    query = Query(
        keys.columns(table),
        {"rows": Measure("rows"), "value": Measure("mean", value)},
        present=_present(table, design),
        largest="value",
        limit=MAX_GROUPS,
    )
    return Asked(query, partial(_drawn, table, design, keys, top))


def _drawn(table: AnyTable, design: Design, keys: Grouping, top: int, answer: Answer) -> ChartRows:
    measure = _measured(design)
    # Engines differ in the order of texts.
    known = sorted(
        (raw for raw in answer if readable(raw["value"], measure) is not None),
        key=lambda raw: (-raw["value"], *(str(raw[name]) for name in keys.names)),
    )
    kept = known[:top]
    records = [
        keys.record(raw) | {measure.channel: readable(raw["value"], measure)} for raw in kept
    ]
    n_known = sum(int(raw["rows"]) for raw in known)
    if len(answer) == MAX_GROUPS:  # of more rows than were fetched, only the table knows
        count = Query({}, {"rows": Measure("rows")}, present=_present(table, design))
        n_known = int(table.relation.ask(count)[0]["rows"])
    counts = [int(raw["rows"]) for raw in kept]
    found = ChartRows(records, sum(counts)).noted(
        f"the {len(kept):,} largest of {n_known:,} rows" if len(known) > len(kept) else None
    )
    found = found.noted(_tied(known, len(kept))).noted(shared_note(counts))
    return found.noted(missing_note(table.n_rows - n_known, table, design))


def _tied(known: Sequence[dict[str, Any]], n_kept: int) -> str | None:
    """Say how many of those left out are as large as the last one that is drawn."""
    rest = known[n_kept:]
    n_tied = sum(raw["value"] == known[n_kept - 1]["value"] for raw in rest)
    if not n_tied:
        return None
    return f"{n_tied:,} more {'is' if n_tied == 1 else 'are'} as large as the last"


def _present(table: AnyTable, design: Design) -> tuple[str, ...]:
    shown = (e for e in design.encodings if e.channel in ("x", "y"))
    return tuple(table.internal(str(e.field)) for e in shown)


def _measured(design: Design) -> Encoding:
    return next(e for e in design.encodings if e.channel in ("x", "y") and not e.discrete)
