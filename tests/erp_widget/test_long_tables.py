"""Charts of one measure of a long table: rows that pandas would select, titles that name it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.question import Question
from erp_widget.sources import open_table
from tests.erp_widget.made_charts import design_of
from vizmodel.design import Held

KIND = "indicator"
#: Name of a measure -> what it is about.
SIZES = {"GDP per capita (US$)": 9e3, "Population": 2e7, "Unemployment rate (%)": 6.0}
PLACES = ["Chile", "Ghana", "Nepal", "Spain", "Tonga"]


def long(n_years: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        product(PLACES, range(2020 - n_years, 2020), SIZES), columns=["country", "year", KIND]
    )
    sizes = frame[KIND].map(SIZES) * (1 + frame["country"].map(PLACES.index) / 4)
    return frame.assign(value=(sizes * rng.uniform(0.8, 1.2, len(frame))).round(2))


def measure(chart: Chart) -> str | None:
    held = next((one for one in chart.design.style.where if one.column == KIND), None)
    return None if held is None else str(held.level)


@pytest.fixture(scope="module")
def gallery() -> erp.Gallery:
    return erp.recommend(long(), name="world", store=":memory:")


def test_titles_axes_and_reasons_name_the_measure(gallery: erp.Gallery) -> None:
    assert [measure(chart) for chart in gallery[:3]] == list(SIZES)
    for chart in gallery:
        name = measure(chart)
        if name is not None and "value" in chart.fields:
            assert name in chart.title and "value" not in chart.title
            assert "value" not in chart.reason and name in chart.description
            drawn = {k: v for k, v in chart.drawn.items() if k not in ("title", "data")}
            assert name.split()[0] in str(drawn)  # axes break long names
    assert f"Charted 3 measures in {KIND}, each by itself." in gallery.notes


@pytest.mark.parametrize("mark", ["boxplot", "point"])
def test_measures_in_panels_are_told_and_drawn_each_by_itself(mark: str) -> None:
    frame, first = long(), next(iter(SIZES))
    question = Question(open_table(frame), store=":memory:")
    shown = "x=category country", "y=value value", f"column=category {KIND}"
    chart = question.chart(design_of(question.table, mark, *shown)[0])
    medians = frame[frame[KIND] == first].groupby("country")["value"].median()
    assert chart.reason.startswith(f"Median {first} is highest for {medians.idxmax()} (")
    assert f"lowest for {medians.idxmin()} (" in chart.reason
    assert all(f"{name}: " in chart.description for name in SIZES)
    # Dollars are measured on no scale of percent, nor are they in the code.
    assert chart.drawn["resolve"]["scale"] == {"y": "independent"}
    assert chart.code().endswith(").resolve_scale(y='independent')\nchart")


def test_rows_are_those_of_the_measure(gallery: erp.Gallery) -> None:
    line = next(c for c in gallery if c.mark == "line" and measure(c) == "Population")
    rows = long().query(f"{KIND} == 'Population'")
    drawn = sorted(record["y"] for record in line.drawn["data"]["values"])
    assert drawn == pytest.approx(sorted(rows["value"]), rel=1e-6)
    scope = {"df": long()}
    exec(line.code(), scope)
    assert scope["chart"].to_dict()["transform"] == line.declared["transform"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("n_years", [12, 800], ids=["as it is", "sampled"])
def test_bins_are_those_of_the_measure(n_years: int) -> None:
    frame = long(n_years)
    charts = erp.recommend(frame, k=40, mark="bar", columns="value", store=":memory:")
    found = [c for c in charts if measure(c) and any(e.bin for e in c.design.encodings)]
    assert {measure(chart) for chart in found} == set(SIZES)
    for chart in found:
        numbers = frame.loc[frame[KIND] == measure(chart), "value"]
        if not chart.approximate and chart.fields == ("value",):
            ends = [(r["x"], r["x2"]) for r in chart.drawn["data"]["values"]]
            assert min(low for low, _ in ends) <= numbers.min()
            assert max(high for _, high in ends) >= numbers.max()
            assert len(ends) > 3
            assert sum(r["y"] for r in chart.drawn["data"]["values"]) == len(numbers)


def test_what_follows_a_chart_keeps_to_its_measure(gallery: erp.Gallery) -> None:
    chart = next(one for one in gallery if measure(one) == "Population")
    alike = gallery.more_like(chart, 4)
    assert len(alike) and {measure(one) for one in alike} == {"Population"}
    for one in alike:
        assert "Population" in one.title or "value" not in one.fields
    seen = {(measure(c), c.design.identity()) for c in gallery}
    assert not seen & {(measure(c), c.design.identity()) for c in gallery.next(5)}
    other = gallery.showing(chart, {KIND: "Unemployment rate (%)"})
    assert Held(KIND, "Unemployment rate (%)") in other.design.style.where
    assert "Unemployment rate (%)" in other.title


def test_many_tables_at_once() -> None:
    found = erp.recommend_many({"world": long(), "small": {"a": [1, 2, 3] * 9}}, k=6)
    assert [measure(chart) for chart in found["world"]][:3] == list(SIZES)
