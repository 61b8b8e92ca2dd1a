"""Which bars of two parts are drawn as the share of one, and what a person would write of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace
from written_charts import design_of

from vizmodel.design import Design, Intent
from vizmodel.form.declared import declared
from vizmodel.form.edits import edits
from vizmodel.form.rates import ShareOf, as_rate, rate_level, runs_in_time, share_told
from vizmodel.form.style import styled
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.ranked import RankedDesign
from vizmodel.ranking.told_shares import as_bars, same_shares, untold
from vizmodel.recommend import recommend

N = 400
SHARES = "bar x=shop:category y=*:count color={}:category"


def profile_of(**columns: Any) -> Profile:
    """Return the profile of a table of shops whose customers did something or not."""
    shops = np.repeat(["centre", "north", "south", "east"], N // 4)
    return profile_table(pa.table({"shop": shops.tolist()} | columns))


def ended(often: float, ends: tuple[Any, Any]) -> list[Any]:
    """Return who ended so, in each shop more: the share of the second end is about `often`."""
    place = np.arange(N) // (N // 4)
    rank = np.argsort(np.argsort((np.arange(N) * 37 % 101) - 12 * place, kind="stable"))
    return [ends[int(at < often * N)] for at in rank]


@pytest.mark.parametrize(
    ("often", "ends", "level"),
    [
        (0.08, ("no", "yes"), "yes"),
        (0.92, ("no", "yes"), "no"),
        (0.95, (False, True), False),
        (0.04, (0, 1), 1),
        (0.06, ("kept", "returned"), "returned"),
        # Of a yes or no the yes is asked, the commoner too.
        (0.4, ("no", "yes"), "yes"),
        (0.6, ("no", "yes"), "yes"),
        (0.6, (False, True), True),
        (0.35, (0, 1), 1),
        (0.4, ("nein", "ja"), "ja"),
        # Neither of two kinds is.
        (0.4, ("women", "men"), None),
        (0.45, (1, 2), None),
    ],
)
def test_the_level_is_the_rarer_or_the_yes(
    often: float, ends: tuple[Any, Any], level: object
) -> None:
    profile = profile_of(end=ended(often, ends))
    found = rate_level(design_of(SHARES.format("end"), profile), profile)
    assert found == level and type(found) is type(level)


def test_the_clearly_rarer_of_two_ends_is_told() -> None:
    profile = profile_of(end=ended(0.35, ("kept", "sold")))
    bars = design_of(SHARES.format("end"), profile)
    assert (rate_level(bars, profile), rate_level(bars, profile, ended=True)) == (None, "sold")
    profile = profile_of(end=ended(0.47, ("kept", "sold")))
    assert rate_level(bars, profile, ended=True) is None


def test_three_ends_are_drawn_in_full() -> None:
    ends = np.where(np.arange(N) % 20 == 0, "lost", ended(0.1, ("open", "won")))
    profile = profile_of(end=ends.tolist())
    assert rate_level(design_of(SHARES.format("end"), profile), profile) is None


def test_what_is_missing_is_no_third_end() -> None:
    ends: list[Any] = ended(0.08, ("no", "yes"))
    ends[::7] = [None] * len(ends[::7])
    profile = profile_of(end=ends)
    assert rate_level(design_of(SHARES.format("end"), profile), profile) == "yes"


def test_parts_of_a_sum_are_no_rate_and_counted_cells_are() -> None:
    cells = [(a, b, c) for a in ("web", "fair", "shop") for b in ("x", "y") for c in ("no", "yes")]
    counts = [90 + 7 * i if c == "no" else 3 + i for i, (_, _, c) in enumerate(cells)]
    table = {"lead": [c[0] for c in cells], "kind": [c[1] for c in cells]}
    table |= {"left": [c[2] for c in cells], "Freq": counts}
    profile = profile_table(pa.table(table))
    assert profile.counted == {"Freq"}
    bars = design_of("bar x=lead:category y=Freq:sum color=left:category", profile)
    assert rate_level(bars, profile) == "yes"
    profile = profile_of(end=ended(0.08, ("no", "yes")), paid=np.linspace(1.0, 90.0, N))
    bars = design_of("bar x=shop:category y=paid:sum color=end:category", profile)
    assert rate_level(bars, profile) is None


def test_the_rarer_of_counted_cells_is_that_of_fewer_cases() -> None:
    cells = [(a, b) for a in ("web", "fair", "shop", "mail") for b in ("no", "yes")]
    counts = [9 if b == "no" else 300 for _, b in cells]
    table = {"lead": [c[0] for c in cells], "left": [c[1] for c in cells], "Freq": counts}
    column = profile_table(pa.table(table)).column("left")
    assert (column.rarer, round(column.top_share, 2)) == ("no", 0.97)


@pytest.fixture(scope="module")
def churn() -> tuple[Design, Profile]:
    """Return shares of an outcome, drawn."""
    profile = profile_of(churned=ended(0.08, ("no", "yes")))
    return styled(design_of(SHARES.format("churned"), profile), profile), profile


def test_style_decides_it_and_the_design_stays(churn: tuple[Design, Profile]) -> None:
    design, _ = churn
    assert (design.style.stack, design.style.rate, design.style.sort) == ("normalize", "yes", "x")
    assert [e.channel for e in design.encodings] == ["x", "y", "color"]
    shown = as_rate(design)
    assert share_told(shown) == ShareOf("y", "churned", "mean", "quantitative", "yes")
    assert shown.style.stack is None and as_rate(shown) == shown
    assert share_told(design) is None
    assert as_rate(design.upright()) == design.upright()


def test_what_is_declared_of_the_design_is_all_parts(churn: tuple[Design, Profile]) -> None:
    """Charts are compared with people's by what the design says, however it is drawn."""
    design, profile = churn
    assert declared(design, profile) == declared(
        design.with_style(replace(design.style, rate=None)), profile
    )
    assert declared(design, profile)["encoding"]["y"]["stack"] == "normalize"


