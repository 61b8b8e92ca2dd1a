"""Owns a report in its store: its parts read one by one, and changes of which none is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from erp_widget.chart import Chart
from erp_widget.config import settings
from erp_widget.data_summary import DataSummary
from erp_widget.errors import (
    ConflictError,
    DamagedStoreError,
    InputError,
    NotInStoreError,
    StoreError,
)
from erp_widget.export.document import Data, Figure, Part, Passage, Section
from erp_widget.reports import following, moved, states
from erp_widget.reports.entries import Entries, position
from erp_widget.reports.name import told_as
from erp_widget.reports.outdated import CurrentData
from erp_widget.reports.states import FUTURE, PAST
from erp_widget.store import (
    ChartDraft,
    Location,
    ReportEntry,
    ReportRecord,
    SavedChart,
    open_store,
)

#: Enough for dozens of editors at once; each failed try means that another one succeeded.
MAX_TRIES = 60
LONGEST_WAIT_S = 0.1

#: A part as it is named in calls: a chart, an id, or a position.
Which = Chart | SavedChart | str | int


class ReportContents:
    """What the store has of a report; nothing is held in memory.

    Parameters
    ----------
    name, notebook
        Of the report.
    location
        Where it is kept.
    """

    def __init__(self, name: str, notebook: str, location: Location) -> None:
        self.name = name
        self.location = location
        self.store = open_store(location)
        self.user = settings().user
        self._notebook = notebook
        if notebook:
            # A store that does not answer says so where the report is read.
            with suppress(StoreError):
                moved.take_along(self.store, self.user, notebook)

    @property
    def key(self) -> following.Key:
        """What stands for the report among all that are shown in this kernel."""
        return self.store.location, self.user, self.name

    def former_marks(self) -> list[str]:
        """Return the marks that the report's cell may have from before the notebook was renamed."""
        if not self._notebook:
            return []
        return moved.former_marks(self.store, self.user, self._notebook)

    def parts(self, outdated: str = "") -> tuple[list[tuple[str, Part]], list[str]]:
        """Return id and part of all that can be shown, and a note for each part that cannot.

        Parameters
        ----------
        outdated
            What to say of charts whose data have changed, with {name} for the table; if it is
            empty they are not looked for.
        """
        found: list[tuple[str, Part]] = []
        notes: list[str] = []
        current = CurrentData(self.store, self.user)
        for entry in self.record().entries:
            try:
                part = self._part(entry)
                if outdated and isinstance(part, Figure):
                    saved = self.store.chart(self.user, entry.id)
                    said = outdated.format(name=saved.dataset_name)
                    part = replace(part, outdated=said if current.outdates(saved) else "")
            except NotInStoreError:
                notes.append(
                    "Left out: a chart that was removed from the saved charts; "
                    f'erp.saved().restore("{entry.id}") brings it back.'
                )
            except (InputError, DamagedStoreError) as error:
                notes.append(f"Left out: {error}.")
            else:
                found.append((entry.id, part))
        return found, notes

    def _part(self, entry: ReportEntry) -> Part:
        if entry.kind == "section":
            return Section(entry.text)
        if entry.kind == "note":
            return Passage(entry.text)
        if entry.kind == "summary":
            return Data(DataSummary.from_json(entry.text))
        saved = self.store.chart(self.user, entry.id)
        chart = replace(Chart.from_record(saved.record), id=saved.id, store=self.location)
        return Figure(chart, entry.text)

    def record(self) -> ReportRecord:
        """Return the report as it is stored."""
        return self.store.get_report(self.user, self.name)

    def entry(self, which: object) -> ReportEntry:
        """Return a part of the report as it is stored, or raise."""
        if isinstance(which, int) and not isinstance(which, bool):
            shown = [id for id, _ in self.parts()[0]]
            id: object = shown[position(len(shown), which)]
        else:
            id = which if isinstance(which, str) else getattr(which, "id", None)
        if not isinstance(id, str):
            raise InputError(f"name a chart, its id or its position, not {which!r}")
        found = next((entry for entry in self.record().entries if entry.id == id), None)
        if found is None:
            raise NotInStoreError(f"the report {self.name!r} has no part {id}; print it to see all")
        return found

    def notices(self) -> list[str]:
        """Return what to tell of the report as a whole: parts of it may be out of reach."""
        notice = self.record().notice
        return [f"({notice})"] if notice else []

    def others_with(self, chart: str) -> str:
        """Return in words that other reports show a saved chart; empty if none does."""
        former = self.former_marks()
        others = [
            told_as(one.name, one.notebook)
            for one in self.store.reports_with(self.user, chart)
            if one.name != self.name and not moved.is_left_behind(one, former)
        ]
        if len(others) > 1:
            return f"{len(others)} other reports show it"
        return f"{others[0]} shows it" if others else ""

    # --- changes

    def change(self, changed: Callable[[Entries], Entries], only_adds: bool = False) -> None:
        """Change the stored parts; what was before is kept for undo.

        What `only_adds` needs no server that says what there is already.
        """
        before = self._put(changed, only_adds)
        if before is not None:
            if self._notebook:
                moved.remember(self.store, self.user, self._notebook)
            self._remember(before)

    def change_whole(self, act: Callable[[str, str], object]) -> None:
        """Have the store empty the report or bring it back; what was before is kept for undo."""
        before = self.record().entries
        act(self.user, self.name)
        if self.record().entries != before:
            self._remember(before)
            following.changed(self.key)

    def _remember(self, before: Entries) -> None:
        states.push(self.store, self.user, self.name, PAST, before)
        states.clear(self.store, self.user, self.name, FUTURE)

    def can_go(self, back: bool) -> bool:
        """Return whether there is a state before, or one that was gone back from."""
        where = PAST if back else FUTURE
        return states.has_any(self.store, self.user, self.name, where)

    def go(self, back: bool) -> bool:
        """Go back to the state before, or forward again; return whether there was one."""
        source, target = (PAST, FUTURE) if back else (FUTURE, PAST)
        state = states.pop(self.store, self.user, self.name, source)
        if state is None:
            return False
        before = self._put(lambda _: state)
        if before is not None:
            states.push(self.store, self.user, self.name, target, before)
        return True

    def _put(
        self, changed: Callable[[Entries], Entries], only_adds: bool = False
    ) -> Entries | None:
        """Change the parts; where another editor was first, change what it left.

        Returns the parts before, or None where nothing is to be changed.
        """
        read = self.store.report_to_add_to if only_adds else self.store.get_report
        for attempt in range(MAX_TRIES):
            record = read(self.user, self.name)
            entries = changed(record.entries)
            if entries == record.entries:
                return None
            new = replace(record, entries=entries, notebook=record.notebook or self._notebook)
            try:
                self.store.put_report(self.user, new, expected_revision=record.revision)
                following.changed(self.key)
                return record.entries
            except ConflictError:
                time.sleep(random.uniform(0, min(LONGEST_WAIT_S, 0.001 * 2**attempt)))
        raise ConflictError(f"report {self.name!r} is being changed by many at once: try again")

    def keep(self, chart: object) -> str:
        """Save a chart, again if it was deleted, and return its id."""
        if isinstance(chart, Chart):
            return replace(chart, store=self.store).save().id
        if isinstance(chart, SavedChart):
            draft = ChartDraft(
                title=chart.title,
                mark=chart.mark,
                fields=chart.fields,
                record=chart.record,
                dataset_id=chart.dataset_id,
                dataset_name=chart.dataset_name,
            )
            return self.store.save_chart(self.user, draft, id=chart.id).id
        raise InputError(
            f"add a chart, such as gallery[0] or erp.saved()[0], not {type(chart).__name__}"
        )
