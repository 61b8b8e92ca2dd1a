"""Owns bins: round edges, how many, and how a chart shows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from vizmodel.design import Channel, Design, Encoding

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

BinForm = Literal["edges", "middle", "label"]
#: Bins aimed at on an axis, and in each direction of a heat map.
HISTOGRAM_BINS, HEATMAP_BINS, GROUP_BINS = 24, 20, 10


@dataclass(frozen=True, slots=True)
class Bins:
    """Equal bins with round edges.

    Examples
    --------
    >>> nice_bins(0.0, 97.0, 10)
    Bins(start=0.0, step=10.0, count=10)
    """

    start: float
    step: float
    count: int

    def edge(self, index: float) -> int | float:
        """Return the lower edge of a bin, or a place in it (0.5 is its middle), without noise."""
        digits = max(0, 2 - math.floor(math.log10(self.step)))
        value = round(self.start + index * self.step, digits)
        return int(value) if value.is_integer() else value

    def label(self, index: int) -> str:
        """Return a bin as text, for scales of separate values."""
        return f"{self.edge(index):,} – {self.edge(index + 1):,}"

    def record(self, channel: Channel, index: int, form: BinForm) -> dict[str, Any]:
        """Return a bin as the fields of a chart's record."""
        if form == "label":
            return {channel: self.label(index)}
        if form == "middle":
            return {channel: self.edge(index + 0.5)}
        return {channel: self.edge(index), f"{channel}2": self.edge(index + 1)}


def nice_bins(low: float, high: float, max_bins: int, whole: bool = False) -> Bins:
    """Return at most `max_bins` bins from `low` to `high` with a width of 1, 2 or 5 times 10^n."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return Bins(low, 1.0, 1)
    power = 10.0 ** math.floor(math.log10(span / max_bins))
    widths = [power * factor for factor in (1, 2, 5, 10, 20)]
    if whole:
        widths = [width for width in widths if width >= 1] or [1.0]
    for step in widths:
        start = math.floor(low / step) * step
        count = max(1, math.ceil((high - start) / step))
        if whole and step == 1:
            count = round(high - start) + 1
        if count <= max_bins:
            break
    return Bins(start, step, count)


def table_bins(table: AnyTable, encoding: Encoding, design: Design) -> Bins:
    """Return round bins over the whole table's extent, which the table remembers."""
    low, high, whole = table.extent(str(encoding.field))
    if encoding.channel not in ("x", "y"):
        return nice_bins(low, high, GROUP_BINS, whole)
    both = all(e.bin for e in design.encodings if e.channel in ("x", "y"))
    plane = both and design.encoding("x") is not None and design.encoding("y") is not None
    other = any(e.aggregate not in (None, "count") for e in design.encodings)
    limit = HEATMAP_BINS if plane else GROUP_BINS if other else HISTOGRAM_BINS
    return nice_bins(low, high, limit, whole)


def bin_form(design: Design, channel: Channel) -> BinForm:
    """Bars and cells reach from edge to edge, points stand in the middle, all else is a label."""
    if channel not in ("x", "y") or design.mark == "boxplot":
        return "label"
    return "edges" if design.mark in ("bar", "rect") else "middle"
