"""Owns what charts of each mark are called: in menus and titles, and where one is described."""

from __future__ import annotations

#: As a menu offers them, and as a title tells two charts apart; the browser has the plurals.
NAMES: dict[str, str] = {
    "point": "points",
    "bar": "bars",
    "line": "line",
    "area": "area",
    "tick": "ticks",
    "rect": "heat map",
    "arc": "pie",
    "boxplot": "box plot",
}
#: What a reader is told that does not see the chart.
FORMS: dict[str, str] = {
    "point": "Scatter plot",
    "bar": "Bar chart",
    "line": "Line chart",
    "area": "Area chart",
    "tick": "Strip plot",
    "rect": "Heat map",
    "arc": "Donut chart",
    "boxplot": "Box plot",
}
