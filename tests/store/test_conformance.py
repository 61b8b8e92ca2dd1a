"""What every store must do, run on each of them."""

from __future__ import annotations

import io
import math
import sqlite3
import uuid
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from pymongo import MongoClient

from erp_widget.errors import (
    ConflictError,
    InputError,
    NotInStoreError,
    StoreError,
    TooLargeForStoreError,
)
from erp_widget.store import (
    ChartDraft,
    Dataset,
    GalleryDraft,
    ReportEntry,
    ReportRecord,
    Store,
    open_store,
)

CSV = b"city,price\nRome,3\nOslo,4\n"
DRAFT = ChartDraft("Price by city", "bar", ("city", "price"), {"mark": "bar", "n": [1, 2.5, None]})
#: Texts that a careless store reads as operators, paths, patterns or the end of a statement.
HOSTILE = [
    "$ne",
    '{"$ne": null}',
    "' OR '1'='1",
    'a"; DROP TABLE charts; --',
    "a.b.c",
    "__proto__",
    ".*",
    "%",
    "x\x00y",
    "<script>alert(1)</script>",
    "日本 🎨\n\t",
    "\ud800half",
]
NOT_TEXT = [{"$ne": None}, {"$gt": ""}, ["ada"], None, 1, b"ada", True]


def upload(store: Store, user: str = "ada", name: str = "sales", data: bytes = CSV) -> Dataset:
    return store.add_dataset(
        user,
        name=name,
        columns=["city", "price"],
        n_rows=2,
        fingerprint="f" * 64,
        content=io.BytesIO(data),
        format="csv",
    )


def titled(title: str) -> ChartDraft:
    return replace(DRAFT, title=title)


def test_a_store_that_was_closed_opens_again(store: Store, location: str) -> None:
    store.save_chart("ada", DRAFT, "one")
    assert open_store(location) is store
    store.close()
    with pytest.raises(StoreError, match="is closed; open it again"):
        store.charts("ada")
    again = open_store(location)
    assert [chart.id for chart in again.charts("ada")] == ["one"]
    again.close()


class TestCharts:
    def test_a_saved_chart_comes_back_as_it_was(self, store: Store) -> None:
        before = datetime.now(UTC)
        saved = store.save_chart("ada", DRAFT)
        assert store.chart("ada", saved.id) == saved
        assert saved.record == DRAFT.record
        assert saved.fields == ("city", "price")
        assert abs((saved.created_at - before).total_seconds()) < 60

    def test_the_same_id_saves_once(self, store: Store) -> None:
        id = str(uuid.uuid4())
        assert store.save_chart("ada", DRAFT, id) == store.save_chart("ada", DRAFT, id)
        assert len(store.charts("ada")) == 1
        assert [event.kind for event in store.history("ada")] == ["save"]

    def test_the_same_id_never_hides_another_chart(self, store: Store) -> None:
        store.save_chart("ada", DRAFT, "one")
        with pytest.raises(ConflictError, match="new id"):
            store.save_chart("ada", titled("Another"), "one")
        assert store.chart("ada", "one").title == DRAFT.title

    def test_two_users_may_use_the_same_id(self, store: Store) -> None:
        store.save_chart("ada", titled("Ada's"), "one")
        store.save_chart("bob", titled("Bob's"), "one")
        assert store.chart("ada", "one").title == "Ada's"
        assert store.chart("bob", "one").title == "Bob's"

    def test_delete_hides_and_restore_brings_back(self, store: Store) -> None:
        saved = store.save_chart("ada", DRAFT)
        store.delete_chart("ada", saved.id)
        assert not store.charts("ada")
        with pytest.raises(NotInStoreError, match=r"erp\.saved"):
            store.chart("ada", saved.id)
        with pytest.raises(NotInStoreError):
            store.delete_chart("ada", saved.id)
        assert store.restore_chart("ada", saved.id) == saved
        assert store.restore_chart("ada", saved.id) == saved
        assert list(store.charts("ada")) == [saved]
        kinds = [event.kind for event in store.history("ada")]
        assert kinds == ["restore", "delete", "save"]

    def test_saving_a_deleted_chart_again_brings_it_back(self, store: Store) -> None:
        saved = store.save_chart("ada", DRAFT, "one")
        store.delete_chart("ada", "one")
        assert store.save_chart("ada", DRAFT, "one") == saved
        assert list(store.charts("ada")) == [saved]

    def test_a_record_may_hold_any_json(self, store: Store) -> None:
        deep: object = 1
        for _ in range(200):
            deep = {"a": deep}
        record = {
            "$schema": "https://example.org",
            "a.b": {"$ne": None, "": 0},
            "big": 2**80,
            "text": "\x00 \ud800 日本 <b>",
            "inf": math.inf,
            "deep": deep,
        }
        saved = store.save_chart("ada", replace(DRAFT, record=record))
        assert store.chart("ada", saved.id).record == record

    def test_what_is_no_json_is_refused_and_nothing_is_stored(self, store: Store) -> None:
        with pytest.raises(InputError, match="plain JSON"):
            store.save_chart("ada", replace(DRAFT, record={"when": datetime.now(UTC)}))
        assert not store.charts("ada")
        assert not store.history("ada")

    def test_a_record_that_is_too_large_names_the_limit(self, store: Store) -> None:
        with pytest.raises(TooLargeForStoreError, match="15 MiB"):
            store.save_chart("ada", replace(DRAFT, record={"x": "y" * 16 * 2**20}))
        large = replace(DRAFT, record={"x": "y" * 14 * 2**20})
        assert store.chart("ada", store.save_chart("ada", large).id).record == large.record

    @pytest.mark.parametrize("id", ["", "a b", "a/b", "$ne", "x" * 65, 3, {"$ne": 1}])
    def test_an_id_that_is_none_is_refused(self, store: Store, id: object) -> None:
        with pytest.raises(InputError, match="id"):
            store.save_chart("ada", DRAFT, id)  # type: ignore[arg-type]


