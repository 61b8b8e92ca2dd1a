"""A panel of countries is read without the rows that stand for many of them together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.design import Held
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.worth.pooled import pools_readings

LANDS = ("Chile", "Ghana", "Nepal", "Spain", "Tonga", "South Africa", "Peru", "Laos", "Norway")
LANDS += ("Central African Republic", "North Macedonia", "American Samoa")
WORLD = Held("country", "World", but=True)


def table_of(more: tuple[str, ...], lands: tuple[str, ...] = LANDS, until: int = 2020) -> pa.Table:
    rng = np.random.default_rng(3)
    rows = []
    for at, land in enumerate((*lands, *more)):
        size = 40.0 if land in more else 1.0 + at / 4
        for year in range(2000, until):
            rows.append(
                {
                    "country": land,
                    "year": year,
                    "population": round(size * 1e6 * (1 + (year - 2000) / 90)),
                    "life_expectancy": 60 + at + (year - 2000) / 5 + rng.normal(0, 0.3),
                    "co2_mt": size * rng.lognormal(2, 0.1),
                }
            )
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(table_of(("World",)))


def test_all_charts_leave_out_what_stands_for_all(profile: Profile) -> None:
    (part,) = profile.measures
    assert part.within == (WORLD,) and part.leaves_wholes
    assert part.n_rows == len(LANDS) * 20
    found = recommend(profile, 8)
    assert len(found) == 8
    assert all(WORLD in one.design.style.where for one in found)
    assert Profile.from_dict(profile.to_dict()).measures[0].within == (WORLD,)


def test_charts_of_all_rows_stay_charts_of_all_rows(profile: Profile) -> None:
    (part,) = profile.measures
    assert profile.of((WORLD,)) is part
    assert profile.of((Held("year", 2019), WORLD)) is part
    assert profile.of((Held("country", "Chile"),)) is profile
    assert profile.of(()) is profile


@pytest.mark.parametrize(
    ("more", "left"),
    [
        (("World",), 1),
        (("World", "Europe", "Asia", "High-income countries", "European Union (27)"), 5),
        (("WLD", "Sub-Saharan Africa", "Latin America & Caribbean", "Euro area"), 4),
        # Nothing says that a table has rows of many countries.
        (("Europe", "Asia"), 0),
        ((), 0),
    ],
)
def test_what_many_countries_are_together_is_known_by_name(
    more: tuple[str, ...], left: int
) -> None:
    found = profile_table(table_of(more)).measures
    assert [held.level for part in found for held in part.within] == sorted(more)[:left]


def test_continents_and_the_world_are_what_such_a_table_is_of() -> None:
    parts = ("Africa", "Asia", "Europe", "Oceania", "North America", "South America")
    assert profile_table(table_of((*parts, "World"), ())).measures == ()


def test_years_in_columns_are_gathered_whatever_the_rows() -> None:
    rng = np.random.default_rng(2)
    years = {str(y): rng.uniform(1, 9, len(LANDS) + 1) for y in range(2000, 2012)}
    profile = profile_table(pa.table({"country": [*LANDS, "World"], **years}))
    assert profile.fold is not None and profile.measures == ()


def test_readings_of_other_times_and_things_are_not_pooled() -> None:
    rows = table_of(()).to_pylist()
    for row in rows:
        row["region"] = "south" if row["country"] in LANDS[:6] else "north"
    full = profile_table(pa.Table.from_pylist(rows))
    late = [one for at, one in enumerate(rows) if one["year"] > 2008 or at % 3 == 0]
    gaps = profile_table(pa.Table.from_pylist(late))
    for text, pooled, pooled_with_gaps in (
        ("boxplot x=country:category y=co2_mt:value", True, True),
        ("boxplot x=region:category y=co2_mt:value", False, False),
        ("line x=year:value y=co2_mt:sum", False, True),
        ("line x=year:value y=co2_mt:mean color=region:category", False, True),
        ("line x=year:value y=co2_mt:value color=country:category", False, False),
    ):
        assert pools_readings(design_of(text, full), full) is pooled, text
        assert pools_readings(design_of(text, gaps), gaps) is pooled_with_gaps, text
