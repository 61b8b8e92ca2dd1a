"""Tables that are laid out as years side by side, panels, totals or places get charts of that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.vizmodel.raw_tables import profile_of
from vizmodel.candidates.layout_charts import ONE_OF_MANY, layout_charts, tells_layout
from vizmodel.design import Design
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.tokens import make_encoding

STATES = ("pre", "mid", "post")


def profile(columns: dict[str, Any]) -> Profile:
    return profile_table(pa.table(columns))


def told(of: Profile, worth: float = 0.8) -> list[tuple[str, frozenset[str]]]:
    """Return mark and columns of the legal charts that the layout asks first."""
    found = [d for d, much in layout_charts(of) if much >= worth and not violations(d, of)]
    return [(design.mark, frozenset(design.fields)) for design in found]


def first(of: Profile, k: int) -> list[Design]:
    return [one.design for one in recommend(of, k)]


def lands(n: int = 18) -> dict[str, Any]:
    rng = np.random.default_rng(8)
    names = [
        a + b for a in ("Nor", "Sud", "Est") for b in ("land", "burg", "ia", "mark", "ton", "a")
    ]
    size = rng.gamma(2, 20, n) + 20
    years = {
        str(y): (size * (1 + y % 10 / 9) + rng.normal(0, 1, n)).round(1) for y in range(2010, 2020)
    }
    return {"country": names[:n], "code": [name[:4].upper() for name in names[:n]], **years}


def test_years_side_by_side_are_courses_of_each_row() -> None:
    of = profile(lands())
    assert told(of, 0.6)[:2] == [
        ("line", frozenset({"country", "year", "value"})),
        ("bar", frozenset({"country", "2019"})),
    ]
    (course,) = first(of, 1)
    assert (course.mark, course.style.lines) == ("line", 8)
    assert course.style.fold is not None


def test_each_measure_of_the_same_years_has_a_course_among_the_first_charts() -> None:
    rng = np.random.default_rng(12)
    gdp, people = rng.uniform(2e10, 6e10, 8), rng.uniform(5e6, 8e7, 8)
    columns: dict[str, Any] = {"country": list(lands()["country"][:8])}
    columns |= {f"gdp_{2018 + at}": (gdp * 1.03**at).round() for at in range(5)}
    columns |= {f"pop_{2018 + at}": (people * 1.01**at).round() for at in range(5)}
    lines = [d for d in first(profile(columns), 3) if d.mark == "line"]
    assert {"gdp", "pop"} <= {field for line in lines for field in line.fields}


def test_states_of_which_the_last_follow_the_first_are_courses_of_each_group() -> None:
    rng = np.random.default_rng(13)
    before = rng.normal(60, 10, 90)
    group = ["control", "tutoring", "software"] * 30
    columns = {f"math_{s}": before + rng.normal(2 * n, 4, 90) for n, s in enumerate(STATES)}
    of = profile({"pupil": [f"p{n}" for n in range(90)], "group": group, **columns})
    (course,) = first(of, 1)
    assert (course.mark, set(course.fields)) == ("line", {"time", "math", "group"})
    assert of.column("time").semantic == "ordinal"


def test_of_many_years_one_says_little_but_the_last() -> None:
    of = profile(lands())
    much = {}
    for year in ("2012", "2013", "2019"):
        place, size = ("x", "country", "category"), ("y", year, "value")
        bars = Design("bar", tuple(make_encoding(*one, of) for one in (place, size)))
        much[year] = tells_layout(bars, of)
    assert much["2012"] == much["2013"] == ONE_OF_MANY < 0 < much["2019"]


def test_months_of_one_year_have_no_last() -> None:
    rng = np.random.default_rng(8)
    months = {f"2023-{m:02}": rng.gamma(9, 9, 12) for m in range(1, 13)}
    of = profile({"shop": list("abcdefghijkl"), **months})
    assert ("bar", frozenset({"shop", "2023-12"})) not in told(of, 0.0)


def runs(n: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(8)
    run, epoch = np.repeat(["wide", "deep", "tiny"], n), np.tile(np.arange(1, n + 1), 3)
    loss = np.exp(-epoch / np.repeat([9, 14, 30], n)) + rng.normal(0, 0.01, 3 * n)
    size = np.repeat([11.0, 23.5, 4.0], n)
    seconds = rng.normal(60, 2, 3 * n)
    return {"run": run, "epoch": epoch, "loss": loss, "params": size, "seconds": seconds}


def test_a_panel_is_drawn_with_a_line_for_each_thing() -> None:
    of = profile(runs())
    assert of.panel is not None
    assert (of.panel.time, of.panel.group) == ("epoch", "run")
    assert ("line", frozenset({"epoch", "loss", "run"})) in told(of)
    # what a run always is has no course
    assert not any("params" in fields for _, fields in told(of, 0.0))
    (course,) = first(of, 1)
    assert (course.mark, set(course.fields)) == ("line", {"epoch", "loss", "run"})


def readings(n: int = 1500) -> dict[str, Any]:
    rng = np.random.default_rng(8)
    start = np.datetime64("2024-01-01", "us")
    moments = np.tile(start + 3_600_000_000 * np.arange(n), 4)
    devices = np.repeat(["a1", "b2", "c3", "d4"], n)
    rooms = np.repeat(["hall", "lab", "lab", "hall"], n)
    heat = 20 + np.repeat([0, 1, 3, 5], n) + rng.normal(0, 1, 4 * n)
    more = {name: rng.normal(50, 9, 4 * n) for name in ("humidity", "co2")}
    return {"ts": moments, "device": devices, "room": rooms, "temp": heat, **more}


def test_readings_have_courses_by_day_and_hour() -> None:
    of = profile(readings())
    assert of.panel is not None
    units = {
        next(e.transform for e in design.encodings if e.channel == "x")
        for design, _ in layout_charts(of)
        if "temp" in design.fields and not violations(design, of)
    }
    assert units == {"yearmonthdate", "hours"}


def test_events_at_their_own_times_are_no_panel() -> None:
    rng = np.random.default_rng(8)
    moments = np.datetime64("2024-01-01", "us") + np.cumsum(rng.integers(1, 10**11, 200))
    kinds = {name: rng.choice(["a", "b", "c"], 200) for name in ("kind", "place")}
    of = profile({"time": moments, **kinds, "x": rng.normal(0, 1, 200), "z": rng.normal(0, 1, 200)})
    assert of.panel is None


def test_totals_of_a_published_table_are_asked_before_their_parts() -> None:
    sexes, years = ["Total", "Men", "Women"], [*range(2005, 2020)]
    towns = ["Rome", "Oslo", "Bern", "Graz"]
    rows = [(t, s, y) for t in towns for s in sexes for y in years]
    town, sex, year = (list(column) for column in zip(*rows, strict=True))
    value = [len(t) * (2 if s == "Total" else 1) + y % 7 for t, s, y in rows]
    of = profile({"town": town, "sex": sex, "year": year, "share": value})
    assert ("line", frozenset({"town", "year", "share"})) in told(of, 0.3)


@pytest.mark.parametrize("n", [400, 7_000])
def test_places_are_mapped_however_many_there_are(n: int) -> None:
    rng = np.random.default_rng(8)
    places = {"lat": rng.normal(51.7, 0.02, n), "lon": rng.normal(-1.2, 0.02, n)}
    tall = rng.gamma(9, 2, n)
    kinds = {"species": rng.choice(["oak", "ash", "lime"], n), "ward": rng.choice(list("abcd"), n)}
    of = profile({**kinds, **places, "height": tall, "width": tall + rng.normal(0, 2, n)})
    drawn = [design for design in first(of, 6) if design.style.projected]
    assert drawn
    others = [d for d in first(of, 15) if d.mark == "point" and not d.summarised]
    assert n < 5_000 or all(design.style.projected for design in others)


def test_two_like_columns_beside_others_are_not_the_series_of_a_table() -> None:
    rng = np.random.default_rng(2)
    n = 60
    close = np.cumsum(rng.normal(0, 1, n)) + 90
    days = [np.datetime64("2024-01-01", "us") + np.timedelta64(i, "D") for i in range(n)]
    prices = {"Date": days, "Close": close, "Fund Close": close * 0.97 + rng.normal(0, 0.1, n)}
    others = {"Volume": rng.integers(900, 9_000, n), "Trades": rng.integers(20, 99, n)}
    found = profile({**prices, **others, "Spread": rng.gamma(2, 1, n)})
    assert found.fold is not None
    assert len(found.fold.columns) == 2
    assert not any(found.fold.key in d.fields for d, _ in layout_charts(found))


def test_answers_to_one_question_are_one_chart_before_each_alone() -> None:
    rng = np.random.default_rng(5)
    n = 250
    shares = {"email": 0.7, "phone": 0.4, "visit": 0.2, "letter": 0.1}
    table = {f"contact: {one}": (rng.random(n) < share).tolist() for one, share in shares.items()}
    table |= {"age": rng.integers(18, 80, n).tolist(), "sex": rng.choice(["f", "m"], n).tolist()}
    table |= {"satisfied": rng.integers(1, 6, n).tolist()}
    designs = [one.design for one in recommend(profile_table(pa.table(table)), 15)]
    told = [set(design.fields) for design in designs]
    assert {"contact", "yes"} in told[:3]
    pairs = [fields for fields in told if sum("contact: " in field for field in fields) > 1]
    assert len(pairs) <= 3


def test_long_readings_by_the_hour_are_shown_by_day_and_by_hour_of_the_day() -> None:
    rng = np.random.default_rng(6)
    hours = np.arange(60 * 24)
    start = np.datetime64("2026-01-01T00:00:00", "us")
    table = {"time": (start + hours.astype("timedelta64[h]")).tolist()}
    table |= {"temp": (10 + 8 * np.sin(hours / 24 * 2 * np.pi) + rng.normal(0, 1, 1440)).tolist()}
    table |= {"humidity": (60 + rng.normal(0, 8, 1440)).tolist()}
    designs = [one.design for one in recommend(profile_table(pa.table(table)), 6)]
    units = {e.transform for design in designs[:4] for e in design.encodings if e.field == "time"}
    assert {"yearmonthdate", "hours"} <= units
    assert any(e.transform == "value" for d in designs for e in d.encodings if e.field == "time")


def test_courses_of_very_many_gathered_times_begin_the_list_with_a_line_for_each_land() -> None:
    rng = np.random.default_rng(6)
    named = [f"land {i // 2}" for i in range(90)]
    days = {f"{1 + d // 28}/{1 + d % 28}/20": rng.poisson(9.0 * (d + 1), 90) for d in range(84)}
    table = {"province": [f"part {i}" if i % 7 == 0 else None for i in range(90)], "land": named}
    of = profile(table | days)
    courses = [design.fields for design in first(of, 3) if design.mark == "line"]
    assert (of.folds[0].key, of.folds[0].value, "land") in courses


def test_the_parts_of_a_long_course_are_means_by_month() -> None:
    rng = np.random.default_rng(4)
    hours = pd.date_range("2024-01-01", periods=4000, freq="h")
    parts = {f"{name}_gw": rng.gamma(4, 2, 4000) for name in ("wind", "solar", "gas", "hydro")}
    profile = profile_of(pd.DataFrame({"hour": hours, **parts, "price": rng.normal(50, 9, 4000)}))
    assert profile.fold is not None
    first = recommend(profile, 6)
    drawn = next(one.design for one in first if profile.fold.value in one.design.fields)
    assert (drawn.mark, drawn.summarised) == ("line", True)
    assert any(e.time_unit == "yearmonth" for e in drawn.encodings)
