"""Owns the fit of the taste: which charts people chose among all that a table allows.

    python -m vizmodel.training.taste --corpus DIR [--out DIR]

A multinomial logit (McFadden 1974) whose utility is a sum of boosted trees over the traits of a
chart: among the legal charts of a table, those that people drew get the most probability. Tables
are weighted by family. Settings are from leaving out each source of charts in turn.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from vizmodel.grammar import Grammar
from vizmodel.profile import profile_table
from vizmodel.training.corpus import (
    PROGRAM_SOURCES,
    CorpusChart,
    CorpusError,
    chart_key,
    read_charts,
    read_table,
    to_design,
)
from vizmodel.training.teacher import candidate_designs
from vizmodel.worth.taste import CHOSEN_FILE
from vizmodel.worth.traits import Floats, Traits
from vizmodel.worth.trees import Trees

Doubles = npt.NDArray[np.float64]
MAX_ROWS = 5_000
#: Legal charts of a table that are looked at: simple ones, others, and most of all together.
N_SIMPLE, N_WALKS, N_CHARTS = 1_500, 600, 600
ROUNDS = 150
SETTINGS: dict[str, Any] = {
    "num_leaves": 15,
    "max_depth": 6,
    "learning_rate": 0.06,
    "min_data_in_leaf": 30,
    "min_sum_hessian_in_leaf": 1e-3,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "use_missing": False,
    "seed": 1,
    "deterministic": True,
    "verbose": -1,
}
#: Least curvature of the loss, where a chart is all but certain or out of the question.
LEAST_HESSIAN = 1e-4


@dataclass(frozen=True)
class Choice:
    """The charts that a table allows, as rows of traits, and which of them people drew."""

    family: int
    rows: Floats
    chosen: npt.NDArray[np.bool_]


@lru_cache(maxsize=1)
def _charts(corpus: Path) -> dict[str, list[CorpusChart]]:
    """Return people's charts of the training split by table."""
    found: dict[str, list[CorpusChart]] = {}
    for chart in read_charts(corpus / "charts.jsonl"):
        if chart.source not in PROGRAM_SOURCES:
            found.setdefault(chart.table, []).append(chart)
    return found


def choice_of(corpus: Path, table: str) -> Choice | None:
    """Return what people chose for one table; None where the grammar allows none of it."""
    charts = _charts(corpus).get(table, [])
    try:
        profile = profile_table(read_table(corpus / table).slice(0, MAX_ROWS))
    except CorpusError:
        return None
    rng = np.random.default_rng(1)
    designs = candidate_designs(Grammar(profile), rng, N_SIMPLE, N_WALKS)
    drawn = {
        chart_key(d) for c in charts if (d := to_design(c.spec, profile)) is not None and d.fields
    }
    chosen = np.array([chart_key(d) in drawn for d in designs], dtype=np.bool_)
    if not chosen.any():
        return None
    others = rng.permutation(np.flatnonzero(~chosen))[:N_CHARTS]
    kept = np.sort(np.concatenate([np.flatnonzero(chosen), others]))
    traits = Traits(profile)
    rows = np.stack([traits.of(designs[i]) for i in kept])
    return Choice(charts[0].family, rows, chosen[kept])


def fit_taste(choices: Sequence[Choice], rounds: int = ROUNDS, **settings: Any) -> Trees:
    """Fit trees by gradient boosting on the likelihood of what people chose.

    Parameters
    ----------
    choices
        One per table.
    rounds
        Number of trees.
    settings
        Of LightGBM, beside `SETTINGS`.
    """
    sizes = np.array([len(one.chosen) for one in choices])
    chosen = np.concatenate([one.chosen for one in choices])
    families = Counter(one.family for one in choices)
    weight = np.array([families[one.family] ** -0.5 for one in choices])
    rows = lgb.Dataset(np.concatenate([one.rows for one in choices]), label=chosen.astype(float))
    loss = partial(_gradient, sizes, chosen, np.repeat(weight / weight.mean(), sizes))
    model = lgb.train({**SETTINGS, **settings, "objective": loss}, rows, rounds)
    return as_trees(model)


def _gradient(
    sizes: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    weight: Doubles,
    utility: Doubles,
    _: lgb.Dataset,
) -> tuple[Doubles, Doubles]:
    """Return gradient and diagonal of the Hessian of the negative log-likelihood."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    raised = np.exp(utility - np.repeat(np.maximum.reduceat(utility, starts), sizes))
    every = np.repeat(np.add.reduceat(raised, starts), sizes)
    liked = np.repeat(np.maximum(np.add.reduceat(raised * chosen, starts), 1e-300), sizes)
    share = raised / every
    pull = share - raised * chosen / liked
    return weight * pull, np.maximum(weight * share * (1 - share), LEAST_HESSIAN)


def as_trees(model: lgb.Booster) -> Trees:
    """Lay out a model's nested trees in one row of nodes, children side by side."""
    trees = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    nodes: list[tuple[float, ...]] = []
    roots = []
    for tree in trees:
        roots.append(len(nodes))
        nodes += _laid_out(tree, len(nodes))
    trait, threshold, left, value = np.array(nodes).T
    return Trees(
        np.array(roots, dtype=np.intp),
        trait.astype(np.intp),
        threshold.astype(np.float32),
        left.astype(np.intp),
        value.astype(np.float32),
        max(_depth(tree) for tree in trees),
    )


def _laid_out(tree: dict[str, Any], start: int) -> list[tuple[float, ...]]:
    """Return a tree's nodes, the root first: trait, threshold, place of the left one, value."""
    waiting = [tree]
    nodes: list[tuple[float, ...]] = []
    for place, node in enumerate(waiting):
        if "leaf_value" in node:
            nodes.append((0, np.inf, start + place, node["leaf_value"]))
            continue
        split = node["split_feature"], node["threshold"], start + len(waiting)
        nodes.append((*split, node["internal_value"]))
        waiting += [node["left_child"], node["right_child"]]
    return nodes


def _depth(node: dict[str, Any]) -> int:
    if "leaf_value" in node:
        return 0
    return 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))


def write_taste(corpus: Path, out: Path, processes: int = 2, **settings: Any) -> int:
    """Fit the taste to the training split and store it; return the number of tables used."""
    tables = list(_charts(corpus))
    with ProcessPoolExecutor(processes) as pool:
        found = list(pool.map(partial(choice_of, corpus), tables, chunksize=8))
    choices = [choice for choice in found if choice is not None]
    fit_taste(choices, **settings).save(out / CHOSEN_FILE)
    return len(choices)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store the taste."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    options = parser.parse_args(arguments)
    print(f"{write_taste(options.corpus, options.out)} tables: {options.out / CHOSEN_FILE}")


if __name__ == "__main__":
    main()
