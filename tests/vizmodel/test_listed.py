"""The order in which a table lists labels throughout is theirs, where it is somebody's choice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table

CLASSES = ["upper", "middling", "lower", "none"]


def listed(column: str, **columns: Any) -> tuple[str, ...]:
    return profile_table(pa.table(columns)).column(column).listed


def test_labels_listed_again_and_again_in_one_order_have_it() -> None:
    rounds = {"ward": [w for w in "abcdef" for _ in CLASSES], "size": list(range(24))}
    assert listed("class", **{"class": CLASSES * 6}, **rounds) == tuple(CLASSES)


@pytest.mark.parametrize(
    "labels",
    [
        sorted(CLASSES) * 6,
        (CLASSES + CLASSES[::-1]) * 3,
        CLASSES * 5 + ["upper", "lower", "middling", "none"],
        CLASSES * 5 + ["upper", "middling", "lower", None],
        [name for name in CLASSES for _ in range(6)],
        ["b", "a"] * 12,
    ],
    ids=["alphabet", "to and fro", "two orders", "gaps", "once", "two labels"],
)
def test_other_labels_have_none(labels: list[str]) -> None:
    assert listed("class", **{"class": labels}, size=list(range(24))) == ()


def test_what_comes_again_with_time_is_whoever_was_recorded() -> None:
    years = [year for year in range(2000, 2006) for _ in CLASSES]
    assert listed("city", city=["Rome", "Oslo", "Bern", "Kyiv"] * 6, year=years) == ()


def test_two_columns_of_the_same_labels_have_one_order() -> None:
    table = {
        "father": [name for name in CLASSES for _ in CLASSES],
        "son": CLASSES * 4,
        "freq": [9, 4, 2, 1, 5, 8, 4, 2, 1, 5, 9, 3, 2, 2, 4, 7],
    }
    assert listed("father", **table) == listed("son", **table) == tuple(CLASSES)


def test_a_profile_keeps_the_order() -> None:
    profile = profile_table(pa.table({"answer": ["Yes", "No"] * 5, "n": list(range(10))}))
    assert profile.column("answer").listed == ("No", "Yes")
    assert Profile.from_dict(profile.to_dict()).column("answer").listed == ("No", "Yes")


@pytest.mark.parametrize(
    ("name", "letters", "wanted"),
    [
        ("sub_grade", ["B2", "A1", "C3", "A2"], ("A1", "A2", "B2", "C3")),
        ("Rating", ["C", "A", "B"], ("A", "B", "C")),
        ("color", ["J", "D", "F", "E", "G", "I", "H"], tuple("DEFGHIJ")),
        ("site", ["C", "A", "B"], ()),
        ("spray", ["F", "A", "B", "D", "C", "E"], ()),
    ],
)
def test_letters_are_listed_by_the_alphabet_where_they_are_grades(
    name: str, letters: list[str], wanted: tuple[str, ...]
) -> None:
    order = np.random.default_rng(3).permutation(np.repeat(letters, 9)).tolist()
    assert listed(name, **{name: order}, size=list(range(len(order)))) == wanted
