"""What is special about a file: foreign, newer, damaged, read-only, full."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from erp_widget.errors import (
    DamagedStoreError,
    InputError,
    NewerStoreError,
    StoreError,
    StoreUnavailableError,
)
from erp_widget.store import ChartDraft, open_store
from erp_widget.store.sqlite import SqliteStore

DRAFT = ChartDraft("Sales", "bar", ("city",), {"mark": "bar"})


def made(path: Path) -> Path:
    """Make a store with one chart."""
    store = SqliteStore(str(path))
    store.save_chart("ada", DRAFT, "one")
    store.close()
    return path


def test_a_store_is_made_with_its_folder_for_its_owner_only(tmp_path: Path) -> None:
    path = made(tmp_path / "a" / "b" / "store.sqlite3")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SqliteStore(str(path)).chart("ada", "one").title == "Sales"


def test_a_write_ahead_log_is_used_and_commits_reach_the_disk(tmp_path: Path) -> None:
    connection = SqliteStore(str(tmp_path / "s.sqlite3"))._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == {"journal_mode": "wal"}
    assert connection.execute("PRAGMA synchronous").fetchone() == {"synchronous": 2}


def test_a_newer_file_names_the_fix(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO erp_version VALUES (99, 0)")
    connection.close()
    with pytest.raises(NewerStoreError, match=r"version 99.*pip install --upgrade"):
        open_store(path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE things (n)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DamagedStoreError, match="another program's"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, long enough to be taken for a database header" * 20)
    before = path.read_bytes()
    with pytest.raises(DamagedStoreError, match="no store"):
        open_store(path)
    assert path.read_bytes() == before


def test_places_that_can_hold_no_file_name_the_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "s.sqlite3", Path("/proc/nowhere/s.sqlite3")):
        with pytest.raises(StoreUnavailableError, match=r"erp\.configure|name a file"):
            open_store(path)
    with pytest.raises((StoreUnavailableError, InputError)):
        open_store(str(tmp_path / "a\x00b"))


def test_a_damaged_record_says_so(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    store = SqliteStore(str(path))
    store._connection.execute("UPDATE charts SET record = '{'")
    with pytest.raises(DamagedStoreError, match="backup"):
        store.chart("ada", "one")


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path) -> None:
    store = SqliteStore(str(made(tmp_path / "s.sqlite3")))
    store._connection.execute("PRAGMA max_page_count = 30")
    large = ChartDraft("Large", "bar", (), {"x": "y" * 2**20})
    with pytest.raises(StoreUnavailableError, match="no space left"):
        store.save_chart("ada", large)
    assert [chart.id for chart in store.charts("ada")] == ["one"]
    assert len(store.history("ada")) == 1


def test_a_writer_that_holds_the_file_is_waited_for(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    holder = "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1],isolation_level=None)"
    holder += "; c.execute('BEGIN IMMEDIATE'); print('held',flush=True); time.sleep(1)"
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    store = SqliteStore(str(path))
    store.save_chart("ada", DRAFT, "two")
    process.wait()
    process.stdout.close()
    assert len(store.charts("ada")) == 2


def test_a_store_survives_a_fork(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    store = open_store(path)

    def child() -> None:
        assert open_store(path) is not store
        open_store(path).save_chart("ada", DRAFT, "two")

    assert in_child(child) == 0
    assert len(store.charts("ada")) == 2


def test_a_read_only_file_can_be_read_and_a_write_names_the_fix(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    path.chmod(0o444)
    tmp_path.chmod(0o777)

    def child() -> None:
        _become_nobody()
        store = SqliteStore(str(path))
        assert store.chart("ada", "one").title == "Sales"
        with pytest.raises(StoreUnavailableError, match=r"cannot be written.*erp\.configure"):
            store.save_chart("ada", DRAFT, "two")

    for folder in (tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    assert in_child(child) == 0


def test_a_folder_without_permission_names_the_fix(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    def child() -> None:
        _become_nobody()
        with pytest.raises(StoreUnavailableError, match="Permission denied"):
            SqliteStore(str(tmp_path / "new" / "s.sqlite3"))

    if os.getuid() != 0:
        tmp_path.chmod(0o555)
    for folder in (tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    assert in_child(child) == 0


def test_values_that_sqlite_cannot_hold_are_refused_as_store_errors(tmp_path: Path) -> None:
    from erp_widget.store.sqlite_file import explained

    store = SqliteStore(str(tmp_path / "s.sqlite3"))
    with pytest.raises(StoreError), explained("here"):
        store._connection.execute("SELECT ?", (2**70,))
    with pytest.raises(StoreError), explained("here"):
        store._connection.execute("SELECT ?", ("\ud800",))


def in_child(act: Callable[[], None]) -> int:
    """Run something in a forked process and return its exit status."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become_nobody() -> None:
    """Root may write anywhere, so a test of permissions must not be root."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
