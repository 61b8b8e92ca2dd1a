"""Figures whose bounds a table gives are drawn with them: estimates, forecasts, means of days."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.form.bounds import MAX_RULES
from vizmodel.form.style import styled
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.relations.ranges import Range
from vizmodel.ranking.rank import says_nothing
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of
from vizmodel.worth.asides import shows_an_aside, told_by

N = 40
_RNG = np.random.default_rng(6)
DAYS = [datetime(2024, 1, 1) + timedelta(days=at) for at in range(N)]
LEVEL = np.sin(np.arange(N) / 5) * 4 + 20
BELOW, ABOVE = LEVEL - _RNG.uniform(0.5, 2, N), LEVEL + _RNG.uniform(0.5, 2, N)


def forecast(low: str, figure: str, high: str) -> Profile:
    """A figure for each day, and from where to where it may lie."""
    return profile_table(pa.table({"day": DAYS, low: BELOW, high: ABOVE, figure: LEVEL}))


def trial(**more: list[float]) -> Profile:
    """Estimates of six arms."""
    arms = {"arm": list("abcdef"), "estimate": [0.8, 0.65, 0.9, 1.1, 0.7, 0.85]}
    ends = {"lower": [0.6, 0.4, 0.7, 0.8, 0.5, 0.7], "upper": [1.0, 0.9, 1.1, 1.4, 0.9, 1.0]}
    return profile_table(pa.table({**arms, **ends, **more}))


@pytest.mark.parametrize(
    ("low", "figure", "high"),
    [
        ("lower", "estimate", "upper"),
        ("yhat_lower", "yhat", "yhat_upper"),
        ("conf.low", "value", "conf.high"),
        ("[0.025", "coef", "0.975]"),
        ("2.5 %", "Estimate", "97.5 %"),
        ("p05", "median", "p95"),
        ("coef lower 95%", "coef", "coef upper 95%"),
        ("temp_min", "temp_mean", "temp_max"),
        ("LCI", "OR", "UCI"),
    ],
)
def test_what_lies_between_two_ends_is_told_by_rows_and_names(
    low: str, figure: str, high: str
) -> None:
    assert forecast(low, figure, high).ranges == (Range(low, high, figure),)


def test_another_name_or_one_row_beyond_is_no_middle() -> None:
    assert forecast("temp_min", "dew point", "temp_max").ranges == (Range("temp_min", "temp_max"),)
    beyond = np.where(np.arange(N) == 7, LEVEL + 9, LEVEL)
    table = {"day": DAYS, "lower": BELOW, "upper": ABOVE, "estimate": beyond}
    assert profile_table(pa.table(table)).ranges == (Range("lower", "upper"),)


def test_of_two_numbers_between_the_ends_the_one_that_is_called_so_is_meant() -> None:
    inside = {"open": LEVEL + 0.1, "close": LEVEL}
    profile = profile_table(pa.table({"day": DAYS, "low": BELOW, "high": ABOVE, **inside}))
    assert profile.ranges == (Range("low", "high", "close"),)


@pytest.mark.parametrize("mark", ["line", "bar", "point"])
def test_a_figure_brings_its_bounds(mark: str) -> None:
    profile = forecast("lower", "estimate", "upper")
    design = design_of(f"{mark} x=day:value y=estimate:value", profile)
    assert styled(design, profile).style.bounds == ("lower", "upper")


def test_neither_summaries_nor_parts_nor_crowds_have_bounds() -> None:
    profile = trial(weight=[15.0, 10.0, 22.0, 8.0, 18.0, 27.0])
    for chart in (
        "bar x=estimate:bin y=*:count",
        "bar x=arm:category y=weight:value",
        "bar x=arm:category y=estimate:value color=weight:value",
        # A rule through each of many points hides the others.
        "point x=weight:value y=estimate:value",
        "bar x=arm:category y=lower:value y2=upper:value",
    ):
        assert styled(design_of(chart, profile), profile).style.bounds is None
    assert MAX_RULES < 100
    many = pa.table({"n": range(100), "estimate": range(100), "lower": range(-1, 99)})
    crowd = profile_table(many.append_column("upper", pa.array(range(1, 101))))
    design = design_of("point x=n:category y=estimate:value", crowd)
    assert styled(design, crowd).style.bounds is None


def test_points_upon_each_other_have_no_rules() -> None:
    polls = {"party": ["x", "y"] * 3, "pollster": list("AABBCC"), "share": [44, 41, 46, 39, 43, 42]}
    ends = {"lo": [41, 38, 43, 36, 40, 39], "hi": [47, 44, 49, 42, 46, 45]}
    profile = profile_table(pa.table({**polls, **ends}))
    design = design_of("point x=party:category y=share:value", profile)
    assert styled(design, profile).style.bounds is None


def test_the_figure_comes_first_and_its_bounds_not_by_themselves() -> None:
    profile = trial(weight=[15.0, 10.0, 22.0, 8.0, 18.0, 27.0])
    first = recommend(profile, 5)
    assert first[0].design.style.bounds == ("lower", "upper")
    assert told_by(profile) == {"lower": "estimate", "upper": "estimate"}
    alone = design_of("bar x=arm:category y=upper:value", profile)
    assert shows_an_aside(alone, profile)
    assert not any(shows_an_aside(one.design, profile) for one in first)


def test_a_middle_travels_to_a_service() -> None:
    profile = trial()
    assert profile_of(profile_form(profile)).ranges == profile.ranges
    assert Profile.from_dict(profile.to_dict()).ranges == profile.ranges


def test_beside_what_came_a_forecast_has_no_chart_of_its_own() -> None:
    came = LEVEL + _RNG.normal(0, 1, N)
    ends = {"lower": BELOW, "forecast": LEVEL, "upper": ABOVE}
    profile = profile_table(pa.table({"day": DAYS, "sold": came, **ends}))
    first = [one.design for one in recommend(profile, 4)]
    assert first[0].style.estimate == "forecast"
    assert not any({"forecast", "lower", "upper"} & {*one.fields} for one in first if one.ends)
    band = design_of("area x=day:value y=lower:value y2=upper:value", profile)
    assert shows_an_aside(band, profile)
    assert says_nothing(design_of("point x=day:value", profile), profile)
    assert not shows_an_aside(design_of("line x=day:value y=sold:value", profile), profile)
