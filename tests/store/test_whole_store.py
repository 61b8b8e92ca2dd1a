"""All that a user has: how much, checked, taken from any store into any other, forgotten."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mongod import Mongod
from pymongo import MongoClient

from erp_widget.errors import (
    DamagedStoreError,
    InputError,
    NewerStoreError,
    NotInStoreError,
    StoreError,
)
from erp_widget.store import ChartDraft, GalleryDraft, ReportEntry, ReportRecord, Store, open_store
from erp_widget.store.archive import export_archive, import_archive

#: What stands in every record of the dataset that is forgotten, and in no other.
MARK = "xq7secret"
HOSTILE = "a.b $ne \x00 ' \" </script> 日本"


def record(mark: str) -> dict[str, Any]:
    """Return a chart's record that names a column and holds values."""
    encodings = [{"field": mark}]
    return {"design": {"mark": "bar", "encodings": encodings}, "rows": [mark, 2**70, None]}


def fill(store: Store, user: str = "ada", mark: str = MARK, data: bytes = b"") -> str:
    """Keep one of everything made from one dataset; return the dataset's id."""
    content = io.BytesIO(data or f"{mark},b\n1,2\n".encode() * 50_000)
    dataset = store.add_dataset(
        user,
        name=f"{mark} table",
        columns=[mark, "b"],
        n_rows=3,
        fingerprint=f"{mark}f",
        content=content,
        format="csv",
    )
    charts = tuple({**record(mark), "rows": [mark, n]} for n in range(3))
    store.add_gallery(user, GalleryDraft(f"{mark} gallery", charts, dataset.id, "1"), f"{mark}-g")
    for n in range(3):
        draft = ChartDraft(f"{mark} {n}", "bar", (mark,), record(mark), dataset.id, f"{mark} table")
        store.save_chart(user, draft, f"{mark}-{n}")
    store.delete_chart(user, f"{mark}-2")
    report = store.get_report(user, "main")
    entries = (*report.entries, ReportEntry(f"{mark}-0", f"{mark} caption {HOSTILE}"))
    store.put_report(user, ReportRecord(user, "main", "n.ipynb", entries), report.revision)
    return dataset.id


def everything(store: Store, user: str) -> dict[str, list[Any]]:
    """Return all that a user can see."""
    return {
        "charts": list(store.charts(user, 1000)),
        "galleries": list(store.galleries(user, 1000)),
        "datasets": list(store.datasets(user, 1000)),
        "history": list(store.history(user, 1000)),
        "report": [store.get_report(user, "main").entries],
        "files": [store.open_dataset(user, d.id).read() for d in store.datasets(user, 1000)],
    }


@pytest.fixture
def other(new_location: Callable[[], str]) -> Iterator[Store]:
    """Open one more empty store of the same kind."""
    opened = open_store(new_location())
    yield opened
    opened.close()


def test_holdings_count_all_that_is_there(store: Store) -> None:
    assert all(holding.count == 0 for holding in store.holdings("ada"))
    fill(store)
    found = {holding.kind: holding for holding in store.holdings("ada")}
    counts = {kind: holding.count for kind, holding in found.items()}
    assert counts == {
        "datasets": 1,
        "galleries": 1,
        "charts": 3,
        "reports": 1,
        "events": 1,
        "contents": 1,
    }
    assert found["charts"].hidden == 1
    assert found["contents"].n_bytes == len(f"{MARK},b\n1,2\n") * 50_000
    assert found["charts"].n_bytes > 3 * len(json.dumps(record(MARK)))
    assert found["charts"].oldest is not None
    assert all(holding.count == 0 for holding in store.holdings("bob"))
    assert store.waiting("ada") == ()


