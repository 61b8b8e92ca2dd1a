"""Owns tables whose maker says that headers are the values of a variable: pivot and cross tables.

Headers of two levels hold several measures of the same things, such as the prices of each day of
several shares: of each measure the columns of all things are gathered.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from vizmodel.dataclass import dataclass
from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.slices import TOTAL_LEVEL
from vizmodel.seen_rows import Fold, FoldKind, free_name

#: Fewest and most things that a measure is told of, and share of the measures that tell of all.
MIN_THINGS, MAX_THINGS, MOST = 2, 20, 0.6
#: Most measures of which the things are gathered.
MAX_MEASURES = 6
#: What the level of measures is called.
MEASURES = late_pattern(
    r"(price|attribute|metric|measure|variable|field|statistic|indicator|feature|figure)s?|stats?"
    r"|kpis?|values?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Crossed:
    """What a frame says of its own headers: that they are the values of one variable, or of two.

    Parameters
    ----------
    names
        Of all columns, those of other kinds among them.
    key
        What the variable is called.
    whole
        Whether the headers are its values and nothing else; else words stand before these.
    levels
        Both parts of each header; nothing where headers have one or more than two.
    called
        What each of the two is called; None where nothing.
    """

    names: tuple[str, ...]
    key: str
    whole: bool = True
    levels: tuple[tuple[str, str], ...] = ()
    called: tuple[str | None, str | None] = (None, None)


def crossed_folds(
    crossed: Crossed, columns: Sequence[ColumnProfile], taken: set[str]
) -> list[Fold]:
    """Return what is gathered of headers of two levels: the columns of all things, by measure.

    Which of the two levels is the measure is told by what it is called, else by the numbers: those
    of one measure are of one size.

    Parameters
    ----------
    crossed
        What the frame says.
    columns
        Those that may be gathered.
    taken
        Names that gathered columns cannot have.
    """
    named = [at for at in (1, 0) if crossed.called[at]]
    levels = [at for at in named if not MEASURES.fullmatch(str(crossed.called[at]))] or named
    found = [(groups, at) for at in levels if (groups := _groups(crossed, columns, at))]
    if not found:
        return []
    groups, at = min(found, key=lambda one: _unlike(one[0].values()))
    folds: list[Fold] = []
    for measure, members in list(groups.items())[:MAX_MEASURES]:
        names = taken.union(*(fold.pair for fold in folds))
        folds.append(_fold(crossed, measure, [c.name for c in members], at, names))
    return folds


#: A measure -> its columns.
Groups = dict[str, list[ColumnProfile]]


def _groups(crossed: Crossed, columns: Sequence[ColumnProfile], at: int) -> Groups:
    """Return the columns of each measure if one level are things; none if hardly any repeats."""
    header = dict(zip(crossed.names, crossed.levels, strict=True))
    groups: Groups = defaultdict(list)
    things: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        pair = header.get(column.name)
        if pair is not None and all(pair) and not TOTAL_LEVEL.search(pair[at]):
            groups[pair[1 - at]].append(column)
            things[pair[1 - at]].add(pair[at])
    every = set().union(*things.values())
    whole = [name for name in groups if len(things[name]) >= MOST * len(every)]
    if not MIN_THINGS <= len(every) <= MAX_THINGS or len(whole) < MOST * len(groups):
        return {}
    return {name: groups[name] for name in whole if len(things[name]) >= MIN_THINGS}


def _unlike(groups: Iterable[Sequence[ColumnProfile]]) -> float:
    """Return how many times the largest mean of a group is the smallest, at most."""
    means = ([abs(column.mean) for column in members] for members in groups)
    return max(max(some) / min(some) if min(some) > 0 else math.inf for some in means)


def _fold(crossed: Crossed, measure: str, names: list[str], at: int, taken: set[str]) -> Fold:
    header = dict(zip(crossed.names, crossed.levels, strict=True))
    # As names are made of their parts; a name that came twice is told apart at its end.
    prefix, suffix = (f"{measure} ", "") if at else ("", f" {measure}")
    plain = all(name == f"{prefix}{header[name][at]}{suffix}" for name in names)
    labels = [header[name][at] for name in names]
    kind: FoldKind = "integer" if plain and all(map(str.isdecimal, labels)) else "text"
    key = free_name(str(crossed.called[at]), taken)
    value = free_name(measure, taken | {key})
    return Fold(tuple(names), key, value, kind, *((prefix, suffix) if plain else ("", "")))
