"""Charts that share scans of a table have the rows that each of them has alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from made_charts import CHARTS, encoding, sales_table

from erp_widget.aggregate import ChartRows, SharedRows, boxes, piles, rows
from erp_widget.sources import Table, open_table
from vizmodel.design import Design, canonical
from vizmodel.form.style import styled
from vizmodel.profile import profile_table

FAILED = "a shared scan failed; its charts are asked alone"
#: More than the sample holds, so that nothing is answered by the sample alone.
N = 12_000


@pytest.fixture(autouse=True)
def _share_what_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp_widget.aggregate.shared_rows.MIN_SHARED_ROWS", 0)
    # Rows that are counted without DuckDB share nothing.
    monkeypatch.setattr("erp_widget.sources.counted_rows.MAX_ROWS", 0)


def long_table(seed: int = 5, n_rows: int = N) -> pd.DataFrame:
    """Return a table of every kind of column, with gaps, ties, tails and values out of range."""
    rng = np.random.default_rng(seed)
    base = sales_table()
    frame = base.iloc[rng.integers(0, len(base), n_rows)].reset_index(drop=True)
    frame["price"] = rng.lognormal(2, 1, n_rows).round(2)
    frame["skewed"] = rng.lognormal(4, 3, n_rows)
    frame["when"] = pd.Timestamp("2022-01-01") + pd.to_timedelta(
        rng.integers(0, 14_400, n_rows), "h"
    )
    frame.loc[rng.random(n_rows) < 0.05, ["price", "city"]] = None
    frame.loc[rng.random(n_rows) < 0.02, "when"] = pd.NaT
    frame.loc[rng.random(n_rows) < 0.001, "change"] = np.inf
    return frame


def designs_of(table: Table, charts: Any = CHARTS) -> list[Design]:
    """Return designs that tests write as words."""
    profile = profile_table(table.sample(), table.n_rows)
    found = []
    for mark, *encodings in charts:
        of = canonical(encoding(text, profile) for text in encodings)
        found.append(styled(Design(mark, of), profile))
    return found


def same(shared: ChartRows, alone: ChartRows) -> None:
    """Compare: whole numbers, texts and their order exactly, real numbers nearly."""
    assert (shared.n_shown, shared.note, shared.orders, shared.overall) == (
        alone.n_shown,
        alone.note,
        alone.orders,
        alone.overall,
    )
    assert len(shared.records) == len(alone.records)
    for one, other in zip(shared.records, alone.records, strict=True):
        assert one.keys() == other.keys()
        for key, value in other.items():
            if isinstance(value, float) or isinstance(one[key], float):
                assert math.isclose(one[key], value, rel_tol=1e-5, abs_tol=1e-6), (key, one, other)
            else:
                assert one[key] == value, (key, one, other)


def parquet(frame: pd.DataFrame, folder: Path) -> Any:
    frame.to_parquet(folder / "sales.parquet")
    return folder / "sales.parquet"


def in_duckdb_connection(frame: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    own = duckdb.connect()
    own.register("sales", pa.Table.from_pandas(frame))
    return own


def in_ibis(frame: pd.DataFrame, folder: Path) -> Any:
    import ibis

    return ibis.duckdb.from_connection(in_duckdb_connection(frame)).table("sales")


def in_duckdb(frame: pd.DataFrame, folder: Path) -> Any:
    return in_duckdb_connection(frame).table("sales")


@pytest.mark.parametrize("source", [lambda frame, _: frame, parquet, in_ibis, in_duckdb])
def test_shared_equals_alone_for_every_chart(
    source: Callable[[pd.DataFrame, Path], Any], tmp_path: Path
) -> None:
    table = open_table(source(long_table(), tmp_path))
    designs = designs_of(table)
    shared = SharedRows(table, designs)
    drawn = [shared.rows(design) for design in designs]
    n_shared = table.n_scans
    for design, found in zip(designs, drawn, strict=True):
        same(found, rows(table, design))
    assert n_shared < 0.7 * (table.n_scans - n_shared), "sharing saves scans"


@pytest.mark.parametrize("seed", range(2))
def test_any_few_charts_share_as_well_as_all(seed: int) -> None:
    table = open_table(long_table(seed, 9_000 + 2_000 * seed))
    designs = designs_of(table)
    order = np.random.default_rng(seed).permutation(len(designs))
    for few in np.array_split(order, 6):
        shared = SharedRows(table, [designs[at] for at in few])
        for at in few:
            same(shared.rows(designs[at]), rows(table, designs[at]))


def test_small_tables_share_too() -> None:
    table = open_table(sales_table())
    designs = designs_of(table)
    shared = SharedRows(table, designs)
    drawn = [shared.rows(design) for design in designs]
    n_shared = table.n_scans
    for design, found in zip(designs, drawn, strict=True):
        same(found, rows(table, design))
    assert n_shared < table.n_scans - n_shared


def test_charts_of_one_day_column_cost_one_scan() -> None:
    table = open_table(long_table())
    charts = [
        ("line", "x=month when", "y=mean price"),
        ("bar", "x=day when", "y=sum units"),
        ("line", "x=yearmonth when", "y=count"),
        ("bar", "x=year when", "y=max price"),
    ]
    designs = designs_of(table, charts)
    shared = SharedRows(table, designs)
    for design in designs:
        assert shared.rows(design).records
    assert table.n_scans == 1


def test_the_first_chart_waits_for_its_own_scan_only() -> None:
    table = open_table(long_table())
    designs = designs_of(
        table, [("bar", "x=category city", "y=count"), ("boxplot", "x=value skewed")]
    )
    shared = SharedRows(table, designs)
    shared.rows(designs[0])
    assert table.n_scans == 1


def test_a_failing_chart_does_not_sink_those_that_share_its_scan(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from erp_widget.aggregate.sharing import Share

    table = open_table(long_table())
    designs = designs_of(
        table,
        [("bar", "x=category city", "y=count"), ("bar", "x=category city", "y=mean price")],
    )
    broken = Share._asked

    def without_a_column(self: Share) -> Any:
        asked = broken(self)
        object.__setattr__(asked, "keys", (*asked.keys, ("k9", type(asked.keys[0][1])("c99"))))
        return asked

    monkeypatch.setattr(Share, "_asked", without_a_column)
    shared = SharedRows(table, designs)
    for design in designs:
        same(shared.rows(design), rows(table, design))
    assert [record.message for record in caplog.records] == 2 * [FAILED]


def n_asked_until_stopped(
    shared: SharedRows, design: Design, way: str, monkeypatch: pytest.MonkeyPatch
) -> int:
    """Ask for a chart while each query is stopped; return how many there were."""
    from erp_widget.sources.relation import DuckRelation

    asked = []

    def stopped(self: DuckRelation, query: Any) -> Any:
        asked.append(query)
        raise duckdb.InterruptException("INTERRUPT")

    with monkeypatch.context() as patched:
        patched.setattr(DuckRelation, way, stopped)
        with pytest.raises(duckdb.InterruptException):
            shared.rows(design)
    return len(asked)


def test_a_query_that_is_stopped_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    table = open_table(long_table())
    designs = designs_of(
        table,
        [("bar", "x=category city", "y=count"), ("bar", "x=category city", "y=mean price")],
    )
    shared = SharedRows(table, designs)
    assert n_asked_until_stopped(shared, designs[0], "table", monkeypatch) == 1
    same(shared.rows(designs[0]), rows(table, designs[0]))


def test_nor_are_the_ends_of_bins_of_a_later_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    table = open_table(long_table())
    binned = [("bar", f"x=bin {name}", "y=count") for name in ("price", "skewed")]
    designs = designs_of(table, [("bar", "x=category city", "y=count"), *binned])
    shared = SharedRows(table, designs)
    assert n_asked_until_stopped(shared, designs[0], "ask", monkeypatch) == 1
    same(shared.rows(designs[1]), rows(table, designs[1]))


VALUES: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "normal": lambda rng, n: rng.normal(0, 1, n),
    "heavy tails": lambda rng, n: rng.standard_cauchy(n),
    "one value mostly": lambda rng, n: np.where(rng.random(n) < 0.8, 0.0, rng.normal(5, 1, n)),
    "far apart": lambda rng, n: np.where(rng.random(n) < 0.5, rng.random(n), 1e12 + rng.random(n)),
    "very near": lambda rng, n: 1e9 + rng.random(n) * 1e-3,
    "constant": lambda rng, n: np.full(n, 7.25),
    "whole": lambda rng, n: rng.poisson(3, n).astype(float),
}


#: Rows whose values are fetched at once, and values of piles that are looked at one by one.
WAYS = {"values": (1_000_000, 250_000), "piles": (0, 250_000), "finer piles": (0, 200)}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("way", WAYS)
def test_boxes_are_exact_whatever_the_values(
    name: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most_held, most_values = WAYS[way]
    monkeypatch.setattr(boxes, "MAX_HELD_ROWS", most_held)
    monkeypatch.setattr(piles, "MAX_VALUES", most_values)
    rng = np.random.default_rng(1)
    values = VALUES[name](rng, N)
    values[rng.random(N) < 0.03] = np.nan
    frame = pd.DataFrame({"kind": rng.choice(["a", "b", "c"], N, p=[0.9, 0.09, 0.01]), "v": values})
    table = open_table(frame)
    (design,) = designs_of(table, [("boxplot", "x=category kind", "y=value v")])
    records = rows(table, design).records
    assert {record["x"] for record in records} == {"a", "b", "c"}
    for record in records:
        group = frame.loc[frame["kind"] == record["x"], "v"].dropna()
        q1, median, q3 = group.quantile([0.25, 0.5, 0.75])
        inside = group[group.between(q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))]
        wanted = {"q1": q1, "median": median, "q3": q3, "rows": len(group)}
        wanted |= {"low": inside.min(), "high": inside.max()}
        wanted |= {"minimum": group.min(), "maximum": group.max()}
        for part, value in wanted.items():
            assert record[part] == pytest.approx(value, rel=1e-5, abs=1e-9), (part, record)


def test_pairs_of_charts_share_their_common_keys() -> None:
    table = open_table(long_table())
    charts = [
        ("bar", "x=category city", "y=count"),
        ("bar", "x=category kind", "y=mean price"),
        ("bar", "x=category size", "y=min change"),
        ("bar", "x=bin units", "y=max price"),
    ]
    for pair in combinations(designs_of(table, charts), 2):
        before = table.n_scans
        shared = SharedRows(table, pair)
        for design in pair:
            shared.rows(design)
        assert table.n_scans <= before + 2  # and once the ends of what is put into bins
