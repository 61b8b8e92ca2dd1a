"""Owns the check of what a user asks for, and the words that tell why no chart can have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from vizmodel.design import CHANNELS, MARK_ALIASES, MARKS, Intent
from vizmodel.profile import ColumnProfile, Profile


class IntentError(ValueError):
    """The intent names something unknown or asks for what no legal chart can show."""


def check_intent(intent: Intent, profile: Profile) -> None:
    """Check the names in an intent.

    Parameters
    ----------
    intent
        What every chart must show.
    profile
        Of the table.

    Raises
    ------
    IntentError
        For an unknown mark, channel or column, and for a channel or column asked for twice.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> check_intent(Intent(columns=("pric",)), profile_table(pa.table({"price": [1.0, 2.5]})))
    Traceback (most recent call last):
        ...
    vizmodel.grammar.intent.IntentError: no column 'pric' that can be charted; did you mean 'price'?
    """
    if intent.mark is not None and intent.mark not in MARKS:
        alias = MARK_ALIASES.get(intent.mark)
        hint = f"; use {alias!r}" if alias else _nearest(intent.mark, MARKS)
        raise IntentError(f"no mark {intent.mark!r}{hint}")
    names = [column.name for column in profile.columns]
    for wanted in (*intent.columns, *(name for _, name in intent.encoding)):
        if wanted not in names:
            hint = _nearest(wanted, names, others=False)
            raise IntentError(f"no column {wanted!r} that can be charted{hint}")
    channels = [channel for channel, _ in intent.encoding]
    for channel in channels:
        if channel not in CHANNELS:
            raise IntentError(f"no channel {channel!r}{_nearest(channel, CHANNELS)}")
    _check_once("channel", "one column", channels)
    _check_once("column", "one channel", [name for _, name in intent.encoding])


def _nearest(wanted: str, known: Sequence[str], others: bool = True) -> str:
    close = get_close_matches(wanted, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; choose one of {', '.join(known)}" if others else ""


def _check_once(what: str, place: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise IntentError(f"{what} {name!r} is asked for twice; give it {place}")
        seen.add(name)


def contradiction(intent: Intent, profile: Profile, shown: set[str]) -> str:
    """Say why no legal chart has what an intent asks for, and what to change.

    Parameters
    ----------
    intent, profile
        As in `check_intent`.
    shown
        Names of the columns that some legal chart shows.
    """
    wanted = [f"mark={intent.mark!r}"] if intent.mark else []
    wanted += [f"column {name!r}" for name in intent.columns]
    wanted += [f"{channel}={name!r}" for channel, name in intent.encoding]
    names = (*intent.columns, *(name for _, name in intent.encoding))
    hidden = [profile.column(name) for name in names if name not in shown]
    if hidden:
        why = _why_hidden(hidden[0])
        return f"column {hidden[0].name!r} cannot be charted: {why}; leave it out"
    if intent.mark in ("line", "area") and not names:
        return (
            f"mark={intent.mark!r} needs an ordered column (time or numbers) beside a measure; "
            "choose another mark"
        )
    if len(wanted) == 1:
        fix = "choose another mark" if intent.mark else "choose another column"
    else:
        fix = "drop one of them or choose another column"
    return f"no legal chart has {', '.join(wanted)}; {fix}"


def _why_hidden(column: ColumnProfile) -> str:
    if column.constant:
        return column.evidence
    if column.semantic in ("identifier", "text"):
        return f"it names the rows ({column.evidence})"
    return f"it has {column.n_distinct} distinct values and is neither groups nor a measure"
