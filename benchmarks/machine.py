"""Owns what is told of the machine and the moment of a measurement, and where results are kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("erp-widget", "pandas", "numpy", "pyarrow", "duckdb", "ibis-framework", "altair")


def machine() -> dict[str, Any]:
    """Return the processors, how busy they are, the date, and the versions of what is measured."""
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_1_min": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def keep(name: str, found: Mapping[str, Any]) -> Path:
    """Write results beside a description of the machine, and return the path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"machine": machine()} | dict(found), indent=1) + "\n")
    return path


def kept(name: str) -> dict[str, Any] | None:
    """Return what was kept last under a name, or None."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else None


def keep_rows(part: str, rows: list[dict[str, Any]]) -> None:
    """Put the rows that a part printed in the place of those it printed before."""
    RESULTS.mkdir(exist_ok=True)
    table = kept("table") or {}
    table[part] = {"machine": machine(), "rows": rows}
    (RESULTS / "table.json").write_text(json.dumps(table, indent=1) + "\n")


def _version(package: str) -> str | None:
    """Return a version; None for what is not installed, since a part may not need it."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
