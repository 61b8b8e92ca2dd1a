"""Owns bins: round edges, how many, and how a chart shows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from erp_widget.aggregate.limits import inner_ends
from vizmodel.design import Channel, Design, Encoding
from vizmodel.profile.reading.arrays import as_floats

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: Share of a bin by which a value that is an edge may miss it.
EDGE = 1e-9
#: Share of a step by which a number that keeps to it may miss it.
NOISE = 1e-3
#: Share of the distances between different values that are a multiple of the commonest of them
#: where values keep to it. Shorter distances, or longer than its inverse, are not looked at.
MIN_KEPT, LEAST_GAP = 0.75, 1e-280
#: Bins of fewer steps are equal only if the largest value has its own; of so many, a part of a
#: step is not seen.
MANY_STEPS, ROUGH_STEPS = 4, 8
#: No bin begins below, or ends above, ten to these powers: see `LEAST_NUMBER`; no float is larger.
MIN_EXPONENT, MAX_EXPONENT = -300, 308.25
BinForm = Literal["edges", "middle", "label"]
Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
#: Bins aimed at on an axis, and in each direction of a heat map.
HISTOGRAM_BINS, HEATMAP_BINS, GROUP_BINS = 24, 20, 10
#: Where fewer than so many would hold the inner half of the values, bins may be more.
MIN_INNER, FINE_BINS = 3, {HISTOGRAM_BINS: 40, HEATMAP_BINS: 30}


class Bins(Struct, frozen=True):
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
    #: Whether each bin is of one value, in its middle.
    single: bool = False

    def note(self) -> str | None:
        """Say what the outermost bins hold besides their own values.

        Examples
        --------
        >>> Bins(0.0, 10.0, 5, above=8000.0).note()
        'the last bin goes on up to 8,000'
        """
        said = []
        if self.below is not None:
            said.append(f"the first bin goes on down to {_said(self.below)}")
        if self.above is not None:
            said.append(f"the last bin goes on up to {_said(self.above)}")
        return "; ".join(said) or None

    def edge(self, index: float) -> int | float:
        """Return the lower edge of a bin, or a place in it (0.5 is its middle), without noise."""
        digits = max(0, 2 - math.floor(math.log10(self.step)))
        value = round(self.start + index * self.step, digits)
        if self.log:
            exponent = min(self.start + index * self.step, MAX_EXPONENT)
            value = float(f"{10.0**exponent:.6g}")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    def label(self, index: int) -> str:
        """Return a bin as text, for scales of separate values."""
        return f"{self.edge(index):,} – {self.edge(index + 1):,}"

    def record(self, channel: Channel, index: int, form: BinForm) -> dict[str, Any]:
        """Return a bin as the fields of a chart's record."""
        if form == "label":
            return {channel: self.label(index)}
        if form == "middle":
            return {channel: self.edge(index + 0.5)}
        ends = {channel: self.edge(index), f"{channel}2": self.edge(index + 1)}
        return ends | ({f"{channel}_only": self.edge(index + 0.5)} if self.single else {})


def _said(value: float) -> str:
    """Return a number with its thousands, and no more digits than anybody reads.

    Examples
    --------
    >>> _said(0.123456), _said(9999.6)
    ('0.1235', '10,000')
    """
    return f"{value:,.0f}" if 9_999.5 <= abs(value) < 1e15 else f"{value:,.4g}"


def grain_of(values: Floats) -> float:
    """Return the step to which nearly all numbers keep, such as 1 or 0.25; 0 where there is none.

    Parameters
    ----------
    values
        Different numbers, sorted.

    Examples
    --------
    >>> grain_of(np.array([0.1, 0.2, 0.3, 0.7])), grain_of(np.array([17.5, 22, 27, 32, 37, 42]))
    (0.1, 5.0)
    >>> grain_of(np.sqrt(np.arange(90)))
    0.0
    """
    gaps = _gaps(values)
    found, counts = np.unique(gaps, return_counts=True)
    if not len(found) or counts.max() < 2:
        return 0.0
    common = float(found[counts.argmax()])
    kept = np.abs(gaps / common - np.round(gaps / common)) < NOISE
    return common if kept.mean() >= MIN_KEPT else 0.0


