"""Tables that count cells: what is told of their groups is told of what is counted."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.candidates.plain_charts import plain_charts
from vizmodel.design import Design, Encoding
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of
from vizmodel.worth.interest import interest
from vizmodel.worth.room import rawness

CLASSES, SEXES, ENDS = ("1st", "2nd", "crew"), ("female", "male"), ("died", "lived")
#: More women live, whatever the class.
COUNTS = [2, 90, 60, 30, 10, 60, 90, 20, 5, 15, 400, 120]


def cells(**more: Any) -> Profile:
    rows = list(product(CLASSES, SEXES, ENDS))
    table = {
        "class": [row[0] for row in rows],
        "sex": [row[1] for row in rows],
        "end": [row[2] for row in rows],
        "Freq": COUNTS,
    }
    return profile_table(pa.table({**more, **table}))


def test_counts_are_found_beside_groups_that_tell_rows_apart() -> None:
    assert cells().counted == {"Freq"}
    assert cells(rownames=list(range(1, 13))).counted == {"Freq"}
    assert cells(price=np.linspace(1, 2, 12)).counted == frozenset()
    assert cells(**{"n cases": COUNTS[::-1]}).counted == {"Freq", "n cases"}


def test_counts_of_rows_that_nothing_tells_apart_are_measures() -> None:
    table = {"town": ["Rome", "Oslo"] * 9, "kind": ["a", "b", "b"] * 6, "count": range(18)}
    assert profile_table(pa.table({**table, "size": list("xyz") * 6})).counted == frozenset()


def test_a_number_is_a_group_where_it_takes_one_to_tell_rows_apart() -> None:
    rows = list(product(range(10, 90, 5), SEXES, CLASSES, ENDS))
    columns = dict(zip(("age", "sex", "class", "end"), zip(*rows, strict=True), strict=True))
    counts = [3 + i * 7 % 40 for i in range(len(rows))]
    assert profile_table(pa.table({**columns, "cases": counts})).counted == {"cases"}


def test_ties_and_sizes_are_of_what_is_counted() -> None:
    profile = cells()
    joint = np.zeros((2, 2))
    for (_, sex, end), n in zip(product(CLASSES, SEXES, ENDS), COUNTS, strict=True):
        joint[SEXES.index(sex), ENDS.index(end)] += n
    total = joint.sum()
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0) / total
    chi_squared = ((joint - expected) ** 2 / expected).sum()
    # Less what chance gives, as Bergsma (2013) has it.
    share = (chi_squared / total - 1 / (total - 1)) / (1 - 1 / (total - 1))
    assert profile.pair("sex", "end", "cramers_v") == pytest.approx(share**0.5, rel=1e-5)
    assert profile.column("sex").top_share == pytest.approx(joint.sum(axis=1).max() / total)
    assert profile.pair("sex", "Freq", "eta_squared") == 0.0


def test_interest_is_how_groups_go_together() -> None:
    profile = cells()
    split = design_of("bar x=sex:category y=Freq:sum color=end:category", profile)
    assert interest(split, profile) == profile.pair("sex", "end", "cramers_v") > 0.3


def test_plain_charts_are_sums() -> None:
    profile = cells()
    drawn = list(plain_charts(profile))
    assert len(drawn) == 3 + 6
    assert [violations(design, profile) for design in drawn] == [()] * len(drawn)
    assert {e.transform for design in drawn for e in design.encodings if e.channel == "y"} == {
        "sum"
    }


@pytest.mark.parametrize("order", [("stufe", "art", "folge"), ("folge", "stufe", "art")])
def test_what_came_of_each_group_is_asked_before_how_large_it_is(order: tuple[str, ...]) -> None:
    """Rings of each group by itself say nothing of how the groups go together."""
    levels = {"stufe": ["A", "B", "C"], "art": ["alt", "neu"], "folge": ["failed", "passed"]}
    rng = np.random.default_rng(4)
    rows = list(product(*(levels[name] for name in order)))
    columns = dict(zip(order, zip(*rows, strict=True), strict=True))
    columns |= {"outcome": columns.pop("folge")}
    passed = np.array([end == "passed" for end in columns["outcome"]])
    grade = np.array([levels["stufe"].index(one) for one in columns["stufe"]])
    counts = np.where(passed, 40 + 60 * grade, 160 - 60 * grade) + rng.integers(0, 9, len(rows))
    profile = profile_table(pa.table({**columns, "count": counts}))
    assert profile.counted == {"count"} and rawness(profile) > 0
    first, *others = (one.design for one in recommend(profile)[:4])
    told = design_of("bar x=stufe:category y=count:sum color=outcome:category", profile)
    assert (first.mark, first.encodings) == ("bar", told.encodings)
    assert sum(one.mark == "arc" for one in others) <= 1


def test_counts_of_two_groups_or_of_named_rows_are_drawn_as_they_are() -> None:
    rows = list(product(CLASSES, SEXES))
    two = {"class": [a for a, _ in rows], "sex": [b for _, b in rows], "Freq": range(9, 15)}
    names = {"town": [f"town {i}" for i in range(12)], "count": range(5, 17)}
    named = {**names, "land": list("abcd") * 3, "sea": ["yes", "no", "no"] * 4}
    for table in (two, named):
        profile = profile_table(pa.table(table))
        assert rawness(profile) == 0.0


def test_counts_travel() -> None:
    profile = cells()
    assert profile_of(profile_form(profile)).counted == profile.counted
    assert Profile.from_dict(profile.to_dict()).counted == profile.counted


def test_what_each_of_a_sample_took_or_had_is_averaged_not_added() -> None:
    rng = np.random.default_rng(12)
    sample = pa.table(
        {
            "patient": [f"p{i}" for i in range(90)],
            "arm": ["drug"] * 60 + ["placebo"] * 30,
            "time": rng.geometric(0.03, 90),
            "lucky_number": rng.geometric(0.02, 90),
            "seizures": rng.geometric(0.05, 90),
            "total_cost": rng.geometric(0.02, 90),
            "age": rng.normal(50, 9, 90),
        }
    )
    profile = profile_table(sample)
    summed = {
        name
        for name in ("time", "lucky_number", "seizures", "total_cost")
        if not violations(design_of(f"bar x=arm:category y={name}:sum", profile), profile)
    }
    assert summed == {"total_cost"}


def test_times_with_as_many_rows_each_are_not_counted() -> None:
    days = np.datetime64("2024-01-01", "us") + np.arange(90) * np.timedelta64(1, "D")
    kinds = np.array(["a", "b", "c", "d"])
    steady = {
        "day": np.repeat(days, 4),
        "kind": np.tile(kinds, 90),
        "load": np.random.default_rng(1).normal(50, 9, 360),
    }
    rng = np.random.default_rng(2)
    ragged = steady | {"day": np.sort(rng.choice(days, 360, p=rng.dirichlet(np.ones(90))))}
    months = Design(
        "line",
        (
            Encoding("x", "day", "yearmonth", "temporal"),
            Encoding("y", None, "count", "quantitative"),
        ),
    )
    more = {"other": rng.normal(size=360), "third": rng.normal(size=360)}
    found = [violations(months, profile_table(pa.table(one | more))) for one in (steady, ragged)]
    assert ["counts_vary" in broken for broken in found] == [True, False]


def test_groups_of_rows_with_names_are_counted_however_few_they_are() -> None:
    kinds = ["sedan"] * 14 + ["van"] * 11 + ["truck"] * 7
    cars = {"kind": kinds, "price": [float(i * i % 37) for i in range(32)]}
    more = {"weight": [float(i * 7 % 41) for i in range(32)], "seats": [4, 5] * 16}
    names = {"car": [f"Model {chr(65 + i % 26)}{'x' * (i // 26)}" for i in range(32)]}
    bars = "bar x=kind:category y=*:count"
    tables = (cars | more, names | cars | more)
    profiles = [profile_table(pa.table(table)) for table in tables]
    found = [violations(design_of(bars, profile), profile) for profile in profiles]
    assert ["counts_vary" in broken for broken in found] == [True, False]


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [([27] * 2, False), ([30, 24], True)],
)
def test_groups_of_one_size_are_not_counted_beside_what_a_narrow_table_measures(
    sizes: list[int], counts: bool
) -> None:
    wool = ["A"] * sizes[0] + ["B"] * sizes[1]
    loom = {"wool": wool, "breaks": [float(at * at % 37) for at in range(54)]}
    bars = "bar x=wool:category y=*:count"
    for table, legal in ((loom, counts), ({"wool": wool}, True)):
        profile = profile_table(pa.table(table))
        assert ("counts_vary" not in violations(design_of(bars, profile), profile)) is legal
