"""Owns what a chart says in words: titles of charts and axes, and why it is recommended."""

from __future__ import annotations

from vizmodel.design import Design, Encoding
from vizmodel.profile import ColumnProfile, Profile

SUMMARY_WORDS = {
    "mean": "Mean",
    "median": "Median",
    "sum": "Total",
    "min": "Smallest",
    "max": "Largest",
    "distinct": "Distinct",
}
#: A time unit after "by" in a title, and behind the column's name on an axis.
UNIT_WORDS = {
    "year": "year",
    "quarter": "quarter of the year",
    "month": "month of the year",
    "yearmonth": "month",
    "yearmonthdate": "day",
    "day": "weekday",
    "hours": "hour of the day",
}
MAX_NAME_LENGTH = 48
RECORDS = "Number of records"
#: A rank correlation from here on is called a relation, from 0.7 on a strong one.
WEAK, STRONG = 0.3, 0.7


def clean_name(name: str) -> str:
    r"""Return a column's name on one line and not too long; its characters stay text.

    Examples
    --------
    >>> clean_name("two\nlines")
    'two lines'
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return text if len(text) <= MAX_NAME_LENGTH else text[: MAX_NAME_LENGTH - 1].rstrip() + "…"


def channel_title(encoding: Encoding, profile: Profile | None = None) -> str:
    """Return the title of an axis or a legend.

    Examples
    --------
    >>> channel_title(Encoding("y", "price", "mean", "quantitative"))
    'Mean price'
    """
    if encoding.field is None:
        return RECORDS
    name = clean_name(encoding.field)
    if encoding.aggregate == "count":
        return RECORDS
    if encoding.aggregate:
        return f"{SUMMARY_WORDS[encoding.aggregate]} {name}{_unit(encoding, profile)}"
    if encoding.time_unit:
        return f"{name} ({UNIT_WORDS[encoding.time_unit]})"
    return f"{name}{_unit(encoding, profile)}"


def _unit(encoding: Encoding, profile: Profile | None) -> str:
    """Say "%" where the values are percentages and the name does not say so."""
    column = _column(encoding, profile)
    if column is None or column.semantic != "percent" or encoding.discrete:
        return ""
    lowered = column.name.lower()
    says_so = "%" in lowered or "percent" in lowered or "pct" in lowered
    return " (%)" if column.maximum > 1.5 and "share" in lowered and not says_so else ""


def _column(encoding: Encoding, profile: Profile | None) -> ColumnProfile | None:
    if profile is None or encoding.field is None:
        return None
    try:
        return profile.column(encoding.field)
    except KeyError:
        return None


def title(design: Design, profile: Profile | None = None) -> str:
    """Return a chart's title: what is shown, by what, split how.

    Examples
    --------
    >>> title(Design("bar", (Encoding("x", "city", "category", "nominal"),
    ...                      Encoding("y", None, "count", "quantitative"))))
    'Number of records by city'
    """
    return _headline(design) + _split(design)


def _headline(design: Design) -> str:
    summaries = [e for e in design.encodings if e.aggregate and e.channel != "size"]
    places = [e for e in design.encodings if e.channel in ("x", "y", "theta") and e.is_key]
    if design.mark == "boxplot":
        measure = next((e for e in places if e.transform == "value"), places[0])
        return _by(f"Distribution of {_name(measure)}", [e for e in places if e is not measure])
    if design.mark == "arc":
        groups = [e for e in design.encodings if e.channel == "color"]
        subject = channel_title(summaries[0]) if summaries else _name(places[0])
        return _by(
            "Share of records" if subject == RECORDS else f"Share of {_lower(subject)}",
            groups,
        )
    if not summaries:
        return _plain_headline(design, places)
    if len(places) == 1 and places[0].bin and summaries[0].field is None:
        return f"Distribution of {_name(places[0])}"
    if len(summaries) == 2 and not places:
        y, x = summaries[1], summaries[0]
        return f"{channel_title(y)} against {_lower(channel_title(x))}"
    return _by(channel_title(summaries[0]), places)


def _plain_headline(design: Design, places: list[Encoding]) -> str:
    if len(places) < 2:
        subject = places[0] if places else design.encodings[0]
        return f"Values of {_name(subject)}"
    x, y = places[0], places[1]
    if x.discrete and y.discrete:
        colored = design.encoding("color")
        return _by(_name(colored), places) if colored else f"{_name(y)} by {_name(x)}"
    measure, other = (x, y) if y.discrete or y.field_type == "temporal" else (y, x)
    if other.field_type == "temporal":
        return f"{_name(measure)} over {_name(other)}"
    joint = "by" if other.discrete or other.bin or design.mark in ("line", "area") else "against"
    return f"{_name(measure)} {joint} {_name(other)}"


def _by(subject: str, groups: list[Encoding]) -> str:
    names = " and ".join(UNIT_WORDS.get(e.transform) or _name(e) for e in groups)
    return f"{subject} by {names}" if names else subject


def _split(design: Design) -> str:
    parts = []
    for encoding in design.encodings:
        if encoding.field is None or (design.mark == "arc" and encoding.channel == "color"):
            continue
        name = _name(encoding)
        if encoding.channel in ("color", "shape", "detail", "xOffset") and encoding.discrete:
            parts.append(f"split by {name}")
        elif encoding.channel == "color" and design.mark != "rect":
            parts.append(f"coloured by {_lower(channel_title(encoding))}")
        elif encoding.channel == "size":
            parts.append(f"sized by {_lower(channel_title(encoding))}")
        elif encoding.channel in ("row", "column"):
            parts.append(f"one panel per {name}")
    return "".join(f", {part}" for part in dict.fromkeys(parts))


def _name(encoding: Encoding) -> str:
    return clean_name(encoding.field or "records")


def _lower(text: str) -> str:
    """Lower the first word where it is ours, never a column's own name."""
    first = text.split(" ", 1)[0]
    ours = {*SUMMARY_WORDS.values(), "Number"}
    return text[0].lower() + text[1:] if first in ours else text


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
    known = [e for e in design.encodings if _column(e, profile) is not None]
    findings = sorted(
        (
            *_correlations(known, profile),
            *_group_effects(known, profile),
            *_ties(known, profile),
        ),
        reverse=True,
    )
    if findings:
        return _sentence(findings[0][1], profile)
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
    name, over = _name(y), _name(x)
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
        if share <= 0:
            continue
        group_name, name = clean_name(group), clean_name(measure)
        text = f"{group_name} explains {share:.0%} of the variation in {name}"
        if share < 0.02:
            text = f"{name} hardly differs between groups of {group_name}: {share:.1%} explained"
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
            names = f"{_name(first)} and {_name(second)}"
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
    return f"{name} has {column.n_distinct} groups; the largest holds {column.top_share:.0%} of the rows"