class TestPages:
    def test_pages_show_each_record_once_newest_first(self, store: Store) -> None:
        made = [store.save_chart("ada", titled(f"Chart {n}")).id for n in range(7)]
        seen: list[str] = []
        cursor = None
        while True:
            page = store.charts("ada", limit=3, cursor=cursor)
            seen += [chart.id for chart in page]
            cursor = page.cursor
            if cursor is None:
                break
            store.save_chart("ada", titled("newer, so on no later page"))
        assert seen == made[::-1]

    def test_a_full_last_page_has_no_cursor(self, store: Store) -> None:
        for n in range(4):
            store.save_chart("ada", titled(str(n)))
        first = store.charts("ada", limit=2)
        assert first.cursor is not None
        assert store.charts("ada", limit=2, cursor=first.cursor).cursor is None

    @pytest.mark.parametrize("limit", [0, -1, 1001, 2.5, "3", {"$gt": 0}, True])
    def test_a_limit_that_is_none_is_refused(self, store: Store, limit: object) -> None:
        with pytest.raises(InputError, match="limit"):
            store.charts("ada", limit=limit)  # type: ignore[arg-type]

    @pytest.mark.parametrize("cursor", ["", "x", "1", "1.$ne", {"$gt": ""}, "9" * 30 + ".a"])
    def test_a_cursor_that_is_none_is_refused(self, store: Store, cursor: object) -> None:
        with pytest.raises(InputError, match="cursor"):
            store.history("ada", cursor=cursor)  # type: ignore[arg-type]


class TestDatasets:
    def test_uploaded_bytes_come_back(self, store: Store) -> None:
        data = bytes(range(256)) * 10_000
        made = upload(store, data=data)
        assert made.n_bytes == len(data)
        assert made.columns == ("city", "price")
        with store.open_dataset("ada", made.id) as file:
            assert file.read(10) == data[:10]
            file.seek(0)
            assert file.read() == data
        assert store.dataset("ada", made.id) == made

    def test_an_empty_file_comes_back(self, store: Store) -> None:
        with store.open_dataset("ada", upload(store, data=b"").id) as file:
            assert file.read() == b""

    def test_the_same_upload_is_the_same_dataset(self, store: Store) -> None:
        first = upload(store)
        assert upload(store) == first
        assert list(store.datasets("ada")) == [first]
        assert [event.kind for event in store.history("ada")] == ["upload", "upload"]

    def test_equal_bytes_under_another_name_are_kept_once(
        self, store: Store, location: str
    ) -> None:
        first, second = upload(store), upload(store, name="other")
        assert first.id != second.id
        assert kept_contents(location) == 1
        upload(store, user="bob")
        assert kept_contents(location) == 2

    def test_a_dataset_without_bytes_says_so(self, store: Store) -> None:
        made = store.add_dataset("ada", name="frame", columns=["a"], n_rows=3, fingerprint="0" * 64)
        assert (made.format, made.n_bytes) == (None, None)
        assert not store.history("ada")
        with pytest.raises(NotInStoreError, match=r"erp\.upload"):
            store.open_dataset("ada", made.id)

    def test_delete_and_restore(self, store: Store) -> None:
        made = upload(store)
        store.delete_dataset("ada", made.id)
        assert not store.datasets("ada")
        with pytest.raises(NotInStoreError):
            store.open_dataset("ada", made.id)
        assert store.restore_dataset("ada", made.id) == made
        store.delete_dataset("ada", made.id)
        assert upload(store) == made
        with store.open_dataset("ada", made.id) as file:
            assert file.read() == CSV

    def test_bad_descriptions_are_refused(self, store: Store) -> None:
        with pytest.raises(InputError, match="n_rows"):
            store.add_dataset("ada", name="a", columns=[], n_rows=2**63, fingerprint="f")
        with pytest.raises(InputError, match="columns"):
            store.add_dataset("ada", name="a", columns="city", n_rows=1, fingerprint="f")
        with pytest.raises(InputError, match="format"):
            store.add_dataset(
                "ada", name="a", columns=[], n_rows=1, fingerprint="f", content=io.BytesIO(b"x")
            )
        with pytest.raises(InputError, match="rb"):
            store.add_dataset(
                "ada",
                name="a",
                columns=[],
                n_rows=1,
                fingerprint="f",
                content=io.StringIO("text"),  # type: ignore[arg-type]
                format="csv",
            )
        assert not store.datasets("ada")


