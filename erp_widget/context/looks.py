"""Owns the looks that all charts share: colours, sizes, formats and Vega-Lite's configuration."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from erp_widget.chart_record import copied

#: Separate values. Eight are told apart with every kind of colour vision, on white and on black:
#: Okabe and Ito's colours (2008) but black and yellow, the purple of Tol's "bright" scheme (2021)
#: and the brown of Material Design. What is alike, such as both blues, comes late. Then four more.
#: In a file, since the browser's charts have them, too.
CATEGORY_COLORS: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "category_colors.json").read_text(encoding="utf-8"))
)
#: Of what is laid over marks: the median of all, the share in all.
OVERALL_COLOR = "#D55E00"
#: How far colours beyond the palette are from its own, towards white and then towards black.
PALER, DARKER = 0.5, 0.4
MARK_COLOR = "#4C78A8"
MISSING_COLOR = "#9E9E9E"
FRAME_COLOR = "#BDBDBD"
#: Both ends of viridis are cut: neither pale yellow on white nor dark blue on black can be seen.
SEQUENTIAL: dict[str, Any] = {"name": "viridis", "extent": [0.08, 0.95]}
#: Below zero, zero and above it; zero is seen on white and on black.
DIVERGING = ("#1F66AD", "#B9B9B9", "#C8590B")
#: Of days on which a price rises and falls: not green and red, which not everybody tells apart.
CANDLE_COLORS = (DIVERGING[0], DIVERGING[2])

PLOT_WIDTH, PLOT_HEIGHT = 320, 220
PLOT_WIDTH_WITH_LEGEND = 270
#: Most pixels of an axis on which bars of several groups stand side by side.
MAX_OFFSET_EXTENT = 720
#: Pixels that panels beside each other take at most, without their axes.
PANELS_EXTENT = 640
LABEL_FONT_SIZE = 11
#: Widths of a label's characters in pixels, on the wide side: fonts differ between machines.
NARROW, PLAIN, BROAD, SQUARE = 3.6, 6.4, 8.2, 11.5
MAX_LABEL_WIDTH = 260
#: Pixels of a tick where both axes are of numbers.
TICK_SIZE = 14
#: Characters that labels begin with alike at least, if these are left out.
MIN_SHARED = 10
#: Pixels of a line of an axis' title.
TITLE_LIMIT = 300
#: Pixels that labels get, by channel.
LABEL_ROOM = {"x": 120, "y": MAX_LABEL_WIDTH, "color": 180, "shape": 180, "row": 150, "column": 150}

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": LABEL_FONT_SIZE,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "titlePadding": 8,
        "labelLimit": MAX_LABEL_WIDTH,
        "titleLimit": TITLE_LIMIT,
        "labelSeparation": 4,
        "maxExtent": 340,
        "gridOpacity": 0.6,
        "domainOpacity": 0.6,
        "tickOpacity": 0.6,
    },
    "axisX": {"grid": False},
    "axisBand": {"grid": False, "ticks": False, "labelPadding": 5},
    "legend": {
        "labelFontSize": LABEL_FONT_SIZE,
        "titleFontSize": LABEL_FONT_SIZE,
        "titleFontWeight": 600,
        "labelLimit": LABEL_ROOM["color"],
        "titleLimit": 180,
        "gradientLength": 120,
        "symbolLimit": 30,
    },
    "header": {
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "labelLimit": LABEL_ROOM["row"],
    },
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 13,
        "fontWeight": 600,
        "subtitleFontSize": 11,
        "subtitleFontStyle": "italic",
        "offset": 10,
    },
    "bar": {"color": MARK_COLOR},
    "point": {"color": MARK_COLOR, "filled": True},
    # Sharp joins of steep lines would reach below zero.
    "line": {"color": MARK_COLOR, "strokeWidth": 2, "strokeJoin": "round"},
    "area": {"color": MARK_COLOR},
    "tick": {"color": MARK_COLOR},
    "rect": {"color": MARK_COLOR},
    "rule": {"color": MARK_COLOR},
    "arc": {"color": MARK_COLOR},
    "scale": {"barBandPaddingInner": 0.2, "rectBandPaddingInner": 0.04},
}


def config(names: Iterable[str]) -> dict[str, Any]:
    """Return the configuration of a chart that shows columns of these names.

    Vega-Lite 5 writes titles into a text for each mark, where quotes and backslashes would end it;
    such charts have none, and are told by their alt text alone.

    Examples
    --------
    >>> config(["city"]) == CONFIG, config(['the "city"'])["mark"]
    (True, {'aria': False})
    """
    made = copied(CONFIG)
    if any(character in name for name in names for character in '"\\'):
        made["mark"] = {"aria": False}
    return made


#: Part of the largest number of an axis within which its numbers are close to each other.
CLOSE = 0.02
#: Samples of viridis (van der Walt and Smith 2015) between the ends that are cut.
VIRIDIS = (
    "#472D7B",
    "#3B528B",
    "#2C728E",
    "#21918C",
    "#28AE80",
    "#5EC962",
    "#ADDC30",
    "#DDE318",
)


#: Colours around a year and back, none of which stands out: blue, green, orange, red, violet.
AROUND = ("#3F5FA8", "#1E9E8A", "#83B93C", "#E69F00", "#D1495B", "#8A4A9C")


def ordered_colors(n_values: int) -> list[str]:
    """Return colours from dark to light for values with an order, spread over viridis.

    Examples
    --------
    >>> ordered_colors(3)
    ['#472D7B', '#21918C', '#ADDC30']
    """
    last = len(VIRIDIS) - 2
    return [_mixed(VIRIDIS, at * last / max(n_values - 1, 1)) for at in range(n_values)]


def cyclic_colors(n_values: int) -> list[str]:
    """Return colours for the parts of a cycle: the last is as near to the first as its neighbours.

    Examples
    --------
    >>> cyclic_colors(3)
    ['#3F5FA8', '#83B93C', '#D1495B']
    """
    whole = (*AROUND, AROUND[0])
    return [_mixed(whole, at * len(AROUND) / n_values) for at in range(n_values)]


def category_colors(n_values: int) -> list[str]:
    """Return colours for values without an order; beyond the palette they are its own, paler.

    Examples
    --------
    >>> category_colors(2), len(set(category_colors(24)))
    (['#0072B2', '#E69F00'], 24)
    """
    size = len(CATEGORY_COLORS)
    shades = (0.0, PALER, -DARKER)
    return [
        _shaded(CATEGORY_COLORS[at % size], shades[at // size % len(shades)])
        for at in range(n_values)
    ]


def _shaded(color: str, share: float) -> str:
    """Return a colour so far towards white, or towards black."""
    if not share:
        return color
    return between(color, "#FFFFFF" if share > 0 else "#000000", abs(share))


def _mixed(samples: Sequence[str], place: float) -> str:
    """Return the colour at a place between two samples."""
    low = min(int(place), len(samples) - 2)
    return between(samples[low], samples[low + 1], place - low)


def between(first: str, second: str, share: float) -> str:
    """Return the colour that lies so far from one to another.

    Examples
    --------
    >>> between("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    ends = zip(*(bytes.fromhex(one[1:]) for one in (first, second)), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in ends).hex().upper()


def diverging(low: float, high: float) -> dict[str, Any]:
    """Return a colour scale around zero; equal distances from it look alike on both sides.

    It ends where the values do, so that no half of its legend is empty.

    Examples
    --------
    >>> diverging(-1.0, 2.0)
    {'domain': [-1.0, 0, 2.0], 'range': ['#6C90B3', '#B9B9B9', '#C8590B']}
    """
    reach = max(-low, high)
    below, zero, above = DIVERGING
    ends = (between(zero, below, -low / reach), zero, between(zero, above, high / reach))
    return {"domain": [low, 0, high], "range": list(ends)}


def text_width(text: object) -> float:
    """Return the room in pixels that a label of the usual size takes, on the wide side.

    Examples
    --------
    >>> text_width("illicit") < text_width("GOOGLE!") < text_width("日本日本日本日")
    True
    """
    return sum(_character_width(character) for character in str(text))


def _character_width(character: str) -> float:
    if character in "ijltfrI.,:;'|!()[] ":
        return NARROW
    if ord(character) > 0x2E80:
        return SQUARE
    return BROAD if character.isupper() or character in "mwMW@%—…" else PLAIN


def shared_start(channel: str, labels: Sequence[object]) -> str:
    """Return the words that long labels begin with alike; none where their ends can be read.

    Labels are cut to the room that a channel has for them, so those that begin with the same words
    would look the same.

    Examples
    --------
    >>> shared_start("row", ["Number of deaths at work, women", "Number of deaths at work, men"])
    'Number of deaths at work, '
    >>> shared_start("row", ["women", "men"])
    ''
    """
    texts = [str(label) for label in labels]
    cut = [text for text in texts if text_width(text) > LABEL_ROOM.get(channel, math.inf)]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*cut, strict=False))
    start = "".join(letters[0] for letters in alike) if len(cut) > 1 else ""
    start = start[: start.rfind(" ") + 1]
    all_begin = all(text.startswith(start) for text in texts if len(text) > len(start))
    return start if all_begin and len(start) >= MIN_SHARED else ""


