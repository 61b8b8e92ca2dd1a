"""Altair code and charts: they run as they are, on the user's own frame, and draw the same."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from collections import namedtuple
from pathlib import Path
from typing import Any

import altair
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import vl_convert
from exported import HOSTILE_NAMES, charts, sales
from made_charts import chart_of, design_of, schema_problems
from msgspec.structs import replace
from pyarrow.dataset import dataset

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.question import Question, columns_of
from erp_widget.sources import open_table


def run(chart: Chart, frame: Any) -> dict[str, Any]:
    """Run the code in a process' own names, as a person who pastes it does."""
    names: dict[str, Any] = {"df": frame}
    exec(chart.code(), names)
    made: dict[str, Any] = names["chart"].to_dict()
    return made


def marks(spec: dict[str, Any], shape: str) -> int:
    """Return how many marks of a shape a spec draws."""
    root = ET.fromstring(vl_convert.vegalite_to_svg(spec))
    groups = [g for g in root.iter() if f"mark-{shape} role-mark" in g.get("class", "")]
    return sum(len(group) for group in groups)


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.mark)
@pytest.mark.parametrize(
    "library", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "arrow"]
)
def test_code_runs_on_the_users_frame(chart: Chart, library: Any) -> None:
    made = run(chart, library(sales()))
    assert made["mark"]["type"] == chart.mark
    asked = chart.to_vegalite(data="none")
    assert made["encoding"].keys() == asked["encoding"].keys()
    for channel, definition in asked["encoding"].items():
        for name in ("field", "aggregate", "bin", "timeUnit", "type"):
            assert made["encoding"][channel].get(name) == definition.get(name), (channel, name)
    assert schema_problems(made) == []


@pytest.mark.parametrize(
    ("mark", "shape"), [("bar", "rect"), ("point", "symbol"), ("tick", "rect"), ("arc", "arc")]
)
def test_code_draws_what_was_recommended(mark: str, shape: str) -> None:
    chart = next(chart for chart in charts() if chart.mark == mark)
    made = run(chart, pd.DataFrame(sales()))
    assert marks(made, shape) == marks(chart.drawn, shape) > 1


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_code_finds_columns_of_any_name(name: str) -> None:
    data = {name: ["p", "q", "r"] * 20, f"{name}2": list(range(60))}
    bars = chart_of(data, "bar", f"x=category {name}", f"y=mean {name}2")
    assert marks(run(bars, pd.DataFrame(data)), "rect") == marks(bars.drawn, "rect") == 3
    points = chart_of({**data, "n": [*range(60)]}, "point", f"x=value {name}2", "y=value n")
    frame = pd.DataFrame({**data, "n": [*range(60)]})
    assert marks(run(points, frame), "symbol") == 60


@pytest.mark.parametrize("name", ['pipe 5"', "it's", "a\"b 'c'"])
def test_code_of_a_box_plot_has_names_without_quotes(name: str) -> None:
    data = {name: [n * 7 % 31 + n % 5 for n in range(60)], "sh'op": ["p", "q", "r"] * 20}
    boxes = chart_of(data, "boxplot", "x=category sh'op", f"y=value {name}")
    made = run(boxes, pd.DataFrame(data))
    assert made["encoding"]["y"]["title"] == name
    assert marks(made, "rect") >= 3  # boxes


def test_code_of_a_large_table_lifts_altairs_limit() -> None:
    data = {"n": list(range(6_000)), "kind": ["a", "b"] * 3_000}
    chart = chart_of(data, "bar", "x=category kind", "y=count")
    limit = altair.data_transformers.active, dict(altair.data_transformers.options)
    try:
        assert marks(run(chart, pd.DataFrame(data)), "rect") == 2
    finally:
        altair.data_transformers.enable(limit[0], **limit[1])


@pytest.mark.parametrize(
    "values",
    [
        [n % 11 for n in range(120)],
        [n * n / 97 for n in range(90)],
        [*(n % 60 + n % 7 * 0.37 for n in range(400)), 9_000.0],
    ],
    ids=["ratings", "numbers", "one far away"],
)
def test_code_of_a_histogram_has_the_bins_that_are_drawn(values: list[float]) -> None:
    histogram = chart_of({"n": values}, "bar", "x=bin n", "y=count")
    made = run(histogram, pd.DataFrame({"n": values}))
    assert marks(made, "rect") == marks(histogram.drawn, "rect") > 5
    assert schema_problems(made) == []


