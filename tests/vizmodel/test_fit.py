"""Training learns, stops and goes on; what it exports is one network on every runtime."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import asdict

from tests.vizmodel.tiny_corpus import write_corpus
from vizmodel.grammar import Grammar
from vizmodel.network.config import NetworkConfig
from vizmodel.profile import Profile
from vizmodel.runtime import RUNTIMES, open_runtime
from vizmodel.runtime.weights_file import read_weights
from vizmodel.search.beam_search import beam_search
from vizmodel.training.batches import (
    BUCKETS,
    Sampler,
    bucket_of,
    fold_of,
    pad_examples,
    pick_charts,
    shortened,
    take,
)
from vizmodel.training.corpus import read_charts, read_table
from vizmodel.training.examples import person_example
from vizmodel.training.shards import Example, read_examples

TINY = NetworkConfig(width=8, heads=2, encoder_layers=1, decoder_layers=1, dropout=0.0)

MINUTES = 0.02

#: The command itself, with a network of the sizes given.
TRAIN = """
import json, sys
from vizmodel.network.config import NetworkConfig
from vizmodel.training import fit
sizes = json.loads(sys.argv[1])
fit.NetworkConfig = lambda: NetworkConfig(**sizes)
fit.main(sys.argv[2:])
"""


def _run(corpus: Path, work: Path, out: Path, minutes: float, *more: str) -> str:
    folders = ["--corpus", str(corpus), "--work", str(work), "--out", str(out)]
    plan = ["--minutes", str(minutes), "--scale", "0", *more]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, json.dumps(asdict(TINY)), *folders, *plan],
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny corpus."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the run keeps its state in."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def trained(corpus: Path, work: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train for a second from an empty folder; return the weights."""
    out = tmp_path_factory.mktemp("out") / "1"
    printed = _run(corpus, work, out, MINUTES)
    assert "examples" in printed
    assert f"wrote {out}" in printed
    return out


def _trainer(work: Path, **settings: Any) -> Any:
    from vizmodel.training.fit import Trainer
    from vizmodel.training.learner import FitConfig

    return Trainer(replace(FitConfig(), **settings), TINY, work)


class TestTheCommand:
    def test_it_leaves_examples_a_checkpoint_and_weights(self, work: Path, trained: Path) -> None:
        assert (work / "examples" / "done").is_file()
        assert {path.name for path in trained.iterdir()} == {
            "config.json", "weights.npz", "network.tflite", "preferences.json", "taste.npz",
        }  # fmt: skip
        training = json.loads((trained / "config.json").read_text())["training"]
        with np.load(work / "checkpoint.npz") as kept:
            assert training["steps"] == int(kept["step"]) >= 1
            assert float(kept["spent_s"]) >= 60 * MINUTES, "the planned time is spent"
        assert training["minutes"] == MINUTES

    def test_it_goes_on_where_it_stopped(
        self, work: Path, trained: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from vizmodel.training.fit import fit

        with np.load(work / "checkpoint.npz") as kept:
            step, spent_s, first = int(kept["step"]), float(kept["spent_s"]), kept["v0"]
        examples = list(read_examples(work / "examples"))
        same = _trainer(work, minutes=MINUTES)
        assert same.restore()
        assert (same.step, same.progress) == (step, 1.0)
        np.testing.assert_array_equal(np.asarray(same.network.trainable_variables[0]), first)
        fit(same, examples)
        assert same.step == step, "all is spent, nothing is left to do"
        # A run that is given more time is a longer version of the same run.
        longer = _trainer(work, minutes=(spent_s + 0.1) / 60)
        longer.restore()
        assert 0.5 < longer.progress < 1.0
        fit(longer, examples, log_every_s=0.0)
        assert longer.step > step
        with np.load(work / "checkpoint.npz") as kept:
            assert int(kept["step"]) == longer.step
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["step"] for line in lines] == list(range(step + 1, longer.step + 1))
        assert longer.best_loss <= min(line["held_out"] for line in lines) + 1e-3, (
            "the best is kept"
        )
        assert lines[0]["phase"] == "people"
        # The corpus holds a family out, and the log tells how it does.
        assert np.isfinite([(line["loss"], line["held_out"]) for line in lines]).all()

    def test_without_a_checkpoint_it_starts_anew(self, tmp_path: Path) -> None:
        trainer = _trainer(tmp_path)
        assert not trainer.restore()
        assert (trainer.step, trainer.progress) == (0, 0.0)

    def test_every_runtime_opens_the_weights_and_gives_the_same_charts(
        self, trained: Path, random_profile: Callable[..., Profile]
    ) -> None:
        profile = random_profile(5, 6)
        found = [
            beam_search(open_runtime(trained, runtime), profile, Grammar(profile), width=12)
            for runtime in RUNTIMES
        ]
        assert len(found[0]) > 3
        for charts in found[1:]:
            assert [design for design, _ in charts] == [design for design, _ in found[0]]
            np.testing.assert_allclose(
                [score for _, score in charts], [score for _, score in found[0]], atol=1e-3
            )


