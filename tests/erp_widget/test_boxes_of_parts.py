"""Box plots by months, hours and years: their labels in order, their words, their code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

import erp_widget as erp
from erp_widget.chart import Chart

START = datetime(2021, 1, 1)


def _drawn(step: timedelta, n: int, values: Any, unit: str) -> Chart:
    """Return the boxes by a part of a time of a table of three columns."""
    times = [START + step * at for at in range(n)]
    other = np.random.default_rng(3).normal(0, 1, n)
    table = {"at": times, "temp": values, "noise": other.round(2), "more": other.round(1) * 3}
    gallery = erp.recommend(table, columns=["at", "temp"], mark="boxplot", k=20)
    return next(c for c in gallery if any(e.transform == unit for e in c.design.encodings))


def _seasons(n: int) -> Any:
    drawn = np.random.default_rng(5)
    return (11 - 9 * np.cos((np.arange(n) - 15) / 58.1) + drawn.normal(0, 3, n)).round(1)


def test_months_stand_in_their_order_and_are_told() -> None:
    chart = _drawn(timedelta(days=1), 1_096, _seasons(1_096), "month")
    labels = chart.to_vegalite()["encoding"]["x"]["scale"]["domain"]
    assert labels[:3] == ["Jan", "Feb", "Mar"] and labels[-1] == "Dec" and len(labels) == 12
    assert chart.title == "Distribution of temp by month of the year"
    assert chart.reason.startswith("Median temp is highest in Jul (")
    assert " and lowest in Jan (" in chart.reason
    assert "Medians. Highest: Jul (" in chart.description
    assert 'timeUnit="month"' in chart.code().replace("'", '"')


def test_years_are_labels_of_their_boxes() -> None:
    chart = _drawn(timedelta(days=1), 1_460, np.arange(1_460) / 7 % 190, "year")
    assert chart.to_vegalite()["encoding"]["x"]["scale"]["domain"] == [2021, 2022, 2023, 2024]


@pytest.mark.parametrize(("slope", "said"), [
    (2.0, "Median temp rises from "),
    (0.0, "Median temp differs little by hour of the day: "),
])  # fmt: skip
def test_hours_are_told_as_they_come_again(slope: float, said: str) -> None:
    hours = np.arange(2_400) % 24
    values = slope * hours + np.random.default_rng(7).normal(0, 0.4, 2_400)
    chart = _drawn(timedelta(hours=1), 2_400, values, "hours")
    assert chart.reason.startswith(said)
