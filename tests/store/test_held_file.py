"""A store's file that another program holds: one hears of it soon, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import erp_widget as erp
from erp_widget.errors import StoreBusyError
from erp_widget.gallery.kept_later import wait_until_kept
from erp_widget.store import ChartDraft, open_store
from erp_widget.store import patience as patience_module
from erp_widget.store.patience import briefly
from erp_widget.store.sqlite import SqliteStore

DRAFT = ChartDraft("Sales", "bar", ("city",), {"mark": "bar"})
TABLE = {"city": ["Rome", "Oslo"] * 9, "sales": list(range(18))}
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "everything":
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = DELETE")
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, what: str = "writing") -> Iterator[subprocess.Popen[str]]:
    """Let another process hold a file until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "s.sqlite3"
    SqliteStore(str(made)).close()
    return made


@pytest.mark.parametrize("what", ["writing", "everything"])
def test_who_waits_briefly_gets_an_error_that_names_the_file_and_the_fix(
    path: Path, what: str
) -> None:
    with held(path, what), briefly(0.3):
        began = time.monotonic()
        with pytest.raises(StoreBusyError, match=rf"{path} is held by another program.*close"):
            SqliteStore(str(path)).save_chart("ada", DRAFT)
        assert time.monotonic() - began < 3


def test_a_save_says_what_it_waits_for_and_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patience_module, "TOLD_AFTER_S", 0.2)
    store = SqliteStore(str(path))
    with held(path) as process:
        end = subprocess.Popen(["sh", "-c", f"sleep 0.8; kill {process.pid}"])
        store.save_chart("ada", DRAFT, "one")
        end.wait()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(path) in said
    assert "close that" in said
    assert [chart.id for chart in store.charts("ada")] == ["one"]


def test_charts_come_at_once_and_the_history_once_the_file_is_free(path: Path) -> None:
    erp.configure(store=str(path), user="ada")
    with held(path):
        began = time.monotonic()
        gallery = erp.recommend(TABLE, name="cities")
        assert len(gallery) > 0
        again = erp.recommend(TABLE, name="cities again", k=2)
        assert time.monotonic() - began < 8
        (note,) = {n for n in gallery.notes if "history" in n}
        assert note.startswith(f"Not yet in the history: the store {path} is held")
        assert len(again) == 2
        assert not wait_until_kept(0.1)
    assert wait_until_kept(10)
    kept = open_store(path).galleries("ada")
    assert [one.title for one in kept] == ["cities again", "cities"]
    assert {one.dataset_id for one in kept} == {gallery.dataset_id, again.dataset_id}
    assert open_store(path).dataset("ada", gallery.dataset_id or "").name == "cities"


#: A list that is recommended as the process ends, when Python 3.12 begins no threads any more.
LATE = """
import atexit, threading
import erp_widget as erp
def refuse(self):
    raise RuntimeError("can't create new thread at interpreter shutdown")
table = {"city": ["Rome", "Oslo"] * 9, "sales": list(range(18))}
erp.recommend(table, name="early", store=":memory:")
@atexit.register
def late():
    threading.Thread.start = refuse
    erp.recommend(table, name="late")
    print("waits", flush=True)
"""


def test_what_waits_as_the_process_ends_is_written_without_a_thread(path: Path) -> None:
    environment = dict(os.environ) | {"ERP_STORE": str(path), "ERP_USER": "ada"}
    with held(path) as holder:
        ending = subprocess.Popen(
            [sys.executable, "-c", LATE], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert ending.stdout is not None
        assert ending.stdout.readline() == "waits\n"
        holder.communicate()
        ending.communicate()
    assert [one.title for one in open_store(path).galleries("ada")] == ["late"]


def test_a_click_is_answered_once_the_file_is_free(path: Path) -> None:
    erp.configure(store=str(path), user="ada")
    gallery = erp.recommend(TABLE, name="cities")
    gallery._repr_mimebundle_()
    widget = gallery._widget
    assert widget is not None
    sent: list[dict[str, Any]] = []
    widget.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    with held(path):
        began = time.monotonic()
        widget.receive({"kind": "request", "id": 1, "command": "save", "chart": gallery[0].id})
        assert time.monotonic() - began < 4
        assert sent == [{"kind": "accepted", "id": 1}]
        assert str(path) in widget.work["what"]
    assert widget.workshop.wait(10)
    assert sent[-1]["ok"], sent
    assert widget.saved == [gallery[0].id]
    assert widget.work is None
