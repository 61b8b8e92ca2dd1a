"""Numbers with texts among them: the note that names the fix, and that the fix works."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp

TEXTS = ["n/a?", "see note", "<5 or so", "ask Bo", "pending", "call in", "later"]


def _orders(prices: list[str], every: int = 4, **more: Any) -> pd.DataFrame:
    """Return 200 orders; every so many have a text in place of a price."""
    drawn = np.random.default_rng(3)
    cells = [p if i % every else TEXTS[i // every % len(TEXTS)] for i, p in enumerate(prices)]
    return pd.DataFrame(
        {
            "price": cells,
            "shop": drawn.choice(["north", "south", "west"], 200),
            "items": drawn.integers(1, 9, 200),
            "weight": drawn.normal(50, 3, 200),
            **more,
        }
    )


def _prices(form: str = "{:.1f}") -> list[str]:
    return [form.format(x) for x in np.random.default_rng(1).lognormal(3, 1, 200)]


@pytest.mark.parametrize(
    "prices",
    [_prices(), _prices("{:,.2f} €"), [p.replace(".", ",") for p in _prices("{:.2f} €")]],
    ids=["plain", "money", "commas"],
)
def test_the_note_names_the_fix_and_the_fix_works(prices: list[str]) -> None:
    orders = _orders(prices)
    (said,) = [note for note in erp.recommend(orders).notes if "price" in note]
    assert said == (
        "Not charted price: 75% of its cells are numbers, others are texts (“n/a?”, “see note”). "
        'Pass types={"price": "quantitative"} to leave these out.'
    )
    fixed = erp.recommend(orders, types={"price": "quantitative"})
    assert "Read 50 texts of 200 cells as missing: price (“n/a?”, “see note”)." in fixed.notes
    assert any("Distribution of price" in chart.title for chart in fixed)


def test_prose_and_numbers_of_tickets_are_no_amounts() -> None:
    drawn = np.random.default_rng(2)
    prose = [f"{i} boxes were sent by {i % 7} drivers, {TEXTS[i % 7]}" for i in range(200)]
    tickets = [f"SC {i}" if i % 4 == 0 else str(drawn.integers(10**5, 10**6)) for i in range(200)]
    gallery = erp.recommend(_orders(_prices(), prose=prose, ticket=tickets))
    said = [note for note in gallery.notes if "prose" in note or "ticket" in note]
    assert said and not any("quantitative" in note for note in said)


def test_more_texts_than_a_third_are_no_numbers_with_gaps() -> None:
    orders = _orders(_prices(), every=2)
    with pytest.raises(erp.ErpError, match=r"cannot be read as numbers .* use nominal or ordinal"):
        erp.recommend(orders, types={"price": "quantitative"})
    assert not any("quantitative" in note for note in erp.recommend(orders).notes)


@pytest.mark.parametrize(
    ("cells", "units"),
    [
        ([f"{n}.5 kg" if n % 3 else f"{n}00 g" for n in range(1, 201)], "kg, g"),
        ([f"€{n}.50" if n % 3 else f"${n}" for n in range(200)], "€, $"),
    ],
)
def test_numbers_in_several_units_are_no_numbers_to_compare(cells: list[str], units: str) -> None:
    orders = _orders(_prices()).assign(price=cells)
    (said,) = [note for note in erp.recommend(orders).notes if "price" in note]
    assert said == f"Not charted price: its numbers are in several units ({units})."
    with pytest.raises(erp.ErpError, match=r"in several units .* convert them to one first"):
        erp.recommend(orders, types={"price": "quantitative"})


def test_bounds_that_are_read_as_numbers_are_told() -> None:
    crp = [f"{n / 7:.2f}" if 4 < n < 190 else "<0.5" if n <= 4 else ">27" for n in range(200)]
    said = erp.recommend(_orders(_prices(), every=500, crp=crp)).notes
    assert "Read bounds as the numbers that they name: crp (“<0.5”, “>27”)." in said
    assert not any("bounds" in note and "price" in note for note in said)


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ([f"{1 + n % 12:02d}/{1 + n % 11:02d}/2023" for n in range(200)], True),
        ([f"{1 + n % 12:02d}/{1 + n % 28:02d}/2023" for n in range(200)], False),
        ([f"2023-{1 + n % 12:02d}-{1 + n % 11:02d}" for n in range(200)], False),
    ],
)
def test_dates_that_fit_either_order_of_day_and_month_are_told(
    dates: list[str], told: bool
) -> None:
    said = erp.recommend(_orders(_prices(), every=500, sold=dates)).notes
    order = "Read month before day, though both fit the other way: sold."
    assert (order in said) is told
