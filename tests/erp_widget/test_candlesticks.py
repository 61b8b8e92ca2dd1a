"""Candlesticks: a rule from the lowest to the highest price, a bar from the first to the last."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.chart_record import design_from, record_to_write
from erp_widget.context.looks import CANDLE_COLORS
from erp_widget.question import Question
from erp_widget.sources import open_table
from vizmodel.form.declared_candles import FALLS, RISES

N = 60
_RNG = np.random.default_rng(2)


def prices(names: tuple[str, ...] = ("Open", "High", "Low", "Close")) -> pd.DataFrame:
    close = 100 * np.exp(np.cumsum(_RNG.normal(0, 0.015, N)))
    opened = np.r_[100, close[:-1]] * np.exp(_RNG.normal(0, 0.004, N))
    reach = np.exp(np.abs(_RNG.normal(0, 0.006, (2, N))))
    high, low = np.maximum(opened, close) * reach[0], np.minimum(opened, close) / reach[1]
    days = pd.bdate_range("2024-01-02", periods=N, name="Date")
    return pd.DataFrame(dict(zip(names, (opened, high, low, close), strict=True)), days)


PRICES = prices()
PRICES.iloc[-1] = [90.0, 95.5, 80.0, 85.25]
PRICES.iloc[0, 3] = 170.5


def candles(table: Any, **wanted: Any) -> erp.Chart:
    found = erp.recommend(table, store=":memory:", **wanted)
    return next(chart for chart in found if chart.design.ends is not None and chart.mark == "bar")


def test_each_day_is_a_rule_and_a_bar_of_the_colour_of_its_way() -> None:
    drawn = candles(PRICES).to_vegalite()
    rule, bar = drawn["layer"]
    assert (rule["mark"]["type"], bar["mark"]["type"]) == ("rule", "bar")
    assert drawn["encoding"]["color"]["scale"] == {
        "domain": [RISES, FALLS],
        "range": list(CANDLE_COLORS),
    }
    first, last = bar["encoding"]["y"]["field"], bar["encoding"]["y2"]["field"]
    for row, told in zip(drawn["data"]["values"], PRICES.itertuples(), strict=True):
        assert (row[first], row[last]) == pytest.approx((told.Open, told.Close), rel=1e-3)
        assert (row["y"], row["y2"]) == pytest.approx((told.Low, told.High), rel=1e-3)
        assert row["moved"] == (RISES if told.Close >= told.Open else FALLS)


def test_all_four_prices_are_told() -> None:
    chart = candles(PRICES)
    titles = [field["title"] for field in chart.to_vegalite()["encoding"]["tooltip"]]
    assert titles == ["Date", "Low", "High", "Open", "Close"]
    assert chart.title == "Open, High, Low and Close over Date"
    assert chart.reason == (
        "Close ends at 85.25 on 25 Mar 2024, 50% below that of 2 Jan 2024; it went furthest on "
        f"{_widest(PRICES)}."
    )
    assert chart.description.startswith(f"Candlestick chart: {chart.title}. {chart.reason}"[:-1])
    rising, falling = (PRICES.Close > PRICES.Open).sum(), (PRICES.Close < PRICES.Open).sum()
    told = f"{rising} of {N} close higher than they open, {falling} lower."
    assert chart.description.endswith(told)
    assert chart.to_png()[:4] == b"\x89PNG"


def _widest(table: pd.DataFrame) -> str:
    at = (table.High - table.Low).idxmax()
    low, high = table.Low[at], table.High[at]
    return f"{at.day} {at:%b %Y}, from {low:.4g} to {high:.4g}"


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("Open AAPL", "High AAPL", "Low AAPL", "Close AAPL"), "Open, High, Low and Close AAPL"),
        (("AAPL.Open", "AAPL.High", "AAPL.Low", "AAPL.Close"), "AAPL.Open, High, Low and Close"),
        (("1. open", "2. high", "3. low", "4. close"), "1. open, 2. high, 3. low and 4. close"),
    ],
)
def test_what_all_prices_are_of_is_told_once(names: tuple[str, ...], title: str) -> None:
    assert candles(prices(names)).title == f"{title} over Date"


@pytest.mark.parametrize(
    ("last", "said"),
    [(100.2, "about as on 2 Jan 2024"), (350.0, "3.5 times that of"), (130.0, "30% above that of")],
)
def test_how_far_a_price_went_is_told_as_readers_would(last: float, said: str) -> None:
    table = prices()
    table.iloc[0, 3], table.iloc[-1, 3] = 100.0, last
    table["High"] = table[["High", "Close"]].max(axis=1)
    table["Low"] = table[["Low", "Close"]].min(axis=1)
    assert said in candles(table).reason


@pytest.mark.parametrize(
    "names", [("Open", "High", "Low", "Close"), ("1. open", "2. high", "3. low", "4. close")]
)
def test_a_person_would_write_two_layers(names: tuple[str, ...]) -> None:
    table = prices(names)
    chart = candles(table)
    scope: dict[str, Any] = {"df": table}
    exec(chart.code(), scope)
    made, declared = scope["chart"].to_dict(), chart.to_vegalite(data="none")
    assert [layer["mark"]["type"] for layer in made["layer"]] == ["rule", "bar"]
    assert [layer["mark"] for layer in declared["layer"]] == [one["mark"] for one in made["layer"]]
    for layer, written in zip(made["layer"], declared["layer"], strict=True):
        for channel, definition in written["encoding"].items():
            assert layer["encoding"][channel] == definition
        assert layer["encoding"]["color"] == declared["encoding"]["color"]
        assert layer["transform"] == declared["transform"]
    assert chart.to_altair().to_dict()["layer"]


def test_a_record_keeps_the_body() -> None:
    chart = candles(PRICES)
    plain = json.loads(json.dumps(record_to_write(chart)["design"]))
    assert design_from(plain) == chart.design
    del plain["style"]["body"]  # as older versions wrote it
    assert design_from(plain).style.body is None


def test_without_the_opening_price_a_range_is_left() -> None:
    chart = candles(PRICES, without=["Open"])
    assert chart.design.style.body is None
    assert chart.title == "Low to High over Date"
    assert "Open" not in json.dumps(chart.to_vegalite())


def test_a_kept_chart_is_a_range_where_the_prices_are_no_more_such() -> None:
    chart = candles(PRICES)
    changed = PRICES.assign(Open=PRICES.Open * 2)
    again = Question(open_table(changed)).kept_chart(chart)
    assert again.design.style.body is None
