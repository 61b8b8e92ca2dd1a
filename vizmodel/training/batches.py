"""Owns the batches: examples padded to arrays of a few sizes, and which of them a step sees.

    pools = pad_examples(examples)
    batch = Sampler(pools, tables=16, charts=6, seed=7).draw({"person": 0.5, "teacher": 0.5})

A pool's arrays can lie on an accelerator: `take` works on numpy's and on JAX's arrays alike.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vizmodel.tokens import MAX_TOKENS, PAD
from vizmodel.training.shards import Example

Batch = dict[str, Any]
Ints = npt.NDArray[np.int32]

#: Numbers of columns that tables are padded to; each is compiled once.
BUCKETS = (4, 8, 16, 24, 64)


@dataclass(frozen=True)
class Pool:
    """Examples of about the same number of columns.

    Parameters
    ----------
    arrays
        `columns` [N, C, F], `pairs` [N, C, C, P], `table` [N, G], `column_mask` [N, C] (1 = a
        column), and `tokens` [all charts, MAX_TOKENS]; features have the precision they have on
        disk.
    first, charts
        Of each example: the row of its first chart, and how many it has.
    examples
        What was padded.
    """

    arrays: dict[str, npt.NDArray[Any]]
    first: Ints
    charts: Ints
    examples: Sequence[Example]


Pools = Mapping[int, Pool]


def bucket_of(n_columns: int) -> int:
    """Return the padded number of columns."""
    return next(size for size in BUCKETS if n_columns <= size)


def pad_examples(examples: Iterable[Example]) -> Pools:
    """Sort examples into pools by their number of columns."""
    found: dict[int, list[Example]] = {}
    for example in examples:
        found.setdefault(bucket_of(len(example.columns)), []).append(example)
    return {size: _pad(found[size], size) for size in sorted(found)}


def _pad(examples: Sequence[Example], size: int) -> Pool:
    count, first = len(examples), examples[0]
    arrays: dict[str, npt.NDArray[Any]] = {
        "columns": np.zeros((count, size, first.columns.shape[1]), np.float16),
        "pairs": np.zeros((count, size, size, first.pairs.shape[2]), np.float16),
        "table": np.stack([e.table for e in examples]).astype(np.float32),
        "column_mask": np.zeros((count, size), np.float32),
        "tokens": np.concatenate([e.tokens for e in examples]),
    }
    for row, example in enumerate(examples):
        n = len(example.columns)
        arrays["columns"][row, :n] = example.columns
        arrays["pairs"][row, :n, :n] = example.pairs
        arrays["column_mask"][row, :n] = 1.0
    charts = np.array([len(e.tokens) for e in examples], np.int32)
    return Pool(arrays, (np.cumsum(charts) - charts).astype(np.int32), charts, examples)


def take(arrays: Mapping[str, Any], rows: Any, picks: Any) -> Batch:
    """Return the batch of some tables [B] and their charts [B, charts], given as rows."""
    batch = {name: arrays[name][rows].astype("float32") for name in arrays if name != "tokens"}
    return {**batch, "tokens": arrays["tokens"][picks].astype("int32")}


def shortened(batch: Batch) -> Batch:
    """Cut what no chart of the batch needs, in steps of one encoding: most charts are short."""
    longest = int((batch["tokens"] != PAD).sum(axis=2).max())
    length = min(MAX_TOKENS, 3 * -(-longest // 3))
    return {**batch, "tokens": batch["tokens"][:, :, :length]}


def fold_of(example: Example, folds: int) -> int:
    """Return which of so many parts the family of an example's table belongs to."""
    return zlib.crc32(f"fold {example.family}".encode()) % folds


class Sampler:
    """Draws examples by their weights, of one pool at a time.

    Parameters
    ----------
    pools
        Held-out examples in them are never drawn.
    tables, charts
        Of one batch, and of each of its tables.
    seed
        The same seed draws the same batches.
    without
        Part of the families that is not drawn either, as (which, of how many).
    """

    def __init__(
        self,
        pools: Pools,
        tables: int,
        charts: int,
        seed: int,
        without: tuple[int, int] | None = None,
    ) -> None:
        self.pools, self.tables, self.charts = pools, tables, charts
        self.rng = np.random.default_rng(seed)
        self.rows: dict[tuple[str, int], Ints] = {}
        self._ends: dict[tuple[str, int], npt.NDArray[np.float64]] = {}
        for size, pool in pools.items():
            drawn = [i for i, e in enumerate(pool.examples) if _may_be_drawn(e, without)]
            for kind in {pool.examples[i].kind for i in drawn}:
                rows = [i for i in drawn if pool.examples[i].kind == kind]
                self.rows[kind, size] = np.array(rows, np.int32)
                ends = np.cumsum([pool.examples[i].weight for i in rows])
                self._ends[kind, size] = ends / ends[-1]

    def draw(self, mix: Mapping[str, float]) -> Batch:
        """Draw one batch; `mix` gives the share of each kind of example."""
        size = self.draw_size(mix)
        return shortened(take(self.pools[size].arrays, *self.draw_rows(mix, size)))

    def draw_size(self, mix: Mapping[str, float]) -> int:
        """Draw a padded number of columns; rare ones come more often than they are."""
        counts = [
            sum(share * len(self.rows.get((kind, size), ())) for kind, share in mix.items())
            for size in self.pools
        ]
        chances = np.sqrt(counts)
        return int(self.rng.choice([*self.pools], p=chances / chances.sum()))

    def draw_rows(self, mix: Mapping[str, float], size: int) -> tuple[Ints, Ints]:
        """Draw tables and charts of a pool: rows [tables] and [tables, charts] of its arrays."""
        kinds = [kind for kind in mix if (kind, size) in self.rows]
        if not kinds:  # what is asked for has no such tables: others have
            kinds = [kind for kind, of_size in self.rows if of_size == size]
        shares = np.array([mix.get(kind, 1.0) for kind in kinds])
        counts = self.rng.multinomial(self.tables, shares / shares.sum())
        rows = np.concatenate(
            [
                self.rows[kind, size][self._ends[kind, size].searchsorted(self.rng.random(count))]
                for kind, count in zip(kinds, counts, strict=True)
            ]
        )
        return rows, pick_charts(self.pools[size], rows, self.charts, self.rng)


def _may_be_drawn(example: Example, without: tuple[int, int] | None) -> bool:
    if example.held_out:
        return False
    # The teacher's charts say nothing of what people draw.
    return (
        without is None or example.kind == "teacher" or fold_of(example, without[1]) != without[0]
    )


def pick_charts(pool: Pool, rows: Ints, n_charts: int, rng: np.random.Generator) -> Ints:
    """Draw so many charts of each table, as rows of the pool's tokens."""
    places = rng.random((len(rows), n_charts)) * pool.charts[rows, None]
    return (pool.first[rows, None] + places.astype(np.int32)).astype(np.int32)


def watch_rows(pool: Pool, rows: Ints, tables: int, charts: int) -> list[tuple[Ints, Ints]]:
    """Return some tables of a pool with charts of theirs, batch by batch, the same in every run."""
    rng = np.random.default_rng(0)
    parts = [rows[start : start + tables] for start in range(0, len(rows), tables)]
    return [(part, pick_charts(pool, part, charts, rng)) for part in parts]


def held_out_rows(pool: Pool) -> Ints:
    """Return the examples of a pool that only watch training."""
    return np.flatnonzero([example.held_out for example in pool.examples]).astype(np.int32)
