"""Owns the reading of what the scoring scripts print, so that their figures can be kept."""

from __future__ import annotations

import ast
import re
from typing import Any

Figures = dict[str, Any]

_COUNTS = re.compile(
    r"^.+: (?P<tables>\d+) tables, (?P<charts>\d+) charts, (?P<families>\d+) families, "
    r"(?P<listed>\d+) tables have a list$"
)
_LEVEL = re.compile(r"^\s+(?P<level>\S+)\s+hit (?P<cells>@.+)$")
_CELL = re.compile(
    r"@(?P<k>\d+) (?P<hit>[\d.]+) \[(?P<low>[\d.]+),(?P<high>[\d.]+)\] r (?P<recall>[\d.]+)"
)
_LISTS = re.compile(r"^(?P<lists>\d+) lists, k=(?P<k>\d+)$")
_FIGURE = re.compile(r"^\s+(?P<name>\w+)\s+(?P<value>\S.*)$")


def read_scores(text: str) -> Figures:
    """Read the scores of lists against people's charts.

    Parameters
    ----------
    text
        "SPLIT: 3 tables, 4 charts, 2 families, 3 tables have a list", then per level
        "LEVEL hit @1 0.500 [0.25,0.75] r 0.400 | @3 ...".

    Returns
    -------
    dict
        tables, charts, families, listed; level -> k -> hit, interval (95 %), recall.

    Raises
    ------
    ValueError
        Where the text has no such lines.

    Examples
    --------
    >>> lines = ["a: 1 tables, 1 charts, 1 families, 1 tables have a list",
    ...          "  chart  hit @1 0.500 [0.25,0.75] r 0.400"]
    >>> read_scores(chr(10).join(lines))["chart"]["1"]["hit"]
    0.5
    """
    found: Figures = {}
    for line in text.splitlines():
        counts, level = _COUNTS.match(line), _LEVEL.match(line)
        if counts:
            found |= {name: int(value) for name, value in counts.groupdict().items()}
        elif level:
            found[level["level"]] = {
                cell["k"]: {
                    "hit": float(cell["hit"]),
                    "interval": [float(cell["low"]), float(cell["high"])],
                    "recall": float(cell["recall"]),
                }
                for cell in _CELL.finditer(level["cells"])
            }
    if "tables" not in found or not found.get("chart"):
        msg = f"no counts and no level 'chart' in {text[:200]!r}"
        raise ValueError(msg)
    return found


def read_quality(text: str) -> Figures:
    """Read the figures of lists by themselves.

    Parameters
    ----------
    text
        "100 lists, k=15", then "NAME VALUE" lines; a value is a number or a dict of numbers.

    Returns
    -------
    dict
        lists, k, and each named figure.

    Raises
    ------
    ValueError
        Where the text has no such lines.

    Examples
    --------
    >>> read_quality(chr(10).join(["2 lists, k=15", "  sane   0.95"]))["sane"]
    0.95
    """
    found: Figures = {}
    for line in text.splitlines():
        counts, figure = _LISTS.match(line), _FIGURE.match(line)
        if counts:
            found |= {name: int(value) for name, value in counts.groupdict().items()}
        elif figure and (value := _value(figure["value"])) is not None:
            found[figure["name"]] = value
    if "lists" not in found or len(found) < 3:
        msg = f"no count of lists and no figure in {text[:200]!r}"
        raise ValueError(msg)
    return found


def _value(text: str) -> float | dict[str, float] | None:
    """Read a number or a dict of numbers; None for other words."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, int | float | dict) else None
