"""Owns running the network in plain numpy: the same weights wherever numpy runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from vizmodel.features import Features
from vizmodel.network_config import NetworkConfig
from vizmodel.runtime.protocol import BeamCache, CachedRuntime, Floats, Integers

_ROOT = "chart_network/"


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
        self._layers = [f"decoder_{i}" for i in range(config.decoder_layers)]
        self._controller = ThreadpoolController()

    @classmethod
    def open(cls, config: NetworkConfig, path: Path) -> NumpyRuntime:
        """Read the weights from a file."""
        with np.load(path) as archive:
            return cls(config, {name: archive[name] for name in archive.files})

    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table."""
        with self._one_thread():
            return self._read(features)

    def advance(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        """Run one step."""
        with self._one_thread():
            return self._run_step(memory, tokens, cache)

    def _one_thread(self) -> AbstractContextManager[Any]:
        # Threads of the linear algebra library wait for each other far longer than they compute on
        # matrices this small: measured 70 CPU-ms a search instead of 300 to 1,700.
        limit: AbstractContextManager[Any] = self._controller.limit(limits=1, user_api="blas")
        return limit

    def _read(self, features: Features) -> dict[str, Any]:
        pairs = features.pairs  # [C, C, P]
        same = np.eye(features.n_columns, dtype=np.float32)[:, :, None]
        relations = np.concatenate([pairs, pairs.transpose(1, 0, 2), same], axis=-1)  # [C, C, R]
        x = np.maximum(self._dense("column_in", features.columns), 0.0)
        x = self._dense("column_mid", x) + self._dense("table_in", features.table)  # [C, D]
        for i in range(self.config.encoder_layers):
            x = self._encoder_block(f"encoder_{i}", x, relations)
        x = self._norm("encoder_norm", x)
        keys = [self._heads(self._dense(f"{layer}/columns/key", x)) for layer in self._layers]
        values = [self._heads(self._dense(f"{layer}/columns/value", x)) for layer in self._layers]
        tokens = [self._weights["static_in/embeddings"], self._dense("column_token", x)]
        scores = [self._weights["static_out/embeddings"], self._dense("column_key", x)]
        return {
            "memory_keys": keys,  # of each layer [H, C, E]
            "memory_values": values,
            "inputs": np.concatenate(tokens),  # [V, D]
            "outputs": np.concatenate(scores),  # [V, D]
            "relations": relations[None],  # [1, C, C, R]
        }

    def _run_step(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        x = memory["inputs"][tokens] + self._weights["order/embeddings"][cache.length]  # [B, D]
        new_keys, new_values = [], []
        for i, layer in enumerate(self._layers):
            x, key, value = self._earlier(f"{layer}/earlier", x, cache, i)
            new_keys.append(key)
            new_values.append(value)
            query = self._heads(self._dense(f"{layer}/columns/query", self._norm_of(layer, x)))
            mixed = self._mix(query, memory["memory_keys"][i], memory["memory_values"][i])
            x = x + self._dense(f"{layer}/columns/out", self._joined(mixed))
            x = self._feed_forward(f"{layer}/feed_forward", x)
        return self._score(x, cache.chosen, memory), np.stack(new_keys), np.stack(new_values)

    def _encoder_block(self, name: str, x: Floats, relations: Floats) -> Floats:
        bias = self._dense(f"{name}/relation", relations).transpose(2, 0, 1)  # [H, C, C]
        normed = self._norm(f"{name}/attention/norm", x)
        query, key, value = (
            self._heads(self._dense(f"{name}/attention/{part}", normed))
            for part in ("query", "key", "value")
        )
        mixed = self._mix(query, key, value, bias)
        x = x + self._dense(f"{name}/attention/out", self._joined(mixed))
        return self._feed_forward(f"{name}/feed_forward", x)

    def _earlier(
        self, name: str, x: Floats, cache: BeamCache, layer: int
    ) -> tuple[Floats, Floats, Floats]:
        """Attend to earlier tokens: [B, D] -> [B, D], new key and value [B, H, E]."""
        normed = self._norm(f"{name}/norm", x)
        shape = (len(x), self.config.heads, -1)
        query, key, value = (
            self._dense(f"{name}/{part}", normed).reshape(shape)
            for part in ("query", "key", "value")
        )
        keys, values = key[:, :, None], value[:, :, None]  # [B, H, 1, E]
        if cache.length:
            keys = np.concatenate([cache.keys[layer], keys], axis=2)
            values = np.concatenate([cache.values[layer], values], axis=2)
        mixed = self._mix(query[:, :, None], keys, values)[:, :, 0]  # [B, H, E]
        return x + self._dense(f"{name}/out", mixed.reshape(len(x), -1)), key, value

    def _score(self, x: Floats, chosen: Floats, memory: dict[str, Any]) -> Floats:
        x = self._norm("decoder_norm", x)
        logits = (x @ memory["outputs"].T) * np.float32(self.config.width**-0.5)  # [B, V]
        relations = memory["relations"][0]  # [C, C, R]
        size = len(relations)
        related = (chosen @ relations.reshape(size, -1)).reshape(len(x), size, -1)  # [B, C, R]
        query = self._dense("relation_query", x)[:, :, None]  # [B, R, 1]
        logits[:, self.config.static_tokens :] += (related @ query)[..., 0]
        return np.asarray(logits, dtype=np.float32)

    def _mix(self, query: Floats, key: Floats, value: Floats, bias: Any = 0.0) -> Floats:
        """[..., H, N, E], [..., H, M, E] twice, bias [..., H, N, M] -> [..., H, N, E]."""
        scale = np.float32(query.shape[-1] ** -0.5)
        scores = (query * scale) @ key.swapaxes(-1, -2) + bias
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed: Floats = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return mixed

    def _heads(self, x: Floats) -> Floats:
        """[N, D] -> [H, N, E]."""
        return x.reshape(len(x), self.config.heads, -1).transpose(1, 0, 2)

    def _joined(self, x: Floats) -> Floats:
        """[H, N, E] -> [N, D]."""
        return x.transpose(1, 0, 2).reshape(x.shape[1], -1)

    def _norm_of(self, layer: str, x: Floats) -> Floats:
        return self._norm(f"{layer}/columns/norm", x)

    def _feed_forward(self, name: str, x: Floats) -> Floats:
        up = np.maximum(self._dense(f"{name}/up", self._norm(f"{name}/norm", x)), 0.0)
        return x + self._dense(f"{name}/down", up)

    def _norm(self, name: str, x: Floats) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(variance + np.float32(1e-5))
        result: Floats = scaled * self._weights[f"{name}/gamma"] + self._weights[f"{name}/beta"]
        return result

    def _dense(self, name: str, x: Floats) -> Floats:
        result: Floats = x @ self._weights[f"{name}/kernel"]
        bias = self._weights.get(f"{name}/bias")
        return result if bias is None else result + bias
