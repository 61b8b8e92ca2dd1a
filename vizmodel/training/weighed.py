"""Owns the fit of how the terms of a score are weighed where a table is raw.

    python -m vizmodel.training.weighed --tables DIR ... [--out DIR] [--measure]

`weighed.jsonl` names charts as `wanted.jsonl` does, of tables that nothing else learns from: what
the network says of a table it has learned by heart is worth more than what it says of a stranger.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.ranking.rank import arranged_once, scored_designs
from vizmodel.ranking.weights import WEIGHTS, fitted
from vizmodel.search.decoder import LocalDecoder
from vizmodel.training.asked import LEAST_HESSIAN, fit_listwise, read_wanted
from vizmodel.training.taste import as_trees
from vizmodel.training.wanted import (
    FIRST,
    WHOLE,
    WantedTable,
    named_in_list,
    target_of,
    wanted_table,
)
from vizmodel.worth.taste import WEIGHED_FILE, WEIGHED_TRAITS, Taste, read_taste
from vizmodel.worth.traits import Floats
from vizmodel.worth.weighed import weighed_rows

LABELS = Path(__file__).with_name("weighed.jsonl")
ROUNDS, PARTS = 200, 5


@dataclass(frozen=True)
class Weighing:
    """A table, what its weighing rests on, and which charts should come first.

    Parameters
    ----------
    table
        With its candidates.
    rows
        Of those that differ [n, len(WEIGHED_TRAITS)].
    target
        The probability that each should have [n].
    """

    table: WantedTable
    rows: Floats
    target: npt.NDArray[np.float64]


def read_weighings(folders: Sequence[Path], taste: Taste) -> Iterator[Weighing]:
    """Yield the tables of `weighed.jsonl` that are in some folders and have a chart named."""
    decoder = LocalDecoder()
    for record, profile in read_wanted(folders, LABELS):
        table = wanted_table(record, profile, decoder)
        if table is not None and table.matches.any():
            yield weighing_of(table, taste)


def weighing_of(table: WantedTable, taste: Taste) -> Weighing:
    """Return what the trees learn of a table; the taste's own weighing is left alone."""
    profile, once = table.profile, arranged_once(table.candidates)
    sums = replace(taste, weighed=None)
    scored, _ = scored_designs(once, profile, sums, fitted(WEIGHTS, profile))
    seen = taste.opinions([design for design, _ in once], profile).seen
    nats = np.array([one for _, one in once])
    rows = weighed_rows([terms for _, terms in scored], nats, seen, profile)
    places = {design: at for at, (design, _) in enumerate(table.candidates)}
    return Weighing(table, rows, target_of(table.matches[[places[d] for d, _ in once]]))


def fit_weighed(taught: Sequence[Weighing]) -> lgb.Booster:
    """Fit the trees: cross-entropy within each table."""
    rows, targets = [one.rows for one in taught], [one.target for one in taught]
    return fit_listwise(rows, targets, ROUNDS, LEAST_HESSIAN)


def shares_found(taught: Sequence[Weighing], taste: Taste) -> tuple[float, float]:
    """Return which share of the first charts named lists begin with, and which they have at all.

    Each list is ranked by trees that have not seen its table.
    """
    part = np.random.default_rng(0).integers(0, PARTS, len(taught))
    found = []
    for left_out in range(PARTS):
        others = [one for one, at in zip(taught, part, strict=True) if at != left_out]
        own = replace(taste, weighed=as_trees(fit_weighed(others)))
        own_tables = (one for one, at in zip(taught, part, strict=True) if at == left_out)
        found += [named_in_list(one.table, own) for one in own_tables]
    first, whole = np.mean(found, axis=0).round(3).tolist()
    return first, whole


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store the weighing; print what it is worth on tables left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    parser.add_argument("--measure", action="store_true", help="leave out tables, to measure")
    options = parser.parse_args(arguments)
    taste = read_taste(options.out)
    if taste is None:
        raise SystemExit(f"no taste in {options.out}: python -m vizmodel.training.taste makes it")
    taught = list(read_weighings(options.tables, taste))
    as_trees(fit_weighed(taught)).save(options.out / WEIGHED_FILE, WEIGHED_TRAITS)
    print(f"{len(taught)} tables: {options.out / WEIGHED_FILE}")
    if options.measure:
        sums = [named_in_list(one.table, replace(taste, weighed=None)) for one in taught]
        first, whole = np.mean(sums, axis=0).round(3).tolist()
        print(f"charts named, terms added up: {first} of the first {FIRST}, {whole} of all {WHOLE}")
        first, whole = shares_found(taught, taste)
        print(f"weighed by trees of others: {first}, {whole}")


if __name__ == "__main__":
    main()
