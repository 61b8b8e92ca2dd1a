"""Two notebooks that edit one report at once, each in a process of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

from erp_widget.store import ReportEntry, open_store

EDITOR = Path(__file__).with_name("editor.py")
EDITORS = ("left", "right")
CHARTS_EACH = 24


def test_two_editors_lose_no_update(location: str) -> None:
    environment = {**os.environ, "ERP_USER": "ada"}
    editors = [
        subprocess.Popen(
            [sys.executable, str(EDITOR), location, name, str(CHARTS_EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name in EDITORS
    ]
    # Both have loaded before either begins.
    for editor in editors:
        assert editor.stdout is not None
        assert editor.stdout.readline() == "ready\n"
    for editor in editors:
        assert editor.stdin is not None
        editor.stdin.write("\n")
        editor.stdin.flush()
    for editor in editors:
        editor.communicate()
    assert [editor.returncode for editor in editors] == [0, 0]
    store = open_store(location)
    record = store.get_report("ada", "main")
    wanted = [
        ReportEntry(f"{name}-{n}", f"by {name}")
        for name in EDITORS
        for n in range(CHARTS_EACH)
        if n % 4 != 3
    ]
    assert sorted(record.entries, key=str) == sorted(wanted, key=str)
    # Each change is one revision: none was written over another.
    assert record.revision == len(EDITORS) * (2 * CHARTS_EACH + CHARTS_EACH // 4)
    by_editor = [entry.id.partition("-")[0] for entry in record.entries]
    turns = sum(one != next_one for one, next_one in itertools.pairwise(by_editor))
    assert turns > 1, "one came after the other"
    store.close()
