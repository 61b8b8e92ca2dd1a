"""Owns what is said of two numbers that rise or fall together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from erp_widget.aggregate import ChartRows
from erp_widget.telling.drawn_ranks import WEAK, pair_correlation, ranks_of
from erp_widget.telling.figures import brief
from erp_widget.telling.relation_reasons import drawn_pairs, relation, relation_in_groups
from erp_widget.words import name_of
from vizmodel.design import CYCLES, Design, Encoding
from vizmodel.profile import Profile

#: Fewest rows drawn of which a correlation is computed.
MIN_ROWS = 5
#: Parts that the rows are cut into along x, each of so many rows at least, and the share of the
#: variation in the ranks of y from which what differs between them is a bend.
BEND_PARTS, MIN_PARTS, MIN_PART, MIN_BEND = 6, 3, 8, 0.2


def related_columns(known: Sequence[Encoding], design: Design) -> list[Encoding]:
    """Return those of a chart's columns of which single rows tell what is seen of them together."""
    related = [e for e in known if e.time_unit not in CYCLES]
    if design.style.stack == "normalize":
        related = [e for e in related if e.discrete]
    # How single rows go with a group, or a time, says little of what they add up to.
    return [e for e in related if len(related) != 2 or e.transform != "sum"]


def correlations(
    known: Sequence[Encoding], profile: Profile, design: Design, rows: ChartRows | None
) -> list[tuple[float, str]]:
    """Return how strong each two numbers of a chart go together, and that in words.

    Parameters
    ----------
    known
        Encodings of the table's own columns.
    profile, design
        The table and the chart.
    rows
        What is drawn; it tells the correlation of columns with gaps, if it is rows of the table.
    """
    places = design.encodings[:2]
    scales = [e for e in known if not e.discrete and profile.column(str(e.field)).kind != "text"]
    found = []
    for at, x in enumerate(scales):
        for y in scales[at + 1 :]:
            # Where places lie is the ground of a map, not what it says.
            if x.field == y.field or (design.style.projected and {x, y} <= set(known[:2])):
                continue
            value = rank_correlation(x, y, profile, rows)
            if value is None:
                continue
            on_axes = {x, y} == set(places)
            timed = any(profile.column(str(e.field)).is_time for e in (x, y))
            told = relation_in_groups(x, y, value, design, profile, rows)
            if told is None and not timed and rows is not None:
                told = _bend(x, y, value, profile, rows)
            told = told or (abs(value), relation(x, y, value, design, profile, rows))
            if on_axes and told[0] >= WEAK:
                return [told]  # what a chart is about
            found.append(told)
    return found


def drawn_relation(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return how two numbers of a slice go together, of which only what is drawn tells."""
    places = design.encodings[:2]
    if rows is None or design.mark != "point" or design.style.projected or len(places) < 2:
        return None
    x, y = places
    if x.field is None or y.field is None or x.discrete or y.discrete:
        return None
    value = _of_rows(x, y, rows)
    if value is None:
        return None
    told = relation_in_groups(x, y, value, design, profile, rows)
    return relation(x, y, value, design, profile, rows) if told is None else told[1]


def rank_correlation(
    x: Encoding, y: Encoding, profile: Profile, rows: ChartRows | None = None
) -> float | None:
    """Return the rank correlation of the rows in which two columns both have a value.

    The profile's takes a gap for a middle value, which pulls it towards zero, and by how much
    depends on where the gaps are. So of columns with gaps only rows that are drawn tell it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> some = [n if n < 100 else None for n in range(300)]
    >>> profile = profile_table(pa.table({"a": list(range(300)), "b": some}))
    >>> x = Encoding("x", "a", "value", "quantitative")
    >>> y = Encoding("y", "b", "value", "quantitative")
    >>> round(profile.pair("a", "b", "spearman"), 2), rank_correlation(x, y, profile)
    (0.19, None)
    """
    value = profile.pair(str(x.field), str(y.field), "spearman")
    if not any(profile.column(str(e.field)).null_share for e in (x, y)):
        return value
    return None if rows is None else _of_rows(x, y, rows)


def _bend(
    x: Encoding, y: Encoding, value: float, profile: Profile, rows: ChartRows
) -> tuple[float, str] | None:
    """Return how far one number rises and falls again with another, which no rank tells.

    Ranks are compared between parts of the rows from the lowest x to the highest; the share is that
    which is not due to chance (Wherry 1931).
    """
    pairs = drawn_pairs(x, y, rows) if abs(value) < WEAK else []
    n_parts = min(BEND_PARTS, len(pairs) // MIN_PART)
    if n_parts < MIN_PARTS:
        return None
    first, second = (ranks_of(values) for values in zip(*pairs, strict=True))
    place = (first - first.min()) / (np.ptp(first) or 1) * n_parts
    parts = [second[np.minimum(place.astype(int), n_parts - 1) == at] for at in range(n_parts)]
    whole = float(((second - second.mean()) ** 2).sum())
    if not whole or not all(map(len, parts)):
        return None
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    share = 1 - within / whole * (len(second) - 1) / (len(second) - n_parts)
    first_mean, *middle, last_mean = (float(part.mean()) for part in parts)
    higher = max(first_mean, last_mean)
    lower = min(first_mean, last_mean)
    lowest, highest = min(middle) < lower, max(middle) > higher
    if share < MIN_BEND or lowest == highest:
        return None
    ends = f"{'lowest' if lowest else 'highest'} at middle values of {name_of(x, profile)}"
    thirds = _thirds_of(pairs)
    if not all(thirds):
        return None
    middle = [float(np.median(of)) for of in thirds]
    told = [brief(one, y, profile) for one in middle]
    figures = f"median {told[1]}, {told[0]} in the lowest third and {told[2]} in the highest"
    return share**0.5, f"{name_of(y, profile)} is {ends}: {figures}"


def _thirds_of(pairs: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Return the second numbers of the pairs of the lowest, middle and highest third."""
    low, high = np.quantile([pair[0] for pair in pairs], (1 / 3, 2 / 3))
    parts: list[list[float]] = [[], [], []]
    for first, second in pairs:
        parts[0 if first <= low else 2 if first >= high else 1].append(second)
    return parts


def _of_rows(x: Encoding, y: Encoding, rows: ChartRows) -> float | None:
    """Return the rank correlation of what is drawn; None where it is no rows of the table."""
    pairs = drawn_pairs(x, y, rows)
    return None if len(pairs) < MIN_ROWS else pair_correlation(pairs)
