"""What a person asks about: its charts lead, whatever the column is, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from vizmodel.candidates.about import ABOUT, answers, tells_about
from vizmodel.design import Design, Intent, Without
from vizmodel.grammar.legality import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.worth.asked import SAID, asked_chances, guessed_chances
from vizmodel.worth.outcomes import asked_about, explained

N = 400


def stays() -> pa.Table:
    """Stays in a hotel: a number, a count, a yes or no, groups, a time, and what goes with them."""
    rng = np.random.default_rng(4)
    nights, room = (
        rng.geometric(0.35, N),
        rng.choice(["single", "double", "suite"], N, p=[0.5, 0.35, 0.15]),
    )
    rate = 60 + 40.0 * (room == "double") + 120.0 * (room == "suite") + rng.normal(0, 12, N)
    lead = rng.gamma(2, 20, N).round()
    cancelled = rng.random(N) < 0.1 + 0.004 * lead
    days = np.datetime64("2025-01-01", "us") + np.sort(rng.integers(0, 360, N)) * np.timedelta64(
        1, "D"
    )
    return pa.table(
        {
            "arrival": days,
            "room": room,
            "nights": nights,
            "rate": rate.round(2),
            "lead_days": lead,
            "guests": rng.integers(1, 5, N),
            "channel": rng.choice(["web", "phone", "agent", "walk-in"], N),
            "cancelled": np.where(cancelled, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def hotel() -> Profile:
    """Return the profile of the hotel's stays."""
    return profile_table(stays())


def listed(profile: Profile, intent: Intent | None = None) -> list[Design]:
    """Return the designs of a list."""
    return [one.design for one in recommend(profile, 15, intent)]


@pytest.mark.parametrize("name", ["rate", "nights", "cancelled", "room", "arrival", "lead_days"])
def test_lists_lead_with_what_is_asked(hotel: Profile, name: str) -> None:
    """It comes first, by itself, in time, and by several others, each another, of any kind."""
    first = listed(hotel.asking([name]))[:8]
    assert all(name in design.fields for design in first[:3])
    assert any(design.fields == (name,) for design in first)
    beside = {other for design in first if name in design.fields for other in design.fields}
    assert len(beside - {name}) >= 4
    assert "arrival" in beside


def test_other_charts_follow(hotel: Profile) -> None:
    """What is asked is no constraint: charts of other columns come all the same."""
    assert any("rate" not in design.fields for design in listed(hotel.asking(["rate"])))


def test_what_is_asked_stands_on_y(hotel: Profile) -> None:
    """Its causes run along x."""
    plots = [d for d in listed(hotel.asking(["lead_days"])) if d.mark == "point"]
    told = [d for d in plots if "lead_days" in d.fields]
    assert told
    assert all(d.encoding("y").field == "lead_days" for d in told)  # type: ignore[union-attr]


def test_the_first_of_several_counts_most(hotel: Profile) -> None:
    """The others lead before what nobody named."""
    first = listed(hotel.asking(["rate", "cancelled"]))[:8]
    assert "rate" in first[0].fields
    shown = [sum(name in d.fields for d in first) for name in ("rate", "cancelled")]
    assert shown[0] >= shown[1] >= 2


def test_nothing_in_particular(hotel: Profile) -> None:
    """No column is likelier than another, and none has charts by name."""
    nothing = hotel.asking([])
    assert asked_chances(nothing) == {}
    assert ABOUT.charts(nothing) == []
    assert len(listed(nothing)) > 5


def test_nobody_has_said(hotel: Profile) -> None:
    """Then it is guessed, and the list is as ever."""
    assert hotel.asked is None
    assert hotel.asking(["rate"]).asking(None).asked is None
    assert listed(hotel.asking(["rate"]).asking(None)) == listed(hotel)
    terms = dict(recommend(hotel, 1)[0].terms)
    assert terms["about"] == 0.0


def test_told_chances(hotel: Profile) -> None:
    """Named columns have nearly all, each half of the one before it; the rest is as guessed."""
    chances, guessed = asked_chances(hotel.asking(["nights", "rate"])), guessed_chances(hotel)
    assert chances["nights"] == pytest.approx(2 * chances["rate"])
    assert chances["nights"] + chances["rate"] == pytest.approx(SAID)
    assert chances["lead_days"] == pytest.approx((1 - SAID) * guessed["lead_days"])
    assert asked_about(hotel.asking(["nights"]))[0].name == "nights"


def test_outcomes_that_nobody_asks_about(hotel: Profile) -> None:
    """How stays ended is what others explain, unless something else is asked."""
    chart = next(d for d in ABOUT.charts(hotel.asking(["cancelled"])) if len(d.fields) == 2)
    assert explained(chart, hotel.asking(["cancelled"])) == "cancelled"
    assert explained(chart, hotel.asking(["rate"])) is None


