"""Owns which tools are compared, on which tables, and what we want to reach against each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.machine import keep
from benchmarks.peers.rounds import Run, Tool, in_turns, ratio
from benchmarks.tables import orders

ERP = "ERP"
#: The same of a path: reading the file counts, and pandas is not loaded.
FROM_FILE = "ERP, from the file"
COMMAND = "erp recommend"
OURS = (ERP, FROM_FILE, COMMAND)
FLOOR = "import altair, pandas"
#: What any tool for frames begins with: no goal below it can be reached.
PANDAS = "import pandas"
LUX, DRACO, PYGWALKER, YDATA = "Lux", "Draco 2", "PyGWalker", "ydata-profiling minimal"
TOOLS = (
    Tool(ERP, "erp_job"),
    Tool(FROM_FILE, "erp_file_job"),
    Tool(COMMAND, None),
    Tool(FLOOR, "floor_job"),
    Tool(PANDAS, "pandas_job"),
    Tool(DRACO, "draco_job", "draco"),
    Tool(PYGWALKER, "pygwalker_job", "pygwalker"),
    Tool(LUX, "lux_job", "lux"),
    Tool(YDATA, "ydata_job", "ydata"),
)
NOT_MEASURED = {
    "LIDA": "it asks a language model in the cloud: it needs a key, and sends what it sees",
    "DeepEye": "its package of 2019 cannot be installed: it needs one that is gone",
}
#: What a gallery may add to the frame, in MB.
MEMORY_GOAL_MB = 150.0


@dataclass(frozen=True, slots=True)
class Size:
    """A table that all tools are given.

    Parameters
    ----------
    n_rows
        Of ten columns.
    rounds
        How often each tool is run; the medians count.
    goals
        Tool -> the most that we may take, as a share of its processor time.
    """

    n_rows: int
    rounds: int
    goals: Mapping[str, float]


SIZES = (
    Size(400, 5, {LUX: 1 / 8, DRACO: 1 / 3, PYGWALKER: 1.0, FLOOR: 1.5}),
    Size(1_000_000, 3, {LUX: 1 / 15, YDATA: 1 / 8}),
)


def compared() -> Iterator[Figure]:
    """Run all tools on each table; the runs themselves are kept as JSON."""
    tables: dict[str, dict[str, Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / "orders.csv"
            orders(size.n_rows).to_csv(path, index=False)
            found = in_turns(TOOLS, path, size.rounds, warm_up=size.rounds > 3)
            tables[str(size.n_rows)] = found
            keep("peers", {"tables": tables, "not_measured": NOT_MEASURED})
            yield from _figures(size, found)
    for name, why in NOT_MEASURED.items():
        yield Figure.missing(name, why)


def _figures(size: Size, found: Mapping[str, Run]) -> Iterator[Figure]:
    rows = f"{size.n_rows:,} rows x 10, fresh process"
    for name, run in found.items():
        yield Figure(f"{rows}: {name}", _told(run))
    for ours in OURS:
        for theirs, goal in size.goals.items():
            share = ratio(found, ours, theirs)
            what = f"{rows}: CPU of {ours} / {theirs}"
            if share is None:
                yield Figure.missing(what, "one of them failed")
            else:
                yield Figure(what, f"{share:.3f}x", f"at most {goal:.3g}x", share <= goal)
    if "over_frame_mb" in found[ERP]:
        what = f"{rows}: peak memory over the frame, all imports counted"
        yield Figure.at_most(what, found[ERP]["over_frame_mb"], MEMORY_GOAL_MB, " MB")


def _told(run: Run) -> str:
    if "failed" in run:
        return f"failed: {run['failed']}"
    words = [f"{run['cpu_s']:.2f} CPU-s", f"{run['wall_s']:.2f} s"]
    if "over_frame_mb" in run:
        words.append(f"{run['over_frame_mb']:.0f} MB over the frame")
    if run.get("bytes"):
        words.append(f"{run['bytes'] / 1000:,.0f} KB sent")
    return ", ".join(words)
