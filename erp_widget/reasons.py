"""Owns why a chart is worth a look, in figures from its table's profile and its own rows."""

from __future__ import annotations

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.alt_text import measure_of
from erp_widget.correlations import FAINT, WEAK, correlations, related_columns
from erp_widget.ends import share_finding
from erp_widget.extremes import extremes
from erp_widget.figures import figure, place
from erp_widget.number_kinds import holds_shares
from erp_widget.spans import span_finding
from erp_widget.words import begun, called, channel_title, clean_name, name_of, phrase
from vizmodel.design import Design, Encoding
from vizmodel.interest import told_triple
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.clocks import CLOCKS, clock_text
from vizmodel.profile.columns import MAX_CATEGORIES

#: Share of the variation explained from which groups are said to differ, and from which it is told.
SMALL_SHARE, NO_SHARE = 0.02, 0.005
#: Cramér's V from which groups are tied, and so many of which no pair tells what all of them show.
TIED, MANY_GROUPS = 0.15, 3
#: Rows that groups have on average from which they explain anything.
MIN_GROUP = 2
#: Share of the rows from which one group is worth naming.
SMALL_GROUP = 0.02


def reason(
    design: Design,
    profile: Profile,
    terms: tuple[tuple[str, float], ...] = (),
    rows: ChartRows | None = None,
) -> str:
    """Return why a chart is worth a look, with figures from the table's own data.

    Parameters
    ----------
    design, profile
        The chart and its table.
    terms
        Named parts of its score; named only where the data itself gives no figure.
    rows
        What is drawn, for what only summaries show: where they are highest and lowest.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]}))
    >>> reason(Design("point", (Encoding("x", "a", "value", "quantitative"),
    ...                         Encoding("y", "b", "value", "quantitative"))), table)
    'b rises with a: rank correlation 1.00.'
    """
    said = _finding(design, profile, terms, rows)
    # A column's name is written as it is, also where it begins a sentence.
    named = any(e.field and said.startswith(f"{name_of(e, profile)} ") for e in design.encodings)
    return said if named else begun(said)


def _finding(
    design: Design,
    profile: Profile,
    terms: tuple[tuple[str, float], ...],
    rows: ChartRows | None,
) -> str:
    spans = None if rows is None else span_finding(design, profile, rows.records)
    if spans is not None:
        return f"{spans}."
    shares = share_finding(design, profile, rows)
    if shares is not None:
        return _sentence(shares, profile)
    # Of shares of one part all else is told by the table as a whole.
    rows = None if design.style.rate is not None else rows
    names = {column.name for column in profile.columns}
    # What the profile knows is of all rows: it says nothing of a slice.
    shown = [e for e in design.encodings if e not in (design.ends or ())[1:]]
    known = [e for e in shown if e.field in names and not design.style.where]
    related = related_columns(known, design)
    risen = correlations(related, profile, design, rows)
    effects = [*risen, *_group_effects(related, profile), *_within_groups(design, profile, related)]
    findings = effects or _ties(related, profile)
    if findings:
        finding = max(findings)
        told = None if effects else _cells(design, profile, rows, finding[0])
        told = told or _with_rows(finding, design, profile, rows, trend=finding in risen)
        return _sentence(told, profile)
    peak = _leader(design, profile, rows) or _peak(design, profile, rows)
    peak = peak or _ends(design, profile, rows) or _course(design, profile, rows)
    peak = peak or _largest_part(design, profile, rows)
    if peak is not None:
        return f"{peak}."
    if design.style.projected:
        return _sentence(_extent(design, profile), profile)
    if known:
        largest = _largest_group(design, profile, rows)
        return _sentence(_shape(profile.column(str(known[0].field)), largest), profile)
    strongest = max(terms, key=lambda term: term[1], default=("network", 0.0))[0]
    return f"An overview of all {profile.n_rows:,} rows, chosen for its {strongest}."


