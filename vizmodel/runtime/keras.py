"""Owns running the network on Keras, with TensorFlow or JAX: for a GPU, and for a service."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import Features
from vizmodel.runtime.backends import open_backend
from vizmodel.runtime.buckets import Buckets, Shape
from vizmodel.runtime.protocol import (
    PLAIN,
    Computing,
    Floats,
    Integers,
    Precision,
    StepRequest,
    pointed,
)
from vizmodel.runtime.weights_file import read_weights

Tensor = Any


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """What was read of tables together, as many as a bucket has; tensors of Keras's backend."""

    parts: dict[str, Tensor]
    tables: int
    columns: int


@dataclass(eq=False, slots=True)
class KerasMemory:
    """One table's place among those that were read together, and its columns without filling."""

    read: Read
    at: int
    n_columns: int


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """Keys and values [layers, beams, heads, tokens, E] of tables that go on together."""

    keys: Tensor
    values: Tensor


@dataclass(eq=False, slots=True)
class KerasCache:
    """The beams of one table; keys and values stay where they are computed.

    Parameters
    ----------
    chosen
        float32 [n_beams, n_columns], how often each beam has pointed to each column.
    kept
        Of all tables that went on together last; None before the first token.
    first
        The row in there of this table's first beam.
    length
        Number of tokens so far.
    """

    chosen: Floats
    kept: Kept | None = None
    first: int = 0
    length: int = 0