def shops(**columns: list[Any]) -> pd.DataFrame:
    """Return a frame of twelve shops: their kind, two measures, and other columns."""
    sold = [7 * n % 31 + 1 for n in range(12)]
    own = {"kind": ["a", "b", "c"] * 4, "sold": sold, "paid": [n * 1.5 for n in sold]}
    return pd.DataFrame(own | columns)


def renamed(names: list[Any]) -> pd.DataFrame:
    frame = shops()
    frame.columns = pd.Index(names, dtype=object)
    return frame


#: Mark -> what its drawing is made of, where that is not rectangles.
SHAPES = {"point": "symbol", "line": "line", "area": "area", "arc": "arc"}
ODD_FRAMES = {
    "pairs": shops().set_axis(
        pd.MultiIndex.from_tuples([("kind", ""), ("2025", "sold"), ("2025", "paid")]), axis=1
    ),
    "repeats": renamed(["kind", "x", "x"]),
    "blank": renamed(["kind", "", " "]),
    "numbers": renamed(["kind", 2024, 2025.5]),
    "index": shops().set_index("kind"),
    "dates": shops().drop(columns="kind").set_index(pd.date_range("2025-01-01", periods=12)),
    "levels": shops(place=list("pqrs") * 3).set_index(["kind", "place"]),
    "one name twice": pd.DataFrame(
        {"v": range(12)}, pd.MultiIndex.from_product([list("ab"), range(6)], names=["a", "a"])
    ),
    "same name": shops().set_index(pd.Index([*"aabbcc"] * 2, name="sold"), append=False),
    "series": shops().set_index("kind")["sold"],
    "zone": shops(at=pd.date_range("2026-03-25", periods=12, freq="h", tz="Asia/Tokyo")),
    "zone in the index": shops().set_index(
        pd.date_range("2026-03-25", periods=12, freq="h", tz="Asia/Tokyo", name="at")
    ),
    "nameless": pd.Series([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]),
}


@pytest.mark.parametrize("kind", ODD_FRAMES)
def test_code_finds_what_a_frame_calls_otherwise(kind: str) -> None:
    frame = ODD_FRAMES[kind]
    gallery = erp.recommend(frame, k=6)
    assert gallery
    for chart in gallery:
        names: dict[str, Any] = {"df": frame}
        exec(chart.code(), names)
        assert names["df"] is frame  # the code of the next chart starts from it
        made = names["chart"].to_dict()
        rows = next(iter(made["datasets"].values()))
        said = {str(name) for row in rows for name in row}
        fold = chart.design.style.fold
        made_up = set() if fold is None else {fold.key, fold.value}
        assert columns_of(chart.design) - made_up <= said, chart.code()
        if "at" in chart.fields:
            assert not any("+09:00" in str(row["at"]) for row in rows)  # the clock of its zone
        shape = SHAPES.get(chart.mark, "rect")
        assert marks(made, shape) == marks(chart.drawn, shape) > 0, chart.title
        kept = Chart.from_record(chart.to_record())
        assert kept.code() == chart.code()


