"""Owns what a GPU gains: small tables a second, one table's wait, precisions, time to prepare.

Each part runs in a process of its own with a limit; what it has told by then is kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from benchmarks.figure import Figure, print_table
from benchmarks.machine import keep, kept
from benchmarks.processes import ROOT, environment
from vizmodel.runtime import Precision

#: Seconds for each figure, and for all.
SECONDS, LIMIT_S = 4.0, 1_200.0
NAME = "gpu"
#: How a part says that its time was over.
LATE = "not done after"
#: Tells processes that start together where they say that they are ready, and how many they are.
MEET = "ERP_BENCH_MEET"


@dataclass(frozen=True, slots=True)
class Part:
    """What a process does, by which runtime, in how many seconds at most, and how many do it."""

    work: str
    runtime: str
    limit_s: float
    on_gpu: bool = True
    processes: int = 1


#: What is measured, in order of weight. On an H100, eight shapes alone took 75 s to prepare.
PARTS: dict[str, Part] = {
    "gpu": Part("work", "keras", 240),
    "shared": Part("share", "keras", 180, processes=8),
    "numpy": Part("work", "numpy", 40, on_gpu=False),
    "numpy_shared": Part("share", "numpy", 40, on_gpu=False, processes=8),
    "precision": Part("precision", "keras", 240),
    "cold": Part("warm", "keras", 300),
    "prepared": Part("warm", "keras", 120),
    "cpu": Part("work", "keras", 60, on_gpu=False),
}
DRAWN = "charts drawn"
BACKENDS = {"jax": "JAX", "tensorflow": "TensorFlow"}
Told = dict[str, Any]


def figures() -> Iterator[Figure]:
    """Measure where there is a GPU; else show what was measured on one."""
    if sees_gpu():
        measure()
    found = kept(NAME)
    if found is None:
        yield Figure.missing("small tables on a GPU", "neither TensorFlow nor JAX sees one here")
    else:
        yield from rows(found)


def sees_gpu() -> bool:
    """Whether Keras's backend sees a GPU, asked in a process of its own: frameworks stay loaded."""
    code = "from vizmodel.runtime import open_runtime as o; print(o(prefer='keras').backend.gpus())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode == 0 and int(done.stdout.split()[-1]) > 0


def measure(
    seconds: float = SECONDS, limit_s: float = LIMIT_S, parts: Sequence[str] = tuple(PARTS)
) -> Path:
    """Measure all parts, one after the other, and keep after each what there is so far.

    Parameters
    ----------
    seconds
        For each figure of a part.
    limit_s
        For all; parts for which no time is left are not begun.
    parts
        Some of PARTS.
    """
    found: dict[str, Any] = {"device": _device(), "seconds": seconds, "parts": {}}
    ends = time.monotonic() + limit_s
    with tempfile.TemporaryDirectory() as cache:
        for name in parts:
            left = min(PARTS[name].limit_s, ends - time.monotonic())
            if left < 5:
                break
            began = time.monotonic()
            found["parts"][name] = told = _part(PARTS[name], seconds, left, cache)
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s {json.dumps(told)}\n")
            path = keep(NAME, found)
    return path


def rows(found: Mapping[str, Any]) -> Iterator[Figure]:
    """Return what was measured on a GPU, line by line, and what was not."""
    for name, part in found["parts"].items():
        on = where(found, name)
        for one in part["told"]:
            yield from _row(one, on)
        for told, way in told_of(found, name):
            together = f", {told['together']} together" if "together" in told else ""
            a_cpu_s, a_second = rate(told)
            measured = f"{a_cpu_s:.1f} tables a CPU-second, {a_second:.1f} a second{shares(told)}"
            yield Figure(f"{on}: small tables, {way}{together}", measured)
        if part["failed"] and not part["failed"].startswith(LATE):
            yield Figure(f"{on}: {name}", f"failed: {part['failed'].splitlines()[-1]}", "", False)
    yield from not_reached(found)


def not_reached(found: Mapping[str, Any]) -> Iterator[Figure]:
    """Return what was not measured: parts that were not begun, and what was left of others."""
    for name, part in PARTS.items():
        on, ran = where(found, name), found["parts"].get(name)
        if ran is None:
            shared = f", {part.processes} processes at once" if part.processes > 1 else ""
            yield Figure.missing(f"{on}: small tables{shared}", "not begun")
        elif ran["failed"].startswith(LATE):
            left, why = _left(part.work, ran["told"]), ran["failed"].partition(":")[0]
            yield Figure.missing(f"{on}: {', '.join(left)}", why)


def _left(work: str, told: Sequence[Told]) -> list[str]:
    """Return what a part that was cut had still to tell."""
    if work == "warm":
        return [f"all shapes of the service prepared, {_compiled(told[0] if told else {})}"]
    if work == "precision":
        done = {one["precision"] for one in told}
        return [one for one in get_args(Precision) if one not in done]
    if work == "work":
        steps = (one["step"]["tables"] for one in told if "step" in one)
        rated = {one["designs"]["together"] for one in told if "designs" in one}
        unrated = " and ".join(str(size) for size in steps if size not in rated)
        return ([f"choice of charts, {unrated} together"] if unrated else []) + [DRAWN]
    return ["small tables, several processes at once"]


def _compiled(one: Told) -> str:
    """Return whether JAX had compiled some of what a line tells of in an earlier part."""
    return "some read from JAX's cache on disk" if one.get("cached") else "all compiled"


