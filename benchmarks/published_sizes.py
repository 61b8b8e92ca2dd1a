"""Owns what is shown of batches, of bytes on the way, and of every other part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from benchmarks import gpu
from benchmarks.batch import DEFAULT, RUNTIMES, WAYS, Run, named, rates
from benchmarks.drawings import bars
from benchmarks.machine import kept
from benchmarks.markdown import machine_line, table

RATE = "Tables per CPU-second"


def batches() -> str | None:
    """Return how many small tables a second are worked off in each way, and their picture."""
    found = kept("batch")
    if found is None:
        return None
    whole = [found["all"]]
    rows, drawn = [_line(f"{RUNTIMES[DEFAULT]} on a CPU", "together", whole)], []
    for runtime, ways in found["part"].items():
        for way, runs in ways.items():
            where = "GPU" if runs[0].get("gpus") else "CPU"
            name = named(runtime, runs)
            rows.append(_line(f"{name} on a {where}", way, runs))
            rate = round(rates(runs)[0], 1)
            drawn.append({"Runtime": name, "Way": WAYS[way], RATE: rate})
    head = ["runtime", "way", "tables", "a CPU-second", "a second"]
    encoding = {"x": RATE, "y": "Runtime", "color": "Way"}
    picture = bars("batch", drawn, encoding, f"{RATE} by runtime and way")
    return f"{table(head, rows)}\n\n{picture}\n\n{machine_line(found['machine'])}"


def _line(runtime: str, way: str, runs: Sequence[Run]) -> list[str]:
    """Return one row of the table of batches."""
    return [runtime, WAYS[way], f"{runs[0]['tables']:,}", *(f"{rate:.1f}" for rate in rates(runs))]


def transfers() -> str | None:
    """Return the bytes of a gallery for tables of all sizes."""
    found = kept("transfer")
    if found is None:
        return None
    rows = [[f"{int(n):,}", f"{told['bytes'] / 1000:.0f} KB"] for n, told in found["rows"].items()]
    head = ["rows", "sent by the cell, the gallery's code included"]
    return f"{table(head, rows)}\n\n{machine_line(found['machine'])}"


def first_calls() -> str | None:
    """Return where the milliseconds of a first call go, in the order in which they pass."""
    found = (kept("table") or {}).get("first_call")
    if found is None:
        return None
    rows = [[row["what"].partition(": ")[2], row["measured"]] for row in found["rows"]]
    return f"{table(['what', 'processor time'], rows)}\n\n{machine_line(found['machine'])}"


def everything() -> str | None:
    """Return every row that the parts printed when they last ran."""
    found = kept("table")
    if found is None:
        return None
    if on_gpu := kept(gpu.NAME):  # measured on another machine than all else
        found[gpu.NAME] = {"rows": [asdict(one) for one in gpu.rows(on_gpu)]}
    rows = [
        [row["what"], row["measured"], row["goal"], {True: "yes", False: "no"}.get(row["met"], "")]
        for part in found.values()
        for row in part["rows"]
    ]
    return table(["what", "measured", "goal", "met"], rows)
