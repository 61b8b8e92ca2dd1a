"""Owns the training examples of charts that were named before any was drawn (`wanted.jsonl`).

They are of raw, wide tables, which hardly any author's chart is of. A chart named is learned as the
search would draw it: among its candidates of the same columns, form and places. Where it has none,
it is asked for these columns: what a search does not find by itself is what is to be learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vizmodel.design import Design, Intent
from vizmodel.grammar import IntentError
from vizmodel.profile import profile_table
from vizmodel.search.decoder import Ask, Decoder, LocalDecoder
from vizmodel.tokens import encode
from vizmodel.training.asked import folder_of, read_labels, read_named
from vizmodel.training.augment import harden, some_rows
from vizmodel.training.examples import N_CHARTS, make_example, renamed
from vizmodel.training.shards import Example
from vizmodel.training.wanted import (
    LESS,
    WantedTable,
    group_of,
    match,
    named_charts,
    wanted_table,
)

#: Seen rows of a table, and most of its columns.
MAX_ROWS, MAX_COLUMNS = 5_000, 64
#: Tables of this group only watch training.
HELD_OUT = 0
#: Least match of a candidate that is learned: columns and form.
LEAST = 2
#: Share of the charts named that a variant of a table keeps.
KEPT = 0.7

Floats = npt.NDArray[np.float64]


def wanted_work(folders: Sequence[Path], variants: int) -> Iterator[tuple[str, str, list[int]]]:
    """Yield folder, name and seeds of the tables of `wanted.jsonl` that are in some folders."""
    for name in _records():
        root = folder_of(name, folders)
        if root is not None:
            yield str(root), name, [0] if is_watched(name) else list(range(variants))


def is_watched(name: str) -> bool:
    """Return whether a table only watches training."""
    return group_of(name) == HELD_OUT


def label_wanted(folder: str, name: str, seeds: Sequence[int]) -> list[Example]:
    """Return examples of one table; seed 0 keeps it as it is."""
    table = read_named(Path(folder) / name, MAX_ROWS)
    if table.num_columns > MAX_COLUMNS:
        return []
    found = wanted_table(_records()[name], profile_table(table), _decoder())
    if found is None:
        return []
    found = with_unfound(found, _records()[name], _decoder())
    designs = [design for design, _ in found.candidates]
    shares = chart_shares(found.matches, np.array([nats for _, nats in found.candidates]))
    if not len(shares):
        return []
    examples = (_variant(table, designs, shares, seed) for seed in seeds)
    watched, family = is_watched(name), f"wanted {Path(name).name}"
    return [replace(e, held_out=watched, family=family) for e in examples if e is not None]


def with_unfound(found: WantedTable, record: Mapping[str, Any], decoder: Decoder) -> WantedTable:
    """Return a table with the charts named that are in no candidate, as the grammar allows them."""
    named = named_charts(record, found.profile)
    wanting = [
        one for one, best in zip(named, found.matches.max(axis=0), strict=True) if best < LEAST
    ]
    if not wanting:
        return found
    asks = [Ask(found.profile, Intent(columns=tuple(one[0]))) for one in wanting]
    more = dict(found.candidates)
    for one, answer in zip(wanting, decoder.decode(asks), strict=True):
        if not isinstance(answer, IntentError):
            drawn = ((d, c.log_probability) for d, c in answer.items() if d not in more)
            more |= {d: nats for d, nats in drawn if match(d, one, found.profile) >= LEAST}
    matches = np.array([[match(design, one, found.profile) for one in named] for design in more])
    return replace(found, candidates=[*more.items()], matches=matches)


def chart_shares(matches: npt.NDArray[np.int64], nats: Floats) -> Floats:
    """Return how often each candidate is drawn for each chart named, [n_named, n_candidates].

    Of the candidates that are a chart named equally well, the likelier is drawn more often.

    Parameters
    ----------
    matches
        As in `WantedTable`, [n_candidates, n_named].
    nats
        Log-probabilities of the candidates.
    """
    rows = []
    for place, column in enumerate(matches.T):
        best = int(column.max(initial=0))
        if best < LEAST:
            continue
        likely = np.where(column == best, np.exp(nats - nats[column == best].max()), 0.0)
        rows.append(likely / likely.sum() * LESS**place)
    return np.array(rows)


def _variant(
    table: pa.Table, designs: Sequence[Design], shares: Floats, seed: int
) -> Example | None:
    """Return charts of a table, or of a harder form of it in which some of them can be drawn."""
    rng = np.random.default_rng(seed)
    renames: Mapping[str, str] = {name: name for name in table.column_names}
    if seed:
        kept = rng.random(len(shares)) < KEPT
        shares = shares[kept if kept.any() else slice(None)]
        shown = np.flatnonzero(shares.sum(axis=0)).tolist()
        used = {field for i in shown for field in designs[i].fields}
        table = some_rows(table, rng)
        if used.issubset(renames):  # other headers would not be gathered
            table, renames = harden(table, used, (), rng)
    chances = shares.sum(axis=0)
    picks = rng.choice(len(designs), N_CHARTS, p=chances / chances.sum()).tolist()
    profile = profile_table(table)
    try:
        tokens = [encode(renamed(designs[i], renames), profile) for i in picks]
    except (KeyError, ValueError):
        return None  # fewer rows, or another name, can be read otherwise
    return make_example(profile, tokens, "wanted", 1.0, held_out=False)


@lru_cache(maxsize=1)
def _records() -> dict[str, dict[str, Any]]:
    return {record["table"]: record for record in read_labels()}


@lru_cache(maxsize=1)
def _decoder() -> LocalDecoder:
    return LocalDecoder()
