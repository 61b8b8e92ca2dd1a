"""Owns recommendations for many tables at once: the network reads them together."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from erp_widget.errors import ErpError, InputError
from erp_widget.gallery.gallery import Gallery
from erp_widget.question import Answer, Question, checked_k, first_line
from erp_widget.recommendation import Wish, answered, asked
from erp_widget.sources import open_table
from erp_widget.sources.called import named_by_caller

if TYPE_CHECKING:
    from types import FrameType

    from erp_widget.store import Location

#: Tables that the network reads together.
BATCH = 16

K = TypeVar("K")
_log = logging.getLogger("erp_widget")


@overload
def recommend_many(
    tables: Mapping[K, Any], k: int = 15, *, store: Location = None, **wishes: Any
) -> dict[K, Gallery | ErpError]: ...
@overload
def recommend_many(
    tables: Iterable[Any], k: int = 15, *, store: Location = None, **wishes: Any
) -> list[Gallery | ErpError]: ...
def recommend_many(
    tables: Mapping[Any, Any] | Iterable[Any],
    k: int = 15,
    *,
    store: Location = None,
    **wishes: Any,
) -> dict[Any, Gallery | ErpError] | list[Gallery | ErpError]:
    """Recommend charts for many tables.

    Parameters
    ----------
    tables
        A list of what `recommend` takes, or a dict of it by name.
    k
        Number of charts for each table.
    store
        Where the history is kept; the configured store if None.
    **wishes
        about, columns, mark, encoding, without and types, as `recommend` takes them; for each
        table.

    Returns
    -------
    list or dict
        A gallery for each table, in order or by name. A table that cannot be used has its error in
        the place of a gallery; the others are as if it were not there.

    Raises
    ------
    InputError
        `tables` is neither a list nor a dict, or an argument is unknown.

    Examples
    --------
    >>> import erp_widget as erp
    >>> found = erp.recommend_many({"shops": {"city": ["Rome", "Oslo"] * 9}, "none": {}}, k=2)
    >>> len(found["shops"]), str(found["none"])
    (2, 'none has no columns: pass a table with at least one')
    """
    checked_k(k)
    wish = _wish(wishes)
    named = _named(tables, sys._getframe(1))
    answers: list[Gallery | ErpError] = []
    for start in range(0, len(named), BATCH):
        answers += _answers(named[start : start + BATCH], k, wish, store)
    if isinstance(tables, Mapping):
        return dict(zip(tables, answers, strict=True))
    return answers


def _wish(wishes: Mapping[str, Any]) -> Wish:
    from erp_widget.errors import UnknownArgumentError

    for argument in wishes:
        if argument not in Wish.__struct_fields__:
            raise UnknownArgumentError(argument, ("tables", "k", "store", *Wish.__struct_fields__))
    return Wish(**wishes)


def _named(tables: object, caller: FrameType) -> Sequence[tuple[str | None, Any]]:
    if isinstance(tables, Mapping):
        return [(str(name), data) for name, data in tables.items()]
    one = isinstance(tables, str | os.PathLike) or hasattr(tables, "columns")
    if one or not isinstance(tables, Iterable):
        raise InputError("pass a list of tables, or a dict of them; recommend takes a single one")
    return [(named_by_caller(data, None, caller), data) for data in tables]


def _answers(
    named: Sequence[tuple[str | None, Any]], k: int, wish: Wish, store: Location
) -> list[Gallery | ErpError]:
    """Return a gallery or an error for each of a few tables; the network runs once for all."""
    from erp_widget import service
    from vizmodel.recommend import Request, recommend_many

    decoder = service.decoder()
    asks = [_asked(name, data, wish, store) for name, data in named]
    questions = [one for one in asks if isinstance(one, Question)]
    ranked = iter(recommend_many([Request(q.profile, k, q.intent) for q in questions], decoder))
    found: list[Gallery | ErpError] = []
    for (_, data), one in zip(named, asks, strict=True):
        if isinstance(one, ErpError):
            found.append(one)
            continue
        designs = next(ranked)
        if isinstance(designs, Exception):
            found.append(InputError(str(designs)))
        else:
            note = None if decoder is None else decoder.note_on(one.profile)
            gallery = answered(one, Answer(designs, note), data, k)
            len(gallery)  # draws the charts, and keeps them
            found.append(gallery)
    return found


def _asked(name: str | None, data: Any, wish: Wish, store: Location) -> Question | ErpError:
    try:
        question = asked(open_table(data, name, store), wish, store)
        _ = question.profile
    except ErpError as error:
        return error
    except Exception as error:
        _log.warning("a table failed", exc_info=True)
        return InputError(
            f"this table cannot be used ({first_line(error)}): recommend it by itself"
        )
    return question
