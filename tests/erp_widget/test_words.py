"""What is said of a chart: titles a person would write, and figures that the data hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_charts import CHARTS, chart_id, chart_of, sales_table

import erp_widget as erp
from erp_widget.telling.figures import figure
from erp_widget.words import clean_name


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sales_table()


TITLES = [
    (("bar", "x=category city", "y=count"), "Number of records by city"),
    (("bar", "x=category city", "y=mean price"), "Mean price by city"),
    (
        ("bar", "x=category city", "y=sum units", "color=category kind"),
        "Total units by city, split by kind",
    ),
    (("bar", "x=bin price", "y=count"), "Distribution of price"),
    (("bar", "x=category kind", "y=mean flagged"), "Share with flagged = 1 by kind"),
    (("line", "x=yearmonth when", "y=max price"), "Largest price by month of when"),
    (("line", "x=day when", "y=count"), "Number of records by weekday of when"),
    (("line", "x=value when", "y=value price"), "price over when"),
    (("point", "x=value price", "y=value change"), "change against price"),
    (
        ("point", "x=value price", "y=value change", "color=value units"),
        "change against price, coloured by units",
    ),
    (
        ("point", "x=value price", "y=value units", "row=category kind", "column=category flag"),
        "units against price, one panel per kind and flag",
    ),
    (
        ("point", "x=year when", "y=category city", "size=count"),
        "Number of records by year of when and city",
    ),
    (("point", "x=value when", "y=category city", "size=value units"), "units over when by city"),
    (("arc", "theta=sum units", "color=category city"), "Share of total units by city"),
    (("arc", "theta=count", "color=category city"), "Share of records by city"),
    (("boxplot", "x=category city", "y=value price"), "Distribution of price by city"),
    (
        ("rect", "x=category city", "y=category kind", "color=mean change"),
        "Mean change by city and kind",
    ),
]


@pytest.mark.parametrize(("chart", "title"), TITLES, ids=[title for _, title in TITLES])
def test_titles(table: pd.DataFrame, chart: tuple[str, ...], title: str) -> None:
    assert chart_of(table, *chart).title == title


def test_of_several_times_a_title_names_the_one_that_is_shown() -> None:
    days = pd.date_range("2021-01-01", periods=400)
    rows = pd.DataFrame({"start": days, "end": days[::-1], "pay": np.arange(400.0)})
    chart = chart_of(rows, "line", "x=month start", "y=mean pay")
    assert chart.title == "Mean pay by start (month of the year)"


def test_a_month_is_the_month_of_nothing() -> None:
    months = pd.date_range("2023-01-01", periods=24, freq="MS")
    table = pd.DataFrame({"month": months, "shop": ["a", "b"] * 12, "price": range(24)})
    chart = chart_of(table, "line", "x=yearmonth month", "y=mean price")
    assert chart.title == "Mean price by month"
    assert '"title": "month"' in json.dumps(chart.to_vegalite())


QUARTERS = [f"Q{quarter} {year}" for year in (2022, 2023) for quarter in range(1, 5)]


@pytest.mark.parametrize(
    "quarters", [QUARTERS, pd.date_range("2022-01-01", periods=8, freq="QS")], ids=["text", "dates"]
)
def test_quarters_are_told_as_quarters(quarters: Any) -> None:
    sales = np.array([5.0, 3.0, 4.0, 6.0, 7.0, 2.0, 8.0, 9.5])
    frame = pd.DataFrame({"quarter": np.tile(quarters, 2), "shop": ["a"] * 8 + ["b"] * 8})
    frame["sales"] = np.concatenate([sales, sales + 1])
    for chart in (
        ("line", "x=value quarter", "y=mean sales"),
        ("bar", "x=yearmonth quarter", "y=mean sales"),
    ):
        made = chart_of(frame, *chart)
        assert made.title == "Mean sales by quarter"
        assert "ighest: Q4 2023 (10); lowest: Q2 2023" in made.description
        tip = next(one for one in made.drawn["encoding"]["tooltip"] if one["field"] == "x")
        assert (tip["title"], tip["format"]) == ("quarter", "Q%q %Y")
        assert re.findall(r">(Q\d \d+)<", made.to_svg()) == QUARTERS


def test_months_of_a_column_that_speaks_of_quarters_stay_months() -> None:
    months = pd.date_range("2022-01-01", periods=24, freq="MS")
    frame = pd.DataFrame({"quarter start": months, "sales": np.arange(24.0)})
    made = chart_of(frame, "line", "x=value quarter start", "y=value sales")
    tip = next(one for one in made.drawn["encoding"]["tooltip"] if one["field"] == "x")
    assert tip["format"] == "%B %Y"
    assert "Dec 2023" in made.description


def test_words_of_ours_never_double_or_change_a_name() -> None:
    frame = pd.DataFrame({"Total": np.arange(40) / 3, "Mean": range(40), "kind": ["a", "b"] * 20})
    bars = chart_of(frame, "bar", "x=category kind", "y=sum Total")
    assert bars.title == "Sum of Total by kind"
    assert chart_of(frame, "arc", "theta=sum Total", "color=category kind").title == (
        "Share of Total by kind"
    )
    points = chart_of(frame, "point", "x=value Mean", "y=value Total")
    assert "Mean from 0 to 39; Total from 0 to 13" in points.description


def test_only_counted_bins_are_a_histogram_and_one_box_is_read_out() -> None:
    sizes = [*range(1, 10)] * 5
    frame = pd.DataFrame({"size": sizes, "pay": [2.5 * size for size in sizes]})
    counted = chart_of(frame, "bar", "x=bin size", "y=count")
    means = chart_of(frame, "bar", "x=bin size", "y=mean pay")
    assert counted.description.startswith("Histogram: Distribution of size. ")
    assert means.description.startswith("Bar chart: Mean pay by size. ")
    assert chart_of(frame, "boxplot", "x=value size").description == (
        "Box plot: Distribution of size. "
        "Median 5, half of the values between 3 and 7, whiskers from 1 to 9."
    )


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text: percentages as shares."""
    found = re.findall(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]\d+)?%?", text)
    return [float(n.rstrip("%").replace(",", "")) / (100 if n.endswith("%") else 1) for n in found]


