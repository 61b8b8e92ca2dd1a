"""What is beside the point: spreads of other columns, notes of tools, money in many currencies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.vizmodel.raw_tables import profile_of
from tests.vizmodel.written_charts import design_of
from vizmodel.recommend import recommend
from vizmodel.worth.asides import asides, running_balances, shows_an_aside, told_by
from vizmodel.worth.asked import asked_chances

N = 60
_RNG = np.random.default_rng(4)


def table(*names: str, **more: object) -> pd.DataFrame:
    return pd.DataFrame({name: _RNG.uniform(1, 9, N) for name in names} | more)


@pytest.mark.parametrize(
    ("names", "spreads"),
    [
        (("level", "level uncertainty"), {"level uncertainty"}),
        (("GMSL", "uncertainty"), {"uncertainty"}),
        (("estimate", "std.error", "statistic"), {"std.error"}),
        (("mean", "sd"), {"sd"}),
        (("temp_mean", "temp_std", "wind"), {"temp_std"}),
        (("log2FoldChange", "lfcSE"), {"lfcSE"}),
        (("percent", "Margin of Error"), {"Margin of Error"}),
        (("Anteil", "Anteil Standardfehler"), {"Anteil Standardfehler"}),
        # Measures of their own: how wrong a model is, what nobody knows, a state of the south.
        (("train_error", "test_error"), set()),
        (("stocks", "policy uncertainty"), set()),
        (("ND", "SD"), set()),
        (("uncertainty", "std"), set()),
    ],
    ids=str,
)
def test_the_spread_of_another_column_is_known_by_its_name(
    names: tuple[str, ...], spreads: set[str]
) -> None:
    assert asides(profile_of(table(*names))) == spreads


def test_a_measure_is_drawn_before_its_spread() -> None:
    times = pd.date_range("1960-01-01", periods=N, freq="MS")
    level = np.arange(N) / 4 + _RNG.normal(0, 3, N)
    spread = 9 - np.arange(N) / 12 + _RNG.normal(0, 0.1, N)
    profile = profile_of(pd.DataFrame({"Time": times, "level": level, "level error": spread}))
    shown = [ranked.design.fields for ranked in recommend(profile, 4)]
    assert all("level error" not in names for names in shown)
    asked = profile.asking(["level error"])
    assert "level error" in recommend(asked, 1)[0].design.fields


def test_what_a_tool_notes_down_comes_last_but_steps_are_run_along() -> None:
    loss = np.exp(-np.arange(N) / 20) + _RNG.normal(0, 0.02, N)
    noted = {"_step": range(0, 10 * N, 10), "_runtime": np.arange(N) * 3.3 + _RNG.uniform(0, 1, N)}
    profile = profile_of(pd.DataFrame({**noted, "loss": loss, "lr": _RNG.uniform(0, 1, N)}))
    assert asides(profile) == {"_step", "_runtime"}
    first, *others = (ranked.design for ranked in recommend(profile, 5))
    assert (first.mark, set(first.fields)) == ("line", {"_step", "loss"})
    assert not any("_runtime" in design.fields for design in (first, *others))


@pytest.mark.parametrize(
    ("local", "reckoned", "currency"),
    [
        ("salary", "salary_in_usd", "salary_currency"),
        ("local_price", "dollar_price", "currency_code"),
        ("preis", "preis_euro", "waehrung"),
    ],
)
def test_money_in_one_currency_is_drawn_of_all_rows_before_that_in_many(
    local: str, reckoned: str, currency: str
) -> None:
    paid = _RNG.lognormal(11, 0.4, 240)
    codes, worth = ["USD", "EUR", "GBP", "INR"] * 60, np.tile([1.0, 0.9, 0.8, 83.0], 60)
    table = {local: paid * worth, currency: codes, reckoned: paid}
    levels = {"level": _RNG.choice(["low", "mid", "top"], 240), "age": _RNG.integers(20, 60, 240)}
    profile = profile_of(pd.DataFrame(levels | table))
    assert (profile.measures, asides(profile)) == ((), {local})
    shown = [ranked.design for ranked in recommend(profile, 5)]
    assert not any(local in design.fields for design in shown)
    assert any(reckoned in design.fields for design in shown[:2])
    assert not any(design.style.where for design in shown)


def test_nights_are_not_the_same_as_what_they_cost() -> None:
    paid = {"total_price": _RNG.lognormal(5, 1, 90), "currency": ["USD", "EUR", "GBP"] * 30}
    profile = profile_of(pd.DataFrame(paid | {"total_nights": _RNG.integers(1, 9, 90)}))
    assert asides(profile) == frozenset()


def test_what_a_mean_was_taken_of_comes_after_it() -> None:
    folds = [f"split{at}_test_score" for at in range(3)]
    frame = table(*folds, "mean_fit_time", std_test_score=_RNG.uniform(0, 0.1, N))
    frame["mean_test_score"] = frame[folds].mean(axis=1)
    frame["rank_test_score"] = frame["mean_test_score"].rank().astype(int) // 3
    frame["param_depth"] = np.tile([2, 4, 8], N // 3)
    profile = profile_of(frame)
    assert {*folds, "rank_test_score", "std_test_score"} == set(told_by(profile))
    assert set(told_by(profile).values()) == {"mean_test_score"}
    chances = asked_chances(profile)
    assert max(chances, key=lambda name: chances[name]) == "mean_test_score"
    assert not any(set(one.design.fields) & set(folds) for one in recommend(profile, 3))


def test_runs_without_a_mean_of_them_are_measures() -> None:
    assert not told_by(profile_of(table("run1_time", "run2_time", "mean_age")))


def statement(*names: str) -> pd.DataFrame:
    """The entries of an account, and what it comes to after each."""
    rng = np.random.default_rng(7)
    paid = rng.normal(0, 300, 200).round(2)
    days = pd.to_datetime("2025-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 120, 200)), "D")
    columns = (
        days,
        [f"payment {n}" for n in range(200)],
        rng.choice(["rent", "food", "pay", "fun"], 200),
        np.where(paid < 0, -paid, np.nan),
        np.where(paid >= 0, paid, np.nan),
        5_000 + paid.cumsum(),
    )
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


@pytest.mark.parametrize(
    "names",
    [
        ("Date", "Description", "Category", "Paid out", "Paid in", "Balance"),
        ("Date opération", "Libellé", "Catégorie", "Débit", "Crédit", "Solde"),
        ("Buchung", "Text", "Art", "Soll", "Haben", "Saldo"),
    ],
    ids=str,
)
def test_the_balance_of_an_account_has_a_course_and_nothing_else(names: tuple[str, ...]) -> None:
    profile = profile_of(statement(*names))
    assert running_balances(profile) == {names[-1]}
    shown = [one.design for one in recommend(profile, 6) if names[-1] in one.design.fields]
    assert shown and all(design.mark == "line" for design in shown)
    assert shown[0].encodings[0].transform == "yearmonthdate"


def test_balances_of_customers_are_no_course() -> None:
    frame = statement("since", "note", "kind", "limit", "spent", "balance")
    assert not running_balances(profile_of(frame.sample(frac=1, random_state=1)))


def test_that_the_upper_end_is_the_higher_one_is_no_chart() -> None:
    low = _RNG.normal(8, 6, N)
    days = pd.date_range("2024-01-01", periods=N)
    frame = table("wind", "rain", date=days, tmin=low, tmax=low + _RNG.gamma(4, 2, N))
    profile = profile_of(frame)
    pairs = [set(found.design.fields) for found in recommend(profile, 10)]
    assert profile.folds and set(profile.folds[0].pair) not in pairs


def test_readings_are_not_counted_by_when_and_of_what_they_were_taken() -> None:
    rng = np.random.default_rng(3)
    days = pd.date_range("2024-01-01", periods=120)
    firms = {"A": "food", "B": "food", "C": "steel", "D": "steel"}
    rows = [
        {"day": day, "firm": firm, "sector": sector, "price": rng.lognormal(3, 0.1)}
        for day in days
        for firm, sector in firms.items()
    ]
    rows = [row | {"up": "yes" if rng.random() < 0.4 else "no"} for row in rows]
    profile = profile_of(pd.DataFrame(rows))
    assert profile.panel is not None
    for text, aside in (
        ("bar x=sector:category y=*:count", True),
        ("line x=day:yearmonth y=*:count color=sector:category", True),
        ("bar x=up:category y=*:count", False),
        ("bar x=firm:category y=*:count color=up:category", False),
    ):
        assert shows_an_aside(design_of(text, profile), profile) is aside, text
