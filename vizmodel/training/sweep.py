"""Owns a whole search for better weights on an accelerator, against the clock.

    KERAS_BACKEND=jax python -m vizmodel.training.sweep --examples DIR --out DIR
        [--start WEIGHTS.npz ...] [--seconds N] [--setting RATE PEOPLE WANTED --steps N]

Three stages, each of several runs side by side:

1. `taught`: the teacher's charts alone, from random weights and from finished ones (`--start`).
2. `folds`: settings for people's charts, each once for every fourth of the families, which it does
   not see. The setting and the number of steps that are best on unseen families are taken.
3. All families but the held-out ones, from each start, several runs of each. The weights of runs of
   one start are averaged (Wortsman et al. 2022) after half, once and twice that many steps.

With a setting and a number of steps that are known, the third stage alone.

Writes `log.jsonl`, and as soon as there are any `START.npz`: weights as `SNAPSHOT/PATH`, for
`python -m vizmodel.training.export`. What is held out is only looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np
import numpy.typing as npt

from vizmodel.network.config import NetworkConfig
from vizmodel.runtime.weights_file import write_weights
from vizmodel.training.batches import pad_examples
from vizmodel.training.learner import FitConfig, Learner, read_weights
from vizmodel.training.shards import Example, read_examples
from vizmodel.training.side_by_side import STEPS, Programs, Run, SideBySide, arrays_of
from vizmodel.training.watching import FOLDS, watch_for

Weights = list[npt.NDArray[np.float32]]
Setting = tuple[float, float, float]
Floats = npt.NDArray[np.floating[Any]]

#: Learning rate, and what is drawn: the shares of people's charts, and of charts named.
SETTINGS = ((1.2e-3, 0.6, 0.0), (1.2e-3, 0.4, 0.25), (1.2e-3, 0.3, 0.5), (6e-4, 0.4, 0.4))
#: Runs side by side in the second and the third stage.
RUNS = FOLDS * len(SETTINGS)
#: Of the teacher's charts; going on from finished weights, they move them less.
RATES, GOING_ON = {"random": 1.2e-3}, 4e-4
#: Shares of the time: when the first and the second stage end at the latest, and the last step.
TAUGHT, FOLDED, LAST = 0.3, 0.65, 0.93
#: People's examples that are watched in the second stage.
UNSEEN = 1_000
#: Steps between two looks at them.
CHECK = 25 * STEPS
#: Steps in which the learning rate rises when people's charts come.
WARM = 200
#: Of the best number of steps: when weights are written.
SNAPSHOTS = {"half": 0.5, "once": 1.0, "twice": 2.0}


class Clock:
    """Knows how much of the time is spent."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self._began = seconds, time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds that are spent."""
        return time.monotonic() - self._began

    @property
    def share(self) -> float:
        """Share of the time that is spent, 0..1 and more."""
        return self.spent / self.seconds


