"""Owns running the network on Keras with TensorFlow: for a GPU, and for a service."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from vizmodel.features import Features
from vizmodel.network_config import NetworkConfig
from vizmodel.runtime.buckets import Buckets, Shape
from vizmodel.runtime.protocol import (
    PLAIN,
    BeamCache,
    CachedRuntime,
    Computing,
    Floats,
    Integers,
    Precision,
    StepRequest,
)
from vizmodel.tokens import START


class KerasRuntime(CachedRuntime):
    """Runs a `ChartNetwork` on TensorFlow, on the GPU where there is one.

    Tables are filled up to a few sizes, so that a GPU, or XLA, meets no shape that `warm_up` has
    not prepared; what is filled up is masked and changes no chart.

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
        super().__init__(config)
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        import tensorflow as tf

        for device in tf.config.list_physical_devices("GPU"):
            # Kernels share the card: take what is needed, not all there is.
            tf.config.experimental.set_memory_growth(device, True)
        from vizmodel.network import ChartNetwork, Memory

        self._tf, self._memory, self._buckets = tf, Memory, buckets or Buckets()
        if network is None:
            with _precision(computing.precision):
                network = ChartNetwork(config)
        self.network = network
        if weights is not None:
            load_weights(self.network, weights)
        # Shapes are left open unless XLA needs them: then one trace serves all buckets.
        kept = {"reduce_retracing": not computing.xla, "jit_compile": computing.xla or None}
        self._encode = tf.function(self._run_encode, **kept)
        self._step = tf.function(self._run_step, **kept)

    @classmethod
    def open(cls, config: NetworkConfig, path: Path, computing: Computing = PLAIN) -> KerasRuntime:
        """Read the weights from a file."""
        return cls(config, read_weights(path), computing=computing)

    def warm_up(self, tables: int = 1) -> None:
        """Compute once in every shape that so many tables take; more are computed in parts."""
        self._buckets = self._buckets.up_to(tables)
        for shape in self._buckets.shapes():
            blank = _blank(self.config, shape.columns)
            memories = self.encode_many([blank] * shape.tables)
            tokens = np.full(shape.beams, START, dtype=np.int32)
            cache = _blank_cache(self.config, shape)
            self.advance_many([StepRequest(m, cache, tokens, tokens) for m in memories])

    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[Features]) -> list[dict[str, Any]]:
        """Read tables, those of one bucket together."""
        memories: dict[int, dict[str, Any]] = {}
        for places in self._buckets.together([one.n_columns for one in features]):
            read = self._encode(*self._filled([features[place] for place in places]))
            for at, place in enumerate(places):
                parts = {name: _part(name, whole, at) for name, whole in read.items()}
                memories[place] = {"n_columns": features[place].n_columns, **parts}
        return [memories[place] for place in range(len(features))]

    def start(self, memory: dict[str, Any]) -> BeamCache:
        """Return the cache of a search, as wide as the table is without what was filled up."""
        return BeamCache.empty(self.config, memory["n_columns"])

    def advance(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        """Run one step in one table."""
        request = StepRequest(memory, cache, tokens, tokens)
        return self.advance_many([request])[0]

    def advance_many(self, requests: Sequence[StepRequest]) -> list[tuple[Floats, Floats, Floats]]:
        """Run one step in several tables, those of one bucket together."""
        found: dict[int, tuple[Floats, Floats, Floats]] = {}
        for places in self._buckets.together([r.cache.chosen.shape[1] for r in requests]):
            stepped = self._advanced([requests[place] for place in places])
            found |= dict(zip(places, stepped, strict=True))
        return [found[place] for place in range(len(requests))]

    def _filled(self, features: Sequence[Features]) -> list[Any]:
        """Return tables of one bucket as the network reads them, filled up."""
        width = self._buckets.width(features[0].n_columns)
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
        return [self._tf.convert_to_tensor(part) for part in (columns, pairs, table, mask)]

    def _advanced(self, requests: Sequence[StepRequest]) -> list[tuple[Floats, Floats, Floats]]:
        caches = [request.cache for request in requests]
        most = max(len(request.tokens) for request in requests)
        layers, _, heads, length, size = caches[0].keys.shape
        shape = self._buckets.shape(len(requests), caches[0].chosen.shape[1], most, length)
        tensor, beams = self._tf.convert_to_tensor, shape.tables * shape.beams
        places = [
            slice(at * shape.beams, at * shape.beams + len(request.tokens))
            for at, request in enumerate(requests)
        ]
        tokens = np.zeros(beams, np.int32)
        chosen = np.zeros((beams, shape.columns), np.float32)
        # What is beyond the newest token is not looked at.
        keys = np.zeros((layers, beams, heads, shape.tokens, size), np.float32)
        values = np.zeros_like(keys)
        for place, request, cache in zip(places, requests, caches, strict=True):
            tokens[place], chosen[place, : cache.chosen.shape[1]] = request.tokens, cache.chosen
            keys[:, place, :, :length], values[:, place, :, :length] = cache.keys, cache.values
        memory = self._together([request.memory for request in requests], shape.tables)
        position = tensor(caches[0].length, dtype="int32")
        out = self._step(memory, *map(tensor, (tokens, position, keys, values, chosen)))
        logits, new_keys, new_values = (part.numpy() for part in out)
        ends = [self.config.static_tokens + cache.chosen.shape[1] for cache in caches]
        return [
            (logits[place, :end], new_keys[:, place], new_values[:, place])
            for place, end in zip(places, ends, strict=True)
        ]

    def _together(self, memories: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
        """Join what was read of tables; the last stands in for those that are missing."""
        filled = [*memories, *[memories[-1]] * (count - len(memories))]
        return {
            name: self._tf.concat([memory[name] for memory in filled], _table_axis(name))
            for name in self._memory.__dataclass_fields__
        }

    def _run_encode(self, columns: Any, pairs: Any, table: Any, mask: Any) -> dict[str, Any]:
        with _quiet():
            memory, _ = self.network.encode(columns, pairs, table, mask)
        return dict(vars(memory))

    def _run_step(
        self,
        memory: dict[str, Any],
        tokens: Any,
        position: Any,
        keys: Any,
        values: Any,
        chosen: Any,
    ) -> Any:
        with _quiet():
            return self.network.step(self._memory(**memory), tokens, position, keys, values, chosen)


def _table_axis(name: str) -> int:
    """Return the axis of the tables: keys and values of the columns have the layers first."""
    return 1 if name in ("keys", "values") else 0


def _part(name: str, whole: Any, at: int) -> Any:
    """Return one table's part of what was read of several."""
    return whole[:, at : at + 1] if _table_axis(name) else whole[at : at + 1]


def _blank(config: NetworkConfig, size: int) -> Features:
    """Return a table that says nothing."""
    shapes = ((size, config.column_features), (size, size, config.pair_features))
    columns, pairs = (np.zeros(shape, np.float32) for shape in shapes)
    return Features(columns, pairs, np.zeros(config.table_features, np.float32))


def _blank_cache(config: NetworkConfig, shape: Shape) -> BeamCache:
    """Return a cache that fills a shape."""
    size = config.width // config.heads
    kept = (config.decoder_layers, shape.beams, config.heads, shape.tokens, size)
    chosen = np.zeros((shape.beams, shape.columns), np.float32)
    return BeamCache(np.zeros(kept, np.float32), np.zeros(kept, np.float32), chosen, shape.tokens)


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


def read_weights(path: Path) -> dict[str, Floats]:
    """Read the arrays of a `weights.npz`, by path."""
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


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
