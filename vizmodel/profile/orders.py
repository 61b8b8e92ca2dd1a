"""Owns the order that labels have by what they say: steps of a scale, ages, months, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Any, Literal, TypeAlias

from vizmodel.profile.named import named_order
from vizmodel.profile.scales import scale_of

Place: TypeAlias = tuple[float, ...]
#: What labels in order are; "numbered" are names that only bear a number, such as E12, and
#: "named" others that are listed in one order, such as no and yes: neither are steps.
OrderKind = Literal["weekday", "month", "scale", "steps", "numbered", "named"]

_MONTH = re.compile(
    r"(?:(\d{4})[ /-]+)?(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
    r"(?:[ ,/'-]+(\d{2,4}))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(
    r"(mon)(?:day)?\.?|(tue)(?:s(?:day)?)?\.?|(wed)(?:s|nes(?:day)?)?\.?|(thu)(?:r(?:s(?:day)?)?)?\.?"
    r"|(fri)(?:day)?\.?|(sat)(?:urday)?\.?|(sun)(?:day)?\.?"
)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
#: Labels that have no place among the others, and come last.
_ELSEWHERE = re.compile(
    r"\W*|(n/?a|unknown|missing|other|others|varies|total|annual|all|refused|none given"
    r"|do(n't| not) know|no (answer|response|information|data)|not? (known|recorded|stated"
    r"|available|applicable|reported|specified|answered))\b.*"
)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LOWER = re.compile(
    r"^(<|≤|under|below|less than|fewer than|younger than|up to|before|within the next)(?=[^a-z])"
    r"|\b(and|or) (under|less|fewer|below|younger|lower)\b"
)
_UPPER = re.compile(
    r"^(>|≥|over|above|more than|older than|greater than|after|at least)(?=[^a-z])"
    r"|\b(and|or) (over|more|above|older|higher|greater)\b|\+|\bplus\b"
)
#: What stands between and around numbers of a range.
_BETWEEN = re.compile(r"\b(to|and|between|but|less than|more than|hours?)\b|[-–—:/,.$€£¥~()<>≤≥_ ]")
#: Words and letters before a number that say it is a step; others, such as "store 7", are names.
_STEP_WORD = re.compile(
    r"day|week|weekno|month|year|quarter|age|aged|grade|step|stage|level|phase|round|wave|visit"
    r"|period|dose|time|trial|generation|size|quintile|quartile|decile|tertile|percentile|tier"
    r"|band|type|class|[qwtdmyhpgl]"
)
_BEFORE = re.compile(r"pre|before|baseline|start|initial")
MIN_NUMBERED, MAX_DIGITS = 3, 4
#: Lists of labels whose order is remembered, and most labels of one: those of charts, drawn often.
MAX_LISTS, MAX_REMEMBERED = 256, 100


def in_order(labels: Sequence[Any]) -> list[Any] | None:
    """Return labels in the order of the steps that they name; None where they are mere names.

    Parameters
    ----------
    labels
        All different; what is not text has no order in words.

    Returns
    -------
    list or None
        All labels, those without a place among the others last.

    Examples
    --------
    >>> in_order(["High", "Low"]), in_order(["8m", "pre", "12m"]), in_order(["Rome", "Oslo"])
    (['Low', 'High'], ['pre', '8m', '12m'], None)
    >>> in_order(["65 and over", "Under 5", "5 to 64", "Unknown"])
    ['Under 5', '5 to 64', '65 and over', 'Unknown']
    >>> in_order(["Oct 2020", "Apr 2021", "Apr 2020"])
    ['Apr 2020', 'Oct 2020', 'Apr 2021']
    """
    if len(labels) < 2 or not all(isinstance(label, str) for label in labels):
        return None
    found = order_of(tuple(labels))
    return None if found is None else list(found[1])


def order_of(labels: tuple[str, ...]) -> tuple[OrderKind, tuple[str, ...]] | None:
    """Return what labels in order are, and their order; None where they are mere names.

    Parameters
    ----------
    labels
        All different.

    Returns
    -------
    tuple or None
        What they are, and all labels, those without a place among the others last.

    Examples
    --------
    >>> order_of(("Tues", "Mon", "Sun"))
    ('weekday', ('Mon', 'Tues', 'Sun'))
    >>> order_of(("E12", "E7", "E103"))[0], order_of(("Q12", "Q7", "Q3"))[0]
    ('numbered', 'steps')
    """
    return (_remembered if len(labels) <= MAX_REMEMBERED else _ordered)(labels)


def _ordered(labels: tuple[str, ...]) -> tuple[OrderKind, tuple[str, ...]] | None:
    lowered = {label: " ".join(label.lower().split()) for label in labels}
    last = sorted(label for label in labels if _ELSEWHERE.fullmatch(lowered[label]))
    elsewhere = set(last)
    placed = [label for label in labels if label not in elsewhere]
    if len(placed) < 2 or len(last) > max(1, len(placed) // 2):
        return None
    kind, places = _places([lowered[label] for label in placed])
    if kind is None:
        named = named_order(placed)
        return None if named is None else (named[0], (*named[1], *last))
    by_label = dict(zip(placed, places, strict=True))
    return kind, (*sorted(placed, key=lambda label: by_label[label]), *last)


_remembered = lru_cache(maxsize=MAX_LISTS)(_ordered)


def _places(texts: list[str]) -> tuple[OrderKind | None, list[Place]]:
    """Return what texts in lower case are, and the place of each."""
    bare = _without_shared(texts)
    scale = scale_of(bare)
    weekdays = [_WEEKDAY.fullmatch(text) for text in texts]
    if all(weekdays):
        return "weekday", [(float(day.lastindex or 0),) for day in weekdays if day]
    months = [_MONTH.fullmatch(text) for text in texts]
    if all(months):
        places = [_month_place(month) for month in months if month]
        return "month" if not any(place[0] for place in places) else "steps", places
    if scale is not None:
        return "scale", [(float(scale.index(text)),) for text in bare]
    clocks = [_CLOCK.fullmatch(text) for text in texts]
    if all(clocks):
        return "steps", [_clock_place(clock) for clock in clocks if clock]
    return _numbered(texts)


def _without_shared(texts: list[str]) -> list[str]:
    """Return texts without the words that all of them end with: small_airport, large_airport."""
    words = [re.split(r"[ _-]", text) for text in texts]
    ends = zip(*(parts[::-1] for parts in words), strict=False)
    n_shared = sum(1 for _ in takewhile(lambda alike: len(set(alike)) == 1, ends))
    if not n_shared or min(map(len, words)) <= n_shared:
        return texts
    return [" ".join(parts[:-n_shared]) for parts in words]


def _month_place(found: re.Match[str]) -> Place:
    return float(found[1] or found[3] or 0), float(_MONTHS.index(found[2][:3]))


def _clock_place(found: re.Match[str]) -> Place:
    return float(int(found[1]) % 12 + 12 * (found[3] == "p")), float(found[2] or 0)


def _numbered(texts: list[str]) -> tuple[OrderKind | None, list[Place]]:
    """Place texts by the numbers in them: ranges, spans of years, steps, or names with numbers."""
    first = [text for text in texts if _BEFORE.fullmatch(text)][:1]
    read = {text: _place(text) for text in texts if text not in first}
    if len(texts) < MIN_NUMBERED:
        return None, []
    years = [_YEAR.findall(text) for text in texts]
    if all(len(found) == 1 for found in years) and len({found[0] for found in years}) > 2:
        by_year = zip(texts, years, strict=True)
        return "steps", [(float(found[0]), *_place(text)[0]) for text, found in by_year]
    places = [(-1.0,) if text in first else read[text][0] for text in texts]
    if not all(places) or len(set(places)) < len(places):
        return None, []
    around = {said for _, said in read.values()}
    steps = around - {("", "")}
    if len(steps) <= 1 and all(_is_step(*said) for said in steps):
        digits = max(len(number) for text in read for number in _NUMBER.findall(text))
        return ("steps" if not steps or digits <= MAX_DIGITS else "numbered"), places
    if _are_counted(texts, places):
        return "steps", places
    return ("numbered" if len(around) == 1 and not first else None), places


def _is_step(before: str, after: str) -> bool:
    """Whether what stands before a number, or after it, leaves it a step: week 3, 3 weeks."""
    return not before or (not after and _STEP_WORD.fullmatch(before) is not None)


def _are_counted(texts: list[str], places: list[Place]) -> bool:
    """Whether texts begin with one, two, three and so on: 1 never, 2 sometimes, 3 always."""
    starts = sorted(place[0] for place in places)
    begun = all(text[:1].isdigit() for text in texts) and starts[0] in (0, 1)
    return begun and all(later - sooner == 1 for sooner, later in pairwise(starts))


def _place(text: str) -> tuple[Place, tuple[str, str]]:
    """Return the place of a text by its numbers, and the words before and after them."""
    lower, upper = _LOWER.search(text), _UPPER.search(text)
    bare = re.sub(r"(?<=.)\([^)]*+\)", "", _UPPER.sub(" ", _LOWER.sub(" ", text)))
    numbers = [float(found.replace(",", "")) for found in _NUMBER.findall(bare)]
    if not numbers:
        return (), ("", "")
    side = 0.0
    if lower is not None and len(numbers) == 1:
        side = -0.5
    elif upper is not None and len(numbers) == 1:
        side = 0.5
    start = _NUMBER.search(bare)
    before, after = bare[: start.start() if start else 0], bare[start.end() if start else 0 :]
    said = (_BETWEEN.sub("", before), _BETWEEN.sub("", _NUMBER.sub("", after)).removesuffix("s"))
    return (numbers[0] + side, *numbers[1:]), said


def natural(label: str) -> list[tuple[bool, float, str]]:
    """Return what sorts "group 2" before "group 10", and "<18" before "18 to 25".

    Parameters
    ----------
    label
        Any text.

    Returns
    -------
    list of tuple
        A key for `sorted`: numbers by their size, before words by their letters.

    Examples
    --------
    >>> sorted(["group 10", "group 2", "18 to 25", "<18"], key=natural)
    ['<18', '18 to 25', 'group 2', 'group 10']
    """
    bound = re.match(r"([<>≤≥]?)\s*(\d{1,15}(?:\.\d+)?)", label)
    if bound:
        side = {"<": -0.5, "≤": -0.5, ">": 0.5, "≥": 0.25}.get(bound[1], 0.0)
        return [(False, float(bound[2]) + side, ""), (True, 0, label)]
    parts = re.split(r"(\d{1,15})", label.casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
