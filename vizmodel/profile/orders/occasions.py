"""Owns the order of occasions on which somebody is seen again: screening, baseline, week 4, post.

Studies name them by words and by numbers in one column; a course along them is what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

Place = tuple[float, ...]
#: Occasions that words name, in order. Numbers stand between the first four and the last three.
_WORDS: tuple[tuple[float, str], ...] = (
    (-4, "screening|consent|enrolment|enrollment|eligibility|scr"),
    (-3, "run in|lead in|randomization|randomisation"),
    (-2, "baseline|intake|admission|pre|pre test|pre treatment|pre intervention|pre score|pretest"),
    (-2, "before|prior|initial|bl|base line|pretreatment|preop|pre op|vorher|avant|antes|prima"),
    (-1, "intervention|treatment phase|during|mid|mid test|mid point|mid term|mid treatment"),
    (-1, "midline|midpoint|midterm|midtest|während|pendant|durante"),
    (1, "post|post test|post treatment|post intervention|post score|posttest|after|final|exit"),
    (1, "endline|end|end of treatment|end of study|end of term|end of year|eot|eos|discharge"),
    (1, "posttreatment|postop|post op|nachher|après|después|depois|dopo"),
    (2, "early termination|withdrawal|unscheduled"),
    (3, "follow up|followup|follow up visit|followup visit|fu|fup|retention|katamnese|suivi"),
    (3, "seguimiento"),
)
_OCCASIONS = {name: float(place) for place, names in _WORDS for name in names.split("|")}
#: Days of each unit in which occasions are counted; visits and waves are counted by themselves.
_UNITS: tuple[tuple[float, str], ...] = (
    (1.0, "day d tag jour día visit v t wave session cycle c phase time round"),
    (7.0, "week wk w woche semaine semana"),
    (30.4, "month mo m monat mois mes"),
    (365.25, "year yr y jahr année año"),
)
_DAYS = {word: days for days, words in _UNITS for word in words.split()}
_UNIT = "|".join(sorted(_DAYS, key=len, reverse=True))
_NUMBERED = late_pattern(rf"(?:(?:{_UNIT})s? ?(\d+)|(\d+) ?(?:{_UNIT})s?)( follow ?up| fu| post)?")
_NAMED_UNIT = late_pattern(rf"(?<![a-z])({_UNIT})s?(?![a-z])")
#: What is no mere letter, as v4 and d1 have for a unit.
_WORD = late_pattern(r"[^\W\d_]{2,}")
_FOLLOWED = late_pattern(r"(?:follow ?up|fu|post(?: test)?) ?(\d+)")


def names_occasion(text: str) -> bool:
    """Whether a text names an occasion, or counts one in a unit that is a word.

    Parameters
    ----------
    text
        As it is written.

    Examples
    --------
    >>> [names_occasion(one) for one in ("Baseline", "Week 4", "follow-up", "v4", "price")]
    [True, True, True, False, False]
    """
    spelled = " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())
    return _place(spelled) is not None and any(map(_WORD.fullmatch, spelled.split()))


def occasion_places(texts: Sequence[str]) -> list[Place] | None:
    """Return where occasions in small letters stand one after the other.

    Parameters
    ----------
    texts
        All different.

    Returns
    -------
    list of tuple or None
        None where they are others, where two stand in one place, or where numbers tell it alone.

    Examples
    --------
    >>> occasion_places(["pre", "follow_up", "post"])
    [(-2.0, 0.0), (3.0, 0.0), (1.0, 0.0)]
    >>> occasion_places(["week 12", "screening", "baseline"])
    [(0.0, 84.0), (-4.0, 0.0), (-2.0, 0.0)]
    >>> occasion_places(["final", "draft"]) is None
    True
    """
    spelled = [" ".join(re.sub(r"[\W_]+", " ", text).split()) for text in texts]
    places = [_place(text) for text in spelled]
    known = [place for place in places if place is not None]
    words = sum(place[0] != 0 for place in known)
    if len(known) < len(texts) or len(set(known)) < len(known) or not words:
        return None
    return known


def _place(text: str) -> Place | None:
    if text in _OCCASIONS:
        return _OCCASIONS[text], 0.0
    if not any(map(str.isdigit, text)):
        return None
    followed = _FOLLOWED.fullmatch(text)
    if followed is not None:
        return (1.0 if text.startswith("post") else 3.0), float(followed[1])
    numbered = _NUMBERED.fullmatch(text)
    if numbered is None:
        return None
    unit = _NAMED_UNIT.search(re.sub(r"\d+", " ", text))
    days = _DAYS[unit[1]] if unit else 1.0
    return (3.0 if numbered[3] else 0.0), float(numbered[1] or numbered[2]) * days
