"""Owns the ablations: what each part of the model is worth, on people's held-out charts.

    python -m vizmodel.training.ablation --corpus DIR [--work .training] [--steps N]

Each network is trained for the same number of steps on the examples that training made, so a
shorter run compares parts with each other, not with the weights that travel. The ranker's parts are
left out of the full one. Nothing here chooses anything; the held-out tenth of the training split is
all that is looked at.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from vizmodel.design import Design
from vizmodel.grammar import Grammar
from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import COLUMN_FEATURES, Features
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.rank import rank
from vizmodel.ranking.weights import RankWeights
from vizmodel.runtime.keras import KerasMemory, KerasRuntime
from vizmodel.search.beam_search import beam_search
from vizmodel.training.corpus import (
    PROGRAM_SOURCES,
    CorpusError,
    chart_key,
    is_held_out,
    read_table,
    to_design,
)
from vizmodel.training.examples import corpus_tables
from vizmodel.training.fit import Trainer, fit
from vizmodel.training.learner import FitConfig, weights_of
from vizmodel.training.shards import Example, read_examples
from vizmodel.training.taste import choice_of, fit_taste
from vizmodel.worth.taste import Taste

STEPS = 3_000
PLACES = (1, 3, 5, 10, 15)
#: A list by the scores alone: nothing is charged for repeating itself.
NO_DIVERSITY = RankWeights(
    lasting=0.0,
    new_column=0.0,
    same_relation=0.0,
    same_columns=0.0,
    same_axes=0.0,
    same_points=0.0,
    near_twin=0.0,
    seen_enough=0.0,
    unplain=0.0,
    overview=0.0,
    same_mark=0.0,
    same_column=0.0,
)
_FIRST_NAME = next(i for i, name in enumerate(COLUMN_FEATURES) if name.startswith("name"))

See = Callable[[Features], Features]
Gold = tuple[Profile, frozenset[Any]]


@dataclass(frozen=True)
class Variant:
    """One network: its settings, and what it may see of a table."""

    name: str
    config: FitConfig
    see: See = lambda features: features


def without_pairs(features: Features) -> Features:
    """Hide the statistics of pairs."""
    return replace(features, pairs=np.zeros_like(features.pairs))


def without_names(features: Features) -> Features:
    """Hide the columns' names; types that were read from them stay."""
    columns = features.columns.copy()
    columns[:, _FIRST_NAME:] = 0.0
    return replace(features, columns=columns)


def variants() -> list[Variant]:
    """Return the networks that are compared, the full one first."""
    full = FitConfig()
    people = dataclasses.replace(
        full, teacher_share=0.0, mix_people=1.0, mix_wanted=0.0, mix_program=0.0
    )
    return [
        Variant("full", full),
        Variant("teacher only", dataclasses.replace(full, teacher_share=1.0)),
        Variant("people only", people),
        Variant("without pair statistics", full, without_pairs),
        Variant("without names", full, without_names),
    ]


class _Counted(Trainer):
    """A run whose plan is a number of steps, however busy the machine is."""

    n_steps = STEPS

    @property
    def progress(self) -> float:
        return min(1.0, self.step / self.n_steps)


class _Seeing(KerasRuntime):
    """A runtime that sees a part of the features."""

    see: See

    def encode_many(self, features: Sequence[Features]) -> list[KerasMemory]:
        return super().encode_many([self.see(one) for one in features])


def train(variant: Variant, examples: Sequence[Example], work: Path, steps: int) -> _Seeing:
    """Train one network and return who runs it with its averaged weights."""
    work.mkdir(parents=True, exist_ok=True)
    trainer = _Counted(variant.config, NetworkConfig(), work)
    trainer.n_steps = steps
    seen = [_seen(example, variant.see) for example in examples]
    fit(trainer, seen, log_every_s=60.0)
    with trainer.with_weights(trainer.average):
        weights = weights_of(trainer.network)
    runtime = _Seeing(NetworkConfig(), weights)
    runtime.see = variant.see
    return runtime


def _seen(example: Example, see: See) -> Example:
    features = see(Features(example.columns, example.pairs, example.table))
    return dataclasses.replace(example, columns=features.columns, pairs=features.pairs)


def held_out_tables(corpus: Path) -> Iterator[Gold]:
    """Yield the profiles of held-out tables, each with the keys of the charts that people made."""
    by_table, groups = corpus_tables(corpus)
    for name, charts in by_table.items():
        if charts[0].source in PROGRAM_SOURCES or not is_held_out(groups[name]):
            continue
        try:
            profile = profile_table(read_table(corpus / name).slice(0, 5_000))
        except CorpusError:
            continue
        drawn = [d for chart in charts if (d := to_design(chart.spec, profile)) is not None]
        if drawn:
            yield profile, frozenset(chart_key(design) for design in drawn)


def seen_taste(corpus: Path) -> Taste:
    """Fit a taste to the tables that are not held out."""
    by_table, groups = corpus_tables(corpus)
    tables = [t for t in by_table if not is_held_out(groups[t])]
    choices = [choice for t in tables if (choice := choice_of(corpus, t)) is not None]
    return Taste(fit_taste(choices))


Candidates = list[tuple[Design, float]]


def hits(tables: Iterable[tuple[Gold, Candidates]], taste: Taste | None, **how: Any) -> list[float]:
    """Return the share of tables with a chart of people among the first k, for k in PLACES."""
    found = []
    for (profile, gold), candidates in tables:
        ranked = rank(candidates, profile, PLACES[-1], taste=taste, **how)
        keys = [chart_key(r.design) for r in ranked]
        found.append([bool(gold.intersection(keys[:k])) for k in PLACES])
    return [round(float(share), 3) for share in np.mean(found, axis=0)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, compare, print a line of JSON for each variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    examples = list(read_examples(options.work / "examples"))
    tables, taste = list(held_out_tables(options.corpus)), seen_taste(options.corpus)
    for variant in variants():
        runtime = train(variant, examples, options.work / "ablation", options.steps)
        found = [(gold, beam_search(runtime, gold[0], Grammar(gold[0]))) for gold in tables]
        _print(variant.name, hits(found, taste))
        if variant.name == "full":
            _print("without ranker", hits(found, None))
            _print("without diversity", hits(found, taste, weights=NO_DIVERSITY))


def _print(name: str, shares: list[float]) -> None:
    at = {f"hit@{k}": share for k, share in zip(PLACES, shares, strict=True)}
    print(json.dumps({"variant": name, **at}), flush=True)


if __name__ == "__main__":
    main()
