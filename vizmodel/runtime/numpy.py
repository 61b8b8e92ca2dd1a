"""Owns running the network in plain numpy: the same weights wherever numpy runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import Features
from vizmodel.runtime.protocol import BeamCache, CachedRuntime, Floats, Integers
from vizmodel.runtime.weights_file import read_weights
from vizmodel.threads import one_thread

_ROOT = "chart_network/"
#: What is added to a variance, as in training.
_EPSILON = np.float32(1e-5)


class NumpyRuntime(CachedRuntime):
    """Runs `weights.npz`.

    Parameters
    ----------
    config
        Sizes of the network.
    weights
        float32 arrays by their path in the network.
    """

    name = "numpy"

    def __init__(self, config: NetworkConfig, weights: Mapping[str, Floats]) -> None:
        super().__init__(config)
        self._weights = {name.removeprefix(_ROOT): array for name, array in weights.items()}
        self._decoder = [f"decoder_{i}" for i in range(config.decoder_layers)]
        self._layers: dict[tuple[str, ...], tuple[Floats, Floats]] = {}

    @classmethod
    def open(cls, config: NetworkConfig, path: Path) -> NumpyRuntime:
        """Read the weights from a file."""
        return cls(config, read_weights(path))

    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table."""
        with one_thread():
            return self._read(features)

    def advance(self, memory: dict[str, Any], tokens: Integers, cache: BeamCache) -> Floats:
        """Run one step."""
        with one_thread():
            return self._run_step(memory, tokens, cache)

    def _read(self, features: Features) -> dict[str, Any]:
        pairs = features.pairs  # [C, C, P]
        same = np.eye(features.n_columns, dtype=np.float32)[:, :, None]
        relations = np.concatenate([pairs, pairs.transpose(1, 0, 2), same], axis=-1)  # [C, C, R]
        x = np.maximum(self._dense(features.columns, "column_in"), 0.0)
        x = self._dense(x, "column_mid") + self._dense(features.table[None], "table_in")  # [C, D]
        for i in range(self.config.encoder_layers):
            x = self._encoder_block(f"encoder_{i}", x, relations)
        x = self._norm("encoder_norm", x)
        keys = [self._heads(self._dense(x, f"{layer}/columns/key")) for layer in self._decoder]
        values = [self._heads(self._dense(x, f"{layer}/columns/value")) for layer in self._decoder]
        tokens = [self._weights["static_in/embeddings"], self._dense(x, "column_token")]
        scores = [self._weights["static_out/embeddings"], self._dense(x, "column_key")]
        return {
            "memory_keys": keys,  # of each layer [H, C, E]
            "memory_values": values,
            "inputs": np.concatenate(tokens),  # [V, D]
            "outputs": np.concatenate(scores),  # [V, D]
            "relations": relations[None],  # [1, C, C, R]
        }

    def _run_step(self, memory: dict[str, Any], tokens: Integers, cache: BeamCache) -> Floats:
        x = memory["inputs"][tokens] + self._weights["order/embeddings"][cache.length - 1]  # [B, D]
        for i, layer in enumerate(self._decoder):
            x = self._earlier(f"{layer}/earlier", x, cache.seen[:, :, i])
            name = f"{layer}/columns"
            query = self._heads(self._dense(x, f"{name}/query", norm=f"{name}/norm"))
            mixed = self._mix(query, memory["memory_keys"][i], memory["memory_values"][i])
            x = x + self._dense(self._joined(mixed), f"{name}/out")
            x = self._feed_forward(f"{layer}/feed_forward", x)
        return self._score(x, cache.chosen, memory)

    def _encoder_block(self, name: str, x: Floats, relations: Floats) -> Floats:
        bias = self._dense(relations, f"{name}/relation").transpose(2, 0, 1)  # [H, C, C]
        query, key, value = self._own(f"{name}/attention", x).swapaxes(1, 2)
        mixed = self._mix(query, key, value, bias)
        x = x + self._dense(self._joined(mixed), f"{name}/attention/out")
        return self._feed_forward(f"{name}/feed_forward", x)

    def _earlier(self, name: str, x: Floats, seen: Floats) -> Floats:
        """Attend to tokens up to the newest, which is noted: [B, D], [L, B, 2, H, E] -> [B, D]."""
        query, seen[-1, :, 0], seen[-1, :, 1] = self._own(name, x)
        keys, values = seen.transpose(2, 1, 3, 0, 4)  # [B, H, L, E]
        mixed = self._mix(query[:, :, None], keys, values)[:, :, 0]  # [B, H, E]
        return x + self._dense(mixed.reshape(len(x), -1), f"{name}/out")

    def _own(self, name: str, x: Floats) -> Floats:
        """Return queries, keys and values of what attends to itself: [N, D] -> [3, N, H, E]."""
        parts = (f"{name}/query", f"{name}/key", f"{name}/value")
        found = self._dense(x, *parts, norm=f"{name}/norm")
        return found.reshape(len(x), 3, self.config.heads, -1).swapaxes(0, 1)

    def _score(self, x: Floats, chosen: Floats, memory: dict[str, Any]) -> Floats:
        x = self._norm("decoder_norm", x)
        logits = (x @ memory["outputs"].T) * np.float32(self.config.width**-0.5)  # [B, V]
        relations = memory["relations"][0]  # [C, C, R]
        size = len(relations)
        related = (chosen @ relations.reshape(size, -1)).reshape(len(x), size, -1)  # [B, C, R]
        query = self._dense(x, "relation_query")[:, :, None]  # [B, R, 1]
        logits[:, self.config.static_tokens :] += (related @ query)[..., 0]
        return np.asarray(logits, dtype=np.float32)

    def _mix(self, query: Floats, key: Floats, value: Floats, bias: Any = None) -> Floats:
        """[..., H, N, E], [..., H, M, E] twice, bias [..., H, N, M] -> [..., H, N, E]."""
        scores: Any = (query * np.float32(query.shape[-1] ** -0.5)) @ key.swapaxes(-1, -2)
        if bias is not None:
            scores += bias
        # The largest of few is found in an eighth of the time where rows stand side by side.
        peaks = scores.reshape(-1, scores.shape[-1]).T.copy().max(axis=0)
        scores -= peaks.reshape(*scores.shape[:-1], 1)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Floats = scores @ value
        return mixed

    def _heads(self, x: Floats) -> Floats:
        """[N, D] -> [H, N, E]."""
        return x.reshape(len(x), self.config.heads, -1).transpose(1, 0, 2)

    def _joined(self, x: Floats) -> Floats:
        """[H, N, E] -> [N, D]."""
        return x.transpose(1, 0, 2).reshape(x.shape[1], -1)

    def _feed_forward(self, name: str, x: Floats) -> Floats:
        up = self._dense(x, f"{name}/up", norm=f"{name}/norm")
        return x + self._dense(np.maximum(up, 0.0, out=up), f"{name}/down")

    def _norm(self, name: str, x: Floats) -> Floats:
        found: Floats = _normed(x) * self._weights[f"{name}/gamma"] + self._weights[f"{name}/beta"]
        return found

    def _dense(self, x: Floats, *names: str, norm: str | None = None) -> Floats:
        """Return what one or several layers make of x, side by side; of its norm if one is named.

        They are one layer, which has the norm's scales and shifts in it: a step of 64 charts takes
        three quarters of the time that it takes layer by layer.
        """
        if names not in self._layers:
            self._layers[names] = self._layer(names, norm)
        kernel, bias = self._layers[names]
        found: Floats = (x if norm is None else _normed(x)) @ kernel
        found += bias
        return found

    def _layer(self, names: tuple[str, ...], norm: str | None) -> tuple[Floats, Floats]:
        kernels = [self._weights[f"{name}/kernel"] for name in names]
        kernel = np.concatenate(kernels, axis=1)
        nothing = (np.zeros(one.shape[1], dtype=np.float32) for one in kernels)
        biases = [
            self._weights.get(f"{name}/bias", none)
            for name, none in zip(names, nothing, strict=True)
        ]
        bias = np.concatenate(biases)
        if norm is None:
            return kernel, bias
        gamma, beta = self._weights[f"{norm}/gamma"], self._weights[f"{norm}/beta"]
        return gamma[:, None] * kernel, beta @ kernel + bias


def _normed(x: Floats) -> Floats:
    """Return rows of mean 0 and variance 1."""
    share = np.float32(1 / x.shape[-1])
    centred: Any = x - np.add.reduce(x, axis=-1, keepdims=True) * share
    variance = np.vecdot(centred, centred) * share
    centred /= np.sqrt(variance + _EPSILON)[..., None]
    found: Floats = centred
    return found
