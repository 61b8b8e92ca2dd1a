"""Queries stay within the memory that is set: they go on on disk and say so, or tell what to do."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.aggregate import rows
from erp_widget.config import memory_bytes
from erp_widget.errors import InputError, SourceError
from erp_widget.sources import open_table
from erp_widget.sources.connection import connection
from vizmodel.design import Design, Encoding

#: A count of separate values, which must all be held at once.
DISTINCT = Design(
    "bar",
    (
        Encoding("x", "kind", "category", "nominal"),
        Encoding("y", "code", "distinct", "quantitative"),
    ),
)


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("codes") / "codes.parquet"
    made = "SELECT 'kind ' || range % 3 AS kind, 'code ' || hash(range) AS code FROM range(2000000)"
    duckdb.connect().execute(f"COPY ({made}) TO '{path}'")
    return path


@pytest.fixture(autouse=True)
def _default_memory() -> Iterator[None]:
    yield
    erp.configure(memory=None)
    connection().execute("RESET max_temp_directory_size")


def test_what_does_not_fit_goes_on_on_disk_and_says_so(codes: Path) -> None:
    table = open_table(codes)
    exact = rows(table, DISTINCT)
    assert exact.note is None
    erp.configure(memory="100 MB")
    within = rows(table, DISTINCT)
    assert within.records == exact.records
    assert within.note == "worked out partly on disk, since it takes more than 100 MB of memory"


def test_where_even_the_disk_is_not_enough_the_error_names_the_setting(codes: Path) -> None:
    table = open_table(codes)
    erp.configure(memory="100 MB")
    connection().execute("SET max_temp_directory_size = '1MB'")
    with pytest.raises(SourceError, match=r"more than 100 MB of memory.*ERP_MEMORY"):
        rows(table, DISTINCT)


def test_amounts_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for said, size in {"2 GB": 2 * 10**9, "500MB": 5 * 10**8, "1.5 GiB": 3 * 2**29}.items():
        assert erp.configure(memory=said).memory == said
        assert memory_bytes() == size
    erp.configure(memory=None)
    monkeypatch.setenv("ERP_MEMORY", "300 MB")
    assert memory_bytes() == 3 * 10**8
    assert connection().execute("SELECT current_setting('memory_limit')").fetchall() == [
        ("286.1 MiB",)
    ]
    for wrong in ("lots", "2", "99 MB", "-2 GB"):
        with pytest.raises(InputError, match='"2 GB" or "500 MB"'):
            erp.configure(memory=wrong)


CHILD = """
import os, sys, erp_widget as erp
from erp_widget.sources import open_table
from erp_widget.sources.gathering import kept_with, meantime_folder
from erp_widget.sources.memory import spill_folder
table = open_table({"a": [1, 2]})
table.relation
with meantime_folder() as folder:  # as a file that is packed, or of the store, is read through one
    kept_with(folder, table)
print(spill_folder().parent)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("end", ["ended", "killed"])
def test_nothing_is_left_on_disk(end: str, tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}

    def run(how: str) -> str:
        command = [sys.executable, "-W", "always", "-uc", CHILD, how]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stdout, done.stderr
        assert "ResourceWarning" not in done.stderr
        return done.stdout.strip()

    folder = Path(run(end))
    assert folder.exists() == (end == "killed")
    # The next process removes what a killed one left.
    run("ended")
    assert list(tmp_path.iterdir()) == []


def test_garbage_is_dropped_between_queries_never_within_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("erp_widget.sources.counted_rows.MAX_ROWS", 0)
    frame = pd.DataFrame({"a": np.arange(50_000), "s": [f"t{i % 1000}" for i in range(50_000)]})
    new = open_table(frame, "new")
    relation = new.relation
    before = views()
    for _ in range(20):
        old = open_table(frame[:20_000].copy(), "old")
        assert old.relation is not None
        cycle: list[object] = [old]  # what only the collector finds, maybe while rows are fetched
        cycle.append(cycle)
        del old, cycle
        assert len(relation.rows(["c0", "c1"])) == 50_000
    gc.collect()
    assert len(relation.rows(["c0"])) == 50_000
    assert views() <= before


def views() -> set[str]:
    found = connection().execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    return {name for (name,) in found.fetchall()}
