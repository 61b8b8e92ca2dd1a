"""What is drawn and what is declared: valid in both versions of Vega-Lite, without a warning."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from import_graph import ROOT
from made_charts import (
    CHARTS,
    LONG,
    VERSIONS,
    chart_id,
    chart_of,
    compile_warnings,
    names_in,
    sales_table,
    schema_problems,
)

from erp_widget.chart import Chart
from erp_widget.context.looks import MIN_SHARED, telling
from erp_widget.drawing.times import CLOCK_FORMATS


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sales_table()


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


def test_two_years_of_months_have_labels_all_along_a_narrow_axis() -> None:
    months = pd.date_range("2023-01-01", periods=24, freq="MS")
    rows = pd.DataFrame({"when": months, "sales": range(1, 25)})
    chart = chart_of(rows, "bar", "x=yearmonth when", "y=sum sales").drawn | {"width": 270}
    svg = vl_convert.vegalite_to_svg(chart, vl_version=VERSIONS[0])
    assert {"Jan 2023", "Jul 2023", "Jan 2024", "Jul 2024"} <= set(re.findall(r">(\w+ \d+)<", svg))


@pytest.mark.parametrize(("lowest", "room"), [(80, True), (87, False)])
def test_dots_of_a_box_plot_keep_off_the_labels_of_its_groups(lowest: int, room: bool) -> None:
    rows = pd.DataFrame({"kind": ["a", "b"] * 60, "pressure": [120 + n % 30 for n in range(120)]})
    rows.loc[0, "pressure"], rows.loc[1, "pressure"] = lowest, 174
    drawn = chart_of(rows, "boxplot", "x=category kind", "y=value pressure").drawn
    scale = drawn["encoding"]["y"]["scale"]
    assert scale == {"zero": False} | ({"nice": False, "padding": 6} if room else {"nice": 5})


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


def test_the_axis_of_piles_reaches_to_their_top() -> None:
    rows = pd.DataFrame({"city": list("aaaabbcc"), "kind": list("uvwxuvuv")})
    chart = chart_of(rows, "bar", "x=category city", "y=count", "color=category kind").drawn
    assert chart["encoding"]["y"]["axis"]["values"] == [0, 1, 2, 3, 4]
    panels = chart_of(
        rows, "bar", "x=category city", "y=count", "color=category kind", "column=category kind"
    )
    assert panels.drawn["spec"]["encoding"]["y"]["axis"]["values"] == [0, 1]


def test_years_between_which_none_is_keep_no_place() -> None:
    years = [1952, 1957, 1967, 1972] * 6
    rows = pd.DataFrame({"year": years, "kind": list("uv") * 12, "pay": np.arange(24.0) % 7})
    chart = chart_of(rows, "boxplot", "x=category year", "y=value pay").drawn
    assert chart["encoding"]["x"]["sort"] == [1952, 1957, 1962, 1967, 1972]


def test_short_words_of_a_scale_are_in_its_order() -> None:
    rows = pd.DataFrame({"tension": list("HLM") * 8, "breaks": np.arange(24.0) * 5 % 9})
    for mark, y in (("boxplot", "value"), ("point", "value"), ("bar", "mean")):
        chart = chart_of(rows, mark, "x=category tension", f"y={y} breaks").drawn
        assert chart["encoding"]["x"]["sort"] == ["L", "M", "H"]


def test_groups_stand_in_their_own_order(table: pd.DataFrame) -> None:
    sizes = chart_of(table, "bar", "x=category size", "y=count").drawn
    assert sizes["encoding"]["x"]["sort"] == ["small", "medium", "large"]
    cities = chart_of(table, "bar", "x=category city", "y=sum units").drawn
    counts = {r["x"]: r["y"] for r in cities["data"]["values"]}
    largest_first = [c for c in sorted(counts, key=lambda c: -counts[c]) if c != "(missing)"]
    assert cities["encoding"]["x"]["sort"] == [*largest_first, "(missing)"]


@pytest.mark.parametrize(
    ("far", "note"),
    [
        ([11.0], "1 value beyond the whiskers: the dot"),
        ([11.0, 0.0], "2 values beyond the whiskers: the dots"),
        (
            [10.0, 11.0],
            "2 values beyond the whiskers: dotted lines",
        ),
    ],
)
def test_the_outermost_values_of_boxes_are_dots(far: list[float], note: str) -> None:
    usual = np.repeat([1.5, 4, 5, 6, 8.5], [3, 9, 9, 9, 3])
    made = chart_of({"n": [*usual, *far]}, "boxplot", "x=value n")
    svg = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    assert 'aria-label="n: 11' in svg
    assert made.note == note
    # One dot does not pass for one value.
    assert ("stroke-dasharray" in svg) == ("dotted" in note)


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


def test_a_line_of_a_single_point_is_seen() -> None:
    names = [f"name {i % 9}" for i in range(18)]
    data = {"at": list(range(2000, 2018)), "size": [float(i) for i in range(18)], "name": names}
    lines = ("line", "x=value at", "y=value size", "color=category name")
    assert chart_of(data, *lines).to_vegalite()["mark"]["point"] is False
    alone = data | {"name": [*names[:9], "once", *names[9:17]]}
    assert chart_of(alone, *lines).to_vegalite()["mark"]["point"]


def test_ticks_below_one_are_not_written_as_zeros() -> None:
    shares = np.random.default_rng(6).lognormal(-2, 2.2, 400)
    shares[:3] = 0
    frame = pd.DataFrame({"weight": np.arange(400) % 37, "share": shares})
    made = chart_of(frame, "point", "x=value weight", "y=value share")
    assert made.drawn["encoding"]["y"]["scale"]["type"] == "symlog"
    assert {"0", "0.1", "10"} <= drawn_texts(made)


def test_colours_around_zero_are_seen_at_zero_and_end_where_the_values_do() -> None:
    frame = pd.DataFrame({"a": range(40), "b": [i * 7 % 40 for i in range(40)]})
    frame["change"] = np.linspace(-10, 30, 40)
    color = chart_of(frame, "point", "x=value a", "y=value b", "color=value change").drawn
    scale = color["encoding"]["color"]["scale"]
    assert scale["domain"] == [-10, 0, 30] and scale["range"][1] not in ("white", "#FFFFFF")
    frame["change"] += 9.5
    almost = chart_of(frame, "point", "x=value a", "y=value b", "color=value change").drawn
    assert almost["encoding"]["color"]["scale"]["scheme"]["name"] == "viridis"


def test_shapes_have_colours_of_their_own(capfd: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"a": range(40), "b": [i * 7 % 40 for i in range(40)]})
    frame["kind"] = ["drug", "none"] * 20
    made = chart_of(frame, "point", "x=value a", "y=value b", "shape=category kind")
    assert compile_warnings(made.drawn, capfd, VERSIONS[1]) == ""
    svg = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[1])
    assert 'fill="#0072B2"' in svg and 'fill="#E69F00"' in svg
    assert svg.count(">drug<") == 1  # one legend for both


def test_areas_that_come_and_go_are_steps_and_one_step_is_seen() -> None:
    frame = pd.DataFrame({"year": range(2000, 2012), "v": [1.0 + i % 5 for i in range(12)]})
    frame["era"] = ["a", "b", "c"] * 4
    whole = ("area", "x=value year", "y=sum v")
    assert "interpolate" not in chart_of(frame, *whole).drawn["mark"]
    frame["era"] = [f"era {i // 4}" for i in range(12)]
    assert chart_of(frame, *whole, "color=category era").drawn["mark"]["interpolate"] == "step"
    frame["era"] = ["long"] * 11 + ["once"]
    assert chart_of(frame, *whole, "row=category era").drawn["spec"]["mark"]["point"]


def panels(n: int, tops: list[float]) -> pd.DataFrame:
    rows = [
        (2000 + y, f"panel {i}", tops[i % len(tops)] * (1 + y)) for i in range(n) for y in range(5)
    ]
    return pd.DataFrame(rows, columns=["year", "part", "v"])


def test_panels_are_no_wider_than_a_page_and_leave_no_axis_below_a_hole() -> None:
    lines = ("line", "x=value year", "y=mean v", "row=category part")
    four = chart_of(panels(4, [1.0]), "line", "x=value year", "y=mean v", "column=category part")
    assert four.drawn["columns"] == 2 and "resolve" not in four.drawn
    seven = chart_of(panels(7, [1.0]), *lines).drawn
    assert seven["resolve"]["axis"] == {"x": "independent"}
    frame = pd.DataFrame([(1950 + y, f"panel {i}", y) for y in range(60) for i in range(3)])
    frame.columns = pd.Index(["year", "part", "v"])
    bars = chart_of(frame, "bar", "x=category year", "y=sum v", "column=category part")
    svg = vl_convert.vegalite_to_svg(bars.drawn, vl_version=VERSIONS[0])
    assert int(float(re.findall(r'<svg[^>]* width="([\d.]+)"', svg)[0])) < 800


def test_panels_of_other_sizes_have_scales_of_their_own() -> None:
    lines = ("line", "x=value year", "y=mean v", "row=category part")
    assert "resolve" not in chart_of(panels(3, [1.0, 2.0]), *lines).drawn
    own = chart_of(panels(3, [1.0, 2.0, 900.0]), *lines).drawn
    assert own["resolve"] == {"scale": {"y": "independent"}}
    assert own["facet"]["header"]["title"] == "part (each panel has a scale of its own)"


def test_long_labels_are_told_by_what_differs() -> None:
    start = "Proportion of the population that is "
    frame = panels(3, [1.0]).assign(part=lambda f: start + f["part"])
    shown = chart_of(frame, "line", "x=value year", "y=mean v", "row=category part")
    texts = drawn_texts(shown)
    assert {"…1", "…2", f"part: {start}panel …"} <= texts
    pairs = [
        f"{name}, {grade}"
        for name in ("Heart failure and shock", "Septicemia, of any cause")
        for grade in ("with complications that are major", "with complications that are not")
    ]
    frame = pd.DataFrame({"ill": pairs * 5, "n": range(20)})
    ends = drawn_texts(chart_of(frame, "bar", "x=category ill", "y=sum n"))
    assert sum("…" in text for text in ends) == len(pairs)
    short = chart_of(panels(3, [1.0]), "line", "x=value year", "y=mean v", "row=category part")
    assert "panel 1" in drawn_texts(short)


def test_shares_of_a_yes_begin_at_none() -> None:
    frame = pd.DataFrame({"age": [i // 4 for i in range(80)], "yes": [1, 1, 1, 0] * 20})
    frame["score"] = [50.0 + i % 7 for i in range(80)]
    shares = chart_of(frame, "line", "x=value age", "y=mean yes").drawn
    assert shares["encoding"]["y"]["scale"]["zero"] is True
    means = chart_of(frame, "line", "x=value age", "y=mean score").drawn
    assert means["encoding"]["y"]["scale"]["zero"] is False


def test_one_giant_does_not_squeeze_all_others() -> None:
    frame = pd.DataFrame({"a": [float(i % 40) for i in range(200)], "b": range(200)})
    points = ("point", "x=value a", "y=value b")
    usual = chart_of(frame, *points)
    assert usual.note is None and "domain" not in usual.drawn["encoding"]["x"]["scale"]
    frame.loc[7, "a"] = 9_000.0
    made = chart_of(frame, *points)
    assert made.note == "1 row beyond the axis, at its edge"
    scale = made.drawn["encoding"]["x"]["scale"]
    assert scale["clamp"] is True and scale["domain"][1] < 60
    assert made.drawn["data"]["values"][7]["x"] == 9_000  # what is told of it is true
    box = chart_of(frame, "boxplot", "x=value a")
    assert box.drawn["encoding"]["x"]["scale"]["domain"][1] < 70
    assert box.note == "1 value beyond the whiskers: the arrow"
    shapes = made.drawn["encoding"]["shape"]["condition"]
    assert [one["value"] for one in shapes] == ["triangle-left", "triangle-right"]
    svg = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    assert len(set(re.findall(r'd="(M[^"]+)"[^>]*opacity="1"/>', svg))) >= 1
    for few, giant in ((frame[:100], 9_000.0), (frame, 80.0)):
        # Among few rows a giant is the news, and one of twice the length squeezes nothing.
        seen = chart_of(few.assign(a=few["a"].replace(9_000.0, giant)), *points)
        assert seen.note is None and "clamp" not in seen.drawn["encoding"]["x"]["scale"]


@pytest.mark.parametrize("widest", [(1e-200, 1e200), (1.0, 1e305)])
def test_log_axes_of_the_widest_spans_have_ends(widest: tuple[float, float]) -> None:
    numbers = np.geomspace(*widest, 400)
    frame = pd.DataFrame({"a": np.arange(400.0), "b": numbers})
    made = chart_of(frame, "point", "x=value a", "y=value b")
    json.dumps(made.drawn, allow_nan=False)


def test_a_log_axis_has_a_place_for_zeros_beside_the_smallest_numbers() -> None:
    numbers = np.concatenate([np.zeros(20), np.geomspace(1e-320, 1e3, 400)])
    frame = pd.DataFrame({"a": np.arange(420.0), "b": numbers})
    made = chart_of(frame, "point", "x=value a", "y=value b")
    assert made.drawn["encoding"]["y"]["scale"]["type"] == "symlog"
    json.dumps(made.drawn, allow_nan=False)


def test_log_axes_say_so_and_end_with_the_data() -> None:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"a": rng.normal(0, 1, 400), "b": rng.lognormal(3, 1.6, 400)})
    y = chart_of(frame, "point", "x=value a", "y=value b").drawn["encoding"]["y"]
    low, high = y["scale"]["domain"]
    assert y["title"] == "b (log scale)" and high < 2 * frame["b"].max()
    assert all(low <= tick <= high for tick in y["axis"]["values"])


def test_bubbles_of_like_size_are_told_apart() -> None:
    frame = pd.DataFrame({"a": range(30), "b": [i * 7 % 30 for i in range(30)]})
    frame["years"], frame["count"] = np.linspace(60, 80, 30), range(30)
    bubbles = ("point", "x=value a", "y=value b")
    alike = chart_of(frame, *bubbles, "size=value years").drawn["encoding"]["size"]["scale"]
    assert alike["zero"] is False
    assert chart_of(frame, *bubbles, "size=value count").drawn["encoding"]["size"]["scale"]["zero"]


def test_lines_along_numbers_keep_their_distances_and_count_nothing_as_zero() -> None:
    ages = [20] * 4 + [21] * 3 + [22, 22, 25, 25, 25, 26, 27, 30]
    frame = pd.DataFrame({"age": ages * 2, "kind": ["a"] * 29 + ["b"]})
    made = chart_of(frame, "line", "x=category age", "y=count", "color=category kind").drawn
    assert made["encoding"]["x"]["type"] == "quantitative"
    counted = {(r["x"], r["color"]): r["y"] for r in made["data"]["values"]}
    assert counted[23, "a"] == counted[20, "b"] == 0 and counted[30, "b"] == 1
    assert sum(counted.values()) == len(frame)
    waves = pd.DataFrame({"year": [1980, 1985, 1990, 1995, 2000] * 6})
    few = chart_of(waves, "line", "x=value year", "y=count").drawn["data"]["values"]
    assert len(few) == 5  # nobody was asked in between


def test_codes_and_steps_keep_their_order() -> None:
    frame = pd.DataFrame({"code": [2] * 9 + [0] * 5 + [1] * 3})
    frame["after"] = [f"{2 + i % 4 * 4}m" for i in range(17)]
    frame["v"] = [float(i % 4) for i in range(17)]
    codes = chart_of(frame, "bar", "x=category code", "y=count").drawn
    assert codes["encoding"]["x"]["sort"] == [0, 1, 2]
    steps = chart_of(frame, "bar", "x=category after", "y=mean v").drawn
    assert steps["encoding"]["x"]["sort"] == ["2m", "6m", "10m", "14m"]


def test_panels_that_are_all_but_empty_are_left_out_and_told() -> None:
    frame = pd.DataFrame({"a": range(60), "b": [i * 7 % 60 for i in range(60)]})
    frame["sex"] = ["men", "women", None] + ["men", "women"] * 28 + ["men"]
    made = chart_of(frame, "point", "x=value a", "y=value b", "row=category sex")
    assert made.drawn["facet"]["sort"] == ["men", "women"]
    assert made.note == "no panel for (missing) of sex, which has few values"


def test_groups_with_numbers_are_in_their_order() -> None:
    groups = [f"group {n}" for n in (10, 2, 1, 11)]
    frame = pd.DataFrame({"g": groups * 5, "a": range(20), "b": [i * 7 % 20 for i in range(20)]})
    made = chart_of(frame, "point", "x=value a", "y=value b", "color=category g").drawn
    wanted = ["group 1", "group 2", "group 10", "group 11"]
    assert made["encoding"]["color"]["scale"]["domain"] == wanted


def test_years_with_parts_and_tiny_numbers_are_written_as_people_do() -> None:
    frame = pd.DataFrame(
        {"decimal year": np.linspace(1958, 2019.6, 200), "p": np.linspace(0, 8e-5, 200)}
    )
    texts = drawn_texts(chart_of(frame, "line", "x=value decimal year", "y=value p"))
    assert {"1980", "0", "2e-5"} <= texts


def test_bars_that_hide_one_another_are_translucent() -> None:
    days = pd.date_range("2020-01-01", periods=90)
    frame = pd.DataFrame({"day": list(days) * 2, "firm": ["a"] * 90 + ["b"] * 90})
    frame["rate"] = [0.01 * (i % 17) - 0.02 for i in range(180)]
    over = chart_of(frame, "bar", "x=value day", "y=value rate", "color=category firm").drawn
    assert over["mark"]["opacity"] < 0.7
    alone = chart_of(frame[:90], "bar", "x=value day", "y=value rate").drawn
    assert "opacity" not in alone["mark"]


@pytest.mark.parametrize("space", [" ", "_"])
def test_the_browser_reads_how_much_a_label_shows(space: str) -> None:
    # Where labels begin alike, that is left out as far as whole words go, else their middle.
    start = "the share of all people of a country and its islands who are".replace(" ", space)
    said = telling("y", [f"{start}{space}old", f"{start}{space}young"])["labelExpr"]
    source = (ROOT / "js" / "runtime" / "labels.ts").read_text()
    bound = re.search(r"Number\(/(.+?)/\.exec", source)
    middle = re.search(r"!text\.includes\(\"(.+?)\"\)", source)
    assert bound is not None and middle is not None
    read = re.search(bound[1], said)
    assert read is not None and int(read[1]) > MIN_SHARED
    assert (middle[1] in said) is (space == "_")


@pytest.mark.parametrize(
    ("hours", "said"), [(24 * 3, CLOCK_FORMATS), (24 * 10, "%-d %b"), (24 * 80, "%-d %b")]
)
def test_days_on_an_axis_are_days_of_a_month(hours: int, said: object) -> None:
    times = pd.date_range("2024-03-30", periods=hours, freq="h")
    frame = pd.DataFrame({"at": times, "temp": np.arange(hours) % 24 * 1.5})
    spec = chart_of(frame, "line", "x=value at", "y=value temp").to_vegalite()
    assert spec["encoding"]["x"]["axis"].get("format") == said


def test_clocks_are_clocks_on_axes_and_hours_at_the_pointer() -> None:
    times = [100 * hour + minute for hour in range(5, 24) for minute in (5, 20, 35, 50)]
    frame = pd.DataFrame({"dep_time": times, "late": [n % 17 for n in range(len(times))]})
    made = chart_of(frame, "point", "x=value dep_time", "y=value late")
    assert made.drawn["encoding"]["x"]["axis"]["values"] == [6, 9, 12, 15, 18, 21]
    shown = vl_convert.vegalite_to_svg(made.to_vegalite())
    assert ">6:00<" in shown and ">21:00<" in shown
    pointed = made.drawn["encoding"]["tooltip"][0]
    assert (pointed["title"], pointed["format"]) == ("dep_time, in hours", ".2f")


def test_a_legend_names_lines_in_the_order_in_which_they_end() -> None:
    ends = {"apple": (9, 1, 2), "fig": (1, 5, 9), "kiwi": (5, 4, 5), "plum": (20, 20, None)}
    frame = pd.DataFrame(
        [
            (name, pd.Timestamp(2020 + at, 1, 1), value)
            for name, values in ends.items()
            for at, value in enumerate(values)
            if value is not None
        ],
        columns=["fruit", "day", "price"],
    )
    lines = ("line", "x=value day", "y=value price", "color=category fruit")
    color = chart_of(frame, *lines).drawn["encoding"]["color"]["scale"]
    # A line that ends early is last; each has the colour of its name whatever its place.
    assert color["domain"] == ["fig", "kiwi", "apple", "plum"]
    by_name = dict(zip(color["domain"], color["range"], strict=True))
    two = chart_of(frame[frame["fruit"].isin(["apple", "fig"])], *lines).drawn
    assert two["encoding"]["color"]["scale"]["domain"] == ["apple", "fig"]
    assert [by_name[name] for name in sorted(by_name)][:2] == two["encoding"]["color"]["scale"][
        "range"
    ]
