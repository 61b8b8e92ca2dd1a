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


def test_of_correlations_it_is_told_which_two_go_together() -> None:
    numbers = pd.DataFrame(RNG.normal(size=(60, 4)), columns=pd.Index([*"pqrs"], name="share"))
    numbers["r"] = numbers["p"] + 0.1 * numbers["r"]
    found = made(numbers.corr())
    assert found[0].title == "value by share, each with each"
    assert found[0].reason.startswith("Apart from each with itself, value is highest for p with r")
    assert all(chart.mark != "arc" for chart in found)


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
    assert made(close.rename_axis("Ticker", axis=1))[0].title.startswith(
        "AAA, BBB and CCC over Date"
    )
    both = pd.concat({"Close": close, "Volume": close * 1e6}, axis=1, names=["Price", "Ticker"])
    titles = {chart.title for chart in made(both)[:2]}
    assert titles == {f"{what} over Date, split by Ticker" for what in ("Close", "Volume")}


def _prices(symbols: tuple[str, ...] = ("AAA", "BBB", "CCC"), n: int = 200) -> pd.DataFrame:
    """Return prices as a library for market data gives them: what is told, and of which symbol."""
    days = pd.bdate_range("2024-01-01", periods=n, name="Date")
    parts = {}
    for symbol in symbols:
        close = 100 * np.exp(np.cumsum(RNG.normal(0, 0.015, n)))
        opened = np.r_[100, close[:-1]]
        high, low = np.maximum(opened, close) * 1.01, np.minimum(opened, close) * 0.99
        volume = RNG.lognormal(15, 0.4, n).astype(int)
        told = {"Close": close, "High": high, "Low": low, "Open": opened, "Volume": volume}
        parts[symbol] = pd.DataFrame(told, days)
    both = pd.concat(parts, axis=1, names=["Ticker", "Price"])
    return both.swaplevel(axis=1).sort_index(axis=1)


@pytest.mark.parametrize("turned", [False, True], ids=["by price", "by ticker"])
def test_what_is_told_of_several_symbols_has_a_line_for_each(turned: bool) -> None:
    frame = _prices()
    found = made(frame.swaplevel(axis=1).sort_index(axis=1) if turned else frame)
    assert [chart.title for chart in found[:2]] == [
        "Close over Date, split by Ticker",
        "Volume over Date, split by Ticker",
    ]
    folds = {c.design.style.fold for c in found if c.design.style.fold is not None}
    assert all(fold.labels == ("AAA", "BBB", "CCC") for fold in folds)
    scope: dict[str, Any] = {"df": frame}
    exec(found[0].code(), scope) if not turned else None


def test_of_many_symbols_the_largest_have_lines() -> None:
    frame = _prices(tuple(f"{a}{b}" for a in "ABCDE" for b in "VWXYZ"), n=90)
    found = made(frame)
    assert [chart.title for chart in found[:2]] == [
        "Close over Date, split by Ticker",
        "Volume over Date, split by Ticker",
    ]
    assert found[0].design.style.lines == 8
    # Of some of them alone a range would be told.
    assert all(chart.design.ends is None and not chart.design.style.bounds for chart in found)


def test_prices_and_what_was_traded_are_not_one_variable() -> None:
    frame = _prices().xs("AAA", axis=1, level="Ticker")
    assert frame.columns.name == "Price"
    assert all(chart.design.style.fold is None for chart in made(frame))
    long = _prices().stack(level="Ticker", future_stack=True).reset_index()
    found = made(long)
    assert found[0].fields == ("Date", "Close", "Ticker")
    assert all(chart.design.style.fold is None for chart in found)


def test_measures_of_other_kinds_are_not_one_variable() -> None:
    firms = pd.DataFrame(
        {"Revenue": RNG.lognormal(9, 1, 8), "Margin %": RNG.uniform(2, 30, 8).round(1)},
        pd.Index([*"ABCDEFGH"], name="firm"),
    )
    firms["Staff"] = RNG.integers(1_000, 9_000, 8)
    assert all(c.design.style.fold is None for c in made(firms.rename_axis(columns="metric")))


def test_each_of_several_measures_is_gathered_by_itself() -> None:
    wide = SALES.groupby(["month", "city"])[["sales", "age"]].sum().unstack()
    found = made(wide)
    assert {c.title for c in found[:2]} == {
        "sales over month, split by city",
        "age over month, split by city",
    }
    # What several words say of what is measured comes before the values.
    both = SALES.groupby(["month", "city"]).agg({"sales": ["mean", "sum"]}).unstack()
    folds = {c.design.style.fold for c in made(both) if c.design.style.fold is not None}
    assert {(fold.value, fold.key) for fold in folds} >= {("sales mean", "city")}


def test_of_two_variables_that_with_more_values_has_the_lines() -> None:
    wide = SALES.pivot_table(index="month", columns=["city", "sex"], values="sales", aggfunc="sum")
    first = made(wide)[0]
    assert first.design.style.fold is not None
    assert first.design.style.fold.key == "city"