@pytest.mark.parametrize("chart", CHARTS, ids=chart_id)
def test_every_figure_of_the_alt_text_is_one_of_the_chart(
    table: pd.DataFrame, chart: tuple[str, ...]
) -> None:
    made = chart_of(table, *chart)
    kind = made.description.split(": ")[0]
    assert kind == "Histogram" or kind.endswith((" chart", " plot", " map"))
    assert made.title in made.description
    facts = made.description.split(made.title, 1)[1]
    facts = facts.replace(f"{made.note[0].upper()}{made.note[1:]}", "") if made.note else facts
    records = made.drawn["data"]["values"]
    values = [v for record in records for v in record.values()]
    known = [float(v) for v in values if isinstance(v, int | float)]
    known += [float(n) for v in values if isinstance(v, str) for n in re.findall(r"\d+", v)]
    known += [len(records)] + [len({r[c] for r in records}) for c in records[0]]
    known += [n - 1 for n in Counter(values).values()]  # as many more have the same value
    if made.mark == "arc":
        whole = sum(r["theta"] for r in records)
        known += [r["theta"] / whole for r in records]
    for number in numbers_in(facts):
        near = min(known, key=lambda value: abs(value - number))
        assert near == pytest.approx(number, rel=6e-4, abs=6e-3 if abs(number) < 1 else 0), facts


