"""Which columns repeat what another shows: one measure, taken twice, is drawn once first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vizmodel.profile import profile_table
from vizmodel.recommend import recommend
from vizmodel.worth.alike import like_columns


def staff(**more: object) -> pa.Table:
    """Return people with two lengths of service that mostly say the same, and what they earn."""
    rng = np.random.default_rng(7)
    since = rng.gamma(4, 5, 240).round()
    service = np.clip(since - rng.exponential(6, 240).round(), 0, None)
    return pa.table(
        {
            "rank": np.where(since > 18, "senior", "junior"),
            "site": rng.choice(["north", "south", "west"], 240),
            "yrs.since.phd": since,
            "yrs.service": service,
            "salary": 40_000 + 900 * since + rng.normal(0, 6_000, 240),
            "publications": rng.poisson(9, 240) + 0.1 * since.round(),
            **more,
        }
    )


def test_one_measure_taken_twice_is_alike_by_its_names() -> None:
    profile = profile_table(staff())
    assert profile.pair("yrs.since.phd", "yrs.service", "abs_spearman") < 0.95
    assert like_columns(profile) == {"yrs.service": "yrs.since.phd"}
    renamed = staff().rename_columns(["rank", "site", "since", "age", "salary", "publications"])
    assert like_columns(profile_table(renamed)) == {}


def test_groups_that_are_nearly_the_same_are_alike() -> None:
    rng = np.random.default_rng(5)
    firm = rng.choice(["Peru", "Chile", "Bolivia", "Ecuador"], 240)
    home = np.where(rng.random(240) < 0.04, rng.choice(firm, 240), firm)
    profile = profile_table(staff(firm=firm, home=home, team=rng.choice(list("abcd"), 240)))
    assert not profile.pair("firm", "home", "determines")
    assert like_columns(profile) == {"yrs.service": "yrs.since.phd", "home": "firm"}
    shown = [set(one.design.fields) for one in recommend(profile, 15)]
    assert {"firm", "home"} not in shown[:10]


def test_a_table_keeps_its_measures_where_hardly_another_is_left() -> None:
    few = staff().select(["yrs.since.phd", "yrs.service", "salary"])
    assert like_columns(profile_table(few)) == {}


def test_the_second_of_two_like_measures_comes_late() -> None:
    charts = recommend(profile_table(staff()))
    by_pay = [set(one.design.fields) for one in charts if "salary" in one.design.fields]
    # Either of the two may tell what is earned, alone or in the colours of ranks.
    lengths = [shown & {"yrs.since.phd", "yrs.service"} for shown in by_pay[:3]]
    assert len({name for names in lengths for name in names}) == 1
    assert {"yrs.since.phd", "yrs.service"} in [set(one.design.fields) for one in charts]


def test_each_measure_of_a_narrow_table_of_places_and_years_has_its_lines() -> None:
    rng = np.random.default_rng(3)
    rows = [(place, year) for place in ("Peru", "Chile", "Ecuador") for year in range(1990, 2018)]
    cover = [60 - 0.4 * (year - 1990) + 4 * len(place) for place, year in rows]
    table = {
        "place": [place for place, _ in rows],
        "year": [year for _, year in rows],
        "value 1": cover,
        "value 2": [one * 0.3 + rng.normal(0, 0.8) for one in cover],
    }
    profile = profile_table(pa.table(table))
    assert 0.8 < profile.pair("value 1", "value 2", "abs_spearman") < 0.95
    assert like_columns(profile) == {}
    lines = [set(o.design.fields) for o in recommend(profile)[:4] if o.design.mark == "line"]
    assert {"place", "year", "value 1"} in lines
    assert {"place", "year", "value 2"} in lines


def test_what_is_told_of_a_few_bands_need_not_be_one_thing() -> None:
    bands = [f"{low} to {low + 9}" for low in range(20, 80, 10)]
    shares = {"default_rate": [0.21, 0.17, 0.14, 0.11, 0.08, 0.06]}
    rates = {
        "int_rate": [17.2, 15.9, 14.0, 12.1, 11.8, 9.9],
        "loans": [410, 520, 610, 540, 380, 190],
    }
    profile = profile_table(pa.table({"income": bands, **shares, **rates}))
    assert "int_rate" not in like_columns(profile) and "default_rate" not in like_columns(profile)
    drawn = [one.design.fields for one in recommend(profile, 5)]
    assert ("income", "default_rate") in drawn and ("income", "int_rate") in drawn
