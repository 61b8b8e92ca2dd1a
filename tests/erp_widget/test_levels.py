"""Other values of a column that a chart of a long table holds at one, by mouse and from Python."""

from __future__ import annotations

from itertools import product
from typing import Any

import comm
import pandas as pd
import pytest
from gallery_wire import Page, Wire

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.errors import InputError
from erp_widget.levels import MAX_OFFERED
from vizmodel.design import Held
from vizmodel.form.edits import edits

HOSTILE = "<img src=x onerror=alert(1)> 'GDP'"
KINDS = ["GDP", HOSTILE, "Debt"]


def long(kinds: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        product(range(1990, 2020), kinds, ["North", "South"]), columns=["year", "indicator", "area"]
    )
    return frame.assign(value=[float(n * 7 % 131 + 1) for n in range(len(frame))])


def selected(chart: Chart) -> set[float]:
    """Return the values that pandas selects."""
    frame = long(KINDS)
    for one in chart.design.style.where:
        frame = frame[frame[one.column] == one.level]
    return set(frame["value"])


@pytest.fixture
def gallery() -> erp.Gallery:
    return erp.recommend(long(KINDS), name="economies", k=15)


def held(gallery: erp.Gallery, mark: str = "line") -> Chart:
    """Return a chart of one indicator in one area."""
    both = {"indicator", "area"}
    return next(c for c in gallery if c.mark == mark and both <= set(columns_held(c)))


def columns_held(chart: Chart) -> list[str]:
    return [one.column for one in chart.design.style.where]


def rows(chart: Chart) -> set[float]:
    return {record["y"] for record in chart.drawn["data"]["values"]}


def test_another_value_from_python(gallery: erp.Gallery) -> None:
    chart = held(gallery)
    other = gallery.showing(chart, {"indicator": HOSTILE})
    assert rows(other) == selected(other) != rows(chart) == selected(chart)
    for said in (other.title, other.description, other.code()):
        assert "onerror" in said
    # What is kept is what is shown.
    kept = other.save(report="Q3")
    assert erp.report("Q3").charts[0].title == other.title
    assert Chart.from_record(kept.record).design == other.design


def test_what_cannot_be_shown_is_told(gallery: erp.Gallery) -> None:
    chart = held(gallery)
    with pytest.raises(
        InputError, match=r"no row has 'GPD' in 'indicator' here; there are .*'Debt'"
    ):
        gallery.showing(chart, {"indicator": "GPD"})
    with pytest.raises(InputError, match=r"holds no column 'value'.*'indicator'"):
        gallery.showing(chart, {"value": "GDP"})
    with pytest.raises(InputError, match="a text or a whole number"):
        gallery.showing(chart, {"indicator": ["x"]})  # type: ignore[dict-item]


def test_edits_keep_the_value_chosen(gallery: erp.Gallery) -> None:
    chart = gallery.showing(held(gallery), {"indicator": "Debt"})
    assert gallery.question is not None
    found = edits(chart.design, gallery.question.profile)
    assert {edit.kind for edit in found} >= {"mark", "color"}
    kept = [h for edit in found for h in edit.design.style.where if h.column == "indicator"]
    assert kept and set(kept) == {Held("indicator", "Debt")}


@pytest.fixture
def page(gallery: erp.Gallery, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Return the browser's side of a gallery, over a wire of ours."""
    monkeypatch.setattr(comm, "create_comm", Wire)
    return Page(gallery)


def test_another_value_by_mouse(gallery: erp.Gallery, page: Page) -> None:
    chart = held(gallery)
    state = next(one for one in page.widget.charts if one["id"] == chart.id)
    assert {"column": "indicator", "level": "GDP", "label": "indicator: GDP"} in state["held"]
    assert state["rest"] == "" and state["note"] != ""
    reply = page.ask("levels", chart.id, column="indicator")
    assert sorted(one["level"] for one in reply["options"]) == sorted(KINDS)
    assert reply["note"] == ""
    place = page.widget.order.index(chart.id)
    said = page.ask("level", chart.id, column="indicator", level=HOSTILE)["said"]
    assert said.startswith("Showing indicator: ")
    new = page.came()[-1]
    assert page.widget.order[place] == new["id"] != chart.id
    assert next(one["level"] for one in new["held"] if one["column"] == "indicator") == HOSTILE
    page.ask("undo")
    assert page.widget.order[place] == chart.id


def test_what_follows_keeps_the_value_chosen(gallery: erp.Gallery, page: Page) -> None:
    chart = held(gallery)
    other = gallery.showing(chart, {"indicator": HOSTILE})
    like = gallery.more_like(other, k=6)
    assert {level_of(one) for one in like} - {None} == {HOSTILE}
    assert not {one.design for one in like} & {chart.design, other.design}
    # The same by mouse, for charts like it and for what takes its place.
    page.ask("level", chart.id, column="indicator", level=HOSTILE)
    new = page.came()[-1]
    for command in ("more_like", "without"):
        page.ask(command, new["id"])
        came = [one for one in page.came() if one["id"] != new["id"]]
        levels = {h["level"] for one in came for h in one["held"] if h["column"] == "indicator"}
        assert came and levels <= {HOSTILE}


def level_of(chart: Chart) -> Any:
    return next((h.level for h in chart.design.style.where if h.column == "indicator"), None)


def test_bad_requests_are_answered(gallery: erp.Gallery, page: Page) -> None:
    chart = held(gallery)
    for column, level in (("value", "x"), (None, None), ("indicator", {"a": 1})):
        assert not page.ask("level", chart.id, column=column, level=level)["ok"]
    assert not page.ask("levels", chart.id, column="value")["ok"]


def test_of_many_values_the_commonest_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", Wire)
    kinds = [f"kind {n:02d}" for n in range(MAX_OFFERED + 6)]
    frame = long(kinds)
    common = frame[frame["indicator"] == "kind 20"]
    gallery = erp.recommend(pd.concat([frame, common.assign(year=common["year"] - 30)]), k=15)
    chart = held(gallery)
    reply: dict[str, Any] = Page(gallery).ask("levels", chart.id, column="indicator")
    assert len(reply["options"]) == MAX_OFFERED
    assert reply["options"][0]["level"] == "kind 20"
    assert "gallery.showing" in reply["note"]
    # Years come latest first.
    assert gallery.question is not None
    years = next((c for c in gallery if "year" in columns_held(c)), None)
    assert years is not None
    offered = Page(gallery).ask("levels", years.id, column="year")["options"]
    assert [one["level"] for one in offered[:3]] == [2019, 2018, 2017]


@pytest.mark.usefixtures("wires")
def test_what_takes_the_place_of_a_chart_of_a_long_table_is_there_once() -> None:
    places = ["Chad", "Peru", "Oman", "Cuba", "Togo", "Fiji"]
    sizes = {"GDP": 1e9, "Population": 1e6, "Life expectancy": 60.0, "CO2": 5.0}
    rows = [
        {"country": place, "year": year, "indicator": name, "value": size * (1 + (year + n) % 7)}
        for n, place in enumerate(places)
        for year in range(1990, 2010)
        for name, size in sizes.items()
    ]
    for at in range(4):
        page = Page(erp.recommend(rows, name="long", store=":memory:"))
        page.ask("without", page.widget.order[at])
        assert len(set(page.widget.order)) == len(page.widget.order)
