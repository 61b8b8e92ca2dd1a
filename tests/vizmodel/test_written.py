"""How tables write times and numbers: read by a whole column, and read the same by Vega."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import vl_convert as vlc

from vizmodel.form.steps import reading
from vizmodel.profile import (
    Cast,
    ColumnProfile,
    apply_casts,
    infer_casts,
    profile_table,
    told_casts,
)
from vizmodel.profile.reading.numerals import number_style, read_written
from vizmodel.profile.reading.times import parse_time, time_format


def read(name: str, values: list[Any]) -> tuple[ColumnProfile, list[Any]]:
    """Return the profile of a column, and its values as they are read."""
    raw = pa.table({name: values})
    casts = infer_casts(raw)
    typed = apply_casts(raw, casts)
    return profile_table(typed, None, casts).columns[0], typed.column(0).to_pylist()


@pytest.mark.parametrize(
    ("values", "form", "first"),
    [
        (["25/11/63", "29/10/63", "5/11/64"], "%d/%m/%y@1963", "1963-11-25"),
        (["12/30/98", "1/2/99", "3/1/01"], "%m/%d/%y", "1998-12-30"),
        (["14.03.24", "31.01.24", "02.12.23"], "%d.%m.%y", "2024-03-14"),
        (["23-12-14", "24-01-31", "24-12-02"], "%y-%m-%d", "2023-12-14"),
        (["01/01/1990", "02/01/1990", "03/01/1990"], "%m/%d/%Y", "1990-01-01"),
        (["01/01/1990", "01/02/1990", "01/03/1990"], "%d/%m/%Y", "1990-01-01"),
        (["03/02/2024", "04/02/2024", "02/03/2024", "01/05/2024"], "%d/%m/%Y", "2024-02-03"),
        (["03/02/2024", "01/02/2024", "02/05/2024"], "%m/%d/%Y", "2024-03-02"),
        (["11/01/2024", "12/01/2024", "01/02/2024", "02/02/2024"], "%d/%m/%Y", "2024-01-11"),
        (["Q3 2019", "Q4 2019"], "Q%q %Y", "2019-07-01"),
        (["2019Q2"], "%YQ%q", "2019-04-01"),
        (["Q42019"], "Q%q%Y", "2019-10-01"),
        (["2023-W05", "2023-W06"], "%G-W%V", "2023-01-30"),
        (["W5 2023", "W52 2023"], "W%V %G", "2023-01-30"),
        (["2019M03", "2019M10"], "%YM%m", "2019-03-01"),
        (["Nov-98", "Dec-98", "Jan-99"], "%b-%y", "1998-11-01"),
        (["Apr 2020", "Oct 2020"], "%b %Y", "2020-04-01"),
        (["3.10.2020", "31.12.2020"], "%d.%m.%Y", "2020-10-03"),
        (["1989 JAN", "1989 FEB"], "%Y %b", "1989-01-01"),
        (["JAN-89", "FEB-90", "MAR-91"], "%b-%y", "1989-01-01"),
        (["2020-11-3", "2020-11-13"], "%Y-%m-%d", "2020-11-03"),
        (["30-Jun-16", "31-Mar-2013"], "%d-%b-%y|%d-%b-%Y", "2016-06-30"),
        (["1/13/2024 9:05 PM"], "%m/%d/%Y %I:%M %p", "2024-01-13"),
        (["2021-03-01 12:00:03,123"], "%Y-%m-%d %H:%M:%S,%L", "2021-03-01"),
        (["2021-03-01 12:00:03 UTC"], "%Y-%m-%d %H:%M:%S UTC", "2021-03-01"),
        (["04.01.2021, 00:05:09"], "%d.%m.%Y, %H:%M:%S", "2021-01-04"),
        (["04.01.21 00:05", "05.01.21 00:06"], "%d.%m.%y %H:%M", "2021-01-04"),
        (["2021.01.04 00:00:00"], "%Y.%m.%d %H:%M:%S", "2021-01-04"),
        (["Mon 04 Jan 2021", "Tue 05 Jan 2021"], "%a %d %b %Y", "2021-01-04"),
        (["Monday, January 04, 2021"], "%A, %B %d, %Y", "2021-01-04"),
        (["Mon Jan 04 10:00:05 +0000 2021"], "%a %b %d %H:%M:%S +0000 %Y", "2021-01-04"),
        (["04/Jan/2021:10:20:00 +0000"], "%d/%b/%Y:%H:%M:%S +0000", "2021-01-04"),
        (["04JAN2021"], "%d%b%Y", "2021-01-04"),
        (["2021-Jan-04"], "%Y-%b-%d", "2021-01-04"),
        (["04-Jan-21 12.05.00 AM", "05-Jan-21 12.05.00 PM"], "%d-%b-%y %I.%M.%S %p", "2021-01-04"),
        (["May 04, 2021 12:00 AM", "June 1, 2021 1:00 PM"], "%B %d, %Y %I:%M %p", "2021-05-04"),
        (["May 4, 2021", "Sept. 1st, 2021"], "%b %d, %Y~", "2021-05-04"),
        (["4th January 2021", "1st February 2021"], "%d %b %Y~", "2021-01-04"),
        (["Januar 2019", "März 2019", "Dez. 2019"], "%b %Y~", "2019-01-01"),
        (["1. März 2019", "31. Mai 2019"], "%d. %b %Y~", "2019-03-01"),
        (["lundi 4 février 2019", "mardi 5 août 2019"], "%d %b %Y~", "2019-02-04"),
        (["1 de enero de 2019", "2 de junio de 2019"], "%d de %b de %Y~", "2019-01-01"),
        (["Jan'19", "Feb'20", "Mar'21"], "%b'%y", "2019-01-01"),
        (["Jan2019"], "%b%Y", "2019-01-01"),
        (["Nov98", "Dec98", "Jan99"], "%b%y", "1998-11-01"),
        (["01.2019", "02.2019"], "%m.%Y", "2019-01-01"),
        (["Q3 09", "Q4 09"], "Q%q %y", "2009-07-01"),
        (["3Q09", "4Q09"], "%qQ%y", "2009-07-01"),
        (["T3 2009"], "T%q %Y", "2009-07-01"),
        (["3. Quartal 2009"], "%q. Quartal %Y", "2009-07-01"),
        (["2009-S2", "2010-S1"], "%Y-S%h", "2009-07-01"),
        (["H1 2009", "H2 2009"], "H%h %Y", "2009-01-01"),
        (["Week 5, 2023", "Week 52, 2023"], "Week %V, %G", "2023-01-30"),
        (["KW05/2023"], "KW%V/%G", "2023-01-30"),
        (["w/e 30/01/2023"], "w/e %d/%m/%Y", "2023-01-30"),
        (["20210104T093000Z"], "%Y%m%dT%H%M%SZ", "2021-01-04"),
        (["20210104_0930"], "%Y%m%d_%H%M", "2021-01-04"),
        (["0000-00-00", "2021-01-04"], "iso", None),
        (
            [*(f"01/{day:02d}/1965" for day in range(1, 31)), "1975-02-23T02:58:41.000Z"],
            "%m/%d/%Y|iso",
            "1965-01-01",
        ),
        ([*(f"2{n:03d}-01-01" for n in range(150)), "20 years"], "%Y-%m-%d", "2000-01-01"),
        (["1993 01", "1993 12"], "%Y %m", "1993-01-01"),
        (["1992(4)", "1992(12)"], "%Y(%m)", "1992-04-01"),
        (["2020-02", "2020-13", "2020-53", "2021-01"], "%G-%V", "2020-01-06"),
        ([f"{n % 12 + 1}/{86 + n // 12}" for n in range(24)], "%m/%y", "1986-01-01"),
        (
            [f"{n % 12 + 1:02d}.{(98 + n // 12) % 100:02d}" for n in range(30)],
            "%m.%y",
            "1998-01-01",
        ),
        ([f"{9 - n // 12:02d}/{12 - n % 12:02d}" for n in range(24)], "%y/%m", "2009-12-01"),
        (
            [
                f"{5 + n // 12:02d}-{'JanFebMarAprMayJunJulAugSepOctNovDec'[n % 12 * 3 :][:3]}"
                for n in range(20)
            ],
            "%y-%b",
            "2005-01-01",
        ),
        (["1985:01", "1985:12"], "%Y:%m", "1985-01-01"),
        (["1985m1", "1985m12"], "%Ym%m", "1985-01-01"),
        ([f"{n % 4 + 1}/{2010 + n // 4}" for n in range(9)], "%q/%Y", "2010-01-01"),
        (["1/2010", "2/2010", "3/2010", "4/2010"], "%m/%Y", "2010-01-01"),
        (["FY20 Q3", "FY20 Q4"], "FY%y Q%q", "2020-07-01"),
        (["1st quarter 2010", "2nd quarter 2010"], "%q quarter %Y~", "2010-01-01"),
        (["2023年04月01日", "2023年04月02日"], "%Y年%m月%d日", "2023-04-01"),
        (["2023年4月1日 9:30", "2023年12月11日 10:00"], "%Y年%m月%d日 %H:%M", "2023-04-01"),
        (["2023년 4월 1일", "2023년 12월 11일"], "%Y년 %m월 %d일", "2023-04-01"),
        (["2023年4月", "2023年5月"], "%Y年%m月", "2023-04-01"),
        (["2e trimestre 2010", "1er trimestre 2011"], "%q trimestre %Y~", "2010-04-01"),
        ([f"{n % 2 + 1}H{10 + n // 2}" for n in range(8)], "%hH%y", "2010-01-01"),
    ],
    ids=str,
)
def test_times_are_read_as_the_whole_column_is(values: list[str], form: str, first: str) -> None:
    assert time_format(values) == form
    time = parse_time(values[0], form)
    assert (time and time.date().isoformat()) == first


DAYS = [
    *(f"{day}/{year}" for day in ("%m/%d", "%d/%m") for year in ("%Y", "%y")),
    *("%Y/%m/%d", "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y"),
    *("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d %B %Y", "%y-%m-%d", "%y/%m/%d"),
]
CLOCKS = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"]
MONTHS = [
    *("%b %Y", "%B %Y", "%b-%Y", "%Y %b", "%Y %B", "%Y-%b", "%b-%y", "%b %y", "%m/%Y", "%m-%Y"),
    *("%Y-%m", "%Y/%m", "%YM%m", "Q%q %Y", "Q%q-%Y", "Q%q/%Y", "Q%q%Y", "%Y Q%q", "%Y-Q%q"),
    *("%Y/Q%q", "%Y:Q%q", "%YQ%q", "%G-W%V", "%GW%V", "%G W%V", "W%V %G", "W%V-%G", "W%V/%G"),
    *("%Y%m%d", "%a, %d %b %Y %H:%M:%S"),
]


@pytest.mark.parametrize("form", [*(day + clock for day in DAYS for clock in CLOCKS), *MONTHS])
def test_no_format_is_passed_over(form: str) -> None:
    quarters = {month: f"{(month + 2) // 3}" for month in range(1, 13)}
    days = [dt.datetime(*day, 14, 45) for day in ((2019, 3, 25), (2020, 11, 30), (2021, 12, 28))]
    values = [day.strftime(form.replace("%q", quarters[day.month])) for day in days]
    found = time_format(values)
    assert found is not None
    assert all(parse_time(value, found) == parse_time(value, form) for value in values)


@pytest.mark.parametrize(
    "values",
    [
        ["4月1日", "5月12日"],  # days of a year
        ["2009-10", "2010-11", "2011-12"],  # financial years
        ["Jan-19", "Jan-03", "Feb-07"],  # days of a month
        ["Mar12", "Mar28", "Apr04", "Apr19"],
        ["1-2", "3-4"],
        ["Q5 2019"],
        ["7.5/10", "9.5/10"],
        ["2009/10", "2010/11", "2016/19", "2017/20"],  # spans of years
        ["General 2020", "Market 2021", "Junior 2022"],
        ["4 Jan", "5 Jan"],
        ["1000 EUR", "2000 EUR"],
        ["Jan-Mar 2009", "Apr-Jun 2009"],
        ["0h 10m", "1h 20m"],
        ["3/12", "4/12", "7/12", "11/12", "12/12", "5/12"],  # scores
        ["1/10", "1/12", "2/10", "2/12", "1/11", "2/11"],
        [f"{bed}/{room}" for room in range(10, 16) for bed in range(1, 5)],
        ["04/05", "05/06", "06/07", "07/08", "08/09", "09/10", "10/11"],  # seasons
        [f"1/{n:02d}" for n in range(1, 32)],  # days of a month
        ["FY2008/09", "FY2009/10", "FY2010/11"],
    ],
    ids=str,
)
def test_what_is_no_time(values: list[str]) -> None:
    assert time_format(values) is None


@pytest.mark.parametrize(
    ("name", "values", "form", "second"),
    [
        ("date", [20190131, 20190201, 20190202], "%Y%m%d", dt.datetime(2019, 2, 1)),
        ("date", [20190131.0, 20190201.0, None, 20190202.0], "%Y%m%d", dt.datetime(2019, 2, 1)),
        ("k", [20190100 + n for n in range(1, 20)], "%Y%m%d", dt.datetime(2019, 1, 2)),
        ("datum", [870_520 + n for n in range(12)], "%y%m%d", dt.datetime(1987, 5, 21)),
        ("date", [190_120 + n for n in range(12)], "%y%m%d", dt.datetime(2019, 1, 21)),
        ("Date", [1312019, 12252019, 4012019], "%m%d%Y", dt.datetime(2019, 12, 25)),
        ("Date", [10062018, 10102018, 10192018], "%m%d%Y", dt.datetime(2018, 10, 10)),
        ("month", [201911, 201912, 202001], "%Y%m", dt.datetime(2019, 12, 1)),
        ("created_at", [1706659200, 1706662800], "seconds", dt.datetime(2024, 1, 31, 1)),
        ("ts", [1706659200000.0, 1706662800000.0], "milliseconds", dt.datetime(2024, 1, 31, 1)),
        ("ts", ["1706659200000", "1706662800000"], "milliseconds", dt.datetime(2024, 1, 31, 1)),
        ("order_date", [44256, 44257, 44260], "excel days", dt.datetime(2021, 3, 2)),
        ("Datum", ["44256.5", "44257.25", "44260"], "excel days", dt.datetime(2021, 3, 2, 6)),
        ("at", [20210104093000, 20210104094500], "%Y%m%d%H%M%S", dt.datetime(2021, 1, 4, 9, 45)),
        ("k", ["202101040930", "202101040945"], "%Y%m%d%H%M", dt.datetime(2021, 1, 4, 9, 45)),
        (
            "Date",
            [float(f"2019.{month:02d}") for month in range(1, 13)],
            "decimal months",
            dt.datetime(2019, 2, 1),
        ),
        (
            "season",
            [f"{year}-{(year + 1) % 100:02d}" for year in range(1980, 2020)],
            "first years",
            dt.datetime(1981, 1, 1),
        ),
        (
            "year",
            [f"{year} [YR{year}]" for year in range(1980, 2020)],
            "first years",
            dt.datetime(1981, 1, 1),
        ),
        (
            "time",
            [1970 + round(n / 12, 3) for n in range(24)],
            "decimal years",
            dt.datetime(1970, 2, 1),
        ),
        ("", [1962.25 + n / 4 for n in range(39)], "decimal years", dt.datetime(1962, 7, 1)),
        (
            "Quarter",
            [1985.1 + n // 4 + n % 4 / 10 for n in range(12)],
            "decimal quarters",
            dt.datetime(1985, 4, 1),
        ),
        (
            "date",
            [1851.2026, 1851.6324, 1851.9692, 1851.9747, 1852.3142, 1852.3473, 1852.3585, 1855.1],
            "decimal days",
            dt.datetime(1851, 8, 20),
        ),
        (
            "decimal_date",
            [1958.2027, 1958.2877, 1958.3699, 1958.2027, 1959.1, 1960.2, 1960.9, 1970.33, 1975.61],
            "decimal days",
            dt.datetime(1958, 4, 16),
        ),
    ],
    ids=str,
)
def test_numbers_that_are_dates(
    name: str, values: list[Any], form: str, second: dt.datetime
) -> None:
    column, typed = read(name, values)
    assert (column.kind, column.semantic, column.written) == ("time", "time", form)
    assert typed[1] == second


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("population", [20190131, 20190201, 20190202]),  # few, and called otherwise
        ("date", [20190131, 20191301, 20190202]),  # no month 13
        ("date", [870_501 + n for n in range(40)]),  # no day 40
        ("price", [870_501 + n for n in range(12)]),
        ("price", [1970.25, 1970.5, 1970.75, 1971.0] * 6),
        ("time", [1970.13, 1971.2, 1972.41, 1973.9] * 6),
        ("id", [201901 + n for n in range(40)]),
        ("sales", [1706659200, 1706662800, 1706666400]),
        ("time", [1706659200, 17066628000, 170666640000]),
        ("time", [0.5e9, 1e9, 1.5e9]),
        ("price", [44256, 44257, 44260]),
        ("total days", [44256, 44257, 44260]),
        ("price", [2019.01, 2019.02, 2019.03, 2019.04] * 3),
        ("n", [20210104093000, 20219904094500]),
        ("year", [1990, 1991, 1992] * 8),
        ("mean year built", [1951.2 + n * 1.37 for n in range(20)]),
        ("price", [1951.2 + n * 1.37 for n in range(20)]),
    ],
)
def test_numbers_that_are_no_dates(name: str, values: list[float]) -> None:
    assert read(name, values)[0].kind == "number"


def test_a_user_may_say_that_dates_are_numbers_and_the_reverse() -> None:
    raw = pa.table({"date": [20190131, 20190201, 20190202], "x": [20190131, 20190201, 20190202]})
    casts = told_casts(raw, infer_casts(raw), {"date": "quantitative", "x": "temporal"})
    typed = apply_casts(raw, casts)
    assert typed.column("date").to_pylist() == [20190131, 20190201, 20190202]
    assert typed.column("x")[0].as_py() == dt.datetime(2019, 1, 31)


@pytest.mark.parametrize(
    ("values", "style", "first"),
    [
        (["7.47%", "0", "n/a"], "percent", 7.47),
        (["$1,200", "($35)", "-"], "currency", 1200),
        (["1,234", "18*", ".."], "written", 1234),
        (["4310 [Note 5]", "12", "7"], "written", 4310),
        (["-3.5", "–", "12"], "written", -3.5),
        (["−3.5", "1,000"], "written", -3.5),
        (["€12.50", "€3"], "currency", 12.5),
        ([f"{n}.5 km" for n in range(20)], "written", 0.5),
        (["2m", "4m", "6m"], None, None),  # steps
        (["(1)", "(2)"], None, None),  # names of equations
        (["E92000001", "W92000004", "1,234"], None, None),  # codes of places, no powers of ten
        (["1,5", "2,5"], None, None),  # which half is it?
        (["12,25", "1.312,05", "7"], "written commas", 12.25),
        (["1.234,50 €", "3,5 €", "-"], "currency commas", 1234.5),
        (["-1 234,5 €", "(3,5 €)"], "currency commas", -1234.5),
        (["3,45%", "12,1 %"], "percent commas", 3.45),
        ([f"{n},5 kg" for n in range(20)], "written commas", 0.5),
        (["$1.5K", "$20", "$3M"], "currency scaled", 1500),
        (["870", "1.2K", "3.1M"], "written scaled", 870),
        (["12.5r", "13.1", "14", "15p", "11"], "written", 12.5),  # revised, provisional
        (["13.5", "N/M", ":", "none", "7.25", "8", "9"], "written", 13.5),
        ([f"{n / 10} out of 5 stars" for n in range(15, 45)], "written", 1.5),
        (["3 K", "4 K", "5 K"], None, None),  # kelvin, or thousands
        (["12 kg", "3 lb"], None, None),
        (["007", "1,234"], None, None),
        (["36 622 459", "982", "1 004"], "written", 36622459),
        (["34\u202f338", "1\xa0985", "-"], "written", 34338),
        (["85'134", "1’818"], "written", 85134),
        (["6,89,501", "37,26,926"], "written", 689501),  # lakhs
        (["82.996.994", "1.312"], "written commas", 82996994),
        (["123 456", "234 567", "345 678"], None, None),  # a code in two parts
        (["64\u202f123\u202f456", "65\u202f223\u202f456"], "written", 64123456),
        (["64 123 456", "65 223 456"], "written", 64123456),
        ([f"Week {n}" for n in range(1, 53)], "written", 1),
        (["Week 1", "Week 2", "Week 3"], None, None),
        ([f"{n},{n % 10}" for n in range(20)], "written commas", 0.0),
        (["1,0", "1,3", "1,7", "2,0", "2,3", "2,7"], "written commas", 1.0),  # marks at school
        (["0,572", *(f"1,{n}" for n in range(100, 120))], "written commas", 0.572),  # no thousands
        ([f"{sign}{n}" for sign in "$€" for n in (5, 12, 700)], None, None),  # two currencies
        (["US$ 12", "$5", "USD 3"], "currency", 12),
        (["295,91-", "530,59", "12,00-"], "written commas", -295.91),
        (["75.95-", "887.44"], "written", -75.95),
        (["▲36.6%", "▼41.8%"], "percent", 36.6),
        (["CHF 8.92", "CHF 37.45"], "currency", 8.92),
        (["EUR 1.008,92", "EUR 37,45"], "currency commas", 1008.92),
        (["Rs. 4,592", "Rs. 95,626"], "currency", 4592),
        (["R$ 90,67", "R$ 7,45"], "currency commas", 90.67),
        ([f"{n} zł" for n in range(20)], "currency", 0),
        (["$5.4 billion", "$22.3 million"], "currency scaled", 5.4e9),
        (["$82.5m", "$1.2bn"], "currency scaled", 82.5e6),
        (["1.2k", "3.4m", "870"], "written scaled", 1200),
        (["12 us", "3 s"], None, None),
        (["70.1 ep", "66.7 b", "95.5", "20.7"], "written", 70.1),
        (["6,291[6]", "40,819[5] [7]"], "written", 6291),
        (["90.6*", "64.1***", "57.8**"], "written", 90.6),
        (["44.3 ± 0.3", "31.9 ± 1.3"], "written", 44.3),
        (["69.7 (12%)", "98.9 (15%)"], "written", 69.7),
        (["5 (very good)", "4 (good)"], None, None),
        (["1992(4)", "1993(1)"], None, None),
        (["0.87", "<0.001", "0.5"], "written", 0.87),
        (["<5", "7", "120", "34"], "written", 5),
        (["E12000002", "E12000006"], None, None),  # codes of regions
        (["<1", "1", "2", "3+"], None, None),  # steps
        ([*map(str, range(90)), "90+"], "written", 0),
        ([*map(str, range(20)), "(D)", "x", "[c]"], "written", 0),
        ([*map(str, range(20)), "Total"], None, None),
        (["1", "2", "3", "A"], None, None),
        (["1.5E-05", "2.5E+03", "-"], "written", 1.5e-05),
        (["-", "x"], None, None),
        (["1-2", "3"], None, None),
    ],
    ids=str,
)
def test_numbers_with_signs(values: list[str], style: str | None, first: float | None) -> None:
    assert number_style(values) == style
    if style is not None:
        assert read_written(values[0], style) == first


def test_signs_say_what_numbers_mean() -> None:
    grown, typed = read("grown", ["7.5%", "3%", "n/a", "12 %"])
    assert (grown.semantic, grown.evidence) == ("percent", "written with a %")
    assert typed == [7.5, 3.0, None, 12.0]
    assert read("got", ["$7", "($3)", "$1,200"])[0].semantic == "currency"


@pytest.mark.parametrize(
    ("value", "written", "read_as"),
    [
        ("25/11/63", "%d/%m/%y@1963", "1963-11-25"),
        ("5/11/02", "%d/%m/%y@1963", "2002-11-05"),
        ("30-Jun-16", "%d-%b-%y|%d-%b-%Y", "2016-06-30"),
        ("31-Mar-2013", "%d-%b-%y|%d-%b-%Y", "2013-03-31"),
        ("1975-02-23T02:58:41.000Z", "%m/%d/%Y|iso", "1975-02-23"),
        ("1975-02-23", "%d-%b-%y@1933|iso", "1975-02-23"),
        ("12-Jun-38", "%d-%b-%y@1933|iso", "1938-06-12"),
        ("2020-53", "%G-%V", "2020-12-28"),
        ("1989 JAN", "%Y %b", "1989-01-01"),
        ("Q3 2019", "Q%q %Y", "2019-07-01"),
        ("2019M03", "%YM%m", "2019-03-01"),
        ("2023-W05", "%G-W%V", "2023-01-30"),
        ("W53 2020", "W%V %G", "2020-12-28"),
        ("04/Jan/2021:10:20:00 +0000", "%d/%b/%Y:%H:%M:%S +0000", "2021-01-04"),
        ("2021-03-01 12:00:03,123", "%Y-%m-%d %H:%M:%S,%L", "2021-03-01"),
        ("04-Jan-21 12.05.00 AM", "%d-%b-%y %I.%M.%S %p", "2021-01-04"),
        ("Sept. 1st, 2021", "%b %d, %Y~", "2021-09-01"),
        ("Monday 31. Mai 2019", "%d. %b %Y~", "2019-05-31"),
        ("mardi 5 août 2019", "%d %b %Y~", "2019-08-05"),
        ("2 de dic. de 72", "%d de %b de %y~@1963", "1972-12-02"),
        ("3Q09", "%qQ%y", "2009-07-01"),
        ("3. Quartal 2009", "%q. Quartal %Y", "2009-07-01"),
        ("2009-S2", "%Y-S%h", "2009-07-01"),
        ("1H 2009", "%hH %Y", "2009-01-01"),
        ("KW05/2023", "KW%V/%G", "2023-01-30"),
        (1132019, "%m%d%Y", "2019-01-13"),
        (20190131, "%Y%m%d", "2019-01-31"),
        (870521, "%y%m%d", "1987-05-21"),
        (1970.25, "decimal years", "1970-04-01"),
        (1985.4, "decimal quarters", "1985-10-01"),
        (1974.62, "decimal days", "1974-08-15"),
        (1999.999, "decimal days", "2000-01-01"),
        ("1/86", "%m/%y", "1986-01-01"),
        ("1985:01", "%Y:%m", "1985-01-01"),
        ("3/2010", "%q/%Y", "2010-07-01"),
        ("FY20 Q3", "FY%y Q%q", "2020-07-01"),
        ("2nd Quarter 2010", "%q quarter %Y~", "2010-04-01"),
        ("2H10", "%hH%y", "2010-07-01"),
        (2019.1, "decimal months", "2019-10-01"),
        (44256.75, "excel days", "2021-03-01"),
        (20210104093000, "%Y%m%d%H%M%S", "2021-01-04"),
        ("FY1980/81", "first years", "1980-01-01"),
        (1706659200, "seconds", "2024-01-31"),
        (1706659200123, "milliseconds", "2024-01-31"),
        ("7.47%", "percent", "7.47"),
        ("($1,200)", "currency", "-1200"),
        ("-$35", "currency", "-35"),
        ("US$ -35", "currency", "-35"),
        ("18* [Note 5]", "written", "18"),
        ("-1.234,50 €", "currency commas", "-1234.5"),
        ("3,45 %", "percent commas", "3.45"),
        ("$1.2K", "currency scaled", "1200"),
        ("870", "written scaled", "870"),
        ("4.5 out of 5 stars", "written", "4.5"),
        ("36 622 459", "written", "36622459"),
        ("85’134", "written", "85134"),
        ("295,91-", "written commas", "-295.91"),
        ("▼41.8%", "percent", "-41.8"),
        ("Rs. 4,592", "currency", "4592"),
        ("EUR -1.008,92", "currency commas", "-1008.92"),
        ("$5.4 billion", "currency scaled", "5400000000"),
        ("$82.5m", "currency scaled", "82500000"),
        ("20.7 ep", "written", "20.7"),
        ("44.3 ± 0.3", "written", "44.3"),
        ("69.7 (12%)", "written", "69.7"),
        ("<0.25", "written", "0.25"),
        ("90+", "written", "90"),
        ("Week 12", "written", "12"),
        ("2.5E+03", "written", "2500"),
    ],
    ids=str,
)
def test_vega_reads_the_same(value: Any, written: str, read_as: str) -> None:
    expression = reading("datum['v']", written)
    if "-" in read_as[1:]:
        expression = f"timeFormat({expression}, '%Y-%m-%d')"
    spec = {
        "data": {"values": [{"v": value}]},
        "transform": [{"calculate": f"'=' + {expression} + '='", "as": "said"}],
        "mark": "text",
        "encoding": {"text": {"field": "said"}},
    }
    said = re.search("=([^=<>]+)=<", vlc.vegalite_to_svg(spec))
    assert said is not None
    assert said[1].replace("\u2212", "-") == read_as


def test_numbers_of_an_engine_stay_numbers_until_they_are_told_to_be_dates() -> None:
    raw = pa.table({"date": [20190131, 20190201, 20190202]})
    casts = infer_casts(raw, dated_numbers=False)
    assert casts[0].to == "keep"
    assert told_casts(raw, casts, {"date": "temporal"})[0].format == "%Y%m%d"


def test_numbers_that_are_none_do_not_hide_dates() -> None:
    quarters = [1970 + quarter / 4 for quarter in range(12)]
    nan = float("nan")
    assert infer_casts(pa.table({"year": [nan, *quarters]}))[0].format == "decimal years"
    days = [20190101.0, nan, 20190102.0, 20190103.0]
    assert infer_casts(pa.table({"date": days}))[0].format == "%Y%m%d"
    half = pa.array(np.arange(20, dtype=np.float16))
    assert infer_casts(pa.table({"year": half}))[0].to == "keep"


@pytest.mark.parametrize("odd", [1e300, float("inf"), "1e999", "x"])
@pytest.mark.parametrize(("value", "form"), [(1970.25, "decimal years"), (20190101.0, "%Y%m%d")])
def test_one_value_that_is_no_date_is_a_null(value: float, form: str, odd: Any) -> None:
    values = [str(value), odd] if isinstance(odd, str) else [value, odd]
    typed = apply_casts(pa.table({"t": values}), [Cast("t", "time", form)])
    assert typed.column(0).to_pylist()[1] is None


@pytest.mark.parametrize("mark", ["n/a", "-", "", "unknown", "0000-00-00", "TBC", "see note"])
def test_dates_that_are_not_there_hide_no_others(mark: str) -> None:
    dates = [f"2021-03-{day:02d}" for day in range(1, 12)]
    column, typed = read("date", [mark, *dates])
    assert (column.kind, typed[0], typed[1]) == ("time", None, dt.datetime(2021, 3, 1))


def test_many_blanks_take_no_time() -> None:
    start = time.process_time()
    assert read_written("(" + 5_000 * " " + "!") is None
    assert read_written("( 3 )") == -3.0
    assert time.process_time() - start < 1


@pytest.mark.parametrize("rows", [[], [None, None]])
def test_no_texts_are_read(rows: list[None]) -> None:
    typed = apply_casts(pa.table({"t": pa.array(rows, pa.string())}), [Cast("t", "text")])
    assert typed.column(0).to_pylist() == rows


@pytest.mark.parametrize(
    ("price", "weight", "people"),
    [("12,50", 1.055, 84845), ("12.50", 1055, 84.845), ("12", 1055, 84.845)],
)
def test_three_digits_behind_a_sign_are_read_as_the_other_columns_are(
    price: str, weight: float, people: float
) -> None:
    rows = range(1, 20)
    raw = pa.table(
        {
            "price": [f"{n}{price}" for n in rows],
            "weight": [f"{n},055" for n in rows],
            "people": [f"{83 + n}.845" for n in rows],
        }
    )
    typed = apply_casts(raw, infer_casts(raw))
    assert [typed.column(name)[0].as_py() for name in ("weight", "people")] == [weight, people]


def test_words_before_digits_are_of_a_step_or_of_money() -> None:
    for text, value in (("AUD 5", 5.0), ("Week 12", 12.0), ("wk. USD 3", 3.0), ("C$ 7", 7.0)):
        assert read_written(text) == value
    assert [read_written(text) for text in ("City 00", "Room 4", "USD per 5")] == [None] * 3
