"""Shares of one part: rows, what is drawn and written, words, and the way through every engine."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS, chart_of, compile_warnings, design_of, rows_of, schema_problems
from msgspec.structs import replace

import erp_widget as erp
from erp_widget.aggregate import rows
from erp_widget.aggregate.sketches import scaled
from erp_widget.chart import Chart
from erp_widget.export.image import svg
from erp_widget.question import Question
from erp_widget.sources import open_table
from erp_widget.specs import recommended_specs
from vizmodel.form.rates import runs_in_time

N = 1_200
SHARES = ("bar", "x=category device", "y=count", "color=category converted")


def visits() -> pd.DataFrame:
    """Return visits of which few came to anything, on phones fewer still."""
    rng = np.random.default_rng(3)
    device = rng.choice(["desktop", "phone", "tablet", "tv"], N, p=[0.45, 0.4, 0.149, 0.001])
    device[:2] = "tv"
    chance = pd.Series(device).map({"desktop": 0.12, "phone": 0.03, "tablet": 0.08, "tv": 0})
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 366, N), "D")
    frame = pd.DataFrame({"device": device, "when": day, "amount": rng.lognormal(3, 1, N)})
    frame["converted"] = np.where(rng.random(N) < chance, "yes", "no")
    frame["ok"] = rng.random(N) > chance
    frame["hit"] = (rng.random(N) < chance).astype(int)
    frame.loc[20:79, "converted"] = None
    return frame


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return visits()


def expected(frame: pd.DataFrame, name: str, level: Any, by: str = "device") -> dict[str, float]:
    """Return the share of one level in each group, of those of whom it is known."""
    known = frame[frame[name].notna()]
    return (known[name] == level).groupby(known[by]).mean().round(4).to_dict()


def shares_in(made: Chart) -> dict[str, float]:
    return {r["x"]: r["y"] for r in made.drawn["data"]["values"]}


def rated(frame: Any, chart: tuple[str, ...], level: Any) -> Chart:
    """Return bars of a share whatever the table says of them."""
    question = Question(open_table(frame), store=":memory:")
    design, _ = design_of(question.table, *chart)
    course = runs_in_time(design, question.profile)
    style = replace(design.style, stack="normalize", rate=level, course=course)
    return question.chart(design.with_style(style))


def with_rows(made: Chart, frame: pd.DataFrame) -> dict[str, Any]:
    values = json.loads(frame.to_json(orient="records", date_format="iso"))
    return made.declared | {"data": {"values": values}}


LEVELS = [("converted", "yes"), ("ok", False), ("hit", 1)]


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_bars_are_the_share_of_one_part(table: pd.DataFrame, name: str, level: Any) -> None:
    made = rated(table, (*SHARES[:3], f"color=category {name}"), level)
    assert shares_in(made) == pytest.approx(expected(table, name, level), abs=1e-4)
    said = str(level).lower()
    assert made.title == f"Share with {name} = {said} by device"
    assert "color" not in made.drawn["encoding"]
    sizes = {r["x"]: r["rows"] for r in made.drawn["data"]["values"]}
    assert sizes == table[table[name].notna()].groupby("device").size().to_dict()


def test_missing_ends_are_in_no_share_and_told(table: pd.DataFrame) -> None:
    found = rows_of(table, *SHARES)
    assert "not shown: 60 of 1,200 rows without converted" in str(found.note)
    known = table["converted"].dropna()
    assert found.overall == pytest.approx((known == "yes").mean(), abs=1e-4)
    assert found.n_shown == len(known)


def test_the_largest_share_leads_and_few_rows_do_not(table: pd.DataFrame) -> None:
    frame = table.copy()
    frame.loc[frame["device"] == "tv", "converted"] = "yes"
    made = chart_of(frame, *SHARES)
    assert made.drawn["encoding"]["x"]["sort"] == ["desktop", "tablet", "phone", "tv"]
    assert [r["x"] for r in made.drawn["data"]["values"] if r.get("thin")] == ["tv"]
    assert "pale bars are of" in str(made.note)
    assert "where device is desktop" in made.reason and "tv" not in made.reason


def test_words_say_the_share(table: pd.DataFrame) -> None:
    made = chart_of(table, *SHARES)
    shares = expected(table, "converted", "yes")
    assert re.match(
        rf"converted is yes for {shares['desktop']:.0%} where device is desktop, "
        rf"{shares['phone']:.1%} where it is phone\.",
        made.reason,
    )
    overall = (table["converted"].dropna() == "yes").mean()
    assert made.description.startswith("Bar chart: Share with converted = yes by device. desktop: ")
    assert f"All together: {100 * overall:.3g}%." in made.description


def test_the_share_in_all_rows_is_a_named_line(table: pd.DataFrame) -> None:
    made = chart_of(table, *SHARES)
    overall = rows_of(table, *SHARES).overall
    assert overall is not None
    lines = [one for one in made.drawn["layer"] if "data" in one]
    # The line, a piece of it above the plot, and what it is.
    assert [one["data"]["values"][0]["y"] for one in lines] == [overall] * 3
    assert lines[0]["mark"] == lines[1]["mark"] and lines[1]["encoding"]["y"]["value"] < 0
    assert f"overall {100 * overall:.3g}%" in svg(made.drawn)


def test_intervals_hold_what_the_rows_leave_open(table: pd.DataFrame) -> None:
    # Wilson's interval of 1 in 10.
    small = pd.DataFrame({"device": ["a"] * 10 + ["b"] * 90, "hit": [1, *[0] * 9, *[0, 0, 1] * 30]})
    few = rated(small, (*SHARES[:3], "color=category hit"), 1).drawn["data"]["values"]
    (first,) = (record for record in few if record["x"] == "a")
    assert (first["low"], first["high"]) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    for record in rows_of(table, *SHARES).records:
        assert 0 <= record["low"] <= record["y"] <= record["high"] <= 1
    made = chart_of(table, *SHARES)
    scale = made.drawn["encoding"]["y"]["scale"]
    # Two rows leave anything open, and the axis does not.
    assert scale["domainMax"] <= 2 * max(shares_in(made).values())
    assert scale["clamp"] is True
    tips = [tip["title"] for tip in made.drawn["encoding"]["tooltip"]]
    assert tips[-3:] == ["Number of records", "95% interval, from", "95% interval, to"]


def test_intervals_are_whole_where_most_are_wide() -> None:
    hits = {f"town {n}": 7 - n for n in range(6)}
    frame = pd.DataFrame(
        [(town, at < n) for town, n in hits.items() for at in range(42)],
        columns=["device", "back"],
    )
    made = rated(frame, (*SHARES[:3], "color=category back"), True)
    highest = max(record["high"] for record in made.drawn["data"]["values"])
    assert made.drawn["encoding"]["y"]["scale"]["domainMax"] >= highest


def test_a_bar_of_few_rows_has_no_interval_and_sets_no_axis() -> None:
    sizes, hits = {"a": 200, "b": 300, "c": 8, "d": 150}, {"a": 40, "b": 15, "c": 7, "d": 30}
    name = "a long name of what they had been asked in the survey"
    frame = pd.DataFrame(
        [(group, at < hits[group]) for group, n in sizes.items() for at in range(n)],
        columns=["device", name],
    )
    made = rated(frame, (*SHARES[:3], f"color=category {name}"), True)
    assert "thin lines are 95% intervals; pale bars are of at most 8 rows" in str(made.note)
    scale, values = made.drawn["encoding"]["y"]["scale"], made.drawn["data"]["values"]
    full = [record for record in values if not record.get("thin")]
    assert max(record["high"] for record in full) < scale["domainMax"] < 0.5
    # The title tells of what the share is, so that the axis need not on two lines.
    assert made.drawn["encoding"]["y"]["title"] == "Share"
    picture = svg(made.drawn)
    assert "↑ 87.5%" in picture and "20.0%" in picture and "↑ 20.0%" not in picture
    assert "where device is c" not in made.reason


def test_many_bars_have_no_intervals() -> None:
    shops = np.repeat([f"shop {i:02d}" for i in range(20)], 60)
    left = [(i * 7919) % 100 < 3 + i // 60 for i in range(len(shops))]
    frame = pd.DataFrame({"device": shops, "converted": left})
    made = chart_of(frame, *SHARES)
    values = made.drawn["data"]["values"]
    assert len(values) == 20 and not any("low" in record for record in values)
    assert len([one for one in made.drawn["layer"] if "data" in one]) == 2


TIMED = ("bar", "x=yearmonth when", "y=count", "color=category converted")


def test_a_share_over_time_is_a_line_with_a_band(table: pd.DataFrame) -> None:
    made = rated(table, TIMED, "yes")
    assert made.mark == "line" and made.design.mark == "bar"
    known = table[table["converted"].notna()]
    month = known["when"].dt.strftime("%Y-%m-01")
    shares = (known["converted"] == "yes").groupby(month).mean()
    assert shares_in(made) == pytest.approx(shares.to_dict(), abs=1e-4)
    assert made.title == "Share with converted = yes by month"
    assert made.drawn["encoding"]["x"]["type"] == "temporal"
    band, line = made.drawn["layer"][:2]
    assert (band["mark"]["type"], line["mark"]["type"]) == ("area", "line")
    assert band["encoding"]["y"] == {"field": "low"} and line["mark"]["point"]
    assert "the band shows 95% intervals" in str(made.note)
    assert "overall" in svg(made.drawn) and made.description.startswith("Line chart: Share with")
    # What a person would write is a line, too, with the same shares.
    picture = vl_convert.vegalite_to_svg(with_rows(made, table), vl_version=VERSIONS[0])
    said = re.findall(
        r'aria-label="when \(year-month\): [^;]*; Share with [^"]*?: ([0-9.]+)%"', picture
    )
    assert {round(float(one) / 100, 3) for one in said} == {round(one, 3) for one in shares}
    assert ".mark_line(" in made.code() and "point=True" in made.code()


def test_a_few_months_are_bars_with_intervals(table: pd.DataFrame) -> None:
    made = rated(table[table["when"] < "2024-05-01"], TIMED, "yes")
    assert made.mark == "bar"
    ends = [one["encoding"]["x"] for one in made.drawn["layer"] if "y2" in one.get("encoding", {})]
    assert ends == [{"field": "x", "bandPosition": 0.5}] * 2


def test_a_line_goes_without_what_is_of_few_rows(table: pd.DataFrame) -> None:
    few = table["when"].dt.month == 3
    left = table[~few | (np.cumsum(few) <= 2)].assign(hit=lambda t: t["hit"])
    left.loc[few, "hit"] = 1
    made = rated(left, (*TIMED[:3], "color=category hit"), 1)
    assert "2024-03-01" not in shares_in(made) and len(shares_in(made)) == 11
    assert "without a month of one or two rows" in str(made.note)


def test_of_very_many_rows_no_band_is_seen() -> None:
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(300_000) % 366, "D")
    frame = pd.DataFrame({"when": day, "hit": (np.arange(300_000) % 10 < 4).astype(int)})
    made = rated(frame, (*TIMED[:3], "color=category hit"), 1)
    assert [one["mark"]["type"] for one in made.drawn["layer"]] == ["line", "rule", "rule", "text"]
    assert "band" not in str(made.note)


def test_the_course_of_a_share_is_told_where_it_is_no_chance() -> None:
    rng = np.random.default_rng(4)
    when = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 700, 6_000)), "D")
    frame = pd.DataFrame({"when": when, "ok": rng.random(6_000) < np.linspace(0.9, 0.6, 6_000)})
    told = rated(frame, (*TIMED[:3], "color=category ok"), False)
    assert re.match(r"Share with ok = false rises from [\d.]+% in Jan 2022 to", told.reason)
    frame["ok"] = rng.random(6_000) < 0.7
    steady = rated(frame, (*TIMED[:3], "color=category ok"), False).reason
    said = r"Share with ok = false changes by no more than chance: \d+% \(.*\) to \d+% \(.*\)\."
    assert re.fullmatch(said, steady)


CASES = [
    ("bar", "x=category device", "y=count", "color=category converted"),
    ("bar", "x=category device", "y=count", "color=category ok"),
    ("bar", "x=category device", "y=count", "color=category hit"),
    TIMED,
]
NAMES = ["converted", "a.b", "it's", 'say "hi"', "x[0]", "rate", "back\\slash"]


@pytest.mark.parametrize("chart", CASES)
def test_both_forms_are_valid_and_compile(
    table: pd.DataFrame, chart: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    level = {"ok": False, "hit": 1}.get(chart[-1].split()[-1], "yes")
    made = rated(table, chart, level)
    for spec in (made.drawn, with_rows(made, table)):
        assert schema_problems(spec) == []
        for version in VERSIONS:
            assert compile_warnings(spec, capfd, version) == ""


def told(spec: dict[str, Any]) -> dict[str, float]:
    """Return what the bars of a picture are said to be, by their labels."""
    picture = vl_convert.vegalite_to_svg(spec, vl_version=VERSIONS[0])
    found = re.findall(r'aria-label="device: ([a-z]+); Share with [^"]*?: ([0-9.]+)%"', picture)
    return {group: float(share) / 100 for group, share in found}


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_what_a_person_would_write_draws_the_same(
    table: pd.DataFrame, name: str, level: Any
) -> None:
    made = rated(table, (*SHARES[:3], f"color=category {name}"), level)
    shown = told(with_rows(made, table))
    assert shown == pytest.approx(expected(table, name, level), abs=1e-4)
    names: dict[str, Any] = {"df": table}
    exec(made.code(), names)
    assert told(names["chart"].to_dict()) == pytest.approx(shown)


@pytest.mark.parametrize("name", NAMES)
def test_columns_of_any_name_have_shares(table: pd.DataFrame, name: str) -> None:
    frame = table.rename(columns={"converted": name})
    made = chart_of(frame, *SHARES[:3], f"color=category {name}")
    assert "overall" in svg(made.drawn)
    picture = vl_convert.vegalite_to_svg(with_rows(made, frame), vl_version=VERSIONS[0])
    assert len(re.findall(r'aria-label="device: [a-z]+; ', picture)) == 4


def test_counted_cells_have_the_shares_of_their_cases() -> None:
    cells = [
        (lead, kind, left, n)
        for lead, n_left in (("web", 4), ("fair", 9), ("shop", 2))
        for kind, more in (("x", 1), ("y", 3))
        for left, n in (("yes", n_left * more), ("no", 90 + more))
    ]
    frame = pd.DataFrame(cells, columns=["device", "kind", "left", "Freq"])
    made = chart_of(frame, "bar", "x=category device", "y=sum Freq", "color=category left")
    sums = frame.groupby("device")["Freq"].sum()
    shares = frame[frame["left"] == "yes"].groupby("device")["Freq"].sum() / sums
    assert shares_in(made) == pytest.approx(shares.to_dict(), abs=1e-4)
    assert told(with_rows(made, frame)) == pytest.approx(shares.to_dict(), abs=1e-4)


def test_a_share_of_a_sample_stays_and_its_rows_grow(table: pd.DataFrame) -> None:
    source = open_table(table)
    design, _ = design_of(source, *SHARES)
    found = rows(source, design)
    grown = scaled(found, design, N, 10 * N)
    assert [r["y"] for r in grown.records] == [r["y"] for r in found.records]
    assert [r["rows"] for r in grown.records] == [10 * r["rows"] for r in found.records]
    assert grown.overall == found.overall


def test_a_kept_chart_comes_back_with_its_share(table: pd.DataFrame) -> None:
    made = chart_of(table, *SHARES)
    again = Chart.from_record(json.loads(json.dumps(made.to_record())))
    assert again.design == made.design and again.design.style.rate == "yes"
    assert again.title == made.title


def test_a_list_has_shares_in_python_and_in_specs() -> None:
    rng = np.random.default_rng(8)
    plan = rng.choice(["basic", "plus", "pro"], 900)
    chance = pd.Series(plan).map({"basic": 0.2, "plus": 0.1, "pro": 0.03})
    frame = pd.DataFrame(
        {
            "plan": plan,
            "country": rng.choice(["DE", "FR", "IT"], 900),
            "age": rng.integers(18, 80, 900),
            "spend": rng.lognormal(3, 0.5, 900).round(2),
            "churned": np.where(rng.random(900) < chance, "yes", "no"),
        }
    )
    gallery = erp.recommend(frame, store=":memory:")
    (shown,) = [c for c in gallery if c.title == "Share with churned = yes by plan"]
    specs = recommended_specs(open_table(frame))
    titles = [
        one.get("title")
        for spec in specs
        for one in spec["encoding"].values()
        if isinstance(one, dict)
    ]
    assert "Share with churned = yes" in titles
    assert shown.to_png().startswith(b"\x89PNG")
