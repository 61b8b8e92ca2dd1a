"""Owns the way from anything tabular to a gallery, in numbered phases."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from erp_widget.config import placed
from erp_widget.errors import StoreBusyError, UnknownArgumentError
from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.kept import DrawnAndKept, not_kept, waits_for
from erp_widget.gallery.kept_later import keep_or_wait
from erp_widget.intent import types_of
from erp_widget.question import Answer, Question
from erp_widget.sources import Table, open_table
from erp_widget.sources.called import named_by_caller
from erp_widget.telling.notes import no_chart, notes
from erp_widget.widgets.watching import is_person_there

if TYPE_CHECKING:
    from erp_widget.store import Location

ARGUMENTS = (
    *("data", "k", "about", "columns", "mark", "encoding", "without", "types", "name", "store"),
)


def recommend(
    data: Any,
    k: int = 15,
    *,
    about: Sequence[str] | str | None = None,
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
        A pandas, polars or pyarrow table, a DuckDB relation, an ibis table, a dict of columns, a
        list of records, a dataset of the store, or the path of a csv, tsv, json, jsonl, parquet or
        xlsx file.
    k
        Number of charts, 1 to 100; fewer are returned where fewer make sense.
    about
        The column that the table is asked about, such as ``"revenue"``, or several, the most
        important first. Charts of it come first, others follow. If None, it is guessed; ``[]``
        asks about no column in particular.
    columns
        Names of columns that every chart must show.
    mark
        The mark of every chart: point, bar, line, area, tick, rect, arc or boxplot.
    encoding
        Channel -> column that every chart must show on it, such as ``{"y": "price"}``.
    without
        What no chart may show: names of columns, marks, and charts, whose relation is then shown
        with no other mark either; or a dict of them,
        ``{"columns": ["id"], "marks": ["arc"], "charts": [chart]}``.
    types
        Column -> nominal, ordinal, quantitative or temporal, where the guess is wrong.
    name
        What the table is called in the history. If None, the name of its file; else that of the
        variable that holds it, unless it says nothing (such as `df`); else its first columns.
    store
        Where the history is kept; the configured store if None.
    **unknown
        Any other argument is an error that names the nearest known one.

    Returns
    -------
    Gallery
        Charts, best first, with notes that say what was left out and why.

    Raises
    ------
    InputError
        The table or an argument cannot be used; the message says how to fix it.

    Examples
    --------
    >>> import erp_widget as erp
    >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
    >>> len(gallery) > 0
    True
    >>> table = {"city": ["Rome", "Oslo"] * 9, "staff": [2, 5, 3] * 6, "sales": range(18)}
    >>> "staff" in erp.recommend(table, about="staff")[0].fields
    True
    """
    # 1. Source
    for argument in unknown:
        raise UnknownArgumentError(argument, ARGUMENTS)
    wish = Wish(columns, mark, encoding, without, types, about)
    called = named_by_caller(data, name, sys._getframe(1))
    question = asked(open_table(data, called, store), wish, store)
    # 2. Profile, then designs that honour what is asked for
    gallery = answered(question, question.designs(k), data, k)
    # 5. All at once; of a large table when asked for, and on the screen from a sample first
    if not (question.is_large and is_person_there()):
        len(gallery)
    elif not question.table.is_settled:
        finish_with_the_cell(gallery)
    return gallery


class Wish(Struct, frozen=True):
    """What a user asks of a table and of every chart, as `recommend` takes it."""

    columns: Sequence[str] | str | None = None
    mark: str | None = None
    encoding: Mapping[str, str] | None = None
    without: Any = None
    types: Mapping[str, str] | None = None
    about: Sequence[str] | str | None = None


def asked(table: Table, wish: Wish, store: Location = None) -> Question:
    """Return what is asked of a table.

    Raises
    ------
    InputError
        The wish does not fit the table; the message names the fix.
    """
    if wish.types is not None:
        table = table.with_types(types_of(table, wish.types))
    if isinstance(store, str | os.PathLike):
        store = placed(os.fspath(store))  # as of now, whatever becomes of the working directory
    question = Question(table, store=store)
    return question.asking(wish.columns, wish.mark, wish.encoding, wish.without, wish.about)


def answered(question: Question, ranked: Answer, data: Any, k: int) -> Gallery:
    """Return the gallery of a question's designs, whose charts are drawn as they are asked for.

    Parameters
    ----------
    question, ranked
        What was asked, and what the model answers.
    data
        What the table was opened from.
    k
        Number of charts that were asked for.
    """
    table = question.table
    # 3. History: the table first, so that its charts know it
    dataset_id, unkept = _kept_table(table, data, question.store)
    question = question.kept_as(dataset_id)
    # 4. Gallery: rows summarised where the data is, then words and specs
    shown = {name for one in ranked for name in one.design.fields}
    nothing = [] if ranked else [no_chart(table)]
    return Gallery(
        DrawnAndKept(question, ranked),
        title=table.name,
        notes=(*notes(table, question.profile, shown), *nothing, *ranked.notes, *unkept),
        dataset_id=dataset_id,
        question=question,
        designs=ranked,
        k=k,
    )


def _kept_table(table: Table, data: Any, location: Location) -> tuple[str | None, list[str]]:
    """Keep what is known of a table; a store that fails gives a note, never an error."""
    try:
        from erp_widget.config import settings
        from erp_widget.store import Dataset, open_store
        from erp_widget.store.values import dataset_id

        if isinstance(data, Dataset):
            return data.id, []
        user = settings().user

        def keep() -> str:
            return open_store(location).add_dataset(user, **table.described).id

        kept = keep_or_wait(location, keep)
        if isinstance(kept, StoreBusyError):
            id = dataset_id(table.name, table.fingerprint, "", "")
            return id, [waits_for(kept)]
        return kept, []
    except Exception as error:
        return None, [not_kept(error)]


def finish_with_the_cell(gallery: Gallery) -> None:
    """See to it that a gallery that is not shown is drawn when the running cell ends.

    So what a later cell does to the table does not change its charts.
    """
    from IPython import get_ipython  # type: ignore[attr-defined]  # re-exported

    events = get_ipython().events

    def finish(*_: object) -> None:
        events.unregister("post_run_cell", finish)
        if not gallery.is_shown:
            len(gallery)

    events.register("post_run_cell", finish)
