"""Owns what the user asks of every chart, and the designs that honour it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from erp_widget.errors import InputError, UnknownColumnError
from erp_widget.sources import Table
from vizmodel.design import CHANNELS, MARK_ALIASES, MARKS, Channel, Intent, Mark, RankedDesign
from vizmodel.profile import Profile, profile_table

MAX_CHARTS = 100


def ranked_designs(table: Table, k: int, intent: Intent) -> tuple[Profile, list[RankedDesign]]:
    """Return a table's profile and its designs, best first.

    Parameters
    ----------
    table
        From `open_table`.
    k
        Number of designs, 1 to 100; fewer come back where fewer make sense.
    intent
        From `intent_of`.

    Raises
    ------
    InputError
        No chart can show what the intent asks for.
    """
    from vizmodel.grammar import IntentError
    from vizmodel.recommend import recommend

    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MAX_CHARTS:
        raise InputError(f"k is a number of charts from 1 to {MAX_CHARTS}, not {k!r}")
    profile = profile_table(table.sample(), table.n_rows)
    try:
        return profile, recommend(profile, k, intent)
    except IntentError as error:
        raise InputError(str(error)) from error


def intent_of(
    table: Table,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
) -> Intent:
    """Check what the user asks for against the vocabularies and the table.

    Raises
    ------
    UnknownColumnError
        For a name that the table does not have; the nearest is suggested.
    InputError
        For an unknown mark or channel, and for a column that no chart can show.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> intent_of(open_table({"price": [1, 2]}), columns="price").columns
    ('price',)
    """
    names = _column_names(columns)
    if encoding is not None and not isinstance(encoding, Mapping):
        raise InputError('encoding maps channels to columns, such as {"y": "price"}')
    channels = dict(encoding or {})
    for name in (*names, *channels.values()):
        _check_column(table, name)
    for channel in channels:
        if channel not in CHANNELS:
            raise InputError(_unknown("channel", channel, CHANNELS))
    pairs = cast("tuple[tuple[Channel, str], ...]", tuple(channels.items()))
    return Intent(tuple(dict.fromkeys(names)), _known_mark(mark), pairs)


def _column_names(columns: object) -> tuple[str, ...]:
    if columns is None or isinstance(columns, str):
        return (columns,) if columns else ()
    if isinstance(columns, Mapping) or not isinstance(columns, Iterable):
        raise InputError(f'columns is a list of names, such as ["price"], not {columns!r}')
    return tuple(columns)


def _known_mark(mark: object) -> Mark | None:
    wanted = MARK_ALIASES.get(mark, mark) if isinstance(mark, str) else mark
    if wanted is None or wanted in MARKS:
        return wanted
    raise InputError(_unknown("mark", mark, MARKS))


def _check_column(table: Table, name: object) -> None:
    if name not in table.columns:
        raise UnknownColumnError(name, table.columns)
    for left_out in table.left_out:
        if left_out.name == name:
            raise InputError(
                f"no chart can show column {name!r}, since {left_out.reason}: ask for another"
            )


def _unknown(what: str, name: object, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"
    return f"there is no {what} {name!r}; {hint}"
