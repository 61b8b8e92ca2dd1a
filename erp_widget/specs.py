"""Owns the short way from a table to specs: no row is summarised, nothing is drawn or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from erp_widget.errors import InputError
from erp_widget.sources import Table
from erp_widget.spec import declared
from vizmodel.design import Channel, Intent, Mark
from vizmodel.grammar import IntentError
from vizmodel.profile import profile_table
from vizmodel.recommend import recommend


def recommended_specs(
    table: Table,
    k: int = 15,
    *,
    columns: Sequence[str] = (),
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return what a person would write for the recommended charts, best first.

    Parameters
    ----------
    table
        From `open_table`.
    k
        Number of charts; fewer come back where fewer make sense.
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
    # Names are checked against the vocabularies and the profile while decoding.
    intent = Intent(
        columns=tuple(columns),
        mark=cast("Mark | None", mark),
        encoding=tuple(cast("Mapping[Channel, str]", encoding or {}).items()),
    )
    profile = profile_table(table.sample(), table.n_rows)
    try:
        return [declared(one.design, profile) for one in recommend(profile, k, intent)]
    except IntentError as error:
        raise InputError(str(error)) from error