class TestForget:
    def test_a_dataset_goes_with_all_that_was_made_from_it(
        self, store: Store, location: str
    ) -> None:
        id = fill(store)
        kept = fill(store, mark="other")
        before = raw(location)
        assert MARK.encode() in before
        removed = store.forget("ada", id)
        assert removed == {
            "datasets": 1,
            "galleries": 1,
            "charts": 3,
            "reports": 1,
            "events": 1,
            "contents": 1,
        }
        assert MARK.encode() not in raw(location)
        assert id.encode() not in raw(location)
        assert [chart.title for chart in store.charts("ada")] == ["other 1", "other 0"]
        assert [entry.id for entry in store.get_report("ada", "main").entries] == ["other-0"]
        with store.open_dataset("ada", kept) as file:
            assert file.read(5) == b"other"
        with pytest.raises(NotInStoreError):
            store.forget("ada", id)

    def test_bytes_that_another_dataset_has_stay(self, store: Store) -> None:
        first, second = fill(store, data=b"same"), fill(store, mark="other", data=b"same")
        assert "contents" not in store.forget("ada", first)
        with store.open_dataset("ada", second) as file:
            assert file.read() == b"same"
        assert store.forget("ada", second)["contents"] == 1

    def test_a_user_goes_with_everything_and_another_stays(
        self, store: Store, location: str
    ) -> None:
        fill(store)
        fill(store, "bob", "bobs")
        store.delete_dataset("ada", store.datasets("ada")[0].id)
        store.forget("ada")
        assert MARK.encode() not in raw(location)
        assert b'"ada"' not in raw(location)
        assert all(holding.count == 0 for holding in store.holdings("ada"))
        assert len(store.charts("bob")) == 2
        assert store.forget("ada") == {}

    def test_nobody_forgets_what_is_anothers(self, store: Store) -> None:
        id = fill(store)
        with pytest.raises(NotInStoreError):
            store.forget("bob", id)
        assert store.forget("bob") == {}
        for wrong in ({"$ne": None}, "", None, 3):
            with pytest.raises(InputError):
                store.forget(wrong)  # type: ignore[arg-type]
            if wrong is not None:
                with pytest.raises((InputError, NotInStoreError)):
                    store.forget("ada", wrong)  # type: ignore[arg-type]
        assert len(store.charts("ada")) == 2


