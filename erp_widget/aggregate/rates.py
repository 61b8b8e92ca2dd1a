"""Owns the share of one part in each group, with how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows, not_shown
from erp_widget.aggregate.values import MISSING, readable
from erp_widget.words import spoken
from vizmodel.design import Design

#: Most bars that have an interval each: more would be hatched.
MAX_INTERVALS = 12
INTERVALS, BAND = "thin lines are 95% intervals", "the band shows 95% intervals"
#: Share of the highest end of an interval that the widest has at least, or no band would be seen.
MIN_BAND = 0.04
#: Standard deviations within which nineteen of twenty values lie.
SPREAD = 1.959964
#: After the point: of a million rows a few are seen.
DIGITS = 6


def with_rates(found: ChartRows, n_rows: int, design: Design) -> ChartRows:
    """Return the share of one part in each group in place of how many rows each part has.

    Rows of which it is not known are in no share, and the note tells them.

    Parameters
    ----------
    found
        What was counted.
    n_rows
        Rows of the table.
    design
        Of the chart, as it is styled; without a rate the rows stay as they are.

    Examples
    --------
    >>> from vizmodel.design import Encoding, Style
    >>> bars = Design("bar", (Encoding("x", "shop", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative"),
    ...                       Encoding("color", "paid", "category", "nominal")),
    ...               Style(stack="normalize", rate="no"))
    >>> paid = [{"x": "a", "y": 90, "color": "yes"}, {"x": "a", "y": 10, "color": "no"}]
    >>> shown = with_rates(ChartRows(paid, 100), 100, bars)
    >>> shown.records, shown.overall
    ([{'x': 'a', 'y': 0.1, 'rows': 100, 'low': 0.055229, 'high': 0.174366}], 0.1)
    """
    color = design.encoding("color")
    if design.style.rate is None or color is None:
        return found
    measure = next(e.channel for e in design.encodings if e.aggregate is not None)
    told = readable(design.style.rate, color)
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    n_told: dict[tuple[Any, ...], float] = {}
    n_missing = 0
    for record in found.records:
        size = record[measure] or 0
        if record["color"] == MISSING:
            n_missing += size
            continue
        place = {key: v for key, v in record.items() if key not in (measure, "color", "partial")}
        group = groups.setdefault(tuple(place.values()), place | {measure: 0.0, "rows": 0})
        group["rows"] += size
        group |= {"partial": True} if record.get("partial") else {}
        at = tuple(place.values())
        n_told[at] = n_told.get(at, 0) + (size if record["color"] == told else 0)
    shares = [_record(group, measure, n_told[at]) for at, group in groups.items() if group["rows"]]
    n_known = sum(record["rows"] for record in shares)
    course = design.style.course
    bounded = bool(shares) and (course or len(shares) <= MAX_INTERVALS)
    if bounded:
        ends = [_interval(r[measure], r["rows"]) for r in shares]
        bounded = not course or _makes_a_band(ends)
        shares = [r | end for r, end in zip(shares, ends, strict=True)] if bounded else shares
    overall = round(sum(n_told.values()) / n_known, DIGITS) if n_known else None
    told_rows = replace(found, records=shares, n_shown=found.n_shown - n_missing, overall=overall)
    told_rows = told_rows.noted(_left_out(n_missing, n_rows, design, str(color.field)))
    return told_rows.noted((BAND if course else INTERVALS) if bounded else None)


def _left_out(n_missing: float, n_rows: int, design: Design, name: str) -> str | None:
    """Return what a note says of rows of which it is not known whether they are of the part."""
    if not n_missing:
        return None
    if any(e.transform == "sum" for e in design.encodings):  # the table's rows are others
        return f"not shown: what is without {spoken(name)}"
    return not_shown(int(n_missing), n_rows, [name])


def _record(group: dict[str, Any], measure: str, n_told: float) -> dict[str, Any]:
    return group | {measure: round(n_told / group["rows"], DIGITS)}


def _makes_a_band(ends: Sequence[Mapping[str, float]]) -> bool:
    """Whether what the rows leave open is seen around a line: of very many it is not."""
    widest = max(end["high"] - end["low"] for end in ends)
    return widest >= MIN_BAND * max(end["high"] for end in ends)


def _interval(share: float, n_rows: float) -> dict[str, float]:
    """Return between which shares that of all such rows is likely to lie (Wilson, 1927)."""
    square = SPREAD**2 / n_rows
    middle = share + square / 2
    reach = SPREAD * math.sqrt(share * (1 - share) / n_rows + square / (4 * n_rows))
    ends = ((middle - reach) / (1 + square), (middle + reach) / (1 + square))
    low, high = (round(min(max(end, 0.0), 1.0), DIGITS) for end in ends)
    return {"low": low, "high": high}
