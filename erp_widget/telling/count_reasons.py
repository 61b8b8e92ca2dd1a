"""Owns what is said of counts: the commonest and the rarest group, or the fullest place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.figures import named_place, own_level, place
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
    of = "the rows" if len(known) == len(counted) else "the rows that have a value"
    # Groups that are not drawn have rows, too.
    nameless = sum(r[measure.channel] for r in counted) - sum(counts)
    whole = max(rows.n_shown - nameless, sum(counts))
    if len(keys) > 1:
        return _fullest(known, whole, measure, keys, profile)
    column = profile.column(str(keys[0].field))
    if column.is_size and column.n_distinct > FEW_NUMBERS:
        return None  # its usual values say more than the commonest
    ranked = sorted(known, key=lambda record: -record[measure.channel])
    return _commonest(ranked, whole, measure, keys[0], profile, of)


def _fullest(
    known: Sequence[Record],
    whole: float,
    measure: Encoding,
    keys: Sequence[Encoding],
    profile: Profile,
) -> str | None:
    """Say which groups occur together most often."""
    first = max(known, key=lambda record: record[measure.channel])
    n_rows = first[measure.channel]
    if n_rows <= SMALL_GROUP * whole or len(known) == 1:
        return None
    said = " and ".join(own_level(named_place(first, [key], profile), key) for key in keys)
    together = "pair" if len(keys) == 2 else "combination"
    share = percent(n_rows / whole)
    return f"the commonest {together} is {said}: {n_rows:,.0f} rows, {share} of all"


def _commonest(
    ranked: Sequence[Record],
    whole: float,
    measure: Encoding,
    key: Encoding,
    profile: Profile,
    of: str,
) -> str | None:
    """Say which group has most rows, which comes next, and which has fewest."""
    name = name_of(key, profile)
    groups = [record for record in ranked if "others" not in record]
    counts = [record[measure.channel] for record in groups]
    shares = [percent(count / whole) for count in counts]
    labels = [place(record, [key], profile) for record in groups]
    if not groups or counts[0] <= SMALL_GROUP * whole:
        return None
    is_all = sum(counts) >= whole
    if is_all and len(groups) == 1:
        return f"{name} is {labels[0]} in all {whole:,.0f} rows"
    if is_all and len(groups) == 2:
        return f"{name} is {labels[0]} in {shares[0]} of {of}, {labels[1]} in {shares[1]}"
    if is_all and _alike(counts):
        ends = f"{shares[-1]} to {shares[0]} of {of}"
        return f"all {len(groups)} groups of {name} are about alike: {ends}"
    said = f"the commonest {name} is {labels[0]} ({shares[0]} of {of})"
    then = f", then {labels[1]} ({shares[1]})" if len(groups) > 1 else ""
    last = f"; the rarest is {labels[-1]} ({shares[-1]})" if is_all else ""
    return fitting(said, then, last)


def _alike(counts: Sequence[float]) -> bool:
    """Whether groups, the commonest first, have about as many rows, as by chance they would."""
    usual = sum(counts) / len(counts)
    return counts[-1] >= NEARLY * counts[0] and counts[0] - counts[-1] < BY_CHANCE * usual**0.5
