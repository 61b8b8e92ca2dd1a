"""Training on JAX is training on TensorFlow, and a search by many runs at once ends in weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import asdict

from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import make_features
from vizmodel.profile import Profile
from vizmodel.runtime import open_runtime
from vizmodel.runtime.weights_file import write_weights
from vizmodel.tokens import encode
from vizmodel.training.batches import fold_of, pad_examples, pick_charts, take
from vizmodel.training.shards import Example, write_shard
from vizmodel.training.teacher import teach
from vizmodel.training.watching import FOLDS, watch_for

SIZES = NetworkConfig(width=8, heads=2, encoder_layers=1, decoder_layers=1, dropout=0.0)

#: Compiled as quickly as XLA can: a test runs each program a few times only.
JAX = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_backend_optimization_level=0",
}
#: As on a machine without TensorFlow.
ON_JAX = """
import json, sys
sys.modules["tensorflow"] = None
from dataclasses import replace
from pathlib import Path
import numpy as np
from vizmodel.network.config import NetworkConfig
from vizmodel.training import sweep
from vizmodel.training.learner import FitConfig, Learner, compiled
from vizmodel.training.shards import read_examples

folder, sizes = Path(sys.argv[1]), NetworkConfig(**json.loads(sys.argv[2]))
"""

#: Two updates from given weights, on JAX.
UPDATE = (
    ON_JAX
    + """
learner = Learner(FitConfig(average=0.5), sizes)
with np.load(folder / "given.npz") as given:
    batch = {name: given[name] for name in given.files if not name.startswith("w")}
    for i, weight in enumerate(learner.weights):
        weight.assign(given[f"w{i}"])
        learner.average[i].assign(given[f"w{i}"])
loss, gradients = compiled(learner.gradients, learner.variables)(batch)
update = compiled(learner.update, learner.variables)
for _ in range(2):
    update(batch, np.float32(1e-3))
found = {f"g{i}": np.asarray(g) for i, g in enumerate(gradients)}
found |= {f"a{i}": np.asarray(a) for i, a in enumerate(learner.average)}
np.savez(folder / "found.npz", loss=np.asarray(loss), **found)
"""
)

#: A last stage alone, of settings that are known.
LAST_STAGE = (
    ON_JAX
    + """
sweep.RUNS = 2
config = replace(FitConfig(), tables=8, charts=2, average=0.9)
examples, clock = list(read_examples(folder)), sweep.Clock(60)
last = sweep.Sweep(examples, config, sizes, folder / "out", clock, [folder / "finished.npz"])
last.run((1e-3, 0.3, 0.5), 8)
"""
)

#: A small search; its first stage has as many runs as the last one above, and the same programs.
SEARCH = (
    ON_JAX
    + """
