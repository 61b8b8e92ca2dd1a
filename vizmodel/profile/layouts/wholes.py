"""Owns which rows of countries are those of many together, such as the world or a continent.

Beside countries their bars and boxes dwarf all others, and what is added up counts each country
twice or more. So a table is read without them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from vizmodel.design import Held
from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.measures import Part
from vizmodel.profile.reading.arrays import from_numbers
from vizmodel.profile.reading.values import ColumnValues

#: What all countries are together.
_WORLD = late_pattern(
    r"(the )?world( total)?|wld|owid_wrl|global( total)?|welt|monde|mundo|mondo", re.IGNORECASE
)
#: Parts of the world, and countries that have something in common, as statistics call them.
_MANY = late_pattern(
    r"(?!south africa$)((sub-saharan|north(ern)?|south(ern)?|east(ern)?|west(ern)?|central|latin"
    r"|middle) )*"
    r"(africa|asia|europe|americas?|oceania|east)"
    r"(,? (and|&) (the )?(central asia|pacific|caribbean|north africa|oceania|america))?"
    r"( \((?!.*republic).*\))?"
    r"|(the )?(european union|euro ?area|eurozone|eu[ -]?\d*|oecd|g7|g20|asean|brics)\b.*"
    r"|(low(er)?|upper|middle|high)([ -](and|&)?[ -]?(low(er)?|upper|middle|high))*[ -]income\b.*"
    r"|(least|less|more) developed\b.*|arab world|(small|caribbean small|pacific island) states\b.*"
    r"|.*\b(ida|ibrd)\b.*|.*demographic dividend",
    re.IGNORECASE,
)
#: Fewest countries beside them, and columns of a table that nobody shaped for one chart.
MIN_COUNTRIES, MIN_COLUMNS = 8, 4


def find_wholes(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[Held, ...]:
    """Return the levels of countries that stand for many together, as what is not shown of them.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of Held
        None where the world is not among them, or a table is narrow.
    """
    if len(columns) < MIN_COLUMNS:
        return ()
    for column, cells in zip(columns, values, strict=True):
        if not column.usable or column.kind != "text" or column.n_distinct <= MIN_COUNTRIES:
            continue
        if not any(_WORLD.fullmatch(label) for label in cells.labels):
            continue
        many = [label for label in cells.labels if _stands_for_many(label)]
        if len(cells.labels) - len(many) >= MIN_COUNTRIES:
            return tuple(Held(column.name, label, but=True) for label in many)
    return ()


def _stands_for_many(label: str) -> bool:
    return bool(_WORLD.fullmatch(label) or _MANY.fullmatch(label))


def part_without(
    sample: pa.Table, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Part | None:
    """Return the rows of single countries; None where a table has no others."""
    held = find_wholes(columns, values)
    if not held:
        return None
    cells = values[next(at for at, one in enumerate(columns) if one.name == held[0].column)]
    many = [cells.labels.index(str(one.level)) for one in held]
    single = np.flatnonzero(~np.isin(cells.codes, many))
    return Part(held, sample.take(from_numbers(single)), {})
