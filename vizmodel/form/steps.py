"""Owns the steps that a declared spec takes before it encodes: what it keeps, gathers, ranks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence, Set
from typing import Any

from vizmodel.design import Encoding, Fold, Held
from vizmodel.profile.reading.casts import PADDED_TEXT
from vizmodel.profile.reading.clocks import CLOCKS, DURATIONS, HHMM, MINUTES
from vizmodel.profile.reading.counted_times import (
    DECIMAL_DAYS,
    DECIMAL_MONTHS,
    DECIMAL_QUARTERS,
    DECIMAL_YEARS,
    EPOCHS,
    EXCEL_DAYS,
    FIRST_YEARS,
)
from vizmodel.profile.reading.missing import MISSING_NUMBERS
from vizmodel.profile.reading.numerals import COMMAS, NUMBER_STYLES, SCALED
from vizmodel.profile.reading.time_forms import HALF, PLAIN, STEPS
from vizmodel.profile.reading.times import EITHER, ISO, SINCE, is_digits

#: Days from the start of a spreadsheet's calendar to 1970.
EXCEL_EPOCH = 25_569
#: What the values of a column are called together.
WHOLE = "(all)"
#: What a ranking computes; a sign is added where a column has that name.
SIZE, RANK, GROUPS = "size", "rank", "groups"

#: Letters after a number that say how many thousands.
_FACTORS = (
    ("[0-9]\\s*([kK]|thousands?)", 10**3),
    ("[0-9]\\s*(M|m|mn|millions?)", 10**6),
    ("[0-9]\\s*(B|b|bn|billions?)", 10**9),
    ("[0-9]\\s*(tn|trillions?)", 10**12),
)
#: What stands before a negative number, or after it.
_MINUS = "/^[^0-9]*[(−▼-]|[0-9]-\\s*$/"

Steps = list[dict[str, Any]]


def gathering(fold: Fold, columns: Sequence[str]) -> Steps:
    """Return the fold of a wide table, and how its headers are read.

    Parameters
    ----------
    fold
        What is gathered.
    columns
        References to the gathered columns.
    """
    found: Steps = [{"fold": list(columns), "as": list(fold.pair)}]
    header = datum(fold.key)
    # Vega counts in units of UTF-16.
    start, end = (len(text.encode("utf-16-le")) // 2 for text in (fold.prefix, fold.suffix))
    if start or end:
        header = f"slice({header}, {start}{f', -{end}' if end else ''})"
    if fold.kind == "integer":
        counted = f"toNumber({header})"
        first = f"{datum(fold.key)} === {json.dumps(fold.baseline)}"
        header = counted if fold.baseline is None else f"{first} ? 0 : {counted}"
    elif fold.kind == "time":
        header = reading(header, fold.format if fold.format not in (None, ISO) else "%Y-%m-%d")
    elif not start and not end:
        return found
    return [*found, {"calculate": header, "as": fold.key}]


def reading(value: str, written: str) -> str:
    """Return the expression that reads a time or a number as a table writes it.

    Parameters
    ----------
    value
        An expression for what the table holds.
    written
        As a column's profile tells it.

    Examples
    --------
    >>> print(reading("datum['sold']", "%d/%m/%Y"))
    timeParse(datum['sold'], "%d/%m/%Y")
    >>> reading("datum['at']", "decimal years")
    "datetime(floor(datum['at']), round(12 * (datum['at'] % 1)), 1)"
    """
    if written.startswith(MISSING_NUMBERS):
        gone = written.removeprefix(MISSING_NUMBERS).split()
        test = " || ".join(f"{value} == {number}" for number in gone)
        return f"{test} ? null : {value}"
    if written == PADDED_TEXT:
        return f"isString({value}) ? trim({value}) : {value}"
    if written in CLOCKS:
        return _reading_clock(value, written)
    if written in NUMBER_STYLES:
        return _reading_number(value, written)
    counted = _reading_count(value, written)
    if counted is not None:
        return counted
    if EITHER in written:
        first, *others = written.split(EITHER)
        read = reading(value, first)
        if SINCE in first:  # the year of no time is one, too
            read = f"({reading(value, first.partition(SINCE)[0])} ? {read} : null)"
        return " || ".join((read, *(reading(value, form) for form in others)))
    if written == ISO:
        return f"timeParse(slice({value}, 0, 10), '%Y-%m-%d')"
    form, _, since = written.partition(SINCE)
    if form.endswith(PLAIN):
        value, form = _plain(value), form.removesuffix(PLAIN)
    if HALF in form:
        before, after = (re.split(r"%\w", text) for text in form.split(HALF))
        second, third = (json.dumps(before[-1] + digit + after[0]) for digit in "23")
        value, form = f"replace({value}, {second}, {third})", form.replace(HALF, "%q")
    if is_digits(form):
        value = f"pad({value}, 8, '0', 'left')"
    time = f"timeParse({value}, {json.dumps(form, ensure_ascii=False)})"
    if not since:
        return time
    year = f"{since} + (year({time}) - {since} + 100) % 100"
    return f"datetime({year}, month({time}), date({time}), hours({time}), minutes({time}))"


def elapsed(start: str, end: str, unit: float) -> str:
    """Return the expression for how long it is from one time to another; null where one is not.

    Parameters
    ----------
    start, end
        Expressions for the two times, as `reading` returns them or for what viewers read.
    unit
        Seconds.

    Examples
    --------
    >>> print(elapsed("datum['a']", "timeParse(datum['b'], '%d.%m.%Y')", 86400.0).split(" ? ")[1])
    (toDate(timeParse(datum['b'], '%d.%m.%Y')) - toDate(datum['a'])) / 86400000 : null
    """
    # What is missing is an empty text to some viewers, which is no time either.
    start, end = f"toDate({start})", f"toDate({end})"
    return f"isValid({start}) && isValid({end}) ? ({end} - {start}) / {1000 * unit:.0f} : null"


def _reading_count(value: str, written: str) -> str | None:
    """Return the expression that reads a number of years, days or seconds as a time."""
    if written == DECIMAL_YEARS:
        return f"datetime(floor({value}), round(12 * ({value} % 1)), 1)"
    if written == DECIMAL_MONTHS:
        return f"datetime(floor({value}), round(100 * ({value} % 1)) - 1, 1)"
    if written == DECIMAL_QUARTERS:
        return f"datetime(floor({value}), round(30 * ({value} % 1)) - 3, 1)"
    if written == DECIMAL_DAYS:
        return f"datetime(floor({value}), 0, 1 + round(365 * ({value} % 1)))"
    if written == FIRST_YEARS:
        return f"datetime(toNumber(replace({value}, /^[^0-9]*([0-9]+).*$/, '$1')), 0, 1)"
    if written in EPOCHS or written == EXCEL_DAYS:
        # Times of all other forms are on the reader's own clock, too.
        form = "'%Y-%m-%d %H:%M:%S'"
        since = (
            f"round(({value} - {EXCEL_EPOCH}) * 86400) * 1000"
            if written == EXCEL_DAYS
            else f"{value} * {1000 / EPOCHS[written]:g}"
        )
        return f"timeParse(utcFormat({since}, {form}), {form})"
    return None


def _plain(value: str) -> str:
    """Return the expression for a text whose months are English ones of three letters."""
    value = f"lower({value})"
    for pattern, word in STEPS:
        value = f"replace({value}, /{pattern}/, '{word.replace(chr(92), '$')}')"
    return value


def _reading_number(value: str, style: str) -> str:
    """Return the expression that reads a number with signs about it: $1,200, (35) or 7.4% [2]."""
    minus = f"(test({_MINUS}, {value}) ? '-' : '')"
    if style.endswith(COMMAS):
        bare = f"replace({value}, /[.\\s]/g, '')"
        digits = f"replace({bare}, /^[^0-9,]*([0-9]*,?[0-9]*).*$/, '$1')"
        return f"toNumber({minus} + replace({digits}, ',', '.'))"
    bare = f"replace({value}, /[,'’\\s]/g, '')"
    first = "/^(?:[A-Za-z]+\\.|[^0-9.])*([0-9.]+(?:[eE][+-]?[0-9]+)?).*$/"
    number = f"toNumber({minus} + replace({bare}, {first}, '$1'))"
    if not style.endswith(SCALED):
        return number
    scales = (f"test(/{letters}\\s*\\)?$/, {value}) ? {factor}" for letters, factor in _FACTORS)
    return f"{number} * ({' : '.join(scales)} : 1)"


def _reading_clock(value: str, form: str) -> str:
    """Return the expression that reads a clock as a number of hours, or of minutes."""
    if form == HHMM:
        return f"isValid({value}) ? floor({value} / 100) + {value} % 100 / 60 : null"
    if form in DURATIONS:
        return f"isValid({value}) ? {value} / {DURATIONS[form]:.0f} : null"
    hours, minutes, seconds = (f"toNumber(split({value} + ':0', ':')[{at}])" for at in range(3))
    read = f"({hours} + {minutes} / 60 + {seconds} / 3600)"
    return f"isValid({value}) ? {read}{' * 60' if form == MINUTES else ''} : null"


def keeping(where: Sequence[Held]) -> Steps:
    """Return the filters that keep the rows of a slice; a blank text is no value, too.

    Examples
    --------
    >>> keeping([Held("sex", "Total")])
    [{'filter': "datum['sex'] === 'Total'"}]
    """
    found: Steps = []
    for held in where:
        value = f"datum[{quoted(held.column)}]"
        if held.level is None:
            test = f"!isValid({value}) || {value} === ''"
        elif isinstance(held.level, str):
            test = f"{value} {'!==' if held.but else '==='} {quoted(held.level)}"
        else:
            test = f"+{value} === {held.level}"
        found.append({"filter": test})
    return found


def known(value: str) -> str:
    """Return the test that a text is there; a blank one is no value, too.

    Examples
    --------
    >>> known("datum.sex")
    "isValid(datum.sex) && datum.sex !== ''"
    """
    return f"isValid({value}) && {value} !== ''"


def naming_whole(value: str, name: str) -> dict[str, Any]:
    """Return the step that says of what a row without a value is the total.

    Examples
    --------
    >>> naming_whole("datum['sex']", "sex")["calculate"]
    "isValid(datum['sex']) && datum['sex'] !== '' ? datum['sex'] : '(all)'"
    """
    return {"calculate": f"{known(value)} ? {value} : {quoted(WHOLE)}", "as": name}


def datum(name: str) -> str:
    """Return the expression for what a viewer finds in a column.

    Examples
    --------
    >>> datum("größe")
    'datum["größe"]'
    """
    return f"datum[{json.dumps(name, ensure_ascii=False)}]"


def quoted(text: str) -> str:
    """Return a text as Vega's language writes it, in single quotes: people read such specs."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return "'" + inside.replace("'", "\\'") + "'"


