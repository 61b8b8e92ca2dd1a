"""Owns the way from anything tabular to a gallery, in numbered phases."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from erp_widget import words
from erp_widget.aggregate import rows
from erp_widget.alt_text import description
from erp_widget.chart import Chart
from erp_widget.errors import ErpError, UnknownArgumentError
from erp_widget.intent import intent_of, ranked_designs
from erp_widget.reasons import reason
from erp_widget.sources import Table, open_table
from erp_widget.spec import declared, drawn
from vizmodel.design import RankedDesign
from vizmodel.profile import Profile

if TYPE_CHECKING:
    from erp_widget.gallery import Gallery
    from erp_widget.store import Store

    Location = Store | str | os.PathLike[str] | None

ARGUMENTS = ("data", "k", "columns", "mark", "encoding", "name", "store")
#: Columns of one kind that a note names; the others are counted.
MAX_NAMED_COLUMNS = 6
#: What a column became -> how the reason for reading it so begins.
READ_AS = {
    "dates": "text that holds dates",
    "numbers": "text that holds numbers",
    "seconds": "durations",
    "text": "times of day",
}
#: Why a column with values is in no chart.
UNUSABLE = {
    "constant": "one value only",
    "identifier": "every value differs",
    "text": "free text",
}

_log = logging.getLogger("erp_widget")


def recommend(
    data: Any,
    k: int = 15,
    *,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
    name: str | None = None,
    store: Location = None,
    **unknown: object,
) -> Gallery:
    """Recommend charts for a table.

    Parameters
    ----------
    data
        A pandas, polars or pyarrow table, a dict of columns, a list of records, a dataset of the
        store, or the path of a csv, tsv, json, jsonl, parquet or xlsx file.
    k
        Number of charts, 1 to 100; fewer come back where fewer make sense.
    columns
        Names that every chart must show.
    mark
        The mark of every chart: point, bar, line, area, tick, rect, arc or boxplot.
    encoding
        Channel -> column that every chart must show there, such as ``{"y": "price"}``.
    name
        What to call the table in the history; a file's own name if None.
    store
        Where the history is kept; the configured store if None.
    **unknown
        Anything else is an error that names the nearest argument.

    Returns
    -------
    Gallery
        Charts, best first, with notes on what was left out and why.

    Raises
    ------
    InputError
        The table or an argument cannot be used; the message names the fix.

    Examples
    --------
    >>> import erp_widget as erp
    >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
    >>> len(gallery) > 0
    True
    """
    # 1. Source
    for argument in unknown:
        raise UnknownArgumentError(argument, ARGUMENTS)
    table = open_table(data, name, store)
    # 2. Profile, then designs that honour what is asked for
    profile, ranked = ranked_designs(table, k, intent_of(table, columns, mark, encoding))
    # 3. Charts: rows summarised where the data is, then words and specs
    charts, failures = _charts(table, profile, ranked)
    # 4. History
    charts, kept = _kept(charts, table, data, store)
    # 5. Gallery
    from erp_widget.gallery import Gallery

    notes = (*_notes(table, profile, charts), *failures, *kept)
    dataset_id = charts[0].dataset_id if charts else None
    return Gallery(charts, title=table.name, notes=notes, dataset_id=dataset_id)


def _charts(
    table: Table, profile: Profile, ranked: Sequence[RankedDesign]
) -> tuple[list[Chart], list[str]]:
    """Return the charts; one that fails is left out and noted, it never sinks the others."""
    charts: list[Chart] = []
    failures: list[str] = []
    for one in ranked:
        try:
            charts.append(_chart(table, profile, one))
        except Exception as error:
            _log.warning("a chart failed", exc_info=True)
            shown = words.title(one.design, profile)
            failures.append(f"The chart “{shown}” could not be drawn ({_first_line(error)}).")
    return charts, failures


def _chart(table: Table, profile: Profile, ranked: RankedDesign) -> Chart:
    design = ranked.design
    found = rows(table, design)
    return Chart(
        title=words.title(design, profile),
        description=description(design, profile, found),
        reason=reason(design, profile, ranked.terms, found),
        score=round(float(ranked.score), 4),
        design=design,
        drawn=drawn(design, profile, found),
        declared=declared(design, profile),
        note=found.note,
        dataset_name=table.name,
        n_rows=table.n_rows,
    )


def _kept(
    charts: list[Chart],
    table: Table,
    data: Any,
    location: Location,
) -> tuple[list[Chart], list[str]]:
    """Keep the gallery in the history; a store that fails gives a note, never an error."""
    charts = [replace(chart, store=location) for chart in charts]
    try:
        from erp_widget.config import settings
        from erp_widget.store import Dataset, GalleryDraft, open_store
        from vizmodel.runtime.opening import newest_weights

        store, user = open_store(location), settings().user
        dataset = data if isinstance(data, Dataset) else None
        if dataset is None:
            dataset = store.add_dataset(
                user,
                name=table.name,
                columns=table.columns,
                n_rows=table.n_rows,
                fingerprint=table.fingerprint,
            )
        charts = [replace(chart, dataset_id=dataset.id) for chart in charts]
        records = tuple(chart.to_record() for chart in charts)
        draft = GalleryDraft(table.name, records, dataset.id, newest_weights().name)
        kept = store.add_gallery(user, draft)
    except Exception as error:
        if not isinstance(error, ErpError):
            _log.warning("the history failed", exc_info=True)
        return charts, [f"Not kept in the history: {_first_line(error)}."]
    waits = "The store does not answer: the history waits on this machine until it does."
    return charts, [waits] if kept.waiting else []


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__


# --- notes


def _notes(table: Table, profile: Profile, charts: Sequence[Chart]) -> list[str]:
    """Say what a person must know beside the charts: what was read how, and what was left out."""
    notes = [f"{note[0].upper()}{note[1:]}." for note in table.notes]
    for said, start in READ_AS.items():
        read = [cast.column for cast in table.casts if cast.reason.startswith(start)]
        if read:
            notes.append(f"Read as {said}: {_named(read)}.")
    reasons: dict[str, list[str]] = {}
    for left_out in table.left_out:
        reasons.setdefault(left_out.reason, []).append(left_out.name)
    notes += [f"Left out {_named(names)}: {why}." for why, names in reasons.items()]
    notes += _unused(profile, charts)
    if profile.approximate:
        shown = f"{len(table.sample()):,} of {table.n_rows:,}"
        notes.append(f"Chosen from a sample of {shown} rows; the charts count every row.")
    return notes


def _unused(profile: Profile, charts: Sequence[Chart]) -> list[str]:
    shown = {name for chart in charts for name in chart.fields}
    notes = []
    for semantic, why in UNUSABLE.items():
        names = [c.name for c in profile.columns if c.semantic == semantic and c.name not in shown]
        if names:
            notes.append(f"Not charted {_named(names)}: {why}.")
    if not charts:
        notes.append("No chart fits this table: it needs a column whose values differ and repeat.")
    return notes


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(words.clean_name(name) for name in names[:MAX_NAMED_COLUMNS])
    more = len(names) - MAX_NAMED_COLUMNS
    return f"{shown} and {more} more" if more > 0 else shown
