"""Owns that every Python block of the README runs, in order, as a reader would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from import_graph import ROOT

#: What the reader has: a frame and a file of it.
BEFORE = """
import numpy as np
import pandas as pd
rng = np.random.default_rng(3)
df = pd.DataFrame({
    "day": pd.date_range("2024-01-01", periods=120),
    "shop": rng.choice(["North", "South", "East"], 120),
    "price": rng.gamma(3, 4, 120).round(2),
    "units": rng.poisson(9, 120),
})
df.to_csv("sales.csv", index=False)
"""


def test_python_blocks_run(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) >= 5
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([BEFORE, *blocks])],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for name in ("chart.png", "chart.svg", "report.html", "report.ipynb", "gallery.html"):
        assert (tmp_path / name).stat().st_size > 0


def test_links_lead_somewhere() -> None:
    pages = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")]
    pages += [ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]
    pages += [ROOT / folder / "README.md" for folder in ("benchmarks", "deploy")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_layout_names_modules_that_exist_every_one_in_front_and_every_folder() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    layout = text.partition("## Layout")[2].partition("\n## ")[0]
    for package in ("erp_widget", "vizmodel"):
        part = layout.partition(f"### `{package}/`")[2].partition("\n### ")[0]
        named = set(re.findall(r"(\w+\.py)`", part))
        modules = [p for p in (ROOT / package).rglob("*.py") if p.name != "__init__.py"]
        assert named <= {path.name for path in modules}
        assert {p.name for p in modules if p.parent == ROOT / package} <= named
        folders = {str(p.parent.relative_to(ROOT / package)) for p in modules} - {"."}
        assert folders <= set(re.findall(r"^\| `([\w/]+)/`", part, re.M))


def test_named_make_targets_exist() -> None:
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.M))
        assert named <= rules, page
