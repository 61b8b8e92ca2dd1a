"""Clocks and durations are numbers on one scale; other numbers are not taken for clocks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest
import vl_convert as vlc

from vizmodel.form.steps import reading
from vizmodel.profile import TypeOverrideError, apply_casts, infer_casts, profile_table, told_casts
from vizmodel.profile.reading.clocks import DURATIONS, clock_text

TIMES = [100 * hour + minute for hour in range(24) for minute in (5, 20, 35, 50)]
TEXTS = [f"{time // 100}:{time % 100:02}" for time in TIMES]


@pytest.mark.parametrize(
    ("name", "values", "form", "first"),
    [
        ("dep_time", TIMES, "HHMM", 5 / 60),
        ("CRS_DEP_TIME", [*map(float, TIMES), None, 2400.0], "HHMM", 5 / 60),
        ("start", TEXTS, "H:MM", 5 / 60),
        ("start", [dt.time(time // 100, time % 100) for time in TIMES], "H:MM", 5 / 60),
        ("duration", [f"00:{m:02}:{s:02}" for m in range(5) for s in range(1, 20)], "M:SS", 1 / 60),
        ("elapsed", [f"{h}:15:30" for h in range(40, 99)], "H:MM", 40 + 15.5 / 60),
        ("duration_ms", [*range(150_000, 300_000, 900)], "milliseconds, as minutes", 2.5),
        ("Duration (in seconds)", [*range(180, 600, 7)], "seconds, as minutes", 3.0),
        ("uptime_s", [*range(9_000, 99_000, 999)], "seconds, as hours", 2.5),
    ],
)
def test_clocks(name: str, values: list[Any], form: str, first: float) -> None:
    raw = pa.table({name: values})
    casts = infer_casts(raw)
    assert casts[0].format == form
    typed = apply_casts(raw, casts)
    assert typed.column(0)[0].as_py() == pytest.approx(first)
    column = profile_table(typed, None, casts).columns[0]
    assert (column.semantic, column.written) == ("measure", form)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("air_time", list(range(40, 400))),  # minutes
        ("price", TIMES),
        ("time", list(range(0, 2400, 100))),  # round numbers
        ("time", list(range(60))),  # less than ten hours
        ("dep_time", TIMES[:12]),
        ("dep_time", [*TIMES, 2460]),
        ("dep_time", [*TIMES, -5]),
        ("start", TEXTS[:20]),  # labels
        ("score", [f"{n}:{n + 1}" for n in range(99)]),
        ("start", [*TEXTS, "noon"]),
        ("time", [f"03:14:{second:02}" for second in range(60)]),  # of one minute
    ],
)
def test_what_is_no_clock(name: str, values: list[Any]) -> None:
    cast = infer_casts(pa.table({name: values}))[0]
    assert cast.format not in ("HHMM", "H:MM", "M:SS")


def test_a_user_may_say_what_they_are() -> None:
    raw = pa.table({"dep_time": TIMES, "start": TEXTS})
    casts = infer_casts(raw)
    told = told_casts(raw, casts, {"dep_time": "quantitative", "start": "nominal"})
    assert apply_casts(raw, told).column("dep_time").to_pylist() == TIMES
    assert apply_casts(raw, told).column("start").to_pylist() == TEXTS
    with pytest.raises(TypeOverrideError, match="start"):
        told_casts(raw, casts, {"start": "temporal"})


@pytest.mark.parametrize(
    ("value", "form", "read_as"),
    [
        (1430, "HHMM", "14.5"),
        (45, "HHMM", "0.75"),
        (None, "HHMM", "null"),
        ("14:30", "H:MM", "14.5"),
        ("1:30:00", "H:MM", "1.5"),
        ("0:04:30", "M:SS", "4.5"),
        (270_000, "milliseconds, as minutes", "4.5"),
        (5_400, "seconds, as hours", "1.5"),
        (None, "seconds, as hours", "null"),
    ],
)
def test_vega_reads_the_same(value: Any, form: str, read_as: str) -> None:
    spec = {
        "data": {"values": [{"v": value}]},
        "transform": [
            {"calculate": "'=' + (" + reading("datum.v", form) + ") + '='", "as": "said"}
        ],
        "mark": "text",
        "encoding": {"text": {"field": "said"}},
    }
    said = re.search("=([^=<>]+)=<", vlc.vegalite_to_svg(spec))
    assert said is not None and said[1] == read_as


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("latency_ms", [*range(20, 900)]),  # milliseconds are what is meant
        ("wind_ms", [*range(100_000, 200_000, 500)]),  # metres
        ("duration", [*range(150_000, 300_000, 900)]),  # of what?
        ("timeout_s", [300, 600, 900] * 20),  # a few settings
        ("time_s", [1.7e9 + at for at in range(90)]),  # moments
    ],
)
def test_what_is_no_long_duration(name: str, values: list[Any]) -> None:
    assert infer_casts(pa.table({name: values}))[0].format not in DURATIONS


def test_they_are_written_as_clocks() -> None:
    assert [clock_text(hours) for hours in (0, 23.999, 7.5, -1.25)] == [
        "0:00",
        "24:00",
        "7:30",
        "-1:15",
    ]


def test_few_times_of_day_are_labels_without_seconds_that_none_has() -> None:
    kickoffs = [dt.time(12, 30), dt.time(15), None, dt.time(15)] * 20
    for times, label in (
        (pa.chunked_array([kickoffs]), "15:00"),
        (pa.chunked_array([[*kickoffs, dt.time(15, 0, 30)]]), "15:00:00"),
        (pa.chunked_array([kickoffs]).cast(pa.time64("ns")), "15:00"),
    ):
        raw = pa.table({"kick-off": times})
        texts = apply_casts(raw, infer_casts(raw)).column(0).to_pylist()
        assert texts[1] == texts[3] == label
        assert texts[2] is None


@pytest.mark.parametrize(
    ("seconds", "form", "unit", "first"),
    [
        (range(40, 70), None, "s", 40),
        (range(300, 900, 7), "seconds, as minutes", "", 5),
        (range(9_000, 90_000, 700), "seconds, as hours", "", 2.5),
        (range(432_000, 4_320_000, 43_200), "days", "days", 5),
        ([432_000, 864_000, 432_000], "days", "days", 5),
        (range(-900_000, 4_320_000, 86_400), "days", "days", -900_000 / 86_400),
    ],
)
@pytest.mark.parametrize("kind", ["s", "ns"])
def test_durations_are_told_in_the_fitting_unit(
    seconds: Sequence[int], form: str | None, unit: str, first: float, kind: str
) -> None:
    raw = pa.table({"took": pa.array(list(seconds), pa.duration("s")).cast(pa.duration(kind))})
    (cast,) = infer_casts(raw)
    assert (cast.to, cast.format, cast.unit) == ("number", form, unit)
    assert apply_casts(raw, [cast]).column(0)[0].as_py() == pytest.approx(first)
