"""Owns which value of a held column a chart of a long table shows, and which others it could."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from erp_widget.aggregate.sliced import SlicedTable
from erp_widget.errors import InputError
from erp_widget.sources.query import Key as GroupKey
from erp_widget.sources.query import Measure, Query
from erp_widget.words import clean_name
from vizmodel.design import Design, Held
from vizmodel.form.edits import held_as
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from erp_widget.sources import Table

Level: TypeAlias = str | int | None

#: Values that are offered, and those that an error names.
MAX_OFFERED, MAX_NAMED = 24, 5
#: Years among which the latest are found.
MAX_YEARS = 1_000


def levels(table: Table, design: Design, column: str) -> list[Level]:
    """Return the values at which a chart could hold a column, commonest first.

    Parameters
    ----------
    table
        All of it: the rows are counted where they are.
    design
        Of the chart; its other held columns stay where they are.
    column
        One that it holds at a value.

    Returns
    -------
    list
        At most one more than `MAX_OFFERED`, so that a longer list is known to be one. Years come
        latest first. None stands for rows without a value.

    Raises
    ------
    InputError
        The chart does not hold the column.
    """
    held = _held(design, column)
    others = [one for one in design.style.where if one != held]
    query = Query(
        {"level": GroupKey(table.internal(column))},
        {"rows": Measure("rows")},
        largest="rows",
        limit=MAX_YEARS if isinstance(held.level, int) else MAX_OFFERED + 1,
    )
    answer = (SlicedTable(table, others) if others else table).relation.ask(query)
    # A blank text is no value, too.
    found = list(dict.fromkeys(_as_level(one["level"]) for one in answer))
    if all(isinstance(level, int) for level in found):
        found.sort(key=lambda level: -int(level or 0))
    return found[: MAX_OFFERED + 1]


def showing(table: Table, design: Design, values: Mapping[str, Any]) -> Design:
    """Return a chart's design with other values of the columns that it holds.

    Parameters
    ----------
    table
        All of it.
    design
        Of the chart.
    values
        Held column -> the value to show; None for rows without one.

    Raises
    ------
    InputError
        The chart does not hold a column, or no row has the value; the message names some that do.
    """
    for column, value in values.items():
        held, level = _held(design, column), _as_level(value)
        where = tuple(replace(h, level=level) if h == held else h for h in design.style.where)
        if not _has_rows(table, where):
            known = ", ".join(map(repr, levels(table, design, column)[:MAX_NAMED]))
            raise InputError(f"no row has {value!r} in {column!r} here; there are {known}")
        design = design.with_style(replace(design.style, where=where))
    return design


def at_levels(
    table: Table,
    chosen: Design,
    ranked: Sequence[RankedDesign],
    beside: Collection[Design] = (),
) -> list[RankedDesign]:
    """Return designs that hold columns at the values that a person chose for a chart.

    Parameters
    ----------
    table
        All of it.
    chosen
        The design of that chart.
    ranked
        Designs that follow it; one that would have no rows so, or be the same as another, stays as
        it is.
    beside
        Designs of charts that are shown already.
    """
    taken = {*beside, *(one.design for one in ranked)}
    found = []
    for one in ranked:
        new = held_as(chosen, one.design)
        if new not in taken and _has_rows(table, new.style.where):
            taken.add(new)
            one = replace(one, design=new)
        found.append(one)
    return found


def label(held: Held) -> str:
    """Return a held column and its value as a person reads them.

    Examples
    --------
    >>> label(Held("indicator_name", "GDP"))
    'indicator_name: GDP'
    """
    return f"{clean_name(held.column)}: {said(held.level)}"


def said(level: Level) -> str:
    """Return a value as a person reads it."""
    return "no value" if level is None else str(level)


def _held(design: Design, column: str) -> Held:
    kept = [held for held in design.style.where if not held.but]
    for held in kept:
        if held.column == column:
            return held
    names = ", ".join(repr(held.column) for held in kept) or "none"
    raise InputError(f"this chart holds no column {column!r} at one value; those it holds: {names}")


def _as_level(value: Any) -> Level:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    try:
        return int(value)
    except (TypeError, ValueError):
        raise InputError(f"a value to show is a text or a whole number, not {value!r}") from None


def _has_rows(table: Table, where: tuple[Held, ...]) -> bool:
    answer = SlicedTable(table, where).relation.ask(Query({}, {"rows": Measure("rows")}))
    return bool(answer[0]["rows"])
