"""Errors in a notebook: one's own line and the sentence that helps, not the way through here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CELLS = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import erp_widget as erp")
shell.run_cell("def mine(table):\\n    return erp.recommend(table, columns=['pric'])")
shell.run_cell("mine({'price': [1, 2, 3]})")
shell.run_cell("import helper; helper.charts()")
"""
HELPER = "import erp_widget\n\n\ndef charts():\n    return erp_widget.recommend([1])\n"


def test_a_notebook_shows_ones_own_lines_and_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(HELPER)
    done = subprocess.run(
        [sys.executable, "-c", CELLS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    said = done.stdout.replace("\x1b[31m", "").replace("\x1b[39m", "")
    first, _, second = said.partition("'price'\n")
    assert [line.strip() for line in first.splitlines() if line] == [
        "Cell In[1], line 1",
        "mine({'price': [1, 2, 3]})",
        "Cell In[1], line 2",
        "return erp.recommend(table, columns=['pric'])",
        "UnknownColumnError: there is no column 'pric'; did you mean 'price'? Columns:",
    ]
    assert f"File {tmp_path / 'helper.py'}, line 5" in second
    assert "InputError: a list must hold records" in second
    assert "recommendation.py" not in said
