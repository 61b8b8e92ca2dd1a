"""Owns made-up tables of what packages and offices hardly publish.

    python -m vizmodel.training.made_tables --out DIR

`record_tables.jsonl` writes down records that people keep at work (orders, tickets, runs, shifts,
ledgers), `kind_tables.jsonl` questionnaires, experiments, sports, money, practice tables, wide
statistics and places, one table a line: a name, a number of rows, and for each column an expression
that makes its values of those before it. `wanted.jsonl` names what an analyst would draw of
`records/NAME.csv`, and `verdicts.jsonl` says what lists of all were worth.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Folder of the tables, as their names begin -> the file that writes them down.
SPECS = {
    folder: Path(__file__).with_name(f"{name}_tables.jsonl")
    for folder, name in (("records", "record"), ("kinds", "kind"))
}
RECORDS = "records"

Values = npt.NDArray[Any]
Options = Mapping[Any, float] | Sequence[Any]


class Maker:
    """What expressions may call to make `n` values; the same seed makes the same table.

    Examples
    --------
    >>> Maker(3, seed=1).ids("A-", 7).tolist()
    ['A-7', 'A-8', 'A-9']
    """

    def __init__(self, n: int, seed: int) -> None:
        self.n = n
        self.rng = np.random.default_rng(seed)

    def ids(self, prefix: str = "", start: int = 1, width: int = 0) -> Values:
        """Return running numbers, or texts where they have a prefix."""
        numbers = np.arange(start, start + self.n)
        return np.array([f"{prefix}{i:0{width}d}" for i in numbers]) if prefix else numbers

    def dates(self, start: str, days: int, ordered: bool = True) -> Values:
        """Return days within some days from a date, in order unless told."""
        found = pd.Timestamp(start) + pd.to_timedelta(self.rng.integers(0, days, self.n), "D")
        return self._written(found.sort_values() if ordered else found, "%Y-%m-%d")

    def times(self, start: str, days: float, ordered: bool = True) -> Values:
        """Return moments within some days from a date, in order unless told."""
        seconds = self.rng.integers(0, int(days * 86_400), self.n)
        found = pd.Timestamp(start) + pd.to_timedelta(seconds, "s")
        return self._written(found.sort_values() if ordered else found, "%Y-%m-%d %H:%M:%S")

    def every(self, start: str, step: str, n: int | None = None) -> Values:
        """Return dates one step apart (pandas: D, W, MS, QS, YS, h), one a row unless told."""
        found = pd.date_range(start, periods=self.n if n is None else n, freq=step)
        return self._written(found, "%Y-%m-%d %H:%M:%S" if step in ("h", "min") else "%Y-%m-%d")

    def after(self, dates: Values, days: Values | float) -> Values:
        """Return dates some days after others; blank where the days are."""
        shifted = pd.to_datetime(pd.Series(dates)) + pd.to_timedelta(np.floor(days), "D")
        return np.asarray(shifted.dt.strftime("%Y-%m-%d").astype(object))

    def part(self, dates: Values, form: str) -> Values:
        """Return parts of dates, written as `strftime` does."""
        return np.asarray(pd.to_datetime(pd.Series(dates)).dt.strftime(form).astype(object))

    def pick(self, options: Options) -> Values:
        """Return some of several values, by weight where weights are told."""
        weights = list(options.values()) if isinstance(options, Mapping) else [1.0] * len(options)
        places = self.rng.choice(len(weights), self.n, p=np.array(weights) / sum(weights))
        return np.array(list(options), dtype=object)[places]

    def by(self, column: Values, values: Mapping[Any, Any]) -> Values:
        """Return what belongs to each value of a column."""
        return np.array([values[one] for one in column])

    def normal(self, mean: Any, sd: Any) -> Values:
        """Return numbers around a mean."""
        return self.rng.normal(mean, sd, self.n)

    def lognormal(self, median: Any, sigma: Any) -> Values:
        """Return positive numbers with a long tail."""
        return np.asarray(median * np.exp(self.rng.normal(0, sigma, self.n)))

    def poisson(self, mean: Any) -> Values:
        """Return counts."""
        return self.rng.poisson(mean, self.n)

    def ints(self, low: int, high: int) -> Values:
        """Return whole numbers from low to high, both among them."""
        return self.rng.integers(low, high + 1, self.n)

    def uniform(self, low: Any, high: Any) -> Values:
        """Return numbers from low to high."""
        return self.rng.uniform(low, high, self.n)

    def chance(self, share: Any, yes: Any = 1, no: Any = 0) -> Values:
        """Return yes with a chance, which may differ from row to row, and else no."""
        hit = self.rng.random(self.n) < share
        return np.array([yes if one else no for one in hit], dtype=object if yes != 1 else int)

    def walk(self, start: float, sd: float) -> Values:
        """Return what goes up and down by some of itself from row to row, as prices do."""
        return np.asarray(start * np.exp(np.cumsum(self.rng.normal(0, sd, self.n))))

    def wave(self, period: float) -> Values:
        """Return numbers from -1 to 1 that come round every so many rows."""
        return np.asarray(np.sin(np.arange(self.n) * 2 * np.pi / period))

    def blank(self, values: Values, share: Any) -> Values:
        """Return values of which a share is missing."""
        gone = self.rng.random(self.n) < share
        return np.array([None if out else v for v, out in zip(values, gone, strict=True)], object)

    @staticmethod
    def _written(dates: pd.DatetimeIndex, form: str) -> Values:
        return np.asarray(dates.strftime(form).astype(object))


#: What expressions may use besides.
_PLAIN: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in ("where", "round", "floor", "clip", "maximum", "exp")},
    **{name: getattr(np, name) for name in ("minimum", "log", "abs", "cumsum", "arange", "sqrt")},
    "range": range,
    "zip": zip,
    "num": lambda values: np.asarray(values, dtype=float),
    "text": lambda values: np.array([str(value) for value in values], dtype=object),
}


def made_table(spec: Mapping[str, Any]) -> pd.DataFrame:
    """Make a table as it is written down.

    Parameters
    ----------
    spec
        name; seed, where it is not that of the name; rows, or cross (name -> values of which all
        combinations are rows); columns (name -> an expression of columns before it, as
        `c['Its name']` or by their names).

    Examples
    --------
    >>> spec = {"name": "shifts", "cross": {"day": ["Mo", "Tu"], "shift": ["early", "late"]},
    ...         "columns": {"hours": "ints(6, 9)", "pay": "hours * 14"}}
    >>> table = made_table(spec)
    >>> list(table.columns), len(table), bool((table["pay"] == table["hours"] * 14).all())
    (['day', 'shift', 'hours', 'pay'], 4, True)
    """
    seed = spec.get("seed", zlib.crc32(spec["name"].encode()))
    made: dict[str, Values] = {}
    n = spec.get("rows", 0)
    if "cross" in spec:
        few = Maker(0, seed)
        lists = [_values(few, one) for one in spec["cross"].values()]
        columns = zip(*product(*lists), strict=True)
        made = {k: np.array(v, object) for k, v in zip(spec["cross"], columns, strict=True)}
        n = len(next(iter(made.values())))
    maker = Maker(n, seed)
    for name, expression in spec["columns"].items():
        value = _evaluated(maker, expression, made)
        made[name] = np.full(n, value) if np.ndim(value) == 0 else value
    hidden = set(spec.get("hidden", ()))
    return pd.DataFrame({name: values for name, values in made.items() if name not in hidden})


def _values(maker: Maker, told: Sequence[Any] | str) -> Sequence[Any]:
    return _evaluated(maker, told, {}) if isinstance(told, str) else told


def _evaluated(maker: Maker, expression: str, made: Mapping[str, Values]) -> Any:
    calls = {name: getattr(maker, name) for name in dir(maker) if not name.startswith("_")}
    names = {"__builtins__": {}, **_PLAIN, **calls, **made, "c": made}
    return eval(expression, names)


def read_specs(folder: str) -> list[dict[str, Any]]:
    """Return the tables of a folder as they are written down."""
    return [json.loads(line) for line in SPECS[folder].read_text(encoding="utf-8").splitlines()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make all tables and write them as files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    for folder in SPECS:
        (options.out / folder).mkdir(parents=True, exist_ok=True)
        specs = read_specs(folder)
        for spec in specs:
            made_table(spec).to_csv(options.out / folder / f"{spec['name']}.csv", index=False)
        print(f"{len(specs)} tables: {options.out / folder}")


if __name__ == "__main__":
    main()
