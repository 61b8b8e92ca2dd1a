"""Owns numbers that are dates: 20190131, 190131, 201901, 1312019, 1970.25, 44256, 1706659200."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.counted_times import (
    DECIMAL_DAYS,
    DECIMAL_MONTHS,
    DECIMAL_QUARTERS,
    DECIMAL_YEARS,
    EPOCHS,
    EXCEL_DAYS,
    counted_reader,
)
from vizmodel.profile.reading.times import parse_time, time_format, with_century
from vizmodel.profile.reading.year_ends import passes_years
from vizmodel.profile.words import split_name

#: Names of dates, and of points in time of any kind.
_DATE_NAME = late_pattern(r"\b(date|dates|datum|fecha|dt|day|dob|yyyymmdd|ymd|mmddyyyy|ddmmyyyy)\b")
_TIME_NAME = late_pattern(
    r"\b(time|times|date|dates|datum|data|fecha|year|years|yr|month|months|quarter|qtr|period|yyyymm"
    r"|ym|yearmon|yearmonth|yearqtr|zeit|jahr|année|annee|año|anno|ano|jaar|rok|år)\b"
)
#: Names of years with a fraction, and of years that are no times of their rows.
_DECIMAL_NAME = late_pattern(r"\b(dec(imal)?|frac(tional)?) ?(dates?|years?|yr|time)\b|\bdecyear\b")
_AVERAGED = late_pattern(r"\b(mean|avg|average|median|built|of|per|since|until|birth|born)\b")
_MOMENT_NAME = late_pattern(
    r"\b(ts|timestamps?|time|times|date|datetime|epoch|unix(time)?|created|updated|modified|at|utc)\b"
)
#: What days may be counted of besides a calendar's.
_DURATION_NAME = late_pattern(r"\b(days|per|number|count|total)\b")
#: From and to which seconds since 1970 are those of a computer's clock: 1990 to 2040.
EPOCH_YEARS = (631_152_000, 2_208_988_800)
#: Days since 1900 that a spreadsheet may mean: 1954 to 2064.
SHEET_DAYS = (20_000, 60_000)
#: From and to which numbers write a date and its clock, without seconds and with them.
CLOCKED = {
    "%Y%m%d%H%M": (170_001_010_000, 220_001_010_000),
    "%Y%m%d%H%M%S": (17_000_101_000_000, 22_000_101_000_000),
}
#: Fewest dates that need no name to be seen as such, and fewest months.
MIN_DATES, MIN_MONTHS = 12, 24
#: How far from a month's beginning a decimal year may be, in months, and fewest of them.
MONTH_SLACK, MIN_DECIMAL_YEARS = 0.06, 8


def number_time(name: str, column: pa.ChunkedArray) -> str | None:
    """Return the format in which numbers are dates, or None.

    Parameters
    ----------
    name
        Of the column.
    column
        Numbers of any kind.

    Returns
    -------
    str or None
        A format for `times.parse_time`, or one of those of `counted_times`. All values must be
        dates; few of them, and those that other numbers might be, must also be called so.

    Examples
    --------
    >>> number_time("date", pa.chunked_array([[20190131, 20190201, 20190202]]))
    '%Y%m%d'
    >>> number_time("date", pa.chunked_array([[870_521 + n for n in range(-20, 10)]]))
    '%y%m%d'
    >>> number_time("time", pa.chunked_array([[1970 + n / 4 for n in range(12)]]))
    'decimal years'
    """
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    if pa.types.is_floating(column.type):
        # NaN stands for nothing, and Arrow knows no ends of half floats.
        column = pc.cast(column, pa.float64())
        column = column.filter(pc.is_finite(column))
    ends = pc.min_max(column).as_py()
    low, high = ends["min"], ends["max"]
    said = split_name(name)
    if low is None or low < 1_700:
        return None
    if low >= EPOCH_YEARS[0]:
        return _clocked(low, high, column) or _epoch(said, low, high)
    if high < 2_200:
        return _decimal(said, column) if pa.types.is_floating(column.type) else None
    if SHEET_DAYS[0] <= low <= high <= SHEET_DAYS[1]:
        return EXCEL_DAYS if _DATE_NAME.search(said) and not _DURATION_NAME.search(said) else None
    if not 100_000 <= low <= high < 1e8:
        return None
    values = [value for value in pc.unique(column).to_pylist() if value is not None]
    if pa.types.is_floating(column.type) and not all(value.is_integer() for value in values):
        return None
    texts = [str(int(value)) for value in values]
    if 170_001 <= low <= high <= 220_012 and all(map(_is_month, texts)):
        known = len(values) >= MIN_MONTHS or (len(values) > 2 and _TIME_NAME.search(said))
        return "%Y%m" if known else None
    return _days(said, texts)


def _clocked(low: float, high: float, column: pa.ChunkedArray) -> str | None:
    """Return how numbers of 12 or 14 digits write dates with a clock."""
    form = next((f for f, (first, last) in CLOCKED.items() if first <= low <= high < last), None)
    if form is None:
        return None
    texts = [f"{value:.0f}" for value in pc.unique(column).to_pylist() if value is not None]
    return form if all(parse_time(text, form) for text in texts) else None


def _epoch(said: str, low: float, high: float) -> str | None:
    """Return the unit of numbers that count from 1970; they must be called times, of these days."""
    if not _MOMENT_NAME.search(said):
        return None
    return next(
        (
            form
            for form, per_second in EPOCHS.items()
            if EPOCH_YEARS[0] * per_second <= low <= high <= EPOCH_YEARS[1] * per_second
        ),
        None,
    )


def _days(said: str, texts: Sequence[str]) -> str | None:
    called = len(texts) > 2 and _DATE_NAME.search(said) is not None
    if all("1700" < text[:4] < "2200" and len(text) == 8 for text in texts):
        known = called or len(texts) >= MIN_DATES
        if known and all(parse_time(text, "%Y%m%d") for text in texts):
            return "%Y%m%d"
    if called and len(texts) >= MIN_DATES and all(len(text) == len("yymmdd") for text in texts):
        short = all(parse_time(text, "%y%m%d") for text in texts)
        return with_century(texts, "%y%m%d") if short else None
    if not called or not all(len(text) in (7, 8) and "1700" < text[-4:] < "2200" for text in texts):
        return None
    padded = [text.zfill(8) for text in texts]
    form = time_format([f"{text[:2]}/{text[2:4]}/{text[4:]}" for text in padded])
    return None if form is None else form.replace("/", "")


def _is_month(text: str) -> bool:
    return 1 <= int(text[4:]) <= 12


def _decimal(said: str, column: pa.ChunkedArray) -> str | None:
    """Return how years with fractions write times; they are called so, or go on as months do."""
    values = [value for value in pc.unique(column).to_pylist() if value is not None]
    if len(values) < MIN_DECIMAL_YEARS:
        return None
    named = _TIME_NAME.search(said) is not None
    form = _decimal_form(values)
    if form is None:
        steps = named and not _AVERAGED.search(said) and _run_on(values)
        return DECIMAL_DAYS if steps or _DECIMAL_NAME.search(said) else None
    return form if named or _goes_on(values, form) else None


def _decimal_form(values: Sequence[float]) -> str | None:
    """Return what fractions are: parts of a year, or months or quarters after a point (2019.1)."""
    if all(0.5 < value % 1 * 100 < 12.5 and _is_whole(100 * value) for value in values):
        return DECIMAL_MONTHS
    tenths = [10 * value for value in values]
    if all(map(_is_whole, tenths)) and {round(tenth) % 10 for tenth in tenths} == {1, 2, 3, 4}:
        return DECIMAL_QUARTERS
    months = [12 * value for value in values]
    some = any(round(month) % 12 for month in months)
    near = max(abs(month - round(month)) for month in months) <= MONTH_SLACK
    return DECIMAL_YEARS if some and near else None


def _goes_on(values: Sequence[float], form: str) -> bool:
    """Whether at least a dozen months or quarters follow each other, as no measures do."""
    read = counted_reader(form)
    assert read is not None, "a form of decimal years"
    times = [time for value in values if (time := read(repr(value))) is not None]
    return MIN_DATES <= len(times) == len(values) and passes_years(times)


def _run_on(values: Sequence[float]) -> bool:
    """Whether years, not all whole, rise or fall all the way, as those of a record do."""
    steps = [later > sooner for sooner, later in pairwise(values)]
    return (all(steps) or not any(steps)) and not all(map(_is_whole, values))


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-4