class TestGalleries:
    def test_a_gallery_comes_back(self, store: Store) -> None:
        draft = GalleryDraft("Sales", ({"mark": "bar"}, {"mark": "line"}), "d1")
        made = store.add_gallery("ada", draft)
        assert store.gallery("ada", made.id) == made
        assert made.charts == draft.charts
        assert list(store.galleries("ada")) == [made]
        event = store.history("ada")[0]
        assert (event.kind, event.subject_id, event.name) == ("gallery", made.id, "Sales")

    def test_the_same_id_is_one_gallery(self, store: Store) -> None:
        draft = GalleryDraft("Sales", ({"mark": "bar"},))
        assert store.add_gallery("ada", draft, "g") == store.add_gallery("ada", draft, "g")
        with pytest.raises(ConflictError):
            store.add_gallery("ada", GalleryDraft("Other", ()), "g")
        assert len(store.galleries("ada")) == len(store.history("ada")) == 1


class TestReports:
    def test_a_new_report_is_empty(self, store: Store) -> None:
        assert store.get_report("ada", "main") == ReportRecord("ada", "main")

    def test_revisions_count_up(self, store: Store) -> None:
        entries = (ReportEntry("c1", "First <b>"), ReportEntry("s1", "Then", "section"))
        first = store.put_report("ada", ReportRecord("ada", "main", "n.ipynb", entries), 0)
        assert (first.revision, first.entries) == (1, entries)
        second = store.put_report("ada", replace(first, entries=entries[:1]), first.revision)
        assert store.get_report("ada", "main") == second
        assert second.revision == 2

    def test_two_editors_never_lose_an_update(self, store: Store) -> None:
        record = store.put_report("ada", ReportRecord("ada", "main"), 0)
        with pytest.raises(ConflictError, match="read it again"):
            store.put_report("ada", ReportRecord("ada", "main", "late"), 0)
        mine = store.put_report("ada", replace(record, notebook="mine"), record.revision)
        with pytest.raises(ConflictError):
            store.put_report("ada", replace(record, notebook="theirs"), record.revision)
        assert store.get_report("ada", "main") == mine

    def test_a_report_that_is_not_there_cannot_be_changed(self, store: Store) -> None:
        with pytest.raises(ConflictError):
            store.put_report("ada", ReportRecord("ada", "main"), 3)

    def test_reports_are_found_by_a_chart_that_they_show(self, store: Store) -> None:
        shown = (ReportEntry("c1", "about c2"), ReportEntry("n1", "see c2", "note"))
        for name in ("main", "also"):
            store.put_report("ada", ReportRecord("ada", name, entries=shown), 0)
        store.put_report("bob", ReportRecord("bob", "his", entries=shown), 0)
        store.put_report("ada", ReportRecord("ada", "deleted", entries=shown), 0)
        store.delete_report("ada", "deleted")
        assert [one.name for one in store.reports_with("ada", "c1")] == ["also", "main"]
        assert store.reports_with("ada", "c2") == []

    def test_a_part_of_no_known_kind_is_refused(self, store: Store) -> None:
        wrong = ReportEntry("c1", "", "poem")  # type: ignore[arg-type]
        with pytest.raises(InputError, match="one of chart, section"):
            store.put_report("ada", ReportRecord("ada", "main", entries=(wrong,)), 0)

    def test_a_report_is_stored_as_its_own_user_only(self, store: Store) -> None:
        with pytest.raises(InputError, match="'ada'"):
            store.put_report("bob", ReportRecord("ada", "main"), 0)
        with pytest.raises(InputError, match="expected_revision"):
            store.put_report("ada", ReportRecord("ada", "main"), {"$gt": 0})  # type: ignore[arg-type]


