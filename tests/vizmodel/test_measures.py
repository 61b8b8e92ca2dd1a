"""A long table of several measures is read measure by measure, and its charts take turns."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from vizmodel.design import Design, Held, Intent
from vizmodel.grammar import IntentError, violations
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.measures import MAX_PARTS
from vizmodel.recommend import recommend

SIZES = {"GDP per capita (US$)": 9e3, "Population": 2e7, "Life expectancy": 70.0}
COUNTRIES = ("Chile", "Ghana", "Nepal", "Spain", "Tonga")
YEARS = range(2001, 2013)
KIND = "indicator"


def long(sizes: dict[str, float], kind: str = KIND, value: str = "value") -> pa.Table:
    rng = np.random.default_rng(5)
    rows = list(product(COUNTRIES, YEARS, sizes))
    numbers = [
        sizes[level] * (1 + COUNTRIES.index(country) / 5 + (year - 2001) / 50 + rng.normal() / 40)
        for country, year, level in rows
    ]
    names, years, levels = zip(*rows, strict=True)
    return pa.table({"country": names, "year": years, kind: levels, value: numbers})


def levels_of(profile: Profile) -> list[object]:
    return [held.level for part in profile.measures for held in part.within]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(long(SIZES))


def test_each_measure_is_a_table_of_its_own(profile: Profile) -> None:
    assert levels_of(profile) == list(SIZES)
    for part in profile.measures:
        assert [column.name for column in part.columns] == ["country", "year", "value"]
        assert part.n_rows == len(COUNTRIES) * len(YEARS)
        assert part.measures == ()
    # What the numbers are says whether they may be summed.
    summed = {h.level: p.column("value").additive for p in profile.measures for h in p.within}
    assert summed == {
        "GDP per capita (US$)": False,
        "Population": True,
        "Life expectancy": False,
    }
    assert Profile.from_dict(profile.to_dict()).measures[1].within == profile.measures[1].within


@pytest.mark.parametrize(
    ("sizes", "kind", "value"),
    [
        ({"Rome": 9e3, "Oslo": 2e7}, "city", "value"),  # things differ in size
        ({"mean": 10.0, "median": 11.0}, "statistic", "value"),  # belong into one chart
        ({"a": 9e3, "b": 2e7}, KIND, "price"),  # named by itself
    ],
)
def test_what_is_one_measure(sizes: dict[str, float], kind: str, value: str) -> None:
    assert profile_table(long(sizes, kind, value)).measures == ()


def test_bounds_come_after_what_they_are_of() -> None:
    sizes = {"rate, lower bound": 4.0, "rate": 5.0, "number of cases": 9e4}
    profile = profile_table(long(sizes, "measure"))
    assert levels_of(profile) == ["rate", "number of cases", "rate, lower bound"]


def test_the_fullest_of_many_are_read() -> None:
    sizes = {f"indicator {n}": 10.0**n for n in range(1, 10)}
    table = long(sizes)
    few = pc.and_(pc.equal(table[KIND], "indicator 1"), pc.greater(table["year"], 2002))
    profile = profile_table(table.filter(pc.invert(few)))
    found = levels_of(profile)
    assert len(found) == MAX_PARTS and "indicator 1" not in found
    # Of one that was not read, what is known of the others holds.
    assert profile.of([Held(KIND, "indicator 1")]) is profile.measures[0]
    assert profile.of([Held("year", 2002)]) is profile


def held(design: Design) -> Held | None:
    return next((one for one in design.style.where if one.column == KIND), None)


def test_the_measures_take_turns(profile: Profile) -> None:
    designs = [one.design for one in recommend(profile, 15)]
    first = [held(design) for design in designs[: len(SIZES)]]
    assert [one.level for one in first if one is not None] == list(SIZES)
    for design in designs:
        panels = {e.field for e in design.encodings if e.channel in ("row", "column")}
        assert held(design) is not None or KIND in panels
        of = profile.of(design.style.where)
        assert violations(design.upright(), of) == ()
    assert len({(held(d), d.identity()) for d in designs}) == len(designs)
    told = [(held(design), design.story()) for design in designs]
    again = [at for at, one in enumerate(told) if one in told[:at]]
    assert all(at >= len(set(told)) for at in again)


def test_what_was_shown_does_not_come_again(profile: Profile) -> None:
    shown = [one.design for one in recommend(profile, 6)]
    more = [one.design for one in recommend(profile, 6, shown=shown)]
    assert more
    assert not {(held(d), d.identity()) for d in shown} & {(held(d), d.identity()) for d in more}


def test_intents_hold_for_each_measure(profile: Profile) -> None:
    bars = [one.design for one in recommend(profile, 6, Intent(mark="bar", columns=("country",)))]
    assert len({held(design) for design in bars}) > 1
    assert all(d.mark == "bar" and "country" in d.fields for d in bars)
    by_kind = [one.design for one in recommend(profile, 6, Intent(columns=(KIND,)))]
    assert by_kind and all(KIND in design.fields for design in by_kind)
    with pytest.raises(IntentError):
        recommend(profile, 6, Intent(columns=("price",)))


def test_a_table_of_three_columns_is_drawn_as_it_is_too() -> None:
    table = long(SIZES).filter(pc.equal(long(SIZES)["country"], "Chile"))
    designs = [one.design for one in recommend(profile_table(table.drop_columns("country")), 15)]
    assert held(designs[0]) is None
    assert {held(design) for design in designs} > {None}
