"""Owns the bars of the largest rows of a wide table whose rows have names: who is first in what.

Of a list of lands, players or firms readers ask that before any relation.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from vizmodel.candidates.kind import ChartKind, Told
from vizmodel.design import Design
from vizmodel.grammar.largest import has_leaders, shows_largest
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.tokens import Part, make_design
from vizmodel.worth.outcomes import asked_about

#: Share of the rows up to which, or from which, a column rises: the table is sorted by it.
SORTED = 0.04


def leader_charts(profile: Profile) -> Iterator[Told]:
    """Yield bars of the rows with the largest values of the number that matters most.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        One in canonical orientation; none where no text names the rows, or few enough rows to have
        a bar each.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> ends = ("ona", "ellen", "erg", "orf", "u")
    >>> table = {"town": [f"{start}{end}" for start in "BDFGKLM" for end in ends]}
    >>> table |= {f"c{i}": [n * (7 + i) % 31 + 0.5 for n in range(35)] for i in range(4)}
    >>> table["people"] = sorted(n**3 for n in range(35))
    >>> [design.fields for design, _ in leader_charts(profile_table(pa.table(table)))]
    [('town', 'people')]
    """
    if profile.shaped or profile.recorded or profile.named is None:
        return
    names: Part = ("x", profile.named, "category")
    values: Iterator[Part] = (("y", column.name, "value") for column in _that_matter(profile))
    bars = (make_design("bar", profile, names, value) for value in values)
    bars = (one for one in bars if shows_largest(one, profile))
    yield from ((one, 1.0) for one in islice(bars, 1))


LEADERS = ChartKind("leaders", leader_charts)


def tells_further_leaders(design: Design, profile: Profile) -> bool:
    """Whether a chart of a wide table shows who is first in what matters less."""
    wide = not profile.shaped and shows_largest(design, profile)
    return wide and not LEADERS.tells(design, profile)


def _that_matter(profile: Profile) -> list[ColumnProfile]:
    """Return the measures that a table is sorted by, then those that it asks about.

    Of times side by side none matters more than the others.
    """
    like = {name for fold in profile.folds for name in fold.columns}
    sizes = [c for c in profile.own_columns if c.is_size and c.usable and has_leaders(c)]
    sizes = [c for c in sizes if c.name not in like]
    by = [c for c in sizes if not SORTED < c.monotonic < 1 - SORTED]
    return list(dict.fromkeys((*by[:1], *(c for c in asked_about(profile) if c in sizes))))