def _gaps(values: Floats) -> Floats:
    """Return the distances between sorted numbers, without the noise of their last digits."""
    with np.errstate(over="ignore"):  # of the largest numbers, distances are endless
        gaps = np.diff(values)
    gaps = gaps[(gaps > LEAST_GAP) & (gaps < 1 / LEAST_GAP)]
    scale = 10.0 ** (5 - np.floor(np.log10(gaps)))
    return np.round(gaps * scale) / scale


def most_bins(values: Floats, n_values: int, limit: int) -> int:
    """Return how many bins some values fill at most.

    Few values make few bins, or most would hold one or two of them. Few different ones make none
    that are narrower than they are usually apart, or every other bin would hold none.

    Parameters
    ----------
    values
        Different numbers, sorted.
    n_values
        How many there are of them, with those that repeat.
    limit
        Most bins of however many values.

    Examples
    --------
    >>> most_bins(np.arange(16.0), 16, 24), most_bins(np.arange(900.0), 900, 24)
    (6, 24)
    >>> most_bins(np.array([0.0, 0.1, 0.15, 0.2, 0.3, 0.32, 0.4, 0.5]), 9_000, 24)
    7
    """
    most = min(limit, round(math.sqrt(n_values)) + 2)
    gaps = _gaps(values) if 2 < len(values) <= limit else values[:0]
    if not len(gaps):
        return most
    usual = float(np.quantile(gaps, 0.5, method="lower"))
    return max(2, min(most, int((values[-1] - values[0]) / usual + EDGE) + 1))


def nice_bins(low: float, high: float, max_bins: int, grain: float = 0.0) -> Bins:
    """Return at most `max_bins` bins from `low` to `high` with a width of 1, 2 or 5 times 10^n.

    Parameters
    ----------
    low, high
        The smallest and the largest value.
    max_bins
        Most bins.
    grain
        A step to which the values keep: bins are a multiple of it, so that each holds as many
        different values as the others.

    Examples
    --------
    >>> nice_bins(15.0, 42.0, 24, grain=5.0)
    Bins(start=15.0, step=5.0, count=6, log=False, below=None, above=None, single=False)
    """
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return Bins(low, 1.0, 1)
    for step in _widths(span / max_bins, grain):
        start = math.floor(low / step + EDGE) * step
        count = max(1, math.ceil((high - start) / step - EDGE))
        if step < MANY_STEPS * grain:
            # Where the largest value is an edge, it has a bin of its own as any other edge has.
            count = math.floor((high - start) / step + EDGE) + 1
        if count <= max_bins:
            break
    return Bins(start, step, count)


def _widths(least: float, grain: float) -> list[float]:
    """Return widths of bins, smallest first: round ones, and those that some steps make."""
    power = 10.0 ** math.floor(math.log10(max(least, grain)))
    widths = [power * factor for factor in (1, 2, 5, 10, 20, 50, 100)]
    if not grain:
        return widths
    even = [width for width in widths if width >= ROUGH_STEPS * grain or _is_multiple(width, grain)]
    is_round = any(math.isclose(width, grain, rel_tol=NOISE) for width in widths)
    return sorted(even + ([] if is_round else [grain * times for times in (1, 2, 4)]))


def _is_multiple(width: float, grain: float) -> bool:
    times = width / grain
    return times > 0.5 and abs(times - round(times)) < NOISE * times


def log_bins(low: float, high: float, max_bins: int, grain: float = 0.0) -> Bins:
    """Return at most `max_bins` bins of equal width on a log scale: parts of decades, or decades.

    Examples
    --------
    >>> log_bins(1.0, 900.0, 10).count, [log_bins(1.0, 900.0, 10).edge(at) for at in range(4)]
    (9, [1, 2.15443, 4.64159, 10])
    >>> log_bins(1.0, 90.0, 24).count, log_bins(1.0, 90.0, 24, grain=1.0).count
    (20, 6)
    """
    first, last = math.log10(low), math.log10(high)
    # Between two steps is no value: the first bin reaches from one to the next.
    least = math.log10(1 + grain / low) - EDGE if low >= grain else 0.0
    for step in (0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0):
        index = max(math.floor(first / step + EDGE), math.ceil(MIN_EXPONENT / step))
        count = max(1, math.ceil(last / step - EDGE) - index)
        if count <= max_bins and step >= least:
            break
    return Bins(index * step, step, count, log=True)


