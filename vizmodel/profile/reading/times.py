"""Owns the ways in which times are written: formats, the order of day and month, centuries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.counted_times import FIRST_YEARS, read_first_year
from vizmodel.profile.reading.time_forms import HALF, PLAIN, plain, short_forms, time_forms
from vizmodel.profile.reading.year_ends import passes_years

#: The format that stands for "ISO 8601, with or without time and zone".
ISO = "iso"
ISO_DATE = late_pattern(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
#: Day and month as numbers beside each other, which the column tells apart; and both before a year
#: of two digits.
_SWAPPED = late_pattern(r"%(?P<first>[dm])(?P<sign>[/-])%(?P<second>[dm])")
_YEAR_LAST = late_pattern(r"%[dm]([/.-])%[dm]\1%y")
#: Stands between two formats of which each text has one.
EITHER = "|"
#: Share of the texts that may be written in another way, and that may be no times at all.
MAX_OTHERS, MAX_STRAYS = 0.1, 0.01
#: How zeros begin that stand for no date.
_NO_DATES = frozenset(("0000-", "00/00", "00.00", "00-00"))
#: A month and two digits, which may be its day.
_MONTH_AND_YEAR = late_pattern(r"%[bB].{0,2}%y~?")
#: A month as a number and a year, without a day.
_MONTH_ALONE = late_pattern(r"%m[^%A-Za-z]+%[Yy]|%[Yy][^%A-Za-z]+%m")
_YEAR_AND_WEEK = late_pattern(r"%G[^%A-Za-z]+%V")
#: Two years as financial years are written: 2019/20.
_TWO_YEARS = late_pattern(r"(?:FY ?)?(\d{2})(\d{2})[-/](\d{2})")
#: A date of eight digits has lost a zero where it was kept as a number: 1012018.
_DIGITS = late_pattern(r"(?:%[mdY]){3}")
#: Parts of a year that strptime does not know, and how many months each has.
_PARTS = {"%q": 3, HALF: 6}
#: Ends a format and says in which year its years of two digits begin.
SINCE = "@"
#: The first year of two digits that strptime and d3 read as of the last century.
PIVOT = 1969


def time_format(values: Sequence[str]) -> str | None:
    """Return the format in which all texts are times, or None.

    Parameters
    ----------
    values
        Distinct texts, in the order in which a column has them.

    Returns
    -------
    str or None
        `iso`, or a format that `parse_time` reads. Where day and month may be either, the column
        decides: days that are all 1, or dates that then run in order. Years of two digits are of
        the century that keeps them together and in the past.

    Examples
    --------
    >>> time_format(["03/05/2024", "03/25/2024"])
    '%m/%d/%Y'
    >>> time_format(["05/03/2024", "06/03/2024", "07/03/2024", "08/03/2024", "31/03/2024"])
    '%d/%m/%Y'
    """
    values = [value for value in values if value[:5] not in _NO_DATES]
    if all(ISO_DATE.fullmatch(value) for value in values) and _parses(values, ISO):
        return ISO
    first = dict.fromkeys(time_forms(values[0])) if values else {}
    form = next((form for form in first if _parses(values, form)), None)
    form = form or _short_format(values) or _with_others(values, [*first, ISO])
    if form is None or _are_other_years(values, form) or _may_be_days(values, form):
        return None
    other = _swapped(form)
    if other in first and _parses(values, other) and _runs_better(values, other, form):
        form = other
    if EITHER in form or form == ISO:
        return form
    form = _in_quarters(values, _year_first(values, form))
    return with_century(values, form) if "%y" in form and SINCE not in form else form


def _short_format(values: Sequence[str]) -> str | None:
    """Return the format of months and half years of two digits each; None for other numbers."""
    forms = short_forms(values[0]) if values else ()
    return next((form for form in forms if _goes_on(values, form)), None)


def _goes_on(values: Sequence[str], form: str) -> bool:
    times = [parse_time(value, form) for value in values]
    return None not in times and passes_years([time for time in times if time is not None])


def _in_quarters(values: Sequence[str], form: str) -> str:
    """Return a format with quarters where it has months and these are four a year: 1985:4."""
    other = form.replace("%m", "%q")
    if other == form or _MONTH_ALONE.fullmatch(form) is None or _goes_on(values, form):
        return form
    return other if _goes_on(values, other) else form


def _swapped(form: str) -> str:
    """Return a format with day and month exchanged; the same where only one order is written."""
    return _SWAPPED.sub(r"%\g<second>\g<sign>%\g<first>", form)


def _with_others(values: Sequence[str], forms: Sequence[str]) -> str | None:
    """Return the format of nearly all texts, with that of the others; strays are no times.

    Somebody changed the habit: years of two digits and of four may be half and half.
    """
    odds = {form: [v for v in values if parse_time(v, form) is None] for form in forms}
    form = min(odds, key=lambda form: len(odds[form]))
    odd, short = odds[form], form.replace("%Y", "%y")
    either = f"{short}{EITHER}{short.replace('%y', '%Y')}"
    if len(odd) < len(values) and _parses(values, either):
        return either
    if len(odd) > MAX_OTHERS * len(values):
        return None
    others = [ISO] if ISO_DATE.fullmatch(odd[0]) else [*time_forms(odd[0])]
    left = {one: [v for v in odd if parse_time(v, one) is None] for one in others} | {"": odd}
    other = min(left, key=lambda one: len(left[one]))
    if len(left[other]) > MAX_STRAYS * len(values):
        return None
    if "%y" in form:
        form = with_century(values, form)
    return f"{form}{EITHER}{other}" if other else form


def may_be_another(form: str) -> bool:
    """Whether only a whole column tells what dates in a format are: day from month, the century.

    Examples
    --------
    >>> may_be_another("%d/%m/%Y"), may_be_another("%d-%b-%y"), may_be_another("%Y/%m/%d")
    (True, True, False)
    """
    return (_swapped(form) != form and not form.startswith("%Y")) or "%y" in form


def _year_first(values: Sequence[str], form: str) -> str:
    """Return which of day and year comes first in dates of two digits each: years lie together."""
    other = _YEAR_LAST.sub(r"%y\1%m\1%d", form)
    if other == form or not _parses(values, other):
        return form
    spans = []
    for one in (form, other):
        years = [time.year for value in values if (time := parse_time(value, one)) is not None]
        spans.append(max(years) - min(years))
    return other if spans[1] < spans[0] else form


def _parses(values: Sequence[str], form: str) -> bool:
    return all(parse_time(value, form) is not None for value in values)


def parse_time(value: str, form: str) -> datetime | None:
    """Read one text as a time, or return None; a zone is dropped and its clock kept.

    Examples
    --------
    >>> parse_time("2024-05-01", "iso")
    datetime.datetime(2024, 5, 1, 0, 0)
    >>> parse_time("Q3 2024", "Q%q %Y")
    datetime.datetime(2024, 7, 1, 0, 0)
    """
    if EITHER in form:
        times = (parse_time(value, one) for one in form.split(EITHER))
        return next((time for time in times if time is not None), None)
    if form == FIRST_YEARS:
        return read_first_year(value)
    form, _, since = form.partition(SINCE)
    try:
        parsed = datetime.fromisoformat(value) if form == ISO else _strptime(value, form)
        if since:
            year = int(since) + (parsed.year - int(since)) % 100
            parsed = parsed.replace(year=year)
    except ValueError:
        return None
    return parsed.replace(tzinfo=None)


def is_digits(form: str) -> bool:
    """Whether a format is of eight digits, of which a number may have lost the first.

    Examples
    --------
    >>> is_digits("%m%d%Y"), is_digits("%m/%d/%Y")
    (True, False)
    """
    return _DIGITS.fullmatch(form) is not None


def _strptime(value: str, form: str) -> datetime:
    if form.endswith(PLAIN):
        value, form = plain(value), form.removesuffix(PLAIN)
    part = next((part for part in _PARTS if part in form), None)
    if part is not None:
        value, form = _by_month(value, form, part)
    elif "%V" in form:  # a week is its Monday
        value, form = f"{value} 1", f"{form} %u"
    elif is_digits(form):
        if not value.isdecimal() or len(value) not in (7, 8):
            raise ValueError(value)
        value = value.zfill(8)
    return datetime.strptime(value, form.replace("%L", "%f"))


def _by_month(value: str, form: str, part: str) -> tuple[str, str]:
    """Return a text and its format with the month in which a part of the year begins."""
    directives = re.split(r"(%\w)", form)
    at = directives.index(part)
    before, after = directives[at - 1], directives[at + 1]
    counted = f"{re.escape(before)}([1-{12 // _PARTS[part]}]){re.escape(after)}"
    value, found = re.subn(
        counted, lambda n: f"{before}{_PARTS[part] * (int(n[1]) - 1) + 1:02d}{after}", value
    )
    if found != 1:
        raise ValueError(value)
    return value, form.replace(part, "%m")


def _are_other_years(values: Sequence[str], form: str) -> bool:
    """Whether texts such as 2009-10 name two years rather than months, or weeks."""
    if _YEAR_AND_WEEK.fullmatch(form) and len(values) < 2 * len({value[:4] for value in values}):
        return True
    found = [_TWO_YEARS.fullmatch(value) for value in values]
    return len(values) > 1 and all(
        two is not None and (int(two[2]) + 1) % 100 == int(two[3]) for two in found
    )


def _may_be_days(values: Sequence[str], form: str) -> bool:
    """Whether numbers after a month may be its days: they are years where time runs with them."""
    if not _MONTH_AND_YEAR.fullmatch(form):
        return False
    times = [parse_time(value, form) for value in values]
    return not _in_order([time for time in times if time is not None])


def _in_order(times: Sequence[datetime]) -> bool:
    steps = [later > sooner for sooner, later in pairwise(times)]
    return len(times) > 2 and (all(steps) or not any(steps))


def _runs_better(values: Sequence[str], form: str, other: str) -> bool:
    """Whether dates are in order, or all of the first of a month, as one format has them alone."""
    times, others = (
        [time for value in values if (time := parse_time(value, one)) is not None]
        for one in (form, other)
    )
    first, also = ({time.day for time in read} == {1} for read in (times, others))
    if len(values) > 1 and first != also:
        return first
    return _in_order(times) and not _in_order(others)


def with_century(values: Sequence[str], form: str) -> str:
    """Add to a format of two-digit years the year in which they begin, where it is not 1969.

    Dates of one column lie together, so the longest stretch of years without any ends where they
    begin; and they begin in the past.
    """
    years = sorted({time.year % 100 for v in values if (time := parse_time(v, form)) is not None})
    gaps = [later - sooner for sooner, later in pairwise([*years, years[0] + 100])]
    start = years[(max(range(len(gaps)), key=gaps.__getitem__) + 1) % len(years)]
    this = date.today().year
    since = this - (this - start) % 100
    as_read = PIVOT + (start - PIVOT) % 100
    span = 100 - max(gaps)
    together = as_read == since and as_read + span < PIVOT + 100
    return form if together else f"{form}{SINCE}{since}"
