"""Owns how the values of a chart's rows are said in a sentence: numbers, dates, places."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from erp_widget.aggregate.values import MISSING, MONTH_NAMES, WHOLE
from erp_widget.context.number_kinds import holds_shares, is_clock, is_share, is_year
from erp_widget.telling.digits import SIGNIFICANT_DIGITS, digits_of, plain_number
from erp_widget.words import called, clean_name
from vizmodel.design import Encoding
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.reading.clocks import CLOCKS, clock_text
from vizmodel.profile.words import PERCENT_SIGN

#: Most decimals of numbers that have as many each.
MOST_DECIMALS = 3
#: Quarters by the months with which they begin.
QUARTERS = {"01": "Q1", "04": "Q2", "07": "Q3", "10": "Q4"}
#: Labels that say nothing without the name of their column.
BARE = frozenset(("yes", "no", "true", "false"))
#: Days within which times are told to the second: those of an hour.
SHORT_DAYS = 1 / 24
#: Digits of a mean in a sentence, and how numbers from ten million on are called.
MEAN_DIGITS = 3
LARGE, LARGE_NAMES = 1e7, ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
#: Part of a unit, or of a thousand, that four digits round to a whole one.
ROUNDED_UP = 0.99995
#: Part of a million from which a number beside millions is told in them, too.
SAME_UNIT = 0.1
#: A unit that the name of a column ends with.
MONEY_SIGNS = ("$", "€", "£", "¥")
#: Amounts of money below this keep all their digits: a thousandth is not "$0.00".
CENTS = 0.1
NAMED_UNIT = late_pattern(r"[\s(\[_]([$€£¥])\s*[)\]]?$")


def figure(value: float, encoding: Encoding | None = None, profile: Profile | None = None) -> str:
    """Return a number as a person says it: four digits, a share in percent, a year as it is.

    Examples
    --------
    >>> figure(1234567.8), figure(52.71667), figure(0.000123456), figure(2000)
    ('1,234,568', '52.72', '0.0001235', '2,000')
    """
    column = _column(encoding, profile)
    if encoding is not None and is_year(column, encoding):
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    if encoding is not None and is_share(column, encoding):
        return f"{100 * value:.3g}%"
    if encoding is not None and is_clock(column, encoding):
        return clock_text(value)
    if isinstance(value, int):
        return f"{value:,}"
    if 1e3 * ROUNDED_UP <= abs(value) < 1e15:
        return f"{value:,.0f}"
    return plain_number(value, digits_of(value, encoding, column))


def told_figure(value: float, encoding: Encoding, profile: Profile | None = None) -> str:
    """Return a number as `figure` does, but millions in words and with the unit of its column.

    Examples
    --------
    >>> told_figure(1256660706326, Encoding("y", "debt", "value", "quantitative"))
    '1.257 trillion'
    >>> told_figure(882.66, Encoding("y", "Paid ($)", "mean", "quantitative"))
    '$882.66'
    """
    column = _column(encoding, profile)
    if any(known(column, encoding) for known in (is_year, is_share, is_clock)):
        return figure(value, encoding, profile)
    digits = digits_of(value, encoding, column)
    return _with_unit(_short(value, digits), value, encoding, column)


def figures(
    values: Sequence[float], encoding: Encoding, profile: Profile | None = None
) -> list[str]:
    """Return numbers that stand beside each other as `figure` does, with as many decimals each.

    Examples
    --------
    >>> figures([4.188, 4.14, 12.0], Encoding("y", "score", "mean", "quantitative"))
    ['4.2', '4.1', '12.0']
    >>> figures([0.004, 4321.5], Encoding("y", "score", "mean", "quantitative"))
    ['0.004', '4,322']
    >>> figures([0.31, 0.05], Encoding("y", "weight", "value", "quantitative"))
    ['0.31', '0.05']
    """
    column = _column(encoding, profile)
    own = is_year(column, encoding) or is_clock(column, encoding)
    share = is_share(column, encoding)
    sizes = [abs(value) * (100 if share else 1) for value in values if value]
    texts = [figure(value, encoding, profile) for value in values]
    if own or not sizes or not any("." in text for text in texts):
        return texts
    largest, smallest = (math.floor(math.log10(end)) for end in (max(sizes), min(sizes)))
    finest = max(len(text.partition(".")[2]) for text in texts)
    # The largest has three digits at least, the smallest two, or one behind percentages.
    decimals = max(MEAN_DIGITS - 1 - largest, (0 if share else 1) - smallest, 0)
    if decimals > MOST_DECIMALS or largest > MOST_DECIMALS:
        return texts
    # Numbers that were written with fewer say nothing by more: 0.31 and 0.05.
    whole = (n for n in range(1, decimals) if all(math.isclose(s, round(s, n)) for s in sizes))
    decimals = next(whole, decimals)
    for digits in range(decimals, max(MOST_DECIMALS, finest) + 1):
        scaled = [f"{100 * v:.{digits}f}%" if share else f"{v:,.{digits}f}" for v in values]
        # Bars of different lengths have different numbers.
        if len({*scaled}) == len({*texts}):
            return scaled
    return texts


def brief(value: float, encoding: Encoding, profile: Profile | None = None) -> str:
    """Return a number in as few digits as a sentence takes, with the unit that its column names.

    Examples
    --------
    >>> brief(17765364784, Encoding("y", "volume", "sum", "quantitative"))
    '17.77 billion'
    >>> brief(10.6642, Encoding("y", "Paid ($)", "mean", "quantitative"))
    '$10.66'
    >>> brief(2.5e16, Encoding("y", "volume", "sum", "quantitative"))
    '25,000 trillion'
    """
    column = _column(encoding, profile)
    few = digits_of(value, encoding, column) <= SIGNIFICANT_DIGITS
    mean = encoding.aggregate == "mean" and 1e-3 <= abs(value) < 999.5 and few
    if not mean or any(known(column, encoding) for known in (is_year, is_share, is_clock)):
        return told_figure(value, encoding, profile)
    return _with_unit(f"{value:.{MEAN_DIGITS}g}", value, encoding, column)


def briefs(
    values: Sequence[float], encoding: Encoding, profile: Profile | None = None
) -> list[str]:
    """Return numbers of one sentence as `brief` does, those of one size in one unit.

    Examples
    --------
    >>> briefs([13.9e6, 910_400, 320], Encoding("y", "volume", "sum", "quantitative"))
    ['13.9 million', '0.9104 million', '320']
    """
    column = _column(encoding, profile)
    texts = [brief(value, encoding, profile) for value in values]
    large = {one for text in texts for one in LARGE_NAMES if text.endswith(f" {one[1]}")}
    unit = max(large, default=None)
    if len(large) != 1 or unit is None:
        return texts
    return [
        _with_unit(_in(value, unit), value, encoding, column)
        if abs(value) >= unit[0] * SAME_UNIT
        else text
        for value, text in zip(values, texts, strict=True)
    ]


def _in(value: float, unit: tuple[float, str], digits: int = SIGNIFICANT_DIGITS) -> str:
    shown = value / unit[0]
    usual = digits == SIGNIFICANT_DIGITS
    return f"{figure(shown) if usual else plain_number(shown, digits)} {unit[1]}"


def _short(value: float, digits: int) -> str:
    name = next((one for one in LARGE_NAMES if abs(value) >= max(LARGE, one[0] * ROUNDED_UP)), None)
    if name is not None:
        return _in(value, name, digits)
    usual = digits == SIGNIFICANT_DIGITS or isinstance(value, int) or abs(value) >= 1e3
    return figure(value) if usual else plain_number(value, digits)


def _with_unit(text: str, value: float, encoding: Encoding, column: ColumnProfile | None) -> str:
    if encoding.field is None or encoding.aggregate in ("count", "distinct"):
        return text
    unit = NAMED_UNIT.search(encoding.field)
    percent = column is not None and column.semantic == "percent" and column.maximum > 1.5
    if percent and encoding.aggregate != "sum" and PERCENT_SIGN.search(encoding.field):
        return f"{text}%"
    sign = unit[1] if unit is not None else "" if column is None else column.unit
    if sign == "%":
        return f"{text}%" if percent and encoding.aggregate != "sum" else text
    return placed_unit(text, value, sign)


def placed_unit(text: str, value: float, sign: str) -> str:
    """Return a number's text with a unit where a person writes it; money has two decimals.

    Examples
    --------
    >>> placed_unit("32,853", 32853, "€"), placed_unit("3.2", 3.2, "€"), placed_unit("8", 8, "kg")
    ('€32,853', '€3.20', '8 kg')
    >>> placed_unit("0.0025", 0.0025, "$")
    '$0.0025'
    """
    if sign not in MONEY_SIGNS:
        return f"{text}{'' if sign == '%' else ' '}{sign}" if sign else text
    if "." in text and CENTS <= abs(value) < LARGE:
        text = f"{value:,.2f}"  # as money is written
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"


def value_of(column: ColumnProfile, value: float) -> str:
    """Return one of a column's numbers; years take no comma, clocks and shares are shown so."""
    if holds_shares(column):
        return f"{100 * value:.3g}%"
    if column.written in CLOCKS:
        return clock_text(value)
    if column.semantic == "year":
        return f"{value:.0f}"
    # Of whole numbers no value lies between two.
    rounded = round(value) if column.integer and not math.isnan(value) else value
    encoding = Encoding("y", column.name, "value", "quantitative")
    text = _short(rounded, digits_of(rounded, encoding, column))
    return _with_unit(text, rounded, encoding, column)


