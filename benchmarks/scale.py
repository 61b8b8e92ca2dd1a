"""Owns what a warm call costs, how that grows with the columns, and how often the rows are read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

import erp_widget as erp
from benchmarks.figure import Figure
from benchmarks.tables import sales
from vizmodel.runtime import open_runtime

REPEATS = 7
#: Columns -> the most that a call may cost, as a multiple of one with ten columns.
WIDE = {40: 2.0, 200: 5.0, 1_000: None}


def figures() -> Iterator[Figure]:
    """Measure in this process, which has made a first gallery already; processor time."""
    erp.recommend(wide(10), store=":memory:")
    ten = _median_ms(wide(10))
    yield from _warm(ten)
    for n_columns, goal in WIDE.items():
        ratio = _paired(wide(n_columns), wide(10))
        what = f"15 charts of 400 rows x {n_columns:,} columns / x 10 columns"
        if goal is None:
            yield Figure(what, f"{ratio:.2f}x")
        else:
            yield Figure.at_most(what, ratio, goal, "x")


def wide(n_columns: int, n_rows: int = 400) -> pd.DataFrame:
    """Return the table of sales again and again, each time in another order of rows."""
    base, rng = sales(n_rows), np.random.default_rng(0)
    columns: dict[str, Any] = {}
    for place in range(n_columns):
        name = base.columns[place % len(base.columns)]
        turn = place // len(base.columns)
        values = base[name].to_numpy()
        columns[f"{name} {turn}" if turn else name] = values[rng.permutation(n_rows)]
    return pd.DataFrame(columns)


def _warm(ten_ms: float) -> Iterator[Figure]:
    """Count the queries of one call, and the time that it spends in the network."""
    spent = {"network": 0.0}
    runtime = open_runtime()

    def timed(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return call(*arguments, **named)
            finally:
                spent["network"] += (time.process_time() - began) * 1000

        return run

    with ExitStack() as patched:
        for name in ("encode_many", "start", "step_many"):
            patched.enter_context(patch.object(runtime, name, timed(getattr(runtime, name))))
        patched.enter_context(patch("vizmodel.search.decoder.open_runtime", lambda: runtime))
        began = time.process_time()
        gallery = erp.recommend(wide(10), store=":memory:")
        total = (time.process_time() - began) * 1000
    detail = f"  (the network took {spent['network']:.0f} of {total:.0f} in one of them)"
    what = "warm recommend, 400 rows x 10, 15 charts, CPU-ms"
    yield Figure.at_most(what, ten_ms, 150, " ms", detail)
    question = gallery.question
    assert question is not None
    yield Figure("scans of the rows for those 15 charts", f"{question.table.n_scans}")


def _median_ms(table: pd.DataFrame) -> float:
    return statistics.median(_once_ms(table) for _ in range(REPEATS))


def _paired(table: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the median of ratios of calls that take turns: a busy moment touches both."""
    _once_ms(table)
    return statistics.median(_once_ms(table) / _once_ms(other) for _ in range(REPEATS))


def _once_ms(table: pd.DataFrame) -> float:
    began = time.process_time()
    len(erp.recommend(table, store=":memory:"))
    return (time.process_time() - began) * 1000