def telling(channel: str, labels: Sequence[object]) -> dict[str, Any]:
    """Return what writes the labels of an axis, a legend or headers so that they differ.

    Without what they begin with alike, or without their middle where some begin alike.
    """
    # Vega counts in units of UTF-16.
    n_shared = len(shared_start(channel, labels).encode("utf-16-le")) // 2
    if n_shared:
        label = f"'…' + slice(datum.label, {n_shared})"
        return {"labelExpr": f"length(datum.label) > {n_shared} ? {label} : datum.label"}
    texts = {str(label) for label in labels}
    widest = max((text_width(text) / len(text) for text in texts if text), default=PLAIN)
    n_shown = int(LABEL_ROOM.get(channel, MAX_LABEL_WIDTH) / widest) - 1
    if len({text[:n_shown] for text in texts}) == len(texts):
        return {}
    half = n_shown // 2
    label = f"slice(datum.label, 0, {half}) + '…' + slice(datum.label, -{half})"
    return {"labelExpr": f"length(datum.label) > {n_shown} ? {label} : datum.label"}


def column_step(labels: Sequence[object]) -> int:
    """Return pixels per value on a horizontal axis of separate values.

    A few values get as much room as their labels need to lie flat.

    Examples
    --------
    >>> column_step("ab"), column_step(range(50)), column_step(["Fiber optic", "DSL"])
    (64, 8, 70)
    """
    n_values = max(len(labels), 1)
    # Of numbers some are named, so their bars may be narrower than a label is high.
    least = 7 if all(isinstance(label, int) for label in labels) else 13
    step = max(least, min(64, round(400 / n_values)))
    flat = round(max(map(text_width, labels), default=0)) + 12
    return flat if step < flat and flat * n_values <= 420 else step


