"""Owns the order that labels have by what they say: steps of a scale, ages, months, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Any, Literal

from vizmodel.patterns import late_pattern
from vizmodel.profile.orders.calendar_labels import Place, calendar_places
from vizmodel.profile.orders.frequencies import frequency_places
from vizmodel.profile.orders.grades import grade_order, is_mark
from vizmodel.profile.orders.label_numbers import (
    are_signs,
    has_number,
    in_one_unit,
    without_figures,
    worded_order,
)
from vizmodel.profile.orders.named import named_order
from vizmodel.profile.orders.occasions import occasion_places
from vizmodel.profile.orders.opinions import opinion_places
from vizmodel.profile.orders.people_classes import class_order
from vizmodel.profile.orders.scales import nearest_scale, scale_of

#: What labels in order are; "numbered" are names that only bear a number, such as E12, and
#: "named" others that are listed in one order, such as no and yes: neither are steps.
OrderKind = Literal["weekday", "month", "scale", "steps", "numbered", "named"]

_YEAR = late_pattern(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
#: Labels that have no place among the others, and come last.
_ELSEWHERE = late_pattern(
    r"\W*|(n/?a|unknown|missing|other|others|varies|total|annual|all|refused?|none given|not sure"
    r"|do(n't| not|nt) know|unable to"
    r"|no( \w+)? (answer|response|information|data|opinion|stated|given|reported)"
    r"|not? (known|recorded|stated|available|applicable|reported|specified|answered)"
    r"|(would )?(prefer|rather) not|decline|insgesamt|gesamt|ensemble|keine angabe|k\. ?a|unbekannt"
    r"|weiß nicht|sonstige|nsp|ne sait pas|autres?|no sabe|ns/nc|otros?)(?!\w).*"
)
_NUMBER = late_pattern(r"\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?")
_LOWER = late_pattern(
    r"^(<|≤|lt|u(?=\d\d)|under|below|less than|fewer than|younger than|up to|before"
    r"|within the next|unter|weniger als|bis( zu)?|moins de|jusqu'à|menos de|menor de|hasta)"
    r"(?=[^a-z])"
    r"|\b(and|or|und|oder) (under|less|fewer|below|younger|lower|weniger|jünger)\b"
)
_UPPER = late_pattern(
    r"^(>|≥|gt|over|above|more than|older than|greater than|after|at least|über|mehr als|ab|plus de"
    r"|más de)(?=[^a-z])|\b(and|or|und|oder|et|ou|y|o) (over|more|above|older|higher|greater|mehr"
    r"|älter|darüber|plus|más|mas|mayor)\b|\+|\bplus\b"
)
#: What stands between and around numbers of a range.
_BETWEEN = late_pattern(
    r"(?<!\w)(to|and|between|but|less than|more than|hours?|from|bis|von|de|et|und)(?!\w)"
    r"|(?<= )[àay](?= )"
    r"|[-–—:/,.$€£¥~()<>≤≥_ \[\]]"
)
_PLURAL = late_pattern(r"(?<=\w)s\b|(?<=child)ren\b")
#: Bins as pandas writes them, whose bounds may be negative.
_BIN = late_pattern(r"[(\[]\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*[)\]]")
#: Words and letters before a number that say it is a step; others, such as "store 7", are names.
_STEP_WORD = late_pattern(
    r"day|week|weekno|month|year|quarter|age|aged|grade|step|stage|level|phase|round|wave|visit"
    r"|period|dose|time|trial|generation|size|quintile|quartile|decile|tertile|percentile|tier"
    r"|band|type|class|[qwtdmyhpgl]|kw|tag|woche|monat|jahr|quartal|stufe|klasse|semaine|mois|jour"
    r"|semana|mes|día|año|ed|isced|trimestre"
)
_BEFORE = late_pattern(
    r"pre|before|baseline|start|initial|control|placebo|vehicle|untreated|screening|kontrolle"
    r"|lowest( .*)?|bottom|poorest|youngest|never( .*)?|(rarely|seldom) or never|none"
    r"|(do|did|does) not \w+( \w+)*|no \w+|entry level|studio( apartment)?|k|kg|pre-?k"
    r"|kindergarten|reception"
)
#: Units of what is given to somebody: of one thing, more of it is the next step.
_DOSE = late_pattern(r"([mµun]?g|mcg|ng|iu|ppm|[mµun]m|%)(kg|ml|l|day|d|ha)?|kgha|mlkg")
_LAST = late_pattern(r"highest( .*)?|top|richest|oldest|always|follow[- ]?up")
MIN_NUMBERED, MAX_DIGITS = 3, 4
#: What stands before and after the number of a question, or of a quarter, of which there are four.
_QUESTION, QUARTERS = ("q", ""), 4
#: Steps with finer ones: T2a, stage 1b; which of them are steps however they are called.
_FINER = late_pattern(r"(.*?)(\d{1,2})([a-e]?)")
_TUMOUR = late_pattern(r"[pcy]?[tnmg]")
#: Answers that begin with their number, of which one may be missing.
_ANSWER = late_pattern(r"\d\s*[_.:)=-]\s*[^\W\d].*")
#: Numbers that are amounts, changes or dates: beside a word among them their order is no scale's.
_AMOUNT = late_pattern(r"(?<!\d)[-+−]\d|\d/\d|\d\.\d{3}")
#: Labels of which a few may have no place among the others: fewest that have one, and how many
#: times as many; and most labels that are looked through.
MIN_PLACED, TIMES_PLACED, MAX_LOOKED = 3, 3, 30
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
    >>> order_of(("E12", "E7", "E103"))[0], order_of(("W12", "W7", "W3"))[0]
    ('numbered', 'steps')
    """
    return (_remembered if len(labels) <= MAX_REMEMBERED else _ordered)(labels)


