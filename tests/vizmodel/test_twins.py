"""Of columns that hold the same, one is drawn: the one that says more."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.reading.told import told_casts

RNG = np.random.default_rng(11)
N = 80
HIGH, CODES = RNG.integers(40, 99, N), RNG.integers(0, 2, N)
OTHERS = {name: RNG.normal(size=N).round(3) for name in ("rain", "cloud", "wind", "riders")}


def words_of(codes: np.ndarray, zero: str, one: str) -> list[str]:
    return [one if code else zero for code in codes]


def profile_of(**columns: object) -> Profile:
    return profile_table(pa.table({**columns, **OTHERS}))


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"hi": HIGH}, {"highT": HIGH}),
        ({"i1": HIGH}, {"avg_drinks": HIGH}),
        ({"female": CODES}, {"sex": words_of(CODES, "male", "female")}),
        ({"alive": CODES}, {"outcome": words_of(CODES, "dead", "alive")}),
        ({"nonwhite": 1 - CODES}, {"race": words_of(CODES, "other", "white")}),
        ({"is_weekday": CODES.astype(bool)}, {"day_type": words_of(CODES, "weekend", "weekday")}),
        ({"wday": words_of(CODES, "N", "Y")}, {"day_type": words_of(CODES, "weekend", "weekday")}),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_told_twice_is_drawn_once(worse: dict, better: dict, turned: bool) -> None:
    first, second = (better, worse) if turned else (worse, better)
    profile = profile_of(**first, **second)
    (bad,), (good,) = worse, better
    assert profile.column(bad).evidence == f"holds the same as “{good}”"
    assert not profile.column(bad).usable
    assert profile.column(good).usable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"celsius": HIGH}, {"fahrenheit": HIGH * 1.8 + 32}),  # the same in other units: a copy
        ({"test1": HIGH}, {"test2": HIGH}),  # of a row of columns
        ({"jan": HIGH}, {"feb": HIGH}),
        ({"high": HIGH}, {"higher": np.where(np.arange(N) == 7, HIGH + 1, HIGH)}),
        # Two speaking groups that go together by design are two things.
        ({"sex": words_of(CODES, "male", "female")}, {"dose": words_of(CODES, "low", "full")}),
        ({"gold": np.arange(N) == 3}, {"silver": np.arange(N) == 3}),  # too rare to be told
        (
            {"sex": words_of(CODES, "male", "female")},
            {"female": np.where(np.arange(N) == 7, 1 - CODES, CODES)},
        ),
    ],
)
def test_what_differs_is_drawn(one: dict, other: dict) -> None:
    profile = profile_of(**one, **other)
    assert all(profile.column(name).usable for name in (*one, *other))


def test_series_of_a_small_table_may_agree() -> None:
    profile = profile_table(pa.table({"wealth": HIGH, "old": HIGH, "new": RNG.normal(size=N)}))
    assert all(column.usable for column in profile.columns)


def test_what_the_user_gave_a_type_stays() -> None:
    raw = pa.table({"female": CODES, "sex": words_of(CODES, "male", "female"), **OTHERS})
    casts = told_casts(raw, infer_casts(raw), {"female": "nominal"})
    assert profile_table(apply_casts(raw, casts), casts=casts).column("female").usable
