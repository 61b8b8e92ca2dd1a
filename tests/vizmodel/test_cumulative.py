"""Totals so far are known by their course in each thing, and are not added up over times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from walks import accepts

from vizmodel.design import Channel, Design, Mark, Transform
from vizmodel.grammar import Grammar
from vizmodel.profile import Profile, profile_table
from vizmodel.tokens import make_encoding

LANDS, DAYS = ("Chile", "Ghana", "Japan", "Kenya", "Nepal", "Peru"), 90


def spread(**more: Any) -> Profile:
    """Return cases that were found each day in six lands, and those found so far."""
    rng = np.random.default_rng(11)
    new = rng.poisson(np.repeat([9, 4, 30, 6, 3, 15], DAYS))
    days = np.datetime64("2020-03-01", "us") + np.arange(DAYS) * np.timedelta64(1, "D")
    table = {
        "land": np.repeat(LANDS, DAYS),
        "day": np.tile(days, len(LANDS)),
        "new_cases": new,
        "total_cases": np.concatenate(np.cumsum(new.reshape(len(LANDS), DAYS), axis=1)),
        "tests": rng.gamma(2, 300, len(new)).round(),
        "lockdown": rng.choice(["none", "part", "full"], len(new)),
    }
    order = rng.permutation(len(new))
    return profile_table(pa.table(table | more).take(order))


def cumulative(profile: Profile) -> set[str]:
    return {column.name for column in profile.columns if column.cumulative}


def test_totals_so_far_never_fall_in_any_land() -> None:
    assert cumulative(spread()) == {"total_cases"}


def test_they_may_be_corrected_once_but_not_fall_again_and_again() -> None:
    total = np.tile(np.arange(DAYS) * 5.0, len(LANDS))
    total[40] = 3.0
    assert "total_cases" in cumulative(spread(total_cases=total))
    total[::7] = 2.0
    assert "total_cases" not in cumulative(spread(total_cases=total))


@pytest.mark.parametrize(
    "name",
    ["sales_ytd", "YTD Revenue", "cumulative_deaths", "umsatz_kumuliert", "ventas acumuladas",
     "cum_cases", "Donations to date"],
)  # fmt: skip
def test_names_tell_of_totals_that_begin_anew(name: str) -> None:
    so_far = np.tile(np.cumsum(np.arange(1, 13)), len(LANDS) * DAYS // 12 + 1)[: len(LANDS) * DAYS]
    assert name in cumulative(spread(**{name: so_far}))
    assert "accumulator_id" not in cumulative(spread(accumulator_id=so_far))


@pytest.mark.parametrize(
    "name", ["normalised_output", "Índice", "rebased", "growth", "output_indexed", "z_score"]
)
def test_what_is_set_to_one_base_does_not_add_up(name: str) -> None:
    assert not spread(**{name: np.arange(len(LANDS) * DAYS) % 37 + 90.0}).column(name).additive


def test_few_steps_tell_nothing() -> None:
    years = [*range(2010, 2020)] * 2
    table = {"shop": ["a"] * 10 + ["b"] * 10, "year": years, "sales": [*range(10, 30)]}
    assert cumulative(profile_table(pa.table({**table, "staff": [*range(20, 0, -1)]}))) == set()


@pytest.mark.parametrize(
    ("mark", "along", "allowed"),
    [("line", ("x", "day", "value"), True), ("bar", ("x", "land", "category"), False)],
)
def test_they_are_added_up_over_lands_only(
    mark: Mark, along: tuple[Channel, str, Transform], allowed: bool
) -> None:
    profile = spread()
    for name in ("total_cases", "new_cases"):
        both = (along, ("y", name, "sum"))
        design = Design(mark, tuple(make_encoding(*one, profile) for one in both))
        assert accepts(Grammar(profile), design, profile) == (allowed or name == "new_cases")
