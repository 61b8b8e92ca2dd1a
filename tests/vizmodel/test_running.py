"""A number that counts weeks or periods row by row is what the others run along, and no measure."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RNG = np.random.default_rng(3)
N = 52


def profile_of(name: str) -> Profile:
    sales = np.cumsum(RNG.normal(size=N)).round(2)
    costs = RNG.normal(50, 9, N).round(2)
    shops = RNG.choice(["north", "south"], N, p=[0.7, 0.3])
    return profile_table(
        pa.table({name: np.arange(1, N + 1), "sales": sales, "costs": costs, "shop": shops})
    )


@pytest.mark.parametrize("name", ["week", "t", "period", "lap", "Time"])
def test_lines_run_along_it(name: str) -> None:
    profile = profile_of(name)
    assert profile.column(name).semantic == "sequence"
    first = recommend(profile, 5)
    assert any(r.design.mark == "line" and name in r.design.fields for r in first)
    for ranked in recommend(profile, 15):
        for encoding in ranked.design.encodings:
            assert encoding.field != name or (encoding.channel, encoding.transform) == (
                "x",
                "value",
            )


@pytest.mark.parametrize("name", ["id", "obs", "record", "number"])
def test_other_running_numbers_are_names_of_rows(name: str) -> None:
    assert profile_of(name).column(name).identifier


def test_a_month_has_no_course() -> None:
    # After December comes January: as a line that is a fall.
    rng, n_rows = np.random.default_rng(5), 50
    years = np.repeat(np.arange(1990, 2015), 2)
    peak, flow = rng.integers(1, 13, n_rows), rng.normal(200, 40, n_rows).round(1)
    gauges = ["Dovey", "Teifi"] * (n_rows // 2)
    table = pa.table({"year": years, "gauge": gauges, "peak_month": peak, "flow_m3s": flow})
    lines = [one.design for one in recommend(profile_table(table), 30) if one.design.mark == "line"]
    along_y = {encoding.field for line in lines if (encoding := line.encoding("y"))}
    assert "flow_m3s" in along_y
    assert "peak_month" not in along_y
