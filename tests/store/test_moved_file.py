"""A store's file that is removed, moved or replaced while it is used; nothing is lost unheard."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import erp_widget as erp
from erp_widget.errors import StoreUnavailableError
from erp_widget.store import ChartDraft
from erp_widget.store.sqlite import SqliteStore

#: What another process finds in a file: the ids of its charts.
READER = """
import sys
from erp_widget.store.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
assert store.problems("ada") == [], store.problems("ada")
print(*sorted(chart.id for chart in store.charts("ada", 1000)))
"""
#: A process that saves a chart, and is killed before it could let go of the file.
KILLED = """
import os, signal, sys
from erp_widget.store import ChartDraft
from erp_widget.store.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
with store._opened():
    store.save_chart("ada", ChartDraft("Sales", "bar", (), {"mark": "bar"}), "killed")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def save(store: SqliteStore, id: str) -> None:
    # Several pages, so that a file that is put together of two is damaged.
    store.save_chart("ada", ChartDraft(id, "bar", ("city",), {"x": id * 20_000}), id)


def found(path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "s.sqlite3"


@pytest.fixture
def store(path: Path) -> SqliteStore:
    made = SqliteStore(str(path))
    save(made, "a")
    return made


def test_a_kernel_that_rests_leaves_one_whole_file(store: SqliteStore, path: Path) -> None:
    other = SqliteStore(str(path))
    save(other, "b")
    assert {one.name for one in path.parent.iterdir()} == {path.name, f"{path.name}-turn"}
    copy = path.with_name("copy.sqlite3")
    copy.write_bytes(path.read_bytes())
    assert found(copy) == ["a", "b"]
    assert len(store.charts("ada")) == 2


def test_a_removed_file_is_missed(store: SqliteStore, path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    for act in (lambda: save(store, "b"), lambda: store.charts("ada")):
        with pytest.raises(StoreUnavailableError, match=r"moved or removed.*put it back"):
            act()
    assert not path.exists()


def test_a_moved_file_has_all_and_can_be_put_back(store: SqliteStore, path: Path) -> None:
    away = path.with_name("away.sqlite3")
    path.rename(away)
    with pytest.raises(StoreUnavailableError, match="moved or removed"):
        save(store, "b")
    assert found(away) == ["a"]
    away.rename(path)
    save(store, "b")
    assert found(path) == ["a", "b"]


@pytest.mark.parametrize("how", [shutil.copy, os.replace])
def test_a_backup_that_is_put_in_its_place_is_gone_on_from(
    store: SqliteStore, path: Path, how: object
) -> None:
    backup = path.with_name("backup.sqlite3")
    shutil.copy(path, backup)
    for n in range(20):
        save(store, f"lost{n}")
    assert callable(how)
    how(backup, path)
    assert [chart.id for chart in store.charts("ada", 100)] == ["a"]
    save(store, "b")
    assert found(path) == ["a", "b"]


def test_a_store_of_another_kind_in_its_place_is_checked(store: SqliteStore, path: Path) -> None:
    path.unlink()
    assert found(path) == []  # another process makes one, of the same form
    save(store, "b")
    assert found(path) == ["b"]
    path.write_bytes(b"")  # an empty file becomes a store
    save(store, "c")
    assert found(path) == ["c"]
    path.write_text("notes, long enough to be taken for the header of a database" * 20)
    with pytest.raises(erp.ErpError, match="no store"):
        save(store, "d")


def test_the_log_of_a_killed_kernel_is_not_lost_with_a_move(store: SqliteStore, path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    away, log = path.with_name("away.sqlite3"), path.with_name(f"{path.name}-wal")
    path.rename(away)
    with pytest.raises(StoreUnavailableError, match=r"s\.sqlite3-wal beside it holds"):
        SqliteStore(str(path))
    log.rename(f"{away}-wal")
    assert found(away) == ["a", "killed"]


def test_a_click_on_save_says_that_the_file_is_gone(path: Path) -> None:
    erp.configure(store=path, user="ada")
    gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": list(range(18))}, name="x")
    gallery[0].save()
    assert len(found(path)) == 1
    path.unlink()
    with pytest.raises(StoreUnavailableError, match=r"restart the kernel to begin a new one"):
        gallery[1].save()