def test_charts_by_name_are_legal_and_count_whole(hotel: Profile) -> None:
    """That two have nothing to do with each other is an answer, too."""
    told = hotel.asking(["guests"])
    charts = ABOUT.charts(told)
    assert len(charts) > 4
    assert not any(violations(chart, told) for chart in charts)
    assert all(answers(chart, told) and tells_about(chart, told) >= 1 for chart in charts)
    other = ABOUT.charts(hotel.asking(["rate"]))[0]
    assert not answers(other, told)
    assert tells_about(other, told) == 0


def test_what_is_asked_beside_what_must_be_shown(hotel: Profile) -> None:
    """Columns and marks stay constraints; what is asked leads among the charts that fit."""
    told = hotel.asking(["rate"])
    found = listed(told, Intent(columns=("channel",)))
    assert all("channel" in design.fields for design in found)
    assert "rate" in found[0].fields
    assert all(d.mark == "line" for d in listed(told, Intent(mark="line")))
    without = listed(told, Intent(without=Without(columns=("rate",))))
    assert without
    assert not any("rate" in design.fields for design in without)


def test_dates_of_years_go_on_as_they_are() -> None:
    """A column of years has no other unit; courses of numbers and of groups run along it."""
    rng = np.random.default_rng(6)
    years = np.array([f"{1990 + n % 12}-01-01" for n in range(N)], dtype="datetime64[us]")
    table = {"year": years, "brand": rng.choice(["a", "b", "c"], N, p=[0.5, 0.3, 0.2])}
    more = {f"size {n}": rng.gamma(3, 5, N) + n * years.astype(int) / 1e15 for n in range(4)}
    told = profile_table(pa.table(table | more))
    for name in ("year", "brand", "size 2"):
        first = listed(told.asking([name]))[:8]
        assert any({"year", name} <= {*d.fields} and d.mark in ("line", "bar") for d in first)


def test_a_narrow_table_leads_with_it_too() -> None:
    """Though such a table was shaped for one chart."""
    rng = np.random.default_rng(2)
    table = {"shop": rng.choice(["a", "b", "c"], 90), "sales": rng.gamma(3, 9, 90)}
    narrow = profile_table(pa.table(table | {"staff": rng.integers(2, 9, 90)}))
    for name in ("sales", "staff", "shop"):
        assert all(name in design.fields for design in listed(narrow.asking([name]))[:2])


def test_counted_cells() -> None:
    """Of rows that count it is asked how many there are of each group."""
    rng = np.random.default_rng(3)
    cells = [(a, b, c) for a in "xyz" for b in ("f", "m") for c in ("old", "young")]
    groups = dict(zip(("hair", "sex", "age"), zip(*cells, strict=True), strict=True))
    table = {name: list(values) for name, values in groups.items()}
    told = profile_table(pa.table(table | {"Freq": rng.integers(5, 90, len(cells))}))
    assert told.counted == {"Freq"}
    for name in ("hair", "Freq"):
        charts = ABOUT.charts(told.asking([name]))
        assert charts
        assert all(any(e.transform == "sum" for e in chart.encodings) for chart in charts)


def test_measures_of_a_long_table_are_asked_the_same() -> None:
    """Each of its measures is; where their kinds are asked about they are compared."""
    rng = np.random.default_rng(5)
    sizes = {"Income": 40_000.0, "Age": 42.0, "Jobs": 0.6}
    rows = [(land, year, kind) for land in "ABCD" for year in range(2001, 2013) for kind in sizes]
    table: dict[str, list[object]] = dict(
        zip(("land", "year", "indicator"), map(list, zip(*rows, strict=True)), strict=True)
    )
    value = [sizes[kind] * (1 + (year - 2001) / 50 + rng.normal() / 40) for _, year, kind in rows]
    long = profile_table(pa.table(table | {"value": value}))
    assert long.measures
    told = long.asking(["value"])
    assert all(one.asked == ("value",) for one in told.measures)
    kinds = long.asking(["indicator"])
    assert all(one.asked is None for one in kinds.measures)
    assert "indicator" in listed(kinds)[0].fields


def test_a_profile_keeps_what_is_asked(hotel: Profile) -> None:
    """Also as plain data; no column twice, and none that is not there."""
    told = hotel.asking(["rate", "no such", "rate"])
    assert told.asked == ("rate",)
    for asked in (None, (), ("rate", "room")):
        one = replace(hotel, asked=asked)
        assert Profile.from_dict(one.to_dict()).asked == asked
