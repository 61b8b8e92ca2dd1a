"""Numbers of a frame without an index that go on from row to row are drawn along their rows."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

import erp_widget as erp

_RNG = np.random.default_rng(5)
WALK = _RNG.normal(size=(300, 2)).cumsum(axis=0)
LOSS = 2.3 * np.exp(-np.arange(60) / 15) + _RNG.normal(0, 0.02, 60)


@pytest.mark.parametrize(
    "data",
    [
        pd.Series(WALK[:, 0]),
        pd.Series(LOSS, name="loss"),
        pd.Series(WALK[:, 0]).rolling(20).mean(),
        pd.DataFrame({"ecg": np.sin(np.arange(800) / 12)}),
        pd.DataFrame(WALK, columns=["A", "B"]),
        pd.DataFrame({"train_loss": LOSS, "val_loss": LOSS + _RNG.normal(0.1, 0.02, 60)}),
    ],
    ids=["walk", "loss", "rolling", "signal", "two walks", "two losses"],
)
def test_a_line_along_the_rows_comes_first(data: Any) -> None:
    first = erp.recommend(data)[0]
    x = next(e for e in first.design.encodings if e.channel == "x")
    assert (first.mark, x.field, x.transform) == ("line", "index", "value")


def history(epochs: int) -> pd.DataFrame:
    """Return what a training keeps of its metrics: some of them fall all the way."""
    loss = np.exp(-np.arange(epochs) / 9) + 1 / (3 + np.arange(epochs))
    score = 0.95 - np.exp(-np.arange(epochs) / 7) / 2
    names = {"loss": loss, "accuracy": score, "val_loss": loss + 0.1, "val_accuracy": score - 0.05}
    return pd.DataFrame({name: made.round(4) for name, made in names.items()})


@pytest.mark.parametrize("epochs", [5, 12, 40])
def test_metrics_of_a_training_are_lines_along_its_epochs(epochs: int) -> None:
    assert [chart.title for chart in erp.recommend(history(epochs))[:2]] == [
        "loss and val_loss by index",
        "accuracy and val_accuracy by index",
    ]
    named = history(epochs).rename_axis("epoch")
    assert erp.recommend(named)[0].title == "loss and val_loss by epoch"


def test_a_rate_that_decays_is_no_axis_of_metrics() -> None:
    epochs = np.arange(40)
    for rate in (np.where(epochs < 20, 1e-3, 1e-4), 1e-3 * 0.9**epochs):
        rows = history(40).assign(learning_rate=rate)
        assert erp.recommend(rows)[0].title == "loss and val_loss by index"
        named = rows.assign(epoch=epochs)
        assert erp.recommend(named)[0].title == "loss and val_loss by epoch"


@pytest.mark.parametrize(
    "data",
    [
        pd.Series(_RNG.normal(size=300)),
        pd.DataFrame(_RNG.uniform(0.8, 0.9, (5, 2)), columns=["train_score", "test_score"]),
        pd.DataFrame({"height": _RNG.normal(size=90), "weight": _RNG.normal(size=90)}),
        pd.DataFrame({"at": np.linspace(0, 9, 200), "wave": np.sin(np.linspace(0, 9, 200))}),
        pd.DataFrame({"lat": WALK[:, 0], "lon": WALK[:, 1]}),
        pd.DataFrame({"walk": WALK[:, 0], "kind": ["a", "b"] * 150}),
        pd.Series(np.sort(WALK[:, 0])[::-1]),
        pd.Series(WALK[:9, 0]),
        pd.Series(WALK[:, 0], index=np.arange(300) * 7 % 300),
    ],
    ids=[
        "noise",
        "folds",
        "two sizes",
        "an axis",
        "places",
        "groups",
        "sorted",
        "few rows",
        "mixed rows",
    ],
)
def test_rows_of_anything_else_have_no_numbers(data: Any) -> None:
    assert all("index" not in chart.fields for chart in erp.recommend(data))


@pytest.mark.parametrize("data", [pd.Series(WALK[:, 0]), pd.DataFrame(WALK, columns=["A", "B"])])
def test_code_draws_the_same_rows(data: Any) -> None:
    known: dict[str, Any] = {"df": data, "alt": alt}
    exec(erp.recommend(data)[0].code(), known)
    (rows,) = known["chart"].to_dict()["datasets"].values()
    assert [row["index"] for row in rows] == list(range(300))


def test_the_numbers_of_rows_are_never_put_into_bins() -> None:
    gallery = erp.recommend(pd.Series(WALK[:, 0]))
    assert not any(e.bin and e.field == "index" for c in gallery for e in c.design.encodings)


def test_a_file_of_such_rows_is_drawn_alike(tmp_path: Any) -> None:
    path = tmp_path / "walk.csv"
    pd.DataFrame(WALK, columns=["A", "B"]).reset_index().to_csv(path, index=False)
    first = erp.recommend(path)[0]
    assert first.mark == "line" and "index" in first.fields


def test_the_numbers_of_rows_without_a_name_are_called_rows(tmp_path: Any) -> None:
    path = tmp_path / "signal.csv"
    pd.Series(WALK[:, 0], name="signal").to_csv(path)
    first = erp.recommend(path)[0]
    assert first.title == "signal by row"
    assert "row = " in first.reason and "Unnamed" not in first.reason


def test_epochs_in_a_column_are_the_axis_of_metrics() -> None:
    table = {"epoch": range(60), "loss": LOSS, "val_loss": LOSS + _RNG.normal(0.1, 0.02, 60)}
    first = erp.recommend(pd.DataFrame(table))[0]
    assert first.title == "loss and val_loss by epoch"


@pytest.mark.parametrize("columns", [list("ABCD"), range(8), ["north", "south", "east", "west"]])
def test_walks_side_by_side_are_drawn_in_one_chart_first(columns: Any) -> None:
    walks = pd.DataFrame(_RNG.normal(size=(400, len(columns))).cumsum(axis=0), columns=columns)
    first = erp.recommend(walks)[0]
    assert (first.mark, first.design.fields[0]) == ("line", "index")
    assert first.design.style.fold is not None
    assert len(first.design.style.fold.columns) == len(columns)
    dated = walks.set_index(pd.date_range("2020-01-01", periods=400))
    assert erp.recommend(dated)[0].mark == "line"


def test_numbers_without_a_course_have_no_lines() -> None:
    noise = pd.DataFrame(_RNG.normal(size=(300, 4)), columns=list("ABCD"))
    assert all(chart.mark != "line" for chart in erp.recommend(noise))


def test_returns_of_shares_are_one_measure() -> None:
    names = ["SPY", "QQQ", "GLD", "BTC-USD"]
    days = pd.bdate_range("2024-01-01", periods=120, name="Date")
    returns = pd.DataFrame(_RNG.normal(0, 0.01, (120, 4)), columns=names, index=days)
    fold = erp.recommend(returns)[0].design.style.fold
    assert fold is not None and set(fold.columns) == set(names)
