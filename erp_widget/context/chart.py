"""Owns what is known of a chart while it is drawn: its design, its table and its rows together."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from msgspec import Struct

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.context import looks
from erp_widget.context.group_order import by_last_value, by_measure
from erp_widget.context.label_order import (
    MAX_SINGLE_BARS,
    in_code_order,
    n_places,
    places_of,
)
from erp_widget.context.number_kinds import (
    CLOCK_LABEL,
    MAX_WHOLE_TICKS,
    clock_ticks,
    is_clock,
    is_decimal_year,
    is_share,
    is_whole_count,
    is_year,
)
from erp_widget.context.number_labels import are_round, label_expression
from erp_widget.context.reaches import piled_reach, reach
from erp_widget.words import is_share_of_ones
from vizmodel.design import Design, Encoding
from vizmodel.form.style import adds_up, has_natural_order
from vizmodel.grammar.comparable import unit_panel
from vizmodel.grammar.gathering import compares_states
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.orders.labels import in_order, natural

MAX_PANEL_COLUMNS = 3
#: Panels side by side where three would leave one alone in its row.
PANEL_COLUMNS = {4: 2, 8: 4}
#: Smallest steps between numbers, of which some are named, and between texts.
MIN_NUMBER_STEP, MIN_TEXT_STEP = 4, 12
#: A panel whose largest value is below this share of the largest of all is flat.
FLAT_PANEL = 0.1
#: Most groups of points beside each other: more would be wider than the next place is far.
MAX_DODGED = 6
#: Fewest lines that are named in the order in which they end: two are answers, or told apart.
MIN_LINES = 3


class ChartContext(Struct, frozen=True, dict=True):
    """A design with what is known of its table and its rows."""

    design: Design
    profile: Profile
    rows: ChartRows

    def on(self, channel: str) -> Encoding | None:
        """Return the encoding of a channel."""
        return next((e for e in self.design.encodings if e.channel == channel), None)

    def column(self, encoding: Encoding) -> ColumnProfile | None:
        """Return the profile of an encoding's column."""
        try:
            return self.profile.column(encoding.field) if encoding.field else None
        except KeyError:
            return None

    @cached_property
    def summarised(self) -> bool:
        """Whether marks stand for groups of rows."""
        return any(e.aggregate is not None for e in self.design.encodings)

    @cached_property
    def _labels(self) -> dict[str, list[Any]]:
        return {
            e.channel: shown_labels(self, e) for e in self.design.encodings if is_label(self, e)
        }

    def labels(self, channel: str) -> list[Any]:
        """Return the separate values of a channel in the order shown; empty for other scales."""
        return self._labels.get(channel, [])

    def telling(self, encoding: Encoding) -> dict[str, Any]:
        """Return what writes separate values so that they differ, numbers of a size in one form."""
        labels, column = self.labels(encoding.channel), self.column(encoding)
        number = column is not None and column.kind == "number" and not column.is_time
        if number and column is not None and not column.calendar:
            # Levels of an experiment are sizes, too; codes are whole numbers, and hardly round.
            found = label_expression(labels) if column.is_size or are_round(labels) else {}
            if found:
                return found
        return looks.telling(encoding.channel, labels)

    @cached_property
    def measure(self) -> Encoding | None:
        """The encoding along which bars and areas grow."""
        places = [e for e in self.design.encodings if e.channel in ("x", "y")]
        summaries = [e for e in places if e.aggregate]
        plain = [e for e in places if e.transform == "value" and e.field_type == "quantitative"]
        found = summaries or plain
        return found[-1] if found else None

    @cached_property
    def stacked(self) -> bool:
        """Whether marks of one place are put on top of each other: only what adds up is."""
        measure = self.measure
        if self.design.style.stack is None or measure is None:
            return False
        column = self.column(measure)
        # What parts take away goes below nought; of other amounts it is not known what it means.
        signed = self.design.mark == "bar" and column is not None and column.parts
        there = all((r.get(measure.channel) or 0) >= 0 for r in self.rows.records)
        return adds_up(measure, column) and (there or signed)

    @cached_property
    def offset_channel(self) -> str | None:
        """Channel that puts coloured marks of one place side by side; None where not needed."""
        color, measure = self.on("color"), self.measure
        if color is None or not self.labels("color"):
            return None
        if self.design.mark not in ("bar", "boxplot") and not self._hide_one_another:
            return None
        if measure is None or self.stacked:
            return None
        dimension = self.on("y" if measure.channel == "x" else "x")
        if dimension is None or not self.labels(dimension.channel):
            return None
        if dimension.field == color.field or self._one_colour_each(dimension):
            return None
        return f"{dimension.channel}Offset"

    @cached_property
    def joins_states(self) -> bool:
        """Whether two states of each row are points on one line, which joins them."""
        return self.design.mark == "point" and compares_states(self.design, self.profile)

    @property
    def _hide_one_another(self) -> bool:
        """Whether points of several groups stand on one line, each for a row."""
        alone = self.design.mark == "point" and not self.summarised and self.on("size") is None
        return alone and not self.joins_states and len(self.labels("color")) <= MAX_DODGED

    def _one_colour_each(self, dimension: Encoding) -> bool:
        colored = {(r[dimension.channel], r["color"]) for r in self.rows.records}
        return len(dict(colored)) == len(colored) and not self.n_panels > 1

    @cached_property
    def continuous_bars(self) -> bool:
        """Whether bars stand on a scale of numbers."""
        return any(e.bin and e.channel in ("x", "y") for e in self.design.encodings)

    @cached_property
    def has_legend(self) -> bool:
        """Whether a legend takes room beside the plot."""
        return any(self.on(channel) for channel in ("color", "size", "shape"))

    @cached_property
    def n_panels(self) -> int:
        """Number of panels."""
        return max(1, len(self.labels("row"))) * max(1, len(self.labels("column")))

    def step(self, channel: str) -> int:
        """Return the pixels that each label of a position gets."""
        labels = self.labels(channel)
        step = looks.column_step(labels) if channel == "x" else looks.row_step(len(labels))
        if self.n_panels > 1:
            numbers = all(isinstance(label, int) for label in labels)
            room = 180 if self.n_panels <= 2 else 130
            least = MIN_NUMBER_STEP if numbers else MIN_TEXT_STEP
            step = max(least, min(step, room // len(labels)))
        if self.offset_channel == f"{channel}Offset":
            groups = max(1, len(self.labels("color")))
            step = max(step, looks.offset_step(groups, len(labels)))
        return step

    @cached_property
    def panel_columns(self) -> int:
        """Number of panels beside each other."""
        rows, columns = len(self.labels("row")), len(self.labels("column"))
        if rows and columns:
            return columns
        # Panels of separate values are narrow, and would make a tower.
        narrow = rows > 2 and bool(self.labels("x"))
        if rows <= 4 and not columns and not narrow:
            return 1
        panels = rows or columns
        wanted = PANEL_COLUMNS.get(panels, min(panels, MAX_PANEL_COLUMNS))
        width = self.step("x") * len(self.labels("x")) if self.labels("x") else 1
        return max(1, min(wanted, looks.PANELS_EXTENT // width))

    @cached_property
    def plot_width(self) -> int:
        """Pixels of a plot along an x axis that has no bands."""
        full = looks.PLOT_WIDTH_WITH_LEGEND if self.has_legend else looks.PLOT_WIDTH
        full -= max(0, looks.label_width(self.labels("y")) - 130)
        if self.panel_columns <= 2:
            return full if self.panel_columns == 1 else 190
        return max(60, min(135, looks.PANELS_EXTENT // self.panel_columns))

    @cached_property
    def leaves_holes(self) -> bool:
        """Whether the last row of panels has fewer than the others."""
        single = not (self.on("row") and self.on("column"))
        return single and self.n_panels % self.panel_columns != 0

    @cached_property
    def own_scales(self) -> str | None:
        """Channel of the measure where one scale for all panels would make most of them flat."""
        measure = self.measure
        panels = [self.on(channel) for channel in ("row", "column")]
        single = next((e for e in panels if e is not None), None)
        if measure is None or single is None or all(panels) or self.is_log(measure):
            return None
        if unit_panel(self.design, self.profile) is not None:
            return measure.channel  # dollars are measured on no scale of percent
        reach: dict[Any, float] = {}
        for record in self.rows.records:
            value = record.get(measure.channel, record.get("median"))
            if isinstance(value, int | float):
                panel = record.get(single.channel)
                reach[panel] = max(reach.get(panel, 0.0), abs(value))
        usual = sorted(reach.values())[(len(reach) - 1) // 2] if reach else 0.0
        flat = 0 < usual < FLAT_PANEL * max(reach.values(), default=0.0)
        return measure.channel if flat else None

    @cached_property
    def piled(self) -> bool:
        """Whether marks of different colours share one place, one after the other."""
        if not self.labels("color"):
            return False
        return self.design.mark == "arc" or self.stacked

    def span(self, encoding: Encoding) -> tuple[float, float]:
        """Return the smallest and largest number that a channel shows, piles as a whole.

        What lies beyond an axis is not among them.
        """
        known = self._spans.get(encoding.channel)
        if known is None:
            limits = self.rows.limits.get(encoding.channel)
            known = self._spans[encoding.channel] = limits or self._span(encoding)
        return known

    @cached_property
    def _spans(self) -> dict[str, tuple[float, float]]:
        return {}

    def _span(self, encoding: Encoding) -> tuple[float, float]:
        find = piled_reach if self.stacked and encoding is self.measure else reach
        return find(self.design, encoding, self.rows.records)

    def is_log(self, encoding: Encoding) -> bool:
        """Whether a channel has a log scale, on which what is below zero would have no place."""
        if encoding.channel not in self.design.style.log or self.labels(encoding.channel):
            return False
        low = self.span(encoding)[0]
        return low > 0 or (low == 0 and not encoding.bin)

    def axis(self, encoding: Encoding) -> dict[str, Any]:
        """Return the axis of a scale of numbers."""
        axis: dict[str, Any] = {"labelOverlap": True}
        column = self.column(encoding)
        low, high = self.span(encoding)
        if self.from_zero(encoding):
            low, high = min(low, 0), max(high, 0)
        if is_year(column, encoding):
            axis |= {"format": "d", "tickMinStep": 1}
        elif is_decimal_year(column, low, high):
            axis |= {"format": "~r" if high - low < MAX_WHOLE_TICKS else "d"}
        elif is_clock(column, encoding):
            return {"axis": axis | {"labelExpr": CLOCK_LABEL} | clock_ticks(low, high)}
        elif is_share(column, encoding):
            axis |= {"format": "~%"}
        else:
            axis |= looks.axis_format(high, low)
        if is_whole_count(encoding, column) and low < high:
            if high - low < (MAX_WHOLE_TICKS if self.n_panels <= 2 else 2):
                # Of few values Vega would write 4.0 and 5.0.
                whole = {} if "format" in axis or "labelExpr" in axis else {"format": ",d"}
                ticks = range(math.ceil(low), math.floor(high) + 1)
                return {"axis": axis | whole | {"values": list(ticks)}}
            axis["tickMinStep"] = 1
        size = 5 if self.n_panels <= 2 else 3
        return {"axis": axis | {"tickCount": size}}

    def from_zero(self, encoding: Encoding) -> bool:
        """Whether a scale of numbers begins at zero: lengths, and amounts that add up, do."""
        grows = self.design.mark in ("bar", "area") and encoding is self.measure
        grows = grows and self.design.ends is None
        low, high = self.span(encoding)
        # Shares of a yes are told from none to all, as counts are.
        share = is_share_of_ones(encoding, self.profile)
        total = encoding.aggregate in ("count", "sum", "distinct")
        return grows or share or total or low == high


def is_label(context: ChartContext, encoding: Encoding) -> bool:
    """Whether a channel shows separate labels rather than a scale of numbers or times."""
    if encoding.discrete or encoding.field_type in ("nominal", "ordinal"):
        return not _is_counted_out(context, encoding)
    if stands_for_itself(context, encoding):
        return True
    return encoding.channel in context.rows.orders


def _is_counted_out(context: ChartContext, encoding: Encoding) -> bool:
    """Whether separate numbers stand as far apart as they are.

    Those along a line do, and those of points that say how much where they are far from even.
    """
    channel, mark = encoding.channel, context.design.mark
    if channel not in ("x", "y") or encoding.transform != "category":
        return False
    values = {record.get(channel) for record in context.rows.records}
    if not all(type(value) in (int, float) for value in values):
        return False
    column = context.column(encoding)
    uneven = column is not None and column.is_size and places_of(values) is None
    return mark in ("line", "area") or (mark in ("point", "tick") and uneven and len(values) > 2)


def stands_for_itself(context: ChartContext, encoding: Encoding) -> bool:
    """Whether bars stand on single numbers, such as years: each number then gets its place."""
    if context.design.mark not in ("bar", "boxplot") or encoding.channel not in ("x", "y"):
        return False
    ends = context.design.ends or (context.measure,)
    if encoding.transform != "value" or encoding in ends:
        return False
    values = {record.get(encoding.channel) for record in context.rows.records}
    if not all(isinstance(value, int | float) for value in values):
        return False
    # Where too many places would be empty, bars stand as far apart as their numbers are.
    far = context.design.mark == "bar" and n_places(values) > MAX_SINGLE_BARS
    return len(values) <= MAX_SINGLE_BARS and not far


def _end_beside_legend(context: ChartContext, labels: list[Any]) -> bool:
    """Whether lines of some names run towards a legend, one plot's along a time or a number."""
    x = context.on("x")
    along = x is not None and x.field_type in ("temporal", "quantitative")
    panels = context.on("row") is not None or context.on("column") is not None
    names = len(labels) >= MIN_LINES and all(isinstance(label, str) for label in labels)
    return context.design.mark == "line" and along and names and not panels


def shown_labels(context: ChartContext, encoding: Encoding) -> list[Any]:
    """Return a channel's labels in the order shown, the missing one last, or that of all."""
    channel = encoding.channel
    present = list(dict.fromkeys(record.get(channel) for record in context.rows.records))
    ordered = _in_order(context, encoding, present)
    last = (MISSING, WHOLE)
    return [v for v in ordered if v not in last] + [v for v in ordered if v in last]


def _in_order(context: ChartContext, encoding: Encoding, present: list[Any]) -> list[Any]:
    channel = encoding.channel
    fixed = context.rows.orders.get(channel)
    if fixed is not None:
        gapless = encoding.time_unit == "year"
        return [label for label in fixed if gapless or label in present]
    by_size = context.design.style.sort == channel
    # The largest of many stand by size, whatever their names.
    if by_size and context.design.style.top is not None:
        return by_measure(present, channel, context.design, context.rows.records, context.stacked)
    last = [v for v in present if v in (MISSING, WHOLE)]
    named = [v for v in present if v not in last]
    column = context.column(encoding)
    listed = () if column is None else column.listed
    steps = in_code_order(named)
    if steps is None and set(named) <= set(listed):
        steps = [label for label in listed if label in named]
    steps = steps or in_order(named)
    if steps is not None:
        return steps + last
    ordered = column is not None and has_natural_order(column)
    if by_size and not ordered:
        return by_measure(present, channel, context.design, context.rows.records, context.stacked)
    if channel == "color" and not ordered and _end_beside_legend(context, named):
        return by_last_value(sorted(named, key=natural), context.rows.records) + last
    numbers = [v for v in present if not isinstance(v, str)]
    if channel in ("x", "y") and (is_year(column, encoding) or (column and column.is_size)):
        most = MAX_SINGLE_BARS if is_year(column, encoding) else None
        numbers = places_of(numbers, most) or numbers
    return sorted(numbers) + sorted((v for v in present if isinstance(v, str)), key=natural)
