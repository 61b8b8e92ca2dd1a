"""Owns how many small tables a second are worked off: together, one by one, by each runtime."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.figure import Figure
from benchmarks.machine import keep
from benchmarks.processes import ROOT, RunError, environment

#: All of them by the way that people use; some of them by the others, which take turns.
N_TABLES, N_PART, ROUNDS = 1_000, 16, 3
RUNTIMES = {"numpy": "numpy", "litert": "LiteRT", "keras": "Keras"}
#: Who runs the network on a CPU for who asks for nobody else.
DEFAULT = "numpy"
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX"}
WAYS = {
    "together": "recommend_many, charts drawn",
    "one by one": "recommend in a loop, charts drawn",
    "designs": "the choice of charts alone, together",
}
#: Works off some tables in each way in turns, after some that are not counted, and prints what
#: each took.
CHILD = """
import json, os, sys, time
import erp_widget as erp
from benchmarks.tables import small
from erp_widget.sources import open_table
from vizmodel.profile import profile_table
from vizmodel.recommend import Request, recommend_many
from vizmodel.runtime import open_runtime

def work(way, tables):
    if way == "together":
        return erp.recommend_many(tables, store=":memory:")
    if way == "one by one":
        return [erp.recommend(table, store=":memory:") for table in tables]
    opened = [open_table(table) for table in tables]
    return recommend_many([Request(profile_table(t.sample(), t.n_rows)) for t in opened])

def measured(way, tables):
    cpu, wall = time.process_time(), time.perf_counter()
    lists = work(way, tables)
    told = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    found = [one for one in lists if not isinstance(one, Exception)]
    told |= {"tables": len(tables), "failed": len(tables) - len(found)}
    if os.environ["ERP_RUNTIME"] == "keras":
        told["gpus"] = open_runtime().backend.gpus()
        told["backend"] = open_runtime().backend.name
    return told | {"charts": sum(map(len, found))}

ways, count, rounds = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
for way in ways:
    work(way, [small(10_000 + place) for place in range(16)])
runs = {way: [] for way in ways}
for turn in range(rounds):
    tables = [small(turn * count + place) for place in range(count)]
    for way in ways:
        runs[way].append(measured(way, tables))
print(json.dumps(runs))
"""

Run = dict[str, Any]


def figures() -> Iterator[Figure]:
    """Work off all tables once, and some of them in each way by each runtime."""
    runs = {runtime: _run(runtime, list(WAYS), N_PART, ROUNDS) for runtime in RUNTIMES}
    (everything,) = _run(DEFAULT, ["together"], N_TABLES, 1)["together"]
    keep("batch", {"all": everything, "part": runs})
    what = f"{N_TABLES:,} small tables: {RUNTIMES[DEFAULT]}, {WAYS['together']}"
    yield Figure(what, _told([everything]))
    for runtime, ways in runs.items():
        for way, taken in ways.items():
            what = f"{N_PART} of them: {named(runtime, taken)}, {WAYS[way]}"
            yield Figure(what, _told(taken))


def named(runtime: str, runs: Sequence[Run]) -> str:
    """Return what a runtime is called, with what Keras ran on."""
    backend = BACKENDS[runs[0].get("backend", "tensorflow")]
    return f"Keras, {backend}" if runtime == "keras" else RUNTIMES[runtime]


def rates(runs: Sequence[Run]) -> tuple[float, float]:
    """Return tables a CPU-second and tables a second, the medians over the rounds."""
    a_cpu_s = statistics.median(run["tables"] / run["cpu_s"] for run in runs)
    return a_cpu_s, statistics.median(run["tables"] / run["wall_s"] for run in runs)


def _told(runs: Sequence[Run]) -> str:
    a_cpu_s, a_second = rates(runs)
    where = " on a GPU" if runs[0].get("gpus") else ""
    n_failed = sum(run["failed"] for run in runs)
    failed = f", {n_failed} without a list" if n_failed else ""
    return f"{a_cpu_s:.1f} tables a CPU-second, {a_second:.1f} a second{where}{failed}"


def _run(runtime: str, ways: Sequence[str], count: int, rounds: int) -> dict[str, list[Run]]:
    command = [sys.executable, "-c", CHILD, ",".join(ways), str(count), str(rounds)]
    variables = environment() | {"ERP_RUNTIME": runtime}
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    found: dict[str, list[Run]] = json.loads(done.stdout.splitlines()[-1])
    return found