class Sweep:
    """The stages, what they share, and what they write.

    Parameters
    ----------
    examples
        All of them, with the held-out ones.
    config, sizes
        Settings of the runs, and of their network.
    out
        Folder that is written to; created where it does not exist.
    clock
        Of the whole search.
    starts
        Files of finished weights that some runs go on from; a run is named by its file.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        config: FitConfig,
        sizes: NetworkConfig,
        out: Path,
        clock: Clock,
        starts: Sequence[Path] = (),
    ) -> None:
        self.config, self.out, self.clock = config, out, clock
        self.pools = pad_examples(examples)
        self.learner = Learner(config, sizes)
        self.starts: dict[str, Weights] = {"random": [np.array(w) for w in self.learner.weights]}
        self.starts |= {path.stem: read_weights(self.learner.network, path) for path in starts}
        self.held_out = watch_for(self.pools, config, 0)
        out.mkdir(parents=True, exist_ok=True)

    def run(self, setting: Setting | None = None, steps: int = 0) -> None:
        """Go through the stages; the programs of all are compiled while the first goes on.

        Parameters
        ----------
        setting, steps
            For the third stage alone, where they are known.
        """
        arrays = arrays_of(self.pools)
        if setting is not None:
            many = Programs(self.learner, arrays, RUNS)
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                _wait(many.compile(threads))
            self.finish(many, setting, steps)
            return
        few, many = (Programs(self.learner, arrays, n) for n in (len(self.starts), RUNS))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            first, others = few.compile(threads), many.compile(threads)
            _wait(first)
            self.log(stage="compiled", programs=len(first))
            self.teach(few)
            _wait(others)
        self.log(stage="compiled", programs=len(others))
        self.finish(many, *self.choose(many))

    def log(self, **line: Any) -> None:
        """Write a line to `log.jsonl`, and print it."""
        text = json.dumps({"seconds": round(self.clock.spent, 1), **line})
        with (self.out / "log.jsonl").open("a") as lines:
            lines.write(text + "\n")
        print(text, flush=True)

    def write(self, name: str, snapshots: Mapping[str, Weights]) -> None:
        """Write weights, each as `SNAPSHOT/PATH`."""
        arrays = {
            f"{snapshot}/{weight.path}": np.asarray(value, np.float32)
            for snapshot, weights in snapshots.items()
            for weight, value in zip(self.learner.weights, weights, strict=True)
        }
        temporary = self.out / f"{name}.tmp.npz"
        write_weights(temporary, arrays)
        temporary.rename(self.out / f"{name}.npz")

    def teach(self, programs: Programs) -> None:
        """First stage: add taught weights to the starts."""
        runs = [
            Run(f"taught_{start}", start, RATES.get(start, GOING_ON), {"teacher": 1.0}, seed)
            for seed, start in enumerate(self.starts)
        ]
        side = SideBySide(programs, self.pools, runs, self.starts)
        began = told = self.clock.share
        until = max(TAUGHT, began + 0.1)
        while self.clock.share < until:
            progress = (self.clock.share - began) / (until - began)
            loss = side.advance(self.config.rate(progress) / self.config.learning_rate)
            if self.clock.share > told + 0.02:
                told = self._tell("taught", side, np.asarray(loss))
        self._tell("taught", side, np.asarray(loss))
        self.starts |= {run.name: mean_weights(side, [i]) for i, run in enumerate(runs)}
        self.write("taught", {run.start: self.starts[run.name] for run in runs})

    def choose(self, programs: Programs) -> tuple[Setting, int]:
        """Second stage: return the setting and the number of steps best on unseen families."""
        watch = watch_for(self.pools, self.config, UNSEEN)
        names = [f"rate {r}, people {people}, wanted {wanted}" for r, people, wanted in SETTINGS]
        runs = [
            Run(name, "taught_random", rate, mix_of(people, wanted), 10 + fold, (fold, FOLDS))
            for name, (rate, people, wanted) in zip(names, SETTINGS, strict=True)
            for fold in range(FOLDS)
        ]
        side = SideBySide(programs, self.pools, runs, self.starts)
        found: list[tuple[float, int, int]] = []
        last, until = float("inf"), max(FOLDED, self.clock.share + 0.15)
        while not found or (self.clock.share < until and side.step < last):
            losses = self._until(side, side.step + CHECK)
            by_run = side.watch(watch.batches).reshape(len(SETTINGS), FOLDS, -1)
            for place, loss in enumerate(losses.mean(axis=0).reshape(-1, FOLDS).mean(axis=1)):
                unseen = watch.unseen(by_run[place])
                found.append((unseen["all"], place, side.step))
                about = {"setting": names[place], "step": side.step, "loss": round(float(loss), 3)}
                self.log(stage="folds", **about, unseen=unseen)
            last = 2 * min(found)[2] + 8 * CHECK  # well past the best so far
        nats, place, step = min(found)
        self.log(stage="chosen", setting=names[place], step=step, unseen=nats)
        return SETTINGS[place], step

    def finish(self, programs: Programs, setting: Setting, steps: int) -> None:
        """Third stage: write the averaged weights of each start's runs."""
        rate, people, wanted = setting
        # Random weights are taught first, where there is a first stage.
        starts = [name for name in self.starts if name != "random"] or ["random"]
        names = [starts[i % len(starts)] for i in range(RUNS)]
        runs = [Run(n, n, rate, mix_of(people, wanted), 100 + i) for i, n in enumerate(names)]
        side = SideBySide(programs, self.pools, runs, self.starts)
        written: dict[str, dict[str, Weights]] = {name: {} for name in names}
        for snapshot, share in SNAPSHOTS.items():
            loss = self._until(side, share * steps)
            for name, so_far in written.items():
                alike = [i for i, run in enumerate(runs) if run.name == name]
                so_far[snapshot] = mean_weights(side, alike)
                self.write(name, so_far)
            self._tell(snapshot, side, loss)
            averages = {name: so_far[snapshot] for name, so_far in written.items()}
            self._tell_averages(snapshot, programs, averages)

    def _tell(self, stage: str, side: SideBySide, losses: Floats) -> float:
        """Log the last losses [steps, runs] and what is held out; return the share of time."""
        nats = side.watch(self.held_out.batches)
        names = [run.name for run in side.runs]
        found = {
            name: self.held_out.held_out(nats[[n == name for n in names]].mean(axis=0))
            for name in dict.fromkeys(names)
        }
        loss = [round(float(one), 3) for one in losses.mean(axis=0)]
        self.log(stage=stage, step=side.step, held_out=found, loss=loss)
        return self.clock.share

    def _tell_averages(self, stage: str, programs: Programs, weights: dict[str, Weights]) -> None:
        """Log what is held out for weights that several runs were averaged to."""
        sets = [[*weights.values()][i % len(weights)] for i in range(programs.n_runs)]
        stacked = [np.stack(parts) for parts in zip(*sets, strict=True)]
        nats = programs.nats(stacked, self.held_out.batches)
        found = {
            name: self.held_out.held_out(own) for name, own in zip(weights, nats, strict=False)
        }
        self.log(stage=f"{stage}, averaged", held_out=found)

    def _until(self, side: SideBySide, step: float) -> Floats:
        """Advance to a step, or to the end of the time; return the losses [steps, runs]."""
        losses = [side.advance(min(1.0, (side.step + STEPS) / WARM))]
        while side.step < step and self.clock.share < LAST:
            losses.append(side.advance(min(1.0, (side.step + STEPS) / WARM)))
        return np.concatenate([np.asarray(loss) for loss in losses])


