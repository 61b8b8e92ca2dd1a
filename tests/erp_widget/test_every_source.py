"""One table gives the same charts through every door, wherever its rows are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import erp_widget as erp
from erp_widget.errors import SourceError
from erp_widget.sources import open_table
from erp_widget.sources.table import Table

N = 600


def frame() -> pd.DataFrame:
    """Return a table with missing values, odd texts and infinities."""
    rng = np.random.default_rng(4)
    city = rng.choice(["Rome", " Oslo ", "Kyiv", "NA", "Łódź"], N).astype(object)
    city[::50] = None
    price = rng.lognormal(2, 0.5, N).round(2)
    price[7], price[8] = np.inf, np.nan
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 700, N), unit="D")
    return pd.DataFrame(
        {
            "day": day.astype("datetime64[us]"),
            "city": city,
            "price": price,
            "units": rng.integers(1, 40, N),
            "share": (rng.integers(0, 100, N) / 100).astype("float32"),
            "open": rng.random(N) < 0.3,
        }
    )


def arrow() -> pa.Table:
    return pa.Table.from_pandas(frame(), preserve_index=False)


class Capsule:
    """Any object that speaks Arrow's C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return arrow().__arrow_c_stream__(requested_schema)


def in_parts(folder: Path) -> Path:
    """Write the table as several Parquet files of several groups."""
    for at in range(3):
        part = arrow().slice(at * 200, 200)
        pq.write_table(part, folder / f"sales-{at}.parquet", row_group_size=90)
    return folder


