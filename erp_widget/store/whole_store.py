"""Owns what concerns all that a user has: how much it is, moving it, checking it, forgetting it."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from msgspec.structs import replace

from erp_widget.errors import ConflictError, DamagedStoreError, StoreError
from erp_widget.store import rows, values
from erp_widget.store.content import spooled
from erp_widget.store.deleted_reports import HIDDEN, delete_report, restore_report
from erp_widget.store.kinds import HIDEABLE, KINDS, Kind, Row, check_row
from erp_widget.store.protocol import Holding, ReportEntry, ReportRecord
from erp_widget.store.row_store import RowStore

#: How often a report that others change at the same time is read again.
MERGE_ATTEMPTS = 20


class WholeStore(RowStore):
    """The second half of the protocol, told in terms of rows."""

    @abstractmethod
    def _every(self, kind: Kind, user: str) -> Iterator[Row]:
        """Return all rows, hidden ones too, oldest first."""

    @abstractmethod
    def _ids(self, kind: Kind, user: str, column: str, values: Sequence[str]) -> list[str]:
        """Return the ids of rows whose column has one of some values."""

    @abstractmethod
    def _holding(self, kind: Kind, user: str) -> Holding:
        """Return how much there is of one kind."""

    @abstractmethod
    def _contents(self, user: str) -> Holding:
        """Return how many bytes of uploads are kept, and how many uploads."""

    @abstractmethod
    def _remove(self, kind: Kind, user: str, ids: Sequence[str] | None) -> int:
        """Remove some rows, or all of a user's for None, for good; return how many."""

    @abstractmethod
    def _remove_content(self, user: str, hash: str | None) -> int:
        """Remove kept bytes, or all of a user's for None, for good."""

    @abstractmethod
    def _wipe(self) -> None:
        """Leave nothing of removed rows in the backend's own files, as far as it can."""

    @abstractmethod
    def _damage(self) -> list[str]:
        """Return what the backend's own check finds."""

    # --- how much

    def holdings(self, user: str) -> tuple[Holding, ...]:
        """Return how much is kept of each kind."""
        user = values.checked_user(user)
        with self._reading():
            held = [self._holding(kind, user) for kind in KINDS]
            hidden = sum(row["id"].startswith(HIDDEN) for row in self._every("reports", user))
            held = [replace(h, hidden=hidden) if h.kind == "reports" else h for h in held]
            return (*held, self._contents(user))

    def waiting(self, user: str) -> tuple[Holding, ...]:
        """Return nothing: what is stored here waits for nothing."""
        return ()

    # --- moving

    def export_rows(self, user: str) -> Iterator[tuple[Kind, Row]]:
        """Return all records as they are stored."""
        user = values.checked_user(user)
        with self._reading():
            for kind in KINDS:
                for row in self._every(kind, user):
                    yield kind, row

    def export_content(self, user: str, hash: str) -> BinaryIO:
        """Return uploaded bytes by their hash."""
        user, hash = values.checked_user(user), values.checked_text("hash", hash)
        with self._reading():
            return self._open_content(user, hash, hash)

    def import_content(self, user: str, content: BinaryIO) -> None:
        """Bring in uploaded bytes."""
        user = values.checked_user(user)
        with spooled(content) as read, self._writing():
            self._keep_content(user, read)

    def import_row(self, user: str, kind: Kind, row: Row) -> bool:
        """Bring in a record; False if it is there already."""
        check_row(kind, row)
        wanted = {**row, "user": values.checked_user(user)}
        rows.check_readable(kind, wanted)
        if kind == "reports":
            return self._merge_report(wanted)
        hash = wanted.get("content_hash")
        with self._reading():
            if hash is not None and self._content(user, hash) is None:
                raise DamagedStoreError(
                    f"the bytes of {wanted['name'][:80]!r} did not come with it"
                )
        if kind in HIDEABLE and wanted["deleted_us"] is None:
            return self._keep_once(kind, wanted) is wanted
        with self._writing():
            stored = self._insert(kind, wanted)
        if stored is not None and not rows.same(kind, stored, wanted):
            raise rows.taken(kind, wanted["id"])
        return stored is None

    def has(self, kind: Kind, user: str, id: str) -> bool:
        """Return whether a record is there, hidden or not."""
        user, id = values.checked_user(user), values.checked_text("id", id)
        with self._reading():
            return self._find(kind, user, id) is not None

    def has_content(self, user: str, hash: str) -> bool:
        """Return whether uploaded bytes are there."""
        with self._reading():
            return self._content(values.checked_user(user), hash) is not None

    def replace_report(self, user: str, row: Row, expected_revision: int) -> ReportRecord | None:
        """Store a report of `export_rows` as it is; None if it was changed since a revision."""
        try:
            return self.put_report(user, rows.to_report({**row, "user": user}), expected_revision)
        except ConflictError:
            return None

    def discard(self, kind: Kind, row: Row) -> bool:
        """Remove a record that was brought elsewhere, unless it was changed since it was read."""
        user, hash = row["user"], row.get("content_hash")
        with self._writing():
            if self._find(kind, user, row["id"]) != row:
                return False
            self._remove(kind, user, [row["id"]])
            if hash is not None and not self._ids("datasets", user, "content_hash", [hash]):
                self._remove_content(user, hash)
        return True

    def _merge_report(self, row: Row) -> bool:
        """Bring in a report; one that is there gets the entries it lacks, and loses none."""
        brought = rows.to_report(row)
        for _ in range(MERGE_ATTEMPTS):
            stored = self.get_report(brought.user, brought.name)
            if stored.revision == 0:
                merged = brought
            else:
                known = {entry.id for entry in stored.entries}
                lacking = [e for e in brought.entries if e.id not in known]
                # What undo goes back to in one store says nothing of another.
                if not lacking or any(e.kind == "state" for e in brought.entries):
                    return False
                merged = ReportRecord(
                    stored.user, stored.name, stored.notebook, (*stored.entries, *lacking)
                )
            try:
                self.put_report(brought.user, merged, stored.revision)
                return True
            except ConflictError:
                continue
        raise rows.changed_meanwhile(brought.name)

    def reports_with(self, user: str, chart: str) -> list[ReportRecord]:
        """Return the reports that show a saved chart, by name."""
        user, chart = values.checked_user(user), values.checked_text("chart", chart)
        with self._reading():
            named = [row for row in self._every("reports", user) if chart in row["entries"]]
        shown = [rows.to_report(row) for row in named if not row["id"].startswith(HIDDEN)]
        found = [one for one in shown if any(entry.id == chart for entry in one.entries)]
        return sorted(found, key=lambda one: one.name)

    # --- deleted reports

    def delete_report(self, user: str, name: str) -> None:
        """Empty a report until it is restored."""
        with self._writing():
            delete_report(self, user, name)

    def restore_report(self, user: str, name: str) -> ReportRecord:
        """Bring back what a report had."""
        with self._writing():
            return restore_report(self, user, name)

    def add_event(self, user: str, row: Row) -> None:
        """Keep an event once."""
        self.import_row(user, "events", row)

    # --- checking

    def problems(self, user: str) -> list[str]:
        """Return what cannot be read back."""
        found = self._damage()
        hashes: dict[str, str] = {}
        with self._reading():
            for kind in KINDS:
                for row in self._every(kind, values.checked_user(user)):
                    try:
                        rows.check_readable(kind, row)
                    except StoreError as error:
                        found.append(f"{kind} {str(row.get('id'))[:80]!r}: {error}")
                    if kind == "datasets" and row["content_hash"]:
                        hashes[row["content_hash"]] = row["name"]
            for hash, name in hashes.items():
                found += self._content_problem(user, hash, name)
        return found

    def _content_problem(self, user: str, hash: str, name: str) -> list[str]:
        try:
            with self._reading():
                self._open_content(user, hash, name).close()
        except StoreError as error:
            return [f"dataset {name[:80]!r}: {error}"]
        return []

    # --- forgetting

    def forget(self, user: str, dataset_id: str | None = None) -> dict[str, int]:
        """Remove a dataset with all that was made from it, or everything, for good."""
        user = values.checked_user(user)
        removed: Counter[str] = Counter()
        with self._writing():
            if dataset_id is None:
                for kind in KINDS:
                    removed[kind] += self._remove(kind, user, None)
                removed["contents"] += self._remove_content(user, None)
            else:
                self._forget_dataset(user, dataset_id, removed)
        self._wipe()
        return {kind: n for kind, n in removed.items() if n}

    def _forget_dataset(self, user: str, id: str, removed: Counter[str]) -> None:
        dataset = self._existing("datasets", user, id, hidden_too=True)
        made: dict[Kind, list[str]] = {
            "galleries": self._ids("galleries", user, "dataset_id", [id]),
            "charts": self._ids("charts", user, "dataset_id", [id]),
        }
        subjects = [id, *made["galleries"], *made["charts"]]
        made["events"] = self._ids("events", user, "subject_id", subjects)
        charts, rows_of = set(made["charts"]), dataset["fingerprint"]
        removed["reports"] += self._forget_entries(user, charts, rows_of)
        for kind, ids in made.items():
            removed[kind] += self._remove(kind, user, ids)
        hash = dataset["content_hash"]
        # Another dataset, under another name, may have the same bytes.
        if hash is not None and self._ids("datasets", user, "content_hash", [hash]) == [id]:
            removed["contents"] += self._remove_content(user, hash)
        removed["datasets"] += self._remove("datasets", user, [id])

    def _forget_entries(self, user: str, charts: set[str], fingerprint: str) -> int:
        """Take charts and summaries out of the reports; return how many reports changed."""

        def is_of(entry: ReportEntry) -> bool:
            return entry.id in charts or values.is_summary_of(entry, fingerprint)

        changed = 0
        for row in list(self._every("reports", user)):
            changed += self._forget_entries_of(rows.to_report(row), is_of)
        return changed

    def _forget_entries_of(
        self, report: ReportRecord, is_of: Callable[[ReportEntry], bool]
    ) -> bool:
        for _ in range(MERGE_ATTEMPTS):
            left = tuple(e for e in report.entries if not is_of(e))
            if left == report.entries:
                return False
            kept = ReportRecord(report.user, report.name, report.notebook, left)
            if self._replace_report(rows.report_row(report.user, kept, report.revision)):
                return True
            found = self._find("reports", report.user, report.name)
            if found is None:
                return False
            report = rows.to_report(found)
        raise rows.changed_meanwhile(report.name)
