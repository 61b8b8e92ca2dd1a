"""Pivot tables and cross tables of pandas say that their headers are the values of a variable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp

N = 900
RNG = np.random.default_rng(0)
TOWNS = ["Rome", "Oslo", "Bern", "Kiel", "Lima"]
SALES = pd.DataFrame(
    {
        "age": RNG.integers(18, 80, N),
        "city": RNG.choice(TOWNS, N, p=[0.4, 0.2, 0.2, 0.1, 0.1]),
        "product": RNG.choice(["tea", "milk", "rice", "salt", "corn", "beans"], N),
        "sex": RNG.choice(["f", "m"], N),
        "sales": RNG.lognormal(3, 1, N),
        "month": pd.to_datetime("2024-01-01") + pd.to_timedelta(RNG.integers(0, 360, N), "D"),
    }
)
SALES["month"] = SALES["month"].dt.to_period("M").dt.to_timestamp()
SALES["sales"] *= SALES["city"].map({"Rome": 30, "Oslo": 1, "Bern": 2, "Kiel": 1, "Lima": 0.5})


def made(frame: Any) -> erp.Gallery:
    return erp.recommend(frame)


@pytest.mark.parametrize(
    ("frame", "names", "fields"),
    [
        (SALES.groupby(["month", "city"])["sales"].sum().unstack(), "city", {"month", "city"}),
        (SALES.pivot_table("sales", "month", "city").reset_index(), "city", {"month", "city"}),
        (pd.crosstab(SALES["product"], SALES["city"]), "city", {"product", "city"}),
        (pd.crosstab(SALES["age"] // 10 * 10, SALES["city"]), "city", {"age", "city"}),
        (pd.crosstab(SALES["product"], SALES["sex"]), "sex", {"product", "sex"}),
    ],
    ids=["unstacked", "pivot", "cross table", "by number", "of two"],
)
def test_a_chart_of_all_columns_comes_first_or_second(
    frame: pd.DataFrame, names: str, fields: set[str]
) -> None:
    assert frame.columns.name == names
    first = next(chart for chart in made(frame)[:2] if fields < set(chart.fields))
    scope: dict[str, Any] = {"df": frame}
    exec(first.code(), scope)
    assert scope["chart"].to_dict()["transform"] == first.to_vegalite(data="none")["transform"]


def test_totals_are_not_one_more_of_them() -> None:
    crossed = pd.crosstab(SALES["product"], SALES["city"], margins=True)
    (fold,) = {c.design.style.fold for c in made(crossed) if c.design.style.fold is not None}
    assert set(fold.columns) == set(TOWNS)


def test_headers_that_nobody_named_are_columns_of_their_own() -> None:
    frame = SALES.groupby(["month", "city"])["sales"].sum().unstack().rename_axis(columns=None)
    assert all(chart.design.style.fold is None for chart in made(frame))


def test_years_under_a_name_stay_years() -> None:
    rows = pd.DataFrame({"land": np.repeat(TOWNS, 6), "year": list(range(2015, 2021)) * 5})
    wide = rows.assign(value=RNG.normal(50, 5, 30)).pivot(
        index="land", columns="year", values="value"
    )
    lines = next(chart for chart in made(wide) if chart.mark == "line")
    assert lines.design.style.fold is not None
    assert lines.design.style.fold.kind == "integer"


def test_cells_of_a_cross_table_and_of_correlations_come_first() -> None:
    first = made(pd.crosstab(SALES["product"], SALES["city"]))[0]
    assert (first.mark, set(first.fields)) == ("rect", {"product", "city", "value"})
    numbers = pd.DataFrame(RNG.normal(size=(60, 5)), columns=[*"pqrst"])
    numbers["r"] = numbers["p"] - numbers["q"]
    first = made(numbers.corr())[0]
    assert (first.mark, first.fields[-1]) == ("rect", "value")


def test_hours_by_weekday_begin_with_their_cells() -> None:
    hours, days = RNG.integers(0, 24, N), RNG.choice(["Mon", "Tue", "Wed", "Thu", "Fri"], N)
    crossed = pd.crosstab(hours, days, rownames=["hour"], colnames=["weekday"])
    first = made(crossed)[0]
    assert (first.mark, first.fields) == ("rect", ("hour", "weekday", "value"))
    assert "Mon to Fri" in first.title


def test_things_that_were_taken_for_others_begin_with_their_cells() -> None:
    animals = ["cat", "dog", "cow"]
    taken = pd.DataFrame([[50, 3, 2], [4, 45, 6], [1, 7, 60]], index=animals, columns=animals)
    assert made(taken)[0].mark == "rect"


def test_the_last_of_two_names_of_headers_is_that_of_the_columns() -> None:
    days = pd.bdate_range("2024-01-01", periods=60, name="Date")
    close = pd.DataFrame({name: RNG.normal(100, 5, 60) for name in ("AAA", "BBB", "CCC")}, days)
    both = pd.concat({"Close": close, "Volume": close * 1e6}, axis=1, names=["Price", "Ticker"])
    first = made(both)[0]
    assert (first.mark, set(first.fields)) == ("line", {"Date", "Close", "Ticker"})


def test_bins_in_the_index_are_a_column() -> None:
    counted = SALES["age"].value_counts(bins=6, sort=False)
    first = made(counted)[0]
    assert (first.mark, set(first.fields)) == ("bar", {"index", "count"})


def test_what_crosses_is_told_by_its_name_where_the_chart_shows_it() -> None:
    sums = SALES.pivot_table(index="product", columns="city", values="sales", aggfunc="sum")
    assert made(sums)[0].title == "value by product and city"
