"""Pairs of columns: which are one measure in two states, and the charts that show both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.form.declared import declared, speakable
from vizmodel.grammar.gathering import may_be_piled, stands_side_by_side
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.states import couples
from vizmodel.recommend import recommend
from vizmodel.seen_rows import AGAIN
from vizmodel.tokens import make_design

RNG = np.random.default_rng(12)
N = 24
_REACH = {"mean_ci_lower": -4.0, "mean_ci_upper": 4.0}


def sizes(names: list[str], center: float = 50.0, n: int = N) -> dict[str, Any]:
    return {name: RNG.normal(center, 6, n).round(2) for name in names}


def lands(n: int = N) -> dict[str, Any]:
    return {"land": [f"land {i}" for i in range(n)]}


def epochs(n: int = N) -> dict[str, Any]:
    return {"epoch": [*range(1, n + 1)]}


def days(n: int = N) -> dict[str, Any]:
    first = np.datetime64("2024-01-01", "us")
    return {"day": [first + np.timedelta64(i, "D") for i in range(n)]}


def profile(*parts: dict[str, Any]) -> Profile:
    return profile_table(pa.table({name: made for part in parts for name, made in part.items()}))


def charts(found: Profile, count: int = 5) -> list[tuple[str, set[str]]]:
    return [(one.design.mark, set(one.design.fields)) for one in recommend(found, count)]


STATES = [
    (["Kvinnor", "Män"], "value", ("Kvinnor", "Män")),
    (["hombres", "mujeres"], "value", ("hombres", "mujeres")),
    (["pay, women", "pay, men"], "pay", ("women", "men")),
    (["train_acc", "test_acc"], "acc", ("train", "test")),
    (["loss", "val_loss"], "value", ("loss", "val_loss")),
    (["heap_before_mb", "heap_after_mb"], "heap mb", ("before", "after")),
    (["vorher", "nachher"], "value", ("vorher", "nachher")),
    (["pretest", "posttest"], "value", ("pretest", "posttest")),
    (["observed", "predicted"], "value", ("observed", "predicted")),
    (["budget", "actual"], "value", ("budget", "actual")),
    (["Imports", "Exports"], "value", ("Imports", "Exports")),
    (["births", "deaths"], "value", ("births", "deaths")),
    (["approve", "disapprove"], "value", ("approve", "disapprove")),
    (["vaccinated", "unvaccinated"], "value", ("vaccinated", "unvaccinated")),
    (["Full-time", "Part-time"], "value", ("Full-time", "Part-time")),
    (["home_score", "away_score"], "score", ("home", "away")),
    (["2012", "2022"], "value", ("2012", "2022")),
    (["2014", "2023e"], "value", ("2014", "2023e")),
    (["jobs, 2023", "jobs, 2033"], "jobs", ("2023", "2033")),
    (["Jan-2023", "Jan-2024"], "value", ("Jan-2023", "Jan-2024")),
    (["pain_week0", "pain_week8"], "pain", ("0", "8")),
]


@pytest.mark.parametrize(("names", "value", "labels"), STATES, ids=lambda one: str(one[0]))
def test_one_measure_in_two_states_is_gathered(
    names: list[str], value: str, labels: tuple[str, ...]
) -> None:
    found = profile(lands(), sizes(names)).fold
    assert found is not None
    assert (found.columns, found.value, found.labels) == (tuple(names), value, labels)


@pytest.mark.parametrize(
    "names",
    [
        ["height", "weight"],
        ["price", "quantity"],
        ["income", "outcome"],
        ["q1_before", "q2_after"],
        ["m", "f"],
        ["length", "width"],
        ["mean_lci", "rate_uci"],
        ["male_se", "female_se"],
        ["lat", "lon"],
    ],
    ids=lambda names: names[0],
)
def test_two_measures_are_not(names: list[str]) -> None:
    assert profile(lands(), sizes(names)).fold is None


def test_states_of_other_sizes_units_or_of_a_cross_table_are_not() -> None:
    assert profile(lands(), sizes(["men"]), sizes(["women"], 50_000.0)).fold is None
    marked = sizes(["men"]) | {"women": [f"{value:.1f}%" for value in RNG.normal(50, 9, N)]}
    assert profile(lands(), marked).fold is None
    classes = {"y_true": np.repeat(np.arange(6), 6), "y_pred": np.tile(np.arange(6), 6)}
    assert profile(classes, {"cases": RNG.integers(0, 40, 36)}).fold is None


def test_each_metric_of_a_training_is_a_pair_and_the_loss_comes_first() -> None:
    loss = {
        "loss": np.exp(-np.arange(N) / 6) + 0.1,
        "accuracy": 0.9 - np.exp(-np.arange(N) / 5) / 2,
    }
    noise = RNG.normal(0, 0.01, (2, N))
    held = {f"val_{name}": made * 1.1 + noise[at] for at, (name, made) in enumerate(loss.items())}
    found = profile(epochs(), loss, held)
    assert [fold.columns for fold in found.folds] == [
        ("loss", "val_loss"),
        ("accuracy", "val_accuracy"),
    ]
    first, second = found.folds
    assert charts(found, 2) == [("line", {"epoch", *first.pair}), ("line", {"epoch", *second.pair})]


def test_no_group_parts_a_pair_or_adds_another_measure() -> None:
    names = [f"{kind}_{name}" for kind in ("train", "val") for name in ("loss", "auc", "f1")]
    found = profile(epochs(), sizes(names)).folds
    assert [fold.columns for fold in found] == [
        ("train_loss", "val_loss"),
        ("train_auc", "val_auc"),
        ("train_f1", "val_f1"),
    ]


def test_states_that_are_crossed_are_one_group() -> None:
    names = ["Rural Male", "Rural Female", "Urban Male", "Urban Female"]
    found = profile(lands(), sizes(names)).folds
    assert [fold.columns for fold in found] == [tuple(names)]


def test_a_measure_and_its_average_over_some_days_are_gathered() -> None:
    cases = RNG.poisson(200, N).astype(float)
    smooth = np.convolve(np.pad(cases, 3, mode="reflect"), np.ones(7) / 7, mode="valid")
    for name in ("7-day average", "cases_7d_avg"):
        found = profile(days(), {"cases": cases, name: smooth}).fold
        assert found is not None
        assert found.columns == ("cases", name)
    assert profile(days(), {"cases": cases, "7-day average": smooth * 3}).fold is None


def test_ends_of_a_range_along_a_time_are_a_band_first_then_two_lines() -> None:
    low = 10 * np.sin(np.arange(N) / 4) + RNG.normal(0, 1, N)
    for names in (
        ("min", "max"),
        ("temp_min", "temp_max"),
        ("tmin", "tmax"),
        ("TempMin", "TempMax"),
    ):
        ends = dict(zip(names, (low, low + RNG.uniform(3, 9, N)), strict=True))
        found = profile(days(), ends)
        assert found.fold is not None, names
        assert found.fold.columns == names
        shown = charts(found, 4)
        assert shown[0] == ("area", {"day", *names})
        assert ("line", {"day", *found.fold.pair}) in shown
    # Around an estimate a band tells all.
    bounds = {"estimate": low + 2, "lower": low, "upper": low + 4}
    assert profile(days(), bounds).fold is None
    assert profile(lands(), ends).fold is None, "nothing to run along"


@pytest.mark.parametrize("names", [["women", "men"], ["2012", "2022"]], ids=lambda names: names[0])
def test_states_of_named_rows_are_bars_and_points_beside_each_other(names: list[str]) -> None:
    few = profile(lands(8), sizes(names, n=8))
    assert few.fold is not None
    assert charts(few, 1) == [("bar", {"land", *few.fold.pair})]
    assert ("point", {"land", *few.fold.pair}) in charts(few)


def test_one_state_is_set_against_the_other_where_rows_are_many() -> None:
    before = RNG.normal(60, 9, 200)
    people = {"person": [f"p{i:03}" for i in range(200)], "age": RNG.integers(20, 80, 200)}
    found = profile(people, {"before": before, "after": before - RNG.normal(5, 3, 200)})
    assert found.fold is not None
    assert ("point", {"before", "after"}) in charts(found, 3)
    for one in recommend(found, 15):
        axes = {e.field for e in one.design.encodings if e.channel in ("x", "y")}
        assert {"before", "after"} - axes in (set(), {"before", "after"}) or len(
            {"before", "after"}.intersection(one.design.fields)
        ) < 2, "the one is no colour of the other"


def test_states_of_several_things_in_time_have_a_panel_each() -> None:
    rows = [(land, year) for land in ("DE", "FR", "IT") for year in range(2000, 2020)]
    table = {"land": [land for land, _ in rows], "year": [year for _, year in rows]}
    found = profile(table, sizes(["imports", "exports"], n=60))
    assert found.fold is not None
    assert ("line", {"land", "year", *found.fold.pair}) in charts(found, 3)


def test_two_of_many_measures_stay_two() -> None:
    names = ["mpg_city", "mpg_highway", "price", "weight", "hp", "length", "width"]
    table = profile({"kind": RNG.choice(["a", "b", "c"], 90)}, sizes(names, n=90))
    shown = charts(table, 10)
    gathered = [fields for _, fields in shown if fields & set(table.gathered)]
    assert len(gathered) <= 2


def test_names_of_many_columns_are_read_at_once() -> None:
    names = [f"{kind}_{at}_{end}" for at in range(60) for kind in "ab" for end in ("in", "out")]
    assert len([*couples(names)]) == 120


@pytest.mark.parametrize(
    ("planned", "real"),
    [
        ("Budget 2024", "Actual YTD"),
        ("Presupuesto 2025", "Ejecutado 2025"),
        ("FY24 Plan", "Actual Q3"),
        ("Soll", "Ist 2023"),
        ("Preventivo 2024", "Consuntivo"),
    ],
)
def test_a_budget_is_set_against_what_there_is_to_date(planned: str, real: str) -> None:
    names = [planned, real, "Owner count"]
    assert [{one.first, one.second} for one in couples(names)] == [{planned, real}]


def test_dates_of_two_states_that_go_together_are_not_mixed() -> None:
    names = ["actual 2022", "actual 2023", "plan 2022", "plan 2023"]
    shared = [{one.first, one.second} for one in couples(names)]
    assert shared == [{"actual 2022", "plan 2022"}, {"actual 2023", "plan 2023"}]
    assert [*couples(["men 2012", "women 2022"])] == []


def test_what_was_planned_and_what_came_of_it_are_no_parts() -> None:
    rng = np.random.default_rng(2)
    months = (np.datetime64("2023-01", "M") + np.arange(12)).astype("datetime64[us]")
    sales = {name: rng.integers(100, 200, 12) for name in ("sales_actual", "sales_budget")}
    profile = profile_table(pa.table({"month": months, **sales}))
    assert profile.folds
    assert not any(may_be_piled(profile, fold) for fold in profile.folds)


@pytest.mark.parametrize(
    ("forecast", "other", "gathered"),
    [
        ("Forecast", {}, True),
        ("demand_hat", {}, True),
        ("Prognose", {}, True),
        ("mean", {}, False),  # of what, nobody says
        ("Forecast", {"stock": 55.0}, False),  # of which of two, nobody says
    ],
)
def test_a_forecast_with_bounds_goes_with_what_came(
    forecast: str, other: dict[str, float], gathered: bool
) -> None:
    rng = np.random.default_rng(2)
    months = (np.datetime64("2021-01", "M") + np.arange(24)).astype("datetime64[us]")
    level = rng.uniform(40, 70, 24)
    ends = {"lower": level - 5, forecast: level, "upper": level + 5}
    more = {name: base + rng.uniform(0, 9, 24) for name, base in other.items()}
    table = {"month": months, "sold": level + rng.normal(0, 3, 24), **ends, **more}
    folds = profile_table(pa.table(table)).folds
    assert any(set(fold.columns) == {"sold", forecast} for fold in folds) is gathered
    assert not any({"lower", "upper"} & set(fold.columns) for fold in folds)


@pytest.mark.parametrize(
    ("names", "together"),
    [
        (("Budget", "Actual", "Forecast"), True),
        (("cost_plan", "cost_ly", "cost_actual"), True),
        (("Soll", "Ist", "Vorjahr"), True),
        (("Budget", "Actual", "Headcount"), False),
    ],
)
def test_what_was_planned_came_and_is_expected_is_one_chart(
    names: tuple[str, ...], together: bool
) -> None:
    months = (np.datetime64("2024-01", "M") + np.arange(12)).astype("datetime64[us]")
    level = 90 + 3.0 * np.arange(12) + RNG.normal(0, 3, 12)
    ahead = [None if "ctual" in names[1] and at > 6 else value for at, value in enumerate(level)]
    table = {"Month": months, names[0]: level, names[1]: ahead, names[2]: level - 9}
    profile = profile_table(pa.table(table))
    assert any(set(fold.columns) == set(names) for fold in profile.folds) is together
    assert not any(may_be_piled(profile, fold) for fold in profile.folds)
    if together:
        first = recommend(profile, 1)[0].design
        assert first.mark == "line" and set(profile.folds[0].pair) < set(first.fields)


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (("budget", "actual", "forecast"), "department"),
        (("Plan 2024", "Ist 2024", "Hochrechnung 2024", "Vorjahr"), "Kostenstelle"),
        (("sales_py", "sales_budget", "sales_actual"), "region"),
        (("Presupuesto", "Ejecutado", "Previsto"), "servicio"),
    ],
)
def test_what_was_planned_came_and_is_expected_stands_side_by_side(
    names: tuple[str, ...], label: str
) -> None:
    level = RNG.uniform(50, 400, 6)
    states = {name: (level * RNG.normal(1, 0.05, 6)).round() for name in names}
    profile = profile_table(pa.table({label: [*"ABCDEF"], **states, "places": [*range(9, 3, -1)]}))
    first = recommend(profile, 1)[0].design
    assert (first.mark, set(first.fields)) == ("bar", {label, *profile.folds[0].pair})
    assert set(profile.folds[0].columns) == set(names)
    assert stands_side_by_side(first.upright(), profile)
    assert profile.column(profile.folds[0].key).listed == profile.folds[0].labels


def test_forecasts_of_several_models_are_lines_beside_what_came() -> None:
    days = (np.datetime64("2024-01-01") + np.arange(60)).astype("datetime64[us]")
    came = 50 + 10 * np.sin(np.arange(60) / 8)
    table: dict[str, Any] = {"ds": days, "y": came}
    for model in ("a", "b"):
        level = came + RNG.normal(0, 1.5, 60)
        ends = {f"yhat_{model}_lower": level - 3, f"yhat_{model}_upper": level + 3}
        table |= {f"yhat_{model}": level, **ends}
    profile = profile_table(pa.table(table))
    assert [set(fold.columns) for fold in profile.folds] == [{"y", "yhat_a", "yhat_b"}]
    lines = [one.design for one in recommend(profile, 3) if one.design.mark == "line"]
    assert any({"ds", *profile.folds[0].pair} == set(line.fields) for line in lines)


def test_numbers_that_are_neither_near_a_forecast_nor_before_it_did_not_come_of_it() -> None:
    months = (np.datetime64("2021-01", "M") + np.arange(48)).astype("datetime64[us]")
    warm = 20 + 5 * np.sin(np.arange(48) / 3)
    ends = {"temp_lower": warm - 3, "temp_pred": warm, "temp_upper": warm + 3}
    damp = {"humidity": RNG.normal(60, 5, 48)}
    assert profile_table(pa.table({"date": months, **ends, **damp})).folds == ()
    # What ends where a figure with bounds begins came before it, whatever both are called.
    ahead = np.arange(48) >= 36
    sold = [None if later else value for later, value in zip(ahead, warm, strict=True)]
    mean = [value if later else None for later, value in zip(ahead, warm, strict=True)]
    reach = {name: [None if v is None else v + by for v in mean] for name, by in _REACH.items()}
    profile = profile_table(pa.table({"date": months, "sales": sold, "mean": mean, **reach}))
    assert [set(fold.columns) for fold in profile.folds] == [{"sales", "mean"}]


@pytest.mark.parametrize(
    "beside",
    [
        {},  # of no groups
        {"item1": ["a", "b"] * 30, "item2": ["c", "d"] * 30, "item3": ["e", "f"] * 30},
    ],
)
def test_numbered_things_were_not_measured_again(beside: dict[str, list[str]]) -> None:
    names = [f"{stem}{at}" for stem in ("price", "qty") for at in (1, 2, 3)]
    table = {name: RNG.lognormal(2, 1, 60).round(2) for name in names}
    profile = profile_table(pa.table({**beside, **table}))
    assert not any(fold.key.startswith("repeat") for fold in profile.folds)


def test_quantiles_around_a_middle_go_with_what_came_or_alone() -> None:
    months = (np.datetime64("2021-01", "M") + np.arange(24)).astype("datetime64[us]")
    level = RNG.uniform(40, 70, 24)
    quantiles = {"month": months, "p10": level - 5, "p50": level, "p90": level + 5}
    assert profile_table(pa.table(quantiles)).folds == ()
    both = profile_table(pa.table(quantiles | {"actual": level + RNG.normal(0, 2, 24)}))
    assert [set(fold.columns) for fold in both.folds] == [{"p50", "actual"}]


@pytest.mark.parametrize(
    ("stems", "key"),
    [(("loss", "mood"), "repeat"), (("hb_v", "crp_v"), "visit"), (("x", "y"), None)],
)
def test_several_measures_taken_again_are_gathered_each(
    stems: tuple[str, str], key: str | None
) -> None:
    rng = np.random.default_rng(5)
    arm = rng.choice(["diet", "control"], 60)
    levels = {stem: rng.normal(50 - 30 * at, 4, 60) for at, stem in enumerate(stems)}
    taken = {
        f"{stem}{time}": (level - time * (arm == "diet") + rng.normal(0, 2, 60)).round(1)
        for stem, level in levels.items()
        for time in (1, 2, 3)
    }
    profile = profile_table(pa.table({"arm": arm, **taken}))
    folds = [fold for fold in profile.folds if len(fold.columns) == 3]
    assert [fold.key.removesuffix(AGAIN) for fold in folds] == [key] * (0 if key is None else 2)
    if key is not None:
        first = {frozenset(one.design.fields) for one in recommend(profile, 5)}
        assert all({"arm", *fold.pair} in first for fold in folds)


def test_the_spec_of_one_measure_calls_its_times_by_their_name() -> None:
    taken = {
        f"{stem}{time}": RNG.normal(9, 1, N) for stem in ("loss", "mood") for time in (1, 2, 3)
    }
    profile = profile_table(pa.table({"arm": ["a", "b"] * (N // 2), **taken}))
    first, second = profile.folds[:2]
    assert second.key == first.key + AGAIN
    means = make_design("line", profile, ("x", second.key, "value"), ("y", second.value, "mean"))
    spec = declared(means, profile)
    assert spec["encoding"]["x"]["field"] == "repeat"
    assert spec["transform"][0] == {"fold": list(second.columns), "as": ["repeat", "mood"]}
    # Not where the table has such a column itself.
    own = profile_table(pa.table({"repeat": ["a", "b"] * (N // 2), **taken}))
    fold = own.folds[0]
    assert fold.key != "repeat" and speakable(fold.key, own) == fold.key


def test_deaths_and_their_rate_are_no_two_series() -> None:
    rng = np.random.default_rng(5)
    months = (np.datetime64("2021-01", "M") + np.arange(24)).astype("datetime64[us]")
    deaths = rng.integers(10, 90, 24)
    table = {"month": months, "deaths": deaths, "deaths.rate": deaths * 2.5, "army": 9.0e4 + deaths}
    assert profile_table(pa.table(table)).folds == ()
