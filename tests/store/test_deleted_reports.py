"""Whole reports that are deleted and brought back, on both stores."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from erp_widget.errors import ConflictError, InputError, NotInStoreError
from erp_widget.library.history import History
from erp_widget.reports.report import Report
from erp_widget.store import (
    ChartDraft,
    ReportEntry,
    ReportRecord,
    Search,
    Store,
    open_store,
)
from erp_widget.store.archive import export_archive, import_archive

DRAFT = ChartDraft("Price by city", "bar", ("city", "price"), {"mark": "bar"})


class TestDeletedReports:
    ENTRIES = (ReportEntry("c1", "First <b>"), ReportEntry("c2"), ReportEntry("c3", "Third"))

    @pytest.fixture
    def report(self, store: Store) -> ReportRecord:
        return store.put_report("ada", ReportRecord("ada", "main", "n.ipynb", self.ENTRIES), 0)

    def test_a_deleted_report_is_empty_and_comes_back(
        self, store: Store, report: ReportRecord
    ) -> None:
        store.delete_report("ada", "main")
        assert store.get_report("ada", "main").entries == ()
        with pytest.raises(ConflictError):  # an editor that read it before
            store.put_report("ada", report, report.revision)
        restored = store.restore_report("ada", "main")
        assert restored == store.get_report("ada", "main")
        assert (restored.entries, restored.notebook) == (self.ENTRIES, "n.ipynb")
        assert restored.revision > report.revision
        assert store.restore_report("ada", "main") == restored

    def test_what_was_added_since_stays(self, store: Store, report: ReportRecord) -> None:
        store.delete_report("ada", "main")
        empty = store.get_report("ada", "main")
        since = (ReportEntry("c4"), ReportEntry("c3", "new"), ReportEntry("c1"))
        store.put_report("ada", replace(empty, entries=since), empty.revision)
        assert store.restore_report("ada", "main").entries == (
            *self.ENTRIES[:2],
            ReportEntry("c3", "new"),
            ReportEntry("c4"),
        )

    def test_the_history_tells_of_it(self, store: Store, report: ReportRecord) -> None:
        store.delete_report("ada", "main")
        store.restore_report("ada", "main")
        store.restore_report("ada", "main")  # nothing is left to bring back
        events = store.history("ada")
        assert [(e.kind, e.name, e.subject_id) for e in events] == [
            ("restore", "main", "report:main"),
            ("delete", "main", "report:main"),
        ]
        assert len(store.history("ada", 1, store.history("ada", 1).cursor)) == 1
        assert len(store.history("ada", search=Search("MAI"))) == 2
        assert not store.history("bob")
        opened = History(store, "ada", 20).open(0)
        assert isinstance(opened, Report)
        assert opened.name == "main"

    def test_a_deleted_report_can_be_deleted_again(
        self, store: Store, report: ReportRecord
    ) -> None:
        store.delete_report("ada", "main")
        with pytest.raises(NotInStoreError, match="no charts"):
            store.delete_report("ada", "main")
        store.restore_report("ada", "main")
        store.delete_report("ada", "main")
        assert store.restore_report("ada", "main").entries == self.ENTRIES

    def test_what_is_not_there_is_neither_deleted_nor_restored(
        self, store: Store, report: ReportRecord
    ) -> None:
        for user, name in (("ada", "other"), ("bob", "main"), ("ada", "' OR 1 --")):
            with pytest.raises(NotInStoreError):
                store.delete_report(user, name)
            with pytest.raises(NotInStoreError):
                store.restore_report(user, name)
        assert store.get_report("ada", "main") == report
        with pytest.raises(InputError):
            store.delete_report("ada", {"$ne": ""})  # type: ignore[arg-type]

    def test_a_change_in_between_is_deleted_too(
        self, store: Store, report: ReportRecord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another editor adds a chart after the deletion has read the report."""
        put, others = store.put_report, [ReportEntry("c9")]

        def late(user: str, record: ReportRecord, expected_revision: int) -> ReportRecord:
            if others and record.name == "main":
                grown = replace(report, entries=(*self.ENTRIES, others.pop()))
                put(user, grown, report.revision)
            return put(user, record, expected_revision)

        monkeypatch.setattr(store, "put_report", late)
        store.delete_report("ada", "main")
        assert not others
        assert store.get_report("ada", "main").entries == ()
        restored = store.restore_report("ada", "main").entries
        assert restored == (*self.ENTRIES, ReportEntry("c9"))

    def test_a_deleted_report_travels_and_is_shown_as_kept(
        self, store: Store, report: ReportRecord, tmp_path: Path
    ) -> None:
        store.delete_report("ada", "main")
        held = {holding.kind: holding for holding in store.holdings("ada")}
        assert held["reports"].hidden == 1
        export_archive(store, "ada", tmp_path / "all.zip")
        other = open_store(":memory:")
        import_archive(other, "ada", tmp_path / "all.zip")
        assert other.restore_report("ada", "main").entries == self.ENTRIES
        store.forget("ada")
        with pytest.raises(NotInStoreError):
            store.restore_report("ada", "main")

    def test_a_forgotten_dataset_leaves_deleted_reports(self, store: Store) -> None:
        dataset = store.add_dataset(
            "ada",
            name="sales",
            columns=["a"],
            n_rows=1,
            fingerprint="f",
            content=io.BytesIO(b"a\n1\n"),
            format="csv",
        )
        store.save_chart("ada", replace(DRAFT, dataset_id=dataset.id), "c2")
        store.put_report("ada", ReportRecord("ada", "main", "", self.ENTRIES), 0)
        store.delete_report("ada", "main")
        store.forget("ada", dataset.id)
        restored = store.restore_report("ada", "main").entries
        assert [entry.id for entry in restored] == ["c1", "c3"]
