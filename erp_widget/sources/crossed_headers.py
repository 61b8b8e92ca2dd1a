"""Owns which headers of a pandas frame are the values of a variable, by what its levels are called.

A pivot table has one level of headers, which is called as the variable is. A frame of several
measures has more: `Close` and `Volume` above, and under each of them the same symbols.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vizmodel.profile import Crossed
from vizmodel.profile.layouts.crossed import MEASURES

#: Fewest values of a variable.
MIN_VALUES = 2


def crossed_headers(
    columns: Sequence[Any], names: Sequence[str], levels: Sequence[Any]
) -> tuple[Crossed, ...]:
    """Return what a frame says of its headers: which are values of one variable.

    Parameters
    ----------
    columns
        Its headers: pairs, and longer tuples, where they have several levels.
    names
        What charts call its columns.
    levels
        What each level of the headers is called.

    Returns
    -------
    tuple of Crossed
        The likelier first: under each measure the values of the level that has most, unless it is
        called as measures are.

    Examples
    --------
    >>> pairs = [("Close", "AAPL"), ("Close", "MSFT"), ("Volume", "AAPL"), ("Volume", "MSFT")]
    >>> found = crossed_headers(pairs, [" ".join(pair) for pair in pairs], [None, "Ticker"])
    >>> [(one.key, one.measure, one.prefix) for one in found]
    [('Ticker', 'Close', 'Close '), ('Ticker', 'Volume', 'Volume ')]
    """
    named = [at for at, name in enumerate(levels) if isinstance(name, str) and name.strip()]
    if len(levels) == 1:
        return tuple(Crossed(tuple(names), levels[at]) for at in named)
    pairs = list(zip(columns, names, strict=True))
    size = {at: len({header[at] for header in columns}) for at in named}
    named.sort(key=lambda at: (MEASURES.fullmatch(levels[at]) is not None, -size[at], -at))
    return tuple(one for at in named for one in _under_each(pairs, at, levels[at]))


def _under_each(pairs: Iterable[tuple[Any, str]], at: int, key: str) -> Iterator[Crossed]:
    """Yield the columns of each measure that has several values of a level."""
    under: dict[tuple[str, str], list[str]] = defaultdict(list)
    for header, name in pairs:
        texts = [str(part) for part in header]
        before, after = (" ".join(filter(None, some)) for some in (texts[:at], texts[at + 1 :]))
        # A column that was the index has no value, and one that is there twice another name.
        if texts[at] and name == " ".join(filter(None, (before, texts[at], after))):
            under[before, after].append(name)
    for (before, after), members in under.items():
        measure = " ".join(filter(None, (before, after)))
        if len(members) >= MIN_VALUES and measure:
            ends = f"{before} " if before else "", f" {after}" if after else ""
            yield Crossed(tuple(members), key, measure, *ends)
