"""Owns what is watched beside training: tables that a run never draws, told apart by width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vizmodel.training.batches import Ints, Pools, fold_of, held_out_rows, watch_rows
from vizmodel.training.learner import FitConfig
from vizmodel.training.shards import Example

Watched = tuple[int, Ints, Ints]  # a pool's size, tables and charts in it

#: Parts of the families; a run that never draws one of them is watched on it.
FOLDS = 4
#: Kinds of examples whose unseen families are watched.
WATCHED = ("person", "wanted")
#: Numbers of columns that are told apart.
WIDTHS = {"1-3": (1, 3), "4-5": (4, 5), "6+": (6, 64)}


@dataclass(frozen=True)
class Watch:
    """Tables that are watched, with what tells them apart, in one order.

    Parameters
    ----------
    batches
        Their rows in the pools.
    columns
        Number of columns of each.
    folds
        Part of the families each is of; -1 for what no run ever draws.
    wanted
        Whether its charts were named before any was drawn; people's are the others.
    """

    batches: Sequence[Watched]
    columns: npt.NDArray[np.int64]
    folds: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.bool_]

    def held_out(self, nats: npt.NDArray[Any]) -> dict[str, float]:
        """Return the mean loss [tables] of what no run ever draws: all, people's by columns."""
        return self._means(nats, self.folds < 0)

    def unseen(self, nats: npt.NDArray[Any]) -> dict[str, float]:
        """Return the same of the others, each by the run [FOLDS, tables] that never draws it."""
        return self._means(nats[self.folds, np.arange(nats.shape[1])], self.folds >= 0)

    def _means(self, nats: npt.NDArray[Any], shown: npt.NDArray[np.bool_]) -> dict[str, float]:
        parts = {"all": shown, "wanted": shown & self.wanted}
        for name, (low, high) in WIDTHS.items():
            parts[name] = shown & ~self.wanted & (self.columns >= low) & (self.columns <= high)
        return {n: round(float(nats[part].mean()), 4) for n, part in parts.items() if part.any()}


def watch_for(pools: Pools, config: FitConfig, unseen: int) -> Watch:
    """Watch what is held out, and about so many others of people and wanted, by their weights."""
    rng = np.random.default_rng(0)
    chances = {size: np.zeros(len(pool.examples)) for size, pool in pools.items()}
    for kind in WATCHED:
        weights = {
            size: np.array([e.weight * (e.kind == kind and not e.held_out) for e in pool.examples])
            for size, pool in pools.items()
        }
        total = sum(float(weight.sum()) for weight in weights.values())
        for size, weight in weights.items():
            chances[size] += unseen * weight / max(total, 1e-9)
    batches: list[Watched] = []
    watched: list[Example] = []
    for size, pool in pools.items():
        drawn = rng.random(len(pool.examples)) < chances[size]
        rows = np.concatenate([held_out_rows(pool), np.flatnonzero(drawn).astype(np.int32)])
        for tables, charts in watch_rows(pool, rows, config.tables, config.charts):
            batches.append((size, tables, charts))
            watched += [pool.examples[i] for i in tables]
    return Watch(
        batches,
        np.array([len(e.columns) for e in watched]),
        np.array([-1 if e.held_out else fold_of(e, FOLDS) for e in watched]),
        np.array([e.kind == "wanted" for e in watched]),
    )
