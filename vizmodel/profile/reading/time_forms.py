"""Owns the forms in which a text may be a time: what its numbers and words can be, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from vizmodel.patterns import late_pattern

#: Ends a format whose texts are brought into plain words first: months of any language or length,
#: days with endings (4th), a weekday before them.
PLAIN = "~"
#: Half years, which neither strptime nor d3 knows.
HALF = "%h"
#: Months as English, German, French, Spanish, Italian, Portuguese and Dutch write them.
MONTHS = (
    ("jan", "jan(uary?|uari|vier|v|eiro)?|jän(ner)?|ene(ro)?|gen(naio)?"),
    ("feb", "feb(r|ruary?|ruari|rero|braio)?|fév(r|rier)?|fev(ereiro)?"),
    ("mar", "mar(ch|s|zo|ço)?|märz?|mrz|maart|mrt"),
    ("apr", "apr(ile?)?|avr(il)?|abr(il)?"),
    ("may", "mayo?|maio?|mag(gio)?|mei"),
    ("jun", "jun[ei]?|junio|junho|juin|giu(gno)?"),
    ("jul", "jul[yi]?|julio|julho|juil(let)?|lug(lio)?"),
    ("aug", "aug(ust|ustus)?|août?|aout|ago(sto)?"),
    ("sep", "sept?(ember|embre|iembre)?|set(embro|tembre|iembre)?"),
    ("oct", "oct(ober|obre|ubre)?|okt(ober)?|ott(obre)?|out(ubro)?"),
    ("nov", "nov(ember|embre|iembre|embro)?"),
    ("dec", "dec(ember|embre)?|dez(ember|embro)?|dic(iembre|embre)?|déc(embre)?"),
)
_DAYS = (
    "mon|tue|wed|thu|fri|sat|sun|(mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so"
    "|(mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(lun|mar|mercre|jeu|vendre|same)di"
    "|dimanche|lun|mer|jeu|ven|sam|dim|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
#: How they begin, which is cheaper to look for than the names.
MONTH_STARTS = frozenset(
    name[:3] for _, names in MONTHS for name in re.sub(r"\(.*?\)", "", names).split("|")
)
#: What makes words plain, in order: patterns as Python and browsers read them, what replaces them.
STEPS = (
    (r"(\d)(st|nd|rd|th|ère|er|ème|eme|e|º|ª)(?![a-zß-ÿ])", r"\1"),
    (rf"^({_DAYS})[.]?,? +(?=\d\d?[. ])", ""),
    *((rf"\b({words})(?![a-zß-ÿ])[.]?", month) for month, words in MONTHS),
)
_STEPS = tuple((late_pattern(pattern), plain) for pattern, plain in STEPS)
_TOKEN = late_pattern(
    r"(?P<clock>\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,6})?)?|\d{1,2}\.\d\d\.\d\d(?=\s?[AaPp][Mm]\b))"
    r"|(?P<zone>(?:(?<=:\d\d)|(?<=[.]\d{3})|(?<=[.]\d{6}))\s?[+-]\d\d:?\d\d(?=\s|$))"
    r"|(?P<ending>(?i:w/[ce]|week (?:ending|commencing|beginning)))(?![a-z])"
    r"|(?P<part>[QqTtHhSs]-?\d(?=\d{4}(?!\d)|(?!\d))|\d[QqHh](?![a-z]))"
    r"|(?P<number>\d+)|(?P<word>[^\W\d_]+)|(?P<sign>[^%@|~])",
)
#: Parts of a year of two digits that only a whole column tells from scores, days and beds.
_SHORT = (
    (late_pattern(r"\d\d?([/.-])\d\d"), ("%m{0}%y",)),
    (late_pattern(r"\d\d([/.-])\d\d?"), ("%y{0}%m",)),
    (late_pattern(r"\d\d([- /']?)[A-Z][a-z]{2}"), ("%y{0}%b",)),
    (late_pattern(r"([HhSs])[12]([- /']?)\d\d"), ("{0}%h{1}%y",)),
    (late_pattern(r"[12]([Hh])([- /']?)\d\d"), ("%h{0}{1}%y",)),
)
_QUARTERS = frozenset(["quartal", "quarter", "trimestre", "kwartaal", "trim", "qtr"])
_WEEKS = frozenset(["w", "kw", "wk", "week", "woche", "semaine", "semana"])
_JOINING = frozenset("t z utc gmt at um à de of the h uhr a le el m fy".split())  # noqa: SIM905
#: What follows the number of a year, a month and a day in Chinese and Japanese, and in Korean.
_COUNTED = ("年月日", "년월일")
#: How the number of a quarter begins where it has an ending: 1st quarter 2020, 2e trimestre 2020.
_ENDING = late_pattern(r"[1-4](st|nd|rd|th|ère|er|ème|eme|e|º|ª)[ -]")
_LETTERS, _DIGIT = late_pattern(r"[^\W\d_]+"), late_pattern(r"\d")
_MONTH_WORD = late_pattern(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?"
    "|sep(tember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_WEEKDAY_WORD = late_pattern("(mon|tues?|wednes|thurs?|fri|satur|sun)(day)?|tue|wed|thu|sat")
#: Longest text that may be a time, most numbers besides a clock, and years that may be meant.
MAX_LENGTH, MAX_NUMBERS, YEARS = 45, 3, ("1000", "2999")
#: Between the two numbers of a year and its month.
_MONTH_SIGNS = frozenset("/-._Mm() :")
#: Between day, month and year, where they are numbers.
_DAY_SIGNS = frozenset("/-.")

Parts = list[tuple[str, str]]


def plain(text: str) -> str:
    """Return a text in small letters whose months are English ones of three.

    Examples
    --------
    >>> plain("Lundi 4 février 2021"), plain("Sept. 21st, 2020"), plain("1. März 2019")
    ('4 feb 2021', 'sep 21, 2020', '1. mar 2019')
    """
    text = text.lower()
    # Before words that are no months only the endings of numbers and weekdays are left out.
    steps = _STEPS if _may_name_month(text) else _STEPS[:2] if _DIGIT.search(text) else ()
    for pattern, word in steps:
        text = pattern.sub(word, text)
    return text


def _may_name_month(text: str) -> bool:
    return any(word[:3] in MONTH_STARTS for word in _LETTERS.findall(text))


def may_be_time(text: str) -> bool:
    """Whether some format reads a text as a time.

    Examples
    --------
    >>> may_be_time("3. Mai 2020"), may_be_time("1000 EUR")
    (True, False)
    """
    return next(time_forms(text), None) is not None


def time_forms(text: str) -> Iterator[str]:
    """Yield the formats in which a text may be a time, as strptime and d3 read them.

    Parameters
    ----------
    text
        Of a column whose other texts are to be written alike.

    Yields
    ------
    str
        `%q` is a quarter, which d3 knows, and `%h` half a year; `~` at the end says that words are
        made plain first. Day and month of two numbers come in both orders, the month first.

    Examples
    --------
    >>> list(time_forms("03/05/2024 14:30"))
    ['%m/%d/%Y %H:%M', '%d/%m/%Y %H:%M']
    >>> list(time_forms("4. Januar 2021")), list(time_forms("T1 2020")), list(time_forms("Rome 1"))
    (['%d. %b %Y~'], ['T%q %Y'], [])
    >>> list(time_forms("2023年4月1日")), list(time_forms("2023년 4월")), list(time_forms("4月1日"))
    (['%Y年%m月%d日'], ['%Y년 %m월'], [])
    """
    if len(text) > MAX_LENGTH or not any(map(str.isdigit, text)):
        return
    yield from _forms(text)
    if _may_name_month(text.lower()) or _ENDING.match(text.lower()):
        simple = plain(text)
        yield from (form + PLAIN for form in _forms(simple) if "%b" in form or "%q" in form)


def short_forms(text: str) -> Iterator[str]:
    """Yield the formats in which a text may be a part of a year of two digits, or a score.

    Examples
    --------
    >>> list(short_forms("1/86")), list(short_forms("86-Jan")), list(short_forms("H1 20"))
    (['%m/%y'], ['%y-%b'], ['H%h %y'])
    """
    for pattern, forms in _SHORT:
        found = pattern.fullmatch(text)
        if found is not None:
            yield from (form.format(*found.groups()) for form in forms)


def _forms(text: str) -> Iterator[str]:
    parts = [(str(m.lastgroup), m.group()) for m in _TOKEN.finditer(text)]
    if "".join(part for _, part in parts) != text:
        return
    kinds = [_word_kind(part) if kind == "word" else kind for kind, part in parts]
    if "other" in kinds:
        return
    parts = [(kind, part) for kind, (_, part) in zip(kinds, parts, strict=True)]
    for roles in _roles(parts):
        told = iter(roles)
        ways = [_ways(kind, part, told, parts) for kind, part in parts]
        yield from map("".join, product(*ways))


def _word_kind(word: str) -> str:
    small = word.lower()
    if _MONTH_WORD.fullmatch(small):
        return "month"
    if _WEEKDAY_WORD.fullmatch(small):
        return "weekday"
    if small in ("am", "pm"):
        return "half day"
    if small in _QUARTERS:
        return "quarter"
    if small in _WEEKS:
        return "week"
    if any(small in signs for signs in _COUNTED):
        return "counted"
    return "joining" if small in _JOINING else "other"


def _ways(kind: str, part: str, told: Iterator[str], parts: Parts) -> Sequence[str]:
    """Return how one part of a text may be written in a format."""
    if kind == "number":
        return (next(told),)
    if kind == "clock":
        hour = "%I" if any(one == "half day" for one, _ in parts) else "%H"
        sign = "." if ":" not in part else ":"
        whole, _, rest = part.partition("," if "," in part else "." if sign == ":" else "\0")
        clock = sign.join((hour, "%M", "%S")[: whole.count(sign) + 1])
        second = "%L" if len(rest) <= 3 else "%f"
        return (f"{clock}{part[len(whole)]}{second}" if rest else clock,)
    if kind == "month":
        short = {"may": ("%b", "%B")}
        return short.get(part.lower(), ("%b",) if len(part) == 3 else ("%B",))
    if kind == "weekday":
        return ("%a",) if len(part) == 3 else ("%A",)
    if kind == "part":
        return (re.sub(r"\d", "%q" if part.strip("-0123456789").lower() in "qt" else HALF, part),)
    return ("%p",) if kind == "half day" else (part,)


def _roles(parts: Parts) -> Iterator[tuple[str, ...]]:
    """Yield what the numbers of a text may be, in its order."""
    kinds = [kind for kind, _ in parts]
    numbers = [part for kind, part in parts if kind == "number"]
    if not 1 <= len(numbers) <= MAX_NUMBERS + 1 or max(map(len, numbers)) > 14:
        return
    if len(numbers[0]) >= 8 and "month" not in kinds:
        yield from _joined(numbers)
        return
    years = [at for at, one in enumerate(numbers) if len(one) == 4 and YEARS[0] <= one <= YEARS[1]]
    others = [at for at in range(len(numbers)) if at not in years]
    if len(years) > 1 or any(len(numbers[at]) > 2 for at in others):
        return
    small = _small_roles(parts, kinds, len(others), years)
    for roles in small:
        year = "%G" if "%V" in roles else "%Y"
        told = iter(roles)
        yield tuple(year if at in years else next(told) for at in range(len(numbers)))


def _joined(numbers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield what 20210104, 20210104093000 and 20210104 0930 are."""
    clock = {0: "", 4: "%H%M", 6: "%H%M%S"}
    first, rest = numbers[0], numbers[1:]
    if len(first) - 8 in clock and len(rest) <= (len(first) == 8):
        later = [clock.get(len(one), "") for one in rest]
        if all(later) and "1700" < first[:4] < "2200":
            yield ("%Y%m%d" + clock[len(first) - 8], *later)


