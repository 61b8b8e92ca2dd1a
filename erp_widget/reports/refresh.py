"""Owns charts of a report that are drawn again from a table as it is now."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from erp_widget.chart import Chart
from erp_widget.errors import ErpError, InputError
from erp_widget.export.document import Figure
from erp_widget.question import columns_of
from erp_widget.reports.contents import ReportContents
from erp_widget.reports.entries import replaced
from erp_widget.sources.called import named_by_caller
from erp_widget.store import Dataset
from vizmodel.design import Design

if TYPE_CHECKING:
    from types import FrameType


def refresh(
    contents: ReportContents, data: Any, name: str | None, caller: FrameType | None = None
) -> None:
    """Draw the charts of one table again and put them in the places of the old ones.

    Parameters
    ----------
    contents
        The report.
    data
        What `recommend` takes.
    name
        What the table is called in the report; its own name, or that of the only table, if None.
    caller
        The code that called, whose name for the table counts.

    Raises
    ------
    InputError
        No chart of the report can be drawn from this table.
    """
    from erp_widget.question import Question
    from erp_widget.sources import open_table

    charts = [part.chart for _, part in contents.parts()[0] if isinstance(part, Figure)]
    names = {chart.dataset_name for chart in charts}
    called = name if caller is None else named_by_caller(data, name, caller)
    table = open_table(data, called, contents.location)
    if name is None and table.name not in names and len(names) == 1:
        table = open_table(data, next(iter(names)), contents.location)
    same = (chart for chart in charts if chart.dataset_name == table.name)
    fit = [chart for chart in same if _own_columns(chart.design) <= {*table.columns}]
    if not fit:
        raise InputError(
            f"no chart of this report shows a table {table.name!r} with these columns: pass name="
            f" as the report has it ({', '.join(sorted(map(repr, names))) or 'no table'})"
        )
    dataset = data if isinstance(data, Dataset) else _kept(contents, table)
    question = Question(table, store=contents.location, dataset_id=dataset.id)
    drawn, failed = _drawn(contents, question, fit)
    contents.change(lambda entries: replaced(entries, drawn))
    if failed:
        warnings.warn(f"not drawn again, left as they were: {'; '.join(failed)}", stacklevel=3)


def _own_columns(design: Design) -> set[str]:
    """Return the columns that a table must have, without those that gathering others makes."""
    fold = design.style.fold
    return columns_of(design).difference(() if fold is None else fold.pair)


def _drawn(
    contents: ReportContents, question: Any, charts: list[Chart]
) -> tuple[dict[str, str], list[str]]:
    """Return old and new id of each chart that can be drawn, and why the others cannot."""
    drawn: dict[str, str] = {}
    failed: list[str] = []
    for chart in charts:
        try:
            drawn[chart.id] = contents.keep(question.kept_chart(chart))
        except ErpError as error:
            failed.append(f"{chart.title} ({error})")
    return drawn, failed


def _kept(contents: ReportContents, table: Any) -> Dataset:
    return contents.store.add_dataset(contents.user, **table.described)