def test_the_alt_text_reads_out_few_values_and_sums_up_many(table: pd.DataFrame) -> None:
    few = chart_of(table, "bar", "x=category kind", "y=count").description
    counts = table["kind"].value_counts().sort_index()  # two groups have one order
    assert few.endswith("; ".join(f"{kind}: {n}" for kind, n in counts.items()) + ".")
    many = chart_of(table, "line", "x=yearmonth when", "y=sum units").description
    months = table.groupby(table["when"].dt.to_period("M"))["units"].sum()
    top = months.idxmax()
    assert f"Highest: {top.strftime('%b %Y')} ({months.max():,})" in many
    assert f"first: {months.index[0].strftime('%b %Y')} ({months.iloc[0]:,})" in many
    assert f"{len(months)} values in all." in many


def test_the_alt_text_reads_out_values_in_the_order_drawn() -> None:
    answers = ["Disagree", "Neutral", "Agree", "Strongly agree", "Strongly disagree"]
    sizes = dict(zip(answers, (4, 12, 30, 9, 2), strict=True))
    frame = pd.DataFrame({"answer": [one for one, n in sizes.items() for _ in range(n)]})
    told = chart_of(frame, "bar", "x=category answer", "y=count").description
    assert told.endswith(
        "Strongly disagree: 2; Disagree: 4; Neutral: 12; Agree: 30; Strongly agree: 9."
    )
    rng = np.random.default_rng(4)
    items = {f"The {what} is good": rng.choice(answers, 200) for what in ("food", "room", "price")}
    shares = erp.recommend(pd.DataFrame(items))[0].description
    places = [shares.find(f"{answer}: ") for answer in reversed(answers[:3])]
    assert -1 < places[2] < places[1] < places[0]


def test_levels_that_say_nothing_alone_have_the_name_of_their_column() -> None:
    smokes = [True, False, False, False] * 30
    insured = [True, True, False, False] * 30
    frame = pd.DataFrame({"smoker": smokes, "insured": insured, "day": range(120)})
    pairs = chart_of(frame, "point", "x=category smoker", "y=category insured", "size=count")
    assert pairs.reason == (
        "The commonest pair is smoker false and insured false: 60 rows, 50% of all."
    )
    assert "smoker false, insured false: 60" in pairs.description
    assert "smoker true, insured true: 30" in pairs.description


def test_a_group_of_one_in_two_hundred_is_not_none() -> None:
    frame = pd.DataFrame({"kind": ["a"] * 150 + ["b"] * 49 + ["c"]})
    told = chart_of(frame, "bar", "x=category kind", "y=count").reason
    assert "the rarest is c (under 1%)" in told


def test_values_that_are_all_the_same_are_told_once() -> None:
    frame = pd.DataFrame({"kind": [f"k{i}" for i in range(8)] * 5})
    assert "All 8 values are 5." in chart_of(frame, "bar", "x=category kind", "y=count").description


def test_shares_are_told_in_percent() -> None:
    frame = pd.DataFrame({"kind": ["a"] * 3 + ["b"]})
    made = chart_of(frame, "arc", "theta=count", "color=category kind")
    assert made.description.endswith("a: 3 (75%); b: 1 (25%).")


@pytest.mark.parametrize(
    ("name", "low", "high", "shares"),
    [
        ("open rate", 0.0, 0.6, True),
        ("scrap_pct", 0.0, 0.6, False),  # hardly six in ten
        ("scrap_pct", 0.0, 1.2, False),
        ("use %", 0.0, 1.0, True),
        ("moisture_pct", 0.11, 0.16, True),
    ],
)
def test_shares_and_percentages_are_told_apart(
    name: str, low: float, high: float, shares: bool
) -> None:
    steps = np.linspace(0, 1, 60) ** 2
    frame = pd.DataFrame({name: low + steps * (high - low), "n": range(60)})
    made = chart_of(frame, "bar", f"x=bin {name}", "y=count")
    assert ("%" in made.reason.replace(name, "")) == shares
    assert ("~%" in str(made.drawn)) == shares


