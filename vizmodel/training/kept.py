"""Owns the fit of what is worth keeping: verdicts on lists of charts, chart by chart.

    python -m vizmodel.training.kept --tables DIR ... [--out DIR]

`verdicts.jsonl` holds lists that this program made of tables without people's charts, some of them
those of `made_tables`, each chart with the verdict of a reader who saw it drawn: good (g), kept
(k), or dropped because it repeats an earlier one (R), says nothing (N), has a meaningless measure
(M), a wrong form (W), cannot be read (U) or is drawn badly (D). The readers are vision language
models under written criteria. Boosted trees over traits learn what is kept whatever was shown
before; a logistic regression then learns what the list before a chart takes from that. Tables are
left out one group at a time to measure.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from vizmodel.design import Design, canonical
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.variety import BESIDE, Variety
from vizmodel.ranking.weights import WEIGHTS
from vizmodel.tokens import make_encoding
from vizmodel.training.corpus import read_table
from vizmodel.training.taste import SETTINGS as CHOSEN_SETTINGS
from vizmodel.training.taste import as_trees
from vizmodel.worth.taste import KEPT_FILE
from vizmodel.worth.traits import Floats, Traits

Doubles = npt.NDArray[np.float64]
VERDICTS = Path(__file__).with_name("verdicts.jsonl")
#: What a verdict says of the chart itself: repeats say nothing of it, bad drawing is no fault of
#: its choice, and a good chart is worth more than one that is kept.
WORTH = {"g": 1.0, "k": 0.8, "D": 0.8, "N": 0.0, "M": 0.0, "W": 0.0, "U": 0.0}
ROUNDS, FOLDS = 400, 8
#: As of the taste, with deeper trees.
SETTINGS: dict[str, Any] = CHOSEN_SETTINGS | {
    "objective": "cross_entropy",
    "num_leaves": 31,
    "max_depth": 8,
    "learning_rate": 0.05,
    "min_data_in_leaf": 20,
}


@dataclass(frozen=True)
class JudgedList:
    """One list as a reader saw it.

    Parameters
    ----------
    table
        Its name; several readers may have seen it.
    rows
        Traits of the charts, in their order [n, n_traits].
    beside
        What the list before each chart has in common with it [n, n_beside].
    verdicts
        A letter for each chart.
    """

    table: str
    rows: Floats
    beside: Doubles
    verdicts: tuple[str, ...]


def read_lists(folders: Sequence[Path], verdicts: Path = VERDICTS) -> Iterator[JudgedList]:
    """Yield the judged lists whose tables are in some folders; others are left out.

    Parameters
    ----------
    folders
        Of the corpus, whose raw tables are in `raw`, of the tables of R packages, one folder a
        package (Rdatasets, Arel-Bundock; judged as the Python package pydataset 0.2 has them), of
        other packages, as `package_tables` writes them, and of those that `made_tables` makes.
    verdicts
        The file of lists.
    """
    for line in verdicts.read_text().splitlines():
        record = json.loads(line)
        paths = [path for folder in folders if (path := folder / record["table"]).is_file()]
        if not paths:
            continue
        profile = _profile(paths[0])
        designs = [_design(chart, profile) for chart in record["charts"]]
        if None in designs:
            # A column that is read otherwise today; the list was another one.
            continue
        letters = tuple(str(chart[2]) for chart in record["charts"])
        yield _judged(record["table"], [d for d in designs if d is not None], letters, profile)


def _profile(path: Path) -> Profile:
    """Return a table's profile; the nameless first column of R's files numbers its rows."""
    table = read_table(path)
    return profile_table(table.select([name for name in table.column_names if name]))


def _design(chart: Sequence[Any], profile: Profile) -> Design | None:
    mark, encodings, _ = chart
    try:
        return Design(mark, canonical(make_encoding(c, f, t, profile) for c, f, t in encodings))
    except (KeyError, ValueError):
        return None


def _judged(
    table: str, designs: Sequence[Design], verdicts: tuple[str, ...], profile: Profile
) -> JudgedList:
    traits = Traits(profile)
    variety = Variety(designs, profile, WEIGHTS, patient=False)
    beside = []
    for place in range(len(designs)):
        beside.append(variety.beside()[place])
        variety.add(place)
    return JudgedList(
        table, np.stack([traits.of(design) for design in designs]), np.stack(beside), verdicts
    )


def fit_kept(lists: Sequence[JudgedList], rounds: int = ROUNDS, **settings: Any) -> lgb.Booster:
    """Fit trees to the verdicts on the charts themselves; repeats are left out.

    Parameters
    ----------
    lists
        Each counts as much as its table has readers fewer.
    rounds
        Number of trees.
    settings
        Of LightGBM, beside `SETTINGS`.
    """
    rows, worth, weight = [], [], []
    for one, share in zip(lists, _shares(lists), strict=True):
        known = [verdict in WORTH for verdict in one.verdicts]
        rows.append(one.rows[known])
        worth += [WORTH[verdict] for verdict in one.verdicts if verdict in WORTH]
        weight += [share] * sum(known)
    data = lgb.Dataset(np.concatenate(rows), label=np.array(worth), weight=np.array(weight))
    return lgb.train({**SETTINGS, **settings}, data, rounds)


def _shares(lists: Sequence[JudgedList]) -> list[float]:
    readers = Counter(one.table for one in lists)
    return [1.0 / readers[one.table] for one in lists]


def out_of_fold(lists: Sequence[JudgedList], **settings: Any) -> list[Doubles]:
    """Return the logits of each list's charts by trees that have not seen its table."""
    tables = sorted({one.table for one in lists})
    order = np.random.default_rng(1).permutation(len(tables))
    fold = {tables[at]: place % FOLDS for place, at in enumerate(order)}
    logits = [np.zeros(0)] * len(lists)
    for number in range(min(FOLDS, len(tables))):
        model = fit_kept([one for one in lists if fold[one.table] != number], **settings)
        trees = as_trees(model)
        for place, one in enumerate(lists):
            if fold[one.table] == number:
                logits[place] = trees.sum(one.rows)
    return logits


