"""Owns the fit of the taste: which charts people chose among all that a table allows.

    python -m vizmodel.training.taste --corpus DIR [--out DIR]

A log-linear model over the traits of a chart (multinomial logit, McFadden 1974): among the legal
charts of a table, those that people drew get the most probability. Tables are weighted by family.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from vizmodel.grammar import Grammar
from vizmodel.profile import profile_table
from vizmodel.taste import FILE_NAME, traits
from vizmodel.training.corpus import (
    PROGRAM_SOURCES,
    CorpusChart,
    CorpusError,
    read_charts,
    read_table,
    to_design,
)
from vizmodel.training.teacher import candidate_designs

Floats = npt.NDArray[np.float64]
#: Strength of the ridge penalty; from leaving out each source of charts in turn.
RIDGE = 10.0
MAX_ROWS = 5_000
N_SIMPLE, N_WALKS = 900, 250
MAX_STEPS = 120
#: Weights smaller than this are not kept.
SMALL = 0.01


@dataclass(frozen=True)
class Choice:
    """The charts that a table allows, as lists of traits, and which of them people drew."""

    family: int
    charts: list[list[str]]
    chosen: list[bool]


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
    designs = candidate_designs(Grammar(profile), np.random.default_rng(1), N_SIMPLE, N_WALKS)
    drawn = {d for c in charts if (d := to_design(c.spec, profile)) is not None}
    keys = {(d.mark, d.relation()) for d in drawn}
    chosen = [(d.mark, d.relation()) in keys for d in designs]
    if not any(chosen):
        return None
    return Choice(charts[0].family, [list(traits(d, profile)) for d in designs], chosen)


def fit_taste(choices: Sequence[Choice], ridge: float = RIDGE) -> dict[str, float]:
    """Fit a weight per trait by maximum likelihood with a ridge penalty.

    Parameters
    ----------
    choices
        One per table.
    ridge
        Half of it times the squared weights is added to the loss.

    Returns
    -------
    dict
        Trait -> weight in nats, without the smallest.
    """
    names: dict[str, int] = {}
    rows = [[names.setdefault(t, len(names)) for t in c] for one in choices for c in one.charts]
    ends = np.cumsum([len(row) for row in rows])
    columns = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    x = csr_matrix(
        (np.ones(len(columns)), columns, np.concatenate([[0], ends])), (len(rows), len(names))
    )
    sizes = np.array([len(one.charts) for one in choices])
    chosen = np.concatenate([np.array(one.chosen, dtype=bool) for one in choices])
    families = Counter(one.family for one in choices)
    weight = np.array([families[one.family] ** -0.5 for one in choices])
    found = minimize(
        partial(_loss, x, sizes, chosen, weight, ridge),
        np.zeros(len(names)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MAX_STEPS},
    ).x
    return {n: round(float(found[i]), 3) for n, i in names.items() if abs(found[i]) >= SMALL}


def _loss(
    x: Any,
    sizes: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    weight: Floats,
    ridge: float,
    beta: Floats,
) -> tuple[float, Floats]:
    """Return the penalised negative log-likelihood and its gradient."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    scores = x @ beta
    shifted = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    every = np.add.reduceat(shifted, starts)
    liked = np.maximum(np.add.reduceat(shifted * chosen, starts), 1e-300)
    loss = float((weight * (np.log(every) - np.log(liked))).sum() + ridge / 2 * (beta @ beta))
    pull = shifted / np.repeat(every, sizes) - shifted * chosen / np.repeat(liked, sizes)
    return loss, np.asarray(x.T @ (np.repeat(weight, sizes) * pull) + ridge * beta)


def write_taste(corpus: Path, out: Path, processes: int = 2) -> int:
    """Fit the taste to the training split and store it; return the number of tables used."""
    tables = list(_charts(corpus))
    with ProcessPoolExecutor(processes) as pool:
        found = list(pool.map(partial(choice_of, corpus), tables, chunksize=8))
    choices = [choice for choice in found if choice is not None]
    stored = {"tables": len(choices), "weights": fit_taste(choices)}
    (out / FILE_NAME).write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")
    return len(choices)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store the taste."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    options = parser.parse_args(arguments)
    print(f"{write_taste(options.corpus, options.out)} tables: {options.out / FILE_NAME}")


if __name__ == "__main__":
    main()