def _people(corpus: Path) -> list[Example]:
    """Return people's charts of three tables, each table as it is."""
    charts = read_charts(corpus / "charts.jsonl")
    names = ("tables/eco/orders.csv", "tables/eco/wages.csv", "tables/eco/births.csv")
    found = []
    for name in names:
        own = [chart for chart in charts if chart.table == name]
        example = person_example(read_table(corpus / name), own, [], 0, False, 1.0)
        assert example is not None
        found.append(example)
    return found


class TestLearning:
    def test_it_learns_a_few_charts_by_heart(self, corpus: Path, tmp_path: Path) -> None:
        trainer = _trainer(tmp_path, minutes=1e6, learning_rate=0.05, warm_up=0.0)
        batches = []
        for pool in pad_examples(_people(corpus)).values():
            rows = np.arange(len(pool.examples), dtype=np.int32)
            charts = pick_charts(pool, rows, 4, np.random.default_rng(0))
            batches.append(shortened(take(pool.arrays, rows, charts)))
        learned = [[trainer.advance(batch) for batch in batches] for _ in range(100)]
        assert min(learned[0]) > 15
        assert np.min(learned[-10:], axis=0).max() < 2.5
        assert trainer.step == 100 * len(batches)
        # What is kept is the average, which follows behind.
        last = [np.asarray(v) for v in trainer.network.trainable_variables]
        with trainer.with_weights(trainer.average):
            kept = [np.asarray(v) for v in trainer.network.trainable_variables]
        after = [np.asarray(v) for v in trainer.network.trainable_variables]
        for ours, average, value, back in zip(kept, trainer.average, last, after, strict=True):
            np.testing.assert_array_equal(ours, average)
            np.testing.assert_array_equal(value, back)
        assert any(not np.array_equal(ours, value) for ours, value in zip(kept, last, strict=True))

    def test_it_starts_the_same_from_the_same_seed(self, corpus: Path, tmp_path: Path) -> None:
        first, again = (_trainer(tmp_path) for _ in range(2))
        for ours, theirs in zip(
            first.network.trainable_variables, again.network.trainable_variables, strict=True
        ):
            np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))

    def test_the_rate_warms_up_and_falls(self) -> None:
        from vizmodel.training.learner import FitConfig

        config = replace(FitConfig(), warm_up=0.1, learning_rate=1.0)
        rates = [config.rate(progress) for progress in (0.0, 0.05, 0.1, 0.5, 1.0)]
        assert rates[0] < rates[1] < rates[2]
        assert rates[2] > rates[3] > rates[4] == pytest.approx(0.02)

    def test_the_best_weights_are_kept_until_better_ones_come(
        self, corpus: Path, tmp_path: Path
    ) -> None:
        from vizmodel.training.fit import watch_batches

        trainer = _trainer(tmp_path)
        held_out = [replace(example, held_out=True) for example in _people(corpus)]
        batches = watch_batches(pad_examples(held_out), trainer.config)
        first = trainer.average
        best = trainer.watch(batches)
        for average in trainer.learner.average:
            average.assign(average + 1.0)
        assert trainer.watch(batches) > best
        assert trainer.best_loss == best
        np.testing.assert_array_equal(trainer.best[0], first[0])
        trainer.save()
        assert _trainer(tmp_path).best_loss > best
        again = _trainer(tmp_path)
        again.restore()
        assert again.best_loss == best
        np.testing.assert_array_equal(again.best[0], first[0])


