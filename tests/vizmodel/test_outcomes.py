"""How something ended: the column is known by its name, and what it hangs on comes early."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.candidates.plain_charts import plain_charts
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.rank import rank
from vizmodel.recommend import recommend
from vizmodel.worth.interest import interest
from vizmodel.worth.outcomes import alike_by_chance, explained, outcome_told


@pytest.fixture(scope="module")
def staff() -> Profile:
    """Who left a firm: mostly those who worked overtime, whatever they earn."""
    rng = np.random.default_rng(3)
    size = 400
    overtime = rng.random(size) < 0.4
    left = rng.random(size) < np.where(overtime, 0.45, 0.1)
    years = rng.integers(1, 30, size)
    return profile_table(
        pa.table(
            {
                "attrition": np.where(left, "Yes", "No"),
                "overtime": np.where(overtime, "Yes", "No"),
                "team": rng.choice(["blue", "red", "green"], size),
                "age": 20 + years + rng.integers(0, 9, size),
                "years": years,
                "pay": 100.0 * years + rng.normal(0, 300, size),
                "distance": rng.uniform(1, 40, size),
                "rating": rng.normal(0, 1, size),
            }
        )
    )


@pytest.mark.parametrize(
    ("name", "values", "ends"),
    [
        ("survived", ["yes", "no"], True),
        ("Death", [0, 1], True),
        ("loan_status", ["paid", "late", "lost"], True),
        ("left", [0, 1], True),
        ("left_hand", [0, 1], False),
        ("is_canceled", [0, 1], True),
        ("city", ["Rome", "Oslo"], False),
        ("status_code", list("abcdefgh"), False),
        ("y", [1.5, 2.5, 9.25, 4.0, 7.5, 3.25, 8.0, 6.5], False),
    ],
)
def test_an_outcome_is_a_few_groups_of_such_a_name(name: str, values: list, ends: bool) -> None:
    column = profile_table(pa.table({name: values * 20, "x": range(20 * len(values))})).columns[0]
    assert column.tells_an_outcome == ends


def test_what_most_hangs_on_it_counts_most(staff: Profile) -> None:
    def told(text: str) -> float:
        design = design_of(text, staff)
        return outcome_told(design, staff, interest(design, staff))

    overtime = told("bar x=overtime:category y=*:count color=attrition:category")
    assert overtime == pytest.approx(1.0)
    assert told("bar x=attrition:category y=*:count color=overtime:category") < overtime
    assert told("bar x=team:category y=*:count color=attrition:category") < 0.5
    assert told("point x=years:value y=pay:value") == 0.0
    # A sum for each end says how many ended so.
    assert told("bar x=attrition:category y=pay:sum") == 0.0
    assert told("boxplot x=attrition:category y=pay:value") == 0.0  # by chance
    alone = design_of("bar x=attrition:category y=*:count", staff)
    assert explained(alone, staff) is None


def test_it_is_among_the_first_though_pay_and_years_are_closer(staff: Profile) -> None:
    texts = [
        "point x=years:value y=pay:value",
        "point x=years:value y=age:value",
        "point x=age:value y=pay:value",
        "bar x=pay:bin y=*:count",
        "bar x=overtime:category y=*:count color=attrition:category",
        "bar x=team:category y=*:count color=attrition:category",
    ]
    designs = [design_of(text, staff) for text in texts]
    found = [one.design for one in rank([(d, -5.0) for d in designs], staff, 6)]
    assert found.index(designs[4]) < 2
    assert found.index(designs[5]) > 2


def test_it_is_named_among_the_plain_charts(staff: Profile) -> None:
    split = design_of("bar x=overtime:category y=*:count color=attrition:category", staff)
    assert split in list(plain_charts(staff))


def test_groups_that_differ_no_more_than_chance_makes_them_come_late() -> None:
    rng = np.random.default_rng(11)
    n = 600
    kind = rng.choice(["incident", "question", "refund"], n)
    team = rng.choice(["north", "south", "west"], n)
    late = np.where(team == "north", rng.random(n) < 0.6, rng.random(n) < 0.2)
    table = {
        "kind": kind,
        "team": team,
        "status": np.where(late, "late", "done"),
        "minutes": rng.lognormal(3, 0.5, n).round(),
        "rating": rng.integers(1, 6, n),
        "visits": rng.poisson(4, n),
    }
    profile = profile_table(pa.table(table))
    bars = {
        frozenset(one.fields): alike_by_chance(one, profile)
        for one in plain_charts(profile)
        if one.mark == "bar" and len(one.fields) == 2 and "status" in one.fields
    }
    assert bars.get(frozenset({"team", "status"})) is False
    shown = [frozenset(one.design.fields) for one in recommend(profile, 6)]
    assert frozenset({"team", "status"}) in shown
    assert frozenset({"kind", "status"}) not in shown
    drawn = design_of("bar x=kind:category y=*:count color=status:category", profile)
    assert alike_by_chance(drawn, profile)


@pytest.fixture(scope="module")
def meals() -> Profile:
    """Bills that differ by meal and not by waiter."""
    rng = np.random.default_rng(12)
    n = 240
    meal = rng.choice(["lunch", "dinner"], n)
    bill = rng.gamma(4, 5, n) * np.where(meal == "dinner", 1.6, 1.0)
    table = {
        "meal": meal,
        "waiter": rng.choice(["Ana", "Ben", "Cy"], n),
        "bill": bill.round(2),
        "tip": (bill * rng.normal(0.15, 0.04, n)).round(2),
        "left": np.where(rng.random(n) < 0.3, "yes", "no"),
    }
    return profile_table(pa.table(table))


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("boxplot x=meal:category y=bill:value", False),
        ("boxplot x=waiter:category y=bill:value", True),
        ("bar x=waiter:category y=tip:mean", True),
        ("bar x=waiter:category y=tip:sum", False),
        ("point x=bill:value y=tip:value", False),
        ("point x=bill:value y=tip:value color=meal:category", False),
        ("point x=bill:value y=tip:value color=waiter:category", True),
        ("boxplot x=waiter:category y=bill:value color=meal:category", True),
    ],
)
def test_groups_that_tell_nothing_of_a_number_are_alike(
    meals: Profile, text: str, alike: bool
) -> None:
    assert alike_by_chance(design_of(text, meals), meals) is alike


def test_the_strongest_of_what_is_by_chance_tells_nothing_of_an_outcome(meals: Profile) -> None:
    bars = design_of("bar x=waiter:category y=*:count color=left:category", meals)
    assert alike_by_chance(bars, meals)
    assert outcome_told(bars, meals, interest(bars, meals)) == 0.0
