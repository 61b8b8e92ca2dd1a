"""Owns what is said of counts: the commonest and the rarest group, or the fullest place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.extremes import as_well
from erp_widget.telling.figures import named_place, own_level, place, same_labels
from erp_widget.telling.group_reasons import fitting, keys_of
from erp_widget.telling.percents import percent
from erp_widget.words import name_of
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

#: Share of the rows from which one group is worth naming.
SMALL_GROUP = 0.02
#: Different numbers up to which each is a group.
FEW_NUMBERS = 12
#: Standard deviations within which groups that are equally common differ by chance.
BY_CHANCE = 3.0
#: Share of the commonest group that all others have at least where none is rare.
NEARLY = 0.8
Record = Mapping[str, Any]


def count_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return which group, or which place of several groups, has most rows, and which has fewest.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart does not count the rows of groups.
    """
    measure = measure_of(design)
    if rows is None or measure is None or measure.aggregate != "count":
        return None
    keys = keys_of(design, measure)
    if not keys or not all(key.discrete for key in keys):
        return None
    counted = [r for r in rows.records if r.get(measure.channel)]
    known = [r for r in counted if not {MISSING, WHOLE}.intersection(r[k.channel] for k in keys)]
    counts = [record[measure.channel] for record in known]
    if not counts:
        return None
    # Groups that are not drawn have rows, too.
    nameless = sum(r[measure.channel] for r in counted) - sum(counts)
    whole = max(rows.n_shown - nameless, sum(counts))
    columns = [profile.column(str(key.field)) for key in keys]
    of_all = not nameless and all(column.n_present == column.n_rows for column in columns)
    if len(keys) > 1:
        return _fullest(known, whole, measure, keys, profile, of_all=of_all)
    if columns[0].is_size and columns[0].n_distinct > FEW_NUMBERS:
        return None  # its usual values say more than the commonest
    ranked = sorted(known, key=lambda record: -record[measure.channel])
    # A ring shows what has no value as a part of the whole.
    blank = nameless if design.mark == "arc" else 0
    of = "rows" if of_all or blank else "rows that have a value"
    return _commonest(ranked, whole, blank, measure, keys[0], profile, of)


def _fullest(
    known: Sequence[Record],
    whole: float,
    measure: Encoding,
    keys: Sequence[Encoding],
    profile: Profile,
    *,
    of_all: bool,
) -> str | None:
    """Say which groups occur together most often, or that all are equally common."""
    named = same_labels(known, keys)

    def at(record: Record) -> str:
        told = ((key, named_place(record, [key], profile)) for key in keys)
        return " and ".join(own_level(level, key, always=named) for key, level in told)

    first = max(known, key=lambda record: record[measure.channel])
    n_rows = first[measure.channel]
    if n_rows <= SMALL_GROUP * whole or len(known) == 1:
        return None
    together = "pair" if len(keys) == 2 else "combination"
    n_tied = sum(record[measure.channel] == n_rows for record in known)
    each = " each" if n_tied > 1 else ""
    of = "of all" if of_all else "of those that have a value"
    share = f"{n_rows:,.0f} rows{each}, {percent(n_rows / whole)} {of}"
    if n_tied == len(known) and n_tied * n_rows >= whole:
        names = " and ".join(name_of(key, profile) for key in keys)
        return f"all {n_tied} {together}s of {names} are equally common: {share}"
    if n_tied == 1:
        return f"the commonest {together} is {at(first)}: {share}"
    more = as_well(first, known, measure.channel, at)
    return f"the commonest {together}s are {at(first)},{more}: {share}"


def _commonest(
    ranked: Sequence[Record],
    whole: float,
    blank: float,
    measure: Encoding,
    key: Encoding,
    profile: Profile,
    of: str,
) -> str | None:
    """Say which group has most rows, which comes next, and which has fewest."""
    name, count = name_of(key, profile), measure.channel
    groups = [record for record in ranked if "others" not in record]
    counts = [record[count] for record in groups]
    if not groups or counts[0] <= SMALL_GROUP * whole:
        return None
    shares = [percent(n / (whole + blank)) for n in counts]
    first, second = (place(record, [key], profile) for record in (groups[0], groups[-1]))
    is_all = sum(counts) >= whole
    rest = f"; {percent(blank / (whole + blank))} have no value" if blank else ""
    if is_all and len(groups) == 1:
        share = f"{shares[0]} of the {of}" if blank else f"all {whole:,.0f} {of}"
        return f"{name} is {first} in {share}{rest}"
    if is_all and len(groups) == 2:
        return f"{name} is {first} in {shares[0]} of the {of}, {second} in {shares[1]}{rest}"
    if is_all and _alike(counts):
        return f"all {len(groups)} groups of {name} are {_even(counts, shares)} of the {of}{rest}"
    (verb, said), *others = _levels(groups, shares, count, key, profile, f" of the {of}")
    several = "values of " if verb == "are" else ""
    # "9%, then 9%" says nothing.
    then = f", then {others[0][1]}" if others and shares[0] not in others[0][1] else ""
    last = f"; the rarest {' '.join(others[-1])}" if is_all and len(others) > 1 else ""
    return fitting(f"the commonest {several}{name} {verb} {said}", then, rest, last)


def _levels(
    groups: Sequence[Record],
    shares: Sequence[str],
    count: str,
    key: Encoding,
    profile: Profile,
    of: str,
) -> list[tuple[str, str]]:
    """Say of groups in order, those that are as common together, what they are and their share.

    The verb, which is that of one or of several, stands before it.
    """

    def at(record: Record) -> str:
        return place(record, [key], profile)

    told: list[tuple[str, str]] = []
    for _, tied in groupby(zip(groups, shares, strict=True), key=lambda one: one[0][count]):
        (first, share), *_ = tied
        more = as_well(first, groups, count, at)
        of_first = of if not told else ""
        verb, each = ("are", " each") if more else ("is", "")
        told.append((verb, f"{at(first)}{more} ({share}{of_first}{each})"))
    return told


def _even(counts: Sequence[float], shares: Sequence[str]) -> str:
    """Say which share each of some groups has that have about as many rows."""
    if counts[0] == counts[-1]:
        return f"alike: each holds {shares[0]}"
    ends = f"{shares[-1]} to {shares[0]}"
    return f"about alike: {f'each holds about {shares[0]}' if len({*shares}) == 1 else ends}"


def _alike(counts: Sequence[float]) -> bool:
    """Whether groups, the commonest first, have about as many rows, as by chance they would."""
    usual = sum(counts) / len(counts)
    return counts[-1] >= NEARLY * counts[0] and counts[0] - counts[-1] < BY_CHANCE * usual**0.5
