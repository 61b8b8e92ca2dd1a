"""Charts of gathered columns: rows as pandas would melt them, drawn and written the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
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
    names_in,
    rows_of,
    schema_problems,
)

from erp_widget import recommend
from erp_widget.chart import Chart

RNG = np.random.default_rng(7)
YEARS = [str(year) for year in range(2015, 2021)]
CHARTS = (
    ("line", "x=value year", "y=value value", "color=category country"),
    ("line", "x=value year", "y=mean value", "color=category region"),
    ("bar", "x=category year", "y=sum value", "color=category region"),
    ("bar", "x=bin value", "y=count", "column=category year"),
    ("rect", "x=category year", "y=category country", "color=value value"),
    ("boxplot", "x=category year", "y=value value"),
)


def wide() -> pd.DataFrame:
    frame = pd.DataFrame({"country": [f"land {i}" for i in range(8)], "region": ["a", "b"] * 4})
    frame = frame.assign(**{year: RNG.lognormal(3, 0.5, 8).round(2) for year in YEARS})
    frame.loc[2, "2017"] = None
    return frame


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return wide()


def melted(frame: pd.DataFrame) -> pd.DataFrame:
    long = frame.melt(id_vars=["country", "region"], var_name="year", value_name="value")
    return long.assign(year=long["year"].astype(int)).dropna()


@pytest.mark.parametrize("chart", CHARTS, ids=chart_id)
def test_gathered_charts_are_valid_in_both_versions(
    table: pd.DataFrame, chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    made = chart_of(table, *chart)
    values = json.loads(table.to_json(orient="records"))
    declared = made.declared | {"data": {"values": values}}
    assert schema_problems(made.drawn) == schema_problems(declared) == []
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
        assert compile_warnings(declared, capfd, version) == ""
    assert names_in(made.declared) == set(made.fields)
    assert made.declared["transform"][0] == {"fold": YEARS, "as": ["year", "value"]}


def test_rows_are_those_of_the_melted_frame(table: pd.DataFrame) -> None:
    long = melted(table)
    lines = rows_of(table, *CHARTS[0])
    assert {(r["x"], r["color"], r["y"]) for r in lines.records} == set(
        long[["year", "country", "value"]].itertuples(index=False, name=None)
    )
    assert lines.note == "not shown: 1 of 48 rows with nothing in value"
    means = {(r["x"], r["color"]): r["y"] for r in rows_of(table, *CHARTS[1]).records}
    wanted = long.groupby(["year", "region"])["value"].mean()
    assert means == pytest.approx(dict(wanted), rel=1e-5)
    counted = rows_of(table, *CHARTS[3]).records
    assert sum(r["y"] for r in counted) == len(long)


def marks_in(spec: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Return what Vega computes for a declared line chart: year, country, value."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSIONS[0])
    return {tuple(part.split('"')[0].split("; ")) for part in svg.split('aria-label="year: ')[1:]}


def test_what_is_written_shows_the_same_values(table: pd.DataFrame) -> None:
    made = chart_of(table, "point", "x=category year", "y=mean value")
    values = json.loads(table.to_json(orient="records"))
    said = marks_in(made.declared | {"data": {"values": values}})
    wanted = melted(table).groupby("year")["value"].mean()
    found = {int(label[0]): float(label[1].rpartition(" ")[2]) for label in said}
    assert found == pytest.approx(dict(wanted), rel=1e-6)


def test_the_code_gathers_the_frame(table: pd.DataFrame) -> None:
    for chart in CHARTS:
        made = chart_of(table, *chart)
        scope: dict[str, Any] = {"df": table}
        exec(made.code(), scope)
        assert scope["chart"].to_dict()["transform"] == made.declared["transform"]
    assert ".transform_fold(" in made.code()


def test_the_code_reads_headers_that_are_numbers(table: pd.DataFrame) -> None:
    numbered = table.rename(columns={year: int(year) for year in YEARS})
    for chart in (*CHARTS, ("bar", "x=category country", "y=value 2016")):
        scope: dict[str, Any] = {"df": numbered}
        exec(chart_of(numbered, *chart).code(), scope)
        assert scope["chart"].to_dict()["datasets"]


def test_a_kept_chart_of_gathered_columns_comes_back(table: pd.DataFrame) -> None:
    made = chart_of(table, *CHARTS[0])
    assert Chart.from_record(json.loads(json.dumps(made.to_record()))).design == made.design


def test_a_chart_kept_before_columns_were_gathered_comes_back(table: pd.DataFrame) -> None:
    record = chart_of(table, "bar", "x=category country", "y=value 2015").to_record()
    record["design"]["style"] = {
        name: record["design"]["style"][name] for name in ("horizontal", "sort", "stack", "log")
    }
    assert Chart.from_record(record).fields == ("country", "2015")


def test_the_gallery_says_what_is_gathered(tmp_path: Path) -> None:
    gallery = recommend(wide(), store=tmp_path / "store.sqlite3")
    drawn = [chart for chart in gallery if "value" in chart.fields]
    assert drawn, "a table of years has a chart over the years"
    assert (
        "Columns combined into year (their names) and value (their values): "
        "2015, 2016, 2017, 2018, 2019, 2020."
    ) in gallery.notes


HOSTILE = ["a'b", "<b>", "x[0]", "größe 🎨", "{{x}}", "%", "a.b"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_headers_are_text_whatever_they_hold(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    headers = [f"{name} score_{part}" for part in ("one", "two", "three")]
    frame = pd.DataFrame({h: RNG.normal(9, 2, 40) for h in headers} | {"kind": ["k", "l"] * 20})
    long = frame.assign(row=[f"r{i}" for i in range(40)])
    from erp_widget.sources import open_table
    from vizmodel.profile import profile_table

    table = open_table(long)
    fold = profile_table(table.sample(), table.n_rows).fold
    assert fold is not None
    assert fold.columns == tuple(headers)
    made = chart_of(long, "boxplot", f"x=category {fold.key}", f"y=value {fold.value}")
    assert {r["x"] for r in made.drawn["data"]["values"]} == set(fold.labels)
    values = json.loads(long.to_json(orient="records"))
    declared = made.declared | {"data": {"values": values}}
    assert compile_warnings(made.drawn, capfd, VERSIONS[0]) == ""
    svg = vl_convert.vegalite_to_svg(declared, vl_version=VERSIONS[0])
    assert "undefined" not in svg
    assert "null" not in svg
    # What Vega gathers has the values of all three columns.
    assert all(label in svg for label in fold.labels)


def answers() -> pd.DataFrame:
    rng = np.random.default_rng(31)
    said = {name: rng.random(60) < share for name, share in (("fever", 0.8), ("rash", 0.3))}
    frame = pd.DataFrame(said | {"smoker": rng.choice([0, 1], 60, p=[0.7, 0.3])})
    frame["rash"] = frame["rash"].astype("boolean")
    frame.loc[:5, "rash"] = None
    return frame.assign(age=rng.normal(50, 9, 60).round(1), height=rng.normal(170, 9, 60).round())


def test_shares_of_yes_are_those_of_each_column() -> None:
    frame = answers()
    chart = ("bar", "x=category statement", "y=mean yes")
    shares = {r["x"]: r["y"] for r in rows_of(frame, *chart).records}
    wanted = {name: float(frame[name].mean()) for name in ("fever", "rash", "smoker")}
    assert shares == pytest.approx(wanted, rel=1e-5)
    made = chart_of(frame, *chart)
    assert made.title == "Share of yes for fever, rash and smoker"
    values = json.loads(frame.to_json(orient="records"))
    svg = vl_convert.vegalite_to_svg(
        made.declared | {"data": {"values": values}}, vl_version=VERSIONS[0]
    )
    said = re.findall(r'aria-label="([^"]*statement: [^"]*)"', svg)
    assert {name for name in wanted if any(name in label for label in said)} == set(wanted)
    drawn = sorted(float(found) for one in said for found in re.findall(r"yes[^:]*: ([\d.]+)", one))
    assert drawn == pytest.approx(sorted(wanted.values()), rel=1e-2)


SCALE = ("Disagree", "Neutral", "Agree")
ANSWERED = ("bar", "x=category item", "y=count", "color=category answer")


def answered() -> pd.DataFrame:
    """Return three items that 90 people answered in words, here and there not at all."""
    frame = pd.DataFrame({"team": ["a", "b", "c"] * 30, "age": RNG.integers(20, 60, 90)})
    for at, item in enumerate(("I like it", "I am paid well", "I can rest")):
        said = RNG.choice(SCALE, 90, p=np.roll([0.2, 0.3, 0.5], at))
        frame[item] = np.where(RNG.random(90) < 0.1, None, said)
    return frame


def test_answers_in_words_are_gathered_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    frame = answered()
    items = list(frame.columns[2:])
    made = chart_of(frame, *ANSWERED)
    assert made.title == "Share of answers to “I like it”, “I am paid well” and “I can rest”"
    long = frame[items].melt(var_name="item", value_name="answer").dropna()
    counted = long.value_counts().to_dict()
    rows = rows_of(frame, *ANSWERED).records
    told = {(r["x"], r["color"]): r["y"] for r in rows if r["color"] in SCALE}
    assert told == counted
    agree = (long["answer"] == "Agree").groupby(long["item"]).mean()
    assert f"Agree is the answer of {agree.max():.0%} to “{agree.idxmax()}”" in made.reason
    values = json.loads(frame.to_json(orient="records"))
    declared = made.declared | {"data": {"values": values}}
    assert schema_problems(made.drawn) == schema_problems(declared) == []
    for version in VERSIONS:
        assert compile_warnings(made.drawn, capfd, version) == ""
    assert made.declared["transform"][0] == {"fold": items, "as": ["item", "answer"]}


def test_a_title_says_what_is_told_by_answers() -> None:
    frame = answered()
    named = "“I like it”, “I am paid well” and “I can rest”"
    panels = chart_of(frame, *ANSWERED, "column=category team")
    assert panels.title == f"Number of answers to {named}, one panel per team"
    mean = ("bar", "x=category item", "y=mean age", "color=category answer")
    assert chart_of(frame, *mean).title == f"Mean age by answers to {named}"
    boxes = ("boxplot", "x=category item", "y=value age", "color=category answer")
    assert chart_of(frame, *boxes).title == f"Distribution of age by answers to {named}"


def test_answers_in_words_are_gathered_where_an_engine_has_them() -> None:
    import ibis

    frame = answered()
    here = rows_of(frame, *ANSWERED).records
    there = rows_of(ibis.memtable(frame), *ANSWERED).records
    assert sorted(map(str, here)) == sorted(map(str, there))


def shown_value(frame: pd.DataFrame, *chart: str) -> list[str]:
    """Return what an axis of gathered numbers is called, and how the tooltip calls them."""
    drawn = chart_of(frame, *chart).drawn
    tips = [tip["title"] for tip in drawn["encoding"]["tooltip"] if tip["field"] == "y"]
    return [drawn["encoding"]["y"]["title"], *tips]


def test_an_axis_of_gathered_numbers_says_what_they_are(table: pd.DataFrame) -> None:
    # The columns themselves, where nothing says more.
    lines = ("line", "x=value year", "y=value value", "color=category country")
    assert shown_value(table, *lines) == ["columns 2015 to 2020"] * 2
    means = ("line", "x=value year", "y=mean value", "color=category region")
    assert shown_value(table, *means) == ["Mean of columns 2015 to 2020"] * 2
    # What all rows are about.
    about = table.assign(indicator="GDP per head (USD)")
    assert shown_value(about, *means) == ["Mean GDP per head (USD)"] * 2
    assert shown_value(table.assign(source="survey"), *means)[0] == "Mean of columns 2015 to 2020"


def test_words_that_gathered_columns_share_name_their_axis() -> None:
    days = pd.date_range("2024-01-01", periods=60)
    bills = pd.DataFrame({"day": days, "elec_gbp": RNG.normal(90, 9, 60)})
    bills["gas_gbp"] = bills["elec_gbp"] * RNG.uniform(0.5, 1.5, 60)
    lines = ("line", "x=value day", "y=value value", "color=category series")
    assert shown_value(bills, *lines) == ["gbp"] * 2


def test_notes_are_short() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"kind": ["tea", "cake"] * 400, "minutes": rng.normal(0, 10, 800)})
    frame.loc[:6, "minutes"] = [4_000.0, 90.0, 9_000.0, 95.0, -7_000.0, np.nan, np.nan]
    frame.loc[7:30, "minutes"] = [60.0, -60.0] * 12
    note = str(chart_of(frame, "boxplot", "x=category kind", "y=value minutes").note)
    assert note.startswith("not shown: 2 of 800 rows without minutes; ")
    assert re.search(r"; \d+ values beyond the whiskers: dotted lines and arrows$", note)
    assert len(note) <= 100


def test_the_course_over_visits_begins_at_the_baseline_in_rows_and_code() -> None:
    rng = np.random.default_rng(42)
    first = rng.normal(110, 9, 80)
    visits = {f"hb_v{at}": (first + at + rng.normal(0, 3, 80)).round(1) for at in (1, 2, 4)}
    frame = pd.DataFrame({"arm": ["drug", "placebo"] * 40, **visits, "hb_bl": first.round(1)})
    gallery = recommend(frame)
    chart = next(one for one in gallery if one.mark == "line" and "visit" in one.fields)
    values = chart.to_vegalite()["data"]["values"]
    assert {row["x"] for row in values} == {0, 1, 2, 4}
    means = frame.groupby("arm")["hb_bl"].mean()
    begun = {row["color"]: row["y"] for row in values if row["x"] == 0}
    assert begun == pytest.approx(means.to_dict(), abs=1e-3)
    scope = {"df": frame}
    exec(chart.code(), scope)
    spec: Any = scope["chart"].to_dict()  # type: ignore[attr-defined]
    assert any("0 : toNumber" in step.get("calculate", "") for step in spec["transform"])


@pytest.mark.parametrize(
    ("units", "names", "title"),
    [
        (("kg", "kg", "kg"), ("2019", "2020", "2021"), "columns 2019 to 2021 (kg)"),
        (("€", "€", "€"), ("score_math", "score_read", "score_art"), "score (€)"),
        (("kg", "lb", "kg"), ("2019", "2020", "2021"), "columns 2019 to 2021"),
    ],
)
def test_the_unit_that_all_gathered_columns_have_stands_on_their_axis(
    units: tuple[str, ...], names: tuple[str, ...], title: str
) -> None:
    rng = np.random.default_rng(43)
    read = {
        name: [f"{value:.1f} {unit}" for value in rng.normal(50, 3, 30)]
        for name, unit in zip(names, units, strict=True)
    }
    frame = pd.DataFrame({"town": [f"town {at}" for at in range(30)], **read})
    key = "kind of score" if "score_math" in names else "year"
    value = "score" if "score_math" in names else "value"
    drawn = json.dumps(chart_of(frame, "boxplot", f"x=category {key}", f"y=value {value}").drawn)
    assert f'"title": {json.dumps(title)}' in drawn


def test_a_unit_that_all_names_of_series_have_is_told_once() -> None:
    rng = np.random.default_rng(44)
    read = {
        f"{town} in kg": [f"{value:.1f} kg" for value in rng.normal(50, 3, 30)]
        for town in ("Rome", "Oslo", "Bern")
    }
    frame = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=30), **read})
    drawn = json.dumps(
        chart_of(frame, "line", "x=value day", "y=value value", "color=category series").drawn
    )
    assert '"title": "in kg"' in drawn
    assert "(kg)" not in drawn


def states(*names: str) -> pd.DataFrame:
    jobs = ["cook", "nurse", "clerk", "smith", "tailor", "judge", "guard", "pilot", "baker", "maid"]
    frame = pd.DataFrame({"job": jobs})
    return frame.assign(**{name: RNG.integers(20, 90, len(jobs)) for name in names})


def test_two_states_have_bars_beside_each_other_whatever_they_count() -> None:
    made = chart_of(
        states("Women", "Men"), "bar", "x=category job", "y=value value", "color=category variable"
    )
    encoding = made.drawn["encoding"]
    assert encoding["xOffset"]["field"] == "color", "sums of both are not what is compared"
    assert encoding["y"]["stack"] is None
    assert encoding["color"]["title"] is None, "“variable” says nothing"
    assert made.title == "Women and Men by job"
    written = made.to_vegalite(data="none")["encoding"]
    assert "xOffset" in written


def test_two_states_of_each_row_are_points_that_a_line_joins() -> None:
    table = states("2012", "2022")
    made = chart_of(table, "point", "x=category job", "y=value value", "color=category year")
    line, points = made.drawn["layer"]
    assert line["mark"]["type"] == "line"
    assert line["encoding"]["detail"]["field"] == "x"
    assert points["mark"]["type"] == "point"
    assert points["encoding"]["color"]["field"] == "color"
    assert "xOffset" not in made.drawn["encoding"]
    whole = (table["2012"] + table["2022"]).set_axis(table["job"])
    shown = made.drawn["encoding"]["x"]["scale"]["domain"]
    assert list(whole[shown]) == sorted(whole, reverse=True)
    assert made.title == "2012 and 2022 by job"
    assert schema_problems(made.drawn) == []


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("loss", "val_loss"), "loss and val_loss by epoch"),
        (("train_loss", "valid_loss"), "train and valid loss by epoch"),
        (("pay men", "pay women"), "pay men and women by epoch"),
        (("heap_before_mb", "heap_after_mb"), "heap before and after by epoch"),
    ],
)
def test_titles_of_two_states_name_both(names: tuple[str, str], title: str) -> None:
    table = pd.DataFrame({"epoch": range(1, 31), **{n: RNG.uniform(1, 2, 30) for n in names}})
    value = {"loss": "value", "train_loss": "loss", "pay men": "pay", "heap_before_mb": "heap mb"}
    made = chart_of(
        table, "line", "x=value epoch", f"y=value {value[names[0]]}", "color=category series"
    )
    assert made.title == title


def test_reasons_say_how_often_one_state_is_higher_and_where_most() -> None:
    women = [20, 25, 29, 33, 9, 21, 22, 23, 24, 25]
    table = states("women").assign(women=women, men=[30, 31, 30, 31, 30, 31, 30, 32, 30, 31])
    marks = ("x=category job", "y=value value", "color=category variable")
    for mark in ("bar", "point"):
        assert chart_of(table, mark, *marks).reason == (
            "men is higher than women in 9 of 10 cases; they differ most for tailor (30 and 9)."
        )
    years = table.rename(columns={"women": "pay 2023", "men": "pay 2013"})
    made = chart_of(years, "bar", "x=category job", "y=value pay", "color=category year")
    assert made.title == "pay 2023 and 2013 by job"
    assert made.reason.startswith("pay is lower in 2023 than in 2013 in 9 of 10 cases; ")
    # Each row has both: that boxes overlap does not make it chance.
    boxes = chart_of(table, "boxplot", "x=category variable", "y=value value")
    assert "chance" not in boxes.reason


def test_reasons_of_two_courses_name_the_columns() -> None:
    loss = {"loss": np.exp(-np.arange(30) / 9), "val_loss": np.exp(-np.arange(30) / 20) + 0.1}
    table = pd.DataFrame({"epoch": range(30), **loss})
    made = chart_of(table, "line", "x=value epoch", "y=value value", "color=category series")
    assert re.match(r"At epoch = 29, val_loss is higher \(.*\) than loss \(.*\)\.$", made.reason)
