"""Owns the charts of what a person asks about: by itself, over time, and by what tells most of it.

They are given to the search by name, so that they are there whatever the column is: a number, a yes
or no, groups or a time. A term of its own puts them before the charts of anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from vizmodel.candidates.experiments import tells_given
from vizmodel.candidates.kind import ChartKind, Told
from vizmodel.candidates.layout_charts import tells_layout
from vizmodel.candidates.plain_forms import explained_by, is_measure, set_out, spread_of
from vizmodel.candidates.record_charts import SPANS, adds_up, tells_records
from vizmodel.design import Design, Transform
from vizmodel.grammar.legality import first_legal
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import MAX_ENDS
from vizmodel.tokens import Part, make_design
from vizmodel.worth.alike import like_columns, settled_pairs
from vizmodel.worth.interest import COPY, strengths

#: Columns asked about that have charts by name, times that each runs along, and others beside it.
MAX_ASKED, MAX_TIMES, MAX_BESIDE = 3, 2, 6
#: What each further column counts of the one before it.
LESS = 0.5
#: What it counts how a column is spread and runs in time, beside what it is by each of the others;
#: the latter of groups, which hardly anything that was learned is about. What any other chart
#: counts that shows it.
FIRST, GROUPS_IN_TIME, SHOWN = 1.3, 2.0, 0.3
#: Most lines of a chart.
MAX_LINES = 8


def about_charts(profile: Profile) -> Iterator[Told]:
    """Yield the charts of what a person asks about, which are legal; none where nobody has said.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation: for each column how it is spread, its course in time, and what it
        is by each of the columns that tell most of it; those of columns named later count less.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"age": [20 + n % 40 for n in range(60)], "sex": ["f", "m", "m"] * 20}
    >>> profile = profile_table(pa.table(table | {"wage": [9.5 + n * 7 % 31 for n in range(60)]}))
    >>> [(d.mark, d.fields) for d, _ in about_charts(profile.asking(["wage"]))]
    [('bar', ('wage',)), ('point', ('age', 'wage')), ('boxplot', ('sex', 'wage'))]
    >>> list(about_charts(profile))
    []
    """
    for at, name in enumerate((profile.asked or ())[:MAX_ASKED]):
        told = _of_column(profile, profile.column(name))
        yield from ((design, worth * LESS**at) for design, worth in told)


ABOUT = ChartKind("about", about_charts)


def tells_about(design: Design, profile: Profile) -> float:
    """Return how much a chart tells of what a person asks about, 0 to 1.

    Those given by name do, and what records, experiments and layouts are asked for wherever it
    shows the column; less for columns named later.
    """
    if not profile.asked:
        return 0.0
    named = ABOUT.tells(design, profile)
    shown = (LESS**at for at, name in enumerate(profile.asked) if name in design.fields)
    most = max(shown, default=0.0)
    whole = any(t(design, profile) > 0 for t in (tells_records, tells_given, tells_layout))
    return max(named, most * (1.0 if most and whole else SHOWN))


def answers(design: Design, profile: Profile) -> bool:
    """Whether a chart is one of those of what is asked: that there is no relation is an answer."""
    return bool(profile.asked) and ABOUT.tells(design, profile) > 0


def _of_column(profile: Profile, asked: ColumnProfile) -> Iterator[Told]:
    alone = _course(profile, asked, None) if asked.kind == "time" else _spread(profile, asked)
    times = [c for c in profile.own_columns if c.is_time and c.usable and c is not asked]
    worth = FIRST if is_measure(asked) else GROUPS_IN_TIME
    courses = [(_course(profile, time, asked), worth) for time in times[:MAX_TIMES]]
    first = ((first_legal(forms, profile), worth) for forms, worth in [(alone, FIRST), *courses])
    yield from ((design, worth) for design, worth in first if design is not None)
    others = (first_legal(_beside(profile, asked, c), profile) for c in _telling(profile, asked))
    yield from ((design, 1.0) for design in islice(filter(None, others), MAX_BESIDE))


def _telling(profile: Profile, asked: ColumnProfile) -> Iterator[ColumnProfile]:
    """Yield the columns that say most of one, the strongest first; none says what another does."""
    at, ties, alike = profile.index(asked.name), strengths(profile), like_columns(profile)
    settled = settled_pairs(profile)[at]
    told = {alike.get(asked.name, asked.name)}
    for column in sorted(profile.own_columns, key=lambda c: -ties[at, profile.index(c.name)]):
        place, stands_for = profile.index(column.name), alike.get(column.name, column.name)
        copied = bool(settled[place]) or ties[at, place] >= COPY or stands_for in told
        if column.usable and column.kind != "time" and not copied:
            told.add(stands_for)
            yield column


def _spread(profile: Profile, asked: ColumnProfile) -> Iterator[Design]:
    """Yield how a column is spread; of counted cells, how many there are of each group."""
    for count in sorted(profile.counted - {asked.name}):
        yield make_design("bar", profile, ("x", asked.name, "category"), ("y", count, "sum"))
    yield spread_of(profile, asked)
    yield make_design("bar", profile, ("x", asked.name, "category"), ("y", None, "count"))


def _course(profile: Profile, time: ColumnProfile, shown: ColumnProfile | None) -> Iterator[Design]:
    """Yield forms of a course in time: of the number of rows, of a number, or of groups.

    Dates that are years or months already go on as they are.
    """
    if shown is not None and is_measure(shown):
        value: Part = ("y", shown.name, "value")
        yield make_design("line", profile, ("x", time.name, "value"), value)
    unit: Transform = next((u for u, days in SPANS if time.span_days >= days), "value")
    for how in dict.fromkeys((unit, "value")):
        along: Part = ("x", time.name, how)
        rows: Part = ("y", None, "count")
        if shown is None:
            yield make_design("line", profile, along, rows)
        elif is_measure(shown):
            yield make_design("line", profile, along, _summary(profile, shown))
        elif shown.n_distinct <= MAX_LINES:
            groups: Part = ("color", shown.name, "category")
            parts = make_design("bar", profile, along, rows, groups)
            lines = make_design("line", profile, along, rows, groups)
            yield from (parts, lines) if shown.n_distinct <= MAX_ENDS else (lines, parts)


def _beside(profile: Profile, asked: ColumnProfile, other: ColumnProfile) -> Iterator[Design]:
    """Yield forms of what is asked by one other column."""
    if asked.kind == "time":
        yield from _course(profile, asked, other)
        return
    for count in sorted(profile.counted):
        parts: list[Part] = [("x", other.name, "category"), ("y", count, "sum")]
        parts += [] if count == asked.name else [("color", asked.name, "category")]
        yield make_design("bar", profile, *parts)
    yield explained_by(profile, asked, other)
    yield set_out(profile, asked, other)
    if is_measure(asked) and is_measure(other):  # too many rows to be points
        cells: list[Part] = [("x", other.name, "bin"), ("y", asked.name, "bin")]
        yield make_design("point", profile, *cells, ("size", None, "count"))
    elif is_measure(asked) or is_measure(other):  # too many groups to be boxes
        groups, measure = (other, asked) if is_measure(asked) else (asked, other)
        each: Part = ("x", groups.name, "category")
        yield make_design("bar", profile, each, _summary(profile, measure))


def _summary(profile: Profile, measure: ColumnProfile) -> Part:
    """Return how much of a number there is: in all, where records add up to that; or on average."""
    how: Transform = "sum" if profile.recorded and adds_up(measure) else "mean"
    return "y", measure.name, how
