"""Owns the order of how often something happens: never, less than once a month, 2-3 times a week.

Words and numbers stand side by side there, and the numbers are of different spans of time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: Times a year of what happens once in each such span.
_PER_YEAR = {
    "hour": 8_760.0, "h": 8_760.0, "day": 365.0, "week": 52.0, "wk": 52.0, "fortnight": 26.0,
    "month": 12.0, "mo": 12.0, "quarter": 4.0, "year": 1.0, "yr": 1.0,
    "tag": 365.0, "woche": 52.0, "monat": 12.0, "jahr": 1.0,
    "jour": 365.0, "semaine": 52.0, "mois": 12.0, "an": 1.0,
    "día": 365.0, "semana": 52.0, "mes": 12.0, "año": 1.0,
    "giorno": 365.0, "settimana": 52.0, "mese": 12.0, "anno": 1.0,
}  # fmt: skip
_SPANS = "|".join(sorted(_PER_YEAR, key=len, reverse=True))
#: Words that say how often by themselves, in times a year.
_WORDS: tuple[tuple[float, str], ...] = (
    (0.0, "never|not at all|none|nie|niemals|jamais|nunca|mai|nooit|nigdy|aldrig|almost never"),
    (0.5, "rarely|very rarely|seldom|less|less often|less frequently|even less frequently"),
    (0.5, "seltener|rarement|selten|moins souvent|rara vez|raramente|menos a menudo|zelden|rzadko"),
    (1.0, "yearly|annual|annually|jährlich"),
    (4.0, "quarterly|vierteljährlich"),
    (12.0, "monthly|monatlich|mensuel|mensuellement|mensual|mensualmente|mensile|maandelijks"),
    (26.0, "fortnightly|biweekly|bi weekly|every other week|every other weeks|every two week"),
    (26.0, "every two weeks"),
    (52.0, "weekly|wöchentlich|hebdomadaire|semanal|semanalmente|settimanale|wekelijks"),
    (104.0, "most weeks"),
    (300.0, "almost daily|almost every day|almost days|nearly daily|nearly every day|nearly days"),
    (300.0, "most daily|most every day|most days|fast täglich|fast jeden tag"),
    (365.0, "daily|every day|each day|täglich|jeden tag|tous les jours|quotidien|quotidiennement"),
    (365.0, "todos los días|a diario|diariomente|diariamente|ogni giorno|dagelijks|codziennie"),
    (365.0, "dagligen"),
    (8_760.0, "hourly|stündlich"),
)
_WORDED = {word: times for times, words in _WORDS for word in words.split("|")}
#: So many times in a span: 2-3x month, several times a week, <1/month, mehrmals pro Woche.
_TIMES = late_pattern(
    rf"(?P<often>once|one|twice|two|three|four|five|several|a few|few|einmal|zweimal|mehrmals|\d+"
    rf"(?: ?(?:-|–|to|bis|or) ?\d+)?)\+? ?(?:x|×|times?|fois|veces|volte|mal|days?|tage?)?"
    rf"(?: ?/ ?| per | an? | pro | in der | im | par | por | al | alla |(?<=x) ?| each | every )"
    rf"(?P<span>{_SPANS})s?"
)
_ENDS = (*_PER_YEAR, *(f"{span}s" for span in _PER_YEAR))
_COUNTS = {"once": 1.0, "one": 1.0, "twice": 2.0, "two": 2.0, "three": 3.0, "four": 4.0}
_COUNTS |= {"five": 5.0, "several": 4.0, "a few": 3.0, "few": 3.0}
_COUNTS |= {"einmal": 1.0, "zweimal": 2.0, "mehrmals": 4.0}
_LESS = late_pattern(
    r"^(less( often)? than|fewer than|up to|at most|about|around|<|≤|weniger als|höchstens"
    r"|moins d(e|')|menos de)|\bor (less|fewer)( often)?$"
)
_MORE = late_pattern(
    r"^(more( often)? than|at least|>|≥|mehr als|mindestens|plus de|más de)|\+$|\bor more( often)?$"
)
#: Fewest frequencies that tell a scale, and what a bound adds or takes.
MIN_FREQUENCIES, BOUND = 3, 0.1


def frequency_places(texts: Sequence[str]) -> list[tuple[float, ...]] | None:
    """Return how often each of some texts in small letters says that something happens.

    Parameters
    ----------
    texts
        All different.

    Returns
    -------
    list of tuple or None
        In times a year; None where they say something else, two say the same, or none has a span
        of time that others have not, so that their numbers tell it alone.

    Examples
    --------
    >>> frequency_places(["weekly+", "monthly or less", "2-3x month"])
    [(57.2,), (10.8,), (24.0,)]
    >>> frequency_places([">1/week", "<1/month", "1-4/month"])
    [(57.2,), (10.8,), (12.0,)]
    >>> frequency_places(["2 days", "3 days", "9 days"]) is None
    True
    """
    known: list[float] = []
    for text in texts if len(texts) >= MIN_FREQUENCIES else ():
        times = _times(" ".join(text.split()))
        if times is None:
            return None
        known.append(times)
    if not known or len(set(known)) < len(known):
        return None
    spans = {found["span"] for text in texts if (found := _TIMES.search(text)) and found["span"]}
    worded = any(_bare(text) in _WORDED for text in texts)
    return [(times,) for times in known] if len(spans) > 1 or worded else None


def _bare(text: str) -> str:
    return _MORE.sub("", _LESS.sub("", text)).strip()


def _times(text: str) -> float | None:
    """Return how many times a year a text says; None where it says something else."""
    said = _WORDED.get(text)
    if said is not None:
        return said
    less, more = _LESS.search(text), _MORE.search(text)
    factor = 1.0 - BOUND * (less is not None) + BOUND * (more is not None)
    bare = _bare(text)
    said = _WORDED.get(bare)
    if said is not None:
        return round(said * factor, 3)
    found = _TIMES.fullmatch(bare) if bare.endswith(_ENDS) else None
    if found is None:
        return None
    often = _COUNTS.get(found["often"]) or float(re.split(r"\D+", found["often"])[0])
    return round(often * _PER_YEAR[found["span"]] * factor, 3)
