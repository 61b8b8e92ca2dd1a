"""Ranked groups, shares, maps and layers: what is drawn, what is written, and what is said."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import (
    VERSIONS,
    chart_id,
    chart_of,
    compile_warnings,
    rows_of,
    schema_problems,
)

from erp_widget.chart import Chart
from erp_widget.export.image import png, svg

RNG = np.random.default_rng(5)
N = 900
TOP = 12


def raw_table() -> pd.DataFrame:
    cities = [f"city {i:02d}" for i in range(70)]
    weights = RNG.dirichlet(np.full(70, 0.8))
    lead = RNG.choice(["web", "shop", "phone", "fair"], N, p=[0.74, 0.16, 0.06, 0.04])
    new = np.where(lead == "web", 0.8, 0.3)
    frame = pd.DataFrame(
        {
            "city": RNG.choice(cities, N, p=weights),
            "lead": lead,
            "buyer": np.where(RNG.random(N) < new, "new", "old"),
            "amount": RNG.lognormal(3, 1, N).round(1),
            "price": RNG.lognormal(2, 0.6, N).round(2),
            "lat": RNG.normal(48, 2, N).round(3),
            "lon": RNG.normal(10, 4, N).round(3),
        }
    )
    frame.loc[:20, "city"] = None
    frame.loc[30:40, "price"] = None
    return frame


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return raw_table()


RANKED = (
    ("bar", "x=category city", "y=count"),
    ("bar", "x=category city", "y=sum amount"),
    ("bar", "x=category city", "y=mean price"),
    ("bar", "x=category city", "y=median price"),
    ("bar", "x=category city", "y=max price"),
)
FORMS = (
    *RANKED,
    ("bar", "x=category lead", "y=count", "color=category buyer"),
    ("bar", "x=category lead", "y=sum amount", "color=category buyer"),
    ("point", "x=value lon", "y=value lat", "color=category buyer", "size=value amount"),
    ("bar", "x=bin price", "y=count"),
    ("bar", "x=category lead", "y=mean price"),
)


def with_rows(made: Chart, frame: pd.DataFrame) -> dict[str, Any]:
    return made.declared | {"data": {"values": json.loads(frame.to_json(orient="records"))}}


@pytest.mark.parametrize("chart", FORMS, ids=chart_id)
def test_forms_are_valid_in_both_versions(
    table: pd.DataFrame, chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    made = chart_of(table, *chart)
    declared = with_rows(made, table)
    assert schema_problems(made.drawn) == schema_problems(declared) == []
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
        assert compile_warnings(declared, capfd, version) == ""
    assert png(made.drawn)[:4] == b"\x89PNG"
    assert "undefined" not in svg(made.drawn)
    kept = Chart.from_record(json.loads(json.dumps(made.to_record())))
    assert kept.design == made.design


@pytest.mark.parametrize("chart", FORMS, ids=chart_id)
def test_the_code_takes_the_same_steps(table: pd.DataFrame, chart: tuple[str, ...]) -> None:
    made = chart_of(table, *chart)
    scope: dict[str, Any] = {"df": table}
    exec(made.code(), scope)
    written = scope["chart"].to_dict()
    assert written.get("transform", []) == made.declared.get("transform", [])
    assert written["encoding"] == made.declared["encoding"]
    assert written.get("projection") == made.declared.get("projection")


# --- ranked groups


def wanted_bars(frame: pd.DataFrame, measure: str) -> dict[str, float]:
    aggregate, _, name = measure.partition(" ")
    keys = frame["city"].fillna("(missing)")
    values = frame[name] if name else frame["lead"]
    sizes = values.groupby(keys).agg(aggregate).dropna()
    kept = sizes.sort_values(ascending=False, kind="stable").index[:TOP]
    rest = values[~keys.isin(kept)]
    label = f"other ({len(sizes) - TOP} more)"
    return dict(sizes[kept]) | {label: rest.agg(aggregate)}


@pytest.mark.parametrize("chart", RANKED, ids=chart_id)
def test_the_largest_groups_stand_alone_and_the_others_together(
    table: pd.DataFrame, chart: tuple[str, ...]
) -> None:
    shown = rows_of(table, *chart)
    bars = {r["y"]: r["x"] for r in shown.records}
    assert bars == pytest.approx(wanted_bars(table, chart[2].removeprefix("y=")), rel=1e-5)
    n_cities = table["city"].nunique() + 1
    assert shown.note is not None
    assert f"the 12 largest of {n_cities} values of city; the other {n_cities - 12}" in shown.note


def bars_of(spec: dict[str, Any]) -> dict[str, float]:
    """Return what Vega draws: the bars' labels and values, by their accessible names."""
    labels = re.findall(r'aria-label="([^"]*)" role="graphics-symbol" aria-roled', svg(spec))
    found = {}
    for label in labels:
        parts = dict(part.split(": ", 1) for part in label.split("; "))
        value = next(v for name, v in parts.items() if name != "city")
        found[parts["city"]] = float(value.replace(",", "").replace("\u2212", "-"))
    return found