def date(value: str, encoding: Encoding, profile: Profile | None = None) -> str:
    """Return an ISO date as exactly as its time unit, or its column, is.

    Examples
    --------
    >>> date("2024-03-05", Encoding("x", "day", "yearmonth", "temporal"))
    'Mar 2024'
    """
    year, month, day = value[:4], value[5:7], value[8:10]
    column = _column(encoding, profile)
    units = {"year": "year", "yearmonth": "month", "yearmonthdate": "day"}
    exact = units.get(str(encoding.time_unit)) or (column.resolution if column else None)
    if not (month.isdecimal() and day.isdecimal()):
        return value
    if exact == "year":
        return year
    if exact == "month" and column is not None and column.by_quarters and month in QUARTERS:
        return f"{QUARTERS[month]} {year}"
    named = f"{MONTH_NAMES[int(month) - 1]} {year}"
    if exact == "month":
        return named
    # Text has no clock at midnight; beside other hours that is one of them.
    clock = value[11:] or ("00:00" if exact == "hour" else "")
    seconds = column is not None and column.span_days < SHORT_DAYS
    return f"{int(day)} {named} {clock[: 8 if seconds else 5]}".rstrip()


def value_text(
    value: Any, encoding: Encoding, profile: Profile | None = None, *, with_unit: bool = False
) -> str:
    """Return any value of one channel as text, a number with its unit where that is wanted."""
    if encoding.field_type == "temporal" and isinstance(value, str):
        return date(value, encoding, profile)
    if isinstance(value, int) and encoding.time_unit in ("year", "hours"):
        return f"{value}:00" if encoding.time_unit == "hours" else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        column = _column(encoding, profile)
        is_code = column is not None and column.semantic == "category" and isinstance(value, int)
        said = told_figure if with_unit else figure
        return str(value) if is_code else said(value, encoding, profile)
    return clean_name(str(value))


