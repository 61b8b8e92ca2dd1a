"""What a store must survive: killed writers and servers, several writers, random operations."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mongod import Mongod, ReplicaSet

import erp_widget.store
from erp_widget.errors import (
    ConflictError,
    StoreError,
    StoreUnavailableError,
    StoreUnreachableError,
)
from erp_widget.store import ChartDraft, ReportEntry, Store, mongo_server, open_store
from erp_widget.store.mongo import MongoStore
from erp_widget.store.team_store import TeamStore

WRITER = Path(__file__).with_name("writer.py")
#: `make faults` asks for a hundred rounds, twenty writers and two hundred saves of each.
ROUNDS = int(os.environ.get("ERP_FAULT_ROUNDS", "0"))
KILLS = ROUNDS or 4
SERVER_KILLS = ROUNDS or 2
NOBODY_THERE = "mongodb://ada:geheim@127.0.0.1:1/erp?serverSelectionTimeoutMS=60000"
WRITERS, SAVES_EACH = (20, 200) if ROUNDS else (4, 40)


def start_writer(location: str, user: str, saves: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), location, user, str(saves)]
    environment = {**os.environ, "PYTHONPATH": str(Path(erp_widget.store.__file__).parents[2])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def every(store: Store, what: str, user: str) -> list[str]:
    """Return the ids on all pages."""
    ids: list[str] = []
    cursor = None
    while True:
        page = getattr(store, what)(user, limit=500, cursor=cursor)
        ids += [record.id for record in page]
        cursor = page.cursor
        if cursor is None:
            return ids


def check_all(store: Store, acknowledged: dict[str, list[str]], what: str) -> None:
    """Count what was lost, doubled or half written, and print it."""
    charts, datasets = every(store, "charts", "ada"), every(store, "datasets", "ada")
    lost = set(acknowledged["chart"]) - set(charts) | set(acknowledged["dataset"]) - set(datasets)
    doubled = len(charts) - len(set(charts)) + len(datasets) - len(set(datasets))
    events = every(store, "history", "ada")
    doubled += len(events) - len(set(events))
    half = 0
    for id in charts:
        half += store.chart("ada", id).record != {"id": id}
    for id in datasets:  # none is half there, acknowledged or not
        with store.open_dataset("ada", id) as file:
            half += file.read() != store.dataset("ada", id).name.encode() * 20_000
    n_saves = sum(len(ids) for ids in acknowledged.values())
    sys.stdout.write(
        f"\n{what}: {n_saves:,} acknowledged, {len(lost)} lost, {doubled} doubled, {half} half\n"
    )
    assert (lost, doubled, half) == (set(), 0, 0)
    assert store.problems("ada") == []


def read_writer(
    writer: subprocess.Popen[str], lines: list[str], into: dict[str, list[str]]
) -> None:
    """Collect what a killed writer said was acknowledged; its last line may be cut."""
    assert writer.stdout is not None
    lines += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    for line in lines:
        if line.endswith("\n"):
            what, id = line.split()
            into[what].append(id)


def test_a_killed_writer_loses_no_acknowledged_save(location: str, backend: str) -> None:
    acknowledged: dict[str, list[str]] = {"chart": [], "dataset": []}
    chance = random.Random(7)
    for _ in range(KILLS):
        writer = start_writer(location, "ada")
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]
        time.sleep(chance.uniform(0.0, 0.4))
        writer.kill()
        read_writer(writer, lines, acknowledged)
    store = open_store(location)
    assert len(acknowledged["chart"]) >= KILLS
    check_all(store, acknowledged, f"{KILLS} kills of the writer, {backend}")
    store.close()


@pytest.mark.parametrize("users", [1, WRITERS])
def test_several_processes_save_at_once(location: str, backend: str, users: int) -> None:
    """The processes also make the new store at once."""
    writers = [start_writer(location, f"user{n % users}", SAVES_EACH) for n in range(WRITERS)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    store = open_store(location)
    sys.stdout.write(f"\n{WRITERS} writers, {SAVES_EACH} saves each, {users} users, {backend}\n")
    for n in range(users):
        ids = every(store, "charts", f"user{n}")
        assert len(ids) == len(set(ids)) == SAVES_EACH * WRITERS // users
        saves = [id for id in every(store, "history", f"user{n}") if id.startswith("save:")]
        assert {f"save:{id}" for id in ids} == set(saves)
    store.close()


def test_several_editors_of_a_report_lose_no_entry(new_location: Callable[[], str]) -> None:
    store = open_store(new_location())
    failures: list[BaseException] = []

    def add(entry: ReportEntry) -> None:
        while True:
            record = store.get_report("ada", "main")
            changed = type(record)("ada", "main", "", (*record.entries, entry))
            try:
                store.put_report("ada", changed, record.revision)
                return
            except ConflictError:
                continue

    def edit(editor: int) -> None:
        try:
            for n in range(10):
                add(ReportEntry(f"{editor}-{n}"))
        except BaseException as error:
            failures.append(error)

    editors = [threading.Thread(target=edit, args=(n,)) for n in range(3)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert not failures
    record = store.get_report("ada", "main")
    assert len(record.entries) == len(set(record.entries)) == record.revision == 30
    store.close()


@pytest.mark.usefixtures("impatient")
def test_a_killed_server_loses_no_acknowledged_save() -> None:
    """Saves that the server did not acknowledge wait in the outbox, so that none fails at all."""
    server = Mongod()
    chance = random.Random(11)
    acknowledged: dict[str, list[str]] = {"chart": [], "dataset": []}
    try:
        server.start()
        store = TeamStore(server.database("erp"))
        for round in range(SERVER_KILLS):
            killer = threading.Timer(chance.uniform(0.0, 0.5), server.kill)
            killer.start()
            _save_until_one_waits(store, round, acknowledged)
            killer.join()
            server.start()
            store.deliver()
        assert store.waiting("ada") == ()
        check_all(store, acknowledged, f"{SERVER_KILLS} kills of the server")
        store.close()
    finally:
        server.remove()


def _save_until_one_waits(store: Store, round: int, acknowledged: dict[str, list[str]]) -> None:
    for n in range(100_000):
        id = f"{round}-{n}"
        if n % 5 == 4:
            made = store.add_dataset(
                "ada",
                name=id,
                columns=[],
                n_rows=n,
                fingerprint=id,
                content=io.BytesIO(id.encode() * 20_000),
                format="csv",
            )
            acknowledged["dataset"].append(made.id)
            waits = made.waiting
        else:
            saved = store.save_chart("ada", ChartDraft(id, "bar", (), {"id": id}), id)
            acknowledged["chart"].append(id)
            waits = saved.waiting
        if waits:
            return
    raise AssertionError("the server was not killed")


@pytest.mark.usefixtures("impatient")
def test_servers_that_give_way_or_die_lose_no_acknowledged_save() -> None:
    """Of three servers the first steps down under load, then the new first one is killed."""
    servers = ReplicaSet()
    acknowledged: dict[str, list[str]] = {"chart": [], "dataset": []}
    stopped = threading.Event()

    def save() -> None:
        n = 0
        while not stopped.is_set():
            n += 1
            id = f"s{n}"
            store.save_chart("ada", ChartDraft(id, "bar", (), {"id": id}), id)
            acknowledged["chart"].append(id)
            time.sleep(0.002)  # or tens of thousands wait by the end

    try:
        servers.start()
        store = TeamStore(servers.database("erp"))
        store.save_chart("ada", ChartDraft("s0", "bar", (), {"id": "s0"}), "s0")
        writer = threading.Thread(target=save)
        writer.start()
        for _ in range(max(1, ROUNDS // 20)):
            time.sleep(0.5)
            servers.step_down()
            servers.primary()
        time.sleep(0.5)
        servers.primary().kill()
        servers.primary()
        time.sleep(0.5)
        stopped.set()
        writer.join()
        deadline = time.monotonic() + (240 if ROUNDS else 60)
        while store.waiting("ada") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert store.waiting("ada") == ()
        assert len(acknowledged["chart"]) > 10
        check_all(store, acknowledged, "steps down and a kill of the primary")
        store.close()
    finally:
        stopped.set()
        servers.remove()


def test_a_server_that_is_not_there_fails_soon_and_keeps_the_secret() -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
        open_store(NOBODY_THERE).charts("ada")
    assert time.monotonic() - began < 5
    assert "geheim" not in str(caught.value)
    began = time.monotonic()
    with pytest.raises(StoreUnreachableError, match="tried again"):
        open_store(NOBODY_THERE).charts("ada")
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    "address",
    [
        "mongodb://",
        "mongodb://ada:ge@heim@host/erp",
        "mongodb://host:port/erp",
        "mongodb://127.0.0.1:1/a b$c",
        "mongodb://127.0.0.1:1/erp?w=seven&unknown",
        "mongodb+srv://no.such.invalid/erp",
    ],
)
def test_an_address_that_is_none_names_the_fix(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address).charts("ada")
    assert "heim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def _freeze(process: subprocess.Popen[bytes]) -> None:
    """Stop a process and wait until all its threads stand still: a signal alone returns before."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)


