"""The order of the charts: a score that adds up, and a list that does not repeat itself."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from tests.vizmodel.written_charts import design_of
from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.lengths import least_charts, n_telling
from vizmodel.ranking.rank import rank, score_terms
from vizmodel.ranking.variety import Variety
from vizmodel.ranking.weights import WEIGHTS, RankWeights
from vizmodel.recommend import recommend
from vizmodel.worth.alike import like_columns
from vizmodel.worth.interest import interest, tells_a_triple
from vizmodel.worth.room import LEAST_TIDY, tidiness


@pytest.fixture(scope="module")
def profile() -> Profile:
    rng = np.random.default_rng(4)
    x = rng.normal(size=200)
    city = np.where(x > 0, "Rome", "Oslo")
    noise = rng.normal(size=200)
    kind = ["a", "b"] * 100
    columns = {"x": x, "y": 2 * x + noise / 9, "noise": noise, "city": city, "kind": kind}
    return profile_table(pa.table(columns))


def points(x: str, y: str, *more: Encoding) -> Design:
    return Design(
        "point",
        (
            Encoding("x", x, "value", "quantitative"),
            Encoding("y", y, "value", "quantitative"),
            *more,
        ),
    )


def test_a_score_is_the_sum_of_its_named_terms(profile: Profile) -> None:
    candidates = [(points("x", "y"), -1.0), (points("x", "noise"), -2.0)]
    for one in rank(candidates, profile, 5):
        assert one.score == pytest.approx(sum(value for _, value in one.terms))
        assert dict(one.terms)["network"] in (-1.0, -2.0)


def test_the_list_is_as_long_as_asked_and_always_the_same(profile: Profile) -> None:
    pairs = [("x", "y"), ("x", "noise"), ("y", "noise"), ("noise", "x")]
    candidates = [(points(a, b), -float(i)) for i, (a, b) in enumerate(pairs)]
    assert len(rank(candidates, profile, 3)) == 3
    # The last one is the second with its axes changed.
    assert len(rank(candidates, profile, 9)) == 3
    assert rank(candidates, profile, 4) == rank(candidates, profile, 4)
    assert rank([], profile, 3) == []


def test_strong_relations_come_before_weak_ones(profile: Profile) -> None:
    assert interest(points("x", "y"), profile) > 0.95
    assert interest(points("x", "noise"), profile) < 0.3
    first, *_ = rank([(points("x", "noise"), -1.0), (points("x", "y"), -1.0)], profile, 2)
    assert first.design == points("x", "y")


def test_a_simple_chart_comes_before_its_coloured_twin(profile: Profile) -> None:
    coloured = points("x", "y", Encoding("color", "kind", "category", "nominal"))
    first, *_ = rank([(coloured, -1.0), (points("x", "y"), -1.0)], profile, 2)
    assert first.design == points("x", "y")


def test_what_is_new_comes_before_the_same_once_more(profile: Profile) -> None:
    same = Design("line", points("x", "y").encodings)
    city = Encoding("x", "city", "category", "nominal")
    other = Design("boxplot", (city, Encoding("y", "y", "value", "quantitative")))
    order = [
        r.design for r in rank([(points("x", "y"), 0.0), (same, -0.1), (other, -0.5)], profile, 3)
    ]
    assert order == [points("x", "y"), other, same]


def test_panels_below_and_beside_each_other_are_one_chart(profile: Profile) -> None:
    beside, below = (
        points("x", "y", Encoding(channel, "kind", "category", "nominal"))
        for channel in ("column", "row")
    )
    coloured = points("x", "y", Encoding("color", "kind", "category", "nominal"))
    ranked = rank([(beside, -2.0), (below, -1.0), (coloured, -3.0)], profile, 5)
    assert {r.design for r in ranked} == {below, coloured}


def test_a_number_and_its_copy_come_after_what_says_something() -> None:
    rng = np.random.default_rng(4)
    price = rng.lognormal(size=200)
    columns = {"price": price, "tax": 0.2 * price, "weight": price + rng.normal(size=200)}
    copies = profile_table(pa.table(columns))
    first, second = rank(
        [(points("price", "tax"), -1.0), (points("price", "weight"), -1.5)], copies, 2
    )
    assert first.design == points("price", "weight")
    assert dict(second.terms)["copied"] < 0 == dict(first.terms)["copied"]


def test_points_on_a_few_stripes_come_late() -> None:
    rng = np.random.default_rng(4)
    doors = rng.integers(2, 6, 200).astype(float)
    cars = profile_table(pa.table({"doors": doors, "price": doors + rng.normal(size=200)}))
    ((only),) = rank([(points("price", "doors"), -1.0)], cars, 1)
    assert dict(only.terms)["striped"] < 0
    few = profile_table(pa.table({"doors": doors[:20], "price": rng.normal(size=20)}))
    assert dict(rank([(points("price", "doors"), -1.0)], few, 1)[0].terms)["striped"] == 0


def copies(n: int = 200) -> Profile:
    """Return a table with two columns that say nearly the same, and three that do not."""
    rng = np.random.default_rng(4)
    petrol, size, age = rng.normal(size=n), rng.normal(size=n), rng.lognormal(size=n)
    others = {name: rng.normal(size=n) for name in ("rain", "wind", "sun")}
    return profile_table(
        pa.table(
            {"petrol": petrol, "diesel": petrol + 0.05 * size, "size": size, "age": age, **others}
        )
    )


def test_what_a_near_copy_shows_is_a_repetition() -> None:
    profile = copies()
    assert like_columns(profile) == {"diesel": "petrol"}
    candidates = [(points("petrol", "size"), 0.0), (points("diesel", "size"), 0.0)]
    both = [r.design for r in rank([*candidates, (points("age", "rain"), -1.0)], profile, 3)]
    assert both[1] == points("age", "rain")
    # Set against each other they are a chart of their own.
    pair = points("petrol", "diesel")
    assert len(Variety([pair], profile, WEIGHTS).view(pair).columns) == 2


def test_columns_that_split_the_rows_alike_are_one() -> None:
    cities = ["Rome", "Oslo", "Rome", "Lima"] * 10
    heads = [{"Rome": "Ada Rossi", "Oslo": "Ole Berg", "Lima": "Eva Paz"}[city] for city in cities]
    names = [f"order {i}" for i in range(40)]
    table = pa.table({"city": cities, "head": heads, "order": names, "mark": names[::-1]})
    assert like_columns(profile_table(table)) == {"head": "city"}


def test_a_list_has_a_histogram_of_a_measure() -> None:
    profile = copies()
    histogram = Design(
        "bar",
        (Encoding("x", "age", "bin", "quantitative"), Encoding("y", None, "count", "quantitative")),
    )
    pairs = [("petrol", "size"), ("age", "rain"), ("wind", "sun"), ("rain", "sun")]
    candidates = [*((points(a, b), 0.0) for a, b in pairs), (histogram, -1.0)]
    assert histogram in [r.design for r in rank(candidates, profile, 3)]


def test_the_plain_chart_comes_before_the_elaborate_one() -> None:
    profile = copies()
    first = (points("wind", "sun"), 1.0)
    coloured = points("age", "size", Encoding("color", "rain", "value", "quantitative"))
    with_plain = rank([first, (coloured, 0.0), (points("age", "size"), -0.3)], profile, 3)
    assert [r.design for r in with_plain][1] == points("age", "size")


def test_points_come_again_once_for_what_only_groups_show() -> None:
    rng = np.random.default_rng(5)
    size, n = rng.normal(size=400), 400
    price = size + rng.normal(size=n) / 4
    heat, kind, place = rng.normal(size=n), rng.choice(["a", "b"], n), rng.choice(["c", "d"], n)
    # Sales rise with heat of one kind, and fall of the other.
    sales = np.where(kind == "a", heat, -heat) + rng.normal(size=n) / 4
    columns = {"size": size, "price": price, "heat": heat, "sales": sales}
    profile = profile_table(pa.table({**columns, "age": rng.random(n), "kind": kind, "at": place}))
    colour = {name: Encoding("color", name, "category", "nominal") for name in ("kind", "at")}
    telling = points("heat", "sales", colour["kind"])
    assert tells_a_triple(telling, profile)
    pairs = [("size", "price"), ("heat", "sales")]
    again = [points(*pair, colour[group]) for pair in pairs for group in ("kind", "at")]
    designs = [*(points(*pair) for pair in pairs), *again]
    variety = Variety(designs, profile, WEIGHTS)
    without = Variety(designs, profile, replace(WEIGHTS, same_points=0.0))
    for shown in (0, 1):
        variety.add(shown)
        without.add(shown)
    charged = (variety.values() - without.values())[2:]
    np.testing.assert_allclose(charged, [-WEIGHTS.same_points] * 2 + [0.0, -WEIGHTS.same_points])


def test_in_a_wide_raw_table_boxes_come_before_strips_of_dots() -> None:
    rng = np.random.default_rng(8)
    city = rng.choice(["Rome", "Oslo", "Bern"], 200)
    table = {f"x{i}": rng.normal(size=200) for i in range(4)}
    wide = profile_table(pa.table({"city": city, **table}))
    value, group = Encoding("y", "x1", "value", "quantitative"), ("x", "city", "category")
    strip, box = (
        Design(mark, (Encoding(*group, "nominal"), value)) for mark in ("point", "boxplot")
    )
    found = [one.design for one in rank([(strip, -1.0), (box, -1.5)], wide, 2)]
    assert found == [box, strip]
    narrow = profile_table(pa.table({"city": city, "x1": table["x1"]}))
    assert rank([(strip, -1.0), (box, -1.5)], narrow, 2)[0].design == strip


def test_a_column_of_almost_one_group_comes_late() -> None:
    rng = np.random.default_rng(9)
    table = {f"x{i}": rng.normal(size=400) for i in range(5)}
    table["rare"] = np.where(rng.random(400) < 0.04, "yes", "no")
    table["even"] = np.where(rng.random(400) < 0.4, "yes", "no")
    wide = profile_table(pa.table(table))
    bars = [
        Design(
            "bar",
            (
                Encoding("x", name, "category", "nominal"),
                Encoding("y", None, "count", "quantitative"),
            ),
        )
        for name in ("rare", "even")
    ]
    ranked = rank([(bars[0], -1.0), (bars[1], -1.5)], wide, 2)
    assert [one.design for one in ranked] == bars[::-1]


def test_numbered_columns_of_one_name_that_go_together_are_alike() -> None:
    rng = np.random.default_rng(10)
    deaths = rng.lognormal(4, 1, 200)
    ages = {f"deaths{age}": deaths * rng.lognormal(0, 0.3, 200) for age in (1517, 1820, 2124)}
    other = {f"x{i}": rng.normal(size=200) * 10**i for i in range(1, 8)}
    kind = rng.choice(["a", "b", "c"], 200)
    table = profile_table(pa.table({"kind": kind, **other, **ages}))
    assert like_columns(table).get("deaths1820") == like_columns(table).get("deaths2124")
    assert not like_columns(table).keys() & other.keys()


def test_the_first_course_in_time_is_worth_more_than_the_next() -> None:
    rng = np.random.default_rng(11)
    power = rng.normal(100, 20, 240)
    table = {
        "year": rng.integers(1970, 1983, 240),
        "power": power,
        "weight": 20 * power + rng.normal(0, 200, 240),
        "use": 60 - power / 4 + rng.normal(0, 3, 240),
        "price": rng.lognormal(9, 1, 240),
        "size": rng.normal(0, 15, 240),
        "kind": rng.choice(["a", "b", "c"], 240),
    }
    cars = profile_table(pa.table(table))
    year = Encoding("x", "year", "value", "temporal")
    use, price = (
        Design("line", (year, Encoding("y", name, "mean", "quantitative")))
        for name in ("use", "price")
    )

    def worth(weights: RankWeights) -> tuple[float, float]:
        variety = Variety([use, price], cars, weights, [points("power", "weight")])
        first = variety.values()[1]
        variety.add(0)
        return float(first), float(variety.values()[1])

    with_it, without = worth(WEIGHTS), worth(replace(WEIGHTS, course=0.0))
    assert with_it[0] - without[0] == pytest.approx(WEIGHTS.course)
    assert with_it[1] == pytest.approx(without[1])


def test_bars_along_years_and_along_their_labels_are_one_chart() -> None:
    table = profile_table(pa.table({"year": [1990 + n % 12 for n in range(60)], "x": range(60)}))
    texts = ("bar x=year:category y=*:count", "bar x=year:value y=*:count")
    ranked = rank([(design_of(text, table), -1.0) for text in texts], table, 2)
    assert len(ranked) == 1


def ledger(n: int = 240) -> Profile:
    """Return postings to accounts, each account of one kind and closed or not by its state."""
    rng = np.random.default_rng(5)
    account = rng.integers(0, 6, n)
    state = rng.choice(["open", "paid", "void"], n)
    columns = {
        "account": [f"account {chr(97 + at)}" for at in account],
        "kind": np.where(account % 2 > 0, "asset", "debt"),
        "site": rng.choice(["Rome", "Oslo", "Lima"], n),
        "state": state,
        "voided": np.where(state == "void", "Yes", "No"),
        "credit": rng.lognormal(size=n),
        "length": rng.normal(size=n),
    }
    return profile_table(pa.table(columns))


def test_the_first_charts_tell_no_story_twice_by_a_column_that_follows_from_another() -> None:
    profile = ledger()
    texts = [f"bar x={name}:category y=credit:sum" for name in ("account", "kind", "site")]
    candidates = [(design_of(text, profile), -float(at)) for at, text in enumerate(texts)]
    told = [one.design.fields[0] for one in rank(candidates, profile, 3)]
    assert told == ["account", "site", "kind"]
    # Set beside other columns they are no repetition.
    other = design_of("boxplot x=kind:category y=length:value", profile)
    variety = Variety([candidates[0][0], other], profile, WEIGHTS)
    without = Variety([candidates[0][0], other], profile, replace(WEIGHTS, retold=0.0))
    for one in (variety, without):
        one.add(0)
    assert variety.values()[1] == without.values()[1]


def test_how_often_groups_meet_is_known_where_one_decides_the_other() -> None:
    profile = ledger()
    shares = "bar x={}:category y=*:count color={}:category"
    for columns, known in ((("state", "voided"), True), (("site", "voided"), False)):
        design = design_of(shares.format(*columns), profile)
        (one,) = rank([(design, 0.0)], profile, 1)
        assert (dict(one.terms)["copied"] < 0) == known


def test_lines_of_groups_over_time_are_no_finding_where_time_changes_nothing() -> None:
    rng = np.random.default_rng(8)
    crowd = np.tile(np.arange(16) * 10.0, 40) + rng.normal(0, 4, 640)
    days = np.repeat(np.datetime64("2024-01-05") + 7 * np.arange(40), 16).astype("datetime64[us]")
    club = np.tile([f"club {i}" for i in "abcdefghijklmnop"], 40)
    table = profile_table(pa.table({"day": days, "club": club, "crowd": crowd, "noise": crowd % 7}))
    texts = (
        "line x=day:value y=crowd:value color=club:category",
        "boxplot x=club:category y=crowd:value",
    )
    lines, boxes = (score_terms(design_of(t, table), 0.0, 0.0, table) for t in texts)
    assert lines["interest"] < 0.1 * boxes["interest"]


def test_the_wider_a_table_of_few_named_rows_the_more_there_is_to_find() -> None:
    rng = np.random.default_rng(9)
    names = [f"share {i}" for i in range(20)]

    def surely(n_numbers: int) -> float:
        numbers = {f"n{i}": rng.normal(size=20) for i in range(n_numbers)}
        return tidiness(profile_table(pa.table({"name": names, **numbers})))

    assert surely(3) == surely(6) == 1.0
    assert 1.0 > surely(8) > surely(11) > surely(30) == LEAST_TIDY


def test_bars_of_single_rows_that_a_number_colours_come_late() -> None:
    rng = np.random.default_rng(4)
    places = pa.table(
        {
            "island": [f"Island {n}" for n in range(18)],
            "area": rng.lognormal(3, 1, 18).round(1),
            "species": rng.integers(4, 90, 18),
            "height": rng.integers(20, 900, 18),
            "people": rng.integers(1, 4_000, 18),
        }
    )
    found = [one.design for one in recommend(profile_table(places), 15)]
    painted = [n for n, design in enumerate(found) if design.mark == "bar" and paints(design)]
    plain = [n for n, design in enumerate(found) if design.mark == "bar" and not paints(design)]
    assert plain[0] < 5
    assert len([n for n in painted if n < 10]) <= 1


def paints(design: Design) -> bool:
    color = design.encoding("color")
    return color is not None and color.transform == "value"


def test_like_columns_are_one_thing_that_a_table_tells_of() -> None:
    rng = np.random.default_rng(9)
    lands = [f"Land {at}" for at in range(20)]
    level = rng.uniform(3, 12, 20)
    years = {str(y): (level + rng.normal(0, 0.5, 20)).round(1) for y in range(2005, 2024)}
    wide = profile_table(pa.table({"land": lands, **years}))
    assert n_telling(wide) == 3 and least_charts(wide, 15) == 6
    found = [one.design for one in recommend(wide, 15)]
    assert 6 <= len(found) <= 8
    single = [d for d in found if sum(name in years for name in d.fields) > 1]
    assert len(single) <= 2


def test_a_further_amount_by_the_same_kinds_comes_late() -> None:
    rng = np.random.default_rng(10)
    kinds = rng.choice(["drama", "comedy", "action"], 300, p=[0.5, 0.3, 0.2])
    gross, cost = rng.lognormal(4, 1, 300).round(1), rng.lognormal(3, 1, 300).round(1)
    columns = {"genre": kinds, "studio": rng.choice(["A", "B", "C", "D"], 300)}
    profile = profile_table(
        pa.table({**columns, "gross": gross, "cost": cost, "score": rng.normal(6, 1, 300)})
    )
    texts = [f"bar x={by}:category y={of}:sum" for of in ("gross", "cost") for by in columns]
    first, *others = designs = [design_of(text, profile) for text in texts]
    found = Variety(designs, profile, WEIGHTS)
    found.add(0)
    values = dict(zip([one.fields for one in others], found.values()[1:], strict=True))
    assert first.fields == ("genre", "gross")
    assert values["studio", "cost"] > values["genre", "cost"]
