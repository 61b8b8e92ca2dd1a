"""Owns the fit of what a table asks: labels of which columns others are there to explain.

    python -m vizmodel.training.asked --tables DIR ... [--out DIR]

`wanted.jsonl` holds, for tables of R and Python packages and of public statistics, the columns that
a language model under written criteria named as what the others explain (`outcomes`, the first one
foremost), and the charts that it would draw first (`wanted`). Maximum likelihood with a normal
prior on each coefficient. Of words, the prior is about what `sounds.txt` says: a language model's
judgement of several thousand words of column names, each by itself, from -2 (bookkeeping) to 2
(nearly always what is explained). So words that no labelled table has count as well.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec.structs import replace
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from vizmodel.profile import Profile, profile_table
from vizmodel.training.corpus import CorpusError, read_table
from vizmodel.training.taste import SETTINGS, as_trees
from vizmodel.worth.asked import (
    COLUMN_TRAITS,
    FILE,
    SIGNS,
    TREES_FILE,
    Asked,
    asked_columns,
    column_rows,
    known_words,
    name_words,
    signs,
)
from vizmodel.worth.traits import Floats as Rows
from vizmodel.worth.trees import Trees

Doubles = npt.NDArray[np.float64]
LABELS = Path(__file__).with_name("wanted.jsonl")
SOUNDS = Path(__file__).with_name("sounds.txt")
MAX_ROWS = 20_000
#: What the second and third column named count beside the first.
FURTHER = 0.4
#: A sign that hardly differs tells little.
MIN_SPREAD = 0.01
#: Fewest tables that have a word, and precision of the priors of words and of signs.
MIN_TABLES, WORD_PRIOR, SIGN_PRIOR = 2, 0.7, 1.0
#: Of the trees; parts of the tables, each judged by a logit that has seen the others.
ROUNDS, PARTS, LEAST_HESSIAN = 200, 3, 0.02
#: Tables below which trees would learn nothing.
MIN_QUESTIONS = 60
OWN_SETTINGS = {"learning_rate": 0.05, "feature_fraction": 0.5, "min_data_in_leaf": 40}


@dataclass(frozen=True)
class Question:
    """The columns of one table, and how much each is what is asked about; the last is none."""

    names: tuple[str, ...]
    signs: Doubles
    asked: Doubles


def read_wanted(
    folders: Sequence[Path], labels: Path = LABELS
) -> Iterator[tuple[dict[str, Any], Profile]]:
    """Yield the labels of the tables that are in some folders, with the tables' profiles."""
    for record in read_labels(labels):
        folder = folder_of(record["table"], folders)
        if folder is None:
            continue
        try:
            table = read_named(folder / record["table"], MAX_ROWS)
        except CorpusError:
            continue
        yield record, profile_table(table)


def read_labels(labels: Path = LABELS) -> list[dict[str, Any]]:
    """Return what was named, table by table."""
    return [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]


def folder_of(table: str, folders: Sequence[Path]) -> Path | None:
    """Return the first of some folders that has a table."""
    return next((folder for folder in folders if (folder / table).is_file()), None)


def read_named(path: Path, max_rows: int) -> pa.Table:
    """Return the first rows of a table, without the columns that have no name.

    Raises
    ------
    CorpusError
        Where it cannot be read.
    """
    table = read_table(path)
    return table.select([name for name in table.column_names if name]).slice(0, max_rows)


def question_of(outcomes: Sequence[str], profile: Profile) -> Question | None:
    """Return what a table asks as numbers; None where it has hardly a column to ask about."""
    names = asked_columns(profile)
    if len(names) < 2:
        return None
    asked = np.zeros(len(names) + 1)
    for place, name in enumerate(outcomes):
        if name in names:
            asked[names.index(name)] = FURTHER if place else 1.0
    if not asked.any():
        asked[-1] = 1.0
    return Question(tuple(names), signs(profile, names), asked / asked.sum())


def read_sounds(path: Path = SOUNDS) -> dict[str, float]:
    """Return how much each word sounds like what is explained, -2 to 2."""
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {word: float(score) for word, score in lines}


def fit_asked(questions: Sequence[Question], sounds: Mapping[str, float] | None = None) -> Asked:
    """Fit words and signs to what tables ask.

    Parameters
    ----------
    questions
        Of the labelled tables.
    sounds
        What is known of words beforehand; those of `sounds.txt` where None.
    """
    sounds = read_sounds() if sounds is None else sounds
    logit = fit_logit(questions, sounds)
    few = len(questions) < MIN_QUESTIONS
    return logit if few else replace(logit, trees=fit_trees(questions, sounds))


