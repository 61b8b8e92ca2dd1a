"""Owns that every tour runs from the first cell to the last, and is kept with outputs to read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from import_graph import ROOT
from mongod import Mongod
from tours import NOTEBOOKS, TEAM, TEAM_STORE, run

TOURS = sorted(NOTEBOOKS.glob("*.ipynb"))
#: All of them travel with the source.
MAX_BYTES = 1_500_000


@pytest.fixture
def more(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Start what a tour needs, and say where it is."""
    if request.node.callspec.params["path"] != TEAM:
        yield {}
        return
    server = Mongod()
    try:
        server.start()
        yield {TEAM_STORE: server.database("ada")}
    finally:
        server.remove()


def pictures(notebook: nbformat.NotebookNode) -> int:
    return sum(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


# The demo below runs the first one.
@pytest.mark.parametrize(
    "path", [path for path in TOURS if path.stem != "start"], ids=lambda path: path.stem
)
def test_it_runs(path: Path, more: dict[str, str], tmp_path: Path) -> None:
    made, kept = run(path, tmp_path, **more), nbformat.read(path, as_version=4)
    assert pictures(made) == pictures(kept) > 0
    for new, old in zip(made.cells, kept.cells, strict=True):
        assert [o.output_type for o in new.get("outputs", [])] == [
            o.output_type for o in old.get("outputs", [])
        ], new.source


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.stem)
def test_it_is_kept_with_outputs_to_read(path: Path) -> None:
    kept = nbformat.read(path, as_version=4)
    nbformat.validate(kept)
    assert path.stat().st_size < MAX_BYTES
    assert pictures(kept) > 0
    outputs = [output for cell in kept.cells for output in cell.get("outputs", [])]
    assert {output.output_type for output in outputs} <= {
        "display_data",
        "execute_result",
        "stream",
    }
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    shown = [set(o.data) for o in outputs if o.output_type == "display_data"]
    readable = {"image/png", "text/html", "text/markdown"}
    assert not [kinds for kinds in shown if not kinds & readable]
    # Nothing of the machine that ran it.
    said = json.dumps([o for o in outputs if "image/png" not in o.get("data", {})])
    assert re.findall(r"(?:/tmp|/home|/root|/Users|/work)/[\w./-]*", said) == []
    assert "widgets" not in kept.metadata


def test_the_demo_runs_the_first_tour(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for name in ("gallery.html", "report.html", "start.ipynb"):
        assert str(tmp_path / name) in done.stdout
    page = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    start = nbformat.read(tmp_path / "start.ipynb", as_version=4)
    listed = [line[4:] for line in done.stdout.splitlines() if line[:2].strip().isdigit()]
    assert len(listed) == len(set(listed)) == 15
    assert all(title in page for title in listed[:3])
    assert pictures(start) == pictures(nbformat.read(NOTEBOOKS / "start.ipynb", as_version=4))