def test_years_are_told_as_years_and_numbers_as_numbers() -> None:
    frame = pd.DataFrame({"year": range(1990, 2020), "sold": range(1500, 1530)})
    told = chart_of(frame, "point", "x=value year", "y=value sold").description
    assert "year from 1990 to 2019; sold from 1,500 to 1,529" in told


def test_reasons_tell_the_relation_with_its_figure(table: pd.DataFrame) -> None:
    rising = pd.DataFrame({"a": range(50), "b": [n * n for n in range(50)], "g": list("xy") * 25})
    assert chart_of(rising, "point", "x=value a", "y=value b").reason == (
        "b rises with a, by about 490 for every 10 (rank correlation 1.00)."
    )
    spearman = (
        table["price"].rank().fillna(table["price"].rank().mean()).corr(table["units"].rank())
    )
    told = chart_of(table, "point", "x=value price", "y=value units").reason
    assert abs(spearman) < 0.1
    assert told.startswith("units does not clearly rise or fall with price: median ")
    apart = pd.DataFrame({"g": ["x"] * 20 + ["y"] * 20, "n": range(40)})
    assert chart_of(apart, "boxplot", "x=category g", "y=value n").reason == (
        "Median n is higher for y (29.5) than for x (9.5)."
    )


def test_reasons_name_the_groups_at_both_ends(table: pd.DataFrame) -> None:
    means = table.groupby("region")["price"].mean()
    told = chart_of(table, "bar", "x=category region", "y=mean price").reason
    # Groups that were drawn by chance are not said to differ.
    assert told == (
        f"Mean price is {means.max():.3g} for {means.idxmax()} and {means.min():.3g} for "
        f"{means.idxmin()}, which may be chance."
    )
    dearer = table.assign(price=table["price"] * (1 + (table["region"] == "Asia")))
    medians = dearer.groupby("region")["price"].median()
    told = chart_of(dearer, "boxplot", "x=category region", "y=value price").reason
    assert told.startswith(f"Median price is highest for {medians.idxmax()} ")


def test_years_and_hours_of_the_calendar_are_told_as_such(table: pd.DataFrame) -> None:
    sizes = table["when"].dt.year.value_counts()
    told = chart_of(table, "bar", "x=year when", "y=count").reason
    first, last = sizes.index.min(), sizes.index.max()
    assert told.endswith(f"from {sizes[first]} in {first} to {sizes[last]} in {last}.")
    hours = table.groupby(table["when"].dt.hour)["change"].mean()
    told = chart_of(table, "line", "x=hours when", "y=mean change").reason
    assert f"highest at {hours.idxmax()}:00 (" in told


def test_reasons_over_the_calendar_tell_its_peaks(table: pd.DataFrame) -> None:
    sums = table.groupby(table["when"].dt.strftime("%a"))["units"].sum()
    told = chart_of(table, "line", "x=day when", "y=sum units").reason
    assert told == (
        f"Total units is highest on {sums.idxmax()} ({sums.max():,}) "
        f"and lowest on {sums.idxmin()} ({sums.min():,})."
    )


def test_reasons_of_one_column_tell_its_shape(table: pd.DataFrame) -> None:
    low, high = (round(end, -4) for end in table["change"].quantile([0.05, 0.95]))
    told = chart_of(table, "tick", "x=value change").reason
    assert f"nine in ten lie between {low:,.0f} and {high:,.0f}" in told
    assert told.startswith(f"change is typically {round(table['change'].median(), -3):,.0f};")
    tail = chart_of(table, "tick", "x=value skewed").reason
    middle = float(f"{table['skewed'].median():.3g}")
    assert tail.startswith(f"skewed is typically {figure(middle)};")
    assert f"the largest is {figure(table['skewed'].max())}." in tail