def same_labels(records: Sequence[Mapping[str, Any]], keys: Sequence[Encoding]) -> bool:
    """Whether two columns of a chart have a text in common, which does not tell what it is of.

    Examples
    --------
    >>> keys = [Encoding("x", "home", "category", "nominal"),
    ...         Encoding("y", "away", "category", "nominal")]
    >>> same_labels([{"x": "Rome", "y": "Oslo"}, {"x": "Oslo", "y": "Rome"}], keys)
    True
    """
    labels: dict[str | None, set[str]] = {}
    for key in keys:
        found = {record.get(key.channel) for record in records} - {MISSING, WHOLE}
        texts = {label for label in found if isinstance(label, str)}
        # A yes has the name of its column anyway.
        labels[key.field] = {text for text in texts if text.lower() not in BARE}
    timed = {key.field for key in keys if key.time_unit or key.field_type == "temporal"}
    untimed = [found for field, found in labels.items() if field not in timed]
    return any(one & other for one, other in combinations(untimed, 2))


def place(
    record: Mapping[str, Any], keys: Sequence[Encoding], profile: Profile, *, named: bool = False
) -> str:
    """Return where in a chart a record stands, such as "Rome, 2024", or "smoker yes, sex f".

    With `named`, each level has the name of its column.
    """
    parts = []
    for encoding in keys:
        only = record.get(f"{encoding.channel}_only")
        begin = record.get(encoding.channel) if only is None else only
        told = value_text(begin, encoding, profile)
        end = record.get(f"{encoding.channel}2") if only is None else None
        told = told if end is None else f"{told} to {value_text(end, encoding, profile)}"
        told = own_level(told, encoding, always=named) if len(keys) > 1 else told
        parts.append((encoding.field, told))
    # One column on two channels is told once; two columns may well say the same.
    return ", ".join(told for _, told in dict.fromkeys(parts))


