"""Numbers of 0 and 1 of which one at most is 1 in each row are levels of one thing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.worth.alike import exclusive_levels, like_columns

RNG = np.random.default_rng(43)
N = 120
DAYS = RNG.integers(0, 5, N)
WEEK = ["mon", "tues", "wed", "thurs"]
COLD, ASKED = RNG.integers(0, 2, N), RNG.integers(0, 2, N)
CATCH = RNG.lognormal(3, 0.5, N).round(1) * (1 + DAYS / 4)


def profile_of(**flags: np.ndarray) -> Profile:
    sizes = {"price": RNG.normal(9, 1, N).round(2), "catch": CATCH, "wave": RNG.normal(size=N)}
    return profile_table(pa.table({"cold": COLD, **flags, **sizes, "asked": ASKED}))


def levels(names: list[str], shift: int = 0) -> dict[str, np.ndarray]:
    return {name: (at + shift == DAYS).astype(int) for at, name in enumerate(names)}


@pytest.mark.parametrize("shift", [0, 1])  # whichever level was left out
def test_levels_of_one_thing(shift: int) -> None:
    profile = profile_of(**levels(WEEK, shift))
    assert profile.copies == set(map(frozenset, combinations(WEEK, 2)))
    assert exclusive_levels(profile) == tuple(combinations(WEEK, 2))
    assert like_columns(profile) == dict.fromkeys(WEEK[1:], "mon")
    related = design_of("bar x=mon:category y=*:count color=wed:category", profile)
    assert "copies_are_not_related" in violations(related, profile)
    alone = design_of("boxplot x=mon:category y=catch:value", profile)
    assert violations(alone, profile) == ()


def test_one_of_them_is_counted() -> None:
    designs = [one.design for one in recommend(profile_of(**levels(WEEK)), 10)]
    assert sum(len(design.fields) == 1 and design.fields[0] in WEEK for design in designs) <= 1


@pytest.mark.parametrize(
    "flags",
    [
        {"a": DAYS == 0, "b": DAYS == 1, "c": DAYS <= 1},  # a level and those that hold it
        {"a": DAYS == 0, "b": DAYS == 1},  # hardly half the rows
        {"a": RNG.random(N) < 0.4, "b": RNG.random(N) < 0.4, "c": RNG.random(N) < 0.4},
        {"a": np.arange(N) == 1, "b": np.arange(N) == 2, "c": np.arange(N) == 3},
    ],
)
def test_what_overlaps_or_says_little_of_the_rows_is_none(flags: dict[str, np.ndarray]) -> None:
    profile = profile_of(**{name: flag.astype(int) for name, flag in flags.items()})
    assert exclusive_levels(profile) == ()