def test_years_under_each_measure_stay_years() -> None:
    rows = SALES.assign(year=SALES["month"].dt.year + SALES["age"] % 6)
    wide = rows.pivot_table(index="city", columns="year", values=["sales", "age"], aggfunc="sum")
    folds = {c.design.style.fold for c in made(wide) if c.design.style.fold is not None}
    assert {(fold.value, fold.kind) for fold in folds} == {("sales", "integer"), ("age", "integer")}


def test_bins_in_the_index_are_a_column() -> None:
    counted = SALES["age"].value_counts(bins=6, sort=False)
    first = made(counted)[0]
    assert (first.mark, set(first.fields)) == ("bar", {"index", "count"})


def test_what_crosses_is_told_by_its_name_where_the_chart_shows_it() -> None:
    sums = SALES.pivot_table(index="product", columns="city", values="sales", aggfunc="sum")
    assert made(sums)[0].title == "value by product and city"


#: Prices of three shares by day, as sources of market data give them.
DAYS = pd.date_range("2024-01-01", periods=60, name="Date")


def prices(first: str) -> pd.DataFrame:
    parts = []
    for ticker, scale in (("AAPL", 1.0), ("MSFT", 1.7), ("NVDA", 0.6)):
        close = 100 * scale * np.exp(np.cumsum(RNG.normal(0, 0.015, len(DAYS))))
        spread = RNG.uniform(0.002, 0.02, len(DAYS))
        made = {"Open": close * 1.001, "High": close * (1 + spread), "Low": close * (1 - spread)}
        made |= {"Close": close, "Volume": RNG.lognormal(16, 0.4, len(DAYS)).round()}
        part = pd.DataFrame(made, index=DAYS)
        pairs = [(ticker, price) if first == "Ticker" else (price, ticker) for price in part]
        second = "Price" if first == "Ticker" else "Ticker"
        parts.append(part.set_axis(pd.MultiIndex.from_tuples(pairs, names=[first, second]), axis=1))
    return pd.concat(parts, axis=1)


@pytest.mark.parametrize("first", ["Price", "Ticker"])
def test_headers_of_two_levels_are_gathered_by_measure(first: str) -> None:
    frame = prices(first)
    chart = made(frame)[0]
    assert chart.title == "Close over Date, split by Ticker"
    titles = [one.title for one in made(frame)[:5]]
    assert "Volume over Date, split by Ticker" in titles
    assert not any(title.startswith(("Open over", "Price")) for title in titles)
    scope: dict[str, Any] = {"df": frame}
    exec(chart.code(), scope)
    assert scope["chart"].to_dict()["transform"] == chart.to_vegalite(data="none")["transform"]


def test_several_values_of_a_pivot_table_are_told_apart_by_size() -> None:
    rows = SALES.assign(items=RNG.integers(1, 9, N))
    frame = rows.pivot_table(["sales", "items"], "month", "city")
    found = {chart.title for chart in made(frame)[:3]}
    assert {"sales over month, split by city", "items over month, split by city"} <= found


def test_summaries_of_groups_are_not_gathered() -> None:
    frame = SALES.groupby("city").agg({"sales": ["mean", "max"], "age": ["mean", "max"]})
    assert all(chart.design.style.fold is None for chart in made(frame))


def test_what_is_called_prices_is_several_measures() -> None:
    frame = prices("Price").xs("AAPL", axis=1, level="Ticker")
    assert frame.columns.name == "Price"
    charts = made(frame)
    assert charts[0].title == "Close over Date, with Low to High"
    assert all(chart.design.style.fold is None for chart in charts)


def test_a_matrix_calls_its_columns_as_the_frame_does() -> None:
    names = ["cat", "dog", "bird"]
    taken = pd.DataFrame(
        [[50, 3, 2], [4, 40, 6], [1, 5, 44]],
        index=pd.Index(names, name="actual"),
        columns=pd.Index(names, name="predicted"),
    )
    assert made(taken)[0].title == "value by predicted and actual"


def test_cells_of_few_things_have_their_figures() -> None:
    things = ("age", "bmi", "ldl")
    rows = [
        (a, b, 1.0 if a == b else -0.4 + 0.31 * i) for i, a in enumerate(things) for b in things
    ]
    chart = erp.recommend(pd.DataFrame(rows, columns=["var1", "var2", "r"]))[0]
    cells, figures = chart.drawn["layer"]
    assert (cells["mark"]["type"], figures["mark"]["type"]) == ("rect", "text")
    labels = [record["label"] for record in chart.drawn["data"]["values"]]
    assert labels[:3] == ["1.00", "-0.40", "-0.40"]
    # Only far below nought the colour is so dark that figures are light on it.
    assert figures["encoding"]["color"]["condition"]["test"] == "datum.color <= -0.6"
