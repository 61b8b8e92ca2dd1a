"""Numbers that are several quantities know what tells these apart; each is drawn by itself."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RNG = np.random.default_rng(17)
N = 240
PATIENTS, DAYS = [i // 6 for i in range(N)], RNG.integers(0, 400, N)
TESTS = ["cholesterol", "pulse", "creatinine"]
CLINICS = [f"clinic {i % 5}" for i in range(N)]


def long(kind: str, levels: list[str], sizes: list[float], value: str = "value") -> Profile:
    at = np.arange(N) % len(levels)
    numbers = np.array(sizes)[at] * RNG.uniform(0.8, 1.2, N)
    table = {
        "patient id": PATIENTS,
        "days": DAYS,
        "clinic": CLINICS,
        kind: [levels[i] for i in at],
        value: numbers.round(2),
    }
    return profile_table(pa.table(table))


@pytest.mark.parametrize("value", ["value", "result", "lab value", "Score", "estimate"])
@pytest.mark.parametrize("kind", ["test", "variable", "parameter_name", "Indicator"])
def test_quantities_of_other_sizes(kind: str, value: str) -> None:
    assert long(kind, TESTS, [200.0, 70.0, 1.0], value).column(value).within == kind


@pytest.mark.parametrize("kind", ["type", "statistic"])
def test_figures_of_other_sorts(kind: str) -> None:
    levels = ["denominator", "observed"]
    assert long(kind, levels, [200.0, 90.0], "score").column("score").within == kind


@pytest.mark.parametrize(
    ("kind", "sizes", "value"),
    [
        ("test", [2.0, 1.0, 0.8], "score"),  # of one scale
        ("species", [200.0, 70.0, 1.0], "value"),  # things differ in size
        ("type", [200.0, 70.0, 1.0], "value"),  # as parts of a sum do
        ("test", [200.0, 70.0, 1.0], "weight"),  # named by itself
    ],
)
def test_one_quantity_of_several_things(kind: str, sizes: list[float], value: str) -> None:
    assert long(kind, TESTS, sizes, value).column(value).within is None


def test_quantities_stay_apart() -> None:
    profile = long("test", TESTS, [200.0, 70.0, 1.0])
    pooled = design_of("bar x=clinic:category y=value:mean", profile)
    assert "units_stay_apart" in violations(pooled, profile)
    apart = design_of("bar x=clinic:category y=value:mean column=test:category", profile)
    assert violations(apart, profile) == ()
    designs = [one.design for one in recommend(profile, 10)]
    about = [design for design in designs if "value" in design.fields]
    assert about
    held = [{one.column for one in design.style.where} for design in about]
    assert all("test" in {*d.fields, *where} for d, where in zip(about, held, strict=True))


def test_panels_of_several_quantities_share_no_scale_with_others() -> None:
    profile = long("test", TESTS, [200.0, 70.0, 1.0])
    boxes = "boxplot x=clinic:category y=value:value column=test:category"
    assert violations(design_of(boxes, profile), profile) == ()
    grid = "tick x=value:value row=test:category column=clinic:category"
    assert "units_stay_apart" in violations(design_of(grid, profile), profile)


@pytest.mark.parametrize("kind", ["Indicator", "Series Name", "variable"])
def test_quantities_with_a_column_for_each_year_have_a_panel_each(kind: str) -> None:
    lands = [*"ABCDEFGH"]
    middles = {"GDP": 4e11, "Population": 5e7, "Life expectancy": 70.0}
    base = np.array([m * RNG.uniform(0.7, 1.3) for _ in lands for m in middles.values()])
    years = {str(year): base * 1.02**at for at, year in enumerate(range(2010, 2020))}
    names = {"Country": np.repeat(lands, 3), kind: [*middles] * len(lands)}
    profile = profile_table(pa.table({**names, **years}))
    assert profile.column("value").within == kind and not profile.measures
    pooled = design_of("line x=year:value y=value:mean color=Country:category", profile)
    assert "units_stay_apart" in violations(pooled, profile)
    first = recommend(profile, 1)[0].design
    assert (first.mark, set(first.fields)) == ("line", {"Country", kind, "year", "value"})
    assert any(e.channel in ("row", "column") and e.field == kind for e in first.encodings)


def test_quantities_of_one_land_have_a_panel_each() -> None:
    middles = {"GDP": 4e11, "Population": 5e7, "Life expectancy": 70.0, "CO2": 5.0}
    base = np.array([*middles.values()])
    years = {str(year): base * RNG.normal(1, 0.02, 4) for year in range(2010, 2020)}
    profile = profile_table(pa.table({"indicator": [*middles], **years}))
    assert {column.within for column in profile.columns} == {None, "indicator"}
    first = recommend(profile, 1)[0].design
    assert (first.mark, set(first.fields)) == ("line", {"indicator", "year", "value"})
    assert any(e.channel in ("row", "column") for e in first.encodings)
