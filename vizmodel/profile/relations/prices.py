"""Owns which columns are the prices of a day: the first, the highest, the lowest and the last.

Such four follow each other so closely that each says nearly what the others say. The last of them
stands for all: its course is what a table of prices is looked at for. How far prices went, and
whether they rose or fell within the day, takes all four in one mark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.ranges import Range
from vizmodel.profile.words import split_name

#: What each column of a day of trade is called; what is adjusted is looked for first.
ROLES: dict[str, re.Pattern[str]] = {
    role: late_pattern(rf"\b({words})\b")
    for role, words in {
        "adjusted": r"adj(usted)?( clos(e|ing))?|clos(e|ing) adj(usted)?|bereinigt(er schluss)?",
        "open": r"open(ing)?|eröffnung(skurs)?|erster?|ouverture|apertura|abertura|otwarcie"
        r"|opening|öppning|åbning|открытие|otevření|açılış|始値|开盘价?|開盤",
        "high": r"high(est)?|hoch|höchst(er|kurs)?|tageshoch|(plus )?haut|m[aá]xim[oa]|massimo"
        r"|max|najwy[zż]szy|hoog|högst|maximum|максимум|yüksek|高値|最高价?",
        "low": r"low(est)?|tief|tiefst(er|kurs)?|tagestief|plus bas|bas|m[ií]nim[oa]|minimo|min"
        r"|najni[zż]szy|laag|lägst|minimum|минимум|düşük|安値|最低价?",
        "close": r"clos(e|ing)|close last|last|settle(ment)?|schluss(kurs)?|letzter?|cl[oô]ture"
        r"|dernier|cierre|[uú]ltim[oa]|chiusura|fechamento|zamkni[eę]cie|slot|stängning|senast"
        r"|закрытие|kapanış|終値|收盘价?|收盤",
        "volume": r"vol(ume)?s?|volumen|wolumen|volym|stücke|umsatz|qty|hacim|объ[её]м|出来高"
        r"|成交量|quotes? volume|base volume",
    }.items()
}
#: The same as one letter, and prices without a word of when; only where nothing is beside them.
LETTERS = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume", "price": "close"}
#: What no other last value of a row is called: beside the least and the greatest only these tell.
CLOSING = late_pattern(r"\b(clos(e|ing)|schluss(kurs)?|cl[oô]ture|cierre|chiusura|fechamento)\b")
#: Words beside the others that say nothing, and numbers that a source puts before each name.
SILENT = late_pattern(r"^\d+[a-z]?\b|\b(prices?|kurs|preis|prix|precio|prezzo|preço|cena)\b")
#: Fewest days, and share of them of which the prices must lie between the lowest and the highest;
#: part of a price that rounding may take off.
MIN_DAYS, NEARLY_ALL, ROUNDED = 3, 0.95, 1e-3
#: How many times the last price is the adjusted one, as few dividends of some years bring about.
SPLIT = 1.5
#: Most things of which one table holds prices side by side.
MAX_PRICES = 60


class Prices(Struct, frozen=True):
    """Columns that hold the prices of one thing, day by day or of another time.

    Parameters
    ----------
    high, low, close
        Names of the highest, the lowest and the last price.
    open
        The first price; None where it is not told.
    adjusted
        The last price as it would be without splits and dividends; None where it is not told.
    volume
        How much was traded; None where it is not told.
    split
        Whether the last price jumps where shares were split, which the adjusted one does not.

    Examples
    --------
    >>> Prices("High", "Low", "Close", adjusted="Adj Close").course
    'Close'
    """

    high: str
    low: str
    close: str
    open: str | None = None
    adjusted: str | None = None
    volume: str | None = None
    split: bool = False

    @property
    def course(self) -> str:
        """The price whose course stands for all: the last one, adjusted where shares were split."""
        return self.adjusted if self.adjusted is not None and self.split else self.close

    @property
    def levels(self) -> tuple[str, ...]:
        """All that are prices, each of which says nearly what the others say."""
        every = (self.open, self.high, self.low, self.close, self.adjusted)
        return tuple(name for name in every if name is not None)

    @property
    def range(self) -> Range:
        """From the lowest to the highest price, around the last one."""
        return Range(self.low, self.high, self.close)

    def role(self, name: str) -> str | None:
        """Return what a column is of these; None where it is none of them.

        Examples
        --------
        >>> Prices("High", "Low", "Close").role("Low")
        'low'
        """
        return next((one for one in self.__struct_fields__ if getattr(self, one) == name), None)


def find_prices(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Prices, ...]:
    """Find the columns that are the prices of days, by their names and by what they hold.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of Prices
        One for each thing of which prices are told, in the table's order; at most 60.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> prices = {"low": [1.0, 2.0, 2.5], "high": [2.0, 3.5, 4.0], "close": [1.5, 3.0, 3.5]}
    >>> [one.course for one in profile_table(pa.table(prices)).prices]
    ['close']
    """
    sizes = {c.name: at for at, c in enumerate(columns) if c.kind == "number"}
    named: dict[str, dict[str, str]] = {}
    for name in sizes:
        for of, role in _said(name):
            named.setdefault(of, {}).setdefault(role, name)
    whole = [one for one in named.values() if _are_told(one)]
    found = []
    for one in whole[:MAX_PRICES]:
        known = {role: values[sizes[name]] for role, name in one.items()}
        if _go_together(known):
            told = one if len(whole) > 1 else one | _volume(named)
            # One that holds the same as another is drawn no more.
            idle = {role for role, name in told.items() if not columns[sizes[name]].usable}
            left = told.keys() - (idle & {"adjusted", "volume"})
            split = "adjusted" in known and _splits(known["close"], known["adjusted"])
            found.append(Prices(**{role: told[role] for role in left}, split=split))
    return tuple(found)


def _are_told(named: Mapping[str, str]) -> bool:
    """Whether names say that columns are prices: the last of some readings closes nothing."""
    if not {"high", "low", "close"} <= named.keys():
        return False
    return "open" in named or CLOSING.search(split_name(named["close"])) is not None


def _said(name: str) -> Iterator[tuple[str, str]]:
    """Yield of what a column is a price, in words, and which; nothing where its name says none."""
    text = split_name(name)
    if text in LETTERS:
        yield "", LETTERS[text]
        return
    roles = [(role, found) for role, said in ROLES.items() if (found := said.search(text))]
    # What is closed and adjusted is found twice.
    roles = roles[:1] if roles and roles[0][0] == "adjusted" else roles
    if len(roles) == 1:
        role, found = roles[0]
        rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
        yield " ".join(SILENT.sub(" ", rest).split()), role


def _volume(named: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return how much was traded, whatever its unit is: there is one thing with prices."""
    traded = [one["volume"] for one in named.values() if "volume" in one]
    return {"volume": traded[0]} if traded else {}


