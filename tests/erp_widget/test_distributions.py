"""Small distributions on the chips and the first rows: what they hold, of any table."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

import erp_widget as erp
from erp_widget.data_summary import summarised
from erp_widget.distributions import FULL, MAX_BINS, MAX_GROUPS, distributions, first_rows
from erp_widget.gallery.widget import GalleryWidget
from erp_widget.sources import open_table

DAYS = [datetime(2024, 1, 1) + timedelta(days=n) for n in range(60)]
TABLE: dict[str, list[Any]] = {
    "n": [n % 5 for n in range(60)],
    "x": [n * 1.5 for n in range(60)],
    "same": [7] * 60,
    "day": DAYS,
    "city": ["Rome"] * 30 + ["Oslo"] * 20 + ["<img src=x>"] * 10,
    "name": [f"person {n}" for n in range(60)],
    "flag": [True, False] * 30,
    "none": [None] * 60,
    "holes": [None, 1.0, float("nan")] * 20,
}


def test_clocks_are_written_as_clocks() -> None:
    times = [100 * hour + minute for hour in range(5, 24) for minute in (5, 20, 35, 50)]
    table = open_table({"dep_time": times, "n": list(range(len(times)))})
    assert distributions(table)["dep_time"].said == "5:05 to 23:50"
    assert first_rows(table)["rows"][1] == ["5:20", "1"]
    assert summarised(table).columns[0].values == "5:05 to 23:50"


def test_each_kind_of_column_has_its_distribution() -> None:
    found = distributions(open_table(TABLE))
    assert len(found["n"].heights) == 5 and found["n"].said == "0 to 4"
    assert len(found["x"].heights) == MAX_BINS
    assert (found["same"].heights, found["same"].said) == ((FULL,), "always 7")
    assert found["day"].said == "2024-01-01 to 2024-02-29"
    assert found["city"].heights == (16, 11, 6)
    assert found["city"].said == "Rome 50%, Oslo 33%, <img src=x> 17%"
    assert found["holes"].said == "always 1"
    assert "name" not in found and "none" not in found
    for one in found.values():
        assert 0 < max(one.heights) <= FULL and min(one.heights) >= 0


@pytest.mark.parametrize(
    "ends", [(0.3, 0.1 + 0.2), (-9e299, 9e299), (0.0, 5e-324), (-(2**63), 2**63 - 1)], ids=str
)
def test_numbers_that_hardly_differ_or_are_far_apart_have_one(ends: tuple[float, float]) -> None:
    one = distributions(open_table({"n": [*ends, ends[1]]}))["n"]
    assert (one.heights[0], one.heights[-1]) == (FULL // 2, FULL)
    assert set(one.heights[1:-1]) <= {0}


def test_many_groups_are_the_largest_and_the_rest_is_counted() -> None:
    values = [f"g{n % 40}" for n in range(400)]
    (found,) = distributions(open_table({"g": values})).values()
    assert len(found.heights) == MAX_GROUPS and found.said.endswith("37 more")


def test_a_table_is_looked_at_once() -> None:
    table = open_table(TABLE)
    assert distributions(table) is distributions(table)


def test_the_first_rows_are_text_as_the_charts_read_them() -> None:
    found = first_rows(open_table(TABLE))
    assert found["said"] == "The first 10 of 60 rows"
    row = dict(zip(found["names"], found["rows"][1], strict=True))
    assert row["day"] == "2024-01-02"
    assert row["n"] == "1"
    assert all(isinstance(cell, str) for cells in found["rows"] for cell in cells)


def test_wide_tables_and_long_cells_are_cut_and_said_to_be() -> None:
    found = first_rows(open_table({f"c{n}": ["x" * 10_000, "y"] for n in range(50)}))
    assert len(found["names"]) == 30 and found["said"].endswith("20 more columns")
    assert max(len(cell) for cells in found["rows"] for cell in cells) <= 120


@pytest.mark.parametrize("n_rows", [1, 20_000])
def test_the_browser_gets_them(n_rows: int) -> None:
    table = {"x": [n * 7 % 31 for n in range(n_rows)], "city": ["Rome", "Oslo"] * (n_rows // 2)}
    table["city"] += ["Rome"] * (n_rows % 2)
    widget = GalleryWidget(erp.recommend(table, k=2, store=":memory:"))
    columns = {column["name"]: column for column in widget.columns}
    assert columns["x"]["bars"] and columns["x"]["spread"]
    json.dumps(widget.columns, allow_nan=False)
    told = widget._answer({"command": "rows"})
    assert told["rows"] and told["said"].startswith("The first") == (n_rows == 1)