def _with_rows(
    finding: tuple[float, str],
    design: Design,
    profile: Profile,
    rows: ChartRows | None,
    *,
    trend: bool,
) -> str:
    """Return what the whole table tells of a chart together with what is drawn."""
    strength, said = finding
    first = _ends(design, profile, rows)
    if first is None and strength < (WEAK if trend else FAINT):
        # What goes up and down again has no trend, but a top and a bottom.
        first = _waves(design, profile, rows)
        if first and strength >= FAINT:
            return first
    first = first or _largest_part(design, profile, rows)
    return f"{first}; {said}" if first else said


def _cells(design: Design, profile: Profile, rows: ChartRows | None, tie: float) -> str | None:
    """Say where a measure of several groups is largest, where no tie between them is worth telling.

    That two groups are independent is no reason to look at what is measured in each of them.
    """
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if rows is None or measure is None or tie >= TIED or not all(e.discrete for e in keys):
        return None
    if measure.aggregate == "count" and len({e.field for e in keys}) < MANY_GROUPS:
        return None
    found = extremes(rows, measure, keys, profile)
    return (
        None if found is None or found.most == found.least else found.said(phrase(measure, profile))
    )


def _waves(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a number over time is highest and lowest."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    timed = any(e.field and profile.column(e.field).is_time and not e.discrete for e in keys)
    if rows is None or measure is None or not timed or profile.approximate:
        return None
    found = extremes(rows, measure, [e for e in keys if e.channel != "size"], profile)
    if found is None or found.most == found.least:
        return None
    return found.said(channel_title(measure, profile))


def _largest_part(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say which part of a whole is the largest, and how large."""
    measure = measure_of(design)
    if design.mark != "arc" or rows is None or measure is None or measure.aggregate != "sum":
        return None
    whole = sum(record[measure.channel] for record in rows.records)
    if not whole > 0:
        return None
    first = max(rows.records, key=lambda record: record[measure.channel])
    keys = [e for e in design.encodings if e is not measure]
    share = first[measure.channel] / whole
    named = place(first, keys, profile)
    return f"the largest part of {phrase(measure, profile)} is {named}: {share:.0%}"


def _sentence(text: str, profile: Profile) -> str:
    said = f"{text}{' (from a sample)' if profile.approximate else ''}"
    # A name may end a sentence by itself, as that of a question does.
    return said if said.endswith(("?", "!", ".")) else f"{said}."


def _pairs(first: list[Encoding], second: list[Encoding]) -> list[tuple[str, str]]:
    found = [(str(a.field), str(b.field)) for a in first for b in second if a.field != b.field]
    return list(dict.fromkeys(found))


def _group_effects(known: list[Encoding], profile: Profile) -> list[tuple[float, str]]:
    # Longer lists have no statistics of pairs, and groups of single rows explain nothing.
    groups = [e for e in known if e.discrete and _has_groups(profile.column(str(e.field)))]
    measures = [
        e
        for e in known
        if not e.discrete
        and profile.column(str(e.field)).kind == "number"
        # How many there are of a group is no property of it that others explain.
        and e.field not in profile.counted
    ]
    found = []
    for measure in dict.fromkeys(str(e.field) for e in measures):
        names = [group for group, of in _pairs(groups, measures) if of == measure]
        shares = {group: _explained(group, measure, profile) for group in names}
        if shares:
            found.append(
                (max(shares.values()) ** 0.5, _effect_text(shares, called(measure, profile)))
            )
    return found


def _explained(group: str, measure: str, profile: Profile) -> float:
    """Return the share that groups explain of the rows that are of one; the profile's is of all."""
    filled = 1 - profile.column(group).null_share
    return min(1.0, profile.pair(group, measure, "eta_squared") / max(filled, 1e-9))


def _effect_text(shares: dict[str, float], measure: str) -> str:
    """Say how much groups explain of a measure, the strongest first."""
    ranked = sorted(shares, key=lambda group: -shares[group])
    first, *others = [clean_name(group) for group in ranked]
    largest, *smaller = [shares[group] for group in ranked]
    if largest < SMALL_SHARE:
        told = f"{largest:.1%}" if largest >= NO_SHARE / 5 else "hardly anything"
        return f"{measure} differs little between groups of {first} ({told} explained)"
    text = f"{first} explains {largest:.0%} of the variation in {measure}"
    said = [
        f"{name} {share:.0%}" if share >= NO_SHARE else f"{name} hardly any"
        for name, share in zip(others, smaller, strict=True)
    ]
    return f"{text}, {' and '.join(said)}" if said else text


def _has_groups(column: ColumnProfile) -> bool:
    return column.n_distinct <= min(MAX_CATEGORIES, column.n_present / MIN_GROUP)


def _within_groups(
    design: Design, profile: Profile, related: list[Encoding]
) -> list[tuple[float, str]]:
    triple = told_triple(design, profile) if related else None
    if triple is None:
        return []
    x, y, group = (called(name, profile) for name in (triple.x, triple.y, triple.group))
    share = f"{triple.strength**2:.0%} of the variation in {y}"
    return [(triple.strength, f"{x} and {group} together explain {share}, more than either alone")]


def _ties(known: list[Encoding], profile: Profile) -> list[tuple[float, str]]:
    groups = [e for e in known if e.discrete]
    found = []
    for at, first in enumerate(groups):
        for second in groups[at + 1 :]:
            value = profile.pair(str(first.field), str(second.field), "cramers_v")
            if first.field == second.field or value <= 0:
                continue
            names = f"{name_of(first)} and {name_of(second)}"
            found.append((value, f"{names} {_tie(value)}: Cramér's V {value:.2f}"))
    return found


def _tie(value: float) -> str:
    if value >= 0.5:
        return "are closely tied"
    return "are tied" if value >= TIED else "are nearly independent"


def _leader(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say which of ranked groups is the largest, and how much of the whole it has."""
    measure = measure_of(design)
    if design.style.top is None or rows is None or measure is None or not rows.records:
        return None
    group = next(e for e in design.encodings if e is not measure)
    first = rows.records[0]
    value = first[measure.channel]
    n_groups = len(rows.records) + rows.records[-1].get("others", 1) - 1
    said = f"of {n_groups:,} values of {name_of(group)} {place(first, [group], profile)} has the"
    most = "" if measure.aggregate == "max" else "largest "
    whole = sum(record[measure.channel] for record in rows.records)
    additive = measure.aggregate in ("count", "sum") and whole > 0
    if additive and value / whole <= SMALL_GROUP:
        return None  # of equals none leads
    share = f", {value / whole:.0%} of all" if additive else ""
    return f"{said} {most}{phrase(measure, profile)}: {figure(value, measure, profile)}{share}"


def _peak(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a summary over time is highest and lowest; None where that is not the point."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    timed = any(e.field and profile.column(e.field).is_time for e in keys)
    if rows is None or measure is None or measure.aggregate is None or not timed:
        return None
    found = extremes(rows, measure, keys, profile)
    if found is None:
        return None
    name = channel_title(measure, profile)
    if found.most == found.least:
        return f"{name} never changes: {found.most}"
    return found.said(name)


def _ends(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say which groups of one column have the largest and the smallest summary."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if rows is None or measure is None or len(keys) != 1 or not keys[0].discrete:
        return None
    boxes = design.mark == "boxplot"
    summed = measure.aggregate is not None and measure.aggregate != "count"
    if design.mark == "arc" or design.style.top is not None or not (boxes or summed):
        return None
    found = extremes(rows, measure, keys, profile)
    if found is None or found.most == found.least:
        return None
    return found.said(f"median {name_of(measure, profile)}" if boxes else phrase(measure, profile))


def _course(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say how the rows of a slice begin and end, or which of them are largest and smallest."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if not design.style.where or rows is None or measure is None or not rows.records:
        return None
    # Of one measure of a long table all kinds of charts are drawn.
    if not keys or design.summarised or design.mark not in ("bar", "line", "area"):
        return None
    name, ordered = name_of(measure, profile), design.mark in ("line", "area") and len(keys) == 1
    if not ordered:
        found = extremes(rows, measure, keys, profile)
        return None if found is None else found.said(name)
    told = sorted(rows.records, key=lambda record: record[keys[0].channel])
    (start, first), (stop, last) = (
        (place(record, keys, profile), figure(record[measure.channel], measure, profile))
        for record in (told[0], told[-1])
    )
    return f"{name} goes from {first} in {start} to {last} in {stop}"


def _largest_group(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return the name of the largest group, where a chart counts those of one column."""
    measure = measure_of(design)
    keys = [e for e in design.encodings if e is not measure]
    if rows is None or measure is None or measure.aggregate != "count" or len(keys) != 1:
        return None
    if not keys[0].discrete or not rows.records:
        return None
    groups = [r for r in rows.records if r[keys[0].channel] not in (MISSING, WHOLE)]
    first = max(groups, key=lambda record: record[measure.channel], default=None)
    return None if first is None or "others" in first else place(first, keys, profile)


def _extent(design: Design, profile: Profile) -> str:
    """Say where most places of a map lie."""
    ends = []
    for encoding in design.encodings[:2]:
        column = profile.column(str(encoding.field))
        low, high = figure(column.quantiles[0]), figure(column.quantiles[4])
        ends.append(f"{name_of(encoding, profile)} {low} to {high}")
    return f"nine in ten places lie at {' and at '.join(ends)}"


def _shape(column: ColumnProfile, largest: str | None = None) -> str:
    """Say what one column is like; `largest` names its largest group."""
    name = clean_name(column.name)
    if column.kind == "time":
        days = max(column.span_days, 0.0)
        span = f"{days / 365.25:.1f} years" if days > 730 else f"{days:,.0f} days"
        return f"{name} covers {span}"
    if column.kind == "number" and column.n_distinct > 12:
        middle = _said(column, column.quantiles[2])
        half = f"half of the values of {name} are at most {middle}"
        if column.skew > 1:
            return f"{name} has a long tail of large values: {half}, the mean is {_mean(column)}"
        if column.skew < -1:
            return f"{name} has a long tail of small values: {half}, the mean is {_mean(column)}"
        ends = column.quantiles[0], column.quantiles[4]
        # Of whole numbers no value lies between two.
        low, high = (_said(column, round(end) if column.integer else end) for end in ends)
        return f"nine in ten values of {name} lie between {low} and {high}"
    of = "the rows" if column.n_present == column.n_rows else "the rows that have a value"
    flag = column.kind == "number" and column.integer and column.n_distinct == 2
    if flag and (column.minimum, column.maximum) == (0, 1):
        ones = f"{min(column.mean, 0.99):.0%}" if column.mean >= 0.01 else "less than 1%"
        return f"{name} is 1 in {ones} of {of}"
    # Numbers that are sizes are no groups of rows.
    size = column.kind == "number" and column.field_type == "quantitative"
    groups = f"{name} has {column.n_distinct:,} {'different values' if size else 'groups'}"
    if column.top_share <= SMALL_GROUP:
        return f"{groups}, none with more than {SMALL_GROUP:.0%} of the rows"
    # Of several groups none holds all, so a share is never rounded up to that.
    share = min(column.top_share, 0.99) if column.n_distinct > 1 else column.top_share
    named = f", {largest}," if largest else ""
    first = "commonest" if size else "largest"
    return f"{groups}; the {first}{named} holds {share:.0%} of {of}"


def _mean(column: ColumnProfile) -> str:
    return _said(column, column.mean)


def _said(column: ColumnProfile, value: float) -> str:
    """Return one of a column's numbers; years take no comma, clocks and shares are shown so."""
    if holds_shares(column):
        return f"{100 * value:.3g}%"
    if column.written in CLOCKS:
        return clock_text(value)
    return f"{value:.0f}" if column.semantic == "year" else figure(value)
