"""A raw table's list ends where only other forms of what it shows are left."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.design import Design, Intent
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.rank import says_nothing
from vizmodel.ranking.worn import Worn
from vizmodel.recommend import recommend

_RNG = np.random.default_rng(8)
N = 300


def _raw() -> Profile:
    kinds = _RNG.choice(["tea", "cake", "bread"], N, p=[0.5, 0.3, 0.2])
    size = _RNG.lognormal(1, 0.4, N)
    return profile_table(
        pa.table(
            {
                "kind": kinds,
                "town": _RNG.choice(["Rome", "Oslo", "Lima", "Bonn"], N, p=[0.4, 0.3, 0.2, 0.1]),
                "size": size,
                "price": 2 * size + _RNG.normal(0, 0.3, N) + (kinds == "cake"),
                "noise": _RNG.normal(0, 1, N),
                "client": [f"client {code}" for code in _RNG.integers(0, 40, N)],
                "sold": [datetime(2024, 1, 1) + timedelta(hours=int(h)) for h in range(N)],
            }
        )
    )


RAW = _raw()


def _after(shown: tuple[str, ...], later: str) -> bool:
    """Whether a chart is worn out once others are shown."""
    designs = [design_of(text, RAW) for text in (*shown, later)]
    histograms = [d.mark == "bar" and any(e.bin for e in d.encodings) for d in designs]
    worn = Worn(designs, histograms, [False] * len(designs))
    for place in range(len(shown)):
        worn.add(place)
    return bool(worn.flags[-1])


SCATTER = "point x=size:value y=price:value"
BOXES = "boxplot x=kind:category y=price:value"
HISTOGRAM = "bar x=size:bin y=*:count"
LINE = "line x=sold:yearmonthdate y=*:count"


@pytest.mark.parametrize(
    ("shown", "later"),
    [
        ((HISTOGRAM,), "bar x=size:bin y=*:count"),
        ((LINE,), "area x=sold:yearmonthdate y=*:count"),
        (("bar x=kind:category y=*:count",), "arc theta=*:count color=kind:category"),
        ((BOXES,), "bar x=kind:category y=price:mean"),
        ((SCATTER,), "rect x=size:bin y=price:bin color=*:count"),
        ((f"{SCATTER} color=kind:category",), SCATTER),
        ((LINE,), "bar x=sold:yearmonthdate y=*:count"),
        ((SCATTER,), f"{SCATTER} color=kind:category size=noise:value"),
        (
            ("bar x=kind:category y=client:distinct",),
            "bar x=town:category y=client:distinct",
        ),
    ],
)
def test_what_says_no_more_in_another_form_is_worn(shown: tuple[str, ...], later: str) -> None:
    assert _after(shown, later)


@pytest.mark.parametrize(
    ("shown", "later"),
    [
        ((SCATTER,), f"{SCATTER} color=kind:category"),
        ((f"{SCATTER} color=kind:category",), "point x=size:value y=noise:value"),
        ((BOXES,), "bar x=kind:category y=*:count"),
        ((LINE,), "bar x=kind:category y=*:count"),
    ],
)
def test_what_says_more_is_not(shown: tuple[str, ...], later: str) -> None:
    assert not _after(shown, later)


def test_dots_and_boxes_of_a_column_stand_back_behind_its_histogram() -> None:
    for strip in ("tick", "boxplot"):
        designs = [design_of(text, RAW) for text in (f"{strip} x=size:value", HISTOGRAM)]
        assert Worn(designs, [False, True], [False] * 2).flags.tolist() == [True, False]
        assert not Worn(designs[:1], [False], [False]).flags.any()


def _fields(designs: list[Design]) -> list[frozenset[str]]:
    return [frozenset(design.fields) for design in designs]


def test_a_list_shows_no_columns_three_times() -> None:
    shown = _fields([ranked.design for ranked in recommend(RAW, 15)])
    assert len(shown) > 8
    assert max(shown.count(columns) for columns in shown) <= 2


def test_a_list_of_two_columns_ends_early() -> None:
    sizes = _RNG.normal(70, 14, N)
    table = pa.table({"wait": sizes, "length": sizes / 20 + _RNG.normal(0, 0.4, N)})
    assert 3 <= len(recommend(profile_table(table), 15)) <= 6


def test_who_asks_for_columns_gets_all_their_forms() -> None:
    found = recommend(RAW, 15, Intent(columns=("size", "price")))
    shown = _fields([ranked.design for ranked in found])
    assert len(shown) == 15
    assert all({"size", "price"} <= columns for columns in shown)


def test_columns_without_a_relation_are_not_related() -> None:
    scatter = design_of("point x=noise:value y=size:value", RAW)
    assert says_nothing(scatter, RAW)
    assert not says_nothing(design_of(SCATTER, RAW), RAW)
    waves = {"day": [datetime(2024, 1, 1) + timedelta(days=d) for d in range(N)]}
    waves |= {"wave": np.sin(np.arange(N) / 9).tolist(), "noise": _RNG.normal(0, 1, N).tolist()}
    course = profile_table(pa.table({**waves, "kind": ["tea", "cake"] * (N // 2)}))
    in_time = design_of("line x=day:value y=wave:value", course)
    assert not says_nothing(in_time, course), "what has no rank correlation may have a course"
    assert scatter.identity() not in {r.design.identity() for r in recommend(RAW, 15)}
