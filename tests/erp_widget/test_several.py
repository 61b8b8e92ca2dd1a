"""Cells that hold several things: places, and answers of which one may give several."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import erp_widget as erp
from erp_widget.sources import Table, open_table
from erp_widget.sources.query import Answer, Key, Measure, Query

ANSWERS = {"email": 0.7, "phone (mobile)": 0.4, "visit": 0.2, "letter": 0.1}


def answered(separator: str = "; ", n: int = 300) -> list[str | None]:
    """Return answers of many persons, of whom some gave none."""
    chance = random.Random(1)
    cells = [
        separator.join(one for one, share in ANSWERS.items() if chance.random() < share)
        for _ in range(n)
    ]
    return [cell or None for cell in cells]


def survey(separator: str = "; ") -> pd.DataFrame:
    chance = random.Random(2)
    return pd.DataFrame(
        {
            "age": [chance.randint(18, 80) for _ in range(300)],
            "contact": answered(separator),
            "home": [f"{48 + chance.random():.4f}, {16 + chance.random():.4f}" for _ in range(300)],
        }
    )


@pytest.mark.parametrize("separator", ["; ", ";", "|", ", ", "\n", ";\u00a0"])
def test_each_answer_has_a_column(separator: str) -> None:
    frame = survey(separator)
    table = open_table(frame)
    made = [f"contact: {answer}" for answer in ANSWERS]
    assert set(made) < set(table.columns)
    sample = table.sample()
    for answer, name in zip(ANSWERS, made, strict=True):
        wanted = [answer in cell if isinstance(cell, str) else None for cell in frame["contact"]]
        assert sample.column(name).to_pylist() == wanted
    assert "contact" in {one.name for one in table.left_out}


def test_rare_answers_have_no_column_and_the_note_says_how_many() -> None:
    frame = survey()
    frame.loc[frame["contact"].first_valid_index(), "contact"] = "fax; email"
    table = open_table(frame)
    assert "contact: fax" not in table.columns
    note = (
        "split into one yes/no column per answer: contact "
        "(answers given fewer than 3 times left out: 1)"
    )
    assert note in table.notes


def test_they_are_counted_one_by_one_in_one_chart() -> None:
    frame = survey()
    gallery = erp.recommend(frame)
    assert "Split into one yes/no column per answer: contact." in gallery.notes
    chart = next(c for c in gallery if c.mark == "bar" and set(c.fields) == {"contact", "yes"})
    assert chart.title == "Share of yes by contact"
    known = frame["contact"].dropna()
    shares = {
        answer: round(float(known.str.contains(answer, regex=False).mean()), 4)
        for answer in ANSWERS
    }
    values: list[dict[str, Any]] = chart.to_vegalite()["data"]["values"]
    told = [list(record.values()) for record in values]
    for answer, share in shares.items():
        (row,) = [row for row in told if answer in row]
        assert any(isinstance(cell, float) and abs(cell - share) < 0.001 for cell in row), (
            row,
            share,
        )


def test_each_of_two_questions_has_a_chart_and_shares_of_its_own() -> None:
    frame = survey().assign(topics=answered(", ")[::-1])
    gallery = erp.recommend(frame, k=6)
    titles = [chart.title for chart in gallery]
    assert {"Share of yes by contact", "Share of yes by topics"} <= set(titles)
    for question in ("contact", "topics"):
        chart = gallery[titles.index(f"Share of yes by {question}")]
        known = frame[question].dropna()
        values: list[dict[str, Any]] = chart.to_vegalite()["data"]["values"]
        found = {str(row.pop(next(iter(row)))): row for row in values}
        assert set(found) == set(ANSWERS)
        for answer, row in found.items():
            share = float(known.str.contains(answer, regex=False).mean())
            assert any(isinstance(v, float) and abs(v - share) < 1e-3 for v in row.values())
        exec(chart.code(), {"df": frame})


NOT_SEVERAL = {
    "towns": ["Paris, France", "Lyon, France", "Rome, Italy", "Milan, Italy", "Bonn, Germany"],
    "agreement": ["Yes, definitely", "Yes, somewhat", "No", "No, not at all", "Don't know"],
    "names": [f"{last}, {first}" for last in ("Ek", "Ito", "Roy") for first in ("Al", "Bo", "Cy")],
    "one": ["email", "phone", "visit"],
}


@pytest.mark.parametrize("cells", NOT_SEVERAL.values(), ids=NOT_SEVERAL)
def test_texts_of_one_thing_stay_whole(cells: list[str]) -> None:
    table = open_table({"cell": cells * 20, "n": list(range(20 * len(cells)))})
    assert table.columns == ("cell", "n")
    assert table.left_out == ()


PLACES = {
    "home": ("48.2{n}, 16.3{n}", ("home latitude", "home longitude")),
    "Location": ("(48.2{n}, 16.3{n})", ("latitude", "longitude")),
    "lonlat": ("16.3{n} 48.2{n}", ("latitude", "longitude")),
    "geom": ("POINT (16.3{n} 48.2{n})", ("geom latitude", "geom longitude")),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_a_latitude_and_a_longitude(name: str) -> None:
    form, made = PLACES[name]
    table = open_table({name: [form.format(n=n) for n in range(10, 40)], "n": list(range(30))})
    assert table.columns == (name, "n", *made)
    assert table.sample().column(made[0]).to_pylist()[0] == pytest.approx(48.21)
    assert table.sample().column(made[1]).to_pylist()[0] == pytest.approx(16.31)


def test_bins_as_pandas_writes_them_are_no_places() -> None:
    sales = pd.Series(np.random.default_rng(2).gamma(2, 20, 400), name="spend")
    for right in (True, False):
        binned = pd.cut(sales, [0.5, 15.25, 31.75, 60.5, 89.25, 120.5], right=right)
        table = open_table(sales.groupby(binned, observed=True).count().rename("buyers"))
        assert table.columns == ("spend", "buyers")
    first = erp.recommend(sales.groupby(binned, observed=True).count().rename("buyers"))[0]
    assert first.title == "buyers by spend" and "[31.75, 60.5)" in first.reason


def test_a_place_has_a_map() -> None:
    gallery = erp.recommend(survey())
    assert any(chart.title.startswith("Map of places") for chart in gallery)


def test_numbers_in_pairs_are_no_places() -> None:
    scores = {"score": [f"{n % 4}, {n % 3}" for n in range(30)], "n": list(range(30))}
    assert open_table(scores).columns == ("score", "n")


def test_a_person_may_want_the_cells_as_they_are() -> None:
    gallery = erp.recommend(survey(), types={"contact": "nominal"})
    assert "contact" in {column.name for column in gallery.columns}


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_code_makes_them_of_ones_own_frame(kind: Any) -> None:
    frame = kind({"contact": answered(), "home": survey()["home"].tolist()})
    gallery = erp.recommend(frame, k=30)
    named = [one for one in gallery if any("contact: " in field for field in one.fields)]
    for chart in [next(c for c in gallery if c.title.startswith("Map")), named[0]]:
        scope = {"df": frame}
        exec(chart.code(), scope)
        drawn = scope["data"]
        made = [name for name in drawn.columns if name not in frame.columns]
        assert made
        table = open_table(frame).sample()
        for name in made:
            own = [None if value is None or value != value else value for value in drawn[name]]
            assert own == table.column(name).to_pylist()


def test_files_are_read_so_too(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    survey().to_csv(path, index=False, sep=";")
    assert "contact: email" in open_table(path).columns
    assert "home latitude" in open_table(path).columns


def lies_elsewhere(frame: pd.DataFrame, where: str, folder: Path) -> Any:
    """Return the same rows in two files, of a connection to DuckDB, or with decimal commas."""
    if where == "parquet":
        for at, part in enumerate((frame[:200], frame[200:])):
            part.to_parquet(folder / f"part{at}.parquet")
        return str(folder / "*.parquet")
    if where == "parsed":
        frame = frame.assign(price=[f"{at % 97},5" for at in range(len(frame))])
    frame.to_parquet(folder / "all.parquet")
    return duckdb.connect().sql(f"FROM '{folder / 'all.parquet'}'")


def how_it_is_spread(table: Table, name: str) -> Answer:
    """Return how many rows have each value of a column."""
    return table.relation.ask(Query({"of": Key(table.internal(name))}, {"rows": Measure("count")}))


@pytest.mark.parametrize("where", ["parquet", "relation", "parsed"])
def test_cells_are_taken_apart_where_they_lie(where: str, tmp_path: Path) -> None:
    # More rows than a sample has, so that DuckDB reads the cells of all.
    frame = pd.concat([survey(), survey(";")] * 60, ignore_index=True)
    frame.loc[::7, "contact"] = " NA "
    table = open_table(lies_elsewhere(frame, where, tmp_path))
    assert not table.is_sampled_whole
    here = open_table(frame)
    assert set(here.columns) <= set(table.columns)
    assert table.left_out[:2] == here.left_out
    for name in here.columns[3:]:
        assert how_it_is_spread(table, name) == how_it_is_spread(here, name)
    gallery = erp.recommend(table, k=8)
    titles = [chart.title for chart in gallery]
    assert "Share of yes by contact" in titles
    values = gallery[titles.index("Share of yes by contact")].to_vegalite()["data"]["values"]
    given = frame["contact"][frame["contact"] != " NA "].dropna()
    for answer in ANSWERS:
        share = float(given.str.contains(answer, regex=False).mean())
        (row,) = [row for row in values if answer in row.values()]
        assert any(isinstance(v, float) and abs(v - share) < 1e-5 for v in row.values())


def test_code_takes_the_cells_of_a_relation_apart(tmp_path: Path) -> None:
    relation = lies_elsewhere(survey(), "relation", tmp_path)
    chart = next(c for c in erp.recommend(relation) if "contact" in c.title)
    scope = {"df": relation}
    exec(chart.code(), scope)
    assert {"contact: email", "contact: visit"} & set(scope["data"].columns)


def test_a_person_may_want_the_cells_of_a_file_as_they_are(tmp_path: Path) -> None:
    frame = pd.concat([survey()] * 40, ignore_index=True)
    table = open_table(lies_elsewhere(frame, "parquet", tmp_path)).with_types(
        {"contact": "nominal"}
    )
    assert "contact" not in {one.name for one in table.left_out}
    told = {row["of"]: row["rows"] for row in how_it_is_spread(table, "contact")}
    told.pop(None)
    assert told == frame["contact"].value_counts().to_dict()


def test_three_places_will_do_where_the_name_says_so() -> None:
    cells = ["41.90, 12.49", "59.91, 10.75", "46.95, 7.45"]
    assert open_table({"lat_lon": cells, "pop": [2.8, 0.7, 0.13]}).columns[2:] == (
        "latitude",
        "longitude",
    )
    assert open_table({"score": cells, "pop": [2.8, 0.7, 0.13]}).columns == ("score", "pop")