def test_shares_of_groups_are_never_rounded_to_nothing_or_all() -> None:
    names = [f"n{i % 1500}" for i in range(3000)]
    frame = pd.DataFrame({"name": names, "land": ["a"] * 2995 + list("bcdbc")})
    told = chart_of(frame, "bar", "x=category name", "y=count").reason
    assert told == "name has 1,500 groups, none with more than 2% of the rows."
    told = chart_of(frame, "bar", "x=category land", "y=count").reason
    assert told == (
        "The commonest land is a (99% of the rows), then b and c (under 1% each); "
        "the rarest is d (under 1%)."
    )
    years = pd.DataFrame({"year": [2001 + i % 7 for i in range(60)], "who": list("abc") * 20})
    years["name"] = [f"client {i * i % 23}" for i in range(60)]
    told = chart_of(years, "line", "x=value year", "y=distinct name").reason
    assert told.startswith("Number of distinct values of name is highest in 20")
    gaps = pd.DataFrame({"damage": [None] * 50 + ["none"] * 6 + ["much"] * 4})
    told = chart_of(gaps, "bar", "x=category damage", "y=count").reason
    assert told == "damage is none in 60% of the rows that have a value, much in 40%."


def test_few_numbers_are_values_and_codes_are_written_as_they_are() -> None:
    rows = range(60)
    frame = pd.DataFrame(
        {"absences": [i % 7 for i in rows], "cost_center": [4100, 4200, 4200] * 20}
    )
    told = chart_of(frame, "bar", "x=bin absences", "y=count").reason
    assert told == "absences is typically 3; nine in ten lie between 0 and 6."
    told = chart_of(frame, "bar", "x=category cost_center", "y=count").reason
    assert told == "cost_center is 4200 in 67% of the rows, 4100 in 33%."


def test_what_goes_up_and_down_again_has_a_top_and_a_bottom() -> None:
    days = pd.date_range("2023-01-01", periods=730)
    wave = 10 - 8 * np.cos(2 * np.pi * np.arange(730) / 365)
    chart = chart_of(
        pd.DataFrame({"day": days, "temp": wave}), "line", "x=value day", "y=value temp"
    )
    assert chart.reason.startswith("temp is highest on 2 Jul 20")
    assert "(18) and lowest on 1 Jan 20" in chart.reason


def test_groups_that_are_not_known_differ_no_less() -> None:
    frame = pd.DataFrame({"kind": ["a", "b"] * 200, "n": [i % 2 + i % 7 / 70 for i in range(400)]})
    frame.loc[frame.index % 10 < 4, "kind"] = None
    gaps = chart_of(frame, "boxplot", "x=category kind", "y=value n").reason
    assert gaps == "Median n is higher for b (1.043) than for a (0.04286)."


@pytest.mark.parametrize("both", [False, True])
def test_gaps_weaken_no_correlation(both: bool) -> None:
    old = [None if i % 5 < 3 else i * 1.2 for i in range(200)]
    new = [float(i) if old[i] is not None or not both else None for i in range(200)]
    frame = pd.DataFrame({"old": old, "new": new, "kind": ["a", "b"] * 100})
    said = "new rises with old, by about 83 for every 100 (rank correlation 1.00)."
    assert chart_of(frame, "point", "x=value old", "y=value new").reason == said
    # Means of bins do not tell which rows have both, and so nothing of these.
    assert "correlation" not in chart_of(frame, "bar", "x=bin old", "y=mean new").reason


def test_the_largest_part_of_a_whole_is_named() -> None:
    frame = pd.DataFrame({"kind": list("aab") * 20, "sold": [30, 30, 40] * 20})
    chart = chart_of(frame, "arc", "theta=sum sold", "color=category kind")
    # How single rows differ between the groups is another thing.
    assert chart.reason == "The largest part of total sold is where kind is a: 60%."


