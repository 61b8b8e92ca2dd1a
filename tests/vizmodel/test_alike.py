"""Which columns repeat what another shows: one measure, taken twice, is drawn once first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vizmodel.alike import like_columns
from vizmodel.profile import profile_table
from vizmodel.recommend import recommend


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


def test_a_table_keeps_its_measures_where_hardly_another_is_left() -> None:
    few = staff().select(["yrs.since.phd", "yrs.service", "salary"])
    assert like_columns(profile_table(few)) == {}


def test_the_second_of_two_like_measures_comes_late() -> None:
    charts = recommend(profile_table(staff()))
    by_pay = [set(one.design.fields) for one in charts if "salary" in one.design.fields]
    places = [at for at, shown in enumerate(by_pay) if shown == {"salary", "yrs.service"}]
    assert {"salary", "yrs.since.phd"} in by_pay[:3]
    assert not places or places[0] >= 3
    assert {"yrs.since.phd", "yrs.service"} in [set(one.design.fields) for one in charts]
