"""What sentences say of shares, ties and zeros is what the table has and the chart shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.erp_widget.made_charts import chart_of

KIND, SIZE = "x=category kind", "y=category size"


# --- of which rows shares are


def test_the_share_of_the_fullest_place_is_of_the_rows_that_have_a_value() -> None:
    sizes = ["big"] * 21 + ["small"] * 21 + [None] * 42
    table = pd.DataFrame({"kind": ["a"] * 28 + ["b"] * 56, "size": sizes})
    told = chart_of(table, "rect", KIND, SIZE, "color=count").reason
    assert told == "The commonest pair is a and big: 21 rows, 50% of those that have a value."


def test_zeros_are_counted_among_the_values() -> None:
    fee = [0.0] * 60 + [*np.linspace(1, 30, 40)] + [None] * 100
    told = chart_of(pd.DataFrame({"fee": fee}), "bar", "x=bin fee", "y=count").reason
    assert told.startswith("fee is 0 in 60% of the rows that have a value;")
    fewer = [0.0] * 30 + [*np.linspace(1, 30, 70)] + [None] * 100
    told = chart_of(pd.DataFrame({"fee": fewer}), "bar", "x=bin fee", "y=count").reason
    assert ", 30% of the values are 0" in told
    told = chart_of(pd.DataFrame({"fee": fewer[:100]}), "bar", "x=bin fee", "y=count").reason
    assert ", 30% are 0" in told


def test_a_ring_and_its_sentences_tell_the_same_shares() -> None:
    table = pd.DataFrame({"passed": ["yes"] * 50 + ["no"] * 25 + [None] * 25})
    ring = chart_of(table, "arc", "theta=count", "color=category passed")
    assert ring.reason == "passed is yes in 50% of the rows, no in 25%; 25% have no value."
    assert "yes: 50 (50%)" in ring.description
    bars = chart_of(table, "bar", "x=category passed", "y=count")
    assert bars.reason == "passed is yes in 67% of the rows that have a value, no in 33%."


# --- ties


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        (["ax"] * 9 + ["by"] * 9, "All 2 pairs of kind and size are equally common: 9 rows each"),
        (["ax"] * 9 + ["by"] * 9 + ["bx"], "The commonest pairs are a and x, and b and y: 9 rows"),
        (["ax"] * 9 + ["by"] * 9 + ["bx"] * 9 + ["ay"], "pairs are a and x, and 2 more: 9 rows"),
    ],
)
def test_pairs_that_are_equally_common_are_told_as_such(pairs: list[str], told: str) -> None:
    table = pd.DataFrame({"kind": [p[0] for p in pairs], "size": [p[1] for p in pairs]})
    assert told in chart_of(table, "rect", KIND, SIZE, "color=count").reason


def test_groups_that_are_equally_common_are_told_as_such() -> None:
    def told(**sizes: int) -> str:
        table = pd.DataFrame({"kind": [kind for kind, n in sizes.items() for _ in range(n)]})
        return chart_of(table, "bar", KIND, "y=count").reason

    assert told(p=40, q=30, r=30) == (
        "The commonest kind is p (40% of the rows), then q and r (30% each)."
    )
    assert told(p=40, q=40, r=20) == (
        "The commonest values of kind are p and q (40% of the rows each), then r (20%)."
    )
    assert told(p=50, q=30, r=10, s=10) == (
        "The commonest kind is p (50% of the rows), then q (30%); "
        "the rarest are r and s (10% each)."
    )
    assert told(p=1001, q=1000, r=1000) == (
        "All 3 groups of kind are about alike: each holds about 33% of the rows."
    )


def test_of_ranked_groups_and_parts_all_that_lead_are_told() -> None:
    names = [f"n{i % 80}" for i in range(400)] + ["n3", "n5"] * 30
    told = chart_of(pd.DataFrame({"name": names}), "bar", "x=category name", "y=count").reason
    assert told.startswith(
        "Of 80 values of name n3 and n5 have the largest number of records: 35 each"
    )
    paid = pd.DataFrame({"kind": list("abc"), "paid": [4.0, 4.0, 2.0]})
    told = chart_of(paid, "arc", "theta=sum paid", "color=category kind").reason
    assert told == "The largest parts of total paid are a and b: 40% each."


def test_of_values_that_all_differ_none_is_the_commonest() -> None:
    table = pd.DataFrame({"n": [1.5, 4.0, 2.5], "kind": list("abc")})
    assert chart_of(table, "tick", "x=value n").reason == "All 3 values of n differ, from 1.5 to 4."
    twice = pd.concat([table, table])
    assert chart_of(twice, "tick", "x=value n").reason == (
        "n has 3 different values; each holds 33% of the rows."
    )


# --- nothing at a step of a line


def days_of(**counts: int) -> pd.DataFrame:
    days = [f"2024-03-{day[1:]}" for day, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"day": pd.to_datetime(days)})


@pytest.mark.parametrize("mark", ["line", "area"])
@pytest.mark.parametrize("unit", ["value", "yearmonthdate"])
def test_the_lowest_of_counted_days_is_a_day_without_records(mark: str, unit: str) -> None:
    table = days_of(d01=2, d02=1, d03=3, d05=1, d06=5, d07=1)
    if unit == "yearmonthdate":
        table["day"] += pd.Timedelta(hours=9)
    chart = chart_of(table, mark, f"x={unit} day", "y=count")
    assert chart.reason == (
        "Number of records is highest on 6 Mar 2024 (5) and lowest on 4 Mar 2024 (0)."
    )
    assert "lowest: 4 Mar 2024 (0)" in chart.description
    assert [row["y"] for row in chart.drawn["data"]["values"]] == [2, 1, 3, 0, 1, 5, 1]


def test_months_and_years_without_records_are_zeros_of_plain_dates_too() -> None:
    months = pd.to_datetime([f"2023-{month:02d}-01" for month in (1, 2, 2, 3, 5, 6, 8)])
    line = chart_of(pd.DataFrame({"month": months}), "line", "x=value month", "y=count")
    assert [row["y"] for row in line.drawn["data"]["values"]] == [1, 2, 1, 0, 1, 1, 0, 1]
    years = pd.to_datetime([f"{year}-01-01" for year in (2001, 2002, 2002, 2003, 2004, 2006, 2007)])
    line = chart_of(pd.DataFrame({"year": years}), "line", "x=value year", "y=count")
    assert [row["y"] for row in line.drawn["data"]["values"]] == [1, 2, 1, 1, 0, 1, 1]


@pytest.mark.parametrize("open_days", [range(5), (5, 6), (1, 2, 4)])
@pytest.mark.parametrize("hours", [0, 9])
def test_weekdays_on_which_nothing_ever_is_are_no_zeros(open_days: range, hours: int) -> None:
    """A day that has none is one among those on which there usually are some."""
    every = pd.date_range("2024-01-01", periods=120)
    used = every[every.dayofweek.isin([*open_days])]
    rows = used.delete(9).repeat(np.arange(len(used) - 1) % 3 + 1)
    table = pd.DataFrame({"day": rows + pd.Timedelta(hours=hours)})
    unit = "yearmonthdate" if hours else "value"
    chart = chart_of(table, "line", f"x={unit} day", "y=count")
    values = chart.drawn["data"]["values"]
    assert [row["x"] for row in values if row["y"] == 0] == [str(used[9].date())]
    assert [row["x"] for row in values] == [str(day.date()) for day in used]


def test_counts_of_working_days_go_on_over_weekends() -> None:
    days = pd.bdate_range("2024-01-01", periods=60)
    table = pd.DataFrame({"day": days.delete(11).repeat(30)})
    values = chart_of(table, "line", "x=value day", "y=count").drawn["data"]["values"]
    # Of so many a day, one without any is one of which nothing is known.
    assert [row["x"] for row in values if row["y"] is None] == [str(days[10].date())]