def test_totals_over_years_are_told_by_themselves_not_by_single_rows() -> None:
    years = [2001] * 10 + [2002] * 50 + [2003] * 20
    frame = pd.DataFrame({"year": years, "sold": [5] * len(years), "note": range(len(years))})
    chart = chart_of(frame, "line", "x=value year", "y=sum sold")
    assert (
        chart.reason
        == "Total sold rises from 50 in 2001 to 100 in 2003, with a peak of 250 in 2002."
    )


def test_shares_of_an_outcome_are_told_where_they_are_largest_and_smallest() -> None:
    table = pd.DataFrame(
        {
            "overtime": ["no"] * 60 + ["yes"] * 20 + ["once"] * 3,
            "left": [1] * 6 + [0] * 54 + [1] * 9 + [0] * 11 + [1] * 3,
        }
    ).rename(columns={"left": "quit"})
    shown = chart_of(table, "bar", "x=category overtime", "y=count", "color=category quit")
    assert shown.reason == (
        "quit is 1 for 45% (of 20 rows) where overtime is yes, 10% where it is no."
    )


def test_groups_stand_in_the_order_of_the_end_that_is_told() -> None:
    ends = {"web": (60, 30, 10), "shop": (70, 8, 22), "phone": (65, 15, 20), "agent": (0, 1, 0)}
    rows = [
        {"channel": channel, "status": status}
        for channel, sizes in ends.items()
        for status, size in zip(("sold", "lost", "late"), sizes, strict=True)
        for _ in range(size)
    ]
    table = pd.DataFrame(rows)
    shown = chart_of(table, "bar", "x=category channel", "y=count", "color=category status")
    assert shown.reason.startswith(
        "status is lost for 30% where channel is web, 8% where it is shop"
    )
    # One row comes last, though all of it was lost.
    assert shown.drawn["encoding"]["x"]["sort"] == ["web", "phone", "shop", "agent"]
    # By which end is seen from the rows only.
    assert "sort" not in shown.declared["encoding"]["x"]


def test_of_two_groups_the_highest_and_the_lowest_place_are_told() -> None:
    rows = range(120)
    frame = pd.DataFrame({"area": ["n", "s"] * 60, "kind": ["a", "b", "c"] * 40})
    frame["price"] = [100.0 * (i % 2) + i % 7 for i in rows]  # as ranks, three quarters
    chart = chart_of(frame, "bar", "x=category area", "y=mean price", "color=category kind")
    means = frame.groupby(["area", "kind"])["price"].mean()
    high, low = (", ".join(at) for at in (means.idxmax(), means.idxmin()))
    assert chart.reason == (
        f"Mean price is highest for {high} ({means.max():.3g}) "
        f"and lowest for {low} ({means.min():.3g})."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (-3.30000001, "-3.3"),
        (1234567.8, "1,234,568"),
        (12345, "12,345"),
        (0.1 + 0.2, "0.3"),
        (1e-9, "1e-9"),
        (1.5e18, "1.5e+18"),
        (999.96, "1,000"),
    ],
)
def test_numbers_are_said_without_noise(value: float, said: str) -> None:
    assert figure(value) == said


@pytest.mark.parametrize("name", ["two\nlines", "\x01", "\u200b", "x" * 300, "a\tb", "<b>"])
def test_names_stay_on_one_line_and_are_never_empty(name: str) -> None:
    clean = clean_name(name)
    assert clean.strip()
    assert clean.isprintable()
    assert len(clean) <= 48


# --- titles


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("date", "Number of records by month"),
        ("event_timestamp", "Number of records by month"),
        ("Last Updated", "Number of records by month of Last Updated"),
        ("last_review", "Number of records by month of last_review"),
    ],
)
def test_a_title_says_of_which_time_a_month_is(name: str, title: str) -> None:
    days = pd.date_range("2023-01-01", periods=200)
    assert chart_of({name: days}, "bar", f"x=yearmonth {name}", "y=count").title == title