@pytest.mark.parametrize("chart", RANKED, ids=chart_id)
def test_what_is_written_draws_the_same_bars(table: pd.DataFrame, chart: tuple[str, ...]) -> None:
    full = table.dropna(subset=["city"])
    made = chart_of(full, *chart)
    declared = bars_of(with_rows(made, full))
    drawn = {r["y"]: r["x"] for r in made.drawn["data"]["values"]}
    assert declared == pytest.approx(drawn, rel=1e-5)
    assert len(declared) == TOP + 1


def test_the_others_are_last_and_told_apart_in_words(table: pd.DataFrame) -> None:
    made = chart_of(table, *RANKED[1])
    labels = made.drawn["encoding"]["y"]["sort"]
    assert [label for label in labels if label != "(missing)"][-1].startswith("other (")
    bars, text = made.drawn["layer"]
    # Fifty-eight cities together would make stubs of twelve: words stand in place of their bar.
    assert bars["transform"] == [{"filter": "!datum.others"}]
    scale = made.drawn["encoding"]["x"]["scale"]
    named = [r["x"] for r in made.drawn["data"]["values"] if "others" not in r]
    assert scale["clamp"] is True and max(named) < scale["domain"][1] < 1.1 * max(named)
    assert text["transform"] == [{"filter": "datum.others"}]
    assert made.drawn["data"]["values"][-1]["label"].endswith(", beyond this axis →")
    assert "Highest: other" not in made.description
    assert "Other groups together: " in made.description
    assert re.search(r"Of \d+ values of city, city \d\d has the largest total amount", made.reason)


def test_names_that_a_ranking_would_take_stay_the_tables_own(
    table: pd.DataFrame, capfd: pytest.CaptureFixture[str]
) -> None:
    frame = table.rename(columns={"city": "rank", "amount": "size"})
    made = chart_of(frame, "bar", "x=category rank", "y=sum size")
    assert compile_warnings(with_rows(made, frame), capfd, VERSIONS[0]) == ""
    assert made.fields == ("size", "rank")
    found = rows_of(frame, "bar", "x=category rank", "y=sum size")
    assert [r["x"] for r in found.records] == [r["x"] for r in rows_of(table, *RANKED[1]).records]