def leading(name: str, group: str, field: str, n_lines: int, taken: Set[str]) -> Steps:
    """Return the steps that keep the rows of the groups whose mean is largest.

    Parameters
    ----------
    name, group, field
        The group's column, a reference to it, and one to what is measured.
    n_lines
        How many groups are kept.
    taken
        Names of the table's columns.
    """
    value = f"datum[{quoted(name)}]"
    named = {"filter": f"{known(value)} && {value} !== {quoted(WHOLE)}"}
    return [named, *largest(group, field, n_lines, taken, merged=True)]


def largest(group: str, field: str, n_rows: int, taken: Set[str], *, merged: bool) -> Steps:
    """Return the steps that keep the rows with the largest values; of equal ones the first by name.

    Parameters
    ----------
    group, field
        References to the rows' names and to what is measured.
    n_rows
        How many rows are kept.
    taken
        Names of the table's columns.
    merged
        Whether rows share names: their mean counts, and all rows of as many names are kept.

    Examples
    --------
    >>> steps = largest("city", "people", 20, {"city", "people"}, merged=False)
    >>> [list(step)[0] for step in steps]
    ['window', 'filter']
    """
    size, rank = (free_name(word, taken) for word in (SIZE, RANK))
    mean = {"op": "mean", "field": field, "as": size}
    figure, op = (size, "dense_rank") if merged else (field, "row_number")
    order = [{"field": figure, "order": "descending"}, {"field": group, "order": "ascending"}]
    return [
        *([{"joinaggregate": [mean], "groupby": [group]}] if merged else []),
        {"window": [{"op": op, "as": rank}], "sort": order},
        {"filter": {"field": rank, "lte": n_rows}},
    ]


