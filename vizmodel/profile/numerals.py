"""Owns numbers as people write them: units, thousands apart, notes, signs of missing ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: A decimal number; a leading zero ("007") marks a code, which stays text.
NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*|(?:0|[1-9]\d*)?\.\d+|(?:0|[1-9]\d*)\.)(?:[eE][+-]?\d+)?")
#: Digits with a leading zero: a code, and a number only where the user says so.
CODE = re.compile(r"[+-]?0\d+(?:\.\d*)?")
#: Texts that stand for a missing value among numbers.
MISSING = re.compile(
    r"-{1,2}|[–—?*…:]|\.{1,3}|n[./]?a\.?|nd|n/[dm]|tb[acd]|none|null|missing|unknown"
    r"|#n/a|#div/0!|#value!",
    re.IGNORECASE,
)
#: Share of the distinct texts that must be numbers, and that may bear a note.
MIN_NUMBERS, MAX_NOTED = 0.5, 0.5
#: Numbers with one unit are steps of a scale where they are no more than these, and whole or many
#: times met.
MAX_STEPS = 12
# Gaps are taken whole, or many blanks would be shared out among them in all ways.
_WRITTEN = re.compile(
    r"""(?P<open>\()?\s*+
    (?P<before>[+−-])?\s*+(?P<money>(?:US|AU?|CA?|NZ|HK)?[$€£¥₹])?\s*+(?P<sign>[+−-])?
    (?P<digits>(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)?(?:\.\d*)?)
    \s*+(?P<unit>%|[€£¥₹]|[A-Za-zµ°²³/]{1,12}|out\ of\ \d{1,3}(?:\ [A-Za-z]{1,12})?)?
    \s*+(?P<close>\))?
    \s*+(?P<note>\*+|[†‡§¹²³]+|\[[^\[\]]{1,20}\]|\([a-z]\w?\))?""",
    re.VERBOSE,
)
#: The same where a comma is the decimal point.
_COMMAS = re.compile(
    _WRITTEN.pattern.replace(r"(?:,\d{3})+", r"(?:[.\s]\d{3})+").replace(
        r"(?:\.\d*)?", r"(?:,\d*)?"
    ),
    re.VERBOSE,
)
_FRACTION = re.compile(r",0\d")
_COINS = frozenset("€£¥₹")
#: Letters that say how many thousands, and those by which offices mark single figures.
SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "mn": 1e6, "B": 1e9, "bn": 1e9}
_FLAGS = frozenset("bcdeprsu")
#: Ends a style where a comma is the decimal point, and where letters say how many thousands.
COMMAS, SCALED = " commas", " scaled"
#: How numbers are written, as a cast says.
NUMBER_STYLES = frozenset(
    style + end for style in ("percent", "currency", "written") for end in ("", COMMAS, SCALED)
)


@dataclass(frozen=True, slots=True)
class _Read:
    """One number as written: its value, and the signs about it."""

    value: float
    money: bool
    unit: str
    noted: bool
    bracketed: bool


def number_style(values: Sequence[str], repeat: bool = False) -> str | None:
    """Return how texts write numbers that no computer writes so; None where they do not.

    Parameters
    ----------
    values
        Distinct texts.
    repeat
        Whether they are met several times each.

    Returns
    -------
    str or None
        `percent`, `currency` or `written`, for `read_written`. All texts must be numbers in one
        unit, or stand for a missing value; a few may bear notes.

    Examples
    --------
    >>> number_style(["1.2%", "13%", "n/a"]), number_style(["$1,200", "($35)"])
    ('percent', 'currency')
    >>> number_style(["1,234", "18*", ".."]), number_style(["3 apples", "4 pears"])
    ('written', None)
    """
    present = [value for value in values if not MISSING.fullmatch(value)]
    if len(present) < max(1, MIN_NUMBERS * len(values)):
        return None
    found = _all_read(present, _WRITTEN)
    if found is not None:
        return _style(found, repeat)
    found = _all_read(present, _COMMAS)
    style = None if found is None else _style(found, repeat)
    # Without a unit it may be two numbers, of which none begins with a zero.
    signed = found is not None and any(read.money or read.unit for read in found)
    signed = signed or any(_FRACTION.search(value) for value in present)
    return style + COMMAS if style is not None and signed and not style.endswith(SCALED) else None


def _all_read(values: Sequence[str], pattern: re.Pattern[str]) -> list[_Read] | None:
    found: list[_Read] = []
    for value in values:
        read = _read(value, pattern)
        if read is None:
            return None
        found.append(read)
    return found


def _style(found: Sequence[_Read], repeat: bool) -> str | None:
    units = {read.unit for read in found if read.value or read.unit}
    if units == {"%"}:
        return "percent"
    flagged = sum(read.unit != "" for read in found)
    if units - {""} <= _FLAGS and flagged <= MAX_NOTED * len(found):
        units = {""}
    money = any(read.money for read in found)
    scaled = units - {""} <= SCALES.keys() and units != {""} and (money or len(units) > 1)
    if not _are_notes(found) or not (scaled or _is_one_unit(found, units, repeat)):
        return None
    return ("currency" if money else "written") + (SCALED if scaled else "")


def _are_notes(found: Sequence[_Read]) -> bool:
    """Whether notes and brackets are the exception that they are where they mean something."""
    noted, bracketed = sum(r.noted for r in found), sum(r.bracketed for r in found)
    return max(noted, bracketed) <= MAX_NOTED * len(found)


def _is_one_unit(found: Sequence[_Read], units: set[str], repeat: bool) -> bool:
    whole = all(read.value.is_integer() for read in found)
    steps = len(found) <= MAX_STEPS and (whole or repeat)
    return units <= {""} or (len(units) == 1 and not steps)


def read_written(text: str, style: str = "written") -> float | None:
    """Read a number as people write it; percentages as they are written, 12% as 12.

    Parameters
    ----------
    text
        A text of the column.
    style
        From `number_style`.

    Examples
    --------
    >>> read_written("($1.5)"), read_written("7.4 %"), read_written("1,234 [3]"), read_written("x")
    (-1.5, 7.4, 1234.0, None)
    >>> read_written("1.234,5 €", "currency commas"), read_written("$1.2K", "currency scaled")
    (1234.5, 1200.0)
    """
    read = _read(text, _COMMAS if style.endswith(COMMAS) else _WRITTEN)
    if read is None:
        return None
    return read.value * SCALES.get(read.unit, 1.0) if style.endswith(SCALED) else read.value


def _read(text: str, pattern: re.Pattern[str]) -> _Read | None:
    found = pattern.fullmatch(text.strip())
    if found is None or not any(map(str.isdigit, found["digits"])):
        return None
    if (found["open"] is None) != (found["close"] is None):
        return None
    signs = [sign for sign in (found["before"], found["sign"]) if sign]
    if len(signs) + (found["open"] is not None) > 1:
        return None
    unit = found["unit"] or ""
    digits = found["digits"]
    if pattern is _COMMAS:
        digits = re.sub(r"[.\s]", "", digits).replace(",", ".")
    value = float(digits.replace(",", ""))
    negative = found["open"] is not None or bool(signs and signs[0] != "+")
    return _Read(
        -value if negative else value,
        found["money"] is not None or unit in _COINS,
        "" if unit in _COINS else unit,
        found["note"] is not None,
        found["open"] is not None,
    )
