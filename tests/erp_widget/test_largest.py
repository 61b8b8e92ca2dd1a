"""Bars of the largest rows: their rows whatever holds the table, their words, their code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
import vl_convert
from made_charts import VERSIONS

import erp_widget as erp
from erp_widget.aggregate import SharedRows
from erp_widget.aggregate.sketches import scaled
from erp_widget.chart import Chart
from erp_widget.sources import open_table
from vizmodel.design import Design, Encoding
from vizmodel.form.style import styled
from vizmodel.grammar.largest import TOP_ROWS
from vizmodel.profile import profile_table

SOUNDS = ["ba", "ko", "ri", "ten", "mar", "lo", "vi", "sun", "del", "kar"]


def names(n: int) -> list[str]:
    """Return names of one to four sounds, each once."""
    digits = [str(number) for number in range(20, 20 + n)]
    return ["".join(SOUNDS[int(digit)] for digit in number).title() for number in digits]


def towns(n: int = 140) -> pd.DataFrame:
    """Return towns of which one has no name and one no number; several are as large."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"town": names(n), "people": rng.lognormal(6, 1, n).round(-1)})
    frame.loc[3, "town"] = None
    frame.loc[8, "people"] = np.nan
    return frame


def largest(frame: pd.DataFrame) -> list[tuple[str, float]]:
    known = frame.dropna().sort_values(["people", "town"], ascending=[False, True])
    return list(known.head(TOP_ROWS).itertuples(index=False, name=None))


def bars_of(frame: pd.DataFrame) -> Design:
    bars = Design(
        "bar",
        (
            Encoding("x", "town", "category", "nominal"),
            Encoding("y", "people", "value", "quantitative"),
        ),
    )
    return styled(bars, profile_table(open_table(frame).sample(), len(frame)))


def first_chart(frame: Any) -> Chart:
    gallery = erp.recommend(frame, store=":memory:")
    return next(chart for chart in gallery[:2] if chart.design.of_largest)


@pytest.mark.parametrize("held", ["pandas", "polars", "duckdb", "large"])
def test_the_largest_rows_are_drawn_in_their_order(held: str, tmp_path: Path) -> None:
    frame = towns(30_000 if held == "large" else 140)
    design = bars_of(frame)
    frame.to_parquet(tmp_path / "towns.parquet")
    own = duckdb.connect()
    there: dict[str, Any] = {
        "polars": pl.from_pandas(frame),
        "duckdb": own.read_parquet(str(tmp_path / "towns.parquet")),
    }
    table = open_table(there.get(held, frame))
    found = SharedRows(table, [design]).rows(design)
    assert [(record["y"], record["x"]) for record in found.records] == largest(frame)
    assert found.note is not None
    assert found.note.startswith(f"the 20 largest of {len(frame) - 2:,} rows")
    assert f"not shown: 2 of {len(frame):,} rows without" in found.note
    assert table.n_scans <= 2


def test_numbers_in_their_names_do_not_order_them() -> None:
    frame = towns().dropna()
    frame["town"] = [f"Acme {n} GmbH" for n in range(len(frame))]
    places = {e.field: e.channel for e in first_chart(frame).design.encodings}
    shown = first_chart(frame).to_vegalite()["encoding"][places["town"]]["sort"]
    assert shown == [name for name, _ in largest(frame)]


def test_what_is_as_large_as_the_last_is_told() -> None:
    frame = pd.DataFrame({"town": names(100), "people": [*range(200, 219), *[150] * 3, *range(78)]})
    found = SharedRows(open_table(frame), []).rows(bars_of(frame))
    last = min(frame.town[19:22])
    assert (found.records[-1]["y"], found.records[-1]["x"]) == (last, 150)
    assert found.note == "the 20 largest of 100 rows; 2 more are as large as the last"