def test_a_frozen_server_does_not_hang_a_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_server, "ANSWER_TIMEOUT_MS", 1_000)
    server = Mongod()
    try:
        server.start()
        store = MongoStore(server.database("erp"))
        assert server.process is not None
        _freeze(server.process)
        began = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            store.save_chart("ada", ChartDraft("a", "bar", (), {}), "one")
        assert time.monotonic() - began < 15
        server.process.send_signal(signal.SIGCONT)
        store.save_chart("ada", ChartDraft("a", "bar", (), {}), "one")
        assert every(store, "charts", "ada") == ["one"]
        store.close()
    finally:
        server.remove()


def test_a_newer_database_names_the_fix(mongod: Mongod) -> None:
    address = mongod.database("erp_newer")
    store = MongoStore(address)
    store._database["about"].update_one({"_id": "version"}, {"$set": {"version": 99}})
    store.close()
    with pytest.raises(StoreError, match="pip install --upgrade erp-widget"):
        MongoStore(address)


def test_values_that_bson_cannot_hold_are_refused_as_store_errors(mongod: Mongod) -> None:
    with pytest.raises(StoreError), mongo_server.explained("here"):
        store = MongoStore(mongod.database("erp_values"))
        store._database["charts"].insert_one({"n": 2**70})
    with pytest.raises(StoreError), mongo_server.explained("here"):
        store._database["charts"].insert_one({"n": object()})
    with pytest.raises(StoreError, match="too large"), mongo_server.explained("here"):
        store._database["charts"].insert_one({"n": "x" * 17 * 2**20})
    store.close()