def table_bins(table: AnyTable, encoding: Encoding, design: Design) -> Bins:
    """Return round bins over the whole table's extent, which the table remembers."""
    low, high, _ = table.extent(str(encoding.field))
    values = as_floats(table.sample().column(str(encoding.field)).drop_null())
    values = values[np.isfinite(values)]
    different = np.unique(values)
    grain, limit = grain_of(different), _limit(encoding, design)
    apart = different[:0] if grain else different
    if encoding.channel not in ("x", "y"):
        return nice_bins(low, high, most_bins(apart, len(values), limit), grain)
    if encoding.channel in design.style.log and 0 <= low < high:
        # Zeros are in the first bin.
        least = low or float(values[values > 0].min(initial=high))
        bins = log_bins(least, high, most_bins(apart[:0], len(values), limit), grain)
        return replace(bins, below=low if low < bins.edge(0) else None)
    # A giant that the sample misses is there all the same.
    missed = [end for end in (low, high) if len(different) and end not in different[[0, -1]]]
    ends = inner_ends(np.append(values, missed)) or (low, high)
    inside = apart[(apart >= ends[0]) & (apart <= ends[1])]
    first, last = max(ends[0], low), min(ends[1], high)
    most = most_bins(inside, len(values), limit)
    bins = nice_bins(first, last, most, grain)
    if limit in FINE_BINS and not 0 < len(inside) <= limit:
        bins = _finer(bins, (first, last), values, FINE_BINS[limit], grain)
    below = low if low < bins.edge(0) else None
    bins = replace(bins, below=below, above=high if high > bins.edge(bins.count) else None)
    return (
        bins if bin_form(design, encoding.channel) == "label" else _around(bins, different, grain)
    )


def _finer(bins: Bins, ends: tuple[float, float], values: Floats, limit: int, grain: float) -> Bins:
    """Return finer bins where few values far from the others would leave these in two or three.

    They are no finer than what so many values can tell (Freedman and Diaconis 1981).
    """
    with np.errstate(over="ignore", invalid="ignore"):  # of the largest numbers there is no half
        q1, q3 = np.quantile(values, (0.25, 0.75)).tolist()
    least = 2 * (q3 - q1) / len(values) ** (1 / 3)
    if not 0 < q3 - q1 < MIN_INNER * bins.step or not math.isfinite(least):
        return bins
    first, last = ends
    finer = nice_bins(first, last, max(1, min(limit, int((last - first) / least))), grain)
    return finer if finer.step < bins.step else bins


def _around(bins: Bins, values: Floats, grain: float) -> Bins:
    """Return bins of one step around their values: a bar stands over its number, not beside it."""
    steps = values / grain if grain else values
    if not math.isclose(bins.step, grain, rel_tol=NOISE):
        return bins
    if np.abs(steps - np.round(steps)).max() >= NOISE:
        return bins
    return replace(bins, start=bins.start - bins.step / 2, single=True)


def _limit(encoding: Encoding, design: Design) -> int:
    """Return the most bins that a channel shows."""
    if encoding.channel not in ("x", "y"):
        return GROUP_BINS
    ends = (design.encoding("x"), design.encoding("y"))
    plane = all(one is not None and one.bin for one in ends)
    other = any(e.aggregate not in (None, "count") for e in design.encodings)
    return HEATMAP_BINS if plane else GROUP_BINS if other else HISTOGRAM_BINS


def bin_form(design: Design, channel: Channel) -> BinForm:
    """Bars and cells reach from edge to edge, points stand in the middle, all else is a label."""
    if channel not in ("x", "y") or design.mark == "boxplot":
        return "label"
    return "edges" if design.mark in ("bar", "rect") else "middle"
