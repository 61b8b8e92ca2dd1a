"""Owns which colours separate values have: apart, along a scale, or around a cycle."""

from __future__ import annotations

from typing import Any

from erp_widget.aggregate import MISSING, WHOLE
from erp_widget.context import looks
from erp_widget.context.chart import ChartContext
from erp_widget.drawing.color_names import EDGE, EDGED, meant_colors
from vizmodel.design import Encoding
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.answers import SIDES
from vizmodel.profile.orders.labels import natural
from vizmodel.profile.words import split_name

#: Marks that may have an edge of another colour.
EDGED_MARKS = ("bar", "arc", "point", "rect")
#: Colours of what is not so, what is so, and what is between.
SIDE_COLORS = ("#E69F00", "#0072B2", "#8FA3AD")
#: Fewest parts of a cycle whose neighbours are to look alike.
MIN_CYCLE = 4
#: Numbers of such names stand for things: how large they are says nothing.
CODE_NAME = late_pattern(
    r"\b(modes?|origins?|sources?|varieties|variety|brands?|makes?|products?)$"
)
#: Codes differ in some measure at least so much (eta squared), and what a rise or a fall along them
#: would explain is at most such a share of that.
MIN_DIFFERENCE, MAX_TREND = 0.2, 0.5


def category_colors(context: ChartContext, encoding: Encoding, labels: list[Any]) -> list[str]:
    """Return the colour of each label: along one scale where they have an order.

    Parameters
    ----------
    context, encoding
        The chart, and what is coloured.
    labels
        In the order of the legend.
    """
    present = [label for label in labels if label not in (MISSING, WHOLE)]
    column = context.column(encoding)
    meant = meant_colors(present) if encoding.transform == "category" else None
    if meant is not None:
        edged = context.design.mark in EDGED_MARKS
        colors = [one if edged else EDGED.get(one, one) for one in meant]
    elif _is_cycle(encoding, column) and len(present) >= MIN_CYCLE:
        colors = looks.cyclic_colors(len(present))
    elif _have_order(context.profile, encoding, column) and len(present) > 2:
        colors = looks.ordered_colors(len(present))
    elif (answers := answer_colors(present)) is not None:
        colors = answers
    else:
        # By name, however a chart sorts them: one label has one colour in all charts of a list.
        named = sorted(present, key=lambda label: natural(str(label)))
        by_label = dict(zip(named, looks.category_colors(len(named)), strict=True))
        colors = [by_label[label] for label in present]
    return colors + [looks.MISSING_COLOR] * (len(labels) - len(present))


def edges(context: ChartContext, colors: list[str]) -> dict[str, Any]:
    """Return the channels that give marks an edge where one of their colours is black or white."""
    if not EDGED.keys() & {*colors} or context.design.mark not in EDGED_MARKS:
        return {}
    return {"stroke": {"value": EDGE}, "strokeWidth": {"value": 0.5}}


def told_colors(labels: list[Any]) -> list[str] | None:
    """Return the colours that labels mean: those that they name, or of answers; None for others.

    Where one is a colour's own, another renderer's would say something else.
    """
    present = [label for label in labels if label not in (MISSING, WHOLE)]
    meant = meant_colors(present) or answer_colors(present)
    return None if meant is None else meant + [looks.MISSING_COLOR] * (len(labels) - len(present))


def answer_colors(labels: list[Any]) -> list[str] | None:
    """Return the colours of answers and ends, which mean the same in all charts; None for others.

    Examples
    --------
    >>> answer_colors(["No", "Yes"]), answer_colors(["lost", "won"]), answer_colors(["m", "f"])
    (['#E69F00', '#0072B2'], ['#E69F00', '#0072B2'], None)
    """
    said = [str(label).strip().lower() for label in labels]
    sides = [next((at for at, words in enumerate(SIDES) if one in words), None) for one in said]
    if None in sides or len(set(sides)) < len(sides) or len(sides) < 2:
        return None
    return [SIDE_COLORS[side] for side in sides if side is not None]


def _is_cycle(encoding: Encoding, column: ColumnProfile | None) -> bool:
    """Whether the last label is followed by the first: months, weekdays, hours."""
    if encoding.transform in ("quarter", "month", "day", "hours"):
        return True
    if column is None or encoding.transform != "category":
        return False
    return column.semantic in ("month", "weekday") or column.calendar


def _have_order(profile: Profile, encoding: Encoding, column: ColumnProfile | None) -> bool:
    if column is None or encoding.transform != "category":
        return encoding.field_type == "ordinal"
    ordered = encoding.field_type == "ordinal" or column.ordered
    return ordered and not stands_for_things(column, profile)


def stands_for_things(column: ColumnProfile, profile: Profile) -> bool:
    """Whether the numbers of a column are names, such as 1 for a train and 2 for a bus.

    Their meaning or their name says so, or what they tell of other numbers: names differ without
    rising or falling.

    Parameters
    ----------
    column, profile
        A column and its table.
    """
    if column.kind != "number" or not column.integer or column.told == "ordinal":
        return False
    if column.semantic == "category" or CODE_NAME.search(split_name(column.name)):
        return True
    differences = trends = largest = 0.0
    for other in profile.columns:
        if other.kind == "number" and other.n_distinct > 2 and other.name != column.name:
            difference = profile.pair(column.name, other.name, "eta_squared")
            if MIN_DIFFERENCE / 2 <= difference < 1:
                differences += difference
                trends += profile.pair(column.name, other.name, "spearman") ** 2
                largest = max(largest, difference)
    return largest >= MIN_DIFFERENCE and trends < MAX_TREND * differences
