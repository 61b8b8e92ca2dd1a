"""Owns the names of one measure over spans of time, such as returns of one, three, five years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vizmodel.patterns import late_pattern
from vizmodel.profile.words import split_name

#: Units of spans of time in some languages: words, and letters that mean other things as well.
_WORDS = (
    r"years?|yrs?|months?|mths?|mos?|weeks?|wks?|days?|hours?|hrs?|quarters?|jahre?|monate?|wochen?"
    r"|tage?|ans?|mois|jours?|semaines?|años?|mes(?:es)?|días?|ann[oi]|mes[ei]|giorn[oi]|anos?"
)
_LETTERS = "y|m|w|d|h|q|j|a"
#: A number with its unit, as a word of a name.
_SPAN = late_pattern(
    rf"(?<![^\W_])(?P<n>\d{{1,3}})[ _-]?(?P<unit>{_WORDS}|{_LETTERS})(?![^\W_])", re.IGNORECASE
)
#: What is told of spans of time: then a letter is a unit.
_OF_SPANS = late_pattern(
    r"\b(returns?|ret|perf(ormance)?|change|chg|growth|yields?|cagr|momentum|volatility|vola?"
    r"|rendite|wertentwicklung|rendements?|rentabilidad|rendimento|pct|roi|irr|drawdown)\b|%"
)
#: Fewest spans.
MIN_SPANS = 3


class Horizons(NamedTuple):
    """Columns of one measure over several spans of time.

    Parameters
    ----------
    names
        Of the columns.
    value
        What was measured, as the names say it; nothing where they are the spans alone.
    prefix, suffix
        What all names begin and end with.
    """

    names: tuple[str, ...]
    value: str
    prefix: str
    suffix: str


def horizons(names: Iterable[str]) -> Iterator[Horizons]:
    """Yield columns of one measure over several spans of time.

    Examples
    --------
    >>> next(horizons(["1y return", "3y return", "TER", "5y return"]))[:2]
    (('1y return', '3y return', '5y return'), 'return')
    >>> [one.value for one in horizons(["wind_2m", "wind_10m", "wind_50m", "q_1", "q_2", "q_3"])]
    []
    """
    groups: dict[tuple[str, str], dict[str, re.Match[str]]] = {}
    for name in names:
        found = list(_SPAN.finditer(name))
        if len(found) == 1:
            ends = name[: found[0].start()], name[found[0].end() :]
            groups.setdefault(ends, {})[name] = found[0]
    for (prefix, suffix), spans in groups.items():
        units = {span["unit"].lower() for span in spans.values()}
        letter = len(units) == 1 and len(next(iter(units))) == 1
        said = split_name(f"{prefix} {suffix}")
        told = not letter or _OF_SPANS.search(f"{said} {prefix}{suffix}") is not None
        if len(spans) >= MIN_SPANS and told:
            value = " ".join(re.sub(r"[\W_]+", " ", f"{prefix} {suffix}").split())
            unit = " (%)" if "%" in f"{prefix}{suffix}" and value else ""
            yield Horizons(tuple(spans), f"{value}{unit}", prefix, suffix)
