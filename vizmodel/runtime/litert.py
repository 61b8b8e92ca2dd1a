"""Owns running the network on LiteRT, the light CPU runtime of TensorFlow models."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import Features
from vizmodel.runtime.protocol import BeamCache, CachedRuntime, Floats, Integers


class LiteRTRuntime(CachedRuntime):
    """Runs `network.tflite`.

    Parameters
    ----------
    config
        Sizes of the network.
    path
        The model file, with the signatures `encode` and `step`.
    threads
        Of one call; the matrices are so small that more than one thread mostly waits.
    """

    name = "litert"

    def __init__(self, config: NetworkConfig, path: Path, threads: int = 1) -> None:
        super().__init__(config)
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_path=str(path), num_threads=threads)
        self._encode = interpreter.get_signature_runner("encode")
        self._step = interpreter.get_signature_runner("step")
        self._greets = True
        # An interpreter holds one set of tensors: two threads must not fill them at once.
        self._lock = threading.Lock()

    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table."""
        with self._lock, _quiet() if self._greets else nullcontext():
            self._greets = False
            memory: dict[str, Any] = self._encode(
                columns=features.columns[None],
                pairs=features.pairs[None],
                table=features.table[None],
            )
        return memory

    def advance(self, memory: dict[str, Any], tokens: Integers, cache: BeamCache) -> Floats:
        """Run one step."""
        # One row of zeros, which it does not look at, before the first token: no empty axis.
        earlier = cache.seen[:-1] if cache.length > 1 else np.zeros_like(cache.seen)
        keys, values = np.ascontiguousarray(earlier.transpose(3, 2, 1, 4, 0, 5))
        with self._lock:
            out = self._step(
                **memory,
                tokens=np.asarray(tokens, dtype=np.int32),
                position=np.array(cache.length - 1, dtype=np.int32),
                keys=keys,
                values=values,
                chosen=cache.chosen,
            )
        # [layers, n_beams, heads, width / heads] each
        for part, found in enumerate((out["new_keys"], out["new_values"])):
            cache.seen[-1, :, :, part] = found.swapaxes(0, 1)
        logits: Floats = out["logits"]
        return logits


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep LiteRT's greeting, which it writes past Python, out of the notebook and the terminal."""
    try:
        kept = os.dup(2)
    except OSError:  # a process without a stderr has nothing to keep quiet
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
