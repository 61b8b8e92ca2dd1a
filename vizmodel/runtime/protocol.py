"""Owns what a runtime is: who runs the network, one table and one token per beam at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import Features
from vizmodel.tokens import N_STATIC

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
Memory = Any
Cache = Any


Precision = Literal["float32", "bfloat16", "float16"]


class Computing(Struct, frozen=True):
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


class UnknownRuntimeError(RuntimeUnavailableError, ValueError):
    """There is no runtime of that name."""


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


class BeamCache(Struct):
    """Keys and values of the tokens so far, and the columns pointed to.

    Parameters
    ----------
    seen
        float32 [length, n_beams, layers, 2, heads, width / heads]: token by token, so that beams
        are re-ordered by copying each once. Beside the keys of a layer stand its values.
    chosen
        float32 [n_beams, n_columns], how often each beam has pointed to each column.
    """

    seen: Floats
    chosen: Floats

    @classmethod
    def empty(cls, config: NetworkConfig, n_columns: int) -> BeamCache:
        """Return the cache of one beam without tokens."""
        shape = (0, 1, config.decoder_layers, 2, config.heads, config.width // config.heads)
        return cls(np.zeros(shape, dtype=np.float32), np.zeros((1, n_columns), dtype=np.float32))

    @property
    def length(self) -> int:
        """Return the number of tokens so far, the newest included."""
        return len(self.seen)

    def follow(self, tokens: Integers, parents: Integers) -> None:
        """Re-order the beams by their parents, and make room for their newest tokens.

        The columns that these point to are noted; what the network makes of them is not known yet.
        """
        before, (_, _, *shape) = self.seen, self.seen.shape
        self.seen = np.empty((len(before) + 1, len(parents), *shape), dtype=np.float32)
        # Each place is one of a beam: nothing is clipped, but numpy would copy to check it.
        before.take(parents, axis=1, out=self.seen[:-1], mode="clip")
        self.chosen = pointed(self.chosen, tokens, parents)


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
    def advance(self, memory: dict[str, Any], tokens: Integers, cache: BeamCache) -> Floats:
        """Return logits [n_beams, V], and put the newest tokens' keys and values into the cache."""

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
        return self.advance_many(requests)

    def advance_many(self, requests: Sequence[StepRequest]) -> list[Floats]:
        """Return for each table what `advance` returns, one after the other."""
        return [self.advance(r.memory, r.tokens, r.cache) for r in requests]
