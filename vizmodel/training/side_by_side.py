"""Owns many runs at once on one accelerator: a small network alone leaves most of it idle.

    programs = Programs(learner, arrays_of(pools), n_runs=2)
    side = SideBySide(programs, pools, [Run(...), Run(...)], {"taught": weights})
    losses = side.advance(1e-3)          # each run learns from batches of its own
    nats = side.watch([(size, rows, charts), ...])

For JAX. All examples lie on the accelerator; a step gathers its batch there. A call makes a few
steps on tables of about the same number of columns, compiled once for each of these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from vizmodel.training.batches import Pools, Sampler, take
from vizmodel.training.learner import Learner, pure, values
from vizmodel.training.watching import Watched

#: Steps of one call: more hide the host better, fewer mix the numbers of columns better.
STEPS = 4
#: Calls that may wait on the accelerator; the clock is of little use when there are many.
AHEAD = 3

Arrays = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Run:
    """What one of several runs does otherwise than the others.

    Parameters
    ----------
    name
        Runs of one name differ in what they draw alone.
    start
        Name of the weights that it begins with.
    rate
        Learning rate.
    mix
        Share of each kind of example.
    seed
        Of its draws.
    without
        Part of the families that it never draws, as (which, of how many).
    """

    name: str
    start: str
    rate: float
    mix: Mapping[str, float]
    seed: int
    without: tuple[int, int] | None = None


def arrays_of(pools: Pools) -> Arrays:
    """Copy the pools' arrays to the accelerator."""
    return {size: jax.device_put(pool.arrays) for size, pool in pools.items()}


class Programs:
    """The compiled steps of a number of runs, for any such runs: compiling takes long.

    Parameters
    ----------
    learner
        Its network, optimiser and settings; its variables are left alone.
    arrays
        All examples, on the accelerator.
    n_runs
        How many runs go side by side.
    """

    def __init__(self, learner: Learner, arrays: Arrays, n_runs: int) -> None:
        self.learner, self.arrays, self.n_runs = learner, arrays, n_runs
        self._update = pure(learner.update, learner.variables)
        self._nats = pure(learner.watch, learner.weights)
        self._compiled: dict[tuple[str, int], Any] = {}

    def compile(self, threads: ThreadPoolExecutor) -> list[Future[None]]:
        """Compile everything at once, the largest first."""
        names = ("train", "watch")
        sizes = sorted(self.arrays, reverse=True)
        return [threads.submit(self._compile, name, size) for size in sizes for name in names]

    def train(self, state: Any, size: int, drawn: Any) -> tuple[Any, Any]:
        """Make STEPS steps: return the new state, and the losses [STEPS, runs]."""
        after, nats = self._compiled["train", size](state, self.arrays[size], drawn)
        return after, nats

    def nats(self, weights: Any, watched: Sequence[Watched]) -> npt.NDArray[np.float32]:
        """Return the loss of weights [runs, ...] by watched table: [runs, tables]."""
        full = self.learner.config.tables
        found = []
        for size, rows, charts in watched:
            filled = np.resize(rows, full), np.resize(charts, (full, charts.shape[1]))
            nats = self._compiled["watch", size](weights, self.arrays[size], filled)
            found.append(nats[:, : len(rows)])
        return np.concatenate([np.asarray(nats) for nats in found], axis=1)

    def _compile(self, name: str, size: int) -> None:
        config, variables = self.learner.config, self.learner.variables
        batch = (config.tables,), (config.tables, config.charts)
        if name == "train":
            function = jax.jit(self._train, donate_argnums=0)
            drawn = tuple(_shape((STEPS, self.n_runs, *shape), np.int32) for shape in batch)
            drawn = (*drawn, _shape((STEPS, self.n_runs), np.float32))
        else:
            function, variables = jax.jit(self._watch), self.learner.weights
            drawn = tuple(_shape(shape, np.int32) for shape in batch)
        state = [_shape((self.n_runs, *v.shape), v.value.dtype) for v in variables]
        lowered = function.lower(state, self.arrays[size], drawn)
        self._compiled[name, size] = lowered.compile()

    def _train(self, state: Any, arrays: Mapping[str, Any], drawn: Any) -> tuple[Any, Any]:
        def one_run(before: Any, rows: Any, charts: Any, rate: Any) -> tuple[Any, Any]:
            nats, after = self._update(before, take(arrays, rows, charts), rate)
            return after, nats

        return jax.lax.scan(lambda before, now: jax.vmap(one_run)(before, *now), state, drawn)

    def _watch(self, weights: Any, arrays: Mapping[str, Any], rows: Any) -> Any:
        batch = take(arrays, *rows)
        return jax.vmap(lambda one: self._nats(one, batch)[0])(weights)


def _shape(shape: Sequence[int], kind: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(tuple(shape), kind)  # type: ignore[no-untyped-call]


class SideBySide:
    """Runs that learn side by side.

    Parameters
    ----------
    programs
        Compiled, for as many runs.
    pools
        What the programs have on the accelerator.
    runs
        The runs.
    starts
        Weights by the names that the runs begin with, in the network's order.
    """

    def __init__(
        self,
        programs: Programs,
        pools: Pools,
        runs: Sequence[Run],
        starts: Mapping[str, Sequence[npt.NDArray[Any]]],
    ) -> None:
        learner = programs.learner
        config, n_weights = learner.config, len(learner.weights)
        self.programs, self.runs, self._n_weights = programs, runs, n_weights
        self.samplers = [
            Sampler(pools, config.tables, config.charts, run.seed, run.without) for run in runs
        ]
        weights = [jnp.stack(parts) for parts in zip(*(starts[r.start] for r in runs), strict=True)]
        self.state = [*weights, *map(jnp.copy, weights)]
        seeds = np.array([run.seed for run in runs], np.uint32)
        for value in values(learner.variables[2 * n_weights :]):
            repeated = jnp.repeat(value[None], len(runs), axis=0)
            # Runs differ in what they drop, too.
            random = value.dtype == jnp.uint32
            self.state.append(repeated.at[:, 0].add(seeds) if random else repeated)
        self.step = 0
        self._waiting: list[Any] = []

    @property
    def average(self) -> list[Any]:
        """The moving averages of the weights, [runs, ...] each."""
        return self.state[self._n_weights : 2 * self._n_weights]

    def advance(self, share: float = 1.0) -> Any:
        """Make STEPS steps at a share of each run's rate; return the losses [STEPS, runs]."""
        size = self.samplers[0].draw_size(self.runs[0].mix)
        drawn = [
            [s.draw_rows(r.mix, size) for s, r in zip(self.samplers, self.runs, strict=True)]
            for _ in range(STEPS)
        ]
        rows, charts = (
            np.stack([[one[part] for one in runs] for runs in drawn]) for part in (0, 1)
        )
        rates = np.full((STEPS, 1), share, np.float32) * np.array([r.rate for r in self.runs])
        now = (rows, charts, rates.astype(np.float32))
        self.state, nats = self.programs.train(self.state, size, now)
        self.step += STEPS
        self._waiting.append(nats)
        if len(self._waiting) > AHEAD:
            self._waiting.pop(0).block_until_ready()
        return nats

    def watch(self, watched: Sequence[Watched]) -> npt.NDArray[np.float32]:
        """Return the averaged weights' loss of each run by watched table: [runs, tables]."""
        return self.programs.nats(self.average, watched)