sweep.SETTINGS, sweep.RUNS, sweep.CHECK, sweep.UNSEEN = sweep.SETTINGS[:1], sweep.FOLDS, 8, 30
config = replace(FitConfig(), tables=8, charts=2, average=0.9)
examples = list(read_examples(folder))
clock = sweep.Clock(float(sys.argv[3]))
sweep.Sweep(examples, config, sizes, folder / "out", clock, [folder / "finished.npz"]).run()
"""
)


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Return what runs a program; what one of them compiled, no other compiles again."""
    kept = {
        "JAX_COMPILATION_CACHE_DIR": str(tmp_path_factory.mktemp("compiled")),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
            env={**os.environ, **JAX, **kept},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def examples(random_profile: Callable[..., Profile]) -> list[Example]:
    """Return taught charts of tables of up to four columns; most go for people's."""
    found = []
    for seed in range(48):
        profile = random_profile(seed, n_columns=2 + seed % 3)
        designs = teach(profile, np.random.default_rng(seed), n_charts=4)
        if not designs:
            continue
        features = make_features(profile)
        tokens = np.zeros((len(designs), 18), np.int16)
        for row, design in enumerate(designs):
            chart = encode(design, profile)
            tokens[row, : len(chart)] = chart
        kind = "teacher" if seed % 4 == 0 else "person"
        family = f"family {seed // 2}" if kind == "person" else ""
        held_out = kind == "person" and seed >= 40
        parts = (features.columns, features.pairs, features.table)
        found.append(Example(*parts, tokens, kind, 1.0, held_out, family))
    return found


def test_losses_gradients_and_updates_are_those_of_tensorflow(
    examples: list[Example], on_jax: Callable[..., str], tmp_path: Path
) -> None:
    from vizmodel.training.learner import FitConfig, Learner, compiled

    pool = pad_examples(examples)[4]
    rows = np.arange(6, dtype=np.int32)
    batch = take(pool.arrays, rows, pick_charts(pool, rows, 3, np.random.default_rng(0)))
    learner = Learner(FitConfig(average=0.5), SIZES)
    given = {f"w{i}": np.asarray(weight) for i, weight in enumerate(learner.weights)}
    np.savez(tmp_path / "given.npz", **given, **batch)
    loss, gradients = learner.gradients(batch)
    update = compiled(learner.update, learner.variables)
    for _ in range(2):
        update(batch, np.float32(1e-3))
    on_jax(UPDATE, str(tmp_path), json.dumps(asdict(SIZES)))
    with np.load(tmp_path / "found.npz") as found:
        assert float(loss) == pytest.approx(float(found["loss"]), rel=1e-4)
        for i, (gradient, mean) in enumerate(zip(gradients, learner.average, strict=True)):
            ours = np.asarray(gradient)
            scale = max(np.abs(ours).max(), 1e-3)  # of a bias that softmax undoes it is noise
            np.testing.assert_allclose(found[f"g{i}"] / scale, ours / scale, atol=1e-3)
            assert np.abs(np.asarray(mean) - given[f"w{i}"]).max() > 0, "it has moved"
            np.testing.assert_allclose(found[f"a{i}"], np.asarray(mean), atol=2e-4)


def test_a_search_of_known_settings_has_one_stage(
    examples: list[Example], on_jax: Callable[..., str], tmp_path: Path
) -> None:
    from vizmodel.training.learner import FitConfig, Learner, read_weights, weights_of

    write_shard(examples, tmp_path / "000.npz")
    learner = Learner(FitConfig(), SIZES)
    write_weights(tmp_path / "finished.npz", weights_of(learner.network))
    printed = on_jax(LAST_STAGE, str(tmp_path), json.dumps(asdict(SIZES)))
    stages = [json.loads(line)["stage"] for line in printed.splitlines()]
    assert stages == [
        f"{n}{more}" for n in ("half", "once", "twice") for more in ("", ", averaged")
    ]
    (found,) = (tmp_path / "out").glob("*.npz")
    after = read_weights(learner.network, found, "twice")
    before = [np.asarray(weight) for weight in learner.weights]
    assert any(not np.array_equal(one, two) for one, two in zip(before, after, strict=True))


def test_a_search_ends_in_time_in_weights_that_every_runtime_opens(
    examples: list[Example],
    on_jax: Callable[..., str],
    tmp_path: Path,
    random_profile: Callable[..., Profile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from vizmodel.training import export
    from vizmodel.training.learner import FitConfig, Learner, read_weights, weights_of

    write_shard(examples, tmp_path / "000.npz")
    learner = Learner(FitConfig(), SIZES)
    write_weights(tmp_path / "finished.npz", weights_of(learner.network))
    printed = on_jax(SEARCH, str(tmp_path), json.dumps(asdict(SIZES)), "30")
    out = tmp_path / "out"
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert [json.loads(line) for line in printed.splitlines()] == lines
    stages = list(dict.fromkeys(line["stage"] for line in lines))
    after = [f"{name}{more}" for name in ("half", "once", "twice") for more in ("", ", averaged")]
    assert stages == ["compiled", "taught", "folds", "chosen", *after]
    taught = [
        line["held_out"]["taught_random"]["all"] for line in lines if line["stage"] == "taught"
    ]
    assert taught[-1] < 25, "random weights have more than 30"
    assert {path.stem for path in out.glob("*.npz")} == {
        "taught", "taught_random", "taught_finished", "finished",
    }  # fmt: skip
    once, twice = (
        read_weights(learner.network, out / "taught_random.npz", name) for name in ("once", "twice")
    )
    assert any(not np.array_equal(one, two) for one, two in zip(once, twice, strict=True))
    with pytest.raises(ValueError, match="no weights 'thrice' of this network; it has half, once"):
        read_weights(learner.network, out / "taught_random.npz", "thrice")
    monkeypatch.setattr(export, "NetworkConfig", lambda: SIZES)
    export.main([str(out / "taught_random.npz"), str(tmp_path / "1"), "--snapshot", "twice"])
    features = make_features(random_profile(3, n_columns=4))
    memories: list[Any] = []
    for name in ("numpy", "litert"):
        runtime = open_runtime(tmp_path / "1", name)
        memory = runtime.encode(features)
        tokens = np.ones(2, np.int32)
        memories.append(runtime.step(memory, runtime.start(memory), tokens, np.zeros(2, np.int32)))
    np.testing.assert_allclose(*memories, atol=1e-3)


def test_runs_are_watched_on_the_families_that_they_never_draw(examples: list[Example]) -> None:
    from vizmodel.training.learner import FitConfig

    watch = watch_for(pad_examples(examples), replace(FitConfig(), tables=8), unseen=1_000)
    assert (watch.folds < 0).sum() == sum(e.held_out for e in examples)
    seen = [e for e in examples if e.kind == "person" and not e.held_out]
    assert sorted(watch.folds[watch.folds >= 0]) == sorted(fold_of(e, FOLDS) for e in seen)
    # Run f is right about its own fold alone.
    nats = np.where(watch.folds == np.arange(FOLDS)[:, None], 1.0, 100.0)
    assert watch.unseen(nats) == {"all": 1.0, "1-3": 1.0, "4-5": 1.0}
    assert watch.held_out(watch.columns.astype(float))["4-5"] == 4.0
    named = [replace(e, kind="wanted") if e.kind == "person" else e for e in examples]
    watch = watch_for(pad_examples(named), replace(FitConfig(), tables=8), unseen=1_000)
    assert watch.unseen(nats) == {"all": 1.0, "wanted": 1.0}
