"""Owns the short form in which charts' specs travel to the browser, which writes them out again."""

from __future__ import annotations

import datetime as dt
import json
import math
import string
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from erp_widget.aggregate.values import iso_time
from erp_widget.context.looks import CONFIG
from erp_widget.drawing.spec import SCHEMA

#: What all charts of a gallery have in common; it travels once.
SHARED: dict[str, Any] = {"$schema": SCHEMA, "config": CONFIG}
#: What places are written in; JSON and HTML write each as it is.
DIGITS = string.ascii_letters + string.digits + "-_"
MILLISECOND = dt.timedelta(milliseconds=1)


def packed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a spec without what all charts share, and with its rows column by column.

    Parameters
    ----------
    spec
        Vega-Lite with rows inside. What has other looks, or rows that differ in their names,
        stays as it is.

    Returns
    -------
    dict
        ``looks`` has what is added to the shared configuration. A column is a list of values;
        ``of`` and ``at``: the different values, and for each row the place of its own, in one
        digit of 64 or, where there are more values, in two; or ``from``, ``every``,
        ``steps``: a first time and how many times so many milliseconds pass until the next;
        the number of steps where each is one.

    Examples
    --------
    >>> packed({"data": {"values": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}})
    {'data': {'names': ['x', 'y'], 'columns': [[1, 3], [2, 4]]}}
    >>> packed({"$schema": SCHEMA, "mark": "bar", "config": CONFIG | {"mark": {"aria": False}}})
    {'mark': 'bar', 'looks': {'mark': {'aria': False}}}
    """
    return _without_shared(_by_columns(spec))


def _without_shared(spec: dict[str, Any]) -> dict[str, Any]:
    config = spec.get("config", {})
    if spec.get("$schema") != SCHEMA or any(config.get(key) != CONFIG[key] for key in CONFIG):
        return spec
    own = {key: value for key, value in config.items() if key not in CONFIG}
    return {key: value for key, value in spec.items() if key not in SHARED} | {"looks": own}


def _by_columns(spec: dict[str, Any]) -> dict[str, Any]:
    records = spec.get("data", {}).get("values", [])
    if not records or any(record.keys() != records[0].keys() for record in records):
        return spec
    names = list(records[0])
    columns = [_shortest([record[name] for record in records]) for name in names]
    return spec | {"data": {"names": names, "columns": columns}}


def _shortest(values: list[Any]) -> Any:
    """Return the form of a column's values that takes the least room."""
    return min((values, *_shorter(values)), key=lambda form: len(json.dumps(form)))


def _shorter(values: list[Any]) -> Iterator[dict[str, Any]]:
    # Python takes true for 1; that 1.0 is 1 is so in the browser, too.
    if not set(map(type, values)) <= {str, int, float, type(None)}:
        return
    different = dict.fromkeys(values)
    if 2 * len(different) <= len(values) and len(different) <= len(DIGITS) ** 2:
        width = 1 if len(different) <= len(DIGITS) else 2
        digits = map("".join, product(DIGITS, repeat=width))
        place = dict(zip(different, digits, strict=False))
        yield {"of": list(different), "at": "".join([place[value] for value in values])}
    times = _times(values)
    if times is None:
        return
    steps = [(after - before) // MILLISECOND for before, after in pairwise(times)]
    every = math.gcd(*steps) or 1
    steps = [step // every for step in steps]
    even = all(step == 1 for step in steps)
    yield {"from": values[0], "every": every, "steps": len(steps) if even else steps}


def _times(values: Sequence[Any]) -> list[dt.datetime] | None:
    """Return texts as the times that they stand for, if the browser would write them the same."""
    try:
        times = [dt.datetime.fromisoformat(value.removesuffix("Z")) for value in values]
    except (AttributeError, ValueError):  # no text, no time
        return None
    same = all(iso_time(time) == value for time, value in zip(times, values, strict=True))
    return times if same else None
