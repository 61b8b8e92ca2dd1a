"""Of trials of settings what came of each is seen first; neither settings nor results add up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from vizmodel.candidates.trial_charts import trial_charts
from vizmodel.grammar import violations
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.layouts.trials import find_trials
from vizmodel.recommend import recommend

N = 80


def _profiled(frame: pd.DataFrame) -> Profile:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return profile_table(apply_casts(table, infer_casts(table)))


def _tracked(setting: str = "params.", result: str = "metrics.val_auc") -> pd.DataFrame:
    drawn = np.random.default_rng(3)
    rate, optimizer = 10 ** drawn.uniform(-5, -1, N), drawn.choice(["adam", "sgd"], N)
    auc = 0.9 - 0.05 * (np.log10(rate) + 3) ** 2 + 0.05 * (optimizer == "adam")
    loss = 1 - auc + drawn.normal(0, 0.02, N)
    settings = {"lr": rate, "optimizer": optimizer, "dropout": drawn.uniform(0, 0.5, N)}
    table = {"run_id": [f"{n:08x}" for n in drawn.integers(0, 2**31, N)], "state": "FINISHED"}
    table |= {"start_time": pd.date_range("2024-01-01", periods=N, freq="37min")}
    table |= {f"{setting}{name}": values for name, values in settings.items()}
    return pd.DataFrame(table | {result: auc + drawn.normal(0, 0.01, N), "val_loss": loss})


@pytest.mark.parametrize(("setting", "result"), [
    ("params.", "metrics.val_auc"), ("config/", "f1"), ("hp_", "val_acc"), ("params_", "value"),
])  # fmt: skip
def test_settings_are_told_by_their_prefix(setting: str, result: str) -> None:
    trials = _profiled(_tracked(setting, result)).trials
    assert trials is not None
    assert trials.settings == tuple(f"{setting}{name}" for name in ("lr", "optimizer", "dropout"))
    assert trials.results[0] == result


def test_the_result_is_seen_against_each_setting() -> None:
    profile = _profiled(_tracked())
    charts = [one.design for one in recommend(profile)[:6]]
    shown = {(d.mark, *d.fields[:2]) for d in charts}
    assert ("boxplot", "params.optimizer", "metrics.val_auc") in shown
    assert ("point", "params.lr", "metrics.val_auc") in shown
    settings = {"params.lr", "params.optimizer", "params.dropout"}
    results = {"metrics.val_auc", "val_loss"}
    assert all(results.intersection(d.fields) for d in charts if settings.intersection(d.fields))


def test_the_strongest_other_setting_is_told_by_colour() -> None:
    profile = _profiled(_tracked())
    found = [design for design, _ in trial_charts(profile)]
    assert not any(violations(design, profile) for design in found)
    painted = {d.fields for d in found if d.encoding("color") is not None}
    assert ("params.lr", "metrics.val_auc", "params.optimizer") in painted


def test_neither_settings_nor_results_add_up() -> None:
    profile = _profiled(_tracked())
    trials = profile.trials
    assert trials is not None
    sizes = [profile.column(n) for n in (*trials.settings, *trials.results)]
    assert not any(column.additive for column in sizes)


def test_trials_are_seen_in_their_order() -> None:
    table = _tracked("params_", "value").drop(columns=["run_id", "start_time"])
    profile = _profiled(pd.DataFrame({"number": range(N), **table}))
    assert profile.trials is not None and profile.trials.order == "number"
    turns = ("point", ("number", "value"))
    assert turns in [(d.mark, d.fields) for d, _ in trial_charts(profile)]


def test_scores_of_data_held_out_come_first() -> None:
    frame = _tracked(result="train_auc").assign(val_auc=np.linspace(0.5, 0.9, N))
    trials = _profiled(frame).trials
    assert trials is not None
    assert trials.results == ("val_auc", "val_loss")


@pytest.mark.parametrize("table", [
    {"alpha": range(9), "gamma": range(9, 0, -1), "value": range(3, 12)},  # names of anything
    {"lr": [0.1 / (n + 1) for n in range(9)], "loss": [9.5 - n for n in range(9)]},  # one setting
    {"epoch": [*range(1, 7)] * 2, "batch_size": [8] * 6 + [16] * 6,
     "dropout": [0.1] * 6 + [0.2] * 6, "val_loss": [1 / (n + 2) for n in range(12)]},  # two courses
])  # fmt: skip
def test_other_tables_have_no_trials(table: dict[str, Iterable[float]]) -> None:
    profile = profile_table(pa.table({name: list(values) for name, values in table.items()}))
    assert find_trials(profile.columns) is None


def test_what_somebody_set_is_not_what_is_asked_about() -> None:
    profile = _profiled(_tracked())
    first = recommend(profile)[0].design
    assert first.encoding("y").field == "metrics.val_auc"
    turned = [one.design for one in recommend(profile)[:8]]
    measured = [d.encoding("y").field for d in turned if d.mark == "point" and d.encoding("y")]
    assert not any(str(name).startswith("params.") for name in measured)