def fit_beside(lists: Sequence[JudgedList], logits: Sequence[Doubles]) -> dict[str, float]:
    """Return what a logit is worth beside the charts before it: logistic regression, by name."""
    kept = np.concatenate([[v in "gkD" for v in one.verdicts] for one in lists]).astype(float)
    weight = np.repeat(_shares(lists), [len(one.verdicts) for one in lists])
    beside = np.concatenate([one.beside for one in lists])
    worth = np.concatenate(logits)
    own = [np.ones(len(kept)), worth, worth * beside[:, BESIDE.index("again")]]
    known = np.concatenate([np.stack(own, axis=1), beside], axis=1)
    found = np.zeros(known.shape[1])
    for _ in range(30):  # Newton's method, with a unit of ridge
        chance = 1.0 / (1.0 + np.exp(-known @ found))
        slope = known.T @ (weight * (chance - kept)) + found
        curve = (known * (weight * chance * (1.0 - chance))[:, None]).T @ known
        found = found - np.linalg.solve(curve + np.eye(len(found)), slope)
    names = ("base", "worth", "worth_again", *BESIDE)
    return dict(zip(names, found.round(2).tolist(), strict=True))


def discrimination(lists: Sequence[JudgedList], logits: Sequence[Doubles]) -> float:
    """Return how often a kept chart's logit is above a dropped one's; repeats are left out."""
    pairs = [
        (logit, WORTH[verdict] > 0)
        for one, found in zip(lists, logits, strict=True)
        for logit, verdict in zip(found, one.verdicts, strict=True)
        if verdict in WORTH
    ]
    kept = np.array([logit for logit, is_kept in pairs if is_kept])
    dropped = np.sort([logit for logit, is_kept in pairs if not is_kept])
    return float(np.searchsorted(dropped, kept).mean() / max(len(dropped), 1))


def write_kept(lists: Sequence[JudgedList], out: Path, **settings: Any) -> None:
    """Fit the trees to lists and store them."""
    as_trees(fit_kept(lists, **settings)).save(out / KEPT_FILE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and store the trees; print what they are worth on tables they have not seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("vizmodel/weights/1"))
    options = parser.parse_args(arguments)
    lists = list(read_lists(options.tables))
    if not lists:
        parser.error(f"none of the tables of {VERDICTS.name} is in {options.tables}")
    logits = out_of_fold(lists)
    print(f"{len({one.table for one in lists})} tables, {sum(map(len, logits))} verdicts")
    print(f"a kept chart is above a dropped one in {discrimination(lists, logits):.3f} of pairs")
    print(f"beside earlier charts: {fit_beside(lists, logits)}")
    write_kept(lists, options.out)


if __name__ == "__main__":
    main()
