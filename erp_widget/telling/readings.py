"""Owns what a person must know of texts that could be read otherwise: bounds, and dates."""

from __future__ import annotations

from collections.abc import Iterator

from erp_widget import words
from erp_widget.sources import Table
from vizmodel.profile.reading.casts import TEXTS_ARE_NUMBERS
from vizmodel.profile.reading.numerals import bounds
from vizmodel.profile.reading.times import parse_time

#: Bounds that are told, and orders of day and month that look alike up to the twelfth.
MAX_TOLD = 2
ORDERS = {"%m/%d/": "%d/%m/", "%d/%m/": "%m/%d/", "%m-%d-": "%d-%m-", "%d-%m-": "%m-%d-"}


def reading_notes(table: Table) -> Iterator[str]:
    """Yield how columns of texts were read that could be read in another way.

    Parameters
    ----------
    table
        What the charts are about.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> table = open_table({"lead": [f"0.{n}" for n in range(1, 40)] + ["<0.1"]})
    >>> list(reading_notes(table))
    ['Read bounds as the numbers that they name: lead (“<0.1”).']
    """
    for cast in table.casts:
        name = words.spoken(cast.column)
        if cast.reason == TEXTS_ARE_NUMBERS and cast.format is not None:
            found = bounds(table.texts(cast.column), cast.format)
            told = ", ".join(f"“{words.clean_name(text)}”" for text in found[:MAX_TOLD])
            if told:
                yield f"Read bounds as the numbers that they name: {name} ({told})."
        start = (cast.format or "")[:6]
        if cast.to == "time" and start in ORDERS:
            other = ORDERS[start] + (cast.format or "")[6:]
            if all(parse_time(text, other) for text in table.texts(cast.column)):
                first, second = ("day", "month") if start.startswith("%d") else ("month", "day")
                yield f"Read {first} before {second}, though both fit the other way: {name}."
