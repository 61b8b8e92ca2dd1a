"""Owns that the tour runs from the first cell to the last, and that its pages stand alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
from import_graph import ROOT


def test_tour(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py"), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for name in ("gallery.html", "report.html", "tour.ipynb"):
        assert str(tmp_path / name) in done.stdout
    page = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    tour = nbformat.read(tmp_path / "tour.ipynb", as_version=4)
    listed = [line[4:] for line in done.stdout.splitlines() if line[:2].strip().isdigit()]
    assert len(listed) == 15
    assert len(set(listed)) == 15
    assert all(title in page for title in listed[:3])
    assert not [
        o for cell in tour.cells for o in cell.get("outputs", []) if o.output_type == "error"
    ]


def test_the_tour_is_kept_without_outputs() -> None:
    tour = nbformat.read(ROOT / "notebooks" / "tour.ipynb", as_version=4)
    assert not [cell for cell in tour.cells if cell.get("outputs")]
