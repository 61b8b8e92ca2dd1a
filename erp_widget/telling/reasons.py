"""Owns why a chart is worth a look, in figures from its table's profile and its own rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate import MISSING, ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.bounded import bounded_finding, foreseen_finding
from erp_widget.telling.candle_reasons import candle_finding
from erp_widget.telling.column_reasons import column_finding, drawn_column
from erp_widget.telling.correlations import correlations, drawn_relation, related_columns
from erp_widget.telling.count_reasons import SMALL_GROUP, count_finding
from erp_widget.telling.course_reasons import course_finding
from erp_widget.telling.embeddings import embedding_finding
from erp_widget.telling.ends import FEW_ROWS, share_finding
from erp_widget.telling.extremes import as_well, extremes, firm_groups
from erp_widget.telling.figures import brief, figure, place
from erp_widget.telling.group_reasons import difference, groups_finding, keys_of
from erp_widget.telling.leaders import leader_finding
from erp_widget.telling.matrices import matrix_finding
from erp_widget.telling.one_measure import by_measure
from erp_widget.telling.percents import percent
from erp_widget.telling.piled import piled_finding, scattered_finding
from erp_widget.telling.quotes import with_quotes
from erp_widget.telling.spans import span_finding
from erp_widget.telling.state_reasons import states_finding
from erp_widget.telling.totals import without_totals
from erp_widget.words import begun, called, name_of, phrase
from vizmodel.design import CYCLES, Design, Encoding
from vizmodel.profile import Profile


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
    >>> from vizmodel.design import Encoding
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]}))
    >>> reason(Design("point", (Encoding("x", "a", "value", "quantitative"),
    ...                         Encoding("y", "b", "value", "quantitative"))), table)
    'b rises with a: rank correlation 1.00.'
    """
    measures = [] if rows is None else by_measure(design, profile, rows)
    if measures:
        name, design, profile, rows = measures[0]
    said = _finding(design, profile, terms, rows)
    if measures and name not in said:
        said = f"for {name}, {said}"
    # A column's name is written as it is, also where it begins a sentence.
    names = [name_of(e, profile) for e in design.encodings if e.field]
    names += [] if design.style.fold is None else design.style.fold.labels
    names += [called(name, profile) for name in design.style.body or ()]
    named = any(said.startswith(f"{name} ") for name in names)
    return with_quotes(said if named else begun(said), profile)


def _finding(
    design: Design,
    profile: Profile,
    terms: tuple[tuple[str, float], ...],
    rows: ChartRows | None,
) -> str:
    placed = embedding_finding(design, profile)
    if placed is not None:
        return _sentence(placed, sampled=profile.approximate)
    spans = None if rows is None else candle_finding(design, profile, rows.records)
    spans = spans or (None if rows is None else span_finding(design, profile, rows.records))
    parts, apart = without_totals(design, profile, rows)
    said = spans or _drawn_finding(design, profile, parts)
    if said is not None:
        return _sentence(f"{said}{apart}", sampled=rows is not None and rows.sampled)
    # Of shares of one part all else is told by the table as a whole.
    rows, parts = (None, None) if design.style.rate is not None else (rows, parts)
    sampled = profile.approximate or (rows is not None and rows.sampled)
    # What the profile knows is of all rows: it says nothing of a slice.
    names = {column.name for column in profile.columns if not design.style.where}
    shown = [e for e in design.encodings if e not in (design.ends or ())[1:]]
    known = [e for e in shown if e.field in names]
    findings = correlations(related_columns(known, design), profile, design, rows)
    if findings:
        return _sentence(max(findings)[1], sampled=sampled)
    others = _largest_part(design, profile, parts) or _cells(design, profile, parts)
    if others is not None:
        return _sentence(f"{others}{apart}", sampled=rows is not None and rows.sampled)
    if design.style.projected:
        return _sentence(_extent(design, profile), sampled=sampled)
    if known:
        column = profile.column(str(known[0].field))
        return _sentence(column_finding(column, design, profile, rows), sampled=sampled)
    drawn = drawn_relation(design, profile, rows) or drawn_column(design, profile, rows)
    if drawn is not None:
        return _sentence(drawn, sampled=rows is not None and rows.sampled)
    strongest = max(terms, key=lambda term: term[1], default=("network", 0.0))[0]
    return f"An overview of all {profile.n_rows:,} rows, chosen for its {strongest}."


def _drawn_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return what the marks of a chart say: shares, the first of a ranking, a course, groups."""
    if design.style.rate is not None:
        return share_finding(design, profile, rows)
    findings = (
        foreseen_finding,
        matrix_finding,
        share_finding,
        piled_finding,
        leader_finding,
        _leader,
        states_finding,
        course_finding,
        count_finding,
    )
    for find in (*findings, bounded_finding, scattered_finding, groups_finding, _crossed):
        said = find(design, profile, rows)
        if said is not None:
            return said
    return None


def _crossed(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a summary by several others is highest and lowest: of it the chart tells."""
    measure = measure_of(design)
    if measure is None or measure.aggregate in (None, "count") or len(keys_of(design, measure)) < 2:
        return None
    return _cells(design, profile, rows)


