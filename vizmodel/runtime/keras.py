"""Owns running the network on Keras with TensorFlow: for a GPU, and for a service."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from vizmodel.features import Features
from vizmodel.network_config import NetworkConfig
from vizmodel.runtime.protocol import BeamCache, CachedRuntime, Floats, Integers


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
        tensor = self._tf.convert_to_tensor
        parts = (features.columns, features.pairs, features.table)
        memory: dict[str, Any] = self._encode(*(tensor(part[None]) for part in parts))
        return memory

    def advance(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        """Run one step."""
        tensor = self._tf.convert_to_tensor
        out = self._step(
            memory,
            tensor(tokens, dtype="int32"),
            tensor(cache.length, dtype="int32"),
            tensor(cache.keys),
            tensor(cache.values),
            tensor(cache.chosen),
        )
        logits, keys, values = (part.numpy() for part in out)
        return logits, keys, values

    def _run_encode(self, columns: Any, pairs: Any, table: Any) -> dict[str, Any]:
        mask = self._tf.ones(self._tf.shape(columns)[:2])
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
