"""Columns of one measure over several spans of time are gathered by the span, in order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.vizmodel.raw_tables import profile_of
from vizmodel.profile.layouts.horizons import horizons
from vizmodel.profile.orders.labels import order_of

_RNG = np.random.default_rng(8)


@pytest.mark.parametrize(
    ("names", "value"),
    [
        (("1y return", "3y return", "5y return"), "return"),
        (("return_1m", "return_6m", "return_12m"), "return"),
        (("1Y Return (%)", "3Y Return (%)", "10Y Return (%)"), "Return (%)"),
        (("Rendite 1 Jahr", "Rendite 3 Jahre", "Rendite 5 Jahre"), "Rendite"),
        (("Perf 1 mois", "Perf 6 mois", "Perf 1 an"), "Perf"),
        (("price_change_24h", "price_change_7d", "price_change_30d"), "price change"),
        (("1 Mo", "6 Mo", "2 Yr", "10 Yr"), ""),
    ],
    ids=str,
)
def test_spans_of_time_are_read_with_their_units(names: tuple[str, ...], value: str) -> None:
    (found,) = horizons(("name", *names, "size"))
    assert (found.names, found.value) == (names, value)


@pytest.mark.parametrize(
    "names",
    [
        ("wind_2m", "wind_10m", "wind_80m"),
        ("t2m", "d2m", "u10m"),
        ("score_1", "score_2", "score_3"),
        ("1y return", "3y return"),
        ("phase 1a", "phase 2a", "phase 3a"),
    ],
    ids=str,
)
def test_other_numbers_are_no_spans_of_time(names: tuple[str, ...]) -> None:
    assert not list(horizons(names))


@pytest.mark.parametrize(
    "spans", [("1m", "6m", "1y", "10y"), ("1 Jahr", "3 Jahre", "10 Jahre"), ("5m", "15m", "1h")]
)
def test_spans_are_in_order_whatever_their_units(spans: tuple[str, ...]) -> None:
    shuffled = [spans[at] for at in (2, 0, *range(3, len(spans)), 1)]
    table = {f"return {span}": _RNG.normal(5, 3, 20) for span in shuffled}
    profile = profile_of(pd.DataFrame({"fund": [f"fund {i}" for i in range(20)]} | table))
    (fold,) = profile.folds
    assert (fold.key, fold.value) == ("period", "return")
    assert profile.column("period").semantic == "ordinal"
    assert order_of(fold.labels) == ("steps", spans)


def test_the_code_of_a_fund_is_no_name_beside_its_name() -> None:
    names = [f"fund {i} of the world" for i in range(20)]
    codes = [f"IE00B{i * 7919 + 1000000}" for i in range(20)]
    profile = profile_of(
        pd.DataFrame({"ISIN": codes, "name": names, "TER": _RNG.uniform(0, 1, 20)})
    )
    assert profile.column("ISIN").identifier
    assert profile.named == "name"