def _row(one: Told, on: str) -> Iterator[Figure]:
    if "warm_up_s" in one:
        what = f"{one['shapes']} shapes prepared, {_compiled(one)}"
        yield Figure(f"{on}: {what}", f"{one['warm_up_s']:.1f} s")
    elif "opened_s" in one:
        again = ", not for the first time" if one["cached"] else ""
        yield Figure(f"{on}: opened{again}", f"{one['opened_s']:.1f} s")
    elif "first_table_s" in one:
        how = "read from JAX's cache on disk" if one["cached"] else "compiled"
        yield Figure(f"{on}: the first table read, {how}", f"{one['first_table_s']:.2f} s")
    elif "latency" in one:
        yield Figure(f"{on}: a table of 10 columns, alone", waits(one["latency"]))
    elif "step" in one:
        tables = one["step"]["tables"]
        what = (
            f"a step of {tables} table{'s' * (tables > 1)}, {one['step']['beams']} charts in each"
        )
        yield Figure(f"{on}: {what}", f"{one['step']['ms']:.2f} ms")
    elif "precision" in one:
        yield Figure(f"{on}: {one['precision']}, {one['tables']}", differences(one))


def told_of(found: Mapping[str, Any], name: str) -> Iterator[tuple[Told, str]]:
    """Yield the rates that a part told, and what was done; those of several processes as one."""
    told = found["parts"][name]["told"]
    for one in told:
        for kind, way in (("designs", "choice of charts"), ("drawn", DRAWN)):
            if kind in one:
                yield one[kind], way
    shared = [one["share"] for one in told if "share" in one]
    if shared:
        names = ("tables", "cpu_s", "network_s", "profile_s")
        sums = {name: sum(one[name] for one in shared) for name in names}
        # They begin together, and each ends with its last batch.
        a_second = sum(one["tables"] / one["wall_s"] for one in shared)
        processes = len(shared)
        sums |= {name: sums[name] / processes for name in ("network_s", "profile_s")}
        sums |= {"wall_s": sums["tables"] / a_second, "together": shared[0]["together"]}
        yield sums, f"choice of charts, {processes} processes at once"


def where(found: Mapping[str, Any], name: str) -> str:
    """Return who ran the network in a part, and on what."""
    if PARTS[name].runtime != "keras":
        return f"{PARTS[name].runtime}, a processor"
    told = (one for part in found["parts"].values() for one in part["told"])
    backend = next((BACKENDS[one["backend"]] for one in told if "backend" in one), "Keras")
    return f"{backend}, {found['device'] if PARTS[name].on_gpu else 'a processor'}"


def waits(told: Told) -> str:
    """Return how long one table takes, and what of it the network."""
    return (
        f"p50 {told['p50_ms']:.0f} ms, p99 {told['p99_ms']:.0f} ms; "
        f"the network {told['network_ms']:.0f} ms in {told['steps']:.0f} steps"
    )


def rate(told: Told) -> tuple[float, float]:
    """Return tables a CPU-second and tables a second."""
    return told["tables"] / told["cpu_s"], told["tables"] / told["wall_s"]


def shares(told: Told) -> str:
    """Return where the time goes: network, profile, and the search that is left."""
    if "network_s" not in told:
        return ""
    network, profile = (told[name] / told["wall_s"] for name in ("network_s", "profile_s"))
    return f": network {network:.0%}, profile {profile:.0%}, search {1 - network - profile:.0%}"


def differences(told: Told) -> str:
    """Return how many lists a precision changes."""
    return (
        f"{told['other_lists']} lists other than numpy's, "
        f"{told['other_charts']} of {told['charts']:,} charts"
    )


def _part(part: Part, seconds: float, limit_s: float, cache: str) -> Told:
    """Run a part to its end or its limit, and return what it told line by line."""
    # Compiled programs are kept from part to part; nothing is too small to be.
    variables = environment() | {
        "ERP_RUNTIME": part.runtime,
        "JAX_COMPILATION_CACHE_DIR": cache,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    if not part.on_gpu:
        variables |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "benchmarks.gpu_work", part.work, part.runtime, str(seconds)]
    ends = time.monotonic() + limit_s
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as meeting:
        variables[MEET] = f"{meeting}:{part.processes}"
        started = [
            _started(command, variables, Path(folder, str(place)))
            for place in range(part.processes)
        ]
        failures = [_ended(process, ends, limit_s) for process in started]
        outputs = [Path(folder, f"{place}.out").read_text() for place in range(part.processes)]
        errors = [Path(folder, f"{place}.err").read_text() for place in range(part.processes)]
    lines = [line for said in outputs for line in said.splitlines() if line.startswith("{")]
    failed = [
        f"{why}: {said.strip()[-300:]}" for why, said in zip(failures, errors, strict=True) if why
    ]
    return {"told": [json.loads(line) for line in lines], "failed": failed[0] if failed else ""}


def _started(
    command: Sequence[str], variables: Mapping[str, str], path: Path
) -> subprocess.Popen[bytes]:
    """Start a process that writes into files: a full pipe would hold it up."""
    with path.with_suffix(".out").open("wb") as out, path.with_suffix(".err").open("wb") as err:
        return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=out, stderr=err)


def _ended(process: subprocess.Popen[bytes], ends: float, limit_s: float) -> str:
    """Wait for the end of a process, end it where that is late, and return why it failed."""
    try:
        code = process.wait(max(0.1, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return f"{LATE} {limit_s:.0f} s"
    return f"ended with {code}" if code else ""


def _device() -> str:
    """Return what the driver calls the first GPU."""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    if shutil.which(command[0]) is None:
        return "no GPU"
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return f"an {done.stdout.splitlines()[0]}" if done.stdout.strip() else "no GPU"


def main() -> None:
    """Measure, whether there is a GPU or not, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all if none")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each figure")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds for all")
    given = parser.parse_args()
    path = measure(given.seconds, given.limit, given.parts or tuple(PARTS))
    print_table(list(rows(json.loads(path.read_text()))))
    sys.stdout.write(f"kept in {path}\n")


if __name__ == "__main__":
    main()
