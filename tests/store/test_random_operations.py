"""Random operations on a store against a plain dictionary."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from erp_widget.errors import ConflictError, NotInStoreError
from erp_widget.store import (
    ChartDraft,
    GalleryDraft,
    ReportEntry,
    ReportRecord,
    Search,
    Store,
    open_store,
)
from erp_widget.store.archive import export_archive, import_archive

#: `make faults` asks for more.
EXAMPLES = 60 if os.environ.get("ERP_FAULT_ROUNDS") else 7
USERS = st.sampled_from(["ada", "bob", "$ne"])
IDS = st.sampled_from(["one", "two", "three"])
TEXTS = st.sampled_from(["", "Sales", "a.b", "$set", "' OR 1", "\x00"])


class Operations(RuleBasedStateMachine):
    """Users do what a store can do, in any order; plain dictionaries say what must be there."""

    def __init__(self, new_location: Callable[[], str]) -> None:
        super().__init__()
        self.location = new_location()
        self.charts: dict[tuple[str, str], tuple[ChartDraft, bool]] = {}
        self.order: list[tuple[str, str]] = []
        self.files: dict[tuple[str, str], bytes] = {}
        self.new_location = new_location
        self.galleries: dict[tuple[str, str], str] = {}
        self.reports: dict[tuple[str, str], ReportRecord] = {}
        self.deleted: dict[tuple[str, str], tuple[ReportEntry, ...]] = {}
        self.events: list[tuple[str, str, str]] = []

    @initialize()
    def open(self) -> None:
        self.store: Store = open_store(self.location)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = fresh(self.location)

    @rule(user=USERS, id=IDS, title=TEXTS)
    def save(self, user: str, id: str, title: str) -> None:
        draft = ChartDraft(title, "bar", (title,), {title: [title, 2**70]})
        known = self.charts.get((user, id))
        if known is not None and known[0] != draft:
            with pytest.raises(ConflictError):
                self.store.save_chart(user, draft, id)
            return
        self.store.save_chart(user, draft, id)
        if known is None:
            self.order.append((user, id))
        if known is None or known[1]:
            self.events.append((user, "save" if known is None else "restore", id))
        self.charts[user, id] = (draft, False)

    @rule(user=USERS, id=IDS)
    def delete(self, user: str, id: str) -> None:
        known = self.charts.get((user, id))
        if known is None or known[1]:
            with pytest.raises(NotInStoreError):
                self.store.delete_chart(user, id)
            return
        self.store.delete_chart(user, id)
        self.events.append((user, "delete", id))
        self.charts[user, id] = (known[0], True)

    @rule(user=USERS, id=IDS)
    def restore(self, user: str, id: str) -> None:
        known = self.charts.get((user, id))
        if known is None:
            with pytest.raises(NotInStoreError):
                self.store.restore_chart(user, id)
            return
        assert self.store.restore_chart(user, id).title == known[0].title
        if known[1]:
            self.events.append((user, "restore", id))
        self.charts[user, id] = (known[0], False)

    @rule(user=USERS, name=TEXTS, data=st.binary(max_size=64))
    def upload(self, user: str, name: str, data: bytes) -> None:
        made = self.store.add_dataset(
            user,
            name=name,
            columns=[name],
            n_rows=len(data),
            fingerprint=data.hex(),
            content=io.BytesIO(data),
            format="csv",
        )
        self.files[user, made.id] = data
        self.events.append((user, "upload", made.id))

    @rule(user=USERS, title=TEXTS, dataset=st.integers(0, 3))
    def recommend(self, user: str, title: str, dataset: int) -> None:
        known = [id for owner, id in self.files if owner == user]
        of = known[dataset % len(known)] if known else None
        made = self.store.add_gallery(user, GalleryDraft(title, ({"x": title},), of))
        assert self.store.gallery(user, made.id) == made
        self.galleries[user, made.id] = of or ""
        self.events.append((user, "gallery", made.id))

    @rule(user=USERS, dataset=st.integers(0, 3))
    def forget_dataset(self, user: str, dataset: int) -> None:
        known = [id for owner, id in self.files if owner == user]
        if not known:
            with pytest.raises(NotInStoreError):
                self.store.forget(user, "0" * 16)
            return
        id = known[dataset % len(known)]
        gone = {id, *(g for (owner, g), of in self.galleries.items() if (owner, of) == (user, id))}
        self.store.forget(user, id)
        del self.files[user, id]
        self.galleries = {k: v for k, v in self.galleries.items() if k[1] not in gone}
        self.events = [e for e in self.events if e[0] != user or e[2] not in gone]

    @rule(user=USERS)
    def forget_everything(self, user: str) -> None:
        self.store.forget(user)
        for kept in (self.charts, self.files, self.reports, self.deleted, self.galleries):
            for key in [key for key in kept if key[0] == user]:
                del kept[key]
        self.order = [key for key in self.order if key[0] != user]
        self.events = [event for event in self.events if event[0] != user]

    @rule()
    def move_house(self) -> None:
        """Take all archives into a new store, twice, and go on there."""
        new = open_store(self.new_location())
        with tempfile.TemporaryDirectory() as folder:
            for user in ("ada", "bob", "$ne"):
                archive = Path(folder) / "all.zip"
                export_archive(self.store, user, archive)
                import_archive(new, user, archive)
                assert import_archive(new, user, archive).added == {}
        # A report that is brought in starts to count anew.
        self.reports = {key: replace(r, revision=1) for key, r in self.reports.items()}
        self.store.close()
        self.store, self.location = new, new.location
        if "mongodb" in self.location:
            self.location += "?directConnection=true"

    @rule(user=USERS, text=TEXTS)
    def search(self, user: str, text: str) -> None:
        found = {c.id for c in self.store.charts(user, 100, search=Search(text, mark="bar"))}
        assert found == {
            id
            for (owner, id), (draft, deleted) in self.charts.items()
            if owner == user and not deleted and text.casefold() in draft.title.casefold()
        }

    @rule(user=USERS, name=TEXTS, id=IDS, stale=st.integers(0, 2))
    def edit(self, user: str, name: str, id: str, stale: int) -> None:
        now = self.reports.get((user, name), ReportRecord(user, name))
        wanted = replace(now, entries=(*now.entries, ReportEntry(id, name)))
        expected = max(now.revision - stale, 0)
        if expected != now.revision:
            with pytest.raises(ConflictError):
                self.store.put_report(user, wanted, expected)
            return
        stored = self.store.put_report(user, wanted, expected)
        assert stored == replace(wanted, revision=now.revision + 1)
        self.reports[user, name] = stored

    @rule(user=USERS, name=TEXTS)
    def delete_report(self, user: str, name: str) -> None:
        now = self.reports.get((user, name))
        if now is None or not now.entries:
            with pytest.raises(NotInStoreError):
                self.store.delete_report(user, name)
            return
        self.store.delete_report(user, name)
        self.deleted[user, name] = now.entries
        self.reports[user, name] = replace(now, entries=(), revision=now.revision + 1)
        self.events.append((user, "delete", f"report:{name}"))

    @rule(user=USERS, name=TEXTS)
    def restore_report(self, user: str, name: str) -> None:
        now = self.reports.get((user, name), ReportRecord(user, name))
        old = self.deleted.pop((user, name), ())
        if not old:
            if now.entries:
                assert self.store.restore_report(user, name) == now
                return
            with pytest.raises(NotInStoreError):
                self.store.restore_report(user, name)
            return
        known = {entry.id for entry in old}
        entries = (*old, *(entry for entry in now.entries if entry.id not in known))
        self.reports[user, name] = replace(now, entries=entries, revision=now.revision + 1)
        assert self.store.restore_report(user, name) == self.reports[user, name]
        self.events.append((user, "restore", f"report:{name}"))

    @invariant()
    def everything_is_there(self) -> None:
        for user in ("ada", "bob", "$ne"):
            shown = [(c.id, c.title, c.record) for c in self.store.charts(user, limit=100)]
            kept = [(key[1], *self.charts[key]) for key in self.order[::-1] if key[0] == user]
            assert shown == [(id, d.title, d.record) for id, d, deleted in kept if not deleted]
            events = [(user, e.kind, e.subject_id) for e in self.store.history(user, limit=500)]
            assert events == [event for event in self.events[::-1] if event[0] == user]
            datasets = {dataset.id for dataset in self.store.datasets(user, limit=500)}
            assert datasets == {id for owner, id in self.files if owner == user}
            galleries = {gallery.id for gallery in self.store.galleries(user, limit=500)}
            assert galleries == {id for owner, id in self.galleries if owner == user}
        for (user, id), data in self.files.items():
            with self.store.open_dataset(user, id) as file:
                assert file.read() == data
        for (user, name), report in self.reports.items():
            assert self.store.get_report(user, name) == report

    def teardown(self) -> None:
        self.store.close()


def fresh(location: str) -> Store:
    """Open a store anew, as another process would."""
    from erp_widget.store.mongo import MongoStore
    from erp_widget.store.sqlite import SqliteStore

    return MongoStore(location) if location.startswith("mongodb") else SqliteStore(location)


def test_random_operations_agree_with_a_dictionary(new_location: Callable[[], str]) -> None:
    run_state_machine_as_test(
        lambda: Operations(new_location),  # type: ignore[arg-type]  # any maker will do
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
