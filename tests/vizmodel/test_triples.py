"""What three columns say together and no two of them do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding, Intent, Without
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.variety import Variety
from vizmodel.ranking.weights import WEIGHTS
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of
from vizmodel.worth.interest import interest, told_triple


def birds(n_rows: int = 300, wide: int = 0, **more: Any) -> Profile:
    """Length and depth rise together within each species and fall over all of them."""
    rng = np.random.default_rng(3)
    species = rng.integers(0, 3, n_rows)
    length = 40 + 6 * species + rng.normal(0, 2, n_rows)
    depth = 20 - 4 * species + 0.7 * (length - 40 - 6 * species) + rng.normal(0, 0.8, n_rows)
    names = np.array(["Adelie", "Chinstrap", "Gentoo"])[species]
    noise = {f"noise {i}": rng.normal(0, 1, n_rows) for i in range(wide)}
    return profile_table(
        pa.table({"length": length, "depth": depth, "species": names, **noise, **more})
    )


def scatter(*more: Encoding) -> Design:
    x, y = (Encoding(c, f, "value", "quantitative") for c, f in (("x", "length"), ("y", "depth")))
    return Design("point", (x, y, *more))


@pytest.mark.filterwarnings("error")
def test_a_group_that_is_not_among_the_rows_that_are_looked_at_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vizmodel.profile.relations.triples.MAX_CELLS", 1)
    sites = np.repeat(["north", "west", "south", "west"], [90, 150, 20, 40])
    assert len(birds(site=sites).columns) == 4


SPECIES = Encoding("color", "species", "category", "nominal")


def crossed(n_rows: int = 200) -> Profile:
    """Lines that cross: no group differs in level, and all rows together show nothing."""
    rng = np.random.default_rng(5)
    group, x = rng.integers(0, 2, n_rows), rng.normal(0, 1, n_rows)
    y = np.where(group == 0, x, -x) + rng.normal(0, 0.2, n_rows)
    return profile_table(pa.table({"dose": x, "answer": y, "group": np.array(["a", "b"])[group]}))


PLAIN = Design(
    "point",
    (
        Encoding("x", "dose", "value", "quantitative"),
        Encoding("y", "answer", "value", "quantitative"),
    ),
)
TOGETHER = Design("point", (*PLAIN.encodings, Encoding("color", "group", "category", "nominal")))


def test_lines_that_cross_are_found() -> None:
    (triple,) = crossed().triples
    assert {triple.x, triple.y} == {"dose", "answer"}
    assert triple.group == "group"
    assert triple.strength > 0.85


def test_the_opposite_within_groups_is_as_strong_as_it_is_there() -> None:
    profile = birds()
    assert profile.pair("length", "depth", "spearman") < 0
    # Depth is known from the species alone: what the length adds is in the strength, not a gain.
    assert interest(scatter(SPECIES), profile) >= interest(scatter(), profile)


def test_noise_gives_none_however_many_columns_there_are() -> None:
    rng = np.random.default_rng(1)
    for n_rows in (30, 80, 500):
        table = {f"n{i}": rng.normal(0, 1, n_rows) for i in range(30)}
        table |= {f"g{i}": np.array(list("abcd"))[rng.integers(0, 4, n_rows)] for i in range(6)}
        assert profile_table(pa.table(table)).triples == ()


def test_a_row_for_each_year_and_group_is_a_series() -> None:
    rng = np.random.default_rng(2)
    years, regions = np.repeat(np.arange(1990, 2010), 3), np.tile(["North", "South", "West"], 20)
    level = np.tile([0.0, 3.0, 6.0], 20)
    sales = np.repeat(np.cumsum(rng.normal(1, 0.5, 20)), 3) + level + rng.normal(0, 0.3, 60)
    profile = profile_table(pa.table({"year": years, "region": regions, "sales": sales}))
    (triple,) = profile.triples
    assert (triple.x, triple.y, triple.group) == ("year", "sales", "region")


def clubs(drift: float) -> Profile:
    """Sixteen clubs of different size, each with a row a week, in which they move by a drift."""
    rng = np.random.default_rng(7)
    level, slope = np.tile(np.arange(16) * 10.0, 40), np.tile(rng.normal(0, drift, 16), 40)
    week = np.repeat(np.arange(40), 16)
    dates = (np.datetime64("2024-01-05") + 7 * week).astype("datetime64[us]")
    crowd = level + slope * week + rng.normal(0, 4, 640)
    club = np.tile([f"club {i}" for i in "abcdefghijklmnop"], 40)
    return profile_table(pa.table({"day": dates, "club": club, "crowd": crowd}))


def test_many_series_are_told_where_they_go_ways_of_their_own() -> None:
    moved = clubs(drift=2.0)
    assert [(one.x, one.y, one.group) for one in moved.triples] == [("day", "crowd", "club")]
    assert clubs(drift=0.0).triples == ()


def test_time_does_not_follow_a_measure() -> None:
    rng = np.random.default_rng(5)
    group, year = rng.integers(0, 2, 300), rng.integers(1990, 2020, 300)
    answer = np.where(group == 0, year - 2005, 2005 - year) + rng.normal(0, 1, 300)
    names = np.array(["a", "b"])[group]
    profile = profile_table(pa.table({"year": year, "answer": answer, "group": names}))
    assert [(one.x, one.y) for one in profile.triples] == [("year", "answer")]


def test_odd_columns_break_nothing() -> None:
    empty = profile_table(
        pa.table({"a": pa.array([], pa.float64()), "b": pa.array([], pa.string())})
    )
    assert empty.triples == ()
    rows = {"x": [1.0, None] * 20, "y": [None, 2.0] * 20, "g": ["a", None] * 20}
    assert profile_table(pa.table(rows)).triples == ()
    one_each = {"x": list(range(12)), "y": list(range(12)), "g": [f"g{i}" for i in range(12)]}
    assert profile_table(pa.table(one_each)).triples == ()


def test_only_a_chart_that_relates_the_columns_tells_it() -> None:
    profile = crossed()
    assert told_triple(TOGETHER, profile) == profile.triples[0]
    assert told_triple(PLAIN, profile) is None
    beside = (Encoding("x", "group", "category", "nominal"), PLAIN.encodings[1])
    assert told_triple(Design("boxplot", beside), profile) is None


def test_it_is_shown_among_the_first_also_beside_many_columns() -> None:
    rng = np.random.default_rng(9)
    group, x = rng.integers(0, 3, 400), rng.normal(0, 1, 400)
    y = np.array([1.5, -1.5, 0.2])[group] * x + rng.normal(0, 0.3, 400)
    table = {f"noise {i}": rng.normal(0, 1, 400) for i in range(30)}
    table |= {"dose": x, "answer": y, "drug": np.array(["a", "b", "none"])[group]}
    profile = profile_table(pa.table(table))
    shown = [frozenset(found.design.fields) for found in recommend(profile, 5)]
    assert frozenset({"dose", "answer", "drug"}) in shown
    banned = recommend(profile, 5, Intent(without=Without(columns=("drug",))))
    assert all("drug" not in found.design.fields for found in banned)


def test_it_repeats_neither_of_its_pairs() -> None:
    profile = crossed()
    variety = Variety([PLAIN, TOGETHER], profile, WEIGHTS)
    variety.add(0)
    assert variety.values()[1] > variety.values()[0]


def test_it_travels_and_is_kept() -> None:
    profile = crossed()
    assert profile_of(profile_form(profile)).triples == profile.triples
    kept = json.loads(json.dumps(profile.to_dict()))
    assert Profile.from_dict(kept).triples == profile.triples
    del kept["triples"]
    assert Profile.from_dict(kept).triples == ()
