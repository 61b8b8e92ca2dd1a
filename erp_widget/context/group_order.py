"""Owns by what groups that have no order of their own stand in one: what a chart measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from vizmodel.design import Design

Record: TypeAlias = Mapping[str, Any]
#: Rows of a group from which a share of them is worth naming.
MIN_ROWS = 10
#: Group -> end -> rows.
Sizes: TypeAlias = Mapping[Any, Mapping[Any, float]]


def by_measure(
    groups: Iterable[Any],
    channel: str,
    design: Design,
    records: Sequence[Record],
    stacked: bool,
) -> list[Any]:
    """Return groups in the order of what a chart measures, the largest first.

    Ranges stand in the order in which they begin, shares in that of the end which they tell of.

    Parameters
    ----------
    groups
        On a channel.
    channel
        Where they stand.
    design, records
        The chart and what it shows.
    stacked
        Whether bars of one place are put on top of each other.
    """
    if design.ends is not None and design.ends[0].field_type == "temporal":
        return sorted(groups, key=lambda label: _begin(design, records, channel, label))
    totals = _totals(design, records, channel, stacked)
    firm = {record.get(channel) for record in records if not record.get("thin")}
    # What a row or two come to does not lead.
    return sorted(groups, key=lambda label: (label not in firm, -totals.get(label, 0.0)))


def by_last_value(lines: Iterable[Any], records: Sequence[Record]) -> list[Any]:
    """Return lines in the order in which they end, the highest first, as a legend beside them is.

    Examples
    --------
    >>> ends = {"a": (5, 1), "b": (2, 3)}
    >>> by_last_value("ab", [{"color": line, "x": at, "y": value}
    ...                      for line, values in ends.items() for at, value in enumerate(values)])
    ['b', 'a']
    """
    last: dict[Any, tuple[Any, float]] = {}
    for record in records:
        line, at, value = record.get("color"), record.get("x"), record.get("y")
        if at is None or not isinstance(value, int | float):
            continue
        if line not in last or at >= last[line][0]:
            last[line] = (at, value)
    # A line that ends before the others is not beside the legend.
    end = max((at for at, _ in last.values()), default=None)
    ended = {line: (at != end, -value) for line, (at, value) in last.items()}
    return sorted(lines, key=lambda line: ended.get(line, (True, 0.0)))


def _begin(design: Design, records: Sequence[Record], channel: str, label: Any) -> str:
    """Return when the first of a group's ranges begins."""
    assert design.ends is not None
    start = design.ends[0].channel
    return min(str(record[start]) for record in records if record.get(channel) == label)


def _totals(
    design: Design, records: Sequence[Record], channel: str, stacked: bool
) -> dict[Any, float]:
    measure = "theta" if design.mark == "arc" else None
    if measure is None:
        measure = "median" if design.mark == "boxplot" else "y" if channel == "x" else "x"
    if stacked and design.style.stack == "normalize":
        return _shares_of_an_end(records, channel, measure)
    # Of bars that lie over each other the longest is seen.
    adds = stacked or design.mark != "bar" or design.encoding("color") is not None
    totals: dict[Any, float] = {}
    for record in records:
        value = record.get(measure)
        if isinstance(value, int | float):
            label, before = record[channel], totals.get(record[channel])
            if before is not None:
                value = before + value if adds else max(before, value)
            totals[label] = float(value)
    return totals


def _shares_of_an_end(records: Sequence[Record], channel: str, measure: str) -> dict[Any, float]:
    """Return the share of the end that a chart tells of, in each group."""
    sizes: dict[Any, dict[Any, float]] = defaultdict(lambda: defaultdict(float))
    for record in records:
        sizes[record.get(channel)][record.get("color")] += record.get(measure) or 0.0
    shares = shares_by_end(sizes, sizes)
    large = [at for at, parts in sizes.items() if sum(parts.values()) >= MIN_ROWS] or sizes
    return shares[told_end(sizes, shares_by_end(sizes, large))] if shares else {}


def shares_by_end(sizes: Sizes, groups: Iterable[Any]) -> dict[Any, dict[Any, float]]:
    """Return the share that each end has of each group.

    Examples
    --------
    >>> shares_by_end({"web": {"sold": 3, "lost": 1}, "shop": {"sold": 2}}, ["web", "shop"])
    {'sold': {'web': 0.75, 'shop': 1.0}, 'lost': {'web': 0.25, 'shop': 0.0}}
    """
    whole = {group: sum(sizes[group].values()) or 1.0 for group in groups}
    ends = dict.fromkeys(end for parts in sizes.values() for end in parts)
    return {end: {at: sizes[at].get(end, 0.0) / size for at, size in whole.items()} for end in ends}


def told_end(sizes: Sizes, shares: Mapping[Any, Mapping[Any, float]]) -> Any:
    """Return which end is told of: not the commonest, but that of the others which differs most.

    Examples
    --------
    >>> sizes = {"web": {"sold": 3, "lost": 1}, "shop": {"sold": 2}}
    >>> told_end(sizes, shares_by_end(sizes, sizes))
    'lost'
    """
    totals = {end: sum(parts.get(end, 0.0) for parts in sizes.values()) for end in shares}
    commonest = max(totals, key=lambda end: totals[end])
    return max(
        (end for end in shares if end != commonest or len(shares) == 1),
        key=lambda end: max(shares[end].values()) - min(shares[end].values()),
    )
