"""Why a chart is worth a look: each figure is the data's own, and none is what chance makes."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from msgspec.structs import replace

import erp_widget as erp
from erp_widget.aggregate import ChartRows
from erp_widget.question import Question
from erp_widget.sources import open_table
from erp_widget.telling.column_reasons import two_peaks
from erp_widget.telling.extremes import extremes
from erp_widget.telling.reasons import reason
from tests.erp_widget.made_charts import chart_of, design_of
from vizmodel.design import Encoding
from vizmodel.profile import profile_table

# --- groups


def homes() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    kinds = np.array(["flat", "house", "villa", "hut", "farm", "loft"])[rng.integers(0, 6, 900)]
    sqm = rng.uniform(20, 200, 900).round(1)
    price = 1_000 * sqm + 90_000 * (kinds == "villa") + rng.normal(0, 9_000, 900)
    return pd.DataFrame(
        {"kind": kinds, "sqm": sqm, "price": price.round(), "luck": rng.normal(0, 1, 900)}
    )


def test_the_middle_is_told_beside_the_first_and_the_last() -> None:
    table = homes()
    medians = table.groupby("kind")["price"].median().sort_values()
    told = chart_of(table, "boxplot", "x=category kind", "y=value price").reason
    assert told == (
        f"Median price is highest for {medians.index[-1]} ({medians.iloc[-1]:,.0f}) and lowest "
        f"for {medians.index[0]} ({medians.iloc[0]:,.0f}); the median of the 6 is "
        f"{medians.median():,.0f}."
    )


def test_groups_that_differ_by_chance_are_not_said_to_differ() -> None:
    told = chart_of(homes(), "boxplot", "x=category kind", "y=value luck").reason
    assert told.startswith("Median luck is ") and told.endswith(", which may be chance.")
    many = pd.DataFrame({"arm": list("ab") * 20_000})
    many["steps"] = np.random.default_rng(3).normal(0, 1, 40_000) + 0.1 * (many["arm"] == "a")
    told = chart_of(many, "bar", "x=category arm", "y=mean steps").reason
    assert told.startswith("Mean steps differs little by arm: ")


def test_one_figure_that_is_twice_another_is_told_where_groups_explain_little() -> None:
    """Most clients never complain, so that the plan explains little of how often one does."""
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"plan": rng.choice(["basic", "gold"], 9_000)})
    gold = table["plan"] == "gold"
    table["complaints"] = rng.poisson(0.06, 9_000) + rng.poisson(0.05, 9_000) * gold
    table["fell ill"] = (rng.random(9_000) < 0.01 + 0.02 * gold).astype(int)
    for name in ("complaints", "fell ill"):
        told = chart_of(table, "bar", "x=category plan", f"y=mean {name}").reason
        assert "is higher for gold" in told or "is 1 for 3" in told, told
    table["minutes"] = rng.normal(60, 10, 9_000).round(1) + gold * 1.5
    told = chart_of(table, "bar", "x=category plan", "y=mean minutes").reason
    assert told.startswith("Mean minutes differs little by plan: ")


def test_groups_are_judged_as_kruskal_and_wallis_do() -> None:
    """Eight groups of ten that differ at one in a hundred do so by no chance."""
    rng = np.random.default_rng(12)
    table = pd.DataFrame({"kind": np.repeat(list("abcdefgh"), 10), "n": rng.normal(0, 1, 80)})
    shuffled = chart_of(table, "boxplot", "x=category kind", "y=value n").reason
    assert shuffled.endswith(", which may be chance.")
    table["n"] += np.repeat(np.linspace(0, 1, 8), 10)
    ranks, sizes = table["n"].rank(), 10
    means = ranks.groupby(table["kind"]).mean()
    statistic = 12 / (80 * 81) * (sizes * (means - 40.5) ** 2).sum()
    told = chart_of(table, "boxplot", "x=category kind", "y=value n").reason
    assert (statistic > 18.5) == ("chance" not in told), (statistic, told)
    assert 18.5 < statistic < 22


def test_places_of_one_value_are_not_told_as_one() -> None:
    table = pd.DataFrame({"kind": list("abcd"), "n": [9, 9, 2, 1]})
    told = chart_of(table, "bar", "x=category kind", "y=value n").reason
    assert told == "n is highest for a and b (9) and lowest for d (1)."
    table["n"] = 3
    same = chart_of(pd.concat([table] * 2), "bar", "x=category kind", "y=mean n").reason
    assert same == "Mean n is the same in all 4 groups of kind: 3."


def test_a_number_may_rise_all_along_groups_that_have_an_order() -> None:
    table = pd.DataFrame({"beds": [1, 2, 3, 4] * 25})
    table["rent"] = table["beds"] * 300.0 + np.arange(100) % 7
    told = chart_of(table, "bar", "x=category beds", "y=mean rent").reason
    means = table.groupby("beds")["rent"].mean()
    assert told == f"Mean rent rises with beds, from {means[1]:.3g} at 1 to {means[4]:,.0f} at 4."


def test_of_many_points_in_groups_the_medians_are_told() -> None:
    table = homes()
    medians = table.groupby("kind")["price"].median().sort_values()
    told = chart_of(table, "point", "x=category kind", "y=value price").reason
    assert told == (
        f"Median price is highest for {medians.index[-1]} ({medians.iloc[-1]:,.0f}) "
        f"and lowest for {medians.index[0]} ({medians.iloc[0]:,.0f})."
    )


def test_names_that_are_listed_in_one_order_are_no_steps() -> None:
    table = pd.DataFrame({"region": ["North", "East", "South"] * 30})
    table["rent"] = table["region"].map({"North": 900.0, "East": 800.0, "South": 700.0})
    assert chart_of(table, "bar", "x=category region", "y=mean rent").reason == (
        "Mean rent is highest for North (900) and lowest for South (700)."
    )
    table["region"] = table["region"].map({"North": "low", "East": "medium", "South": "high"})
    told = chart_of(table, "bar", "x=category region", "y=mean rent").reason
    assert told == "Mean rent falls with region, from 900 for low to 700 for high."


def test_units_and_large_numbers_are_told() -> None:
    table = pd.DataFrame(
        {"kind": list("ab") * 20, "Paid ($)": [4.0, 7.5] * 20, "use_pct": [40.0, 61.5] * 20}
    )
    assert chart_of(table, "bar", "x=category kind", "y=mean Paid ($)").reason == (
        "Mean Paid ($) is higher for b ($7.50) than for a ($4)."
    )
    assert "(61.5%)" in chart_of(table, "bar", "x=category kind", "y=mean use_pct").reason
    table["volume"] = 1_234_567_890
    assert (
        "24.69 billion" in chart_of(table.iloc[1:], "bar", "x=category kind", "y=sum volume").reason
    )


# --- counts and shares


def test_counts_tell_the_commonest_the_next_and_the_rarest() -> None:
    table = pd.DataFrame({"kind": ["a"] * 50 + ["b"] * 30 + ["c"] * 20, "on": [1, 1, 1, 0] * 25})
    assert chart_of(table, "bar", "x=category kind", "y=count").reason == (
        "The commonest kind is a (50% of the rows), then b (30%); the rarest is c (20%)."
    )
    assert chart_of(table, "arc", "theta=count", "color=category on").reason == (
        "on is 1 in 75% of the rows, 0 in 25%."
    )
    even = pd.DataFrame({"kind": list("abcd") * 50})
    assert chart_of(even, "bar", "x=category kind", "y=count").reason == (
        "All 4 groups of kind are alike: each holds 25% of the rows."
    )


def test_of_two_groups_the_fullest_place_is_told() -> None:
    table = pd.DataFrame({"kind": list("aabc") * 10, "size": list("xxyy") * 10})
    assert chart_of(table, "rect", "x=category kind", "y=category size", "color=count").reason == (
        "The commonest pair is a and x: 20 rows, 50% of all."
    )


def test_shares_that_differ_by_chance_are_told_as_alike() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {"arm": rng.choice(list("abc"), 900), "left": rng.choice(["yes", "no", "no"], 900)}
    )
    bars = "bar", "x=category arm", "y=count", "color=category left"
    chart = chart_of(table, *bars)
    told = chart.reason
    assert chart.design.style.stack != "normalize" or "about as often whatever arm is" in told
    table.loc[table["arm"] == "c", "left"] = "no"
    told = chart_of(table, *bars).reason
    assert re.fullmatch(r"left is yes for \d+% where arm is [ab], 0% where it is c\.", told)


# --- along a time


def test_a_line_tells_how_it_begins_and_ends_and_where_it_peaks() -> None:
    years = pd.DataFrame({"year": range(2000, 2020), "sold": [*range(100, 290, 10), 150]})
    assert chart_of(years, "line", "x=value year", "y=value sold").reason == (
        "sold rises from 100 in 2000 to 150 in 2019, with a peak of 280 in 2018."
    )


def test_lines_tell_which_ends_highest_and_how_it_began() -> None:
    years = [year for year in range(2000, 2010) for _ in range(3)]
    table = pd.DataFrame({"year": years, "land": list("abc") * 10, "n": 1.0})
    table["n"] = [
        20.0 + (year - 2000) * {"a": 3, "b": -1, "c": 0}[land]
        for year, land in zip(years, table["land"], strict=True)
    ]
    told = chart_of(table, "line", "x=value year", "y=value n", "color=category land").reason
    assert told == "In 2009, n is highest for a (47; 20 in 2000) and lowest for b (11; 20)."


def test_counts_that_differ_by_chance_have_no_trend() -> None:
    days = pd.to_datetime(["2024-01-05"] * 50 + ["2024-02-05"] * 52 + ["2024-03-05"] * 55)
    told = chart_of(pd.DataFrame({"day": days}), "line", "x=yearmonth day", "y=count").reason
    assert "rises" not in told


def test_a_part_of_a_year_is_no_fall() -> None:
    days = pd.date_range("2020-01-01", "2023-03-31", freq="h")
    table = pd.DataFrame({"date": days, "paid": 1.0})
    assert chart_of(table, "line", "x=year date", "y=sum paid").reason == (
        "Total paid hardly changes: 8,760 to 8,784."
    )


# --- two numbers


def test_a_relation_is_told_in_the_units_of_both() -> None:
    table = homes()
    slope = np.polyfit(table["sqm"], table["price"], 1)[0]
    told = chart_of(table, "point", "x=value sqm", "y=value price").reason
    assert f"by about {float(f'{10 * slope:.2g}'):,.0f} for every 10" in told
    assert chart_of(table, "point", "x=value sqm", "y=value luck").reason.startswith(
        "luck does not clearly rise or fall with sqm: median "
    )


def test_what_is_not_straight_is_told_by_thirds() -> None:
    x = np.arange(1, 301.0)
    told = chart_of({"x": x, "y": np.exp(x / 20)}, "point", "x=value x", "y=value y").reason
    low, high = np.median(np.exp(x[:100] / 20)), np.median(np.exp(x[200:] / 20))
    assert f"median {low:.4g} in the lowest third, {high:,.0f} in the highest" in told


def test_lines_that_cross_are_told_by_group() -> None:
    rng = np.random.default_rng(5)
    group, x = rng.integers(0, 2, 200), rng.normal(0, 1, 200)
    y = np.where(group == 0, x, -x) + rng.normal(0, 0.2, 200)
    table = pd.DataFrame({"dose": x, "answer": y, "drug": np.array(["a", "b"])[group]})
    told = chart_of(table, "point", "x=value dose", "y=value answer", "color=category drug").reason
    ranks = {
        name: part["dose"].corr(part["answer"], "spearman") for name, part in table.groupby("drug")
    }
    assert told == (
        f"answer rises with dose for a (rank correlation {ranks['a']:.2f}) "
        f"and falls for b ({ranks['b']:.2f})."
    )
    alike = table.assign(answer=x + rng.normal(0, 0.2, 200))
    told = chart_of(alike, "point", "x=value dose", "y=value answer", "color=category drug").reason
    assert re.fullmatch(
        r"answer rises strongly with dose in both groups of drug: rank correlation 0\.97 .*", told
    )


def told_of_groups(centres: list[tuple[float, float]], slopes: list[float], noise: float) -> str:
    """Return what is said of points in groups of 80 that have a middle and a slope of their own."""
    rng = np.random.default_rng(5)
    parts = []
    for clinic, ((dose, answer), slope) in enumerate(zip(centres, slopes, strict=True)):
        off = rng.normal(0, 2, 80)
        answers = answer + slope * off + rng.normal(0, noise, 80)
        parts.append(pd.DataFrame({"dose": dose + off, "answer": answers, "clinic": f"c{clinic}"}))
    table = pd.concat(parts)
    points = "point", "x=value dose", "y=value answer", "color=category clinic"
    return chart_of(table, *points).reason


@pytest.mark.parametrize(
    ("centres", "slopes", "noise", "told"),
    [
        (
            [(0, 0), (10, -20), (20, -40)],
            [1.5, 1.5, 1.5],
            1.0,
            r"answer rises strongly with dose in all 3 groups of clinic \(rank correlation 0.9\d "
            r"to 0.9\d\), though over all rows it falls \(-0.\d\d\)\.",
        ),
        (
            [(0, 0), (2, -3), (4, -6)],
            [1.5, 1.5, 1.5],
            1.0,
            r"answer rises strongly .* in all 3 groups .*, though hardly over all rows .*",
        ),
        (
            [(0, 0), (10, 20), (20, 40)],
            [0, 0, 0],
            2.0,
            r"answer rises strongly with dose over all rows \(rank correlation 0.8\d\), "
            r"but in none of the 3 groups of clinic \(-?0.[01]\d to -?0.[012]\d\)\.",
        ),
        (
            [(0, 0), (10, 20), (20, 40)],
            [0, 1.5, 0.8],
            2.0,
            r"answer rises strongly with dose over all rows \(rank correlation 0.9\d\); "
            r"within the 3 groups of clinic it is -?0.[01]\d \(c0\) to 0.[78]\d \(c1\)\.",
        ),
        (
            [(0, 0), (1, 0), (2, 0)],
            [-2, -2, -0.3],
            1.0,
            r"answer falls with dose in all 3 groups of clinic: rank correlation -0.\d\d \(c2\) .*",
        ),
    ],
    ids=["the other way", "hardly", "none", "less", "the weakest gives the degree"],
)
def test_what_groups_say_is_told_where_all_rows_say_another_thing(
    centres: list[tuple[float, float]], slopes: list[float], noise: float, told: str
) -> None:
    said = told_of_groups(centres, slopes, noise)
    assert re.fullmatch(told, said), said


def test_a_small_group_does_not_hide_what_the_large_ones_say() -> None:
    rng = np.random.default_rng(5)
    middle = np.repeat([0, 10, 20], 80)
    x = middle + rng.normal(0, 2, 240)
    table = pd.DataFrame({"dose": x, "answer": -2 * middle + (x - middle) * 1.5})
    table["clinic"] = ["low"] * 80 + ["mid"] * 80 + ["high"] * 77 + ["new"] * 3
    told = chart_of(table, "point", "x=value dose", "y=value answer", "color=category clinic")
    assert "rises with dose in all 3 groups of clinic with 77 rows or more" in told.reason


def test_a_relation_in_one_group_only_is_told_of_it() -> None:
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"smoker": ["no", "no", "no", "yes"] * 100, "bmi": rng.normal(30, 5, 400)})
    smokes = table["smoker"] == "yes"
    table["cost"] = rng.normal(9_000, 3_000, 400) + smokes * 1_200 * (table["bmi"] - 24)
    told = chart_of(table, "point", "x=value bmi", "y=value cost", "color=category smoker").reason
    ranks = {
        name: part["bmi"].corr(part["cost"], "spearman") for name, part in table.groupby("smoker")
    }
    assert told == (
        f"cost rises with bmi where smoker is yes (rank correlation {ranks['yes']:.2f}), "
        f"hardly where it is no ({ranks['no']:.2f})."
    )


def test_steps_of_a_slope_are_plain() -> None:
    rng = np.random.default_rng(7)
    table = pd.DataFrame({"a": rng.uniform(0, 90, 200), "share": rng.uniform(1, 4, 200)})
    table["b"] = table["a"] + rng.normal(0, 5, 200)
    table["c"] = 280_000 * table["share"] + rng.normal(0, 9_000, 200)
    told = chart_of(table, "point", "x=value a", "y=value b").reason
    assert told.startswith("b rises strongly with a, about one for one (rank correlation 0.9")
    told = chart_of(table, "point", "x=value share", "y=value c").reason
    assert "for every" not in told and "in the lowest third" in told


def test_numbers_of_one_sentence_are_told_in_one_unit_and_answers_with_their_column() -> None:
    table = pd.DataFrame({"kind": list("abcde"), "sum": [13_900_000, 3e6, 5e6, 4e6, 1_910_400]})
    told = chart_of(table, "bar", "x=category kind", "y=value sum").reason
    assert (
        "a (13.9 million) and lowest for e (1.91 million); the median of the 5 is 4 million" in told
    )
    sexes = pd.DataFrame({"sex": list("fmfm") * 20, "smoker": ["yes", "yes", "no", "no"] * 20})
    sexes["cost"] = [9.0, 4.0, 5.0, 6.0] * 20
    heat = "rect", "x=category sex", "y=category smoker", "color=mean cost"
    told = chart_of(sexes, *heat).reason
    assert told == (
        "Mean cost is highest for sex f, smoker yes (9) and lowest for sex m, smoker yes (4)."
    )


def test_a_peak_far_beyond_both_ends_is_told_however_long_its_name() -> None:
    name = "number of visitors of all museums of the town"
    table = pd.DataFrame(
        {"year": range(2010, 2018), name: [102, 150, 300, 900, 2000, 5000, 6914, 4100]}
    )
    told = chart_of(table, "line", "x=value year", f"y=value {name}").reason
    found = "rises from 102 in 2010 to 4,100 in 2017, with a peak of 6,914 in 2016."
    assert told == f"“{name}” {found}"


def test_a_day_of_which_there_is_the_morning_only_is_no_end() -> None:
    times = pd.date_range("2024-03-01", "2024-03-09 09:40", freq="20min")
    rng = np.random.default_rng(9)
    kept = times[rng.random(len(times)) < np.linspace(0.2, 1, len(times))]
    told = chart_of(pd.DataFrame({"at": kept}), "line", "x=yearmonthdate at", "y=count").reason
    assert " on 8 Mar 2024" in told and "9 Mar" not in told


# --- one number


def test_two_peaks_and_many_zeros_are_told() -> None:
    rng = np.random.default_rng(4)
    waits = np.concatenate([rng.normal(20, 2, 300), rng.normal(60, 3, 300)])
    told = chart_of({"wait": waits}, "bar", "x=bin wait", "y=count").reason
    assert "two peaks, near 2" in told
    visits = [0] * 80 + list(range(1, 21))
    told = chart_of({"visits": visits}, "bar", "x=bin visits", "y=count").reason
    assert told.startswith("visits is 0 in 80% of the rows; one value in twenty is above ")
    # One bin that is fuller than those beside it is no peak.
    assert two_peaks([5, 30, 80, 60, 30, 55, 20, 8]) is None


@pytest.mark.parametrize("sampled", [True, False])
def test_what_a_sample_says_is_called_so(sampled: bool) -> None:
    chart = chart_of(homes(), "bar", "x=category kind", "y=count")
    profile = profile_table(pa.table({name: homes()[name].tolist() for name in homes()}))
    records = chart.drawn["data"]["values"]
    told = reason(chart.design, profile, (), ChartRows(records, 900, sampled=sampled))
    assert told.endswith(" (from a sample).") == sampled


def test_what_a_slice_shows_is_told_by_what_is_drawn() -> None:
    rng = np.random.default_rng(7)
    states = [f"s{n}" for n in range(40)]
    rent = rng.normal(900, 100, 40).round()
    table = pd.DataFrame(
        {
            "state": states * 2,
            "variable": ["rent"] * 40 + ["income"] * 40,
            "estimate": [*rent, *(30 * rent + rng.normal(0, 300, 40)).round()],
            "moe": [*(rent / 100).round(2), *rng.uniform(90, 200, 40).round()],
        }
    )
    told = [chart.reason for chart in erp.recommend(table, store=":memory:")]
    assert told and not any(one.startswith("An overview") for one in told)


def test_histograms_of_groups_tell_where_the_middle_of_each_is() -> None:
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"sex": ["f", "m"] * 300})
    table["cm"] = rng.normal(165, 6, 600) + 12 * (table["sex"] == "m")
    told = chart_of(table, "bar", "x=bin cm", "y=count", "color=category sex").reason
    ends = re.fullmatch(r"The middle cm is (\d+) to (\d+) for m and (\d+) to (\d+) for f\.", told)
    assert ends is not None
    medians = table.groupby("sex")["cm"].median()
    assert int(ends[1]) <= medians["m"] <= int(ends[2])
    assert int(ends[3]) <= medians["f"] <= int(ends[4])


def test_shares_are_judged_by_all_groups_and_told_of_those_with_enough_rows() -> None:
    """A group of eleven rows is far out by chance; those of hundreds differ without doubt."""
    sizes = {"a": (400, 40), "b": (300, 60), "c": (300, 90), "d": (11, 4)}
    table = pd.DataFrame(
        [(at, "yes" if n < left else "no") for at, (of, left) in sizes.items() for n in range(of)],
        columns=["plan", "left"],
    )
    told = chart_of(table, "bar", "x=category plan", "y=count", "color=category left").reason
    assert told == (
        "left is yes for 30% where plan is c, 10% where it is a, of groups of 300 rows or more."
    )


def test_shares_within_two_points_are_told_as_alike_however_many_rows() -> None:
    table = pd.DataFrame({"arm": ["a"] * 60_000 + ["b"] * 60_000})
    yes = np.arange(120_000) % 1_000 < np.repeat([300, 315], 60_000)
    table["left"] = np.where(yes, "yes", "no")
    told = share_of_yes(table, "arm")
    assert told == "left is yes about as often whatever arm is: 30% (a) to 32% (b)."


def share_of_yes(table: pd.DataFrame, group: str) -> str:
    """Return what is said of bars of the share of those who left."""
    question = Question(open_table(table), store=":memory:")
    bars = "bar", f"x=category {group}", "y=count", "color=category left"
    design, _ = design_of(question.table, *bars)
    styled = replace(design.style, stack="normalize", rate="yes")
    return question.chart(design.with_style(styled)).reason


def tied(*places: tuple[str, str]) -> str:
    """Return what is said of cells of which the first two are equally high."""
    records = [{"x": x, "y": y, "color": 9 - (at > 1) * at} for at, (x, y) in enumerate(places)]
    keys = [
        Encoding("x", "land", "category", "nominal"),
        Encoding("y", "kind", "category", "nominal"),
    ]
    of = Encoding("color", "paid", "mean", "quantitative")
    found = extremes(ChartRows(records, len(records)), of, keys, profile_table(TIED))
    assert found is not None
    return found.said("Mean paid")


TIED = pa.table(
    {"land": ["Peru", "Chad"] * 9, "kind": ["tea", "tea", "cake"] * 6, "paid": range(18)}
)


def test_both_of_two_equal_places_are_told() -> None:
    rest = [("Chad", "cake"), ("Mali", "bread")]
    same_land = tied(("Peru", "tea"), ("Peru", "salt"), *rest)
    assert (
        same_land
        == "Mean paid is highest for Peru, tea and salt (9) and lowest for Mali, bread (6)"
    )
    same_kind = tied(("Peru", "tea"), ("Mali", "tea"), *rest)
    assert "highest for Peru, tea and for Mali, tea (9)" in same_kind
    neither = tied(("Peru", "tea"), ("Mali", "salt"), *rest)
    assert "highest for Peru, tea and for Mali, salt (9)" in neither
    long = tied(("Peru", "tea"), ("Mali", "a drink that is made of the leaves of a shrub"), *rest)
    assert "highest for Peru, tea and 1 more (9)" in long


def test_what_holds_of_groups_of_any_size_is_told_of_their_own() -> None:
    times = {"x": ["Mon", "Tue", "Wed"], "n": [10, 9, 6], "paid": [2.0, 9.0, 30.0]}
    records = [
        {"x": x, "y": y, "rows": n, "thin": n < 9} for x, n, y in zip(*times.values(), strict=True)
    ]
    keys = [Encoding("x", "land", "category", "nominal")]
    of = Encoding("y", "paid", "mean", "quantitative")
    found = extremes(ChartRows(records, 25), of, keys, profile_table(TIED))
    assert found is not None and found.among == ", of groups of 9 rows or more"


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        # Twice as often is not alike, although five in a hundred would differ so by chance.
        (
            (0.08, 0.16),
            "for 16% where plan is b, 8% where it is a, which may be chance",
        ),
        ((0.50, 0.54), "about as often whatever plan is: 50% (a) to 54% (b)"),
        (
            (0.84, 0.92),
            "for 92% where plan is b, 84% where it is a, which may be chance",
        ),
    ],
)
def test_shares_are_called_alike_only_where_one_is_about_as_large_as_another(
    shares: tuple[float, float], told: str
) -> None:
    left = [i < 100 * share for share in shares for i in range(100)]
    table = pd.DataFrame({"plan": list("a" * 100 + "b" * 100), "left": np.where(left, "yes", "no")})
    assert share_of_yes(table, "plan") == f"left is yes {told}."


def test_the_first_of_a_ranking_is_a_group_of_more_than_a_few_rows() -> None:
    rng = np.random.default_rng(3)
    towns = [f"town {n}" for n in range(90) for _ in range(9)]
    table = pd.DataFrame({"town": towns, "spend": rng.normal(50, 5, 810)})
    table.loc[table["town"] == "town 7", "spend"] += 30
    table = pd.concat([table, pd.DataFrame({"town": ["once"] * 2, "spend": [900.0, 901.0]})])
    chart = chart_of(table, "bar", "x=category town", "y=mean spend")
    mean = table.loc[table["town"] == "town 7", "spend"].mean()
    assert chart.reason == (
        "Of 91 values of town, town 7 has the highest mean spend of groups of 3 rows or more: "
        f"{mean:.3g} (of 9 rows)."
    )


def test_two_ranges_of_one_thing_are_told_of_it_once() -> None:
    starts = pd.to_datetime(["1885-03-04", "1889-03-04", "1893-03-04"])
    ends = pd.to_datetime(["1889-03-04", "1892-03-04", "1895-03-04"])
    names = ["Cleveland", "Harrison", "Cleveland"]
    table = pd.DataFrame({"name": names, "from": starts, "to": ends})
    told = chart_of(table, "bar", "x=category name", "y=value from", "y2=value to").reason
    said = "from to to is longest and shortest for Cleveland"
    assert told == f"{said}: 1885 to 1889 and 1893 to 1895."