def mix_of(people: float, wanted: float) -> dict[str, float]:
    """Return the share of each kind of example where two are given."""
    return replace(FitConfig(), mix_people=people, mix_wanted=wanted).mix(1.0)


def mean_weights(side: SideBySide, runs: Sequence[int]) -> Weights:
    """Return the mean of some runs' averaged weights."""
    return [np.asarray(weight)[list(runs)].mean(axis=0) for weight in side.average]


def _wait(futures: Sequence[Future[None]]) -> None:
    """Wait for all, and raise what one of them raised."""
    for future in futures:
        future.result()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the examples, search, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True, help="folder of shards")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--start", type=Path, nargs="*", default=[], help="files of weights that runs go on from"
    )
    parser.add_argument("--seconds", type=float, default=400.0)
    parser.add_argument("--setting", type=float, nargs=3, help="rate, people, wanted")
    parser.add_argument("--steps", type=int, default=1_200, help="with --setting")
    parser.add_argument("--tables", type=int, default=64, help="of a step")
    parser.add_argument("--dropout", type=float, default=NetworkConfig.dropout)
    options = parser.parse_args(arguments)
    clock = Clock(options.seconds)
    config = replace(FitConfig(), tables=options.tables)
    sizes = replace(NetworkConfig(), dropout=options.dropout)
    examples = list(read_examples(options.examples))
    setting = None if options.setting is None else tuple(options.setting)
    Sweep(examples, config, sizes, options.out, clock, options.start).run(setting, options.steps)


if __name__ == "__main__":
    main()
