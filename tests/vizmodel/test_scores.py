"""Scores of one scale are gathered, set side by side, and never added up."""

from __future__ import annotations

import pyarrow as pa
import pytest

from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.tokens import make_design

MODELS = ["Trees", "Boosting", "SVM", "Nearest", "Bayes"]
PLACES = (0.86, 0.88, 0.84, 0.79, 0.74)


def _scored(*names: str, scale: float = 1.0, **beside: list[float]) -> Profile:
    """Return the profile of some scores of models."""
    less = [(name, 0.013 * at) for at, name in enumerate(names)]
    scores = {name: [scale * (p - off * (p > 0.8)) for p in PLACES] for name, off in less}
    return profile_table(pa.table({"model": MODELS, **scores, **beside}))


@pytest.mark.parametrize(("names", "scale"), [
    (("Accuracy", "Precision", "Recall", "F1-Score", "ROC AUC"), 1.0),
    (("Genauigkeit", "Präzision", "Sensitivität", "Spezifität"), 100.0),
    (("test_accuracy", "test_f1_macro", "test_mcc"), 1.0),
    (("exactitude", "précision", "rappel"), 1.0),
])  # fmt: skip
def test_scores_are_one_measure(names: tuple[str, ...], scale: float) -> None:
    profile = _scored(*names, scale=scale, seconds=[3.1, 9.5, 22.0, 0.4, 0.2])
    assert profile.fold is not None
    assert set(profile.fold.columns) == set(names)
    assert profile.fold.pair == ("metric", "score")


def test_scores_stand_side_by_side() -> None:
    support = [90.0, 85.0, 70.0, 30.0, 20.0]
    profile = _scored("accuracy", "precision", "recall", "f1", support=support)
    first = recommend(profile)[0].design
    assert (first.mark, first.fields) == ("bar", ("model", "score", "metric"))
    assert first.style.stack is None and first.side_by_side
    cells = [one.design for one in recommend(profile)[:4] if one.design.mark == "rect"]
    assert [set(design.fields) for design in cells] == [{"model", "metric", "score"}]


def test_scores_do_not_add_up() -> None:
    profile = _scored("accuracy", "precision", "recall")
    assert not any(c.additive for c in profile.columns if c.is_size)
    sums = make_design("bar", profile, ("x", "metric", "category"), ("y", "score", "sum"))
    assert violations(sums, profile)


@pytest.mark.parametrize("names", [
    ("precision", "sensitivity", "weight"),  # of instruments
    ("train_accuracy", "test_accuracy", "f1"),  # on different data
    ("accuracy", "recall", "height"),
])  # fmt: skip
def test_other_numbers_are_no_scores(names: tuple[str, ...]) -> None:
    fold = _scored(*names).fold
    assert fold is None or fold.pair != ("metric", "score")


def test_losses_in_training_and_on_other_data_do_not_add_up() -> None:
    losses = {"train/loss": [3.5, 2.5, 1.5, 1.2], "val/loss": [3.0, 2.0, 1.0, 0.9]}
    profile = profile_table(pa.table({"run": ["a", "b", "c", "d"], **losses}))
    assert not any(profile.column(name).additive for name in losses)
    assert profile.fold is not None and profile.fold.value == "loss"
