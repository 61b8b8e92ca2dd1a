"""Two columns that are the ends of one thing, and the charts that run from one to the other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.design import Intent
from vizmodel.form.declared import declared
from vizmodel.form.edits import edits
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.relations.ranges import Range
from vizmodel.ranking.rank import shows_a_copy
from vizmodel.recommend import recommend
from vizmodel.training.corpus import to_design
from vizmodel.wire.profile import profile_form, profile_of
from vizmodel.worth.interest import interest

N = 52
_RNG = np.random.default_rng(4)
_MIDDLE = np.sin(np.arange(N) / 6) * 4 + 12
WEEKS = [datetime(2022, 1, 3) + timedelta(weeks=i) for i in range(N)]
LOW = (_MIDDLE - 1 - _RNG.uniform(0, 2, N)).round(2)
HIGH = (_MIDDLE + 1 + _RNG.uniform(0, 2, N)).round(2)


def weather(low: str = "temp_min", high: str = "temp_max", **more: Any) -> Profile:
    """Each week has its lowest and its highest temperature."""
    return profile_table(pa.table({"week": WEEKS, high: HIGH, low: LOW, **more}))


def plan(**more: Any) -> Profile:
    """Tasks that begin and end."""
    starts = [datetime(2024, month, 5) for month in (3, 1, 2, 5)]
    ends = [datetime(2024, month, 20) for month in (4, 3, 2, 6)]
    names = ["test", "design", "build", "ship"]
    return profile_table(pa.table({"task": names, "begun": starts, "done": ends, **more}))


@pytest.mark.parametrize(
    "names",
    [
        ("temp_min", "temp_max"),
        ("Low", "High"),
        ("lower bound", "upper bound"),
        ("y", "y2"),
        ("pay1", "pay2"),
        ("percentile_25", "percentile_75"),
    ],
)
def test_names_and_order_tell_the_ends(names: tuple[str, str]) -> None:
    assert weather(*names).ranges == (Range(*names),)


def test_other_names_and_another_order_are_no_range() -> None:
    assert weather("inside", "outside").ranges == ()
    crossed = np.where(np.arange(N) == 7, HIGH + 1, LOW)
    table = pa.table({"week": WEEKS, "t_max": HIGH, "t_min": crossed})
    assert profile_table(table).ranges == ()
    far = pa.table({"week": WEEKS, "t1": LOW, "t2": HIGH + 1000})
    assert profile_table(far).ranges == (), "as far apart as two different things"


def test_the_two_times_of_a_table_need_no_name() -> None:
    assert plan().ranges == (Range("begun", "done"),)


def test_of_several_upper_ends_the_widest_is_kept() -> None:
    middle = (LOW + HIGH) / 2
    table = pa.table({"week": WEEKS, "e": middle, "e1": LOW, "e2": HIGH})
    assert profile_table(table).ranges == (Range("e1", "e2", "e"),)


def test_ranges_travel_and_are_kept() -> None:
    profile = weather()
    assert profile_of(profile_form(profile)).ranges == profile.ranges
    assert Profile.from_dict(json.loads(json.dumps(profile.to_dict()))).ranges == profile.ranges


BAND = "area x=week:value y=temp_min:value y2=temp_max:value"


def test_a_band_is_legal_from_the_lower_to_the_upper_end_only() -> None:
    profile = weather()
    assert violations(design_of(BAND, profile), profile) == ()
    turned = "area x=week:value y=temp_max:value y2=temp_min:value"
    mixed = "area x=week:yearmonth y=temp_min:mean y2=temp_max:max"
    for text in (turned, mixed):
        assert "ends_belong_together" in violations(design_of(text, profile), profile)
    for pair in ("mean", "median"):
        text = f"area x=week:yearmonth y=temp_min:{pair} y2=temp_max:{pair}"
        assert violations(design_of(text, profile), profile) == ()
    text = "area x=week:yearmonth y=temp_min:min y2=temp_max:max"
    assert violations(design_of(text, profile), profile) == ()


def test_the_band_of_a_table_made_for_it_is_among_the_first() -> None:
    profile = weather()
    first = [ranked.design for ranked in recommend(profile, 5)]
    assert any(d.ends and set(d.fields) == {"week", "temp_min", "temp_max"} for d in first)


def test_bars_run_from_start_to_end_in_the_order_of_their_starts() -> None:
    profile = plan()
    bars = styled(design_of("bar x=task:category y=begun:value y2=done:value", profile), profile)
    assert any(r.design.ends and r.design.mark == "bar" for r in recommend(profile, 5))
    flat = styled(bars.upright(), profile, turn=True)
    spec = declared(flat, profile)["encoding"]
    assert spec["x"] == {"field": "begun", "type": "temporal"}
    assert spec["x2"] == {"field": "done"}
    assert spec["y"]["sort"] == "x"
    assert flat.upright() == bars.upright()
    assert flat.identity() == bars.identity()


def test_what_began_twice_has_two_bars_in_one_line() -> None:
    years = [datetime(year, 1, 20) for year in (1989, 1993, 2001, 2009)]
    names = ["Bush", "Clinton", "Bush", "Obama"]
    ends = [*years[1:], datetime(2017, 1, 20)]
    profile = profile_table(pa.table({"name": names, "start": years, "end": ends}))
    bars = design_of("bar x=name:category y=start:value y2=end:value", profile)
    assert violations(bars, profile) == ()
    assert any(ranked.design.ends for ranked in recommend(profile, 5))
    # Of numbers, one bar would cover the others of its group.
    prices = pa.table(
        {"signal": ["buy", "sell"] * (N // 2), "low": LOW, "high": HIGH, "day": WEEKS}
    )
    over = design_of("bar x=signal:category y=low:value y2=high:value", profile_table(prices))
    assert "rows_are_told_apart" in violations(over, profile_table(prices))


def test_a_range_is_asked_for_by_its_channels() -> None:
    profile = weather(wind=_RNG.uniform(1, 9, N))
    wanted = Intent(encoding=(("y", "temp_min"), ("y2", "temp_max")))
    found = recommend(profile, 5, wanted)
    assert found
    assert all(ranked.design.ends for ranked in found)


def test_that_the_ends_go_together_is_no_finding() -> None:
    profile = weather()
    scatter = design_of("point x=temp_min:value y=temp_max:value", profile)
    assert shows_a_copy(scatter, profile)
    band = design_of(BAND, profile)
    line = design_of("line x=week:value y=temp_min:value", profile)
    assert interest(band, profile) == interest(line, profile)


def test_edits_of_a_band_are_legal() -> None:
    profile = weather()
    for edit in edits(styled(design_of(BAND, profile), profile), profile):
        assert violations(edit.design.upright(), profile) == ()


Q = {"type": "quantitative"}
WEEK = {"field": "week", "type": "temporal"}


@pytest.mark.parametrize("ends", [("y", "y2"), ("y2", "y")])
def test_people_s_bands_are_read_lower_end_first(ends: tuple[str, str]) -> None:
    profile = weather()
    encoding = {
        "x": WEEK,
        ends[0]: {"field": "temp_max", **Q},
        ends[1]: {"field": "temp_min", **Q},
    }
    assert to_design({"mark": "area", "encoding": encoding}, profile) == design_of(BAND, profile)


def test_people_s_flat_bars_are_read_upright() -> None:
    profile = plan()
    encoding = {
        "y": {"field": "task", "type": "nominal"},
        "x": {"field": "begun", "type": "temporal"},
        "x2": {"field": "done"},
    }
    bars = design_of("bar x=task:category y=begun:value y2=done:value", profile)
    assert to_design({"mark": "bar", "encoding": encoding}, profile) == bars


def test_what_lies_between_the_ends_of_a_range_goes_with_them() -> None:
    rng = np.random.default_rng(6)
    mean = rng.normal(12, 6, 300)
    low, high = mean - rng.uniform(1, 4, 300), mean + rng.uniform(1, 4, 300)
    columns = {"temp_min": low, "temp_avg": mean, "temp_max": high, "rain": rng.gamma(1, 4, 300)}
    profile = profile_table(pa.table(columns))
    pairs = {
        ("temp_avg", "temp_max"): True,
        ("temp_min", "temp_max"): True,
        ("rain", "temp_max"): False,
    }
    for (x, y), follows in pairs.items():
        chart = design_of(f"point x={x}:value y={y}:value", profile)
        assert shows_a_copy(chart, profile) is follows
