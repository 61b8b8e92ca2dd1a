"""Owns the names of one measure at several visits, weeks or days, such as `hb_v0` to `hb_v4`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: What is counted -> how names write it; what is no word of its own is only told from the first on.
_WORDS = {
    "visit": "visits?|vis",
    "week": "weeks?|wks?|woche",
    "day": "days?|tag",
    "month": "months?|mon|mo|mth|monat",
    "year": "years?|yrs?|jahr",
    "hour": "hours?|hrs?",
    "time": "times?|time ?points?|tp",
    "follow-up": "follow[ _-]?up|fu",
    "session": "sessions?|sess",
    "wave": "waves?",
    "round": "rounds?",
    "trial": "trials?",
    "cycle": "cycles?",
}
_LETTERS = {"v": "visit", "w": "week", "d": "day", "m": "month", "t": "time"}
_UNIT = "|".join([*_WORDS.values(), *_LETTERS])
#: A measure, then what is counted: hb_v, painDay.
_AFTER = re.compile(
    rf"(?P<of>.*[^\W\d_].*?)(?:[\W_]+(?P<unit>(?i:{_UNIT}))"
    rf"|(?<=[a-z])(?P<camel>(?=[A-Z])(?i:{_UNIT})))[\W_]*"
)
#: What is counted, with the measure behind: week4_weight. And counts with a unit: bdi.2w, not 10m.
_BEFORE = re.compile(rf"(?i:(?P<unit>{_UNIT}))[\W_]*")
_MEASURE = re.compile(r"[\W_]+(?P<of>.*[^\W\d_].*)")
_COUNTED = re.compile(rf"[\W_]?(?i:(?P<unit>{'|'.join(_WORDS.values())}|w|d))")
_OF = re.compile(r"(?P<of>.*[^\W\d_].*?)[\W_]+")
_NUMBER = re.compile(r"\d+")
#: Digits of a count; more are a year.
MAX_DIGITS = 3


def visits(names: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str, str, str, str]]:
    """Yield columns of one measure that are counted, the most first.

    Yields
    ------
    (names, key, value, prefix, suffix)
        What is counted, what was measured, and what all names begin and end with.

    Examples
    --------
    >>> next(visits(["hb_v0", "hb_v1", "hb_v2"]))
    (('hb_v0', 'hb_v1', 'hb_v2'), 'visit', 'hb', 'hb_v', '')
    >>> names = ["week1_pain", "week4_pain", "v1", "v2", "wind_10m", "wind_2m"]
    >>> [one[1:3] for one in visits(names)]
    [('week', 'pain')]
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        for number in _NUMBER.finditer(name):
            ends = name[: number.start()], name[number.end() :]
            if len(number[0]) <= MAX_DIGITS and _said(*ends) is not None:
                groups.setdefault(ends, []).append(name)
    for (prefix, suffix), group in sorted(groups.items(), key=lambda one: -len(one[1])):
        said = _said(prefix, suffix)
        numbers = {int(name[len(prefix) : len(name) - len(suffix)]) for name in group}
        if said is None or len(numbers) < len(group):
            continue
        unit, measure = said
        # A letter alone may stand for anything; who counts begins at the first.
        if unit.lower() in _LETTERS and min(numbers) > 1:
            continue
        value = " ".join(re.sub(r"[\W_]+", " ", measure).split())
        yield tuple(group), _counted(unit), value, prefix, suffix


def _said(prefix: str, suffix: str) -> tuple[str, str] | None:
    """Return what a name counts and what it measures, by what stands around its number."""
    after = None if suffix else _AFTER.fullmatch(prefix)
    if after is not None:
        return after["unit"] or after["camel"], after["of"]
    for counted, measured in (
        (_BEFORE.fullmatch(prefix), _MEASURE.fullmatch(suffix)),
        (_COUNTED.fullmatch(suffix), _OF.fullmatch(prefix)),
    ):
        if counted is not None and measured is not None:
            return counted["unit"], measured["of"]
    return None


def _counted(unit: str) -> str:
    unit = unit.lower()
    found = (word for word, form in _WORDS.items() if re.fullmatch(form, unit))
    return _LETTERS.get(unit) or next(found)
