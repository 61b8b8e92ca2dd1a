"""Owns the short way from a table to specs: no row is summarised, nothing is drawn or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.drawing.written import declared
from erp_widget.intent import types_of
from erp_widget.question import Question
from erp_widget.sources import Table


def recommended_specs(
    table: Table,
    k: int = 15,
    *,
    about: Sequence[str] | str | None = None,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
    without: Any = None,
    types: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return what a person would write for the recommended charts, best first.

    Parameters
    ----------
    table
        From `open_table`.
    k
        Number of charts, 1 to 100; fewer come back where fewer make sense.
    about, columns, mark, encoding, without, types
        As `recommend` takes them.

    Returns
    -------
    list of dict
        Vega-Lite specs with aggregates declared over the table's columns, without data; their bins
        are Vega-Lite's own.

    Raises
    ------
    InputError
        If a name is unknown or no chart can show what is asked for.
    """
    question = Question(table.with_types(types_of(table, types)) if types else table)
    question = question.asking(columns, mark, encoding, without, about)
    designs = [one.design for one in question.designs(k)]
    return [declared(design, question.profile_of(design)) for design in designs]
