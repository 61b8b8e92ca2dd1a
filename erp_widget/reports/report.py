"""Owns the Report: saved charts, sections and notes in the order that a person chose."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from erp_widget.errors import InputError, NotInStoreError
from erp_widget.reports.contents import Which
from erp_widget.reports.entries import (
    Entries,
    added,
    checked_text,
    edited,
    moved,
    position,
    removed,
)
from erp_widget.reports.name import checked_name, own_name
from erp_widget.reports.showing import ShownReport
from erp_widget.store import EntryKind, Location, ReportEntry, SavedChart

if TYPE_CHECKING:
    from erp_widget.chart import Chart


def report(name: str | None = None, *, store: Location = None) -> Report:
    """Open a report by its name; it is new, or as it was left.

    Parameters
    ----------
    name
        A name such as "Q3 sales", or the path of a notebook, which opens the report of that
        notebook. None opens the report of the running notebook; outside notebooks, one common
        report.
    store
        Where the report is kept; the configured store if None.

    Returns
    -------
    Report
        The last line of a cell shows it; every change is stored at once.

    Raises
    ------
    InputError
        The name is empty or not text.
    StoreError
        The store cannot be opened.

    Examples
    --------
    >>> import erp_widget as erp
    >>> q3 = erp.report("Q3 sales", store=":memory:")
    >>> chart = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1)[0]
    >>> q3.add(chart, caption="Rome leads.")
    Report 'Q3 sales': 1 chart
    ...
    """
    if name is None:
        found, notebook = own_name()
    else:
        found, notebook = checked_name(name)
    return Report(found, notebook=notebook, store=store)


class Report(ShownReport):
    """Saved charts with sections and notes, in the order that a person chose; `report` opens one.

    Nothing is held in memory: a report always shows what is in the store. So several notebooks and
    clicks can change the same report, and no change is lost. Every method that changes the report
    returns the report, so calls can be chained.
    """

    def add(self, chart: Chart | SavedChart, caption: str = "") -> Report:
        """Add a chart at the end; a chart that is in the report already stays where it is.

        Parameters
        ----------
        chart
            A recommended or saved chart; a chart that is not saved yet is saved.
        caption
            Text below the chart; an empty one leaves the caption as it is.

        Returns
        -------
        Report
            This report, with the chart.

        Raises
        ------
        StoreError
            The store cannot be reached; nothing is lost, call again.
        """
        said = checked_text("caption", caption, empty=True)
        return self._add(ReportEntry(self._contents.keep(chart), said))

    def add_section(self, heading: str, to: int | None = None) -> Report:
        """Add a section: a heading over the parts that follow.

        Parameters
        ----------
        heading
            The text of the heading; never markup.
        to
            Its position, 0 for the first; the end if None.

        Raises
        ------
        InputError
            The heading is empty or not text.
        NotInStoreError
            There is no such position.

        Examples
        --------
        >>> import erp_widget as erp
        >>> erp.report("Q3", store=":memory:").add_section("Prices").add_note("They *rise*.")
        Report 'Q3': 0 charts
          1  [section] Prices
          2  [note] They *rise*.
        """
        return self._add(_new("section", checked_text("heading", heading)), to)

    def add_note(self, markdown: str, to: int | None = None) -> Report:
        """Add a note between charts, in Markdown; HTML tags in it are shown as text.

        Parameters
        ----------
        markdown
            The text of the note.
        to
            Its position, 0 for the first; the end if None.

        Raises
        ------
        InputError
            The note is empty or not text.
        NotInStoreError
            There is no such position.
        """
        return self._add(_new("note", checked_text("note", markdown)), to)

    def add_summary(self, data: Any, name: str | None = None) -> Report:
        """Add a summary of a table: its rows, and type, missing values and range of each column.

        Parameters
        ----------
        data, name
            As `recommend` takes them.

        Raises
        ------
        InputError
            The table cannot be used.

        Examples
        --------
        >>> import erp_widget as erp
        >>> table = {"city": ["Rome", "Oslo", "Rome"], "sales": [3, None, 7]}
        >>> erp.report("Q3 in figures", store=":memory:").add_summary(table, "shops")
        Report 'Q3 in figures': 0 charts
          1  [data] shops: 3 rows, 2 columns
        """
        from erp_widget.data_summary import summarised
        from erp_widget.sources import open_table
        from erp_widget.sources.called import named_by_caller

        called = named_by_caller(data, name, sys._getframe(1))
        summary = summarised(open_table(data, called, self._contents.location))
        return self._add(_new("summary", summary.to_json()))

    def remove(self, which: Which) -> Report:
        """Remove a part from the report; a removed chart stays among the saved charts.

        Parameters
        ----------
        which
            A chart, the id of a part, or its position as the printed report counts.

        Raises
        ------
        NotInStoreError
            It is not in the report.
        """
        id = self._contents.entry(which).id
        return self._change(lambda entries: removed(entries, id))

    def move(self, which: Which, to: int) -> Report:
        """Move a part to another position; 0 is the first, -1 the last.

        Parameters
        ----------
        which
            A chart, the id of a part, or its position.
        to
            Its position afterwards.

        Raises
        ------
        NotInStoreError
            There is no such part or position.

        Examples
        --------
        >>> import erp_widget as erp
        >>> notes = erp.report("Order", store=":memory:").add_note("first").add_note("second")
        >>> notes.move(-1, 0)
        Report 'Order': 0 charts
          1  [note] second
          2  [note] first
        """
        id = self._contents.entry(which).id
        shown = [other for other, _ in self._contents.parts()[0]]
        place = position(len(shown), to)
        return self._change(lambda entries: moved(entries, id, shown, place))

    def caption(self, which: Which, text: str) -> Report:
        """Give a chart a caption; an empty text removes it.

        Parameters
        ----------
        which
            A chart, its id, or its position.
        text
            The caption; shown as it is, never as markup.

        Raises
        ------
        NotInStoreError
            It is not in the report.
        """
        return self._edit(which, ("chart",), checked_text("caption", text, empty=True))

    def edit(self, which: str | int, text: str) -> Report:
        """Replace the heading of a section or the text of a note.

        Parameters
        ----------
        which
            The id of the part, or its position.
        text
            The heading, or the note in Markdown.

        Raises
        ------
        NotInStoreError
            It is not in the report.
        InputError
            It is neither a section nor a note, or the text is empty.
        """
        return self._edit(which, ("section", "note"), checked_text("note", text))

    def refresh(self, data: Any, name: str | None = None) -> Report:
        """Draw the charts of a table again, from its current rows.

        Positions and captions stay. A chart that cannot be drawn from the new rows stays as it was,
        with a warning that says why.

        Parameters
        ----------
        data
            The table, as `recommend` takes it.
        name
            Name of the table in the report; needed only if the report shows several tables.

        Raises
        ------
        InputError
            No chart of the report shows such a table.
        """
        from erp_widget.reports.refresh import refresh

        refresh(self._contents, data, name, sys._getframe(1))
        return self

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return self._contents.can_go(back=True)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone change that can be made again."""
        return self._contents.can_go(back=False)

    def undo(self) -> Report:
        """Undo the last change of the report; the last 20 can be undone, one after the other.

        Returns
        -------
        Report
            This report, as it was before the change.

        Raises
        ------
        NotInStoreError
            There is nothing to undo.

        Examples
        --------
        >>> import erp_widget as erp
        >>> q4 = erp.report("Q4", store=":memory:").add_section("Prices").add_section("Units")
        >>> q4.undo()
        Report 'Q4': 0 charts
          1  [section] Prices
        """
        if not self._contents.go(back=True):
            raise NotInStoreError(f"report {self.title!r} has no change to take back")
        return self

    def redo(self) -> Report:
        """Make the change again that `undo` reversed.

        Returns
        -------
        Report
            This report, with the change.

        Raises
        ------
        NotInStoreError
            No change was undone.
        """
        if not self._contents.go(back=False):
            raise NotInStoreError(f"report {self.title!r} has no change that was taken back")
        return self

    def delete(self) -> Report:
        """Remove all parts at once; `restore` brings them back.

        Returns
        -------
        Report
            This report, empty.

        Raises
        ------
        NotInStoreError
            The report is empty.
        """
        self._contents.change_whole(self._contents.store.delete_report)
        return self

    def restore(self) -> Report:
        """Bring back the parts that `delete` removed.

        Returns
        -------
        Report
            This report, with these parts first, then those that were added since.

        Raises
        ------
        NotInStoreError
            Nothing was deleted.
        """
        self._contents.change_whole(self._contents.store.restore_report)
        return self

    def _add(self, entry: ReportEntry, to: int | None = None) -> Report:
        if to is None:
            self._contents.change(lambda entries: added(entries, entry), only_adds=True)
            return self
        shown = [*(id for id, _ in self._contents.parts()[0]), entry.id]
        place = position(len(shown), to)
        return self._change(lambda entries: moved((*entries, entry), entry.id, shown, place))

    def _edit(self, which: Which, kinds: tuple[EntryKind, ...], text: str) -> Report:
        entry = self._contents.entry(which)
        if entry.kind not in kinds:
            raise InputError(f"this part is a {entry.kind}, not a {' or a '.join(kinds)}")
        return self._change(lambda entries: edited(entries, entry.id, text))

    def _change(self, change: Callable[[Entries], Entries]) -> Report:
        self._contents.change(change)
        return self


def _new(kind: EntryKind, text: str) -> ReportEntry:
    return ReportEntry(str(uuid.uuid4()), text, kind)
