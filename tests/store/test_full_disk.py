"""A disk that is full for real: a small one in memory, where this process may mount one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from mongod import Mongod
from pymongo.errors import OperationFailure

from erp_widget.errors import StoreUnavailableError, StoreUnreachableError
from erp_widget.store import ChartDraft, Store, mongo_server, outbox
from erp_widget.store.sqlite import SqliteStore
from erp_widget.store.team_store import TeamStore

#: The same is done everywhere with a limit on the size of files: `test_sqlite_file`.
NO_MOUNT = "a disk in memory needs root; a limit on the size of files stands for it"
MEGABYTE = 2**20
SERVER_SPACE = 450
FREE_SPACE = 24


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of some megabytes, and take it away at the end."""
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={request.param}m"
    try:
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip(NO_MOUNT)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def chart_of(n_bytes: int) -> ChartDraft:
    """Return a chart that does not pack."""
    random = "".join(uuid.uuid4().hex for _ in range(n_bytes // 32))
    return ChartDraft("Large", "bar", (), {"x": random})


def kept(store: Store) -> set[str]:
    """Return the ids of all charts."""
    ids: set[str] = set()
    cursor = None
    while True:
        page = store.charts("ada", 500, cursor)
        ids |= {chart.id for chart in page}
        cursor = page.cursor
        if cursor is None:
            return ids


@pytest.mark.parametrize("small_disk", [4], indirect=True)
@pytest.mark.parametrize("safe", ["0", "1"])
def test_a_full_disk_loses_nothing_and_serves_again(
    small_disk: Path, safe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_SQLITE_SAFE", safe)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * MEGABYTE)
    path = small_disk / "s.sqlite3"
    store = SqliteStore(str(path))
    said: set[str] = set()
    with pytest.raises(StoreUnavailableError, match=r"no space left.*free some or") as caught:
        for n in range(1000):
            store.save_chart("ada", chart_of(20_000), f"c{n}")
            said.add(f"c{n}")
    assert "\n" not in str(caught.value)
    assert 5 < len(said) < 500
    assert kept(store) == said
    ballast.unlink()
    store.save_chart("ada", chart_of(20_000), "after")
    store.close()
    store = SqliteStore(str(path))
    assert kept(store) == {*said, "after"}
    assert store.problems("ada") == []
    store.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("small_disk", [SERVER_SPACE], indirect=True)
def test_a_server_with_a_full_disk_loses_nothing_and_serves_again(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MongoDB ends itself on a full disk; what is saved from then on waits for it."""
    monkeypatch.setattr(outbox, "REST_S", 0.3)
    server = Mongod(folder=small_disk)
    said: list[str] = []
    try:
        server.start()
        ballast = small_disk / "ballast"
        _leave(small_disk, ballast, FREE_SPACE * MEGABYTE)
        store = TeamStore(server.database("erp"))
        waits = _save_until_one_waits(store, said)
        sys.stdout.write(f"\n{len(said)} saves of 1 MB before the server's disk was full\n")
        assert waits
        assert len(said) > 3
        server.kill()
        ballast.unlink()
        server.start()
        deadline = time.monotonic() + 60
        while store.waiting("ada") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert store.waiting("ada") == ()
        assert kept(store) == set(said)
        assert store.problems("ada") == []
        store.save_chart("ada", chart_of(1_000), "after")
        assert not store.chart("ada", "after").waiting
        store.close()
    finally:
        server.kill()


def test_a_server_that_reports_a_full_disk_names_the_fix() -> None:
    with (
        pytest.raises(StoreUnreachableError, match=r"no space left.*free some") as caught,
        mongo_server.explained("mongodb://host/erp"),
    ):
        raise OperationFailure("available disk space is less than required", 14031)
    assert "\n" not in str(caught.value)


def _leave(disk: Path, ballast: Path, n_bytes: int) -> None:
    """Fill a disk up to some bytes."""
    with ballast.open("wb") as file:
        while shutil.disk_usage(disk).free > n_bytes:
            file.write(b"x" * min(MEGABYTE, shutil.disk_usage(disk).free - n_bytes))
            file.flush()


def _save_until_one_waits(store: TeamStore, said: list[str]) -> bool:
    for n in range(400):
        id = f"c{n}"
        waits = store.save_chart("ada", chart_of(MEGABYTE), id).waiting
        said.append(id)
        if waits:
            return True
    return False
