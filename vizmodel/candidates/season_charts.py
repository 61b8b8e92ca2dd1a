"""Owns charts of seasons: the weeks or months of several years, the years upon each other."""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import ChartKind, Told
from vizmodel.grammar.legality import first_legal
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.tokens import Part, make_design
from vizmodel.worth.asked import asked_chances

#: Fewest and most years whose lines are told apart, fewest parts of a year, and most measures.
MIN_YEARS, MAX_YEARS, MIN_PARTS, MAX_MEASURES = 2, 12, 4, 2
#: What each further measure counts.
LESS = 0.5


def season_charts(profile: Profile) -> Iterator[Told]:
    """Yield what was measured along the weeks or months, with a line for each year.

    Of tables with a column for the year and one for its part, which together tell the rows apart.

    Yields
    ------
    (design, worth)
        In canonical orientation, 0 to 1 for how much it is worth.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> years = [year for year in (2021, 2022, 2023) for _ in range(12)]
    >>> table = {"year": years, "month": [*range(1, 13)] * 3}
    >>> profile = profile_table(pa.table(table | {"cases": [n * 37 % 61 for n in range(36)]}))
    >>> [design.fields for design, _ in season_charts(profile)]
    [('month', 'cases', 'year')]
    """
    for key in sorted(profile.keys):
        columns = [profile.columns[at] for at in key]
        years = [c for c in columns if c.semantic == "year" and c.kind == "number"]
        parts = [c for c in columns if c not in years and _is_part(c)]
        if len(key) != 2 or not years or not parts:
            continue
        if MIN_YEARS <= years[0].n_distinct <= MAX_YEARS:
            yield from _lines(profile, years[0], parts[0])


def _lines(profile: Profile, year: ColumnProfile, part: ColumnProfile) -> Iterator[Told]:
    chances = asked_chances(profile)
    sizes = [c for c in profile.own_columns if c.is_size and c.usable and c not in (year, part)]
    sizes.sort(key=lambda c: -chances.get(c.name, 0.0))
    lines: Part = ("color", year.name, "category")
    for place, measure in enumerate(sizes[:MAX_MEASURES]):
        measured: Part = ("y", measure.name, "value")
        along: list[Part] = [("x", part.name, "value"), ("x", part.name, "category")]
        drawn = (make_design("line", profile, x, measured, lines) for x in along)
        design = first_legal(drawn, profile)
        if design is not None:
            yield design, LESS**place


def _is_part(column: ColumnProfile) -> bool:
    """Whether values are the weeks, months or days of any year."""
    named = column.calendar or column.semantic in ("month", "weekday")
    return column.usable and named and column.n_distinct >= MIN_PARTS


SEASONS = ChartKind("seasons", season_charts)
