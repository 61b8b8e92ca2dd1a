"""Parts of a whole in columns: how they are found, and that charts put them together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.series_charts import series_charts
from vizmodel.design import Design
from vizmodel.form.declared import declared
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.tokens import Part, make_design

RNG = np.random.default_rng(11)
TEAMS = [f"{name} FC" for name in ("Asker", "Bodo", "Egersund", "Hodd", "Moss", "Raufoss", "Skeid")]
YEARS = [*range(1998, 2022)]


def profile(columns: dict[str, Any]) -> Profile:
    return profile_table(pa.table(columns))


def gathered(columns: dict[str, Any]) -> tuple[set[str], bool]:
    """Return what is gathered, and whether it is the parts of a whole."""
    of = profile(columns)
    return (set(), False) if of.fold is None else (set(of.fold.columns), _parts(of))


def _parts(of: Profile) -> bool:
    return of.fold is not None and of.column(of.fold.value).parts


def counts(names: list[str], n: int, most: int = 30) -> dict[str, Any]:
    return {name: RNG.integers(0, most, n) for name in names}


def total(parts: dict[str, Any]) -> Any:
    return np.sum([*parts.values()], axis=0)


def games() -> dict[str, Any]:
    won, lost = RNG.integers(5, 15, len(TEAMS)), RNG.integers(2, 12, len(TEAMS))
    points = {"points": 3 * won + 30 - won - lost}
    return {"team": TEAMS, "won": won, "drawn": 30 - won - lost, "lost": lost, **points}


def mix(names: list[str]) -> dict[str, Any]:
    course = np.linspace(0, 1, len(YEARS))
    sizes = {
        name: (90 - 60 * course if at % 2 else 20 + 70 * course) + RNG.normal(0, 4, len(YEARS))
        for at, name in enumerate(names)
    }
    return {"year": YEARS, **{name: size.round(1) for name, size in sizes.items()}}


def polls(n: int = 240) -> dict[str, Any]:
    """Return polls of several houses, some of one day."""
    course = np.sort(RNG.integers(0, 600, n))
    days = (np.datetime64("2022-01-01") + course).astype("datetime64[us]")
    trend = course / 60
    shares = {"Left": 38 - trend, "Middle": 27 + trend * 0.7, "Green": 14 + trend * 0.2}
    read = {name: (size + RNG.normal(0, 1.2, n)).round() for name, size in shares.items()}
    return {"date": days, "house": RNG.choice(["Delta", "Kappa", "Sigma"], n), **read}


def test_counts_add_up_to_their_total_however_few_there_are() -> None:
    medals = counts(["or", "argent", "bronze"], 12)
    rows = {"nation": [f"nation {i}" for i in range(12)], **medals}
    assert gathered({**rows, "total": total(medals)}) == (set(medals), True)


def test_parts_always_add_up_to_the_same() -> None:
    assert gathered(games()) == ({"won", "drawn", "lost"}, True)


def test_what_is_smaller_than_rounding_is_no_part() -> None:
    users = counts(["casual", "paying", "staff"], 200, 5_000)
    days = (np.datetime64("2020-01-01") + np.arange(200)).astype("datetime64[us]")
    rows = {"day": days}
    wind = {"wind": RNG.uniform(0, 0.4, 200).round(3)}
    assert gathered({**rows, **wind, **users, "all": total(users)})[0] == set(users)


def test_parts_of_a_change_may_be_negative() -> None:
    parts = {name: RNG.normal(0.2, 0.5, 24).round(2) for name in ("homes", "trade", "state")}
    quarters = [f"{year}-Q{quarter}" for year in range(2016, 2022) for quarter in range(1, 5)]
    whole = {"quarter": quarters, **parts, "growth": total(parts).round(2)}
    assert gathered(whole) == (set(parts), True)
    rest = {"quarter": quarters, **parts, "all other items": RNG.normal(0.2, 0.5, 24).round(2)}
    assert gathered(rest) == ({*parts, "all other items"}, True)
    alone = {"quarter": quarters, **parts}
    assert gathered(alone) == (set(parts), False), "rates of change, as far as anybody knows"


def test_shares_of_which_some_are_left_out_need_no_name_of_the_row() -> None:
    assert gathered(polls()) == ({"Left", "Middle", "Green"}, True)
    rows = polls()
    other = {name: RNG.normal(30, 9, 240) for name in ("Left", "Middle", "Green")}
    assert gathered({**rows, **other})[0] == set(), "they come to anything"


def test_numbers_beside_one_that_is_nearly_all_are_no_shares() -> None:
    years = RNG.uniform(60, 80, 200)
    births = {
        "births": (20 - years / 5 + RNG.normal(0, 1, 200)),
        "late births": RNG.uniform(2, 4, 200),
    }
    lands = {"land": RNG.choice(["a", "b", "c"], 200), "year": RNG.integers(1990, 2020, 200)}
    assert gathered({**lands, "length of life": years, **births})[0] == set()


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["Coal", "Nuclear", "Wind", "Other renewables"], True),
        (["Braunkohle", "Erdgas", "Kernenergie", "Erneuerbare"], True),
        (["nucléaire", "éolien", "solaire", "gaz"], True),
        (["gas", "coal", "oil"], False),  # prices, as often as not
        (["Rome", "Oslo", "Bern"], False),
        (["sales_north", "sales_south", "sales_west"], True),
        (["rate_north", "rate_south", "rate_west"], False),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_names_say_what_adds_up(names: list[str], parts: bool) -> None:
    assert gathered(mix(names)) == (set(names), parts)


def test_answers_are_gathered_whatever_words_they_have() -> None:
    shares = (RNG.dirichlet([4, 3, 2, 1], 9) * 100).round()
    words = ["Very worried", "Somewhat worried", "Not too worried", "Not at all worried"]
    of = profile(
        {"group": [f"group {i}" for i in range(9)], **dict(zip(words, shares.T, strict=True))}
    )
    assert of.fold is not None
    assert (of.fold.key, of.fold.columns) == ("answer", tuple(words))
    assert of.column("answer").ordered
    assert _parts(of)


def test_months_add_up_and_are_no_parts_that_are_piled() -> None:
    months = counts(["Jan", "Feb", "Mar", "Apr"], 12)
    shops = {"shop": [f"shop {i}" for i in range(12)], **months, "total": total(months)}
    assert gathered(shops) == (set(months), False)


def first(columns: dict[str, Any], k: int) -> list[tuple[str, frozenset[str]]]:
    return [(r.design.mark, frozenset(r.design.fields)) for r in recommend(profile(columns), k)]


def test_rows_have_a_bar_of_their_parts_first() -> None:
    assert first(games(), 1) == [("bar", frozenset({"team", "variable", "value"}))]


def test_parts_in_time_are_lines_and_areas() -> None:
    table = mix(["Coal", "Nuclear", "Wind", "Solar", "Gas", "Hydro"])
    shown = frozenset({"year", "series", "value"})
    assert first(table, 2) == [("line", shown), ("area", shown)]
    rates = mix(["Rome", "Oslo", "Bern", "Riga", "Linz", "Graz"])
    assert ("area", shown) not in first(rates, 15)


def test_polls_are_points_and_means_of_all_parties() -> None:
    shown = frozenset({"date", "series", "value"})
    assert set(first(polls(), 2)) == {("point", shown), ("line", shown)}


def test_parts_of_several_things_in_time_have_a_panel_each() -> None:
    lands = ["Chad", "Mali", "Togo"]
    shares = RNG.dirichlet([5, 3, 2, 1], 3 * len(YEARS)) * 98
    columns = {
        f"{name} - % of power": shares[:, at] for at, name in enumerate(["Oil", "Gas", "Sun"])
    }
    table = {"land": np.repeat(lands, len(YEARS)), "year": YEARS * 3, **columns}
    of = profile({**table, "Hydro - % of power": shares[:, 3]})
    assert of.fold is not None
    found = [d for d, _ in series_charts(of, of.fold) if d.mark == "area"]
    assert [(set(d.fields), violations(d, of)) for d in found] == [
        ({"land", "year", "series", "value"}, ())
    ]


def _piled(of: Profile, mark: str) -> Design:
    assert of.fold is not None
    return next(d for d, _ in series_charts(of, of.fold) if d.mark == mark and len(d.fields) == 3)


def test_what_is_written_piles_parts_and_nothing_else() -> None:
    of = profile(mix(["Coal", "Nuclear", "Wind"]))
    spec = declared(styled(_piled(of, "area"), of), of)
    assert "stack" not in spec["encoding"]["y"], "as Vega-Lite does by itself"


def test_classes_that_are_counted_on_have_a_course_each_and_are_not_piled() -> None:
    weeks = (np.datetime64("2020-01-07") + 7 * np.arange(150)).astype("datetime64[us]")
    worst = 40 + 30 * np.sin(np.arange(150) / 20)
    dry = {f"D{at}": (worst / (at + 1) + RNG.normal(0, 0.5, 150)).round(2) for at in range(5)}
    columns = {"week": weeks, "None": 100 - dry["D0"], **dry}
    assert gathered(columns) == ({*dry}, False)
    assert first(columns, 1) == [("line", frozenset({"week", "series", "value"}))]


def test_a_total_is_not_gathered_with_its_parts() -> None:
    sales = {f"{name}_sales": RNG.gamma(1, 2, 300).round(2) for name in ("NA", "EU", "JP")}
    games = {"game": RNG.choice([f"game {i}" for i in range(90)], 300)}
    kinds = {"genre": RNG.choice(["race", "role", "sport"], 300)}
    columns = {**games, **kinds, **sales, "Global_sales": total(sales).round(2)}
    assert gathered(columns) == (set(sales), True)


def test_units_and_what_is_left_say_what_adds_up() -> None:
    sectors = {f"{name} (Mt)": size for name, size in zip("ABC", (20.5, 40.5, 90.5), strict=True)}
    course = 1 + RNG.uniform(0, 0.3, (3, len(YEARS)))
    columns = {n: (s * c).round(1) for (n, s), c in zip(sectors.items(), course, strict=True)}
    of = profile({"year": YEARS, **columns})
    assert of.fold is not None
    assert (of.fold.labels, _parts(of)) == (("A", "B", "C"), True)
    lands = ["exports to EU", "exports to US", "exports to rest of world"]
    assert gathered(mix(lands)) == ({*lands}, True)


def test_rows_of_shares_are_not_piled() -> None:
    shares = RNG.dirichlet([4, 3, 2], 9) * 100
    table = {
        "land": [*"ABCDEFGHI"],
        **dict(zip(("farms", "works", "shops"), shares.T, strict=True)),
    }
    of = profile(table)
    assert _parts(of)
    places: list[Part] = [("x", "variable", "category"), ("y", "value", "value")]
    upon = make_design("bar", of, *places, ("color", "land", "category"))
    assert "gathered_amounts_are_added" in violations(upon, of)


def test_shares_of_a_few_rows_that_come_to_a_hundred_are_parts() -> None:
    answers = {"disagree": [5, 8, 10, 4], "neutral": [30, 27, 35, 22], "agree": [65, 65, 55, 74]}
    profile = profile_table(pa.table({"item": ["clear", "useful", "fun", "fair"], **answers}))
    assert profile.fold is not None and set(profile.fold.columns) == set(answers)
    assert profile.column(profile.fold.value).parts
    bars = recommend(profile, 1)[0].design
    assert (bars.mark, set(bars.fields)) == ("bar", {"item", *profile.fold.pair})


def test_what_goes_around_nought_is_no_part_of_a_whole() -> None:
    at = np.arange(60)
    parts = {"trend": 100.0 + at, "season": 9 * np.sin(at / 2), "rest": np.cos(at * 7.0)}
    months = [datetime(2015 + n // 12, 1 + n % 12, 1) for n in range(60)]
    table = {"month": months, "observed": sum(parts.values()), **parts}
    profile = profile_table(pa.table(table))
    assert all(not set(fold.columns) & {"season", "rest"} for fold in profile.folds)
