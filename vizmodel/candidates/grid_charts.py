"""Owns the heat maps of tables in which each combination of two or three factors was tried out.

Settings of a program, of a model or of a machine: which of them go together best is seen in cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from vizmodel.candidates.kind import Told
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.layouts.factors import is_given
from vizmodel.tokens import Part, make_design
from vizmodel.worth.outcomes import asked_about

#: Share of all combinations that are there at least, and fewest levels along an axis.
MIN_FILLED, MIN_ALONG = 0.8, 3
#: Most panels, and measures of which the first counts whole.
MAX_PANELS, MAX_MEASURES = 6, 4
#: What each further measure counts.
LESS = 0.5


def grid_charts(profile: Profile) -> Iterator[Told]:
    """Yield cells of what was measured for each two factors, in panels of a third.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation, 0 to 1 for how much it is worth; which need not be legal.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"rate": [0.1, 0.3, 1.0, 3.0] * 4, "n": [n for n in (1, 2, 4, 8) for _ in "abcd"]}
    >>> profile = profile_table(pa.table(table | {"score": [n * 7 % 16 / 9 for n in range(16)]}))
    >>> [design.fields for design, _ in grid_charts(profile)]
    [('rate', 'n', 'score')]
    """
    factors = grid_factors(profile)
    if not factors:
        return
    *panel, along, other = _placed(factors)
    places: list[Part] = [("x", along.name, "category"), ("y", other.name, "category")]
    panels: list[Part] = [("column", column.name, "category") for column in panel]
    lines = _lines(factors)
    for at, measure in enumerate(_measures(profile, factors)):
        worth = LESS**at
        if lines:
            x, *others = lines
            yield make_design("line", profile, x, ("y", measure, "value"), *others), worth
        cells: Part = ("color", measure, "value")
        yield make_design("rect", profile, *places, cells, *panels), worth * (LESS if lines else 1)


@once_per_profile
def grid_factors(profile: Profile) -> tuple[ColumnProfile, ...]:
    """Return the columns whose levels were all tried out together, once each; none where none."""
    for key in sorted(profile.keys, key=lambda key: (len(key), key)):
        columns = tuple(profile.columns[at] for at in key)
        filled = profile.n_rows >= MIN_FILLED * prod(c.n_distinct for c in columns)
        along = sum(column.n_distinct >= MIN_ALONG for column in columns)
        if not filled or along < 2 or not all(map(_is_factor, columns)):
            continue
        # Of regions and products sums are asked, of settings in numbers what they do together.
        n_set = sum(column.kind == "number" and is_given(column) for column in columns)
        if n_set >= (2 if profile.shaped else 1):
            return columns
    return ()


def _lines(factors: Sequence[ColumnProfile]) -> list[Part]:
    """Return where lines run: along the one factor that grows by steps, one for each other level.

    How long each algorithm takes for more and more is seen in lines; two sizes are a map.
    """
    sizes = [column for column in factors if column.geometric > 0]
    named = sorted((c for c in factors if c.kind == "text"), key=lambda c: -c.n_distinct)
    if len(sizes) != 1 or len(named) != len(factors) - 1 or sizes[0].n_distinct < MIN_ALONG:
        return []
    first, *rest = named
    panels: list[Part] = [("column", column.name, "category") for column in rest]
    return [("x", sizes[0].name, "value"), ("color", first.name, "category"), *panels]


def _is_factor(column: ColumnProfile) -> bool:
    times = column.is_time or column.calendar or column.semantic in ("month", "weekday")
    return column.usable and not times and 2 <= column.n_distinct <= MAX_CATEGORIES


def _placed(factors: tuple[ColumnProfile, ...]) -> list[ColumnProfile]:
    """Return the factor that panels are of, if there is a third, and those of the axes.

    Names are in panels rather than what has an order, few levels rather than many.
    """
    panels = sorted(factors, key=lambda c: (c.ordered, c.n_distinct))
    panel = panels[: len(factors) - 2]
    return [*panel, *(column for column in factors if column not in panel)]


def _measures(profile: Profile, factors: tuple[ColumnProfile, ...]) -> list[str]:
    """Return what was measured, what is asked about first; of trials what came of them."""
    if profile.trials is not None:
        return list(profile.trials.results[:MAX_MEASURES])
    asked = asked_about(profile)
    sizes = [c for c in profile.own_columns if c.is_size and c.usable and c not in factors]
    return [c.name for c in sorted(sizes, key=lambda c: c not in asked)][:MAX_MEASURES]
