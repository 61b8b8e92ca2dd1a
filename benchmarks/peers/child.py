"""Owns what a measured process tells of itself: its times, its memory, and what it would send."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: When the process was started, by the clock that all processes of a machine share.
STARTED = "ERP_BENCH_STARTED"


def measured(job: Callable[[Any], Callable[[], dict[str, Any]]], *packages: str) -> None:
    """Run a job on the csv that the command line names, and print what it took as JSON.

    Parameters
    ----------
    job
        Takes the frame, imports what it needs and does the work; what it returns tells the size of
        the answer, and is asked when all clocks have been read.
    packages
        Whose versions are told.
    """
    import pandas as pd

    before = _spent()
    frame = pd.read_csv(sys.argv[1], parse_dates=["ordered_at"])
    reading = [after - earlier for after, earlier in zip(_spent(), before, strict=True)]
    base_mb = _from_here()
    sizes = job(frame)
    cpu_s, wall_s = (after - read for after, read in zip(_spent(), reading, strict=True))
    told = {"cpu_s": cpu_s, "wall_s": wall_s, "over_frame_mb": _peak_mb() - base_mb}
    told["frame_mb"] = base_mb
    told |= sizes() | {"versions": {name: version(name) for name in ("pandas", *packages)}}
    print("\n" + json.dumps(told))


def measured_whole(job: Callable[[str], Callable[[], dict[str, Any]]], *packages: str) -> None:
    """Run a job that reads the csv by itself, and print what the whole process took as JSON.

    Parameters
    ----------
    job
        Takes the path; else as in `measured`, but reading the file counts.
    packages
        Whose versions are told.
    """
    sizes = job(sys.argv[1])
    cpu_s, wall_s = _spent()
    versions = {name: version(name) for name in packages}
    told = {"cpu_s": cpu_s, "wall_s": wall_s, "pandas": "pandas" in sys.modules}
    print("\n" + json.dumps(told | sizes() | {"versions": versions}))


def _spent() -> tuple[float, float]:
    """Return processor and wall time since the process was started, children included."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = time.process_time() + children.ru_utime + children.ru_stime
    return cpu_s, time.monotonic() - float(os.environ[STARTED])


def _from_here() -> float:
    """Forget the peak so far and return what the process holds, in MB.

    What reading the file left behind is given back first: else the job could use that memory
    without being seen to grow.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return _status_mb("VmRSS")


def _peak_mb() -> float:
    return _status_mb("VmHWM")


def _status_mb(key: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024
