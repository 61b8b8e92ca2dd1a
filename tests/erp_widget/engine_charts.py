"""Owns the charts by which an engine is compared with DuckDB on the same rows."""

from __future__ import annotations

from typing import Any

import pytest
from test_shared_rows import designs_of, same

from erp_widget.aggregate import SharedRows
from erp_widget.sources import Table
from vizmodel.design import Design, Encoding, Fold, Style

#: Few enough for scatter plots of all rows.
FEW = 4_000
#: Every mark, summary, bin and unit of time once; box plots with groups and without.
CHARTS = (
    ("bar", "x=category region", "y=distinct note"),
    ("bar", "x=bin price", "y=count", "color=category size"),
    ("bar", "x=category city", "y=mean change", "column=category kind"),
    ("bar", "x=year when", "y=sum units"),
    ("bar", "x=category kind", "y=mean units"),
    ("bar", "x=category flag", "y=mean flagged"),
    ("bar", "x=category size", "y=mean time from begun to ended"),
    ("line", "x=month when", "y=median price"),
    ("line", "x=yearmonthdate when", "y=mean price"),
    ("area", "x=yearmonth when", "y=sum units", "color=category kind"),
    ("point", "x=value price", "y=value change", "color=category size"),
    ("tick", "x=category city", "y=value price"),
    ("rect", "x=bin price", "y=bin change", "color=count"),
    ("rect", "x=hours when", "y=day when", "color=max change"),
    ("arc", "theta=count", "color=category size"),
    ("boxplot", "x=value price"),
    ("boxplot", "x=category city", "y=value price"),
)
#: A fold of two columns, the largest of many groups and rows, and the share of one of two parts: no
#: test writes them as words.
FOLDED = Design(
    "line",
    (
        Encoding("x", "when", "yearmonth", "temporal"),
        Encoding("y", "value", "mean", "quantitative"),
        Encoding("color", "key", "category", "nominal"),
    ),
    Style(fold=Fold(("price", "change"), "key", "value")),
)
RANKED = Design(
    "bar",
    (
        Encoding("y", "note", "category", "nominal"),
        Encoding("x", "price", "mean", "quantitative"),
    ),
    Style(top=8),
)
LARGEST = Design(
    "bar",
    (
        Encoding("y", "note", "category", "nominal"),
        Encoding("x", "price", "value", "quantitative"),
    ),
    Style(top=20, merged=True),
)
RATED = Design(
    "bar",
    (
        Encoding("x", "region", "category", "nominal"),
        Encoding("y", None, "count", "quantitative"),
        Encoding("color", "flag", "category", "nominal"),
    ),
    Style(stack="normalize", rate=True),
)


def check_every_chart(there: Table, here: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare all charts of `FEW` rows in an engine with those of DuckDB."""
    # A table that the sample holds is never asked for more.
    monkeypatch.setattr("erp_widget.sources.table.SAMPLE_ROWS", FEW // 4)
    monkeypatch.setattr("erp_widget.aggregate.shared_rows.MIN_SHARED_ROWS", 0)
    monkeypatch.setattr("erp_widget.aggregate.boxes.MAX_HELD_ROWS", 0)  # as of large tables
    # How wide bins are is up to the sample, and an engine takes one of its own.
    monkeypatch.setattr(there, "_typed_sample", here.sample())
    designs = [*designs_of(here, CHARTS), FOLDED, RANKED, LARGEST, RATED]
    assert {design.mark for design in designs} >= {"bar", "line", "area", "boxplot", "rect", "arc"}
    transforms = {e.transform for design in designs for e in design.encodings}
    assert {"median", "distinct", "bin", "max", "sum", "count", "yearmonth", "day"} <= transforms
    far, near = SharedRows(there, designs), SharedRows(here, designs)
    wrong = []
    for design in designs:
        one, other = far.rows(design), near.rows(design)
        if not design.summarised and design.mark != "boxplot":
            one.records[:], other.records[:] = in_order(one.records), in_order(other.records)
        try:
            same(one, other)
        except AssertionError as error:
            wrong.append((design, str(error)[:300]))
    assert wrong == [], wrong
    assert there.n_scans == here.n_scans > len(designs) / 2


def in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows drawn one by one in an order of their own: an engine has none."""
    return sorted(records, key=lambda record: [str(value) for value in record.values()])


def check_summaries(there: Table, here: Table, designs: list[Design]) -> None:
    """Compare charts that summarise all rows."""
    summaries = [design for design in designs if design.summarised]
    assert summaries
    far, near = SharedRows(there, summaries), SharedRows(here, summaries)
    for design in summaries:
        same(far.rows(design), near.rows(design))
