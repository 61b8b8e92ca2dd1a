"""What the database itself guards: rules, indexes, bytes that nobody names."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from gridfs import GridFSBucket
from mongod import Mongod
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import WriteError

from erp_widget.errors import StoreError
from erp_widget.store import ChartDraft
from erp_widget.store.mongo import MongoStore

DRAFT = ChartDraft("Sales", "bar", ("city",), {"mark": "bar"})


@pytest.fixture
def address(mongod: Mongod, request: pytest.FixtureRequest) -> str:
    return mongod.database(f"r{abs(hash(request.node.name)) % 10**12}")


@pytest.fixture
def store(address: str) -> Iterator[MongoStore]:
    opened = MongoStore(address)
    yield opened
    opened.close()


@pytest.fixture
def database(address: str, store: MongoStore) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](address) as client:
        yield client.get_default_database()


def upload(store: MongoStore, data: bytes) -> str:
    return store.add_dataset(
        "ada",
        name="a",
        columns=[],
        n_rows=1,
        fingerprint="f",
        content=io.BytesIO(data),
        format="csv",
    ).id


@pytest.mark.parametrize(
    "change",
    [
        {"user": {"$ne": None}},
        {"user": None},
        {"created_us": "now"},
        {"created_us": -1},
        {"title": 3},
        {"record": {"nested": 1}},
        {"search_columns": [{"a": 1}]},
        {"unknown": 1},
    ],
)
def test_a_document_that_is_no_record_is_refused_by_the_database(
    store: MongoStore, database: Database[dict[str, Any]], change: dict[str, object]
) -> None:
    store.save_chart("ada", DRAFT, "one")
    row = database["charts"].find_one({"id": "one"})
    assert row is not None
    with pytest.raises(WriteError, match="validation"):
        database["charts"].insert_one({**row, "_id": "two", **change})
    with pytest.raises(WriteError, match="validation"):
        database["charts"].update_one({"id": "one"}, {"$set": change})
    for name in row.keys() - {"_id"}:
        with pytest.raises(WriteError, match="validation"):
            database["charts"].update_one({"id": "one"}, {"$unset": {name: ""}})
    assert database["charts"].count_documents({}) == 1


def test_what_the_rules_refuse_is_a_store_error(
    store: MongoStore, database: Database[dict[str, Any]]
) -> None:
    database.command("collMod", "charts", validator={"never": {"$exists": True}})
    with pytest.raises(StoreError, match="upgrade erp-widget"):
        store.save_chart("ada", DRAFT, "one")


def test_indexes_are_made_once_and_serve_the_lists(
    address: str, store: MongoStore, database: Database[dict[str, Any]]
) -> None:
    MongoStore(address).close()
    assert set(database["charts"].index_information()) == {"_id_", "newest", "made"}
    for n in range(30):
        store.save_chart("ada" if n % 2 else "bob", DRAFT, str(n))
    wanted = {"user": {"$eq": "ada"}, "created_us": {"$lt": 2**62}, "deleted_us": {"$eq": None}}
    plan = database["charts"].find(wanted).sort([("created_us", -1), ("id", -1)]).explain()
    assert "newest" in str(plan["queryPlanner"]["winningPlan"])
    assert "SORT" not in str(plan["queryPlanner"]["winningPlan"])


def test_bytes_of_an_upload_that_was_never_finished_are_swept(
    store: MongoStore, database: Database[dict[str, Any]]
) -> None:
    kept = upload(store, b"kept" * 1000)
    old = ObjectId.from_datetime(datetime.now(UTC) - timedelta(days=3))
    bucket = GridFSBucket(database)
    # A whole file without its document, parts without a file, and an upload that is under way.
    bucket.upload_from_stream_with_id(old, "orphan", b"x" * 600_000)
    database["fs.chunks"].insert_one(
        {"files_id": ObjectId.from_datetime(datetime.now(UTC) - timedelta(days=2)), "n": 0}
    )
    young = bucket.upload_from_stream("young", b"y" * 10)
    assert store.sweep_orphans() == 2
    assert store.sweep_orphans() == 0
    assert {row["_id"] for row in database["fs.files"].find()} >= {young}
    assert old not in database["fs.chunks"].distinct("files_id")
    with store.open_dataset("ada", kept) as file:
        assert file.read() == b"kept" * 1000


def test_an_upload_sweeps_now_and_then(
    store: MongoStore, database: Database[dict[str, Any]]
) -> None:
    old = ObjectId.from_datetime(datetime.now(UTC) - timedelta(days=3))
    GridFSBucket(database).upload_from_stream_with_id(old, "orphan", b"x")
    upload(store, b"first")
    assert database["fs.files"].count_documents({"_id": old}) == 1
    past = datetime.now(UTC) - timedelta(days=2)
    database["about"].update_one({"_id": "sweep"}, {"$set": {"at": past}})
    upload(store, b"second")
    assert database["fs.files"].count_documents({"_id": old}) == 0