def test_rows_that_share_a_name_have_one_bar_of_their_mean() -> None:
    frame = pd.DataFrame({"town": names(100), "people": [900, *range(200, 299)]})
    frame.loc[99, "town"] = frame.loc[0, "town"]
    found = SharedRows(open_table(frame), []).rows(bars_of(frame))
    assert found.records[0] == {"y": frame.town[0], "x": 599}
    assert found.note == (
        "the 20 largest of 100 rows; 1 place has several rows: their mean is shown"
    )


def test_a_list_tells_who_is_first_and_by_how_much() -> None:
    frame = pd.DataFrame({"town": names(100), "people": [600, 500, *range(100, 198)]})
    chart = first_chart(frame)
    assert chart.title == "people by town"
    first, second = frame.town[:2]
    assert chart.reason == f"{first} has the highest people: 600, 20% more than {second} (500)."
    assert chart.note == "the 20 largest of 100 rows"
    assert "The 20 largest of 100 rows" in chart.description
    assert f"Highest: {first} (600)" in chart.description
    assert chart.to_png(scale=1).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([600, 100], "{0} has the highest people: 600, 3.0 times that of {2} (197)."),
        ([600, 600], "{0} and {1} have the highest people: 600 each."),
    ],
)
def test_a_lead_is_told_as_it_is(people: list[int], said: str) -> None:
    frame = pd.DataFrame({"town": names(100), "people": [*people, *range(197, 99, -1)]})
    assert first_chart(frame).reason == said.format(*frame.town)


def test_what_does_not_add_up_has_no_times() -> None:
    frame = pd.DataFrame({"town": names(100), "change": [6.5, 5.25, *np.linspace(-4, 4, 98)]})
    first, second = frame.town[:2]
    said = first_chart(frame).reason
    assert said == f"{first} has the highest change: 6.5, then {second} (5.25)."


@pytest.mark.parametrize("version", VERSIONS)
def test_specs_and_code_draw_the_same_rows(version: str) -> None:
    frame = towns()
    frame.loc[5, "town"] = frame.loc[6, "town"]
    chart = first_chart(frame)
    drawn = [record["y"] for record in chart.drawn["data"]["values"]]
    assert len(drawn) == TOP_ROWS
    scope: dict[str, Any] = {"df": frame}
    exec(chart.code(), scope)
    written = chart.to_vegalite(data="none")
    assert "aggregate" not in written["encoding"]["y"]
    specs = [
        written | {"data": {"values": json.loads(frame.to_json(orient="records"))}},
        scope["chart"].to_dict(),
        chart.to_altair().to_dict(),
    ]
    for spec in specs:
        svg = vl_convert.vegalite_to_svg(spec, vl_version=version)
        labels = re.findall(r">([^<>]+)</text>", svg)
        assert {name for name in frame.town.dropna() if name in labels} == set(drawn)


@pytest.mark.parametrize(
    "wish",
    [
        {"mark": "bar", "columns": ["town"]},
        {"columns": ["town"]},
        {"encoding": {"x": "town", "y": "people"}},
        {"encoding": {"y": "town"}},
    ],
)
def test_names_that_are_asked_for_are_drawn(wish: dict[str, Any]) -> None:
    gallery = erp.recommend(towns(), **wish, store=":memory:")
    (chart,) = [chart for chart in gallery if chart.design.of_largest]
    turned = "encoding" not in wish or "people" not in wish["encoding"].values()
    assert chart.design.style.horizontal == turned


def test_it_is_kept_as_it_is(tmp_path: Path) -> None:
    chart = first_chart(towns())
    again = Chart.from_record(json.loads(json.dumps(chart.to_record())))
    assert again.design == chart.design
    assert again.drawn == chart.drawn
    assert again.to_vegalite(data="none") == chart.to_vegalite(data="none")


def test_a_sample_says_that_its_largest_are_not_those_of_all() -> None:
    frame = towns().dropna()
    design = bars_of(frame)
    found = SharedRows(open_table(frame), [design]).rows(design)
    estimate = scaled(found, design, len(frame), 10 * len(frame))
    assert estimate.records == found.records
    assert estimate.note == (
        "approximate: from a sample of 138 of the 1,380 rows; the 20 largest of the sample"
    )
