"""Owns the numbers that labels write: in words, with endings and bounds, in units of their own."""

from __future__ import annotations

import re

#: How codes of age say bounds, and endings of ordinal numbers; what stands for them.
_BOUNDS = ((re.compile(r"^y_?lt(?=\d)"), "<"), (re.compile(r"^y_?g[et](?=\d)"), "≥"))
_ENDINGS = re.compile(r"(\d)(st|nd|rd|th)\b")
#: Numbers in words at the start of a label: one child, first year.
_NUMBER_WORDS = (
    *("one|first", "two|second", "three|third", "four|fourth", "five|fifth", "six|sixth"),
    *("seven|seventh", "eight|eighth", "nine|ninth", "ten|tenth"),
)
_COUNTED = tuple(
    (re.compile(rf"^({words})\b"), str(at)) for at, words in enumerate(_NUMBER_WORDS, 1)
)
#: Units that labels of one scale may mix, by their size.
_THOUSANDS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6}
_THOUSANDS |= {"b": 1e9, "bn": 1e9, "billion": 1e9}
_DURATIONS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600}
_DURATIONS |= {"hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800}
_DURATIONS |= {"year": 31_557_600, "yr": 31_557_600, "d": 86_400, "y": 31_557_600, "mo": 2_629_800}
_FAMILIES: tuple[dict[str, float], ...] = (
    _THOUSANDS,
    {unit + end: size for unit, size in _DURATIONS.items() for end in ("", "s")},
    {"kb": 1, "mb": 2**10, "gb": 2**20, "tb": 2**30},
    {"ng": 1e-9, "ug": 1e-6, "µg": 1e-6, "mg": 1e-3, "g": 1, "kg": 1e3, "t": 1e6},
    {"nm": 1e-9, "um": 1e-6, "µm": 1e-6, "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3},
    {"ml": 1e-3, "cl": 1e-2, "dl": 1e-1, "l": 1},
)
_UNIT = re.compile(r"(?<=\d)\+? ?([a-zµ]+)(?![a-zµ/])")
_QUANTITY = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(\+)?(?: ?([a-zµ]+)(?![a-zµ/]))?"
)


def _in_digits(text: str) -> str:
    """Return a text whose first word is a number in digits."""
    for words, digits in _COUNTED:
        text = words.sub(digits, text)
    return text


def in_one_unit(texts: list[str]) -> list[str]:
    """Return texts whose numbers are in digits, and in one unit where they are in several.

    Examples
    --------
    >>> in_one_unit(["30 min", "2 h"]), in_one_unit(["one child", "second child"])
    (['1800 ', '7200 '], ['1 child', '2 child'])
    """
    texts = [_in_digits(text) for text in texts]
    texts = [_ENDINGS.sub(r"\1", text.replace("<=", "≤").replace(">=", "≥")) for text in texts]
    for said, sign in _BOUNDS:
        texts = [said.sub(sign, text) for text in texts]
    units = {unit for text in texts for unit in _UNIT.findall(text)}
    family = next((one for one in _FAMILIES if units and units <= one.keys()), None)
    alike = family is not None and len({family[unit] for unit in units}) == 1
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