Shop = namedtuple("Shop", "kind sold paid")
RECORDS = shops().to_dict("records")
ZONED = shops(at=pd.date_range("2026-03-25", periods=12, freq="h", tz="Asia/Tokyo"))
#: What else may be recommended for, none of which Altair draws as it is, or by its own clock.
OTHERS = {
    "dict": shops().to_dict("list"),
    "dict by row": shops().to_dict(),
    "dict of years": {"kind": list("abc") * 4, 2024: range(12), 2025: list(range(5, 17))},
    "records": RECORDS,
    "named tuples": [Shop(**record) for record in RECORDS],
    "records with a zone": ZONED.to_dict("records"),
    "array": np.random.default_rng(4).normal(size=(40, 3)),
    "array of records": shops()[["sold", "paid"]].to_records(index=False),
    "lazy": pl.from_pandas(shops()).lazy(),
    "polars' series": pl.Series("sold", range(12)),
    "polars with a zone": pl.from_pandas(ZONED),
    "lazy with a zone": pl.from_pandas(ZONED).lazy(),
    "Arrow with a zone": pa.Table.from_pandas(ZONED),
    "batch": pa.RecordBatch.from_pandas(shops()),
    "dataset": dataset(pa.Table.from_pandas(ZONED)),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_code_makes_a_frame_of_what_is_none(kind: str) -> None:
    agrees(OTHERS[kind])


def test_code_makes_a_frame_of_a_relation() -> None:
    sold = shops()
    agrees(duckdb.connect().from_df(sold))


def agrees(data: Any) -> None:
    """Recommend charts of data and see that their code draws as many marks of it, by its clock."""
    gallery = erp.recommend(data, k=6)
    assert gallery
    for chart in gallery:
        made = run(chart, data)
        rows = next(iter(made["datasets"].values()))
        if "at" in chart.fields:
            assert {str(row["at"])[:10] for row in rows} == {"2026-03-25"}
            assert not any(re.search(r"\+\d\d:|Z$", str(row["at"])) for row in rows)
        shape = SHAPES.get(chart.mark, "rect")
        assert marks(made, shape) == marks(chart.drawn, shape) > 0, chart.title


def test_code_of_a_file_says_what_a_frame_has_to_hold(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    rows = [f"{n % 28 + 1:02d}.0{n % 3 + 1}.2025;{'ab'[n % 2]};{n},5" for n in range(60)]
    path.write_text("day;shop;sold\n" + "\n".join(rows))
    gallery = erp.recommend(path, columns=["day", "sold"], k=1)
    line = "# df: the table of sales.csv, with dates in day and numbers in sold"
    assert line in gallery[0].code().splitlines()
    assert Chart.from_record(gallery[0].to_record()).code() == gallery[0].code()
    frame = pd.read_csv(path, sep=";", decimal=",", parse_dates=["day"], dayfirst=True)
    made = run(gallery[0], frame)
    shape = SHAPES.get(gallery[0].mark, "rect")
    assert marks(made, shape) == marks(gallery[0].drawn, shape) > 0


def written_as(name: str, folder: Path) -> Path:
    """Write a table as a file, plainly or as only we read it."""
    days = pd.date_range("2025-01-06", periods=90)
    frame = pd.DataFrame({"day": days, "shop": [*"abc"] * 30, "sold": np.arange(90) % 17 + 0.5})
    path = folder / name
    if path.suffix == ".parquet":
        indexed = frame.set_index("day") if "index" in name else frame
        indexed.to_parquet(path)
        return path
    form = "%d.%m.%Y" if "german" in name else None
    sep = {"semicolons.csv": ";", "plain.tsv": "\t"}.get(name, ",")
    text = frame.to_csv(index=False, sep=sep, date_format=form)
    if name == "noted.csv":
        text = "Sales of all shops\n\n" + text
    if name == "blank.csv":
        text = text.replace("day,shop", "day, shop")
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


PLAIN = ["plain.csv", "semicolons.csv", "plain.tsv", "packed.csv.gz", "plain.parquet", "it's.csv"]


@pytest.mark.parametrize("name", PLAIN)
def test_code_reads_a_plain_file(name: str, tmp_path: Path) -> None:
    path = written_as(name, tmp_path)
    gallery = erp.recommend(path, k=4)
    for chart in gallery:
        assert "\ndata = pd.read_" in chart.code() and "# df" not in chart.code()
        made = run(chart, None)
        shape = SHAPES.get(chart.mark, "rect")
        assert marks(made, shape) == marks(chart.drawn, shape) > 0


@pytest.mark.parametrize("name", ["german.csv", "noted.csv", "blank.csv", "index.parquet"])
def test_code_reads_no_file_that_others_read_otherwise(name: str, tmp_path: Path) -> None:
    path = written_as(name, tmp_path)
    code = erp.recommend(path, k=1)[0].code()
    assert f"# df: the table of {name}" in code
    assert "pd.read" not in code


def test_code_of_several_files_reads_none(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        written_as(name, tmp_path)
    assert "pd.read" not in erp.recommend(tmp_path / "*.csv", k=1)[0].code()


def test_code_of_a_plain_frame_takes_it_as_it_is() -> None:
    code = erp.recommend(shops(), k=1)[0].code()
    assert "alt.Chart(df," in code
    assert "data =" not in code
    assert "#" not in code


@pytest.mark.parametrize("title", ['it\'s "quoted"', "a\nb", "back\\slash", "{x}", "<script>"])
def test_titles_of_any_text_are_code(title: str) -> None:
    made = run(replace(charts()[0], title=title), pd.DataFrame(sales()))
    assert made["title"] == title


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.mark)
def test_an_altair_chart_is_the_same_chart(chart: Chart) -> None:
    made = chart.to_altair()
    assert isinstance(made, altair.TopLevelMixin)
    spec = made.to_dict()
    assert schema_problems(spec) == []
    assert picture(spec) == picture(chart.drawn)


def picture(spec: dict[str, Any]) -> str:
    """Return a picture without the numbers that the renderer counts up from chart to chart."""
    return re.sub(r"(gradient|clip)_?\d+", "", vl_convert.vegalite_to_svg(spec))


def test_code_tells_long_durations_in_the_unit_of_its_axis() -> None:
    lengths = [180_000 + 1_300 * at for at in range(90)]
    frame = pd.DataFrame({"duration_ms": lengths, "plays": range(90)})
    chart = chart_of(frame, "point", "x=value duration_ms", "y=value plays")
    assert chart.drawn["encoding"]["x"]["title"] == "duration_ms (min:s)"
    assert "3:00" in vl_convert.vegalite_to_svg(chart.drawn)
    made = run(chart, frame)
    assert made["transform"][0]["as"] == made["encoding"]["x"]["field"] == "duration_ms in minutes"
    assert marks(made, "symbol") == 90


ANSWERS = [("yes", "no"), (True, False), (1, 0), ("won", "lost"), ("red", "navy")]


@pytest.mark.parametrize("ends", ANSWERS, ids=str)
def test_code_has_the_colours_that_answers_mean(ends: tuple[Any, Any]) -> None:
    frame = pd.DataFrame(
        {
            "end": [*ends] * 40,
            "a": [n * 53 % 97 / 2 for n in range(80)],
            "b": [n * 37 % 89 / 4 for n in range(80)],
        }
    )
    frame = frame.astype({"end": object})
    frame.loc[70:, "end"] = None
    question = Question(open_table(frame), store=":memory:")
    design, _ = design_of(question.table, "point", "x=value a", "y=value b", "color=category end")
    made = run(question.chart(design), frame)
    scale = made["encoding"]["color"]["scale"]
    by = dict(zip(scale["domain"], scale["range"], strict=True))
    wanted = {"red": "#D62728", "navy": "#1F3A7A"}
    assert by[ends[0]] == wanted.get(str(ends[0]), "#0072B2")
    assert by[ends[1]] == wanted.get(str(ends[1]), "#E69F00")
    assert schema_problems(made) == []
    picture = vl_convert.vegalite_to_svg(made)
    # What is missing is grey, as it is in the gallery.
    assert {*re.findall(r'stroke="(#[0-9A-F]{6})"', picture)} >= {*scale["range"]}
    plain = design_of(question.table, "point", "x=value a", "y=value b")[0]
    assert "scale" not in run(question.chart(plain), frame)["encoding"].get("color", {})


@pytest.mark.parametrize("in_index", [False, True])
@pytest.mark.parametrize("called", ["town", "a.b[0]"])
def test_code_writes_names_beside_points(called: str, in_index: bool) -> None:
    towns = [f"{start}{end}" for start in ("Alba", "Bodo", "Cork") for end in "bcdfghjklm"]
    numbers = {"a": [n * 37 % 31 for n in range(30)], "b": [n * n % 23 for n in range(30)]}
    frame = pd.DataFrame({called: towns, **numbers})
    frame = frame.set_index(called) if in_index else frame
    question = Question(open_table(frame), store=":memory:")
    chart = question.chart(design_of(question.table, "point", "x=value a", "y=value b")[0])
    assert chart.design.style.names == called
    made = run(chart, frame)
    assert schema_problems(made) == []
    picture = vl_convert.vegalite_to_svg(made)
    rows = [row for row in chart.drawn["data"]["values"] if row["label"]]
    drawn = {row["label"] for row in rows if row["least"] <= chart.drawn["width"]}
    written = {*re.findall(r">([A-Z][a-z]+[b-m])</text>", picture)}
    assert written and written == drawn
    assert len(re.findall("b against a</text>", picture)) == 1