def ranking(
    name: str, group: str, measure: Encoding, field: str | None, top: int, taken: Set[str]
) -> Steps:
    """Return the steps that keep the largest groups and make all others one.

    The group's column is calculated anew under its own name.

    Parameters
    ----------
    name, group
        The group's column, and a reference to it.
    measure, field
        What makes groups large, and a reference to its column.
    top
        How many groups are kept.
    taken
        Names of the table's columns.
    """
    size, rank, groups = (free_name(word, taken) for word in (SIZE, RANK, GROUPS))
    figure = {"op": str(measure.aggregate), "as": size} | ({"field": field} if field else {})
    order = [{"field": size, "order": "descending"}, {"field": group, "order": "ascending"}]
    value = datum(name)
    others = f"'other (' + ({datum(groups)} - {top}) + ' more)'"
    kept = f"{datum(rank)} <= {top} ? {value} : {others}"
    return [
        {"joinaggregate": [figure], "groupby": [group]},
        {"joinaggregate": [{"op": "distinct", "field": group, "as": groups}]},
        {"window": [{"op": "dense_rank", "as": rank}], "sort": order},
        {"calculate": kept, "as": name},
    ]


def free_name(word: str, taken: Set[str]) -> str:
    """Return a word with as many signs as no column's name has.

    Examples
    --------
    >>> free_name("rank", {"rank"})
    'rank_'
    """
    while word in taken:
        word += "_"
    return word
