"""Owns the short way from a table to specs: no row is summarised, nothing is drawn or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.question import Question
from erp_widget.sources import Table
from erp_widget.spec import declared


def recommended_specs(
    table: Table,
    k: int = 15,
    *,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return what a person would write for the recommended charts, best first.

    Parameters
    ----------
    table
        From `open_table`.
    k
        Number of charts, 1 to 100; fewer come back where fewer make sense.
    columns
        Names that every chart must show.
    mark
        The mark of every chart.
    encoding
        Channel -> column that every chart must show there.

    Returns
    -------
    list of dict
        Vega-Lite specs with aggregates declared over the table's columns, without data.

    Raises
    ------
    InputError
        If a name is unknown or no chart can show what is asked for.
    """
    question = Question(table).asking(columns, mark, encoding)
    return [declared(one.design, question.profile) for one in question.designs(k)]
