"""Charts of a slice: the rows that pandas would select, drawn, written and said the same."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS, chart_of, compile_warnings, rows_of, schema_problems

import erp_widget as erp
from erp_widget.chart import Chart

LINE = ("line", "x=value year", "y=value value", "color=category region")
BARS = ("bar", "x=category region", "y=value value")


def long() -> pd.DataFrame:
    parts = product(range(2015, 2021), ["North", "South", "Total"], ['it\'s "all"', None, "men"])
    frame = pd.DataFrame(parts, columns=["year", "region", "sex"])
    return frame.assign(value=[float(i * 7 % 31 + 1) for i in range(len(frame))])


def test_rows_are_those_that_pandas_selects() -> None:
    frame = long()
    found = rows_of(frame, *LINE)
    wanted = frame[frame["sex"].isna()]
    assert {(r["x"], r["color"], r["y"]) for r in found.records} == set(
        wanted[["year", "region", "value"]].itertuples(index=False, name=None)
    )
    assert found.note is None  # the title tells it
    bars = rows_of(frame, *BARS)
    last = wanted[wanted["year"] == 2020]
    assert {r["x"]: r["y"] for r in bars.records} == dict(zip(last.region, last.value, strict=True))


def test_what_stands_for_all_is_called_so_and_comes_last() -> None:
    frame = long()
    made = chart_of(frame, "bar", "x=category sex", "y=value value")
    last = frame[(frame["year"] == 2020) & (frame["region"] == "Total")]
    wanted = dict(zip(last["sex"].fillna("(all)"), last["value"], strict=True))
    assert {r["x"]: r["y"] for r in made.drawn["data"]["values"]} == wanted
    assert made.drawn["encoding"]["x"]["sort"][-1] == "(all)"
    assert Chart.from_record(json.loads(json.dumps(made.to_record()))).design == made.design
    values = json.loads(frame.to_json(orient="records"))
    written = vl_convert.vegalite_to_svg(
        made.declared | {"data": {"values": values}}, vl_version=VERSIONS[0]
    )
    assert ">(all)<" in written and ">null<" not in written
    scope: dict[str, Any] = {"df": frame}
    exec(made.code(), scope)
    assert scope["chart"].to_dict()["transform"] == made.declared["transform"]
    names = frame.assign(sex=frame["sex"].where(frame["year"] > 2015, "men"))
    beside = chart_of(names, "bar", "x=category sex", "y=count")
    assert "(all)" not in {r["x"] for r in beside.drawn["data"]["values"]}


@pytest.mark.parametrize("chart", [LINE, BARS], ids=["line", "bars"])
def test_what_is_written_shows_the_same_rows(
    chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    frame = long()
    made = chart_of(frame, *chart)
    values = json.loads(frame.to_json(orient="records"))
    written = made.declared | {"data": {"values": values}}
    assert schema_problems(made.drawn) == schema_problems(written) == []
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
        assert compile_warnings(written, capfd, version) == ""
    dotted = {**written, "mark": {"type": "point"}}
    svg = vl_convert.vegalite_to_svg(dotted, vl_version=VERSIONS[0])
    assert svg.count('aria-roledescription="point"') == len(rows_of(frame, *chart).records)


def test_reasons_are_of_the_rows_of_the_slice() -> None:
    frame = long()
    alone = chart_of(frame, "line", "x=value year", "y=value value")
    rows = frame[(frame["region"] == "Total") & frame["sex"].isna()].set_index("year")["value"]
    assert alone.reason == f"value rises from {rows[2015]:g} in 2015 to {rows[2020]:g} in 2020."
    last = frame[(frame["year"] == 2020) & frame["sex"].isna()].set_index("region")["value"]
    most, least = last.drop("Total").idxmax(), last.drop("Total").idxmin()
    told = f"value is higher for {most} ({last[most]:g}) than for {least} ({last[least]:g})"
    assert chart_of(frame, *BARS).reason == f"{told}, apart from Total."


@pytest.mark.parametrize(
    ("blank", "said"),
    [
        (["sex"], "for all of sex"),
        (["sex", "age"], "for all of sex and age"),
        (["sex", "age", "region"], "for all of sex, age and region"),
        (["sex", "age", "region", "job"], "for all of sex, age and region"),
    ],
)
def test_titles_say_of_what_the_rows_are_totals(blank: list[str], said: str) -> None:
    parts = product(range(2015, 2021), *[["a", "b", None] for _ in blank])
    frame = pd.DataFrame(parts, columns=["year", *blank])
    frame["value"] = [float(i * 7 % 31 + 1) for i in range(len(frame))]
    made = chart_of(frame, "line", "x=value year", "y=value value")
    assert made.title == f"value by year, {said}"
    assert made.note == ("for all of job" if "job" in blank else None)


def test_titles_code_and_records_keep_the_levels() -> None:
    frame = long().assign(sex=lambda f: f["sex"].fillna("women"))
    made = chart_of(frame, *LINE)
    assert made.title == 'value by year, split by region, where sex is it\'s "all"'
    assert made.note is None
    assert made.description.count('sex is it\'s "all"') == 1
    scope: dict[str, Any] = {"df": frame}
    exec(made.code(), scope)
    assert scope["chart"].to_dict()["transform"] == made.declared["transform"]
    assert Chart.from_record(json.loads(json.dumps(made.to_record()))).design == made.design


def test_rows_that_share_a_place_are_drawn_as_their_mean_and_told() -> None:
    years, towns = range(2001, 2021), ["Rome", "Oslo", "Pisa"]
    rows = [(t, y, float(at * 13 + y * (at + 3) % 11)) for at, t in enumerate(towns) for y in years]
    frame = pd.DataFrame([*rows, ("Oslo", 2004, 9.0)], columns=["town", "year", "rate"])
    gallery = erp.recommend(frame)
    lines = next(c for c in gallery if c.mark == "line" and set(c.fields) == {*frame.columns})
    values = lines.to_vegalite()["data"]["values"]
    before = next(rate for town, year, rate in rows if (town, year) == ("Oslo", 2004))
    assert len(values) == len(rows)
    assert [r["y"] for r in values if (r["color"], r["x"]) == ("Oslo", 2004)] == [(before + 9) / 2]
    assert lines.note == "1 place has several rows: their mean is shown"
    assert lines.to_vegalite("none")["encoding"]["y"]["aggregate"] == "mean"
    alone = erp.recommend(frame.iloc[:-1])
    assert all("their mean" not in (chart.note or "") for chart in alone)
