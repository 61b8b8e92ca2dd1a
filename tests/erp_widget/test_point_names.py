"""Names beside points: where they stand, who has one, and that nobody is named unasked."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS, chart_of, compile_warnings, schema_problems

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.drawing.label_places import HALF, label_places
from erp_widget.drawing.point_names import MAX_ALL, MAX_ROOM, SOME, shortened
from erp_widget.drawing.point_places import Points
from erp_widget.export.image import png
from erp_widget.gallery.packing import packed

STARTS = ("Al", "Bo", "Cor", "Dun", "Ess", "Fal", "Gor", "Hul", "Ilk", "Jor", "Kel", "Lim", "Mor")
SIZE = (320.0, 220.0)


def towns(n: int) -> pd.DataFrame:
    """Return rows with names, two linked measures, one that leans, and places."""
    rng = np.random.default_rng(8)
    names = [
        f"{start}{middle}{end}" for middle in "aeiou" for end in "bdfglmnprst" for start in STARTS
    ]
    rent = rng.normal(50, 9, n).round(1)
    return pd.DataFrame(
        {
            "town": names[:n],
            "rent": rent,
            "wage": (rent * 40 + rng.normal(0, 300, n)).round(),
            "people": rng.lognormal(8, 2, n).round() + 1,
            "visits": np.where(rng.random(n) < 0.3, 0, rng.lognormal(4, 2, n).round()),
            "coast": rng.choice(["yes", "no"], n),
            "lon": rng.uniform(-9, 30, n).round(2),
            "lat": rng.uniform(36, 60, n).round(2),
        }
    )


SCATTER = ("point", "x=value rent", "y=value wage")
MAP = ("point", "x=value lon", "y=value lat")
FORMS = (
    SCATTER,
    (*SCATTER, "color=category coast"),
    (*SCATTER, "size=value people"),
    (*SCATTER, "column=category coast"),
    ("point", "x=value people", "y=value visits"),
    MAP,
    (*MAP, "size=value people"),
)


def labelled(chart: Chart) -> list[dict[str, Any]]:
    return [row for row in chart.drawn["data"]["values"] if row.get("label")]


def text_layer(spec: dict[str, Any]) -> dict[str, Any]:
    layers = spec.get("layer") or spec["spec"]["layer"]
    found: dict[str, Any] = next(one for one in layers if one["mark"].get("type") == "text")
    return found


@pytest.mark.parametrize("chart", FORMS, ids=" ".join)
@pytest.mark.parametrize("n", [18, 120])
def test_names_are_drawn_by_both_versions_and_kept(
    chart: tuple[str, ...], n: int, capfd: pytest.CaptureFixture[str]
) -> None:
    made = chart_of(towns(n), *chart)
    assert labelled(made)
    assert schema_problems(made.drawn) == []
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
    assert png(made.drawn)[:4] == b"\x89PNG"
    kept = Chart.from_record(json.loads(json.dumps(made.to_record())))
    assert (kept.design, kept.design.style.names) == (made.design, "town")
    assert made.to_altair().to_dict()["data"] is not None


def points_of(svg: str) -> list[tuple[float, float]]:
    """Return where a picture has its points, from the edge of its plot."""
    group = svg[svg.index("mark-symbol role-mark") :]
    group = group[: group.index("</g>")]
    return [
        (float(x), float(y))
        for x, y in re.findall(r'transform="translate\(([-\d.e]+),([-\d.e]+)\)"', group)
    ]


@pytest.mark.parametrize(
    "chart", [form for form in FORMS if "column=category coast" not in form], ids=" ".join
)
def test_places_are_those_at_which_points_are_drawn(
    chart: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Points] = []
    monkeypatch.setattr(
        "erp_widget.drawing.point_names.label_places",
        lambda points, *rest: seen.append(points) or label_places(points, *rest),
    )
    made = chart_of(towns(40), *chart)
    drawn = points_of(vl_convert.vegalite_to_svg(made.drawn))
    x, y = seen[0].at(made.drawn["width"], made.drawn["height"])
    told = sorted(zip(x.tolist(), y.tolist(), strict=True))
    assert np.allclose(sorted(drawn), told, atol=1.5)


def test_what_lies_beyond_an_axis_is_named_at_its_edge() -> None:
    frame = towns(400)
    frame.loc[3, "wage"] = 900_000
    made = chart_of(frame, *SCATTER)
    assert "beyond" in str(made.note)
    far = next(row for row in labelled(made) if row["y"] == 900_000)
    assert far["label"] == frame.loc[3, "town"]


def boxes(chart: Chart, width: float, height: float) -> list[tuple[float, ...]]:
    """Return what names of a scatter plot take at some width, by the browser's own reckoning."""
    rows = [row for row in labelled(chart) if row["least"] <= width]
    found = []
    values = chart.drawn["data"]["values"]
    for row in rows:
        places = []
        for channel, extent in (("x", width), ("y", height)):
            numbers = [one[channel] for one in values]
            share = (row[channel] - min(numbers)) / (max(numbers) - min(numbers))
            places.append(7 + (share if channel == "x" else 1 - share) * (extent - 14))
        wide = shortened(row["name"])[1]
        left = places[0] + row["dx"] - {"left": 0, "right": 1, "center": 0.5}[row["align"]] * wide
        middle = places[1] + row["dy"]
        found.append((left, middle - HALF, left + wide, middle + HALF))
    return found


