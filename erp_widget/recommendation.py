"""Owns the way from anything tabular to a gallery, in numbered phases."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from erp_widget.chart import Chart
from erp_widget.errors import ErpError, UnknownArgumentError
from erp_widget.gallery import Gallery
from erp_widget.intent import intent_of, types_of
from erp_widget.notes import NO_CHART, notes
from erp_widget.question import Question, first_line
from erp_widget.sources import Table, open_table

if TYPE_CHECKING:
    from erp_widget.question import Location

ARGUMENTS = ("data", "k", "columns", "mark", "encoding", "without", "types", "name", "store")

_log = logging.getLogger("erp_widget")


def recommend(
    data: Any,
    k: int = 15,
    *,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
    without: Any = None,
    types: Mapping[str, str] | None = None,
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
    without
        What no chart may show: names of columns, marks, and charts, whose relation is then told by
        no mark; or a dict of them, ``{"columns": ["id"], "marks": ["arc"], "charts": [chart]}``.
    types
        Column -> nominal, ordinal, quantitative or temporal, where the guess is wrong.
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
    table = table.with_types(types_of(table, types)) if types is not None else table
    question = Question(table, intent_of(table, columns, mark, encoding, without), store)
    ranked = question.designs(k)
    # 3. Charts: rows summarised where the data is, then words and specs
    drawn = list(question.drawing(ranked))
    charts = [one for one in drawn if isinstance(one, Chart)]
    # 4. History
    charts, kept = _kept(charts, table, data, store)
    # 5. Gallery
    question = question.kept_as(charts[0].dataset_id if charts else None)
    shown = {name for chart in charts for name in chart.fields}
    nothing = [] if charts else [NO_CHART]
    failures = [one for one in drawn if isinstance(one, str)]
    return Gallery(
        charts,
        title=table.name,
        notes=(*notes(table, question.profile, shown), *nothing, *failures, *kept),
        dataset_id=question.dataset_id,
        question=question,
        k=k,
    )


def _kept(
    charts: list[Chart],
    table: Table,
    data: Any,
    location: Location,
) -> tuple[list[Chart], list[str]]:
    """Keep the gallery in the history; a store that fails gives a note, never an error."""
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
        return charts, [f"Not kept in the history: {first_line(error)}."]
    waits = "The store does not answer: the history waits on this machine until it does."
    return charts, [waits] if kept.waiting else []
