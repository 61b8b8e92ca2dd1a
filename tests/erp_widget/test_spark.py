"""Tables of a Spark cluster: the charts of DuckDB on the same data, and no more rows than drawn."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import pytest
from engine_charts import FEW, check_every_chart, check_summaries
from test_shared_rows import long_table

import erp_widget as erp
from erp_widget.sources import Table, open_table

MANY = 40_000
N_FILES = 4
#: The kernel's own executor, and one for each worker; seconds within which all have registered.
EXECUTORS, START_S = 1 + 2, 120
#: Of all three processes, which live a minute: code compiled quickly, without threads beside it.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start a master and two workers, each a process with one core, and connect to them."""
    assert shutil.which("java"), "Spark needs Java: run scripts/test_system.sh"
    from pyspark.sql import SparkSession

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["JDK_JAVA_OPTIONS"] = JAVA
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
    limit = time.monotonic() + START_S
    while executors(session) < EXECUTORS and time.monotonic() < limit:
        time.sleep(0.2)
    yield session
    session.stop()


def executors(session: Any) -> int:
    """Return how many have registered; workers do in their own time after the session is there."""
    return int(session.sparkContext._jsc.sc().getExecutorMemoryStatus().size())


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


def test_every_chart_has_the_rows_that_duckdb_gives(
    spark: Any, connected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert executors(spark) == EXECUTORS
    folder = files(long_table(n_rows=FEW), tmp_path)
    there, here = open_table(connected.read_parquet(folder)), in_duckdb(folder)
    check_every_chart(there, here, monkeypatch)


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
    far = connected.read_parquet(folder)
    gallery = erp.recommend(far, k=6, without=["skewed", "least"], name="far", store=":memory:")
    assert len(gallery) == 6
    assert len(fetched) > 3
    sample, *groups = sorted(fetched, reverse=True)
    assert sample < MANY / 3
    assert sum(groups) < 5_000
    # Exact figures, from all rows, for charts that were designed from a sample.
    question = gallery.question
    assert question is not None
    designs = [chart.design for chart in gallery]
    check_summaries(question.table, in_duckdb(folder), designs)
