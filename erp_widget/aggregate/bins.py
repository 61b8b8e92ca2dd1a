"""Owns bins: round edges, how many, and how a chart shows them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from erp_widget.aggregate.limits import inner_ends
from vizmodel.design import Channel, Design, Encoding
from vizmodel.profile.arrays import as_floats

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: Share of a bin by which a value that is an edge may miss it.
EDGE = 1e-9
#: No float above zero is smaller, or larger, than ten to these powers.
MIN_EXPONENT, MAX_EXPONENT = -323, 308.25
BinForm = Literal["edges", "middle", "label"]
#: Bins aimed at on an axis, and in each direction of a heat map.
HISTOGRAM_BINS, HEATMAP_BINS, GROUP_BINS = 24, 20, 10


@dataclass(frozen=True, slots=True)
class Bins:
    """Equal bins with round edges, or bins that are equal on a log scale to base ten.

    Examples
    --------
    >>> bins = nice_bins(0.0, 97.0, 10)
    >>> bins.start, bins.step, bins.count
    (0.0, 10.0, 10)
    """

    start: float
    step: float
    count: int
    log: bool = False
    #: The smallest value where it lies below the first bin, which holds it, and the largest.
    below: float | None = None
    above: float | None = None

    def note(self) -> str | None:
        """Say what the outermost bins hold besides their own values.

        Examples
        --------
        >>> Bins(0.0, 10.0, 5, above=8000.0).note()
        'the last bin holds all larger values, too, up to 8,000'
        """
        said = []
        if self.below is not None:
            said.append(f"the first bin holds all smaller values, too, down to {_said(self.below)}")
        if self.above is not None:
            said.append(f"the last bin holds all larger values, too, up to {_said(self.above)}")
        return "; ".join(said) or None

    def edge(self, index: float) -> int | float:
        """Return the lower edge of a bin, or a place in it (0.5 is its middle), without noise."""
        digits = max(0, 2 - math.floor(math.log10(self.step)))
        value = round(self.start + index * self.step, digits)
        if self.log:
            exponent = min(self.start + index * self.step, MAX_EXPONENT)
            value = float(f"{10.0**exponent:.6g}")
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


def _said(value: float) -> str:
    """Return a number with its thousands, and no more digits than anybody reads."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:,.4g}"


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


def log_bins(low: float, high: float, max_bins: int, whole: bool = False) -> Bins:
    """Return at most `max_bins` bins of equal width on a log scale: parts of decades, or decades.

    Examples
    --------
    >>> log_bins(1.0, 900.0, 10).count, [log_bins(1.0, 900.0, 10).edge(at) for at in range(4)]
    (9, [1, 2.15443, 4.64159, 10])
    >>> log_bins(1.0, 90.0, 24).count, log_bins(1.0, 90.0, 24, whole=True).count
    (20, 6)
    """
    first, last = math.log10(low), math.log10(high)
    # Between whole numbers is none: the first bin reaches from one to the next.
    least = math.log10(1 + 1 / low) - EDGE if whole and low >= 1 else 0.0
    for step in (0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0):
        index = max(math.floor(first / step + EDGE), math.ceil(MIN_EXPONENT / step))
        count = max(1, math.ceil(last / step - EDGE) - index)
        if count <= max_bins and step >= least:
            break
    return Bins(index * step, step, count, log=True)


def table_bins(table: AnyTable, encoding: Encoding, design: Design) -> Bins:
    """Return round bins over the whole table's extent, which the table remembers."""
    low, high, whole = table.extent(str(encoding.field))
    if encoding.channel not in ("x", "y"):
        return nice_bins(low, high, GROUP_BINS, whole)
    both = all(e.bin for e in design.encodings if e.channel in ("x", "y"))
    plane = both and design.encoding("x") is not None and design.encoding("y") is not None
    other = any(e.aggregate not in (None, "count") for e in design.encodings)
    limit = HEATMAP_BINS if plane else GROUP_BINS if other else HISTOGRAM_BINS
    values = as_floats(table.sample().column(str(encoding.field)).drop_null())
    if encoding.channel in design.style.log and 0 <= low < high:
        # Zeros are in the first bin.
        least = low or float(values[values > 0].min(initial=high))
        bins = log_bins(least, high, limit, whole)
        return replace(bins, below=low if low < bins.edge(0) else None)
    ends = inner_ends(values)
    if ends is None:
        return nice_bins(low, high, limit, whole)
    bins = nice_bins(max(ends[0], low), min(ends[1], high), limit, whole)
    below = low if low < bins.edge(0) else None
    return replace(bins, below=below, above=high if high > bins.edge(bins.count) else None)


def bin_form(design: Design, channel: Channel) -> BinForm:
    """Bars and cells reach from edge to edge, points stand in the middle, all else is a label."""
    if channel not in ("x", "y") or design.mark == "boxplot":
        return "label"
    return "edges" if design.mark in ("bar", "rect") else "middle"