class TestIsolation:
    def test_nobody_sees_what_another_has(self, store: Store) -> None:
        dataset, chart = upload(store), store.save_chart("ada", DRAFT)
        gallery = store.add_gallery("ada", GalleryDraft("Sales", ()))
        store.put_report("ada", ReportRecord("ada", "main", "n.ipynb"), 0)
        for other in ("bob", "Ada", "ad", "ada ", "*"):
            for listed in (store.charts, store.datasets, store.galleries, store.history):
                assert not listed(other)
            calls = (
                (store.chart, chart.id),
                (store.delete_chart, chart.id),
                (store.restore_chart, chart.id),
                (store.dataset, dataset.id),
                (store.open_dataset, dataset.id),
                (store.delete_dataset, dataset.id),
                (store.restore_dataset, dataset.id),
                (store.gallery, gallery.id),
            )
            for call, id in calls:
                with pytest.raises(NotInStoreError):
                    call(other, id)
            assert store.get_report(other, "main").revision == 0
        assert store.chart("ada", chart.id) == chart

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_finds_nothing_of_another(self, store: Store, text: str) -> None:
        chart, dataset = store.save_chart("ada", DRAFT), upload(store)
        for listed in (store.charts, store.datasets, store.galleries, store.history):
            try:
                assert not listed(text)
            except InputError as error:
                assert "user" in str(error)
        for call in (store.chart, store.delete_chart, store.dataset, store.open_dataset):
            with pytest.raises(NotInStoreError):
                call("ada", text)
        assert store.chart("ada", chart.id) == chart
        assert store.dataset("ada", dataset.id) == dataset

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_is_kept_as_text(self, store: Store, text: str) -> None:
        draft = ChartDraft(text, text, (text,), {text: text}, None, text)
        saved = store.chart("ada", store.save_chart("ada", draft).id)
        plain = text.replace("\ud800", "?")
        assert (saved.title, saved.mark, saved.fields) == (plain, plain, (plain,))
        assert saved.record == {text: text}
        assert upload(store, name=text).name == plain
        entry = ReportEntry("c", text)
        report = store.put_report("ada", ReportRecord("ada", text, text, (entry,)), 0)
        assert store.get_report("ada", text) == report
        assert report.entries == (entry,)

    @pytest.mark.parametrize("value", NOT_TEXT)
    def test_what_is_not_text_is_refused(self, store: Store, value: object) -> None:
        chart = store.save_chart("ada", DRAFT)
        wrong: str = value  # type: ignore[assignment]
        for call in (
            lambda: store.charts(wrong),
            lambda: store.history(wrong),
            lambda: store.chart(wrong, chart.id),
            lambda: store.chart("ada", wrong),
            lambda: store.delete_chart("ada", wrong),
            lambda: store.save_chart(wrong, DRAFT),
            lambda: store.get_report("ada", wrong),
            lambda: store.get_report(wrong, "main"),
            lambda: store.open_dataset("ada", wrong),
            lambda: upload(store, user=wrong),
            lambda: upload(store, name=wrong),
            lambda: store.save_chart("ada", replace(DRAFT, mark=wrong)),
        ):
            with pytest.raises(InputError):
                call()
        assert len(store.charts("ada")) == 1

    @pytest.mark.parametrize("user", ["", "  ", "a\x00b", "x" * 257, "\ud800"])
    def test_a_user_that_is_none_is_refused(self, store: Store, user: str) -> None:
        with pytest.raises(InputError, match="user"):
            store.save_chart(user, DRAFT)


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.charts("ada")


def kept_contents(location: str) -> int:
    """Count kept files in the database itself."""
    if location.startswith("mongodb"):
        with MongoClient(location) as client:
            return int(client.get_default_database()["fs.files"].count_documents({}))
    with sqlite3.connect(location) as connection:
        counted = "SELECT count(DISTINCT user || hash) FROM contents"
        return int(connection.execute(counted).fetchone()[0])
