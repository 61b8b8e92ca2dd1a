"""What sentences say of shares, ties and zeros is what the table has and the chart shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.telling.percents import percent_beside
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
        "Of 80 values of name, n3 and n5 have the largest number of records: 35 each"
    )
    paid = pd.DataFrame({"kind": list("abc"), "paid": [4.0, 4.0, 2.0]})
    told = chart_of(paid, "arc", "theta=sum paid", "color=category kind").reason
    assert told == "The largest parts of total paid are where kind is a and b: 40% each."


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


@pytest.mark.parametrize("day", ["15", "month's end"])
def test_one_date_a_month_stands_for_all_of_it(day: str) -> None:
    days = pd.date_range("2020-02-01", periods=24, freq="MS") + pd.Timedelta(days=14)
    days = days if day == "15" else days + pd.offsets.BMonthEnd(0)
    sums = 10.0 * np.arange(24) + 100
    table = pd.DataFrame({"at": np.repeat(days, 3), "sales": np.repeat(sums, 3)})
    told = chart_of(table, "line", "x=yearmonth at", "y=sum sales").reason
    assert told == "Total sales rises from 300 in Feb 2020 to 990 in Jan 2022."


def test_lines_that_end_at_one_value_are_not_told_as_higher_and_lower() -> None:
    years, kinds = np.repeat(range(2000, 2008), 20), np.tile(["a", "b"], 80)
    paid = 20 + np.where(kinds == "a", -10.0, 10.0) * (2007 - years) / 7
    table = pd.DataFrame({"year": years, "kind": kinds, "paid": paid})
    lines = ("line", "x=value year", "y=mean paid", "color=category kind")
    told = "Mean paid is highest for b in 2000 (30) and lowest for a in 2000 (10)."
    assert chart_of(table, *lines).reason == told


@pytest.mark.parametrize("summary", ["sum", "mean"])
def test_what_never_changes_has_no_ends(summary: str) -> None:
    days = np.repeat(pd.date_range("2020-01-01", periods=24, freq="MS"), 3)
    table = pd.DataFrame({"at": days, "sales": 100.0})
    told = chart_of(table, "line", "x=yearmonth at", f"y={summary} sales").reason
    assert told.endswith(f" sales never changes: {300 if summary == 'sum' else 100}.")


# --- amounts


@pytest.mark.parametrize(
    ("times", "most", "least"),
    [
        (1, "$0.0071", "$0.002"),
        (100, "$0.71", "$0.20"),
        (1.40841e11, "$1 billion", "$281.7 million"),
    ],
)
def test_no_price_is_rounded_to_nothing_and_no_million_to_a_thousand(
    times: float, most: str, least: str
) -> None:
    prices = times * np.repeat([0.0071, 0.003, 0.004, 0.002], 20)
    table = pd.DataFrame({"kind": np.repeat(list("abcd"), 20), "price ($)": prices})
    told = chart_of(table, "bar", KIND, "y=mean price ($)").reason
    assert told == f"Mean price ($) is highest for a ({most}) and lowest for d ({least})."


def test_times_of_day_and_years_are_told_as_such() -> None:
    minutes = [*np.linspace(485, 505, 61), *np.linspace(860, 880, 61)]
    starts = [f"{int(at) // 60:02}:{int(at) % 60:02}" for at in minutes]
    years = [*range(1950, 2011), *range(1955, 2016)]
    table = pd.DataFrame({"kind": np.repeat(["a", "b"], 61), "start": starts, "built": years})
    bars = chart_of(table, "bar", KIND, "y=mean start")
    assert bars.reason == "Mean start is higher for b (14:30) than for a (8:15)."
    assert "a: 8:15; b: 14:30" in bars.description
    told = chart_of(table, "bar", "x=bin start", "y=count").reason
    assert told.endswith("nine in ten lie between 8:07 and 14:38.")
    assert "a: 1980; b: 1985" in chart_of(table, "boxplot", KIND, "y=value built").description


# --- shares of bars in the alt text


def test_a_part_that_a_bar_has_not_is_a_share_of_nothing() -> None:
    kinds = ["shot"] * 14 + ["fall"] * 28 + ["fire"] * 14 + ["fall"] * 10 + ["fire"] * 10
    table = pd.DataFrame({"sex": ["m"] * 56 + ["f"] * 20, "kind": kinds})
    told = chart_of(table, "bar", "x=category sex", "y=count", "color=category kind").description
    assert "shot: 25% of m, 0% of f" in told and "fall: 50% of each" in told


def test_numbers_have_the_name_of_their_column_and_ties_are_told() -> None:
    shifts = {6: ["day", "late"], 7: ["night", "late"], 8: ["day", "night"], 9: ["day", "late"]}
    rows = [(n, shift) for n, both in shifts.items() for shift in both * 10]
    table = pd.DataFrame(rows, columns=["defects", "shift"])
    bars = ("bar", "x=category defects", "y=count", "color=category shift")
    told = chart_of(table, *bars).description
    assert "night: 50% where defects is 7 and 8, 0% where it is 6 and 9" in told
    assert "day: 50% where defects is 6 and 2 more, 0% where it is 7" in told


def test_small_shares_of_bars_are_not_rounded_to_nothing() -> None:
    rows = [("a", "x")] * 4 + [("a", "y")] * 496 + [("a", "z")] * 500
    rows += [("b", "x")] * 300 + [("b", "y")] * 300 + [("b", "z")] * 400
    table = pd.DataFrame(rows, columns=["kind", "size"])
    bars = chart_of(table, "bar", KIND, "y=count", "color=category size")
    assert "x: 30% of b, 0.4% of a;" in bars.description
    assert percent_beside(0.9996, 0.3) == "99%" and percent_beside(0.0001, 0.3) == "under 0.1%"


def test_parts_of_an_amount_are_not_rounded_to_none_or_all() -> None:
    rows = [("a", "new", 1.0)] + [("a", "old", 10.0)] * 900
    rows += [(kind, size, 10.0) for kind in "bc" for size in ("new", "old") * 10]
    table = pd.DataFrame(rows, columns=["kind", "size", "sales"])
    told = chart_of(table, "bar", KIND, "y=sum sales", "color=category size").reason
    assert told == "New is 50% of total sales where kind is b, under 0.1% where it is a."


@pytest.mark.parametrize("negative", [0.1, 0.4])
def test_losses_and_a_value_far_below_are_told(negative: float) -> None:
    rng = np.random.default_rng(0)
    profit = rng.gamma(2, 60, 200) * np.repeat([-1, 1], [int(200 * negative), 200])[:200]
    told = chart_of(pd.DataFrame({"profit": profit}), "bar", "x=bin profit", "y=count").reason
    # Of many losses the range tells enough.
    assert told.endswith(", 10% are below 0.") == (negative < 0.3)
    some = pd.DataFrame({"profit": [*profit, *[None] * 50]})
    told = chart_of(some, "bar", "x=bin profit", "y=count").reason
    assert told.endswith(", 10% of the values are below 0.") == (negative < 0.3)
    points = pd.DataFrame({"points": [*(100 - rng.gamma(1, 3, 300)), 2.0]})
    told = chart_of(points, "bar", "x=bin points", "y=count").reason
    assert told.endswith(", the smallest is 2.")


# --- which groups are told of


@pytest.mark.parametrize("sizes", [("yes", "no"), ("old", "new"), ("old", "new", "newer")])
def test_rows_without_a_group_are_none_where_a_share_is_largest(sizes: tuple[str, ...]) -> None:
    first, *others = sizes
    rows = [("a", first)] * 88 + [("a", one) for one in others] * 12
    rows += [("b", first)] * 50 + [("b", one) for one in others] * 50
    rows += [(None, one) for one in others] * 100
    table = pd.DataFrame(rows, columns=["kind", "size"])
    told = chart_of(table, "bar", KIND, "y=count", "color=category size").reason
    assert " where kind is " in told and told[-2:] in ("a.", "b.") and "missing" not in told


def test_columns_with_the_same_labels_are_named() -> None:
    table = pd.DataFrame({"home": list("aabb"), "away": list("abab"), "goals": [1.0, 4, 2, 3]})
    cells = chart_of(table, "rect", "x=category home", "y=category away", "color=mean goals")
    assert (
        "highest for home = a, away = b (4) and lowest for home = a, away = a (1)" in cells.reason
    )
    assert "home = a, away = b: 4" in cells.description
    others = table.assign(away=list("xyxy"))
    cells = chart_of(others, "rect", "x=category home", "y=category away", "color=mean goals")
    assert "highest for a, y (4)" in cells.reason and "a, y: 4" in cells.description


def test_a_group_without_a_value_that_is_beyond_the_others_is_not_passed_over() -> None:
    table = pd.DataFrame({"kind": ["a"] * 20 + ["b"] * 20 + ["c"] * 20 + [None] * 20})
    table["paid"] = np.repeat([30.0, 20.0, 40.0, 10.0], 20)
    told = chart_of(table, "boxplot", KIND, "y=value paid")
    assert told.reason == (
        "Median paid is highest for c (40) and lowest for b (20), of groups with a value."
    )
    assert "(missing): 10" in told.description
    table["paid"] = np.repeat([30.0, 20.0, 40.0, 25.0], 20)
    assert chart_of(table, "boxplot", KIND, "y=value paid").reason == (
        "Median paid is highest for c (40) and lowest for b (20)."
    )


def test_a_line_without_a_name_that_ends_beyond_the_others_is_not_passed_over() -> None:
    years = [year for year in range(2000, 2008) for _ in range(9)]
    table = pd.DataFrame({"year": years, "kind": ["a", "b", None] * 24})
    level = table["kind"].map({"a": 50.0, "b": 30.0})
    lines = ("line", "x=value year", "y=mean paid", "color=category kind")
    table["paid"] = table["year"] - 2000 + level.fillna(10.0)
    told = "In 2007, mean paid is higher for a (57; 50 in 2000) than for b (37; 30)"
    assert chart_of(table, *lines).reason == f"{told}, of groups with a value."
    table["paid"] = table["year"] - 2000 + level.fillna(40.0)
    assert chart_of(table, *lines).reason == f"{told}."


# --- numbers that only some rows have


def test_a_mean_says_how_many_rows_it_leaves_out() -> None:
    table = pd.DataFrame({"kind": list("ab") * 50, "fee": [1.5, 2.5, None, None] * 25})
    bars = chart_of(table, "bar", KIND, "y=mean fee")
    assert bars.note == "not shown: 50 of 100 rows without fee"
    whole = chart_of(table.fillna(3.5), "bar", KIND, "y=mean fee")
    assert whole.note is None


def test_the_rank_correlation_of_columns_with_gaps_is_that_of_the_rows_drawn_or_not_told() -> None:
    rows = np.arange(300)
    table = pd.DataFrame({"a": rows, "b": np.where(rows < 100, rows, np.nan)})
    points = chart_of(table, "point", "x=value a", "y=value b").reason
    assert points == "b rises with a, about one for one (rank correlation 1.00)."
    binned = chart_of(table, "bar", "x=bin a", "y=mean b").reason
    assert "correlation" not in binned  # 0.19 where a gap counts as a middle value
    few = table.assign(a=np.where((rows < 3) | (rows > 150), rows, np.nan))
    assert "correlation" not in chart_of(few, "point", "x=value a", "y=value b").reason


# --- groups


@pytest.mark.parametrize("mark", ["point", "tick", "boxplot"])
def test_medians_that_may_differ_by_chance_are_told_so_whatever_draws_them(mark: str) -> None:
    table = pd.DataFrame({"kind": list("ab") * 60, "n": np.random.default_rng(5).normal(0, 1, 120)})
    told = chart_of(table, mark, KIND, "y=value n").reason
    assert told.endswith(", which may be chance.")
    table["n"] += 3 * (table["kind"] == "a")
    assert chart_of(table, mark, KIND, "y=value n").reason.startswith("Median n is higher for a")


def test_years_that_are_groups_are_written_as_years() -> None:
    weeks = np.tile(np.arange(1, 53), 3)
    years = np.repeat([2021, 2022, 2023], 52)
    sales = 500 - weeks + np.random.default_rng(6).normal(0, 9, 156).round()
    table = pd.DataFrame({"year": years, "week": weeks, "sales": sales})
    told = chart_of(table, "point", "x=value week", "y=value sales", "color=category year").reason
    assert "groups of year" in told and "(2022)" in told and "2,02" not in told


def test_a_level_that_begins_with_the_name_of_its_column_has_it_once() -> None:
    rng = np.random.default_rng(7)
    table = pd.DataFrame(
        {
            "skill": [f"skill {n % 3}" for n in range(180)],
            "remote": ["yes", "no"] * 90,
            "pay": rng.normal(90, 9, 180).round(1),
        }
    )
    told = chart_of(table, "boxplot", "x=category skill", "y=value pay", "color=category remote")
    assert "for skill " in told.reason and "skill skill" not in told.reason


# --- totals


def _births() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    parts = pd.DataFrame(
        {
            "city": np.repeat(["Rome", "Oslo", "Lima"], 9),
            "year": np.tile(np.arange(2012, 2021), 3),
            "births": rng.integers(100, 900, 27),
        }
    )
    totals = parts.groupby("year", as_index=False)["births"].sum().assign(city="Total")
    return pd.concat([parts, totals[parts.columns]], ignore_index=True)


def test_that_a_total_is_the_most_is_no_finding() -> None:
    table = _births()
    last = table[(table["year"] == 2020) & (table["city"] != "Total")].set_index("city")["births"]
    lines = chart_of(table, "line", "x=value year", "y=value births", "color=category city").reason
    cells = chart_of(table, "rect", "x=value year", "y=category city", "color=value births").reason
    for told in (lines, cells):
        assert f"highest for {last.idxmax()} ({last.max()}" in told
        assert f"lowest for {last.idxmin()} ({last.min()}" in told
        assert told.endswith(", apart from Total.")


def test_totals_are_no_part_of_a_narrow_table_and_few_amounts_no_name() -> None:
    sex, age = ["Male", "Female"] * 3, ["<18", "<18", "18-64", "18-64", "65+", "65+"]
    parts = pd.DataFrame({"sex": sex, "age": age, "n": [277, 69, 343, 280, 230, 59]})
    by_age = parts.groupby("age", as_index=False)["n"].sum().assign(sex="All")
    table = pd.concat([parts, by_age[parts.columns]], ignore_index=True)
    for narrow in (table, _births()):
        gallery = erp.recommend(narrow)
        assert gallery and not any(chart.mark == "arc" for chart in gallery)
    told = [chart.reason for chart in erp.recommend(table)]
    assert not any("highest for All" in one or "highest for sex = All" in one for one in told)