def _small_roles(
    parts: Parts, kinds: Sequence[str], n_small: int, years: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    """Yield what numbers of one or two digits may be: days, months, weeks, years of a century."""
    signs = {part for kind, part in parts if kind == "sign"} | _month_marks(parts)
    if "counted" in kinds:
        # Each sign but the first, the year's, says what the number before it is.
        yield from [("%m", "%d")[:n_small]] if _counts_down(parts, n_small) else []
    elif "week" in kinds:
        yield from [("%V",)] if years and n_small == 1 else []
    elif "quarter" in kinds or "part" in kinds:
        counted = ("%q",) if "quarter" in kinds else ()
        yield from [counted] if years and n_small == len(counted) else []
        short = not years and not counted and n_small == 1 and _in_quarters(parts)
        yield from [("%y",)] if short else []
    elif kinds.count("month") == 1:
        first = kinds.index("month") < kinds.index("number")
        by_month: dict[tuple[int, bool], list[tuple[str, ...]]] = {
            (0, True): [()],
            (1, True): [("%d",)],
            (1, False): [("%y",)] if first else [],
            (2, False): [("%d", "%y")],
        }
        yield from by_month.get((n_small, bool(years)), [])
    elif "month" in kinds:
        return
    elif years and n_small == 1:
        yield from [("%m",), ("%V",)] if signs and signs <= _MONTH_SIGNS else []
    elif years and n_small == 2 and len(signs & _DAY_SIGNS) == 1:
        yield from _days(signs, years[0] == 0)
    elif not years and n_small == 3 and len(signs & _DAY_SIGNS) == 1:
        days = _days(signs, False)
        yield from ((*roles, "%y") for roles in days)
        yield from [("%y", "%m", "%d")]


def _days(signs: set[str], year_first: bool) -> Iterator[tuple[str, str]]:
    if year_first or "." not in signs:
        yield "%m", "%d"
    if not year_first:
        yield "%d", "%m"


def _counts_down(parts: Parts, n_small: int) -> bool:
    """Whether a year, a month and perhaps a day come one after the other, each with its sign."""
    said = "".join(part for kind, part in parts if kind == "counted")
    first = "".join(kind[0] for kind, _ in parts if kind in ("number", "counted"))
    told = 1 <= n_small <= 2 and any(signs[: n_small + 1] == said for signs in _COUNTED)
    return told and first == "nc" * (n_small + 1)


def _in_quarters(parts: Parts) -> bool:
    return any(kind == "part" and "q" in part.lower() for kind, part in parts)


def _month_marks(parts: Parts) -> set[str]:
    """Return the letter between a year and its month: 2019M03, 2019m3."""
    return {part for kind, part in parts if kind == "joining" and part in "Mm"}
