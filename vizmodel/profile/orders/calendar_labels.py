"""Owns the order of labels that name parts of a calendar or a clock: weekdays, months, terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.time_forms import MONTH_STARTS, MONTHS, plain

Place: TypeAlias = tuple[float, ...]
CalendarKind = Literal["weekday", "month", "steps"]

#: Weekdays in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Swedish.
_DAYS = (
    "mon(?:day)?|montag|lundi|lun(?:es|ed[iì])?|segunda(?:[ -]feira)?|maandag|poniedziałek|måndag",
    "tue(?:s(?:day)?)?|dienstag|mar(?:di|tes|ted[iì])?|terça(?:[ -]feira)?|dinsdag|wtorek|tisdag",
    "wed(?:s|nes(?:day)?)?|mittwoch|mer(?:credi|coled[iì])?|mi[ée](?:rcoles)?|quarta(?:[ -]feira)?"
    "|woensdag|środa|onsdag",
    "thu(?:r(?:s(?:day)?)?)?|donnerstag|jeu(?:di)?|jue(?:ves)?|gio(?:ved[iì])?"
    "|quinta(?:[ -]feira)?|donderdag|czwartek|torsdag",
    "fri(?:day)?|freitag|ven(?:dredi|erd[iì])?|vie(?:rnes)?|sexta(?:[ -]feira)?|vrijdag|piątek"
    "|fredag",
    "sat(?:urday)?|samstag|sonnabend|sam(?:edi)?|sáb(?:ado|ato)?|sab(?:ado|ato)?|zaterdag|sobota|lördag",
    "sun(?:day)?|sonntag|dim(?:anche)?|dom(?:ingo|enica)?|zondag|niedziela|söndag",
)
_DAY_STARTS = frozenset(name[:2] for names in _DAYS for name in names.split("|"))
_WEEKDAY = late_pattern("|".join(rf"({words})\.?" for words in _DAYS))
#: Weekdays of two letters, which may be as many codes of countries where they are few.
_SHORT_DAYS, MIN_SHORT_DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so"), 5
_MONTH_WORD = "|".join(words.replace("(", "(?:") for _, words in MONTHS)
_MONTH = late_pattern(rf"(?:(\d{{4}})[ /-]+)?({_MONTH_WORD})\.?(?:[ ,/'-]+(?:de )?(\d{{2,4}}))?")
_MONTHS = tuple(month for month, _ in MONTHS)
#: From one month to another, or from a day of one to a day of another.
_FROM = rf"({_MONTH_WORD})\.?(?: ?(\d{{1,2}}))?"
_SPAN = late_pattern(
    rf"{_FROM}(?: ?[-–—/] ?| (?:to|thru|through|until|bis|à|a) )"
    rf"(?:{_MONTH_WORD})\.?(?: ?\d{{1,2}})?"
)
_SEASON = late_pattern(
    r"(winter|spring|summer|autumn|fall)[ -]+(\d{4})|(\d{4})[ -]+(winter|spring|summer|autumn|fall)"
)
_SEASONS = ("winter", "spring", "summer", "autumn", "fall")
#: Terms of a university: letters and the year; where they stand within it, by the letters that are
#: there together.
_TERM = late_pattern(r"(ws|ss|wise|sose|hs|fs|fa|fall|sp|spr|su|sum|wi|f|s|w)[ '_-]?((?:20)?\d\d)")
_TERMS: tuple[tuple[str, ...], ...] = (
    ("ss", "ws"),
    ("sose", "wise"),
    ("fs", "hs"),
    ("s", "f"),
    ("w", "s", "f"),
    ("wi", "sp", "su", "fa"),
    ("wi", "spr", "sum", "fall"),
)
#: Fewest terms, and most years from the first to the last.
MIN_TERMS, MAX_TERM_YEARS = 3, 15
_QUARTER = late_pattern(r"(?:q|quarter |qtr ?)([1-4])[ ,/'-]*((?:1[89]|20)\d\d)")
_CLOCK = late_pattern(r"(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?")


def calendar_places(texts: Sequence[str]) -> tuple[CalendarKind, list[Place]] | None:
    """Return what texts in small letters name of a calendar, and the place of each.

    Parameters
    ----------
    texts
        All different.

    Examples
    --------
    >>> calendar_places(["lunedì", "sabato"])
    ('weekday', [(1.0,), (6.0,)])
    >>> calendar_places(["apr thru jun", "jan thru mar"])
    ('steps', [(3.0, 0.0), (0.0, 0.0)])
    >>> calendar_places(["f22", "s22", "s23"])
    ('steps', [(22.0, 1.0), (22.0, 0.0), (23.0, 0.0)])
    """
    if all(text[:2] in _DAY_STARTS for text in texts):
        weekdays = [_WEEKDAY.fullmatch(text) for text in texts]
        if all(weekdays):
            return "weekday", [(float(day.lastindex or 0),) for day in weekdays if day]
    if len(texts) >= MIN_SHORT_DAYS and set(texts) <= set(_SHORT_DAYS):
        return "weekday", [(float(_SHORT_DAYS.index(text)),) for text in texts]
    if all(text.lstrip("0123456789 /-")[:3] in MONTH_STARTS for text in texts):
        months = [_MONTH.fullmatch(text) for text in texts]
        if all(months):
            places = [_month_place(month) for month in months if month]
            return "month" if not any(place[0] for place in places) else "steps", places
        spans = [_SPAN.fullmatch(text) for text in texts]
        if all(spans):
            return "steps", [(_month_at(span[1]), float(span[2] or 0)) for span in spans if span]
    terms = _term_places(texts)
    return _parts(texts) if terms is None else ("steps", terms)


def _parts(texts: Sequence[str]) -> tuple[CalendarKind, list[Place]] | None:
    """Place parts of a year or a day that are written in one form."""
    forms: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Place]], ...] = (
        (_QUARTER, lambda found: (float(found[2]), float(found[1]))),
        (_CLOCK, _clock_place),
        (_SEASON, _season_place),
    )
    for form, place in forms:
        read = [form.fullmatch(text) for text in texts]
        if all(read):
            return "steps", [place(found) for found in read if found]
    return None


def _month_at(word: str) -> float:
    return float(_MONTHS.index(plain(word)[:3]))


def _month_place(found: re.Match[str]) -> Place:
    return float(found[1] or found[3] or 0), _month_at(found[2])


def _season_place(found: re.Match[str]) -> Place:
    return float(found[2] or found[3]), float(_SEASONS.index(found[1] or found[4]))


def _clock_place(found: re.Match[str]) -> Place:
    return float(int(found[1]) % 12 + 12 * (found[3] == "p")), float(found[2] or 0)


def _term_places(texts: Sequence[str]) -> list[Place] | None:
    """Place terms: at least three, of at least two kinds, within some years."""
    read = [found for found in map(_TERM.fullmatch, texts) if found]
    letters = {found[1] for found in read}
    known = next((terms for terms in _TERMS if letters <= {*terms}), None)
    if known is None or len(read) < max(len(texts), MIN_TERMS) or len(letters) < 2:
        return None
    years = [float(found[2]) for found in read]
    near = max(years) - min(years) <= MAX_TERM_YEARS and len({len(f[2]) for f in read}) == 1
    if not near:
        return None
    return [(year, float(known.index(f[1]))) for year, f in zip(years, read, strict=True)]
