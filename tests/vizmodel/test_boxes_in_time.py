"""Box plots by months, weekdays and hours: which are legal, which are given, where they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.candidates.cycle_charts import CALENDAR, recurs
from vizmodel.design import Design
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

START = datetime(2021, 1, 1)


def _weather(n_days: int = 1_096, swing: float = 9.0) -> dict[str, object]:
    """Return temperatures of days that follow the year, and a pressure that follows nothing."""
    drawn = np.random.default_rng(5)
    days = np.arange(n_days)
    warm = 11 - swing * np.cos((days - 15) / 58.1) + drawn.normal(0, 3, n_days)
    times = [START + timedelta(days=int(day)) for day in days]
    return {"day": times, "temp": warm.round(1), "pressure": drawn.normal(1_015, 8, n_days)}


def _hours(n_days: int, swing: float = 12.0) -> Profile:
    """Return the profile of the load of a grid by the hour, with what else is read then."""
    drawn = np.random.default_rng(7)
    n = 24 * n_days
    hour = np.arange(n) % 24
    table = {
        "at": [START + timedelta(hours=at) for at in range(n)],
        "load": 50 + swing * np.sin((hour - 7) / 3.8) + drawn.normal(0, 2, n),
        "wind": drawn.gamma(2, 8, n),
        "price": drawn.normal(60, 8, n),
        "site": drawn.choice(["north", "south"], n),
    }
    return profile_table(pa.table(table))


def _is_box(design: Design, unit: str, measure: str) -> bool:
    parts = {(e.transform, e.field) for e in design.encodings}
    return design.mark == "boxplot" and {unit, measure} <= {part for two in parts for part in two}


def test_what_follows_the_calendar_is_known() -> None:
    profile = profile_table(pa.table(_weather()))
    assert (profile.cycle("day", "month", "temp") or 0) > 0.6
    assert (profile.cycle("day", "day", "temp") or 0) < 0.05
    assert (profile.cycle("day", "month", "pressure") or 0) < 0.05
    assert profile.cycle("day", "hours", "temp") is None  # all at midnight
    assert Profile.from_dict(profile.to_dict()).cycles == profile.cycles


def test_weekdays_and_hours_are_those_of_the_calendar() -> None:
    days = [START + timedelta(hours=6 * n) for n in range(400)]
    table = {"at": days, "sold": [day.weekday() * 3.5 for day in days]}
    table["seen"] = [day.hour + 0.5 for day in days]
    profile = profile_table(pa.table(table))
    assert profile.cycle("at", "day", "sold") == pytest.approx(1.0)
    assert profile.cycle("at", "hours", "seen") == pytest.approx(1.0)


@pytest.mark.parametrize(("n_days", "unit", "legal"), [
    (1_096, "month", True),
    (1_096, "year", True),
    (1_096, "day", True),
    (1_096, "yearmonth", False),  # no box for each month of each year
    (60, "month", False),  # two months are no cycle
    (60, "day", True),
    (40, "day", False),  # six rows of each weekday
])  # fmt: skip
def test_boxes_are_of_parts_that_have_rows(n_days: int, unit: str, legal: bool) -> None:
    table = _weather(n_days) | {"wind": np.arange(n_days) % 37 / 4, "rain": np.arange(n_days) % 19}
    profile = profile_table(pa.table(table))
    box = design_of(f"boxplot x=day:{unit} y=temp:value", profile)
    assert (not violations(box, profile)) == legal


def test_each_number_has_the_part_that_tells_most_of_it() -> None:
    hours = _hours(120)
    told = [[(e.field, e.transform) for e in design.encodings] for design in CALENDAR.charts(hours)]
    assert told == [[("at", "hours"), ("load", "value")]]
    assert not CALENDAR.charts(_hours(120, swing=0.0))


@pytest.mark.parametrize("columns", [("day", "temp"), ("day", "temp", "pressure")])
def test_a_narrow_table_shows_what_comes_again_after_its_course(columns: tuple[str, ...]) -> None:
    table = {name: values for name, values in _weather().items() if name in columns}
    designs = [one.design for one in recommend(profile_table(pa.table(table)))]
    assert designs[0].mark == "line"
    assert any(_is_box(design, "month", "temp") for design in designs[1:4])


def test_readings_by_the_hour_are_shown_by_hours_among_the_first_ten() -> None:
    designs = [one.design for one in recommend(_hours(200))]
    places = [at for at, design in enumerate(designs) if _is_box(design, "hours", "load")]
    assert places and 0 < places[0] < 10


def test_what_follows_no_calendar_has_no_boxes_in_the_first_ten() -> None:
    profile = profile_table(pa.table(_weather(swing=0.0)))
    designs = [one.design for one in recommend(profile, 10)]
    assert not any(e.time_unit for d in designs if d.mark == "boxplot" for e in d.encodings)


def test_one_round_is_no_return() -> None:
    year, years = (profile_table(pa.table(_weather(n))) for n in (366, 1_096))
    box = "boxplot x=day:month y=temp:value"
    assert not recurs(design_of(box, year), year)
    assert recurs(design_of(box, years), years)


def test_quarters_have_boxes_where_times_are_quarters() -> None:
    quarters = [f"{year}-Q{q}" for year in range(1995, 2025) for q in (1, 2, 3, 4)]
    times = [datetime(int(one[:4]), 3 * int(one[-1]) - 2, 1) for one in quarters]
    sold = [100 + 30 * (n % 4) + n * 7 % 11 for n in range(len(times))]
    profile = profile_table(pa.table({"quarter": times, "sold": sold}))
    assert [d.encodings[0].transform for d in CALENDAR.charts(profile)] == ["quarter"]
