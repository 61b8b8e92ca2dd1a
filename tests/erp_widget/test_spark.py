"""Tables of a Spark cluster: the charts of DuckDB on the same data, and no more rows than drawn."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import pytest
from test_shared_rows import designs_of, long_table, same

import erp_widget as erp
from erp_widget.aggregate import SharedRows
from erp_widget.sources import Table, open_table
from vizmodel.design import Design, Encoding, Fold, Style

#: As many as the sample holds: both engines' charts are designed from the same rows.
FEW, MANY = 4_000, 40_000
N_FILES = 4
#: Every mark, summary, bin and unit of time once; box plots with groups and without.
CHARTS = (
    ("bar", "x=category region", "y=distinct note"),
    ("bar", "x=bin price", "y=count", "color=category size"),
    ("bar", "x=category city", "y=mean change", "column=category kind"),
    ("bar", "x=year when", "y=sum units"),
    ("bar", "x=category flag", "y=mean flagged"),
    ("line", "x=month when", "y=median price"),
    ("line", "x=yearmonthdate when", "y=mean price"),
    ("area", "x=yearmonth when", "y=sum units", "color=category kind"),
    ("point", "x=value price", "y=value change", "color=category size"),
    ("tick", "x=category city", "y=value price"),
    ("rect", "x=bin price", "y=bin change", "color=count"),
    ("rect", "x=hours when", "y=day when", "color=max change"),
    ("arc", "theta=count", "color=category size"),
    ("boxplot", "x=value price"),
    ("boxplot", "x=category city", "y=value price"),
)
#: A fold of two columns, and the largest of many groups: no test writes them as words.
FOLDED = Design(
    "line",
    (
        Encoding("x", "when", "yearmonth", "temporal"),
        Encoding("y", "value", "mean", "quantitative"),
        Encoding("color", "key", "category", "nominal"),
    ),
    Style(fold=Fold(("price", "change"), "key", "value")),
)
RANKED = Design(
    "bar",
    (
        Encoding("y", "note", "category", "nominal"),
        Encoding("x", "price", "mean", "quantitative"),
    ),
    Style(top=8),
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start a master and two workers, each a process with one core, and connect to them."""
    assert shutil.which("java"), "Spark needs Java: run scripts/test_system.sh"
    from pyspark.sql import SparkSession

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Charts must not depend on where the cluster stands.
        "spark.sql.session.timeZone": "America/New_York",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("test")
    session = builder.config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def connected(spark: Any) -> Any:
    return ibis.pyspark.connect(spark)


def files(frame: pd.DataFrame, folder: Path) -> str:
    """Write a table as several files, so that both workers have something to read."""
    for at in range(N_FILES):
        part = frame.iloc[at * len(frame) // N_FILES : (at + 1) * len(frame) // N_FILES]
        part.to_parquet(folder / f"part-{at}.parquet")
    return str(folder)


def in_duckdb(folder: str) -> Table:
    return open_table(duckdb.connect().read_parquet(f"{folder}/*.parquet"))


def in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows drawn one by one in an order of their own: an engine has none."""
    return sorted(records, key=lambda record: [str(value) for value in record.values()])


def test_every_chart_has_the_rows_that_duckdb_gives(
    spark: Any, connected: Any, tmp_path: Path
) -> None:
    executors = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert executors == 1 + 2  # the kernel's own, and one for each worker
    folder = files(long_table(n_rows=FEW), tmp_path)
    there, here = open_table(connected.read_parquet(folder)), in_duckdb(folder)
    designs = [*designs_of(here, CHARTS), FOLDED, RANKED]
    assert {design.mark for design in designs} >= {"bar", "line", "area", "boxplot", "rect", "arc"}
    transforms = {e.transform for design in designs for e in design.encodings}
    assert {"median", "distinct", "bin", "max", "sum", "count", "yearmonth", "day"} <= transforms
    far, near = SharedRows(there, designs), SharedRows(here, designs)
    wrong = []
    for design in designs:
        one, other = far.rows(design), near.rows(design)
        if not design.summarised and design.mark != "boxplot":
            one.records[:], other.records[:] = in_order(one.records), in_order(other.records)
        try:
            same(one, other)
        except AssertionError as error:
            wrong.append((design, str(error)[:300]))
    assert wrong == []


def test_only_a_sample_and_groups_come_to_the_kernel(
    connected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = files(long_table(n_rows=MANY), tmp_path)
    fetched: list[int] = []
    backend = type(connected)
    execute = backend.execute

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        found = execute(self, *arguments, **named)
        fetched.append(len(found) if isinstance(found, pd.DataFrame) else 1)
        return found

    monkeypatch.setattr(backend, "execute", counted)
    gallery = erp.recommend(connected.read_parquet(folder), k=6, name="far", store=":memory:")
    assert len(gallery) == 6
    assert len(fetched) > 3
    sample, *groups = sorted(fetched, reverse=True)
    assert sample < MANY / 3
    assert sum(groups) < 5_000
    # Exact figures, from all rows, for charts that were designed from a sample.
    question = gallery.question
    assert question is not None
    designs = [chart.design for chart in gallery if chart.design.summarised]
    assert designs
    near = SharedRows(in_duckdb(folder), designs)
    far = SharedRows(question.table, designs)
    for design in designs:
        same(far.rows(design), near.rows(design))
