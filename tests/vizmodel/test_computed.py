"""Columns that are computed from others are found, and nothing else is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.reading.told import told_casts

RNG = np.random.default_rng(5)
N = 120
WAGE = RNG.lognormal(3, 0.6, N).round(2)
AGE = RNG.integers(18, 65, N)
OTHERS = {name: RNG.normal(size=N).round(3) for name in ("hours", "distance", "score")}
MARRIED = RNG.integers(0, 2, N)
COURSE = np.cumsum(RNG.normal(size=N)).round(3)


def profile_of(**columns: object) -> Profile:
    return profile_table(pa.table({**columns, **OTHERS}))


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("lwage", np.log(WAGE).round(4), "the logarithm of “wage”"),
        ("log10_wage", np.log10(WAGE), "the logarithm of “wage”"),
        ("wagesq", WAGE**2, "the square of “wage”"),
        ("wage_norm", np.sqrt(WAGE), "the root of “wage”"),
        ("marriedwage", WAGE * MARRIED, "in some rows, and else nothing, “wage”"),
        ("wage_1", np.concatenate([[np.nan], WAGE[:-1]]), "1 row before, “wage”"),
        (
            "wage_2",
            np.concatenate([[0.0, 0.0], WAGE[:-2]]).astype(np.float32),
            "2 rows before, “wage”",
        ),
        ("next_wage", np.concatenate([WAGE[2:], [np.nan, np.nan]]), "2 rows after, “wage”"),
    ],
)
def test_what_is_computed_is_no_column_of_its_own(name: str, made: np.ndarray, said: str) -> None:
    profile = profile_of(wage=WAGE, **{name: made})
    assert profile.column(name).evidence == said
    assert not profile.column(name).usable
    assert profile.column("wage").usable


def test_a_log_of_what_is_nothing_at_times() -> None:
    visits = RNG.poisson(3, N) * 7
    profile = profile_of(visits=visits, lvisits=np.log1p(visits))
    assert profile.column("lvisits").evidence == "the logarithm of one more than “visits”"


@pytest.mark.parametrize(
    "other",
    [
        WAGE * 1.1 + RNG.normal(size=N) * 0.5,  # tied, and not computed
        np.log(WAGE) + RNG.normal(size=N) * 0.02,
        np.concatenate([COURSE[1:], [0.0]]) + RNG.normal(size=N) * 0.01,  # a course of its own
        np.where(MARRIED, WAGE, RNG.normal(size=N)),  # the same in some rows, and something else
    ],
)
def test_what_only_goes_together_stays(other: np.ndarray) -> None:
    profile = profile_of(wage=WAGE, course=COURSE, other=other)
    assert all(profile.column(name).usable for name in ("wage", "course", "other"))


def test_what_hardly_changes_is_no_lag_of_itself() -> None:
    steps = np.repeat(np.arange(12.0), 10)
    profile = profile_of(steps=steps, later=np.concatenate([[0.0], steps[:-1]]))
    assert profile.column("later").usable


def test_levels_without_their_column_are_no_columns() -> None:
    month = RNG.integers(0, 12, N)
    dummies = {f"month_{i}": (month == i).astype(int) for i in range(11)}
    profile = profile_of(wage=WAGE, **dummies)
    assert not any(profile.column(name).usable for name in dummies)
    said = "one of 11 levels that exclude each other, beginning with “month_0”"
    assert profile.column("month_5").evidence == said


def test_flags_that_may_be_set_together_stay() -> None:
    flags = {f"bought_{i}": (RNG.random(N) < 0.2).astype(int) for i in range(8)}
    profile = profile_of(wage=WAGE, **flags)
    assert all(profile.column(name).usable for name in flags)


def test_rows_are_counted_once() -> None:
    profile = profile_of(week=np.arange(1, N + 1), t=np.arange(N), wage=WAGE)
    assert profile.column("week").semantic == "sequence"
    assert profile.column("t").evidence == "counts the rows as does “week”"


def test_what_is_called_a_lag_is_one_however_short_its_name() -> None:
    profile = profile_of(Today=COURSE, Lag1=np.concatenate([[0.0], COURSE[:-1]]))
    assert profile.column("Today").usable
    assert profile.column("Lag1").evidence == "1 row before, “Today”"


def test_few_columns_stay_whatever_they_are() -> None:
    profile = profile_table(pa.table({"wage": WAGE, "lwage": np.log(WAGE), "age": AGE}))
    assert all(column.usable for column in profile.columns)


def test_what_the_user_told_stays() -> None:
    table = pa.table({"wage": WAGE, "lwage": np.log(WAGE), **OTHERS})
    casts = told_casts(table, infer_casts(table), {"lwage": "quantitative"})
    assert profile_table(apply_casts(table, casts), casts=casts).column("lwage").usable


def test_steps_are_not_computed_from_a_rate_that_decays_with_them() -> None:
    epochs = np.arange(N)
    metrics = {"loss": COURSE, "val_loss": COURSE + 0.5}
    profile = profile_of(epoch=epochs, lr=1e-3 * 0.9**epochs, **metrics)
    assert profile.column("epoch").usable
    assert profile.column("epoch").evidence != "the logarithm of “lr”"
