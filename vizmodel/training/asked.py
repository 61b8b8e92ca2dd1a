"""Owns the fit of what a table asks: labels of which columns others are there to explain.

    python -m vizmodel.training.asked --tables DIR ... [--out DIR]

`wanted.jsonl` holds, for tables of R and Python packages and of public statistics, the columns that
a language model under written criteria named as what the others explain (`outcomes`, the first one
foremost), and the charts that it would draw first (`wanted`). Maximum likelihood with a normal
prior on each coefficient.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from vizmodel.asked import FILE, SIGNS, Asked, asked_columns, known_words, name_words, signs
from vizmodel.profile import Profile, profile_table
from vizmodel.training.corpus import CorpusError, read_table

Doubles = npt.NDArray[np.float64]
LABELS = Path(__file__).with_name("wanted.jsonl")
MAX_ROWS = 20_000
#: What the second and third column named count beside the first.
FURTHER = 0.4
#: A sign that hardly differs tells little.
MIN_SPREAD = 0.01
#: Fewest tables that have a word, and precision of the priors of words and of signs.
MIN_TABLES, WORD_PRIOR, SIGN_PRIOR = 2, 0.7, 1.0


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
    for line in labels.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        paths = [path for folder in folders if (path := folder / record["table"]).is_file()]
        if not paths:
            continue
        try:
            table = read_table(paths[0])
        except CorpusError:
            continue
        named = [name for name in table.column_names if name]
        yield record, profile_table(table.select(named).slice(0, MAX_ROWS))


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


def fit_asked(questions: Sequence[Question]) -> Asked:
    """Fit words and signs to what tables ask."""
    counted = Counter(w for q in questions for w in {w for n in q.names for w in name_words(n)})
    words = {w: at for at, w in enumerate(sorted(w for w, n in counted.items() if n >= MIN_TABLES))}
    every = np.concatenate([q.signs for q in questions])
    mean, spread = every.mean(axis=0), np.maximum(every.std(axis=0), MIN_SPREAD)
    known = np.hstack([_of_words(questions, words), (every - mean) / spread])
    found = _most_likely(questions, known, len(words))
    learned = dict(zip(words, found.round(3).tolist(), strict=False))
    nats = found[len(words) : -1]
    columns = np.stack([mean, spread, nats], axis=1).round(4).tolist()
    told = {sign: tuple(values) for sign, values in zip(SIGNS, columns, strict=True)}
    return Asked({w: n for w, n in learned.items() if n}, told, round(float(found[-1]), 4))


def _of_words(questions: Sequence[Question], words: Mapping[str, int]) -> Doubles:
    names = [name for q in questions for name in q.names]
    pairs = [(row, words[w]) for row, name in enumerate(names) for w in known_words(name, words)]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shape = (len(names), len(words))
    return np.asarray(csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).todense())


def _most_likely(questions: Sequence[Question], known: Doubles, n_words: int) -> Doubles:
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