def row_step(n_values: int) -> int:
    """Return pixels per value on a vertical axis of separate values."""
    if n_values <= 4:
        return 34
    return 24 if n_values <= 10 else 17


def offset_step(n_groups: int, n_values: int) -> int:
    """Return pixels per value where bars of several groups stand side by side.

    Examples
    --------
    >>> offset_step(2, 3), offset_step(3, 5), offset_step(20, 60)
    (42, 42, 12)
    """
    room = MAX_OFFSET_EXTENT // max(n_values, 1)
    each = 18 if n_values <= 4 else 12 if n_values <= 8 else 8
    return min(n_groups * each + 6, 120, room)


def label_angle(labels: Sequence[object], step: float) -> int:
    """Return the angle in degrees at which labels below an axis do not touch."""
    if max(map(text_width, labels), default=0) <= step - 2:
        return 0
    return -45 if step >= 16 else -90


def point_look(n_points: int) -> dict[str, Any]:
    """Return size (square pixels) and opacity of points, smaller where there are more."""
    steps = ((60, 70, 0.8), (200, 50, 0.7), (600, 34, 0.6), (2_000, 20, 0.5))
    for limit, size, opacity in steps:
        if n_points <= limit:
            return {"size": size, "opacity": opacity}
    return {"size": 12, "opacity": 0.35}


def bubble_area(n_bubbles: int) -> int:
    """Return the square pixels of the largest bubble: many large ones would hide each other."""
    return 420 if n_bubbles <= 60 else 260 if n_bubbles <= 200 else 140


def tick_look(n_ticks: int) -> dict[str, Any]:
    """Return thickness (pixels) and opacity of ticks: where there are many, their density shows.

    Examples
    --------
    >>> tick_look(20)["opacity"], tick_look(500)["opacity"], tick_look(5000)["opacity"]
    (0.8, 0.4, 0.13)
    """
    opacity = min(0.8, max(0.1, 9 / math.sqrt(max(n_ticks, 1))))
    return {"thickness": 1.5 if n_ticks <= 300 else 1, "opacity": round(opacity, 2)}


def label_width(labels: Sequence[object]) -> int:
    """Return the room in pixels for labels left of a plot, bounded so that the plot keeps some."""
    return min(MAX_LABEL_WIDTH, round(max(map(text_width, labels), default=0)))


def axis_format(largest: float, smallest: float) -> dict[str, Any]:
    """Return the axis properties that keep number labels short: 1.2M rather than 1,200,000."""
    reach = max(abs(largest), abs(smallest))
    if 0 < reach < 0.001:
        return {"labelExpr": "datum.value ? format(datum.value, '.2~e') : '0'"}
    close = largest - smallest < CLOSE * reach  # 101.32k and 101.324k are harder to read
    if not math.isfinite(reach) or reach < 100_000 or close:
        return {}
    # An axis' own "~s" writes zero as 0M and a hundredth as 10m, and SI's G is a billion to others.
    small = "abs(datum.value) < 1 ? format(datum.value, '~r')"
    return {"labelExpr": f"{small} : replace(format(datum.value, '~s'), 'G', 'B')"}