def test_edits_keep_the_share(churn: tuple[Design, Profile]) -> None:
    design, profile = churn
    by = {(edit.kind, edit.choice): edit.design.style for edit in edits(design, profile)}
    assert by["axes", "swap"].rate == by["sort", "natural"].rate == "yes"
    assert by["axes", "swap"].sort == "y"
    assert by["color", ""].rate is None
    turned = next(edit.design for edit in edits(design, profile) if edit.kind == "axes")
    share = share_told(as_rate(turned))
    assert share is not None and share.channel == "x"


def test_a_person_sees_all_parts_and_they_stay(churn: tuple[Design, Profile]) -> None:
    design, profile = churn
    whole = next(e.design for e in edits(design, profile) if (e.kind, e.choice) == ("parts", "all"))
    assert as_rate(whole) == whole
    by = {(edit.kind, edit.choice): edit for edit in edits(whole, profile)}
    assert by["parts", "all"].current and not by["parts", "one"].current
    assert by["parts", "one"].design == design
    assert by["axes", "swap"].design.style.rate is None
    # Of two kinds the rarer can be told as well.
    kinds = profile_of(sex=ended(0.4, ("women", "men")))
    full = styled(design_of(SHARES.format("sex"), kinds), kinds)
    full = full.with_style(replace(full.style, stack="normalize"))
    one = next(e.design for e in edits(full, kinds) if (e.kind, e.choice) == ("parts", "one"))
    assert one.style.rate == "men"


@pytest.fixture(scope="module")
def monthly() -> tuple[Design, Profile]:
    """Return shares of an outcome along three years, drawn."""
    days = np.datetime64("2021-01-01T00:00:00", "us") + np.arange(N) * np.timedelta64(3, "D")
    profile = profile_of(
        opened=days.tolist(),
        paid=np.linspace(1.0, 90.0, N),
        churned=ended(0.08, ("no", "yes")),
        channel=["web", "shop", "mail", "fair"] * (N // 4),
        amount=(np.arange(N) * 37 % 101 + 0.5),
    )
    assert profile.recorded
    return styled(design_of(MONTHLY, profile), profile), profile


MONTHLY = "bar x=opened:yearmonth y=*:count color=churned:category"


def test_a_share_along_many_months_is_a_line(monthly: tuple[Design, Profile]) -> None:
    design, profile = monthly
    assert design.style.rate == "yes" and design.style.course
    shown = as_rate(design)
    assert (design.mark, shown.mark) == ("bar", "line") and as_rate(shown) == shown
    assert not runs_in_time(design_of(SHARES.format("churned"), profile), profile)
    days = np.datetime64("2021-01-01T00:00:00", "us") + np.arange(9) * np.timedelta64(12, "D")
    short = profile_table(pa.table({"opened": days.tolist()}))
    assert not runs_in_time(Design("bar", design.encodings[:1]), short)


def test_a_person_chooses_between_line_and_bars(monthly: tuple[Design, Profile]) -> None:
    design, profile = monthly
    marks = {e.choice: e for e in edits(design, profile) if e.kind == "mark"}
    assert marks["line"].current and marks["line"].design == design
    bars = marks["bar"].design
    assert as_rate(bars).mark == "bar" and bars.style.rate == "yes"
    by = {(edit.kind, edit.choice): edit for edit in edits(bars, profile)}
    assert by["mark", "bar"].current and not by["mark", "line"].current
    # They stay bars, and months that come round again are no course.
    assert by["time_unit", "year"].design.style.course is False
    around = next(e.design for e in edits(design, profile) if e.choice == "month")
    assert not around.style.course


def test_who_asks_for_bars_gets_bars(monthly: tuple[Design, Profile]) -> None:
    _, profile = monthly
    found = {one.design.identity(): one.design for one in recommend(profile, 40)}
    asked = [one.design for one in recommend(profile, 40, Intent(mark="bar"))]
    timed = [one for one in asked if one.style.rate and one.encodings[0].time_unit]
    assert timed and not any(one.style.course for one in timed)
    both = [found[one.identity()] for one in timed if one.identity() in found]
    assert both and all(one.style.course for one in both)


def test_a_share_is_told_once_and_by_bars_that_have_intervals() -> None:
    profile = profile_of(hit=ended(0.3, (0, 1)), age=np.linspace(18.0, 90.0, N))
    bars = design_of(SHARES.format("hit"), profile)
    mean = design_of("bar x=shop:category y=hit:mean", profile)
    other = design_of("bar x=shop:category y=age:mean", profile)
    every = [mean, bars, other]
    assert same_shares(every, profile).tolist() == [0, 0, 2]
    ranked = [RankedDesign(mean, 1.0), RankedDesign(other, 0.5)]
    assert [one.design for one in as_bars(ranked, every, profile)] == [bars, other]
    # Alone it stays, but not after the bars.
    assert as_bars(ranked, every[::2], profile) == ranked
    assert untold(every, profile, [styled(bars, profile)]) == [other]
    shown = [one.design.upright() for one in recommend(profile, 15)]
    assert bars in shown and mean not in shown


def test_a_profile_travels_with_the_rarer_value(churn: tuple[Design, Profile]) -> None:
    _, profile = churn
    again = Profile.from_dict(profile.to_dict())
    assert again.column("churned").rarer == "yes"
    assert again.column("shop").rarer is None
