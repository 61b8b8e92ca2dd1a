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
from typing import Any

from benchmarks.figure import Figure, print_table
from benchmarks.machine import keep, kept
from benchmarks.processes import ROOT, environment

#: Seconds for each figure, and for all.
SECONDS, LIMIT_S = 4.0, 270.0
NAME = "gpu"
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


#: What is measured, in order of weight.
PARTS: dict[str, Part] = {
    "cold": Part("warm", "keras", 90),
    "prepared": Part("warm", "keras", 60),
    "gpu": Part("work", "keras", 100),
    "litert": Part("work", "litert", 40, on_gpu=False),
    "precision": Part("precision", "keras", 80),
    "shared": Part("share", "keras", 60, processes=8),
    "litert_shared": Part("share", "litert", 40, on_gpu=False, processes=8),
    "numpy": Part("work", "numpy", 40, on_gpu=False),
    "cpu": Part("work", "keras", 60, on_gpu=False),
}
WHERE = {
    "litert": "LiteRT on a processor",
    "litert_shared": "LiteRT on a processor",
    "numpy": "numpy on a processor",
}

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
    """Return what was measured on a GPU, line by line."""
    parts, device = found["parts"], found["device"]
    for name, told in parts.items():
        where = WHERE.get(name) or _keras_on(parts, device if name != "cpu" else "a processor")
        for one in told["told"]:
            yield from _row(one, where, "prepared" if name == "prepared" else "")
        yield from _shared([one["share"] for one in told["told"] if "share" in one], where)
        if told.get("failed"):
            yield Figure(f"{where}: {name}", f"failed: {told['failed']}", "", False)


def _row(one: Told, where: str, kind: str) -> Iterator[Figure]:
    if "warm_up_s" in one and "warm_up_cpu_s" in one:
        how = "read from JAX's cache on disk" if kind else "compiled"
        yield Figure(f"{where}: all {one['shapes']} shapes, {how}", f"{one['warm_up_s']:.1f} s")
    elif "latency" in one:
        yield Figure(f"{where}: one table of 10 columns, alone", waits(one["latency"]))
    elif "step" in one:
        step = one["step"]
        what = f"a step of {step['tables']} tables, {step['beams']} charts each"
        yield Figure(f"{where}: {what.replace(' 1 tables', ' one table')}", f"{step['ms']:.2f} ms")
    elif "designs" in one:
        told = one["designs"]
        what = f"choice of charts, {told['together']} small tables together"
        yield Figure(f"{where}: {what}", f"{rate(told)}, {shares(told)}")
    elif "drawn" in one:
        yield Figure(f"{where}: small tables, charts drawn", rate(one["drawn"]))
    elif "precision" in one:
        yield Figure(f"{where}: {one['precision']}, {one['tables']}", differences(one))


def _shared(told: Sequence[Told], where: str) -> Iterator[Figure]:
    """Return what processes that worked at the same time did together."""
    if told:
        a_second = sum(one["tables"] / one["wall_s"] for one in told)
        a_cpu_s = sum(one["tables"] for one in told) / sum(one["cpu_s"] for one in told)
        what = f"{len(told)} processes at once, {told[0]['together']} small tables together in each"
        measured = f"{a_cpu_s:.1f} tables a CPU-second, {a_second:.1f} a second"
        yield Figure(f"{where}: choice of charts, {what}", measured)


def waits(told: Told) -> str:
    """Return how long one table takes, and what of it the network."""
    return (
        f"p50 {told['p50_ms']:.0f} ms, p99 {told['p99_ms']:.0f} ms; "
        f"the network {told['network_ms']:.0f} ms in {told['steps']:.0f} steps"
    )


def rate(told: Told) -> str:
    """Return tables by clock and by processor."""
    a_second, a_cpu_s = (told["tables"] / told[name] for name in ("wall_s", "cpu_s"))
    return f"{a_cpu_s:.1f} tables a CPU-second, {a_second:.1f} a second"


def shares(told: Told) -> str:
    """Return where the time goes: network, profile, and the search that is left."""
    network, profile = (told[name] / told["wall_s"] for name in ("network_s", "profile_s"))
    return f"network {network:.0%}, profile {profile:.0%}, search {1 - network - profile:.0%}"


def differences(told: Told) -> str:
    """Return how many lists a precision changes."""
    return (
        f"{told['other_lists']} lists other than numpy's, "
        f"{told['other_charts']} of {told['charts']:,} charts"
    )


def _keras_on(parts: Mapping[str, Any], device: str) -> str:
    backends = [
        one["backend"] for part in parts.values() for one in part["told"] if "backend" in one
    ]
    names = {"jax": "Keras, JAX", "tensorflow": "Keras, TensorFlow"}
    return f"{names.get(backends[0] if backends else '', 'Keras')} on {device}"


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
        return f"not done after {limit_s:.0f} s"
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