class KerasRuntime:
    """Runs a `ChartNetwork` on TensorFlow or JAX, on the GPU where there is one.

    Tables are filled up to a few sizes, so that a GPU, or XLA, meets no shape that `warm_up` has
    not prepared; what is filled up is masked and changes no chart. What a step needs of the one
    before stays on the device: up go tokens, down come logits.

    Parameters
    ----------
    config
        Sizes of the network.
    weights
        float32 arrays by their path in the network, as in `weights.npz`; None keeps the network's
        own.
    network
        A network to run; None makes one.
    computing
        In which precision, and whether by XLA.
    buckets
        Sizes that tables are filled up to.
    """

    name = "keras"

    def __init__(
        self,
        config: NetworkConfig,
        weights: dict[str, Floats] | None = None,
        network: Any = None,
        computing: Computing = PLAIN,
        buckets: Buckets | None = None,
    ) -> None:
        self.config = config
        self.backend = open_backend()
        from keras import ops

        from vizmodel.network.model import ChartNetwork, Memory

        self._ops, self._memory, self._buckets = ops, Memory, buckets or Buckets()
        if network is None:
            with _precision(computing.precision):
                network = ChartNetwork(config)
        self.network = network
        if weights is not None:
            load_weights(self.network, weights)
        compiled, xla, read = self.backend.compiled, computing.xla, network.trainable_weights
        self._encode = compiled(self._run_encode, read, xla)
        self._step = compiled(self._run_step, read, xla)
        self._follow = compiled(self._run_follow, (), xla)
        self._select = compiled(self._run_select, (), xla)

    @classmethod
    def open(cls, config: NetworkConfig, path: Path, computing: Computing = PLAIN) -> KerasRuntime:
        """Read the weights from a file."""
        return cls(config, read_weights(path), computing=computing)

    def warm_up(self, tables: int = 1) -> None:
        """Compute once in every shape that so many tables take; more are computed in parts."""
        self._buckets = buckets = self._buckets.up_to(tables)
        with ThreadPoolExecutor(self.backend.threads) as pool:
            sizes = list(product(buckets.tables, buckets.columns))
            reads = dict(
                zip(sizes, pool.map(self._blank_read, *zip(*sizes, strict=True)), strict=True)
            )
            steps = [
                pool.submit(self._warm_step, reads[shape.tables, shape.columns], shape)
                for shape in buckets.shapes()
            ]
            others = [
                pool.submit(self._select, read.parts, np.zeros(fewer, np.int32))
                for read in reads.values()
                for fewer in buckets.tables
                if fewer < read.tables
            ]
            follows = [pool.submit(self._warm_follow, *rows) for rows in buckets.followed()]
            for one in (*steps, *others, *follows):
                one.result()

    def encode(self, features: Features) -> KerasMemory:
        """Read a table."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[Features]) -> list[KerasMemory]:
        """Read tables, those of one bucket together."""
        memories: dict[int, KerasMemory] = {}
        for places in self._buckets.together([one.n_columns for one in features]):
            read = self._read([features[place] for place in places])
            for at, place in enumerate(places):
                memories[place] = KerasMemory(read, at, features[place].n_columns)
        return [memories[place] for place in range(len(features))]

    def start(self, memory: KerasMemory) -> KerasCache:
        """Return the cache of a search that has one beam and no token yet."""
        return KerasCache(np.zeros((1, memory.n_columns), np.float32))

    def step(
        self, memory: KerasMemory, cache: KerasCache, tokens: Integers, parents: Integers
    ) -> Floats:
        """Extend beams by one token each; see `Runtime.step`."""
        return self.step_many([StepRequest(memory, cache, tokens, parents)])[0]

    def step_many(self, requests: Sequence[StepRequest]) -> list[Floats]:
        """Do a step in several tables; those that went on together so far still do."""
        groups: dict[tuple[int, int, int], list[int]] = {}
        turns: Counter[tuple[int, int, int]] = Counter()
        for place, request in enumerate(requests):
            key = id(request.memory.read), id(request.cache.kept)
            # Two searches that begin in one table take turns.
            turn = (*key, request.memory.at)
            groups.setdefault((*key, turns[turn]), []).append(place)
            turns[turn] += 1
        found: dict[int, Floats] = {}
        for places in groups.values():
            stepped = self._stepped([requests[place] for place in places])
            found |= dict(zip(places, stepped, strict=True))
        return [found[place] for place in range(len(requests))]

    def _read(self, features: Sequence[Features]) -> Read:
        """Read tables of one bucket, filled up."""
        width = self._buckets.width(max(one.n_columns for one in features))
        count = self._buckets.shape(len(features), width).tables
        config = self.config
        columns = np.zeros((count, width, config.column_features), np.float32)
        pairs = np.zeros((count, width, width, config.pair_features), np.float32)
        table = np.zeros((count, config.table_features), np.float32)
        mask = np.zeros((count, width), np.float32)
        mask[len(features) :, 0] = 1.0  # a table of no columns would be a softmax over nothing
        for at, one in enumerate(features):
            size = one.n_columns
            columns[at, :size], pairs[at, :size, :size] = one.columns, one.pairs
            table[at], mask[at, :size] = one.table, 1.0
        return Read(self._encode(columns, pairs, table, mask), count, width)

    def _stepped(self, requests: Sequence[StepRequest]) -> list[Floats]:
        """Do a step in tables that are read, and went on, together."""
        read = self._left(requests)
        kept, position = requests[0].cache.kept, requests[0].cache.length
        most = max(len(request.tokens) for request in requests)
        shape = self._buckets.shape(read.tables, read.columns, most, position + 1)
        tokens, rows = np.zeros((2, shape.tables * shape.beams), np.int32)
        chosen = np.zeros((len(tokens), shape.columns), np.float32)
        for memory, cache, newest, parents in requests:
            first = memory.at * shape.beams
            place = slice(first, first + len(newest))
            tokens[place], rows[place] = newest, cache.first + parents
            cache.chosen = pointed(cache.chosen, newest, parents)
            chosen[place, : memory.n_columns] = cache.chosen
        before = self._blank_kept(shape) if kept is None else self._followed(kept, rows, shape)
        at = np.array(position, np.int32)
        scored, *after = self._step(read.parts, tokens, at, before.keys, before.values, chosen)
        kept, logits = Kept(*after), self._ops.convert_to_numpy(scored)
        found = []
        for memory, cache, newest, _ in requests:
            first, end = memory.at * shape.beams, self.config.static_tokens + memory.n_columns
            cache.kept, cache.first, cache.length = kept, first, position + 1
            found.append(logits[first : first + len(newest), :end])
        return found

    def _left(self, requests: Sequence[StepRequest]) -> Read:
        """Return what was read; of the tables that go on alone where a smaller bucket has room."""
        read: Read = requests[0].memory.read
        count = self._buckets.shape(len(requests), read.columns).tables
        if count >= read.tables:
            return read
        places = [request.memory.at for request in requests]
        rows = np.array([*places, *[places[-1]] * (count - len(places))], np.int32)
        fewer = Read(self._select(read.parts, rows), count, read.columns)
        for at, request in enumerate(requests):
            request.memory.read, request.memory.at = fewer, at
        return fewer

    def _followed(self, kept: Kept, rows: Integers, shape: Shape) -> Kept:
        """Return keys and values in the order of the beams that go on, with room for a token."""
        keys, values = self._follow(kept.keys, kept.values, rows)
        more = shape.tokens - keys.shape[3]
        if more > 0:
            widths = [(0, 0), (0, 0), (0, 0), (0, more), (0, 0)]
            keys, values = (self._ops.pad(part, widths) for part in (keys, values))
        return Kept(keys, values)

    def _blank_kept(self, shape: Shape) -> Kept:
        config = self.config
        rows, size = shape.tables * shape.beams, config.width // config.heads
        sizes = (config.decoder_layers, rows, config.heads, shape.tokens, size)
        return Kept(self._ops.zeros(sizes), self._ops.zeros(sizes))

    def _blank_read(self, tables: int, columns: int) -> Read:
        """Read tables that say nothing."""
        config = self.config
        blank = Features(
            np.zeros((columns, config.column_features), np.float32),
            np.zeros((columns, columns, config.pair_features), np.float32),
            np.zeros(config.table_features, np.float32),
        )
        return self._read([blank] * tables)

    def _warm_step(self, read: Read, shape: Shape) -> None:
        kept = self._blank_kept(shape)
        tokens = np.zeros(shape.tables * shape.beams, np.int32)
        chosen = np.zeros((len(tokens), shape.columns), np.float32)
        self._step(read.parts, tokens, np.array(0, np.int32), kept.keys, kept.values, chosen)

    def _warm_follow(self, before: Shape, after: Shape) -> None:
        rows = np.zeros(after.tables * after.beams, np.int32)
        self._followed(self._blank_kept(before), rows, after)

    def _run_encode(self, columns: Tensor, pairs: Tensor, table: Tensor, mask: Tensor) -> Any:
        with _quiet():
            memory, _ = self.network.encode(columns, pairs, table, mask)
        return dict(vars(memory))

    def _run_step(
        self,
        memory: dict[str, Tensor],
        tokens: Tensor,
        position: Tensor,
        keys: Tensor,
        values: Tensor,
        chosen: Tensor,
    ) -> Any:
        """Return logits, and keys and values with those of the newest tokens in their place."""
        ops = self._ops
        with _quiet():
            logits, *newest = self.network.step(
                self._memory(**memory), tokens, position, keys, values, chosen
            )
        here = ops.reshape(ops.arange(ops.shape(keys)[3]) == position, (1, 1, 1, -1, 1))
        parts = zip(newest, (keys, values), strict=True)
        return logits, *(ops.where(here, ops.expand_dims(new, 3), old) for new, old in parts)

    def _run_follow(self, keys: Tensor, values: Tensor, rows: Tensor) -> Any:
        return tuple(self._ops.take(part, rows, axis=1) for part in (keys, values))

    def _run_select(self, memory: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
        # Keys and values of the columns have the layers first.
        axes = {name: 1 if name in ("keys", "values") else 0 for name in memory}
        return {name: self._ops.take(memory[name], rows, axis=axis) for name, axis in axes.items()}


@contextmanager
def _precision(precision: Precision) -> Iterator[None]:
    """Let the layers that are made meanwhile compute in a precision; weights stay float32."""
    import keras

    before = keras.config.dtype_policy()
    if precision != "float32":
        keras.config.set_dtype_policy(f"mixed_{precision}")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Keras's doubts about a softmax over a table's only column."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="You are using a softmax over axis")
        yield


def load_weights(network: Any, weights: dict[str, Floats]) -> None:
    """Put arrays into a network by path.

    Raises
    ------
    ValueError
        Where a path or a shape is missing on one side; names both.
    """
    expected = {weight.path: tuple(weight.shape) for weight in network.trainable_weights}
    received = {path: array.shape for path, array in weights.items()}
    if expected != received:
        differ = sorted(set(expected.items()) ^ set(received.items()))[:4]
        msg = (
            f"the weights do not fit the network: {len(received)} arrays for {len(expected)} "
            f"weights; first differences {differ}"
        )
        raise ValueError(msg)
    for weight in network.trainable_weights:
        weight.assign(weights[weight.path])
