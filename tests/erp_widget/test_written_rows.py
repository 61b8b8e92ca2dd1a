"""The code of a chart counts what is drawn: bins, rows that are left out and zeros are the same."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import chart_of, compile_warnings, schema_problems

from erp_widget.chart import Chart

RNG = np.random.default_rng(17)
COUNT = "(?:Count of Records|Number of records)"


def made_of(chart: Chart, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the Vega-Lite that the code of a chart makes of a frame."""
    names: dict[str, Any] = {"df": frame}
    exec(chart.code(), names)
    made: dict[str, Any] = names["chart"].to_dict()
    assert schema_problems(made) == []
    return made


def told(spec: dict[str, Any], what: str) -> list[float]:
    """Return the numbers of one channel that the marks of a spec tell, one by one, sorted."""
    one_by_one = spec | {"mark": spec["mark"] | {"type": "point"}}
    if spec["mark"]["type"] not in ("line", "area"):
        one_by_one = spec
    svg = vl_convert.vegalite_to_svg(one_by_one)
    found = re.findall(rf'aria-label="(?:[^"]*; )?{what}: ([\d,.]+)', svg)
    return sorted(float(number.replace(",", "")) for number in found)


def drawn(chart: Chart, channel: str) -> list[float]:
    return sorted(record[channel] for record in chart.drawn["data"]["values"])


@pytest.mark.parametrize("ends", [[], [0.0, 0.0], [1000.0]], ids=["plain", "zeros", "on an edge"])
def test_code_has_the_bins_of_a_log_scale(ends: list[float], capfd: Any) -> None:
    values = np.concatenate([np.clip(RNG.lognormal(3, 1.6, 300), 0.3, 999), ends, [np.nan] * 4])
    frame = pd.DataFrame({"size": values, "n": RNG.normal(50, 9, len(values))})
    bars = chart_of(frame, "bar", "x=bin size", "y=count")
    assert "x" in bars.design.style.log
    made = made_of(bars, frame)
    assert told(made, COUNT) == drawn(bars, "y")
    assert sum(drawn(bars, "y")) == len(frame) - 4
    assert made["encoding"]["x"]["field"] == "size"
    assert compile_warnings(made, capfd, "6.4") == ""
    means = chart_of(frame, "bar", "x=bin size", "y=mean n")
    assert told(made_of(means, frame), "Mean of n") == pytest.approx(drawn(means, "y"), rel=1e-4)


def test_code_has_the_cells_of_log_scales() -> None:
    frame = pd.DataFrame({"a": RNG.lognormal(3, 1.6, 500), "b": RNG.lognormal(2, 1.8, 500)})
    chart = chart_of(frame, "rect", "x=bin a", "y=bin b", "color=count")
    assert set(chart.design.style.log) == {"x", "y"}
    assert told(made_of(chart, frame), COUNT) == drawn(chart, "color")


def test_the_outermost_bins_of_the_code_hold_what_lies_beyond() -> None:
    values = np.concatenate([RNG.normal(100, 10, 400), [-9_000.0, 7_000.0, 8_000.0], [np.nan] * 5])
    frame = pd.DataFrame({"speed": values})
    chart = chart_of(frame, "bar", "x=bin speed", "y=count")
    assert "goes on" in str(chart.note)
    assert sum(drawn(chart, "y")) == 403
    assert told(made_of(chart, frame), COUNT) == drawn(chart, "y")


@pytest.mark.parametrize("gap", [None, ""], ids=["none", "blank"])
def test_code_leaves_out_the_rows_that_the_note_leaves_out(gap: Any) -> None:
    smokes = [*RNG.choice(["never", "often"], 299), gap]
    frame = pd.DataFrame({"smokes": smokes, "size": RNG.normal(170, 9, 300)})
    for chart in (
        chart_of(frame, "bar", "x=category smokes", "y=count"),
        chart_of(frame, "arc", "theta=count", "color=category smokes"),
    ):
        assert chart.note == "not shown: 1 of 300 rows without smokes"
        counted = [n for n in told(made_of(chart, frame), COUNT) if n]
        assert counted == drawn(chart, "theta" if chart.mark == "arc" else "y")
    means = chart_of(frame.dropna(), "bar", "x=category smokes", "y=mean size")
    assert gap == "" or "transform" not in means.declared, "nothing is left out"


MONTHS = [2, 3, 5, 6, 9, 11, 12, 14, 15, 17, 20]
GAPPY = pd.DataFrame(
    {
        "at": [pd.Timestamp(2022 + m // 12, m % 12 + 1, 3 + 2 * m % 9) for m in MONTHS] * 3,
        "visits": RNG.choice([1, 2, 4, 5, 6, 8, 11], 33),
        "year": RNG.choice([1990, 1991, 1993, 1994, 1995, 1999], 33),
        "kind": RNG.choice(["a", "b", "c"], 33, p=[0.7, 0.2, 0.1]),
    }
)


@pytest.mark.parametrize("mark", ["line", "area"])
@pytest.mark.parametrize("split", [(), ("color=category kind",), ("row=category kind",)])
@pytest.mark.parametrize(
    "along", ["yearmonth at", "yearmonthdate at", "value visits", "value year"]
)
def test_code_counts_zeros_where_the_line_falls_to_them(
    mark: str, split: tuple[str, ...], along: str
) -> None:
    frame = GAPPY
    if along.startswith("yearmonthdate"):
        days = pd.Timestamp("2023-12-20 18:00") + pd.to_timedelta(np.arange(33) * 5 // 3, unit="D")
        frame = frame.assign(at=days)
    chart = chart_of(frame, mark, f"x={along}", "y=count", *split)
    assert 0 in drawn(chart, "y")
    made = made_of(chart, frame)
    if "impute" in str(made):
        assert told(made, COUNT) == drawn(chart, "y")
    else:  # Vega-Lite fills what it stacks
        assert (mark, made["encoding"]["y"]["aggregate"]) == ("area", "count")
        assert "color" in made["encoding"]


def test_code_counts_zeros_of_months_that_some_lines_have() -> None:
    chart = chart_of(GAPPY, "line", "x=month at", "y=count", "color=category kind")
    made = made_of(chart, GAPPY)
    assert told(made, COUNT) == drawn(chart, "y")
    assert drawn(chart, "y")[0] == 0


def test_code_of_plain_charts_takes_no_step() -> None:
    frame = pd.DataFrame({"kind": ["a", "b"] * 60, "n": RNG.normal(9, 2, 120)})
    for chart in (("bar", "x=bin n", "y=count"), ("bar", "x=category kind", "y=mean n")):
        assert "transform" not in chart_of(frame, *chart).declared


@pytest.mark.parametrize("freq", ["D", "B", "MS", "YS"])
def test_code_has_the_zeros_of_plain_dates(freq: str) -> None:
    """Also where weekends are no zeros, because nothing is ever recorded then."""
    days = pd.date_range("2015-01-01", periods=60, freq=freq)
    frame = pd.DataFrame({"day": days[np.sort(RNG.choice([*range(9), *range(16, 60)], 400))]})
    chart = chart_of(frame, "line", "x=value day", "y=count")
    assert 0 in drawn(chart, "y")
    assert told(made_of(chart, frame), COUNT) == drawn(chart, "y")