def _ordered(labels: tuple[str, ...]) -> tuple[OrderKind, tuple[str, ...]] | None:
    lowered = {label: " ".join(label.lower().split()) for label in labels}
    if are_signs(labels):
        return "scale", tuple(sorted(labels, key=len))
    last = sorted(label for label in labels if _ELSEWHERE.fullmatch(lowered[label]))
    elsewhere = set(last)
    placed = [label for label in labels if label not in elsewhere]
    if len(placed) < 2 or len(last) > max(1, len(placed) // 2):
        return None
    found = _all_placed(placed, lowered) or _mostly_placed(placed, lowered)
    return None if found is None else (found[0], (*found[1], *last))


def _all_placed(
    labels: Sequence[str], lowered: Mapping[str, str]
) -> tuple[OrderKind, list[str]] | None:
    """Order labels all of which have a place; None where some have none."""
    texts = [lowered[label] for label in labels]
    kind, places = _places(texts)
    if kind is None:
        spelled = [_spelled(label) for label in labels]
        kind, places = _places(_without_common(spelled))
        bare = [*map(without_figures, spelled)]
        steps = None if kind == "scale" or bare == spelled else scale_of(bare)
        if steps is not None:
            kind, places = "scale", [(float(steps.index(text)),) for text in bare]
        kind = kind if kind == "scale" and len(set(places)) == len(places) else None
    if kind is not None:
        by_label = dict(zip(labels, places, strict=True))
        return kind, sorted(labels, key=lambda label: by_label[label])
    grades = grade_order(labels)
    if grades is not None:
        return "scale", grades
    classes = class_order(labels) or worded_order(labels)
    return named_order(labels) if classes is None else ("named", classes)


def _spelled(label: str) -> str:
    """Return a label in small letters, its words apart: StronglyAgree, Very_High."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|[_.-]", " ", label)
    return " ".join(apart.lower().split())


def _without_common(texts: list[str]) -> list[str]:
    """Return texts without the words that all of them have: non travel, travel rarely."""
    common = set(texts[0].split()).intersection(*(text.split() for text in texts))
    left = [" ".join(word for word in text.split() if word not in common) for text in texts]
    return left if all(left) else texts


def _mostly_placed(
    labels: Sequence[str], lowered: Mapping[str, str]
) -> tuple[OrderKind, list[str]] | None:
    """Order labels of which nearly all have a place, the others last: 4, 5, 6, rotary."""
    if not MIN_PLACED < len(labels) <= MAX_LOOKED:
        return None
    of_scale = nearest_scale([lowered[label] for label in labels])
    for told in (
        {label for label in labels if _NUMBER.search(label) and not _AMOUNT.search(label)},
        {label for label in labels if lowered[label] in of_scale},
        {label for label in labels if is_mark(lowered[label])},
    ):
        placed = [label for label in labels if label in told]
        others = sorted(label for label in labels if label not in told)
        few = len(others) <= max(1, len(placed) // TIMES_PLACED)
        if others and few and len(placed) >= MIN_PLACED:
            found = _all_placed(placed, lowered)
            if found is not None:
                first = [label for label in others if _BEFORE.fullmatch(lowered[label])]
                return "named", [*first, *found[1], *(one for one in others if one not in first)]
    return None


_remembered = lru_cache(maxsize=MAX_LISTS)(_ordered)


def _places(texts: list[str]) -> tuple[OrderKind | None, list[Place]]:
    """Return what texts in lower case are, and the place of each."""
    bare = _without_shared(texts)
    scale = scale_of(bare)
    parts = calendar_places(texts)
    if parts is not None:
        return parts
    if scale is not None:
        return "scale", [(float(scale.index(text)),) for text in bare]
    bins = [_BIN.fullmatch(text) for text in texts]
    if all(bins):
        return "steps", [(float(found[1]), float(found[2])) for found in bins if found]
    occasions = occasion_places(texts)
    if occasions is not None:
        return "steps", occasions
    opinions = opinion_places(texts) or frequency_places(texts)
    return _numbered(texts) if opinions is None else ("scale", opinions)


def _without_shared(texts: list[str]) -> list[str]:
    """Return texts without the words that all of them end with: small_airport, large_airport."""
    words = [re.split(r"[ _-]", text) for text in texts]
    ends = zip(*(parts[::-1] for parts in words), strict=False)
    n_shared = sum(1 for _ in takewhile(lambda alike: len(set(alike)) == 1, ends))
    if not n_shared or min(map(len, words)) <= n_shared:
        return texts
    return [" ".join(parts[:-n_shared]) for parts in words]


def _numbered(texts: list[str]) -> tuple[OrderKind | None, list[Place]]:
    """Place texts by the numbers in them: ranges, spans of years, steps, or names with numbers."""
    if not any(map(has_number, texts)):
        return None, []
    texts = in_one_unit(texts)
    first = [text for text in texts if _BEFORE.fullmatch(text)][:1]
    last = [text for text in texts if _LAST.fullmatch(text)][:1]
    read = {text: _place(text) for text in texts if text not in (*first, *last)}
    if len(texts) < MIN_NUMBERED:
        return None, []
    years = [_YEAR.findall(text) for text in texts]
    if all(len(found) == 1 for found in years) and len({found[0] for found in years}) > 2:
        by_year = zip(texts, years, strict=True)
        return "steps", [(float(found[0]), *_place(text)[0]) for text, found in by_year]
    ends = dict.fromkeys(first, (-1.0,)) | dict.fromkeys(last, (math.inf,))
    places = [ends[text] if text in ends else read[text][0] for text in texts]
    if not all(places) or len(set(places)) < len(places):
        return _finer(texts)
    around = {said for _, said in read.values()}
    steps = around - {("", "")}
    if len(steps) <= 1 and all(_is_step(*said) for said in steps):
        digits = max(len(number) for text in read for number in _NUMBER.findall(text))
        ranged = any(len(place) > 1 for place in places)
        if steps == {_QUESTION} and not ranged and _are_questions(texts, places):
            return "numbered", places
        return ("steps" if not steps or ranged or digits <= MAX_DIGITS else "numbered"), places
    if _are_counted(texts, places):
        return "steps", places
    return ("numbered" if len(around) == 1 and not ends else None), places


def _are_questions(texts: list[str], places: list[Place]) -> bool:
    """Whether Q and a number are questions: written Q01, or more than quarters, from one on."""
    numbers = [place[0] for place in places]
    padded = any(re.fullmatch(r"q0\d", text) for text in texts)
    return padded or (min(numbers) >= 1 and max(numbers) > QUARTERS)


def _finer(texts: list[str]) -> tuple[OrderKind | None, list[Place]]:
    """Place steps some of which are split by a letter: T1, T2a, T2b."""
    found = [_FINER.fullmatch(text) for text in texts]
    read = [one for one in found if one is not None]
    around = {one[1].strip() for one in read}
    if len(read) < len(found) or len(around) != 1 or not any(one[3] for one in read):
        return None, []
    before = around.pop()
    step = _TUMOUR.fullmatch(before) or _STEP_WORD.fullmatch(before)
    return "steps" if step else "numbered", [
        (float(one[2]), float(ord(one[3] or "`"))) for one in read
    ]


def _is_step(before: str, after: str) -> bool:
    """Whether what stands around a number leaves it a step: week 3, 3 weeks, drug 10 mg."""
    given = _DOSE.fullmatch(after) is not None
    return not before or given or (not after and _STEP_WORD.fullmatch(before) is not None)


def _are_counted(texts: list[str], places: list[Place]) -> bool:
    """Whether texts begin with one, two, three and so on: 1 never, 2 sometimes, 3 always."""
    starts = sorted(place[0] for place in places)
    begun = all(text[:1].isdigit() for text in texts) and starts[0] in (0, 1)
    gap = 2 if all(map(_ANSWER.fullmatch, texts)) else 1
    return begun and all(1 <= later - sooner <= gap for sooner, later in pairwise(starts))


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
    after = _PLURAL.sub("", _NUMBER.sub("", after))
    return (numbers[0] + side, *numbers[1:]), (_BETWEEN.sub("", before), _BETWEEN.sub("", after))


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