def fit_logit(questions: Sequence[Question], sounds: Mapping[str, float]) -> Asked:
    """Fit words and signs by maximum likelihood."""
    counted = Counter(w for q in questions for w in {w for n in q.names for w in name_words(n)})
    several = {w for w, n in counted.items() if n >= MIN_TABLES}
    words = {w: at for at, w in enumerate(sorted(several | sounds.keys()))}
    every = np.concatenate([q.signs for q in questions])
    mean, spread = every.mean(axis=0), np.maximum(every.std(axis=0), MIN_SPREAD)
    of_words = _of_words(questions, words)
    heard = np.array([sounds.get(word, 0.0) for word in words])
    known = hstack([of_words, (every - mean) / spread, (of_words @ heard)[:, None]]).tocsr()
    found = _most_likely(questions, known, len(words))
    # What a word adds is what its sound does, and what was learned of it beside.
    added = found[: len(words)] + found[-2] * heard
    learned = dict(zip(words, added.round(3).tolist(), strict=True))
    nats = found[len(words) : -2]
    columns = np.stack([mean, spread, nats], axis=1).round(4).tolist()
    told = {sign: tuple(values) for sign, values in zip(SIGNS, columns, strict=True)}
    return Asked({w: n for w, n in learned.items() if n}, told, round(float(found[-1]), 4))


def fit_trees(questions: Sequence[Question], sounds: Mapping[str, float]) -> Trees:
    """Fit trees to what tables ask; of each they see what a logit says that has not seen it."""
    rows: list[Rows] = []
    asking = [[q for q in questions[part::PARTS] if q.asked[:-1].any()] for part in range(PARTS)]
    for part, own in enumerate(asking):
        logit = fit_logit([q for at, q in enumerate(questions) if at % PARTS != part], sounds)
        rows += [column_rows(q.signs, *logit.utilities(q.names, q.signs)) for q in own]
    asked = [q.asked[:-1] / q.asked[:-1].sum() for own in asking for q in own]
    return as_trees(fit_listwise(rows, asked, ROUNDS, LEAST_HESSIAN, **OWN_SETTINGS))


def fit_listwise(
    rows: Sequence[Rows], targets: Sequence[Doubles], rounds: int, least: float, **settings: Any
) -> lgb.Booster:
    """Fit trees by gradient boosting on the cross-entropy within each table.

    Parameters
    ----------
    rows, targets
        Of each table: the traits of its rows, and the probability that each should have.
    rounds
        Number of trees.
    least
        As of `listwise`.
    settings
        Of LightGBM, beside `SETTINGS`.
    """
    target, sizes = np.concatenate(targets), np.array([len(one) for one in targets])
    data = lgb.Dataset(np.concatenate(rows), label=target)
    loss = partial(listwise, sizes, target, least)
    return lgb.train({**SETTINGS, **settings, "objective": loss}, data, rounds)


def listwise(
    sizes: npt.NDArray[np.int64], target: Doubles, least: float, utility: Doubles, _: lgb.Dataset
) -> tuple[Doubles, Doubles]:
    """Return gradient and diagonal of the Hessian of the cross-entropy within each table.

    Parameters
    ----------
    sizes
        Rows of each table; they stand one after the other.
    target
        Probability that each row should have.
    least
        Least curvature, where a row is all but certain or out of the question.
    utility
        Of each row.
    """
    starts = np.cumsum([0, *sizes[:-1]])
    raised = np.exp(utility - np.repeat(np.maximum.reduceat(utility, starts), sizes))
    share = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
    known = np.repeat(np.add.reduceat(target, starts), sizes)
    return known * share - target, np.maximum(share * (1 - share), least)


def _of_words(questions: Sequence[Question], words: Mapping[str, int]) -> csr_matrix:
    names = [name for q in questions for name in q.names]
    pairs = [(row, words[w]) for row, name in enumerate(names) for w in known_words(name, words)]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shape = (len(names), len(words))
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _most_likely(questions: Sequence[Question], known: csr_matrix, n_words: int) -> Doubles:
    """Return the coefficients of what is known of each column, and the utility of none."""
    sizes = [len(q.names) for q in questions]
    starts, of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    asked = np.concatenate([q.asked[:-1] for q in questions])
    nothing = np.array([q.asked[-1] for q in questions])
    prior = np.r_[np.full(n_words, WORD_PRIOR), np.full(known.shape[1] - n_words, SIGN_PRIOR), 0.0]

    def loss(found: Doubles) -> tuple[float, Doubles]:
        utility, none = known @ found[:-1], found[-1]
        top = np.maximum(np.maximum.reduceat(utility, starts), none)
        raised, rest = np.exp(utility - top[of]), np.exp(none - top)
        whole = np.add.reduceat(raised, starts) + rest
        chance, no_chance = raised / whole[of], rest / whole
        lost = -(asked @ np.log(chance + 1e-12)) - (nothing @ np.log(no_chance + 1e-12))
        slope = np.r_[known.T @ (chance - asked), (no_chance - nothing).sum()]
        return float(lost + prior @ found**2 / 2), slope + prior * found

    start = np.zeros(known.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def write_asked(asked: Asked, out: Path) -> None:
    """Store what was learned, readable by a person."""
    words = dict(sorted(asked.words.items(), key=lambda one: -one[1]))
    found = {"none": asked.none, "signs": asked.signs, "words": words}
    (out / FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if asked.trees is not None:
        asked.trees.save(out / TREES_FILE, COLUMN_TRAITS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    options = parser.parse_args(arguments)
    found = (question_of(record["outcomes"], p) for record, p in read_wanted(options.tables))
    questions = [question for question in found if question is not None]
    write_asked(fit_asked(questions), options.out)
    print(f"{len(questions)} tables: {options.out / FILE}")


if __name__ == "__main__":
    main()
