"""Owns numbers that are times, and texts of which only the year counts: how each form is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from vizmodel.patterns import late_pattern

#: The format that stands for whole numbers that are years.
YEARS = "years"
#: The format that stands for years with a fraction: 1970.25 is April 1970.
DECIMAL_YEARS = "decimal years"
#: The format that stands for years with a month after the point: 2019.1 is October 2019.
DECIMAL_MONTHS = "decimal months"
#: The format that stands for years with a quarter after the point: 2019.4 is October 2019.
DECIMAL_QUARTERS = "decimal quarters"
#: The format that stands for years with a fraction that is no month's: 1974.62 is 15 August 1974.
DECIMAL_DAYS = "decimal days"
#: The format that stands for days as spreadsheets count them, from the end of 1899.
EXCEL_DAYS = "excel days"
EXCEL_START = datetime(1899, 12, 30)
#: The format that stands for texts of which only the year counts: 1980-81, FY1980, 1980 [YR1980].
FIRST_YEARS = "first years"
_FIRST_YEAR = late_pattern(
    r"(?:FY|YR|Y|year|season|saison|jahr)?[ .]?((?:1[5-9]|20)\d\d)(?!\d)(\W.{0,12}|[a-z]?)",
    re.IGNORECASE,
)
#: Formats that stand for numbers since 1970, and how many of them are a second.
EPOCHS = {"seconds": 1, "milliseconds": 1_000, "microseconds": 10**6, "nanoseconds": 10**9}
#: No clock counts further than the year 9999, in seconds since 1970.
MAX_EPOCH = 253_402_300_800


def read_year(text: str) -> datetime | None:
    """Read a year between 1000 and 2999, or return None: smaller numbers are months, or ages.

    Examples
    --------
    >>> read_year("1999.0")
    datetime.datetime(1999, 1, 1, 0, 0)
    """
    number = _number(text)
    return datetime(int(number), 1, 1) if 1000 <= number < 3000 and number.is_integer() else None


def are_first_years(values: Sequence[str]) -> bool:
    """Whether each text names a year of its own, with the next one or a note after it.

    Examples
    --------
    >>> are_first_years(["1980-81", "1981-82"]), are_first_years(["1980 Q1", "1980 Q2"])
    (True, False)
    """
    years = []
    for value in values:
        found = _FIRST_YEAR.fullmatch(value)
        if found is None:
            return False
        years.append(found[1])
    return len(set(years)) == len(years)


def read_first_year(text: str) -> datetime | None:
    """Read the year of a text such as 1980-81, or return None.

    Examples
    --------
    >>> read_first_year("FY1980/81")
    datetime.datetime(1980, 1, 1, 0, 0)
    """
    found = _FIRST_YEAR.fullmatch(text)
    return None if found is None else datetime(int(found[1]), 1, 1)


def read_decimal_month(text: str) -> datetime | None:
    """Read a year with a month after its point, or return None.

    Examples
    --------
    >>> read_decimal_month("2019.1"), read_decimal_month("2019.01").month
    (datetime.datetime(2019, 10, 1, 0, 0), 1)
    """
    year, month = divmod(round(_number(text) * 100), 100)
    return datetime(year, month, 1) if 1000 <= year < 3000 and 1 <= month <= 12 else None


def read_decimal_quarter(text: str) -> datetime | None:
    """Read a year with a quarter after its point, or return None.

    Examples
    --------
    >>> read_decimal_quarter("2019.4"), read_decimal_quarter("2019.5")
    (datetime.datetime(2019, 10, 1, 0, 0), None)
    """
    year, quarter = divmod(round(_number(text) * 10), 10)
    return datetime(year, 3 * quarter - 2, 1) if 1000 <= year < 3000 and 1 <= quarter <= 4 else None


def read_excel_day(text: str) -> datetime | None:
    """Read days, and their parts, as spreadsheets count them; None where they are none.

    Examples
    --------
    >>> read_excel_day("44256.5")
    datetime.datetime(2021, 3, 1, 12, 0)
    """
    number = _number(text)
    if not 1 <= number < 200_000:
        return None
    return EXCEL_START + timedelta(seconds=round(number * 86_400))


def read_decimal_year(text: str) -> datetime | None:
    """Read a year with a fraction as the month that it begins, or return None.

    Examples
    --------
    >>> read_decimal_year("1970.25"), read_decimal_year("1970.917").month
    (datetime.datetime(1970, 4, 1, 0, 0), 12)
    """
    number = _number(text)
    if not 1000 <= number < 3000:
        return None
    months = round(number * 12)
    return datetime(months // 12, months % 12 + 1, 1)


def read_decimal_day(text: str) -> datetime | None:
    """Read a year with any fraction as the day that it comes to, or return None.

    Examples
    --------
    >>> read_decimal_day("1974.62"), read_decimal_day("20.5")
    (datetime.datetime(1974, 8, 15, 0, 0), None)
    """
    number = _number(text)
    if not 1000 <= number < 3000:
        return None
    return datetime(int(number), 1, 1) + timedelta(days=int(365 * (number % 1) + 0.5))


def counted_reader(form: str) -> Callable[[str], datetime | None] | None:
    """Return what reads a number as a time of a form of this module; None for other forms.

    Examples
    --------
    >>> counted_reader("decimal months")("2019.1").month, counted_reader("%d/%m/%Y")
    (10, None)
    """
    return epoch_reader(form) if form in EPOCHS else _READERS.get(form)


def epoch_reader(form: str) -> Callable[[str], datetime | None]:
    """Return what reads a number since 1970 as a time, on the clock of Greenwich.

    Examples
    --------
    >>> epoch_reader("seconds")("1706659200")
    datetime.datetime(2024, 1, 31, 0, 0)
    """

    def read(text: str) -> datetime | None:
        number = _number(text) / EPOCHS[form]
        return datetime(1970, 1, 1) + timedelta(seconds=number) if 1 <= number < MAX_EPOCH else None

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.5


_READERS: dict[str, Callable[[str], datetime | None]] = {
    YEARS: read_year,
    FIRST_YEARS: read_first_year,
    DECIMAL_YEARS: read_decimal_year,
    DECIMAL_MONTHS: read_decimal_month,
    DECIMAL_QUARTERS: read_decimal_quarter,
    DECIMAL_DAYS: read_decimal_day,
    EXCEL_DAYS: read_excel_day,
}
