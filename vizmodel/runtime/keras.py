"""Owns running the network on Keras with TensorFlow: for a GPU, and for a service."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vizmodel.features import Features
from vizmodel.network_config import NetworkConfig
from vizmodel.runtime.protocol import (
    BeamCache,
    CachedRuntime,
    Floats,
    Integers,
    StepRequest,
)


class KerasRuntime(CachedRuntime):
    """Runs a `ChartNetwork` on TensorFlow, on the GPU where there is one.

    Parameters
    ----------
    config
        Sizes of the network.
    weights
        float32 arrays by their path in the network, as in `weights.npz`; None keeps the network's
        own.
    network
        A network to run; None makes one.
    """

    name = "keras"

    def __init__(
        self, config: NetworkConfig, weights: dict[str, Floats] | None = None, network: Any = None
    ) -> None:
        super().__init__(config)
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        import tensorflow as tf

        for device in tf.config.list_physical_devices("GPU"):
            # Kernels share the card: take what is needed, not all there is.
            tf.config.experimental.set_memory_growth(device, True)
        from vizmodel.network import ChartNetwork, Memory

        self._tf, self._memory = tf, Memory
        self.network = network if network is not None else ChartNetwork(config)
        if weights is not None:
            load_weights(self.network, weights)
        self._encode = tf.function(self._run_encode, reduce_retracing=True)
        self._step = tf.function(self._run_step, reduce_retracing=True)

    @classmethod
    def open(cls, config: NetworkConfig, path: Path) -> KerasRuntime:
        """Read the weights from a file."""
        return cls(config, read_weights(path))

    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table."""
        return self.encode_many([features])[0]

    def encode_many(self, features: Sequence[Features]) -> list[dict[str, Any]]:
        """Read tables together, each as wide as the widest; what is added is not looked at."""
        width = max(one.n_columns for one in features)
        added = [width - one.n_columns for one in features]
        columns = [
            np.pad(f.columns, ((0, n), (0, 0))) for f, n in zip(features, added, strict=True)
        ]
        pairs = [
            np.pad(f.pairs, ((0, n), (0, n), (0, 0))) for f, n in zip(features, added, strict=True)
        ]
        mask = [np.arange(width) < one.n_columns for one in features]
        tensor = self._tf.convert_to_tensor
        memory = self._encode(
            tensor(np.stack(columns)),
            tensor(np.stack(pairs)),
            tensor(np.stack([one.table for one in features])),
            tensor(np.stack(mask), dtype="float32"),
        )
        return [
            {name: self._part(name, tensor, at) for name, tensor in memory.items()}
            for at in range(len(features))
        ]

    def advance(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        """Run one step in one table."""
        request = StepRequest(memory, cache, tokens, tokens)
        return self.advance_many([request])[0]

    def advance_many(self, requests: Sequence[StepRequest]) -> list[tuple[Floats, Floats, Floats]]:
        """Run one step in several tables, each with as many beams as the one that has most."""
        tf, most = self._tf, max(len(request.tokens) for request in requests)
        memory = {
            name: tf.concat([r.memory[name] for r in requests], _table_axis(name))
            for name in requests[0].memory
        }
        caches = [request.cache for request in requests]
        out = self._step(
            memory,
            tf.convert_to_tensor(_filled([r.tokens for r in requests], most, 0), dtype="int32"),
            tf.convert_to_tensor(caches[0].length, dtype="int32"),
            tf.convert_to_tensor(_filled([cache.keys for cache in caches], most, 1)),
            tf.convert_to_tensor(_filled([cache.values for cache in caches], most, 1)),
            tf.convert_to_tensor(_filled([cache.chosen for cache in caches], most, 0)),
        )
        logits, keys, values = (part.numpy() for part in out)
        found = []
        for at, request in enumerate(requests):
            beams = slice(at * most, at * most + len(request.tokens))
            found.append((logits[beams], keys[:, beams], values[:, beams]))
        return found

    def _part(self, name: str, whole: Any, at: int) -> Any:
        """Return one table's part of what was read of several."""
        return whole[:, at : at + 1] if _table_axis(name) else whole[at : at + 1]

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


def _filled(parts: Sequence[npt.NDArray[Any]], most: int, axis: int) -> npt.NDArray[Any]:
    """Join arrays along the beams, each filled up with zeros to as many as the most."""
    if len(parts) == 1:
        return parts[0]
    filled = []
    for part in parts:
        widths = [(0, 0)] * part.ndim
        widths[axis] = (0, most - part.shape[axis])
        filled.append(np.pad(part, widths))
    return np.concatenate(filled, axis)


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
