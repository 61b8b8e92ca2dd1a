"""Owns the names of one measure at several visits, weeks or days, such as `hb_v0` to `hb_v4`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vizmodel.patterns import late_pattern
from vizmodel.profile.words import split_name

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
_AFTER = late_pattern(
    rf"(?P<of>.*[^\W\d_].*?)(?:[\W_]+(?P<unit>(?i:{_UNIT}))"
    rf"|(?<=[a-z])(?P<camel>(?=[A-Z])(?i:{_UNIT})))[\W_]*"
)
#: What is counted, with the measure behind: week4_weight. And counts with a unit: bdi.2w, not 10m.
_BEFORE = late_pattern(rf"(?i:(?P<unit>{_UNIT}))[\W_]*")
_MEASURE = late_pattern(r"[\W_]+(?P<of>.*[^\W\d_].*)")
_COUNTED = late_pattern(rf"[\W_]?(?i:(?P<unit>{'|'.join(_WORDS.values())}|w|d))")
_OF = late_pattern(r"(?P<of>.*[^\W\d_].*?)[\W_]+")
_NUMBER = late_pattern(r"\d+")
#: A measure of more letters than one, and which time it was.
_REPEATED = late_pattern(r"(?P<stem>.*[^\W\d_]{2,}[\W_]?)(?P<number>\d+)")
_SIGNS = late_pattern(r"[\W_]+")
#: What numbers count that nothing else says anything of.
REPEAT = "repeat"
#: Fewest times that several measures were taken, told by nothing but their numbers.
MIN_TIMES = 3
#: Digits of a count; more are a year.
MAX_DIGITS = 3
#: What is measured before anything is counted, with the measure before it or behind.
_BASELINE = "base ?line|base|bl|basal|screen(?:ing)?|scr|pre(?: ?treatment| ?test)?|ausgangswert"


class Visits(NamedTuple):
    """Columns of one measure that are counted.

    Parameters
    ----------
    names
        Of the columns, the baseline first.
    key, value
        What is counted, and what was measured.
    prefix, suffix
        What all names begin and end with, but for the baseline's.
    baseline
        The column of what was measured before; None where there is none, or a count of nought.
    """

    names: tuple[str, ...]
    key: str
    value: str
    prefix: str
    suffix: str
    baseline: str | None = None


def visits(names: Iterable[str]) -> Iterator[Visits]:
    """Yield columns of one measure that are counted, the most first.

    Examples
    --------
    >>> next(visits(["hb_v0", "hb_v1", "hb_v2"]))[:4]
    (('hb_v0', 'hb_v1', 'hb_v2'), 'visit', 'hb', 'hb_v')
    >>> found = next(visits(["week4_pain", "week8_pain", "baseline_pain"]))
    >>> found.names, found.baseline
    (('baseline_pain', 'week4_pain', 'week8_pain'), 'baseline_pain')
    >>> names = ["week1_pain", "week4_pain", "v1", "v2", "wind_10m", "wind_2m"]
    >>> [one[1:3] for one in visits(names)]
    [('week', 'pain')]
    >>> next(visits(["baseline", "week 4", "week 8"]))[:3]
    (('baseline', 'week 4', 'week 8'), 'week', 'value')
    """
    groups: dict[tuple[str, str], list[str]] = {}
    names = list(names)
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
        baseline = None if 0 in numbers else _before(measure, names)
        if baseline is not None:
            group, numbers = [baseline, *group], numbers | {0}
        # A letter alone may stand for anything; who counts begins at the first.
        if unit.lower() in _LETTERS and min(numbers) > 1:
            continue
        # Counts alone are visits where something was measured before them.
        if not measure and baseline is None:
            continue
        value = " ".join(re.sub(r"[\W_]+", " ", measure).split()) or "value"
        yield Visits(tuple(group), _counted(unit), value, prefix, suffix, baseline)


def repeated(names: Iterable[str]) -> list[Visits]:
    """Return several measures that were each taken as often, which nothing but a number tells.

    One stem with numbers may be anything; where two have the same numbers, these are of the times.

    Examples
    --------
    >>> [one.names for one in repeated(["loss1", "loss2", "loss3", "mood1", "mood2", "mood3"])]
    [('loss1', 'loss2', 'loss3'), ('mood1', 'mood2', 'mood3')]
    >>> repeated(["loss1", "loss2", "loss3", "age"]), repeated(["x1", "x2", "x3", "y1", "y2", "y3"])
    ([], [])
    """
    groups: dict[str, dict[int, str]] = {}
    for name in names:
        found = _REPEATED.fullmatch(name)
        if found is not None and len(found["number"]) <= MAX_DIGITS:
            groups.setdefault(found["stem"], {})[int(found["number"])] = name
    counts = Counter(frozenset(group) for group in groups.values())
    return [
        Visits(tuple(group.values()), REPEAT, value, stem, "")
        for stem, group in groups.items()
        if len(group) >= MIN_TIMES
        and counts[frozenset(group)] > 1
        and sorted(group) == [*range(min(group), min(group) + len(group))]
        and min(group) <= 1
        for value in [_SIGNS.sub(" ", stem).strip()]
    ]


def _before(measure: str, names: Sequence[str]) -> str | None:
    """Return the only column of a measure before anything is counted."""
    said = re.escape(split_name(measure))
    form = late_pattern(f"{said} ({_BASELINE})|({_BASELINE}) {said}" if said else _BASELINE)
    found = [name for name in names if form.fullmatch(split_name(name))]
    return found[0] if len(found) == 1 else None


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
    alone = None if suffix else _BEFORE.fullmatch(prefix)
    return None if alone is None else (alone["unit"], "")


def _counted(unit: str) -> str:
    unit = unit.lower()
    found = (word for word, form in _WORDS.items() if re.fullmatch(form, unit))
    return _LETTERS.get(unit) or next(found)
