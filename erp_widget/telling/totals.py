"""Owns which of a chart's rows are the totals of others, of which no sentence says the most."""

from __future__ import annotations

from msgspec.structs import replace

from erp_widget.aggregate import ChartRows
from erp_widget.words import clean_name, listed
from vizmodel.design import Design, Held
from vizmodel.profile import Profile
from vizmodel.profile.layouts.slices import is_total

#: Names of totals that a sentence tells.
MAX_TOLD = 2


def without_totals(
    design: Design, profile: Profile, rows: ChartRows | None
) -> tuple[ChartRows | None, str]:
    """Return what is drawn without the totals among it, and how a sentence says so.

    That all cities together have the most births is no finding.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    ChartRows or None, str
        The same rows and nothing to say where no totals are drawn beside two parts or more.
    """
    keys = [e for e in design.encodings if e.discrete and e.field in profile.total_columns]
    if rows is None or not keys:
        return rows, ""
    totals = {
        (key.channel, label): clean_name(label)
        for key in keys
        for label in {record.get(key.channel) for record in rows.records}
        if isinstance(label, str) and is_total(Held(str(key.field), label))
    }
    parts = [
        record
        for record in rows.records
        if not any((key.channel, record.get(key.channel)) in totals for key in keys)
    ]
    if not totals or len(parts) < 2:
        return rows, ""
    names = list(dict.fromkeys(totals.values()))
    told = listed(names) if len(names) <= MAX_TOLD else "totals"
    return replace(rows, records=parts), f", apart from {told}"
