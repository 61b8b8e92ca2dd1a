"""Axes, gaps, colours and orders say what the data say, and no more."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS, chart_of, schema_problems
from msgspec.structs import replace

import erp_widget as erp
from erp_widget.aggregate import rows as aggregate_rows
from erp_widget.chart import Chart
from erp_widget.context import looks
from erp_widget.sources import open_table


def texts(chart: Chart) -> str:
    """Return what a chart shows, as both renderers draw it."""
    assert not schema_problems(chart.drawn)
    for version in VERSIONS:
        svg = vl_convert.vegalite_to_svg(chart.drawn, vl_version=version)
        assert "undefined" not in svg and "NaN" not in svg
    return str(svg)


def skewed(**more: Any) -> pd.DataFrame:
    """Return two groups, of which one has values far beyond all others on both sides."""
    rng = np.random.default_rng(1)
    usual = rng.normal(0, 10, 400)
    frame = pd.DataFrame({"kind": ["tea", "cake"] * 200, "change": usual, **more})
    frame.loc[[0, 2], "change"] = [4_000.0, 9_000.0]
    frame.loc[4, "change"] = -7_000.0
    return frame


# --- small numbers on log axes


@pytest.mark.parametrize("zeros", [False, True])
def test_log_axes_write_small_numbers_as_decimals(zeros: bool) -> None:
    rng = np.random.default_rng(6)
    frame = pd.DataFrame({"dust": 10 ** rng.uniform(-2, 7, 200), "noise": rng.normal(0, 1, 200)})
    frame.loc[:9, "dust"] = 0.0 if zeros else 0.01
    points = chart_of(frame, "point", "x=value dust", "y=value noise")
    assert points.design.style.log == ("x",)
    names: dict[str, Any] = {"df": frame}
    exec(points.code(), names)
    by_hand = str(vl_convert.vegalite_to_svg(names["chart"].to_dict(), vl_version=VERSIONS[0]))
    for picture in (texts(points), by_hand):
        assert re.search(r">0\.0?1<", picture) and not re.search(r">\d+m<", picture)
        assert picture.count(">0<") <= 2  # that of each axis


# --- what lies beyond the axis of box plots


def test_values_beyond_the_axis_of_boxes_are_told_in_words() -> None:
    made = chart_of(skewed(), "boxplot", "x=category kind", "y=value change")
    flat = chart_of(
        skewed(long=["a drink made of leaves", "something baked"] * 200),
        "boxplot",
        "x=category long",
        "y=value change",
    )
    assert flat.design.style.horizontal
    assert "dotted lines and arrows" in str(made.note)
    shown = texts(made)
    assert ">↑ 9,000<" in shown and ">↓ -7,000<" in shown
    beyond = flat.drawn["data"]["values"][0]["above"]
    assert beyond >= 2 and f">{beyond} up to 9,000 →<" in texts(flat)
    # No dot stands at the edge as if its value were there.
    for chart, axis in ((made, "y"), (flat, "x")):
        low, high = chart.drawn["encoding"][axis]["scale"]["domain"]
        assert low > -100 and high < 100
        filters = [layer.get("transform", [{}])[0].get("filter") for layer in chart.drawn["layer"]]
        assert f"datum.maximum > datum.high && datum.maximum <= {high!r}" in filters


def test_dotted_lines_lead_to_what_is_written_beyond_the_axis() -> None:
    made = chart_of(skewed(), "boxplot", "x=category kind", "y=value change")
    lines = [one for one in made.drawn["layer"] if one["encoding"].get("y2") == {"value": 0}]
    assert [one["mark"]["strokeDash"] for one in lines] == [[1, 3]]
    assert lines[0]["encoding"]["y"] == {"field": "high"}
    assert lines[0]["transform"][0]["filter"].startswith("datum.above > 1 && datum.maximum >")
    # No line strikes through the words.
    words = [one["mark"] for one in made.drawn["layer"] if one["mark"]["type"] == "text"]
    assert [one.get("color") for one in words] == ["white", None, "white", None]


def test_most_boxes_keep_their_outermost_values() -> None:
    usual = np.tile(np.linspace(0.0, 10.0, 101), 4)
    frame = pd.DataFrame({"kind": np.repeat(list("abcd"), 101), "n": usual})
    frame.loc[[50, 151, 252, 353], "n"] = [44.0, 41.0, 46.0, 43.0]
    kept = chart_of(frame, "boxplot", "x=category kind", "y=value n")
    assert "domain" not in kept.drawn["encoding"]["y"]["scale"] and "↑" not in texts(kept)
    frame.loc[252, "n"] = 300.0
    one = chart_of(frame, "boxplot", "x=category kind", "y=value n")
    assert 44 < one.drawn["encoding"]["y"]["scale"]["domain"][1] < 60
    assert set(re.findall(r">(↑ [\d,]+)<", texts(one))) == {"↑ 300"}
    # Where all would be flat then, the boxes are what is shown.
    frame.loc[[50, 151, 252, 353], "n"] = [900.0, 400.0, 500.0, 700.0]
    flat = chart_of(frame, "boxplot", "x=category kind", "y=value n")
    assert flat.drawn["encoding"]["y"]["scale"]["domain"][1] < 20


def test_boxes_whose_outermost_values_are_near_have_dots_alone() -> None:
    made = chart_of(skewed().iloc[5:], "boxplot", "x=category kind", "y=value change")
    assert "→" not in texts(made) and "↑" not in texts(made)


def test_narrow_boxes_beside_each_other_have_an_arrow_alone() -> None:
    frame = skewed(size=["small", "small", "large", "large"] * 100)
    made = chart_of(frame, "boxplot", "x=category kind", "y=value change", "color=category size")
    assert ">↑<" in texts(made)


# --- colours


def colors(chart: Chart) -> list[str]:
    """Return the colours of a chart's legend."""
    return list(chart.drawn["encoding"]["color"]["scale"]["range"])


