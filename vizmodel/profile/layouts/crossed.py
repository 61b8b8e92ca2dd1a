"""Owns what a frame says of its own headers: that they are the values of one variable."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.common_ends import shared_ends
from vizmodel.profile.layouts.header_words import words_of
from vizmodel.profile.layouts.headers import (
    Header,
    counted_headers,
    read_headers,
)
from vizmodel.profile.layouts.ratings import rating_items
from vizmodel.profile.layouts.slices import TOTAL_LEVEL
from vizmodel.profile.layouts.visits import repeated
from vizmodel.profile.relations.prices import ROLES, Prices

#: What levels of headers are called that hold several measures.
MEASURES = late_pattern(
    r"(price|attribute|metric|measure|variable|field|statistic|indicator|feature|figure)s?|stats?"
    r"|kpis?|values?|kennzahl(en)?|indicateurs?|indicador(es)?",
    re.IGNORECASE,
)
#: What the things are called of which prices are told, and what is bid and asked for one of them.
SYMBOL, QUOTES, SIDES = "symbol", "quote", frozenset(("bid", "ask", "mid", "last", "mark"))
#: Most times that the middle of one kind of numbers may exceed that of another kind.
MAX_KINDS_RATIO = 30.0


class Crossed(Struct, frozen=True):
    """Headers of a frame that are the values of one variable, for one measure.

    A pivot table and a cross table say so, and so does a frame of several measures of each.

    Parameters
    ----------
    names
        Of the columns; where nothing is said of what is measured, all of the frame, those of other
        kinds among them.
    key
        What the variable is called.
    measure
        What is measured, as the frame has it beside each value; None where it says nothing of it.
    prefix, suffix
        What stands before and behind the values in the names.
    """

    names: tuple[str, ...]
    key: str
    measure: str | None = None
    prefix: str = ""
    suffix: str = ""

    def label(self, name: str) -> str:
        """Return the value that a header has."""
        return name[len(self.prefix) : len(name) - len(self.suffix)]

    def header(self, columns: Sequence[ColumnProfile]) -> Header:
        """Return what the headers of some columns are, which are no totals of the others."""
        members = [c.name for c in columns if c.name in self.names]
        members = [name for name in members if not TOTAL_LEVEL.search(self.label(name))]
        read = read_headers(tuple(map(self.label, members)), ()) if members else None
        if read is None or read.evidence != "time" or read.prefix or read.suffix:
            read = Header(frozenset(), "", "", evidence="told")
        return replace(
            read,
            names=frozenset(members),
            key=self.key,
            value=self.measure or "value",
            prefix=self.prefix,
            suffix=self.suffix,
        )


def measured_headers(
    columns: Sequence[ColumnProfile], crossed: Sequence[Crossed], prices: Sequence[Prices]
) -> list[Header]:
    """Return the columns of each measure of a frame that has them for each value of a variable.

    Parameters
    ----------
    columns
        Those that may be gathered.
    crossed
        What the frame says; where it says nothing, names of prices say it.
    prices
        Columns that hold the prices of days; their course comes first, which stands for the others.
    """
    courses = {one.course for one in prices}
    told = [one for one in crossed if one.measure is not None] or _of_prices(prices)
    found = [one.header(columns) for one in told]
    return sorted(found, key=lambda header: not courses.intersection(header.names))


def repeated_headers(
    columns: Sequence[ColumnProfile], numbers: Sequence[ColumnProfile]
) -> list[Header]:
    """Return several measures that were each taken as often of each subject, as numbers alone say.

    What sensors tell over time is no such thing. The rows have to be of a few groups, as those of
    experiments are, and things that are numbered as well or the items of a questionnaire are none
    of this.

    Parameters
    ----------
    columns
        Of the table.
    numbers
        Those that may be gathered.
    """
    if any(column.is_time or column.counts_rows for column in columns):
        return []
    taken = repeated([column.name for column in columns])
    told = {name for one in taken for name in one.names}
    things = told.difference(column.name for column in numbers)
    if things or rating_items(columns) or not any(c.has_few_groups for c in columns):
        return []
    return [*map(counted_headers, taken)]


def _of_prices(prices: Sequence[Prices]) -> list[Crossed]:
    """Return what names say of the prices of several things, as a file has them of such a frame."""
    found = []
    for role in ROLES:
        names = [name for one in prices if (name := getattr(one, role)) is not None]
        if len(names) == len(prices) > 1:
            prefix, suffix = shared_ends(names)
            measure = words_of(prefix) or words_of(suffix)
            labels = {name[len(prefix) : len(name) - len(suffix)].lower() for name in names}
            key = QUOTES if labels <= SIDES else SYMBOL
            if measure and all(labels):
                found.append(Crossed(tuple(names), key, measure, prefix, suffix))
    return found


def are_of_other_kinds(members: Sequence[ColumnProfile]) -> bool:
    """Whether columns are different measures, whatever is said of them: of other kinds and sizes.

    Counts of towns and villages are both whole numbers, and percentages are neither.
    """
    kinds: dict[tuple[object, ...], list[float]] = {}
    for c in members:
        sizes = kinds.setdefault((c.semantic == "percent", c.unit, c.integer), [])
        sizes.append(max(abs(c.quantiles[1]), abs(c.quantiles[3])))
    middles = [float(np.median(sizes)) for sizes in kinds.values()]
    return len(kinds) > 1 and max(middles, default=0.0) > MAX_KINDS_RATIO * min(middles)
