"""Owns that galleries are kept in the history; a store that fails costs a note, never a chart."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence

from erp_widget.chart import Chart
from erp_widget.chart_record import record_to_write
from erp_widget.errors import ErpError, StoreBusyError
from erp_widget.gallery.kept_later import keep_or_wait
from erp_widget.question import Question, first_line
from vizmodel.ranking.ranked import RankedDesign

_log = logging.getLogger("erp_widget")


class DrawnAndKept(Iterator["Chart | str"]):
    """Charts drawn one by one; with the last the gallery goes into the history.

    A sentence comes in the place of a chart that failed, and one where the history did. Where a
    person stops a query, the error passes, and whoever asks next gets that chart.

    Parameters
    ----------
    question, ranked
        What was asked, and what the model answers.
    """

    def __init__(self, question: Question, ranked: Sequence[RankedDesign]) -> None:
        self._question = question
        self._ranked = tuple(ranked)
        self._n_done = 0
        self._charts: list[Chart] = []
        self._drawing: Iterator[Chart | str] | None = None
        self._said: Iterator[str] | None = None

    def __next__(self) -> Chart | str:
        """Return the next chart, or what is to be said in its place."""
        if self._n_done == len(self._ranked):
            if self._said is None:
                self._said = iter(keep(self._question, self._charts))
            return next(self._said)
        if self._drawing is None:
            self._drawing = self._question.drawing(self._ranked[self._n_done :])
        try:
            one = next(self._drawing)
        except BaseException:
            self._drawing = None
            raise
        self._n_done += 1
        if isinstance(one, Chart):
            self._charts.append(one)
        return one


def keep(question: Question, charts: Sequence[Chart]) -> list[str]:
    """Keep charts of a table as a gallery of the history.

    Parameters
    ----------
    question, charts
        What was asked, and what answers it, in the order shown. Nothing is kept where there is no
        chart, or where the store does not know the table.

    Returns
    -------
    list of str
        What a person must know of it.
    """
    if question.dataset_id is None or not charts:
        return []
    try:
        from erp_widget.config import settings
        from erp_widget.store import GalleryDraft, open_store
        from vizmodel.runtime.opening import newest_weights

        records = tuple(record_to_write(chart) for chart in charts)
        draft = GalleryDraft(
            question.table.name, records, question.dataset_id, newest_weights().name
        )
        user, id = settings().user, str(uuid.uuid4())
        kept = keep_or_wait(
            question.store, lambda: open_store(question.store).add_gallery(user, draft, id)
        )
    except Exception as error:
        return [not_kept(error)]
    if isinstance(kept, StoreBusyError):
        return [waits_for(kept)]
    waits = "The store does not answer: the history waits on this machine until it does."
    return [waits] if kept.waiting else []


def waits_for(error: StoreBusyError) -> str:
    """Return what to say where another program keeps the history waiting."""
    return (
        f"Not yet in the history: {error.held}. Close that; this is written as soon as it is free."
    )


def not_kept(error: Exception) -> str:
    """Return what to say where something could not be kept."""
    if not isinstance(error, ErpError):
        _log.warning("the history failed", exc_info=True)
    return f"Not kept in the history: {first_line(error)}."