def test_numbers_that_are_names_have_colours_apart() -> None:
    rng = np.random.default_rng(2)
    kinds = rng.integers(1, 6, 300)
    frame = pd.DataFrame({"kind": kinds, "steps": kinds, "a": rng.normal(0, 1, 300)})
    frame["b"] = np.take([0.0, 9.0, 1.0, 8.0, 2.0, 9.0], kinds) + rng.normal(0, 1, 300)
    points = ("point", "x=value a", "y=value b", "color=category kind")
    assert colors(chart_of(frame, *points)) == list(looks.CATEGORY_COLORS[:5])
    # What rises along them is a size.
    rising = frame.assign(b=kinds + rng.normal(0, 1, 300))
    assert colors(chart_of(rising, *points)) == looks.ordered_colors(5)
    named = rising.rename(columns={"kind": "travelMode"})
    named_points = (*points[:3], "color=category travelMode")
    assert colors(chart_of(named, *named_points)) == list(looks.CATEGORY_COLORS[:5])


#: How linear colours are seen without one kind of cones (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "by most": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "without long": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "without middle": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "without short": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
#: Ottosson's Oklab (2020), in which equal distances look alike.
CONES = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]]
LAB = [[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]


def linear(color: str) -> Any:
    parts = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("seen", SEEN)
def test_eight_colours_are_told_apart_by_all_readers(seen: str) -> None:
    light = (np.clip(np.array(SEEN[seen]) @ linear(c), 0, 1) for c in looks.CATEGORY_COLORS[:8])
    places = [np.array(LAB) @ np.cbrt(np.array(CONES) @ one) for one in light]
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(places, 2))
    assert nearest >= (0.14 if seen == "by most" else 0.06)


def test_eight_colours_stand_out_from_white_and_black() -> None:
    for color in looks.CATEGORY_COLORS[:8]:
        brightness = linear(color) @ [0.2126, 0.7152, 0.0722]
        assert 0.09 < brightness < 0.42


def test_labels_that_name_colours_have_them() -> None:
    shades = ["rot", "dunkelblau", "weiß", "schwarz"] * 20
    frame = pd.DataFrame({"Farbe": shades, "who": ["White", "Black"] * 40, "a": range(80)})
    frame = frame.assign(b=np.sqrt(range(80)), when=pd.date_range("2024", periods=80))
    bars = chart_of(frame, "bar", "x=category Farbe", "y=count", "color=category Farbe")
    shown = dict(zip(bars.drawn["encoding"]["color"]["scale"]["domain"], colors(bars), strict=True))
    assert shown["rot"] == "#D62728"
    # What is black or white is seen on a ground of its own colour, too.
    assert "stroke" in bars.drawn["encoding"]
    lines = chart_of(frame, "line", "x=value when", "y=value a", "color=category Farbe")
    assert "stroke" not in lines.drawn["encoding"]
    assert not set(colors(lines)) & {"#DADADA", "#3D3D3D"}
    # People are none of these.
    people = chart_of(frame, "point", "x=value a", "y=value b", "color=category who")
    assert colors(people) == list(looks.CATEGORY_COLORS[:2])


def test_answers_and_ends_mean_the_same_in_all_charts() -> None:
    ends = {"passed": ["no", "yes"], "result": ["lost", "won"], "ok": [0, 1], "f": ["f", "m"]}
    frame = pd.DataFrame({name: labels * 40 for name, labels in ends.items()})
    frame = frame.assign(half=["Draw", "Win"] * 40, a=range(80), b=np.sqrt(range(80)))
    points = ("point", "x=value a", "y=value b")
    shown = {name: colors(chart_of(frame, *points, f"color=category {name}")) for name in ends}
    assert shown["passed"] == shown["result"] == shown["ok"] != shown["f"]
    assert colors(chart_of(frame, *points, "color=category half"))[1] == shown["passed"][1]


def test_no_colour_stands_for_two_values() -> None:
    names = [f"name {at}" for at in range(17)]
    frame = pd.DataFrame({"who": names * 4, "a": np.arange(68.0), "b": np.arange(68.0) ** 2})
    shown = colors(chart_of(frame, "point", "x=value a", "y=value b", "color=category who"))
    assert len(set(shown)) == 17


def test_one_label_has_one_colour_in_all_charts() -> None:
    frame = pd.DataFrame({"where": ["south"] * 30 + ["north"] * 9 + ["west"] * 20, "a": range(59)})
    ring = chart_of(frame, "arc", "theta=count", "color=category where").drawn
    assert ring["encoding"]["color"]["scale"]["domain"] == ["south", "west", "north"]
    frame["b"] = np.arange(59.0) % 7
    points = chart_of(frame, "point", "x=value a", "y=value b", "color=category where").drawn
    told = [
        dict(zip(scale["domain"], scale["range"], strict=True))
        for scale in (one["encoding"]["color"]["scale"] for one in (ring, points))
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        (np.linspace(-127.4, -0.1, 60), [-100, -50]),
        (np.geomspace(255, 167_806, 60), [1_000, 10_000, 100_000]),
        (np.linspace(0.286, 0.887, 60), [0.4, 0.6, 0.8]),
    ],
    ids=["below zero", "log", "shares"],
)
def test_a_bar_of_colours_has_round_numbers(numbers: Any, named: list[float]) -> None:
    frame = pd.DataFrame({"a": np.arange(60.0), "b": np.arange(60.0) % 7.3, "c": numbers})
    made = chart_of(frame, "point", "x=value a", "y=value b", "color=value c")
    assert made.drawn["encoding"]["color"]["legend"]["values"] == pytest.approx(named)
    texts(made)


