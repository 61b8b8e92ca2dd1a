"""Owns running programs and reading how much processor time they took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DO_NOT_COMPILE = "PYTHONDONTWRITEBYTECODE"
ERP = str(Path(sys.executable).with_name("erp"))


class RunError(Exception):
    """A measured program failed; the message is the end of what it printed."""


def environment() -> dict[str, str]:
    """Return our environment, in which Python may keep modules compiled, as it does installed ones.

    Else each process would compile this project anew, which no user's does.
    """
    return {name: value for name, value in os.environ.items() if name != DO_NOT_COMPILE}


def cpu_seconds(arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> float:
    """Run a program to its end and return its processor time in seconds, user and system.

    Its environment is `environment()` where no variables are given.

    Raises
    ------
    RunError
        The program failed: its time would mean nothing.
    """
    process = subprocess.Popen(
        arguments,
        env=environment() if variables is None else variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    # wait4 gives the use of this very child, whatever else runs on the machine.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RunError(said.decode(errors="replace").strip()[-400:])
    return usage.ru_utime + usage.ru_stime


def medians(programs: Mapping[str, Sequence[str]], repeats: int) -> dict[str, float]:
    """Return name -> median processor time in seconds.

    The programs take turns, so that a busy moment of the machine touches all alike; a first turn
    that fills the file cache is not counted.
    """
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(repeats + 1):
        for name, arguments in programs.items():
            taken = cpu_seconds(arguments)
            if turn > 0:
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}
