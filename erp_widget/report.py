"""Owns the Report: saved charts in an order of one's own, with captions, and every way out."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erp_widget.chart import Chart
from erp_widget.config import settings
from erp_widget.errors import (
    ConflictError,
    DamagedStoreError,
    ErpError,
    InputError,
    NotInStoreError,
)
from erp_widget.export.document import Document, Figure
from erp_widget.report_cell import cell_code
from erp_widget.report_entries import (
    Entries,
    added,
    captioned,
    checked_caption,
    moved,
    position,
    removed,
)
from erp_widget.report_name import checked_name, own_name, title_of
from erp_widget.store import (
    ChartDraft,
    ReportRecord,
    SavedChart,
    Store,
    open_store,
)

if TYPE_CHECKING:
    Location = Store | str | os.PathLike[str] | None

#: Enough for dozens of editors at once; each failed try means that another one succeeded.
MAX_TRIES = 60
LONGEST_WAIT_S = 0.1

INVITATION = (
    "This report is empty. Click a chart in a gallery, or call .add(chart), and it is shown here."
)


def report(name: str | None = None, *, store: Location = None) -> Report:
    """Open a report, new or as it was left.

    Parameters
    ----------
    name
        Such as "Q3 sales"; the path of a notebook opens that notebook's; None the one of the
        notebook that runs, or a common one outside notebooks.
    store
        Where it is kept; the configured store if None.

    Returns
    -------
    Report
        Shows itself; every change is stored at once.

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