class TestBatches:
    def test_what_is_held_out_is_never_drawn(self, corpus: Path) -> None:
        from vizmodel.training.fit import watch_batches
        from vizmodel.training.learner import FitConfig

        people = _people(corpus)
        pools = pad_examples([replace(e, held_out=i == 0) for i, e in enumerate(people)])
        sampler = Sampler(pools, tables=3, charts=6, seed=7)
        assert sum(len(rows) for rows in sampler.rows.values()) == 2
        held = {tuple(tokens.tolist()) for tokens in people[0].tokens}
        for _ in range(30):
            for tokens in sampler.draw({"person": 1.0})["tokens"].reshape(-1, 9):
                assert not any(kept[:9] == tuple(tokens.tolist()) for kept in held)
        (watched,) = watch_batches(pools, FitConfig())
        assert len(watched["columns"]) == 1

    def test_families_are_left_out_as_asked_but_not_the_teachers(self, corpus: Path) -> None:
        people = [replace(e, family=f"family {i}") for i, e in enumerate(_people(corpus))]
        taught = [replace(e, kind="teacher", family="") for e in people]
        folds = [fold_of(example, 2) for example in people]
        assert {0, 1} == {fold_of(replace(people[0], family=str(i)), 2) for i in range(9)}
        pools = pad_examples([*people, *taught])
        for fold in (0, 1):
            sampler = Sampler(pools, tables=3, charts=2, seed=7, without=(fold, 2))
            kinds: dict[str, list[str]] = {"person": [], "teacher": []}
            for (kind, size), rows in sampler.rows.items():
                kinds[kind] += [pools[size].examples[i].family for i in rows]
            drawn = {e.family for e, place in zip(people, folds, strict=True) if place != fold}
            assert set(kinds["person"]) == drawn
            assert len(kinds["teacher"]) == 3

    def test_kinds_are_mixed_as_asked(self, corpus: Path) -> None:
        people = _people(corpus)[1:]
        program = [replace(e, kind="program", table=e.table + 1.0) for e in people]
        sampler = Sampler(pad_examples([*people, *program]), tables=20, charts=6, seed=7)
        marks = people[0].table[0], program[0].table[0]
        drawn = [sampler.draw({"person": 0.9, "program": 0.1})["table"] for _ in range(40)]
        share = np.mean([table[:, 0] == marks[1] for table in drawn])
        assert 0.05 < share < 0.15

    def test_tables_are_padded_and_masked_and_keep_their_charts(self, corpus: Path) -> None:
        examples = _people(corpus)
        pools = pad_examples(examples)
        assert [*pools] == sorted({bucket_of(len(e.columns)) for e in examples})
        for size, pool in pools.items():
            rows = np.arange(len(pool.examples), dtype=np.int32)
            charts = pick_charts(pool, rows, 5, np.random.default_rng(0))
            batch = take(pool.arrays, rows, charts)
            for i, example in enumerate(pool.examples):
                n = len(example.columns)
                assert batch["column_mask"][i].tolist() == [1.0] * n + [0.0] * (size - n)
                for name in ("columns", "pairs"):
                    expected = getattr(example, name).astype(np.float16)
                    np.testing.assert_array_equal(
                        batch[name][i][(slice(n),) * (1 + (name == "pairs"))], expected
                    )
                    assert not batch[name][i, n:].any()
                own = {tuple(tokens) for tokens in example.tokens.tolist()}
                assert {tuple(tokens) for tokens in batch["tokens"][i].tolist()} <= own
        assert [bucket_of(n) for n in (1, 4, 5, 64)] == [4, 4, 8, 64]
        assert tuple(sorted(BUCKETS)) == BUCKETS


def test_it_goes_on_from_finished_weights_and_blends_with_them(trained: Path, work: Path) -> None:
    trainer = _trainer(work, minutes=MINUTES)
    trainer.start_from(trained)
    weights = trainer.network.trainable_variables
    finished = read_weights(trained / "weights.npz")
    for value, variable in zip(trainer.average, weights, strict=True):
        np.testing.assert_array_equal(value, finished[variable.path])
        np.testing.assert_array_equal(np.asarray(variable), finished[variable.path])
    trainer.best = [value + 1.0 for value in trainer.average]
    for value, variable in zip(trainer.blended(trained, 0.25), weights, strict=True):
        np.testing.assert_allclose(value, finished[variable.path] + 0.25, rtol=1e-5, atol=1e-6)
