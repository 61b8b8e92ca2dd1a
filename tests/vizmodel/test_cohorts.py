"""Cohorts, those who began at one time by how long ago that was, have a heat map."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.cohort_charts import COHORTS
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RNG = np.random.default_rng(4)


def _cohorts(n: int = 12, **more: object) -> Profile:
    """Return how many of those who began in each month are left after each number of months."""
    begun = [(month, age) for month in range(n) for age in range(n - month)]
    months = np.array([np.datetime64("2023-01", "M") + month for month, _ in begun])
    left = [100 * 0.8**age * RNG.uniform(0.8, 1.1) for _, age in begun]
    table = {"begun": months.astype("datetime64[us]"), "age": [age for _, age in begun]}
    return profile_table(pa.table(table | {"left": left} | more))


def test_a_cohort_has_a_row_of_cells() -> None:
    profile = _cohorts()
    found = [one.design for one in recommend(profile, 3)]
    (cells,) = (design for design in found if design.mark == "rect")
    assert COHORTS.tells(cells, profile)
    assert {(e.field, e.transform) for e in cells.encodings} == {
        ("begun", "yearmonth"),
        ("age", "category"),
        ("left", "mean"),
    }


def test_a_wider_table_of_cohorts_has_it_too() -> None:
    profile = _cohorts(plan=["small", "large"] * 39, users=RNG.integers(5, 90, 78))
    assert any(COHORTS.tells(one.design, profile) for one in recommend(profile, 8))


def test_two_measures_by_day_are_no_cohorts() -> None:
    days = np.datetime64("2023-01-01", "us") + np.arange(60) * np.timedelta64(1, "D")
    table = {"day": days, "visits": RNG.integers(3, 90, 60), "sales": RNG.normal(9, 2, 60)}
    assert not COHORTS.charts(profile_table(pa.table(table)))


@pytest.mark.parametrize("first", [0, 1])
def test_a_wide_table_of_cohorts_has_a_column_for_each_age(first: int) -> None:
    months = (np.datetime64("2023-01", "M") + np.arange(12)).astype("datetime64[us]")
    ages = {
        str(age + first): [100 * 0.8**age * RNG.uniform(0.8, 1.1) for _ in range(12 - age)]
        + [None] * age
        for age in range(9)
    }
    profile = profile_table(pa.table({"cohort": months, **ages}))
    assert profile.folds[0].columns == tuple(ages)
    design = recommend(profile, 1)[0].design
    assert (design.mark, set(design.fields)) == ("rect", {"period", "cohort", "value"})


def test_numbers_in_headers_that_do_not_count_on_are_none() -> None:
    rows = {"name": [f"n{i}" for i in range(9)]}
    sizes = {name: RNG.normal(size=9) for name in ("10", "7", "42")}
    assert not profile_table(pa.table(rows | sizes)).folds


def test_cells_come_once_whichever_way_they_are_turned() -> None:
    names = [f"{month}" for month in range(12)]
    began = pa.array([f"2024-{month:02}-01" for month in range(1, 13)]).cast(pa.timestamp("s"))
    left = {name: [0.9 ** int(name) * (1 + row / 40) for row in range(12)] for name in names}
    profile = profile_table(pa.table({"began": began, **left}))
    cells = [one.design.identity() for one in recommend(profile, 15) if one.design.mark == "rect"]
    assert len(cells) == len(set(cells)) and cells
