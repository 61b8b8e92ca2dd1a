"""Owns what it costs to begin: the import, and one whole run of the command."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.processes import ERP, medians
from benchmarks.tables import write_csv

REPEATS = 5


def figures() -> Iterator[Figure]:
    """Measure both; each beside what a person imports anyway."""
    yield from _import()
    yield _command()


def _import() -> Iterator[Figure]:
    first = (
        "import erp_widget; from vizmodel.profile import profile_table; "
        "erp_widget.recommend; erp_widget.Gallery"
    )
    taken = medians(
        {
            "erp": [sys.executable, "-c", "import erp_widget"],
            "all": [sys.executable, "-c", first],
            "peers": [sys.executable, "-c", "import pandas, anywidget"],
        },
        REPEATS,
    )
    detail = f"  ({taken['erp']:.2f} over {taken['peers']:.2f} CPU-s)"
    ratio = taken["erp"] / taken["peers"]
    yield Figure.at_most("import erp_widget / import pandas, anywidget", ratio, 1.3, "x", detail)
    detail = f"{taken['all'] / taken['peers']:.2f}x  ({taken['all']:.2f} CPU-s)"
    yield Figure("the same with all that a first gallery loads", detail)


def _command() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "sales.csv")
        taken = medians(
            {
                "erp": [ERP, "recommend", str(path), "-k", "15", "--format", "specs"],
                "peers": [sys.executable, "-c", "import altair, pandas"],
            },
            REPEATS,
        )
    detail = f"  ({taken['erp']:.2f} over {taken['peers']:.2f} CPU-s)"
    what = "erp recommend 400-row.csv --format specs / import altair, pandas"
    return Figure.at_most(what, taken["erp"] / taken["peers"], 1.5, "x", detail)
