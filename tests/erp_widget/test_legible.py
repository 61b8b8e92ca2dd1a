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

from erp_widget.aggregate import ChartRows
from erp_widget.words import clean_name

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


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Do you use public transport at least once a week?", None),
        ("Total amount disbursed to date (thousands of euros)", None),
        (
            "International Federation of Red Cross and Red Crescent Societies",
            "International Federation of Red Cross and Red…",
        ),
        ("x" * 90, "x" * 47 + "…"),
    ],
)
def test_long_names_end_with_a_word(name: str, told: str | None) -> None:
    assert clean_name(name) == (told or name)


def test_a_long_title_below_a_plot_is_on_two_lines_with_its_scale() -> None:
    name = "Total amount disbursed to date (thousands of euros)"
    frame = pd.DataFrame({name: np.exp(np.linspace(0, 9, 80))})
    made = chart_of(frame, "bar", f"x=bin {name}", "y=count")
    shown = vl_convert.vegalite_to_svg(made.to_vegalite())
    title = shown[shown.index("role-axis-title") :]
    assert "(log scale)" in made.drawn["encoding"]["x"]["title"][-1].replace("\xa0", " ")
    assert "…" not in title[: title.index("</g>")]


def test_the_legend_of_small_counts_has_several_bubbles() -> None:
    pairs = [(a, b, n) for n, (a, b) in enumerate((a, b) for a in "pqr" for b in "xyz")]
    frame = pd.DataFrame([(a, b) for a, b, n in pairs for _ in range(n + 1)], columns=["a", "b"])
    made = chart_of(frame, "point", "x=category a", "y=category b", "size=count")
    assert made.drawn["encoding"]["size"]["legend"]["values"] == [2, 4, 6, 8]


def test_questions_have_quotes_however_short() -> None:
    frame = pd.DataFrame({"Do you cycle?": ["yes", "no", "no"] * 9, "age": range(27)})
    made = chart_of(frame, "bar", "x=category Do you cycle?", "y=count")
    assert made.title == "Number of records by “Do you cycle?”"


def test_sentences_about_numbers_of_values_are_in_the_singular() -> None:
    frame = pd.DataFrame({"shop": ["a", "b", "c"] * 20, "item": [f"i{n % 23}" for n in range(60)]})
    frame.loc[frame["shop"] == "a", "item"] = "i1"
    made = chart_of(frame, "bar", "x=category shop", "y=distinct item")
    assert made.reason.startswith("Number of distinct values of item is highest for ")


def test_a_map_is_called_one_once() -> None:
    frame = pd.DataFrame({"lat": np.linspace(46, 48, 30), "lon": np.linspace(9, 17, 30) ** 1.01})
    made = chart_of(frame, "point", "x=value lon", "y=value lat")
    assert made.description.startswith("Map of places. 30 rows")


def test_bars_along_years_are_by_year_as_lines_are() -> None:
    frame = pd.DataFrame({"year": range(1980, 2020), "gas": [n % 7 + 1.5 for n in range(40)]})
    for mark in ("bar", "line"):
        assert chart_of(frame, mark, "x=value year", "y=value gas").title == "gas by year"


def test_a_note_says_once_what_is_not_shown() -> None:
    found = ChartRows([], 0, note="not shown: 3 of 9 rows without day; without May, which ends")
    assert found.noted("not shown: 2 of 9 rows without sex").note == (
        "not shown: 2 of 9 rows without sex and 3 of 9 rows without day; without May, which ends"
    )


def test_shares_that_are_written_alike_are_told_once() -> None:
    counts = {"a": 62, "b": 62, **dict.fromkeys("cdefgh", 60), "i": 20}
    frame = pd.DataFrame({"kind": [name for name, n in counts.items() for _ in range(n)]})
    reason = chart_of(frame, "bar", "x=category kind", "y=count").reason
    assert ", then" not in reason and "a and b (12% of the rows each)" in reason


def test_labels_of_series_may_hold_braces() -> None:
    years = list(range(2000, 2010))
    frame = pd.DataFrame(
        {
            "year": years * 2,
            "code": ["{"] * 10 + ["{0}"] * 10,
            "n": [float(i) for i in range(10)] + [float(i * i + 3) for i in range(10)],
        }
    )
    drawn = chart_of(frame, "line", "x=value year", "y=value n", "color=category code")
    assert drawn.reason == "In 2009, n is higher for {0} (84; 3 in 2000) than for { (9; 0)."
