"""Months of the year and weekdays are added up only where each came about as often."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RULE = "parts_come_as_often"


def _sales(n_days: int, step: int = 1, weekends: bool = True) -> Profile:
    """Return the profile of two sales on each day."""
    start = datetime(2022, 4, 4)  # a Monday
    days = [start + timedelta(days=i) for i in range(0, n_days, step) for _ in range(2)]
    days = [day for day in days if weekends or day.weekday() < 5]
    drawn = np.random.default_rng(3)
    n = len(days)
    return profile_table(
        pa.table(
            {
                "sold": days,
                "shop": drawn.choice(["north", "south", "west"], n),
                "revenue": drawn.lognormal(3, 1, n).round(2),
                "status": drawn.choice(["paid", "cancelled"], n, p=[0.7, 0.3]),
                "items": drawn.integers(1, 9, n),
            }
        )
    )


@pytest.mark.parametrize(
    ("n_days", "unit", "legal"),
    [
        (640, "month", False),  # 21 months: April to December came twice
        (640, "quarter", False),
        (730, "month", True),
        (715, "month", True),  # two weeks short of two years
        (220, "month", True),  # no month came again
        (4000, "month", True),  # eleven years or ten make little difference
        (17, "day", False),
        (21, "day", True),
        (640, "day", True),
    ],
)
def test_totals_need_parts_that_come_as_often(n_days: int, unit: str, legal: bool) -> None:
    profile = _sales(n_days)
    for measure in ("revenue:sum", "*:count"):
        chart = design_of(f"bar x=sold:{unit} y={measure}", profile)
        assert (RULE not in violations(chart, profile)) == legal
    means = design_of(f"bar x=sold:{unit} y=revenue:mean", profile)
    assert RULE not in violations(means, profile)


def test_weeks_without_saturdays_are_whole_ones() -> None:
    profile = _sales(19, weekends=False)
    assert RULE not in violations(design_of("bar x=sold:day y=*:count", profile), profile)


def test_shares_of_how_records_ended_do_not_grow_with_the_months() -> None:
    profile = _sales(640)
    shares = design_of("bar x=sold:month y=*:count color=status:category", profile)
    parts = design_of("bar x=sold:month y=*:count color=shop:category", profile)
    assert RULE not in violations(shares, profile)
    assert RULE in violations(parts, profile)


def test_no_list_adds_up_months_of_which_some_came_twice() -> None:
    for ranked in recommend(_sales(640, step=2), 15):
        shown = ranked.design
        of_year = any(e.transform in ("month", "quarter") for e in shown.encodings)
        totals = any(e.transform in ("sum", "count", "distinct") for e in shown.encodings)
        shares = shown.encoding("color") is not None
        assert not (of_year and totals and not shares), shown


def test_what_follows_weeks_and_years_is_shown_by_both() -> None:
    days = [datetime(2022, 1, 1) + timedelta(days=at) for at in range(730)]
    drawn = np.random.default_rng(2).normal(0, 800, 730)
    yearly = 2_000 * np.sin(np.arange(730) / 58)
    steps = [7_000 + 3_000 * (day.weekday() > 4) for day in days] + yearly + drawn
    found = recommend(profile_table(pa.table({"day": days, "steps": steps})), 15)
    boxes = {one.design.encodings[0].transform for one in found if one.design.mark == "boxplot"}
    assert boxes == {"month", "day"}
