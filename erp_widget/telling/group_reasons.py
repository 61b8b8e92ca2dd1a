"""Owns what is said of one number in the groups of one column: where it is high, where low."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import ChartRows
from erp_widget.context.number_kinds import is_year
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.extremes import extremes, valued
from erp_widget.telling.figures import at_place, brief, place
from erp_widget.words import called, name_of, phrase, unit_word
from vizmodel.chance import chi_squared_limit
from vizmodel.design import CYCLES, Design, Encoding
from vizmodel.patterns import late_pattern
from vizmodel.profile import Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.orders.labels import order_of

#: Share of the variation up to which groups that differ by more than chance differ little.
SMALL_SHARE = 0.02
#: Part of the largest figure that the smallest of figures is that differ little, whatever they
#: explain: of counts that are mostly nought, groups explain little where one is twice the other.
LEAST_PART = 0.8
#: Normal quantile of a test over all groups that one in a hundred unrelated columns passes.
BEYOND_CHANCE = 2.326
#: Ordered groups from which a number may rise all along them.
MIN_STEPS = 3
#: Names of places that have an order, but are no more and no less of anything.
COMPASS = late_pattern(r"\W*(north|south|east|west|midwest|nord|süd|sud|ost|est\b|ouest)", re.I)
#: Letters of a sentence, without its stop, from which nothing is added to it.
LONGEST = 109


def fitting(said: str, *more: str) -> str:
    """Return a sentence with what may be added to it while it stays short.

    Examples
    --------
    >>> fitting("a" * 100, " and more of it", ".")
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.'
    """
    for one in more:
        said = said + one if len(said) + len(one) <= LONGEST else said
    return said


def keys_of(design: Design, measure: Encoding) -> list[Encoding]:
    """Return what groups a measure, each column once."""
    told = [e for e in design.encodings if e is not measure and e.aggregate is None]
    if design.mark in ("bar", "line", "area"):
        # Numbers that are told by colours name no place.
        told = [e for e in told if e.discrete or e.channel in ("x", "y")]
    keys = {e.field: e for e in reversed(told)}
    return [e for e in told if e in keys.values()]


def groups_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return where of all groups a number is highest and lowest, or that it differs little.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart does not show one number in the groups of one column.
    """
    measure = measure_of(design)
    if rows is None or measure is None or design.mark == "arc" or design.style.top is not None:
        return None
    keys = keys_of(design, measure)
    boxes, bars = design.mark == "boxplot", design.mark in ("bar", "point", "tick", "line", "area")
    summed = measure.aggregate is not None and measure.aggregate != "count"
    if len(keys) != 1 or not (boxes or (keys[0].discrete and (summed or bars))):
        return None
    named = {record.get(keys[0].channel) for record in rows.records}
    if measure.aggregate == "count" or len(named) < len(rows.records):
        return None
    found = extremes(rows, measure, keys, profile)
    name = f"median {name_of(measure, profile)}" if boxes else phrase(measure, profile)
    if found is None:
        return None
    if found.most == found.least and found.n_values > 1:
        every = "both" if found.n_values == 2 else f"all {found.n_values}"
        groups = f"{every} groups of {name_of(keys[0], profile)}"
        return f"{name} is the same in {groups}: {found.most}"
    differs = difference(design, profile, measure, keys[0], found.part)
    if differs is not None:
        return differs.format(name=name, figures=found.figures)
    fold = profile.gathered_as(keys[0].field)
    listed = fold is not None and fold.kind == "text"
    rising = None if listed else _rising(rows, measure, keys[0], profile, name)
    return rising or fitting(found.said(name), found.midway)


