"""The short form of specs: nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest

from benchmarks.tables import orders
from erp_widget import recommend
from erp_widget.aggregate.values import iso_time
from erp_widget.context.looks import CONFIG
from erp_widget.drawing.spec import SCHEMA
from erp_widget.gallery.packing import DIGITS, SHARED, packed


def unpacked(spec: dict[str, Any]) -> dict[str, Any]:
    """Write a spec out again, as js/gallery/packing.ts does."""
    if "looks" in spec:
        config = SHARED["config"] | spec["looks"]
        spec = SHARED | {k: v for k, v in spec.items() if k != "looks"} | {"config": config}
    data = spec.get("data", {})
    if "columns" not in data:
        return spec
    columns = [_cells(column) for column in data["columns"]]
    rows = zip(*columns, strict=True)
    return spec | {"data": {"values": [dict(zip(data["names"], row, strict=True)) for row in rows]}}


def _cells(column: Any) -> list[Any]:
    if isinstance(column, list):
        return column
    if "of" in column:
        width = 1 if len(column["of"]) <= 64 else 2
        digits = [DIGITS.index(digit) for digit in column["at"]]
        places = (
            digits
            if width == 1
            else [a * 64 + b for a, b in zip(digits[::2], digits[1::2], strict=True)]
        )
        return [column["of"][place] for place in places]
    time = dt.datetime.fromisoformat(column["from"].removesuffix("Z"))
    times = [time]
    steps = column["steps"]
    for step in [1] * steps if isinstance(steps, int) else steps:
        times.append(times[-1] + dt.timedelta(milliseconds=step * column["every"]))
    return [iso_time(time) for time in times]


def _of(values: list[Any]) -> dict[str, Any]:
    return {"mark": "bar", "data": {"values": [{"x": value, "y": 1} for value in values]}}


HOURS = [iso_time(time) for time in pd.date_range("2023-12-30", periods=60, freq="h")]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([1, 2.5, None], "list"),
        ([1, 1.0, True, "1"] * 9, "list"),
        (["a", "b"], "list"),
        (["Web", "Phone", None] * 5, "of"),
        ([5, 2.5, None, "5"] * 5, "of"),
        ([0.1 * place for place in range(64)] * 9, "of"),
        ([0.1 * place for place in range(65)] * 9, "of"),
        ([0.1 * place for place in range(4096)] * 2, "of"),
        ([0.1 * place for place in range(4097)] * 2, "list"),
        ([0.1 * place for place in range(400)], "list"),
        (["2023-01-01", None] * 9, "of"),
        (["2023-02-30"] * 9, "of"),
        (["20230101", "20230102"] * 9, "of"),
        ([iso_time(time) for time in pd.date_range("2023-01-31", periods=12, freq="ME")], "from"),
        (HOURS, "from"),
        (HOURS[::-1], "from"),
        ([hour.replace("Z", ".250Z") for hour in HOURS if "Z" in hour], "from"),
        ([f"{year:04}-01-01" for year in range(1, 40)], "from"),
        (["2023-01-01 05:00", "2023-01-01 06:00"] * 9, "of"),
        (["2023-01-01T05:00:00+02:00", "2023-01-02T05:00:00+02:00"] * 9, "of"),
    ],
)
def test_a_column_takes_its_shortest_form(values: list[Any], form: str) -> None:
    spec = _of(values)
    short = packed(spec)
    column = short["data"]["columns"][0]
    assert (form in column) if isinstance(column, dict) else form == "list"
    again = unpacked(short)
    assert again == spec
    assert json.dumps(again) == json.dumps(spec)  # 1, 1.0 and true are equal in Python


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"data": {"values": []}, "config": CONFIG},
        {"data": {"values": [{"x": 1}, {"y": 2}]}},
        {"$schema": SCHEMA, "config": CONFIG | {"background": "black"}},
        {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG},
    ],
)
def test_what_cannot_be_shorter_stays_as_it_is(spec: dict[str, Any]) -> None:
    assert packed(spec) == spec


@pytest.mark.parametrize("own", [{}, {"mark": {"aria": False}}])
def test_shared_looks_travel_once(own: dict[str, Any]) -> None:
    spec = {"$schema": SCHEMA, "mark": "bar", "config": CONFIG | own}
    assert packed(spec) == {"mark": "bar", "looks": own}
    assert unpacked(packed(spec)) == spec


def test_charts_of_a_table_come_out_as_they_went_in() -> None:
    for chart in recommend(orders(400)):
        spec = json.loads(json.dumps(chart.drawn))
        short = packed(spec)
        assert json.dumps(unpacked(short), sort_keys=True) == json.dumps(spec, sort_keys=True)
        assert len(json.dumps(short)) < len(json.dumps(spec)) - 1_000
