"""Owns whether figures, times and units of charts can be told apart, where they are drawn and said.

The tables are such as sensors, logs and balances give.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import chart_of

MINUTES = pd.Timestamp("2024-03-01 14:00:05")


def drawn_texts(spec: dict[str, object]) -> list[str]:
    """Return what is written in a chart, in the order in which it is drawn."""
    return re.findall(r"<text[^>]*>([^<]*)<", vl_convert.vegalite_to_svg(spec))


def test_times_of_one_hour_are_told_and_drawn_to_the_second() -> None:
    times = MINUTES + pd.to_timedelta(np.arange(120) * 1.5, unit="s")
    frame = pd.DataFrame({"at": times, "ms": [n % 37 + 0.5 for n in range(120)]})
    made = chart_of(frame, "point", "x=value at", "y=value ms")
    assert "at from 1 Mar 2024 14:00:05 to 1 Mar 2024 14:03:03" in made.description
    texts = drawn_texts(made.to_vegalite())
    assert "14:01:30" in texts and "14:02" in texts
    assert "at (1 Mar 2024)" in texts


def test_hours_on_an_axis_are_of_a_day_of_24_with_its_date() -> None:
    times = pd.date_range("2024-06-01", periods=96, freq="15min")
    frame = pd.DataFrame({"ts": times, "volts": np.linspace(4.1, 3.6, 96)})
    made = chart_of(frame, "line", "x=value ts", "y=value volts")
    texts = drawn_texts(made.to_vegalite())
    assert {"1 Jun", "06:00", "18:00", "ts (1 Jun 2024)"} <= {*texts}
    # Midnight is an hour as well.
    assert "Highest: 1 Jun 2024 00:00 (4.1)" in made.description


def test_bars_of_minutes_stand_beside_each_other() -> None:
    times = pd.date_range("2024-06-01 10:00", periods=12, freq="10min")
    frame = pd.DataFrame({"ts": times, "calls": [n % 5 + 3 for n in range(12)]})
    made = chart_of(frame, "bar", "x=value ts", "y=value calls")
    assert "timeUnit" not in made.drawn["encoding"]["x"]
    hourly = frame.assign(ts=pd.date_range("2024-06-01 10:00", periods=12, freq="h"))
    bars = chart_of(hourly, "bar", "x=value ts", "y=value calls")
    assert bars.drawn["encoding"]["x"]["timeUnit"] == "utcyearmonthdatehours"


@pytest.fixture
def close() -> pd.DataFrame:
    """A table of numbers that differ only in their last digits."""
    random = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "batch": np.array(["a", "b"] * 60),
            "purity": (0.9998 + np.arange(120) % 2 * 1e-4 + random.normal(0, 4e-5, 120)).round(6),
            "pascals": random.normal(101_325, 3, 120).round(1),
        }
    )


def test_numbers_that_are_close_are_told_apart(close: pd.DataFrame) -> None:
    shape = chart_of(close, "bar", "x=bin purity", "y=count")
    assert re.search(r"purity is typically 0\.9998\d+; nine in ten lie between 0\.99", shape.reason)
    assert "1 and 1" not in shape.reason
    means = chart_of(close, "bar", "x=mean purity", "y=category batch")
    texts = drawn_texts(means.to_vegalite())
    labels = [text for text in texts if re.fullmatch(r"0\.9\d{3,}", text)]
    assert len({*labels}) >= 2
    assert "everywhere" not in means.reason
    boxes = chart_of(close, "boxplot", "x=category batch", "y=value purity")
    medians = re.findall(r": (0\.99\d+)", boxes.description)
    assert len({*medians}) == 2


def test_an_axis_of_close_numbers_has_all_their_digits(close: pd.DataFrame) -> None:
    made = chart_of(close, "point", "x=value pascals", "y=value purity")
    assert not [text for text in drawn_texts(made.to_vegalite()) if text.endswith("k")]
    assert "101,326" in drawn_texts(made.to_vegalite())
    wide = close.assign(pascals=close["pascals"] * np.linspace(1, 4, len(close)))
    made = chart_of(wide, "point", "x=value pascals", "y=value purity")
    assert "200k" in drawn_texts(made.to_vegalite())


def test_alt_texts_have_units_and_large_numbers_in_words() -> None:
    frame = pd.DataFrame(
        {
            "shop": [f"shop {n}" for n in range(8)],
            "Paid ($)": [882.66 + 100 * n for n in range(8)],
            "debt": [1_256_660_706_326 - 10**11 * n for n in range(8)],
        }
    )
    paid = chart_of(frame, "bar", "x=value Paid ($)", "y=category shop").description
    assert "Highest: shop 7 ($1,583); lowest: shop 0 ($882.66)" in paid
    debts = chart_of(frame, "point", "x=value Paid ($)", "y=value debt").description
    assert "debt from 556.7 billion" in debts and "1.257 trillion" in debts


def test_small_numbers_have_the_exponents_of_their_axis() -> None:
    frame = pd.DataFrame({"mol": [n * 1.37e-8 for n in range(1, 61)]})
    made = chart_of(frame, "bar", "x=bin mol", "y=count")
    assert "e-7" in made.reason and "e-07" not in made.reason + made.description


def test_of_many_groups_the_last_shown_is_not_called_the_lowest() -> None:
    random = np.random.default_rng(1)
    codes = [f"P-{n:03}" for n in range(150)]
    frame = pd.DataFrame({"code": np.repeat(codes, 8), "units": random.poisson(12, 1200)})
    made = chart_of(frame, "bar", "x=sum units", "y=category code")
    assert "lowest of the 12 shown" in made.description
    assert "values in all" not in made.description
    assert made.reason == "Of 150 values of code, none has more than 2% of total units."


def test_panels_that_leave_a_hole_say_what_their_x_axes_are_of() -> None:
    frame = pd.DataFrame(
        {
            "team": [name for name in "abcde" for _ in range(20)],
            "age": [20 + n % 17 for n in range(100)],
            "pay": [1000 + n % 23 * 50 for n in range(100)],
        }
    )
    made = chart_of(frame, "point", "x=value age", "y=value pay", "column=category team")
    assert drawn_texts(made.to_vegalite()).count("age") == 5


def test_a_median_below_zero_has_the_minus_of_its_axis() -> None:
    frame = pd.DataFrame({"change": [n * 0.37 - 20 for n in range(60)]})
    texts = drawn_texts(chart_of(frame, "bar", "x=bin change", "y=count").to_vegalite())
    assert any(text.startswith("median −") for text in texts)