@pytest.mark.parametrize("n", [12, 40, 150])
@pytest.mark.parametrize("width", [165, 250, 320, 460, 700])
def test_names_touch_neither_each_other_nor_the_edge(n: int, width: float) -> None:
    made = chart_of(towns(n), *SCATTER)
    placed = boxes(made, width, SIZE[1])
    assert placed
    for left, top, right, bottom in placed:
        assert left >= -1 and top >= -1 and right <= width + 1 and bottom <= SIZE[1] + 1
    for one, other in combinations(placed, 2):
        apart = one[0] >= other[2] - 2 or other[0] >= one[2] - 2
        assert apart or one[1] >= other[3] - 2 or other[1] >= one[3] - 2


def test_few_points_are_all_named_and_of_many_those_that_stand_out() -> None:
    assert len(labelled(chart_of(towns(8), *SCATTER))) == 8
    many = chart_of(towns(150), *SCATTER)
    assert 3 <= len(labelled(many)) <= SOME[200]
    rows = many.drawn["data"]["values"]
    ends = {end(rows, key=lambda row: row["y"])["name"] for end in (min, max)}
    assert ends <= {row["label"] for row in labelled(many)}
    assert MAX_ALL < 150


def test_more_names_have_room_in_a_wider_plot() -> None:
    made = chart_of(towns(40), *SCATTER)
    counts = [len(boxes(made, width, SIZE[1])) for width in (165, 250, 460)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert "width >= datum.least" in text_layer(made.drawn)["encoding"]["text"]["condition"]["test"]
    panels = chart_of(towns(40), *SCATTER, "column=category coast")
    assert "child_width" in text_layer(panels.drawn)["encoding"]["text"]["condition"]["test"]


def test_thousands_have_no_names() -> None:
    frame = pd.concat([towns(700)] * 3, ignore_index=True)
    frame["town"] = [f"{town} {n}" for n, town in enumerate(frame["town"])]
    made = chart_of(frame, *SCATTER)
    assert made.design.style.names is None
    assert "name" not in made.drawn["data"]["values"][0]


def test_long_names_are_cut_and_told_by_the_pointer_and_to_those_who_hear_them() -> None:
    frame = towns(12)
    frame.loc[:, "town"] = frame["town"] + " under the very high hill"
    made = chart_of(frame, *SCATTER)
    texts = [row["label"] for row in labelled(made)]
    assert texts and all(text.endswith("…") and shortened(text)[1] <= MAX_ROOM for text in texts)
    assert made.drawn["encoding"]["tooltip"][0] == {
        "field": "name",
        "type": "nominal",
        "title": "town",
    }
    highest = frame.loc[frame["rent"].idxmax(), "town"]
    assert f"({highest})" in made.description


def test_names_that_look_alike_once_cut_are_not_written() -> None:
    frame = towns(12)
    frame.loc[:, "town"] = "Municipality of the county of " + frame["town"]
    assert labelled(chart_of(frame, *SCATTER)) == []


def test_many_characters_are_no_burden() -> None:
    frame = towns(199)
    frame.loc[:, "town"] = frame["town"] + " beside the long river"
    made = chart_of(frame, *SCATTER)
    assert all("name" not in row for row in made.drawn["data"]["values"])
    assert [field["field"] for field in made.drawn["encoding"]["tooltip"]] == ["x", "y"]
    assert len(json.dumps(packed(made.drawn))) < 10_000


def test_nobody_is_named_by_a_column_that_no_chart_may_show() -> None:
    gallery = erp.recommend(towns(40), without=["town"], mark="point")
    assert len(gallery) > 2
    assert all("name" not in row for chart in gallery for row in chart.drawn["data"]["values"])


def names_of(svg: str) -> dict[str, tuple[float, ...]]:
    """Return where in its panel a picture has each town's name."""
    towns_named = set(towns(400)["town"])
    found = re.findall(r"<text([^>]*)translate\(([-\d.e]+),([-\d.e]+)\)[^>]*>([^<]+)<", svg)
    ends = {"start": 0.0, "middle": 1.0, "end": 2.0}
    return {
        name: (float(x), float(y), ends[re.findall(r'text-anchor="(\w+)"', tag)[0]])
        for tag, x, y, name in found
        if name in towns_named
    }


@pytest.mark.parametrize("chart", FORMS, ids=" ".join)
@pytest.mark.parametrize("n", [18, 120])
def test_code_writes_names_where_the_gallery_does(
    chart: tuple[str, ...], n: int, capfd: pytest.CaptureFixture[str]
) -> None:
    frame = towns(n)
    made = chart_of(frame, *chart)
    scope: dict[str, Any] = {"df": frame}
    exec(made.code(), scope)
    spec = json.loads(scope["chart"].to_json())
    assert compile_warnings(spec, capfd, VERSIONS[-1]) == ""
    told = names_of(vl_convert.vegalite_to_svg(spec))
    drawn = names_of(vl_convert.vegalite_to_svg(made.drawn))
    assert len(told) >= 3
    assert told.keys() == drawn.keys()
    for name, place in told.items():
        assert place == pytest.approx(drawn[name], abs=1.0), name
    assert scope["chart"].to_dict().get("title") == made.title or made.title in json.dumps(spec)


def test_code_names_points_beside_columns_called_as_their_places() -> None:
    frame = towns(18).rename(columns={"rent": "dx", "town": "the.town", "coast": "align"})
    made = chart_of(frame, "point", "x=value dx", "y=value wage", "column=category align")
    scope: dict[str, Any] = {"df": frame}
    exec(made.code(), scope)
    assert scope["chart"].to_dict()
    assert (
        names_of(vl_convert.vegalite_to_svg(scope["chart"].to_json())).keys()
        == names_of(vl_convert.vegalite_to_svg(made.drawn)).keys()
    )


def test_code_of_what_lies_beyond_an_axis_ends_there_too() -> None:
    frame = towns(400)
    frame.loc[3, "wage"] = 900_000
    made = chart_of(frame, *SCATTER)
    scope: dict[str, Any] = {"df": frame}
    exec(made.code(), scope)
    told = names_of(vl_convert.vegalite_to_svg(scope["chart"].to_json()))
    drawn = names_of(vl_convert.vegalite_to_svg(made.drawn))
    assert told.keys() == drawn.keys()
    assert all(told[name] == pytest.approx(drawn[name], abs=1.0) for name in drawn)


@pytest.mark.parametrize("held", ["duckdb", "parquet"])
def test_names_come_from_wherever_the_table_is(
    held: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = towns(200)
    frame.to_parquet(tmp_path / "towns.parquet")
    monkeypatch.setattr("erp_widget.sources.table.SAMPLE_ROWS", 250)
    path = tmp_path / "towns.parquet"
    own = duckdb.connect()
    data: Any = path if held == "parquet" else own.sql(f"SELECT * FROM '{path}'")
    here, there = (erp.recommend(one, mark="point", k=4) for one in (frame, data))
    for chart, other in zip(here, there, strict=True):
        assert chart.design == other.design
        assert sorted(map(str, labelled(chart))) == sorted(map(str, labelled(other)))
