"""Owns numbers as people write them: units, thousands apart, notes, signs of missing ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from vizmodel.patterns import late_pattern

#: A decimal number; a leading zero ("007") marks a code, which stays text.
NUMBER = late_pattern(r"[+-]?(?:0|[1-9]\d*|(?:0|[1-9]\d*)?\.\d+|(?:0|[1-9]\d*)\.)(?:[eE][+-]?\d+)?")
#: Digits with a leading zero: a code, and a number only where the user says so.
CODE = late_pattern(r"[+-]?0\d+(?:\.\d*)?")
#: Texts that stand for a missing value among numbers.
MISSING = late_pattern(
    r"-{1,2}|[–—?*…:]|\.{1,3}|n[./]?a\.?|nd|n/[dm]|tb[acd]|none|null|missing|unknown"
    r"|#n/a|#div/0!|#value!",
    re.IGNORECASE,
)
#: Share of the distinct texts that must be numbers, and that may bear a note.
MIN_NUMBERS, MAX_NOTED = 0.5, 0.5
#: Most different marks without a digit, such as "(D)" or "trace", that stand for no number, and
#: fewest numbers for each of them; a mark is no total, which is a row of its own kind.
MAX_MARKS, MIN_PER_MARK = 3, 5
#: Numbers whose unit is looked at, and share of them that bear one where it is told.
MAX_UNITS, MOST_UNITS = 500, 0.9
#: Most units of a column that are told as several.
MAX_KINDS = 6
_DIGIT = late_pattern(r"[0-9]")
_SUMS = late_pattern(r"\b(total|all|sum|average|mean)\b", re.IGNORECASE)
#: Numbers with one unit are steps of a scale where they are no more than these, and whole or many
#: times met.
MAX_STEPS = 12
#: Most numbers with the word of a step before them, such as week 12, that are labels.
MAX_LABELS = 30
#: Fewest numbers with a comma that are decimals for one that ends in a nought.
MIN_ROUND = 6
#: Names and signs of money, and those of them that stand before a number without a letter beside.
_CURRENCIES = "USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY"
_COINS = frozenset((*"€£¥₹", "kr", "zł", "Ft", "Kč", *_CURRENCIES.split("|")))
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹"}
_STEP = "week|wk|kw|woche|day|tag|month|hour|round|lap|period|trial|matchday|semaine|semana"
#: Words that may stand before the digits, and what parts them: other texts are no numbers.
_BEFORE = frozenset(f"{_STEP}|{_CURRENCIES}|us|a|au|c|ca|nz|hk|r|rs|kr".lower().split("|"))
_LETTERS, _FIGURE = late_pattern(r"[^\W\d_]+"), late_pattern(r"\d")
# Gaps are taken whole, or many blanks would be shared out among them in all ways.
_PATTERN = r"""(?P<step>(?i:{step})\.?\s?)?
    (?P<open>\()?\s*+(?P<bound>[<>≤≥~]=?\s*+)?
    (?P<before>[+−▲▼-])?\s*+(?P<money>(?:US|AU?|CA?|NZ|HK|R)?[$€£¥₹]|(?:{money})(?=[\s\d-])|(?:Rs|kr)\.?)?
    \s*+(?P<sign>[+−-])?
    (?P<digits>(?:{grouped}|0|[1-9]\d*)?(?:{point}\d*)?(?:(?<=\d)[eE][+-]?\d{{1,3}})?)(?P<after>-(?!\d))?
    \s*+(?P<unit>%|[€£¥₹]|[A-Za-zÀ-ɏµ°²³/]{{1,12}}\.?|out\ of\ \d{{1,3}}(?:\ [A-Za-z]{{1,12}})?)?
    (?P<more>\+)?\s*+(?P<close>\))?
    \s*+(?P<note>\([a-z]\w?\))?(?P<sure>(?:\s*+(?:\*+|[†‡§¹²³]+|\[[^\[\]]{{1,20}}\]))+)?
    (?P<aside>\s*+(?:±|\+/-)\s*+[\d.,]+|(?<=\s)\([^()]*\d[^()]*\))?"""
# Thousands that are parted begin with no zero: 0,572 is a fraction.
_WRITTEN = late_pattern(
    _PATTERN.format(
        step=_STEP,
        money=_CURRENCIES,
        grouped=r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:[ \u00a0\u2009\u202f]\d{3})+|(?:['’]\d{3})+)"
        r"|[1-9]\d?(?:,\d{2})+,\d{3}",
        point=r"\.",
    ),
    re.VERBOSE,
)
#: What most of them are, read sooner.
_PLAIN = late_pattern(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
#: The same where a comma is the decimal point.
_COMMAS = late_pattern(
    _PATTERN.format(
        step=_STEP, money=_CURRENCIES, grouped=r"[1-9]\d{0,2}(?:[.\s]\d{3})+", point=","
    ),
    re.VERBOSE,
)
#: A number that may have three decimals as well as thousands apart, and one without either.
_EITHER = late_pattern(r"[^\d.,]*(?:(?P<open>[1-9]\d{0,2}[.,]\d{3})|\d+)[^\d.,]*")
_FRACTION = late_pattern(r",0\d|\d\.\d{3}\.\d{3}")
#: What parts thousands, and gaps that may.
_THOUSANDS = late_pattern(r"[,'’\s]")
_GAPS = late_pattern(r"(\d{1,3}) \d{3}")
#: Letters that say how many thousands, and those by which offices mark single figures.
SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "mn": 1e6, "B": 1e9, "bn": 1e9} | {
    word + end: factor
    for word, factor in (("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12))
    for end in ("", "s")
}
#: Those that are thousands of money alone: elsewhere they are metres, or marks.
_MONEY_SCALES = {"m": 1e6, "b": 1e9, "tn": 1e12}
_FLAGS = frozenset("bcdeprsu")
#: Ends a style where a comma is the decimal point, and where letters say how many thousands.
COMMAS, SCALED = " commas", " scaled"
#: How numbers are written, as a cast says.
NUMBER_STYLES = frozenset(
    style + end for style in ("percent", "currency", "written") for end in ("", COMMAS, SCALED)
)


class _Read(Struct, frozen=True):
    """One number as written: its value, and the signs about it."""

    value: float
    money: str = ""
    unit: str = ""
    noted: bool = False
    bounded: bool = False
    bracketed: bool = False
    aside: bool = False
    stepped: bool = False


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
    present = with_digits(values)
    if present is None or len(present) < max(1, MIN_NUMBERS * len(values)):
        return None
    found = _all_read(present, _WRITTEN)
    if found is not None:
        return _style(found, repeat) if _part_thousands(present) else None
    found = _all_read(present, _COMMAS)
    style = None if found is None else _style(found, repeat)
    if found is None or style is None or style.endswith(SCALED):
        return None
    # A few without a unit may be two numbers, of which none begins with a zero.
    signed = len(found) > MAX_STEPS or any(read.money or read.unit for read in found)
    signed = signed or any(_FRACTION.search(value) for value in present)
    rounded = len(found) >= MIN_ROUND and any(value.endswith(",0") for value in present)
    return style + COMMAS if signed or rounded else None


def decimal_commas(
    styles: Mapping[str, str | None], texts: Callable[[str], Sequence[str]]
) -> dict[str, str]:
    """Return how columns write numbers that may have three decimals as well as thousands apart.

    Alone, 1,055 is a thousand and more, and 84.845 less than a hundred. In a table of which another
    column has commas before decimals, it is the other way round.

    Parameters
    ----------
    styles
        Of columns of texts that hold numbers: what `number_style` says, None of plain ones.
    texts
        Returns the distinct texts of a column.

    Examples
    --------
    >>> table = {"price": ["0,55", "12,50"], "weight": ["1,055", "2,250"], "people": ["84.845"]}
    >>> decimal_commas({"price": "written commas", "weight": "written", "people": None}, table.get)
    {'weight': 'written commas', 'people': 'written commas'}
    """
    if not any(style is not None and style.endswith(COMMAS) for style in styles.values()):
        return {}
    found: dict[str, str] = {}
    for name, style in styles.items():
        if style is None or not style.endswith((COMMAS, SCALED)):
            values = [text for text in texts(name) if _DIGIT.search(text)]
            either = [_EITHER.fullmatch(value) for value in values]
            read = _all_read(values, _COMMAS) if all(either) else None
            own = None if read is None else _style(read, repeat=False)
            if own is not None and any(one["open"] for one in either if one is not None):
                found[name] = own + COMMAS
    return found


def with_digits(values: Sequence[str]) -> list[str] | None:
    """Return the texts that may be numbers or dates; None where too many others stand for none.

    Examples
    --------
    >>> with_digits(["1", "..", "3"]), with_digits(["1", "one"])
    (['1', '3'], None)
    """
    present, marks = [], 0
    for value in values:
        if _DIGIT.search(value) and value[0] != "#":
            present.append(value)
        elif not MISSING.fullmatch(value):
            marks += 1
            if marks > MAX_MARKS or _SUMS.search(value):
                return None
    return present if len(present) >= marks * MIN_PER_MARK else None


def unit_of(values: Sequence[str], style: str) -> str:
    """Return the unit or the sign of money that nearly all numbers bear.

    Parameters
    ----------
    values, style
        Distinct texts, and what `number_style` says of them.

    Examples
    --------
    >>> unit_of(["1.2 kg", "13 kg", "n/a"], "written"), unit_of(["$1,200", "($35)"], "currency")
    ('kg', '$')
    """
    pattern = _COMMAS if style.endswith(COMMAS) else _WRITTEN
    seen = (value.strip() for value in values[:MAX_UNITS] if _DIGIT.search(value))
    read = [found for value in seen if (found := pattern.fullmatch(value))]
    signs = Counter((one["money"] or one["unit"] or "").strip().removesuffix(".") for one in read)
    sign, n = signs.most_common(1)[0] if signs else ("", 0)
    scaled = style.endswith(SCALED) and sign not in _COINS and not sign.endswith(tuple("$€£¥₹"))
    told = " " not in sign and not scaled and n >= MOST_UNITS * len(read)
    return sign if told else ""


def _part_thousands(values: Sequence[str]) -> bool:
    """Whether blanks within digits part thousands: a code has as many digits before each."""
    starts = [len(gap[1]) for value in values if (gap := _GAPS.search(value))]
    return len(starts) < len(values) or set(starts) != {3}


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
    if not _are_notes(found):
        return None
    if units == {"%"}:
        return "percent"
    units = _without_flags(found, units)
    money = any(read.money for read in found)
    if len({read.money for read in found} - {""}) > 1:
        return None
    known = SCALES.keys() | (_MONEY_SCALES.keys() if money or units & {"k", "K"} else set())
    scaled = units - {""} <= known and units != {""} and (money or len(units) > 1)
    if not (scaled or _is_one_unit(found, units, repeat)):
        return None
    return ("currency" if money else "written") + (SCALED if scaled else "")


def _without_flags(found: Sequence[_Read], units: set[str]) -> set[str]:
    """Return units without the letters by which offices mark single figures: p, b, ep."""
    flagged = sum(read.unit != "" for read in found)
    several = len(units) > 2 and "" in units
    flags = all(len(unit) <= 2 and _FLAGS.issuperset(unit) for unit in units)
    return {""} if flags and (several or flagged <= MAX_NOTED * len(found)) else units


def _are_notes(found: Sequence[_Read]) -> bool:
    """Whether notes and brackets are the exception that they are where they mean something.

    Few with the word of a step before them are labels, as week 3; many are numbers. Numbers of
    which some are bounds, such as "<1" and "5+", may be the steps of a scale, and few
    with something in brackets after them are labels.
    """
    noted, bracketed = sum(r.noted for r in found), sum(r.bracketed for r in found)
    stepped = sum(r.stepped for r in found)
    if stepped and (stepped < len(found) or len(found) <= MAX_LABELS):
        return False
    few = len(found) <= MAX_STEPS and all(read.value.is_integer() for read in found)
    sizes = [read.value for read in found]
    steps = few and max(sizes) - min(sizes) < 2 * len(found)
    if (few and any(r.aside for r in found)) or (steps and any(r.bounded for r in found)):
        return False
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
    scale = SCALES.get(read.unit) or _MONEY_SCALES.get(read.unit, 1.0)
    return read.value * scale if style.endswith(SCALED) else read.value


def bounds(values: Sequence[str], style: str) -> list[str]:
    """Return the texts that name a bound of a number instead of it.

    Examples
    --------
    >>> bounds(["0.7", "<0.5", "> 200"], "written")
    ['<0.5', '> 200']
    """
    pattern = _COMMAS if style.endswith(COMMAS) else _WRITTEN
    read = ((value, _read(value, pattern)) for value in values)
    return [value for value, one in read if one is not None and one.bounded]


def several_units(values: Sequence[str]) -> tuple[str, ...]:
    """Return the units of numbers, or their signs of money, where these are several; else none.

    Examples
    --------
    >>> several_units(["2.5 kg", "400 g", "1 kg"]), several_units(["$5", "$7"])
    (('kg', 'g'), ())
    """
    reads = (_all_read(values, pattern) for pattern in (_WRITTEN, _COMMAS))
    found = next((read for read in reads if read), [])
    units = Counter(read.money or read.unit for read in found if read.money or read.unit)
    told = tuple(unit for unit, _ in units.most_common())
    enough = sum(units.values()) >= MOST_UNITS * len(found)
    return told if enough and 1 < len(told) <= MAX_KINDS else ()


def _currency(sign: str) -> str:
    """Return by which sign a currency is known: US$ and USD are dollars."""
    return "$" if sign.strip().endswith("$") else _SIGNS.get(sign.strip(), sign.strip())


def _read(text: str, pattern: re.Pattern[str]) -> _Read | None:
    text = text.strip()
    if pattern is _WRITTEN and _PLAIN.fullmatch(text):
        return _Read(float(text.replace(",", "")))
    before = _FIGURE.split(text, maxsplit=1)[0].lower()
    found = pattern.fullmatch(text) if _BEFORE.issuperset(_LETTERS.findall(before)) else None
    if found is None or not any(map(str.isdigit, found["digits"])):
        return None
    if (found["open"] is None) != (found["close"] is None):
        return None
    signs = [sign for sign in (found["before"], found["sign"], found["after"]) if sign]
    if len(signs) + (found["open"] is not None) > 1:
        return None
    unit = (found["unit"] or "").removesuffix(".")
    digits = found["digits"]
    if pattern is _COMMAS:
        digits = re.sub(r"[.\s]", "", digits).replace(",", ".")
    value = float(_THOUSANDS.sub("", digits))
    negative = found["open"] is not None or bool(signs and signs[0] not in "+▲")
    bounded = found["bound"] is not None or found["more"] is not None
    return _Read(
        -value if negative else value,
        _currency(found["money"] or (unit if unit in _COINS else "")),
        "" if unit in _COINS else unit,
        found["note"] is not None or bounded,
        bounded,
        found["open"] is not None,
        found["aside"] is not None,
        found["step"] is not None,
    )