def _go_together(known: Mapping[str, ColumnValues]) -> bool:
    """Whether prices lie between the lowest and the highest of their day, nearly everywhere."""
    low, high = known["low"].sizes, known["high"].sizes
    inner = [known[role].sizes for role in ("open", "close") if role in known]
    told = np.isfinite([low, high, *inner]).all(axis=0)
    if told.sum() < MIN_DAYS or not (low[told] < high[told]).any() or (high[told] < 0).any():
        return False
    slack = ROUNDED * np.abs(high)
    between = [(low - slack <= one) & (one <= high + slack) for one in inner]
    return bool(np.logical_and.reduce(between)[told].mean() >= NEARLY_ALL)


def _splits(close: ColumnValues, adjusted: ColumnValues) -> bool:
    """Whether the last price is so many times the adjusted one at first that shares were split."""
    told = (close.sizes > 0) & (adjusted.sizes > 0)
    times = close.sizes[told] / adjusted.sizes[told]
    return bool(len(times) and times.max() >= SPLIT * times.min())


def with_prices(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[tuple[ColumnProfile, ...], tuple[Prices, ...]]:
    """Take prices for what nobody adds up, and return which columns they are."""
    prices = find_prices(columns, values)
    levels = {name for one in prices for name in one.levels}
    taken = (replace(c, rate=True) if c.name in levels and c.is_size else c for c in columns)
    return tuple(taken), prices


def are_of_other_roles(names: Collection[str], prices: Sequence[Prices]) -> bool:
    """Whether columns are different things of the same days, such as prices and what was traded."""
    roles = {role for one in prices for name in names if (role := one.role(name))}
    return len(roles) > 1
