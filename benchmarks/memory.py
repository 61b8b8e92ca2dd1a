"""Owns how much memory a kernel grows by: uploads, and galleries of tables of ten million rows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.figure import Figure
from benchmarks.processes import ROOT, RunError

#: Rows of a csv of about so many megabytes.
CSV_ROWS = {200: 3_300_000, 1_000: 16_500_000}
N_ROWS = 10_000_000
PARTS = 8
MADE = """
SELECT DATE '2022-01-01' + CAST(hash(range) % 730 AS INT) AS date,
  ['North', 'South', 'East', 'West'][1 + CAST(hash(range + 1) % 4 AS INT)] AS region,
  'product ' || hash(range + 2) % 6 AS product, CAST(hash(range + 3) % 40 AS INT) AS units,
  (hash(range + 4) % 2000) / 100 AS price, (hash(range + 5) % 90000) / 100 AS revenue,
  (hash(range + 6) % 100) / 100 AS discount, 1 + CAST(hash(range + 7) % 5 AS INT) AS rating,
  (hash(range + 8) % 800) / 10 AS distance_km, hash(range + 9) % 14 = 0 AS returned
"""
#: Prints by how many MB the process grew at most since it was warm.
CHILD = """
import sys
from pathlib import Path
import pandas as pd
import erp_widget as erp
from benchmarks.tables import sales

erp.recommend(sales(400), store=":memory:")
what, place, store = sys.argv[1:]
data = sales(int(place)) if what == "frame" else place
Path("/proc/self/clear_refs").write_text("5")

def status(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024

before = status("VmRSS")
if what == "upload":
    erp.upload(data, store=store)
else:
    len(erp.recommend(data, store=":memory:"))
print(status("VmHWM") - before)
"""


def figures() -> Iterator[Figure]:
    """Measure each in a process of its own; only Linux tells the peak."""
    if not Path("/proc/self/clear_refs").exists():
        yield Figure.missing("memory that a kernel grows by", "only Linux tells")
        return
    with tempfile.TemporaryDirectory() as folder:
        for size_mb, n_rows in CSV_ROWS.items():
            path = Path(folder) / "sales.csv"
            duckdb.sql(f"COPY ({MADE} FROM range({n_rows})) TO '{path}' (HEADER)")
            grown = _grown_mb("upload", str(path), str(Path(folder) / f"{size_mb}.sqlite3"))
            what = f"kernel grows by, upload of a csv of {path.stat().st_size / 1e6:,.0f} MB"
            yield Figure.at_most(what, grown, 300, " MB")
            path.unlink()
        share = N_ROWS // PARTS
        for part in range(PARTS):
            rows = f"range({part * share}, {(part + 1) * share})"
            duckdb.sql(f"COPY ({MADE} FROM {rows}) TO '{folder}/part-{part}.parquet'")
        pattern = f"{folder}/*.parquet"
        what = "kernel grows by, 15 charts of 10 M rows x 10"
        yield Figure.at_most(
            f"{what}, {PARTS} Parquet files", _grown_mb("files", pattern), 200, " MB"
        )
        yield Figure.at_most(f"{what}, pandas", _grown_mb("frame", str(N_ROWS)), 200, " MB")


def _grown_mb(what: str, place: str, store: str = ":memory:") -> float:
    command = [sys.executable, "-c", CHILD, what, place, store]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    return float(done.stdout.split()[-1])
