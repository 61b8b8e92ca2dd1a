"""Owns that a column with values in one group only is not split by that group."""

from __future__ import annotations

import pyarrow as pa

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

N_ROWS = 120
MEALS = ("bottle", "solid", "breast")


def diary(filled: str = "bottle") -> Profile:
    meals = [MEALS[i % 3] for i in range(N_ROWS)]
    return profile_table(
        pa.table(
            {
                "meal": meals,
                "ml": [80 + i * 7 % 60 if meals[i] in filled else None for i in range(N_ROWS)],
                "minutes": [5 + i * 11 % 37 + 9 * (i % 3) for i in range(N_ROWS)],
                "by": ["mother", "father"][0:1] * 40 + ["father"] * 80,
            }
        )
    )


def test_a_column_with_values_in_one_group_belongs_to_it() -> None:
    assert frozenset(("meal", "ml")) in diary().copies
    assert frozenset(("by", "ml")) not in diary().copies


def test_one_with_values_in_two_groups_does_not() -> None:
    assert diary("bottle solid").copies == frozenset()


def test_no_chart_splits_it_by_the_group() -> None:
    shown = [set(one.design.fields) for one in recommend(diary(), 30)]
    assert any("ml" in fields for fields in shown)
    assert not [fields for fields in shown if {"meal", "ml"} <= fields]
