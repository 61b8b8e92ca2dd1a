"""Stores of the first version: brought to this one with all that is in them, once."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from mongod import Mongod
from msgspec.structs import replace
from pymongo import MongoClient

from erp_widget.errors import StoreUnavailableError
from erp_widget.store import ReportEntry, Search, Store
from erp_widget.store.mongo import MongoStore
from erp_widget.store.sqlite import SqliteStore
from erp_widget.store.sqlite_file import APPLICATION_ID, _as_dict
from erp_widget.store.sqlite_versions import MIGRATIONS, VERSION, migrate
from erp_widget.store.turns import Turns

CHARTS = json.dumps(
    [{"design": {"mark": "line", "encodings": [{"field": "month"}, {"field": None}]}}, {"x": 1}]
)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#: Rows as version 1 wrote them, by table.
FIRST: dict[str, list[dict[str, Any]]] = {
    "datasets": [
        {
            "user": "ada",
            "id": "d1",
            "created_us": 10,
            "deleted_us": None,
            "name": "Sales",
            "n_rows": 0,
            "columns": '["price"]',
            "fingerprint": "f",
            "format": "csv",
            "n_bytes": 0,
            "content_hash": EMPTY,
        }
    ],
    "galleries": [
        {
            "user": "ada",
            "id": "g1",
            "created_us": 20,
            "dataset_id": "d1",
            "title": "Sales",
            "charts": CHARTS,
        }
    ],
    "charts": [
        {
            "user": "ada",
            "id": "c1",
            "created_us": 30,
            "deleted_us": 60,
            "dataset_id": "d1",
            "dataset_name": "Sales",
            "title": "PRICE",
            "mark": "bar",
            "fields": '["price"]',
            "record": "{}",
        }
    ],
    "reports": [
        {
            "user": "ada",
            "name": "main",
            "notebook": "",
            "entries": '[{"chart_id":"c1","caption":"x"}]',
            "revision": 4,
            "changed_us": 50,
        }
    ],
    "events": [
        {"user": "ada", "id": id, "created_us": us, "kind": kind, "subject_id": s, "name": name}
        for id, us, kind, s, name in (
            ("upload:d1:11", 11, "upload", "d1", "Sales"),
            ("gallery:g1", 21, "gallery", "g1", "Sales"),
            ("save:c1", 31, "save", "c1", "PRICE"),
            ("upload:d1:40", 40, "upload", "d1", "Sales"),
            ("delete:c1:60", 60, "delete", "c1", "PRICE"),
        )
    ],
}


def first_file(path: Path) -> Path:
    """Make a file of the first version."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = _as_dict
    migrate(connection, APPLICATION_ID, lambda c: Turns(str(path)).begin(c, 1.0), to=1)
    for table, rows in FIRST.items():
        for row in rows:
            names = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({names})", row)
    connection.close()
    return path


def first_database(address: str) -> None:
    """Make a database of the first version."""
    with MongoClient(address) as client:
        database = client.get_default_database()
        database["about"].insert_one({"_id": "version", "version": 1})
        for name, rows in FIRST.items():
            for row in rows:
                key = json.dumps([row["user"], row.get("id", row.get("name"))])
                database[name].insert_one({"_id": key, **row})


def check(store: Store) -> None:
    """Everything is there and can be found."""
    assert [event.kind for event in store.history("ada")] == [
        "delete",
        "upload",
        "save",
        "gallery",
        "upload",
    ]
    assert [e.kind for e in store.history("ada", search=Search(mark="line"))] == ["gallery"]
    assert store.gallery("ada", "g1").weights is None
    assert store.restore_chart("ada", "c1").title == "PRICE"
    assert [c.id for c in store.charts("ada", search=Search("price", "price", "bar"))] == ["c1"]
    report = store.get_report("ada", "main")
    assert (report.revision, report.entries) == (4, (ReportEntry("c1", "x"),))
    longer = (*report.entries, ReportEntry("n1", "It *rises*.", "note"))
    assert store.put_report("ada", replace(report, entries=longer), 4).revision == 5
    assert store.get_report("ada", "main").entries == longer


def test_a_file_of_the_first_version_is_brought_on(tmp_path: Path) -> None:
    path = first_file(tmp_path / "s.sqlite3")
    store = SqliteStore(str(path))
    check(store)
    with store.open_dataset("ada", "d1") as file:
        assert file.read() == b""
    assert store.problems("ada") == []
    store.close()
    with sqlite3.connect(path) as connection:
        versions = connection.execute("SELECT version FROM erp_version").fetchall()
    connection.close()
    assert [version for (version,) in versions] == list(range(1, VERSION + 1))
    again = SqliteStore(str(path))
    assert len(again.history("ada")) == 6
    again.close()


def test_several_processes_bring_a_file_on_at_once(tmp_path: Path) -> None:
    path = first_file(tmp_path / "s.sqlite3")
    failures: list[BaseException] = []

    def act() -> None:
        try:
            SqliteStore(str(path)).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=act) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    check(SqliteStore(str(path)))


def test_a_step_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = first_file(tmp_path / "s.sqlite3")
    broken = (MIGRATIONS[0], (*MIGRATIONS[1], "SELECT * FROM nowhere"))
    monkeypatch.setattr("erp_widget.store.sqlite_versions.MIGRATIONS", broken)
    with pytest.raises(StoreUnavailableError):
        SqliteStore(str(path))
    monkeypatch.undo()
    check(SqliteStore(str(path)))


def test_a_database_of_the_first_version_is_brought_on(mongod: Mongod) -> None:
    address = mongod.database("first")
    first_database(address)
    store = MongoStore(address)
    check(store)
    store.close()
    again = MongoStore(address)
    assert len(again.history("ada")) == 6
    again.close()
