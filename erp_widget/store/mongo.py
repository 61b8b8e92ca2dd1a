"""Owns the store of a team: one MongoDB database, uploaded files in GridFS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from gridfs import GridFSBucket
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from erp_widget.errors import StoreUnreachableError
from erp_widget.store.content import CHUNK_BYTES, Content
from erp_widget.store.kinds import COLUMNS, HIDEABLE, Kind, Row
from erp_widget.store.mongo_server import Document, bounded, connect, explained, without_secrets
from erp_widget.store.protocol import Holding
from erp_widget.store.selection import Selection
from erp_widget.store.values import moment
from erp_widget.store.whole_store import WholeStore

_BRIEFLY = {"_id": 0, "charts": 0, "record": 0}
#: Bytes without a dataset that are younger than this may belong to an upload that is under way.
ORPHAN_AGE = timedelta(days=1)


class MongoStore(WholeStore):
    """A store in one MongoDB database, for several machines.

    Writes are acknowledged by a majority of the servers before a method returns.

    Parameters
    ----------
    address
        ``mongodb://`` or ``mongodb+srv://``; its path names the database, ``erp`` if it has none.

    Raises
    ------
    StoreError
        If the address is wrong or no server answers within three seconds.
    """

    def __init__(self, address: str) -> None:
        self._place = without_secrets(address)
        self._client, self._database = connect(address)
        self._files = GridFSBucket(self._database)

    @property
    def location(self) -> str:
        """Address of the database, without name and password."""
        return self._place

    def close(self) -> None:
        """Close the connections."""
        self.is_closed = True
        self._client.close()

    def _reading(self) -> AbstractContextManager[None]:
        return explained(self._place)

    def _writing(self) -> AbstractContextManager[None]:
        # One document holds all of a save, so no transaction is needed.
        return explained(self._place)

    def _find(self, kind: Kind, user: str, id: str) -> Row | None:
        with bounded():
            return self._database[kind].find_one(
                {"_id": {"$eq": _key(user, id)}, "user": {"$eq": user}}, {"_id": 0}
            )

    def _insert(self, kind: Kind, row: Row) -> Row | None:
        try:
            with bounded():
                self._database[kind].insert_one({"_id": _key(row["user"], row["id"]), **row})
        except DuplicateKeyError as error:
            stored = self._find(kind, row["user"], row["id"])
            if stored is None:  # written, but not yet by a majority
                raise StoreUnreachableError(
                    f"{self._place} has not confirmed an earlier attempt yet; try again"
                ) from error
            return stored
        return None

    def _set_deleted(self, kind: Kind, user: str, id: str, deleted_us: int | None) -> None:
        with bounded():
            self._database[kind].update_one(
                {"_id": {"$eq": _key(user, id)}, "user": {"$eq": user}},
                {"$set": {"deleted_us": deleted_us}},
            )

    def _select(self, kind: Kind, wanted: Selection, briefly: bool = False) -> list[Row]:
        order = [("created_us", DESCENDING), ("id", DESCENDING)]
        fields = _BRIEFLY if briefly else {"_id": 0}
        with bounded():
            found = self._database[kind].find(_conditions(kind, wanted), fields)
            return list(found.sort(order).limit(wanted.limit + 1))

    def _replace_report(self, row: Row) -> bool:
        before = {
            "_id": {"$eq": _key(row["user"], row["id"])},
            "user": {"$eq": row["user"]},
            "revision": {"$eq": row["revision"] - 1},
        }
        with bounded():
            return self._database["reports"].update_one(before, {"$set": row}).matched_count == 1

    def _keep_content(self, user: str, content: Content) -> None:
        """Keep bytes once per user and hash; of two at the same time the first document wins."""
        if self._kept_file(user, content.hash) is not None:
            return
        content.file.seek(0)
        with bounded(extra_s=content.n_bytes / CHUNK_BYTES):
            file_id = self._files.upload_from_stream(
                content.hash, content.file, metadata={"user": user, "hash": content.hash}
            )
        row = {"user": user, "id": content.hash, "file_id": file_id, "n_bytes": content.n_bytes}
        try:
            with bounded():
                self._database["contents"].insert_one({"_id": _key(user, content.hash), **row})
        except DuplicateKeyError:
            with bounded():
                self._files.delete(file_id)
        self._sweep_sometimes()

    def _content(self, user: str, hash: str) -> Iterator[bytes] | None:
        file_id = self._kept_file(user, hash)
        return None if file_id is None else self._parts(file_id)

    def _kept_file(self, user: str, hash: str) -> ObjectId | None:
        with bounded():
            kept = self._database["contents"].find_one(
                {"_id": {"$eq": _key(user, hash)}, "user": {"$eq": user}}
            )
        return None if kept is None else kept["file_id"]

    def _parts(self, file_id: ObjectId) -> Iterator[bytes]:
        stream = self._files.open_download_stream(file_id)
        while part := stream.readchunk():
            yield part

    def _every(self, kind: Kind, user: str) -> Iterator[Row]:
        with explained(self._place):
            order = [("created_us", ASCENDING), ("id", ASCENDING)]
            yield from self._database[kind].find({"user": {"$eq": user}}, {"_id": 0}).sort(order)

    def _ids(self, kind: Kind, user: str, column: str, values: Sequence[str]) -> list[str]:
        if column not in COLUMNS[kind]:
            raise KeyError(column)
        wanted = {"user": {"$eq": user}, column: {"$in": list(values)}}
        return [row["id"] for row in self._database[kind].find(wanted, {"_id": 0, "id": 1})]

    def _holding(self, kind: Kind, user: str) -> Holding:
        counted = {
            "_id": None,
            "n": {"$sum": 1},
            "hidden": {"$sum": {"$cond": [{"$gt": ["$deleted_us", None]}, 1, 0]}},
            "n_bytes": {"$sum": {"$bsonSize": "$$ROOT"}},
            "oldest": {"$min": "$created_us"},
            "newest": {"$max": "$created_us"},
        }
        found = self._counted(kind, user, counted)
        if found is None:
            return Holding(kind, 0, 0, 0)
        ages = (moment(found["oldest"]), moment(found["newest"]))
        return Holding(kind, found["n"], found["hidden"], found["n_bytes"], *ages)

    def _contents(self, user: str) -> Holding:
        counted = {"_id": None, "n": {"$sum": 1}, "n_bytes": {"$sum": "$n_bytes"}}
        found = self._counted("contents", user, counted) or {"n": 0, "n_bytes": 0}
        return Holding("contents", found["n"], 0, found["n_bytes"])

    def _counted(self, collection: str, user: str, group: Document) -> Document | None:
        steps = [{"$match": {"user": {"$eq": user}}}, {"$group": group}]
        with bounded():
            return next(iter(self._database[collection].aggregate(steps)), None)

    def _remove(self, kind: Kind, user: str, ids: Sequence[str] | None) -> int:
        which: Document = {"user": {"$eq": user}}
        if ids is not None:
            which["id"] = {"$in": list(ids)}
        return self._database[kind].delete_many(which).deleted_count

    def _remove_content(self, user: str, hash: str | None) -> int:
        """Remove bytes by what their files themselves say, so that those of no document go too."""
        which: Document = {"metadata.user": {"$eq": user}}
        if hash is not None:
            which["metadata.hash"] = {"$eq": hash}
        kept: Document = {"user": {"$eq": user}}
        if hash is not None:
            kept["id"] = {"$eq": hash}
        removed = self._database["contents"].delete_many(kept).deleted_count
        for file in list(self._files.find(which)):
            self._files.delete(file._id)
        return removed

    def _wipe(self) -> None:
        """Nothing is left to do: the server itself decides when freed blocks are used again."""

    def _damage(self) -> list[str]:
        """Return nothing; the server checks its own files."""
        return []

    # --- bytes of uploads that were never finished

    def sweep_orphans(self, age: timedelta = ORPHAN_AGE) -> int:
        """Remove bytes that no document names and that are older than `age`; return how many.

        They are left by a process that was killed in the middle of an upload.
        """
        oldest = ObjectId.from_datetime(datetime.now(UTC) - age)
        with explained(self._place):
            found = self._database["fs.chunks"].distinct("files_id", {"files_id": {"$lt": oldest}})
            files = self._database["fs.files"].distinct("_id", {"_id": {"$lt": oldest}})
            named = set(self._database["contents"].distinct("file_id"))
            orphans = {*found, *files} - named
            for orphan in orphans:
                self._database["fs.files"].delete_one({"_id": {"$eq": orphan}})
                self._database["fs.chunks"].delete_many({"files_id": {"$eq": orphan}})
        return len(orphans)

    def _sweep_sometimes(self) -> None:
        """Sweep at most once in `ORPHAN_AGE`, whichever of the processes comes first."""
        now = datetime.now(UTC).replace(tzinfo=None)
        due = {"_id": {"$eq": "sweep"}, "at": {"$lt": now - ORPHAN_AGE}}
        with bounded():
            about = self._database["about"]
            if about.find_one_and_update(due, {"$set": {"at": now}}) is None:
                return
        self.sweep_orphans()


def _key(user: str, id: str) -> str:
    """Return a document's key: unique per user, and text, so that it can be no operator."""
    return json.dumps([user, id])


def _conditions(kind: Kind, wanted: Selection) -> Document:
    """Return a filter in which every value stands behind an operator of ours."""
    created_us, id = wanted.before
    conditions: Document = {
        "user": {"$eq": wanted.user},
        "created_us": {"$gte": wanted.since_us, "$lt": wanted.until_us, "$lte": created_us},
        "$or": [
            {"created_us": {"$lt": created_us}},
            {"created_us": {"$eq": created_us}, "id": {"$lt": id}},
        ],
    }
    if kind in HIDEABLE and not wanted.hidden_too:
        conditions["deleted_us"] = {"$eq": None}
    if kind == "datasets" and wanted.uploaded:
        conditions["content_hash"] = {"$ne": None}
    if wanted.texts:
        places = ({"$indexOfCP": ["$search_text", {"$literal": text}]} for text in wanted.texts)
        conditions["$expr"] = {"$and": [{"$gte": [place, 0]} for place in places]}
    if wanted.column is not None:
        conditions["search_columns"] = {"$eq": wanted.column}
    if wanted.mark is not None:
        conditions["search_marks"] = {"$eq": wanted.mark}
    return conditions
