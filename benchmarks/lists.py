"""Owns the quality of the lists on a folder of test tables, by a scoring script beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.processes import ROOT, RunError

#: The folder that holds `bench/quality.py` and `corpus/data2vis_test`; a clone has none.
SHARED = Path(os.environ.get("ERP_BENCH_DATA", ROOT.parent / "shared"))
WHAT = "test tables"


def figures() -> Iterator[Figure]:
    """Recommend for each table, then score; one row per figure."""
    script = SHARED / "bench" / "quality.py"
    tables = SHARED / "corpus" / "data2vis_test"
    if not script.is_file() or not tables.is_dir():
        why = f"no scoring script and tables in {SHARED} (ERP_BENCH_DATA names the folder)"
        yield Figure.missing(WHAT, why)
        return
    n_tables = sum(path.suffix in (".csv", ".json") for path in tables.iterdir())
    scores = _scores(script, tables)
    failures = n_tables - scores["lists"]
    yield Figure(f"{n_tables} {WHAT}: failures", f"{failures:.0f}", "0", failures == 0)
    yield Figure.at_least(f"{WHAT}: valid by the schema", scores["schema"], 1.0)
    yield Figure.at_most(f"{WHAT}: phantom columns", scores["phantom"], 0.0, "")
    yield Figure.at_least(f"{WHAT}: sane", scores["sane"], 0.95)
    yield Figure.at_least(f"{WHAT}: useful relations of 15", scores["useful"], 9)
    yield Figure(f"{WHAT}: share of usable columns shown", f"{scores['coverage']:.3f}")
    empty = scores["lists_without_useful"]
    yield Figure(f"{WHAT}: lists without a useful chart", f"{empty:.0f}", "0", empty == 0)


def _scores(script: Path, tables: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "lists.json")
        evaluate = ["-m", "vizmodel.training.evaluate", "--tables", str(tables), "--out", out]
        _python(evaluate)
        said = _python([str(script), out, str(tables)])
    scores = {name: float(value) for name, value in re.findall(r"^  (\w+) +([\d.]+)$", said, re.M)}
    found = re.match(r"(\d+) lists", said)
    return scores | {"lists": float(found.group(1)) if found else 0.0}


def _python(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    return done.stdout
