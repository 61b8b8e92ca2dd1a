"""Columns that are computed from others are found, and nothing else is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.told import told_casts

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


def test_few_columns_stay_whatever_they_are() -> None:
    profile = profile_table(pa.table({"wage": WAGE, "lwage": np.log(WAGE), "age": AGE}))
    assert all(column.usable for column in profile.columns)


def test_what_the_user_told_stays() -> None:
    table = pa.table({"wage": WAGE, "lwage": np.log(WAGE), **OTHERS})
    casts = told_casts(table, infer_casts(table), {"lwage": "quantitative"})
    assert profile_table(apply_casts(table, casts), casts=casts).column("lwage").usable
