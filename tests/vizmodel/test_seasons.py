"""Weeks and months of several years are drawn with the years upon each other."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.season_charts import season_charts
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

_RNG = np.random.default_rng(4)


def weekly(year: str = "YEAR", part: str = "WEEK", parts: int = 52, n_years: int = 5) -> Profile:
    """What was counted in each week of some years, most of it in winter."""
    years = np.repeat(np.arange(2018, 2018 + n_years), parts)
    weeks = np.tile(np.arange(1, parts + 1), n_years)
    cold = 1 + np.cos(weeks / parts * 2 * np.pi)
    cases = _RNG.poisson(40 + 300 * cold**2)
    table = {year: years, part: weeks, "tests": _RNG.poisson(900 + 80 * cold), "cases": cases}
    table |= {"visits": _RNG.poisson(4_000, len(weeks)), "wards": _RNG.poisson(30 + 9 * cold)}
    return profile_table(pa.table(table))


@pytest.mark.parametrize(
    ("year", "part", "parts"), [("YEAR", "WEEK", 52), ("year", "month", 12), ("Jahr", "Monat", 12)]
)
def test_years_lie_upon_each_other(year: str, part: str, parts: int) -> None:
    profile = weekly(year, part, parts)
    found = [design.fields for design, _ in season_charts(profile)]
    assert found and all(fields[0] == part and fields[-1] == year for fields in found)
    drawn = {(one.design.mark, one.design.fields) for one in recommend(profile, 12)}
    assert any(("line", fields) in drawn for fields in found)


def test_many_years_and_other_tables_have_no_such_lines() -> None:
    assert not [*season_charts(weekly(parts=12, part="month", n_years=30))]
    assert not [*season_charts(profile_table(pa.table({"age": range(30), "pay": range(30)})))]
