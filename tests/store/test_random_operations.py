"""Random operations on a store against a plain dictionary."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

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

from erp_widget.errors import ConflictError, NotInStoreError
from erp_widget.store import ChartDraft, ReportEntry, ReportRecord, Store, open_store

USERS = st.sampled_from(["ada", "bob", "$ne"])
IDS = st.sampled_from(["one", "two", "three"])
TEXTS = st.sampled_from(["", "Sales", "a.b", "$set", "' OR 1", "\x00"])


class Operations(RuleBasedStateMachine):
    """Users save, delete, restore, upload and edit reports; the model says what must be there."""

    def __init__(self, new_location: Callable[[], str]) -> None:
        super().__init__()
        self.location = new_location()
        self.charts: dict[tuple[str, str], tuple[ChartDraft, bool]] = {}
        self.order: list[tuple[str, str]] = []
        self.files: dict[tuple[str, str], bytes] = {}
        self.reports: dict[tuple[str, str], ReportRecord] = {}
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
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