class TestArchive:
    def test_it_brings_everything_into_a_store_of_each_kind(
        self, store: Store, mongod: Mongod, tmp_path: Path
    ) -> None:
        fill(store)
        fill(store, mark="other")
        fill(store, "bob", "bobs")
        kept = everything(store, "ada")
        counts = export_archive(store, "ada", tmp_path / "ada.zip")
        assert counts["charts"] == 6
        assert counts["contents"] == 2
        for location in (str(tmp_path / "new.sqlite3"), mongod.database(f"new{id(store)}")):
            new = open_store(location)
            moved = import_archive(new, "ada", tmp_path / "ada.zip")
            assert sum(moved.added.values()) == sum(counts.values()) - counts["contents"]
            assert everything(new, "ada") == kept
            assert new.restore_chart("ada", f"{MARK}-2").title == f"{MARK} 2"
            assert not new.charts("bob")
            assert new.problems("ada") == []
            new.close()

    def test_twice_is_once_and_what_is_new_stays(self, store: Store, tmp_path: Path) -> None:
        fill(store)
        export_archive(store, "ada", tmp_path / "a.zip")
        fill(store, mark="later")
        kept = everything(store, "ada")
        moved = import_archive(store, "ada", tmp_path / "a.zip")
        assert (moved.added, moved.refused) == ({}, ())
        assert moved.there == 7
        assert everything(store, "ada") == kept

    def test_it_can_be_brought_in_as_another_user(
        self, store: Store, other: Store, tmp_path: Path
    ) -> None:
        id = fill(store)
        export_archive(store, "ada", tmp_path / "a.zip")
        import_archive(other, "ada@lab.org", tmp_path / "a.zip")
        assert [chart.user for chart in other.charts("ada@lab.org")] == ["ada@lab.org"] * 2
        assert not other.charts("ada")
        # The same upload is still the same dataset.
        assert fill(other, "ada@lab.org") == id
        assert len(other.datasets("ada@lab.org")) == 1

    def test_another_record_under_the_same_id_stays_and_is_named(
        self, store: Store, other: Store, tmp_path: Path
    ) -> None:
        store.save_chart("ada", ChartDraft("Mine", "bar", (), {}), "one")
        other.save_chart("ada", ChartDraft("Theirs", "bar", (), {}), "one")
        other.save_chart("ada", ChartDraft("Second", "bar", (), {}), "two")
        export_archive(other, "ada", tmp_path / "a.zip")
        moved = import_archive(store, "ada", tmp_path / "a.zip")
        assert moved.added == {"charts": 1}
        assert len(moved.refused) == 1
        assert store.chart("ada", "one").title == "Mine"

    def test_reports_are_put_together(self, store: Store, other: Store, tmp_path: Path) -> None:
        for kept, entries in ((store, "ab"), (other, "bc")):
            record = ReportRecord("ada", "main", "", tuple(ReportEntry(c) for c in entries))
            kept.put_report("ada", record, 0)
        export_archive(other, "ada", tmp_path / "a.zip")
        import_archive(store, "ada", tmp_path / "a.zip")
        found = store.get_report("ada", "main")
        assert [entry.id for entry in found.entries] == ["a", "b", "c"]
        assert found.revision == 2

    def test_earlier_states_of_a_report_are_not_put_together(
        self, store: Store, other: Store, tmp_path: Path
    ) -> None:
        for kept, chart in ((store, "a"), (other, "b")):
            states = (ReportEntry("", "", "state"), ReportEntry(chart))
            kept.put_report("ada", ReportRecord("ada", "\x00undo\x00main", entries=states), 0)
        mine = store.get_report("ada", "\x00undo\x00main")
        export_archive(other, "ada", tmp_path / "a.zip")
        import_archive(store, "ada", tmp_path / "a.zip")
        assert store.get_report("ada", mine.name) == mine

    def test_it_is_readable_by_its_owner_only_and_replaced_when_complete(
        self, store: Store, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.zip"
        path.write_bytes(b"before")
        store.close()
        with pytest.raises(StoreError):
            export_archive(store, "ada", path)
        assert path.read_bytes() == b"before"
        assert list(tmp_path.glob(".*.zip*")) == []
        with pytest.raises(InputError, match="cannot write"):
            export_archive(store, "ada", tmp_path / "no" / "a.zip")

    def test_what_is_no_archive_is_refused(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with pytest.raises(InputError, match="check the path"):
            import_archive(store, "ada", path)
        path.write_bytes(b"PK\x03\x04 nothing")
        with pytest.raises(DamagedStoreError, match="another copy"):
            import_archive(store, "ada", path)
        written(path, {"other.json": "{}"})
        with pytest.raises(InputError, match=r"erp\.export_store"):
            import_archive(store, "ada", path)
        written(path, {"store.json": json.dumps({"format": "erp-store", "version": 99})})
        with pytest.raises(NewerStoreError, match="pip install --upgrade"):
            import_archive(store, "ada", path)
        assert not store.charts("ada")

    @pytest.mark.parametrize(
        "change",
        [
            {"user": "bob"},
            {"id": {"$ne": None}},
            {"id": "a b"},
            {"title": None},
            {"title": ["x"]},
            {"created_us": -1},
            {"created_us": 2**63},
            {"created_us": True},
            {"deleted_us": "x"},
            {"record": "{"},
            {"fields": "3"},
            {"search_columns": [{"$ne": 1}]},
            {"more": 1},
        ],
    )
    def test_a_forged_record_is_refused(
        self, store: Store, other: Store, tmp_path: Path, change: dict[str, object]
    ) -> None:
        store.save_chart("ada", ChartDraft("Mine", "bar", (), {}), "one")
        export_archive(store, "ada", tmp_path / "a.zip")
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            row = json.loads(archive.read("charts.jsonl"))
            about = archive.read("store.json").decode()
        forged = {"store.json": about, "charts.jsonl": json.dumps({**row, **change})}
        written(tmp_path / "b.zip", forged)
        with pytest.raises(StoreError):
            import_archive(other, "ada", tmp_path / "b.zip")
        assert not other.charts("ada")
        assert not other.charts("bob")

    def test_a_dataset_without_its_bytes_is_refused(
        self, store: Store, other: Store, tmp_path: Path
    ) -> None:
        fill(store)
        export_archive(store, "ada", tmp_path / "a.zip")
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist()}
        files = {name: text for name, text in files.items() if not name.startswith("contents")}
        written(tmp_path / "b.zip", files)
        with pytest.raises(DamagedStoreError, match="did not come with it"):
            import_archive(other, "ada", tmp_path / "b.zip")
        files |= {"contents/../../evil": "x"}
        written(tmp_path / "c.zip", files)
        with pytest.raises(DamagedStoreError):
            import_archive(other, "ada", tmp_path / "c.zip")


class TestProblems:
    def test_a_sound_store_has_none(self, store: Store) -> None:
        fill(store)
        assert store.problems("ada") == []

    def test_damage_is_named(self, store: Store, location: str) -> None:
        fill(store)
        damage(location)
        found = store.problems("ada")
        assert len(found) == 2
        assert any("charts" in problem for problem in found)
        assert any(f"{MARK} table" in problem for problem in found)
        assert store.problems("bob") == []


def written(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def damage(location: str) -> None:
    """Change a chart's record and an upload's bytes behind the store's back."""
    if location.startswith("mongodb"):
        with MongoClient(location) as client:
            database = client.get_default_database()
            charts = database["charts"]
            charts.update_one({"id": f"{MARK}-0"}, {"$set": {"record": "{"}})
            database["fs.chunks"].update_one({"n": 0}, {"$set": {"data": b"damaged"}})
        return
    with sqlite3.connect(location) as connection:
        connection.execute("UPDATE charts SET record = '{' WHERE id = ?", (f"{MARK}-0",))
        connection.execute("UPDATE contents SET bytes = x'00' WHERE part = 0")
    connection.close()


def raw(location: str) -> bytes:
    """Return all bytes of a store: of a file and its logs, or of every document there is."""
    if not location.startswith("mongodb"):
        path = Path(location)
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with MongoClient(location) as client:
        database = client.get_default_database()
        return b"".join(
            document.raw if hasattr(document, "raw") else repr(document).encode()
            for name in database.list_collection_names()
            for document in database[name].find()
        )
