"""A store in a real network folder: a directory that a server of files gives out, mounted."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_faults import check_all, read_writer, start_writer

from erp_widget.library.own_data import store_info
from erp_widget.store.network_folder import is_network
from erp_widget.store.sqlite import SqliteStore

SERVER = "/usr/lib/openssh/sftp-server"
NEEDED = "needs sshfs and may mount: as root, apt-get install sshfs openssh-sftp-server"
#: `make faults` says so; elsewhere a machine that cannot mount passes these over.
ASKED = bool(os.environ.get("ERP_FAULT_ROUNDS"))
KILLS = 20 if ASKED else 3

Mount = Callable[[], Path]


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mount]:
    """Give a maker of mounts of one served directory, each as another machine has it."""
    monkeypatch.delenv("ERP_SQLITE_SAFE", raising=False)
    served = tmp_path / "served"
    served.mkdir()
    # The server speaks over a pipe: no port, no account, no key.
    speak = tmp_path / "speak"
    speak.write_text(f"#!/bin/sh\nexec {SERVER}\n")
    speak.chmod(0o700)
    mounts: list[Path] = []

    def mounted() -> Path:
        place = tmp_path / f"mount{len(mounts)}"
        place.mkdir()
        command = ["sshfs", "-o", f"ssh_command={speak}", f"host:{served}", str(place)]
        if not shutil.which("sshfs") or not Path(SERVER).exists():
            _cannot()
        if subprocess.run(command, capture_output=True, check=False).returncode:
            _cannot()
        mounts.append(place)
        return place

    yield mounted
    for place in mounts:
        subprocess.run(["fusermount", "-u", "-z", str(place)], check=True)


def _cannot() -> None:
    if ASKED:
        pytest.fail(NEEDED)
    pytest.skip(NEEDED)


def test_it_is_found_and_the_journal_is_no_shared_memory(mount: Mount) -> None:
    folder = mount()
    path = folder / "new" / "s.sqlite3"
    assert is_network(str(path))
    store = SqliteStore(str(path))
    assert store.is_safe_mode
    assert any("network folder" in note for note in store_info(store=store).notes)
    assert {file.name for file in path.parent.iterdir()} <= {"s.sqlite3", "s.sqlite3-turn"}
    store.close()


def test_killed_and_crowded_writers_lose_nothing(mount: Mount) -> None:
    location = str(mount() / "s.sqlite3")
    acknowledged: dict[str, list[str]] = {"chart": [], "dataset": []}
    chance = random.Random(11)
    for _ in range(KILLS):
        writers = [start_writer(location, "ada") for _ in range(2)]
        lines = [[writer.stdout.readline()] for writer in writers if writer.stdout]
        time.sleep(chance.uniform(0.0, 0.4))
        for writer, said in zip(writers, lines, strict=True):
            writer.kill()
            read_writer(writer, said, acknowledged)
    writers = [start_writer(location, "ada", 20) for _ in range(4)]
    for writer in writers:
        read_writer(writer, [], acknowledged)
        assert writer.returncode == 0
    store = SqliteStore(location)
    assert store.is_safe_mode
    assert len(acknowledged["chart"]) >= 2 * KILLS + 80
    check_all(store, acknowledged, f"{KILLS} kills of two writers in a network folder")
    store.close()


def test_machines_that_take_turns_see_what_the_other_saved(mount: Mount) -> None:
    machines = [str(mount() / "s.sqlite3") for _ in range(2)]
    for turn in range(6):
        subprocess.run(
            [sys.executable, "tests/store/writer.py", machines[turn % 2], "ada", "3"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        other = SqliteStore(machines[(turn + 1) % 2])
        assert len(other.charts("ada", 100)) == 3 * (turn + 1)
        assert other.problems("ada") == []
        other.close()
