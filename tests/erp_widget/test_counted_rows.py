"""Many rows in memory answer what DuckDB answers of them, and leave to it what they do not know."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import product
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from made_charts import CHARTS, encoding, sales_table

from erp_widget.aggregate import rows
from erp_widget.aggregate.boxes import grouped
from erp_widget.sources import counted_columns, counted_rows, open_table
from erp_widget.sources.counted_figures import FIGURES
from erp_widget.sources.counted_rows import CountedRows
from erp_widget.sources.query import Answer, Key, Measure, Part, Query
from erp_widget.sources.rows import MemoryRows
from vizmodel.design import Design, canonical
from vizmodel.form.style import styled
from vizmodel.profile import Cast, profile_table

N = 3_000
TEXTS, TIMES, NUMBERS = ("text", "kind"), ("when", "rough"), ("truth", "count", "small", "size")
PARTS = [part for part in get_args(Part) if part not in ("value", "bin")]
NAMES = (*TEXTS, *TIMES, *NUMBERS, "level", "money")


@pytest.fixture(autouse=True)
def _go_through_rows_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_columns, "STRETCH", 700)


def made(seed: int, gaps: float) -> CountedRows:
    """Return rows of every kind, with ties, gaps, zeros of both signs and endless numbers."""
    rng = np.random.default_rng(seed)
    hours = (rng.gamma(1, 4_000, N) * 3_600_000_000).astype("timedelta64[us]")
    times = np.datetime64("1968-11-30T21:30:00", "us") + hours
    money = rng.normal(1, 3, N)
    money[rng.random(N) < gaps / 9] = np.inf
    values: dict[str, Any] = {
        "text": pa.array(rng.choice([" é", "a", "a ", "Z", "NA", "aa"], N).tolist()),
        "kind": pa.array(rng.choice(["x", "y"], N).tolist()).dictionary_encode(),
        "when": pa.array(times),
        "rough": pa.array(times.astype("datetime64[s]")),
        "truth": pa.array(rng.random(N) < 0.5),
        "count": pa.array(rng.poisson(3, N)),
        "small": pa.array(rng.integers(0, 200, N).astype(np.uint8)),
        "size": pa.array(rng.integers(-6, 7, N) * 0.1 * rng.choice([-1, 1], N)),
        "level": pa.array(rng.choice([-2, 1, 3, 4], N).astype(np.float32)),
        "money": pa.array(np.where(rng.random(N) < gaps, np.nan, money)),
    }
    for name in values if gaps else ():
        places = pa.array(np.arange(N), mask=rng.random(N) < gaps)
        values[name] = values[name].take(places)
    casts = [Cast(name, "text" if name in TEXTS else "keep") for name in values]
    return MemoryRows(pa.table(values)).counted(casts)


def key(name: str, *of: Any, **more: Any) -> Key:
    return Key(f"c{NAMES.index(name)}", *of, **more)


KEYS = [
    *(key(name) for name in (*TEXTS, *NUMBERS, "level")),
    *(key(name, part) for name in TIMES for part in PARTS),
    *(key(name, "bin", -2.0, 0.7, 9) for name in ("count", "size", "money")),
    key("money", "bin", -1.0, 0.5, 6, log=True),
]
MEASURES = [
    Measure("rows"),
    *(Measure("count", key(name).column) for name in NAMES),
    *(
        Measure(summary, key(name).column)
        for summary in FIGURES
        if summary not in ("rows", "count")
        for name in (*NUMBERS, "level", "money")
    ),
]


def same(found: Answer, asked: Answer) -> None:
    """Compare: order, types and values; what was added up in another order only nearly."""
    assert len(found) == len(asked)
    for one, other in zip(found, asked, strict=True):
        assert list(map(type, one.values())) == list(map(type, other.values()))
        for name, value in other.items():
            if isinstance(value, float):
                assert math.isclose(one[name], value, rel_tol=1e-12, abs_tol=1e-12)
            else:
                assert one[name] == value


def answered(held: CountedRows, query: Query) -> None:
    """Compare with what DuckDB answers, which is not asked."""
    assert "asked" not in held.__dict__
    found = held.ask(query)
    assert "asked" not in held.__dict__, "it is answered here"
    same(found, held.engine().ask(query))


@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_every_figure_of_every_key(gaps: float) -> None:
    held = made(1, gaps)
    measures = {f"m{at}": one for at, one in enumerate(MEASURES)}
    for one in KEYS:
        answered(held, Query({"x": one}, measures))
    answered(held, Query({}, measures))


@pytest.mark.parametrize("seed", range(2))
def test_two_keys_conditions_and_limits(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_rows, "MAX_GROUPS", 2**20)
    held, rng = made(seed, 0.1), np.random.default_rng(seed)
    for first, second in product(KEYS[seed:6:2], KEYS[3:]):
        asked = {f"m{at}": MEASURES[at] for at in rng.choice(len(MEASURES), 3, replace=False)}
        names = rng.choice(NAMES, rng.integers(0, 3), replace=False)
        present = tuple(key(name).column for name in names)
        keys = {"x": first, "y": second}
        answered(held, Query(keys, asked, present=present, limit=int(rng.integers(1, 99))))
        largest = {**asked, "n": Measure("mean", key("count").column)}
        answered(held, Query(keys, largest, largest="n", present=present, limit=30))
    outside = (key("text").column, ("a", "é", None))
    answered(held, Query({"x": key("text"), "y": KEYS[9]}, {"n": MEASURES[0]}, outside=outside))


def test_rows_are_listed_as_duckdb_lists_them() -> None:
    held = made(4, 0.1)
    for one, name in product(KEYS, ("count", "money", "truth")):
        column = key(name).column
        query = Query(
            {"x": one}, {"v": Measure("values", column)}, present=(column, key("kind").column)
        )
        here, there = (
            {group: np.sort(np.concatenate(parts)) for group, parts in of.items()}
            for of in (grouped(held, query), grouped(held.engine(), query))
        )
        assert here.keys() == there.keys()
        assert all(np.array_equal(here[group], there[group]) for group in there)


def test_too_many_texts_are_left_to_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_columns, "MAX_TEXTS", 3)
    held, text = made(7, 0.1), key("text").column
    n = Measure("rows")
    for query in (
        Query({"x": key("text")}, {"n": n}),
        Query({"x": key("kind")}, {"n": n, "m": Measure("count", text)}),
        Query({"x": key("kind")}, {"n": n}, present=(text,)),
    ):
        held.__dict__.pop("asked", None)
        assert held.ask(query) == held.engine().ask(query)
        assert "asked" in held.__dict__


def test_what_they_do_not_know_duckdb_answers() -> None:
    held, n = made(5, 0.1), {"n": Measure("rows")}
    for query in (
        Query({"x": key("kind")}, {"m": Measure("median", key("size").column)}),
        Query({"x": key("when")}, n),
        Query({"x": key("money")}, n),
        Query({}, n, outside=(key("kind").column, ("x",))),
        Query({}, n, among=(key("count"), (1, 2))),
    ):
        before = held.scans.count
        assert held.ask(query) == held.engine().ask(query)
        assert held.scans.count == before + 1
    (some,) = held.where([(key("kind").column, "x", False)]).ask(Query({}, n))
    (others,) = held.where([(key("kind").column, "x", True)]).ask(Query({}, n))
    assert 0 < some["n"] < N and some["n"] + others["n"] == N


def test_the_ends_of_columns_are_those_that_duckdb_finds() -> None:
    held = made(6, 0.2)
    for name in ("count", "small", "size", "money"):
        column = key(name).column
        ends = {"low": Measure("min", column), "high": Measure("max", column)}
        ((low, high),) = (one.values() for one in held.engine().ask(Query({}, ends)))
        assert held.column(column).extent()[:2] == (low, high)
    empty = counted_columns.Column(pa.chunked_array([[None, float("nan")]], pa.float64()))
    assert empty.extent() == (0.0, 0.0, False)


def test_every_chart_is_the_one_that_duckdb_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, base = np.random.default_rng(3), sales_table()
    frame = base.iloc[rng.integers(0, len(base), 12_000)].reset_index(drop=True)
    for name in ("price", "city", "when"):
        frame.loc[rng.random(len(frame)) < 0.05, name] = None
    frame.loc[rng.random(len(frame)) < 0.01, "change"] = np.inf

    def drawn() -> list[Any]:
        table = open_table(frame)
        profile = profile_table(table.sample(), table.n_rows)
        found = []
        for mark, *encodings in CHARTS:
            of = canonical(encoding(text, profile) for text in encodings)
            found.append(rows(table, styled(Design(mark, of), profile)))
        return found

    here = drawn()
    monkeypatch.setattr(counted_rows, "MAX_ROWS", 0)
    for one, other in zip(here, drawn(), strict=True):
        assert (one.n_shown, one.note, one.orders) == (other.n_shown, other.note, other.orders)
        same(one.records, other.records)


def test_a_table_of_many_rows_is_drawn_without_duckdb() -> None:
    code = (
        "import sys, erp_widget as erp\n"
        "frame = {'city': ['a', 'b'] * 9_000, 'n': [3, 1, 4] * 6_000, 'v': range(18_000)}\n"
        "assert len(erp.recommend(frame, store=':memory:')) > 3\n"
        "assert 'duckdb' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
