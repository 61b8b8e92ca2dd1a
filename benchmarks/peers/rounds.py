"""Owns running the tools in turns, each time in a fresh process, on the same file."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.child import STARTED
from benchmarks.peers.environments import python_of
from benchmarks.processes import ERP, ROOT, RunError, cpu_seconds, environment

#: A tool that takes longer is given up.
LIMIT_S = 900.0
MEASURES = ("cpu_s", "wall_s", "over_frame_mb", "frame_mb", "bytes", "code_bytes", "charts")

Run = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One of those compared.

    Parameters
    ----------
    name
        What tables call it.
    job
        The module in this package that does its work; None for our command in a shell.
    environment
        The name of its requirements; None for our own environment.
    """

    name: str
    job: str | None
    environment: str | None = None

    def command(self, path: Path) -> list[str]:
        """Return what runs it on a csv file."""
        if self.job is None:
            return [ERP, "recommend", str(path), "-k", "15", "--format", "specs"]
        python = str(python_of(self.environment)) if self.environment else sys.executable
        return [python, "-m", f"benchmarks.peers.{self.job}", str(path)]


def in_turns(tools: Sequence[Tool], path: Path, rounds: int, warm_up: bool) -> dict[str, Run]:
    """Return, by name of the tool, all runs and the median of each measure, or why there are none.

    The tools take turns, so that a busy moment of the machine touches all alike; a first round
    that fills the file cache is not counted. What fails once is not tried again.
    """
    runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
    failed: dict[str, str] = {}
    for turn in range(rounds + warm_up):
        for tool in tools:
            if tool.name in failed:
                continue
            try:
                run = _run(tool, path)
            except (RunError, subprocess.TimeoutExpired) as error:
                # One that was killed says nothing.
                lines = str(error).strip().splitlines() or ["it ended without a word"]
                failed[tool.name] = lines[-1]
                continue
            if turn >= warm_up:
                runs[tool.name].append(run)
    found = {name: _medians(taken) for name, taken in runs.items() if name not in failed}
    return found | {name: {"failed": why} for name, why in failed.items()}


def ratio(found: Mapping[str, Run], ours: str, theirs: str, measure: str = "cpu_s") -> float | None:
    """Return ours over theirs, the median over the rounds; None where one of them failed."""
    if "runs" not in found[ours] or "runs" not in found[theirs]:
        return None
    pairs = zip(found[ours]["runs"], found[theirs]["runs"], strict=True)
    return float(statistics.median(one[measure] / other[measure] for one, other in pairs))


def _medians(runs: Sequence[Run]) -> Run:
    told = {
        name: statistics.median(run[name] for run in runs)
        for name in MEASURES
        if all(run.get(name) is not None for run in runs)
    }
    return told | {"versions": runs[0].get("versions", {}), "runs": list(runs)}


def _run(tool: Tool, path: Path) -> Run:
    command = tool.command(path)
    home = path.parent / "home"
    home.mkdir(exist_ok=True)
    variables = environment() | {
        "HOME": str(home),  # what a tool writes there is not the user's
        "ERP_STORE": str(home / "store.sqlite3"),
        "YDATA_PROFILING_NO_ANALYTICS": "True",
        STARTED: str(time.monotonic()),
    }
    if tool.job is None:
        began = time.monotonic()
        cpu_s = cpu_seconds(command, variables)
        return {"cpu_s": cpu_s, "wall_s": time.monotonic() - began}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    told: Run = json.loads(done.stdout.splitlines()[-1])
    return told