def in_database(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open a database that only the caller's own connection knows."""
    opened = duckdb.connect(str(folder / "own.db"))
    table = arrow()
    opened.register("given", table)
    opened.execute("CREATE TABLE sales AS SELECT * FROM given")
    return opened


DOORS: dict[str, Callable[[Path], Any]] = {
    "pandas on Arrow": lambda _: arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "pandas, nullable": lambda _: frame().convert_dtypes(),
    "pandas, categories": lambda _: frame().astype({"city": "category"}),
    "polars": lambda _: pl.from_arrow(arrow()),
    "polars, lazy": lambda _: pl.from_arrow(arrow()).lazy(),  # type: ignore[union-attr]
    "polars, scanned": lambda at: pl.scan_parquet(in_parts(at) / "*.parquet"),
    "Arrow": lambda _: arrow(),
    "Arrow, a reader": lambda _: arrow().to_reader(max_chunksize=70),
    "Arrow, a dataset": lambda at: ds.dataset(in_parts(at), format="parquet"),
    "Arrow, a dataset in memory": lambda _: ds.dataset(arrow()),
    "Arrow, a scanner": lambda at: ds.dataset(in_parts(at), format="parquet").scanner(),
    "Arrow, a capsule": lambda _: Capsule(),
    "DuckDB": lambda _: duckdb.from_arrow(arrow()),
    "DuckDB, a connection of one's own": lambda at: in_database(at).table("sales"),
    "DuckDB, a query": lambda at: in_database(at).sql("SELECT * FROM sales WHERE units > 0"),
    "ibis": lambda at: ibis.duckdb.from_connection(in_database(at)).table("sales"),
    "ibis, an expression": lambda at: (
        ibis.duckdb.from_connection(in_database(at)).table("sales").filter(ibis._.units > 0)
    ),
    "ibis in memory": lambda _: ibis.memtable(arrow()),
    "a Parquet file": lambda at: pq.write_table(arrow(), at / "s.parquet") or at / "s.parquet",
    "a pattern": lambda at: str(in_parts(at) / "*.parquet"),
    "a list of files": lambda at: sorted(in_parts(at).glob("*.parquet")),
}


def drawn(data: Any) -> list[str]:
    """Return what all charts draw, in their order; the names of the table aside."""
    charts = erp.recommend(data, k=8, name="sales", store=":memory:")
    return [json.dumps(chart.to_vegalite(data="inline"), sort_keys=True) for chart in charts]


@pytest.fixture(scope="module")
def wanted() -> list[str]:
    return drawn(frame())


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("large", [False, True])
def test_the_charts_are_the_same(
    door: str, large: bool, wanted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once as it is, once as if it were too large for memory."""
    if large:
        monkeypatch.setattr("erp_widget.sources.gathering.MAX_BYTES_IN_MEMORY", 1000)
        monkeypatch.setattr("erp_widget.sources.files.MAX_BYTES_IN_MEMORY", 1000)
    assert drawn(DOORS[door](tmp_path)) == wanted


def kind_of_rows(table: Table) -> str:
    return type(table._rows).__name__


@pytest.mark.parametrize(
    ("door", "kind"),
    [
        ("Arrow, a dataset", "ParquetRows"),
        ("a pattern", "ParquetRows"),
        ("DuckDB, a query", "RelationRows"),
        ("ibis, an expression", "IbisRows"),
        ("polars", "MemoryRows"),
    ],
)
def test_rows_stay_where_they_are(door: str, kind: str, tmp_path: Path) -> None:
    assert kind_of_rows(open_table(DOORS[door](tmp_path))) == kind


def test_a_pattern_that_one_file_fits_reads_it_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("erp_widget.sources.files.MAX_BYTES_IN_MEMORY", 0)
    path = tmp_path / "part-0.parquet"
    pq.write_table(arrow(), path)
    for given in (path, str(tmp_path / "part-*.parquet"), [path]):
        assert getattr(open_table(given)._rows, "paths", None) == (path,)


def test_a_large_stream_is_never_whole_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp_widget.sources.gathering.MAX_BYTES_IN_MEMORY", 1000)
    assert kind_of_rows(open_table(Capsule())) == "ParquetRows"


@pytest.mark.parametrize("door", ["DuckDB, a query", "ibis, an expression"])
def test_a_large_table_is_sampled_where_it_is(door: str, tmp_path: Path) -> None:
    opened = duckdb.connect()
    made = (
        "SELECT range % 7 AS day, range / 3.0 AS price, 'x' || range % 5 AS city FROM range(50000)"
    )
    if door.startswith("DuckDB"):
        table = open_table(opened.sql(made))
    else:
        opened.execute(f"CREATE TABLE made AS {made}")
        table = open_table(ibis.duckdb.from_connection(opened).table("made"))
    assert table.n_rows == 50_000
    sample = table.sample()
    assert sample.num_rows == 10_000
    assert sample.column("price").to_pylist()[-1] > 14_000  # from the whole table
    wanted = {"mark": "bar", "encoding": {"x": "city", "y": "price"}}
    (chart,) = erp.recommend(table, k=1, **wanted, store=":memory:")
    rows = chart.to_vegalite(data="inline")["data"]["values"]
    assert {row["rows"] for row in rows} == {10_000}  # of all 50,000, not of the sample


def test_texts_that_must_be_parsed_are(tmp_path: Path) -> None:
    """Dates and numbers as text, which no plain SQL reads, from every kind of place."""
    days = [f"{d:02d}/{m:02d}/2024" for m in range(1, 13) for d in range(1, 29)]
    table = pa.table({"day": days, "n": [str(n * 1.5) for n in range(len(days))]})
    wanted = drawn(table)
    path = tmp_path / "t.parquet"
    pq.write_table(table, path)
    opened = duckdb.connect()
    opened.register("t", table)
    for data in (
        opened.table("t"),
        ibis.duckdb.from_connection(opened).table("t"),
        [path, path][:1],
    ):
        assert drawn(data) == wanted


def test_files_of_one_pattern_may_differ_in_types_and_not_in_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,a\n2,b\n")
    (tmp_path / "b.csv").write_text("x,y\n1.5,7\n2.5,8\n")
    table = open_table(str(tmp_path / "*.csv"))
    assert table.sample().to_pydict() == {"x": [1.0, 2.0, 1.5, 2.5], "y": ["a", "b", "7", "8"]}
    assert table.name == tmp_path.name
    (tmp_path / "c.csv").write_text("x,z\n1,2\n3,4\n")
    with pytest.raises(SourceError, match=r"a\.csv and c\.csv differ in 'y'.*same columns"):
        open_table(str(tmp_path / "*.csv"))
    with pytest.raises(SourceError, match="no file fits"):
        open_table(str(tmp_path / "*.parquet"))
    pq.write_table(pa.table({"x": [1]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"w": [1]}), tmp_path / "2.parquet")
    with pytest.raises(SourceError, match=r"differ in 'w'"):
        open_table(str(tmp_path / "*.parquet"))


@pytest.mark.parametrize("max_bytes", [0, 10**9])
def test_a_name_that_looks_like_a_pattern_is_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_bytes: int
) -> None:
    for module in ("gathering", "files"):
        monkeypatch.setattr(f"erp_widget.sources.{module}.MAX_BYTES_IN_MEMORY", max_bytes)
    monkeypatch.setattr("erp_widget.sources.files.MAX_WHOLE_JSON_BYTES", 0)
    for name, value in (("s[1]", "right"), ("s1", "wrong"), ("s?", "right"), ("sX", "wrong")):
        rows = {"c": [value] * 3, "n": [1, 2, 3]}
        (tmp_path / f"{name}.csv").write_text("c,n\n" + f"{value},1\n" * 3)
        (tmp_path / f"{name}.jsonl").write_text(f'{{"c": "{value}", "n": 1}}\n' * 3)
        pq.write_table(pa.table(rows), tmp_path / f"{name}.parquet")
    for name in ("s[1]", "s?"):
        for suffix in ("csv", "jsonl", "parquet"):
            table = open_table(tmp_path / f"{name}.{suffix}")
            assert table.n_rows == 3
            assert table.sample().column("c").to_pylist() == ["right"] * 3


FRAMES: dict[str, tuple[pd.DataFrame, tuple[str, ...]]] = {
    "named index": (frame().set_index("city"), ("city", "day", "price", "units", "share", "open")),
    "periods": (frame().assign(day=frame()["day"].dt.to_period("M")), tuple(frame().columns)),
    "zones": (
        frame().assign(day=frame()["day"].dt.tz_localize("Asia/Tokyo")),
        tuple(frame().columns),
    ),
    "ordered categories": (
        frame().assign(city=pd.Categorical(frame()["city"], ordered=True)),
        tuple(frame().columns),
    ),
    "nested": (frame().assign(tags=[["a", 1]] * N), (*frame().columns, "tags")),
    "durations": (
        frame().assign(took=pd.to_timedelta(frame()["units"], unit="h")),
        (*frame().columns, "took"),
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_pandas_of_every_kind(name: str) -> None:
    data, columns = FRAMES[name]
    table = open_table(data)
    assert table.columns == columns
    assert {left.name for left in table.left_out} <= {"tags", "took"}
    charts = erp.recommend(data, k=8, store=":memory:")
    assert len(charts) == 8
    assert {field for chart in charts for field in chart.fields} <= set(columns)
