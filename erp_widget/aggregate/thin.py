"""Owns what is of so few rows that it is drawn pale, or not, beside what is of many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from vizmodel.design import Design
from vizmodel.form.rates import share_told

#: A row or two are pale wherever others have more, and so are some more where the usual mark is of
#: so many times as many.
ALWAYS_THIN, MOST_THIN, FULL_TIMES = 2, 4, 4
#: Shares and boxes tell of more rows hardly more.
MOST_THIN_SHARE, MOST_THIN_BOX = 9, 5
#: Readings a day from which on a part of them is none, how near to the usual number others are,
#: share of the days that must have so many, and that of its readings that a day must have.
MIN_READINGS, ALIKE, MOST_ALIKE, WHOLE = 6, 0.9, 0.8, 0.75
_STEPS = {"year": "year", "yearmonth": "month", "yearmonthdate": "day"}
_NUMBERS = {1: "one row", 2: "one or two rows"}


def with_thin(found: ChartRows, design: Design) -> ChartRows:
    """Mark as `thin` the bars and boxes of few rows, where others are of more, and say so.

    A box of one row is a line, and a share of two rows is none, a half or all. A line of shares
    goes without them.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> bars = Design("bar", (Encoding("x", "day", "category", "nominal"),
    ...                       Encoding("y", "paid", "mean", "quantitative")))
    >>> paid = [{"x": "Mon", "y": 9.0, "rows": 1}, {"x": "Tue", "y": 2.0, "rows": 40}]
    >>> with_thin(ChartRows(paid, 41), bars).note
    'pale bars are of one row'
    """
    course = design.mark == "line" and share_told(design) is not None
    if design.mark in ("line", "area") and not course:
        return _without_parts(found, design)
    if design.mark not in ("bar", "boxplot") and not course:
        return found
    sizes = _sizes(found, design)
    most = thin_rows(sizes, most_thin(design))
    if not most:
        return found
    if course:
        return _without_thin(found, sizes, most, design)
    records = [
        record | {"thin": True} if size is not None and size <= most else record
        for record, size in zip(found.records, sizes, strict=True)
    ]
    rows = _rows(sizes, most)
    marks = "boxes" if design.mark == "boxplot" else "bars"
    return replace(found, records=records).noted(f"pale {marks} are of {rows}")


def _rows(sizes: list[int | None], most: int) -> str:
    """Say of how many rows pale marks are."""
    largest = max(size for size in sizes if size is not None and size <= most)
    return _NUMBERS.get(largest) or f"at most {largest} rows"


def _without_thin(
    found: ChartRows, sizes: list[int | None], most: int, design: Design
) -> ChartRows:
    """Leave out what would make a line leap to none or all, and say so."""
    pairs = list(zip(found.records, sizes, strict=True))
    kept = [record for record, size in pairs if size is None or size > most]
    n_left = len(pairs) - len(kept)
    unit = next((_STEPS[e.time_unit] for e in design.encodings if e.time_unit in _STEPS), "step")
    steps = f"a {unit}" if n_left == 1 else f"{n_left} {unit}s"
    return replace(found, records=kept).noted(f"without {steps} of {_rows(sizes, most)}")


def _without_parts(found: ChartRows, design: Design) -> ChartRows:
    """Leave out days of fewer readings, where other days have as many each, and say so.

    Their mean is that of some hours, to which a line would leap; that of some days is as good as
    that of a month.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> line = Design("line", (Encoding("x", "at", "yearmonthdate", "temporal"),
    ...                        Encoding("y", "heat", "mean", "quantitative")))
    >>> days = [{"x": f"2026-01-{day:02}", "y": 9.0, "rows": 24} for day in range(1, 10)]
    >>> days += [{"x": "2026-01-10", "y": 2.0, "rows": 3}]
    >>> with_thin(ChartRows(days, 219), line).note
    'without a day of less than three quarters of the usual readings'
    """
    daily = any(e.time_unit == "yearmonthdate" for e in design.encodings)
    sizes = [record.get("rows") for record in found.records]
    known = sorted(size for size in sizes if size is not None)
    if not daily or len(known) < len(sizes) or not known:
        return found
    usual = known[len(known) // 2]
    alike = sum(size >= ALIKE * usual for size in known if size <= usual / ALIKE)
    if usual < MIN_READINGS or alike < MOST_ALIKE * len(known):
        return found
    kept = [record for record in found.records if record["rows"] >= WHOLE * usual]
    n_left = len(sizes) - len(kept)
    if not n_left:
        return found
    days = "a day" if n_left == 1 else f"{n_left} days"
    return replace(found, records=kept).noted(
        f"without {days} of less than three quarters of the usual readings"
    )


def most_thin(design: Design) -> int:
    """Return of how many rows a pale mark of a drawn chart is at most.

    Parameters
    ----------
    design
        One from `as_rate`.
    """
    if design.mark == "boxplot":
        return MOST_THIN_BOX
    return MOST_THIN if share_told(design) is None else MOST_THIN_SHARE


def thin_rows(sizes: list[int | None], most: int = MOST_THIN) -> int:
    """Return how many rows a mark has at most that is drawn pale; 0 where none is.

    Examples
    --------
    >>> thin_rows([1, 4, 30, 20]), thin_rows([2, 3, 5]), thin_rows([1, 2]), thin_rows([4, 4, 16])
    (4, 2, 0, 0)
    """
    known = sorted(size for size in sizes if size is not None)
    if not known or known[-1] <= ALWAYS_THIN:
        return 0
    usual = known[len(known) // 2]
    few = max(ALWAYS_THIN, min(most, usual // FULL_TIMES))
    return few if known[0] <= few else 0


def _sizes(found: ChartRows, design: Design) -> list[int | None]:
    """Return how many rows each mark is of, a part of shares as many as its whole bar."""
    if design.style.stack != "normalize":
        return [record.get("rows") for record in found.records]
    measure = next((e for e in design.encodings if e.aggregate is not None), None)
    counts = measure is not None and measure.aggregate == "count"
    channel = measure.channel if measure is not None and counts else "rows"
    totals: dict[Any, int] = {}
    keys = [_bar(record, design) for record in found.records]
    for record, key in zip(found.records, keys, strict=True):
        totals[key] = totals.get(key, 0) + int(record.get(channel) or 0)
    return [totals[key] or None for key in keys]


def _bar(record: Mapping[str, Any], design: Design) -> tuple[Any, ...]:
    places = ("x", "y", "row", "column")
    keys = [e.channel for e in design.encodings if e.aggregate is None and e.channel in places]
    return tuple(record.get(channel) for channel in keys)
