"""The Chart: plain data and back, pictures, what a notebook shows, one save however often."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_charts import CHARTS, chart_id, chart_of, sales_table

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.chart_record import RECORD_VERSION
from erp_widget.errors import ExportError, InputError
from erp_widget.export.vegalite_output import MIME
from erp_widget.library.history import saved


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sales_table()


@pytest.fixture(scope="module")
def chart(table: pd.DataFrame) -> Chart:
    return chart_of(table, "bar", "x=category city", "y=mean price", "color=category kind")


@pytest.mark.parametrize("made", CHARTS, ids=chart_id)
def test_a_record_is_plain_data_and_gives_the_same_chart(
    table: pd.DataFrame, made: tuple[str, ...]
) -> None:
    chart = chart_of(table, *made)
    record = json.loads(json.dumps(chart.to_record(), allow_nan=False))
    again = Chart.from_record(record)
    assert again.to_record() == chart.to_record()
    assert again.design == chart.design
    assert again.fields == chart.fields
    assert again.id == chart.id


def test_a_record_of_a_newer_version_or_of_something_else_is_refused(chart: Chart) -> None:
    with pytest.raises(InputError, match="upgrade erp-widget"):
        Chart.from_record(chart.to_record() | {"version": RECORD_VERSION + 1})
    for broken in ({}, {"design": {}}, chart.to_record() | {"design": {"mark": "bar"}}):
        with pytest.raises(InputError, match="save the chart again"):
            Chart.from_record(broken)


def test_what_is_given_away_is_a_copy(chart: Chart) -> None:
    chart.to_vegalite()["data"]["values"].clear()
    chart.to_vegalite("none")["encoding"].clear()
    chart.to_record()["drawn"].clear()
    assert chart.to_vegalite()["data"]["values"]
    assert chart.to_vegalite("none")["encoding"]
    with pytest.raises(InputError, match='"inline" or "none"'):
        chart.to_vegalite("all")  # type: ignore[arg-type]


def test_a_notebook_gets_the_chart_a_picture_and_words(chart: Chart) -> None:
    bundle, metadata = chart._repr_mimebundle_()
    assert 100 < metadata["image/png"]["width"] < 700
    assert metadata["image/png"]["alt"] == chart.description
    assert bundle[MIME]["$schema"].endswith("/vega-lite/v5.json")
    assert bundle[MIME]["data"] == chart.to_vegalite()["data"]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == chart.description
    assert "text/html" not in bundle, "nothing that loads from elsewhere"


def test_pictures_and_files(chart: Chart, tmp_path: Path) -> None:
    assert chart.to_png(tmp_path / "a.png") == (tmp_path / "a.png").read_bytes()
    assert chart.to_svg(tmp_path / "a.svg") == (tmp_path / "a.svg").read_text(encoding="utf-8")
    with pytest.raises(ExportError, match="choose another place"):
        chart.to_png(tmp_path / "no" / "such" / "a.png")


def test_it_shows_what_it_is(chart: Chart) -> None:
    assert repr(chart) == "<Chart bar: Mean price by city, split by kind>"
    assert chart.fields == ("city", "price", "kind")
    assert chart.mark == "bar"


@pytest.mark.parametrize(
    ("name", "fix"),
    [("a.png", r"chart.to_png\('a.png'\)"), (Path("b.html"), r"gallery\[:1\].save\('b.html'\)")],
)
def test_a_file_is_no_report(table: pd.DataFrame, name: Any, fix: str) -> None:
    with pytest.raises(InputError, match=fix):
        erp.recommend(table, k=1)[0].save(name)
    assert len(saved()) == 0


def test_saving_twice_keeps_one(table: pd.DataFrame) -> None:
    first, second = erp.recommend(table, k=2)
    assert first.save() == first.save()
    second.save()
    assert [kept.id for kept in saved()] == [second.id, first.id]
    again = saved().open(1)
    assert again.to_record() == first.to_record()
    assert again.save().id == first.id
    assert len(saved()) == 2
    report = erp.report("mine")
    first.save(report="mine")
    assert [c.id for c in erp.report("mine").charts] == [first.id], report
