"""What is drawn and what is declared: valid in both versions of Vega-Lite, without a warning."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import (
    VERSIONS,
    chart_of,
    compile_warnings,
    names_in,
    schema_problems,
)

from erp_widget.chart import Chart

N = 240
LONG = "Europe, the Middle East and Africa"
#: One chart of each family that the grammar knows.
CHARTS = (
    ("bar", "x=category city", "y=count"),
    ("bar", "x=category city", "y=mean price", "row=category kind"),
    ("bar", "x=category city", "y=mean price", "color=category kind"),
    ("bar", "x=category city", "y=sum units", "color=category size"),
    ("bar", "x=category city", "y=mean change", "column=category kind"),
    ("bar", "x=category year", "y=sum units", "color=category kind"),
    ("bar", "x=category region", "y=distinct note"),
    ("bar", "x=bin price", "y=count"),
    ("bar", "x=bin price", "y=count", "color=category size"),
    ("bar", "x=bin units", "y=mean price"),
    ("bar", "x=yearmonth when", "y=sum units"),
    ("bar", "x=year when", "y=count"),
    ("bar", "x=value year", "y=sum units"),
    ("bar", "x=category flag", "y=mean flagged"),
    ("line", "x=value when", "y=mean price"),
    ("line", "x=yearmonthdate when", "y=mean price", "color=category city"),
    ("line", "x=month when", "y=median price", "column=category kind"),
    ("line", "x=value year", "y=mean price", "color=category region"),
    ("area", "x=yearmonth when", "y=sum units", "color=category kind"),
    ("area", "x=value year", "y=count"),
    ("point", "x=value price", "y=value change"),
    ("point", "x=value price", "y=value change", "color=category size"),
    ("point", "x=value price", "y=value change", "color=value units"),
    ("point", "x=value price", "y=value change", "size=value units", "shape=category kind"),
    ("point", "x=value price", "y=value units", "row=category kind", "column=category flag"),
    ("point", "x=value skewed", "y=value units"),
    ("point", "x=category city", "y=mean price", "color=category kind"),
    ("point", "x=year when", "y=category city", "size=count"),
    ("point", "x=category city", "y=value price"),
    ("point", "x=value when", "color=category kind"),
    ("point", "x=value price", "row=category city"),
    ("point", "x=value when", "y=category city", "size=value units"),
    ("point", "x=bin price", "y=category city", "size=mean units"),
    ("bar", "x=category city", "y=value units", "color=value price"),
    ("area", "x=value units", "y=value price"),
    ("tick", "x=category city", "y=value price", "color=category kind"),
    ("boxplot", "x=category city", "y=value price", "color=category kind"),
    ("rect", "x=category city", "y=category size", "color=count"),
    ("rect", "x=bin price", "y=bin change", "color=count"),
    ("rect", "x=hours when", "y=day when", "color=mean change"),
    ("rect", "x=category city", "y=category kind", "color=mean change"),
    ("rect", "x=yearmonth when", "y=category city", "color=sum units", "column=category kind"),
    ("tick", "x=value price"),
    ("tick", "x=category region", "y=value price"),
    ("arc", "theta=count", "color=category size"),
    ("arc", "theta=sum units", "color=category city"),
    ("boxplot", "x=value price"),
    ("boxplot", "x=category city", "y=value price"),
    ("boxplot", "x=category region", "y=value change", "column=category kind"),
)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    hours = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 600 * 24, N), "h")
    frame = pd.DataFrame(
        {
            "city": rng.choice(["Rome", "Oslo", "Lima"], N),
            "region": rng.choice([LONG, "Asia", "North America"], N),
            "kind": rng.choice(["tea", "cake"], N),
            "size": rng.choice(["small", "medium", "large"], N),
            "when": hours,
            "year": rng.integers(2015, 2024, N),
            "price": rng.lognormal(2, 0.6, N).round(2),
            "skewed": rng.lognormal(4, 3, N),
            "change": rng.normal(0, 3e6, N).round(),
            "units": rng.integers(1, 30, N),
            "flag": rng.random(N) < 0.4,
            "flagged": rng.integers(0, 2, N),
            "note": [f"note {i % 40}" for i in range(N)],
        }
    )
    frame.loc[rng.random(N) < 0.05, ["price", "city"]] = None
    return frame


def chart_id(chart: tuple[str, ...]) -> str:
    return " ".join(chart)


@pytest.mark.parametrize("chart", CHARTS, ids=chart_id)
def test_specs_are_valid_and_compile_without_a_warning(
    table: pd.DataFrame, chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    made = chart_of(table, *chart)
    for spec in (made.drawn, made.declared | {"data": {"values": []}}):
        assert schema_problems(spec) == []
        json.dumps(spec, allow_nan=False)
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
    # Only the whole chart's own columns are spoken of, and the drawn one speaks of channels.
    assert names_in(made.declared) == set(made.fields)
    declared = made.declared | {"data": {"values": json.loads(table.to_json(orient="records"))}}
    assert compile_warnings(declared, capfd, VERSIONS[0]) == ""


def test_the_judge_sees_what_is_wrong(
    table: pd.DataFrame, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = chart_of(table, "bar", "x=category city", "y=count").drawn
    wrong: dict[str, Any] = {**spec, "encoding": {**spec["encoding"], "hue": {"field": "x"}}}
    assert schema_problems(wrong)
    for version in VERSIONS:
        assert "hue" in compile_warnings(wrong, capfd, version)


def texts_in(svg: str) -> set[str]:
    return set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def drawn_texts(made: Chart) -> set[str]:
    return texts_in(vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0]))


def test_labels_are_whole(table: pd.DataFrame) -> None:
    shown = drawn_texts(chart_of(table, "bar", "x=category region", "y=count"))
    assert LONG in shown
    upper = table.assign(city=table["city"].map({"Rome": "GOOGLE", "Oslo": "WWW", "Lima": "MMM"}))
    shown = drawn_texts(chart_of(upper, "bar", "x=count", "y=category city"))
    assert {"GOOGLE", "WWW", "MMM", "(missing)"} <= shown


def test_years_take_no_comma_and_none_is_written_twice(table: pd.DataFrame) -> None:
    two = table[table["year"] < 2017]
    svg = vl_convert.vegalite_to_svg(
        chart_of(two, "point", "x=value year", "y=value price").drawn, vl_version=VERSIONS[0]
    )
    assert re.findall(r">(20\d\d|2,0\d\d)<", svg) == ["2015", "2016"]


def test_large_numbers_are_short(table: pd.DataFrame) -> None:
    shown = drawn_texts(chart_of(table, "point", "x=value change", "y=value price"))
    assert {"0", "5M"} <= shown
    assert not any("000" in text for text in shown)


def test_amounts_begin_at_zero_and_levels_do_not(table: pd.DataFrame) -> None:
    count = chart_of(table, "line", "x=yearmonth when", "y=count").drawn
    mean = chart_of(table, "line", "x=yearmonth when", "y=mean price").drawn
    assert count["encoding"]["y"]["scale"]["zero"] is True
    assert mean["encoding"]["y"]["scale"]["zero"] is False


def test_only_what_adds_up_is_piled(table: pd.DataFrame) -> None:
    total = chart_of(table, "bar", "x=category city", "y=sum units", "color=category kind").drawn
    mean = chart_of(table, "bar", "x=category city", "y=mean price", "color=category kind").drawn
    assert total["encoding"]["y"]["stack"] == "zero"
    assert "xOffset" not in total["encoding"]
    assert mean["encoding"]["y"]["stack"] is None
    assert mean["encoding"]["xOffset"]["field"] == "color"


def test_groups_stand_in_their_own_order(table: pd.DataFrame) -> None:
    sizes = chart_of(table, "bar", "x=category size", "y=count").drawn
    assert sizes["encoding"]["x"]["sort"] == ["small", "medium", "large"]
    cities = chart_of(table, "bar", "x=category city", "y=sum units").drawn
    counts = {r["x"]: r["y"] for r in cities["data"]["values"]}
    largest_first = [c for c in sorted(counts, key=lambda c: -counts[c]) if c != "(missing)"]
    assert cities["encoding"]["x"]["sort"] == [*largest_first, "(missing)"]


def test_the_outermost_values_of_boxes_are_dots() -> None:
    frame = pd.DataFrame({"n": [1.0] * 30 + [50.0]})
    made = chart_of(frame, "boxplot", "x=value n")
    svg = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    assert 'aria-label="n: 50' in svg
    assert made.note == "1 value lies beyond the whiskers (1.5 boxes); dots show the outermost"


HOSTILE = [
    "a.b",
    "a[0]",
    "it's",
    'say "hi"',
    "back\\slash",
    "two\nlines",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "]]]",
    "datum",
    "count()",
    "__proto__",
    "city:N",
    "größe 🎨",
    "عربي",
    "{{x}}",
    "x" * 300,
    "\x01",
    "%",
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_names_are_text_whatever_they_hold(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    labels = [name, "plain", name + "!"] if name != "\x01" else ["a", "b", "c"]
    frame = pd.DataFrame({name: labels * 20, "n": range(60), name + " 2": np.arange(60) / 7})
    for chart in (
        ("bar", f"x=category {name}", "y=mean n"),
        ("point", "x=value n", f"y=value {name} 2", f"color=category {name}"),
        ("tick", f"x=value {name} 2"),
    ):
        made = chart_of(frame, *chart)
        for version in VERSIONS:
            assert compile_warnings(made.drawn, capfd, version) == ""
        declared = made.declared | {"data": {"values": json.loads(frame.to_json(orient="records"))}}
        assert schema_problems(declared) == []
        svg = vl_convert.vegalite_to_svg(declared, vl_version=VERSIONS[0])
        assert "undefined" not in svg
        drawn = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
        assert "<script" not in drawn
        assert "undefined" not in drawn


def test_labels_that_no_picture_may_hold_are_drawn_as_signs() -> None:
    # A control character in a label would end the process that draws the picture.
    frame = pd.DataFrame({"label": ["a\x00b", "\x1b[31m", "\ufffe"] * 20, "n": range(60)})
    svg = vl_convert.vegalite_to_svg(
        chart_of(frame, "bar", "x=category label", "y=sum n").drawn, vl_version=VERSIONS[0]
    )
    assert {"a␀b", "␛[31m", "\ufffd"} <= texts_in(svg)


def test_code_draws_the_same_from_the_frame(table: pd.DataFrame) -> None:
    for chart in CHARTS:
        made = chart_of(table, *chart)
        scope: dict[str, Any] = {"df": table}
        exec(made.code(), scope)
        written = scope["chart"].to_dict()
        wanted = made.declared["encoding"]
        beside = wanted.get("xOffset") or wanted.get("yOffset")
        assert written["encoding"] == wanted | ({"color": beside} if beside else {}), chart
        assert written["mark"]["type"] == made.mark
