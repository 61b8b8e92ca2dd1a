"""Owns what docs/users.md promises and no other test shows, and that the tests it names exist."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from import_graph import ROOT

PAGE = ROOT / "docs" / "users.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))
ROWS = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]

WATCHED = """
import json, sys
asked = []
def watch(event, details):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        asked.append([event, repr(details[-1] if event == "socket.connect" else details[0])])
sys.addaudithook(watch)
import erp_widget as erp
table = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
gallery = erp.recommend(table, k=3, name="shops")
gallery.save("gallery.html")
gallery[0].to_png("chart.png")
gallery[0].code()
report = erp.report("Q3").add(gallery[0]).add_summary(table, "shops")
for write, name in (
    (report.to_html, "r.html"), (report.to_pdf, "r.pdf"), (report.to_notebook, "r.ipynb")
):
    write(name)
repr(erp.history())
print(json.dumps(asked))
"""
PATCHED = """
import json, sys
import pandas as pd
def seen():
    return {name: sorted(vars(getattr(pd, name))) for name in ("DataFrame", "Series", "Index")}
before, options = seen(), pd.describe_option(_print_desc=False)
import erp_widget as erp
frame = pd.DataFrame({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
erp.recommend(frame, k=2)
assert type(frame) is pd.DataFrame
print(json.dumps([before == seen(), options == pd.describe_option(_print_desc=False)]))
"""


def said_by(code: str, folder: Path) -> object:
    """Run code in a process of its own, and return what it prints at the end."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=None,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_row_names_a_test() -> None:
    assert len(ROWS) == 15  # with the heading
    for row in ROWS[1:]:
        assert "::" in row, row


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_the_tests_that_are_named_exist(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_connection_is_made(tmp_path: Path) -> None:
    assert said_by(WATCHED, tmp_path) == []


def test_pandas_stays_as_it_was(tmp_path: Path) -> None:
    assert said_by(PATCHED, tmp_path) == [True, True]


def test_requirements_leave_room() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = [one for one in project["dependencies"] if "==" in one.partition(";")[0]]
    assert pinned == []
    for one in project["dependencies"]:
        bounds = re.findall(r"<(\d+)(\.\d+)?", one.partition(";")[0])
        # A minor version bounds only what is itself before its first major one.
        assert all(major == "0" or not minor for major, minor in bounds), one
