"""Owns the collections of a MongoDB database: their indexes, their rules, and their versions."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from erp_widget.errors import NewerStoreError
from erp_widget.store.kinds import COLUMNS, KINDS, ColumnType, Kind
from erp_widget.store.rows import shown_by
from erp_widget.store.values import folded

Document = dict[str, Any]

#: With version 3 reports hold more than charts; what was written before can be read as it is.
VERSION = 3

_BSON: dict[ColumnType, Document] = {
    "text": {"bsonType": "string"},
    "text or nothing": {"bsonType": ["string", "null"]},
    "number": {"bsonType": ["int", "long"], "minimum": 0},
    "number or nothing": {"bsonType": ["int", "long", "null"]},
    "texts": {"bsonType": "array", "items": {"bsonType": "string"}},
}
_EXISTS = 48
_MAY_NOT = 13


def rule(kind: Kind) -> Document:
    """Return what the database itself demands of a document, whoever writes it."""
    columns = {name: _BSON[type_name] for name, type_name in COLUMNS[kind].items()}
    return {
        "$jsonSchema": {
            "bsonType": "object",
            "required": ["_id", *columns],
            "properties": {"_id": {"bsonType": "string"}, **columns},
            "additionalProperties": False,
        }
    }


def prepare(database: Database[Document], place: str) -> None:
    """Bring a database to this version: collections, rules, indexes, each once.

    Raises
    ------
    NewerStoreError
        If it is of a newer version.
    """
    about = database["about"]
    found = about.find_one({"_id": {"$eq": "version"}})
    version = int(found["version"]) if found else 0
    if version > VERSION:
        raise NewerStoreError(
            f"the store {place} has version {version}, this package reads up to {VERSION}; "
            "upgrade it: pip install --upgrade erp-widget"
        )
    if version == VERSION:
        return
    if version == 1:
        _from_first(database)
    for kind in KINDS:
        _make(database, kind)
    newest = [("user", ASCENDING), ("created_us", ASCENDING), ("id", ASCENDING)]
    for kind in ("datasets", "galleries", "charts", "events"):
        database[kind].create_index(newest, name="newest")
    for kind in ("galleries", "charts"):
        database[kind].create_index([("user", ASCENDING), ("dataset_id", ASCENDING)], name="made")
    # Another process may do the same at the same time.
    with contextlib.suppress(DuplicateKeyError):
        about.insert_one({"_id": "sweep", "at": datetime.now(UTC)})
    about.update_one({"_id": "version"}, {"$max": {"version": VERSION}}, upsert=True)


def _make(database: Database[Document], kind: Kind) -> None:
    """Make a collection with its rule, or give its rule to one that is there."""
    try:
        database.create_collection(kind, validator=rule(kind))
        return
    except CollectionInvalid:
        pass
    except OperationFailure as error:
        if error.code != _EXISTS:
            raise
    try:
        database.command("collMod", kind, validator=rule(kind))
    except OperationFailure as error:
        # A user who may only read and write leaves the rules as the administrator made them.
        if error.code != _MAY_NOT:
            raise


def _from_first(database: Database[Document]) -> None:
    """Add what version 1 did not have; done twice it changes nothing more."""
    for kind in ("datasets", "galleries", "charts", "events"):
        changes = [
            UpdateOne({"_id": {"$eq": row["_id"]}}, {"$set": _second(row)})
            for row in database[kind].find({"search_text": {"$exists": False}})
        ]
        if changes:
            database[kind].bulk_write(changes, ordered=False)
    for row in database["reports"].find({"id": {"$exists": False}}):
        database["reports"].update_one(
            {"_id": {"$eq": row["_id"]}}, {"$rename": {"name": "id", "changed_us": "created_us"}}
        )
    # A record itself tells of its first event.
    database["events"].delete_many({"kind": {"$in": ["gallery", "save"]}})
    first: list[Document] = [
        {"$match": {"kind": "upload"}},
        {"$sort": {"created_us": 1}},
        {"$group": {"_id": ["$user", "$subject_id"], "first": {"$first": "$_id"}}},
    ]
    ids = [row["first"] for row in database["events"].aggregate(first)]
    database["events"].delete_many({"_id": {"$in": ids}})


def _second(row: Mapping[str, Any]) -> Document:
    """Return what version 2 adds to a document."""
    marks: list[str] = []
    columns: list[str] = []
    added: Document = {}
    text = row.get("name", row.get("title", ""))
    if "charts" in row:
        added = {"deleted_us": None, "weights": None}
        with contextlib.suppress(ValueError):
            marks, columns = shown_by(json.loads(row["charts"]))
    elif "fields" in row:
        marks, columns = [row["mark"]], json.loads(row["fields"])
        text = f"{text}\n{row['dataset_name']}"
    elif "columns" in row:
        columns = json.loads(row["columns"])
    searched = {"search_text": folded(text), "search_columns": columns, "search_marks": marks}
    return added | searched
