"""Owns how many small tables a second are worked off: together, one by one, by each runtime."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.figure import Figure
from benchmarks.machine import keep
from benchmarks.processes import ROOT, RunError

#: All of them by the way that people use; a part of them by the others, which take turns.
N_TABLES, N_PART, ROUNDS = 1_000, 32, 3
RUNTIMES = {"litert": "LiteRT", "numpy": "numpy", "keras": "Keras, TensorFlow"}
WAYS = {
    "together": "recommend_many, charts drawn",
    "one by one": "recommend in a loop, charts drawn",
    "designs": "the choice of charts alone, together",
}
#: Works off some tables after some others that are not counted, and prints what that took.
CHILD = """
import json, sys, time
import erp_widget as erp
from benchmarks.tables import small

way, count = sys.argv[1], int(sys.argv[2])

def work(tables):
    if way == "together":
        return erp.recommend_many(tables, store=":memory:")
    if way == "one by one":
        return [erp.recommend(table, store=":memory:") for table in tables]
    from erp_widget.sources import open_table
    from vizmodel.profile import profile_table
    from vizmodel.recommend import Request, recommend_many
    opened = [open_table(table) for table in tables]
    return recommend_many([Request(profile_table(t.sample(), t.n_rows)) for t in opened])

tables = [small(place) for place in range(count)]
work([small(10_000 + place) for place in range(16)])
cpu, wall = time.process_time(), time.perf_counter()
lists = work(tables)
told = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
found = [one for one in lists if not isinstance(one, Exception)]
told |= {"tables": count, "failed": count - len(found), "charts": sum(map(len, found))}
if "tensorflow" in sys.modules:
    told["gpus"] = len(sys.modules["tensorflow"].config.list_physical_devices("GPU"))
print(json.dumps(told))
"""

Run = dict[str, Any]


def figures() -> Iterator[Figure]:
    """Work off all tables once, and a part of them in each way by each runtime, in turns."""
    everything = _run("litert", "together", N_TABLES)
    turns = [(runtime, way) for runtime in RUNTIMES for way in WAYS]
    runs: dict[tuple[str, str], list[Run]] = {turn: [] for turn in turns}
    for _ in range(ROUNDS):
        for runtime, way in turns:
            runs[runtime, way].append(_run(runtime, way, N_PART))
    named = {f"{runtime}, {way}": taken for (runtime, way), taken in runs.items()}
    keep("batch", {"all": everything, "part": named})
    yield Figure(f"{N_TABLES:,} small tables: LiteRT, {WAYS['together']}", _told([everything]))
    for (runtime, way), taken in runs.items():
        yield Figure(f"{N_PART} of them: {RUNTIMES[runtime]}, {WAYS[way]}", _told(taken))
    if not any(run.get("gpus") for run in runs["keras", "together"]):
        yield Figure.missing("small tables on a GPU", "TensorFlow sees none here")


def _told(runs: list[Run]) -> str:
    a_cpu_s = statistics.median(run["tables"] / run["cpu_s"] for run in runs)
    a_second = statistics.median(run["tables"] / run["wall_s"] for run in runs)
    where = " on a GPU" if runs[0].get("gpus") else ""
    failed = f", {runs[0]['failed']} without a list" if runs[0]["failed"] else ""
    return f"{a_cpu_s:.1f} tables a CPU-second, {a_second:.1f} a second{where}{failed}"


def _run(runtime: str, way: str, count: int) -> Run:
    command = [sys.executable, "-c", CHILD, way, str(count)]
    environment = dict(os.environ) | {"ERP_RUNTIME": runtime}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found
