"""Owns the check of what a user asks for, and the words that tell why no chart can have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from vizmodel.design import CHANNELS, MARK_ALIASES, MARKS, Channel, Intent, Mark
from vizmodel.grammar.roles import Role
from vizmodel.grammar.shapes import MAX_ENCODINGS
from vizmodel.profile import ColumnProfile, Profile

#: Mark, channel, role -> names of the columns that may stand there.
Places = Mapping[tuple[Mark, Channel, Role], frozenset[str]]

#: Most names that a message lists.
MAX_NAMES = 6
_GROUPED: tuple[tuple[Channel, Role], ...] = (
    ("x", "category"),
    ("x", "period"),
    ("x", "bin"),
    ("x", "time"),
)
_MEASURED: tuple[tuple[Channel, Role], ...] = (("x", "measure"), ("y", "measure"))
_ORDERED = "an ordered column (times, numbers in order, words of a scale)"
_ALONG: tuple[tuple[Channel, Role], ...] = (
    ("x", "time"),
    ("x", "period"),
    ("x", "category"),
    ("x", "measure"),
)
#: What a chart of each mark cannot do without: one of these places, and what to call its column.
NEEDS: dict[Mark, tuple[tuple[tuple[Channel, Role], ...], str]] = {
    "point": ((*_MEASURED, *_GROUPED), "a column of numbers, times or groups"),
    "bar": (_GROUPED, "a column of groups, ranges or periods"),
    "line": (_ALONG, _ORDERED),
    "area": (_ALONG, _ORDERED),
    "tick": (_MEASURED, "a column of numbers"),
    "rect": (_GROUPED, "two columns of groups, ranges or periods"),
    "arc": ((("color", "category"),), "a column of 2 to 8 groups"),
    "boxplot": (_MEASURED, "a column of numbers"),
}


class IntentError(ValueError):
    """The intent names something unknown or asks for what no legal chart can show."""


def check_intent(intent: Intent, profile: Profile) -> None:
    """Check the names in an intent.

    Parameters
    ----------
    intent
        What every chart must show, and what none may.
    profile
        Of the table.

    Raises
    ------
    IntentError
        For an unknown mark, channel or column, for a channel or column asked for twice, and for
        what is asked for and ruled out.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> check_intent(Intent(columns=("pric",)), profile_table(pa.table({"price": [1.0, 2.5]})))
    Traceback (most recent call last):
        ...
    vizmodel.grammar.intent.IntentError: no column 'pric' that can be charted; did you mean 'price'?
    """
    wanted = () if intent.mark is None else (intent.mark,)
    for mark in (*wanted, *intent.without.marks):
        if mark not in MARKS:
            alias = MARK_ALIASES.get(mark)
            hint = f"; use {alias!r}" if alias else _nearest(mark, MARKS)
            raise IntentError(f"no mark {mark!r}{hint}")
    names = [column.name for column in profile.columns]
    asked = (*intent.columns, *(name for _, name in intent.encoding))
    for name in (*asked, *intent.without.columns):
        if name not in names:
            hint = _nearest(name, names, others=False)
            raise IntentError(f"no column {name!r} that can be charted{hint}")
    channels = [channel for channel, _ in intent.encoding]
    for channel in channels:
        if channel not in CHANNELS:
            raise IntentError(f"no channel {channel!r}{_nearest(channel, CHANNELS)}")
    _check_once("channel", "one column", channels)
    _check_once("column", "one channel", [name for _, name in intent.encoding])
    _check_apart("mark", wanted, intent.without.marks)
    _check_apart("column", asked, intent.without.columns)


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


def _check_apart(what: str, asked: Iterable[str], banned: Sequence[str]) -> None:
    for name in asked:
        if name in banned:
            raise IntentError(f"{what} {name!r} is asked for and ruled out by without; drop one")


def _of_many_columns(intent: Intent) -> str:
    asked = {*intent.columns, *(name for _, name in intent.encoding)}
    if len(asked) <= MAX_ENCODINGS:
        return ""
    return f"a chart shows at most {MAX_ENCODINGS} columns, not {len(asked)}; ask for fewer"


def contradiction(
    intent: Intent, profile: Profile, places: Places, free: Places, empty: bool = True
) -> str:
    """Say why no legal chart has what an intent asks for, and what to change.

    Parameters
    ----------
    intent, profile
        As in `check_intent`.
    places, free
        Where columns may stand under the intent, and without one.
    empty
        Whether the intent leaves no shape of a chart; False where all charts of the shapes left
        are ruled out or illegal.
    """
    found = (
        _of_many_columns(intent)
        or _of_hidden_columns(intent, profile, free)
        or _of_channels(intent, free)
        or _of_the_mark(intent, profile, places)
        or _of_bans(intent, profile, places, free)
    )
    if found:
        return found
    if intent.without.stories and not empty:
        return "every chart that fits tells what without rules out; allow some of it again"
    wanted = [f"mark={intent.mark!r}"] if intent.mark else []
    wanted += [f"column {name!r}" for name in intent.columns]
    wanted += [f"{channel}={name!r}" for channel, name in intent.encoding]
    if len(wanted) == 1:
        fix = "choose another mark" if intent.mark else "choose another column"
    else:
        fix = "drop one of them or choose another column"
    besides = " beside what without rules out" if intent.without != Intent().without else ""
    return f"no legal chart has {', '.join(wanted) or 'anything to show'}{besides}; {fix}"


def _of_hidden_columns(intent: Intent, profile: Profile, free: Places) -> str | None:
    shown = frozenset[str]().union(*free.values())
    for name in (*intent.columns, *(name for _, name in intent.encoding)):
        if name not in shown:
            why = _why_hidden(profile.column(name))
            return f"column {name!r} cannot be charted: {why}; leave it out"
    return None


def _why_hidden(column: ColumnProfile) -> str:
    if column.constant:
        return column.evidence
    if column.sorts:
        return f"it only {column.evidence}"
    if column.semantic in ("identifier", "text"):
        return f"it names the rows ({column.evidence})"
    return f"it has {column.n_distinct} distinct values and is neither groups nor a measure"


def _of_channels(intent: Intent, free: Places) -> str | None:
    """Say which column stands on its channel in no chart, and where it could stand."""
    turned: dict[Channel, Channel] = {"x": "y", "y": "x"}
    for channel, name in intent.encoding:
        possible = {
            place
            for (mark, place, _), names in free.items()
            if name in names and intent.mark in (None, mark)
        }
        possible |= {turned[place] for place in possible if place in turned}
        if channel not in possible:
            ways = [c for c in CHANNELS if c in possible]
            fix = f"; it can stand on {', '.join(ways)}" if ways else "; drop one of them"
            return f"{_misplaced(intent.mark, channel, name)}{fix}"
    return None


def _misplaced(mark: Mark | None, channel: Channel, name: str) -> str:
    if mark is None:
        return f"no chart shows column {name!r} on {channel}"
    needed, what = NEEDS[mark]
    if channel in {place for place, _ in needed}:
        return f"mark={mark!r} needs {what} on {channel}: {name!r} is none"
    return f"mark={mark!r} never shows column {name!r} on {channel}"


def _of_the_mark(intent: Intent, profile: Profile, places: Places) -> str | None:
    """Say what columns a mark needs where the table has none, or that it shows one nowhere."""
    mark = intent.mark
    if mark is None:
        return None
    needed, what = NEEDS[mark]
    if not any(places.get((mark, *place)) for place in needed):
        banned = intent.without.columns
        names = [c.name for c in profile.columns if c.name not in banned]
        return f"mark={mark!r} needs {what}: none of {_named(names)} is; choose another mark"
    for name in intent.columns:
        if not any(name in names for place, names in places.items() if place[0] == mark):
            return f"mark={mark!r} never shows column {name!r}; drop one of them"
    return None


def _of_bans(intent: Intent, profile: Profile, places: Places, free: Places) -> str | None:
    """Say that too much is ruled out: all columns, or all marks that could show them."""
    without = intent.without
    if without.columns and not any(places.values()):
        names = [n for n in without.columns if any(n in names for names in free.values())]
        return f"without rules out every column that can be shown; allow one of {_named(names)}"
    left = {mark for (mark, _, _), names in places.items() if names} - set(without.marks)
    if without.marks and not left:
        return f"without rules out every mark that fits; allow one of {', '.join(without.marks)}"
    return None


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:MAX_NAMES])
    more = len(names) - MAX_NAMES
    return f"{shown} and {more} more" if more > 0 else shown or "no columns"