def own_level(told: str, key: Encoding, *, always: bool = False) -> str:
    """Return a level with the name of its column where it says nothing without, or always.

    Examples
    --------
    >>> own_level("true", Encoding("x", "smoker", "category", "nominal"))
    'smoker true'
    """
    timed = key.time_unit is not None or key.field_type == "temporal"
    if always and not timed and " = " not in told:
        return f"{clean_name(str(key.field))} = {told}"
    return f"{clean_name(str(key.field))} {told}" if told.lower() in BARE else told


def _with_name(told: str, key: Encoding) -> str:
    """Return a level with the name of its column, which it may begin with itself: skill 8."""
    name = clean_name(str(key.field))
    says_it = " = " in told or told.lower().startswith(f"{name.lower()} ")
    return told if says_it else f"{name} {told}"


def at_place(
    record: Mapping[str, Any], keys: Sequence[Encoding], profile: Profile, *, named: bool = False
) -> str:
    """Return where a record stands as a sentence says it: "for Rome in 2024".

    With `named`, each level has the name of its column.
    """
    told = [_at(record, key, profile) for key in keys]
    levels = [one.removeprefix("for ") for one in told if one.startswith("for ")]
    plain = [key for key, one in zip(keys, told, strict=True) if one.startswith("for ")]
    if named:
        levels = [own_level(one, key, always=True) for key, one in zip(plain, levels, strict=True)]
    elif len(levels) == 1 and len(keys) > 1:
        levels = [own_level(levels[0], plain[0])]
    elif len(levels) > 1 and any(one.lower() in BARE for one in levels):
        # "For male, yes" leaves open what is so.
        levels = [_with_name(one, key) for key, one in zip(plain, levels, strict=True)]
    # A time is told after what else a place is.
    times = [one for one in told if not one.startswith("for ")]
    return " ".join([f"for {', '.join(levels)}", *times] if levels else times)


def _at(record: Mapping[str, Any], key: Encoding, profile: Profile) -> str:
    said, column = named_place(record, [key], profile), _column(key, profile)
    meant = None if column is None else column.semantic
    timed = key.field_type == "temporal" or key.time_unit or is_year(column, key)
    if not timed and meant not in ("month", "weekday"):
        return f"for {said}"
    if key.time_unit == "hours":
        return f"at {said}"
    a_day = key.time_unit == "day" or meant == "weekday" or re.match(r"\d+ [A-Z]", said)
    return f"{'on' if a_day else 'in'} {said}"


def named_place(record: Mapping[str, Any], keys: Sequence[Encoding], profile: Profile) -> str:
    """Return where a record stands, its numbers with the names of their columns.

    "Highest for 1" says nothing, "highest for cruise = 1" does; of a year everybody knows.
    """
    return ", ".join(_named_part(record, encoding, profile) for encoding in keys)


def _named_part(record: Mapping[str, Any], encoding: Encoding, profile: Profile) -> str:
    told, column = place(record, [encoding], profile), _column(encoding, profile)
    number = isinstance(record.get(encoding.channel), int | float)
    bare = encoding.time_unit is not None or encoding.bin or is_clock(column, encoding)
    if column is None or not number or bare or is_year(column, encoding) or column.is_time:
        return told
    return f"{called(column.name, profile)} = {told}"


def _column(encoding: Encoding | None, profile: Profile | None) -> ColumnProfile | None:
    if encoding is None or profile is None or encoding.field is None:
        return None
    try:
        return profile.column(encoding.field)
    except KeyError:
        return None
