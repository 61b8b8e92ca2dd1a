"""Products with their factors, and numbers with the yes or no that gates them, are no findings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

N = 400
RNG = np.random.default_rng(11)
QUANTITY, PRICE = RNG.integers(1, 6, N), RNG.lognormal(3, 0.6, N).round(2)
DISCOUNT = RNG.choice([0.0, 0.1, 0.25], N)
BOUGHT = (RNG.random(N) < 0.3).astype(int)
VARIANT = [("A", "B")[i % 2] for i in range(N)]


def copies(**columns: object) -> set[tuple[str, ...]]:
    profile = profile_table(pa.table({name: list(c) for name, c in columns.items()}))  # type: ignore[call-overload]
    return {tuple(sorted(pair)) for pair in profile.copies}


@pytest.mark.parametrize(
    "revenue", [QUANTITY * PRICE, (QUANTITY * PRICE * (1 - DISCOUNT)).round(2)]
)
def test_a_product_follows_from_its_factors(revenue: np.ndarray) -> None:
    found = copies(quantity=QUANTITY, price=PRICE, discount=DISCOUNT, revenue=revenue)
    assert found == {("quantity", "revenue"), ("price", "revenue")}


def test_a_rate_that_was_worked_out_leaves_what_was_measured() -> None:
    area = RNG.integers(30, 180, N)
    price = np.round(area * RNG.lognormal(8.4, 0.2, N), -3)
    found = copies(area=area, price=price, price_per_sqm=np.round(price / area))
    assert ("area", "price") not in found
    # A price that was given makes the product right to its last digit.
    rate = RNG.lognormal(3, 0.5, N).round(2)
    assert ("hours", "pay") in copies(hours=area, rate=rate, pay=(area * rate).round(2))


def test_a_percentage_that_was_worked_out_follows_from_the_part() -> None:
    due = RNG.integers(40, 900, N)
    done = RNG.binomial(due, RNG.uniform(0.3, 0.95, N))
    found = copies(due=due, done=done, done_pct=np.round(100 * done / due, 1))
    # How much of what was due is done is a finding.
    assert found == {("done", "done_pct")}
    people = RNG.integers(20_000, 400_000, N)
    found = copies(people=people, points=due, per_100k=np.round(1e5 * due / people, 1))
    assert found == {("per_100k", "points")}
    litres, pence = RNG.uniform(20, 70, N).round(2), RNG.uniform(120, 190, N).round(1)
    found = copies(litres=litres, pence=pence, pounds=(litres * pence / 100).round(2))
    assert found == {("litres", "pounds"), ("pence", "pounds")}


def test_what_hardly_varies_makes_no_product() -> None:
    built, gross = RNG.integers(1985, 2015, N), RNG.lognormal(6, 0.5, N)
    assert ("built", "net") not in copies(built=built, gross=gross, net=gross * built / 2000)


def test_what_is_near_a_product_is_none() -> None:
    near = QUANTITY * PRICE * RNG.normal(1, 0.05, N)
    assert copies(quantity=QUANTITY, price=PRICE, discount=DISCOUNT, revenue=near) == set()


@pytest.mark.parametrize("nothing", [0.0, None])
@pytest.mark.parametrize("words", [(1, 0), ("yes", "no"), (True, False)])
def test_what_a_yes_or_no_gates(nothing: float | None, words: tuple[object, object]) -> None:
    paid = [price if yes else nothing for price, yes in zip(PRICE.tolist(), BOUGHT, strict=True)]
    said = [words[0] if yes else words[1] for yes in BOUGHT]
    assert copies(bought=said, paid=paid, variant=VARIANT) == {("bought", "paid")}


def test_a_group_that_is_often_nothing_is_no_gate() -> None:
    some = np.where(BOUGHT, PRICE, np.where(RNG.random(N) < 0.5, 0.0, PRICE))
    assert copies(bought=BOUGHT, paid=some, variant=VARIANT) == set()


def test_no_chart_is_about_how_records_are_kept() -> None:
    revenue = QUANTITY * PRICE
    table = {"variant": VARIANT, "bought": BOUGHT, "paid": BOUGHT * revenue, "price": PRICE}
    profile: Profile = profile_table(
        pa.table({**table, "quantity": QUANTITY, "revenue": revenue, "seed": RNG.integers(0, 5, N)})
    )
    for one in recommend(profile, 15):
        shown = set(one.design.fields)
        assert not shown >= {"bought", "paid"}
        assert not shown >= {"price", "revenue"} and not shown >= {"quantity", "revenue"}
        assert "seed" not in shown
