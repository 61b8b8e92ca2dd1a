"""Marks have room: beside each other, to the ends of their axes, and in the legend."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS, chart_of, schema_problems
from msgspec.structs import replace

from erp_widget.chart import Chart


def marks(chart: Chart, role: str = "mark", kind: str = "symbol") -> list[dict[str, Any]]:
    """Return the marks of one kind as they are drawn, in pixels of their plot."""
    assert not schema_problems(chart.drawn)
    for version in VERSIONS:
        scene = vl_convert.vegalite_to_scenegraph(chart.drawn, vl_version=version)["scenegraph"]
        found = [
            item
            for mark in _marks(scene)
            if mark.get("role") == role and mark["marktype"] == kind
            for item in mark["items"]
        ]
    return found


def _marks(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "marktype" in node:
        yield node
    for item in node.get("items", ()):
        yield from _marks(item)


def test_the_grid_ends_above_the_highest_bar_and_not_with_it() -> None:
    bars = chart_of({"kind": list("aabbc"), "n": [11.0] * 5}, "bar", "x=category kind", "y=sum n")
    tallest = min(bar["y"] for bar in marks(bars, kind="rect"))
    lines = [line["y"] for line in marks(bars, "axis-grid", "rule")]
    assert min(lines) < tallest - 5


def test_points_stand_off_both_axes_and_their_ends() -> None:
    frame = pd.DataFrame({"paid": [0.0, 3.0, 10.0], "owed": [5.0, 0.0, 10.0]})
    made = chart_of(frame, "point", "x=value paid", "y=value owed")
    for axis, extent in (("x", 320), ("y", 220)):
        places = [point[axis] for point in marks(made)]
        assert min(places) >= 6 and max(places) <= extent - 6


def test_points_of_a_log_axis_with_zeros_stand_off_it() -> None:
    doses = np.random.default_rng(3).lognormal(3, 2, 200).round(2)
    doses[:9] = 0.0
    made = chart_of(
        {"dose": doses, "weight": range(200)}, "point", "x=value dose", "y=value weight"
    )
    assert made.design.style.log == ("x",)
    assert min(point["x"] for point in marks(made)) >= 6


def test_points_of_several_groups_on_one_line_stand_beside_each_other() -> None:
    frame = pd.DataFrame({"crop": list("aabb"), "blend": list("uvuv"), "grown": [1.0, 1, 2, 2]})
    made = chart_of(frame, "point", "x=category crop", "y=value grown", "color=category blend")
    assert len({(point["x"], point["y"]) for point in marks(made)}) == 4
    # One colour at each place needs no room for another.
    frame["blend"] = frame["crop"]
    made = chart_of(frame, "point", "x=category crop", "y=value grown", "color=category blend")
    assert "xOffset" not in made.drawn["encoding"]


def test_a_legend_of_sizes_has_no_bubble_of_nothing() -> None:
    frame = pd.DataFrame({"a": list("uuuuv"), "b": list("xxxyy")})
    made = chart_of(frame, "point", "x=category a", "y=category b", "size=count")
    assert made.drawn["encoding"]["size"]["legend"]["values"] == [1, 2, 3]
    assert made.drawn["encoding"]["size"]["legend"]["format"] == ",d"


def test_a_line_along_numbers_goes_from_end_to_end() -> None:
    frame = pd.DataFrame({"year": range(1939, 2003), "boys": range(64)})
    made = chart_of(frame, "area", "x=value year", "y=value boys")
    assert made.drawn["encoding"]["x"]["scale"]["nice"] is False


@pytest.mark.parametrize(("every", "most"), [("7D", 0.0), ("QS", 0.5)])
def test_bars_are_as_wide_as_their_times_are_apart(every: str, most: float) -> None:
    days = pd.date_range("2015-01-04", periods=169, freq=every)
    made = chart_of({"day": days, "price": range(1, 170)}, "bar", "x=value day", "y=value price")
    bars = sorted((bar["x"], bar["width"]) for bar in marks(made, kind="rect"))
    # Hairs with gaps would be stripes; the outermost bars are whole.
    gaps = [after - (place + width) for (place, width), (after, _) in pairwise(bars)]
    assert max(gaps) <= most and bars[0][0] >= -0.001 and sum(bars[-1]) <= 320.001
    assert made.drawn["encoding"]["tooltip"][0]["format"].startswith("%")


def test_bars_of_many_years_leave_gaps() -> None:
    years = [year for year in range(1940, 2019) if year != 1990]
    made = chart_of({"year": years, "level": range(78)}, "bar", "x=value year", "y=value level")
    widths = [bar["width"] for bar in marks(made, kind="rect")]
    assert min(widths) >= 1.2 and max(widths) < 0.9 * made.drawn["width"] / 79


def test_bars_of_every_month_fill_their_months() -> None:
    days = pd.date_range("2015-01-01", periods=30, freq="MS")
    made = chart_of({"day": days, "price": range(1, 31)}, "bar", "x=value day", "y=value price")
    assert made.drawn["encoding"]["x"]["timeUnit"] == "utcyearmonth"


def test_lines_of_seasons_break_between_them_however_many_there_are() -> None:
    starts = pd.date_range("2010-08-17", periods=10, freq="365D")
    days = pd.DatetimeIndex([start + pd.Timedelta(weeks=at) for start in starts for at in range(9)])
    made = chart_of({"day": days, "seen": range(90)}, "line", "x=value day", "y=value seen")
    assert sum(record["y"] is None for record in made.drawn["data"]["values"]) == 9
    # Working days of weeks and months are no seasons.
    days = pd.bdate_range("2020-01-01", periods=200).delete(range(50, 58))
    made = chart_of({"day": days, "seen": range(192)}, "line", "x=value day", "y=value seen")
    assert sum(record["y"] is None for record in made.drawn["data"]["values"]) <= 1


def test_bars_of_very_many_months_have_no_seams() -> None:
    days = pd.date_range("1980-01-01", periods=500, freq="MS")
    made = chart_of({"day": days, "price": range(1, 501)}, "bar", "x=value day", "y=value price")
    bars = sorted((bar["x"], bar["width"]) for bar in marks(made, kind="rect"))
    gaps = [after - (place + width) for (place, width), (after, _) in pairwise(bars)]
    assert max(gaps) <= 0.0
    counted = chart_of({"day": days.repeat(2)}, "bar", "x=yearmonth day", "y=count")
    assert min(bar["width"] for bar in marks(counted, kind="rect")) >= 1.1


def test_bars_grow_with_their_plot_and_shrink_with_their_panels() -> None:
    days = pd.date_range("2015-01-04", periods=169, freq="7D")
    made = chart_of({"day": days, "price": range(1, 170)}, "bar", "x=value day", "y=value price")
    wide = replace(made, drawn=made.drawn | {"width": 1_000})
    assert min(bar["width"] for bar in marks(wide, kind="rect")) > 4
    frame = pd.DataFrame({"day": days.repeat(2), "price": range(1, 339), "kind": list("ab") * 169})
    panels = chart_of(frame, "bar", "x=value day", "y=value price", "column=category kind")
    assert 1 < min(bar["width"] for bar in marks(panels, kind="rect")) < 2


def test_few_cells_have_their_values_written_in_them() -> None:
    frame = pd.DataFrame({"grade": list("abc") * 40, "kept": (["no"] * 3 + ["yes"]) * 30})
    frame = frame.iloc[: len(frame) - 7]
    made = chart_of(frame, "rect", "x=category grade", "y=category kept", "color=count")
    counts = {str(record["color"]) for record in made.drawn["data"]["values"]}
    written = {mark["text"]: mark["fill"] for mark in marks(made, kind="text")}
    assert counts <= set(written)
    # On dark cells they are light, on light ones dark.
    assert written[max(counts, key=int)] == "black" and written[min(counts, key=int)] == "white"


def test_many_points_of_one_label_are_spread_over_its_place() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"kind": ["tea"] * 90 + ["cake"] * 3, "days": rng.normal(9, 2, 93)})
    made = chart_of(frame, "point", "x=category kind", "y=value days")
    places = [point["x"] for point in marks(made)]
    assert len(set(places)) > 60 and max(places) - min(places) < 2 * 64
    assert places[-3] == places[-2] == places[-1]  # few stand on a line
    again = chart_of(frame, "point", "x=category kind", "y=value days")
    assert again.drawn["data"] == made.drawn["data"]
    panels = frame.assign(where=["in", "out", "by"] * 31)
    texts = chart_of(panels, "point", "x=category kind", "y=value days", "column=category where")
    assert len({point["x"] for point in marks(texts)}) > 20