def test_months_have_colours_around_a_cycle() -> None:
    months = [1 + i % 12 for i in range(120)]
    frame = pd.DataFrame({"month": months, "year": [2001 + i // 12 for i in range(120)]})
    frame["level"] = np.arange(120.0)
    made = chart_of(frame, "line", "x=value year", "y=mean level", "color=category month")
    around = colors(made)
    assert around == looks.cyclic_colors(12)

    def apart(one: str, other: str) -> int:
        pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
        return sum(abs(a - b) for a, b in pairs)

    assert apart(around[0], around[-1]) < min(apart(around[0], one) for one in around[3:10])


# --- times without records


def broken(chart: Chart) -> list[Any]:
    """Return where a chart's lines break: at the last value before each gap."""
    return [row["x"] for row in chart.drawn["data"]["values"] if row.get("y", 0) is None]


def test_a_line_breaks_over_years_of_which_nothing_is_known() -> None:
    years = [*range(1990, 2003), *range(2009, 2016)]
    frame = pd.DataFrame({"year": years * 2, "kind": ["tea"] * 20 + ["cake"] * 20})
    frame["level"] = np.arange(40.0)
    line = chart_of(frame[:20], "line", "x=value year", "y=mean level")
    assert broken(line) == [2002]
    assert line.drawn["encoding"]["y"]["scale"]["zero"] is False
    assert 'd="M' in texts(line)
    lines = chart_of(frame, "line", "x=value year", "y=mean level", "color=category kind")
    assert broken(lines) == [2002, 2002]
    # One that is missing is bridged, and where steps have no usual length there is no gap.
    assert not broken(chart_of(frame[:13].drop(5), "line", "x=value year", "y=mean level"))
    uneven = pd.DataFrame({"year": [1900, 1901, 1910, 1924, 1931, 1967, 1990], "level": range(7)})
    assert not broken(chart_of(uneven, "line", "x=value year", "y=mean level"))


def test_piled_areas_are_nothing_over_years_without_records() -> None:
    years = [*range(1990, 2003), *range(2009, 2016)]
    rows = [(year, kind, 5.0) for year in years for kind in ("tea", "cake")]
    frame = pd.DataFrame(rows, columns=["year", "kind", "units"])
    piled = ("area", "x=value year", "y=sum units", "color=category kind")
    made = chart_of(frame, *piled)
    texts(made)
    zeros = [row["x"] for row in made.drawn["data"]["values"] if row["y"] == 0]
    assert zeros == [2009, 2009, 2002, 2002] and made.drawn["mark"]["line"] is False
    whole = chart_of(frame[frame["year"] < 2003], *piled)
    assert len(whole.drawn["data"]["values"]) == 26 and whole.drawn["mark"]["line"] is True


def test_several_values_at_one_time_are_no_steps() -> None:
    hours = pd.Timestamp("2024-03-01") + pd.to_timedelta(np.repeat([0, 1, 2, 9, 10, 11], 5), "h")
    frame = pd.DataFrame({"at": hours, "level": range(30)})
    assert len(broken(chart_of(frame, "line", "x=value at", "y=value level"))) == 1


def test_weekends_are_no_gaps() -> None:
    days = pd.bdate_range("2023-01-02", periods=60)
    frame = pd.DataFrame({"day": days, "price": np.arange(60.0)})
    assert not broken(chart_of(frame, "line", "x=value day", "y=mean price"))
    later = pd.concat([frame, frame.assign(day=frame["day"] + pd.Timedelta(days=140))])
    assert len(broken(chart_of(later, "line", "x=value day", "y=mean price"))) == 1


def test_times_without_records_beside_large_counts_are_gaps_and_not_zeros() -> None:
    years = np.repeat([2007, 2009, 2011, 2012, 2013, 2014, 2015, 2016], 50)
    many = chart_of(pd.DataFrame({"year": years}), "area", "x=value year", "y=count")
    assert [row["y"] for row in many.drawn["data"]["values"]].count(0) == 0
    assert broken(many) == [2007, 2009]
    assert many.drawn["mark"]["point"]  # a year alone is no area
    few = chart_of(pd.DataFrame({"year": years[::25]}), "area", "x=value year", "y=count")
    assert [row["y"] for row in few.drawn["data"]["values"]].count(0) == 2
    assert not broken(few)


# --- ticks, titles and marks


def test_months_on_an_axis_tell_their_year() -> None:
    days = pd.date_range("1846-06-20", "1847-03-20", freq="3D")
    frame = pd.DataFrame({"day": days, "age": range(len(days))})
    shown = texts(chart_of(frame, "point", "x=value day", "y=value age"))
    assert ">Oct 1846<" in shown and ">Feb 1847<" in shown
    long = frame.assign(day=pd.date_range("1846-06-20", periods=len(days), freq="YE"))
    assert "format" not in chart_of(long, "point", "x=value day", "y=value age").drawn["encoding"][
        "x"
    ].get("axis", {})
    year = pd.DataFrame({"day": pd.date_range("2016-01-01", periods=366), "heat": range(366)})
    months = texts(chart_of(year, "line", "x=yearmonth day", "y=mean heat"))
    assert ">Jan 2016<" in months


def test_an_axis_of_few_codes_has_no_ticks_between_them() -> None:
    frame = pd.DataFrame({"stage": [2, 4, 6, 8] * 10, "score": range(40)})
    made = chart_of(frame, "line", "x=value stage", "y=mean score")
    assert made.drawn["encoding"]["x"]["axis"]["values"] == [2, 4, 6, 8]


def test_long_names_of_axes_break_after_their_underscores() -> None:
    frame = pd.DataFrame({"pred_degree_awarded_ipeds": ["four years", "two years"] * 9})
    frame["earnings"] = range(18)
    made = chart_of(frame, "boxplot", "x=category pred_degree_awarded_ipeds", "y=value earnings")
    turned = chart_of(
        frame.replace("two years", "less than two years of school"),
        "boxplot",
        "x=category pred_degree_awarded_ipeds",
        "y=value earnings",
    )
    assert made.drawn["encoding"]["x"]["title"] == "pred_degree_awarded_ipeds"
    lines = turned.drawn["encoding"]["y"]["title"]
    assert len(lines) > 1 and "".join(lines) == "pred_degree_awarded_ipeds"


def test_a_median_at_the_end_of_its_box_is_seen() -> None:
    made = chart_of({"n": [1, 1, 1, 1, 1, 1, 2, 3, 4, 5]}, "boxplot", "x=value n")
    edge = made.drawn["layer"][3]
    assert "datum.median - datum.q1" in edge["transform"][0]["filter"]
    assert edge["mark"]["size"] > made.drawn["layer"][2]["mark"]["size"]
    texts(made)


def test_boxes_side_by_side_share_the_width_that_a_page_gives_them() -> None:
    frame = pd.DataFrame({"ward": [*"abcdef"] * 60, "sex": ["f"] * 180 + ["m"] * 180})
    frame["wait"] = [n * 7 % 61 for n in range(360)]
    split = ("boxplot", "x=category ward", "y=value wait", "color=category sex")
    size = chart_of(frame, *split).drawn["layer"][1]["mark"]["size"]["expr"]
    told = re.fullmatch(r"max\(2, min\((\d+), ([\d.]+) \* width\)\)", size)
    assert told is not None
    usual, share = int(told[1]), float(told[2])
    assert usual > 5 and 12 * share < 1
    panels = ("boxplot", "x=category ward", "y=value wait", "column=category sex")
    assert (
        "child_width" in chart_of(frame, *panels).drawn["spec"]["layer"][1]["mark"]["size"]["expr"]
    )


def test_panels_of_separate_values_make_no_tower() -> None:
    sites, parcels = list("abcdefgh"), ["I", "II", "III", "IV"]
    frame = pd.DataFrame([(s, p, 1.0) for s in sites for p in parcels], columns=["s", "p", "v"])
    made = chart_of(frame, "bar", "x=category s", "y=mean v", "row=category p")
    assert made.drawn["columns"] == 2
    along = frame.assign(n=range(32))
    assert (
        chart_of(along, "point", "x=value n", "y=value v", "row=category p").drawn["columns"] == 1
    )


def test_log_axes_of_panels_end_with_the_data() -> None:
    rng = np.random.default_rng(6)
    numbers = np.exp(rng.normal(6.5, 1.2, 900)).clip(100, 20_000)
    frame = pd.DataFrame({"n": numbers, "m": rng.normal(0, 1, 900), "part": ["a", "b", "c"] * 300})
    made = chart_of(frame, "point", "x=value n", "y=value m", "column=category part")
    scale = made.drawn["spec"]["encoding"]["x"]["scale"]
    assert scale["type"] == "log"
    assert scale["domain"][0] > 50 and scale["domain"][1] < 30_000


def test_boxes_are_not_squeezed_by_what_lies_beyond_their_whiskers() -> None:
    rng = np.random.default_rng(8)
    paid = np.concatenate([rng.normal(2, 0.4, 400), [-3.6]])
    frame = pd.DataFrame({"job": ["cook", "smith"] * 200 + ["cook"], "paid": paid})
    made = chart_of(frame, "boxplot", "x=category job", "y=value paid")
    low, _ = made.drawn["encoding"]["y"]["scale"]["domain"]
    assert low > 0 and ">↓ -3.6<" in texts(made)
    # Boxes that can be read as they are keep all of their axis.
    frame.loc[400, "paid"] = -1.0
    made = chart_of(frame, "boxplot", "x=category job", "y=value paid")
    assert "domain" not in made.drawn["encoding"]["y"]["scale"]


# --- places between numbers


def test_whole_numbers_that_say_how_much_keep_the_places_between_them() -> None:
    hours = [-1, 0, 2, 4, 6, 8, 10, 12, 15, 18, 21, 24, 27, 30]
    frame = pd.DataFrame({"Time": hours * 6, "glucose": np.arange(84) % 11 / 10})
    made = chart_of(frame, "boxplot", "x=category Time", "y=value glucose")
    x = made.drawn["encoding"]["x"]
    assert x["scale"]["domain"] == list(range(-1, 31))
    assert x["axis"]["values"] == list(range(0, 31, 2))
    # What would leave most places empty stands side by side, and so do codes.
    far = pd.DataFrame({"Time": [1, 2, 40] * 8, "glucose": np.arange(24) % 7 / 10})
    made = chart_of(far, "boxplot", "x=category Time", "y=value glucose")
    assert made.drawn["encoding"]["x"]["scale"]["domain"] == [1, 2, 40]


def test_bars_of_years_far_apart_stand_as_far_apart() -> None:
    years = [1787, 1788, 1788, 1790, 1820, 1867, 1889, 1912, 1959] * 2
    made = chart_of({"year": years, "n": range(18)}, "bar", "x=value year", "y=count")
    assert made.drawn["encoding"]["x"]["type"] == "quantitative"
    assert "expr" in made.drawn["mark"]["size"]


def test_codes_of_one_length_are_in_the_order_of_their_letters() -> None:
    frame = pd.DataFrame({"ord": ["01", "7p", "23", "46"] * 5, "kind": list("uvwxy") * 4})
    made = chart_of(frame, "bar", "x=category ord", "y=count", "color=category kind")
    assert made.drawn["encoding"]["x"]["sort"] == ["01", "23", "46", "7p"]


# --- rows without a value, and groups of few rows


def test_a_group_without_a_value_that_nobody_would_see_is_told_and_not_drawn() -> None:
    frame = pd.DataFrame({"sex": ["man"] * 170 + ["woman"] * 80 + [None], "size": 3.0})
    frame.loc[250, "size"] = 37.0
    note = "not shown: 1 of 251 rows without sex"
    for mark, *channels in (
        ("arc", "theta=count", "color=category sex"),
        ("bar", "x=category sex", "y=mean size"),
        ("boxplot", "x=category sex", "y=value size"),
        ("point", "x=category sex", "y=value size"),
    ):
        made = chart_of(frame, mark, *channels)
        assert made.note == note and "(missing)" not in json.dumps(made.drawn)
    # Of two in a hundred a chart tells.
    some = pd.concat([frame, frame.iloc[[250] * 5]])
    assert "(missing)" in json.dumps(chart_of(some, "bar", "x=category sex", "y=count").drawn)


def test_what_has_no_value_does_not_take_most_of_a_ring() -> None:
    frame = pd.DataFrame({"mpaa": ["R"] * 60 + ["PG"] * 40 + [None] * 900})
    made = chart_of(frame, "arc", "theta=count", "color=category mpaa")
    assert sorted(r["theta"] for r in made.drawn["data"]["values"]) == [40, 60]
    assert made.note == "not shown: 900 of 1,000 rows without mpaa"
    assert "60%" in made.reason
    bars = chart_of(frame, "bar", "x=category mpaa", "y=count")
    assert 900 in [r["y"] for r in bars.drawn["data"]["values"]]


def test_where_all_values_are_missing_none_are_counted() -> None:
    frame = pd.DataFrame(
        {"year": [2001, 2002, 2003, 2004, 2005, 2006] * 4, "land": list("ab") * 12}
    )
    frame.loc[frame["year"] == 2006, "land"] = None
    made = chart_of(frame, "line", "x=value year", "y=distinct land")
    assert min(r["y"] for r in made.drawn["data"]["values"]) == 1
    assert made.note == "not shown: 4 of 24 rows without land"


def test_means_of_a_row_or_two_are_pale_and_no_finding() -> None:
    frame = pd.DataFrame({"day": [*["Mon", "Tue"] * 9, "Wed"], "paid": [*[4.0, 2.0] * 9, 90.0]})
    made = chart_of(frame, "bar", "x=category day", "y=mean paid")
    assert made.note == "pale bars are of one row"
    assert "higher on Mon (4) than on Tue (2), of groups of 3 rows or more" in made.reason
    svg = texts(made)
    assert svg.count('opacity="0.4"') == 1
    assert chart_of(frame[:18], "bar", "x=category day", "y=mean paid").note is None


def test_boxes_and_shares_of_few_rows_are_pale_beside_those_of_many() -> None:
    rng = np.random.default_rng(4)
    few = pd.DataFrame({"drug": ["none"] * 3 + ["missing"], "paid": [1.0, 2, 3, 9], "sex": "f"})
    many = pd.DataFrame({"drug": ["tea", "rum"] * 40, "paid": rng.normal(0, 1, 80), "sex": "m"})
    frame = pd.concat([many.assign(sex=["m", "f", "f", "m"] * 20), few])
    boxes = chart_of(frame, "boxplot", "x=category drug", "y=value paid")
    assert "pale boxes are of at most 3 rows" in str(boxes.note)
    assert "than for" in boxes.reason and "missing" not in boxes.reason
    thin = {r["x"] for r in boxes.drawn["data"]["values"] if r.get("thin")}
    assert thin == {"none", "missing"}
    assert 'opacity="0.4"' in texts(boxes)
    assert set(boxes.drawn["encoding"]["x"]["sort"][2:]) == thin, "they do not lead"
    shares = chart_of(frame, "bar", "x=category drug", "y=count", "color=category sex")
    style = replace(shares.design.style, stack="normalize")
    rows = aggregate_rows(open_table(frame), shares.design.with_style(style))
    assert rows.note == "pale bars are of at most 3 rows"
    assert {r["x"] for r in rows.records if r.get("thin")} == thin
    # Of equals none is pale.
    alike = chart_of(many, "boxplot", "x=category drug", "y=value paid")
    assert "pale" not in str(alike.note)


def test_what_rises_and_falls_again_has_a_top_and_no_trend() -> None:
    years = range(1970, 2012)
    share = [13 + 24 * np.sin((year - 1970) / 13) ** 2 - (year - 1970) / 40 for year in years]
    made = chart_of({"year": years, "share": share}, "line", "x=value year", "y=value share")
    assert "is highest in" in made.reason and "slightly" not in made.reason


def test_points_of_uneven_numbers_stand_as_far_apart_as_these_are() -> None:
    frame = pd.DataFrame({"price": [112.7, 185.0, 192.0, 221.5, 375.0] * 3, "area": range(15)})
    for mark in ("point", "tick"):
        made = chart_of(frame, mark, "x=category price", "y=value area")
        assert made.drawn["encoding"]["x"]["type"] == "quantitative"
        texts(made)
    even = frame.assign(price=[1, 2, 3, 4, 5] * 3)
    made = chart_of(even, "point", "x=category price", "y=value area")
    assert made.drawn["encoding"]["x"]["type"] == "nominal"


def test_few_whole_numbers_are_written_as_such() -> None:
    frame = pd.DataFrame({"area": [700, 800, 900, 1_000], "rooms": [4, 5, 6, 4]})
    shown = texts(chart_of(frame, "line", "x=value area", "y=value rooms"))
    assert ">4<" in shown and ">4.0<" not in shown
    counts = pd.DataFrame({"a": list("uuvw"), "b": list("xxyz")})
    legend = chart_of(counts, "rect", "x=category a", "y=category b", "color=count")
    assert legend.drawn["encoding"]["color"]["legend"]["values"] == [0, 1, 2]


def test_bars_over_each_other_are_sorted_by_the_longest() -> None:
    frame = pd.DataFrame({"state": list("aaabbb"), "rate": [0.1, 0.1, 0.5, 0.3, 0.3, 0.3]})
    made = chart_of(frame, "bar", "x=category state", "y=value rate")
    assert made.drawn["encoding"]["x"]["sort"] == ["a", "b"]


# --- months and years that are not over


def test_a_count_of_a_month_that_is_not_over_is_no_collapse() -> None:
    days = pd.date_range("2023-03-20", "2024-02-09 20:00", freq="4h")
    made = chart_of({"day": days}, "line", "x=yearmonth day", "y=count")
    assert made.note == ("without Mar 2023 and Feb 2024, in which the records begin and end")
    assert len(made.drawn["data"]["values"]) == 10
    assert "lowest for Feb" not in made.reason and "lowest for Mar" not in made.reason
    bars = chart_of({"day": days}, "bar", "x=yearmonth day", "y=count")
    assert texts(bars).count('opacity="0.4"') == 2
    ended = ["lost" if at >= len(days) - 30 else "sold" for at in range(len(days))]
    ended[9:700:7] = ["lost"] * len(ended[9:700:7])
    orders = pd.DataFrame({"day": days, "outcome": ended}).assign(
        team=np.resize(["blue", "red", "green"], len(days)),
        **{
            name: np.arange(len(days)) * k % 101 / 4
            for name, k in zip("abc", (7, 37, 53), strict=True)
        },
    )
    shares = chart_of(orders, "bar", "x=yearmonth day", "y=count", "color=category outcome")
    assert shares.note == f"{made.note}; the band shows 95% intervals"
    assert len(shares.drawn["data"]["values"]) == 10 and "Feb 2024" not in shares.reason
    as_bars = shares.design.with_style(replace(shares.design.style, course=False))
    begin_and_end = "the records begin within Mar 2023 and end within Feb 2024"
    note = aggregate_rows(open_table(orders), as_bars).note
    assert note == f"{begin_and_end}; thin lines are 95% intervals"
    # A mean does not grow with the month, and few days say nothing of its end.
    frame = pd.DataFrame({"day": days, "n": range(len(days))})
    assert chart_of(frame, "line", "x=yearmonth day", "y=mean n").note is None
    few = pd.DataFrame({"day": pd.date_range("2023-03-20", "2024-02-09", freq="9D")})
    assert chart_of(few, "line", "x=yearmonth day", "y=count").note is None
    whole = pd.DataFrame({"day": pd.date_range("2022-01-01", "2023-12-31", freq="12h")})
    assert chart_of(whole, "line", "x=yearmonth day", "y=count").note is None
    years = pd.DataFrame({"day": pd.date_range("2010-01-01", "2016-05-04", freq="3D")})
    assert chart_of(years, "bar", "x=year day", "y=count").note == "the records end within 2016"
    # What is ordered for a day in May was ordered long before, too, but most of it just then.
    early = pd.DatetimeIndex(["2022-04-03", "2022-06-11", "2022-09-08"])
    booked = pd.DataFrame({"day": early.append(days)})
    said = chart_of(booked, "line", "x=yearmonth day", "y=count").note
    assert said == "without Feb 2024, in which the records end"
    hours = pd.DataFrame(
        {"at": pd.date_range("2024-03-01 00:10", "2024-03-20 09:00", freq="20min")}
    )
    said = chart_of(hours, "line", "x=yearmonthdate at", "y=count").note
    assert said == "without 20 Mar 2024, in which the records end"


def test_a_day_of_which_some_hours_were_read_has_no_mean() -> None:
    hours = pd.date_range("2026-01-01", periods=40 * 24, freq="h")
    heat = 10 + 8 * np.sin(hours.hour.to_numpy() / 24 * 2 * np.pi)
    heat[200:320] = np.nan
    frame = pd.DataFrame({"at": hours, "heat": heat})
    made = chart_of(frame, "line", "x=yearmonthdate at", "y=mean heat")
    assert made.note is not None
    assert "without 2 days of less than three quarters of the usual readings" in made.note
    values = [record["y"] for record in made.drawn["data"]["values"] if record["y"] is not None]
    assert max(abs(value - 10) for value in values) < 1
    # Where days have as many readings as it happens, none is left out.
    chance = np.random.default_rng(3)
    kept = frame[chance.random(len(frame)) < 0.4].dropna()
    plain = chart_of(kept, "line", "x=yearmonthdate at", "y=mean heat")
    assert plain.note is None or "readings" not in plain.note


def test_areas_of_counts_that_take_turns_have_no_slopes_between_them() -> None:
    years = [year for year in range(1980, 1989) for _ in range(12)]
    frame = pd.DataFrame({"year": years, "zone": [int(year > 1983) for year in years]})
    made = chart_of(frame, "area", "x=value year", "y=count", "color=category zone")
    assert made.drawn["mark"]["interpolate"] == "step"


def test_steps_of_a_scale_joined_by_signs_are_in_its_order() -> None:
    frame = pd.DataFrame(
        {"rate": ["High"] * 9 + ["Medium"] * 5 + ["Very_High", "Very_High", "Low"]}
    )
    made = chart_of(frame, "bar", "x=category rate", "y=count")
    assert made.drawn["encoding"]["x"]["sort"] == ["Low", "Medium", "High", "Very_High"]


def test_grades_stand_in_their_order_whichever_has_the_most() -> None:
    grades = ["A+", "A", "A-", "B+", "B", "C"]
    frame = pd.DataFrame({"grade": np.repeat(grades, [2, 9, 4, 11, 6, 3])[::-1]})
    frame["pay"] = np.arange(len(frame)) * 7 % 19 + 1.5
    frame["job"] = ["cook", "clerk", "guard"] * 11 + ["cook", "clerk"]
    gallery = erp.recommend(frame)
    drawn = [chart.to_vegalite() for chart in gallery if "grade" in chart.fields]
    orders = [_sort_of(spec) for spec in drawn]
    assert orders
    assert all(order == grades for order in orders if order is not None)
    assert grades in orders


def _sort_of(spec: dict[str, Any]) -> list[str] | None:
    """Return the order of the groups of an axis that is one of grades."""
    for channel in ("x", "y"):
        sort = spec.get("encoding", {}).get(channel, {}).get("sort")
        if isinstance(sort, list) and "A+" in sort:
            return sort
    return None


def test_a_chart_of_some_steps_has_the_order_of_all() -> None:
    ranks = ["AsstProf", "AssocProf", "Prof"]
    frame = pd.DataFrame({"rank": ranks * 6, "kind": ["u"] * 18, "pay": np.arange(18.0) * 5 % 7})
    frame.loc[frame["rank"] == "Prof", "pay"] = None
    made = chart_of(frame, "bar", "x=category rank", "y=mean pay")
    shown = [r for r in made.drawn["encoding"]["x"]["sort"] if r != "Prof"]
    assert shown == ranks[:2]


def test_what_is_measured_is_not_piled() -> None:
    frame = pd.DataFrame({"hour": [0, 1, 2, 3] * 2, "level": [3.4, 5.1, 4.2, 3.9, 3.1, 6.2, 4, 3]})
    frame["day"] = ["one"] * 4 + ["two"] * 4
    area = ("area", "x=value hour", "y=value level", "color=category day")
    assert chart_of(frame, *area).drawn["encoding"]["y"]["stack"] is None
    counted = frame.assign(level=range(1, 9)).rename(columns={"level": "visits"})
    area = ("area", "x=value hour", "y=value visits", "color=category day")
    assert chart_of(counted, *area).drawn["encoding"]["y"]["stack"] == "zero"


def test_doses_that_double_stand_as_far_apart_on_each_chart() -> None:
    dose = [0.0] * 8 + [10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0] * 4
    frame = pd.DataFrame({"dose": dose, "weight": np.linspace(9, 2, 36), "herb": ["a", "b"] * 18})
    for made in (
        chart_of(frame, "point", "x=value dose", "y=value weight"),
        chart_of(frame, "point", "x=category dose", "y=value weight", "row=category herb"),
    ):
        drawn = made.drawn.get("spec", made.drawn)
        assert drawn["encoding"]["x"]["scale"]["type"] == "symlog"
        texts(made)
    bars = chart_of(frame, "bar", "x=category dose", "y=mean weight")
    assert bars.drawn["encoding"]["x"]["title"] == "dose"


# --- reasons that fit the chart


def test_what_is_lowest_in_the_middle_is_not_called_independent() -> None:
    rng = np.random.default_rng(8)
    x = rng.uniform(0, 6, 80)
    frame = pd.DataFrame({"x": x, "z": (x - 3) ** 2 + rng.normal(0, 1, 80)})
    bent = chart_of(frame, "point", "x=value x", "y=value z")
    assert bent.reason.startswith("z is lowest at middle values of x: median ")
    turned = chart_of(frame.assign(z=-frame["z"]), "point", "x=value x", "y=value z")
    assert "z is highest at middle values of x" in turned.reason
    chance = chart_of(frame.assign(z=rng.normal(0, 1, 80)), "point", "x=value x", "y=value z")
    assert "middle" not in chance.reason


def test_what_is_measured_in_groups_is_told_where_these_are_not_tied() -> None:
    groups = [(age, drink, smoke) for age in "abcd" for drink in "klm" for smoke in "uvw"]
    frame = pd.DataFrame(groups, columns=["age", "drink", "smoke"])
    frame["ncases"] = np.arange(36) * 3 + 10
    made = chart_of(frame, "bar", "x=category age", "y=sum ncases", "color=category drink")
    assert "independent" not in made.reason
    assert "highest for" in made.reason and "d" in made.reason
    people = pd.DataFrame({"age": list("ab") * 300, "drink": ["k", "l", "l", "k"] * 150})
    people.loc[:50, "drink"] = ["k", "l"] * 25 + ["k"]
    counts = chart_of(people, "bar", "x=category age", "y=count", "color=category drink")
    most = people.groupby(["age", "drink"]).size()
    assert f"{' and '.join(most.idxmax())}: {most.max()} rows" in counts.reason


def test_a_group_that_explains_nothing_is_not_given_a_share() -> None:
    frame = pd.DataFrame({"a": ["x", "y"] * 40, "b": ["u", "u", "v", "v"] * 20})
    frame["n"] = [1.0, 9.0] * 40 + np.random.default_rng(3).normal(0, 0.5, 80)
    made = chart_of(frame, "boxplot", "x=category a", "y=value n", "color=category b")
    assert "b" not in made.reason.split("n is")[0] and "explain" not in made.reason


def test_numbers_of_groups_are_told_with_the_name_of_their_column() -> None:
    frame = pd.DataFrame({"cruise": [0, 1, 1, 1] * 20, "price": [9.0, 20.0, 21.0, 22.0] * 20})
    boxes = chart_of(frame, "boxplot", "x=category cruise", "y=value price")
    assert "higher for cruise = 1 (21) than for 0 (9)" in boxes.reason
    assert chart_of(frame, "arc", "theta=count", "color=category cruise").reason == (
        "cruise is 1 in 75% of the rows, 0 in 25%."
    )
    years = pd.DataFrame({"year": [2001, 2002, 2003] * 9, "n": [1.0, 5.0, 3.0] * 9})
    told = chart_of(years, "bar", "x=category year", "y=mean n").reason
    assert "a peak of 5 in 2002" in told


# --- one giant that a sample misses, narrow bands


def test_cells_end_before_a_giant_that_the_sample_misses() -> None:
    rng = np.random.default_rng(5)
    n_rows = 30_000
    frame = pd.DataFrame({"way": rng.uniform(0, 360, n_rows), "speed": rng.gamma(4, 3, n_rows)})
    frame.loc[1, "speed"] = 1_048.0
    made = chart_of(frame, "rect", "x=bin way", "y=bin speed", "color=count")
    assert max(r["y2"] for r in made.drawn["data"]["values"]) < 100
    assert "up to 1,048" in str(made.note)


def test_the_edge_of_a_narrow_band_is_seen() -> None:
    days = pd.date_range("2000-01-01", periods=900)
    low = np.linspace(50, 4_000, 900)
    frame = pd.DataFrame({"day": days, "low": low, "high": low + 1})
    made = chart_of(frame, "area", "x=yearmonth day", "y=mean low", "y2=mean high")
    assert made.drawn["mark"]["line"] == {"strokeWidth": 1}
    texts(made)


# --- separate numbers


def written(chart: Chart, channel: str, part: str) -> list[str]:
    """Return what is written for the values of a channel."""
    labels = chart.drawn["encoding"][channel][part]["labelExpr"]
    return list(json.loads(labels[: labels.index("][") + 1]))


def test_separate_numbers_of_one_axis_are_written_in_one_form() -> None:
    steps = {
        "installs": [1_000, 10_000, 1_000_000],
        "rate": [1.667, 1.5, 0.9222],
        "dose": [1e-6, 1e-5, 1e-4],
    }
    frame = pd.DataFrame({name: values * 30 for name, values in steps.items()})
    frame = frame.assign(a=np.random.default_rng(3).normal(0, 1, 90), kind=["x", "y"] * 45)
    box = ("boxplot", "y=value a")
    assert written(chart_of(frame, *box, "x=category installs"), "x", "axis") == ["1k", "10k", "1M"]
    assert written(chart_of(frame, *box, "x=category rate"), "x", "axis") == [
        "0.92",
        "1.50",
        "1.67",
    ]
    assert written(chart_of(frame, *box, "x=category dose"), "x", "axis") == [
        "10⁻⁶",
        "10⁻⁵",
        "10⁻⁴",
    ]
    split = chart_of(frame, "bar", "x=category kind", "y=count", "color=category installs")
    assert written(split, "color", "legend") == ["1k", "10k", "1M"]


def test_lines_along_doses_have_a_tick_for_each_on_a_log_scale() -> None:
    frame = pd.DataFrame({"dose": [0.0, 0.5, 2.0, 10.0, 40.0] * 20})
    frame = frame.assign(mass=np.random.default_rng(3).normal(9, 1, 100))
    drawn = chart_of(frame, "line", "x=category dose", "y=mean mass").drawn["encoding"]["x"]
    assert drawn["scale"]["type"] == "symlog" and drawn["scale"]["constant"] == 0.5
    assert drawn["axis"]["values"] == [0.0, 0.5, 2.0, 10.0, 40.0]
    assert drawn["title"] == "dose (log scale)"


@pytest.mark.parametrize(("largest", "kind"), [(90_000.0, "log"), (150.0, None)])
def test_shades_of_cells_are_logarithmic_where_few_would_take_the_whole_scale(
    largest: float, kind: str | None
) -> None:
    groups = [(region, month) for region in "abcd" for month in "uvwx"]
    sizes = [largest if region == "a" else 20.0 + 9 * at for at, (region, _) in enumerate(groups)]
    frame = pd.DataFrame(groups * 3, columns=["region", "month"]).assign(nights=sizes * 3)
    made = chart_of(frame, "rect", "x=category region", "y=category month", "color=mean nights")
    color = made.drawn["encoding"]["color"]
    assert color["scale"].get("type") == kind
    if kind:
        assert color["legend"]["values"] == [100.0, 1_000.0, 10_000.0]
