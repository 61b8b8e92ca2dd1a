"""Owns what is shown of batches, of bytes on the way, and of every other part."""

from __future__ import annotations

import statistics

from benchmarks.batch import N_TABLES, RUNTIMES, WAYS
from benchmarks.drawings import bars
from benchmarks.machine import kept
from benchmarks.markdown import machine_line, table

RATE = "Tables per CPU-second"


def batches() -> str | None:
    """Return how many small tables a second are worked off in each way, and their picture."""
    found = kept("batch")
    if found is None:
        return None
    rows, drawn = [], []
    for name, runs in found["part"].items():
        runtime, way = name.split(", ", 1)
        rate = statistics.median(run["tables"] / run["cpu_s"] for run in runs)
        a_second = statistics.median(run["tables"] / run["wall_s"] for run in runs)
        where = "GPU" if runs[0].get("gpus") else "CPU"
        cells = [f"{RUNTIMES[runtime]} on a {where}", WAYS[way], f"{runs[0]['tables']}"]
        rows.append([*cells, f"{rate:.1f}", f"{a_second:.1f}"])
        drawn.append({"Runtime": RUNTIMES[runtime], "Way": WAYS[way], RATE: round(rate, 1)})
    whole = found["all"]
    cells = ["LiteRT on a CPU", WAYS["together"], f"{N_TABLES:,}"]
    rates = (whole["tables"] / whole[unit] for unit in ("cpu_s", "wall_s"))
    rows.insert(0, [*cells, *(f"{rate:.1f}" for rate in rates)])
    head = ["runtime", "way", "tables", "a CPU-second", "a second"]
    encoding = {"x": RATE, "y": "Runtime", "color": "Way"}
    picture = bars("batch", drawn, encoding, f"{RATE} by runtime and way")
    return f"{table(head, rows)}\n\n{picture}\n\n{machine_line(found['machine'])}"


def transfers() -> str | None:
    """Return the bytes of a gallery for tables of all sizes."""
    found = kept("transfer")
    if found is None:
        return None
    rows = [
        [f"{int(n):,}", f"{told['bytes'] / 1000:.0f} KB", f"{told['still'] / 1000:.0f} KB"]
        for n, told in found["rows"].items()
    ]
    head = ["rows", "sent by the cell, the gallery's code included", "picture for later readers"]
    return f"{table(head, rows)}\n\n{machine_line(found['machine'])}"


def everything() -> str | None:
    """Return every row that the parts printed when they last ran."""
    found = kept("table")
    if found is None:
        return None
    rows = [
        [row["what"], row["measured"], row["goal"], {True: "yes", False: "no"}.get(row["met"], "")]
        for part in found.values()
        for row in part["rows"]
    ]
    return table(["what", "measured", "goal", "met"], rows)