@pytest.mark.parametrize("name", ["a.b", "it's", 'say "hi"', "x[0]", "<b>", "back\\slash", "größe"])
def test_ranked_groups_of_any_name_are_drawn(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    labels = [f"{name} {i}" for i in range(80) for _ in range(i + 2)]
    frame = pd.DataFrame({name: labels, "n": np.arange(len(labels)) % 7})
    made = chart_of(frame, "bar", f"x=category {name}", "y=sum n")
    assert len(made.drawn["data"]["values"]) == TOP + 1
    declared = with_rows(made, frame)
    assert compile_warnings(declared, capfd, VERSIONS[0]) == ""
    drawn = vl_convert.vegalite_to_svg(declared, vl_version=VERSIONS[0])
    assert "other (68 more)" in drawn
    assert "undefined" not in drawn


# --- shares


def test_parts_of_unequal_bars_are_drawn_as_shares(table: pd.DataFrame) -> None:
    made = chart_of(table, "bar", "x=category lead", "y=count", "color=category buyer")
    assert made.title == "Share of records by lead, split by buyer"
    y = made.drawn["encoding"]["y"]
    assert (y["title"], y["stack"], y["axis"]["format"]) == ("Share of records", "normalize", "%")
    counts = table.groupby(["lead", "buyer"]).size()
    for record in made.drawn["data"]["values"]:
        lead, buyer = record["x"], record["color"]
        assert record["y"] == counts[lead, buyer]
        assert record["share"] == pytest.approx(counts[lead, buyer] / counts[lead].sum(), abs=1e-4)
    written = made.declared["encoding"]["y"]
    assert written["stack"] == "normalize"
    assert written["axis"] == {"format": "%"}
    shares = counts.unstack() / counts.groupby("lead").sum().to_numpy()[:, None]
    top = shares["new"].idxmax()
    assert f"new: {shares['new'].max():.0%} of {top}" in made.description
    assert (
        made.reason.startswith("buyer is ")
        and f"where lead is {shares['old'].idxmax()}" in made.reason
    )


def test_bars_of_about_one_height_or_of_like_parts_are_piled(table: pd.DataFrame) -> None:
    even = table.assign(lead=["web", "shop", "fair"] * (N // 3))
    made = chart_of(even, "bar", "x=category lead", "y=count", "color=category buyer")
    assert made.design.style.stack == "zero"
    mixed = table.assign(buyer=RNG.choice(["new", "old"], N))
    made = chart_of(mixed, "bar", "x=category lead", "y=count", "color=category buyer")
    assert made.design.style.stack == "zero"


# --- maps


def test_places_stand_on_a_map_with_north_upwards(table: pd.DataFrame) -> None:
    made = chart_of(table, "point", "x=value lon", "y=value lat")
    encoding = made.drawn["encoding"]
    assert {"longitude", "latitude"} <= encoding.keys()
    assert not {"x", "y"} & encoding.keys()
    assert made.declared["encoding"]["longitude"]["field"] == "lon"
    assert made.declared["encoding"]["latitude"]["field"] == "lat"
    assert {(r["x"], r["y"]) for r in made.drawn["data"]["values"]} == set(
        table[["lon", "lat"]].itertuples(index=False, name=None)
    )
    assert made.description.startswith("Map of places. ")
    # As high as the places are, in degrees that shrink towards the north.
    ratio = made.drawn["height"] / made.drawn["width"]
    span = np.ptp(table["lat"]) / np.cos(np.radians(table["lat"].mean())) / np.ptp(table["lon"])
    assert ratio == pytest.approx(span, rel=0.05)


@pytest.mark.parametrize(
    ("latitude", "longitude", "titled"),
    [
        ("start_lat", "start_lon", "Map of places (start)"),
        ("startLat", "startLon", "Map of places (start)"),
        ("NYC latitude", "NYC longitude", "Map of places (NYC)"),
    ],
)
def test_a_map_says_whose_places_it_shows(
    table: pd.DataFrame, latitude: str, longitude: str, titled: str
) -> None:
    named = table.rename(columns={"lat": latitude, "lon": longitude})
    made = chart_of(named, "point", f"x=value {longitude}", f"y=value {latitude}")
    assert made.title == titled


def test_points_fill_their_map_and_a_map_needs_no_other_file(table: pd.DataFrame) -> None:
    made = chart_of(table, "point", "x=value lon", "y=value lat")
    drawn = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    places = re.findall(r'transform="translate\(([\d.]+),([\d.]+)\)" d="M', drawn)
    across = [float(x) for x, _ in places]
    assert max(across) - min(across) == pytest.approx(made.drawn["width"], abs=2)
    assert "url" not in json.dumps(made.drawn["data"])


def test_other_points_and_panels_are_no_maps(table: pd.DataFrame) -> None:
    for chart in (
        ("point", "x=value lon", "y=value amount"),
        ("point", "x=value lon", "y=value lat", "row=category buyer"),
    ):
        assert not chart_of(table, *chart).design.style.projected


def test_the_whole_world_is_drawn_in_plain_degrees() -> None:
    frame = pd.DataFrame(
        {"latitude": RNG.uniform(-60, 78, 90), "longitude": RNG.uniform(-170, 175, 90)}
    )
    made = chart_of(frame, "point", "x=value longitude", "y=value latitude")
    assert made.drawn["projection"] == {"type": "equirectangular"}


@pytest.mark.parametrize("shift", [0, 360])
def test_places_on_both_sides_of_the_180th_meridian_lie_together(shift: int) -> None:
    east = RNG.uniform(165, 188, 90)
    longitudes = np.where(east > 180, east - 360 + shift, east)
    frame = pd.DataFrame({"latitude": RNG.uniform(-40, -10, 90), "longitude": longitudes})
    made = chart_of(frame, "point", "x=value longitude", "y=value latitude")
    drawn = vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    across = sorted(
        float(x) for x in re.findall(r'transform="translate\(([\d.]+),[\d.]+\)" d="M', drawn)
    )
    assert max(later - x for x, later in pairwise(across)) < made.drawn["width"] / 4
    assert across[-1] - across[0] == pytest.approx(made.drawn["width"], abs=2)


# --- lines and log scales


def test_no_line_runs_to_the_rows_without_a_step(table: pd.DataFrame) -> None:
    ages = np.resize(["1 to 5", "6 to 9", "10 to 12", None], N)
    frame = table.assign(age=ages)
    made = chart_of(frame, "line", "x=category age", "y=mean amount")
    assert [r["x"] for r in made.drawn["data"]["values"]] == ["1 to 5", "10 to 12", "6 to 9"]
    assert made.note == f"not shown: {N // 4} of {N} rows without age"
    bars = chart_of(frame, "bar", "x=category age", "y=mean amount")
    assert "(missing)" in {r["x"] for r in bars.drawn["data"]["values"]}


def test_boxes_and_strips_over_decades_have_a_log_scale() -> None:
    frame = pd.DataFrame({"n": RNG.lognormal(4, 3, 400), "g": ["a", "b"] * 200})
    box = chart_of(frame, "boxplot", "x=category g", "y=value n").drawn
    assert box["encoding"]["y"]["scale"]["type"] == "log"
    strip = chart_of(frame, "tick", "x=value n")
    assert strip.drawn["encoding"]["x"]["scale"]["type"] == "log"
    assert strip.declared["encoding"]["x"]["scale"] == {"type": "log"}


# --- layers


def test_a_histogram_shows_the_median(table: pd.DataFrame) -> None:
    made = chart_of(table, "bar", "x=bin price", "y=count")
    rule = made.drawn["layer"][1]
    assert rule["mark"]["type"] == "rule"
    assert rule["data"]["values"][0]["x"] == pytest.approx(table["price"].median())
    assert rule["data"]["values"][0]["label"] == f"median {table['price'].median():.4g}"
    assert made.declared["mark"]["type"] == "bar", "what is written stays one view"
    assert "layer" not in made.declared


def test_the_median_of_a_sample_says_about() -> None:
    frame = pd.DataFrame({"n": RNG.normal(50, 9, 11_000)})
    made = chart_of(frame, "bar", "x=bin n", "y=count")
    assert made.drawn["layer"][1]["data"]["values"][0]["label"].startswith("median about ")


def test_few_bars_say_their_values_and_many_do_not(table: pd.DataFrame) -> None:
    made = chart_of(table, "bar", "x=category lead", "y=mean price")
    means = table.groupby("lead")["price"].mean()
    labels = {r["x"]: r["label"] for r in made.drawn["data"]["values"]}
    assert labels == {lead: f"{mean:.2f}" for lead, mean in means.items()}
    assert made.drawn["layer"][1]["mark"]["type"] == "text"
    many = chart_of(table, *RANKED[2])
    assert "layer" not in many.drawn
    panels = chart_of(table, "bar", "x=category lead", "y=mean price", "row=category buyer")
    assert "layer" not in json.dumps(panels.drawn)


# --- the widest and the smallest numbers

WIDE = {
    "smallest": (-323.2, 0.0),
    "all but nothing": (-323.2, -306.0),
    "largest": (200.0, 308.2),
    "all there are": (-320.0, 308.2),
    "at the end": (296.5, 299.9),
}


@pytest.mark.parametrize(
    "chart",
    [
        ("point", "x=value n", "y=value m"),
        ("bar", "x=bin n", "y=count"),
        ("rect", "x=bin n", "y=bin m", "color=count"),
        ("boxplot", "x=category g", "y=value n"),
        ("tick", "x=value n"),
        ("point", "x=value n", "y=value m", "color=value n", "size=value m"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("powers", WIDE.values(), ids=WIDE)
def test_numbers_of_any_size_are_drawn(
    powers: tuple[float, float], chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    numbers = 10.0 ** np.random.default_rng(0).uniform(*powers, 200)
    frame = pd.DataFrame({"n": numbers, "m": numbers[::-1], "g": list("abcd") * 50})
    made = chart_of(frame, *chart)
    assert "inf" not in json.dumps(made.drawn, allow_nan=False).lower()
    assert vl_convert.vegalite_to_svg(made.drawn, vl_version=VERSIONS[0])
    assert "<path" in made.to_svg()
    assert "ERROR" not in capfd.readouterr().err