def test_columns_that_are_gathered_are_named_in_the_title() -> None:
    rng = np.random.default_rng(6)
    days = pd.date_range("2023-01-01", periods=60)
    parties = {
        name: rng.uniform(10, 40, 60).round(1) for name in ("Con", "Lab", "LD", "SNP", "DUP")
    }
    table = pd.DataFrame({"day": days, **parties})
    lines = chart_of(table, "line", "x=value day", "y=value value", "color=category series")
    assert lines.title == "Con, Lab, LD and 2 more over day"
    bars = chart_of(table, "bar", "x=category series", "y=mean value")
    assert bars.title == "Mean of Con, Lab, LD and 2 more"
    assert bars.description.startswith(f"Bar chart: {bars.title}.")
    boxes = chart_of(
        table[["day", "Con", "Lab", "LD"]], "boxplot", "x=category series", "y=value value"
    )
    assert boxes.title == "Distribution of Con, Lab and LD"
    wide = pd.DataFrame(
        {"land": list("abcdef"), **{str(y): rng.uniform(5, 9, 6) for y in range(2001, 2009)}}
    )
    years = chart_of(wide, "line", "x=value year", "y=value value", "color=category land")
    assert years.title == "Values of columns 2001 to 2008 by year, split by land"


def test_units_that_numbers_bear_stand_on_axes_and_in_figures() -> None:
    n = 60
    table = {
        "part": [f"P{i}" for i in range(n)],
        "maker": ["Acme", "Bolt", "Cog"] * 20,
        "weight": [f"{5 + i * 7 % 41 / 3:.1f} kg" for i in range(n)],
        "length_mm": [f"{200 + i * 13 % 97} mm" for i in range(n)],
        "price": [f"{90 + i * 11 % 83},50 €" for i in range(n)],
        "discount": [f"{i * 3 % 17 + 1},5 %" for i in range(n)],
    }
    axes, said = set(), []
    for chart in erp.recommend(table, k=40):
        said.append(chart.reason)
        encoding = chart.to_vegalite().get("encoding", {})
        axes |= {one.get("title") for one in encoding.values() if isinstance(one, dict)}
        assert "(kg)" not in chart.title
    assert {"weight (kg)", "length mm", "price (€)", "discount (%)"} <= axes | {"length mm"}
    assert not any("length mm (mm)" in str(title) for title in axes)
    assert any(re.search(r"\d kg\b", reason) for reason in said)
    assert any(re.search(r"€\d", reason) for reason in said)


def test_names_from_right_to_left_move_no_figures() -> None:
    cairo, rome = "القاهرة", "Roma"
    paid = ["no"] * 48 + ["yes"] * 12 + ["yes"] * 46 + ["no"] * 14
    rows = pd.DataFrame({"المدينة": [cairo] * 60 + [rome] * 60, "paid": paid})
    chart = chart_of(rows, "bar", "x=category المدينة", "y=count", "color=category paid")
    told = f"{chart.reason} {chart.description}"
    assert f"\u2068{cairo}\u2069" in told
    assert f"\u2068{rome}" not in told
    assert told.count("\u2068") == told.count("\u2069") == told.count(cairo) + told.count("المدينة")
    plain = f"{chart.title} {chart.code()} {json.dumps(chart.declared, ensure_ascii=False)}"
    assert "المدينة" in chart.title
    assert not {"\u2068", "\u2069"} & {*plain}
    assert "2068" not in plain


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (list("abcd"), "wind by name"),
        ([2001, 2002, 2003, 2004], "wind by year"),
        (pd.date_range("2024-01-01", periods=4), "wind over time"),
    ],
    ids=["texts", "years", "times"],
)
def test_an_index_that_a_file_left_without_a_name_is_called_what_it_holds(
    index: Any, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "wind.csv"
    pd.DataFrame({"wind": [3.5, 1.25, 9.0, 4.75]}, index=index).to_csv(path)
    first = erp.recommend(path)[0]
    assert first.title == said
    assert "Unnamed" not in first.description
