"""Owns the numbers that labels write: in words, with endings and bounds, in units of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: How codes of age say bounds, and endings of ordinal numbers; what stands for them.
_BOUNDS = ((late_pattern(r"^y_?lt(?=\d)"), "<"), (late_pattern(r"^y_?g[et](?=\d)"), "≥"))
_ENDINGS = late_pattern(r"(\d)(st|nd|rd|th)\b")
#: Numbers in words at the start of a label: one child, first year.
_CARDINALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_IN_WORDS = {word: str(at) for at, word in enumerate(_CARDINALS)}
_IN_WORDS |= {word: str(at) for at, word in enumerate((*_ORDINALS, "tenth"), start=1)}
_FIRST_WORD = late_pattern(r"[^\W_]*")
#: Units that labels of one scale may mix, by their size.
_THOUSANDS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6}
_THOUSANDS |= {"b": 1e9, "bn": 1e9, "billion": 1e9}
_DURATIONS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600}
_DURATIONS |= {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800}
_DURATIONS |= {"year": 31_557_600, "yr": 31_557_600, "d": 86_400, "y": 31_557_600, "mo": 2_629_800}
#: Beside years an m is a month; the same in other languages.
_MONTHS = {
    "y yr year j jahr jahre an ans año años anno anni ano anos": 365.25,
    "q quarter": 91.3,
    "m mo mth month monat monate mois mes meses mese mesi": 30.44,
    "w wk week woche wochen semaine": 7.0,
    "d day tag tage jour día días giorno giorni": 1.0,
}
_BYTES: dict[str, float] = {
    "b": 1,
    "byte": 1,
    "bytes": 1,
    "kb": 2**10,
    "kib": 2**10,
    "mb": 2**20,
    "mib": 2**20,
}
_BYTES |= {"gb": 2**30, "gib": 2**30, "tb": 2**40, "tib": 2**40}
_FAMILIES: tuple[dict[str, float], ...] = (
    _THOUSANDS,
    {unit + end: size for unit, size in _DURATIONS.items() for end in ("", "s")},
    {unit + end: n for words, n in _MONTHS.items() for unit in words.split() for end in ("", "s")},
    _BYTES,
    {"s": 1, "m": 60, "h": 3600, "d": 86_400},  # beside hours an m is a minute
    {"ng": 1e-9, "ug": 1e-6, "µg": 1e-6, "mg": 1e-3, "g": 1, "kg": 1e3, "t": 1e6},
    {"nm": 1e-9, "um": 1e-6, "µm": 1e-6, "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3},
    {"ml": 1e-3, "cl": 1e-2, "dl": 1e-1, "l": 1},
)
#: Spans of time that one word tells beside others that are counted: monthly, 12 months.
_SPANS = (
    (late_pattern(r"^(monthly|month to month|month-to-month|rolling monthly)$"), "1 month"),
    (late_pattern(r"^(weekly)$"), "1 week"),
    (late_pattern(r"^(daily)$"), "1 day"),
    (late_pattern(r"^(quarterly)$"), "3 months"),
    (late_pattern(r"^(yearly|annual(ly)?)$"), "1 year"),
)
_SPAN = late_pattern(r"\d ?(day|week|month|mo|year|yr)s?$")
#: From one number to another as codes write it: 15t24k.
_TO = late_pattern(r"(?<=\d)t(?=\d)")
_BETWEEN_WORDS = late_pattern(r"(?<=[a-z])_(?=[a-z])")
#: Numbers whose thousands are set apart by dots, and others.
_DOTTED, _PLAIN = (
    late_pattern(r"(?<![\d.,])([1-9]\d{0,2}(?:\.\d{3})+)(?![\d.])"),
    late_pattern(r"\d+"),
)
MIN_UNDOTTED = 100
#: Signs of which more are the next step.
_SIGNS = late_pattern(r"([★⭐*$€£¥+#●|])\1*")
#: Figures beside words, and codes before them.
_FIGURES = late_pattern(
    r"\([^)]*\)|^[a-z]{0,4}\d+\s*[-:.)–]\s*|[<>≤≥]?\d[\d.,]*\s*(%|percent)?(\s*[-–]\s*\d+\s*%?)?"
)
#: The number of a step and what it is called.
_WORDED = late_pattern(
    r"(|q|t|p|m|task|step|stage|phase|item|question|frage|aufgabe|schritt|module|level)[ _.-]?"
    r"(\d{1,2})\s*[-:._)– ]\s*[^\W\d].*"
)
MIN_WORDED = 3
_UNIT = late_pattern(r"(?<=\d)\+? ?([a-zµ]+)(?![a-zµ/])")
_QUANTITY = late_pattern(
    r"(\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)(\+)?(?: ?([a-zµ]+)(?![a-zµ/]))?"
)


def _in_digits(text: str) -> str:
    """Return a text in whose first word a number is in digits."""
    word = _first_word(text)
    return _IN_WORDS[word] + text[len(word) :] if word in _IN_WORDS else text


def _first_word(text: str) -> str:
    found = _FIRST_WORD.match(text)
    return found[0] if found is not None else ""


def has_number(text: str) -> bool:
    """Return whether a text in small letters has a digit, or begins with a number in words.

    Examples
    --------
    >>> has_number("a2"), has_number("first year"), has_number("the first")
    (True, True, False)
    """
    return any(map(str.isdigit, text)) or _first_word(text) in _IN_WORDS


def in_one_unit(texts: list[str]) -> list[str]:
    """Return texts whose numbers are in digits, and in one unit where they are in several.

    Examples
    --------
    >>> in_one_unit(["30 min", "2 h"]), in_one_unit(["one child", "second child"])
    (['1800 ', '7200 '], ['1 child', '2 child'])
    """
    texts = [_TO.sub("-", text) for text in _without_dots(texts)]
    if any(map(_SPAN.search, texts)):
        for said, counted in _SPANS:
            texts = [said.sub(counted, text) for text in texts]
    texts = [_in_digits(text) for text in texts]
    texts = [_ENDINGS.sub(r"\1", text.replace("<=", "≤").replace(">=", "≥")) for text in texts]
    for said, sign in _BOUNDS:
        texts = [said.sub(sign, text) for text in texts]
    texts = [_BETWEEN_WORDS.sub(" ", text) for text in texts]
    units = {unit for text in texts for unit in _UNIT.findall(text)}
    family = next((one for one in _FAMILIES if units and units <= one.keys()), None)
    # Of "1 Jahr" and "2 Jahre" the words differ.
    spelt = len({unit.removesuffix("s") for unit in units})
    alike = family is not None and len({family[unit] for unit in units}) == spelt == 1
    if family is None or (alike and family is not _THOUSANDS):
        return texts
    found = []
    for text in texts:
        own = family[(_UNIT.findall(text) or [""])[-1]] if _UNIT.search(text) else 1.0

        def grown(number: re.Match[str], own: float = own) -> str:
            unit = family.get(number[3], own)
            return f"{float(number[1].replace(',', '')) * unit:.12g}{number[2] or ''} "

        found.append(_QUANTITY.sub(grown, text))
    return found


def _without_dots(texts: list[str]) -> list[str]:
    """Return texts without dots that set thousands apart: from 500 to 1.000.

    Beside numbers of three digits none is a thousand times smaller; the dots of 0.5 are others.
    """
    left = [_DOTTED.sub("", text) for text in texts]
    undotted = [int(number) for text in left for number in _PLAIN.findall(text)]
    dotted = any(map(_DOTTED.search, texts)) and not any(re.search(r"\d\.\d", t) for t in left)
    if not dotted or max(undotted, default=0) < MIN_UNDOTTED:
        return texts
    return [_DOTTED.sub(lambda found: found[0].replace(".", ""), text) for text in texts]


def are_signs(labels: Sequence[str]) -> bool:
    """Whether labels are one sign again and again, of which more are the next step.

    Examples
    --------
    >>> are_signs(["$$", "$", "$$$$"]), are_signs(["+", "-"])
    (True, False)
    """
    return len({label[:1] for label in labels}) == 1 and all(map(_SIGNS.fullmatch, labels))


def without_figures(text: str) -> str:
    """Return a text without the figures that say what its words mean: low (0-3), top 25%.

    Examples
    --------
    >>> without_figures("low (0-3)"), without_figures("p1 - critical")
    ('low', 'critical')
    """
    return " ".join(_FIGURES.sub(" ", text).split())


def worded_order(labels: Sequence[str]) -> list[str] | None:
    """Return names behind running numbers of steps in order: T1 sign in, T2 find a tariff.

    Parameters
    ----------
    labels
        All different.

    Returns
    -------
    list or None
        None where the numbers do not count on from nought or one, or are of things.

    Examples
    --------
    >>> worded_order(["T2 pay", "T1 find", "T3 leave"]), worded_order(["A61 North", "A1 South"])
    (['T1 find', 'T2 pay', 'T3 leave'], None)
    """
    read = {label: _WORDED.fullmatch(label.strip().lower()) for label in labels}
    places = {label: int(found[2]) for label, found in read.items() if found is not None}
    before = {found[1] for found in read.values() if found is not None}
    numbers = sorted(places.values())
    if len(numbers) < max(len(labels), MIN_WORDED) or len(before) != 1:
        return None
    if (
        numbers[0] not in (0, 1)
        or len(set(numbers)) < len(numbers)
        or numbers[-1] > len(numbers) + 1
    ):
        return None
    return sorted(labels, key=lambda label: places[label])