def _cells(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say where a number of several groups is highest and lowest."""
    measure = measure_of(design)
    if rows is None or measure is None:
        return None
    keys = keys_of(design, measure)
    counted = measure.aggregate == "count"
    if counted and not any(key.time_unit in CYCLES for key in keys):
        return None  # a distribution
    if not keys or (measure.aggregate is None and not all(key.discrete for key in keys)):
        return None
    several = measure.aggregate is None and design.mark != "boxplot"
    medians = _medians(rows, measure, keys) if several else None
    rows = medians or rows
    found = extremes(rows, measure, [key for key in keys if key.channel != "size"], profile)
    if found is None or found.n_values < 2:
        return None
    summed = medians is not None or design.mark == "boxplot"
    name = f"median {name_of(measure, profile)}" if summed else phrase(measure, profile)
    if found.most == found.least:
        return f"{name} is {found.most} everywhere"
    alone = several and len(keys) == 1 and keys[0].discrete
    differs = difference(design, profile, measure, keys[0], found.part) if alone else None
    return differs.format(name=name, figures=found.figures) if differs else found.said(name)


def _medians(rows: ChartRows, measure: Encoding, keys: Sequence[Encoding]) -> ChartRows | None:
    """Return the median of the numbers at each place; None where there is one number at each."""
    places: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for record in rows.records:
        if isinstance(record.get(measure.channel), int | float):
            places.setdefault(tuple(record.get(key.channel) for key in keys), []).append(record)
    if len(places) == sum(map(len, places.values())):
        return None
    records = [
        some[0] | {measure.channel: median(r[measure.channel] for r in some), "rows": len(some)}
        for some in places.values()
    ]
    return replace(rows, records=records)


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
    gathered = any(profile.gathered_as(key.field) for key in keys)
    where = "" if gathered or len(keys) > 1 else f"where {name_of(keys[0], profile)} is "
    named, more = _with_ties(first, rows.records, measure, keys, profile)
    parts, verb, each = ("parts", "are", " each") if more else ("part", "is", "")
    share = percent(first[measure.channel] / whole)
    name = phrase(measure, profile)
    return f"the largest {parts} of {name} {verb} {where}{named}{more}: {share}{each}"


def _with_ties(
    first: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    measure: Encoding,
    keys: Sequence[Encoding],
    profile: Profile,
) -> tuple[str, str]:
    """Return what the largest is called, and what else has the same value, if anything."""
    at = partial(place, keys=keys, profile=profile)
    return at(first), as_well(first, told, measure.channel, at)


def _sentence(text: str, *, sampled: bool) -> str:
    said = f"{text}{' (from a sample)' if sampled else ''}"
    # A name may end a sentence by itself, as that of a question does.
    return said if said.endswith(("?", "!", ".")) else f"{said}."


def _leader(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Say which of ranked groups is the largest, and how much of the whole it has."""
    measure = measure_of(design)
    if design.style.top is None or rows is None or measure is None or not rows.records:
        return None
    group = next(e for e in design.encodings if e is not measure)
    ranked = [r for r in rows.records if r[group.channel] != MISSING and "others" not in r]
    if not ranked:
        return None
    firm, of_many = firm_groups(ranked)
    first = firm[0]
    value = first[measure.channel]
    n_groups = len(ranked) + rows.records[-1].get("others", 0)
    named, more = _with_ties(first, firm, measure, [group], profile)
    verb, each = ("have", " each") if more else ("has", "")
    among = "" if first is ranked[0] else f" {of_many}"
    said = f"of {n_groups:,} values of {name_of(group)}, {named}{more} {verb} the"
    most = {"max": "", "count": "largest ", "sum": "largest "}.get(
        str(measure.aggregate), "highest "
    )
    whole = sum(record[measure.channel] for record in rows.records)
    additive = measure.aggregate in ("count", "sum") and whole > 0
    if additive and value / whole <= SMALL_GROUP:
        # Of equals none leads.
        few = f"of {n_groups:,} values of {name_of(group)}, none has more than {SMALL_GROUP:.0%}"
        return None if measure.field is None else f"{few} of {phrase(measure, profile)}"
    share = f", {percent(value / whole)} of all" if additive else ""
    few = each or _of_few(first, measure)
    told = f"{brief(value, measure, profile)}{few}{share}"
    return f"{said} {most}{phrase(measure, profile)}{among}: {told}"


def _of_few(record: Mapping[str, Any], measure: Encoding) -> str:
    """Say of how many rows an average is, where these are few."""
    n_rows = record.get("rows", FEW_ROWS)
    averaged = measure.aggregate in ("mean", "median")
    return f" (of {n_rows} rows)" if averaged and 1 < n_rows < FEW_ROWS else ""


def _extent(design: Design, profile: Profile) -> str:
    """Say where most places of a map lie."""
    ends = []
    for encoding in design.encodings[:2]:
        column = profile.column(str(encoding.field))
        low, high = figure(column.quantiles[0]), figure(column.quantiles[4])
        ends.append(f"{name_of(encoding, profile)} {low} to {high}")
    # Of both together fewer may be.
    return f"nine in ten places lie at {', and nine in ten at '.join(ends)}"
