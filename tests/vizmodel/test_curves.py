"""Tables of curves: numbers that go on within each of some things are an axis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.layouts.panels import Panel
from vizmodel.recommend import recommend

RNG = np.random.default_rng(8)


def _profiled(frame: pd.DataFrame) -> Profile:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return profile_table(apply_casts(table, infer_casts(table)))


def _alarms(*models: str) -> pd.DataFrame:
    """Return the share of hits at shares of false alarms, which each model has of its own."""
    parts = []
    for power, model in enumerate(models, 2):
        alarms = np.sort(np.r_[0, RNG.random(30), 1])
        parts.append({"alarms": alarms, "hits": 1 - (1 - alarms) ** power, "model": model})
    return pd.concat([pd.DataFrame(part) for part in parts])


def _runs(n: int = 60) -> pd.DataFrame:
    steps = np.arange(0, n * 50, 50)
    falling = 3 * np.exp(-steps / 900)
    parts = [
        {"at": steps, "loss": falling + RNG.normal(0, 0.05, n), "rate": 1 / (steps + 9), "run": run}
        for run in ("first", "second", "third", "last")
    ]
    return pd.concat([pd.DataFrame(part) for part in parts])


def _axes(profile: Profile) -> list[str]:
    return [column.name for column in profile.columns if column.axis]


def test_curves_that_share_no_number_run_along_the_first_column() -> None:
    profile = _profiled(_alarms("logit", "forest"))
    assert _axes(profile) == ["alarms"]
    assert profile.column("alarms").evidence == "runs on within each “model”"
    assert profile.panel == Panel("alarms", "model")
    first = recommend(profile)[0].design
    assert (first.mark, first.fields) == ("line", ("alarms", "hits", "model"))


def test_runs_are_drawn_along_the_first_of_what_they_share() -> None:
    profile = _profiled(_runs())
    # The rate falls with the steps, but stands behind them.
    assert _axes(profile) == ["at"]
    assert any(
        (one.design.mark, one.design.fields) == ("line", ("at", "loss", "run"))
        for one in recommend(profile, 3)
    )


def test_two_columns_may_tell_the_curves_apart() -> None:
    parts = [
        {"share": np.linspace(0.1, 1.0, 10).round(2), "model": model, "split": split}
        | {"accuracy": RNG.uniform(0.5, 1.0, 10).round(3)}
        for model in ("net", "tree")
        for split in ("train", "test")
    ]
    profile = _profiled(pd.concat([pd.DataFrame(part) for part in parts]))
    assert _axes(profile) == ["share"]
    assert profile.column("share").evidence == "runs on within each “model” and “split”"
    first = recommend(profile)[0].design
    assert (first.mark, first.fields[:2]) == ("line", ("share", "accuracy"))


@pytest.mark.parametrize(
    "table",
    [
        # The largest towns of each land, in order: rows are things.
        {
            "land": [land for land in "abcd" for _ in range(8)],
            "town": [f"town {i}" for i in range(32)],
            "people": np.sort(RNG.lognormal(11, 1, (4, 8)))[:, ::-1].ravel(),
            "area": RNG.lognormal(4, 1, 32),
        },
        # What has been counted so far: time runs.
        {
            "day": [*pd.date_range("2024-03-01", periods=20)] * 3,
            "land": [land for land in "abc" for _ in range(20)],
            "cases": np.cumsum(RNG.integers(1, 90, (3, 20)), axis=1).ravel(),
            "deaths": RNG.uniform(0, 9, 60),
        },
        # A table in the order of one measure.
        {
            "price": np.sort(RNG.lognormal(3, 1, 90)),
            "kind": RNG.choice(["x", "y"], 90),
            "size": np.sort(RNG.lognormal(3, 1, 90)),
        },
        # Rows in no order.
        {
            "height": RNG.normal(170, 9, 60),
            "weight": RNG.normal(70, 9, 60),
            "sex": ["f", "m"] * 30,
        },
    ],
    ids=["things", "times", "sorted", "mixed"],
)
def test_what_is_in_its_order_for_another_reason_is_no_axis(table: dict[str, object]) -> None:
    assert _axes(_profiled(pd.DataFrame(table))) == []


def test_an_axis_is_neither_binned_nor_summarised_nor_upright() -> None:
    profile = _profiled(_alarms("logit", "forest", "net"))
    for one in recommend(profile):
        on = [e for e in one.design.encodings if e.field == "alarms"]
        assert all(e.channel == "x" and e.transform == "value" for e in on), one.design


def test_lines_along_an_axis_are_told_apart() -> None:
    profile = _profiled(_alarms("logit", "forest"))
    # No share of false alarms comes twice.
    assert profile.column("alarms").n_distinct > 60
    lines = "line x=alarms:value y=hits:value"
    assert "rows_are_told_apart" in violations(design_of(lines, profile), profile)
    assert not violations(design_of(f"{lines} color=model:category", profile), profile)


def test_four_numbers_that_all_share_are_an_axis() -> None:
    sizes = [1_000, 10_000, 100_000, 1_000_000]
    parts = [
        {"library": name, "rows": sizes, "seconds": [n * speed for n in sizes]}
        for name, speed in (("pandas", 1.2e-6), ("polars", 3.1e-7), ("duckdb", 2.2e-7))
    ]
    assert _axes(_profiled(pd.concat([pd.DataFrame(part) for part in parts]))) == ["rows"]


@pytest.mark.parametrize("named", [True, False])
def test_no_line_joins_things_along_what_is_measured_of_them(named: bool) -> None:
    table = {"plan": ["small", "large"], "visits": [512, 601], "rate": [0.05, 0.06]}
    profile = _profiled(pd.DataFrame(table).drop(columns=[] if named else ["plan"]))
    lines = design_of("line x=visits:value y=rate:value", profile)
    assert ("rows_are_told_apart" in violations(lines, profile)) == named


def test_numbers_in_blocks_tell_curves_apart() -> None:
    parts = [
        {"chain": chain, "draw": range(200), "mu": RNG.normal(size=200), "lp": RNG.normal(size=200)}
        for chain in range(4)
    ]
    profile = _profiled(pd.concat([pd.DataFrame(part) for part in parts]))
    assert _axes(profile) == ["draw"]
    assert profile.column("chain").evidence == "tells what “draw” runs for"
    assert profile.column("chain").semantic == "category"


def test_a_table_may_be_one_curve() -> None:
    volume = np.arange(0, 50, 0.5)
    acid = 7 + 4 * np.tanh((volume - 25) / 4) + RNG.normal(0, 0.01, 100)
    profile = _profiled(pd.DataFrame({"volume": volume, "pH": acid}))
    assert _axes(profile) == ["volume"]
    first = recommend(profile)[0].design
    assert (first.mark, first.fields) == ("line", ("volume", "pH"))
    noise = _profiled(pd.DataFrame({"volume": volume, "pH": RNG.permutation(acid)}))
    assert _axes(noise) == []
