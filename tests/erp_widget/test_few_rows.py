"""Few rows answer what DuckDB answers of them, and leave to it what they do not know."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from itertools import product
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from made_charts import CHARTS, encoding, sales_table

from erp_widget.aggregate import SharedRows
from erp_widget.sources import open_table
from erp_widget.sources.few_rows import FIGURES, FewRows, few_rows
from erp_widget.sources.query import Key, Measure, Part, Query
from vizmodel.design import Design, canonical
from vizmodel.form.style import styled
from vizmodel.profile import profile_table

KINDS = ("text", "truth", "whole", "real", "time")
#: Every part of a value, of the columns that have it.
KEYS = [
    *(Key(kind) for kind in KINDS),
    *(Key("time", part) for part in get_args(Part) if part not in ("value", "bin")),
    *(Key(kind, "bin", -2.0, 0.7, 9) for kind in ("whole", "real")),
    Key("real", "bin", -1.0, 0.5, 6, log=True),
]
MEASURES = [
    Measure("rows"),
    *(
        Measure(summary, kind)  # type: ignore[arg-type]  # a name of the vocabulary
        for summary, kinds in FIGURES.items()
        if summary != "rows"
        for kind in kinds or KINDS
    ),
]


def made(seed: int, n_rows: int = 200, gaps: float = 0.1) -> FewRows:
    """Return rows of every kind, with ties, gaps, zeros of both signs and groups without values."""
    rng = np.random.default_rng(seed)
    start = dt.datetime(1969, 12, 30)
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "text": (pa.string(), rng.choice(["é", "a", "Z", "", "aa"], n_rows).tolist()),
        "truth": (pa.bool_(), (rng.random(n_rows) < 0.5).tolist()),
        "whole": (pa.int64(), rng.integers(-4, 5, n_rows).tolist()),
        "real": (
            pa.float64(),
            (rng.integers(-6, 7, n_rows) * 0.1 * rng.choice([-1, 1], n_rows)).tolist(),
        ),
        "time": (
            pa.timestamp("us"),
            [start + dt.timedelta(hours=float(h)) for h in rng.gamma(1, 4_000, n_rows)],
        ),
    }
    missing = {name: rng.random(n_rows) < gaps for name in columns}
    missing["real"] |= np.array([text == "Z" for text in columns["text"][1]], dtype=bool)
    arrays = {
        name: pa.array(
            [None if gap else v for v, gap in zip(values, missing[name], strict=True)], k
        )
        for name, (k, values) in columns.items()
    }
    return few_rows(pa.table(arrays), str)


def same(rows: FewRows, query: Query) -> None:
    """Compare with what DuckDB answers: order, types and values, all bits of them."""
    assert all(rows._knows(one) for _, one in query.measures)
    found, asked = rows.ask(query), rows.asked.ask(query)
    assert found == asked
    for one, other in zip(found, asked, strict=True):
        assert [*one] == [*other]
        assert list(map(type, one.values())) == list(map(type, other.values()))


@pytest.mark.parametrize(("seed", "n_rows", "gaps"), [(1, 200, 0.1), (2, 40, 0.0), (3, 0, 0.0)])
def test_every_figure_of_every_key(seed: int, n_rows: int, gaps: float) -> None:
    rows = made(seed, n_rows, gaps)
    measures = {f"m{at}": one for at, one in enumerate(MEASURES)}
    for key in KEYS:
        same(rows, Query({"x": key}, measures))
    same(rows, Query({}, measures))


@pytest.mark.parametrize("seed", range(4))
def test_two_keys_conditions_and_limits(seed: int) -> None:
    rows, rng = made(seed), np.random.default_rng(seed)
    for first, second in product(KEYS[:6], KEYS[3:]):
        measures = rng.choice(len(MEASURES), 3, replace=False)
        present = tuple(rng.choice(KINDS, rng.integers(0, 3), replace=False).tolist())
        asked = {f"m{at}": MEASURES[number] for at, number in enumerate(measures)}
        keys = {"x": first, "y": second}
        same(rows, Query(keys, asked, present=present, limit=int(rng.integers(1, 99))))
        largest = {**asked, "n": Measure("mean", "whole")}
        same(rows, Query(keys, largest, largest="n", outside=("text", ("a", "é")), limit=30))
        same(rows, Query(keys, asked, outside=("whole", (None, 3)), among=(KEYS[-3], (1, 2, 5))))


def test_rows_are_listed_as_a_query_lists_them() -> None:
    rows = made(5)
    for key, number in product(KINDS, ("whole", "real")):
        query = Query({"x": Key(key)}, {"v": Measure("values", number)}, present=(number,))
        (listed,), (asked,) = rows.pieces(query), rows.asked.pieces(query)
        assert listed.equals(asked)
    assert rows.rows(["text", "time"]) == rows.asked.rows(["text", "time"])
    large = FewRows(pa.table({"c0": pa.array([2**53 + 1, 2**60 + 3])}))
    query = Query({}, {"v": Measure("values", "c0")})
    assert next(large.pieces(query)).equals(next(large.asked.pieces(query)))


def test_what_they_do_not_know_duckdb_answers() -> None:
    rows = made(6)
    for measure in (Measure("max", "text"), Measure("total", "whole")):
        query = Query({"x": Key("truth")}, {"m": measure})
        assert not rows._knows(measure)
        assert rows.ask(query) == rows.asked.ask(query)
    n_texts = sum(one["text"] == "a" for one in rows.rows(["text"]))
    for but, n_rows in ((False, n_texts), (True, len(rows.rows(["text"])) - n_texts)):
        held = rows.where([("text", "a", but)]).ask(Query({}, {"n": Measure("rows")}))
        assert held == [{"n": n_rows}]


def test_scans_are_counted_whoever_answers() -> None:
    rows = made(7)
    rows.ask(Query({}, {"n": Measure("rows")}))
    rows.ask(Query({}, {"n": Measure("max", "text")}))
    rows.rows(["text"])
    assert rows.scans.count == 3


def test_every_chart_is_the_one_that_duckdb_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, rng = sales_table(), np.random.default_rng(3)
    for name in ("price", "city"):
        frame.loc[rng.random(len(frame)) < 0.05, name] = None
    frame.loc[rng.random(len(frame)) < 0.01, "change"] = np.inf

    def drawn() -> list[Any]:
        table = open_table(frame)
        profile = profile_table(table.sample(), table.n_rows)
        designs = []
        for mark, *encodings in CHARTS:
            of = canonical(encoding(text, profile) for text in encodings)
            designs.append(styled(Design(mark, of), profile))
        shared = SharedRows(table, designs)
        return [shared.rows(design) for design in designs]

    here = drawn()
    monkeypatch.setattr(FewRows, "ask", lambda self, query: self.asked.ask(query))
    assert here == drawn()


def test_a_small_table_is_drawn_without_duckdb() -> None:
    code = (
        "import sys, erp_widget as erp\n"
        "frame = {'city': ['a', 'b'] * 40, 'n': range(80), 'v': [1.5, 4, 2, 9] * 20}\n"
        "assert len(erp.recommend(frame, store=':memory:')) > 3\n"
        "assert 'duckdb' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
