"""Owns the training examples and their shards on disk: tables as features, charts as tokens.

Needs numpy alone, so that examples made on one machine can be learned from on another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Example:
    """One table with charts of it.

    Parameters
    ----------
    columns, pairs, table
        Features of the table: [C, F], [C, C, P], [G], float32.
    tokens
        int16 [n_charts, MAX_TOKENS], padded.
    kind
        "teacher", "person", "program", or "wanted": named before any chart was drawn.
    weight
        How often it is drawn among its kind.
    held_out
        Whether it only watches training.
    family
        Tables of one family are alike; a part of the families can be left out of a run to see
        how it does on others. Empty where nobody but the teacher drew the table.
    """

    columns: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.float32]
    table: npt.NDArray[np.float32]
    tokens: npt.NDArray[np.int16]
    kind: str
    weight: float
    held_out: bool
    family: str = ""


def write_shard(examples: Sequence[Example], path: Path) -> None:
    """Write examples of different sizes, flattened into one array each."""
    sizes = np.array([len(e.columns) for e in examples], np.int32)
    charts = np.array([len(e.tokens) for e in examples], np.int32)
    n_pairs = examples[0].pairs.shape[-1] if examples else 0
    np.savez_compressed(
        path.with_suffix(".tmp.npz"),
        sizes=sizes,
        charts=charts,
        columns=np.concatenate([e.columns for e in examples]).astype(np.float16),
        pairs=np.concatenate([e.pairs.reshape(-1, n_pairs) for e in examples]).astype(np.float16),
        table=np.stack([e.table for e in examples]),
        tokens=np.concatenate([e.tokens for e in examples]),
        kind=np.array([e.kind for e in examples]),
        weight=np.array([e.weight for e in examples], np.float32),
        held_out=np.array([e.held_out for e in examples]),
        family=np.array([e.family for e in examples]),
    )
    path.with_suffix(".tmp.npz").rename(path)


def read_examples(folder: Path) -> Iterator[Example]:
    """Read every shard of a folder, in order."""
    for path in sorted(folder.glob("[0-9][0-9][0-9].npz")):
        with np.load(path) as data:
            shard = {name: data[name] for name in data.files}
        column_ends = np.cumsum(shard["sizes"])
        pair_ends = np.cumsum(shard["sizes"].astype(np.int64) ** 2)
        chart_ends = np.cumsum(shard["charts"])
        for i, size in enumerate(shard["sizes"]):
            yield Example(
                shard["columns"][column_ends[i] - size : column_ends[i]],
                shard["pairs"][pair_ends[i] - size**2 : pair_ends[i]].reshape(size, size, -1),
                shard["table"][i],
                shard["tokens"][chart_ends[i] - shard["charts"][i] : chart_ends[i]],
                str(shard["kind"][i]),
                float(shard["weight"][i]),
                bool(shard["held_out"][i]),
                str(shard["family"][i]),
            )
