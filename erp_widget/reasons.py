"""Owns why a chart is worth a look, in figures from its table's profile."""

from __future__ import annotations

from erp_widget.words import clean_name, name_of
from vizmodel.design import Design, Encoding
from vizmodel.profile import ColumnProfile, Profile

#: A rank correlation from here on is called a relation, from 0.7 on a strong one.
WEAK, STRONG = 0.3, 0.7
#: Share of the variation explained from which groups are said to differ.
SMALL_SHARE = 0.02


def reason(design: Design, profile: Profile, terms: tuple[tuple[str, float], ...] = ()) -> str:
    """Return why a chart is worth a look, with figures from the table's own profile.

    Parameters
    ----------
    design, profile
        The chart and its table.
    terms
        Named parts of its score; named only where the data itself gives no figure.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]}))
    >>> reason(Design("point", (Encoding("x", "a", "value", "quantitative"),
    ...                         Encoding("y", "b", "value", "quantitative"))), table)
    'b rises with a: rank correlation 1.00.'
    """
    names = {column.name for column in profile.columns}
    known = [e for e in design.encodings if e.field in names]
    effects = [*_correlations(known, profile), *_group_effects(known, profile)]
    findings = effects or _ties(known, profile)
    if findings:
        return _sentence(max(findings)[1], profile)
    if known:
        return _sentence(_shape(profile.column(str(known[0].field))), profile)
    strongest = max(terms, key=lambda term: term[1], default=("network", 0.0))[0]
    return f"An overview of all {profile.n_rows:,} rows, chosen for its {strongest}."


def _sentence(text: str, profile: Profile) -> str:
    return f"{text}{' (from a sample)' if profile.approximate else ''}."


def _pairs(first: list[Encoding], second: list[Encoding]) -> list[tuple[str, str]]:
    found = [(str(a.field), str(b.field)) for a in first for b in second if a.field != b.field]
    return list(dict.fromkeys(found))


def _correlations(known: list[Encoding], profile: Profile) -> list[tuple[float, str]]:
    scales = [e for e in known if not e.discrete and profile.column(str(e.field)).kind != "text"]
    found = []
    for place, x in enumerate(scales):
        for y in scales[place + 1 :]:
            if x.field == y.field:
                continue
            value = profile.pair(str(x.field), str(y.field), "spearman")
            found.append((abs(value), _correlation_text(x, y, value, profile)))
    return found


def _correlation_text(x: Encoding, y: Encoding, value: float, profile: Profile) -> str:
    # A measure changes with time, never time with a measure.
    if profile.column(str(y.field)).is_time and not profile.column(str(x.field)).is_time:
        x, y = y, x
    name, over = name_of(y), name_of(x)
    figure = f"rank correlation {value:.2f}"
    if abs(value) < WEAK:
        return f"{name} and {over} move almost independently: {figure}"
    verb = "rises" if value > 0 else "falls"
    by = "over" if profile.column(str(x.field)).is_time else "with"
    strongly = " strongly" if STRONG <= abs(value) < 0.995 else ""
    return f"{name} {verb}{strongly} {by} {over}: {figure}"


def _group_effects(known: list[Encoding], profile: Profile) -> list[tuple[float, str]]:
    groups = [e for e in known if e.discrete]
    measures = [
        e for e in known if not e.discrete and profile.column(str(e.field)).kind == "number"
    ]
    found = []
    for group, measure in _pairs(groups, measures):
        share = profile.pair(group, measure, "eta_squared")
        group_name, name = clean_name(group), clean_name(measure)
        text = f"{group_name} explains {share:.0%} of the variation in {name}"
        if share < SMALL_SHARE:
            text = f"{name} differs little between groups of {group_name} ({share:.1%} explained)"
        found.append((share**0.5, text))
    return found


def _ties(known: list[Encoding], profile: Profile) -> list[tuple[float, str]]:
    groups = [e for e in known if e.discrete]
    found = []
    for place, first in enumerate(groups):
        for second in groups[place + 1 :]:
            value = profile.pair(str(first.field), str(second.field), "cramers_v")
            if first.field == second.field or value <= 0:
                continue
            strength = (
                "are closely tied"
                if value >= 0.5
                else "are tied"
                if value >= 0.15
                else ("are nearly independent")
            )
            names = f"{name_of(first)} and {name_of(second)}"
            found.append((value, f"{names} {strength}: Cramér's V {value:.2f}"))
    return found


def _shape(column: ColumnProfile) -> str:
    """Say what one column is like."""
    name = clean_name(column.name)
    if column.kind == "time":
        days = max(column.span_days, 0.0)
        span = f"{days / 365.25:.1f} years" if days > 730 else f"{days:,.0f} days"
        return f"{name} covers {span}"
    if column.kind == "number" and column.n_distinct > 12:
        middle = column.quantiles[2]
        half = f"half of the values of {name} are below {middle:,.4g}"
        if column.skew > 1:
            return f"{name} has a long tail of large values: {half}, the mean is {column.mean:,.4g}"
        if column.skew < -1:
            return f"{name} has a long tail of small values: {half}, the mean is {column.mean:,.4g}"
        low, high = column.quantiles[0], column.quantiles[4]
        return f"nine in ten values of {name} lie between {low:,.4g} and {high:,.4g}"
    share = f"{column.top_share:.0%}"
    return f"{name} has {column.n_distinct} groups; the largest holds {share} of the rows"