def difference(
    design: Design, profile: Profile, measure: Encoding, group: Encoding, part: float = 1.0
) -> str | None:
    """Return how to say that groups hardly differ; None where they do, or nobody knows.

    Parameters
    ----------
    design, profile
        The chart and its table.
    measure, group
        A number, and what its groups are.
    part
        What part of the largest figure of a group the smallest is.

    Returns
    -------
    str or None
        What groups explain of the ranks of a number, times one less than the rows, is the statistic
        of Kruskal and Wallis (1952), which tells whether as many groups that are alike would
        explain it. The profile's share is what is left of it without that which chance explains on
        average.
    """
    fold = profile.gathered_as(group.field)
    if fold is not None and fold.couple:
        return None  # each row has both: how far rows are apart says nothing of these
    names = {column.name for column in profile.columns}
    several = measure.aggregate is None and design.mark in ("boxplot", "point", "tick")
    averaged = several or measure.aggregate in ("mean", "median")
    if not averaged or design.style.where or not {measure.field, group.field} <= names:
        return None
    far = profile.column(str(measure.field)).share_negative == 0 and part < LEAST_PART
    if group.time_unit is not None:
        return None if far else _by_part(profile, measure, group)
    column, of = profile.column(str(group.field)), profile.column(str(measure.field))
    share = explained(str(group.field), str(measure.field), profile)
    free = column.n_distinct - 1
    # Longer lists have no statistics of pairs.
    most = min(MAX_CATEGORIES, column.n_present / 2)
    if free < 1 or column.n_distinct > most or of.kind != "number":
        return None
    n_rows = min(column.n_present, of.n_present)
    ranked = n_rows - 1 - (1 - share) * max(n_rows - 1 - free, 0)
    if share <= 0 or ranked <= chi_squared_limit(free, BEYOND_CHANCE):
        return "{name} is {figures}, which may be chance"
    by = called(str(group.field), profile).replace("{", "(").replace("}", ")")
    little = share < SMALL_SHARE and not far
    return f"{{name}} differs little by {by}: {{figures}}" if little else None


def _by_part(profile: Profile, measure: Encoding, part: Encoding) -> str | None:
    """Return how to say that a number hardly differs by a part of a time that comes round."""
    share = profile.cycle(str(part.field), part.transform, str(measure.field))
    if share is None or share >= SMALL_SHARE:
        return None
    return f"{{name}} differs little by {unit_word(part, profile)}: {{figures}}"


def explained(group: str, measure: str, profile: Profile) -> float:
    """Return the share that groups explain of the rows that are of one; the profile's is of all."""
    filled = 1 - profile.column(group).null_share
    return min(1.0, profile.pair(group, measure, "eta_squared") / max(filled, 1e-9))


def _rising(
    rows: ChartRows, measure: Encoding, key: Encoding, profile: Profile, name: str
) -> str | None:
    """Say that a number rises, or falls, all along groups that have an order."""
    value, told = valued(rows, measure, [key])
    steps = in_their_order(told, key, rows, profile)
    if len(steps) < MIN_STEPS or any(record.get("thin") for record in steps):
        return None
    values = [record[value] for record in steps]
    rises, falls = values == sorted(values), values == sorted(values, reverse=True)
    if rises == falls:
        return None
    column = profile.column(str(key.field))
    over = "over" if key.time_unit or is_year(column, key) else "with"
    begin, end = (
        f"{brief(record[value], measure, profile)} {_at(record, key, profile)}"
        for record in (steps[0], steps[-1])
    )
    verb = "rises" if rises else "falls"
    if key.time_unit in CYCLES:  # within each year, week or day
        return f"{name} {verb} from {begin} to {end}"
    return f"{name} {verb} {over} {name_of(key, profile)}, from {begin} to {end}"


def _at(record: Mapping[str, Any], key: Encoding, profile: Profile) -> str:
    """Say at which group of a named column a record stands."""
    said = at_place(record, [key], profile)
    number = isinstance(record[key.channel], int | float) and said.startswith("for ")
    return f"at {place(record, [key], profile)}" if number else said


def in_their_order(
    told: Sequence[Mapping[str, Any]], key: Encoding, rows: ChartRows, profile: Profile
) -> list[Mapping[str, Any]]:
    """Return the records of groups in their order; none where they have none."""
    labels = list(dict.fromkeys(record[key.channel] for record in told))
    column = profile.column(str(key.field))
    if all(isinstance(label, int | float) for label in labels):
        codes = column.semantic == "category" and key.time_unit is None
        return [] if codes else sorted(told, key=lambda record: record[key.channel])
    texts = tuple(label for label in labels if isinstance(label, str))
    found = order_of(texts) if len(texts) == len(labels) else None
    # Names that are listed in one order, such as North and South, are no steps.
    places = sum(COMPASS.match(text) is not None for text in texts) >= 2
    if places or (found is not None and found[0] in ("named", "numbered")):
        return []
    order = rows.orders.get(key.channel) or column.listed
    if not set(labels) <= set(order):
        order = found[1] if found is not None else ()
    if not set(labels) <= set(order):
        return []
    return sorted(told, key=lambda record: order.index(record[key.channel]))
