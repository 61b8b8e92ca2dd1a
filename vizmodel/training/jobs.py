"""Owns the making of all training examples, in a pool of processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa

from vizmodel.training.corpus import PROGRAM_SOURCES, is_held_out
from vizmodel.training.examples import corpus_of, label_people, label_raw, label_synthetic
from vizmodel.training.shards import Example, write_shard
from vizmodel.training.wanted_examples import label_wanted, wanted_work

Label = Callable[[str, str, Sequence[int]], list[Example]]
#: Examples of a shard.
SHARD = 500


def jobs(
    folder: str, n_raw: int, n_synthetic: int, n_people: int
) -> list[tuple[Label, str, list[int]]]:
    """List the work: variants of each raw table, synthetic tables, variants of each chart."""
    by_table, groups, raw = corpus_of(folder)
    found: list[tuple[Label, str, list[int]]] = []
    for name, charts in by_table.items():
        program = charts[0].source in PROGRAM_SOURCES
        n = 60 if program else n_people * min(len(charts), 4)
        found.append((label_people, name, list(range(n))))
        if not is_held_out(groups[name]):
            found.append((label_raw, name, list(range(1, 3))))
    found += [(label_raw, name, list(range(n_raw))) for name in raw]
    found += [
        (label_synthetic, "synthetic", list(range(start, start + 20)))
        for start in range(0, n_synthetic, 20)
    ]
    return found


def _run(job: tuple[Label, str, str, list[int]]) -> list[Example]:
    label, folder, name, seeds = job
    try:
        return label(folder, name, seeds)
    except (ValueError, KeyError, pa.ArrowException) as error:
        # One odd table must not end an hour's work; the log names it.
        print(f"left out {name}: {error!r}", flush=True)
        return []


def write_examples(
    corpus: Path,
    out: Path,
    scale: float = 1.0,
    processes: int = 2,
    tables: Sequence[Path] = (),
) -> int:
    """Make all examples and write them as `out/NNN.npz` shards; return their number.

    Parameters
    ----------
    corpus
        Folder of people's charts and of raw tables.
    out
        Created where it does not exist.
    scale
        How many variants of each table, beside those of a whole run.
    processes
        That make examples side by side.
    tables
        Folders with the tables that `wanted.jsonl` names; those found nowhere are left out.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = str(corpus)
    work = jobs(folder, max(1, int(8 * scale)), int(3000 * scale), max(1, int(8 * scale)))
    payload = [(label, folder, name, seeds) for label, name, seeds in work]
    for root, name, seeds in wanted_work(tables, max(1, int(6 * scale))):
        payload.append((label_wanted, root, name, seeds))
    rng = np.random.default_rng(0)
    payload = [payload[i] for i in rng.permutation(len(payload))]
    shard: list[Example] = []
    total = n_shards = 0
    with ProcessPoolExecutor(processes) as pool:
        for done, examples in enumerate(pool.map(_run, payload, chunksize=4), 1):
            shard += examples
            if len(shard) >= SHARD or (shard and done == len(payload)):
                write_shard(shard, out / f"{n_shards:03d}.npz")
                total, n_shards, shard = total + len(shard), n_shards + 1, []
                print(f"{done}/{len(payload)} jobs, {total} examples", flush=True)
    return total