class Report:
    """Saved charts in an order of one's own; `report` opens one.

    Nothing is held in memory: what is shown is what the store has, so that several notebooks and
    clicks work on the same report and none loses what another did.
    """

    def __init__(self, name: str, *, notebook: str = "", store: Location = None) -> None:
        self.name = name
        self._notebook = notebook
        self._location = store
        self._store = open_store(store)
        self._user = settings().user

    # --- what is in it

    @property
    def title(self) -> str:
        """What to show above it: its name, or that of the notebook's file."""
        return title_of(self.name, self._notebook)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts in their order; those that were deleted since are left out."""
        return tuple(figure.chart for figure in self._figures()[0])

    @property
    def captions(self) -> tuple[str, ...]:
        """The caption of each chart, empty where it has none."""
        return tuple(figure.caption for figure in self._figures()[0])

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out, why, and how it comes back."""
        return tuple(self._figures()[1])

    def __len__(self) -> int:
        """Return the number of charts shown."""
        return len(self._figures()[0])

    def __iter__(self) -> Iterator[Chart]:
        """Iterate over the charts in their order."""
        return iter(self.charts)

    def __bool__(self) -> bool:
        """Return True: a report is something even when it is empty."""
        return True

    # --- changes

    def add(self, chart: Chart | SavedChart, caption: str = "") -> Report:
        """Put a chart at the end; one that is in the report already stays where it is.

        Parameters
        ----------
        chart
            A recommended or saved chart; it is saved if it is not yet.
        caption
            What to say of it; an empty one leaves the caption as it is.

        Raises
        ------
        StoreError
            The store cannot be reached; nothing is lost, call again.
        """
        said = checked_caption(caption)
        id = self._kept(chart)
        return self._change(lambda entries: added(entries, id, said))

    def remove(self, which: Chart | SavedChart | str | int) -> Report:
        """Take a chart out of the report; it stays among the saved charts.

        Parameters
        ----------
        which
            A chart, its id, or its position.

        Raises
        ------
        NotInStoreError
            It is not in the report.
        """
        id = self._id(which)
        return self._change(lambda entries: removed(entries, id))

    def move(self, which: Chart | SavedChart | str | int, to: int) -> Report:
        """Move a chart to another position; 0 is the first, -1 the last.

        Parameters
        ----------
        which
            A chart, its id, or its position.
        to
            Where it stands afterwards.

        Raises
        ------
        NotInStoreError
            There is no such chart or position.
        """
        id, shown = self._id(which), self._shown_ids()
        place = position(len(shown), to)
        return self._change(lambda entries: moved(entries, id, shown, place))

    def caption(self, which: Chart | SavedChart | str | int, text: str) -> Report:
        """Say something of a chart; an empty text takes the caption away.

        Parameters
        ----------
        which
            A chart, its id, or its position.
        text
            Shown as it is, never as markup.

        Raises
        ------
        NotInStoreError
            It is not in the report.
        """
        id, said = self._id(which), checked_caption(text)
        return self._change(lambda entries: captioned(entries, id, said))

    def delete(self) -> Report:
        """Take all charts out at once, until `restore`; raise `NotInStoreError` if none is in."""
        self._store.delete_report(self._user, self.name)
        return self

    def restore(self) -> Report:
        """Bring back what `delete` took out; raise `NotInStoreError` if it took nothing."""
        self._store.restore_report(self._user, self.name)
        return self

    # --- ways out

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one HTML file: interactive, and nothing is loaded from anywhere.

        Raises
        ------
        ExportError
            The file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.page import page

        return write(path, page(self.document()))

    def to_notebook(self, path: str | os.PathLike[str]) -> Path:
        """Write a notebook whose cells already show, with code that needs Altair only.

        Raises
        ------
        ExportError
            The file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.notebook import notebook

        return write(path, notebook(self.document()))

    def to_pdf(self, path: str | os.PathLike[str]) -> Path:
        """Write a PDF with vector charts and numbered pages.

        Raises
        ------
        ExportError
            The extra `pdf` is not installed, or the file cannot be written.
        """
        from erp_widget.export.files import write
        from erp_widget.export.pdf import pdf

        return write(path, pdf(self.document()))

    def document(self) -> Document:
        """Return what the exports write: charts, captions, and what is left out."""
        figures, left_out = self._figures()
        notes = () if not left_out else (_for_readers(len(left_out)),)
        return Document(self.title, tuple(figures), notes)

    def outputs(self) -> list[dict[str, Any]]:
        """Return the outputs of the report cell, in nbformat 4, plain data for JSON."""
        from erp_widget.export.outputs import outputs

        return outputs(self._shown_document())

    def picture_html(self) -> str:
        """Return the report as HTML with pictures, for hosts that write no cells."""
        from erp_widget.export.pictures import picture_html

        return picture_html(self._shown_document())

    def cell_code(self) -> str:
        """Return the source of the cell that shows this report in the running notebook."""
        return cell_code(self.name, self._notebook, self._location)

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        try:
            found = self.outputs()
        except ErpError as error:
            found = [{"data": {"text/plain": f"The report cannot be shown: {error}"}}]
        for output in found:
            publish_display_data(output["data"], output.get("metadata", {}))

    def _repr_html_(self) -> str:
        return self.picture_html()

    def __repr__(self) -> str:
        """List the titles, or say why that cannot be done."""
        try:
            figures, notes = self._figures()
        except ErpError as error:
            return f"Report {self.title!r}: {error}"
        count = len(figures)
        head = f"Report {self.title!r}: {count} chart{'' if count == 1 else 's'}"
        titles = [f"{n:3d}  {' '.join(f.chart.title.split())}" for n, f in enumerate(figures, 1)]
        return "\n".join([head, *titles, *notes])

    # --- the store

    def _figures(self) -> tuple[list[Figure], list[str]]:
        """Return what can be shown, and a note for each chart that cannot."""
        figures, notes = [], []
        for entry in self._record().entries:
            try:
                saved = self._store.chart(self._user, entry.id)
                chart = replace(Chart.from_record(saved.record), id=saved.id, store=self._location)
            except NotInStoreError:
                notes.append(
                    "Left out: a chart that was removed from the saved charts; "
                    f'erp.saved().restore("{entry.id}") brings it back.'
                )
            except (InputError, DamagedStoreError) as error:
                notes.append(f"Left out: {error}.")
            else:
                figures.append(Figure(chart, entry.text))
        return figures, notes

    def _shown_document(self) -> Document:
        """Return the report for its author, who can fill it and bring back what is left out."""
        figures, notes = self._figures()
        said = notes if figures or notes else [INVITATION]
        return Document(self.title, tuple(figures), tuple(said))

    def _kept(self, chart: Chart | SavedChart) -> str:
        """Save a chart, again if it was deleted, and return its id."""
        if isinstance(chart, Chart):
            return replace(chart, store=self._store).save().id
        if isinstance(chart, SavedChart):
            draft = ChartDraft(
                title=chart.title,
                mark=chart.mark,
                fields=chart.fields,
                record=chart.record,
                dataset_id=chart.dataset_id,
                dataset_name=chart.dataset_name,
            )
            return self._store.save_chart(self._user, draft, id=chart.id).id
        raise InputError(
            f"add a chart, such as gallery[0] or erp.saved()[0], not {type(chart).__name__}"
        )

    def _record(self) -> ReportRecord:
        return self._store.get_report(self._user, self.name)

    def _change(self, changed: Callable[[Entries], Entries]) -> Report:
        """Change the stored entries; where another editor was first, change what it left."""
        for attempt in range(MAX_TRIES):
            record = self._record()
            entries = changed(record.entries)
            if entries == record.entries:
                return self
            new = replace(record, entries=entries, notebook=record.notebook or self._notebook)
            try:
                self._store.put_report(self._user, new, expected_revision=record.revision)
                return self
            except ConflictError:
                time.sleep(random.uniform(0, min(LONGEST_WAIT_S, 0.001 * 2**attempt)))
        raise ConflictError(f"report {self.title!r} is being changed by many at once: try again")

    def _shown_ids(self) -> list[str]:
        return [figure.chart.id for figure in self._figures()[0]]

    def _id(self, which: Chart | SavedChart | str | int) -> str:
        """Return the id of a chart in the report, or raise."""
        if isinstance(which, int) and not isinstance(which, bool):
            shown = self._shown_ids()
            return shown[position(len(shown), which)]
        id = which if isinstance(which, str) else getattr(which, "id", None)
        if not isinstance(id, str):
            raise InputError(f"name a chart, its id or its position, not {which!r}")
        if all(entry.id != id for entry in self._record().entries):
            raise NotInStoreError(f"report {self.title!r} has no chart {id}; see its .charts")
        return id


def _for_readers(count: int) -> str:
    charts, were = ("1 chart", "was") if count == 1 else (f"{count} charts", "were")
    return f"{charts} of this report {were} deleted and cannot be shown."
