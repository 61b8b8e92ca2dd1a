"""What is special about a file: foreign, newer, damaged, read-only, full."""

from __future__ import annotations

import io
import os
import resource
import signal
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
from erp_widget.library.own_data import store_info
from erp_widget.store import ChartDraft, open_store
from erp_widget.store.network_folder import is_network, is_network_kind, kind_of_mount
from erp_widget.store.sqlite import SqliteStore
from erp_widget.store.sqlite_file import explained

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
    store = SqliteStore(str(tmp_path / "s.sqlite3"))
    for again in (store, store):
        with again._opened():
            connection = again._connection
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
    with store._writing():
        store._connection.execute("UPDATE charts SET record = '{'")
    with pytest.raises(DamagedStoreError, match="backup"):
        store.chart("ada", "one")


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path) -> None:
    store = SqliteStore(str(made(tmp_path / "s.sqlite3")))
    large = ChartDraft("Large", "bar", (), {"x": "y" * 2**20})
    with store._opened():
        store._connection.execute("PRAGMA max_page_count = 30")
        with pytest.raises(StoreUnavailableError, match="no space left"):
            store.save_chart("ada", large)
    assert [chart.id for chart in store.charts("ada")] == ["one"]
    assert len(store.history("ada")) == 1


def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """A limit on the size of files stands for a disk: writes past it fail in the middle."""
    path = made(tmp_path / "s.sqlite3")
    acknowledged = tmp_path / "acknowledged"

    def child() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        store = SqliteStore(str(path))
        with (
            acknowledged.open("w") as said,
            pytest.raises(StoreUnavailableError, match=r"disk|space"),
        ):
            for n in range(1000):
                chart = ChartDraft(str(n), "bar", (), {"x": "y" * 10_000})
                store.save_chart("ada", chart, f"c{n}")
                said.write(f"c{n}\n")
                said.flush()
        # What is there can be read, and small things may still fit.
        assert store.chart("ada", "one").title == "Sales"

    assert in_child(child) == 0
    store = SqliteStore(str(path))
    kept = {chart.id for chart in store.charts("ada", 1000)}
    said = set(acknowledged.read_text().split())
    assert len(said) > 5
    assert said | {"one"} <= kept
    assert store.problems("ada") == []
    store.save_chart("ada", DRAFT, "after")
    store.close()


def test_a_damaged_file_is_found_by_the_check(tmp_path: Path) -> None:
    path = made(tmp_path / "s.sqlite3")
    store = SqliteStore(str(path))
    for n in range(200):
        store.save_chart("ada", ChartDraft(str(n), "bar", (), {"x": "y" * 5_000}))
    store.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    store = SqliteStore(str(path))
    try:
        found = store.problems("ada")
    except DamagedStoreError as error:
        found = [str(error)]
    assert found
    store.close()


def test_a_large_upload_leaves_no_log_of_its_size(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.sqlite3"))
    content = io.BytesIO(os.urandom(40 * 2**20))
    store.add_dataset(
        "ada", name="a", columns=[], n_rows=1, fingerprint="f", content=content, format="csv"
    )
    store.save_chart("ada", DRAFT, "one")
    assert not (tmp_path / "s.sqlite3-wal").exists()
    store.close()


class TestNetworkFolder:
    @pytest.fixture(autouse=True)
    def said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ERP_SQLITE_SAFE", "1")

    def test_a_journal_stands_in_for_the_log(self, tmp_path: Path) -> None:
        path = made(tmp_path / "s.sqlite3")
        store = SqliteStore(str(path))
        assert store.is_safe_mode
        assert store.chart("ada", "one").title == "Sales"
        store.save_chart("ada", DRAFT, "two")
        assert not list(tmp_path.glob("*-shm"))
        assert not list(tmp_path.glob("*-wal"))
        store.close()
        assert any("network folder" in note for note in store_info(store=path).notes)

    def test_a_file_that_was_local_changes_and_comes_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ERP_SQLITE_SAFE", "0")
        path = made(tmp_path / "s.sqlite3")
        for said, safe in (("1", True), ("0", False)):
            monkeypatch.setenv("ERP_SQLITE_SAFE", said)
            store = SqliteStore(str(path))
            assert store.is_safe_mode is safe
            assert len(store.charts("ada")) == 1
            store.close()

    def test_several_processes_lose_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "s.sqlite3"
        writer = Path(__file__).with_name("writer.py")
        command = [sys.executable, str(writer), str(path), "ada", "15"]
        writers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
        assert [process.wait() for process in writers] == [0, 0, 0]
        store = SqliteStore(str(path))
        assert store.is_safe_mode
        assert len(store.charts("ada", 1000)) == 45
        assert store.problems("ada") == []


def test_a_local_folder_is_told_from_a_network_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ERP_SQLITE_SAFE", raising=False)
    assert not is_network("/tmp/s.sqlite3")
    mounts = "/dev/a / ext4 rw 0 0\nh:/h /home nfs4 rw 0 0\n//s/x /mnt/my\\040share cifs rw 0 0\n"
    mounts += "h:/deep /home/ada/deep fuse.sshfs rw 0 0\n/dev/b /home/ada/local ext4 rw 0 0\n"
    mounts += "h:/d /srv/Größe/данные nfs4 rw 0 0\n"
    for path, kind in (
        ("/tmp/s", "ext4"),
        ("/home/ada/s", "nfs4"),
        ("/homework/s", "ext4"),
        ("/mnt/my share/s", "cifs"),
        ("/home/ada/deep/s", "fuse.sshfs"),
        ("/home/ada/local/s", "ext4"),
        ("/srv/Größe/данные/s", "nfs4"),
    ):
        assert kind_of_mount(path, mounts) == kind
        assert is_network_kind(kind) == (kind != "ext4")


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

    open_way(tmp_path)
    assert in_child(child) == 0


def test_a_file_in_a_folder_that_nobody_may_write_can_be_read(tmp_path: Path) -> None:
    """As in a snapshot or on the mount of a backup: no log can be made there."""
    folder = tmp_path / "snapshot"
    path = made(folder / "s.sqlite3")
    (folder / "s.sqlite3-turn").unlink()

    def child() -> None:
        _become_nobody()
        store = SqliteStore(str(path))
        for _ in range(2):
            assert store.chart("ada", "one").title == "Sales"
        assert not store.is_safe_mode
        assert store.problems("ada") == []
        with pytest.raises(StoreUnavailableError, match=r"cannot be written.*erp\.configure"):
            store.save_chart("ada", DRAFT, "two")

    path.chmod(0o444)
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    open_way(folder)
    assert in_child(child) == 0
    assert [file.name for file in folder.iterdir()] == ["s.sqlite3"]
    folder.chmod(0o755)


def test_a_folder_without_permission_names_the_fix(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    def child() -> None:
        _become_nobody()
        with pytest.raises(StoreUnavailableError, match="Permission denied"):
            SqliteStore(str(tmp_path / "new" / "s.sqlite3"))

    if os.getuid() != 0:
        tmp_path.chmod(0o555)
    open_way(tmp_path)
    assert in_child(child) == 0


def test_values_that_sqlite_cannot_hold_are_refused_as_store_errors(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "s.sqlite3"))
    for value in (2**70, "\ud800"):
        with store._opened(), pytest.raises(StoreError), explained("here"):
            store._connection.execute("SELECT ?", (value,))


def open_way(folder: Path) -> None:
    """Let others come to a folder of a test, through those that the test runner made for it."""
    for above in folder.parents:
        if above.name.startswith(("pytest-", "popen-")):
            above.chmod(0o755)


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
