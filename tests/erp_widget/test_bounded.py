"""Figures with the bounds that a table gives: drawn, told, coded, and kept."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.chart_record import design_from, record_to_write
from erp_widget.context.reaches import reach

_RNG = np.random.default_rng(8)
DAYS = pd.date_range("2024-01-01", periods=60)


def trial() -> pd.DataFrame:
    """Estimates of six arms, some of which may be nought."""
    estimate = [0.8, 0.65, 0.2, 1.1, 0.7, -0.15]
    low, high = np.subtract(estimate, 0.3), np.add(estimate, 0.3)
    return pd.DataFrame({"arm": list("abcdef"), "estimate": estimate, "lower": low, "upper": high})


def forecast() -> pd.DataFrame:
    """Sales as they were, and from then on as they may be."""
    level = 50 + np.cumsum(_RNG.normal(0, 1, 60))
    width = np.where(np.arange(60) < 30, np.nan, np.arange(60) - 28.0)
    ends = {"yhat_lower": level - width, "yhat_upper": level + width}
    return pd.DataFrame({"ds": DAYS, "yhat": level, **ends})


def plan(*, fitted: bool) -> pd.DataFrame:
    """What was sold in four years, and what is expected then or from the fourth on."""
    months = pd.date_range("2021-01-01", periods=48, freq="MS")
    level = 100 + 1.5 * np.arange(48) + 9 * np.sin(np.arange(48) / 2)
    sold = np.where(np.arange(48) < 36, level + _RNG.normal(0, 2, 48), np.nan)
    expected = np.where(fitted | (np.arange(48) >= 36), level, np.nan)
    ends = {"Low 95%": expected - 9, "High 95%": expected + 9}
    return pd.DataFrame({"Month": months, "Sold": sold, "Forecast": expected, **ends})


def bounded(data: Any, mark: str) -> erp.Chart:
    """The first chart of a mark that shows bounds."""
    charts = erp.recommend(data, mark=mark)
    return next(chart for chart in charts if chart.design.style.bounds is not None)


def test_bars_have_rules_and_say_what_these_leave_open() -> None:
    chart = bounded(trial(), "bar")
    assert chart.title == "estimate by arm, with lower to upper"
    assert chart.reason == (
        "estimate is highest for d (1.1, 0.8 to 1.4) and lowest for f (-0.15, -0.45 to 0.15); "
        "lower to upper includes 0 for 2 of the 6."
    )
    assert "c: 0.2, -0.1 to 0.5" in chart.description
    bars, rules = chart.drawn["layer"]
    assert bars["mark"]["type"] == "bar" and rules["mark"]["type"] == "rule"
    titles = [field["title"] for field in chart.drawn["encoding"]["tooltip"]]
    assert titles[-2:] == ["lower", "upper"]


def test_the_axis_holds_the_bounds() -> None:
    chart = bounded(trial(), "point")
    records, figure = chart.drawn["data"]["values"], chart.design.encoding("y")
    assert figure is not None
    assert reach(chart.design, figure, records) == pytest.approx((-0.45, 1.4))


def test_a_forecast_has_a_band_where_it_has_bounds_and_loses_no_row() -> None:
    chart = bounded(forecast(), "line")
    band, line = chart.drawn["layer"]
    assert band["mark"]["type"] == "area" and line["mark"]["type"] == "line"
    assert len(chart.drawn["data"]["values"]) == 60
    assert sum(record["low"] is not None for record in chart.drawn["data"]["values"]) == 30


def test_lines_of_groups_have_a_band_each() -> None:
    arms = [trial().assign(week=week).head(3) for week in range(1, 13)]
    chart = bounded(pd.concat(arms), "line")
    assert chart.drawn["encoding"]["color"]["field"] == "color"
    chart.to_png()


@pytest.mark.parametrize(("data", "mark"), [(trial(), "bar"), (forecast(), "line")], ids=str)
def test_code_draws_the_same_layers(data: pd.DataFrame, mark: str) -> None:
    chart = bounded(data, mark)
    made: dict[str, Any] = {"df": data}
    exec(chart.code(), made)
    assert isinstance(made["chart"], alt.LayerChart)
    marks = {layer["mark"]["type"] for layer in made["chart"].to_dict()["layer"]}
    assert marks == {layer["mark"]["type"] for layer in chart.drawn["layer"]}


def test_bounds_in_panels_are_coded_in_panels() -> None:
    polls = pd.DataFrame(
        {
            "pollster": list("AABBCC"),
            "party": ["x", "y"] * 3,
            "share": [44, 41, 46, 39, 43, 42],
            "lo": [41, 38, 43, 36, 40, 39],
            "hi": [47, 44, 49, 42, 46, 45],
        }
    )
    charts = erp.recommend(polls, columns=["pollster", "party", "share"], mark="bar")
    chart = next(one for one in charts if one.design.encoding("column") is not None)
    assert chart.design.style.bounds == ("lo", "hi")
    made: dict[str, Any] = {"df": polls}
    exec(chart.code(), made)
    assert "facet" in made["chart"].to_dict()


def test_kept_charts_keep_their_bounds() -> None:
    chart = bounded(trial(), "bar")
    assert design_from(record_to_write(chart)["design"]) == chart.design


def test_who_wants_no_bounds_gets_none() -> None:
    for chart in erp.recommend(trial(), without=["lower"]):
        assert chart.design.style.bounds is None


@pytest.mark.parametrize("fitted", [False, True])
def test_a_forecast_comes_first_with_its_band_beside_what_came(fitted: bool) -> None:
    chart = erp.recommend(plan(fitted=fitted))[0]
    assert chart.title == "Sold and Forecast over Month, with Low 95% to High 95%"
    band, line = chart.drawn["layer"]
    assert band["transform"] and line["mark"]["type"] == "line"
    records = chart.drawn["data"]["values"]
    assert len(records) == 36 + (48 if fitted else 12)
    assert {r["color"] for r in records if r["low"] is not None} == {"Forecast"}
    assert not chart.note
    told = "is within such bounds 36 of 36 times" if fitted else "ends with"
    assert "In Dec 2024, Forecast is " in str(chart.reason) and told in str(chart.reason)
    chart.to_png()


def test_the_code_of_a_forecast_has_a_band_of_the_forecast_only() -> None:
    data = plan(fitted=True)
    chart = erp.recommend(data)[0]
    made: dict[str, Any] = {"df": data}
    exec(chart.code(), made)
    band = made["chart"].to_dict()["layer"][0]
    assert {"filter": {"field": "series", "equal": "Forecast"}} in band["transform"]


def test_a_saved_forecast_keeps_its_band() -> None:
    chart = erp.recommend(plan(fitted=False))[0]
    assert design_from(record_to_write(chart)["design"]).style == chart.design.style


def test_a_forecast_by_months_that_are_texts_ends_in_december() -> None:
    level = 100 + 9 * np.sin(np.arange(12))
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    ends = {"forecast": level, "lower": level - 5, "upper": level + 5}
    actual = [*(level[:8] + 1), *[np.nan] * 4]
    chart = erp.recommend(pd.DataFrame({"month": months, "actual": actual, **ends}))[0]
    assert str(chart.reason).startswith("In Dec, forecast is 91")


def test_code_reads_gathered_numbers_and_bounds_that_are_texts() -> None:
    def written(values: Any) -> list[str]:
        return [f"{value:.1f}".replace(".", ",") for value in values]

    level = 100 + np.cumsum(_RNG.normal(0, 2, 48))
    table = {"Datum": pd.date_range("2021-01-01", periods=48, freq="MS").strftime("%d.%m.%Y")}
    table |= {"Ist": written(level + _RNG.normal(0, 2, 48)), "Prognose": written(level)}
    table |= {"Untergrenze": written(level - 8), "Obergrenze": written(level + 8)}
    data = pd.DataFrame(table)
    chart = erp.recommend(data)[0]
    assert chart.title == "Ist and Prognose over Datum, with Untergrenze to Obergrenze"
    made: dict[str, Any] = {"df": data}
    exec(chart.code(), made)
    steps = made["chart"].to_dict()["layer"][0]["transform"]
    read = {step["as"] for step in steps if "calculate" in step}
    assert {"Ist", "Prognose", "Untergrenze", "Obergrenze"} <= read


def test_of_several_things_the_highest_and_the_lowest_forecast_are_told() -> None:
    of_each = [plan(fitted=True).assign(shop=shop) for shop in ("north", "south")]
    of_each[1].iloc[:, 1:5] *= 2
    chart = next(
        one for one in erp.recommend(pd.concat(of_each)) if one.design.style.estimate is not None
    )
    assert "Forecast is highest for south, " in str(chart.reason)


def test_records_say_of_an_estimate_only_where_there_is_one() -> None:
    with_one, without = erp.recommend(plan(fitted=False))[0], bounded(trial(), "bar")
    assert record_to_write(with_one)["design"]["style"]["estimate"] == "Forecast"
    assert "estimate" not in record_to_write(without)["design"]["style"]
