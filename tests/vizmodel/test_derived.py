"""Sums, means, differences and classes of numbers are found, and nothing else is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import profile_table

RNG = np.random.default_rng(41)
N = 90
LOW, HIGH = RNG.integers(20, 60, N).astype(float), RNG.integers(60, 99, N).astype(float)
THIRD = RNG.lognormal(3, 0.5, N).round(1)
SPENT, SAVED = RNG.normal(900, 700, N).round(), RNG.normal(80, 300, N).round()
CIGARETTES = np.where(RNG.random(N) < 0.5, 0, RNG.integers(1, 60, N))


def copies(**columns: object) -> set[frozenset[str]]:
    others = {"score": RNG.normal(size=N).round(3), "visits": RNG.poisson(40, N)}
    return set(profile_table(pa.table({**columns, **others})).copies)


def pairs(*names: str) -> set[frozenset[str]]:
    return {frozenset(name.split(" and ")) for name in names}


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"total": LOW + HIGH}, pairs("total and low", "total and high")),
        ({"average": (LOW + HIGH) / 2}, pairs("average and low", "average and high")),
        (
            {"rain": THIRD, "average": (LOW + HIGH + THIRD) / 3},
            pairs("average and low", "average and high", "average and rain"),
        ),
        # Of years since school none of the three is surely the computed one.
        (
            {"years": HIGH - LOW - 6},
            pairs("years and low", "years and high", "low and high"),
        ),
        ({"margin": HIGH - LOW}, pairs("margin and low", "margin and high")),
        ({"total": (LOW + HIGH).astype(np.float32)}, pairs("total and low", "total and high")),
        ({"mixed": LOW + HIGH * 1.01}, set()),
        ({"mixed": LOW + HIGH + RNG.integers(0, 2, N)}, set()),
    ],
)
def test_what_is_made_of_others(made: dict, found: set[frozenset[str]]) -> None:
    assert copies(low=LOW, high=HIGH, **made) == found


def test_a_weighted_mean_lies_between() -> None:
    here, there, part = RNG.normal(9, 2, N), RNG.normal(9, 2, N), RNG.random(N)
    mean = here * part + there * (1 - part)
    table = {"price here": here, "price there": there, "avgprice": mean}
    assert copies(**table) == pairs("avgprice and price here", "avgprice and price there")
    assert copies(**table | {"avgprice": RNG.permutation(mean)}) == set()
    # Much lies between what is small and what is large.
    assert copies(here=here - 90, there=there + 90, avgprice=mean) == set()


def test_what_is_saved_and_what_is_spent_are_matters_of_their_own() -> None:
    assert (
        copies(earned=np.abs(SPENT + SAVED), spent=np.abs(SPENT + SAVED) - SAVED, saved=SAVED)
        == set()
    )


def test_items_of_one_scale_add_up_to_no_other_by_chance() -> None:
    items = {f"item {letter}": RNG.integers(1, 6, N) for letter in "abcdefghijklmnop"}
    assert copies(**items) == set()


@pytest.mark.parametrize("nothing", [None, 0.0])
def test_classes_of_a_number_may_leave_some_rows_out(nothing: float | None) -> None:
    classes = [float(1 + c // 20) if c else nothing for c in CIGARETTES.tolist()]
    assert copies(cigs=CIGARETTES, cigs_class=classes) == pairs("cigs and cigs_class")
    mixed = RNG.permutation(np.array(classes, dtype=float))
    assert copies(cigs=CIGARETTES, cigs_class=mixed) == set()


def test_a_lag_of_a_log_is_no_column_of_its_own() -> None:
    price = RNG.lognormal(1, 0.4, N)
    log = np.log(price)
    table = {"price": price, "lprice": log, "lprice_1": [None, *log[:-1]], "low": LOW, "high": HIGH}
    profile = profile_table(pa.table(table))
    assert profile.column("lprice_1").evidence == "1 row before, “lprice”"
    assert not profile.column("lprice_1").usable
