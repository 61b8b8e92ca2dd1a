"""Owns what a runtime is: who runs the network, one table and one token per beam at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from vizmodel.features import Features
from vizmodel.network_config import NetworkConfig
from vizmodel.tokens import N_STATIC

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
Memory = Any
Cache = Any


Precision = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class Computing:
    """How Keras computes; LiteRT and numpy know one way.

    Parameters
    ----------
    precision
        In which layers compute; weights, attention weights and logits are float32.
    xla
        Whether XLA compiles each shape of TensorFlow's; JAX's it always does.
    """

    precision: Precision = "float32"
    xla: bool = False


PLAIN = Computing()


class RuntimeUnavailableError(RuntimeError):
    """No weights were found, or what would run them is not installed."""


class StepRequest(NamedTuple):
    """One table's part of a step: what `Runtime.step` takes."""

    memory: Memory
    cache: Cache
    tokens: Integers
    parents: Integers


@runtime_checkable
class Runtime(Protocol):
    """Runs the network for a search.

    A search reads a table once (`encode`), opens a cache (`start`), then extends all beams by one
    token at a time (`step`).
    """

    @property
    def name(self) -> str:
        """Short name, as `open_runtime` knows it."""
        ...

    def encode(self, features: Features) -> Memory:
        """Read a table; the result is the runtime's own business."""
        ...

    def start(self, memory: Memory) -> Cache:
        """Return the cache of a search that has one beam and no token yet."""
        ...

    def step(self, memory: Memory, cache: Cache, tokens: Integers, parents: Integers) -> Floats:
        """Extend beams by one token each.

        Parameters
        ----------
        memory, cache
            From `encode` and `start`; the cache is changed.
        tokens
            int32 [n_beams], the token that each beam adds.
        parents
            int32 [n_beams], the beam of the step before that each continues; 0 in the first step.

        Returns
        -------
        float32 [n_beams, N_STATIC + n_columns]
            Logits of the token after.
        """
        ...

    def warm_up(self, tables: int = 1) -> None:
        """Prepare for up to so many tables at once, so that none is slower for being the first."""
        ...

    def encode_many(self, features: Sequence[Features]) -> list[Memory]:
        """Read tables, together where that is faster."""
        ...

    def step_many(self, requests: Sequence[StepRequest]) -> list[Floats]:
        """Do a step in tables that were read together and are as far on."""
        ...


@dataclass
class BeamCache:
    """Keys and values of the tokens so far, and the columns pointed to.

    Parameters
    ----------
    keys, values
        float32 [layers, n_beams, heads, max(length, 1), width / heads]; one row of zeros, which
        the network does not look at, before the first token: no runtime has to bear an empty axis.
    chosen
        float32 [n_beams, n_columns], how often each beam has pointed to each column.
    length
        Number of tokens so far.
    """

    keys: Floats
    values: Floats
    chosen: Floats
    length: int = 0

    @classmethod
    def empty(cls, config: NetworkConfig, n_columns: int) -> BeamCache:
        """Return the cache of one beam without tokens."""
        shape = (config.decoder_layers, 1, config.heads, 1, config.width // config.heads)
        zeros = np.zeros(shape, dtype=np.float32)
        return cls(zeros, zeros, np.zeros((1, n_columns), dtype=np.float32))

    def follow(self, tokens: Integers, parents: Integers) -> None:
        """Re-order the beams by their parents and note the columns that new tokens point to."""
        if len(parents) != self.keys.shape[1] or (parents != np.arange(len(parents))).any():
            self.keys = self.keys[:, parents]
            self.values = self.values[:, parents]
        self.chosen = pointed(self.chosen, tokens, parents)

    def append(self, keys: Floats, values: Floats) -> None:
        """Add the newest tokens' keys and values, [layers, n_beams, heads, width / heads]."""
        keys, values = keys[:, :, :, None], values[:, :, :, None]
        if self.length:
            keys = np.concatenate([self.keys, keys], axis=3)
            values = np.concatenate([self.values, values], axis=3)
        self.keys, self.values = keys, values
        self.length += 1


def pointed(chosen: Floats, tokens: Integers, parents: Integers) -> Floats:
    """Return how often each beam has pointed to each column, after one more token."""
    after = chosen[parents]
    beams = np.flatnonzero(tokens >= N_STATIC)
    after[beams, tokens[beams] - N_STATIC] += 1.0
    return after


class CachedRuntime(ABC):
    """A runtime that keeps its beams in a `BeamCache`; a subclass runs the network.

    Parameters
    ----------
    config
        Sizes of the network.
    """

    name: str

    def __init__(self, config: NetworkConfig) -> None:
        self.config = config

    @abstractmethod
    def encode(self, features: Features) -> dict[str, Any]:
        """Read a table; returns at least `relations` [1, C, C, R]."""

    @abstractmethod
    def advance(
        self, memory: dict[str, Any], tokens: Integers, cache: BeamCache
    ) -> tuple[Floats, Floats, Floats]:
        """Return logits [n_beams, V] and the new keys and values, as `BeamCache.append` wants."""

    def warm_up(self, tables: int = 1) -> None:
        """Prepare nothing: a shape that comes for the first time costs no more than later."""
        del tables

    def start(self, memory: dict[str, Any]) -> BeamCache:
        """Return the cache of a search that has one beam and no token yet."""
        return BeamCache.empty(self.config, int(memory["relations"].shape[1]))

    def step(
        self, memory: dict[str, Any], cache: BeamCache, tokens: Integers, parents: Integers
    ) -> Floats:
        """Extend beams by one token each; see `Runtime.step`."""
        return self.step_many([StepRequest(memory, cache, tokens, parents)])[0]

    def encode_many(self, features: Sequence[Features]) -> list[dict[str, Any]]:
        """Read tables, one after the other."""
        return [self.encode(one) for one in features]

    def step_many(self, requests: Sequence[StepRequest]) -> list[Floats]:
        """Do a step in several tables; see `Runtime.step_many`."""
        for request in requests:
            request.cache.follow(request.tokens, request.parents)
        found = self.advance_many(requests)
        for request, (_, keys, values) in zip(requests, found, strict=True):
            request.cache.append(keys, values)
        return [logits for logits, _, _ in found]

    def advance_many(self, requests: Sequence[StepRequest]) -> list[tuple[Floats, Floats, Floats]]:
        """Return for each table what `advance` returns, one after the other."""
        return [self.advance(r.memory, r.tokens, r.cache) for r in requests]
